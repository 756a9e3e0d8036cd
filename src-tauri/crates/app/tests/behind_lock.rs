//! Rotations go on behind the locked window: for everybody else the vault is as locked as ever.
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod common;

use std::fs;

use common::Here;
use keyturn_app::{
    MessageKey,
    views::{LockCause, RecoveryKeyState},
};
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};

/// A vault that is locked while rotations go on in it.
fn locked() -> (Here, String) {
    let here = Here::new();
    let recovery_key = here.create();
    here.rotate_while_locked(true).expect("kept");
    here.app.lock(LockCause::Asked);
    assert!(here.session().vault.is_none() && here.is_held());
    (here, recovery_key)
}

fn refused(answer: Result<Value, keyturn_app::UserError>) -> MessageKey {
    answer.expect_err("refused").message_key
}

#[test]
fn with_the_setting_off_locking_lets_go_of_the_vault_and_its_keys() {
    let here = Here::new();
    here.create();
    for because in [LockCause::Asked, LockCause::Idle] {
        assert!(here.is_held());
        here.app.lock(because);
        assert!(here.is_let_go(), "{because:?}");
        here.unlock("Ana", PASSPHRASE).expect("unlocked");
    }
}

#[test]
fn with_it_on_every_locking_but_that_before_sleep_keeps_them() {
    let here = Here::new();
    here.create();
    here.rotate_while_locked(true).expect("kept");
    for because in [LockCause::Asked, LockCause::Idle, LockCause::Screen, LockCause::Sleep] {
        if here.session().vault.is_none() {
            here.unlock("Ana", PASSPHRASE).expect("unlocked");
        }
        here.app.lock(because);
        let kept = because != LockCause::Sleep;
        assert_eq!(!here.is_let_go(), kept, "{because:?}");
        let locked = here.session().locked.expect("locked");
        assert_eq!(locked.rotations.is_some_and(|rotations| rotations.go_on), kept, "{because:?}");
    }
}

#[test]
fn sleep_the_end_of_the_program_and_taking_the_vault_off_the_list_let_go_of_them() {
    let (here, _) = locked();
    here.app.away(LockCause::Sleep);
    assert!(here.is_let_go());
    let locked_since = here.session().locked.expect("locked");
    assert_eq!((locked_since.because, locked_since.rotations), (LockCause::Asked, None));
    here.unlock("Ana", PASSPHRASE).expect("unlocked");

    here.app.lock(LockCause::Asked);
    assert!(here.is_held());
    here.app.close();
    assert!(here.is_let_go());
    here.unlock("Ana", PASSPHRASE).expect("unlocked");

    here.app.lock(LockCause::Asked);
    here.ask("forget_vault", json!({ "folder": here.place("Acme") })).expect("forgotten");
    assert!(here.is_let_go());
}

