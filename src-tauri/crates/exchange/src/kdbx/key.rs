//! From the password to the key of the database.

use aes::{
    Aes256, Block,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::header::{Derivation, Header};
use crate::{ReadError, intake::Intake};

/// After so many rounds the caller is asked whether to go on.
const ROUNDS_AT_ONCE: u64 = 1_000_000;

/// The transformed key, from which all others come.
pub(super) fn derive(
    header: &Header,
    password: &SecretString,
    intake: &Intake<'_>,
) -> Result<Zeroizing<[u8; 32]>, ReadError> {
    // To derive a key from it.
    let once = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(password.expose_secret())));
    let composite = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(*once)));
    match &header.derivation {
        Derivation::Aes { rounds, seed } => by_aes(&composite, seed, *rounds, intake),
        Derivation::Argon2 { id, version, memory, passes, lanes, salt } => {
            intake.unlocking(0, None)?;
            let way = if *id { Algorithm::Argon2id } else { Algorithm::Argon2d };
            let version = Version::try_from(*version).map_err(|_| ReadError::header())?;
            let small = |n: u64| u32::try_from(n).map_err(|_| ReadError::header());
            let params = Params::new(small(memory / 1024)?, small(*passes)?, *lanes, Some(32))
                .map_err(|_| ReadError::header())?;
            let mut key = Zeroizing::new([0; 32]);
            Argon2::new(way, version, params)
                .hash_password_into(&*composite, salt, &mut *key)
                .map_err(|_| ReadError::header())?;
            Ok(key)
        }
    }
}

fn by_aes(
    composite: &[u8; 32],
    seed: &[u8; 32],
    rounds: u64,
    intake: &Intake<'_>,
) -> Result<Zeroizing<[u8; 32]>, ReadError> {
    let cipher = Aes256::new(seed.into());
    let mut halves = [Block::default(), Block::default()];
    for (half, bytes) in halves.iter_mut().zip(composite.chunks_exact(16)) {
        half.copy_from_slice(bytes);
    }
    let mut done = 0;
    while done < rounds {
        intake.unlocking(done, Some(rounds))?;
        let now = ROUNDS_AT_ONCE.min(rounds - done);
        for _ in 0..now {
            cipher.encrypt_blocks(&mut halves);
        }
        done += now;
    }
    let mut hash = Sha256::new();
    for half in &halves {
        hash.update(half);
    }
    Ok(Zeroizing::new(hash.finalize().into()))
}
