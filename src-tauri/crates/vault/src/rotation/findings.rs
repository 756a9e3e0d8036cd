//! What searches found and people accepted. What was found is kept as the caller wrote it, without any value.

use keyturn_model::{
    BindingId, ConsumerId, CredentialId, Name, Timestamp,
    setup::{BindingSetup, Consumer},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::bindings::{consumer_named, insert_binding, insert_consumer};
use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

/// The tables that accepting writes.
const TABLES: &[&str] = &["consumer", "binding", "credential", "finding"];

/// Something that was found and accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// About which credential.
    pub credential: CredentialId,
    /// What was found.
    pub content: String,
    /// The binding that rests on it; none where a value lies open.
    pub binding: Option<BindingId>,
    /// When it was last found.
    pub seen: Timestamp,
}

/// What a person accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// A consumer, made unless one of this name is there; with a credential that it uses.
    Use {
        /// Who.
        consumer: Consumer,
        /// Which credential, how its value gets there unless that is known, and what was found.
        credential: Option<(CredentialId, Box<BindingSetup>, Vec<String>)>,
    },
    /// A value lies open.
    Leak {
        /// Of which credential.
        credential: CredentialId,
        /// What was found, each place for itself.
        contents: Vec<String>,
        /// In words, for the log.
        detail: String,
        /// It is a value that works: whoever finds it can use it.
        works: bool,
    },
    /// It is not there any more, and what was kept of it goes.
    Gone {
        /// About which credential.
        credential: CredentialId,
        /// What was found.
        contents: Vec<String>,
    },
}

/// What came of accepting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AcceptedSoFar {
    /// How many consumers were added.
    pub consumers: usize,
    /// How many bindings were added.
    pub bindings: usize,
    /// How many bindings that were there rest on what was found.
    pub seen: usize,
    /// How many credentials are known to be compromised from now on.
    pub compromised: usize,
    /// How many findings went.
    pub gone: usize,
}

impl Vault {
    /// What was found and accepted so far.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn findings(&self) -> Result<Vec<Finding>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<_> {
                connection
                    .prepare_cached("SELECT credential, content, binding, seen FROM finding")?
                    .query_map([], |row| {
                        Ok(Finding {
                            credential: CredentialId::from_bytes(row.get(0)?),
                            content: row.get(1)?,
                            binding: row.get::<_, Option<_>>(2)?.map(BindingId::from_bytes),
                            seen: Timestamp(row.get(3)?),
                        })
                    })?
                    .collect()
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Accepts what was found: all of it, or nothing.
    ///
    /// # Errors
    /// [`VaultError::CredentialGone`] when a credential is not there any more, a consumer cannot be called so.
    pub fn accept(&self, all: &[Accepted]) -> Result<AcceptedSoFar> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let drafts = |(_, drafts): &(AcceptedSoFar, Vec<Draft>)| drafts.clone();
        let (sum, _) =
            opened.store.write_all(&opened.header, &author, TABLES, drafts, |transaction| {
                let now = self.around.clock.now();
                let failed = opened.store.failed();
                let mut work = Accepting {
                    vault: self,
                    transaction,
                    now,
                    failed: &failed,
                    sum: AcceptedSoFar::default(),
                    drafts: Vec::new(),
                };
                for one in all {
                    work.accept(one)?;
                }
                Ok((work.sum, work.drafts))
            })?;
        self.lately.forget();
        Ok(sum)
    }
}

struct Accepting<'a> {
    vault: &'a Vault,
    transaction: &'a Transaction<'a>,
    now: Timestamp,
    failed: &'a dyn Fn(rusqlite::Error) -> VaultError,
    sum: AcceptedSoFar,
    drafts: Vec<Draft>,
}

