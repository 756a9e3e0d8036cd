//! The journal that the engine writes: the vault while it is open, the inbox at any time.
//!
//! What several runs want kept at the same time is one transaction, and what they put into the inbox is synced
//! once.

use std::sync::{Arc, Weak};

use keyturn_model::{
    AccountId, RunId,
    rotation::{
        Answer, Asked, Change, Entry, InInbox, Journal, JournalFault, Minted, Orphan, Run, Side,
        Stored, Value,
    },
};
use secrecy::SecretSlice;

use super::{
    inbox::{Inbox, Sealed},
    keep::Tells,
    runs::{Job, Outcome, WhichRuns},
    together::Together,
};
use crate::{
    VaultError,
    error::{Result, writing},
    vault::Vault,
};

/// So many open runs are told at most.
const MOST_OPEN: u32 = 100_000;

/// The journal of one vault. It does not keep the vault open.
pub struct RunJournal {
    vault: Weak<Vault>,
    inbox: Arc<Inbox>,
    jobs: Together<Job, Outcome>,
    made: Together<Sealed, Result<(), JournalFault>>,
}

impl std::fmt::Debug for RunJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RunJournal(hidden)")
    }
}

impl RunJournal {
    /// The journal of an open vault. `tells` reads what a value that comes in force tells of itself; `hear` is
    /// called after something was kept.
    ///
    /// # Errors
    /// When the room of the inbox cannot be taken, or another program holds the vault.
    pub fn of(vault: &Arc<Vault>, tells: Tells, hear: impl Fn() + Send + 'static) -> Result<Self> {
        if vault.is_read_only() {
            return Err(VaultError::Held(vault.folder().holder().flatten()));
        }
        let path = vault.folder().inbox();
        let inbox = Inbox::open(&path, &vault.inbox_public, vault.id(), &vault.around.entropy)?;
        let inbox = Arc::new(inbox);
        let (writer, its_inbox) = (Arc::downgrade(vault), Arc::clone(&inbox));
        let write = move |jobs: &[Job]| {
            let outcomes = match writer.upgrade() {
                Some(vault) => vault.do_jobs(jobs, &its_inbox, tells),
                None => jobs.iter().map(|_| Err(JournalFault::Locked)).collect(),
            };
            hear();
            outcomes
        };
        let jobs = Together::on_a_thread("journal", write).map_err(writing(&path))?;
        let its_inbox = Arc::clone(&inbox);
        let put = move |made: &[Sealed]| match its_inbox.put(made) {
            Ok(()) => made.iter().map(|_| Ok(())).collect(),
            Err(error) if made.len() < 2 => vec![Err(error.into())],
            // One that there is no room for hinders no other.
            Err(_) => made.chunks(1).map(|one| Ok(its_inbox.put(one)?)).collect(),
        };
        let made = Together::on_a_thread("inbox", put).map_err(writing(&path))?;
        Ok(Self { vault: Arc::downgrade(vault), inbox, jobs, made })
    }

    fn vault(&self) -> Result<Arc<Vault>, JournalFault> {
        self.vault.upgrade().ok_or(JournalFault::Locked)
    }

    async fn done(&self, job: Job) -> Outcome {
        // Nobody writes any more only if the thread has ended: then the vault is gone.
        self.jobs.done(job).await.ok_or(JournalFault::Locked)?
    }

    /// It is on disk when this returns.
    async fn put(&self, made: Sealed) -> Result<(), JournalFault> {
        self.made.done(made).await.ok_or(JournalFault::Storage)?
    }

    fn read<T>(&self, read: impl FnOnce(&Vault) -> Result<T>) -> Result<T, JournalFault> {
        Ok(read(&*self.vault()?)?)
    }
}

impl Journal for RunJournal {
    fn begin<'a>(&'a self, run: &'a Run, entry: Entry) -> Answer<'a, Result<(), JournalFault>> {
        let job = Job::Begin { run: run.clone(), entry };
        Box::pin(async { self.done(job).await.map(drop) })
    }

    fn save<'a>(
        &'a self,
        run: &'a Run,
        changes: Vec<Change>,
        entry: Entry,
        heard: bool,
    ) -> Answer<'a, Result<Option<Asked>, JournalFault>> {
        Box::pin(self.done(Job::Save { run: run.clone(), changes, entry, heard }))
    }

    fn load(&self, run: RunId) -> Answer<'_, Result<Stored, JournalFault>> {
        Box::pin(async move { self.read(|vault| vault.load_run(run)) })
    }

    fn open_runs(&self) -> Answer<'_, Result<Vec<RunId>, JournalFault>> {
        Box::pin(async {
            let runs = self.read(|vault| vault.runs(None, WhichRuns::Open, MOST_OPEN))?;
            Ok(runs.into_iter().map(|kept| kept.run.id).collect())
        })
    }

    fn ask(&self, run: RunId, asked: Asked, entry: Entry) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(async move { self.done(Job::Ask { run, asked, entry }).await.map(drop) })
    }

    fn value(&self, run: RunId, side: Side) -> Answer<'_, Result<Value, JournalFault>> {
        Box::pin(async move { self.read(|vault| vault.run_value(run, side)) })
    }

    fn put_in_inbox<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        minted: &'a Minted,
    ) -> Answer<'a, Result<(), JournalFault>> {
        Box::pin(async move { self.put(self.inbox.seal(run, mark, minted)?).await })
    }

    fn put_unreadable<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        answer: &'a SecretSlice<u8>,
    ) -> Answer<'a, Result<(), JournalFault>> {
        Box::pin(async move { self.put(self.inbox.seal_unreadable(run, mark, answer)?).await })
    }

    fn inbox(&self, run: RunId) -> Answer<'_, Result<Option<InInbox>, JournalFault>> {
        Box::pin(async move { self.read(|vault| vault.in_inbox(run, &self.inbox)) })
    }

    fn run_of_mark<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Option<RunId>, JournalFault>> {
        Box::pin(async move { self.read(|vault| vault.run_of_mark(mark)) })
    }

    fn has_key<'a>(
        &'a self,
        _account: AccountId,
        key: &'a str,
    ) -> Answer<'a, Result<bool, JournalFault>> {
        // By whichever account: a key that is in use anywhere is nobody's orphan.
        Box::pin(async move { self.read(|vault| vault.has_key(key, &self.inbox)) })
    }

    fn orphans(&self, account: AccountId) -> Answer<'_, Result<Vec<Orphan>, JournalFault>> {
        Box::pin(async move { self.read(|vault| vault.orphans(Some(account))) })
    }

    fn set_orphan<'a>(
        &'a self,
        orphan: &'a Orphan,
        there: bool,
        entry: Entry,
    ) -> Answer<'a, Result<(), JournalFault>> {
        let job = Job::SetOrphan { orphan: orphan.clone(), there, entry };
        Box::pin(async { self.done(job).await.map(drop) })
    }
}
