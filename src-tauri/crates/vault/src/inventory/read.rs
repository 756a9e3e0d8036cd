//! Reading credentials: a row of a list, or everything of one but its values.

use std::collections::BTreeMap;

use keyturn_model::{
    Counters, Credential, CredentialId, Dates, Kind, Metadata, Ordering, PolicyChoice, Risk, Row,
    SortBy, Status, Timestamp, Version,
};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};

use super::{of_word, policies, question, split};
use crate::{VaultError, audit, audit::Entry, error::Result, rotation::STATUS, vault::Vault};

/// So many of the newest entries are looked through for what was taken lately.
const LATELY: i64 = 10_000;

/// The columns that a row of a list is made of.
pub(super) fn columns() -> String {
    format!(
        "{},
         (SELECT count(*) FROM binding b WHERE b.credential = credential.id),
         (SELECT count(*) FROM binding b WHERE b.credential = credential.id
              AND CASE WHEN json_valid(b.setup) THEN b.setup ->> '$.reloading.by' END
                  IN ('command', 'http')),
         {}",
        own_columns(),
        question::unread()
    )
}

/// Those of them that are the credential's own.
pub(super) fn own_columns() -> String {
    format!(
        "credential.id, version, name, kind, environment, owner, issuer, risk, tags, policy, due, expires,
         rotates, soon, rotated, changed, paused, compromised, archived, {STATUS}"
    )
}

pub(super) fn moment(row: &SqlRow<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// Reads [`columns`].
pub(super) fn listed(row: &SqlRow<'_>, now: Timestamp) -> rusqlite::Result<Row> {
    Ok(Row { uses: row.get(20)?, restarts: row.get(21)?, unread: row.get(22)?, ..alone(row, now)? })
}

/// Reads [`own_columns`] by their places, which is a third of the time that names take: nobody is counted who uses it.
pub(super) fn alone(row: &SqlRow<'_>, now: Timestamp) -> rusqlite::Result<Row> {
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
        rotation: row.get_ref(19)?.as_str_or_null()?.and_then(of_word),
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
        uses: 0,
        restarts: 0,
        unread: false,
    })
}

/// Rows by their numbers, in the order of the numbers; one that is gone is left out.
pub(super) fn rows(
    connection: &Connection,
    numbers: &[u32],
    now: Timestamp,
) -> rusqlite::Result<Vec<Row>> {
    // One question for all of them: what it weighs the words of a row against is made once for each.
    let question = format!(
        "SELECT {} FROM json_each(?1) few CROSS JOIN credential ON credential.row = few.value
         ORDER BY few.key",
        columns()
    );
    let numbers = serde_json::to_string(numbers).unwrap_or_default();
    connection.prepare_cached(&question)?.query_map([numbers], |row| listed(row, now))?.collect()
}

/// Whose rows they are, in the order of the numbers.
pub(super) fn ids(connection: &Connection, numbers: &[u32]) -> rusqlite::Result<Vec<CredentialId>> {
    let mut one = connection.prepare_cached("SELECT id FROM credential WHERE row = ?1")?;
    let mut ids = Vec::with_capacity(numbers.len());
    for number in numbers {
        ids.extend(
            one.query_row([number], |row| row.get(0).map(CredentialId::from_bytes)).optional()?,
        );
    }
    Ok(ids)
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
            "SELECT {} FROM credential WHERE archived IS NULL {dated} ORDER BY {by}
             LIMIT ?2 OFFSET ?1",
            columns()
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
    pub(super) unread: Vec<String>,
}

impl Editable {
    /// Refuses what cannot be read in whole: to write it again would lose the rest of it.
    pub(crate) fn whole(&self) -> Result<()> {
        if self.unread.is_empty() { Ok(()) } else { Err(VaultError::Unread(self.unread.clone())) }
    }
}

