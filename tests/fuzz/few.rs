//! What the fuzzer damages is whole before: else it would damage what is refused anyway.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod near;
mod sealed;
#[allow(unreachable_pub, dead_code, reason = "other tests use it too")]
mod seeds;

use std::path::Path;

use keyturn_app::{UserError, rehearse_import};
use keyturn_exchange::{Format, Given, Limits};
use keyturn_model::Timestamp;
use secrecy::SecretString;
use seeds::Seed;

fn read(format: Option<Format>, seed: &Seed, limits: Limits) -> Result<usize, UserError> {
    let password = SecretString::from(seeds::PASSWORD.to_owned());
    let given = Given { password: Some(&password), limits, ..Given::default() };
    rehearse_import(format, &seed.file(), Path::new("file"), &given, Timestamp(0))
}

#[test]
fn every_file_at_a_limit_is_read_and_with_lower_ones_some_are_not() {
    let limits = Limits { entries: 2000, ..Limits::USUAL };
    let lower = Limits { entries: 1900, parts: 900, nesting: 20, ..limits };
    for format in Format::ALL {
        let near = near::of(format, &limits);
        let whole: Vec<&Seed> = near.iter().filter(|seed| seed.entries > 0).collect();
        for (at, seed) in whole.iter().enumerate() {
            let read = read(Some(format), seed, limits).ok();
            assert_eq!(read, Some(seed.entries), "{} {at}", format.as_str());
        }
        assert!(whole.iter().any(|seed| read(Some(format), seed, lower).is_err()));
    }
}

#[test]
fn every_sealed_file_is_read() {
    for seed in sealed::seeds() {
        let read = read(None, &seed, Limits::USUAL).expect("read");
        assert_eq!(read, seed.entries);
    }
}
