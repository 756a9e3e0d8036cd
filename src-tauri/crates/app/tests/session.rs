//! Unlocking and locking, as the window sees it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod common;

use std::sync::atomic::Ordering;

use common::Here;
use keyturn_app::{
    Happening, MessageKey,
    views::{LockCause, RecoveryKeyState, Way},
};
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};

#[test]
fn the_first_start_knows_no_vault() {
    let session = Here::new().session();
    assert_eq!((session.vault, session.known, session.locked), (None, vec![], None));
}

#[test]
fn a_made_vault_is_open_and_known_at_the_next_start() {
    let mut here = Here::new();
    here.create();
    let vault = here.session().vault.expect("open");
    assert_eq!((vault.name.as_str(), vault.member_name.as_str()), ("Acme", "Ana"));
    assert_eq!(vault.ways.recovery_key, RecoveryKeyState::Unproven);
    here.restart();
    let session = here.session();
    assert!(session.vault.is_none());
    let known = &session.known[0];
    assert_eq!((known.name.as_str(), known.problem.clone()), ("Acme", None));
    assert_eq!(known.last_member, Some(vault.member));
    assert_eq!(known.members[0].ways, [Way::Passphrase, Way::RecoveryKey]);
}

#[test]
fn a_list_of_vaults_that_is_not_understood_is_said_and_kept_beside_the_new_one() {
    let too_large = format!("[{}]", " ".repeat(64 * 1024));
    for broken in ["[{ \"folder\": ", r#"{ "format": 2, "vaults": [] }"#, &too_large] {
        let here = Here::new();
        let list = here.folder.path().join("data/vaults.json");
        std::fs::create_dir_all(list.parent().expect("a folder")).expect("made");
        std::fs::write(&list, broken).expect("written");
        let session = here.session();
        let problems: Vec<_> = session.problems.iter().map(|problem| problem.message_key).collect();
        assert_eq!((session.known.len(), problems), (0, vec![MessageKey::VaultsBroken]));
        assert_eq!(std::fs::read_to_string(&list).expect("left alone"), broken);
        here.create();
        let kept = list.with_extension("kept-1.json");
        assert_eq!(std::fs::read_to_string(kept).expect("kept"), broken);
        here.app.lock(LockCause::Asked);
        let session = here.session();
        assert_eq!((session.known.len(), session.problems), (1, vec![]));
    }
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    let here = Here::new();
    let input = json!({
        "name": "Acme", "folder": here.place("Acme"), "member": "Ana", "passphrase": "acme acme acme acme"
    });
    let refused = here.ask("create_vault", input).expect_err("weak");
    assert_eq!(refused.message_key, MessageKey::PassphraseWeak);
    assert!(!std::path::Path::new(&here.place("Acme")).exists());
}

#[test]
fn nobody_there_for_the_set_time_locks_after_a_warning_that_a_touch_takes_back() {
    let here = Here::new();
    here.create();
    let countdowns = || -> Vec<Option<u32>> {
        let heard = here.heard.lock().expect("not poisoned");
        let soon = heard.iter().filter_map(|happening| match happening {
            Happening::LockingSoon(countdown) => Some(countdown.seconds),
            _ => None,
        });
        soon.collect()
    };
    here.clock.go(279);
    here.app.tick();
    assert_eq!(countdowns(), []);
    here.clock.go(2);
    here.app.tick();
    assert_eq!(countdowns(), [Some(19)]);
    here.ask("stay_unlocked", Value::Null).expect("still open");
    assert_eq!(countdowns(), [Some(19), None]);
    here.clock.go(299);
    here.app.tick();
    assert!(here.session().vault.is_some());
    here.clock.go(1);
    here.app.tick();
    let session = here.session();
    assert!(session.vault.is_none());
    assert_eq!(session.locked.expect("locked").because, LockCause::Idle);
    let heard = here.heard.lock().expect("not poisoned");
    assert!(matches!(heard.last(), Some(Happening::Locked)));
}

#[test]
fn a_clock_that_is_turned_back_does_not_keep_the_vault_open_longer() {
    let here = Here::new();
    here.create();
    here.clock.go(-86_400);
    here.app.tick();
    here.clock.go(300);
    here.app.tick();
    assert!(here.session().vault.is_none());
}

#[test]
fn sleep_and_screen_lock_the_vault_unless_the_settings_say_no() {
    let here = Here::new();
    for (because, key) in [(LockCause::Sleep, "lockOnSleep"), (LockCause::Screen, "lockWithScreen")]
    {
        if here.session().known.is_empty() {
            here.create();
        } else {
            here.unlock("Ana", PASSPHRASE).expect("unlocked");
        }
        let mut settings = serde_json::to_value(here.app.read_settings().settings).expect("JSON");
        settings[key] = json!(false);
        here.ask("save_settings", settings.clone()).expect("saved");
        here.app.away(because);
        assert!(here.session().vault.is_some(), "{because:?}");
        settings[key] = json!(true);
        here.ask("save_settings", settings).expect("saved");
        here.app.away(because);
        assert_eq!(here.session().locked.map(|locked| locked.because), Some(because));
    }
}

