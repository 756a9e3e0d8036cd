//! Secrets that are a handful of keys and values, as secret stores keep them.

use serde_json::Value;

use crate::{
    decode,
    record::{Content, Field, PASSWORD, Text, VALUE},
};

/// Keys whose value people need to see, and that open nothing.
const OPEN: [&str; 14] = [
    "engine",
    "host",
    "hostname",
    "port",
    "dbname",
    "database",
    "region",
    "account",
    "client_id",
    "clientid",
    "access_key_id",
    "aws_access_key_id",
    "algorithm",
    "dbinstanceidentifier",
];

/// Puts one pair where it belongs.
pub(crate) fn put(content: &mut Content, key: &str, text: String) {
    if text.is_empty() {
        return;
    }
    let small = key.to_lowercase();
    match small.as_str() {
        "user" | "username" | "login" if content.user.is_none() => content.user = Some(text),
        // An address may hold a password before its host.
        "url" | "uri" | "address" | "endpoint"
            if content.address.is_none() && !text.contains('@') =>
        {
            content.address = Some(text);
        }
        "password" | "passwd" if content.field(PASSWORD).is_none() => {
            content.fields.insert(0, Field { name: PASSWORD.into(), text: Text::secret(text) });
        }
        "value" => content.secret(VALUE, text),
        small if OPEN.contains(&small) => content.open(key, text),
        _ => content.secret(key, text),
    }
}

/// Puts a value of JSON: each key of a map, else the whole as its value.
pub(crate) fn put_all(content: &mut Content, value: &Value) {
    match value.as_object() {
        Some(map) => map.iter().for_each(|(key, value)| put(content, key, decode::plain(value))),
        None => content.secret(VALUE, decode::plain(value)),
    }
}

/// Splits `a/b/c` into groups and name.
pub(crate) fn path(text: &str) -> (Vec<String>, String) {
    let mut parts: Vec<String> =
        text.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    let name = parts.pop().unwrap_or_default();
    (parts, name)
}
