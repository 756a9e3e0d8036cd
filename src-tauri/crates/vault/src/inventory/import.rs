//! What a file brings: new credentials, and what is said anew of those that are here. It comes in as
//! one transaction, and is taken back as one.
//!
//! Taking back never undoes what somebody did since.

use keyturn_model::{CredentialId, Metadata, Timestamp};
use rusqlite::{Connection, Transaction, params};
use secrecy::SecretString;

use super::{Addition, CREDENTIAL, CREDENTIAL_AND_ALL, NewValue, add, change, read, values};
use crate::{
    VaultError,
    audit::Draft,
    error::Result,
    rotation::is_rotating,
    vault::{Opened, Vault},
};

const IMPORTED: &str = "credential.imported";
const TAKEN_BACK: &str = "credential.import_undone";

/// What is said anew of a credential that is here.
#[derive(Debug)]
pub struct Renewal {
    /// Of which.
    pub id: CredentialId,
    /// Its version when it was looked at.
    pub version: i64,
    /// What can be edited of it from now on. Its kind stays.
    pub metadata: Metadata,
    /// By what the issuer knows its value.
    pub key_id: String,
    /// What its value tells of itself, as the caller wrote it.
    pub facts: String,
    /// Its secret fields that differ; without any it gets no new version.
    pub secrets: Vec<(String, SecretString)>,
    /// Since when it has had them; now when nobody says.
    pub rotated: Option<Timestamp>,
}

/// What came in, with all that taking it back needs.
#[derive(Debug, Default)]
pub struct Brought {
    added: Vec<CredentialId>,
    renewed: Vec<Before>,
}

/// A credential before it was renewed.
#[derive(Debug)]
struct Before {
    id: CredentialId,
    /// The version that the renewal gave it.
    version: i64,
    metadata: Metadata,
    key_id: String,
    /// By what the issuer knows the value in use.
    named: String,
    facts: String,
    rotated: Timestamp,
    verified: Option<i64>,
    compromised: bool,
    /// The value that it got, and the one that was retired for it.
    value: Option<(i64, Option<i64>)>,
}

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenBack {
    /// How many of those that were added are gone again.
    pub added: usize,
    /// How many are again as they were.
    pub renewed: usize,
    /// How many were changed since, or are being rotated, and are left as they are.
    pub stayed: usize,
}

