//! Measures how what people do in the inventory grows with it.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

#[path = "by_hand.rs"]
mod by_hand;
#[path = "../unlock/crowd.rs"]
mod crowd;

use std::{path::Path, time::Instant};

use by_hand::by_hand;
use crowd::{Outcome, build_vault, one_of_many, unlock};
use keyturn_model::{Ordering, Query, SortBy};
use keyturn_vault::{Cost, Vault};
use rusqlite::Connection;

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["build", folder, number] => build_vault(Path::new(folder), number.parse()?, Cost::FLOOR),
        ["turns", folder, number] => turns(Path::new(folder), number.parse()?),
        _ => Err("no such measurement".into()),
    }
}

fn millis<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// In turns: the list, a rare word, a save, what is due within 90 days, and the same by hand.
fn turns(folder: &Path, number: usize) -> Outcome {
    let began = Instant::now();
    let vault = unlock(folder)?;
    println!("{:.4}", began.elapsed().as_secs_f64() * 1000.0);
    let hand = by_hand(folder)?;
    let part = |vault: &Vault, question: &str, by: SortBy| {
        let ordering = Ordering { by, ..Ordering::default() };
        Ok(vault.list(&Query::read(question), ordering, 0, 100)?)
    };
    let now = keyturn_testkit::StandingClock::new();
    let now = keyturn_model::Clock::now(&*now);
    for turn in 0..number {
        let rare = format!("{turn:06}");
        let save = millis(|| Ok(vault.add(&one_of_many(1_000_000 + turn)).map(drop)?))?;
        let list = millis(|| part(&vault, "", SortBy::Name))?;
        let search = millis(|| part(&vault, &rare, SortBy::Name))?;
        // Whoever goes first pays for pages that nobody has read yet.
        let ours = || millis(|| part(&vault, "due:<90d", SortBy::Due));
        let theirs = || millis(|| due_by_hand(&hand, now.plus_seconds(90 * 24 * 3600).0));
        let (expiry, covering) = if turn % 2 == 0 {
            let ours = ours()?;
            (ours, theirs()?)
        } else {
            let theirs = theirs()?;
            (ours()?, theirs)
        };
        println!("{list:.4} {search:.4} {save:.4} {expiry:.4} {covering:.4}");
    }
    Ok(())
}

/// All that are due until then, from the index alone.
fn due_by_hand(connection: &Connection, until: i64) -> Outcome<usize> {
    let due: Vec<i64> = connection
        .prepare_cached(
            "SELECT row FROM credential INDEXED BY credential_by_due
             WHERE archived IS NULL AND due IS NOT NULL AND due <= ?1 ORDER BY due, row",
        )?
        .query_map([until], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(due.len())
}
