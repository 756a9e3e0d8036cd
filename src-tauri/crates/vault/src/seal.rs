//! The second layer: a secret value sealed to its place, so that it can be read nowhere else. What lies outside of a
//! vault is sealed in the same way.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use keyturn_model::Entropy;
use zeroize::Zeroizing;

use crate::secret::Key;

const NONCE: usize = 24;

/// Seals `value`; it opens only with the same `place`.
#[must_use]
pub fn seal(key: &Key, place: &[u8], value: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    entropy.fill(&mut nonce);
    let payload = Payload { msg: value, aad: place };
    let sealed = XChaCha20Poly1305::new(key.expose().into()).encrypt(&XNonce::from(nonce), payload);
    // Fails only for values of more than 256 GiB.
    [nonce.as_slice(), &sealed.unwrap_or_default()].concat()
}

/// Opens what was sealed with the same `place`.
#[must_use]
pub fn open(key: &Key, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: place };
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
}
