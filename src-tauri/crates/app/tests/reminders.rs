//! It taps you on the shoulder: each stage once, also while the vault is locked and after anything that can happen.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::sync::atomic::Ordering;

use common::Here;
use keyturn_app::{Happening, KeyRing, MessageKey, Notice, views::LockCause};
use keyturn_model::{
    Clock,
    reminder::{Severity, Stage, Told},
};
use keyturn_testkit::PASSPHRASE;
use keyturn_vault::{ClosedVault, Folder, KeptNotice, Secret, Telling};
use serde_json::{Value, json};

const DAY_S: i64 = 24 * 60 * 60;

/// A vault with credentials that expire so many seconds from now.
fn with(expiring: &[(&str, i64)]) -> Here {
    let here = Here::new();
    here.create();
    for (name, seconds) in expiring {
        add(&here, name, *seconds, "standard");
    }
    here
}

fn add(here: &Here, name: &str, seconds: i64, risk: &str) -> String {
    let mut metadata = common::metadata(name, "secret");
    metadata["expires"] = json!(here.clock.now().plus_seconds(seconds).0);
    metadata["risk"] = json!(risk);
    metadata["policy"] = json!("none");
    let new =
        json!([{ "metadata": metadata, "secrets": { "value": "a fixture" }, "request": null }]);
    let done = here.ask("add_credentials", new).expect("added");
    done[0]["id"].as_str().expect("an id").to_owned()
}

/// The two of the goal.
fn a_week_and_a_day() -> Here {
    with(&[("payment-gateway", 7 * DAY_S - 60), ("orders-db", DAY_S - 60)])
}

/// What is told within the next second, and since it was asked last.
fn told(here: &Here) -> Vec<Notice> {
    here.app.tick();
    here.app.settle();
    let mut heard = here.heard.lock().expect("not poisoned");
    let all = heard.drain(..).filter_map(|happening| match happening {
        Happening::Notice(notice) => Some(notice),
        _ => None,
    });
    all.collect()
}

fn stages(notice: &Notice) -> Vec<i32> {
    notice.of.iter().map(|due| due.stage.0).collect()
}

/// Time goes by, and somebody is there.
fn go(here: &Here, seconds: i64) {
    here.clock.go(seconds);
    here.ask("stay_unlocked", Value::Null).expect("unlocked");
}

fn unlock(here: &Here) {
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.app.settle();
}

fn notices(here: &Here) -> Value {
    here.ask("read_notices", Value::Null).expect("read")
}

/// One warning of the week, one critical of the day, each for itself.
fn is_each_once(told: &[Notice]) {
    let said: Vec<_> = told.iter().map(|notice| (notice.severity, stages(notice))).collect();
    assert_eq!(said, [(Severity::Critical, vec![-1]), (Severity::Warning, vec![-7])]);
}

#[test]
fn a_week_and_a_day_ahead_are_told_once_each_whatever_is_restarted() {
    let mut here = a_week_and_a_day();
    is_each_once(&told(&here));
    for _ in 0..10 {
        assert_eq!(told(&here), []);
        here.restart();
        assert_eq!(told(&here), [], "while it is locked");
        unlock(&here);
        assert_eq!(told(&here), []);
    }
    for back in [3600, DAY_S] {
        here.clock.go(-back);
        assert_eq!(told(&here), [], "the clock was turned back");
    }
}

#[test]
fn after_thirty_days_off_one_notice_has_everything() {
    for locked in [false, true] {
        let mut here = a_week_and_a_day();
        is_each_once(&told(&here));
        here.clock.go(30 * DAY_S);
        here.restart();
        if !locked {
            unlock(&here);
        }
        let all = told(&here);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].severity, stages(&all[0])), (Severity::Critical, vec![29, 23]));
        assert_eq!(all[0].over(), 2);
        here.restart();
        unlock(&here);
        assert_eq!(told(&here), [], "nothing twice after unlocking");
        assert_eq!(notices(&here)["allNow"], 2);
    }
}