/// What can be edited of a credential, and the number of its row.
pub(crate) fn metadata(
    connection: &Connection,
    id: CredentialId,
) -> rusqlite::Result<Option<(i64, Editable)>> {
    let found = connection
        .prepare_cached(
            "SELECT row, version, name, kind, environment, owner, issuer, risk, tags, policy,
                    expires, rotated, key_id, description, notes, fields
             FROM credential WHERE id = ?1",
        )?
        .query_row([id.bytes()], |row| {
            let (metadata, unread) = edited(row)?;
            let editable = Editable {
                version: row.get("version")?,
                rotated: Timestamp(row.get("rotated")?),
                key_id: row.get("key_id")?,
                metadata,
                unread,
            };
            Ok((row.get("row")?, editable))
        })
        .optional()?;
    let Some((row, mut there)) = found else { return Ok(None) };
    there.unread.extend(unread_policy(connection, &there.metadata)?);
    Ok(Some((row, there)))
}

/// What can be edited, and the names of what of it cannot be read: another version of this program may
/// have written it. In its place stands what is safest.
pub(super) fn edited(row: &SqlRow<'_>) -> rusqlite::Result<(Metadata, Vec<String>)> {
    let mut unread = Vec::new();
    let text = |column| -> rusqlite::Result<&str> { Ok(row.get_ref(column)?.as_str()?) };
    let metadata = Metadata {
        name: row.get("name")?,
        kind: or(Kind::Secret, Kind::named(text("kind")?), "kind", &mut unread),
        environment: row.get("environment")?,
        tags: split(text("tags")?),
        owner: row.get("owner")?,
        issuer: row.get("issuer")?,
        risk: or(Risk::High, of_word(text("risk")?), "risk", &mut unread),
        description: row.get("description")?,
        notes: row.get("notes")?,
        fields: {
            let fields = serde_json::from_str(text("fields")?).ok();
            or(BTreeMap::new(), fields, "fields", &mut unread)
        },
        expires: moment(row, "expires")?,
        policy: or(PolicyChoice::None, text("policy")?.parse().ok(), "policy", &mut unread),
    };
    Ok((metadata, unread))
}

fn or<T>(instead: T, read: Option<T>, part: &str, unread: &mut Vec<String>) -> T {
    read.unwrap_or_else(|| {
        unread.push(part.to_owned());
        instead
    })
}

/// The policy that it follows may be there without saying anything to us.
fn unread_policy(connection: &Connection, metadata: &Metadata) -> rusqlite::Result<Option<String>> {
    Ok(policies::is_unread(connection, metadata.policy)?.then(|| "policy".to_owned()))
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
                let question = format!("SELECT {}, * FROM credential WHERE id = ?1", columns());
                let found = connection
                    .prepare_cached(&question)?
                    .query_row([id.bytes()], |row| {
                        let (metadata, unread) = edited(row)?;
                        let credential = Credential {
                            row: listed(row, now)?,
                            metadata,
                            unread,
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
                let policy = unread_policy(connection, &credential.metadata)?;
                credential.unread.extend(policy);
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

    /// The credentials whose values who unlocked took lately, with their names, the last first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn taken_last(&self, most: u32) -> Result<Vec<(CredentialId, String)>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT c.id, c.name FROM (
                         SELECT about, max(seq) AS last FROM entry
                         WHERE seq > (SELECT max(seq) FROM entry) - ?3 AND actor = ?1
                             AND action IN ('credential.revealed', 'credential.copied')
                         GROUP BY about) taken
                     JOIN credential c ON c.id = taken.about
                     WHERE c.archived IS NULL ORDER BY taken.last DESC LIMIT ?2",
                )
                .and_then(|mut query| {
                    let found = query
                        .query_map(rusqlite::params![self.me().bytes(), most, LATELY], |row| {
                            Ok((CredentialId::from_bytes(row.get(0)?), row.get(1)?))
                        })?;
                    found.collect()
                })
                .map_err(opened.store.failed())
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
