//! Every value of the vault, for a search of this computer: handed on one by one, never gathered here.

use keyturn_model::{CredentialId, Stage};
use secrecy::SecretString;

use super::{Sealer, of_word};
use crate::{error::Result, vault::Vault};

/// A value of the vault, to look for it.
pub struct Searchable<'a> {
    /// Of which credential.
    pub credential: CredentialId,
    /// What that is called.
    pub name: &'a str,
    /// The credential is put away.
    pub is_archived: bool,
    /// Which version.
    pub number: i64,
    /// Its stage.
    pub stage: Stage,
    /// The value.
    pub value: SecretString,
}

impl Vault {
    /// Hands every secret value of every version to `hear`, for a search of this computer. How many could not be
    /// opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_value(&self, hear: &mut dyn FnMut(Searchable<'_>)) -> Result<usize> {
        let opened = self.opened();
        let sealer = Sealer::of(&opened, &*self.around.entropy);
        opened.store.read(|connection| {
            let mut unread = 0;
            let mut read = || -> rusqlite::Result<()> {
                let mut list = connection.prepare_cached(
                    "SELECT c.id, c.name, c.archived IS NOT NULL, v.number, v.stage, s.field, s.sealed
                     FROM secret_value s JOIN credential c ON c.id = s.credential
                     JOIN value_version v ON v.credential = s.credential AND v.number = s.version",
                )?;
                let mut rows = list.query([])?;
                while let Some(row) = rows.next()? {
                    let credential = CredentialId::from_bytes(row.get(0)?);
                    let number = row.get(3)?;
                    let field = row.get_ref(5)?.as_str()?;
                    let stage = of_word(row.get_ref(4)?.as_str()?);
                    let sealed = row.get_ref(6)?.as_blob()?;
                    let Some(value) = sealer.open(credential, number, field, sealed) else {
                        unread += 1;
                        continue;
                    };
                    hear(Searchable {
                        credential,
                        name: row.get_ref(1)?.as_str()?,
                        is_archived: row.get(2)?,
                        number,
                        stage: stage.unwrap_or(Stage::Retired),
                        value,
                    });
                }
                Ok(())
            };
            read().map_err(opened.store.failed())?;
            Ok(unread)
        })
    }
}
