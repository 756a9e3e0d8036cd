//! A few hundred kills and a part of the failing disk's schedules; `npm run crash -- vault` does all.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails here")]

use std::process::Command;

#[test]
fn a_vault_survives_kills_and_a_failing_disk() {
    let ran = Command::new(env!("CARGO_BIN_EXE_crash"))
        .args(["vault", "--kills", "200", "--every", "29"])
        .output()
        .expect("started");
    let said = String::from_utf8_lossy(&ran.stdout);
    let words = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{words}");
    assert!(said.ends_with("0 lost, 0 damaged ok\n"), "{said}");
}
