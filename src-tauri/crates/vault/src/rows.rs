//! The sum over all rows, by which a page of an older state is noticed.
//!
//! The cipher proves that a page was written by somebody with the key, not that it is the newest
//! one. So every row of every table counts into one keyed sum, and every transaction moves the sum
//! by the rows that it changed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hmac::Mac;
use rusqlite::{
    Connection,
    functions::FunctionFlags,
    hooks::{AuthAction, AuthContext, Authorization},
    types::ValueRef,
};

use crate::{header::mac, secret::Key};

/// Tables that have a proof of their own.
const APART: [&str; 2] = ["meta", "entry"];
/// The index of words with the tables that it is made of: an older page of it can hide a row from a
/// search, and no more.
const INDEX: &str = "finder";

/// A number modulo 2^256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum(pub(crate) [u8; 32]);

impl Sum {
    fn add(&mut self, row: [u8; 32]) {
        let mut carry = 0_u16;
        for (own, other) in self.0.iter_mut().zip(row) {
            let [low, high] = (u16::from(*own) + u16::from(other) + carry).to_le_bytes();
            (*own, carry) = (low, high.into());
        }
    }

    fn subtract(&mut self, row: [u8; 32]) {
        let mut borrow = 0_u16;
        for (own, other) in self.0.iter_mut().zip(row) {
            let [low, high] = u16::from(*own).wrapping_sub(u16::from(other) + borrow).to_le_bytes();
            (*own, borrow) = (low, u16::from(high != 0));
        }
    }
}

/// The sum as the present transaction moves it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunningSum {
    sum: Arc<Mutex<Sum>>,
    followed: Arc<Mutex<BTreeSet<String>>>,
}

fn inside<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RunningSum {
    pub(crate) fn get(&self) -> Sum {
        *inside(&self.sum)
    }

    pub(crate) fn set(&self, sum: Sum) {
        *inside(&self.sum) = sum;
    }

    /// From now on `connection` may change only tables that are followed.
    pub(crate) fn guard(&self, connection: &Connection, key: &Arc<Key>) -> rusqlite::Result<()> {
        // Rows that a REPLACE pushes out are seen only so.
        connection.pragma_update(None, "recursive_triggers", true)?;
        for (name, step) in
            [("row_comes", Sum::add as fn(&mut Sum, _)), ("row_goes", Sum::subtract)]
        {
            let (sum, key) = (Arc::clone(&self.sum), Arc::clone(key));
            connection.create_scalar_function(
                name,
                -1,
                FunctionFlags::SQLITE_UTF8,
                move |call| {
                    let mut row = mac(&key, &[]);
                    for at in 0..call.len() {
                        absorb(&mut row, call.get_raw(at));
                    }
                    step(&mut inside(&sum), row.finalize().into_bytes().into());
                    Ok(false)
                },
            )?;
        }
        let followed = Arc::clone(&self.followed);
        connection.authorizer(Some(move |asked: AuthContext<'_>| match asked.action {
            AuthAction::Insert { table_name: table }
            | AuthAction::Delete { table_name: table }
            | AuthAction::Update { table_name: table, .. }
                if counts(table) && !inside(&followed).contains(table) =>
            {
                Authorization::Deny
            }
            _ => Authorization::Allow,
        }))
    }

    /// From now on every row of these tables that `connection` changes moves the sum. Not all tables at
    /// once: that would take longer than the rest of unlocking. The triggers are temporary: they
    /// belong to the connection and are never in the file. Never within a transaction, which could
    /// take them back.
    pub(crate) fn follow(&self, connection: &Connection, tables: &[&str]) -> rusqlite::Result<()> {
        for &table in tables {
            if inside(&self.followed).contains(table) {
                continue;
            }
            let columns = columns(connection, table)?;
            let list = |row: &str| -> String {
                columns.iter().map(|column| format!(", {row}.\"{column}\"")).collect()
            };
            let (old, new) = (list("old"), list("new"));
            let made = connection.unchecked_transaction()?;
            made.execute_batch(&format!(
                "CREATE TEMP TRIGGER \"{table}_comes\" AFTER INSERT ON main.\"{table}\"
                   BEGIN SELECT row_comes('{table}'{new}); END;
                 CREATE TEMP TRIGGER \"{table}_goes\" AFTER DELETE ON main.\"{table}\"
                   BEGIN SELECT row_goes('{table}'{old}); END;
                 CREATE TEMP TRIGGER \"{table}_changes\" AFTER UPDATE ON main.\"{table}\"
                   BEGIN SELECT row_goes('{table}'{old}), row_comes('{table}'{new}); END;"
            ))?;
            made.commit()?;
            inside(&self.followed).insert(table.to_owned());
        }
        Ok(())
    }
}

/// Whether the rows of a table count.
fn counts(table: &str) -> bool {
    !APART.contains(&table) && !table.starts_with("sqlite_") && !table.starts_with(INDEX)
}

