//! Values: sealed to their places, opened one at a time, replaced by new versions.

use std::collections::BTreeMap;

use keyturn_model::{CredentialId, Entropy, Kind, Metadata, Stage, Timestamp, VaultId};
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};

use super::{CREDENTIAL, add, find, read, word};
use crate::{
    VaultError,
    audit::Draft,
    error::Result,
    rotation::is_rotating,
    seal,
    secret::Key,
    vault::{Opened, Vault},
};

/// A value that takes the place of the current one.
#[derive(Debug)]
pub struct NewValue {
    /// The fields that may be seen, all of them.
    pub fields: BTreeMap<String, String>,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// Its secret fields; one that is not named stays as it is, an empty one goes.
    pub secrets: Vec<(String, SecretString)>,
    /// By what the issuer knows it.
    pub key_id: String,
    /// What it tells of itself, as the caller wrote it.
    pub facts: String,
}

/// What somebody takes a value for; it decides what is counted and entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// To look at it.
    Revealed,
    /// Into the clipboard.
    Copied,
}

/// Where a value belongs; it opens nowhere else.
pub(crate) fn value_place(
    vault: VaultId,
    generation: u64,
    credential: &[u8; 16],
    field: &str,
    version: i64,
) -> Vec<u8> {
    let mut place = Vec::with_capacity(80 + field.len());
    place.extend(b"keyturn 1 value");
    place.extend(vault.bytes());
    place.extend(generation.to_be_bytes());
    place.extend(credential);
    place.extend(version.to_be_bytes());
    place.extend(field.as_bytes());
    place
}

/// Seals values to their places and opens them there.
pub(crate) struct Sealer<'a> {
    key: &'a Key,
    vault: VaultId,
    generation: u64,
    entropy: &'a dyn Entropy,
}

impl<'a> Sealer<'a> {
    pub(crate) fn of(opened: &'a Opened, entropy: &'a dyn Entropy) -> Self {
        let header = &opened.header;
        Self {
            key: &opened.keys.record,
            vault: header.vault(),
            generation: header.generation,
            entropy,
        }
    }

    fn place(&self, id: CredentialId, field: &str, number: i64) -> Vec<u8> {
        value_place(self.vault, self.generation, id.bytes(), field, number)
    }

    /// Seals the fields of one version.
    pub(crate) fn put(
        &self,
        connection: &Connection,
        id: CredentialId,
        number: i64,
        secrets: &[(String, SecretString)],
    ) -> rusqlite::Result<()> {
        let mut insert = connection.prepare_cached(
            "INSERT OR REPLACE INTO secret_value (credential, field, version, sealed)
             VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (field, value) in secrets {
            let place = self.place(id, field, number);
            // To seal it.
            let value = value.expose_secret().as_bytes();
            let sealed = seal::seal(self.key, &place, value, self.entropy);
            insert.execute(params![id.bytes(), field, number, sealed])?;
        }
        Ok(())
    }

    pub(crate) fn open(
        &self,
        id: CredentialId,
        number: i64,
        field: &str,
        sealed: &[u8],
    ) -> Option<SecretString> {
        let value = seal::open(self.key, &self.place(id, field, number), sealed)?;
        std::str::from_utf8(&value).ok().map(SecretString::from)
    }
}

/// Enters a version.
pub(crate) fn enter(
    connection: &Connection,
    id: CredentialId,
    number: i64,
    stage: Stage,
    key_id: &str,
    created: Timestamp,
    by: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO value_version (credential, number, stage, key_id, created, by_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![id.bytes(), number, word(&stage), key_id, created.0, by])
        .map(drop)
}

/// The number of the version that is in use.
pub(crate) fn current(connection: &Connection, id: CredentialId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT number FROM value_version WHERE credential = ?1 AND stage = 'current'",
        )?
        .query_row([id.bytes()], |row| row.get(0))
        .optional()
}

