//! New values: drawn from the randomness that is handed in, each as likely as any other.
//!
//! The bits that are told are those of the draw itself: how many values there are to choose from,
//! or for key pairs how hard the best known attack is.

mod draw;
mod key_pair;

use base64::{Engine, engine::general_purpose};
use keyturn_model::Entropy;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

/// How a new value is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "recipe")]
pub enum Recipe {
    /// Characters of the chosen classes, each class at least once.
    Password {
        /// 8 to 256 characters.
        length: u16,
        /// a to z.
        lower: bool,
        /// A to Z.
        upper: bool,
        /// 0 to 9.
        digits: bool,
        /// Signs of ASCII.
        signs: bool,
        /// Without those that look like others.
        without_lookalikes: bool,
    },
    /// Words of the long list of the EFF.
    Passphrase {
        /// 4 to 12 words.
        words: u8,
        /// Between them; at most 3 characters.
        separator: String,
        /// Each word begins with a capital.
        capitalise: bool,
        /// A digit at the end.
        digit: bool,
    },
    /// Letters and digits.
    Key {
        /// 32, 64 or 128 characters.
        #[serde(default = "usual_key")]
        #[ts(as = "Option<u16>", optional)]
        length: u16,
    },
    /// Bytes, as hexadecimal digits.
    Hex {
        /// 8 to 512 bytes.
        bytes: u16,
    },
    /// Bytes, as base64.
    Base64 {
        /// 8 to 512 bytes.
        bytes: u16,
        /// With the alphabet for addresses, unpadded.
        url: bool,
    },
    /// A random UUID (version 4).
    Uuid,
    /// A key pair of Ed25519.
    Ed25519 {
        /// How it is written.
        format: KeyFormat,
    },
    /// A key pair of RSA.
    Rsa {
        /// 2048, 3072 or 4096.
        bits: u16,
        /// How it is written.
        format: KeyFormat,
    },
}

/// How a key pair is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeyFormat {
    /// As OpenSSH does, the public half in one line.
    OpenSsh,
    /// PKCS#8 and SPKI, as PEM.
    Pkcs8,
}

const fn usual_key() -> u16 {
    64
}

/// A new value.
pub struct Generated {
    /// The value.
    pub value: SecretString,
    /// The public half of a key pair.
    pub public: Option<String>,
    /// How strong it is.
    pub bits: f64,
}

/// Why no value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// A number of the recipe is not one that it may be.
    #[error("a number of the recipe is out of its range")]
    OutOfRange,
    /// No class of characters was chosen.
    #[error("the recipe leaves no characters to draw from")]
    NothingToDraw,
    /// What stands between words is too long, not visible, or missing where words would run
    /// together.
    #[error("the separator cannot be used")]
    Separator,
    /// The randomness that was handed in repeats itself, or the key pair could not be written.
    #[error("no value could be made")]
    NotMade,
}

/// A new value after `recipe`.
///
/// # Errors
/// When the recipe asks for what cannot be made.
pub fn generate(recipe: &Recipe, entropy: &dyn Entropy) -> Result<Generated, GenerateError> {
    match recipe {
        Recipe::Password { length, lower, upper, digits, signs, without_lookalikes } => {
            let chosen = [*lower, *upper, *digits, *signs];
            let classes = draw::classes(chosen, *without_lookalikes);
            draw::password(within(*length, 8, 256)?, &classes, entropy)
        }
        Recipe::Passphrase { words, separator, capitalise, digit } => {
            let words = within(u16::from(*words), 4, 12)?;
            draw::passphrase(words, separator, *capitalise, *digit, entropy)
        }
        Recipe::Key { length: length @ (32 | 64 | 128) } => {
            draw::characters(usize::from(*length), entropy)
        }
        Recipe::Hex { bytes } => {
            let bytes = random(within(*bytes, 8, 512)?, entropy);
            let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
            for byte in bytes.iter() {
                for half in [byte >> 4, byte & 15] {
                    text.extend(char::from_digit(u32::from(half), 16));
                }
            }
            Ok(made(text, bytes.len() as f64 * 8.0))
        }
        Recipe::Base64 { bytes, url } => {
            let bytes = random(within(*bytes, 8, 512)?, entropy);
            let alphabet =
                if *url { general_purpose::URL_SAFE_NO_PAD } else { general_purpose::STANDARD };
            let text = Zeroizing::new(alphabet.encode(bytes.as_slice()));
            Ok(made(text, bytes.len() as f64 * 8.0))
        }
        Recipe::Uuid => {
            let mut bytes = Zeroizing::new([0; 16]);
            entropy.fill(bytes.as_mut_slice());
            let uuid = uuid::Builder::from_random_bytes(*bytes).into_uuid();
            // Version and variant take six of its bits.
            Ok(made(Zeroizing::new(uuid.to_string()), 122.0))
        }
        Recipe::Ed25519 { format } => key_pair::ed25519(*format, entropy),
        Recipe::Rsa { bits: bits @ (2048 | 3072 | 4096), format } => {
            key_pair::rsa(usize::from(*bits), *format, entropy)
        }
        Recipe::Key { .. } | Recipe::Rsa { .. } => Err(GenerateError::OutOfRange),
    }
}

