//! What is wrong with a form, field by field, before anything is kept.
//!
//! A fault says where and why, never what stood there: it goes to the window.

use keyturn_model::{Field, Kind, Shape};
use serde::Serialize;
use ts_rs::TS;

use crate::{
    Fields, LONGEST_LINE, LONGEST_TEXT, address, facts::unseen, private, public::Public, ssh, x509,
};

/// More of the name of an unknown field is not repeated.
const LONGEST_NAME: usize = 64;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub why: Why,
}

/// Why a field cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum Why {
    /// The kind has no such field.
    Unknown,
    /// It has to be there.
    Missing,
    /// It is longer than that.
    TooLong {
        /// The most bytes.
        most: usize,
    },
    /// There are more certificates than that.
    TooMany {
        /// The most certificates.
        most: usize,
    },
    /// It goes over more than one line.
    NotOneLine,
    /// It holds characters that cannot be seen.
    ControlCharacters,
    /// It is not an address with its scheme and a host.
    NotAnAddress,
    /// It is not the name or number of a computer.
    NotAHost,
    /// It is not a number from 1 to 65,535.
    NotAPort,
    /// It is none of the words that the field knows.
    NotOneOf,
    /// A secret stands in a field that is shown: a private key among the certificates, or a
    /// password in an address.
    SecretInTheOpen,
    /// It is not made of certificates that can be read.
    NotACertificate,
    /// It is not a private key that can be read.
    NotAPrivateKey,
    /// The private key does not belong to the certificate.
    KeyDoesNotFit,
    /// There are more certificates, but none of them issued this one.
    ChainBroken {
        /// Its place as it was pasted, counted from 1.
        at: usize,
    },
    /// It is not the public half of an SSH key.
    NotASshKey,
    /// It is not a public key that can be read.
    NotAPublicKey,
    /// The public key does not belong to the private one.
    PublicKeyDoesNotFit,
}

/// Everything that is wrong, one fault a field, in the order of the form.
#[must_use]
pub fn check(kind: Kind, fields: &Fields<'_>) -> Vec<Fault> {
    let key = private_key(kind, fields);
    let mut faults: Vec<Fault> = Vec::new();
    for field in kind.fields() {
        let why = match fields.get(field.name) {
            None => is_needed(kind, field, fields).then_some(Why::Missing),
            Some(text) => written(field, text).or_else(|| {
                let key = key.as_ref();
                meaning(field.shape, text, key)
            }),
        };
        faults.extend(why.map(|why| Fault { field: field.name.to_owned(), why }));
    }
    if let Some(why) = key.as_ref().and_then(|key| fit(kind, fields, key)) {
        let (field, why) = why;
        if faults.iter().all(|fault| fault.field != field) {
            faults.push(Fault { field: field.to_owned(), why });
        }
    }
    let place = |fault: &Fault| kind.fields().iter().position(|field| field.name == fault.field);
    faults.sort_by_key(place);
    let unknown = fields.names().filter(|name| kind.field(name).is_none());
    faults.extend(
        unknown.map(|name| Fault {
            field: name.chars().take(LONGEST_NAME).collect(),
            why: Why::Unknown,
        }),
    );
    faults
}

/// Whether it has to be there. A Redis without users knows a password alone.
fn is_needed(kind: Kind, field: &Field, fields: &Fields<'_>) -> bool {
    let alone = kind == Kind::DatabaseLogin && fields.get("engine") == Some("redis");
    field.needed && !(alone && field.name == "user")
}

/// The public half of the private key in the form; what signs may be one.
fn private_key(kind: Kind, fields: &Fields<'_>) -> Option<Public> {
    let may_be = |field: &&Field| field.shape == Shape::PrivateKey || kind == Kind::SigningKey;
    let field = kind.fields().iter().find(may_be)?;
    let text = fields.get(field.name).filter(|text| text.len() <= LONGEST_TEXT)?;
    private::read(text)?.public
}

/// Length and characters.
fn written(field: &Field, text: &str) -> Option<Why> {
    let lines = matches!(
        field.shape,
        Shape::Text | Shape::Certificates | Shape::PrivateKey | Shape::PublicKey
    );
    let most = if lines { LONGEST_TEXT } else { LONGEST_LINE };
    if text.len() > most {
        return Some(Why::TooLong { most });
    }
    let line_end = |c: char| matches!(c, '\n' | '\r');
    // A line end at the end of a public key comes with the file that it was copied from.
    let line = if field.shape == Shape::SshPublicKey { text.trim_end() } else { text };
    if !lines && field.shape != Shape::Words && line.contains(line_end) {
        return Some(Why::NotOneLine);
    }
    let several = lines || matches!(field.shape, Shape::Words | Shape::SshPublicKey);
    let allowed = |c: char| several && (line_end(c) || c == '\t');
    // In a line they come from the page that it was copied from, and nobody finds them.
    let hidden = |c: char| (c.is_control() && !allowed(c)) || (!lines && unseen(c));
    text.contains(hidden).then_some(Why::ControlCharacters)
}