impl Vault {
    /// Gives a credential a new value: it becomes the current version, the one before the previous
    /// one, and the one before that is retired.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::Rotating`] while
    /// a run is open for it.
    pub fn replace_value(&self, id: CredentialId, version: i64, new: &NewValue) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        let draft = |(name, number): &(String, i64)| {
            Draft::of("credential.replaced").about(id, name).with(format!("version {number}"))
        };
        opened.store.write(&opened.header, &author, CREDENTIAL, draft, |transaction| {
            let (row, there) = read::metadata(transaction, id)
                .map_err(&failed)?
                .ok_or(VaultError::CredentialGone)?;
            if there.version != version {
                return Err(VaultError::Changed);
            }
            there.whole()?;
            let number = {
                let given = Given { by: &author.actor.name, now, since: now };
                replace(&opened, transaction, &sealer, (row, id), &there, new, &given)?
            };
            Ok((there.metadata.name, number))
        })?;
        self.lately.forget();
        Ok(())
    }

    /// One field of one version, for a person: counted and entered in the audit log before it is
    /// returned. Without a number the current version.
    ///
    /// # Errors
    /// When there is none, it is not what was written, or the entry cannot be made: [`VaultError::Held`]
    /// where another program holds the vault.
    pub fn take_value(
        &self,
        id: CredentialId,
        number: Option<i64>,
        field: &str,
        taken: Taken,
    ) -> Result<SecretString> {
        let (name, number, value) = self.open_value(id, number, field)?;
        let action = match taken {
            Taken::Revealed => "credential.revealed",
            Taken::Copied => "credential.copied",
        };
        let draft = Draft::of(action).about(id, &name).with(format!("version {number}, {field}"));
        self.enter_taken(id, taken, draft)?;
        Ok(value)
    }

    /// Counts that a value of a credential is taken, and enters it; done before it is handed out.
    pub(crate) fn enter_taken(&self, id: CredentialId, taken: Taken, draft: Draft) -> Result<()> {
        if self.is_read_only() {
            return Err(VaultError::Held(self.folder().holder().flatten()));
        }
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let counter = match taken {
            Taken::Revealed => "reveals",
            Taken::Copied => "copies",
        };
        opened.store.write(
            &opened.header,
            &author,
            &["credential"],
            |()| draft,
            |transaction| {
                transaction
                    .prepare_cached(&format!(
                        "UPDATE credential SET {counter} = {counter} + 1 WHERE id = ?1"
                    ))
                    .and_then(|mut update| update.execute([id.bytes()]))
                    .map(drop)
                    .map_err(opened.store.failed())
            },
        )
    }

    /// All secret fields of the version that is in use, for work of the program itself.
    ///
    /// # Errors
    /// When there is no such credential, or a value is not what was written.
    pub fn open_values(&self, id: CredentialId) -> Result<Vec<(String, SecretString)>> {
        let opened = self.opened();
        let failed = opened.store.failed();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        opened.store.read(|connection| {
            let number =
                current(connection, id).map_err(&failed)?.ok_or(VaultError::CredentialGone)?;
            open_fields(&opened, connection, &sealer, id, number)
        })
    }

    /// The versions before the one in use with their secret fields, the oldest first: for an export. One
    /// that a run has made and that is not in use yet is none of them.
    ///
    /// # Errors
    /// When a value is not what was written.
    pub fn open_older_values(&self, id: CredentialId) -> Result<Vec<super::OlderValue>> {
        let opened = self.opened();
        let failed = opened.store.failed();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        opened.store.read(|connection| {
            let versions: Vec<(i64, String, i64)> = connection
                .prepare_cached(
                    "SELECT number, key_id, created FROM value_version
                     WHERE credential = ?1 AND stage IN ('previous', 'retired') ORDER BY number",
                )
                .and_then(|mut list| {
                    list.query_map([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                        .and_then(Iterator::collect)
                })
                .map_err(&failed)?;
            let open = |(number, key_id, created)| {
                let secrets = open_fields(&opened, connection, &sealer, id, number)?;
                Ok(super::OlderValue { created: Some(Timestamp(created)), key_id, secrets })
            };
            versions.into_iter().map(open).collect()
        })
    }

    /// One field of one version, with the credential's name and the version's number.
    fn open_value(
        &self,
        id: CredentialId,
        number: Option<i64>,
        field: &str,
    ) -> Result<(String, i64, SecretString)> {
        let opened = self.opened();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        let failed = opened.store.failed();
        let (name, number, sealed): (String, i64, Vec<u8>) = opened.store.read(|connection| {
            let current = current(connection, id).map_err(&failed)?;
            let number = number.or(current).ok_or(VaultError::CredentialGone)?;
            connection
                .prepare_cached(
                    "SELECT c.name, s.sealed FROM credential c
                     JOIN secret_value s ON s.credential = c.id
                     WHERE c.id = ?1 AND s.field = ?2 AND s.version = ?3",
                )
                .and_then(|mut find| {
                    find.query_row(params![id.bytes(), field, number], |row| {
                        Ok((row.get(0)?, number, row.get(1)?))
                    })
                    .optional()
                })
                .map_err(&failed)?
                .ok_or(VaultError::NoSuchValue)
        })?;
        let value = sealer.open(id, number, field, &sealed);
        let value = value.ok_or_else(|| VaultError::Damaged(opened.store.file().to_owned()))?;
        Ok((name, number, value))
    }
}

/// Who gives a credential a new value, and when; since when it has been in use may be earlier.
pub(super) struct Given<'a> {
    pub(super) by: &'a str,
    pub(super) now: Timestamp,
    pub(super) since: Timestamp,
}

