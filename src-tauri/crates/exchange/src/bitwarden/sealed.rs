//! Opens an export that has a password: the key is derived, stretched, proven, and only then used.

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{ReadError, decode, intake::Intake};

/// One key to decipher, one to prove.
struct Keys {
    cipher: Zeroizing<[u8; 32]>,
    proof: Zeroizing<[u8; 32]>,
}

pub(super) fn open(
    value: &Value,
    password: Option<&SecretString>,
    intake: &Intake<'_>,
) -> Result<Zeroizing<String>, ReadError> {
    if value.get("passwordProtected").and_then(Value::as_bool) != Some(true) {
        return Err(ReadError::Unsupported(
            "only the account that wrote it can open it; export again with a password of its own",
        ));
    }
    let text = |key| decode::string(value, key).ok_or(ReadError::header());
    let (salt, proof, data) = (text("salt")?, text("encKeyValidation_DO_NOT_EDIT")?, text("data")?);
    let number = |key: &str| value.get(key).and_then(Value::as_u64).ok_or(ReadError::header());
    let (sort, passes) = (number("kdfType")?, number("kdfIterations")?);
    let most = intake.limits.derivation;
    let key = match sort {
        0 => {
            if passes > most.pbkdf2 {
                return Err(ReadError::TooCostly);
            }
            let rounds = u32::try_from(passes).ok().filter(|n| *n > 0).ok_or(ReadError::header())?;
            let password = password.ok_or(ReadError::PasswordNeeded)?;
            intake.unlocking(0, None)?;
            let mut key = Zeroizing::new([0; 32]);
            // To derive the key from it.
            pbkdf2::pbkdf2_hmac::<Sha256>(
                password.expose_secret().as_bytes(),
                salt.as_bytes(),
                rounds,
                &mut *key,
            );
            key
        }
        1 => {
            let (mebibytes, lanes) = (number("kdfMemory")?, number("kdfParallelism")?);
            let memory = mebibytes.saturating_mul(1024 * 1024);
            let dear = memory > most.argon2_memory
                || passes > most.argon2_passes
                || lanes > u64::from(most.argon2_lanes)
                || memory.saturating_mul(passes) > most.argon2_work;
            if dear {
                return Err(ReadError::TooCostly);
            }
            let small = |n: u64| u32::try_from(n).map_err(|_| ReadError::header());
            let params =
                Params::new(small(memory / 1024)?, small(passes)?, small(lanes)?, Some(32))
                    .map_err(|_| ReadError::header())?;
            let password = password.ok_or(ReadError::PasswordNeeded)?;
            intake.unlocking(0, None)?;
            let mut key = Zeroizing::new([0; 32]);
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                // To derive the key from it.
                .hash_password_into(
                    password.expose_secret().as_bytes(),
                    &Sha256::digest(&salt),
                    &mut *key,
                )
                .map_err(|_| ReadError::header())?;
            key
        }
        _ => return Err(ReadError::Unsupported("it derives its key in an unknown way")),
    };
    let keys = stretched(&key)?;
    unsealed(&proof, &keys).map_err(|error| match error {
        ReadError::Damaged { .. } => ReadError::WrongPassword,
        other => other,
    })?;
    let plain = unsealed(&data, &keys)?;
    let text = std::str::from_utf8(&plain).map_err(|_| ReadError::body())?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn stretched(key: &[u8; 32]) -> Result<Keys, ReadError> {
    let expand = Hkdf::<Sha256>::from_prk(key).map_err(|_| ReadError::header())?;
    let part = |name: &[u8]| {
        let mut part = Zeroizing::new([0; 32]);
        expand.expand(name, &mut *part).map_err(|_| ReadError::header())?;
        Ok::<_, ReadError>(part)
    };
    Ok(Keys { cipher: part(b"enc")?, proof: part(b"mac")? })
}

/// `2.` means AES-256 in CBC mode with HMAC-SHA256: `2.iv|sealed|proof`.
fn unsealed(text: &str, keys: &Keys) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let parts = text
        .strip_prefix("2.")
        .ok_or(ReadError::Unsupported("it is encrypted in an unknown way"))?;
    let parts: Vec<_> = parts.split('|').map(decode::base64).collect();
    let [Some(iv), Some(sealed), Some(proof)] = parts.as_slice() else {
        return Err(ReadError::body());
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&*keys.proof).map_err(|_| ReadError::body())?;
    mac.update(iv);
    mac.update(sealed);
    mac.verify_slice(proof).map_err(|_| ReadError::body())?;
    let mut bytes = sealed.clone();
    let length = cbc::Decryptor::<aes::Aes256>::new_from_slices(&*keys.cipher, iv)
        .map_err(|_| ReadError::body())?
        .decrypt_padded::<Pkcs7>(&mut bytes)
        .map_err(|_| ReadError::body())?
        .len();
    bytes.truncate(length);
    Ok(bytes)
}
