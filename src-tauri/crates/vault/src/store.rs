//! The database of one generation: one writer, readers beside it, and every change with its entry
//! in the audit log, in one transaction.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use keyturn_model::{Clock, MemberId, Timestamp, VaultId};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};

use crate::{
    VaultError,
    audit::{self, Actor, Draft, Head},
    database::{self, Use, connect},
    error::{Result, of_database},
    header::{Change, Header},
    inventory::check_index,
    keys::{MemberSeed, VaultKeys},
    migrations,
    rows::{self, RunningSum, Sum},
    secret::Key,
};

/// The table of signed heads, into which any change may have to write.
const CHECKPOINT: &str = "checkpoint";
/// Connections for reading that are kept open.
const READERS: usize = 3;

/// The database of a vault that is open.
pub(crate) struct Store {
    file: PathBuf,
    vault: VaultId,
    keys: Arc<VaultKeys>,
    clock: Arc<dyn Clock>,
    // Closed before the writer: only a last connection that may write takes the WAL into the file.
    readers: Mutex<Vec<Connection>>,
    writer: Option<Mutex<Writer>>,
}

struct Writer {
    connection: Connection,
    sum: RunningSum,
    head: Head,
    header_revision: u64,
}

/// The row that says what the rest must add up to.
pub(crate) struct Meta {
    pub(crate) vault: VaultId,
    pub(crate) generation: u64,
    pub(crate) header_revision: u64,
    pub(crate) sum: Sum,
    pub(crate) head: Head,
}

/// Who writes: the member who unlocked, who also signs.
pub(crate) struct Author<'a> {
    pub(crate) actor: Actor,
    pub(crate) seed: &'a MemberSeed,
}

impl Store {
    /// Opens the database that `header` names. Migrations must have been done.
    pub(crate) fn open(
        file: &Path,
        header: &Header,
        keys: &Arc<VaultKeys>,
        clock: &Arc<dyn Clock>,
        writable: bool,
    ) -> Result<Self> {
        let purpose = if writable { Use::Write } else { Use::Read };
        let connection = connect(file, &keys.database, purpose)?;
        Self::with(connection, file, header, keys, clock, writable)
    }

    /// The same with a connection that is there already.
    pub(crate) fn with(
        connection: Connection,
        file: &Path,
        header: &Header,
        keys: &Arc<VaultKeys>,
        clock: &Arc<dyn Clock>,
        writable: bool,
    ) -> Result<Self> {
        migrations::version(&connection, file)?;
        let meta = read_meta(&connection, file)?;
        check_belongs(&meta, header, file)?;
        let writer = if writable {
            database::accept(&connection).map_err(of_database(file))?;
            let sum = RunningSum::default();
            sum.set(meta.sum);
            let state = Arc::new(Key::filled(|key| key.copy_from_slice(keys.state.expose())));
            sum.guard(&connection, &state).map_err(of_database(file))?;
            let (head, header_revision) = (meta.head, meta.header_revision);
            Some(Mutex::new(Writer { connection, sum, head, header_revision }))
        } else {
            None
        };
        Ok(Self {
            file: file.to_owned(),
            vault: header.vault(),
            keys: Arc::clone(keys),
            clock: Arc::clone(clock),
            writer,
            readers: Mutex::default(),
        })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// An error of this database.
    pub(crate) fn failed(&self) -> impl Fn(rusqlite::Error) -> VaultError + '_ {
        of_database(&self.file)
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        let writer = self.writer.as_ref().ok_or(VaultError::Held(None))?;
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes rows of `tables` and enters it in the audit log: both, or nothing.
    ///
    /// A change of the header that is not entered yet is entered first.
    pub(crate) fn write<T>(
        &self,
        header: &Header,
        author: &Author<'_>,
        tables: &[&str],
        draft: impl FnOnce(&T) -> Draft,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write_all(header, author, tables, |done| vec![draft(done)], change)
    }

    /// The same with several entries.
    pub(crate) fn write_all<T>(
        &self,
        header: &Header,
        author: &Author<'_>,
        tables: &[&str],
        drafts: impl FnOnce(&T) -> Vec<Draft>,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.writer()?;
        let now = self.clock.now();
        writer.transaction(self, tables, |transaction, head, revision| {
            self.enter_header_change(transaction, head, revision, header)?;
            let done = change(transaction)?;
            for draft in drafts(&done) {
                self.append(transaction, head, now, &author.actor, draft)?;
                if audit::is_checkpoint_due(*head) {
                    self.sign(transaction, *head, author)?;
                }
            }
            Ok(done)
        })
    }

    /// Enters the change that wrote `header`, unless it is entered already.
    pub(crate) fn catch_up(&self, header: &Header) -> Result<()> {
        let mut writer = self.writer()?;
        if writer.header_revision == header.revision {
            return Ok(());
        }
        writer.transaction(self, &[], |transaction, head, revision| {
            self.enter_header_change(transaction, head, revision, header)
        })
    }

    /// Signs the head of the audit log, unless it is signed.
    pub(crate) fn sign_head(&self, author: &Author<'_>) -> Result<()> {
        let mut writer = self.writer()?;
        writer.transaction(self, &[], |transaction, head, _| self.sign(transaction, *head, author))
    }

    fn append(
        &self,
        transaction: &Connection,
        head: &mut Head,
        at: Timestamp,
        actor: &Actor,
        draft: Draft,
    ) -> Result<()> {
        let number = head.seq + 1;
        audit::append(transaction, &self.keys.audit, head, at, actor, draft).map_err(|error| {
            match error.sqlite_error_code() {
                // There is one with this number: the log and what is known of it do not fit.
                Some(ErrorCode::ConstraintViolation) => VaultError::AuditBroken { number },
                _ => self.failed()(error),
            }
        })
    }

    fn sign(&self, transaction: &Connection, head: Head, author: &Author<'_>) -> Result<()> {
        audit::checkpoint(transaction, head, self.vault, author.actor.id, author.seed)
            .map_err(self.failed())
    }

    fn enter_header_change(
        &self,
        transaction: &Connection,
        head: &mut Head,
        revision: &mut u64,
        header: &Header,
    ) -> Result<()> {
        if *revision == header.revision {
            return Ok(());
        }
        let Change { at, actor, actor_name, action, about, about_name, detail } =
            header.last_change.clone();
        let actor = Actor { id: MemberId::from_bytes(*actor), name: actor_name };
        let draft = Draft { action, about: about.map(|id| *id), about_name, detail };
        let at = Timestamp(at);
        self.append(transaction, head, at, &actor, draft)?;
        *revision = header.revision;
        Ok(())
    }

    /// Reads, beside whoever writes: all of it as it is at one moment.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let kept = self.readers().pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connect(&self.file, &self.keys.database, Use::Read)?,
        };
        let found = {
            let moment = connection.unchecked_transaction().map_err(self.failed())?;
            read(&moment)
        };
        let mut readers = self.readers();
        if readers.len() < READERS {
            readers.push(connection);
        }
        found
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the audit log ends.
    pub(crate) fn head(&self) -> Result<Head> {
        Ok(self.meta()?.head)
    }

