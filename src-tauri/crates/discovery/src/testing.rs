//! What the tests are made of.

use keyturn_model::CredentialId;
use secrecy::SecretString;

use crate::{Known, VersionId};

/// The value of one of these.
pub(crate) fn version(number: u32) -> VersionId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    VersionId { credential: CredentialId::from_bytes(bytes), number: 1 }
}

/// These values, marked from 1.
pub(crate) fn known(values: &[&str]) -> Known {
    let values: Vec<SecretString> = values.iter().map(|value| SecretString::from(*value)).collect();
    Known::of((1..).map(version).zip(&values))
}

/// Letters that are the same for each seed.
pub(crate) fn seeded(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let letters = (0..length).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + (state >> 33) as u8 % 26)
    });
    letters.collect()
}
