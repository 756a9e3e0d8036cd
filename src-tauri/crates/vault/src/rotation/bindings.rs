//! Consumers, and which of them uses which credential.

use std::collections::{BTreeSet, HashMap};

use keyturn_model::{
    BindingId, ConsumerId, CredentialId, Name, Timestamp,
    setup::{BindingSetup, Consumer},
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use secrecy::SecretString;

use super::secrets;
use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

/// The tables that a change of a consumer or a binding writes.
const TABLES: &[&str] = &["consumer", "binding", "setup_secret", "finding"];

/// A consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptConsumer {
    /// Which.
    pub id: ConsumerId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What is known of it.
    pub consumer: Consumer,
    /// The credentials that it uses.
    pub credentials: Vec<CredentialId>,
}

/// One consumer of one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBinding {
    /// Which.
    pub id: BindingId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// The credential.
    pub credential: CredentialId,
    /// What the credential is called.
    pub credential_name: String,
    /// The consumer.
    pub consumer: ConsumerId,
    /// What the consumer is called.
    pub consumer_name: String,
    /// How the value reaches it.
    pub setup: BindingSetup,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// When it was last seen to be well.
    pub verified: Option<Timestamp>,
    /// When a search last found what tells that it is so.
    pub seen: Option<Timestamp>,
}

/// A binding that cannot be read: another version of this program may have written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadBinding {
    /// The credential.
    pub credential: CredentialId,
    /// What the credential is called.
    pub credential_name: String,
    /// The consumer.
    pub consumer: ConsumerId,
    /// What the consumer is called.
    pub consumer_name: String,
}

