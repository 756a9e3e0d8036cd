//! The life of a vault: made, unlocked, changed, locked, moved.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails here")]

use keyturn_model::Role;
use keyturn_testkit::{Bench, PASSPHRASE, Plainly, name, quiet, words};
use keyturn_vault::{
    ClosedBackup, ClosedVault, Code, Cost, Folder, RecoveryKey, Secret, VaultError,
};
use secrecy::ExposeSecret;

#[test]
fn what_was_put_in_is_there_after_locking_and_unlocking() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.add_credential("payment-gateway", b"fixture-value").expect("added");
    drop(vault);
    let vault = bench.unlock().expect("unlocked");
    let listed = vault.first_credentials(100).expect("listed");
    assert_eq!(listed.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["payment-gateway"]);
    let value = vault.use_value(id).expect("opened");
    assert_eq!(value.expose_secret(), b"fixture-value");
    vault.check().expect("sound");
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_the_next_attempts_wait() {
    let bench = Bench::new();
    drop(bench.create().expect("made"));
    let ana = bench.ana().expect("there");
    let attempt = || bench.unlock_with(ana, "something else entirely").err();
    for _ in 0..4 {
        assert!(matches!(attempt(), Some(VaultError::WrongKey)));
    }
    assert!(matches!(attempt(), Some(VaultError::Wait { .. })));
    // A restarted program reads the same file; a clock that is turned back gains nothing.
    bench.clock.go(-3600);
    assert!(matches!(attempt(), Some(VaultError::Wait { .. })));
    bench.clock.go(2);
    assert!(matches!(attempt(), Some(VaultError::WrongKey)));
    bench.clock.go(600);
    drop(bench.unlock().expect("the right one is right"));
    assert_eq!(bench.folder().wait_until(bench.surroundings.clock.now()), None);
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let (old, new) = (words(PASSPHRASE), words("another fixture passphrase"));
    let wrong = vault.change_passphrase(&words("not it"), &new, Cost::FLOOR, &quiet);
    assert!(matches!(wrong, Err(VaultError::WrongKey)));
    vault.change_passphrase(&old, &new, Cost::FLOOR, &quiet).expect("changed");
    drop(vault);
    assert!(matches!(bench.unlock().err(), Some(VaultError::WrongKey)));
    let ana = bench.ana().expect("there");
    bench.unlock_with(ana, new.expose_secret()).expect("the new one opens").check().expect("sound");
}

#[test]
fn a_recovery_key_opens_once_it_is_typed_and_is_then_known_as_used() {
    let bench = Bench::new();
    let (vault, code) = bench.create().expect("made");
    assert_eq!(vault.ways().expect("read").recovery_key, RecoveryKey::Unproven);
    vault.prove_recovery_key(&code).expect("it is it");
    assert_eq!(vault.ways().expect("read").recovery_key, RecoveryKey::Proven);
    drop(vault);
    let typed = Code::typed(&code.text(), Code::RECOVERY_KEY).expect("read");
    let ana = bench.ana().expect("there");
    let closed = ClosedVault::look(bench.folder()).expect("there");
    let vault = closed
        .unlock(ana, &Secret::RecoveryKey(&typed), &bench.surroundings, &quiet)
        .expect("unlocked");
    assert_eq!(vault.ways().expect("read").recovery_key, RecoveryKey::Used);
    let new = vault.make_recovery_key(&quiet).expect("made");
    assert_eq!(vault.ways().expect("read").recovery_key, RecoveryKey::Unproven);
    assert!(matches!(vault.prove_recovery_key(&code), Err(VaultError::WrongKey)));
    vault.prove_recovery_key(&new).expect("the new one is it");
}

