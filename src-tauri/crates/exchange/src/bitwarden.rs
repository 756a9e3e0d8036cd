//! Bitwarden's JSON, plain or sealed with a password of its own.

mod items;
mod sealed;

use secrecy::SecretString;
use serde::Deserialize;

use crate::{ReadError, decode, intake::Intake};

#[derive(Deserialize)]
struct Head {
    encrypted: Option<bool>,
}

pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    text.trim_start().starts_with('{')
        && serde_json::from_str::<Head>(text).is_ok_and(|head| head.encrypted == Some(true))
}

pub(crate) fn read(
    bytes: &[u8],
    password: Option<&SecretString>,
    intake: &mut Intake<'_>,
) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    let value = decode::json(&text, intake.limits.nesting)?;
    intake.origin("Bitwarden");
    match value.get("encrypted").and_then(serde_json::Value::as_bool) {
        Some(false) => items::read(&value, intake),
        Some(true) => {
            let plain = sealed::open(&value, password, intake)?;
            let value = decode::json(&plain, intake.limits.nesting)?;
            items::read(&value, intake)
        }
        None => Err(ReadError::NotThisFormat),
    }
}