impl Vault {
    /// All that are here under a name and environment, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn credentials_named(&self, name: &str, environment: &str) -> Result<Vec<CredentialId>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let find = || -> rusqlite::Result<_> {
                connection
                    .prepare_cached(
                        "SELECT id FROM credential
                         WHERE archived IS NULL AND name = ?1 AND environment = ?2 COLLATE NOCASE
                         ORDER BY row",
                    )?
                    .query_map([name, environment], |row| row.get(0).map(CredentialId::from_bytes))?
                    .collect()
            };
            find().map_err(opened.store.failed())
        })
    }

    /// Adds and renews: all of it, or nothing. `go_on` hears how many are done and says whether to
    /// go on.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when one to be renewed was changed since it was looked at,
    /// [`VaultError::Rotating`] while a run is open for one that would get another value,
    /// [`VaultError::Stopped`] when `go_on` said stop.
    pub fn import(
        &self,
        additions: &[&Addition],
        renewals: &[&Renewal],
        go_on: &dyn Fn(usize) -> bool,
    ) -> Result<Brought> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let by = author.actor.name.clone();
        let now = self.around.clock.now();
        let sealer = values::Sealer::of(&opened, &*self.around.entropy);
        let about = |(_, drafts): &(Brought, Vec<Draft>)| drafts.clone();
        let ask = |done| if go_on(done) { Ok(()) } else { Err(VaultError::Stopped) };
        let (brought, _) =
            opened.store.write_all(&opened.header, &author, CREDENTIAL, about, |transaction| {
                let (mut brought, mut drafts) = (Brought::default(), Vec::new());
                for (done, addition) in additions.iter().enumerate() {
                    ask(done)?;
                    let id = CredentialId::new(now, &*self.around.entropy);
                    add::insert(transaction, &sealer, id, addition, &by, now)
                        .map_err(opened.store.failed())?;
                    drafts.push(Draft::of(IMPORTED).about(id, &addition.metadata.name));
                    brought.added.push(id);
                }
                for (done, renewal) in renewals.iter().enumerate() {
                    ask(additions.len() + done)?;
                    let since = renewal.rotated.unwrap_or(now);
                    let given = values::Given { by: &by, now, since };
                    let (before, detail) = renew(&opened, transaction, &sealer, renewal, &given)?;
                    let draft = Draft::of(IMPORTED).about(renewal.id, &before.metadata.name);
                    drafts.push(draft.with(detail));
                    brought.renewed.push(before);
                }
                ask(additions.len() + renewals.len())?;
                Ok((brought, drafts))
            })?;
        self.lately.forget();
        Ok(brought)
    }

    /// Takes back what came in, all at once: what was added goes, what was renewed is as it was.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing is taken back.
    pub fn take_back(&self, brought: &Brought) -> Result<TakenBack> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let now = self.around.clock.now();
        let about = |(_, drafts): &(TakenBack, Vec<Draft>)| drafts.clone();
        let (taken, _) = opened.store.write_all(
            &opened.header,
            &author,
            CREDENTIAL_AND_ALL,
            about,
            |transaction| {
                let work = || -> rusqlite::Result<(TakenBack, Vec<Draft>)> {
                    let (mut taken, mut drafts) = (TakenBack::default(), Vec::new());
                    for id in &brought.added {
                        match take_out(transaction, *id)? {
                            Some(name) => {
                                taken.added += 1;
                                drafts.push(Draft::of(TAKEN_BACK).about(*id, &name));
                            }
                            None => taken.stayed += 1,
                        }
                    }
                    for before in &brought.renewed {
                        if put_back(transaction, before, now)? {
                            taken.renewed += 1;
                            let name = &before.metadata.name;
                            drafts.push(Draft::of(TAKEN_BACK).about(before.id, name));
                        } else {
                            taken.stayed += 1;
                        }
                    }
                    Ok((taken, drafts))
                };
                work().map_err(opened.store.failed())
            },
        )?;
        self.lately.forget();
        Ok(taken)
    }
}

/// Renews one; tells what it was before, and what the log says of it.
fn renew(
    opened: &Opened,
    transaction: &Transaction<'_>,
    sealer: &values::Sealer<'_>,
    renewal: &Renewal,
    given: &values::Given<'_>,
) -> Result<(Before, String)> {
    let failed = opened.store.failed();
    let Renewal { id, metadata, key_id, facts, .. } = renewal;
    let found = read::metadata(transaction, *id).map_err(&failed)?;
    let (row, there) = found.ok_or(VaultError::CredentialGone)?;
    if there.version != renewal.version {
        return Err(VaultError::Changed);
    }
    there.whole()?;
    let mut before = before(transaction, *id, &there).map_err(&failed)?;
    let metadata = Metadata { kind: there.metadata.kind, ..metadata.clone() };
    let mut detail = change::differing(&there.metadata, &metadata);
    let tags = &there.metadata.tags;
    change::store(transaction, row, tags, &metadata, key_id, there.rotated, given.now)
        .and_then(|()| {
            let update = "UPDATE credential SET facts = ?2 WHERE row = ?1";
            transaction.prepare_cached(update)?.execute(params![row, facts]).map(drop)
        })
        .map_err(&failed)?;
    before.version = there.version + 1;
    if renewal.secrets.is_empty() {
        change::name_key(transaction, *id, key_id).map_err(&failed)?;
    }
    if !renewal.secrets.is_empty() {
        let retired = previous(transaction, *id).map_err(&failed)?;
        let new = NewValue {
            fields: metadata.fields.clone(),
            expires: metadata.expires,
            secrets: renewal.secrets.clone(),
            key_id: key_id.clone(),
            facts: facts.clone(),
        };
        let there = read::Editable { metadata, ..there };
        let number = values::replace(opened, transaction, sealer, (row, *id), &there, &new, given)?;
        detail = format!("version {number}");
        before.version += 1;
        before.value = Some((number, retired));
    }
    Ok((before, detail))
}

