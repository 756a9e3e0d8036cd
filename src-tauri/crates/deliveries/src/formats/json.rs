//! JSON: a key leads down through objects by dots. The reader tells where each value stands.

use std::{borrow::Cow, fmt, ops::Range};

use keyturn_model::rotation::Fault;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Secret, Spot, Written, joined, lines::ending};
use crate::template::quoted;

/// An object whose values are left as they are written.
struct Object<'t>(Vec<(Cow<'t, str>, &'t str)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
                into.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    entries.push((key, value.get()));
                }
                Ok(Object(entries))
            }
        }
        from.deserialize_map(Entries)
    }
}

/// The object that a key leads to as far as it goes, and what is left of the key.
struct Way<'t, 'k> {
    object: &'t str,
    entries: Object<'t>,
    rest: &'k str,
    value: Option<&'t str>,
}

fn way<'t, 'k>(text: &'t str, key: &'k str) -> Result<Way<'t, 'k>, Fault> {
    let (mut object, mut rest) = (text.strip_prefix('\u{feff}').unwrap_or(text), key);
    loop {
        let entries: Object<'t> = serde_json::from_str(object).map_err(|_| Fault::Refused)?;
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        let mut named = entries.0.iter().filter(|(key, _)| key == name).map(|(_, value)| *value);
        let value = named.next();
        if named.next().is_some() {
            return Err(Fault::Refused);
        }
        match value {
            Some(value) if !deeper.is_empty() => (object, rest) = (value, deeper),
            value => return Ok(Way { object, entries, rest, value }),
        }
    }
}

/// Where a part of a text stands in it.
fn within(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start.saturating_add(part.len())
}

pub(super) fn find(text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    let Some(value) = way(text, key)?.value else { return Ok(None) };
    Ok(Some(Spot { at: within(text, value), says: said(value)? }))
}

fn said(value: &str) -> Result<Secret, Fault> {
    match value.as_bytes().first() {
        Some(b'"') => serde_json::from_str(value).map(Zeroizing::new).map_err(|_| Fault::Refused),
        Some(b'{' | b'[') | None => Err(Fault::Refused),
        Some(b'n') => Ok(Zeroizing::new(String::new())),
        Some(_) => Ok(Zeroizing::new(value.to_owned())),
    }
}

/// What stands where a pointer (RFC 6901) leads, through objects and lists; nothing if it leads nowhere or to
/// no text. Refused where the text is no JSON.
pub(crate) fn pointed(text: &str, pointer: &str) -> Result<Option<Secret>, Fault> {
    let whole: &RawValue = serde_json::from_str(text).map_err(|_| Fault::Refused)?;
    let mut value = whole.get();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let found = match value.as_bytes().first() {
            Some(b'{') => {
                let Object(entries) = serde_json::from_str(value).map_err(|_| Fault::Refused)?;
                entries.into_iter().find(|(key, _)| *key == step).map(|(_, value)| value)
            }
            Some(b'[') => {
                let list: Vec<&RawValue> =
                    serde_json::from_str(value).map_err(|_| Fault::Refused)?;
                let index: Option<usize> = step.parse().ok();
                index.and_then(|index| list.get(index).map(|value| value.get()))
            }
            _ => None,
        };
        let Some(found) = found else { return Ok(None) };
        value = found;
    }
    Ok(said(value).ok())
}

/// Written in the place of `old`: a number stays a number, if it is one.
#[expect(clippy::unnecessary_wraps, reason = "as the other formats have it")]
pub(super) fn written(old: &str, new: &str) -> Result<Secret, Fault> {
    let is_number = |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok();
    if is_number(old) && is_number(new) {
        return Ok(Zeroizing::new(new.to_owned()));
    }
    Ok(quoted(new))
}

/// An entry more, behind the last of the object that the key leads to.
pub(super) fn added(text: &str, key: &str, said: &str) -> Result<Written, Fault> {
    let Way { object, entries, rest, .. } = way(text, key)?;
    let inside = object.trim_start().strip_prefix('{').ok_or(Fault::Refused)?;
    let mut entry = quoted(said);
    for name in rest.rsplit('.') {
        let name = quoted(name);
        entry = joined(&["{", &name, ": ", &entry, "}"]);
    }
    // Of the outermost braces only what is inside is new.
    let entry = entry.get(1..entry.len().saturating_sub(1)).unwrap_or_default();
    let blank =
        inside.get(..inside.len().saturating_sub(inside.trim_start().len())).unwrap_or_default();
    match entries.0.last() {
        Some((_, last)) => {
            let at = within(text, last).end;
            Ok((at..at, joined(&[",", if blank.is_empty() { " " } else { blank }, entry])))
        }
        None => {
            let at = within(text, inside);
            let end = ending(text);
            let at = at.start..at.start.saturating_add(blank.len());
            Ok((at, joined(&[end, "  ", entry, end])))
        }
    }
}
