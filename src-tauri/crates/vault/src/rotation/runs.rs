//! Runs as they are kept: what the journal writes, and what is read of them.

use keyturn_model::{
    AccountId, CredentialId, RunId, Timestamp,
    rotation::{
        Asked, Change, Entry, InInbox, JournalFault, Orphan, Run, Side, State, Stored, Trouble,
        Value,
    },
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{
    bindings::is_rotating,
    inbox::{Inbox, Item},
    keep::{self, Keeping, Tells},
};
use crate::{
    VaultError,
    audit::Draft,
    error::Result,
    inventory::{Sealer, current},
    keys::InboxKey,
    vault::{Opened, Vault},
};

/// The tables that a run writes.
const TABLES: &[&str] =
    &["run", "run_step", "mark", "orphan", "credential", "value_version", "secret_value"];

/// Something to be made durable for a run.
pub(super) enum Job {
    Begin { run: Run, entry: Entry },
    Save { run: Run, changes: Vec<Change>, entry: Entry, heard: bool },
    Ask { run: RunId, asked: Asked, entry: Entry },
    SetOrphan { orphan: Orphan, there: bool, entry: Entry },
}

/// What came of it: for a save, what a person asked meanwhile.
pub(super) type Outcome = Result<Option<Asked>, JournalFault>;

/// A run as it is kept.
#[derive(Debug, Clone)]
pub struct KeptRun {
    /// The run.
    pub run: Run,
    /// What the credential is called.
    pub credential_name: String,
    /// When it was begun.
    pub begun: Timestamp,
    /// When it was last kept.
    pub changed: Timestamp,
    /// The number of the version that was current when it began.
    pub old_version: i64,
    /// The number of the version that it made.
    pub new_version: Option<i64>,
    /// What a person asked of it and nobody has heard yet.
    pub asked: Option<Asked>,
    /// It went wrong and was undone, and nobody has begun another one of the credential since.
    pub unheeded: bool,
}

/// Which runs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichRuns {
    /// All there ever were.
    All,
    /// Those that have not ended.
    Open,
    /// Those that have not ended, and those that nobody has heeded.
    Unsettled,
}

/// One thing that a run went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// The revision that it led to.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// The state that it led to, by its name.
    pub state: String,
    /// What happened.
    pub action: String,
    /// More about it.
    pub note: String,
}

/// What one job left to be done after it is durable.
#[derive(Default)]
struct Done {
    asked: Option<Asked>,
    draft: Option<Draft>,
    taken: Option<Item>,
}

/// The name of a state, without what is in it.
fn name(state: &State) -> String {
    let named = serde_json::to_value(state).unwrap_or_default();
    named.get("is").and_then(|is| is.as_str()).unwrap_or_default().to_owned()
}

/// A part of a JSON column, as SQL: nothing where that is none, so that one damaged row fails no list.
macro_rules! part {
    ($column:literal, $path:literal) => {
        concat!("(CASE WHEN json_valid(", $column, ") THEN ", $column, " ->> '", $path, "' END)")
    };
}

/// Whether a run that ended went wrong, as SQL; who stops one by hand lets it not fail.
macro_rules! went_wrong {
    () => {
        concat!(
            part!("r.content", "$.state.is"),
            " = 'aborted' AND coalesce(",
            part!("r.content", "$.trouble.what"),
            ", 'stopped') <> 'stopped'"
        )
    };
}

/// The same of a run at hand.
fn went_wrong(run: &Run) -> bool {
    run.state == State::Aborted && run.trouble.is_some_and(|trouble| trouble != Trouble::Stopped)
}

const COLUMNS: &str = concat!(
    "r.content, c.name, r.begun, r.changed, r.old_version, r.new_version, r.asked,
    r.open = 0 AND c.archived IS NULL
        AND NOT EXISTS (SELECT 1 FROM run n WHERE n.credential = r.credential AND n.id > r.id)
        AND ",
    went_wrong!(),
    " AS unheeded"
);