#[test]
fn behind_the_lock_they_come_without_names_and_ids_and_not_again_after_unlocking() {
    for rotations_go_on in [false, true] {
        let here = a_week_and_a_day();
        here.rotate_while_locked(rotations_go_on).expect("kept");
        names(&here, true);
        assert_eq!(told(&here).len(), 2);
        here.app.lock(LockCause::Asked);
        here.clock.go(DAY_S - 60);
        let all = told(&here);
        assert_eq!(all.iter().map(stages).collect::<Vec<_>>(), [[0]]);
        assert_eq!(all[0].of[0].name, None);
        assert_eq!(all[0].of[0].credential.is_some(), rotations_go_on);
        unlock(&here);
        assert_eq!(told(&here), []);
        assert_eq!(notices(&here)["now"][0]["told"], json!(here.clock.now().0));
        assert_eq!(here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
    }
}

fn names(here: &Here, on: bool) {
    let mut settings = serde_json::to_value(here.app.read_settings().settings).expect("JSON");
    settings["namesInNotices"] = json!(on);
    here.ask("save_settings", settings).expect("kept");
}

#[test]
fn names_are_told_only_where_the_settings_say_so() {
    let here = with(&[("payment-gateway", DAY_S)]);
    assert_eq!(told(&here)[0].of[0].name, None);
    names(&here, true);
    go(&here, DAY_S);
    assert_eq!(told(&here)[0].of[0].name.as_deref(), Some("payment-gateway"));
    names(&here, false);
    here.app.lock(LockCause::Asked);
    let mut settings = serde_json::to_value(here.app.read_settings().settings).expect("JSON");
    settings["namesInNotices"] = json!(true);
    let refused = here.ask("save_settings", settings).expect_err("only who unlocked");
    assert_eq!(refused.message_key, MessageKey::VaultLocked);
}

#[test]
fn without_a_key_ring_there_is_no_file_and_what_came_due_is_told_at_unlocking() {
    let here = with(&[("payment-gateway", 7 * DAY_S)]);
    here.ring.gone.store(true, Ordering::SeqCst);
    assert_eq!(told(&here).len(), 1);
    assert_eq!(notices(&here)["behindLock"], false);
    assert!(!here.folder.path().join("data/reminders").exists());
    here.app.lock(LockCause::Asked);
    here.clock.go(7 * DAY_S);
    assert_eq!(told(&here), []);
    unlock(&here);
    assert_eq!(told(&here).iter().map(stages).collect::<Vec<_>>(), [[0]]);
}

#[test]
fn where_nothing_is_kept_the_key_ring_is_left_alone() {
    let here = Here::new();
    assert_eq!((told(&here), here.ring.names()), (vec![], Vec::<String>::new()));
    here.create();
    here.app.settle();
    here.ring.delete("reminders").expect("a ring");
    here.app.lock(LockCause::Asked);
    assert_eq!(told(&here), []);
    assert!(!here.ring.names().contains(&"reminders".to_owned()));
}

#[test]
fn the_file_outside_holds_no_name_and_no_id_even_for_who_has_its_key() {
    let here = Here::new();
    here.create();
    let id = add(&here, "payment-gateway", DAY_S, "standard");
    assert_eq!(told(&here).len(), 1);
    assert_eq!(notices(&here)["behindLock"], true);
    let folder = here.folder.path().join("data/reminders");
    let file = std::fs::read_dir(folder).expect("there").next().expect("one").expect("read").path();
    let sealed = std::fs::read(&file).expect("read");
    let key = here.ring.get("reminders").expect("a ring").expect("a key");
    let key = keyturn_vault::Key::copied(secrecy::ExposeSecret::expose_secret(&key)).expect("32");
    let plain = keyturn_vault::open(&key, b"keyturn 1 reminders", &sealed).expect("opened");
    let plain = String::from_utf8(plain.to_vec()).expect("text");
    assert!(plain.contains("expiry"), "{plain}");
    for secret in ["payment", "gateway", "Acme", "Ana", id.as_str()] {
        assert!(!plain.contains(secret), "{plain}");
    }
    here.app.lock(LockCause::Asked);
    here.ask("forget_vault", json!({ "folder": here.place("Acme") })).expect("forgotten");
    assert!(!file.exists(), "a vault that is off the list reminds no more");
}

#[test]
fn a_date_that_changes_is_told_anew_and_the_old_notice_is_done() {
    let here = Here::new();
    here.create();
    let id = add(&here, "payment-gateway", DAY_S, "standard");
    assert_eq!(told(&here).len(), 1);
    let read = here.ask("read_credential", json!({ "id": id })).expect("read");
    let mut metadata = read["credential"]["metadata"].clone();
    metadata["expires"] = json!(here.clock.now().plus_seconds(90 * DAY_S).0);
    let version = &read["credential"]["row"]["version"];
    let change = json!({ "id": id, "version": version, "metadata": metadata });
    here.ask("change_credential", change).expect("changed");
    assert_eq!(told(&here), []);
    let view = notices(&here);
    assert_eq!((&view["allNow"], view["done"].as_array().expect("a list").len()), (&json!(0), 1));
    here.app.lock(LockCause::Asked);
    here.clock.go(83 * DAY_S);
    assert_eq!(told(&here).iter().map(stages).collect::<Vec<_>>(), [[-7]]);
}

#[test]
fn what_is_snoozed_comes_later_and_what_is_done_stays_away_until_the_next_stage() {
    let here = Here::new();
    here.create();
    let id = add(&here, "payment-gateway", DAY_S, "standard");
    assert_eq!(told(&here).len(), 1);
    let notice = json!({ "credential": id, "deadline": "expiry" });
    let until = here.clock.now().plus_seconds(DAY_S + 7200).0;
    for until in [until - 40 * DAY_S * 1000, until + 40 * DAY_S * 1000] {
        let refused = here.ask("snooze_notice", json!({ "notice": notice, "until": until }));
        assert_eq!(refused.expect_err("refused").message_key, MessageKey::InputRefused);
    }
    let view = here.ask("snooze_notice", json!({ "notice": notice, "until": until }));
    assert_eq!(view.expect("snoozed")["now"][0]["snoozed"], json!(until));
    go(&here, DAY_S + 3600);
    assert_eq!(told(&here), []);
    go(&here, 3600);
    assert_eq!(told(&here).iter().map(stages).collect::<Vec<_>>(), [[0]]);
    let view = here.ask("finish_notices", json!([notice])).expect("done");
    assert_eq!((&view["allNow"], &view["done"][0]["name"]), (&json!(0), &json!("payment-gateway")));
    assert_eq!(told(&here), []);
    go(&here, DAY_S);
    assert_eq!(told(&here).len(), 1);
    assert_eq!(notices(&here)["allNow"], 1);
}

#[test]
fn high_risk_is_muted_with_a_reason_only() {
    let here = Here::new();
    here.create();
    add(&here, "payment-gateway", 7 * DAY_S, "high");
    let mute = |reason: &str| {
        json!({
            "credential": null, "kind": null, "environment": null, "owner": null,
            "severity": "warning", "reason": reason,
        })
    };
    let refused = here.ask("mute_reminders", mute(" ")).expect_err("refused");
    assert_eq!(refused.message_key, MessageKey::MuteReason);
    let view = here.ask("mute_reminders", mute("It is replaced by Wednesday")).expect("muted");
    assert_eq!((&view["mutes"][0]["by"], told(&here).len()), (&json!("Ana"), 0));
    here.app.lock(LockCause::Asked);
    assert_eq!(told(&here), [], "also while it is locked");
    unlock(&here);
    let id = &view["mutes"][0]["id"];
    here.ask("unmute_reminders", json!({ "id": id })).expect("told again");
    assert_eq!(told(&here).len(), 1);
}

#[test]
fn quiet_hours_delay_what_is_due_until_they_end() {
    let here = with(&[("payment-gateway", DAY_S)]);
    let mut settings = serde_json::to_value(here.app.read_settings().settings).expect("JSON");
    // It is noon.
    let quiet = |minutes| json!({ "days": [1, 2, 3, 4, 5, 6, 7], "opens": 660, "minutes": minutes, "zone": "UTC" });
    settings["quiet"] = quiet(24 * 60);
    let refused = here.ask("save_settings", settings.clone()).expect_err("they have no end");
    assert_eq!(refused.message_key, MessageKey::InputRefused);
    settings["quiet"] = quiet(120);
    here.ask("save_settings", settings).expect("kept");
    assert_eq!(told(&here), []);
    let end = here.clock.now().plus_seconds(3600);
    assert_eq!(notices(&here)["quietUntil"], json!(end.0));
    go(&here, 3599);
    assert_eq!(told(&here), []);
    go(&here, 1);
    assert_eq!(told(&here).iter().map(stages).collect::<Vec<_>>(), [[-1]]);
}

#[test]
fn what_was_kept_and_not_shown_is_shown_once_under_its_number() {
    let mut here = with(&[("payment-gateway", DAY_S)]);
    here.app.close();
    here.app.settle();
    // As a crash leaves it right before showing.
    {
        let passphrase = keyturn_testkit::words(PASSPHRASE);
        let member = here.member("Ana").parse().expect("an id");
        let (clock, around) = keyturn_testkit::surroundings(5);
        let closed = ClosedVault::look(Folder::at(here.place("Acme").into())).expect("a vault");
        let secret = Secret::Passphrase(&passphrase);
        let vault = closed.unlock(member, &secret, &around, &keyturn_testkit::quiet).expect("open");
        let reminder = vault.reminders().expect("read").remove(0).reminder;
        let mut told = Told::default();
        told.add(Stage(-1));
        let (at, moment) = (reminder.at, clock.now());
        let notice = KeptNotice { at, moment, number: 17, shown: false, done: None };
        let (credential, deadline) = (reminder.whose, reminder.deadline);
        vault.keep_told(&[Telling { credential, deadline, told, notice }]).expect("kept");
    }
    here.restart();
    unlock(&here);
    let all = told(&here);
    assert_eq!(
        all.iter().map(|one| (one.number, stages(one))).collect::<Vec<_>>(),
        [(17, vec![-1])]
    );
    here.restart();
    unlock(&here);
    assert_eq!(told(&here), []);
}

#[test]
fn the_centre_of_notices_says_whether_the_desktop_shows_any() {
    let here = Here::new();
    here.create();
    let on_desktop = || here.ask("read_notices", Value::Null).expect("read")["onDesktop"].clone();
    assert_eq!(on_desktop(), json!(true));
    here.app.desktop_shows(false);
    assert_eq!(on_desktop(), json!(false));
    let heard = here.heard.lock().expect("not poisoned");
    assert!(heard.iter().any(|one| matches!(one, Happening::Notices)));
}
