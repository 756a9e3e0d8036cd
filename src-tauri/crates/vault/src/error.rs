//! What can go wrong with a vault, told apart by what the caller can do about it.
//!
//! No error holds a secret, and no error is a reason to delete anything.

use std::{
    io,
    path::{Path, PathBuf},
};

use keyturn_model::{MetadataFault, NameError, Timestamp};

use crate::folder::Holder;

/// Why something could not be done with a vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// What was given opens no slot.
    #[error("the key does not open the vault")]
    WrongKey,
    /// Too many wrong attempts.
    #[error("the next attempt has to wait")]
    Wait {
        /// Until then.
        until: Timestamp,
        /// Which is in so many seconds.
        seconds: i64,
    },
    /// There is no vault.
    #[error("no vault at {0}")]
    Missing(PathBuf),
    /// A file has no content.
    #[error("{0} is empty")]
    Empty(PathBuf),
    /// A file is shorter than it was.
    #[error("{0} is truncated")]
    Truncated(PathBuf),
    /// The header is not what was written.
    #[error("the header {0} is damaged")]
    HeaderDamaged(PathBuf),
    /// The header was written by somebody without the keys.
    #[error("the header {0} is forged")]
    HeaderForged(PathBuf),
    /// Header and database do not belong together.
    #[error("{0} belongs to another vault")]
    OtherVault(PathBuf),
    /// The database is not what was written.
    #[error("the database {0} is damaged")]
    Damaged(PathBuf),
    /// A part of the database is older than the rest.
    #[error("a part of {0} is older than the rest")]
    OlderPart(PathBuf),
    /// The header is older than the database.
    #[error("the header {0} is older than the database")]
    OlderHeader(PathBuf),
    /// The file was written by a newer version.
    #[error("{file} has format {format}")]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: u32,
    },
    /// The cost of key derivation is out of bounds.
    #[error("the cost of key derivation is out of bounds")]
    CostRefused,
    /// The system has no memory for key derivation.
    #[error("no {0} KiB of memory for key derivation")]
    NoMemory(u32),
    /// Another program may write, this one may not.
    #[error("another program holds the vault")]
    Held(Option<Holder>),
    /// Something is there already.
    #[error("{0} is taken")]
    Taken(PathBuf),
    /// The system does not let us read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The system does not let us write.
    #[error("{file} cannot be written")]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// No room.
    #[error("no room for {0}")]
    DiskFull(PathBuf),
    /// It was changed since it was read.
    #[error("it was changed meanwhile")]
    Changed,
    /// It would become what cannot be kept.
    #[error(transparent)]
    Refused(MetadataFault),
    /// The audit log is not what was written.
    #[error("the audit log is broken at entry {number}")]
    AuditBroken {
        /// The first entry that is not right.
        number: u64,
    },
    /// A code has a typing error.
    #[error("the code is mistyped")]
    Mistyped,
    /// What would open the slot is right, but its time is over.
    #[error("its time is over")]
    Over,
    /// A vault without an owner could not be managed any more.
    #[error("the last owner must stay")]
    LastOwner,
    /// There is no such credential.
    #[error("the credential is gone")]
    CredentialGone,
    /// These parts of a credential cannot be read; to write it again would lose them.
    #[error("parts of it cannot be read")]
    Unread(Vec<String>),
    /// Something else needs it.
    #[error("it is in use")]
    InUse,
    /// A rotation of the credential is open.
    #[error("a rotation is in progress")]
    Rotating,
    /// Rotations of these credentials are open, and it cannot be done meanwhile.
    #[error("rotations are open")]
    RunsOpen(Vec<String>),
    /// There is no such run.
    #[error("the run is gone")]
    RunGone,
    /// There is no such incident, or it cannot be read here.
    #[error("there is no such incident")]
    IncidentGone,
    /// The version has no value in that field.
    #[error("there is no such value")]
    NoSuchValue,
    /// Who asked for it said stop.
    #[error("it was stopped")]
    Stopped,
    /// There is no such member.
    #[error("there is no such member")]
    NoSuchMember,
    /// Another member has the name.
    #[error("the name is taken")]
    NameTaken,
    /// The name cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// There are as many members or slots as there can be.
    #[error("there is no room for more members")]
    Full,
    /// A file is not a backup.
    #[error("{0} is not a backup")]
    NotABackup(PathBuf),
    /// A backup is not what was written.
    #[error("the backup {0} is damaged")]
    BackupDamaged(PathBuf),
    /// A fault of this program.
    #[error("the database refused")]
    Database(#[source] rusqlite::Error),
}

/// What was asked of a vault, or why it could not be done.
pub(crate) type Result<T, E = VaultError> = std::result::Result<T, E>;

/// An error of reading `file`.
pub(crate) fn reading(file: &Path) -> impl FnOnce(io::Error) -> VaultError + '_ {
    move |reason| match reason.kind() {
        io::ErrorKind::NotFound => VaultError::Missing(file.to_owned()),
        _ => VaultError::Unreadable { file: file.to_owned(), reason },
    }
}

/// An error of writing `file`.
pub(crate) fn writing(file: &Path) -> impl FnOnce(io::Error) -> VaultError + '_ {
    move |reason| match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            VaultError::DiskFull(file.to_owned())
        }
        io::ErrorKind::AlreadyExists => VaultError::Taken(file.to_owned()),
        _ => VaultError::Unwritable { file: file.to_owned(), reason },
    }
}

/// An error of the database in `file`.
pub(crate) fn of_database(file: &Path) -> impl Fn(rusqlite::Error) -> VaultError + '_ {
    use rusqlite::ErrorCode as Code;
    move |error| {
        let file = file.to_owned();
        match error.sqlite_error_code() {
            Some(Code::NotADatabase | Code::DatabaseCorrupt) => VaultError::Damaged(file),
            Some(Code::DiskFull) => VaultError::DiskFull(file),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => VaultError::Held(None),
            Some(Code::SystemIoFailure | Code::ReadOnly) => {
                VaultError::Unwritable { file, reason: io::Error::other(error) }
            }
            Some(Code::CannotOpen | Code::PermissionDenied) => {
                VaultError::Unreadable { file, reason: io::Error::other(error) }
            }
            _ => VaultError::Database(error),
        }
    }
}
