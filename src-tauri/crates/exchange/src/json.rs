//! Which of the JSON formats a text is.

use serde_json::Value;

use crate::{Format, Limits, decode, kubernetes, own};

pub(crate) fn kind_of(text: &str) -> Option<Format> {
    let value = decode::json(text, Limits::USUAL.nesting).ok()?;
    let first = match &value {
        Value::Array(list) => list.first()?,
        other => other,
    };
    let has = |key: &str| first.get(key).is_some();
    if first.get("format").and_then(Value::as_str) == Some(own::FORMAT) {
        Some(Format::Json)
    } else if has("encrypted")
        && (has("items") || has("data") || has("encKeyValidation_DO_NOT_EDIT"))
    {
        Some(Format::Bitwarden)
    } else if ["SecretString", "SecretBinary", "SecretValues", "SecretList", "ARN"]
        .into_iter()
        .any(has)
    {
        Some(Format::AwsSecrets)
    } else if kubernetes::is_manifest(first) {
        Some(Format::Kubernetes)
    } else {
        first.is_object().then_some(Format::VaultKv)
    }
}