    pub(crate) fn meta(&self) -> Result<Meta> {
        self.read(|connection| read_meta(connection, &self.file))
    }

    /// Takes the WAL into the file, as far as nobody is reading an older state.
    pub(crate) fn take_over_wal(&self) {
        let Ok(writer) = self.writer() else { return };
        let _ = writer.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Counts all rows anew; an older page gives another sum.
    pub(crate) fn check_sum(&self) -> Result<()> {
        self.read(|connection| check_sum(connection, &self.keys, &self.file))
    }
}

impl Writer {
    /// One transaction; what is in memory moves on only when it is on disk.
    fn transaction<T>(
        &mut self,
        store: &Store,
        tables: &[&str],
        work: impl FnOnce(&Transaction<'_>, &mut Head, &mut u64) -> Result<T>,
    ) -> Result<T> {
        let (before, mut head, mut revision) = (self.sum.get(), self.head, self.header_revision);
        let failed = store.failed();
        self.sum.follow(&self.connection, tables).map_err(&failed)?;
        self.sum.follow(&self.connection, &[CHECKPOINT]).map_err(&failed)?;
        let done = (|| {
            let transaction =
                Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                    .map_err(&failed)?;
            let done = work(&transaction, &mut head, &mut revision)?;
            transaction
                .prepare_cached(
                    // Of one row, which it knows, so that it needs no journal of its own.
                    "UPDATE meta SET rows_sum = ?1, audit_seq = ?2, audit_mac = ?3,
                                     header_revision = ?4 WHERE id = 1",
                )
                .and_then(|mut update| {
                    update.execute(params![
                        self.sum.get().0,
                        i64::try_from(head.seq).unwrap_or(i64::MAX),
                        head.mac,
                        i64::try_from(revision).unwrap_or(i64::MAX)
                    ])
                })
                .map_err(&failed)?;
            transaction.commit().map_err(&failed)?;
            Ok(done)
        })();
        if done.is_ok() {
            (self.head, self.header_revision) = (head, revision);
        } else {
            self.sum.set(before);
        }
        done
    }
}

/// Counts all rows anew. Nobody may write meanwhile, or `connection` is in a transaction.
pub(crate) fn check_sum(connection: &Connection, keys: &VaultKeys, file: &Path) -> Result<()> {
    let meta = read_meta(connection, file)?;
    let sum = rows::count(connection, &keys.state).map_err(of_database(file))?;
    // What the rows add up to does not cover what is only made of them.
    if sum == meta.sum && check_index(connection).map_err(of_database(file))? {
        Ok(())
    } else {
        Err(VaultError::OlderPart(file.to_owned()))
    }
}

pub(crate) fn read_meta(connection: &Connection, file: &Path) -> Result<Meta> {
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    connection
        .query_row(
            "SELECT vault, generation, header_revision, rows_sum, audit_seq, audit_mac FROM meta",
            [],
            |row| {
                Ok(Meta {
                    vault: VaultId::from_bytes(row.get(0)?),
                    generation: number(row.get(1)?),
                    header_revision: number(row.get(2)?),
                    sum: Sum(row.get(3)?),
                    head: Head { seq: number(row.get(4)?), mac: row.get(5)? },
                })
            },
        )
        .map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => VaultError::Damaged(file.to_owned()),
            error => of_database(file)(error),
        })
}

fn check_belongs(meta: &Meta, header: &Header, file: &Path) -> Result<()> {
    if meta.vault != header.vault() || meta.generation != header.generation {
        return Err(VaultError::OtherVault(file.to_owned()));
    }
    if meta.header_revision > header.revision {
        return Err(VaultError::OlderHeader(file.with_file_name("vault.hdr")));
    }
    if header.revision > meta.header_revision + 1 {
        return Err(VaultError::OlderPart(file.to_owned()));
    }
    Ok(())
}
