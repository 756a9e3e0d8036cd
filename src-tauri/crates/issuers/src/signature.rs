//! A signature proves that somebody has a secret, without sending it.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use keyturn_model::rotation::Fault;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

/// The header that carries it.
pub(crate) const HEADER: &str = "X-Keyturn-Signature";

/// What HMAC-SHA256 makes of a body with a secret.
pub(crate) fn signature(secret: &SecretString, body: &SecretSlice<u8>) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|_| Fault::Refused)?;
    mac.update(body.expose_secret());
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
