//! A few hundred kills and a part of the failing disk's schedules; `npm run crash` does all.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails here")]

use std::process::Command;

fn nothing_is_lost(given: &[&str]) {
    let ran = Command::new(env!("CARGO_BIN_EXE_crash")).args(given).output().expect("started");
    let said = String::from_utf8_lossy(&ran.stdout);
    let words = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{words}");
    assert!(said.ends_with("0 lost, 0 damaged ok\n"), "{said}");
}

#[test]
fn a_vault_survives_kills_and_a_failing_disk() {
    nothing_is_lost(&["vault", "--kills", "200", "--every", "29"]);
}

#[test]
fn no_key_is_lost_when_rotations_are_killed_and_their_disk_fails() {
    nothing_is_lost(&["rotation", "--kills", "40", "--every", "29"]);
}

#[test]
fn an_emergency_goes_on_after_kills_and_tells_nothing_that_is_not() {
    nothing_is_lost(&["emergency", "--kills", "30"]);
}
