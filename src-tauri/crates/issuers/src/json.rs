//! JSON with secrets in it: what is written and read is wiped.

use chrono::DateTime;
use keyturn_model::{Timestamp, rotation::Fault};
use keyturn_outbound::Answer;
use secrecy::{ExposeSecret, SecretSlice};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

/// What is written is at most so much longer than the text in it, so that no copy is left behind.
const ESCAPED: usize = 6;
const ROOM: usize = 4096;
const LONGEST_MOMENT: usize = 64;

/// The bytes of something that holds about `length` bytes of text.
pub(crate) fn bytes(of: &impl Serialize, length: usize) -> Result<SecretSlice<u8>, Fault> {
    let room = length.saturating_mul(ESCAPED).saturating_add(ROOM);
    let mut written = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *written, of).map_err(|_| Fault::Refused)?;
    Ok(SecretSlice::from(written.to_vec()))
}

/// What was answered to a question that changes nothing.
pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Fault> {
    serde_json::from_slice(answer.body.expose_secret()).map_err(|_| Fault::Unknown)
}

/// JSON of any shape that is wiped when it is let go.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Wiped(pub(crate) Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A text or a number as text, unless it is empty.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A moment as RFC 3339 writes it.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    let text = value.as_str().filter(|text| text.len() <= LONGEST_MOMENT)?;
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    Some(Timestamp(moment.timestamp_millis()))
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
