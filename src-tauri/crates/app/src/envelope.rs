//! What crosses between the page and this program crosses in an envelope.
//!
//! The web view hands every question and answer on through memory of this process that is not ours:
//! it is freed and not wiped, so a passphrase or a revealed value would lie there long after the
//! vault was locked. Sealed, what is left there opens with nothing: the page's half of the key goes
//! with its process, ours is wiped at the same moment. It is no protection from who controls the page.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use keyturn_model::Entropy;
use keyturn_vault::Key;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::{MessageKey, UserError};

const NONCE: usize = 12;
/// Questions are small; a file never comes this way.
const LONGEST: usize = 4 * 1024 * 1024;
const INFO: &[u8] = b"keyturn 1 envelope";

/// The key that is shared with the page, once it asked for one.
#[derive(Default)]
pub(crate) struct Envelope(Mutex<Option<Key>>);

impl Envelope {
    fn key(&self) -> MutexGuard<'_, Option<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Agrees on a key with a new page; the one before opens nothing any more.
    pub(crate) fn begin(&self, page: &str, entropy: &dyn Entropy) -> Result<String, UserError> {
        let page: [u8; 32] = STANDARD
            .decode(page)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(UserError::input_refused)?;
        let mut own = Zeroizing::new([0; 32]);
        entropy.fill(own.as_mut_slice());
        let own = StaticSecret::from(*own);
        let public = PublicKey::from(&own);
        let shared = own.diffie_hellman(&PublicKey::from(page));
        if !shared.was_contributory() {
            return Err(UserError::input_refused());
        }
        let salt = [page, *public.as_bytes()].concat();
        let stretched = Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes());
        *self.key() = Some(Key::filled(|bytes| {
            // Fails only for more than 255 blocks; this is one.
            let _ = stretched.expand(INFO, bytes);
        }));
        Ok(STANDARD.encode(public.as_bytes()))
    }

    /// Nothing that crossed so far can be opened any more.
    pub(crate) fn forget(&self) {
        *self.key() = None;
    }

    /// What the page asks the command `name`.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        name: &str,
        sealed: &Value,
    ) -> Result<T, UserError> {
        let open = || {
            let text = sealed.as_str().filter(|text| text.len() <= LONGEST)?;
            let bytes = STANDARD.decode(text).ok()?;
            let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
            let payload = Payload { msg: sealed, aad: &place("ask", name) };
            let plain = self.cipher()?.decrypt(&Nonce::from(*nonce), payload).ok()?;
            let plain = Zeroizing::new(plain);
            serde_json::from_slice(&plain).ok()
        };
        open().ok_or_else(|| {
            if self.key().is_some() {
                UserError::input_refused()
            } else {
                // A page from before the vault was locked.
                UserError::new("KT-VAULT-LOCKED", MessageKey::VaultLocked)
            }
        })
    }

    /// What the command `name` answers.
    pub(crate) fn seal<T: Serialize>(
        &self,
        name: &str,
        answer: &T,
        entropy: &dyn Entropy,
    ) -> Result<Value, UserError> {
        let seal = || {
            let plain = Zeroizing::new(serde_json::to_vec(answer).ok()?);
            let mut nonce = [0; NONCE];
            entropy.fill(&mut nonce);
            let payload = Payload { msg: plain.as_slice(), aad: &place("answer", name) };
            let sealed = self.cipher()?.encrypt(&Nonce::from(nonce), payload).ok()?;
            Some(Value::String(STANDARD.encode([nonce.as_slice(), &sealed].concat())))
        };
        seal().ok_or_else(UserError::internal)
    }

    fn cipher(&self) -> Option<Aes256Gcm> {
        self.key().as_ref().map(|key| Aes256Gcm::new(key.expose().into()))
    }
}

/// An envelope opens only as what it was sealed for.
fn place(way: &str, name: &str) -> Vec<u8> {
    format!("{way} {name}").into_bytes()
}

#[cfg(test)]
mod tests {
    use keyturn_testkit::Seeded;
    use serde_json::json;

    use super::*;

    /// A page's side, by the same means.
    fn page(envelope: &Envelope, seed: u64) -> Envelope {
        let entropy = Seeded::new(seed);
        let mut own = [0; 32];
        entropy.fill(&mut own);
        let own = StaticSecret::from(own);
        let public = PublicKey::from(&own);
        let theirs = envelope.begin(&STANDARD.encode(public.as_bytes()), &*entropy).expect("begun");
        let theirs: [u8; 32] = STANDARD.decode(theirs).expect("bytes").try_into().expect("32");
        let shared = own.diffie_hellman(&PublicKey::from(theirs));
        let salt = [*public.as_bytes(), theirs].concat();
        let key = Key::filled(|bytes| {
            let _ = Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes()).expand(INFO, bytes);
        });
        Envelope(Mutex::new(Some(key)))
    }

    /// As the page seals: the words of the two ways are exchanged.
    fn asked(page: &Envelope, name: &str, input: &Value) -> Value {
        let plain = serde_json::to_vec(input).expect("text");
        let payload = Payload { msg: &plain, aad: &place("ask", name) };
        let sealed = page.cipher().expect("a key").encrypt(&Nonce::from([7; NONCE]), payload);
        Value::String(STANDARD.encode([[7; NONCE].as_slice(), &sealed.expect("sealed")].concat()))
    }

    #[test]
    fn what_the_page_seals_opens_here_for_the_same_command_alone() {
        let envelope = Envelope::default();
        let page = page(&envelope, 1);
        let sealed = asked(&page, "unlock_vault", &json!({ "key": "fixture" }));
        assert!(!sealed.to_string().contains("fixture"));
        let opened: Value = envelope.open("unlock_vault", &sealed).expect("opened");
        assert_eq!(opened, json!({ "key": "fixture" }));
        assert!(envelope.open::<Value>("create_vault", &sealed).is_err());
        let answer = envelope.seal("unlock_vault", &"fixture", &*Seeded::new(3)).expect("sealed");
        assert!(
            envelope.open::<Value>("unlock_vault", &answer).is_err(),
            "an answer is no question"
        );
    }

    #[test]
    fn after_locking_or_with_a_new_page_nothing_old_opens() {
        let envelope = Envelope::default();
        let old = page(&envelope, 1);
        let sealed = asked(&old, "quit", &json!(null));
        assert!(envelope.open::<()>("quit", &sealed).is_ok());
        page(&envelope, 2);
        let refused = envelope.open::<()>("quit", &sealed).expect_err("another key");
        assert_eq!(refused.message_key, MessageKey::InputRefused);
        envelope.forget();
        let refused = envelope.open::<()>("quit", &sealed).expect_err("no key");
        assert_eq!(refused.message_key, MessageKey::VaultLocked);
        assert!(envelope.seal("quit", &(), &*Seeded::new(3)).is_err());
    }

    #[test]
    fn what_is_no_envelope_is_refused() {
        let envelope = Envelope::default();
        page(&envelope, 1);
        for odd in [
            json!(null),
            json!({ "input": 1 }),
            json!(""),
            json!("AAAA"),
            json!("?"),
            json!("A".repeat(64)),
        ] {
            assert!(envelope.open::<Value>("quit", &odd).is_err(), "{odd}");
        }
        let entropy = Seeded::new(1);
        for odd in ["", "AAAA", &STANDARD.encode([0; 32])] {
            assert!(
                envelope.begin(odd, &*entropy).is_err(),
                "{odd}: a key that anybody could guess"
            );
        }
    }
}
