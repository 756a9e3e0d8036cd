//! What was told of a date is kept, and only of that date.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails here"
)]

use keyturn_model::{
    Clock, CredentialId, Metadata, PolicyChoice, Risk, Timestamp,
    reminder::{Deadline, Mute, Severity, Stage, Told},
};
use keyturn_testkit::{Bench, addition, metadata};
use keyturn_vault::{KeptNotice, KeptReminder, Many, Telling, Vault, VaultError};

const DAY_S: i64 = 24 * 60 * 60;

/// A vault with one credential that expires in a week.
fn with_one(of: impl FnOnce(&mut Metadata)) -> (Bench, Vault, CredentialId) {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut metadata = metadata("payment-gateway");
    metadata.expires = Some(bench.clock.now().plus_seconds(7 * DAY_S));
    of(&mut metadata);
    let id = vault.add(&addition(metadata, "a fixture")).expect("added");
    (bench, vault, id)
}

fn one(vault: &Vault) -> KeptReminder {
    vault.reminders().expect("read").into_iter().next().expect("there is one")
}

fn tell(vault: &Vault, stage: i32, moment: Timestamp) {
    let KeptReminder { reminder, .. } = one(vault);
    let mut told = reminder.told;
    told.add(Stage(stage));
    let notice = KeptNotice { at: reminder.at, moment, number: 17, shown: false, done: None };
    let (credential, deadline) = (reminder.whose, reminder.deadline);
    vault.keep_told(&[Telling { credential, deadline, told, notice }]).expect("kept");
}

#[test]
fn what_was_told_is_known_after_a_restart_and_of_another_date_it_says_nothing() {
    let (bench, vault, id) = with_one(|_| {});
    tell(&vault, -7, bench.clock.now());
    drop(vault);
    let vault = bench.unlock().expect("unlocked");
    let kept = one(&vault);
    assert!(kept.reminder.told.has(Stage(-7)));
    let notice = kept.notice.expect("told");
    assert_eq!((notice.number, notice.shown, notice.done), (17, false, None));
    vault.note_shown().expect("kept");
    assert!(one(&vault).notice.expect("told").shown);

    let (credential, _) = vault.credential(id).expect("there");
    let mut metadata = credential.metadata;
    metadata.expires = metadata.expires.map(|at| at.plus_seconds(60));
    vault.change(id, credential.row.version, &metadata, "", "{}").expect("changed");
    let moved = one(&vault);
    assert_eq!(moved.reminder.told, Told::default());
    assert!(moved.notice.is_some_and(|notice| notice.at != moved.reminder.at));
    vault.check().expect("sound");
}

#[test]
fn both_dates_are_there_and_what_is_put_away_has_none() {
    let (_bench, vault, id) = with_one(|of| of.policy = PolicyChoice::Usual);
    let mut deadlines: Vec<_> =
        vault.reminders().expect("read").iter().map(|kept| kept.reminder.deadline).collect();
    deadlines.sort();
    assert_eq!(deadlines, [Deadline::Expiry, Deadline::Rotation]);
    let (credential, _) = vault.credential(id).expect("there");
    let seen = [(id, credential.row.version)];
    vault.change_many(&seen, &Many::Archive).expect("put away");
    assert!(vault.reminders().expect("read").is_empty());
}

#[test]
fn a_snooze_and_done_hold_until_something_is_told_again() {
    let (bench, vault, id) = with_one(|_| {});
    let until = bench.clock.now().plus_seconds(3600);
    let refused = vault.settle_reminder(id, Deadline::Expiry, Some(until));
    assert!(matches!(refused, Err(VaultError::Changed)), "nothing was told: {refused:?}");
    tell(&vault, -7, bench.clock.now());
    vault.settle_reminder(id, Deadline::Expiry, Some(until)).expect("snoozed");
    assert_eq!(one(&vault).reminder.snoozed, Some(until));
    vault.settle_reminder(id, Deadline::Expiry, None).expect("done");
    let kept = one(&vault);
    assert_eq!(kept.reminder.snoozed, None);
    assert_eq!(kept.notice.expect("told").done, Some(bench.clock.now()));
    tell(&vault, -1, bench.clock.now());
    assert_eq!(one(&vault).notice.expect("told").done, None);
    vault.check().expect("sound");
}

#[test]
fn a_mute_without_a_reason_holds_for_nothing_of_high_risk() {
    let (bench, vault, _) = with_one(|of| {
        of.risk = Risk::High;
        of.environment = "prod".into();
    });
    let mute = |environment: &str, reason: &str, severity| Mute {
        credential: None,
        kind: None,
        environment: Some(environment.into()),
        owner: None,
        severity,
        reason: reason.into(),
    };
    vault.mute(&mute("prod", "", Severity::Critical)).expect("kept");
    vault.mute(&mute("test", "a fixture", Severity::Critical)).expect("kept");
    assert_eq!(one(&vault).reminder.muted, None);
    bench.clock.go(1);
    vault.mute(&mute("PROD", "a fixture", Severity::Warning)).expect("kept");
    assert_eq!(one(&vault).reminder.muted, Some(Severity::Warning));
    let kept = vault.mutes().expect("read");
    assert_eq!((kept.len(), kept[2].by.as_str()), (3, "Ana"));
    vault.unmute(kept[2].id).expect("gone");
    assert_eq!(one(&vault).reminder.muted, None);
    vault.check().expect("sound");
}

#[test]
fn with_a_credential_goes_what_was_told_of_it_and_nothing_is_kept_of_one_that_is_gone() {
    let (bench, vault, id) = with_one(|_| {});
    tell(&vault, -7, bench.clock.now());
    let notice = one(&vault).notice.expect("told");
    vault.delete(&[id], "credential.deleted").expect("deleted");
    assert!(vault.reminders().expect("read").is_empty());
    let (deadline, told) = (Deadline::Expiry, Told::default());
    vault
        .keep_told(&[Telling { credential: id, deadline, told, notice }])
        .expect("nothing to keep");
    vault.check().expect("sound");
}
