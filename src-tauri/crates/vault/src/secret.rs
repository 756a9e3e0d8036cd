//! Keys in memory: one page each, locked where the system grants it, wiped when dropped, never shown.

use std::fmt;

use keyturn_model::Entropy;
use zeroize::Zeroize;

const PAGE: usize = 4096;

/// A page of its own, so that locking one key never unlocks another.
#[repr(C, align(4096))]
struct Page([u8; PAGE]);

/// 32 secret bytes.
pub struct Key {
    page: Box<Page>,
    // Dropped after the bytes are wiped.
    _lock: Option<region::LockGuard>,
}

impl Key {
    /// The length of every key.
    pub const LENGTH: usize = 32;

    /// A key whose bytes `fill` writes in their final place.
    pub fn filled(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut page = Box::new(Page([0; PAGE]));
        // Without the right to lock memory the key may be swapped out; nothing else changes.
        let lock = region::lock(page.0.as_ptr(), PAGE).ok();
        if let Some(bytes) = page.0.first_chunk_mut::<32>() {
            fill(bytes);
        }
        Self { page, _lock: lock }
    }

    /// A random key.
    #[must_use]
    pub fn random(entropy: &dyn Entropy) -> Self {
        Self::filled(|bytes| entropy.fill(bytes))
    }

    /// A key with these bytes; `None` when they are not 32.
    #[must_use]
    pub fn copied(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == Self::LENGTH).then(|| Self::filled(|own| own.copy_from_slice(bytes)))
    }

    /// The bytes, for the one computation that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.page.0.first_chunk::<32>().unwrap_or(&[0; 32])
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        if let Some(bytes) = self.page.0.first_chunk_mut::<32>() {
            bytes.zeroize();
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}
