//! Changing what is known of credentials, one or many at a time, and deleting them.

use keyturn_model::{CredentialId, Metadata, PolicyChoice, Risk, Timestamp};
use rusqlite::{Connection, params};

use super::{CREDENTIAL, CREDENTIAL_AND_ALL, add, find, joined, read, word};
use crate::{VaultError, audit::Draft, error::Result, rotation::is_rotating, vault::Vault};

/// What can be done to many credentials at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Many {
    /// Put them away.
    Archive,
    /// Take them back.
    Restore,
    /// Let nothing happen by itself.
    Pause,
    /// Let it.
    Resume,
    /// Give them a policy.
    Policy(PolicyChoice),
    /// Say who answers for them and where they are used, give them tags and take tags away.
    Words {
        /// Who; nothing leaves it to each.
        owner: Option<String>,
        /// Where; nothing leaves it to each.
        environment: Option<String>,
        /// Which tags they get.
        add: Vec<String>,
        /// Which they lose.
        remove: Vec<String>,
    },
    /// Say what their loss would mean.
    Risk(Risk),
}

/// A credential with the version in which somebody saw it.
pub type Seen = (CredentialId, i64);

/// What a credential is called, and why nothing was done with it, if so.
pub type Outcome = (String, Option<VaultError>);

impl Many {
    fn action(&self) -> &'static str {
        match self {
            Self::Archive => "credential.archived",
            Self::Restore => "credential.restored",
            Self::Pause => "credential.paused",
            Self::Resume => "credential.resumed",
            Self::Policy(_) => "credential.policy",
            Self::Words { .. } | Self::Risk(_) => "credential.changed",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Archive | Self::Restore | Self::Pause | Self::Resume => String::new(),
            Self::Policy(policy) => policy.to_string(),
            Self::Words { owner, environment, add, remove } => {
                let with = |sign: &str, tags: &[String]| -> Vec<String> {
                    tags.iter().map(|tag| format!("{sign}{tag}")).collect()
                };
                let said = |what: &str, word: &Option<String>| -> Vec<String> {
                    word.iter().map(|word| format!("{what} {word}")).collect()
                };
                [with("+", add), with("-", remove)]
                    .map(|tags| tags.join(" "))
                    .into_iter()
                    .filter(|tags| !tags.is_empty())
                    .chain(said("owner", owner))
                    .chain(said("environment", environment))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Self::Risk(risk) => format!("risk {}", word(risk)),
        }
    }

    fn edit(&self, metadata: &mut Metadata) {
        match self {
            Self::Archive | Self::Restore | Self::Pause | Self::Resume => {}
            Self::Policy(policy) => metadata.policy = *policy,
            Self::Words { owner, environment, add, remove } => {
                if let Some(owner) = owner {
                    metadata.owner.clone_from(owner);
                }
                if let Some(environment) = environment {
                    metadata.environment.clone_from(environment);
                }
                let named = |tag: &str, other: &String| {
                    other.trim_start_matches('#').eq_ignore_ascii_case(tag)
                };
                metadata.tags.retain(|tag| !remove.iter().any(|other| named(tag, other)));
                metadata.tags.extend(add.iter().cloned());
            }
            Self::Risk(risk) => metadata.risk = *risk,
        }
    }

    /// What a mark of the row becomes.
    fn mark(&self, now: Timestamp) -> Option<(&'static str, Option<i64>)> {
        match self {
            Self::Archive => Some(("archived", Some(now.0))),
            Self::Restore => Some(("archived", None)),
            Self::Pause => Some(("paused", Some(1))),
            Self::Resume => Some(("paused", Some(0))),
            _ => None,
        }
    }
}

