//! What an entry seems to be. A guess that is shown and can be changed; no rule depends on it.

use keyturn_model::Kind;

use crate::record::Record;

/// Names of groups that say where something is used.
const ENVIRONMENTS: [&str; 14] = [
    "prod",
    "production",
    "staging",
    "stage",
    "preprod",
    "dev",
    "development",
    "test",
    "testing",
    "qa",
    "uat",
    "sandbox",
    "integration",
    "demo",
];

/// The environment that this name says, if it is one.
pub(crate) fn environment(name: &str) -> Option<String> {
    let small = name.trim().to_lowercase();
    ENVIRONMENTS.contains(&small.as_str()).then(|| name.trim().to_owned())
}

/// Fills in kind and environment where the file did not say.
pub(crate) fn complete(record: &mut Record) {
    if record.environment.is_none() {
        record.environment = record.group.iter().find_map(|name| environment(name));
    }
    if record.kind.is_none() {
        record.kind = kind(record);
    }
}

fn kind(record: &Record) -> Option<Kind> {
    let content = &record.content;
    let main = content.value()?;
    let value = main.text.expose();
    let name = content.name.to_lowercase();
    let any = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    let has = |begin: &str| {
        content.fields.iter().any(|f| f.text.expose().trim_start().starts_with(begin))
    };

    if has("-----BEGIN CERTIFICATE-----")
        && content.fields.iter().any(|f| f.text.expose().contains("PRIVATE KEY-----"))
    {
        return Some(Kind::Certificate);
    }
    if any(&["-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"], value) {
        return Some(Kind::SshKey);
    }
    let key_id =
        |text: &str| text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA"));
    if content.user.as_deref().is_some_and(key_id)
        || content.fields.iter().any(|f| key_id(f.text.expose()))
    {
        return Some(Kind::CloudKey);
    }
    let engines = [
        "postgres://",
        "postgresql://",
        "mysql://",
        "mariadb://",
        "redis://",
        "mongodb://",
        "mongodb+srv://",
    ];
    let address = content.address.as_deref().unwrap_or_default();
    if engines.iter().any(|engine| value.starts_with(engine) || address.starts_with(engine))
        || (content.field("engine").is_some() && content.user.is_some())
    {
        return Some(Kind::DatabaseLogin);
    }
    if content.field("clientId").is_some() || content.field("client_id").is_some() {
        return Some(Kind::OauthClient);
    }
    if any(&["webhook"], &name) {
        return Some(Kind::WebhookSecret);
    }
    if any(&["jwt", "hmac", "signing"], &name) {
        return Some(Kind::SigningKey);
    }
    if any(&["api_key", "api-key", "apikey", "api key"], &name) {
        return Some(Kind::ApiKey);
    }
    if content.user.is_some() {
        return Some(Kind::Login);
    }
    if any(&["token"], &name) {
        return Some(Kind::ServiceToken);
    }
    Some(Kind::Secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Content, PASSWORD, VALUE};

    fn guessed(name: &str, user: Option<&str>, field: &str, value: &str) -> Option<Kind> {
        let mut content =
            Content { name: name.into(), user: user.map(Into::into), ..Content::default() };
        content.secret(field, value);
        let mut record =
            Record { content, group: vec!["Teams".into(), "Prod".into()], ..Record::default() };
        complete(&mut record);
        assert_eq!(record.environment.as_deref(), Some("Prod"));
        record.kind
    }

    #[test]
    fn the_value_and_the_name_say_what_an_entry_is() {
        assert_eq!(guessed("mail", Some("ana"), PASSWORD, "fixture"), Some(Kind::Login));
        assert_eq!(guessed("STRIPE_API_KEY", None, VALUE, "fixture"), Some(Kind::ApiKey));
        assert_eq!(
            guessed("s3", Some("AKIAFIXTUREFIXTURE00"), PASSWORD, "fixture"),
            Some(Kind::CloudKey)
        );
        assert_eq!(
            guessed("URL", None, VALUE, "postgres://u:fixture@h/d"),
            Some(Kind::DatabaseLogin)
        );
        assert_eq!(guessed("x", None, VALUE, "fixture"), Some(Kind::Secret));
        assert_eq!(guessed("x", None, VALUE, ""), None);
    }
}
