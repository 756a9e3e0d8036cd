//! From bytes to text and JSON, with the limits that the parsers do not have themselves.

use base64::{Engine, engine::general_purpose};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use keyturn_model::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{ReadError, error::Place};

/// An item of JSON takes about 50 bytes of memory, however short it is in the file, and a map ten times that.
const MOST_ITEMS: usize = 20_000_000;
const ITEMS_OF_A_MAP: usize = 10;

/// How a text is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 that begins with a byte order mark.
    Utf8Marked,
    /// UTF-16, the lower byte first.
    Utf16Little,
    /// UTF-16, the higher byte first.
    Utf16Big,
}

/// The text of a file, without its byte order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<(Zeroizing<String>, Encoding), ReadError> {
    let utf8 = |bytes: &[u8]| {
        std::str::from_utf8(bytes)
            .map(|text| Zeroizing::new(text.to_owned()))
            .map_err(|e| ReadError::Damaged { at: Place::Byte(e.valid_up_to() as u64) })
    };
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Ok((utf8(rest)?, Encoding::Utf8Marked));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Ok((utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Little));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return Ok((utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Big));
    }
    Ok((utf8(bytes)?, Encoding::Utf8))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Zeroizing<String>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(ReadError::Damaged { at: Place::Byte(bytes.len() as u64 + 1) });
    }
    // Room for the longest case: a text that grew would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(pairs.len() * 3));
    for (at, c) in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).enumerate() {
        text.push(c.map_err(|_| ReadError::Damaged { at: Place::Byte(2 + 2 * at as u64) })?);
    }
    Ok(text)
}

/// JSON that is not nested too deep.
pub(crate) fn json(text: &str, nesting: usize) -> Result<Value, ReadError> {
    let (deepest, items) = extent(text);
    if deepest > nesting + 8 {
        return Err(ReadError::TooDeep { most: nesting });
    }
    if items > MOST_ITEMS {
        return Err(ReadError::TooMany { most: MOST_ITEMS });
    }
    serde_json::from_str(text).map_err(|e| ReadError::Damaged { at: Place::Line(e.line() as u64) })
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

/// A value of JSON as one would type it. Lists and maps stay JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text with this key, unless it is empty.
pub(crate) fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(crate) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    general_purpose::STANDARD.decode(text.trim()).ok().map(Zeroizing::new)
}

/// A moment in one of the ways that exports write it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |at: NaiveDateTime| Timestamp(at.and_utc().timestamp_millis());
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Timestamp(at.timestamp_millis()));
    }
    for form in
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M"]
    {
        if let Ok(at) = NaiveDateTime::parse_from_str(text, form) {
            return Some(utc(at));
        }
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_understood_in_every_encoding_that_spreadsheets_write() {
        let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
            mark.into_iter().chain("fixture ñ".encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
        };
        let ways = [
            ("fixture ñ".as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xEF\xBB\xBF", "fixture ñ".as_bytes()].concat(), Encoding::Utf8Marked),
            (utf16([0xFF, 0xFE], u16::to_le_bytes), Encoding::Utf16Little),
            (utf16([0xFE, 0xFF], u16::to_be_bytes), Encoding::Utf16Big),
        ];
        for (bytes, encoding) in ways {
            let (text, found) = text(&bytes).unwrap();
            assert_eq!((text.as_str(), found), ("fixture ñ", encoding));
        }
        assert_eq!(text(b"ab\xFF").map(|_| ()), Err(ReadError::Damaged { at: Place::Byte(2) }));
    }

    #[test]
    fn json_that_is_nested_without_end_is_refused_before_it_is_parsed() {
        assert_eq!(json(&"[".repeat(100_000), 32), Err(ReadError::TooDeep { most: 32 }));
        assert!(json(r#"{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#, 32).is_ok());
    }

    #[test]
    fn a_moment_is_read_as_exports_write_it() {
        let second = Some(Timestamp(1_700_000_000_000));
        for text in ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20.000", "2023-11-14 22:13:20 UTC"] {
            assert_eq!(moment(text), second, "{text}");
        }
        assert_eq!(moment("2023-11-14"), Some(Timestamp(1_699_920_000_000)));
        assert_eq!(moment("soon"), None);
    }
}
