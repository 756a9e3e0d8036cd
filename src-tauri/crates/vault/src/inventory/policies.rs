//! Policies of the vault's own, and which one a credential follows.

use keyturn_model::{Kind, Name, Policy, PolicyChoice, PolicyId, Risk};
use rusqlite::{Connection, OptionalExtension, params};

use super::{add, read};
use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

/// The tables that a change of a policy writes.
const TABLES: &[&str] = &["policy", "credential"];

/// A policy of the vault's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPolicy {
    /// Which.
    pub id: PolicyId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it says.
    pub policy: Policy,
    /// How many credentials follow it.
    pub followers: u32,
}

/// The policies of the vault's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptPolicies {
    /// Those that can be read, by name.
    pub own: Vec<KeptPolicy>,
    /// The names of those that cannot; they stay as they are.
    pub unread: Vec<String>,
}

/// The policy that a credential follows. One that is gone leaves the usual one.
pub(super) fn followed(
    connection: &Connection,
    choice: PolicyChoice,
    kind: Kind,
    risk: Risk,
) -> rusqlite::Result<Option<Policy>> {
    let usual = Policy::usual(kind, risk);
    Ok(match (choice, add::own(choice)) {
        (PolicyChoice::None, _) => None,
        (_, Some(id)) => Some(kept(connection, id)?.map_or(usual, |(_, policy)| policy)),
        _ => Some(usual),
    })
}

fn kept(connection: &Connection, id: PolicyId) -> rusqlite::Result<Option<(String, Policy)>> {
    let found: Option<(String, String)> = connection
        .prepare_cached("SELECT name, content FROM policy WHERE id = ?1")?
        .query_row([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(name, content)| Some((name, serde_json::from_str(&content).ok()?))))
}

/// Whether a policy is meant that is there and cannot be read.
pub(super) fn is_unread(connection: &Connection, choice: PolicyChoice) -> rusqlite::Result<bool> {
    let Some(id) = add::own(choice) else { return Ok(false) };
    let there =
        connection.prepare_cached("SELECT 1 FROM policy WHERE id = ?1")?.exists([id.bytes()])?;
    Ok(there && kept(connection, id)?.is_none())
}

impl Vault {
    /// The policies of the vault's own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn policies(&self) -> Result<KeptPolicies> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<KeptPolicies> {
                let mut list = connection.prepare_cached(
                    "SELECT id, version, name, content FROM policy ORDER BY name",
                )?;
                let mut count = connection
                    .prepare_cached("SELECT count(*) FROM credential WHERE policy = ?1")?;
                let mut rows = list.query([])?;
                let mut all = KeptPolicies::default();
                while let Some(row) = rows.next()? {
                    let id = PolicyId::from_bytes(row.get(0)?);
                    let content: String = row.get(3)?;
                    let (version, name) = (row.get(1)?, row.get(2)?);
                    let Ok(policy) = serde_json::from_str(&content) else {
                        all.unread.push(name);
                        continue;
                    };
                    let followers = count.query_row([id.to_string()], |row| row.get(0))?;
                    all.own.push(KeptPolicy { id, version, name, policy, followers });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// The policy that a credential of this kind and risk follows, and what it is called.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn policy_followed(
        &self,
        choice: PolicyChoice,
        kind: Kind,
        risk: Risk,
    ) -> Result<(Option<Policy>, String)> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<_> {
                let own = add::own(choice).map(|id| kept(connection, id)).transpose()?.flatten();
                match own {
                    Some((name, policy)) => Ok((Some(policy), name)),
                    None => Ok((followed(connection, choice, kind, risk)?, String::new())),
                }
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps a policy: a new one, or another content for one that is there. The dates of all that
    /// follow it move.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::NameTaken`].
    pub fn save_policy(
        &self,
        id: Option<PolicyId>,
        version: i64,
        name: &Name,
        policy: &Policy,
    ) -> Result<PolicyId> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let (action, id, fresh) = match id {
            Some(id) => ("policy.changed", id, false),
            None => ("policy.added", PolicyId::new(now, &*self.around.entropy), true),
        };
        let content = serde_json::to_string(policy).unwrap_or_default();
        let draft = |_: &()| Draft::of(action).about(id, name.as_str());
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let taken: Option<Vec<u8>> = transaction
                .prepare_cached("SELECT id FROM policy WHERE name = ?1 AND id != ?2")
                .and_then(|mut find| {
                    find.query_row(params![name.as_str(), id.bytes()], |row| row.get(0)).optional()
                })
                .map_err(&failed)?;
            if taken.is_some() {
                return Err(VaultError::NameTaken);
            }
            let sentence = if fresh {
                "INSERT INTO policy (id, version, name, content) VALUES (?1, ?2 + 1, ?3, ?4)"
            } else {
                "UPDATE policy SET version = version + 1, name = ?3, content = ?4
                 WHERE id = ?1 AND version = ?2"
            };
            let version = if fresh { 0 } else { version };
            let written = transaction
                .execute(sentence, params![id.bytes(), version, name.as_str(), content])
                .map_err(&failed)?;
            if written != 1 {
                return Err(VaultError::Changed);
            }
            move_followers(transaction, id, None, now).map_err(&failed)
        })?;
        self.lately.forget();
        Ok(id)
    }

    /// Deletes a policy; what followed it follows the usual one.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force.
    pub fn delete_policy(&self, id: PolicyId, version: i64) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let draft = |name: &String| Draft::of("policy.deleted").about(id, name);
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let (name, _) = kept(transaction, id).map_err(&failed)?.ok_or(VaultError::Changed)?;
            let deleted = transaction
                .execute(
                    "DELETE FROM policy WHERE id = ?1 AND version = ?2",
                    params![id.bytes(), version],
                )
                .map_err(&failed)?;
            if deleted != 1 {
                return Err(VaultError::Changed);
            }
            move_followers(transaction, id, Some(PolicyChoice::Usual), now).map_err(&failed)?;
            Ok(name)
        })?;
        self.lately.forget();
        Ok(())
    }
}

/// The dates of all that follow a policy, anew; with `instead` they follow that one from now on.
fn move_followers(
    connection: &Connection,
    id: PolicyId,
    instead: Option<PolicyChoice>,
    now: keyturn_model::Timestamp,
) -> rusqlite::Result<()> {
    let followers: Vec<[u8; 16]> = connection
        .prepare("SELECT id FROM credential WHERE policy = ?1")?
        .query_map([id.to_string()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for follower in followers {
        let follower = keyturn_model::CredentialId::from_bytes(follower);
        let Some((row, there)) = read::metadata(connection, follower)? else { continue };
        if there.whole().is_err() && instead.is_none() {
            continue;
        }
        let mut metadata = there.metadata;
        metadata.policy = instead.unwrap_or(metadata.policy);
        let plan = add::schedule(connection, Some(row), &metadata, there.rotated, now)?;
        connection
            .prepare_cached(
                "UPDATE credential SET version = version + 1, policy = ?2, rotates = ?3, due = ?4,
                     soon = ?5 WHERE row = ?1",
            )?
            .execute(params![
                row,
                metadata.policy.to_string(),
                plan.rotates.map(|at| at.0),
                plan.due.map(|at| at.0),
                plan.soon.map(|at| at.0),
            ])?;
    }
    Ok(())
}
