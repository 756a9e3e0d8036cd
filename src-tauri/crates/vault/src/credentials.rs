//! Credentials as the store keeps them: a row that lists and searches read, and secret values that
//! only the one use of one value opens.

use keyturn_model::{CredentialId, Timestamp, VaultId};
use rusqlite::params;
use secrecy::SecretSlice;

use crate::{VaultError, audit::Draft, error::Result, seal, vault::Vault};

/// The one field of a credential that is nothing but a value.
const VALUE: &str = "value";

/// A credential in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The credential.
    pub id: CredentialId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// When it was last changed.
    pub changed: Timestamp,
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

impl Vault {
    /// Adds a credential with its first value.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn add_credential(&self, name: &str, value: &[u8]) -> Result<CredentialId> {
        let opened = self.opened();
        let now = self.around.clock.now();
        let entropy = &*self.around.entropy;
        let id = CredentialId::new(now, entropy);
        let generation = opened.header.generation;
        let place = value_place(opened.header.vault(), generation, id.bytes(), VALUE, 1);
        let sealed = seal::seal(&opened.keys.record, &place, value, entropy);
        let author = self.author(&opened.header)?;
        let draft = Draft::of("credential.added").about(id, name);
        let failed = opened.store.failed();
        opened.store.write(
            &opened.header,
            &author,
            &["credential", "secret_value"],
            |()| draft,
            |transaction| {
                transaction
                    .prepare_cached(
                        "INSERT INTO credential (id, version, name, created, changed)
                     VALUES (?1, 1, ?2, ?3, ?3)",
                    )
                    .and_then(|mut insert| insert.execute(params![id.bytes(), name, now.0]))
                    .map_err(&failed)?;
                transaction
                    .prepare_cached(
                        "INSERT INTO secret_value (credential, field, version, sealed)
                     VALUES (?1, ?2, 1, ?3)",
                    )
                    .and_then(|mut insert| insert.execute(params![id.bytes(), VALUE, sealed]))
                    .map_err(&failed)?;
                Ok(())
            },
        )?;
        Ok(id)
    }

    /// Gives a credential another name.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force.
    pub fn rename_credential(&self, id: CredentialId, name: &str, version: i64) -> Result<()> {
        let now = self.around.clock.now();
        let opened = self.opened();
        let failed = opened.store.failed();
        let author = self.author(&opened.header)?;
        let draft = Draft::of("credential.renamed").about(id, name);
        opened.store.write(
            &opened.header,
            &author,
            &["credential"],
            |()| draft,
            |transaction| {
                let changed = transaction
                    .prepare_cached(
                        "UPDATE credential SET name = ?3, changed = ?4, version = version + 1
                     WHERE id = ?1 AND version = ?2",
                    )
                    .and_then(|mut update| {
                        update.execute(params![id.bytes(), version, name, now.0])
                    })
                    .map_err(&failed)?;
                if changed == 1 { Ok(()) } else { Err(VaultError::Changed) }
            },
        )
    }

    /// The first credentials after a place in the list, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list_credentials(
        &self,
        after: Option<(&str, CredentialId)>,
        most: u32,
    ) -> Result<Vec<Listed>> {
        let opened = self.opened();
        let (name, id) = after.map_or(("", [0; 16]), |(name, id)| (name, *id.bytes()));
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, version, name, changed FROM credential
                     WHERE (name, id) > (?1, ?2) ORDER BY name, id LIMIT ?3",
                )
                .and_then(|mut list| {
                    list.query_map(params![name, id, most], |row| {
                        Ok(Listed {
                            id: CredentialId::from_bytes(row.get(0)?),
                            version: row.get(1)?,
                            name: row.get(2)?,
                            changed: Timestamp(row.get(3)?),
                        })
                    })
                    .and_then(Iterator::collect)
                })
                .map_err(opened.store.failed())
        })
    }

    /// How many credentials there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_credentials(&self) -> Result<u64> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .query_row("SELECT count(*) FROM credential", [], |row| row.get::<_, i64>(0))
                .map(|count| u64::try_from(count).unwrap_or_default())
                .map_err(opened.store.failed())
        })
    }

    /// The value of one credential, opened; entered in the audit log before it is returned.
    ///
    /// # Errors
    /// When there is none, or it is not what was written.
    pub fn use_value(&self, id: CredentialId) -> Result<SecretSlice<u8>> {
        let opened = self.opened();
        let (name, version, sealed): (String, i64, Vec<u8>) = opened.store.read(|connection| {
            connection
                .query_row(
                    "SELECT c.name, s.version, s.sealed FROM credential c
                         JOIN secret_value s ON s.credential = c.id
                         WHERE c.id = ?1 AND s.field = ?2 ORDER BY s.version DESC LIMIT 1",
                    params![id.bytes(), VALUE],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .map_err(opened.store.failed())
        })?;
        let generation = opened.header.generation;
        let place = value_place(opened.header.vault(), generation, id.bytes(), VALUE, version);
        let value = seal::open(&opened.keys.record, &place, &sealed)
            .ok_or_else(|| VaultError::Damaged(opened.store.file().to_owned()))?;
        let author = self.author(&opened.header)?;
        if !self.is_read_only() {
            let draft = Draft::of("credential.used").about(id, &name);
            opened.store.write(&opened.header, &author, &[], |()| draft, |_| Ok(()))?;
        }
        Ok(SecretSlice::from(value.to_vec()))
    }
}
