//! Reads mutated files of every format, and counts: none may make the reader panic, none may take more
//! memory than the goal, and each that is refused has a sentence that says why.
//!
//! `fuzz-import [--runs 10000] [--seed 1] [--format kdbx]`. The same seed makes the same files. Only what
//! a derivation may cost is set lower than usual: else a file would cost seconds without telling more.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for the terminal, run by hand and by CI"
)]

mod mutate;
#[allow(unreachable_pub, dead_code, reason = "the tests use it too")]
mod seeds;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::{Duration, Instant},
};

use keyturn_exchange::{
    Batch, Derivation, Format, Given, Limits, ReadError, columns, detect, needs_password, read,
};
use secrecy::SecretString;

use mutate::Dice;
use seeds::Seed;

const GOAL: u64 = 256;

#[derive(Default)]
struct Count {
    read: u64,
    refused: u64,
    panics: u64,
    silent: u64,
    sentences: BTreeSet<String>,
    slowest: Duration,
}

fn main() -> ExitCode {
    let Some((runs, seed, only)) = arguments() else {
        println!("fuzz-import [--runs N] [--seed N] [--format NAME]");
        return ExitCode::FAILURE;
    };
    std::panic::set_hook(Box::new(|info| println!("fuzz import: PANIC {info}")));
    let mut seeds = seeds::all();
    seeds.push(seeds::dear());
    let formats: Vec<Format> =
        Format::ALL.into_iter().filter(|f| only.is_none_or(|only| only == *f)).collect();
    let (mut panics, mut silent) = (0, 0);
    for format in &formats {
        let count = one(*format, &seeds, runs, seed);
        println!(
            "fuzz import: {}: {runs} files, {} read, {} refused in {} sentences, {} panics, {} without a message, slowest {} ms",
            format.as_str(),
            count.read,
            count.refused,
            count.sentences.len(),
            count.panics,
            count.silent,
            count.slowest.as_millis(),
        );
        panics += count.panics;
        silent += count.silent;
    }
    let peak = peak();
    let good = panics == 0 && silent == 0 && peak.is_some_and(|peak| peak < GOAL);
    println!(
        "fuzz import: {} formats x {runs}, {panics} panics, {silent} without a message, peak {} MiB (goal {GOAL} MiB) {}",
        formats.len(),
        peak.map_or("unknown".to_owned(), |peak| peak.to_string()),
        if good { "ok" } else { "short" },
    );
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Option<(u64, u64, Option<Format>)> {
    let (mut runs, mut seed, mut only) = (10_000, 1, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match name.as_str() {
            "--runs" => runs = value.parse().ok()?,
            "--seed" => seed = value.parse().ok()?,
            "--format" => only = Some(Format::named(&value)?),
            _ => return None,
        }
    }
    Some((runs, seed, only))
}

#[allow(clippy::disallowed_methods, reason = "it measures")]
fn one(format: Format, seeds: &[Seed], runs: u64, seed: u64) -> Count {
    let own: Vec<&Seed> = seeds.iter().filter(|seed| seed.format == format).collect();
    let place = Format::ALL.iter().position(|other| *other == format).unwrap_or_default();
    let mut count = Count::default();
    for run in 0..runs {
        // Each file has dice of its own, so that one can be made again alone.
        let mut dice =
            Dice::new(seed.wrapping_mul(1_000_003) ^ run.wrapping_mul(31) ^ ((place as u64) << 48));
        let from = own[dice.below(own.len())];
        let other = &seeds[dice.below(seeds.len())];
        let file = if dice.below(2) == 0 {
            mutate::mutated(&mut dice, from.file(), &other.file())
        } else {
            (from.seal)(&mutate::mutated(&mut dice, from.inside.clone(), &other.inside))
        };
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| all_ways(&file, format)));
        count.slowest = count.slowest.max(begun.elapsed());
        match result {
            Err(_) => {
                println!("fuzz import: {} run {run} of seed {seed}", format.as_str());
                count.panics += 1;
            }
            Ok(Ok(_)) => count.read += 1,
            Ok(Err(error)) => {
                let sentence = error.to_string();
                count.refused += 1;
                count.silent += u64::from(sentence.trim().is_empty());
                count.sentences.insert(sentence.chars().filter(|c| !c.is_ascii_digit()).collect());
            }
        }
    }
    count
}

/// Everything that looks at a file before a person has agreed to anything.
fn all_ways(file: &[u8], format: Format) -> Result<Batch, ReadError> {
    let usual = Limits::USUAL;
    let derivation = Derivation {
        argon2_memory: 32 * 1024 * 1024,
        argon2_passes: 4,
        aes_rounds: 100_000,
        pbkdf2: 10_000,
        ..usual.derivation
    };
    let password = SecretString::from(seeds::PASSWORD.to_owned());
    let given = Given {
        password: Some(&password),
        limits: Limits { derivation, ..usual },
        ..Given::default()
    };
    let (_, _) = (detect(file, "file"), needs_password(file));
    if format == Format::Csv {
        columns(file)?;
    }
    read(file, format, &given, &|_| true)
}

/// The most memory that this process ever had, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib.div_ceil(1024))
}
