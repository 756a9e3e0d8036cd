//! Measures searches as they are typed, against the ranked query of the index by hand.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

#[path = "../unlock/crowd.rs"]
mod crowd;

#[path = "../growth/by_hand.rs"]
mod by_hand;

use std::{path::Path, time::Instant};

use by_hand::by_hand;
use crowd::{Outcome, build_kdbx, build_vault, unlock};
use keyturn_model::{Ordering, Query, SortBy};
use keyturn_vault::Cost;
use rusqlite::Connection;

/// Rows of one answer.
const ROWS: u32 = 50;

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["build", folder, number] => build_vault(Path::new(folder), number.parse()?, Cost::FLOOR),
        ["kdbx", file, number] => build_kdbx(Path::new(file), number.parse()?, Cost::FLOOR),
        ["queries"] => {
            queries().iter().for_each(|query| println!("{query}"));
            Ok(())
        }
        ["turns", folder] => turns(Path::new(folder)),
        _ => Err("no such measurement".into()),
    }
}

/// Every so manieth query has two letters of a word in the wrong order.
const MISTYPED: usize = 10;

/// What people type: a thing, an owner, a tag, a number, a thing and the beginning of a number; one in
/// ten is mistyped.
fn queries() -> Vec<String> {
    let things = ["gateway", "mail", "database", "queue", "object", "registry", "webhook"];
    let owners = ["payments", "data", "platform", "messaging", "identity", "logistics"];
    let query = |n: usize| match n % 5 {
        _ if mistyped(n) => {
            let word = if (n / MISTYPED).is_multiple_of(2) {
                things[n / MISTYPED % 7]
            } else {
                owners[n / MISTYPED % 6]
            };
            format!("{}{}{}{}", &word[..2], &word[3..4], &word[2..3], &word[4..])
        }
        0 => things[n / 5 % things.len()].to_owned(),
        1 => owners[n / 5 % owners.len()].to_owned(),
        2 => format!("p{:03}", n * 37 % 997),
        3 => format!("{:06}", n * 7919 % 100_000),
        _ => format!("{} {:03}", things[n / 5 % things.len()], n * 13 % 1000),
    };
    (0..200).map(query).collect()
}

fn mistyped(number: usize) -> bool {
    number % MISTYPED == MISTYPED - 1
}

fn millis<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// Every query letter by letter, in the order of the window, in turns with the same by hand; a word
/// that is mistyped has nothing by hand to be held against.
fn turns(folder: &Path) -> Outcome {
    let vault = unlock(folder)?;
    let hand = by_hand(folder)?;
    let by_due = Ordering { by: SortBy::Due, ..Ordering::default() };
    let ours = |text: &str| Ok(vault.list(&Query::read(text), by_due, 0, ROWS)?.rows.len());
    // As in the window: the list is there before anybody types.
    vault.list(&Query::default(), by_due, 300, ROWS)?;
    by_ranked_query(&hand, "zzz")?;
    for (turn, query) in queries().iter().enumerate() {
        for end in 1..=query.len() {
            let text = &query[..end];
            if text.ends_with(' ') {
                continue;
            }
            let (own, raw) = if mistyped(turn) {
                (millis(|| ours(text))?, f64::NAN)
            } else if turn % 2 == 0 {
                let own = millis(|| ours(text))?;
                (own, millis(|| by_ranked_query(&hand, text))?)
            } else {
                let raw = millis(|| by_ranked_query(&hand, text))?;
                (millis(|| ours(text))?, raw)
            };
            println!("{turn} {end} {own:.4} {raw:.4}");
        }
    }
    Ok(())
}

/// The best fifty by the index's own rank, and their rows.
fn by_ranked_query(connection: &Connection, text: &str) -> Outcome<usize> {
    let words: Vec<String> = text.split(' ').map(|word| format!("\"{word}\"*")).collect();
    let best: Vec<i64> = connection
        .prepare_cached("SELECT rowid FROM finder WHERE finder MATCH ?1 ORDER BY rank LIMIT ?2")?
        .query_map(rusqlite::params![words.join(" AND "), ROWS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut one = connection.prepare_cached(
        "SELECT name, kind, environment, owner, issuer, risk, tags, policy FROM credential
         WHERE row = ?1",
    )?;
    let mut length = 0;
    for row in best {
        length += one.query_row([row], |row| {
            let mut length = 0;
            for column in 0..8 {
                length += row.get::<_, String>(column)?.len();
            }
            Ok(length)
        })?;
    }
    Ok(length)
}
