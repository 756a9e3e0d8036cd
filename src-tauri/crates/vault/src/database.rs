//! Opening SQLCipher: raw key, strict settings, and every way of being unusable told apart.

use std::{fs, io, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    error::{Result, of_database, reading},
    inventory::prepare_finding,
    keys::DatabaseKey,
};

/// "KTRN": what `file` and other programs may know this database by.
pub(crate) const APPLICATION: i32 = 0x4B54_524E;
const PAGE: u64 = 4096;

// Below these a WAL database can be damaged by two connections that write at once.
const _: () = assert!(rusqlite::ffi::SQLITE_VERSION_NUMBER >= 3_051_003, "SQLite is too old");
#[cfg(test)]
const CIPHER_FLOOR: (u32, u32) = (4, 14);

/// The cipher would print to the terminal what it finds wrong.
const FIRST: &str = "PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;";

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Reading what is there.
    Read,
    /// Reading and writing what is there.
    Write,
    /// Making a database that is not there yet.
    Create,
}

/// A connection to the database in `file`.
///
/// One that is for writing leaves the file alone until [`accept`] was called, even when it finds a
/// WAL that nobody took over yet.
pub(crate) fn connect(file: &Path, key: &DatabaseKey, purpose: Use) -> Result<Connection> {
    if purpose != Use::Create {
        check_length(file)?;
    }
    let flags = match purpose {
        Use::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Use::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Use::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let set_up = || -> rusqlite::Result<Connection> {
        let connection =
            Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.execute_batch(FIRST)?;
        // A new file gets the mark; of one that is there the mark has to be right by itself.
        let literal = if purpose == Use::Create { key_literal(key) } else { bare_literal(key) };
        connection.execute_batch(&key_sentence(&literal))?;
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, purpose == Use::Write)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;",
        )?;
        match purpose {
            Use::Read => {
                connection.execute_batch("PRAGMA query_only = ON;")?;
                prepare_finding(&connection)?;
            }
            Use::Write | Use::Create => {
                connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
                connection.execute_batch("PRAGMA synchronous = FULL;")?;
            }
        }
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    set_up().map_err(of_database(file)).map_err(|error| match error {
        VaultError::Damaged(_) => what_is_wrong(file, key),
        error => error,
    })
}

/// What it holds is right: from now on closing it may put the WAL into the file.
pub(crate) fn accept(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map(drop)
}

/// Marks that differ in more bits than this are not one mark with a damage.
const DAMAGED_BITS: u32 = 32;

/// Tells apart why a database does not open. Only through the database itself: opening the file
/// beside it would drop the locks of this program's other connections.
fn what_is_wrong(file: &Path, key: &DatabaseKey) -> VaultError {
    let look = || -> rusqlite::Result<(bool, String)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.execute_batch(FIRST)?;
        connection.execute_batch(&key_sentence(&bare_literal(key)))?;
        let first_page = || connection.query_row("PRAGMA schema_version", [], |_| Ok(())).is_ok();
        let fits = first_page();
        // So it bears a file that is shorter than its first page says.
        connection.execute_batch("PRAGMA writable_schema = ON;")?;
        let is_short = !fits && first_page();
        let mark = connection.query_row("PRAGMA cipher_salt", [], |row| row.get(0))?;
        Ok((is_short, mark))
    };
    let file = file.to_owned();
    let Ok((is_short, mark)) = look() else { return VaultError::Damaged(file) };
    let mark = u128::from_str_radix(&mark, 16).unwrap_or_default();
    if is_short {
        VaultError::Truncated(file)
    } else if (mark ^ u128::from_be_bytes(key.mark)).count_ones() > DAMAGED_BITS {
        VaultError::OtherVault(file)
    } else {
        VaultError::Damaged(file)
    }
}

fn check_length(file: &Path) -> Result<()> {
    let length = fs::metadata(file).map_err(reading(file))?.len();
    if length == 0 {
        return Err(VaultError::Empty(file.to_owned()));
    }
    // A page that could not be taken over from the WAL to its end is taken over again.
    if length % PAGE != 0 && !has_wal(file) {
        return Err(VaultError::Truncated(file.to_owned()));
    }
    Ok(())
}

