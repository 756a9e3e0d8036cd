//! The runs of the open vault go on here, each on its own, until they end or the vault is locked.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use keyturn_engine::{Around, Rest, drive};
use keyturn_model::{RunId, rotation::JournalFault};
use keyturn_vault::{RunJournal, Vault, WhichRuns};
use tokio::sync::watch;

use crate::{App, UserError, app::Happening, credentials::told, outside::Outside, session::Open};

/// The longest sleep: a computer that slept, or a clock that was set, is noticed after it.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// After a disk that was full, or a database that was busy.
const AFTER_STORAGE_FAILED: Duration = Duration::from_secs(10);
/// What is looked at every second finds more than this only when the clock leapt.
const LEAP_MS: i64 = 4000;
/// So seldom at most it is told that something happened.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// The same for the inventory, whose rows say how their rotations are: it is counted anew each time.
const INVENTORY_EVERY: Duration = Duration::from_secs(1);

/// What drives the runs of one open vault. When it is dropped, whatever waits ends; a call that is under way
/// is not cut off, so that what it brings can still be put into the inbox.
pub(crate) struct Rotating {
    pub(crate) around: Arc<Around>,
    driven: Arc<Mutex<BTreeSet<RunId>>>,
    /// Changes when somebody asked something of a run, or the clock leapt.
    asked: watch::Sender<u64>,
    /// When the clock was last looked at.
    looked: AtomicI64,
}

impl std::fmt::Debug for Rotating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rotating(hidden)")
    }
}

impl App {
    /// What drives the runs of the open vault; made when it is first needed.
    pub(crate) fn rotating(&self, open: &Open) -> Result<Arc<Rotating>, UserError> {
        let mut kept = open.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rotating) = &*kept {
            return Ok(Arc::clone(rotating));
        }
        let made = Arc::new(self.new_rotating(&open.vault)?);
        *kept = Some(Arc::clone(&made));
        Ok(made)
    }

    fn new_rotating(&self, vault: &Arc<Vault>) -> Result<Rotating, UserError> {
        let runs = self.seldom(TOLD_EVERY, || Happening::Runs)?;
        let inventory = self.seldom(INVENTORY_EVERY, || Happening::Inventory)?;
        let journal = RunJournal::of(vault, told, move || {
            runs();
            inventory();
        })?;
        let around = Around::new(
            Arc::new(journal),
            Arc::new(Outside::of(
                vault,
                Arc::clone(&self.0.around.clock),
                Arc::clone(&self.0.turns),
            )),
            Arc::clone(&self.0.around.clock),
            Arc::clone(&self.0.around.entropy),
            self.0.driven.clone(),
        );
        Ok(Rotating {
            around: Arc::new(around),
            driven: Arc::default(),
            asked: watch::Sender::new(0),
            looked: AtomicI64::new(self.clock().now().0),
        })
    }

    /// Tells of something after a while, once for all that happened in it.
    fn seldom(
        &self,
        every: Duration,
        what: fn() -> Happening,
    ) -> Result<impl Fn() + Send + 'static, UserError> {
        let app = self.clone();
        let runtime = self.runtime()?.handle().clone();
        let soon = Arc::new(AtomicBool::new(false));
        Ok(move || {
            if soon.swap(true, Ordering::SeqCst) {
                return;
            }
            let (app, soon) = (app.clone(), Arc::clone(&soon));
            runtime.spawn(async move {
                tokio::time::sleep(every).await;
                soon.store(false, Ordering::SeqCst);
                app.tell(what());
            });
        })
    }

    /// After the computer slept, or the clock was set, what waits looks at the clock anew. Asked every second.
    pub(crate) fn notice_leaps(&self) {
        let Some(open) = self.0.session.running() else { return };
        let rotating = open.rotating.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(rotating) = rotating else { return };
        let now = self.clock().now().0;
        let passed = now.saturating_sub(rotating.looked.swap(now, Ordering::SeqCst));
        if !(0..LEAP_MS).contains(&passed) {
            rotating.look_again();
        }
    }

    /// Takes on every run that has not ended.
    ///
    /// # Errors
    /// When it cannot be told which there are.
    pub(crate) fn recover_runs(&self, open: &Open) -> Result<(), UserError> {
        if open.vault.is_read_only() {
            return Ok(());
        }
        let runs = open.vault.runs(None, WhichRuns::Open, u32::MAX)?;
        if runs.is_empty() {
            return Ok(());
        }
        let rotating = self.rotating(open)?;
        for kept in runs {
            rotating.go_on(self, kept.run.id)?;
        }
        tracing::info!("open rotations go on");
        Ok(())
    }
}

impl Rotating {
    fn driven(&self) -> MutexGuard<'_, BTreeSet<RunId>> {
        self.driven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_again(&self) {
        self.asked.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Sees to it that a run goes on, and hears what was asked of it.
    pub(crate) fn go_on(&self, app: &App, id: RunId) -> Result<(), UserError> {
        if !self.driven().insert(id) {
            self.look_again();
            return Ok(());
        }
        let (around, driven) = (Arc::clone(&self.around), Arc::clone(&self.driven));
        let (asked, app) = (self.asked.subscribe(), app.clone());
        app.runtime()?.handle().clone().spawn(async move {
            loop {
                to_rest(&around, id, asked.clone()).await;
                driven.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                // Asked in the moment between: it is heard all the same.
                let waiting = around.journal.load(id).await;
                let heard = waiting
                    .is_ok_and(|stored| stored.asked.is_some() && !stored.run.state.is_end());
                let mine = || driven.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
                if !heard || !mine() {
                    break;
                }
            }
            app.tell(Happening::Runs);
            app.tell(Happening::Inventory);
        });
        Ok(())
    }
}

/// Drives a run until it needs a person, has ended, or the vault is locked.
async fn to_rest(around: &Around, id: RunId, mut asked: watch::Receiver<u64>) {
    loop {
        asked.borrow_and_update();
        let sleep = match drive(around, id).await {
            Ok(Rest::Until(moment)) => {
                let left = moment.0.saturating_sub(around.clock.now().0);
                let left = Duration::from_millis(u64::try_from(left).unwrap_or(0) + 1);
                left.min(LONGEST_SLEEP)
            }
            Ok(Rest::Driven) | Err(JournalFault::Changed | JournalFault::Storage) => {
                AFTER_STORAGE_FAILED
            }
            Ok(
                Rest::Paused | Rest::NeedsAttention | Rest::Done | Rest::Aborted | Rest::Revoked,
            )
            | Err(JournalFault::NoSuchRun | JournalFault::Locked) => return,
        };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            locked = asked.changed() => if locked.is_err() {
                // The next look finds the vault locked, as soon as nobody reads in it any more.
                tokio::time::sleep(TOLD_EVERY).await;
            },
        }
    }
}