/// The status that the rotations of a row of `credential` make of it, as SQL: the open one, or the last when
/// it went wrong. Waiting for a person's hand is no failure.
pub(crate) const STATUS: &str = concat!(
    "coalesce(
        (SELECT CASE ",
    part!("r.content", "$.state.is"),
    "        WHEN 'grace' THEN 'inGrace'
             WHEN 'needsAttention' THEN
                 CASE ",
    part!("r.content", "$.trouble.why"),
    " WHEN 'byHand' THEN 'rotating' ELSE 'failed' END
             ELSE 'rotating' END
         FROM run r WHERE r.credential = credential.id AND r.open = 1),
        CASE WHEN failures > 0 THEN
            (SELECT CASE WHEN ",
    went_wrong!(),
    " THEN 'failed' END
             FROM run r WHERE r.credential = credential.id ORDER BY r.id DESC LIMIT 1) END)"
);

/// Whether a row's rotation is open, as SQL.
macro_rules! is_open {
    () => {
        "row IN (SELECT c.row FROM run r CROSS JOIN credential c ON c.id = r.credential WHERE r.open = 1)"
    };
}
pub(crate) const IS_OPEN: &str = is_open!();

/// Whether its rotations make anything of its status, as SQL that can be asked of every row: it reads no run.
pub(crate) const HAS_STATUS: &str = concat!("(failures > 0 OR ", is_open!(), ")");

fn kept(row: &Row<'_>) -> rusqlite::Result<Option<KeptRun>> {
    let Ok(run) = serde_json::from_str(row.get_ref(0)?.as_str()?) else { return Ok(None) };
    let asked: Option<String> = row.get(6)?;
    Ok(Some(KeptRun {
        run,
        credential_name: row.get(1)?,
        begun: Timestamp(row.get(2)?),
        changed: Timestamp(row.get(3)?),
        old_version: row.get(4)?,
        new_version: row.get(5)?,
        asked: asked.and_then(|asked| serde_json::from_str(&asked).ok()),
        unheeded: row.get(7)?,
    }))
}

impl Vault {
    /// Does jobs in one transaction. One that is refused changes nothing and hinders no other; when that
    /// cannot be, each is a transaction of its own.
    pub(super) fn do_jobs(&self, jobs: &[Job], inbox: &Inbox, tells: Tells) -> Vec<Outcome> {
        match self.try_jobs(jobs, inbox, tells) {
            Ok(outcomes) => outcomes,
            Err(error) if jobs.len() < 2 => vec![Err(error.into())],
            Err(_) => jobs.chunks(1).flat_map(|job| self.do_jobs(job, inbox, tells)).collect(),
        }
    }