fn key_sentence(literal: &str) -> Zeroizing<String> {
    let mut sentence = Zeroizing::new(String::with_capacity(128));
    sentence.push_str("PRAGMA key = \"");
    sentence.push_str(literal);
    sentence.push_str("\";");
    sentence
}

/// A raw key and a mark as SQLCipher takes them.
pub(crate) fn key_literal(key: &DatabaseKey) -> Zeroizing<String> {
    literal(&[key.key.expose(), &key.mark])
}

fn bare_literal(key: &DatabaseKey) -> Zeroizing<String> {
    literal(&[key.key.expose()])
}

fn literal(parts: &[&[u8]]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(104));
    text.push_str("x'");
    for byte in parts.iter().copied().flatten() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS.get(usize::from(half)).copied().unwrap_or(b'0')));
        }
    }
    text.push('\'');
    text
}

/// Checks every page by its seal, and the structure of what they hold. Where a WAL is, pages that
/// nothing uses are left out.
pub(crate) fn check_pages(connection: &Connection, file: &Path) -> Result<()> {
    let pages: i64 = connection
        .query_row("SELECT page_count FROM pragma_page_count", [], |row| row.get(0))
        .map_err(of_database(file))?;
    let here = fs::metadata(file).map_err(reading(file))?.len();
    let whole = u64::try_from(pages).unwrap_or_default() * PAGE;
    if here < whole && !has_wal(file) {
        return Err(VaultError::Truncated(file.to_owned()));
    }
    // Not the quick check: only the whole one compares the indexes with their tables, and a page of
    // an index may be an older one.
    find_nothing(connection, "PRAGMA integrity_check(1)", file)?;
    // This one looks at the file alone. A page that the WAL replaces may be half written there.
    if has_wal(file) {
        return Ok(());
    }
    find_nothing(connection, "PRAGMA cipher_integrity_check", file)
}

fn find_nothing(connection: &Connection, check: &str, file: &Path) -> Result<()> {
    let mut list = connection.prepare(check).map_err(of_database(file))?;
    let mut rows = list.query([]).map_err(of_database(file))?;
    while let Some(row) = rows.next().map_err(of_database(file))? {
        let finding: String = row.get(0).map_err(of_database(file))?;
        if finding != "ok" {
            return Err(VaultError::Damaged(file.to_owned()));
        }
    }
    Ok(())
}

/// Whether the last program that wrote did not close the database, or one has it open.
pub(crate) fn has_wal(file: &Path) -> bool {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).is_ok_and(|facts| facts.len() > 0)
}

/// Removes a database that no header names, with what belongs to it.
pub(crate) fn remove(file: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Key;

    #[test]
    fn the_cipher_is_new_enough() {
        let connection = Connection::open_in_memory().unwrap();
        let version: String =
            connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).unwrap();
        let mut numbers = version.split(['.', ' ']).map(|part| part.parse::<u32>());
        let found = (numbers.next().unwrap().unwrap(), numbers.next().unwrap().unwrap());
        assert!(found >= CIPHER_FLOOR, "{version}");
    }

    #[test]
    fn a_connection_is_set_up_strictly() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let key = DatabaseKey { key: Key::filled(|k| k[0] = 1), mark: [2; 16] };
        let connection = connect(&file, &key, Use::Create).unwrap();
        for (pragma, wanted) in [
            ("cipher_memory_security", "1"),
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("trusted_schema", "0"),
            ("foreign_keys", "1"),
            ("secure_delete", "1"),
            ("temp_store", "2"),
            ("cipher_page_size", "4096"),
            ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ] {
            let found: String = connection
                .query_row(&format!("PRAGMA {pragma}"), [], |row| {
                    row.get::<_, rusqlite::types::Value>(0)
                })
                .map(|value| match value {
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    other => format!("{other:?}"),
                })
                .unwrap();
            assert_eq!(found, wanted, "{pragma}");
        }
    }
}
