//! Which vault is open, and since when nobody did anything.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use keyturn_model::{Permission, Timestamp};
use keyturn_vault::Vault;

use crate::{
    Access, MessageKey, UserError,
    demo::Demo,
    imports::Importing,
    rotating::Rotating,
    views::{LockCause, Locked},
};

/// The state between two commands.
#[derive(Default)]
pub(crate) struct Session {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Option<Arc<Open>>,
    locked: Option<Locked>,
}

/// A vault that a member unlocked. Only who holds this reaches what is inside.
pub struct Open {
    pub(crate) vault: Arc<Vault>,
    pub(crate) warnings: Mutex<Vec<UserError>>,
    last_touch: AtomicI64,
    pub(crate) warned: AtomicBool,
    confirmed: AtomicI64,
    pub(crate) importing: Importing,
    pub(crate) rotating: Mutex<Option<Arc<Rotating>>>,
    /// After the vault: its folder goes with it.
    pub(crate) demo: Option<Demo>,
}

impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Open(hidden)")
    }
}

impl Open {
    pub(crate) fn new(vault: Vault, now: Timestamp, demo: Option<Demo>) -> Arc<Self> {
        Arc::new(Self {
            vault: Arc::new(vault),
            warnings: Mutex::default(),
            last_touch: AtomicI64::new(now.0),
            warned: AtomicBool::new(false),
            confirmed: AtomicI64::new(0),
            importing: Importing::default(),
            rotating: Mutex::default(),
            demo,
        })
    }

    /// The passphrase was given now.
    pub(crate) fn confirm_now(&self, now: Timestamp) {
        self.confirmed.store(now.0, Ordering::SeqCst);
    }

    /// When the passphrase was last given.
    pub(crate) fn confirmed(&self) -> Timestamp {
        Timestamp(self.confirmed.load(Ordering::SeqCst))
    }

    /// Somebody is there.
    pub(crate) fn touch(&self, now: Timestamp) {
        self.last_touch.store(now.0, Ordering::SeqCst);
    }

    /// For how many seconds nobody was there. A clock that was turned back counts from then.
    pub(crate) fn idle_seconds(&self, now: Timestamp) -> i64 {
        let last = Timestamp(self.last_touch.load(Ordering::SeqCst));
        if last > now {
            self.touch(now);
            return 0;
        }
        now.seconds_since(last)
    }

    pub(crate) fn warnings(&self) -> MutexGuard<'_, Vec<UserError>> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the member who unlocked may do it.
    pub(crate) fn check(&self, permission: Permission) -> Result<(), UserError> {
        let role = self.vault.my_role()?;
        if role.may(permission) { Ok(()) } else { Err(UserError::role_missing(role)) }
    }
}

impl Session {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open(&self) -> Option<Arc<Open>> {
        self.state().open.clone()
    }

    pub(crate) fn locked(&self) -> Option<Locked> {
        self.state().locked
    }

    /// The open vault, for who may have it.
    pub(crate) fn enter(&self, access: Access) -> Result<Arc<Open>, UserError> {
        let open = self
            .open()
            .ok_or_else(|| UserError::new("KT-VAULT-LOCKED", MessageKey::VaultLocked))?;
        if let Access::May(permission) = access {
            open.check(permission)?;
        }
        Ok(open)
    }

    pub(crate) fn begin(&self, open: Arc<Open>) {
        *self.state() = State { open: Some(open), locked: None };
    }

    /// Takes the open vault out; from here on nobody reaches it.
    pub(crate) fn end(&self, because: LockCause, at: Timestamp) -> Option<Arc<Open>> {
        let mut state = self.state();
        let open = state.open.take();
        if open.is_some() {
            state.locked = Some(Locked { because, at });
        }
        open
    }
}
