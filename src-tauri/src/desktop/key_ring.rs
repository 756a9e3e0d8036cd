//! The key ring of the system: Secret Service on Linux, Keychain on macOS, Credential Manager on
//! Windows, by the stores of which the crate `keyring` is made. That crate itself is left out: it
//! keeps the first failure for the life of the process, and a key ring may appear later.
//!
//! A locked key ring asks its owner in a window of its own and may wait forever. So each call runs
//! on its own thread and is given up after a while, and only one runs at a time: a write that was
//! given up may still be done later, but never after a newer one. A secret must never stay in here;
//! the copies that the stores make on their way are wiped by the allocator alone.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use keyring_core::{CredentialStore, Entry, Error};
use keyturn_app::{KeyRing, KeyRingError};
use secrecy::{ExposeSecret, SecretSlice};

/// Under what the key ring files our secrets.
const SERVICE: &str = "org.keyturn.desktop";
const LIMIT: Duration = Duration::from_secs(4);
/// A call that hung so long holds up no other: who was to answer its question is gone.
const HOPELESS: Duration = Duration::from_secs(120);

type Open = dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync;

/// The key ring of the person who runs the program.
pub(crate) struct SystemKeyRing {
    open: Arc<Open>,
    limit: Duration,
    turns: Arc<Turns>,
}

impl SystemKeyRing {
    pub(crate) fn new() -> Self {
        Self::with(Arc::new(open_store), LIMIT)
    }

    fn with(open: Arc<Open>, limit: Duration) -> Self {
        Self { open, limit, turns: Arc::default() }
    }

    /// Does `work` with the entry called `name`, or gives up.
    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyRingError> {
        let asked = now();
        let turn = Turns::take(&self.turns, self.limit).ok_or(KeyRingError::Refused)?;
        let (open, name) = (self.open.clone(), name.to_owned());
        let (answer, answered) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("key ring".into())
            .spawn(move || {
                let _until_the_end = turn;
                // Nobody listens any more when the call was given up.
                let _ = answer.send(answer_of(&*open, &name, work));
            })
            .map_err(|_| KeyRingError::Refused)?;
        let left = self.limit.saturating_sub(asked.elapsed());
        answered.recv_timeout(left).unwrap_or(Err(KeyRingError::Refused))
    }
}