    fn try_jobs(&self, jobs: &[Job], inbox: &Inbox, tells: Tells) -> Result<Vec<Outcome>> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        let inbox_key = InboxKey::of(&opened.keys.inbox);
        let now = self.around.clock.now();
        let drafts = |done: &Vec<Result<Done, JournalFault>>| {
            done.iter().filter_map(|done| done.as_ref().ok()?.draft.clone()).collect()
        };
        let done = opened.store.write_all(&opened.header, &author, TABLES, drafts, |all| {
            let keeping = Keeping {
                opened: &opened,
                connection: all,
                sealer: &sealer,
                inbox,
                inbox_key: &inbox_key,
                tells,
                by: &author.actor.name,
                now,
            };
            jobs.iter().map(|job| one(&keeping, all, job)).collect::<Result<Vec<_>>>()
        })?;
        self.lately.forget();
        let mut taken = Vec::new();
        let mut settle = |done: Done| {
            taken.extend(done.taken);
            done.asked
        };
        let outcomes = done.into_iter().map(|done| done.map(&mut settle)).collect();
        // They are durable in the vault: what stays in the inbox is only seen once more.
        let _ = inbox.taken(&taken);
        Ok(outcomes)
    }

    pub(super) fn load_run(&self, id: RunId) -> Result<Stored> {
        let kept = self.run(id)?.ok_or(VaultError::RunGone)?;
        Ok(Stored { run: kept.run, asked: kept.asked })
    }

    pub(super) fn run_value(&self, run: RunId, side: Side) -> Result<Value> {
        let opened = self.opened();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        opened.store.read(|connection| keep::value(&opened, connection, &sealer, run, side))
    }

    pub(super) fn in_inbox(&self, run: RunId, inbox: &Inbox) -> Result<Option<InInbox>> {
        let items = inbox.of(run, &InboxKey::of(&self.opened().keys.inbox))?;
        let read = items.iter().rev().find(|item| item.value.is_some());
        Ok(match (read, items.last()) {
            (Some(item), _) => {
                Some(InInbox::Key { mark: item.mark.clone(), key: item.key.clone() })
            }
            (None, Some(item)) => Some(InInbox::Unreadable { mark: item.mark.clone() }),
            (None, None) => None,
        })
    }

    pub(super) fn has_key(&self, key: &str, inbox: &Inbox) -> Result<bool> {
        let opened = self.opened();
        let all = inbox.all(&InboxKey::of(&opened.keys.inbox))?;
        if all.iter().any(|item| item.key == key) {
            return Ok(true);
        }
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM value_version
                                    WHERE key_id = ?1 AND stage != 'retired')",
                )
                .and_then(|mut one| one.query_row([key], |row| row.get(0)))
                .map_err(opened.store.failed())
        })
    }

    pub(super) fn run_of_mark(&self, mark: &str) -> Result<Option<RunId>> {
        self.read_rows("SELECT run FROM mark WHERE text = ?1", [mark], |row| {
            Ok(Some(RunId::from_bytes(row.get(0)?)))
        })
        .map(|mut all| all.pop())
    }

    /// The keys that may live at the issuer of an account without being of use; of all accounts without one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn orphans(&self, account: Option<AccountId>) -> Result<Vec<Orphan>> {
        self.read_rows(
            "SELECT account, mark, key, run, since FROM orphan
             WHERE ?1 IS NULL OR account = ?1 ORDER BY since, mark",
            [account.map(|id| *id.bytes())],
            |row| {
                Ok(Some(Orphan {
                    account: AccountId::from_bytes(row.get(0)?),
                    mark: row.get(1)?,
                    key: row.get(2)?,
                    run: RunId::from_bytes(row.get(3)?),
                    since: Timestamp(row.get(4)?),
                }))
            },
        )
    }

    /// A run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn run(&self, id: RunId) -> Result<Option<KeptRun>> {
        let one = format!(
            "SELECT {COLUMNS} FROM run r JOIN credential c ON c.id = r.credential WHERE r.id = ?1"
        );
        self.read_rows(&one, [id.bytes()], kept).map(|mut all| all.pop())
    }

    /// The runs of one credential, or of all, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn runs(
        &self,
        credential: Option<CredentialId>,
        which: WhichRuns,
        most: u32,
    ) -> Result<Vec<KeptRun>> {
        let among = match which {
            WhichRuns::All => "1",
            WhichRuns::Open => "r.open = 1",
            WhichRuns::Unsettled => "(r.open = 1 OR unheeded)",
        };
        let list = format!(
            "SELECT {COLUMNS} FROM run r JOIN credential c ON c.id = r.credential
             WHERE (?1 IS NULL OR r.credential = ?1) AND {among}
             ORDER BY r.id DESC LIMIT ?2"
        );
        self.read_rows(&list, params![credential.map(|id| *id.bytes()), most], kept)
    }

    /// The runs that were kept at a moment or later and have come to rest, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rested_runs(&self, since: Timestamp) -> Result<Vec<KeptRun>> {
        let list = format!(
            concat!(
                "SELECT {} FROM run r JOIN credential c ON c.id = r.credential
                 WHERE r.changed >= ?1 AND (r.open = 0 OR ",
                part!("r.content", "$.state.is"),
                " = 'needsAttention') ORDER BY r.changed"
            ),
            COLUMNS
        );
        self.read_rows(&list, [since.0], kept)
    }

    /// What a run went through, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn run_steps(&self, id: RunId) -> Result<Vec<RunStep>> {
        self.read_rows(
            "SELECT revision, at, state, action, note FROM run_step WHERE run = ?1
             ORDER BY revision",
            [id.bytes()],
            |row| {
                Ok(Some(RunStep {
                    revision: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
                    at: Timestamp(row.get(1)?),
                    state: row.get(2)?,
                    action: row.get(3)?,
                    note: row.get(4)?,
                }))
            },
        )
    }

    /// The credentials that are to be rotated by themselves and are due: not paused, with none of their runs
    /// open, and with the last one good. So the first is always begun by a person, and one that failed waits
    /// for a person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn due_by_themselves(&self) -> Result<Vec<CredentialId>> {
        let now = self.around.clock.now();
        self.read_rows(
            concat!(
                "SELECT c.id FROM rotation_setup s JOIN credential c ON c.id = s.credential
                 WHERE c.rotates <= ?1 AND c.paused = 0 AND c.archived IS NULL AND ",
                part!("s.setup", "$.automatic"),
                " = 1 AND (SELECT ",
                part!("r.content", "$.state.is"),
                " FROM run r WHERE r.credential = c.id ORDER BY r.id DESC LIMIT 1) = 'done'
                 ORDER BY c.rotates"
            ),
            [now.0],
            |row| Ok(Some(CredentialId::from_bytes(row.get(0)?))),
        )
    }

    fn read_rows<T>(
        &self,
        list: &str,
        with: impl rusqlite::Params,
        one: impl Fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
    ) -> Result<Vec<T>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<T>> {
                let mut list = connection.prepare_cached(list)?;
                let mut rows = list.query(with)?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.extend(one(row)?);
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }
}

