//! The inventory: credentials with their versions, policies and kept questions.
//!
//! What lists and searches read stands in rows; a secret value is sealed to its place and opened one
//! at a time. Every change is one transaction with its entries in the audit log.

mod add;
mod change;
mod each;
mod find;
mod import;
mod list;
mod overview;
mod policies;
mod question;
mod read;
mod values;
mod views;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64},
};

pub use add::{Addition, OlderValue};
pub use change::{Many, Outcome, Seen};
pub use each::Searchable;
pub use import::{Brought, Renewal, TakenBack};
pub use list::{Counts, List};
pub use overview::{Login, Overview};
pub use policies::{KeptPolicies, KeptPolicy};
pub use values::{NewValue, Taken};
pub use views::KeptViews;

pub(crate) use find::{check as check_index, prepare as prepare_finding};
pub(crate) use read::metadata as read_metadata;
pub(crate) use values::{
    InForce, Sealer, current, enter as enter_version, next_number, open_fields, put_in_force,
    value_place,
};

/// The tables that hold a credential.
const CREDENTIAL: &[&str] = &["credential", "value_version", "secret_value", "tag"];
/// Those, and the ones whose rows go with it.
pub(crate) const CREDENTIAL_AND_ALL: &[&str] = &[
    "credential",
    "value_version",
    "secret_value",
    "tag",
    "binding",
    "finding",
    "setup_secret",
    "rotation_setup",
    "run",
    "run_step",
    "reminder",
];

/// What was found lately, so that scrolling does not look for it again.
#[derive(Default)]
pub(crate) struct Lately {
    changes: AtomicU64,
    found: Mutex<Vec<Arc<list::Found>>>,
    all: Mutex<Option<(u64, u32)>>,
    all_read: AtomicBool,
    words: Mutex<Option<(u64, Arc<find::Words>)>>,
}

impl Lately {
    /// From now on everything is looked for anew.
    pub(crate) fn forget(&self) {
        self.changes.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }

    fn changes(&self) -> u64 {
        self.changes.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Whether there was nothing that could not be read.
    fn all_read(&self) -> bool {
        self.all_read.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// So many cannot be read.
    fn saw(&self, unread: u32) {
        self.all_read.store(unread == 0, std::sync::atomic::Ordering::SeqCst);
    }

    /// The words of the vault, read again when something was changed.
    fn words(
        &self,
        read: impl FnOnce() -> rusqlite::Result<find::Words>,
    ) -> rusqlite::Result<Arc<find::Words>> {
        let changes = self.changes();
        let mut kept = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, words)) = kept.as_ref().filter(|(since, _)| *since == changes) {
            return Ok(Arc::clone(words));
        }
        let words = Arc::new(read()?);
        *kept = Some((changes, Arc::clone(&words)));
        Ok(words)
    }

    fn all(&self) -> MutexGuard<'_, Option<(u64, u32)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(&self) -> MutexGuard<'_, Vec<Arc<list::Found>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tags as a row keeps them.
fn joined(tags: &[String]) -> String {
    tags.join(" ")
}

/// Tags as they were before they were joined.
fn split(tags: &str) -> Vec<String> {
    tags.split(' ').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// A value that serde writes as one word.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value that serde reads out of one word.
pub(crate) fn of_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
