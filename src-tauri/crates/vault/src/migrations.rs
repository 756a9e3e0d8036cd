//! The steps from an empty database to today's, each a file that is never edited again.

use keyturn_model::VaultId;
use rusqlite::{Connection, params};

use crate::{
    VaultError,
    database::APPLICATION,
    error::{Result, of_database},
    rows,
    secret::Key,
};
use std::path::Path;

const STEPS: &[&str] = &[
    include_str!("../migrations/001-vault.sql"),
    include_str!("../migrations/002-inventory.sql"),
    include_str!("../migrations/003-counting.sql"),
    include_str!("../migrations/004-rotation.sql"),
    include_str!("../migrations/005-moved.sql"),
    include_str!("../migrations/006-finding.sql"),
    include_str!("../migrations/007-done.sql"),
    include_str!("../migrations/008-reminding.sql"),
    include_str!("../migrations/009-channels.sql"),
    include_str!("../migrations/010-incidents.sql"),
];

/// The number of the last step: what `user_version` of an up-to-date database is.
pub(crate) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// How far a database has come.
pub(crate) fn version(connection: &Connection, file: &Path) -> Result<u32> {
    let version = connection
        .query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))
        .map_err(of_database(file))?;
    if version > newest() {
        return Err(VaultError::Newer { file: file.to_owned(), format: version });
    }
    Ok(version)
}

/// Makes the tables of a new database, and its one row of `meta`.
pub(crate) fn create(
    connection: &Connection,
    vault: VaultId,
    generation: u64,
) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    for step in STEPS {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.execute(
        "INSERT INTO meta (id, vault, generation, header_revision, rows_sum, audit_seq, audit_mac)
         VALUES (1, ?1, ?2, 0, ?3, 0, ?3)",
        params![vault.bytes(), i64::try_from(generation).unwrap_or(i64::MAX), [0_u8; 32]],
    )?;
    transaction.commit()
}

/// Brings a database from `version` to today's, each step in a transaction of its own.
pub(crate) fn migrate(
    connection: &Connection,
    version: u32,
    state: &Key,
    file: &Path,
) -> Result<()> {
    for (number, step) in (1..).zip(STEPS).skip(usize::try_from(version).unwrap_or_default()) {
        let run = || -> rusqlite::Result<()> {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", number)?;
            let sum = rows::count(&transaction, state)?;
            transaction.execute("UPDATE meta SET rows_sum = ?1", [sum.0])?;
            transaction.commit()
        };
        run().map_err(of_database(file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// What each step was when it was released. A step that changed would leave vaults that were
    /// made before it different from those made after: add a new step instead.
    const RELEASED: &[&str] = &[
        "418b12efc4984a71863d109dd84ac1ebed39eb7c4164f78e568b8ef2c301029e",
        "a49c9cd3ec61d05292886b14b8f4d7ad71546becdffc266c69d58432819df9ed",
        "35b500f06d6be0cd82ec9c28db7456546ebef0eef1a8b6521a89d90d27a8fe84",
        "77e4550a70b103282171466e9a11c2e001993b5b7bb2f776bd01cb500b4be07f",
        "9d6220b3a4bacbdf519b77b11900a80bc99fccab584878c8fc0fc80ccdc88ef4",
        "0918a9e1bb3b5b1bc02fb21f1479e7f2197440394ee0078dd952a6fa3bab3424",
        "b135a3b44a4d52d716e3f9e7a3426b063b776b611f1ee03079e92ef85dfcd486",
        "5290206e24d3de88418170105d1b2b79cabf1dac459cc4b0665422141aa91d35",
        "e9a353d5fe5099c38f609421fc44b69546133a39f2ad6b86b2e5e26cb3a27dd2",
        "8b8bc8bf477be0fefcc456ff8c0d13465cdfacba6ed881194cccace959169d01",
    ];

    #[test]
    fn no_released_step_was_edited() {
        let found: Vec<String> = STEPS
            .iter()
            .map(|step| Sha256::digest(step).iter().map(|byte| format!("{byte:02x}")).collect())
            .collect();
        assert_eq!(found, RELEASED);
    }
}