fn before(
    connection: &Connection,
    id: CredentialId,
    there: &read::Editable,
) -> rusqlite::Result<Before> {
    let (facts, compromised, verified, named) = connection
        .prepare_cached(
            "SELECT facts, compromised, verified, ifnull((
                 SELECT v.key_id FROM value_version v
                 WHERE v.credential = credential.id AND v.stage = 'current'), '')
             FROM credential WHERE id = ?1",
        )?
        .query_row([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(Before {
        id,
        version: there.version,
        metadata: there.metadata.clone(),
        key_id: there.key_id.clone(),
        named,
        facts,
        rotated: there.rotated,
        verified,
        compromised,
        value: None,
    })
}

/// The number of the version before the one in use.
fn previous(connection: &Connection, id: CredentialId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT max(number) FROM value_version WHERE credential = ?1 AND stage = 'previous'",
        )?
        .query_row([id.bytes()], |row| row.get(0))
}

/// One that is as it was left in this version, and that no run is about to change.
fn untouched(
    connection: &Connection,
    id: CredentialId,
    version: i64,
) -> rusqlite::Result<Option<(i64, read::Editable)>> {
    if is_rotating(connection, id)? {
        return Ok(None);
    }
    Ok(read::metadata(connection, id)?.filter(|(_, there)| there.version == version))
}

/// Deletes one, unless it was changed, bound or rotated since it came in; tells what it was called.
fn take_out(connection: &Connection, id: CredentialId) -> rusqlite::Result<Option<String>> {
    let used: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM binding WHERE credential = ?1)
                 OR EXISTS (SELECT 1 FROM rotation_setup WHERE credential = ?1)
                 OR EXISTS (SELECT 1 FROM run WHERE credential = ?1)",
        )?
        .query_row([id.bytes()], |row| row.get(0))?;
    match untouched(connection, id, 1)?.filter(|_| !used) {
        Some(_) => change::delete_one(connection, id),
        None => Ok(None),
    }
}

/// Makes one what it was, unless it was changed since it was renewed.
fn put_back(connection: &Connection, before: &Before, now: Timestamp) -> rusqlite::Result<bool> {
    let Before { id, metadata, key_id, facts, rotated, verified, compromised, value, .. } = before;
    let Some((row, there)) = untouched(connection, *id, before.version)? else {
        return Ok(false);
    };
    let tags = &there.metadata.tags;
    change::store(connection, row, tags, metadata, key_id, *rotated, now)?;
    let replaced = i64::from(value.is_some());
    connection
        .prepare_cached(
            "UPDATE credential SET facts = ?2, rotated = ?3, compromised = ?4,
                 rotations = rotations - ?5, verified = ?6
             WHERE row = ?1",
        )?
        .execute(params![row, facts, rotated.0, compromised, replaced, verified])?;
    if value.is_none() {
        change::name_key(connection, *id, &before.named)?;
    }
    if let Some((number, retired)) = value {
        for table in ["secret_value WHERE version", "value_version WHERE number"] {
            connection
                .prepare_cached(&format!("DELETE FROM {table} = ?2 AND credential = ?1"))?
                .execute(params![id.bytes(), number])?;
        }
        connection
            .prepare_cached(
                "UPDATE value_version SET stage = 'current'
                 WHERE credential = ?1 AND stage = 'previous'",
            )?
            .execute([id.bytes()])?;
        connection
            .prepare_cached(
                "UPDATE value_version SET stage = 'previous', retired = NULL
                 WHERE credential = ?1 AND number = ?2",
            )?
            .execute(params![id.bytes(), retired])?;
    }
    Ok(true)
}
