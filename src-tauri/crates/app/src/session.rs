//! Which vault is open, and since when nobody did anything.
//!
//! A vault that goes on rotating behind the locked window is reached by [`Session::running`] alone, which only the
//! runs and the schedule ask.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use keyturn_model::{Permission, Timestamp};
use keyturn_vault::Vault;

use crate::{
    Access, MessageKey, UserError,
    demo::Demo,
    discovery::Discovering,
    imports::Importing,
    rotating::Rotating,
    views::{LockCause, Locked, LockedRotations, LostTogether},
};

/// The state between two commands.
#[derive(Default)]
pub(crate) struct Session {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    inside: Inside,
    locked: Option<Locked>,
}

/// What there is of a vault.
#[derive(Default)]
pub(crate) enum Inside {
    /// No vault, and no keys.
    #[default]
    Nothing,
    /// A member unlocked it.
    Unlocked(Arc<Open>),
    /// The window is locked; the keys are there for rotations alone.
    Running(Arc<Open>),
}

/// A vault that a member unlocked. Only who holds this reaches what is inside.
pub struct Open {
    pub(crate) vault: Arc<Vault>,
    pub(crate) warnings: Mutex<Vec<UserError>>,
    last_touch: AtomicI64,
    pub(crate) warned: AtomicBool,
    /// What was told while it was locked is known in it.
    pub(crate) reminded: AtomicBool,
    confirmed: AtomicI64,
    pub(crate) importing: Importing,
    pub(crate) discovering: Discovering,
    lost: Mutex<Vec<LostTogether>>,
    pub(crate) rotating: Arc<Mutex<Option<Arc<Rotating>>>>,
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
        Arc::new(Self::fresh(Arc::new(vault), Arc::default(), now, demo))
    }

    /// The same vault and its runs, without anything of what a person did in it.
    fn for_runs(&self, now: Timestamp) -> Arc<Self> {
        let (vault, rotating) = (Arc::clone(&self.vault), Arc::clone(&self.rotating));
        Arc::new(Self::fresh(vault, rotating, now, None))
    }

    fn fresh(
        vault: Arc<Vault>,
        rotating: Arc<Mutex<Option<Arc<Rotating>>>>,
        now: Timestamp,
        demo: Option<Demo>,
    ) -> Self {
        Self {
            vault,
            warnings: Mutex::default(),
            last_touch: AtomicI64::new(now.0),
            warned: AtomicBool::new(false),
            reminded: AtomicBool::new(false),
            confirmed: AtomicI64::new(0),
            importing: Importing::default(),
            discovering: Discovering::default(),
            lost: Mutex::default(),
            rotating,
            demo,
        }
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

    /// What the last file that was previewed or written lost.
    pub(crate) fn lost(&self) -> MutexGuard<'_, Vec<LostTogether>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// The vault that a member unlocked.
    pub(crate) fn open(&self) -> Option<Arc<Open>> {
        match &self.state().inside {
            Inside::Unlocked(open) => Some(Arc::clone(open)),
            Inside::Running(_) | Inside::Nothing => None,
        }
    }

    /// The vault in which rotations go on behind the locked window.
    pub(crate) fn kept(&self) -> Option<Arc<Open>> {
        match &self.state().inside {
            Inside::Running(kept) => Some(Arc::clone(kept)),
            Inside::Unlocked(_) | Inside::Nothing => None,
        }
    }

    /// The vault in which rotations go on, behind a locked window or not: for the runs and the schedule alone.
    pub(crate) fn running(&self) -> Option<Arc<Open>> {
        self.open().or_else(|| self.kept())
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

    /// Gives what was there before.
    pub(crate) fn begin(&self, open: Arc<Open>) -> Inside {
        let begun = State { inside: Inside::Unlocked(open), locked: None };
        mem::replace(&mut *self.state(), begun).inside
    }

    /// Locks: from here on nobody reaches what was open. With `run_on`, rotations go on in it; a demo is gone when
    /// it is locked, and what can only be read has none. Gives what was there before, if that is not so any more.
    pub(crate) fn end(&self, because: LockCause, at: Timestamp, run_on: bool) -> Inside {
        let mut state = self.state();
        let after = match &state.inside {
            Inside::Nothing => return Inside::Nothing,
            Inside::Running(_) if run_on => return Inside::Nothing,
            Inside::Unlocked(open)
                if run_on && open.demo.is_none() && !open.vault.is_read_only() =>
            {
                Inside::Running(open.for_runs(at))
            }
            Inside::Unlocked(_) | Inside::Running(_) => Inside::Nothing,
        };
        let before = mem::replace(&mut state.inside, after);
        if matches!(before, Inside::Unlocked(_)) {
            state.locked = Some(Locked { because, at, rotations: None });
        }
        before
    }

    /// Keeps what was known of rotations when the vault was locked.
    pub(crate) fn note(&self, rotations: Option<LockedRotations>) {
        if let Some(locked) = &mut self.state().locked {
            locked.rotations = rotations;
        }
    }
}
