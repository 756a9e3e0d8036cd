//! One line: a value alone, or with the name of the variable that it stands in.

use keyturn_model::Kind;

use super::{Recognised, database, environment, known};
use crate::{LONGEST_LINE, LONGEST_TEXT, facts::shown, jwt, ssh};

/// A value that stands in a variable and has no shape of its own is taken from this length on.
const SHORTEST_UNKNOWN: usize = 8;

pub(super) fn recognise(text: &str) -> Option<Recognised> {
    if text.contains(['\n', '\r']) || text.len() > LONGEST_TEXT {
        return None;
    }
    let text = bearer(text);
    alone(text, None).or_else(|| in_variable(text))
}

/// Without what a header puts before a token.
fn bearer(text: &str) -> &str {
    let value = after(text, "authorization:");
    let token = value.and_then(|value| after(value, "bearer ").or_else(|| after(value, "token ")));
    token.or(value).or_else(|| after(text, "bearer ")).unwrap_or(text)
}

/// What comes after `beginning`, in whatever letters it is written.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then(|| rest.trim_start())
}

pub(super) fn alone(value: &str, variable: Option<&str>) -> Option<Recognised> {
    if let Some(token) = jwt::read(value) {
        let issuer = token.claim("iss").unwrap_or_default();
        let host = issuer.split("://").last().unwrap_or_default().split('/').next();
        let host = host.unwrap_or_default();
        let subject = token.claim("sub").unwrap_or_default();
        let name = if host.is_empty() { "JWT".to_owned() } else { format!("{host} token") };
        let found = Recognised::new(Kind::ServiceToken).named(&name).issued_by(host);
        return Some(found.with("token", value).with("account", &subject));
    }
    if value.len() > LONGEST_LINE {
        return None;
    }
    if let Some(key) = ssh::public_key(value) {
        let name = if key.comment().is_empty() { "SSH key" } else { key.comment() };
        return Some(Recognised::new(Kind::SshKey).named(name).with("publicKey", value));
    }
    database::recognise(value).or_else(|| azure(value)).or_else(|| known::find(value, variable))
}

/// `AccountName=…;AccountKey=…`, as Azure's storage has it, and the like of its other services.
fn azure(text: &str) -> Option<Recognised> {
    let part = |name: &str| {
        text.split(';').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
        })
    };
    let found = Recognised::new(Kind::CloudKey).issued_by("Azure");
    if let (Some(account), Some(key)) = (part("AccountName"), part("AccountKey")) {
        return Some(
            found
                .named(&format!("Azure storage {account}"))
                .with("provider", "azure")
                .with("keyId", account)
                .with("secret", key)
                .with("account", account),
        );
    }
    let (id, key) = (part("SharedAccessKeyName")?, part("SharedAccessKey")?);
    let endpoint = part("Endpoint").unwrap_or_default();
    let host = endpoint.split("://").last().unwrap_or_default().trim_end_matches('/');
    let found = found.named(&format!("Azure {id}")).with("provider", "azure").with("keyId", id);
    Some(found.with("secret", key).with("account", host))
}

/// `KEY=value`, as shells and `.env` files have it, or `key: value`, as YAML and JSON do.
fn in_variable(text: &str) -> Option<Recognised> {
    let mut line = text;
    for before in ["export ", "set ", "setx ", "ENV ", "$env:", "- "] {
        line = line.strip_prefix(before).unwrap_or(line).trim_start();
    }
    let (name, value) = match (line.find('='), line.find(": ")) {
        (Some(sign), Some(colon)) if colon < sign => line.split_once(": ")?,
        (Some(_), _) => line.split_once('=')?,
        (None, _) => line.split_once(": ")?,
    };
    let name = name.trim().trim_matches('"');
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts || name.len() > 100 || !name.chars().all(allowed) {
        return None;
    }
    let value = unquoted(value.trim());
    let found = alone(value, Some(name)).or_else(|| by_name_alone(name, value))?;
    let environment = found.environment.or_else(|| environment(name));
    Some(found.named(name).within(environment))
}

/// Without the quotes around it, and what ends a statement after them. Without quotes such an end
/// may be a part of the value.
fn unquoted(value: &str) -> &str {
    let statement = value.trim_end_matches([';', ',']).trim_end();
    let inside = |quote| statement.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// What the name of a variable alone tells of its value.
fn by_name_alone(name: &str, value: &str) -> Option<Recognised> {
    let placeholder = value.starts_with(['$', '<', '{']) || value.contains(char::is_whitespace);
    if value.len() < SHORTEST_UNKNOWN || placeholder || value.contains(char::is_control) {
        return None;
    }
    let kind = kind_by_name(name)?;
    Some(Recognised::new(kind).with(kind.value(), value))
}

/// The kind that a name speaks of.
pub(super) fn kind_by_name(name: &str) -> Option<Kind> {
    let upper = shown(name).to_ascii_uppercase();
    let any = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if any(&["WEBHOOK", "WHSEC"]) && any(&["SECRET", "KEY"]) {
        Some(Kind::WebhookSecret)
    } else if any(&["JWT", "HMAC", "SIGNING", "SECRET_KEY_BASE"]) {
        Some(Kind::SigningKey)
    } else if any(&["CLIENT_SECRET"]) {
        Some(Kind::OauthClient)
    } else if any(&["API_KEY", "APIKEY", "ACCESS_KEY", "TOKEN"]) {
        Some(Kind::ApiKey)
    } else if any(&["SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PRIVATE", "CREDENTIAL", "_KEY"])
    {
        Some(Kind::Secret)
    } else {
        None
    }
}