/// Counts every row anew.
pub(crate) fn count(connection: &Connection, key: &Key) -> rusqlite::Result<Sum> {
    let mut sum = Sum::default();
    let mut list = connection
        .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<String> = list.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables.into_iter().filter(|table| counts(table)) {
        let mut all = connection.prepare(&format!("SELECT * FROM main.\"{table}\""))?;
        let columns = all.column_count();
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let mut sealed = mac(key, &[]);
            absorb(&mut sealed, ValueRef::Text(table.as_bytes()));
            for at in 0..columns {
                absorb(&mut sealed, row.get_ref(at)?);
            }
            sum.add(sealed.finalize().into_bytes().into());
        }
    }
    Ok(sum)
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let all = connection.prepare(&format!("SELECT * FROM main.\"{table}\""))?;
    Ok(all.column_names().into_iter().map(str::to_owned).collect())
}

fn absorb(row: &mut impl Mac, value: ValueRef<'_>) {
    let (kind, bytes): (u8, &[u8]) = match &value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(number) => (1, &number.to_be_bytes()),
        ValueRef::Real(number) => (2, &number.to_bits().to_be_bytes()),
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    row.update(&[kind]);
    row.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    row.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(tables: &[&str]) -> (Connection, RunningSum, Arc<Key>) {
        let connection = Connection::open_in_memory().unwrap();
        let made = "PRAGMA foreign_keys = ON;
            CREATE TABLE a (id BLOB PRIMARY KEY NOT NULL, text TEXT) STRICT;
            CREATE TABLE b (a BLOB NOT NULL REFERENCES a (id) ON DELETE CASCADE, n INTEGER) STRICT;
            CREATE TABLE c (a BLOB NOT NULL REFERENCES a (id) ON DELETE CASCADE) STRICT;
            CREATE TABLE entry (seq INTEGER PRIMARY KEY) STRICT;";
        connection.execute_batch(made).unwrap();
        let (sum, key) = (RunningSum::default(), Arc::new(Key::filled(|k| k[0] = 1)));
        sum.guard(&connection, &key).unwrap();
        sum.follow(&connection, tables).unwrap();
        (connection, sum, key)
    }

    #[test]
    fn every_way_of_changing_a_row_moves_the_sum_to_what_a_count_finds() {
        let (connection, sum, key) = followed(&["a", "b", "c"]);
        for change in [
            "INSERT INTO a VALUES (x'01', 'one'), (x'02', NULL), (x'03', '')",
            "INSERT INTO b VALUES (x'01', 1), (x'01', 2), (x'02', 9223372036854775807)",
            "UPDATE a SET text = 'two' WHERE id = x'02'",
            "INSERT OR REPLACE INTO a VALUES (x'03', 'three')",
            "INSERT INTO a VALUES (x'02', 'x') ON CONFLICT DO UPDATE SET text = 'upserted'",
            "UPDATE OR REPLACE a SET id = x'03' WHERE id = x'02' AND 0",
            "INSERT INTO c VALUES (x'01')",
            "DELETE FROM a WHERE id = x'01'",
            "INSERT INTO entry VALUES (1)",
            "DELETE FROM b",
        ] {
            connection.execute_batch(change).unwrap();
            assert_eq!(sum.get(), count(&connection, &key).unwrap(), "{change}");
        }
        connection.execute_batch("DELETE FROM a").unwrap();
        assert_eq!(sum.get(), Sum::default());
    }

    #[test]
    fn a_table_that_nobody_follows_cannot_be_changed() {
        let (connection, sum, _) = followed(&["a", "b"]);
        for change in ["INSERT INTO c VALUES (x'01')", "UPDATE c SET a = x'02'", "DELETE FROM c"] {
            assert!(connection.execute_batch(change).is_err(), "{change}");
        }
        // Nor by what goes along with a row of another.
        connection.execute_batch("INSERT INTO a VALUES (x'01', 'one')").unwrap();
        assert!(connection.execute_batch("DELETE FROM a").is_err());
        sum.follow(&connection, &["c", "c"]).unwrap();
        connection.execute_batch("INSERT INTO c VALUES (x'01'); DELETE FROM a").unwrap();
    }

    #[test]
    fn the_same_bytes_in_other_columns_count_differently() {
        let (connection, sum, _) = followed(&["a", "b", "c"]);
        connection.execute_batch("INSERT INTO a VALUES (x'0161', NULL)").unwrap();
        let one = sum.get();
        connection.execute_batch("DELETE FROM a; INSERT INTO a VALUES (x'01', 'a')").unwrap();
        assert_ne!(one, sum.get());
    }

    #[test]
    fn what_is_added_and_subtracted_again_leaves_nothing() {
        let mut sum = Sum([0xFF; 32]);
        sum.add([0xFF; 32]);
        sum.subtract([0xFF; 32]);
        assert_eq!(sum, Sum([0xFF; 32]));
        sum.subtract([0xFF; 32]);
        assert_eq!(sum, Sum::default());
    }
}