impl Accepting<'_> {
    fn accept(&mut self, one: &Accepted) -> Result<()> {
        match one {
            Accepted::Use { consumer, credential } => {
                let kept = self.consumer(consumer)?;
                let Some((id, setup, contents)) = credential else { return Ok(()) };
                let binding = self.binding(*id, (kept, &consumer.name), setup)?;
                contents.iter().try_for_each(|content| self.keep(*id, content, Some(binding)))
            }
            Accepted::Leak { credential, contents, detail, works } => {
                let name = self.name(*credential)?;
                for content in contents {
                    self.keep(*credential, content, None)?;
                }
                if *works {
                    self.compromise(*credential)?;
                }
                let draft = Draft::of("credential.leaked").about(*credential, &name);
                self.drafts.push(draft.with(detail));
                Ok(())
            }
            Accepted::Gone { credential, contents } => {
                let name = self.name(*credential)?;
                for content in contents {
                    self.sum.gone += self
                        .transaction
                        .prepare_cached(
                            "DELETE FROM finding WHERE credential = ?1 AND content = ?2",
                        )
                        .and_then(|mut one| one.execute(params![credential.bytes(), content]))
                        .map_err(self.failed)?;
                }
                self.drafts.push(Draft::of("credential.finding_gone").about(*credential, &name));
                Ok(())
            }
        }
    }

    fn consumer(&mut self, consumer: &Consumer) -> Result<ConsumerId> {
        let name = Name::new(&consumer.name)?;
        if let Some(there) = consumer_named(self.transaction, &name).map_err(self.failed)? {
            return Ok(there);
        }
        let id = ConsumerId::new(self.now, &*self.vault.around.entropy);
        insert_consumer(self.transaction, id, &name, consumer, self.now).map_err(self.failed)?;
        self.sum.consumers += 1;
        self.drafts.push(Draft::of("consumer.added").about(id, name.as_str()));
        Ok(id)
    }

    fn binding(
        &mut self,
        credential: CredentialId,
        (consumer, consumer_name): (ConsumerId, &str),
        setup: &BindingSetup,
    ) -> Result<BindingId> {
        let name = self.name(credential)?;
        let there = binding_of(self.transaction, credential, consumer).map_err(self.failed)?;
        let draft = |action| Draft::of(action).about(credential, &name).with(consumer_name);
        if let Some(there) = there {
            self.sum.seen += 1;
            self.drafts.push(draft("binding.seen"));
            return Ok(there);
        }
        let id = BindingId::new(self.now, &*self.vault.around.entropy);
        insert_binding(self.transaction, id, (credential, consumer), setup, self.now)
            .map_err(self.failed)?;
        self.sum.bindings += 1;
        self.drafts.push(draft("binding.added"));
        Ok(id)
    }

    fn keep(
        &self,
        credential: CredentialId,
        content: &str,
        binding: Option<BindingId>,
    ) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO finding (credential, content, binding, seen) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET binding = excluded.binding, seen = excluded.seen",
            )
            .and_then(|mut one| {
                let binding = binding.as_ref().map(BindingId::bytes);
                one.execute(params![credential.bytes(), content, binding, self.now.0])
            })
            .map(drop)
            .map_err(self.failed)
    }

    fn compromise(&mut self, credential: CredentialId) -> Result<()> {
        let marked = self
            .transaction
            .prepare_cached(
                "UPDATE credential SET compromised = 1, version = version + 1, changed = ?2
                 WHERE id = ?1 AND compromised = 0",
            )
            .and_then(|mut one| one.execute(params![credential.bytes(), self.now.0]));
        self.sum.compromised += marked.map_err(self.failed)?;
        Ok(())
    }

    fn name(&self, credential: CredentialId) -> Result<String> {
        self.transaction
            .prepare_cached("SELECT name FROM credential WHERE id = ?1")
            .and_then(|mut one| one.query_row([credential.bytes()], |row| row.get(0)).optional())
            .map_err(self.failed)?
            .ok_or(VaultError::CredentialGone)
    }
}

fn binding_of(
    connection: &Connection,
    credential: CredentialId,
    consumer: ConsumerId,
) -> rusqlite::Result<Option<BindingId>> {
    connection
        .prepare_cached(
            "SELECT id FROM binding WHERE credential = ?1 AND consumer = ?2 ORDER BY id LIMIT 1",
        )?
        .query_row(params![credential.bytes(), consumer.bytes()], |row| {
            row.get(0).map(BindingId::from_bytes)
        })
        .optional()
}