/// The names of the credentials whose runs are open.
pub(crate) fn rotating(opened: &Opened) -> Result<Vec<String>> {
    opened.store.read(|connection| {
        connection
            .prepare_cached(
                "SELECT c.name FROM run r JOIN credential c ON c.id = r.credential
                 WHERE r.open = 1 ORDER BY r.id",
            )
            .and_then(|mut list| list.query_map([], |row| row.get(0)).and_then(Iterator::collect))
            .map_err(opened.store.failed())
    })
}

/// One job. What it may not do is found out before anything is written.
fn one(
    keeping: &Keeping<'_>,
    all: &Transaction<'_>,
    job: &Job,
) -> Result<Result<Done, JournalFault>> {
    let failed = keeping.opened.store.failed();
    match job {
        Job::Begin { run, entry } => {
            let id = run.credential;
            if is_rotating(all, id).map_err(&failed)? {
                return Ok(Err(JournalFault::Changed));
            }
            let Some(old) = current(all, id).map_err(&failed)? else {
                return Ok(Err(JournalFault::NoSuchRun));
            };
            insert(all, run, old, keeping.now).map_err(&failed)?;
            step(all, run, entry, keeping.now).map_err(&failed)?;
            let draft = Some(draft(all, run, entry).map_err(&failed)?);
            Ok(Ok(Done { draft, ..Done::default() }))
        }
        Job::Save { run, changes, entry, heard } => {
            let kept: Option<(i64, bool)> = all
                .prepare_cached("SELECT revision, open FROM run WHERE id = ?1")
                .and_then(|mut one| {
                    one.query_row([run.id.bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
                })
                .map_err(&failed)?;
            let was_open = match kept {
                None => return Ok(Err(JournalFault::NoSuchRun)),
                Some((kept, _)) if kept.checked_add(1) != Some(number(run.revision)) => {
                    return Ok(Err(JournalFault::Changed));
                }
                Some((_, open)) => open,
            };
            let mut taken = None;
            for change in changes {
                taken = keeping.change(run, change)?.or(taken);
            }
            if was_open && went_wrong(run) {
                let count = "UPDATE credential SET failures = failures + 1 WHERE id = ?1";
                all.execute(count, [run.credential.bytes()]).map_err(&failed)?;
            }
            let asked = update(all, run, *heard, keeping.now).map_err(&failed)?;
            step(all, run, entry, keeping.now).map_err(&failed)?;
            let draft = Some(draft(all, run, entry).map_err(&failed)?);
            Ok(Ok(Done { asked, draft, taken }))
        }
        Job::Ask { run, asked, entry } => {
            let asked = Asked { by: keeping.by.to_owned(), ..asked.clone() };
            let text = serde_json::to_string(&asked).unwrap_or_default();
            let name: Option<(String, [u8; 16])> = all
                .prepare_cached(
                    "UPDATE run SET asked = ?2 WHERE id = ?1
                     RETURNING (SELECT name FROM credential c WHERE c.id = credential), credential",
                )
                .and_then(|mut one| {
                    one.query_row(params![run.bytes(), text], |row| Ok((row.get(0)?, row.get(1)?)))
                        .optional()
                })
                .map_err(&failed)?;
            let Some((name, credential)) = name else { return Ok(Err(JournalFault::NoSuchRun)) };
            let draft = Draft::of(entry.action)
                .about(CredentialId::from_bytes(credential), &name)
                .with(noted(*run, &entry.note));
            Ok(Ok(Done { draft: Some(draft), ..Done::default() }))
        }
        Job::SetOrphan { orphan, there, entry } => {
            let written = if *there {
                keep::enter_orphan(all, orphan)
            } else {
                let gone = "DELETE FROM orphan WHERE account = ?1 AND mark = ?2";
                all.execute(gone, params![orphan.account.bytes(), orphan.mark]).map(drop)
            };
            written.map_err(&failed)?;
            let draft = Draft::of(entry.action).with(noted(orphan.run, &orphan.mark));
            Ok(Ok(Done { draft: Some(draft), ..Done::default() }))
        }
    }
}

fn insert(connection: &Connection, run: &Run, old: i64, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO run (id, credential, account, revision, open, begun, changed, old_version,
                 content)
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6, ?7)",
        )?
        .execute(params![
            run.id.bytes(),
            run.credential.bytes(),
            run.account.bytes(),
            number(run.revision),
            now.0,
            old,
            serde_json::to_string(run).unwrap_or_default()
        ])
        .map(drop)
}

