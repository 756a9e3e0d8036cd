//! Issuer accounts: the logins by which values are made and revoked.

use keyturn_model::{AccountId, Name, Timestamp, setup::AccountSetup};
use rusqlite::{OptionalExtension, params};
use secrecy::SecretString;

use super::secrets;
use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

/// The tables that a change of an account writes.
const TABLES: &[&str] = &["issuer_account", "setup_secret"];

/// An issuer account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    /// Which.
    pub id: AccountId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is reached.
    pub setup: AccountSetup,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// When it was last seen to work.
    pub tested: Option<Timestamp>,
    /// How many credentials are rotated by it.
    pub credentials: u32,
}

impl Vault {
    /// The issuer accounts, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<KeptAccount>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<KeptAccount>> {
                let mut list = connection.prepare_cached(
                    "SELECT id, version, name, setup, tested,
                            (SELECT count(*) FROM rotation_setup s WHERE s.account = a.id)
                     FROM issuer_account a ORDER BY name",
                )?;
                let mut rows = list.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    let id: [u8; 16] = row.get(0)?;
                    let Ok(setup) = serde_json::from_str(row.get_ref(3)?.as_str()?) else {
                        continue;
                    };
                    all.push(KeptAccount {
                        id: AccountId::from_bytes(id),
                        version: row.get(1)?,
                        name: row.get(2)?,
                        setup,
                        secrets: secrets::names(connection, &id)?,
                        tested: row.get::<_, Option<i64>>(4)?.map(Timestamp),
                        credentials: row.get(5)?,
                    });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// How an account is reached, for work of the program itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn account_setup(&self, id: AccountId) -> Result<Option<(String, AccountSetup)>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let found: Option<(String, String)> = connection
                .prepare_cached("SELECT name, setup FROM issuer_account WHERE id = ?1")
                .and_then(|mut one| {
                    one.query_row([id.bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
                })
                .map_err(opened.store.failed())?;
            Ok(found.and_then(|(name, setup)| Some((name, serde_json::from_str(&setup).ok()?))))
        })
    }

    /// Keeps an account: a new one, or another setup for one that is there. Secrets that are not named stay,
    /// an empty one goes.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::NameTaken`].
    pub fn save_account(
        &self,
        id: Option<AccountId>,
        version: i64,
        name: &Name,
        setup: &AccountSetup,
        secrets: &[(String, SecretString)],
    ) -> Result<AccountId> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let fresh = id.is_none();
        let id = id.unwrap_or_else(|| AccountId::new(now, &*self.around.entropy));
        let action = if fresh { "account.added" } else { "account.changed" };
        let content = serde_json::to_string(setup).unwrap_or_default();
        let draft = |()| Draft::of(action).about(id, name.as_str());
        opened.store.write(
            &opened.header,
            &author,
            TABLES,
            |(): &()| draft(()),
            |transaction| {
                let taken: bool = transaction
                    .prepare_cached(
                        "SELECT EXISTS (SELECT 1 FROM issuer_account WHERE name = ?1 AND id != ?2)",
                    )
                    .and_then(|mut one| {
                        one.query_row(params![name.as_str(), id.bytes()], |r| r.get(0))
                    })
                    .map_err(&failed)?;
                if taken {
                    return Err(VaultError::NameTaken);
                }
                let written = if fresh {
                    transaction.execute(
                        "INSERT INTO issuer_account (id, version, name, setup, changed)
                     VALUES (?1, 1, ?2, ?3, ?4)",
                        params![id.bytes(), name.as_str(), content, now.0],
                    )
                } else {
                    // What it was seen to do says nothing of another setup.
                    transaction.execute(
                        "UPDATE issuer_account SET version = version + 1, name = ?2, setup = ?3,
                         changed = ?4, tested = NULL
                     WHERE id = ?1 AND version = ?5",
                        params![id.bytes(), name.as_str(), content, now.0, version],
                    )
                };
                if written.map_err(&failed)? == 0 {
                    return Err(VaultError::Changed);
                }
                self.keep_secrets(&opened, transaction, id.bytes(), secrets).map_err(&failed)
            },
        )?;
        Ok(id)
    }

    /// Deletes an account that no credential is rotated by.
    ///
    /// # Errors
    /// [`VaultError::InUse`], [`VaultError::Changed`] when it is gone.
    pub fn delete_account(&self, id: AccountId) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let draft = |name: &String| Draft::of("account.deleted").about(id, name);
        opened.store.write(&opened.header, &author, TABLES, draft, |transaction| {
            let used: bool = transaction
                .query_row(
                    "SELECT EXISTS (SELECT 1 FROM rotation_setup WHERE account = ?1)
                         OR EXISTS (SELECT 1 FROM run WHERE account = ?1 AND open = 1)",
                    [id.bytes()],
                    |row| row.get(0),
                )
                .map_err(&failed)?;
            if used {
                return Err(VaultError::InUse);
            }
            transaction
                .query_row(
                    "DELETE FROM issuer_account WHERE id = ?1 RETURNING name",
                    [id.bytes()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(&failed)?
                .ok_or(VaultError::Changed)
        })?;
        Ok(())
    }

    /// An account was seen to work.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn account_works(&self, id: AccountId, name: &str) -> Result<()> {
        let now = self.around.clock.now();
        let failed = |error| self.opened().store.failed()(error);
        self.write(Draft::of("account.tested").about(id, name), TABLES, |transaction| {
            transaction
                .execute(
                    "UPDATE issuer_account SET tested = ?2 WHERE id = ?1",
                    params![id.bytes(), now.0],
                )
                .map(drop)
                .map_err(failed)
        })
    }
}
