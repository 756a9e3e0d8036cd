//! Adding credentials.

use keyturn_model::{CredentialId, Metadata, PolicyChoice, Schedule, Since, Stage, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::SecretString;

use super::{CREDENTIAL, find, joined, policies, read, values, word};
use crate::{audit::Draft, error::Result, vault::Vault};

/// A credential to be added.
#[derive(Debug)]
pub struct Addition {
    /// What is known of it.
    pub metadata: Metadata,
    /// Its secret fields.
    pub secrets: Vec<(String, SecretString)>,
    /// By what the issuer knows its value.
    pub key_id: String,
    /// What its value tells of itself, as the caller wrote it.
    pub facts: String,
    /// Adding twice with the same one adds once.
    pub request: Option<String>,
    /// When it was made; now when nobody says.
    pub created: Option<Timestamp>,
    /// When its value came in; now when nobody says.
    pub rotated: Option<Timestamp>,
    /// The values it had before, the oldest first.
    pub older: Vec<OlderValue>,
}

/// A value that a credential had before it came in.
#[derive(Debug)]
pub struct OlderValue {
    /// When that one came in.
    pub created: Option<Timestamp>,
    /// By what the issuer knows it.
    pub key_id: String,
    /// Its secret fields.
    pub secrets: Vec<(String, SecretString)>,
}

impl Vault {
    /// Adds a credential. With the `request` of one that is there already, that one is returned.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn add(&self, addition: &Addition) -> Result<CredentialId> {
        if let Some(request) = &addition.request
            && let Some(there) = self.added_with(request)?
        {
            return Ok(there);
        }
        let added = self.add_all(std::slice::from_ref(addition), "credential.added", &|_| true)?;
        Ok(added.first().copied().unwrap_or_else(|| CredentialId::from_bytes([0; 16])))
    }

    /// Adds many: all of them, or none. `go_on` hears how many are done and says whether to go on.
    ///
    /// # Errors
    /// When they could not be made durable, or `go_on` said stop.
    pub fn add_all(
        &self,
        additions: &[Addition],
        action: &str,
        go_on: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<CredentialId>> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let now = self.around.clock.now();
        let sealer = values::Sealer::of(&opened, &*self.around.entropy);
        let added = opened.store.write_all(
            &opened.header,
            &author,
            CREDENTIAL,
            |added: &Vec<(CredentialId, String)>| {
                added.iter().map(|(id, name)| Draft::of(action).about(*id, name)).collect()
            },
            |transaction| {
                let mut added = Vec::with_capacity(additions.len());
                for (done, addition) in additions.iter().enumerate() {
                    if !go_on(done) {
                        return Err(crate::VaultError::Stopped);
                    }
                    let id = CredentialId::new(now, &*self.around.entropy);
                    insert(transaction, &sealer, id, addition, &author.actor.name, now)
                        .map_err(opened.store.failed())?;
                    added.push((id, addition.metadata.name.clone()));
                }
                Ok(added)
            },
        )?;
        self.lately.forget();
        Ok(added.into_iter().map(|(id, _)| id).collect())
    }

    fn added_with(&self, request: &str) -> Result<Option<CredentialId>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .query_row("SELECT id FROM credential WHERE request = ?1", [request], |row| {
                    row.get(0).map(CredentialId::from_bytes)
                })
                .optional()
                .map_err(opened.store.failed())
        })
    }
}