/// Writes a run over what was kept, with the marks that it gave; tells what a person asked meanwhile.
fn update(
    connection: &Connection,
    run: &Run,
    heard: bool,
    now: Timestamp,
) -> rusqlite::Result<Option<Asked>> {
    let mut mark =
        connection.prepare_cached("INSERT OR IGNORE INTO mark (text, run) VALUES (?1, ?2)")?;
    for given in &run.marks {
        mark.execute(params![given.text, run.id.bytes()])?;
    }
    let asked: Option<String> = connection
        .prepare_cached(
            "UPDATE run SET revision = ?2, open = ?3, changed = ?4, content = ?5,
                 asked = CASE WHEN ?6 THEN NULL ELSE asked END
             WHERE id = ?1 RETURNING asked",
        )?
        .query_row(
            params![
                run.id.bytes(),
                number(run.revision),
                !run.state.is_end(),
                now.0,
                serde_json::to_string(run).unwrap_or_default(),
                heard
            ],
            |row| row.get(0),
        )?;
    Ok(asked.and_then(|asked| serde_json::from_str(&asked).ok()))
}

fn step(connection: &Connection, run: &Run, entry: &Entry, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO run_step (run, revision, at, state, action, note)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            run.id.bytes(),
            number(run.revision),
            now.0,
            name(&run.state),
            entry.action,
            entry.note
        ])
        .map(drop)
}

fn draft(connection: &Connection, run: &Run, entry: &Entry) -> rusqlite::Result<Draft> {
    let name: String = connection
        .prepare_cached("SELECT name FROM credential WHERE id = ?1")?
        .query_row([run.credential.bytes()], |row| row.get(0))?;
    let keys = match &run.new_key {
        Some(new) if !new.is_empty() => format!("{} -> {new}", run.old_key),
        _ => String::new(),
    };
    let detail = [noted(run.id, &entry.note), keys].join(" ");
    Ok(Draft::of(entry.action).about(run.credential, &name).with(detail.trim_end()))
}

fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

/// Which run it was, and more.
fn noted(run: RunId, note: &str) -> String {
    format!("run {run} {note}").trim_end().to_owned()
}