#[test]
fn an_invited_member_comes_in_with_a_passphrase_of_their_own() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    vault.add_credential("orders-db", b"fixture").expect("added");
    let (_, revision) = vault.members().expect("listed");
    let (dana, code, _) = vault.invite(&name("Dana"), Role::Rotator, revision).expect("invited");
    assert!(matches!(
        vault.invite(&name("Eve"), Role::Reader, revision).err(),
        Some(VaultError::Changed)
    ));
    let (_, revision) = vault.members().expect("listed");
    assert!(matches!(
        vault.invite(&name("DANA"), Role::Reader, revision).err(),
        Some(VaultError::NameTaken)
    ));
    drop(vault);
    let own = words("dana has a fixture too");
    let closed = || ClosedVault::look(bench.folder()).expect("there");
    let other = Code::random(Code::INVITATION, &*bench.surroundings.entropy);
    let wrong = closed().accept(dana, &other, &own, Cost::FLOOR, &bench.surroundings, &quiet);
    assert!(matches!(wrong.err(), Some(VaultError::WrongKey)));
    let vault = closed()
        .accept(dana, &code, &own, Cost::FLOOR, &bench.surroundings, &quiet)
        .expect("accepted");
    assert_eq!(vault.my_role().expect("known"), Role::Rotator);
    assert_eq!(vault.count_credentials().expect("counted"), 1);
    drop(vault);
    let again = closed().accept(dana, &code, &own, Cost::FLOOR, &bench.surroundings, &quiet);
    assert!(matches!(again.err(), Some(VaultError::WrongKey)));
    bench.unlock_with(dana, own.expose_secret()).expect("opens").check().expect("sound");
}

#[test]
fn an_invitation_is_over_after_a_week() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let (dana, code, _) = vault.invite(&name("Dana"), Role::Reader, 1).expect("invited");
    drop(vault);
    bench.clock.go(7 * 24 * 3600 + 1);
    let closed = ClosedVault::look(bench.folder()).expect("there");
    let late =
        closed.accept(dana, &code, &words("x"), Cost::FLOOR, &bench.surroundings, &quiet).err();
    assert!(matches!(late, Some(VaultError::Over)));
}

#[test]
fn a_removed_member_is_out_and_everybody_else_goes_on_with_what_they_have() {
    let bench = Bench::new();
    let (vault, recovery) = bench.create().expect("made");
    let id = vault.add_credential("orders-db", b"fixture-value").expect("added");
    let (dana, code, _) = vault.invite(&name("Dana"), Role::Owner, 1).expect("invited");
    drop(vault);
    let own = words("dana has a fixture too");
    let closed = ClosedVault::look(bench.folder()).expect("there");
    drop(closed.accept(dana, &code, &own, Cost::FLOOR, &bench.surroundings, &quiet).expect("in"));

    let vault = bench.unlock().expect("unlocked");
    let (_, revision) = vault.members().expect("listed");
    vault.remove_member(dana, revision, &quiet).expect("removed");
    assert_eq!(vault.use_value(id).expect("opened").expose_secret(), b"fixture-value");
    vault.add_credential("after", b"fixture").expect("added");
    vault.check().expect("sound");
    let log: Vec<String> =
        vault.log(None, 10).expect("read").into_iter().map(|entry| entry.action).collect();
    assert!(log.contains(&"member.removed".to_owned()), "{log:?}");
    drop(vault);
    assert!(!bench.place("Acme/vault-1.db").exists());
    assert!(bench.unlock_with(dana, own.expose_secret()).is_err());
    let ana = bench.ana().expect("there");
    let closed = ClosedVault::look(bench.folder()).expect("there");
    let secret = Secret::RecoveryKey(&recovery);
    let vault = closed.unlock(ana, &secret, &bench.surroundings, &quiet).expect("recovery works");
    vault.check().expect("sound");
}

