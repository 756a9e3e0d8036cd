//! How much there is to a value, said without showing any of it.
//!
//! The bits are an upper bound, counted as if every character had been drawn by chance: what
//! a person thought up has fewer. Where that would say nothing true, no bits are told.

use serde::Serialize;
use ts_rs::TS;

use crate::jwt;

/// Longer ones are not drawn by chance: they say something, as tokens and addresses do.
const LONGEST: usize = 256;

/// What can be said of a value of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// How long it is.
    pub characters: u32,
    /// How hard it is to guess at most, in bits.
    pub bits: Option<u32>,
}

/// What can be said of `value`; nothing of one with several lines.
#[must_use]
pub fn measure(value: &str) -> Option<Measure> {
    if value.is_empty() || value.contains(['\n', '\r']) {
        return None;
    }
    let length = value.chars().count();
    let says_something = length > LONGEST
        || value.contains("://")
        || value.contains(' ')
        || jwt::read(value).is_some();
    let alphabet = if says_something { None } else { alphabet(value) };
    Some(Measure {
        characters: u32::try_from(length).unwrap_or(u32::MAX),
        bits: alphabet.map(|letters| (length as f64 * letters.log2()).floor() as u32),
    })
}

/// How many characters the smallest usual alphabet has that holds all of `value`.
fn alphabet(value: &str) -> Option<f64> {
    let all = |is: fn(char) -> bool| value.chars().all(is);
    if all(|c| c.is_ascii_digit()) {
        Some(10.0)
    } else if all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        || all(|c| matches!(c, '0'..='9' | 'A'..='F'))
    {
        Some(16.0)
    } else if all(|c| matches!(c, '2'..='7' | 'A'..='Z')) {
        Some(32.0)
    } else if all(|c| c.is_ascii_digit() || c.is_ascii_lowercase()) {
        Some(36.0)
    } else if all(|c| c.is_ascii_alphanumeric()) {
        Some(62.0)
    } else if all(|c| c.is_ascii_alphanumeric() || "+/-_=".contains(c)) {
        Some(64.0)
    } else {
        all(|c| c.is_ascii_graphic()).then_some(94.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str) -> Option<(u32, Option<u32>)> {
        measure(value).map(|measure| (measure.characters, measure.bits))
    }

    #[test]
    fn a_value_is_measured_by_the_smallest_alphabet_that_holds_it() {
        assert_eq!(told("0123456789"), Some((10, Some(33))));
        assert_eq!(told(&"0af9".repeat(16)), Some((64, Some(256))));
        assert_eq!(told(&"0AF9".repeat(16)), Some((64, Some(256))));
        assert_eq!(told(&"Q2Z7".repeat(4)), Some((16, Some(80))));
        assert_eq!(told(&"aZ9k".repeat(16)), Some((64, Some(381))));
        assert_eq!(told(&"aZ9_".repeat(8)), Some((32, Some(192))));
        assert_eq!(told("aZ9_%kq!"), Some((8, Some(52))));
    }

    #[test]
    fn no_bits_are_told_of_what_is_not_drawn_by_chance() {
        assert_eq!(told("correct horse battery"), Some((21, None)));
        assert_eq!(told("postgres://db.example/orders"), Some((28, None)));
        assert_eq!(told("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"), Some((41, None)));
        assert_eq!(told("Käsekrainer"), Some((11, None)));
        assert_eq!(told(&"a".repeat(257)), Some((257, None)));
    }

    #[test]
    fn nothing_is_told_of_several_lines_and_of_nothing() {
        assert_eq!(told("-----BEGIN KEY-----\nAAAA"), None);
        assert_eq!(told(""), None);
    }
}
