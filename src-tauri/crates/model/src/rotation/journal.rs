//! What is asked of the store that outlives the process.

use std::sync::Arc;

use secrecy::SecretSlice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Answer, Asked, Consumer, Held, Issuer, Minted, Run, Value};
use crate::{AccountId, BindingId, RunId, Timestamp};

/// One of the two values of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// The one that was current when the run began.
    Old,
    /// The one that takes its place.
    New,
}

/// A change of what is kept, beside the run itself.
#[derive(Debug)]
pub enum Change {
    /// Seals a value as the pending version of the credential.
    KeepPending(Value),
    /// Moves the minted value of this run out of the inbox, to be the pending version.
    TakeFromInbox,
    /// The pending version becomes the current one, the current one the previous one.
    Promote,
    /// The other way round: the old value is current again.
    StepBack,
    /// A version is in use no more. Its value stays.
    Retire(Side),
    /// The issuer said when the credential was last used.
    Used(Timestamp),
    /// Enters a key that may live at the issuer and that nobody owns.
    Orphan(Orphan),
    /// Those entered by this run are accounted for.
    OrphansGone,
}

/// A key that may live at an issuer without being of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Orphan {
    /// Where.
    pub account: AccountId,
    /// The mark that was given to it.
    pub mark: String,
    /// The issuer's name for it, where that is known.
    pub key: Option<String>,
    /// The run that may have left it.
    pub run: RunId,
    /// When it was entered.
    pub since: Timestamp,
}

/// What goes into the audit log with a change: plain words, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened: `rotation.created`.
    pub action: &'static str,
    /// More about it.
    pub note: String,
}

/// A run as it is kept.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The run.
    pub run: Run,
    /// What a person asked of it since.
    pub asked: Option<Asked>,
}

/// What lies in the inbox for a run.
#[derive(Debug)]
pub enum InInbox {
    /// A value that was read.
    Key {
        /// The mark that it was made with.
        mark: String,
        /// The issuer's name for it.
        key: String,
    },
    /// An answer that could not be read.
    Unreadable {
        /// The mark that was asked for.
        mark: String,
    },
}

/// Why the journal did not do what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JournalFault {
    /// The run is not what it was read as, or another one is open for the credential.
    #[error("somebody else changed it")]
    Changed,
    /// There is none.
    #[error("there is no such run")]
    NoSuchRun,
    /// The vault is locked.
    #[error("the vault is locked")]
    Locked,
    /// No room on the disk, or the database is busy or damaged.
    #[error("it could not be written")]
    Storage,
}

/// The durable store. Each method is one transaction, with its entry in the audit log, and is durable
/// when it returns; one that failed or was dropped has been done as a whole or not at all.
pub trait Journal: Send + Sync {
    /// Enters a run. [`JournalFault::Changed`] while another one is open for the credential.
    fn begin<'a>(&'a self, run: &'a Run, entry: Entry) -> Answer<'a, Result<(), JournalFault>>;

    /// Keeps a run and what changes with it, if the kept one has the revision before; returns what a
    /// person asked of it meanwhile. `heard` says that what was asked before is done with.
    fn save<'a>(
        &'a self,
        run: &'a Run,
        changes: Vec<Change>,
        entry: Entry,
        heard: bool,
    ) -> Answer<'a, Result<Option<Asked>, JournalFault>>;

    /// A run.
    fn load(&self, run: RunId) -> Answer<'_, Result<Stored, JournalFault>>;

    /// The runs that have not ended.
    fn open_runs(&self) -> Answer<'_, Result<Vec<RunId>, JournalFault>>;

    /// Keeps what a person asks of a run, and who they are, for whoever drives it.
    fn ask(&self, run: RunId, asked: Asked, entry: Entry) -> Answer<'_, Result<(), JournalFault>>;

    /// One of the two values of a run: what was current when it began, or what it made last. Both can be
    /// had for as long as the credential exists, whatever became of the run.
    fn value(&self, run: RunId, side: Side) -> Answer<'_, Result<Value, JournalFault>>;

    /// Seals what an issuer made into the inbox. It can be written while the vault is locked, its disk
    /// full or its database busy.
    fn put_in_inbox<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        minted: &'a Minted,
    ) -> Answer<'a, Result<(), JournalFault>>;

    /// The same for an answer that could not be read.
    fn put_unreadable<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        answer: &'a SecretSlice<u8>,
    ) -> Answer<'a, Result<(), JournalFault>>;

    /// What lies in the inbox for a run; a key that was read goes before an answer that was not.
    fn inbox(&self, run: RunId) -> Answer<'_, Result<Option<InInbox>, JournalFault>>;

    /// Whether a mark was given by a run of this vault, and which run.
    fn run_of_mark<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Option<RunId>, JournalFault>>;

    /// Whether a version of a credential, or the inbox, has the key that an account knows so.
    fn has_key<'a>(
        &'a self,
        account: AccountId,
        key: &'a str,
    ) -> Answer<'a, Result<bool, JournalFault>>;

    /// The list of orphans.
    fn orphans(&self, account: AccountId) -> Answer<'_, Result<Vec<Orphan>, JournalFault>>;

    /// Enters an orphan in the place of one with the same mark, or takes it off the list.
    fn set_orphan<'a>(
        &'a self,
        orphan: &'a Orphan,
        there: bool,
        entry: Entry,
    ) -> Answer<'a, Result<(), JournalFault>>;
}

/// Who is asked for a run: issuers and consumers, as they are set up now.
pub trait Outside: Send + Sync {
    /// The issuer of the credential of a run.
    fn issuer(&self, run: &Run) -> Option<Arc<dyn Issuer>>;

    /// The consumer of a binding.
    fn consumer(&self, binding: BindingId) -> Option<Arc<dyn Consumer>>;

    /// Waits until a moment.
    fn until(&self, moment: Timestamp) -> Answer<'_, ()>;
}

impl Held {
    /// What a run holds on one side.
    #[must_use]
    pub fn of(run: &Run, side: Side, value: Value) -> Self {
        let key = match side {
            Side::Old => run.old_key.clone(),
            Side::New => run.new_key.clone().unwrap_or_default(),
        };
        Self { key, value }
    }
}
