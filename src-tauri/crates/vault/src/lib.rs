//! One encrypted store on disk: who can open it, what is in it, what happened to it, and its
//! backups. `docs/vault-format.md` says what lies where.
//!
//! It never shows a secret in an error or a log, never deletes what it cannot read, and knows no
//! window. Who may do what is decided in crate `app`.

mod audit;
mod backup;
mod channels;
mod code;
mod cost;
mod database;
mod error;
mod folder;
mod header;
mod incidents;
mod inventory;
mod keys;
mod members;
mod migrations;
mod rekey;
mod reminders;
mod rotation;
mod rows;
mod seal;
mod sealed_file;
mod secret;
mod slots;
mod store;
mod stream;
mod vault;
mod ways;

pub use audit::{Actor, Draft, Entry, Head};
pub use backup::{ClosedBackup, Contents, EXTENSION, OnDisk};
pub use channels::{KeptChannel, KeptMessage, MessageState, ToTell};
pub use code::Code;
pub use cost::Cost;
pub use error::VaultError;
pub use folder::{Folder, Holder};
pub use incidents::{KeptIncident, Touched};
pub use inventory::{
    Addition, Brought, Counts, KeptPolicies, KeptPolicy, KeptViews, List, Login, Many, NewValue,
    OlderValue, Outcome, Overview, Renewal, Searchable, Seen, Taken, TakenBack,
};
pub use members::Member;
pub use reminders::{KeptMute, KeptNotice, KeptReminder, Telling};
pub use rotation::{
    Accepted, AcceptedSoFar, Finding, KeptAccount, KeptAnswer, KeptBinding, KeptConsumer,
    KeptRotation, KeptRun, Link, RunJournal, RunStep, Tells, Told, UnreadBinding, WhichRuns,
};
pub use seal::{open, seal};
pub use sealed_file::{is_sealed_file, open_sealed_file, seal_file};
pub use secret::Key;
pub use slots::Secret;
pub use vault::{ClosedMember, ClosedVault, Hear, NewVault, Step, Surroundings, Vault};
pub use ways::{RecoveryKey, Ways};
