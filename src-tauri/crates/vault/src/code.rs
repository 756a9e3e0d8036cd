//! Secrets that people write down: Crockford base32 in groups of four, with a checksum.

use std::fmt;

use keyturn_model::Entropy;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{VaultError, error::Result};

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of the checksum: 20 bits.
const CHECK: usize = 4;

/// Random bytes that can be written on paper.
pub struct Code {
    bytes: Zeroizing<Vec<u8>>,
}

impl Code {
    /// The bytes of a recovery key: 256 bits.
    pub const RECOVERY_KEY: usize = 32;
    /// The bytes of an invitation: 160 bits, for it is typed once and soon.
    pub const INVITATION: usize = 20;

    /// A random code of `length` bytes.
    #[must_use]
    pub fn random(length: usize, entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new(vec![0; length]);
        entropy.fill(&mut bytes);
        Self { bytes }
    }

    /// What was typed, whatever blanks and dashes are in it; O is read as 0, I and L as 1.
    ///
    /// # Errors
    /// When it is not a code of `length` bytes, or its checksum does not fit.
    pub fn typed(text: &str, length: usize) -> Result<Self> {
        let letters = (length * 8).div_ceil(5) + CHECK;
        let mut values = Zeroizing::new(Vec::with_capacity(letters));
        for letter in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            if values.len() == letters {
                return Err(VaultError::Mistyped);
            }
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = LETTERS.iter().position(|known| char::from(*known) == letter);
            values.push(value.and_then(|v| u8::try_from(v).ok()).ok_or(VaultError::Mistyped)?);
        }
        if values.len() != letters {
            return Err(VaultError::Mistyped);
        }
        let (front, check) = values.split_at(letters - CHECK);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        let (mut held, mut bits) = (0_u32, 0);
        for value in front {
            held = (held << 5) | u32::from(*value);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 0xFF).unwrap_or_default());
            }
        }
        let spare = held & ((1 << bits) - 1);
        held.zeroize();
        let code = Self { bytes };
        if spare != 0 || code.bytes.len() != length || code.check() != check {
            return Err(VaultError::Mistyped);
        }
        Ok(code)
    }

    /// The bytes, for the derivation of a slot's key.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// As people write it down.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut values: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(64));
        let (mut held, mut bits) = (0_u32, 0);
        for byte in self.bytes.iter() {
            held = (held << 8) | u32::from(*byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                values.push(u8::try_from((held >> bits) & 31).unwrap_or_default());
            }
        }
        if bits > 0 {
            values.push(u8::try_from((held << (5 - bits)) & 31).unwrap_or_default());
        }
        values.extend(self.check());
        let mut text = Zeroizing::new(String::with_capacity(80));
        for (at, value) in values.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS.get(usize::from(*value)).copied().unwrap_or(b'0')));
        }
        text
    }

    fn check(&self) -> [u8; CHECK] {
        let sum = Sha256::digest(&self.bytes);
        let bits = u32::from_be_bytes([0, sum[0], sum[1], sum[2]]) >> 4;
        [15, 10, 5, 0].map(|shift| u8::try_from((bits >> shift) & 31).unwrap_or_default())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (byte, value) in bytes.iter_mut().zip(7_u8..) {
                *byte = value.wrapping_mul(37);
            }
        }
    }

    #[test]
    fn what_is_written_down_is_read_back_in_both_lengths() {
        for length in [Code::RECOVERY_KEY, Code::INVITATION] {
            let code = Code::random(length, &Counting);
            let again = Code::typed(&code.text(), length);
            assert_eq!(again.map(|c| c.expose().to_vec()).ok(), Some(code.expose().to_vec()));
        }
    }

    #[test]
    fn a_recovery_key_has_fourteen_groups_of_four() {
        let text = Code::random(Code::RECOVERY_KEY, &Counting).text();
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), vec![4; 14]);
    }

    #[test]
    fn small_letters_blanks_and_letters_that_look_alike_do_not_matter() {
        let code = Code::random(Code::RECOVERY_KEY, &Counting);
        let sloppy =
            code.text().to_lowercase().replace('-', "  ").replace('0', "o").replace('1', "l");
        assert!(Code::typed(&sloppy, Code::RECOVERY_KEY).is_ok());
    }

    #[test]
    fn every_single_wrong_letter_is_noticed() {
        let text = Code::random(Code::RECOVERY_KEY, &Counting).text();
        for at in 0..text.len() {
            for letter in LETTERS {
                let mut wrong = text.as_bytes().to_vec();
                if wrong[at] == b'-' || wrong[at] == *letter {
                    continue;
                }
                wrong[at] = *letter;
                let wrong = String::from_utf8(wrong).unwrap();
                assert!(matches!(Code::typed(&wrong, 32), Err(VaultError::Mistyped)), "{at}");
            }
        }
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for text in ["", "x", "ÄÖÜ", "----", &"0".repeat(10_000)] {
            assert!(matches!(Code::typed(text, 32), Err(VaultError::Mistyped)));
        }
    }
}