#[test]
fn a_pause_of_automatic_rotation_is_entered_once_and_outlives_a_change_of_keys() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    vault.pause_automatic(false).expect("nothing to do");
    assert_eq!(vault.automatic_pause().expect("read"), None);
    vault.pause_automatic(true).expect("paused");
    let paused = vault.automatic_pause().expect("read").expect("paused");
    assert_eq!(paused.actor.name, "Ana");
    vault.pause_automatic(true).expect("it is so already");
    assert_eq!(vault.head().expect("read").seq, paused.seq);
    let (dana, _, _) = vault.invite(&name("Dana"), Role::Reader, 1).expect("invited");
    let (_, revision) = vault.members().expect("listed");
    vault.remove_member(dana, revision, &quiet).expect("removed");
    assert_eq!(vault.automatic_pause().expect("read"), Some(paused));
    vault.pause_automatic(false).expect("resumed");
    assert_eq!(vault.automatic_pause().expect("read"), None);
    vault.check().expect("sound");
}

#[test]
fn the_last_owner_stays_one() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let ana = bench.ana().expect("there");
    let removed = vault.remove_member(ana, 1, &quiet);
    assert!(matches!(removed, Err(VaultError::LastOwner)));
    let changed = vault.change_member(ana, &name("Ana"), Role::Admin, 1);
    assert!(matches!(changed, Err(VaultError::LastOwner)));
    vault.change_member(ana, &name("Ana María"), Role::Owner, 1).expect("renamed");
    assert_eq!(vault.my_name().expect("known"), "Ana María");
    vault.check().expect("sound");
}

#[test]
fn a_backup_made_in_use_comes_back_whole_at_a_new_place() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.add_credential("orders-db", b"fixture-value").expect("added");
    let place = bench.place("elsewhere/acme.keyturn-backup");
    let made = vault.back_up(&place, &quiet).expect("backed up");
    assert_eq!(made.credentials, 1);
    assert!(matches!(vault.back_up(&place, &quiet).err(), Some(VaultError::Taken(_))));
    assert_eq!(vault.test_backup(&place, &quiet).expect("sound"), made);
    vault.add_credential("after the backup", b"fixture").expect("added");

    let backup = ClosedBackup::look(&place).expect("a backup");
    let ana = bench.ana().expect("there");
    let passphrase = words(PASSPHRASE);
    let secret = Secret::Passphrase(&passphrase);
    let onto = backup.restore(&bench.folder(), ana, &secret, &bench.surroundings, &quiet);
    assert!(matches!(onto.err(), Some(VaultError::Taken(_))));
    let folder = Folder::at(bench.place("Restored"));
    let restored =
        backup.restore(&folder, ana, &secret, &bench.surroundings, &quiet).expect("restored");
    assert_eq!(restored.count_credentials().expect("counted"), 1);
    assert_eq!(restored.use_value(id).expect("opened").expose_secret(), b"fixture-value");
    restored.check().expect("sound");
}

#[test]
fn a_second_program_is_told_who_holds_the_vault_and_may_read() {
    let bench = Bench::new();
    let (first, _) = bench.create().expect("made");
    first.add_credential("orders-db", b"fixture").expect("added");
    let holder = bench.folder().holder().expect("held").expect("known");
    assert_eq!((holder.process, holder.computer.as_str()), (4127, "bench"));
    let second = bench.unlock().expect("opened for reading");
    assert!(second.is_read_only());
    assert_eq!(second.count_credentials().expect("counted"), 1);
    assert!(matches!(second.add_credential("x", b"y").err(), Some(VaultError::Held(_))));
    assert!(matches!(second.make_recovery_key(&quiet).err(), Some(VaultError::Held(_))));
    first.add_credential("another", b"fixture").expect("added");
    assert_eq!(second.count_credentials().expect("sees it"), 2);
    second.check().expect("sound");
    drop(first);
    assert_eq!(bench.folder().holder(), None);
    assert!(!bench.unlock().expect("opened").is_read_only());
}

#[test]
fn two_changes_of_one_row_never_overwrite_each_other_unseen() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.add_credential("one", b"fixture").expect("added");
    vault.rename_credential(id, "two", 1).expect("renamed");
    assert!(matches!(vault.rename_credential(id, "three", 1), Err(VaultError::Changed)));
    assert_eq!(vault.first_credentials(1).expect("listed")[0].name, "two");
}
