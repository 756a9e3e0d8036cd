//! Places in braces are filled in, each as it has to be written where it stands.

use std::collections::BTreeMap;

use keyturn_model::rotation::Fault;
use percent_encoding::utf8_percent_encode;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde_json::{Map, Number, Value};
use zeroize::Zeroizing;

use super::{Shape, parsing::is_name};
use crate::{around::IN_ADDRESS, json};

/// What stands in a place.
#[derive(Clone)]
pub(super) enum Filling {
    Blank(Shape, String),
    Secret(SecretString),
    Number(Option<u64>),
}

pub(super) type Fillings = BTreeMap<String, Filling>;

impl Filling {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Blank(Shape::Text, text.into())
    }

    fn written(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Blank(_, text) => text.clone(),
            Self::Secret(secret) => secret.expose_secret().to_owned(),
            Self::Number(number) => number.map(|it| it.to_string()).unwrap_or_default(),
        })
    }
}

/// A text in pieces: a place, or a text between places.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = place(rest) {
            rest = after;
            return Some((Some(name), ""));
        }
        let inner = rest.char_indices().skip(1);
        let mut places = inner.filter(|(at, _)| rest.get(*at..).and_then(place).is_some());
        let end = places.next().map_or(rest.len(), |(at, _)| at);
        let (before, after) = rest.split_at(end);
        rest = after;
        Some((None, before))
    })
}

/// The place that a text begins with, and what follows it.
fn place(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    is_name(name).then_some((name, after))
}

/// A text with its places filled in by `write`.
fn fill(
    text: &str,
    fillings: &Fillings,
    write: impl Fn(usize, &Filling, &str) -> Result<String, Fault>,
) -> Result<Zeroizing<String>, Fault> {
    let mut parts = Vec::new();
    for (position, (place, between)) in pieces(text).enumerate() {
        parts.push(Zeroizing::new(match place {
            None => between.to_owned(),
            Some(name) => {
                let filling = fillings.get(name).ok_or(Fault::Refused)?;
                write(position, filling, &filling.written())?
            }
        }));
    }
    // Made as long as it gets, so that no shorter copy is left behind.
    let length = parts.iter().map(|part| part.len()).sum();
    let mut filled = Zeroizing::new(String::with_capacity(length));
    for part in &parts {
        filled.push_str(part);
    }
    Ok(filled)
}

/// A text for a header or a login.
pub(super) fn plain(text: &str, fillings: &Fillings) -> Result<Zeroizing<String>, Fault> {
    fill(text, fillings, |_, _, written| Ok(written.to_owned()))
}

/// An address. Where it begins may be a blank as it is; elsewhere what is filled in cannot lead elsewhere.
pub(super) fn address(text: &str, fillings: &Fillings) -> Result<String, Fault> {
    let filled = fill(text, fillings, |position, filling, written| {
        if position == 0 && matches!(filling, Filling::Blank(Shape::Address, _)) {
            return Ok(written.trim_end_matches('/').to_owned());
        }
        if written.is_empty() || written == "." || written == ".." {
            return Err(Fault::Refused);
        }
        Ok(utf8_percent_encode(written, IN_ADDRESS).to_string())
    })?;
    Ok(filled.as_str().to_owned())
}

/// A body as a form.
pub(super) fn form(body: &toml::Table, fillings: &Fillings) -> Result<SecretSlice<u8>, Fault> {
    let mut text = Zeroizing::new(String::new());
    for (name, value) in body {
        let Some(filled) = member(value, fillings)?.map(json::Wiped) else { continue };
        let value = Zeroizing::new(match &filled.0 {
            Value::String(value) => value.clone(),
            other => other.to_string(),
        });
        let encode = |text: &str| utf8_percent_encode(text, IN_ADDRESS).to_string();
        let pair = Zeroizing::new(format!("{}={}", encode(name), encode(&value)));
        let between = if text.is_empty() { "" } else { "&" };
        text = Zeroizing::new([text.as_str(), between, pair.as_str()].concat());
    }
    Ok(SecretSlice::from(text.as_bytes().to_vec()))
}

/// A body as JSON.
pub(super) fn body(body: &toml::Table, fillings: &Fillings) -> Result<SecretSlice<u8>, Fault> {
    let filled = json::Wiped(Value::Object(members(body, fillings)?));
    json::bytes(&filled.0, 64 * 1024)
}

fn members(table: &toml::Table, fillings: &Fillings) -> Result<Map<String, Value>, Fault> {
    let mut members = Map::new();
    for (name, value) in table {
        if let Some(value) = member(value, fillings)? {
            members.insert(name.clone(), value);
        }
    }
    Ok(members)
}

fn member(value: &toml::Value, fillings: &Fillings) -> Result<Option<Value>, Fault> {
    Ok(Some(match value {
        toml::Value::String(text) => return written(text, fillings),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => {
            Value::Number(Number::from_f64(*number).ok_or(Fault::Refused)?)
        }
        toml::Value::Boolean(is) => Value::from(*is),
        toml::Value::Datetime(moment) => Value::from(moment.to_string()),
        toml::Value::Array(values) => {
            let mut filled = Vec::new();
            for value in values {
                filled.extend(member(value, fillings)?);
            }
            Value::Array(filled)
        }
        toml::Value::Table(table) => Value::Object(members(table, fillings)?),
    }))
}

fn written(text: &str, fillings: &Fillings) -> Result<Option<Value>, Fault> {
    let Some((name, "")) = place(text) else {
        return Ok(Some(Value::from(plain(text, fillings)?.as_str())));
    };
    Ok(match fillings.get(name).ok_or(Fault::Refused)? {
        Filling::Blank(_, text) if text.trim().is_empty() => None,
        Filling::Blank(Shape::Words, text) => Some(words(text).map(Value::from).collect()),
        Filling::Blank(Shape::Json, text) => {
            Some(serde_json::from_str(text).map_err(|_| Fault::Refused)?)
        }
        Filling::Blank(_, text) => Some(Value::from(text.as_str())),
        Filling::Secret(secret) => Some(Value::from(secret.expose_secret())),
        Filling::Number(number) => number.map(Value::from),
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| each.is_whitespace() || each == ',').filter(|word| !word.is_empty())
}