fn within(number: u16, least: u16, most: u16) -> Result<usize, GenerateError> {
    let fits = (least..=most).contains(&number);
    fits.then_some(usize::from(number)).ok_or(GenerateError::OutOfRange)
}

fn random(count: usize, entropy: &dyn Entropy) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(vec![0; count]);
    entropy.fill(&mut bytes);
    bytes
}

fn made(mut text: Zeroizing<String>, bits: f64) -> Generated {
    Generated { value: SecretString::from(std::mem::take(&mut *text)), public: None, bits }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::testing::Seeded;

    fn text(recipe: &Recipe) -> (String, f64) {
        let made = generate(recipe, &Seeded::new(7)).unwrap();
        (made.value.expose_secret().to_owned(), made.bits)
    }

    #[test]
    fn keys_are_as_strong_as_the_domain_says() {
        for (length, bits) in [(32, 190.0), (64, 381.0), (128, 762.0)] {
            let (text, found) = text(&Recipe::Key { length });
            assert_eq!(text.len(), usize::from(length));
            assert!(text.chars().all(|c| c.is_ascii_alphanumeric()));
            assert_eq!(found.floor(), bits);
        }
        let odd = Recipe::Key { length: 33 };
        assert!(matches!(generate(&odd, &Seeded::new(1)), Err(GenerateError::OutOfRange)));
    }

    #[test]
    fn a_key_is_64_characters_when_nothing_else_is_said() {
        let recipe: Recipe = serde_json::from_str(r#"{"recipe":"key"}"#).unwrap();
        assert_eq!(recipe, Recipe::Key { length: 64 });
        let rsa: Recipe =
            serde_json::from_str(r#"{"recipe":"rsa","bits":3072,"format":"openSsh"}"#).unwrap();
        assert_eq!(rsa, Recipe::Rsa { bits: 3072, format: KeyFormat::OpenSsh });
    }

    #[test]
    fn bytes_come_out_as_hex_and_base64() {
        let (hex, bits) = text(&Recipe::Hex { bytes: 32 });
        assert_eq!((hex.len(), bits), (64, 256.0));
        assert!(hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)));
        let (standard, _) = text(&Recipe::Base64 { bytes: 32, url: false });
        assert_eq!(general_purpose::STANDARD.decode(standard).unwrap().len(), 32);
        let (url, _) = text(&Recipe::Base64 { bytes: 32, url: true });
        assert_eq!(general_purpose::URL_SAFE_NO_PAD.decode(url).unwrap().len(), 32);
        for recipe in [Recipe::Hex { bytes: 7 }, Recipe::Base64 { bytes: 513, url: true }] {
            assert!(generate(&recipe, &Seeded::new(1)).is_err());
        }
    }

    #[test]
    fn a_uuid_is_one_of_version_4() {
        let (text, bits) = text(&Recipe::Uuid);
        let uuid = uuid::Uuid::parse_str(&text).unwrap();
        assert_eq!((uuid.get_version_num(), bits), (4, 122.0));
    }
}
