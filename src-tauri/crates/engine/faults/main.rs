//! Plays rotations that are killed and that fail, and counts: nothing may be lost, and no key may live that
//! nobody knows of.
//!
//! `faults [--schedules 100000] [--seed 1] [--only SEED]`. The same seed plays the same schedule; the first
//! violation ends the program and tells its seed, and `--only` with it shows what happened step by step.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for the terminal, run by hand and by CI"
)]

mod consumer;
mod dice;
mod invariants;
mod issuer;
mod journal;
mod ledger;
mod play;
mod schedule;
mod stage;
mod store;
mod summary;
mod world;

use std::process::ExitCode;

use play::play;
use summary::Summary;

fn main() -> ExitCode {
    let Some((schedules, seed, only)) = arguments() else {
        println!("faults [--schedules N] [--seed N] [--only SEED]");
        return ExitCode::FAILURE;
    };
    if let Some(only) = only {
        return show(only);
    }
    let mut summary = Summary::default();
    for number in 0..schedules {
        let this = seed.wrapping_mul(1_000_000_007).wrapping_add(number);
        let played = play(this, false);
        summary.add(&played);
        if !played.violations.is_empty() {
            println!("{summary}");
            println!("faults: VIOLATION with --only {this}: {}", played.violations.join("; "));
            return ExitCode::FAILURE;
        }
    }
    println!("{summary}");
    ExitCode::SUCCESS
}

fn show(seed: u64) -> ExitCode {
    println!("{:#?}", schedule::Schedule::of(seed));
    let played = play(seed, true);
    for line in &played.trace {
        println!("{line}");
    }
    println!("{:?} {} {:?}", played.end, played.last, played.violations);
    if played.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Option<(u64, u64, Option<u64>)> {
    let (mut schedules, mut seed, mut only) = (100_000, 1, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match name.as_str() {
            "--schedules" => schedules = value,
            "--seed" => seed = value,
            "--only" => only = Some(value),
            _ => return None,
        }
    }
    Some((schedules, seed, only))
}
