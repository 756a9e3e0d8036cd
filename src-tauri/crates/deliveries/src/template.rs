//! Texts with places in braces: `{user}:{password|url}@db`. What comes of them is secret.
//!
//! `{value}` is the main secret of the value, whatever its name. A filter fits the text into what is around
//! it: `|url` for an address, `|json` for JSON (with its quotation marks), `|base64`. `{{` is a brace; a
//! closing one that closes nothing is itself.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use keyturn_model::rotation::{Fault, Value};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A text that is wiped when it is no longer needed.
pub(crate) type Secret = Zeroizing<String>;

/// The main secret of a value.
const MAIN: &str = "value";
/// No text that is delivered is longer, in bytes.
pub(crate) const LONGEST: usize = 1024 * 1024;
/// Everything but what RFC 3986 calls unreserved.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A piece of such a text.
enum Piece<'t> {
    Text(&'t str),
    Place { field: &'t str, fitted: Fitted },
}

#[derive(Clone, Copy)]
enum Fitted {
    Plain,
    Url,
    Json,
    Base64,
}

/// The pieces; `None` when a brace is not closed or a filter is not known.
fn pieces(mut text: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    while let Some((before, rest)) = text.split_once('{') {
        found.push(Piece::Text(before));
        if let Some(after) = rest.strip_prefix('{') {
            found.push(Piece::Text("{"));
            text = after;
            continue;
        }
        let (place, after) = rest.split_once('}')?;
        let (field, filter) = place.split_once('|').unwrap_or((place, ""));
        let fitted = match filter {
            "" if !place.contains('|') => Fitted::Plain,
            "url" => Fitted::Url,
            "json" => Fitted::Json,
            "base64" => Fitted::Base64,
            _ => return None,
        };
        if field.is_empty() {
            return None;
        }
        found.push(Piece::Place { field, fitted });
        text = after;
    }
    found.push(Piece::Text(text));
    Some(found)
}

/// The fields that the places of a text name; `None` when it cannot be read.
pub(crate) fn places(text: &str) -> Option<Vec<&str>> {
    let field = |piece| match piece {
        Piece::Place { field, .. } => Some(field),
        Piece::Text(_) => None,
    };
    Some(pieces(text)?.into_iter().filter_map(field).collect())
}

/// Whether a place may name a field.
pub(crate) fn names(field: &str, fields: &[&str]) -> bool {
    field == MAIN || fields.contains(&field)
}

/// The text with the value in its places. Refused where a place names nothing, or it becomes too long.
pub(crate) fn render(text: &str, value: &Value) -> Result<Secret, Fault> {
    let pieces = pieces(text).ok_or(Fault::Refused)?;
    let mut said = Vec::with_capacity(pieces.len());
    let mut longest = 0_usize;
    for piece in pieces {
        let (text, fitted) = match piece {
            Piece::Text(text) => (text, Fitted::Plain),
            Piece::Place { field, fitted } => (of(value, field).ok_or(Fault::Refused)?, fitted),
        };
        longest = longest.saturating_add(fitted.longest(text.len()));
        said.push((text, fitted));
    }
    if longest > 6 * LONGEST {
        return Err(Fault::Refused);
    }
    // It never grows, so that no copy is left behind.
    let mut rendered = Zeroizing::new(String::with_capacity(longest));
    for (text, fitted) in said {
        fitted.write(text, &mut rendered);
    }
    if rendered.len() > LONGEST { Err(Fault::Refused) } else { Ok(rendered) }
}

fn of<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    let named = value.secrets.iter().find(|(name, _)| name == field);
    let main = || value.secrets.first().filter(|_| field == MAIN);
    match value.fields.get(field) {
        Some(open) if named.is_none() => Some(open),
        _ => named.or_else(main).map(|(_, secret)| secret.expose_secret()),
    }
}

impl Fitted {
    fn longest(self, bytes: usize) -> usize {
        match self {
            Self::Plain => bytes,
            Self::Url => bytes.saturating_mul(3),
            Self::Json => bytes.saturating_mul(6).saturating_add(2),
            Self::Base64 => bytes.saturating_mul(2).saturating_add(4),
        }
    }

    fn write(self, text: &str, into: &mut String) {
        match self {
            Self::Plain => into.push_str(text),
            Self::Url => into.extend(utf8_percent_encode(text, IN_ADDRESS)),
            Self::Json => quote(text, into),
            Self::Base64 => STANDARD.encode_string(text, into),
        }
    }
}

/// A text in quotation marks, as JSON writes it. TOML and YAML read it too.
pub(crate) fn quoted(text: &str) -> Secret {
    let mut quoted =
        Zeroizing::new(String::with_capacity(text.len().saturating_mul(6).saturating_add(2)));
    quote(text, &mut quoted);
    quoted
}

fn quote(text: &str, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let code = u32::from(c);
                into.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    into.extend(char::from_digit((code >> shift) & 15, 16));
                }
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

/// Whether two texts are the same, in a time that tells nothing about where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value() -> Value {
        Value {
            fields: [("user".to_owned(), "app user".to_owned())].into(),
            secrets: vec![
                ("password".to_owned(), "fixture p/ä\"\n{x}".to_owned().into()),
                ("other".to_owned(), "fixture two".to_owned().into()),
            ],
            expires: None,
        }
    }

    #[test]
    fn places_are_filled_and_fitted() {
        for (text, is) in [
            ("", ""),
            ("no place", "no place"),
            ("{user}", "app user"),
            ("{value}|{other}", "fixture p/ä\"\n{x}|fixture two"),
            (
                "db://{user|url}:{password|url}@h",
                "db://app%20user:fixture%20p%2F%C3%A4%22%0A%7Bx%7D@h",
            ),
            ("{{\"a\":{{\"b\":{value|json}}}", "{\"a\":{\"b\":\"fixture p/ä\\\"\\n{x}\"}}"),
            ("{{value}", "{value}"),
            ("{other|base64}", "Zml4dHVyZSB0d28="),
        ] {
            assert_eq!(render(text, &value()).unwrap().as_str(), is, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_filled_is_refused() {
        for text in ["{", "{user", "{}", "{|url}", "{user|upper}", "{user|}", "{nobody}", "{User}"]
        {
            assert!(matches!(render(text, &value()), Err(Fault::Refused)), "{text}");
        }
        assert!(matches!(render("{value}", &Value::default()), Err(Fault::Refused)));
        let long = Value {
            secrets: vec![("password".to_owned(), "x".repeat(LONGEST + 1).into())],
            ..Value::default()
        };
        assert!(matches!(render("{value}", &long), Err(Fault::Refused)));
    }

    #[test]
    fn a_text_never_moves_while_it_is_rendered() {
        let text = "{value|json}{value|url}{value|base64}{value}";
        let value = Value {
            secrets: vec![("password".to_owned(), "\u{1}\"ä".repeat(1000).into())],
            ..Value::default()
        };
        let one = value.secrets[0].1.expose_secret().len();
        let rendered = render(text, &value).unwrap();
        assert!(rendered.capacity() >= one * 12, "all of it was set aside at once");
        assert!(rendered.len() <= rendered.capacity());
    }

    #[test]
    fn quotation_marks_are_those_of_json() {
        for text in [
            "",
            "plain",
            "\"\\/\u{8}\u{c}\n\r\t",
            "\u{0}\u{1f}\u{7f}\u{85}\u{2028}\u{feff}",
            "ä€😀",
        ] {
            let back: String = serde_json::from_str(&quoted(text)).unwrap();
            assert_eq!(back, text);
        }
    }
}