/// When a credential is to be replaced, by the policy it follows and, where its value stays, as somebody moved it.
pub(super) fn schedule(
    connection: &Connection,
    stays: Option<i64>,
    metadata: &Metadata,
    rotated: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<Schedule> {
    let policy = policies::followed(connection, metadata.policy, metadata.kind, metadata.risk)?;
    let kept = stays.map(|row| kept(connection, row)).transpose()?;
    let (moved, done) = kept.map_or((None, None), |kept| (kept.moved, kept.done));
    let since = Since { rotated, expires: metadata.expires, moved, done };
    Ok(Schedule::of(policy.as_ref(), since, now))
}

/// What the plan of a credential goes by.
fn kept(connection: &Connection, row: i64) -> rusqlite::Result<Since> {
    connection
        .prepare_cached("SELECT rotated, expires, moved, done FROM credential WHERE row = ?1")?
        .query_row([row], |row| {
            Ok(Since {
                rotated: Timestamp(row.get("rotated")?),
                expires: read::moment(row, "expires")?,
                moved: read::moment(row, "moved")?,
                done: read::moment(row, "done")?,
            })
        })
}

/// A value is about to come for the plan: if somebody moved that, its time of the calendar is done.
pub(super) fn end_plan(
    connection: &Connection,
    row: i64,
    metadata: &Metadata,
) -> rusqlite::Result<()> {
    let policy = policies::followed(connection, metadata.policy, metadata.kind, metadata.risk)?;
    let kept = kept(connection, row)?;
    let done = policy.and_then(|policy| policy.done(kept));
    connection
        .prepare_cached("UPDATE credential SET moved = NULL, done = ?2 WHERE row = ?1")?
        .execute(params![row, done.map(|at| at.0)])
        .map(drop)
}

pub(super) fn insert(
    connection: &Connection,
    sealer: &values::Sealer<'_>,
    id: CredentialId,
    addition: &Addition,
    by: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let Addition { metadata, secrets, key_id, facts, request, older, .. } = addition;
    let created = addition.created.unwrap_or(now);
    let rotated = addition.rotated.unwrap_or(now);
    let plan = schedule(connection, None, metadata, rotated, now)?;
    let fields = serde_json::to_string(&metadata.fields).unwrap_or_default();
    connection
        .prepare_cached(
            "INSERT INTO credential (
                 id, version, name, kind, environment, owner, issuer, risk, tags, policy, expires,
                 rotates, due, soon, rotated, paused, compromised, created, changed, reveals, copies,
                 rotations, refreshes, failures, request, key_id, description, notes, fields, facts)
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, 0, ?15, ?16,
                 0, 0, 0, 0, 0, ?17, ?18, ?19, ?20, ?21, ?22)",
        )?
        .execute(params![
            id.bytes(),
            metadata.name,
            metadata.kind.as_str(),
            metadata.environment,
            metadata.owner,
            metadata.issuer,
            word(&metadata.risk),
            joined(&metadata.tags),
            metadata.policy.to_string(),
            metadata.expires.map(|at| at.0),
            plan.rotates.map(|at| at.0),
            plan.due.map(|at| at.0),
            plan.soon.map(|at| at.0),
            rotated.0,
            created.0,
            now.0,
            request,
            key_id,
            metadata.description,
            metadata.notes,
            fields,
            facts,
        ])?;
    let row = connection.last_insert_rowid();
    tag(connection, row, &metadata.tags)?;
    find::enter(connection, row, metadata, key_id)?;
    let count = i64::try_from(older.len()).unwrap_or(i64::MAX);
    for (number, value) in (1_i64..).zip(older) {
        let stage = if number == count { Stage::Previous } else { Stage::Retired };
        let at = value.created.unwrap_or(created);
        values::enter(connection, id, number, stage, &value.key_id, at, by)?;
        sealer.put(connection, id, number, &value.secrets)?;
    }
    values::enter(connection, id, count + 1, Stage::Current, key_id, rotated, by)?;
    sealer.put(connection, id, count + 1, secrets)
}

pub(super) fn tag(connection: &Connection, row: i64, tags: &[String]) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO tag (name, credential) VALUES (?1, ?2)")?;
    tags.iter().try_for_each(|name| insert.execute(params![name, row]).map(drop))
}

/// Whether a policy of the vault's own is meant.
pub(super) fn own(policy: PolicyChoice) -> Option<keyturn_model::PolicyId> {
    match policy {
        PolicyChoice::Own(id) => Some(id),
        PolicyChoice::None | PolicyChoice::Usual => None,
    }
}
