//! Reads mutated files of every format as the app does, up to the credentials that they would be, and
//! counts: none may make it panic, none may take more memory than the goal, and for each that is refused
//! the window has words that say why.
//!
//! `fuzz-import [--runs 10000] [--seed 1] [--format kdbx]`. The same seed makes the same files. Two limits
//! are set lower than usual, as a file at them would cost seconds without telling more: what a derivation
//! may cost, and how many entries there may be.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for the terminal, run by hand and by CI"
)]

mod mutate;
mod near;
mod sealed;
#[allow(unreachable_pub, dead_code, reason = "the tests use it too")]
mod seeds;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use keyturn_app::{UserError, rehearse_import};
use keyturn_exchange::{Derivation, Format, Given, Limits};
use keyturn_model::Timestamp;
use secrecy::SecretString;

use mutate::Dice;
use seeds::Seed;

const GOAL: u64 = 256;
const NOW: Timestamp = Timestamp(1_793_534_400_000);
/// One in so many files begins at a limit: those take longest.
const ONE_NEAR: usize = 64;
/// The words that the window has for errors.
const WORDS: &str = include_str!("../../ui/src/lib/words/errors.ts");

/// What is damaged: files of one format; none is our own encrypted export.
#[derive(Clone, Copy)]
struct Sort {
    format: Option<Format>,
    name: &'static str,
}

impl Sort {
    fn all() -> impl Iterator<Item = Self> {
        let formats =
            Format::ALL.map(|format| Self { format: Some(format), name: format.as_str() });
        formats.into_iter().chain([Self { format: None, name: "keyturn" }])
    }
}

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
    let wanted = |sort: &Sort| only.as_ref().is_none_or(|only| only == sort.name);
    let sorts: Vec<Sort> = Sort::all().filter(wanted).collect();
    let (mut panics, mut silent) = (0, 0);
    for sort in &sorts {
        let count = one(*sort, &seeds, runs, seed);
        println!(
            "fuzz import: {}: {runs} files, {} read, {} refused in {} sentences, {} panics, {} without a message, slowest {} ms",
            sort.name,
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
        sorts.len(),
        peak.map_or("unknown".to_owned(), |peak| peak.to_string()),
        if good { "ok" } else { "short" },
    );
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Option<(u64, u64, Option<String>)> {
    let (mut runs, mut seed, mut only) = (10_000, 1, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match name.as_str() {
            "--runs" => runs = value.parse().ok()?,
            "--seed" => seed = value.parse().ok()?,
            "--format" if Sort::all().any(|sort| sort.name == value) => only = Some(value),
            _ => return None,
        }
    }
    Some((runs, seed, only))
}

#[allow(clippy::disallowed_methods, reason = "it measures")]
fn one(sort: Sort, seeds: &[Seed], runs: u64, seed: u64) -> Count {
    let limits = limits();
    let sealed = if sort.format.is_none() { sealed::seeds() } else { Vec::new() };
    let near = sort.format.map(|format| near::of(format, &limits)).unwrap_or_default();
    let own = seeds.iter().filter(|seed| Some(seed.format) == sort.format);
    let own: Vec<&Seed> = own.chain(&sealed).collect();
    let place = Sort::all().position(|other| other.name == sort.name).unwrap_or_default();
    let mut count = Count::default();
    for run in 0..runs {
        // Each file has dice of its own, so that one can be made again alone.
        let mut dice =
            Dice::new(seed.wrapping_mul(1_000_003) ^ run.wrapping_mul(31) ^ ((place as u64) << 48));
        let from = match dice.below(ONE_NEAR) {
            0 if !near.is_empty() => &near[dice.below(near.len())],
            _ => own[dice.below(own.len())],
        };
        let other = &seeds[dice.below(seeds.len())];
        let file = if dice.below(2) == 0 {
            mutate::mutated(&mut dice, from.file(), &other.file())
        } else {
            (from.seal)(&mutate::mutated(&mut dice, from.inside.clone(), &other.inside))
        };
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| all_ways(&file, sort.format, limits)));
        count.slowest = count.slowest.max(begun.elapsed());
        match result {
            Err(_) => {
                println!("fuzz import: {} run {run} of seed {seed}", sort.name);
                count.panics += 1;
            }
            Ok(Ok(_)) => count.read += 1,
            Ok(Err(error)) => {
                count.refused += 1;
                match sentence(&error) {
                    Some(sentence) => drop(count.sentences.insert(sentence)),
                    None => {
                        println!("fuzz import: {} run {run} of seed {seed}: {error:?}", sort.name);
                        count.silent += 1;
                    }
                }
            }
        }
    }
    count
}

fn limits() -> Limits {
    let usual = Limits::USUAL;
    let derivation = Derivation {
        argon2_memory: 32 * 1024 * 1024,
        argon2_passes: 4,
        aes_rounds: 100_000,
        pbkdf2: 10_000,
        ..usual.derivation
    };
    Limits { entries: 10_000, derivation, ..usual }
}

/// Everything that looks at a file before a person has agreed to anything.
fn all_ways(file: &[u8], format: Option<Format>, limits: Limits) -> Result<usize, UserError> {
    let password = SecretString::from(seeds::PASSWORD.to_owned());
    let given = Given { password: Some(&password), limits, ..Given::default() };
    rehearse_import(format, file, Path::new("file"), &given, NOW)
}

/// What the window says of it, if it has words for it.
fn sentence(error: &UserError) -> Option<String> {
    let key = serde_json::to_value(error.message_key).ok()?;
    let key = key.as_str().filter(|key| key.starts_with("import."))?;
    WORDS.contains(&format!("\n  '{key}': {{\n")).then(|| key.to_owned())
}

/// The most memory that this process ever had, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib.div_ceil(1024))
}
