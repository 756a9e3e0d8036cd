//! What a run changes in the versions of its credential.

use std::collections::BTreeMap;

use keyturn_model::{
    CredentialId, Kind, RunId, Stage, Timestamp,
    rotation::{Change, Orphan, Run, Side, Value},
};
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::SecretString;

use super::inbox::{Inbox, Item};
use crate::{
    VaultError,
    error::Result,
    inventory::{
        InForce, Sealer, enter_version, next_number, open_fields, put_in_force, read_metadata,
    },
    keys::InboxKey,
    vault::Opened,
};

/// What a value tells of itself.
#[derive(Debug, Default)]
pub struct Told {
    /// As the caller writes it.
    pub facts: String,
    /// When it ends, where it says so itself.
    pub expires: Option<Timestamp>,
}

/// What a value of a kind tells, by its open fields and its secret ones.
pub type Tells = fn(Kind, &BTreeMap<String, String>, &[(String, SecretString)]) -> Told;

/// What a change of a run is given.
pub(super) struct Keeping<'a> {
    pub(super) opened: &'a Opened,
    pub(super) connection: &'a Connection,
    pub(super) sealer: &'a Sealer<'a>,
    pub(super) inbox: &'a Inbox,
    pub(super) inbox_key: &'a InboxKey,
    pub(super) tells: Tells,
    pub(super) by: &'a str,
    pub(super) now: Timestamp,
}

