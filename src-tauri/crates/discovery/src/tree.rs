//! From bytes to lists and maps, within limits that the parsers do not have themselves.

use serde_json::Value;

use crate::{Limits, Refused};

/// More aliases than this are no manifest but a bomb.
const MOST_ALIASES: usize = 100;
/// A map takes the memory of so many items.
const ITEMS_OF_A_MAP: usize = 5;

/// The text of a file, without its byte order mark.
pub(crate) fn text<'b>(bytes: &'b [u8], limits: &Limits) -> Result<&'b str, Refused> {
    if bytes.len() as u64 > limits.file {
        return Err(Refused::TooLarge { most: limits.file });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| Refused::NotText)
}

/// The documents of a file: JSON, one or more behind each other, or YAML.
pub(crate) fn documents(bytes: &[u8], limits: &Limits) -> Result<Vec<Value>, Refused> {
    let text = text(bytes, limits)?;
    if text.trim_start().starts_with(['{', '[']) { json(text, limits) } else { yaml(text, limits) }
}

pub(crate) fn json(text: &str, limits: &Limits) -> Result<Vec<Value>, Refused> {
    let (deepest, items) = extent(text);
    if deepest > limits.nesting {
        return Err(Refused::TooDeep { most: limits.nesting });
    }
    if items > limits.items {
        return Err(Refused::TooMany { most: limits.items });
    }
    let read = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    read.collect::<Result<_, _>>().map_err(|e| Refused::Damaged { line: e.line() as u64 })
}

/// How deep the brackets go and how many items there are; what stands in quotes does not count.
fn extent(text: &str) -> (usize, usize) {
    let (mut deep, mut deepest, mut items, mut quoted, mut escaped) = (0_usize, 0, 1, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                deep += 1;
                deepest = deepest.max(deep);
                items += if byte == b'{' { ITEMS_OF_A_MAP } else { 1 };
            }
            b',' if !quoted => items += 1,
            b'}' | b']' if !quoted => deep = deep.saturating_sub(1),
            _ => {}
        }
    }
    (deepest, items)
}

fn yaml(text: &str, limits: &Limits) -> Result<Vec<Value>, Refused> {
    let mut options = serde_saphyr::Options::default();
    let mut budget = serde_saphyr::Budget::default();
    budget.max_depth = limits.nesting;
    budget.flow_nesting_limit = limits.nesting;
    budget.max_aliases = MOST_ALIASES;
    budget.max_anchors = MOST_ALIASES;
    budget.max_documents = limits.found;
    budget.max_nodes = limits.items;
    budget.max_events = limits.items.saturating_mul(4);
    budget.max_total_scalar_bytes = usize::try_from(limits.file).unwrap_or(usize::MAX);
    budget.max_recorded_anchor_bytes = 1024 * 1024;
    options.budget = Some(budget);
    // A program that is called `n` or `on` is no truth.
    options.strict_booleans = true;
    // A snippet of the file would carry its secrets into the error.
    options.with_snippet = false;
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let line = error.location().map(|location| location.line());
        Refused::Damaged { line: line.unwrap_or_default() }
    })
}

/// The text with this key; empty when there is none.
pub(crate) fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The items of the list with this key.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The entries of the map with this key.
pub(crate) fn map<'v>(
    value: &'v Value,
    key: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// A text, or a number or truth that stands for one, as programs get it.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Every text that stands somewhere in it.
pub(crate) fn texts<'v>(value: &'v Value, hear: &mut dyn FnMut(&'v str)) {
    match value {
        Value::String(text) => hear(text),
        Value::Array(list) => list.iter().for_each(|item| texts(item, hear)),
        Value::Object(map) => map.values().for_each(|item| texts(item, hear)),
        _ => {}
    }
}
