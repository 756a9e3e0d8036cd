//! The files of a vault, and who may write them.
//!
//! The database is never opened here: on some systems closing a second handle would drop the locks
//! that SQLite holds.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use keyturn_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    VaultError,
    error::{Result, reading, writing},
    header,
};

/// A folder that is, or will be, a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

/// The program that may write a vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process number.
    pub process: u32,
    /// The computer it runs on.
    pub computer: String,
    /// Since when.
    pub since: Timestamp,
}

/// The right to write; given back when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    _lock: File,
    holder: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.holder);
    }
}

/// Wrong attempts so far.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Attempts {
    wrong: u32,
    last: Timestamp,
}

/// Attempts that need not wait.
const FREE_ATTEMPTS: u32 = 4;
const LONGEST_WAIT_S: i64 = 300;
/// Files for people and programs beside the vault never come near this.
const LARGEST_NOTE: u64 = 4096;

impl Folder {
    /// The folder at `path`.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn header(&self) -> PathBuf {
        self.path.join("vault.hdr")
    }

    pub(crate) fn database(&self, generation: u64) -> PathBuf {
        self.path.join(format!("vault-{generation}.db"))
    }

    /// Where the automatic backups are.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.path.join("backups")
    }

    /// Where values lie that an issuer has just made.
    pub(crate) fn inbox(&self) -> PathBuf {
        self.path.join("inbox")
    }

    fn lock_file(&self) -> PathBuf {
        self.path.join("vault.lock")
    }

    fn holder_file(&self) -> PathBuf {
        self.path.join("holder.json")
    }

    fn attempts_file(&self) -> PathBuf {
        self.path.join("attempts.json")
    }

    /// The bytes of the header.
    pub(crate) fn read_header(&self) -> Result<Vec<u8>> {
        let file = self.header();
        let mut bytes = Vec::new();
        let most = u64::try_from(header::LARGEST).unwrap_or(u64::MAX) + 1;
        let open = File::open(&file).map_err(reading(&file))?;
        open.take(most).read_to_end(&mut bytes).map_err(reading(&file))?;
        if bytes.len() > header::LARGEST {
            return Err(VaultError::HeaderDamaged(file));
        }
        Ok(bytes)
    }

    /// Puts a header in force: the one commit point of everything that is not a transaction.
    pub(crate) fn write_header(&self, bytes: &[u8]) -> Result<()> {
        replace_durably(&self.header(), bytes)
    }

    /// Takes the right to write; `None` when another program has it.
    pub(crate) fn hold(&self, holder: &Holder) -> Result<Option<Held>> {
        let path = self.lock_file();
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(writing(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            Err(fs::TryLockError::Error(error)) => return Err(writing(&path)(error)),
        }
        let note = self.holder_file();
        let text = serde_json::to_vec(holder).unwrap_or_default();
        // For people only: the lock is what counts.
        let _ = fs::write(&note, text);
        Ok(Some(Held { _lock: lock, holder: note }))
    }

    /// Who may write at present, as far as it is known; `None` when nobody holds the vault.
    #[must_use]
    pub fn holder(&self) -> Option<Option<Holder>> {
        let lock = File::open(self.lock_file()).ok()?;
        match lock.try_lock_shared() {
            Err(fs::TryLockError::WouldBlock) => Some(small_json(&self.holder_file())),
            _ => None,
        }
    }

    /// Until when the next attempt has to wait. A clock that was turned back gains nothing: the
    /// wait then starts anew.
    pub fn wait_until(&self, now: Timestamp) -> Option<Timestamp> {
        let mut attempts: Attempts = small_json(&self.attempts_file())?;
        if attempts.wrong < FREE_ATTEMPTS {
            return None;
        }
        if attempts.last > now {
            attempts.last = now;
            self.write_attempts(attempts);
        }
        let doublings = (attempts.wrong - FREE_ATTEMPTS).min(16);
        let wait = (1_i64 << doublings).min(LONGEST_WAIT_S);
        let until = attempts.last.plus_seconds(wait);
        (until > now).then_some(until)
    }

    /// Counts an attempt as wrong before it is made, so that a killed program counts too.
    pub(crate) fn count_attempt(&self, now: Timestamp) -> Result<()> {
        if let Some(until) = self.wait_until(now) {
            let seconds = until.seconds_since(now).max(1);
            return Err(VaultError::Wait { until, seconds });
        }
        let before: Attempts = small_json(&self.attempts_file()).unwrap_or_default();
        self.write_attempts(Attempts { wrong: before.wrong.saturating_add(1), last: now });
        Ok(())
    }

    /// The attempt was right.
    pub(crate) fn forget_attempts(&self) {
        let _ = fs::remove_file(self.attempts_file());
    }

    /// Where the folder cannot be written the derivation's own cost is what slows guesses down.
    fn write_attempts(&self, attempts: Attempts) {
        let text = serde_json::to_vec(&attempts).unwrap_or_default();
        let _ = replace_durably(&self.attempts_file(), &text);
    }
}

fn small_json<T: for<'de> Deserialize<'de>>(file: &Path) -> Option<T> {
    let mut text = Vec::new();
    File::open(file).ok()?.take(LARGEST_NOTE).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// A new file beside the old one, on disk before it takes the old one's name.
pub(crate) fn replace_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let replace = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        // By the standard library, so that it goes the way on which tests let the disk fail.
        fs::rename(file.into_temp_path(), path)?;
        sync_folder(folder)
    };
    replace().map_err(writing(path))
}

/// A name that was given or taken is on disk only once its folder is.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