impl Keeping<'_> {
    /// Does one change. What was moved out of the inbox is told, to be marked there once this is durable.
    pub(super) fn change(&self, run: &Run, change: &Change) -> Result<Option<Item>> {
        match change {
            Change::KeepPending(value) => {
                self.pending(run, run.new_key.as_deref().unwrap_or_default(), value)?;
            }
            Change::TakeFromInbox => return self.take(run),
            Change::Promote => self.promote(run)?,
            Change::StepBack => self.step_back(run)?,
            Change::Retire(side) => self.retire(run, *side)?,
            Change::Used(at) => {
                let update = "UPDATE credential SET used = max(ifnull(used, ?2), ?2) WHERE id = ?1";
                self.done(self.connection.execute(update, params![run.credential.bytes(), at.0]))?;
            }
            Change::Orphan(orphan) => self.done(enter_orphan(self.connection, orphan))?,
            Change::OrphansGone => {
                let gone = "DELETE FROM orphan WHERE run = ?1";
                self.done(self.connection.execute(gone, [run.id.bytes()]))?;
            }
        }
        Ok(None)
    }

    fn done<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(self.opened.store.failed())
    }

    /// The numbers of the old version of a run and of the new one.
    fn numbers(&self, run: RunId) -> Result<(i64, Option<i64>)> {
        self.done(numbers(self.connection, run))?.ok_or(VaultError::RunGone)
    }

    fn stage(&self, id: CredentialId, number: i64, stage: Stage) -> Result<()> {
        let retired = (stage == Stage::Retired).then_some(self.now.0);
        let update = "UPDATE value_version SET stage = ?3, retired = ?4
                      WHERE credential = ?1 AND number = ?2";
        let word = crate::inventory::word(&stage);
        self.done(self.connection.prepare_cached(update).and_then(|mut update| {
            update.execute(params![id.bytes(), number, word, retired]).map(drop)
        }))
    }

    fn pending(&self, run: &Run, key: &str, value: &Value) -> Result<()> {
        let id = run.credential;
        let (old, before) = self.numbers(run.id)?;
        if let Some(before) = before {
            self.stage(id, before, Stage::Retired)?;
        }
        // What it does not change stays with the value, as when a person types a new one.
        let mut secrets = open_fields(self.opened, self.connection, self.sealer, id, old)?;
        secrets.retain(|(field, _)| value.secrets.iter().all(|(name, _)| name != field));
        secrets.extend(value.secrets.iter().cloned());
        // What is the same is not the value's own: a person may change it while the run goes on.
        let there = self.done(own_fields(self.connection, id))?;
        let mut fields = value.fields.clone();
        fields.retain(|name, text| there.get(name).map_or("", String::as_str) != text);
        let write = || -> rusqlite::Result<()> {
            let number = next_number(self.connection, id)?;
            enter_version(self.connection, id, number, Stage::Pending, key, self.now, self.by)?;
            self.connection.execute(
                "UPDATE value_version SET fields = ?3, expires = ?4
                 WHERE credential = ?1 AND number = ?2",
                params![
                    id.bytes(),
                    number,
                    serde_json::to_string(&fields).unwrap_or_default(),
                    value.expires.map(|at| at.0)
                ],
            )?;
            self.sealer.put(self.connection, id, number, &secrets)?;
            let update = "UPDATE run SET new_version = ?2 WHERE id = ?1";
            self.connection.execute(update, params![run.id.bytes(), number]).map(drop)
        };
        self.done(write())
    }

    fn take(&self, run: &Run) -> Result<Option<Item>> {
        let items = self.inbox.of(run.id, self.inbox_key)?;
        let ours = |item: &Item| item.value.is_some() && run.new_key.as_ref() == Some(&item.key);
        let Some(mut item) = items.into_iter().rev().find(ours) else {
            // It is not lost as long as the run does not go on without it.
            return Err(VaultError::NoSuchValue);
        };
        let value = item.value.take().unwrap_or_default();
        self.pending(run, &item.key, &value)?;
        Ok(Some(item))
    }

    fn promote(&self, run: &Run) -> Result<()> {
        let (old, new) = self.numbers(run.id)?;
        let new = new.ok_or(VaultError::NoSuchValue)?;
        self.keep_fields(run.credential, old, new)?;
        let others = "UPDATE value_version SET stage = 'retired', retired = ?2
                      WHERE credential = ?1 AND stage = 'previous'";
        self.done(self.connection.execute(others, params![run.credential.bytes(), self.now.0]))?;
        self.stage(run.credential, old, Stage::Previous)?;
        self.stage(run.credential, new, Stage::Current)?;
        self.in_force(run, new, Some(old), self.now, true)
    }

    fn step_back(&self, run: &Run) -> Result<()> {
        let (old, new) = self.numbers(run.id)?;
        if let Some(new) = new {
            self.stage(run.credential, new, Stage::Pending)?;
        }
        self.stage(run.credential, old, Stage::Current)?;
        let since = "SELECT created FROM value_version WHERE credential = ?1 AND number = ?2";
        let since = self.done(self.connection.query_row(
            since,
            params![run.credential.bytes(), old],
            |row| row.get(0).map(Timestamp),
        ))?;
        self.in_force(run, old, new, since, false)
    }

    fn retire(&self, run: &Run, side: Side) -> Result<()> {
        let (old, new) = self.numbers(run.id)?;
        let number = match side {
            Side::Old => Some(old),
            Side::New => new,
        };
        let Some(number) = number else { return Ok(()) };
        let update = "UPDATE value_version SET stage = 'retired', retired = ?3
                      WHERE credential = ?1 AND number = ?2 AND stage != 'current'";
        let what = params![run.credential.bytes(), number, self.now.0];
        self.done(self.connection.execute(update, what).map(drop))
    }

    /// Before another version is in force: what the credential says where that one says something else
    /// belongs to this one.
    fn keep_fields(&self, id: CredentialId, number: i64, other: i64) -> Result<()> {
        let mut kept = self.done(own_fields(self.connection, id))?;
        let changes = self.done(version_fields(self.connection, id, other))?;
        kept.retain(|name, _| changes.contains_key(name));
        let update = "UPDATE value_version SET (fields, expires) =
                          (?3, (SELECT expires FROM credential WHERE id = ?1))
                      WHERE credential = ?1 AND number = ?2";
        let kept = serde_json::to_string(&kept).unwrap_or_default();
        self.done(self.connection.execute(update, params![id.bytes(), number, kept]).map(drop))
    }

    /// The credential says from now on what this version does, and no longer what only the other one did.
    fn in_force(
        &self,
        run: &Run,
        number: i64,
        other: Option<i64>,
        since: Timestamp,
        rotated: bool,
    ) -> Result<()> {
        let id = run.credential;
        let (row, there) =
            self.done(read_metadata(self.connection, id))?.ok_or(VaultError::CredentialGone)?;
        there.whole()?;
        let version = "SELECT key_id, expires FROM value_version
                       WHERE credential = ?1 AND number = ?2";
        let (key, expires): (String, Option<i64>) =
            self.done(self.connection.query_row(version, params![id.bytes(), number], |row| {
                Ok((row.get(0)?, row.get(1)?))
            }))?;
        let mut metadata = there.metadata;
        let fields = metadata.fields;
        metadata.fields = self.done(fields_with(self.connection, id, fields, number, other))?;
        let secrets = open_fields(self.opened, self.connection, self.sealer, id, number)?;
        let told = (self.tells)(metadata.kind, &metadata.fields, &secrets);
        metadata.expires = told.expires.or(expires.map(Timestamp));
        let verified = self.verified(run, rotated)?;
        let facts = &told.facts;
        let came = InForce { key_id: &key, facts, since, now: self.now, verified, rotated };
        self.done(put_in_force(self.connection, row, &metadata, &came))
    }

    /// When the issuer accepted the value that a run puts in force, where it can tell.
    fn verified(&self, run: &Run, rotated: bool) -> Result<Option<Timestamp>> {
        if !run.abilities.verify && !run.abilities.list {
            return Ok(None);
        }
        let action = if rotated { "rotation.verified" } else { "rotation.old_value_works" };
        let last = "SELECT max(at) FROM run_step WHERE run = ?1 AND action = ?2";
        let found = self.connection.query_row(last, params![run.id.bytes(), action], |row| {
            Ok(row.get::<_, Option<i64>>(0)?.map(Timestamp))
        });
        self.done(found)
    }
}