#[test]
fn the_key_ring_unlocks_for_a_week_and_not_without_this_computers_half() {
    let here = Here::new();
    here.create();
    let wrong = here.ask("turn_on_key_ring", json!({ "passphrase": "not it" }));
    assert_eq!(wrong.expect_err("refused").message_key, MessageKey::PassphraseWrong);
    here.ask("turn_on_key_ring", json!({ "passphrase": PASSPHRASE })).expect("on");
    here.app.lock(LockCause::Asked);
    let by_ring = || {
        let key = json!({ "way": "keyRing" });
        let member = here.member("Ana");
        here.ask(
            "unlock_vault",
            json!({ "folder": here.place("Acme"), "member": member, "key": key }),
        )
    };
    assert_eq!(here.session().known[0].members[0].ways[1], Way::KeyRing);
    by_ring().expect("unlocked");
    here.app.lock(LockCause::Asked);

    here.ring.gone.store(true, Ordering::SeqCst);
    assert_eq!(by_ring().expect_err("gone").message_key, MessageKey::KeyRingMissing);
    here.ring.gone.store(false, Ordering::SeqCst);

    here.clock.go(7 * 86_400 + 1);
    assert_eq!(by_ring().expect_err("over").message_key, MessageKey::KeyRingOver);
    assert!(!here.session().known[0].members[0].ways.contains(&Way::KeyRing));

    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.ask("turn_on_key_ring", json!({ "passphrase": PASSPHRASE })).expect("on again");
    here.ask("turn_off_key_ring", Value::Null).expect("off");
    assert!(here.ring.names().iter().all(|name| !name.starts_with("unlock")));
    here.app.lock(LockCause::Asked);
    assert_eq!(by_ring().expect_err("off").message_key, MessageKey::KeyRingOver);
}

#[test]
fn the_recovery_key_is_proven_by_its_sheet_and_by_typing_and_another_one_is_not_it() {
    let here = Here::new();
    let key = here.create();
    let file = here.place("sheet.txt");
    here.ask("save_recovery_sheet", json!({ "key": key, "file": file })).expect("written");
    let again = here.ask("save_recovery_sheet", json!({ "key": key, "file": file }));
    assert_eq!(again.expect_err("there").message_key, MessageKey::FileTaken);
    here.ask("prove_recovery_sheet", json!({ "file": file })).expect("it is it");
    assert_eq!(here.session().vault.expect("open").ways.recovery_key, RecoveryKeyState::Proven);
    let new = here.ask("make_recovery_key", json!({ "passphrase": PASSPHRASE })).expect("made");
    let old = here.ask("prove_recovery_key", json!({ "key": key })).expect_err("the old one");
    assert_eq!(old.message_key, MessageKey::RecoveryKeyOther);
    here.ask("prove_recovery_key", json!({ "key": new })).expect("the new one");
    let typo = here.ask("prove_recovery_key", json!({ "key": "7KQ2" })).expect_err("a typo");
    assert_eq!(typo.message_key, MessageKey::RecoveryKeyMistyped);
}

#[test]
fn a_removed_member_is_listed_with_what_they_could_read() {
    let here = Here::new();
    here.create();
    here.invite("Dana", "rotator", "dana has a fixture too");
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let members = here.ask("list_members", Value::Null).expect("listed");
    let id = &members["members"][1]["id"];
    let removal = json!({ "id": id, "passphrase": PASSPHRASE, "revision": members["revision"] });
    let removed = here.ask("remove_member", removal.clone()).expect("removed");
    assert_eq!((&removed["name"], &removed["couldRead"]), (&json!("Dana"), &json!([])));
    let again = here.ask("remove_member", removal).expect_err("gone");
    assert_eq!(again.message_key, MessageKey::MemberGone);
}

#[test]
fn an_older_state_that_was_put_back_is_reported_where_a_key_ring_remembers() {
    let here = Here::new();
    here.create();
    here.app.lock(LockCause::Asked);
    let kept = || {
        use keyturn_app::KeyRing;
        use secrecy::ExposeSecret;
        let name = here.ring.names().into_iter().next()?;
        let kept = here.ring.get(&name).expect("there")?;
        kept.expose_secret().first_chunk::<8>().map(|seq| u64::from_be_bytes(*seq))
    };
    wait_until(|| kept().is_some());
    let older = kept();
    let copy = here.folder.path().join("copy");
    copy_folder(here.folder.path().join("Acme").as_path(), &copy);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let warned = || {
        let vault = here.app.read_session().vault.expect("open");
        vault.warnings.iter().any(|warning| warning.message_key == MessageKey::VaultOlderState)
    };
    assert!(!warned());
    here.app.lock(LockCause::Asked);
    wait_until(|| kept() > older);
    std::fs::remove_dir_all(here.place("Acme")).expect("removed");
    std::fs::rename(&copy, here.place("Acme")).expect("put back");
    // Unlocked at the same moment it would be the same log.
    here.clock.go(60);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    wait_until(warned);
}

fn wait_until(come: impl Fn() -> bool) {
    while !come() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir(to).expect("made");
    for entry in std::fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}
