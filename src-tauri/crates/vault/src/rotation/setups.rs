//! How credentials are rotated, as people set it up.

use keyturn_model::{CredentialId, setup::RotationSetup};
use rusqlite::{OptionalExtension, params};

use super::is_rotating;
use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

/// How a credential is rotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRotation {
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What was set up.
    pub setup: RotationSetup,
}

impl Vault {
    /// How a credential is rotated, if that was set up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rotation(&self, credential: CredentialId) -> Result<Option<KeptRotation>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let found: Option<(i64, String)> = connection
                .prepare_cached("SELECT version, setup FROM rotation_setup WHERE credential = ?1")
                .and_then(|mut one| {
                    one.query_row([credential.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                        .optional()
                })
                .map_err(opened.store.failed())?;
            Ok(found.and_then(|(version, setup)| {
                Some(KeptRotation { version, setup: serde_json::from_str(&setup).ok()? })
            }))
        })
    }

    /// Keeps how a credential is rotated; `version` is 0 where nothing was set up.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force or the account is gone,
    /// [`VaultError::InUse`] while a run is open for it.
    pub fn save_rotation(
        &self,
        credential: CredentialId,
        version: i64,
        setup: &RotationSetup,
    ) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let content = serde_json::to_string(setup).unwrap_or_default();
        let draft = |name: &String| Draft::of("rotation.set_up").about(credential, name);
        let tables = &["rotation_setup"];
        opened.store.write(&opened.header, &author, tables, draft, |transaction| {
            if is_rotating(transaction, credential).map_err(&failed)? {
                return Err(VaultError::InUse);
            }
            let name: String = transaction
                .query_row(
                    "SELECT c.name FROM credential c, issuer_account a WHERE c.id = ?1 AND a.id = ?2",
                    params![credential.bytes(), setup.account.bytes()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(&failed)?
                .ok_or(VaultError::Changed)?;
            let written = transaction
                .execute(
                    "INSERT INTO rotation_setup (credential, version, account, setup)
                     VALUES (?1, ?2 + 1, ?3, ?4)
                     ON CONFLICT (credential) DO UPDATE SET version = excluded.version,
                         account = excluded.account, setup = excluded.setup
                     WHERE rotation_setup.version = ?2",
                    params![credential.bytes(), version, setup.account.bytes(), content],
                )
                .map_err(&failed)?;
            if written == 0 { Err(VaultError::Changed) } else { Ok(name) }
        })?;
        Ok(())
    }
}
