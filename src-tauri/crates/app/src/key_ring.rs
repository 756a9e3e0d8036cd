//! The system's key ring, as the desktop offers it: small secrets under a name.

use secrecy::SecretSlice;

/// A key ring. Every call ends within a few seconds, whatever the service behind it does.
pub trait KeyRing: Send + Sync {
    /// What is kept under `name`.
    ///
    /// # Errors
    /// When there is no key ring, or it does not answer.
    fn get(&self, name: &str) -> Result<Option<SecretSlice<u8>>, KeyRingError>;

    /// Keeps `secret` under `name`, in the place of what was there.
    ///
    /// # Errors
    /// When there is no key ring, or it does not answer.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyRingError>;

    /// Forgets what is kept under `name`; nothing there is no error.
    ///
    /// # Errors
    /// When there is no key ring, or it does not answer.
    fn delete(&self, name: &str) -> Result<(), KeyRingError>;
}

/// Why a key ring could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// The system has none.
    #[error("there is no key ring")]
    Missing,
    /// It is locked, refuses, or does not answer in time.
    #[error("the key ring refuses")]
    Refused,
}
