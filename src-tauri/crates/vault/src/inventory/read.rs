//! Reading credentials: a row of a list, or everything of one but its values.

use keyturn_model::{
    Counters, Credential, CredentialId, Dates, Kind, Metadata, Ordering, PolicyChoice, Risk, Row,
    SortBy, Status, Timestamp, Version,
};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};

use super::{of_word, split};
use crate::{VaultError, audit, audit::Entry, error::Result, vault::Vault};

/// The columns that a row of a list is made of.
pub(super) const ROW: &str = "id, version, name, kind, environment, owner, issuer, risk, tags, policy, due, \
                   expires, rotates, soon, rotated, changed, paused, compromised, archived";

pub(super) fn moment(row: &SqlRow<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

fn kind(row: &SqlRow<'_>) -> rusqlite::Result<Kind> {
    Ok(Kind::named(row.get_ref("kind")?.as_str()?).unwrap_or(Kind::Secret))
}

fn risk(row: &SqlRow<'_>) -> rusqlite::Result<Risk> {
    Ok(of_word(row.get_ref("risk")?.as_str()?).unwrap_or(Risk::High))
}

fn policy(row: &SqlRow<'_>) -> rusqlite::Result<PolicyChoice> {
    Ok(row.get_ref("policy")?.as_str()?.parse().unwrap_or(PolicyChoice::None))
}

/// Reads the columns of [`ROW`] by their places, which is a third of the time that names take.
pub(super) fn listed(row: &SqlRow<'_>, now: Timestamp) -> rusqlite::Result<Row> {
    let moment = |at| -> rusqlite::Result<_> { Ok(row.get::<_, Option<i64>>(at)?.map(Timestamp)) };
    let text = |at| -> rusqlite::Result<&str> { Ok(row.get_ref(at)?.as_str()?) };
    let policy = text(9)?.parse().unwrap_or(PolicyChoice::None);
    let dates = Dates {
        archived: moment(18)?,
        compromised: row.get(17)?,
        expires: moment(11)?,
        rotates: moment(12)?,
        soon: moment(13)?,
        paused: row.get(16)?,
        without_policy: policy == PolicyChoice::None,
    };
    Ok(Row {
        id: CredentialId::from_bytes(row.get(0)?),
        version: row.get(1)?,
        name: row.get(2)?,
        kind: Kind::named(text(3)?).unwrap_or(Kind::Secret),
        environment: row.get(4)?,
        owner: row.get(5)?,
        issuer: row.get(6)?,
        risk: of_word(text(7)?).unwrap_or(Risk::High),
        tags: split(text(8)?),
        status: Status::of(&dates, now),
        due: moment(10)?,
        expires: dates.expires,
        rotated: Timestamp(row.get(14)?),
        changed: Timestamp(row.get(15)?),
        paused: dates.paused,
        archived: dates.archived,
        policy,
    })
}

/// Rows by their numbers, in the order of the numbers; one that is gone is left out.
pub(super) fn rows(
    connection: &Connection,
    numbers: &[u32],
    now: Timestamp,
) -> rusqlite::Result<Vec<Row>> {
    let mut one =
        connection.prepare_cached(&format!("SELECT {ROW} FROM credential WHERE row = ?1"))?;
    let mut rows = Vec::with_capacity(numbers.len());
    for number in numbers {
        rows.extend(one.query_row([number], |row| listed(row, now)).optional()?);
    }
    Ok(rows)
}

/// The rows of the whole list after `from` others, where an index has them in that order.
pub(super) fn first(
    connection: &Connection,
    ordering: Ordering,
    from: u32,
    most: u32,
    now: Timestamp,
) -> rusqlite::Result<Option<Vec<Row>>> {
    let by = match ordering {
        Ordering { by: SortBy::Name, descending: false, group: None } => "name, row",
        // What has no date comes last, and is seldom among the first.
        Ordering { by: SortBy::Due, descending: false, group: None } => "due, row",
        _ => return Ok(None),
    };
    let dated = if ordering.by == SortBy::Due { "AND due IS NOT NULL" } else { "" };
    let rows: Vec<Row> = connection
        .prepare_cached(&format!(
            "SELECT {ROW} FROM credential WHERE archived IS NULL {dated} ORDER BY {by}
             LIMIT ?2 OFFSET ?1"
        ))?
        .query_map([from, most], |row| listed(row, now))?
        .collect::<rusqlite::Result<_>>()?;
    let enough = dated.is_empty() || rows.len() == most as usize;
    Ok(enough.then_some(rows))
}

/// What can be edited of a credential, with its version.
pub(crate) struct Editable {
    pub(crate) version: i64,
    pub(crate) rotated: Timestamp,
    pub(crate) key_id: String,
    pub(crate) metadata: Metadata,
}

/// What can be edited of a credential, and the number of its row.
pub(crate) fn metadata(
    connection: &Connection,
    id: CredentialId,
) -> rusqlite::Result<Option<(i64, Editable)>> {
    connection
        .prepare_cached(
            "SELECT row, version, name, kind, environment, owner, issuer, risk, tags, policy,
                    expires, rotated, key_id, description, notes, fields
             FROM credential WHERE id = ?1",
        )?
        .query_row([id.bytes()], |row| {
            let metadata = edited(row)?;
            let editable = Editable {
                version: row.get("version")?,
                rotated: Timestamp(row.get("rotated")?),
                key_id: row.get("key_id")?,
                metadata,
            };
            Ok((row.get("row")?, editable))
        })
        .optional()
}

pub(super) fn edited(row: &SqlRow<'_>) -> rusqlite::Result<Metadata> {
    Ok(Metadata {
        name: row.get("name")?,
        kind: kind(row)?,
        environment: row.get("environment")?,
        tags: split(row.get_ref("tags")?.as_str()?),
        owner: row.get("owner")?,
        issuer: row.get("issuer")?,
        risk: risk(row)?,
        description: row.get("description")?,
        notes: row.get("notes")?,
        fields: serde_json::from_str(row.get_ref("fields")?.as_str()?).unwrap_or_default(),
        expires: moment(row, "expires")?,
        policy: policy(row)?,
    })
}

impl Vault {
    /// Everything of one credential but its values, and what its value tells of itself.
    ///
    /// # Errors
    /// [`VaultError::CredentialGone`] when there is none.
    pub fn credential(&self, id: CredentialId) -> Result<(Credential, String)> {
        let now = self.around.clock.now();
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Option<(Credential, String)>> {
                let found = connection
                    .prepare_cached(&format!("SELECT {ROW}, * FROM credential WHERE id = ?1"))?
                    .query_row([id.bytes()], |row| {
                        let credential = Credential {
                            row: listed(row, now)?,
                            metadata: edited(row)?,
                            rotates: moment(row, "rotates")?,
                            created: Timestamp(row.get("created")?),
                            verified: moment(row, "verified")?,
                            used: moment(row, "used")?,
                            counters: Counters {
                                reveals: row.get("reveals")?,
                                copies: row.get("copies")?,
                                rotations: row.get("rotations")?,
                                refreshes: row.get("refreshes")?,
                                failures: row.get("failures")?,
                            },
                            versions: Vec::new(),
                        };
                        Ok((credential, row.get("facts")?))
                    })
                    .optional()?;
                let Some((mut credential, facts)) = found else { return Ok(None) };
                credential.versions = versions(connection, id)?;
                Ok(Some((credential, facts)))
            };
            read().map_err(opened.store.failed())?.ok_or(VaultError::CredentialGone)
        })
    }

    /// What happened to a credential, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn activity(&self, id: CredentialId, before: Option<u64>, most: u32) -> Result<Vec<Entry>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            audit::about(connection, id.bytes(), before, most).map_err(opened.store.failed())
        })
    }
}

fn versions(connection: &Connection, id: CredentialId) -> rusqlite::Result<Vec<Version>> {
    connection
        .prepare_cached(
            "SELECT number, stage, key_id, created, by_name, retired,
                    (SELECT group_concat(field, char(10)) FROM secret_value s
                     WHERE s.credential = v.credential AND s.version = v.number) AS fields
             FROM value_version v WHERE credential = ?1 ORDER BY number DESC",
        )?
        .query_map([id.bytes()], |row| {
            let fields: Option<String> = row.get("fields")?;
            Ok(Version {
                number: row.get("number")?,
                stage: of_word(row.get_ref("stage")?.as_str()?)
                    .unwrap_or(keyturn_model::Stage::Retired),
                key_id: row.get("key_id")?,
                created: Timestamp(row.get("created")?),
                by: row.get("by_name")?,
                retired: moment(row, "retired")?,
                fields: fields.unwrap_or_default().lines().map(str::to_owned).collect(),
            })
        })?
        .collect()
}
