//! The database copied under new keys, for a member who was removed.

use std::path::Path;

use keyturn_model::Entropy;
use rusqlite::{Connection, params};

use crate::{
    VaultError, audit,
    database::{self, APPLICATION, Use, connect, key_literal},
    error::{Result, of_database},
    header::Header,
    inventory::value_place,
    keys::VaultKeys,
    migrations,
    rotation::secret_place,
    rows, seal,
    store::{check_sum, read_meta},
    vault::{Opened, close},
};

/// Copies the database of `opened` to `file` under `keys`, with every secret value sealed anew.
pub(crate) fn copy(
    opened: &Opened,
    header: &Header,
    keys: &VaultKeys,
    file: &Path,
    entropy: &dyn Entropy,
) -> Result<()> {
    // What an interrupted copy left; the header in force does not name it.
    database::remove(file).map_err(crate::error::writing(file))?;
    // The connection may not make files; an empty one becomes a database.
    std::fs::File::create_new(file).map_err(crate::error::writing(file))?;
    let source = connect(opened.store.file(), &opened.keys.database, Use::Write)?;
    let export = || -> rusqlite::Result<()> {
        let place = file.to_string_lossy();
        source.execute(
            "ATTACH DATABASE ?1 AS fresh KEY ?2",
            params![place, key_literal(&keys.database).as_str()],
        )?;
        source.execute_batch("PRAGMA fresh.synchronous = FULL;")?;
        source.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))?;
        // The export leaves these behind.
        source.execute_batch(&format!(
            "PRAGMA fresh.user_version = {}; PRAGMA fresh.application_id = {APPLICATION};
             DETACH DATABASE fresh;",
            migrations::newest()
        ))
    };
    export().map_err(of_database(file))?;
    drop(source);
    let fresh = connect(file, &keys.database, Use::Write)?;
    database::accept(&fresh).map_err(of_database(file))?;
    let transaction = fresh.unchecked_transaction().map_err(of_database(file))?;
    seal_values_anew(&transaction, opened, header, keys, file, entropy)?;
    seal_setup_secrets_anew(&transaction, opened, header, keys, file, entropy)?;
    seal_audit_keys_anew(&transaction, opened, header, keys, file, entropy)?;
    let settle = || -> rusqlite::Result<()> {
        let sum = rows::count(&transaction, &keys.state)?;
        transaction.execute(
            "UPDATE meta SET generation = ?1, rows_sum = ?2",
            params![i64::try_from(header.generation).unwrap_or(i64::MAX), sum.0],
        )?;
        transaction.commit()
    };
    settle().map_err(of_database(file))?;
    close(fresh, file)
}

/// Values that are read before they are written anew: a list that is still being read might come
/// upon one of them again.
const AT_ONCE: i64 = 256;

/// A secret value where it stands.
struct Standing {
    credential: [u8; 16],
    field: String,
    version: i64,
    sealed: Vec<u8>,
}

fn seal_values_anew(
    fresh: &Connection,
    opened: &Opened,
    header: &Header,
    keys: &VaultKeys,
    file: &Path,
    entropy: &dyn Entropy,
) -> Result<()> {
    let failed = of_database(file);
    let mut list = fresh
        .prepare(
            "SELECT credential, field, version, sealed FROM secret_value
             WHERE (credential, field, version) > (?1, ?2, ?3)
             ORDER BY credential, field, version LIMIT ?4",
        )
        .map_err(&failed)?;
    let mut update = fresh
        .prepare(
            "UPDATE secret_value SET sealed = ?4
             WHERE credential = ?1 AND field = ?2 AND version = ?3",
        )
        .map_err(&failed)?;
    let (mut credential, mut field, mut version) = (Vec::new(), String::new(), i64::MIN);
    loop {
        let values: Vec<Standing> = list
            .query_map(params![credential, field, version, AT_ONCE], |row| {
                let (credential, field) = (row.get(0)?, row.get(1)?);
                Ok(Standing { credential, field, version: row.get(2)?, sealed: row.get(3)? })
            })
            .and_then(Iterator::collect)
            .map_err(&failed)?;
        for value in &values {
            let Standing { credential, field, version, sealed } = value;
            let place =
                |generation| value_place(header.vault(), generation, credential, field, *version);
            let value = seal::open(&opened.keys.record, &place(opened.header.generation), sealed)
                .ok_or_else(|| VaultError::Damaged(opened.store.file().to_owned()))?;
            let anew = seal::seal(&keys.record, &place(header.generation), &value, entropy);
            update.execute(params![credential, field, version, anew]).map_err(&failed)?;
        }
        let Some(last) = values.into_iter().last() else { return Ok(()) };
        (credential, field, version) = (last.credential.to_vec(), last.field, last.version);
    }
}

fn seal_setup_secrets_anew(
    fresh: &Connection,
    opened: &Opened,
    header: &Header,
    keys: &VaultKeys,
    file: &Path,
    entropy: &dyn Entropy,
) -> Result<()> {
    let failed = of_database(file);
    let old: Vec<([u8; 16], String, Vec<u8>)> = fresh
        .prepare("SELECT owner, place, sealed FROM setup_secret")
        .and_then(|mut list| {
            list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .and_then(Iterator::collect)
        })
        .map_err(&failed)?;
    for (owner, name, sealed) in old {
        let place = |generation| secret_place(header.vault(), generation, &owner, &name);
        let value = seal::open(&opened.keys.record, &place(opened.header.generation), &sealed)
            .ok_or_else(|| VaultError::Damaged(opened.store.file().to_owned()))?;
        let anew = seal::seal(&keys.record, &place(header.generation), &value, entropy);
        fresh
            .execute(
                "UPDATE setup_secret SET sealed = ?3 WHERE owner = ?1 AND place = ?2",
                params![owner, name, anew],
            )
            .map_err(&failed)?;
    }
    Ok(())
}

fn seal_audit_keys_anew(
    fresh: &Connection,
    opened: &Opened,
    header: &Header,
    keys: &VaultKeys,
    file: &Path,
    entropy: &dyn Entropy,
) -> Result<()> {
    let failed = of_database(file);
    let old: Vec<(i64, Vec<u8>)> = fresh
        .prepare("SELECT first_seq, sealed FROM audit_key")
        .and_then(|mut list| {
            list.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect)
        })
        .map_err(&failed)?;
    for (first, sealed) in old {
        let number = u64::try_from(first).unwrap_or_default();
        let place = |generation| audit::key_place(header.vault(), generation, number);
        let key = seal::open(&opened.keys.record, &place(opened.header.generation), &sealed)
            .ok_or(VaultError::AuditBroken { number })?;
        let anew = seal::seal(&keys.record, &place(header.generation), &key, entropy);
        fresh
            .execute("UPDATE audit_key SET sealed = ?2 WHERE first_seq = ?1", params![first, anew])
            .map_err(&failed)?;
    }
    let head = read_meta(fresh, file)?.head;
    audit::begin_key(fresh, keys, header.vault(), header.generation, head, entropy).map_err(&failed)
}

/// Checks the copy as a stranger would: every page, every row, the whole log, the same head.
pub(crate) fn check(opened: &Opened, header: &Header, keys: &VaultKeys, file: &Path) -> Result<()> {
    let fresh = connect(file, &keys.database, Use::Read)?;
    database::check_pages(&fresh, file)?;
    check_sum(&fresh, keys, file)?;
    let head = read_meta(&fresh, file)?.head;
    if head != opened.store.head()? {
        return Err(VaultError::Damaged(file.to_owned()));
    }
    audit::Chain::of(header, keys).verify(&fresh, head)
}
