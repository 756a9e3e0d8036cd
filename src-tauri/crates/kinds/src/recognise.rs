//! What a paste is, so that it fills the form by itself.
//!
//! A guess from its shape: nobody is asked whether it is accepted. One pass over the text for each
//! way of looking, so that a long paste costs no more than its length.

mod database;
mod file;
mod known;
mod line;
mod pem;

use keyturn_model::Kind;
use secrecy::SecretString;

use crate::{LONGEST_TEXT, facts::shown};

/// What a paste was taken for.
#[derive(Debug)]
pub struct Recognised {
    /// The kind of credential.
    pub kind: Kind,
    /// What it could be called.
    pub name: Option<String>,
    /// Who could have issued it.
    pub issuer: Option<String>,
    /// Where it is used: `prod`, `staging`, `test` or `dev`.
    pub environment: Option<&'static str>,
    /// What goes into the fields of the kind.
    pub fields: Vec<(&'static str, SecretString)>,
}

impl Recognised {
    fn new(kind: Kind) -> Self {
        Self { kind, name: None, issuer: None, environment: None, fields: Vec::new() }
    }

    fn named(mut self, name: &str) -> Self {
        self.name = Some(shown(name)).filter(|name| !name.is_empty());
        self
    }

    fn issued_by(mut self, issuer: &str) -> Self {
        self.issuer = Some(shown(issuer)).filter(|issuer| !issuer.is_empty());
        self
    }

    fn within(mut self, environment: Option<&'static str>) -> Self {
        self.environment = environment;
        self
    }

    fn with(mut self, field: &'static str, text: &str) -> Self {
        if !text.is_empty() {
            self.fields.push((field, SecretString::from(text)));
        }
        self
    }
}

/// What `pasted` is, if it can be told.
#[must_use]
pub fn recognise(pasted: &str) -> Option<Recognised> {
    let text = pasted.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if text.is_empty() || pasted.len() > LONGEST_TEXT {
        return None;
    }
    file::recognise(text)
        .or_else(|| pem::recognise(text))
        .or_else(|| file::aws(text))
        .or_else(|| line::recognise(text))
}

/// What an entry of another program seems to be, by its value, its name and who uses it. A guess
/// that is shown and can be changed; `None` where there is no value.
#[must_use]
pub fn guess(name: &str, user: Option<&str>, value: &str) -> Option<Kind> {
    if value.trim().is_empty() {
        return None;
    }
    let known = recognise(value)
        .or_else(|| line::alone(value, Some(name)))
        .or_else(|| recognise(user.unwrap_or_default()));
    let otherwise = if user.is_some() { Kind::Login } else { Kind::Secret };
    Some(known.map(|known| known.kind).or_else(|| line::kind_by_name(name)).unwrap_or(otherwise))
}

/// The environment that is named among the words of `text`.
fn environment(text: &str) -> Option<&'static str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        let any = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        if any(&["prod", "production", "live", "prd"]) {
            Some("prod")
        } else if any(&["staging", "stage", "stg", "preprod"]) {
            Some("staging")
        } else if any(&["test", "testing", "sandbox", "qa"]) {
            Some("test")
        } else if any(&["dev", "development", "local", "localhost"]) {
            Some("dev")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests;
