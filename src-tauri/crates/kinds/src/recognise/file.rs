//! Files and answers that hold a pair: JSON of the clouds, AWS's credentials and CSV.

use keyturn_model::Kind;
use serde_json::{Map, Value};

use super::Recognised;
use crate::facts::service_account;

/// What a file of JSON holds.
pub(super) fn recognise(text: &str) -> Option<Recognised> {
    if !text.starts_with('{') {
        return None;
    }
    if let Some(account) = service_account(text) {
        let name = account.name.unwrap_or_default();
        let found = Recognised::new(Kind::CloudKey)
            .named(if name.is_empty() { "Google service account" } else { &name })
            .issued_by("Google Cloud")
            .within(super::environment(&account.project.unwrap_or_default()));
        let found = found.with("provider", "google");
        let found = found.with("keyId", &account.key_id.unwrap_or_default());
        return Some(found.with("secret", text).with("account", &name));
    }
    let file: Map<String, Value> = serde_json::from_str(text).ok()?;
    google_client(&file).or_else(|| azure_principal(&file))
}

/// A client of Google's OAuth, as its console lets it be downloaded.
fn google_client(file: &Map<String, Value>) -> Option<Recognised> {
    let client = file.get("web").or_else(|| file.get("installed"))?;
    let part = |name: &str| client.get(name).and_then(Value::as_str).unwrap_or_default();
    if part("client_id").is_empty() {
        return None;
    }
    let found = Recognised::new(Kind::OauthClient).named("Google OAuth client");
    let found = found.issued_by("Google").with("clientId", part("client_id"));
    Some(found.with("clientSecret", part("client_secret")).with("tokenAddress", part("token_uri")))
}

/// A service principal, as `az ad sp create-for-rbac` prints it.
fn azure_principal(file: &Map<String, Value>) -> Option<Recognised> {
    let part = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let either = |one: &'static str, other: &'static str| {
        if part(one).is_empty() { part(other) } else { part(one) }
    };
    let (id, secret) = (either("appId", "clientId"), either("password", "clientSecret"));
    let tenant = either("tenant", "tenantId");
    if id.is_empty() || secret.is_empty() || tenant.is_empty() {
        return None;
    }
    let name = part("displayName");
    let found = Recognised::new(Kind::CloudKey)
        .named(if name.is_empty() { "Azure service principal" } else { name })
        .issued_by("Azure");
    let found = found.with("provider", "azure").with("keyId", id).with("secret", secret);
    Some(found.with("account", tenant))
}

/// The id and the secret of AWS, wherever they stand in the text: a credentials file, a CSV of the
/// console, an answer of the command line, two variables.
pub(super) fn aws(text: &str) -> Option<Recognised> {
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '+')));
    let id = words().find(|word| is_id(word))?;
    // The secret comes after its id nearly everywhere; in a file with several pairs, so it must.
    let mut after = words().skip_while(|word| !is_id(word));
    let secret = after.find(|word| is_secret(word)).or_else(|| words().find(|w| is_secret(w)))?;
    let found = Recognised::new(Kind::CloudKey).issued_by("AWS").within(None);
    let profile = text.lines().find_map(|line| {
        line.trim()
            .strip_prefix('[')?
            .strip_suffix(']')
            .map(|name| name.trim_start_matches("profile "))
    });
    let profile = profile.filter(|name| *name != "default");
    let name = profile.map_or("AWS access key".to_owned(), |name| format!("AWS {name}"));
    let found = found.named(&name).within(profile.and_then(super::environment));
    let found = found.with("provider", "aws").with("keyId", id).with("secret", secret);
    Some(found.with("region", region(text).unwrap_or_default()))
}

fn is_id(word: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    let prefix = word.starts_with("AKIA") || word.starts_with("ASIA");
    word.len() == 20 && prefix && word.chars().all(letters)
}

/// Forty characters of base64 that are not a hash in hexadecimal digits.
fn is_secret(word: &str) -> bool {
    word.len() == 40 && word.contains(|c: char| !c.is_ascii_hexdigit())
}

/// The value of a line that names a region.
fn region(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let names_it = name.trim().to_ascii_lowercase().ends_with("region");
        (names_it && value.len() <= 32 && value.chars().all(letters)).then_some(value)
    })
}
