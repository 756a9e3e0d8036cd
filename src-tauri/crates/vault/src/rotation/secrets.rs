//! Secrets of accounts, bindings and channels: sealed to their places, never read with the rest.

use keyturn_model::{Id, VaultId, setup::Secrets};
use rusqlite::{Connection, params};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    VaultError,
    error::Result,
    seal,
    vault::{Opened, Vault},
};

/// Where a secret of a setup belongs; it opens nowhere else.
pub(crate) fn secret_place(
    vault: VaultId,
    generation: u64,
    owner: &[u8; 16],
    place: &str,
) -> Vec<u8> {
    let mut all = Vec::with_capacity(80 + place.len());
    all.extend(b"keyturn 1 setup");
    all.extend(vault.bytes());
    all.extend(generation.to_be_bytes());
    all.extend(owner);
    all.extend(place.as_bytes());
    all
}

fn place_of(opened: &Opened, owner: &[u8; 16], place: &str) -> Vec<u8> {
    secret_place(opened.header.vault(), opened.header.generation, owner, place)
}

impl Vault {
    /// The secrets of an account, a binding or a channel, for work of the program itself.
    ///
    /// # Errors
    /// When one is not what was written.
    pub fn setup_secrets<T>(&self, owner: Id<T>) -> Result<Secrets> {
        let opened = self.opened();
        let sealed: Vec<(String, Vec<u8>)> = opened.store.read(|connection| {
            let read = || -> rusqlite::Result<_> {
                connection
                    .prepare_cached("SELECT place, sealed FROM setup_secret WHERE owner = ?1")?
                    .query_map([owner.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            };
            read().map_err(opened.store.failed())
        })?;
        let damaged = || VaultError::Damaged(opened.store.file().to_owned());
        let open = |(place, sealed): (String, Vec<u8>)| {
            let value =
                seal::open(&opened.keys.record, &place_of(&opened, owner.bytes(), &place), &sealed);
            let text = value.as_ref().and_then(|value| std::str::from_utf8(value).ok());
            text.map(|text| (place, SecretString::from(text))).ok_or_else(damaged)
        };
        sealed.into_iter().map(open).collect()
    }

    /// Keeps those that are named; an empty one goes, one that is not named stays.
    pub(crate) fn keep_secrets(
        &self,
        opened: &Opened,
        connection: &Connection,
        owner: &[u8; 16],
        secrets: &[(String, SecretString)],
    ) -> rusqlite::Result<()> {
        for (place, value) in secrets {
            // Whether it is empty; then to seal it.
            let value = value.expose_secret();
            if value.is_empty() {
                connection
                    .prepare_cached("DELETE FROM setup_secret WHERE owner = ?1 AND place = ?2")?
                    .execute(params![owner, place])?;
                continue;
            }
            let at = place_of(opened, owner, place);
            let sealed =
                seal::seal(&opened.keys.record, &at, value.as_bytes(), &*self.around.entropy);
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO setup_secret (owner, place, sealed) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![owner, place, sealed])?;
        }
        Ok(())
    }
}

/// The names of the secrets that are there.
pub(crate) fn names(connection: &Connection, owner: &[u8; 16]) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT place FROM setup_secret WHERE owner = ?1 ORDER BY place")?
        .query_map([owner], |row| row.get(0))?
        .collect()
}
