//! What a value tells of itself, so that nobody has to type it.
//!
//! None of it is secret. All of it was written by others: it is cleaned before it is shown.

use keyturn_model::{Kind, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Fields, LONGEST_TEXT, jwt, private, ssh, x509};

/// The most characters of a fact.
const LONGEST: usize = 1000;

/// What was read out of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// From when on it is not accepted any more.
    pub expires: Option<Timestamp>,
    /// From when on the access token beside it is not accepted any more. The value outlives many of them.
    pub token_expires: Option<Timestamp>,
    /// When it was issued, or from when on it is accepted.
    pub issued_at: Option<Timestamp>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Whom or what it names.
    pub subject: Option<String>,
    /// The other names of a certificate.
    pub names: Vec<String>,
    /// By what the issuer knows it.
    pub key_id: Option<String>,
    /// SHA-256 of the key (SSH, `SHA256:…`) or of the certificate (X.509, `0A:FF:…`).
    pub fingerprint: Option<String>,
    /// What it is used with, as in `RSA 2048`, `EC P-256`, `Ed25519`, `HS256`.
    pub algorithm: Option<String>,
    /// The number of a certificate at its issuer.
    pub serial: Option<String>,
    /// Whether the private key opens with a pass phrase only.
    pub encrypted: bool,
}

/// What the fields of a credential of this kind tell.
#[must_use]
pub fn facts(kind: Kind, fields: &Fields<'_>) -> Facts {
    let value = fields.get(kind.value()).filter(|text| text.len() <= LONGEST_TEXT);
    let mut facts = match kind {
        Kind::Certificate => certificate(fields),
        Kind::SshKey => ssh::facts(value, fields.get("publicKey")),
        _ => value.and_then(jwt::read).map(|token| token.facts()).unwrap_or_default(),
    };
    // What a person typed counts more than what stands in a token.
    let typed = match kind {
        Kind::ApiKey | Kind::CloudKey | Kind::SigningKey => fields.get("keyId"),
        Kind::OauthClient => fields.get("clientId"),
        _ => None,
    };
    facts.key_id = typed.map(shown).or(facts.key_id);
    match kind {
        Kind::CloudKey => {
            if let Some(account) = value.and_then(service_account) {
                facts.key_id = account.key_id;
                facts.subject = account.name;
                facts.issuer = Some("Google Cloud".to_owned());
            }
        }
        Kind::SigningKey if facts.algorithm.is_none() => {
            if let Some(key) = value.and_then(private::read) {
                facts.algorithm = key.algorithm;
                facts.encrypted = key.encrypted;
            }
        }
        Kind::OauthClient => {
            let token = fields.get("accessToken").and_then(jwt::read);
            facts.token_expires = token.and_then(|token| token.facts().expires);
        }
        _ => {}
    }
    facts
}

fn certificate(fields: &Fields<'_>) -> Facts {
    let text = |name| fields.get(name).filter(|text| text.len() <= LONGEST_TEXT);
    let key = text("privateKey").and_then(private::read);
    let public = key.as_ref().and_then(|key| key.public.as_ref());
    let chain = text("chain").and_then(|chain| x509::read(chain, public).ok());
    let facts = chain.map(|chain| chain.facts()).unwrap_or_default();
    Facts { encrypted: key.is_some_and(|key| key.encrypted), ..facts }
}

/// What the key file of a service account of Google Cloud says in the open.
pub(crate) struct ServiceAccount {
    pub(crate) key_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) project: Option<String>,
}

/// `text` as such a key file.
pub(crate) fn service_account(text: &str) -> Option<ServiceAccount> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let file: Map<String, Value> = serde_json::from_str(text).ok()?;
    if file.get("type")?.as_str()? != "service_account" {
        return None;
    }
    let part = |name: &str| file.get(name).and_then(Value::as_str).map(shown);
    Some(ServiceAccount {
        key_id: part("private_key_id"),
        name: part("client_email"),
        project: part("project_id"),
    })
}