/// Puts a new value in the place of the current one, and tells its number. Not while a run is open,
/// which has a new value of its own.
pub(super) fn replace(
    opened: &Opened,
    connection: &Connection,
    sealer: &Sealer<'_>,
    (row, id): (i64, CredentialId),
    there: &read::Editable,
    new: &NewValue,
    given: &Given<'_>,
) -> Result<i64> {
    let failed = opened.store.failed();
    if is_rotating(connection, id).map_err(&failed)? {
        return Err(VaultError::Rotating);
    }
    let Given { by, now, since } = *given;
    let mut metadata = there.metadata.clone();
    metadata.fields.clone_from(&new.fields);
    metadata.expires = new.expires;
    let before = current(connection, id).map_err(&failed)?;
    let number = next_number(connection, id).map_err(&failed)?;
    let mut secrets = match before {
        Some(before) => open_fields(opened, connection, sealer, id, before)?,
        None => Vec::new(),
    };
    secrets.retain(|(field, _)| new.secrets.iter().all(|(name, _)| name != field));
    // Whether it is empty, not what it is.
    let given = new.secrets.iter().filter(|(_, value)| !value.expose_secret().is_empty());
    secrets.extend(given.cloned());
    let write = || -> rusqlite::Result<()> {
        stages_move_on(connection, id, now)?;
        enter(connection, id, number, Stage::Current, &new.key_id, since, by)?;
        sealer.put(connection, id, number, &secrets)?;
        let came = InForce {
            key_id: &new.key_id,
            facts: &new.facts,
            since,
            now,
            verified: None,
            rotated: true,
        };
        put_in_force(connection, row, &metadata, &came)
    };
    write().map_err(&failed)?;
    Ok(number)
}

/// A value that comes in force, and since when.
pub(crate) struct InForce<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) facts: &'a str,
    pub(crate) since: Timestamp,
    pub(crate) now: Timestamp,
    /// When the issuer last accepted it, where that was tried.
    pub(crate) verified: Option<Timestamp>,
    /// It is counted as a rotation.
    pub(crate) rotated: bool,
}

/// Writes what a credential's row says of the value that is in force.
pub(crate) fn put_in_force(
    connection: &Connection,
    row: i64,
    metadata: &Metadata,
    came: &InForce<'_>,
) -> rusqlite::Result<()> {
    add::end_plan(connection, row, metadata)?;
    let plan = add::schedule(connection, Some(row), metadata, came.since, came.now)?;
    connection
        .prepare_cached(
            "UPDATE credential SET version = version + 1, expires = ?2, rotates = ?3,
                 due = ?4, soon = ?5, rotated = ?6, changed = ?7, compromised = 0,
                 rotations = rotations + ?8, key_id = ?9, fields = ?10, facts = ?11,
                 verified = ?12
             WHERE row = ?1",
        )?
        .execute(params![
            row,
            metadata.expires.map(|at| at.0),
            plan.rotates.map(|at| at.0),
            plan.due.map(|at| at.0),
            plan.soon.map(|at| at.0),
            came.since.0,
            came.now.0,
            came.rotated,
            came.key_id,
            serde_json::to_string(&metadata.fields).unwrap_or_default(),
            came.facts,
            came.verified.map(|at| at.0),
        ])?;
    find::leave(connection, row)?;
    find::enter(connection, row, metadata, came.key_id)
}

pub(crate) fn next_number(connection: &Connection, id: CredentialId) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "SELECT coalesce(max(number), 0) + 1 FROM value_version WHERE credential = ?1",
        )?
        .query_row([id.bytes()], |row| row.get(0))
}

fn stages_move_on(
    connection: &Connection,
    id: CredentialId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let retire = "UPDATE value_version SET stage = 'retired', retired = ?2
                  WHERE credential = ?1 AND stage = 'previous'";
    connection.prepare_cached(retire)?.execute(params![id.bytes(), now.0])?;
    let step_back = "UPDATE value_version SET stage = 'previous'
                     WHERE credential = ?1 AND stage = 'current'";
    connection.prepare_cached(step_back)?.execute([id.bytes()]).map(drop)
}

/// The secret fields of one version, opened: first the one that the credential is about.
pub(crate) fn open_fields(
    opened: &Opened,
    connection: &Connection,
    sealer: &Sealer<'_>,
    id: CredentialId,
    number: i64,
) -> Result<Vec<(String, SecretString)>> {
    let sealed = || -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
        let mut all: Vec<(String, _, Option<Kind>)> = connection
            .prepare_cached(
                "SELECT s.field, s.sealed, c.kind FROM secret_value s
                 JOIN credential c ON c.id = s.credential
                 WHERE s.credential = ?1 AND s.version = ?2 ORDER BY s.field",
            )?
            .query_map(params![id.bytes(), number], |row| {
                Ok((row.get(0)?, row.get(1)?, Kind::named(row.get_ref(2)?.as_str()?)))
            })?
            .collect::<rusqlite::Result<_>>()?;
        all.sort_by_key(|(field, _, kind)| kind.is_none_or(|kind| kind.value() != field));
        Ok(all.into_iter().map(|(field, sealed, _)| (field, sealed)).collect())
    };
    let damaged = || VaultError::Damaged(opened.store.file().to_owned());
    let open = |(field, sealed): (String, Vec<u8>)| {
        let value = sealer.open(id, number, &field, &sealed);
        value.map(|value| (field, value)).ok_or_else(damaged)
    };
    sealed().map_err(opened.store.failed())?.into_iter().map(open).collect()
}