impl Vault {
    /// Changes what is known of a credential. Its kind stays. With `facts` what its value tells of
    /// itself is written anew.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force.
    pub fn change(
        &self,
        id: CredentialId,
        version: i64,
        metadata: &Metadata,
        key_id: &str,
        facts: &str,
    ) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let draft = |detail: &String| {
            Draft::of("credential.changed").about(id, &metadata.name).with(detail.clone())
        };
        opened.store.write(&opened.header, &author, CREDENTIAL, draft, |transaction| {
            let (row, there) = read::metadata(transaction, id)
                .map_err(&failed)?
                .ok_or(VaultError::CredentialGone)?;
            if there.version != version {
                return Err(VaultError::Changed);
            }
            there.whole()?;
            let detail = differing(&there.metadata, metadata);
            let metadata = Metadata { kind: there.metadata.kind, ..metadata.clone() };
            let before = &there.metadata.tags;
            store(transaction, row, before, &metadata, key_id, there.rotated, now)
                .and_then(|()| {
                    let update = "UPDATE credential SET facts = ?2 WHERE row = ?1";
                    transaction.prepare_cached(update)?.execute(params![row, facts]).map(drop)
                })
                .and_then(|()| name_key(transaction, id, key_id))
                .map_err(&failed)?;
            Ok(detail)
        })?;
        self.lately.forget();
        Ok(())
    }

    /// Does the same to many, each as it was `seen`: one transaction, an entry for each, and each that is
    /// done has the next version. Tells of each what it is called, and why it stays as it is: it was
    /// changed meanwhile, it would become what cannot be kept, it cannot be read in whole, or it is gone.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing is changed.
    pub fn change_many(&self, seen: &[Seen], many: &Many) -> Result<Vec<Outcome>> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let now = self.around.clock.now();
        let drafts = |done: &Vec<Outcome>| {
            let all = seen.iter().zip(done).filter(|(_, (_, problem))| problem.is_none());
            let draft = |((id, _), (name, _)): (&Seen, &Outcome)| {
                Draft::of(many.action()).about(*id, name).with(many.detail())
            };
            all.map(draft).collect()
        };
        let done = opened.store.write_all(&opened.header, &author, CREDENTIAL, drafts, |all| {
            let each = |one: &Seen| change_one(all, *one, many, now);
            seen.iter().map(each).collect::<rusqlite::Result<_>>().map_err(opened.store.failed())
        })?;
        self.lately.forget();
        Ok(done)
    }

    /// Deletes credentials with all their values: one transaction, an entry for each. Tells of each what
    /// it is called, and why it stays: a run is open for it, or it is gone already.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing is deleted.
    pub fn delete(&self, ids: &[CredentialId], action: &str) -> Result<Vec<Outcome>> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let drafts = |done: &Vec<Outcome>| {
            let gone = ids.iter().zip(done).filter(|(_, (_, problem))| problem.is_none());
            gone.map(|(id, (name, _))| Draft::of(action).about(*id, name)).collect()
        };
        let tables = CREDENTIAL_AND_ALL;
        let done = opened.store.write_all(&opened.header, &author, tables, drafts, |all| {
            let each = |id: &CredentialId| -> rusqlite::Result<_> {
                let Some((_, there)) = read::metadata(all, *id)? else {
                    return Ok((String::new(), Some(VaultError::CredentialGone)));
                };
                let rotating = is_rotating(all, *id)?;
                if !rotating {
                    delete_one(all, *id)?;
                }
                Ok((there.metadata.name, rotating.then_some(VaultError::Rotating)))
            };
            ids.iter().map(each).collect::<rusqlite::Result<_>>().map_err(opened.store.failed())
        })?;
        self.lately.forget();
        Ok(done)
    }
}