/// `text` in one line, not endless, without characters that cannot be seen or that change the
/// direction of writing.
pub(crate) fn shown(text: &str) -> String {
    let seen = |c: &char| !c.is_control() && !unseen(*c);
    let clean: String = text.chars().filter(seen).take(LONGEST).collect();
    clean.trim().to_owned()
}

/// Whether a character has no width or changes the direction of writing. The two that join and part
/// letters are not among them: some scripts need them.
pub(crate) fn unseen(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{three, token};

    #[test]
    fn a_certificate_tells_of_its_leaf_in_whatever_order_it_was_pasted() {
        let (root, middle, leaf) = three();
        for order in [[&leaf, &middle, &root], [&root, &middle, &leaf], [&middle, &leaf, &root]] {
            let chain = order.map(|holder| holder.pem()).join("\nwords between\n");
            let facts =
                facts(Kind::Certificate, &[("chain", chain.as_str())].into_iter().collect());
            assert_eq!(facts.expires, Some(Timestamp(1_800_000_000_000)));
            assert_eq!(facts.issued_at, Some(Timestamp(1_700_000_000_000)));
            assert_eq!(facts.subject.as_deref(), Some("CN=api.example.com"));
            assert_eq!(facts.issuer.as_deref(), Some("CN=fixture middle,O=Fixture Trust"));
            assert_eq!(facts.names, ["api.example.com", "192.0.2.7"]);
            assert_eq!(facts.algorithm.as_deref(), Some("EC P-256"));
            assert_eq!(facts.serial.as_deref(), Some("0A:03"));
            assert_eq!(facts.fingerprint.map(|f| f.len()), Some(32 * 3 - 1));
        }
    }

    #[test]
    fn a_token_is_read_in_every_kind_whose_value_it_is() {
        let token = token(r#"{"alg":"HS256","kid":"a"}"#, r#"{"exp":1800000000}"#);
        for kind in Kind::ALL {
            let facts = facts(kind, &[(kind.value(), token.as_str())].into_iter().collect());
            let expected = !matches!(kind, Kind::Certificate | Kind::SshKey);
            assert_eq!(facts.expires.is_some(), expected, "{kind:?}");
        }
    }

    #[test]
    fn an_access_token_tells_its_own_end_and_not_that_of_its_client() {
        let token = token(r#"{"alg":"HS256"}"#, r#"{"exp":1800000000}"#);
        let fields = [("clientSecret", "fixture"), ("accessToken", token.as_str())];
        let facts = facts(Kind::OauthClient, &fields.into_iter().collect());
        assert_eq!(facts.token_expires, Some(Timestamp(1_800_000_000_000)));
        assert_eq!(facts.expires, None);
    }

    #[test]
    fn a_google_key_file_tells_its_id_and_its_account() {
        let file =
            r#"{"type":"service_account","private_key_id":"fixture1","client_email":"ci@p.iam"}"#;
        let fields = [("secret", file), ("keyId", "typed")].into_iter().collect();
        let facts = facts(Kind::CloudKey, &fields);
        assert_eq!(facts.key_id.as_deref(), Some("fixture1"));
        assert_eq!(facts.subject.as_deref(), Some("ci@p.iam"));
    }

    #[test]
    fn an_id_beside_the_value_is_the_key_id() {
        let fields = [("keyId", "AKIAFIXTURE"), ("secret", "x")].into_iter().collect();
        assert_eq!(facts(Kind::CloudKey, &fields).key_id.as_deref(), Some("AKIAFIXTURE"));
    }

    #[test]
    fn what_is_shown_has_no_hidden_characters_and_an_end() {
        assert_eq!(shown(" a\u{202E}b\nc "), "abc");
        assert_eq!(shown(&"x".repeat(100_000)).len(), LONGEST);
    }
}