pub(super) fn fields_of(text: Option<&str>) -> BTreeMap<String, String> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The numbers of the old version of a run and of the new one.
pub(super) fn numbers(
    connection: &Connection,
    run: RunId,
) -> rusqlite::Result<Option<(i64, Option<i64>)>> {
    connection
        .prepare_cached("SELECT old_version, new_version FROM run WHERE id = ?1")?
        .query_row([run.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// One of the two values of a run.
pub(super) fn value(
    opened: &Opened,
    connection: &Connection,
    sealer: &Sealer<'_>,
    run: RunId,
    side: Side,
) -> Result<Value> {
    let failed = opened.store.failed();
    let (old, new) = numbers(connection, run).map_err(&failed)?.ok_or(VaultError::RunGone)?;
    let number = match side {
        Side::Old => old,
        Side::New => new.ok_or(VaultError::NoSuchValue)?,
    };
    let (id, stage): ([u8; 16], String) = connection
        .prepare_cached(
            "SELECT r.credential, v.stage FROM run r
             JOIN value_version v ON v.credential = r.credential AND v.number = ?2
             WHERE r.id = ?1",
        )
        .and_then(|mut one| {
            one.query_row(params![run.bytes(), number], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .map_err(&failed)?;
    let id = CredentialId::from_bytes(id);
    let other = (side == Side::Old).then_some(new).flatten();
    let fields = own_fields(connection, id)
        .and_then(|own| {
            // Of the one in force the credential itself speaks.
            let in_force = stage == crate::inventory::word(&Stage::Current);
            if in_force { Ok(own) } else { fields_with(connection, id, own, number, other) }
        })
        .map_err(&failed)?;
    let secrets = open_fields(opened, connection, sealer, id, number)?;
    Ok(Value { fields, secrets, expires: None })
}

/// What the credential itself says.
fn own_fields(
    connection: &Connection,
    id: CredentialId,
) -> rusqlite::Result<BTreeMap<String, String>> {
    connection
        .prepare_cached("SELECT fields FROM credential WHERE id = ?1")?
        .query_row([id.bytes()], |row| row.get(0))
        .map(|fields: String| fields_of(Some(&fields)))
}

/// What one version says beside that.
fn version_fields(
    connection: &Connection,
    id: CredentialId,
    number: i64,
) -> rusqlite::Result<BTreeMap<String, String>> {
    connection
        .prepare_cached("SELECT fields FROM value_version WHERE credential = ?1 AND number = ?2")?
        .query_row(params![id.bytes(), number], |row| row.get(0))
        .map(|fields: Option<String>| fields_of(fields.as_deref()))
}

/// What a version says, over what the credential does, and without what only the other version brought.
fn fields_with(
    connection: &Connection,
    id: CredentialId,
    mut own: BTreeMap<String, String>,
    number: i64,
    other: Option<i64>,
) -> rusqlite::Result<BTreeMap<String, String>> {
    if let Some(other) = other {
        let brought = version_fields(connection, id, other)?;
        own.retain(|name, _| !brought.contains_key(name));
    }
    own.extend(version_fields(connection, id, number)?);
    // An empty one goes.
    own.retain(|_, text| !text.is_empty());
    Ok(own)
}

pub(super) fn enter_orphan(connection: &Connection, orphan: &Orphan) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO orphan (account, mark, key, run, since) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, mark) DO UPDATE SET key = coalesce(excluded.key, key)",
        )?
        .execute(params![
            orphan.account.bytes(),
            orphan.mark,
            orphan.key,
            orphan.run.bytes(),
            orphan.since.0
        ])
        .map(drop)
}