impl Vault {
    /// The consumers, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn consumers(&self) -> Result<Vec<KeptConsumer>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<KeptConsumer>> {
                // At once: to look them up for each consumer takes ten times as long where there are many.
                let mut used: HashMap<[u8; 16], BTreeSet<CredentialId>> = HashMap::new();
                let mut bound =
                    connection.prepare_cached("SELECT consumer, credential FROM binding")?;
                let mut rows = bound.query([])?;
                while let Some(row) = rows.next()? {
                    let credential = CredentialId::from_bytes(row.get(1)?);
                    used.entry(row.get(0)?).or_default().insert(credential);
                }
                let mut list = connection
                    .prepare_cached("SELECT id, version, content FROM consumer ORDER BY name")?;
                let mut rows = list.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    let id: [u8; 16] = row.get(0)?;
                    let Ok(consumer) = serde_json::from_str(row.get_ref(2)?.as_str()?) else {
                        continue;
                    };
                    let credentials = used.remove(&id).unwrap_or_default().into_iter().collect();
                    all.push(KeptConsumer {
                        id: ConsumerId::from_bytes(id),
                        version: row.get(1)?,
                        consumer,
                        credentials,
                    });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps a consumer: a new one, or another content for one that is there.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::NameTaken`].
    pub fn save_consumer(
        &self,
        id: Option<ConsumerId>,
        version: i64,
        consumer: &Consumer,
    ) -> Result<ConsumerId> {
        let name = Name::new(&consumer.name)?;
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let fresh = id.is_none();
        let id = id.unwrap_or_else(|| ConsumerId::new(now, &*self.around.entropy));
        let action = if fresh { "consumer.added" } else { "consumer.changed" };
        let draft = |(): &()| Draft::of(action).about(id, name.as_str());
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let there = consumer_named(transaction, &name).map_err(&failed)?;
            if there.is_some_and(|there| there != id) {
                return Err(VaultError::NameTaken);
            }
            if fresh {
                return insert_consumer(transaction, id, &name, consumer, now).map_err(&failed);
            }
            let written = transaction.execute(
                "UPDATE consumer SET version = version + 1, name = ?2, content = ?3, changed = ?4
                 WHERE id = ?1 AND version = ?5",
                params![id.bytes(), name.as_str(), written(consumer), now.0, version],
            );
            if written.map_err(&failed)? == 0 { Err(VaultError::Changed) } else { Ok(()) }
        })?;
        Ok(id)
    }

    /// Deletes a consumer with its bindings.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while a run delivers to it, [`VaultError::Changed`] when it is gone.
    pub fn delete_consumer(&self, id: ConsumerId) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let draft = |name: &String| Draft::of("consumer.deleted").about(id, name);
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let delivers: bool = transaction
                .query_row(
                    "SELECT EXISTS (SELECT 1 FROM binding b JOIN run r ON r.credential = b.credential
                                    WHERE b.consumer = ?1 AND r.open = 1)",
                    [id.bytes()],
                    |row| row.get(0),
                )
                .map_err(&failed)?;
            if delivers {
                return Err(VaultError::InUse);
            }
            transaction
                .query_row(
                    "DELETE FROM consumer WHERE id = ?1 RETURNING name",
                    [id.bytes()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(&failed)?
                .ok_or(VaultError::Changed)
        })?;
        self.lately.forget();
        Ok(())
    }

    /// The bindings of one credential, or all of them, by the consumer's name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn bindings(&self, credential: Option<CredentialId>) -> Result<Vec<KeptBinding>> {
        let of = credential.map(|id| *id.bytes());
        self.read_bindings("?1 IS NULL OR b.credential = ?1", of)
    }

    /// One binding.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn binding(&self, id: BindingId) -> Result<Option<KeptBinding>> {
        Ok(self.read_bindings("b.id = ?1", Some(*id.bytes()))?.pop())
    }

    /// The bindings, of one credential or of all, that cannot be read; they stay as they are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unread_bindings(&self, credential: Option<CredentialId>) -> Result<Vec<UnreadBinding>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<UnreadBinding>> {
                let mut list = connection.prepare_cached(
                    "SELECT b.credential, c.name, b.consumer, u.name, b.setup
                     FROM binding b JOIN credential c ON c.id = b.credential
                     JOIN consumer u ON u.id = b.consumer
                     WHERE ?1 IS NULL OR b.credential = ?1 ORDER BY u.name, b.id",
                )?;
                let mut rows = list.query([credential.as_ref().map(CredentialId::bytes)])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    if serde_json::from_str::<BindingSetup>(row.get_ref(4)?.as_str()?).is_err() {
                        all.push(UnreadBinding {
                            credential: CredentialId::from_bytes(row.get(0)?),
                            credential_name: row.get(1)?,
                            consumer: ConsumerId::from_bytes(row.get(2)?),
                            consumer_name: row.get(3)?,
                        });
                    }
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    fn read_bindings(&self, which: &str, id: Option<[u8; 16]>) -> Result<Vec<KeptBinding>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<KeptBinding>> {
                let mut list = connection.prepare_cached(&format!(
                    "SELECT b.id, b.version, b.credential, c.name, b.consumer, u.name, b.setup,
                            b.verified,
                            (SELECT max(f.seen) FROM finding f WHERE f.binding = b.id)
                     FROM binding b JOIN credential c ON c.id = b.credential
                     JOIN consumer u ON u.id = b.consumer
                     WHERE {which} ORDER BY u.name, b.id"
                ))?;
                let mut rows = list.query([id])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.extend(kept_binding(connection, row)?);
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps a binding: a new one, or another setup for one that is there. Secrets that are not named stay,
    /// an empty one goes.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force or one of both is gone.
    pub fn save_binding(
        &self,
        id: Option<BindingId>,
        version: i64,
        (credential, consumer): (CredentialId, ConsumerId),
        setup: &BindingSetup,
        secrets: &[(String, SecretString)],
    ) -> Result<BindingId> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let fresh = id.is_none();
        let id = id.unwrap_or_else(|| BindingId::new(now, &*self.around.entropy));
        let action = if fresh { "binding.added" } else { "binding.changed" };
        let draft = |(name, consumer): &(String, String)| {
            Draft::of(action).about(credential, name).with(consumer.clone())
        };
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let names: (String, String) = transaction
                .query_row(
                    "SELECT c.name, u.name FROM credential c, consumer u WHERE c.id = ?1 AND u.id = ?2",
                    params![credential.bytes(), consumer.bytes()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()
                .map_err(&failed)?
                .ok_or(VaultError::Changed)?;
            if fresh {
                insert_binding(transaction, id, (credential, consumer), setup, now)
                    .map_err(&failed)?;
            } else {
                let written = transaction.execute(
                    "UPDATE binding SET version = version + 1, setup = ?2, changed = ?3,
                         verified = NULL
                     WHERE id = ?1 AND version = ?4 AND credential = ?5 AND consumer = ?6",
                    params![
                        id.bytes(),
                        written(setup),
                        now.0,
                        version,
                        credential.bytes(),
                        consumer.bytes()
                    ],
                );
                if written.map_err(&failed)? == 0 {
                    return Err(VaultError::Changed);
                }
            }
            self.keep_secrets(&opened, transaction, id.bytes(), secrets).map_err(&failed)?;
            Ok(names)
        })?;
        self.lately.forget();
        Ok(id)
    }

    /// Deletes a binding.
    ///
    /// # Errors
    /// [`VaultError::InUse`] while a run is open for its credential, [`VaultError::Changed`] when it is gone.
    pub fn delete_binding(&self, id: BindingId) -> Result<()> {
        let there = self.binding(id)?.ok_or(VaultError::Changed)?;
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let draft = |(): &()| {
            Draft::of("binding.deleted")
                .about(there.credential, &there.credential_name)
                .with(there.consumer_name.clone())
        };
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            if is_rotating(transaction, there.credential).map_err(&failed)? {
                return Err(VaultError::InUse);
            }
            transaction
                .execute("DELETE FROM binding WHERE id = ?1", [id.bytes()])
                .map(drop)
                .map_err(&failed)
        })?;
        self.lately.forget();
        Ok(())
    }

    /// A consumer was seen to be well with what it has.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn binding_works(&self, binding: &KeptBinding) -> Result<()> {
        let now = self.around.clock.now();
        let failed = |error| self.opened().store.failed()(error);
        let draft = Draft::of("binding.tested")
            .about(binding.credential, &binding.credential_name)
            .with(binding.consumer_name.clone());
        self.write(draft, TABLES, |transaction| {
            transaction
                .execute(
                    "UPDATE binding SET verified = ?2 WHERE id = ?1",
                    params![binding.id.bytes(), now.0],
                )
                .map(drop)
                .map_err(failed)
        })
    }
}

fn written(content: &impl serde::Serialize) -> String {
    // Plain words and numbers: it cannot fail.
    serde_json::to_string(content).unwrap_or_default()
}

/// Which consumer bears a name.
pub(super) fn consumer_named(
    connection: &Connection,
    name: &Name,
) -> rusqlite::Result<Option<ConsumerId>> {
    connection
        .prepare_cached("SELECT id FROM consumer WHERE name = ?1")?
        .query_row([name.as_str()], |row| row.get(0).map(ConsumerId::from_bytes))
        .optional()
}

pub(super) fn insert_consumer(
    connection: &Connection,
    id: ConsumerId,
    name: &Name,
    consumer: &Consumer,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO consumer (id, version, name, content, changed) VALUES (?1, 1, ?2, ?3, ?4)",
        )?
        .execute(params![id.bytes(), name.as_str(), written(consumer), now.0])
        .map(drop)
}

pub(super) fn insert_binding(
    connection: &Connection,
    id: BindingId,
    (credential, consumer): (CredentialId, ConsumerId),
    setup: &BindingSetup,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO binding (id, version, credential, consumer, setup, changed)
             VALUES (?1, 1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id.bytes(), credential.bytes(), consumer.bytes(), written(setup), now.0])
        .map(drop)
}

/// Whether a run is open for a credential.
pub(crate) fn is_rotating(
    connection: &Connection,
    credential: CredentialId,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM run WHERE credential = ?1 AND open = 1)")?
        .query_row([credential.bytes()], |row| row.get(0))
}

fn kept_binding(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Option<KeptBinding>> {
    let id: [u8; 16] = row.get(0)?;
    let Ok(setup) = serde_json::from_str(row.get_ref(6)?.as_str()?) else { return Ok(None) };
    Ok(Some(KeptBinding {
        id: BindingId::from_bytes(id),
        version: row.get(1)?,
        credential: CredentialId::from_bytes(row.get(2)?),
        credential_name: row.get(3)?,
        consumer: ConsumerId::from_bytes(row.get(4)?),
        consumer_name: row.get(5)?,
        setup,
        secrets: secrets::names(connection, &id)?,
        verified: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        seen: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    }))
}
