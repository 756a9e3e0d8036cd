//! Going out: the window is locked, by hand or because nobody is there, and what becomes of the rotations.

use std::sync::{Arc, atomic::Ordering};

use keyturn_model::VaultId;
use keyturn_vault::{Head, WhichRuns};

use crate::{
    App,
    app::Happening,
    run_views,
    session::{Inside, Open},
    views::{Countdown, LockCause, Locked, LockedRotations},
};

/// How long before locking somebody is warned.
const WARNED_S: i64 = 20;

impl App {
    /// Locks the vault because somebody asked for it.
    pub fn lock_vault(&self) {
        self.lock(LockCause::Asked);
    }

    /// Locks the vault: nobody reaches what is inside from here on, and the window must forget. Its keys go as well,
    /// unless rotations are to go on, as those of an emergency always are; before sleep they go in any case, as a
    /// computer that sleeps rotates nothing and can be carried away.
    pub fn lock(&self, because: LockCause) {
        let wanted = self.read_settings().settings.rotate_while_locked || self.is_emergency();
        self.end(because, wanted && because != LockCause::Sleep);
    }

    /// Locks the vault, and no rotation goes on: the program ends. A clipboard that refused when the vault was
    /// locked before is asked once more.
    pub fn close(&self) {
        self.end(LockCause::Asked, false);
        self.clear_clipboard();
    }

    /// Puts away the vault in which rotations went on behind the locked window, if there is one.
    pub(crate) fn stop_running_on(&self) {
        if self.0.session.kept().is_some() {
            self.close();
        }
    }

    /// Whether a rotation in haste is open.
    fn is_emergency(&self) -> bool {
        let Some(open) = self.0.session.running() else { return false };
        let runs = open.vault.runs(None, WhichRuns::Open, u32::MAX).unwrap_or_default();
        runs.iter().any(|kept| kept.run.order.is_urgent())
    }

    fn end(&self, because: LockCause, run_on: bool) {
        let (open, was_unlocked) = match self.0.session.end(because, self.clock().now(), run_on) {
            Inside::Nothing => return,
            Inside::Unlocked(open) => (open, true),
            Inside::Running(kept) => (kept, false),
        };
        match self.0.session.kept() {
            // Whoever locks right after unlocking is quicker than the look at them.
            Some(kept) if self.recover_runs(&kept).is_err() => {
                tracing::warn!("open rotations were not taken up");
            }
            Some(_) => {}
            None => self.0.session.note(rotations_in(&open, false)),
        }
        self.leave_reminders(&open);
        let head = sign_head(open);
        if was_unlocked {
            self.0.envelope.forget();
            tracing::info!("the vault was locked");
            self.tell(Happening::Locked);
            // After it: another program may be slow to say what is in the clipboard.
            self.clear_clipboard();
        } else {
            tracing::info!("rotations wait until the vault is unlocked");
            self.tell(Happening::Session(Box::new(self.read_session())));
        }
        if let Some((vault, head)) = head {
            self.keep_head(vault, head);
        }
    }

    /// Lets go of a vault in whose place another one was opened.
    pub(crate) fn put_away(&self, open: Arc<Open>) {
        if let Some((vault, head)) = sign_head(open) {
            self.keep_head(vault, head);
        }
    }

    /// Why the vault is locked, and how far the rotations behind the locked window are.
    pub(crate) fn locked_now(&self) -> Option<Locked> {
        let mut locked = self.0.session.locked()?;
        if let Some(kept) = self.0.session.kept() {
            locked.rotations = rotations_in(&kept, true);
        }
        Some(locked)
    }

    /// Somebody is there.
    pub(crate) fn stay_unlocked(&self, open: &Open) {
        open.touch(self.clock().now());
        if open.warned.swap(false, Ordering::SeqCst) {
            self.tell(Happening::LockingSoon(Countdown { seconds: None }));
        }
    }

    /// Looks once whether anybody is there; the shell calls it every second.
    pub fn tick(&self) {
        self.lock_when_idle();
        self.clear_clipboard_when_due();
        self.notice_leaps();
        self.remind_when_due();
        self.tell_channels_when_due();
        self.hurry_when_due();
    }

    fn lock_when_idle(&self) {
        let Some(open) = self.0.session.open() else { return };
        let minutes = i64::from(self.read_settings().settings.lock_after_minutes.clamp(1, 60));
        let left = minutes * 60 - open.idle_seconds(self.clock().now());
        if left <= 0 {
            drop(open);
            self.lock(LockCause::Idle);
        } else if left <= WARNED_S {
            open.warned.store(true, Ordering::SeqCst);
            let seconds = u32::try_from(left).ok();
            self.tell(Happening::LockingSoon(Countdown { seconds }));
        }
    }

    /// The computer goes to sleep, or its screen is locked.
    pub fn away(&self, because: LockCause) {
        let settings = self.read_settings().settings;
        let wanted = match because {
            LockCause::Sleep => settings.lock_on_sleep,
            LockCause::Screen => settings.lock_with_screen,
            LockCause::Idle | LockCause::Asked => true,
        };
        if wanted {
            self.lock(because);
        }
    }
}

/// Signs where the audit log ends, says it, and lets go of the vault.
fn sign_head(open: Arc<Open>) -> Option<(VaultId, Head)> {
    if !open.vault.is_read_only() && open.vault.sign_head().is_err() {
        tracing::warn!("the audit log was not signed at locking");
    }
    open.vault.head().ok().map(|head| (open.vault.id(), head))
}

/// What can be said of the rotations of a vault without a name. Nothing of a demo, which does not come back, nor
/// when it cannot be told.
fn rotations_in(open: &Open, go_on: bool) -> Option<LockedRotations> {
    let runs =
        open.vault.runs(None, WhichRuns::Open, u32::MAX).ok().filter(|_| open.demo.is_none())?;
    run_views::behind_lock(&runs, go_on)
}