fn change_one(
    connection: &Connection,
    (id, version): Seen,
    many: &Many,
    now: Timestamp,
) -> rusqlite::Result<Outcome> {
    let Some((row, there)) = read::metadata(connection, id)? else {
        return Ok((String::new(), Some(VaultError::CredentialGone)));
    };
    let name = there.metadata.name.clone();
    if there.version != version {
        return Ok((name, Some(VaultError::Changed)));
    }
    if let Some((mark, value)) = many.mark(now) {
        let update = format!(
            "UPDATE credential SET {mark} = ?2, changed = ?3, version = version + 1 WHERE row = ?1"
        );
        connection.prepare_cached(&update)?.execute(params![row, value, now.0])?;
        return Ok((name, None));
    }
    if let Err(unread) = there.whole() {
        return Ok((name, Some(unread)));
    }
    let mut metadata = there.metadata.clone();
    many.edit(&mut metadata);
    let metadata = metadata.tidied();
    let had = there.metadata.faults();
    if let Some(fault) = metadata.faults().into_iter().find(|fault| !had.contains(fault)) {
        return Ok((name, Some(VaultError::Refused(fault))));
    }
    let before = &there.metadata.tags;
    store(connection, row, before, &metadata, &there.key_id, there.rotated, now)?;
    Ok((name, None))
}

pub(super) fn delete_one(
    connection: &Connection,
    id: CredentialId,
) -> rusqlite::Result<Option<String>> {
    let Some((row, there)) = read::metadata(connection, id)? else { return Ok(None) };
    untag(connection, row, &there.metadata.tags)?;
    find::leave(connection, row)?;
    connection.prepare_cached("DELETE FROM credential WHERE row = ?1")?.execute([row])?;
    Ok(Some(there.metadata.name))
}

/// Writes metadata over what a row has.
pub(super) fn store(
    connection: &Connection,
    row: i64,
    tags_before: &[String],
    metadata: &Metadata,
    key_id: &str,
    rotated: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let plan = add::schedule(connection, Some(row), metadata, rotated, now)?;
    connection
        .prepare_cached(
            "UPDATE credential SET version = version + 1, name = ?2, environment = ?3, owner = ?4,
                 issuer = ?5, risk = ?6, tags = ?7, policy = ?8, expires = ?9, rotates = ?10,
                 due = ?11, soon = ?12, changed = ?13, key_id = ?14, description = ?15, notes = ?16,
                 fields = ?17
             WHERE row = ?1",
        )?
        .execute(params![
            row,
            metadata.name,
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
            now.0,
            key_id,
            metadata.description,
            metadata.notes,
            serde_json::to_string(&metadata.fields).unwrap_or_default(),
        ])?;
    if tags_before != metadata.tags {
        untag(connection, row, tags_before)?;
        add::tag(connection, row, &metadata.tags)?;
    }
    find::leave(connection, row)?;
    find::enter(connection, row, metadata, key_id)
}

/// The value in use is known to its issuer by this name: runs revoke by it. One that is open has read it
/// already, and goes on with what it read.
pub(super) fn name_key(
    connection: &Connection,
    id: CredentialId,
    key_id: &str,
) -> rusqlite::Result<()> {
    if is_rotating(connection, id)? {
        return Ok(());
    }
    connection
        .prepare_cached(
            "UPDATE value_version SET key_id = ?2
             WHERE credential = ?1 AND stage = 'current' AND key_id != ?2",
        )?
        .execute(params![id.bytes(), key_id])
        .map(drop)
}

fn untag(connection: &Connection, row: i64, tags: &[String]) -> rusqlite::Result<()> {
    let mut delete =
        connection.prepare_cached("DELETE FROM tag WHERE name = ?1 AND credential = ?2")?;
    tags.iter().try_for_each(|name| delete.execute(params![name, row]).map(drop))
}

/// The names of what differs: what changed is entered, not what it was or is.
pub(super) fn differing(one: &Metadata, other: &Metadata) -> String {
    let all = [
        ("name", one.name != other.name),
        ("environment", one.environment != other.environment),
        ("tags", one.tags != other.tags),
        ("owner", one.owner != other.owner),
        ("issuer", one.issuer != other.issuer),
        ("risk", one.risk != other.risk),
        ("description", one.description != other.description),
        ("notes", one.notes != other.notes),
        ("fields", one.fields != other.fields),
        ("expires", one.expires != other.expires),
        ("policy", one.policy != other.policy),
    ];
    let names: Vec<&str> = all.iter().filter(|(_, differs)| *differs).map(|(n, _)| *n).collect();
    names.join(", ")
}