impl KeyRing for SystemKeyRing {
    fn get(&self, name: &str) -> Result<Option<SecretSlice<u8>>, KeyRingError> {
        self.ask(name, |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(SecretSlice::from(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyRingError> {
        let secret = SecretSlice::from(secret.to_vec());
        self.ask(name, move |entry| entry.set_secret(secret.expose_secret()))
    }

    fn delete(&self, name: &str) -> Result<(), KeyRingError> {
        self.ask(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(Error::Ambiguous(entries)) => {
                entries.iter().try_for_each(|entry| entry.delete_credential())
            }
            Err(error) => Err(error),
        })
    }
}

/// Opening fails only where there is no key ring: a locked one opens, and refuses afterwards.
fn answer_of<T>(
    open: &Open,
    name: &str,
    work: impl FnOnce(&Entry) -> keyring_core::Result<T>,
) -> Result<T, KeyRingError> {
    let store = open().map_err(|_| KeyRingError::Missing)?;
    store
        .build(SERVICE, name, None)
        .and_then(|entry| work(&entry))
        .map_err(|_| KeyRingError::Refused)
}

#[cfg(target_os = "linux")]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// One call at a time; each knows since when it has the turn.
#[derive(Default)]
struct Turns {
    taken: Mutex<Option<Instant>>,
    freed: Condvar,
}

impl Turns {
    /// The turn, when it is free within `limit`.
    fn take(turns: &Arc<Self>, limit: Duration) -> Option<Turn> {
        let taken = turns.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |taken: &mut Option<Instant>| {
            taken.is_some_and(|since: Instant| since.elapsed() < HOPELESS)
        };
        let (mut taken, waited) = turns
            .freed
            .wait_timeout_while(taken, limit, waits)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        let since = now();
        *taken = Some(since);
        Some(Turn { turns: turns.clone(), since })
    }
}

/// Whoever holds it may call; to drop it lets the next one.
struct Turn {
    turns: Arc<Turns>,
    since: Instant,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // A hopeless call that ends after all has lost its turn to another.
        if *taken == Some(self.since) {
            *taken = None;
            self.turns.freed.notify_one();
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "how long a call hangs, not what time it is")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use keyring_core::mock;

    use super::*;

    const NAME: &str = "vault-of-a-test";
    const SOON: Duration = Duration::from_millis(100);

    fn on_a_mock() -> SystemKeyRing {
        let store: Arc<CredentialStore> = mock::Store::new().expect("a store");
        SystemKeyRing::with(Arc::new(move || Ok(store.clone())), LIMIT)
    }

    fn kept(ring: &SystemKeyRing) -> Option<Vec<u8>> {
        ring.get(NAME).expect("an answer").map(|secret| secret.expose_secret().to_vec())
    }

    #[test]
    fn a_secret_is_kept_replaced_and_forgotten() {
        let ring = on_a_mock();
        assert_eq!(kept(&ring), None);
        ring.set(NAME, b"one\0\xff").expect("kept");
        assert_eq!(kept(&ring).as_deref(), Some(&b"one\0\xff"[..]));
        ring.set(NAME, b"two").expect("replaced");
        assert_eq!(kept(&ring).as_deref(), Some(&b"two"[..]));
        ring.delete(NAME).expect("forgotten");
        assert_eq!(kept(&ring), None);
        ring.delete(NAME).expect("nothing to forget is no error");
    }

    #[test]
    fn a_key_ring_that_appears_later_is_used() {
        let store: Arc<CredentialStore> = mock::Store::new().expect("a store");
        let there = Arc::new(AtomicBool::new(false));
        let seen = there.clone();
        let open = move || {
            if seen.load(Ordering::SeqCst) { Ok(store.clone()) } else { Err(Error::NoDefaultStore) }
        };
        let ring = SystemKeyRing::with(Arc::new(open), LIMIT);
        assert_eq!(ring.set(NAME, b"one"), Err(KeyRingError::Missing));
        there.store(true, Ordering::SeqCst);
        assert_eq!(ring.set(NAME, b"one"), Ok(()));
    }

    #[test]
    fn what_the_store_refuses_is_refused() {
        let store: Arc<CredentialStore> = mock::Store::new().expect("a store");
        let entry = store.build(SERVICE, NAME, None).expect("an entry");
        let ring = SystemKeyRing::with(Arc::new(move || Ok(store.clone())), LIMIT);
        let credential: &mock::Cred = entry.as_any().downcast_ref().expect("a mock");
        credential.set_error(Error::NoStorageAccess("locked".into()));
        assert_eq!(ring.get(NAME).err(), Some(KeyRingError::Refused));
    }

    #[test]
    fn a_call_that_hangs_is_given_up_and_no_newer_one_overtakes_it() {
        let store: Arc<CredentialStore> = mock::Store::new().expect("a store");
        let (let_go, held) = mpsc::channel::<()>();
        let (held, opened) = (Mutex::new(held), Arc::new(AtomicUsize::new(0)));
        let count = opened.clone();
        let open = move || {
            if count.fetch_add(1, Ordering::SeqCst) == 0 {
                let _ = held.lock().expect("unshared").recv();
            }
            Ok(store.clone())
        };
        let mut ring = SystemKeyRing::with(Arc::new(open), SOON);
        assert_eq!(ring.set(NAME, b"older"), Err(KeyRingError::Refused));
        assert_eq!(ring.set(NAME, b"newer"), Err(KeyRingError::Refused));
        assert_eq!(opened.load(Ordering::SeqCst), 1, "the newer one was not begun");

        let_go.send(()).expect("the older one still hangs");
        ring.limit = LIMIT;
        assert_eq!(kept(&ring).as_deref(), Some(&b"older"[..]), "done late, as a read sees");
        ring.set(NAME, b"newest").expect("kept");
        assert_eq!(kept(&ring).as_deref(), Some(&b"newest"[..]));
    }
}