/// What the text stands for.
fn meaning(shape: Shape, text: &str, key: Option<&Public>) -> Option<Why> {
    match shape {
        Shape::Line | Shape::Text | Shape::Words => None,
        Shape::Address => address::fault(text),
        Shape::Host => (!address::is_host(text)).then_some(Why::NotAHost),
        Shape::Port => (!address::is_port(text)).then_some(Why::NotAPort),
        Shape::OneOf(words) => (!words.contains(&text)).then_some(Why::NotOneOf),
        Shape::Certificates => match x509::read(text, key) {
            Ok(chain) => chain.broken.map(|at| Why::ChainBroken { at }),
            Err(why) => Some(why),
        },
        Shape::PrivateKey => private::read(text).is_none().then_some(Why::NotAPrivateKey),
        Shape::SshPublicKey => ssh::public_key(text).is_none().then_some(Why::NotASshKey),
        Shape::PublicKey if private::read(text).is_some() => Some(Why::SecretInTheOpen),
        Shape::PublicKey => Public::of_pem(text).is_none().then_some(Why::NotAPublicKey),
    }
}

/// Whether the other half belongs to the private key.
fn fit(kind: Kind, fields: &Fields<'_>, key: &Public) -> Option<(&'static str, Why)> {
    match kind {
        Kind::Certificate => {
            let chain = fields.get("chain").filter(|text| text.len() <= LONGEST_TEXT)?;
            let fits = x509::read(chain, Some(key)).ok()?.fits(key)?;
            (!fits).then_some(("privateKey", Why::KeyDoesNotFit))
        }
        Kind::SshKey => {
            let line = fields.get("publicKey").filter(|text| text.len() <= LONGEST_LINE)?;
            let public = ssh::public_key(line)?;
            let fits = Public::of_ssh(public.key_data()).as_ref() == Some(key);
            (!fits).then_some(("publicKey", Why::PublicKeyDoesNotFit))
        }
        Kind::SigningKey => {
            let text = fields.get("publicKey").filter(|text| text.len() <= LONGEST_TEXT)?;
            let fits = Public::of_pem(text)? == *key;
            (!fits).then_some(("publicKey", Why::PublicKeyDoesNotFit))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MOST_CERTIFICATES,
        testing::{Holder, three},
    };

    fn whys(kind: Kind, fields: &[(&str, &str)]) -> Vec<(String, Why)> {
        let faults = check(kind, &fields.iter().copied().collect());
        faults.into_iter().map(|fault| (fault.field, fault.why)).collect()
    }

    fn one(field: &str, why: Why) -> Vec<(String, Why)> {
        vec![(field.to_owned(), why)]
    }

    #[test]
    fn an_empty_form_lacks_what_is_needed_in_the_order_of_the_form() {
        for kind in Kind::ALL {
            let needed = kind.fields().iter().filter(|field| field.needed);
            let expected: Vec<_> =
                needed.map(|field| (field.name.to_owned(), Why::Missing)).collect();
            assert_eq!(whys(kind, &[]), expected);
        }
    }

    #[test]
    fn a_field_that_the_kind_does_not_have_is_a_fault() {
        let found = whys(Kind::Secret, &[("value", "x"), ("colour", "red")]);
        assert_eq!(found, one("colour", Why::Unknown));
    }

    #[test]
    fn lines_are_one_line_without_hidden_characters_and_not_endless() {
        let why = |text: &str| whys(Kind::ApiKey, &[("secret", text)]);
        assert_eq!(why("fixture"), []);
        assert_eq!(why("a\nb"), one("secret", Why::NotOneLine));
        for text in ["a\u{0}b", "a\tb", "ab\u{200B}", "\u{FEFF}ab"] {
            assert_eq!(why(text), one("secret", Why::ControlCharacters));
        }
        assert_eq!(why(&"x".repeat(8192)), []);
        assert_eq!(why(&"x".repeat(8193)), one("secret", Why::TooLong { most: 8192 }));
        let text = "x\n".repeat(128 * 1024);
        assert_eq!(whys(Kind::Secret, &[("value", &text)]), []);
        let longer = format!("{text}x");
        let most = LONGEST_TEXT;
        assert_eq!(whys(Kind::Secret, &[("value", &longer)]), one("value", Why::TooLong { most }));
    }

    #[test]
    fn a_database_login_names_an_engine_a_host_and_a_port() {
        let with = |name: &'static str, text: &'static str| {
            let mut fields = vec![("engine", "mysql"), ("user", "app"), ("password", "fixture")];
            fields.retain(|field| field.0 != name);
            fields.push((name, text));
            whys(Kind::DatabaseLogin, &fields)
        };
        assert_eq!(with("engine", "oracle"), one("engine", Why::NotOneOf));
        assert_eq!(with("host", "db.example.com"), []);
        assert_eq!(with("host", "db host"), one("host", Why::NotAHost));
        assert_eq!(with("port", "3306"), []);
        assert_eq!(with("port", "0"), one("port", Why::NotAPort));
        assert_eq!(with("tls", "verified"), []);
        assert_eq!(with("user", ""), one("user", Why::Missing));
        let redis = [("engine", "redis"), ("password", "fixture")];
        assert_eq!(whys(Kind::DatabaseLogin, &redis), []);
    }

    #[test]
    fn an_address_has_a_scheme_and_no_password() {
        let with = |text: &str| whys(Kind::WebhookSecret, &[("secret", "x"), ("endpoint", text)]);
        assert_eq!(with("https://example.com/hook?a=1"), []);
        assert_eq!(with("example.com"), one("endpoint", Why::NotAnAddress));
        assert_eq!(with("https://a:fixture@example.com"), one("endpoint", Why::SecretInTheOpen));
    }

    #[test]
    fn a_chain_and_its_key_belong_together_in_whatever_order() {
        let (root, middle, leaf) = three();
        let key = leaf.key_pem();
        for order in [[&leaf, &middle, &root], [&root, &leaf, &middle]] {
            let chain = order.map(Holder::pem).concat();
            assert_eq!(whys(Kind::Certificate, &[("chain", &chain), ("privateKey", &key)]), []);
        }
        let chain = [&leaf, &middle].map(Holder::pem).concat();
        let other = root.key_pem();
        let found = whys(Kind::Certificate, &[("chain", &chain), ("privateKey", &other)]);
        assert_eq!(found, one("privateKey", Why::KeyDoesNotFit));
    }

    #[test]
    fn a_chain_with_a_gap_says_after_which_certificate() {
        let (root, _, leaf) = three();
        let key = leaf.key_pem();
        let chain = [&root, &leaf].map(Holder::pem).concat();
        let found = whys(Kind::Certificate, &[("chain", &chain), ("privateKey", &key)]);
        assert_eq!(found, one("chain", Why::ChainBroken { at: 2 }));
    }

    #[test]
    fn an_issuer_of_the_right_name_with_the_wrong_key_breaks_the_chain() {
        let (root, _, leaf) = three();
        let false_middle = Holder::new("CN=fixture middle,O=Fixture Trust", 9, Some(&root), true);
        let chain = [&leaf, &false_middle].map(Holder::pem).concat();
        let found = whys(Kind::Certificate, &[("chain", &chain), ("privateKey", &leaf.key_pem())]);
        assert_eq!(found, one("chain", Why::ChainBroken { at: 1 }));
    }

    #[test]
    fn what_is_no_certificate_or_no_key_is_told_at_its_field() {
        let (_, _, leaf) = three();
        let (pem, key) = (leaf.pem(), leaf.key_pem());
        let cut = pem.replacen("MI", "", 1);
        let with = |chain: &str, key: &str| {
            whys(Kind::Certificate, &[("chain", chain), ("privateKey", key)])
        };
        assert_eq!(with(&cut, &key), one("chain", Why::NotACertificate));
        assert_eq!(with("hello", &key), one("chain", Why::NotACertificate));
        assert_eq!(with(&pem, &pem), one("privateKey", Why::NotAPrivateKey));
        assert_eq!(with(&format!("{pem}{key}"), &key), one("chain", Why::SecretInTheOpen));
        let many = pem.repeat(MOST_CERTIFICATES + 1);
        let most = MOST_CERTIFICATES;
        assert_eq!(with(&many, &key), one("chain", Why::TooMany { most }));
    }

    #[test]
    fn a_fault_crosses_to_the_window_with_its_reason() {
        let fault = Fault { field: "chain".into(), why: Why::ChainBroken { at: 2 } };
        let text = serde_json::to_string(&fault).unwrap();
        assert_eq!(text, r#"{"field":"chain","why":{"is":"chainBroken","at":2}}"#);
    }
}
