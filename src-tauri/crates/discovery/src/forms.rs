//! The ways in which a value may be written down somewhere.
//!
//! A value of several lines is looked for by one of them: indented or escaped, that one is still there. It is the
//! last of the longest ones, as keys of one sort begin alike.

use base64::{Engine as _, alphabet, engine::GeneralPurpose, engine::general_purpose::NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use zeroize::{Zeroize as _, Zeroizing};

use crate::known::SHORTEST;

type Form = Zeroizing<Vec<u8>>;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A value as it is, in base64, in a URL and in quotation marks; nothing when it is too short to be told apart.
pub(crate) fn forms(value: &str) -> Vec<Form> {
    let line = value.lines().map(str::trim).max_by_key(|line| line.len()).unwrap_or_default();
    if line.len() < SHORTEST {
        return Vec::new();
    }
    let mut forms = vec![Zeroizing::new(line.as_bytes().to_vec())];
    let mut add = |form: Form| {
        if form.len() >= SHORTEST && !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(in_url(line));
    add(quoted(line));
    for before in 0..3 {
        for letters in [alphabet::STANDARD, alphabet::URL_SAFE] {
            add(in_base64(line.as_bytes(), before, &letters));
        }
    }
    forms
}

fn in_url(line: &str) -> Form {
    let mut form = Vec::with_capacity(line.len().saturating_mul(3));
    percent_encode(line.as_bytes(), UNRESERVED).for_each(|part| form.extend(part.as_bytes()));
    Zeroizing::new(form)
}

fn quoted(line: &str) -> Form {
    let mut form = Vec::with_capacity(line.len().saturating_mul(2));
    for byte in line.bytes() {
        if matches!(byte, b'"' | b'\\') {
            form.push(b'\\');
        }
        form.push(byte);
    }
    Zeroizing::new(form)
}

/// What shares a letter with what stands around is left out, so up to four bits at either end are not compared.
/// Those letters that say nothing but the value when so many bytes stand before it in a group of three.
fn in_base64(value: &[u8], before: usize, letters: &alphabet::Alphabet) -> Form {
    let mut padded = Zeroizing::new(Vec::with_capacity(before.saturating_add(value.len())));
    padded.resize(before, 0);
    padded.extend_from_slice(value);
    let mut written = vec![0; padded.len().saturating_mul(4).div_ceil(3)];
    let engine = GeneralPurpose::new(letters, NO_PAD);
    // There is room for it.
    let length = engine.encode_slice(&padded, &mut written).unwrap_or_default();
    let own = before.saturating_mul(4).div_ceil(3)..padded.len().saturating_mul(4) / 3;
    let form = written.get(own).filter(|_| length > 0).map(<[u8]>::to_vec).unwrap_or_default();
    written.zeroize();
    Zeroizing::new(form)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    fn is_in(text: &str, value: &str) -> bool {
        forms(value)
            .iter()
            .any(|form| text.as_bytes().windows(form.len()).any(|at| at == form.as_slice()))
    }

    #[test]
    fn a_value_is_known_in_base64_wherever_it_begins_and_ends() {
        for value in ["fixture1", "fixture-12", "fixture-123", "fixture?>~12ÿÿ"] {
            for around in ["", "a", "ab", "abc", "abcd"] {
                for behind in ["", "z", "zz"] {
                    let whole = format!("{around}{value}{behind}");
                    assert!(is_in(&STANDARD.encode(&whole), value), "{whole}");
                    assert!(is_in(&URL_SAFE.encode(&whole), value), "{whole}");
                }
            }
        }
        assert!(!is_in(&STANDARD.encode("fixture_123"), "fixture-123"));
    }

    #[test]
    fn a_value_is_known_in_a_url_and_in_quotation_marks() {
        assert!(is_in("https://ana:fixture%2Fa%20b%21@host", "fixture/a b!"));
        assert!(is_in(r#"{"a":"fixture\"a\\b"}"#, r#"fixture"a\b"#));
    }

    #[test]
    fn a_value_of_several_lines_is_known_by_its_last_long_one() {
        let key = "-----BEGIN-----\nfixture-which-all-keys-begin-with\nfixture-which-this-one-alone-has1\nend\n";
        assert!(is_in("  fixture-which-this-one-alone-has1\\n", key));
        assert!(!is_in("fixture-which-all-keys-begin-with", key));
    }

    #[test]
    fn what_is_too_short_to_be_told_apart_is_not_looked_for() {
        for short in ["", "fixture", "a\nb\nc\nd\ne\nf\ng"] {
            assert!(forms(short).is_empty());
        }
    }
}
