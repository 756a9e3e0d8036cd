//! The sum over all rows, by which a page of an older state is noticed.
//!
//! The cipher proves that a page was written by somebody with the key, not that it is the newest
//! one. So every row of every table counts into one keyed sum, and every transaction moves the sum
//! by the rows that it changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use hmac::Mac;
use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use crate::{header::mac, secret::Key};

/// Tables that have a proof of their own.
const APART: [&str; 2] = ["meta", "entry"];

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
pub(crate) struct RunningSum(Arc<Mutex<Sum>>);

impl RunningSum {
    pub(crate) fn get(&self) -> Sum {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, sum: Sum) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = sum;
    }

    /// From now on every row that `connection` changes moves the sum. The triggers are temporary:
    /// they belong to the connection and are never in the file.
    pub(crate) fn follow(&self, connection: &Connection, key: &Arc<Key>) -> rusqlite::Result<()> {
        // Rows that a REPLACE pushes out are seen only so.
        connection.pragma_update(None, "recursive_triggers", true)?;
        for (name, step) in
            [("row_comes", Sum::add as fn(&mut Sum, _)), ("row_goes", Sum::subtract)]
        {
            let (sum, key) = (Arc::clone(&self.0), Arc::clone(key));
            connection.create_scalar_function(
                name,
                -1,
                FunctionFlags::SQLITE_UTF8,
                move |call| {
                    let mut row = mac(&key, &[]);
                    for at in 0..call.len() {
                        absorb(&mut row, call.get_raw(at));
                    }
                    let row = row.finalize().into_bytes().into();
                    step(&mut sum.lock().unwrap_or_else(PoisonError::into_inner), row);
                    Ok(false)
                },
            )?;
        }
        let mut triggers = String::from("BEGIN;");
        for (table, columns) in tables(connection)? {
            let list = |row: &str| -> String {
                columns.iter().map(|column| format!(", {row}.\"{column}\"")).collect()
            };
            let (old, new) = (list("old"), list("new"));
            triggers.push_str(&format!(
                "CREATE TEMP TRIGGER \"{table}_comes\" AFTER INSERT ON main.\"{table}\"
                   BEGIN SELECT row_comes('{table}'{new}); END;
                 CREATE TEMP TRIGGER \"{table}_goes\" AFTER DELETE ON main.\"{table}\"
                   BEGIN SELECT row_goes('{table}'{old}); END;
                 CREATE TEMP TRIGGER \"{table}_changes\" AFTER UPDATE ON main.\"{table}\"
                   BEGIN SELECT row_goes('{table}'{old}), row_comes('{table}'{new}); END;"
            ));
        }
        triggers.push_str("COMMIT;");
        connection.execute_batch(&triggers)
    }
}

/// Counts every row anew.
pub(crate) fn count(connection: &Connection, key: &Key) -> rusqlite::Result<Sum> {
    let mut sum = Sum::default();
    for (table, columns) in tables(connection)? {
        let mut all = connection.prepare(&format!("SELECT * FROM main.\"{table}\""))?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let mut sealed = mac(key, &[]);
            absorb(&mut sealed, ValueRef::Text(table.as_bytes()));
            for at in 0..columns.len() {
                absorb(&mut sealed, row.get_ref(at)?);
            }
            sum.add(sealed.finalize().into_bytes().into());
        }
    }
    Ok(sum)
}

/// Every table that counts, with its columns.
fn tables(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Vec<String>>> {
    let mut list = connection.prepare(
        "SELECT t.name, c.name FROM main.sqlite_schema t, pragma_table_info(t.name, 'main') c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid",
    )?;
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rows = list.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        if !APART.contains(&table.as_str()) {
            tables.entry(table).or_default().push(row.get(1)?);
        }
    }
    Ok(tables)
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

    fn followed() -> (Connection, RunningSum, Arc<Key>) {
        let connection = Connection::open_in_memory().unwrap();
        let made = "PRAGMA foreign_keys = ON;
            CREATE TABLE a (id BLOB PRIMARY KEY NOT NULL, text TEXT) STRICT;
            CREATE TABLE b (a BLOB NOT NULL REFERENCES a (id) ON DELETE CASCADE, n INTEGER) STRICT;
            CREATE TABLE entry (seq INTEGER PRIMARY KEY) STRICT;";
        connection.execute_batch(made).unwrap();
        let (sum, key) = (RunningSum::default(), Arc::new(Key::filled(|k| k[0] = 1)));
        sum.follow(&connection, &key).unwrap();
        (connection, sum, key)
    }

    #[test]
    fn every_way_of_changing_a_row_moves_the_sum_to_what_a_count_finds() {
        let (connection, sum, key) = followed();
        for change in [
            "INSERT INTO a VALUES (x'01', 'one'), (x'02', NULL), (x'03', '')",
            "INSERT INTO b VALUES (x'01', 1), (x'01', 2), (x'02', 9223372036854775807)",
            "UPDATE a SET text = 'two' WHERE id = x'02'",
            "INSERT OR REPLACE INTO a VALUES (x'03', 'three')",
            "INSERT INTO a VALUES (x'02', 'x') ON CONFLICT DO UPDATE SET text = 'upserted'",
            "UPDATE OR REPLACE a SET id = x'03' WHERE id = x'02' AND 0",
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
    fn the_same_bytes_in_other_columns_count_differently() {
        let (connection, sum, _) = followed();
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