#[test]
fn coming_back_asks_for_the_passphrase_and_makes_wrong_ones_wait() {
    let (here, _) = locked();
    for _ in 0..4 {
        assert_eq!(refused(here.unlock("Ana", "not it")), MessageKey::VaultWrongKey);
    }
    assert_eq!(refused(here.unlock("Ana", PASSPHRASE)), MessageKey::VaultWait);
    assert!(here.session().vault.is_none() && here.is_held());
    here.clock.go(2);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let vault = here.session().vault.expect("open");
    assert_eq!((vault.name.as_str(), vault.read_only), ("Acme", None));
    let policy = json!({ "id": null, "name": "Mine", "query": "", "ordering": {
        "by": "name", "descending": false, "group": null,
    } });
    here.ask("save_view", policy).expect("it can be written");
    assert_eq!(here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
}

#[test]
fn nothing_of_what_a_person_did_before_is_there_after_coming_back() {
    let (here, _) = locked();
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let file = here.place("in.csv");
    fs::write(&file, "name,value\neve,fixture\n").expect("written");
    here.ask("look_at_import", json!({ "file": file })).expect("looked");
    let preview = json!({ "file": file, "password": null, "columns": null });
    here.ask("preview_import", preview).expect("read");
    here.app.lock(LockCause::Screen);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let run = here.ask("run_import", json!({ "changed": false, "without": [] }));
    assert!(run.is_err(), "what was read before is forgotten");
}

#[test]
fn a_new_passphrase_counts_and_an_older_header_that_is_put_back_does_not_bring_back_the_old_one() {
    let here = Here::new();
    here.create();
    here.rotate_while_locked(true).expect("kept");
    let header = std::path::PathBuf::from(here.place("Acme")).join("vault.hdr");
    let older = fs::read(&header).expect("read");
    let new = "another fixture of nine words for Ana at Acme";
    here.ask("change_passphrase", json!({ "old": PASSPHRASE, "new": new })).expect("changed");
    here.app.lock(LockCause::Asked);
    assert_eq!(refused(here.unlock("Ana", PASSPHRASE)), MessageKey::VaultWrongKey);
    assert!(here.is_held());
    let newer = fs::read(&header).expect("read");
    fs::write(&header, older).expect("written");
    assert!(here.unlock("Ana", PASSPHRASE).is_err());
    assert!(here.is_let_go(), "files that are not what was left are judged anew, without the keys");
    fs::write(&header, newer).expect("written");
    here.unlock("Ana", new).expect("unlocked");
}

#[test]
fn the_key_ring_and_the_recovery_key_lead_back_as_they_lead_in() {
    let (here, recovery_key) = locked();
    let member = here.member("Ana");
    let by = |key: Value| {
        let asked = json!({ "folder": here.place("Acme"), "member": member, "key": key });
        here.ask("unlock_vault", asked)
    };
    assert_eq!(refused(by(json!({ "way": "keyRing" }))), MessageKey::KeyRingOver);
    by(json!({ "way": "recoveryKey", "secret": recovery_key })).expect("unlocked");
    let vault = here.session().vault.expect("open");
    assert_eq!(vault.ways.recovery_key, RecoveryKeyState::Used);
    here.ask("turn_on_key_ring", json!({ "passphrase": PASSPHRASE })).expect("on");
    here.app.lock(LockCause::Idle);
    by(json!({ "way": "keyRing" })).expect("unlocked");
    here.app.lock(LockCause::Idle);
    here.clock.go(7 * 86_400 + 1);
    assert_eq!(refused(by(json!({ "way": "keyRing" }))), MessageKey::KeyRingOver);
}

#[test]
fn another_member_comes_in_as_themselves_and_only_with_their_own_passphrase() {
    let here = Here::new();
    here.create();
    let danas = "dana has a fixture too";
    here.invite("Dana", "rotator", danas);
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.rotate_while_locked(true).expect("kept");
    here.app.lock(LockCause::Asked);
    assert_eq!(refused(here.unlock("Dana", PASSPHRASE)), MessageKey::VaultWrongKey);
    assert!(here.is_held(), "a wrong passphrase stops nothing");
    here.unlock("Dana", danas).expect("unlocked");
    let vault = here.session().vault.expect("open");
    assert_eq!((vault.member_name.as_str(), vault.read_only), ("Dana", None));
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");

    // Removed while Ana is there, Dana is nobody afterwards.
    let members = here.ask("list_members", Value::Null).expect("listed");
    let id = &members["members"][1]["id"];
    let removal = json!({ "id": id, "passphrase": PASSPHRASE, "revision": members["revision"] });
    here.ask("remove_member", removal).expect("removed");
    here.app.lock(LockCause::Asked);
    let asked = json!({
        "folder": here.place("Acme"), "member": id,
        "key": { "way": "passphrase", "secret": danas },
    });
    assert!(here.ask("unlock_vault", asked).is_err());
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    assert_eq!(here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
}

#[test]
fn an_invitation_is_accepted_behind_the_lock() {
    let here = Here::new();
    here.create();
    here.rotate_while_locked(true).expect("kept");
    here.invite("Dana", "rotator", "dana has a fixture too");
    let vault = here.session().vault.expect("open");
    assert_eq!((vault.member_name.as_str(), vault.read_only), ("Dana", None));
}

#[test]
fn another_vault_takes_the_place_of_the_one_that_was_kept() {
    let (here, _) = locked();
    let other = json!({
        "name": "Other", "folder": here.place("Other"), "member": "Ana", "passphrase": PASSPHRASE,
    });
    here.ask("create_vault", other).expect("made");
    assert!(here.is_let_go());
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let vault = here.session().vault.expect("open");
    assert_eq!((vault.name.as_str(), vault.read_only), ("Acme", None));
}

#[test]
fn a_demo_is_gone_when_it_is_locked_all_the_same() {
    let here = Here::new();
    here.create();
    here.rotate_while_locked(true).expect("kept");
    here.app.lock(LockCause::Asked);
    here.ask("make_demo", Value::Null).expect("made");
    here.app.lock(LockCause::Asked);
    let session = here.session();
    assert_eq!(session.locked.expect("locked").rotations, None);
    assert_eq!(session.known.len(), 1);
    assert!(here.is_let_go());
}

#[test]
fn only_who_unlocked_turns_it_on_and_turning_it_off_takes_effect_at_once() {
    let here = Here::new();
    here.create();
    here.app.lock(LockCause::Asked);
    assert!(here.is_let_go());
    assert_eq!(refused(here.rotate_while_locked(true)), MessageKey::VaultLocked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.rotate_while_locked(true).expect("kept");
    here.app.lock(LockCause::Asked);
    here.rotate_while_locked(true).expect("other settings can be kept");
    assert!(here.is_held());
    here.rotate_while_locked(false).expect("off");
    assert!(here.is_let_go());
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
}

#[test]
fn the_lock_screen_does_not_take_this_program_for_another_one() {
    let (here, _) = locked();
    assert_eq!(here.session().known[0].held_by, None);
    let seen = here.ask("look_at_vault", json!({ "folder": here.place("Acme") })).expect("seen");
    assert_eq!(seen["heldBy"], Value::Null);
}
