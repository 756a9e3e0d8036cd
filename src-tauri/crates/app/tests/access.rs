//! Locked means locked, and a role is a role: every action is asked for in every state.
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod common;

use common::Here;
use keyturn_app::views::LockCause;
use keyturn_app::{Access, MessageKey, bridge::ACTIONS};
use keyturn_model::{Entropy, Role};
use keyturn_testkit::Seeded;
use serde_json::{Map, Value, json};

fn credential() -> Value {
    json!({
        "metadata": common::metadata("eve", "secret"), "secrets": { "value": "x" }, "request": null,
    })
}

/// Input of the right shape for everything that is not for anybody at any time.
fn input_of(name: &str, here: &Here) -> Value {
    let nobody = "019a0000-0000-7000-8000-000000000000";
    let usual = json!({ "by": "name", "descending": false, "group": null });
    let policy = json!({
        "rule": { "when": "every", "days": 30 }, "graceHours": 24, "warningDays": 7, "window": null,
        "frameworks": [],
    });
    match name {
        "lock_vault" | "stay_unlocked" | "read_key_ring" | "turn_off_key_ring" | "list_members"
        | "list_backups" | "make_backup" | "check_vault" => Value::Null,
        "begin_envelope" => json!({ "key": "x" }),
        "change_passphrase" => json!({ "old": "x", "new": "y" }),
        "make_recovery_key" | "turn_on_key_ring" => json!({ "passphrase": "x" }),
        "prove_recovery_key" => json!({ "key": "x" }),
        "save_recovery_sheet" => json!({ "key": "x", "file": here.place("sheet") }),
        "prove_recovery_sheet" | "make_backup_at" | "test_backup" => {
            json!({ "file": here.place("file") })
        }
        "invite_member" => {
            json!({ "name": "Eve", "role": "owner", "passphrase": "x", "revision": 1 })
        }
        "change_member" => json!({ "id": nobody, "name": "Eve", "role": "owner", "revision": 1 }),
        "remove_member" => json!({ "id": nobody, "passphrase": "x", "revision": 1 }),
        "read_words" | "clear_clipboard" | "list_policies" | "list_views" | "cancel_import"
        | "undo_import" | "delete_import_file" => Value::Null,
        "list_credentials" => json!({ "query": "", "ordering": usual, "from": 0, "most": 10 }),
        "read_credential" | "duplicate_credential" => json!({ "id": nobody }),
        "read_activity" => json!({ "id": nobody, "before": null }),
        "recognise_paste" => json!({ "text": "x" }),
        "weigh_credential" => credential(),
        "add_credentials" => json!([credential()]),
        "generate_value" => json!({ "recipe": { "recipe": "uuid" } }),
        "change_credential" => {
            json!({ "id": nobody, "version": 1, "metadata": credential()["metadata"] })
        }
        "replace_value" => json!({
            "id": nobody, "version": 1, "fields": {}, "expires": null, "secrets": { "value": "x" },
        }),
        "change_many" => {
            json!({ "seen": [{ "id": nobody, "version": 1 }], "change": { "to": "archive" } })
        }
        "delete_credentials" => json!({ "ids": [nobody], "typed": "x" }),
        "reveal_value" | "copy_value" => {
            json!({ "id": nobody, "number": null, "field": null, "passphrase": null })
        }
        "try_policy" => json!({ "policy": policy, "rotated": null, "expires": null }),
        "save_policy" => json!({ "id": null, "version": 0, "name": "Eve", "policy": policy }),
        "delete_policy" => json!({ "id": nobody, "version": 1 }),
        "save_view" => json!({ "id": null, "name": "Eve", "query": "", "ordering": usual }),
        "delete_view" => json!({ "id": nobody }),
        "look_at_import" => json!({ "file": here.place("file") }),
        "preview_import" => {
            json!({ "file": here.place("file"), "password": null, "columns": null })
        }
        "look_for_uses" => json!({ "in": "text", "text": "x" }),
        "stop_looking" => Value::Null,
        "read_finds" => json!({ "from": 0 }),
        "accept_finds" => json!({ "accept": [] }),
        "read_import" => json!({ "from": 0 }),
        "read_losses" => json!({ "why": "noPlace", "from": 0 }),
        "run_import" => json!({ "changed": false, "without": [] }),
        "export_credentials" => json!({
            "file": here.place("out"), "format": "json", "query": "", "passphrase": "x",
            "password": null,
        }),
        "list_accounts" | "list_consumers" => Value::Null,
        "read_map" => json!({ "group": null, "open": [], "hide": [] }),
        "read_radius" => json!({ "keys": [], "group": null, "threat": "end" }),
        "read_timeline" => {
            json!({ "from": 0, "until": 1, "lanes": "kind", "find": "", "open": [], "parts": 1 })
        }
        "move_planned" => json!({ "id": nobody, "version": 1, "to": null, "onlyAsk": true }),
        "export_picture" => json!({
            "file": here.place("picture"), "format": "svg",
            "picture": { "of": "map", "showing": { "group": null, "open": [], "hide": [] } },
        }),
        "save_account" => json!({
            "id": null, "version": 0, "name": "Eve", "secrets": { "token": "x" },
            "setup": { "is": "sandbox", "address": "http://127.0.0.1:1" },
        }),
        "delete_account" | "try_account" | "delete_consumer" | "delete_binding" | "try_binding"
        | "read_rotation" | "read_run" | "find_orphans" => json!({ "id": nobody }),
        "save_consumer" => json!({ "id": null, "version": 0, "consumer": {
            "name": "Eve", "environment": "", "owner": "", "deployment": "service", "notes": "",
        } }),
        "save_binding" => json!({
            "id": null, "version": 0, "credential": nobody, "consumer": nobody, "secrets": {},
            "setup": {
                "sending": { "by": "byHand", "who": "Eve", "steps": [] },
                "reloading": { "by": "live" }, "check": { "by": "none" },
                "takesS": 1, "awayS": 0,
            },
        }),
        "set_up_rotation" => json!({ "credential": nobody, "version": 0, "setup": {
            "account": nobody, "users": [], "validDays": null, "endSessions": false,
            "graceS": null, "atOnce": 4, "automatic": false,
        } }),
        "plan_rotation" | "begin_rotation" => json!({ "credential": nobody, "consent": true }),
        "list_runs" => json!({ "unsettled": true }),
        "pause_automatic" => json!({ "paused": true }),
        "ask_run" => json!({ "id": nobody, "wish": "pause", "seen": 1 }),
        "read_sandbox" => Value::Null,
        "set_sandbox" => json!({
            "rejectNew": false, "failing": null, "rateLimit": false, "slowRevocation": false,
            "offline": false,
        }),
        "paste_value" => {
            json!({ "id": nobody, "seen": 1, "key": "", "fields": {}, "secrets": { "value": "x" } })
        }
        "reveal_answer" | "copy_answer" => json!({ "id": nobody, "passphrase": null }),
        "read_notices" => Value::Null,
        "snooze_notice" => json!({
            "notice": { "credential": nobody, "deadline": "expiry" }, "until": 1,
        }),
        "finish_notices" => json!([{ "credential": nobody, "deadline": "expiry" }]),
        "mute_reminders" => json!({
            "credential": null, "kind": null, "environment": "test", "owner": null,
            "severity": "warning", "reason": "",
        }),
        "unmute_reminders" | "delete_channel" | "test_channel" => json!({ "id": nobody }),
        "list_channels" => Value::Null,
        "save_channel" => json!({
            "id": null, "version": 0, "name": "Eve", "secrets": { "address": "https://a.example" },
            "channel": { "setup": { "by": "chat", "private": false }, "on": false, "rules": {
                "events": [], "severity": "warning", "environments": [], "kinds": [], "owners": [],
            } },
        }),
        "settle_undelivered" => json!({ "ids": [1], "again": true }),
        "list_incidents" => json!({ "open": false }),
        "read_incident" | "try_incident" => json!({ "id": nobody }),
        "open_incident" => json!({
            "cause": "chosen", "drill": false, "scope": { "of": "query", "query": "eve" },
        }),
        "add_to_incident" => json!({
            "id": nobody, "version": 1, "scope": { "of": "query", "query": "eve" },
        }),
        "change_incident" => json!({
            "id": nobody, "version": 1, "change": { "of": "title", "title": "Eve" },
        }),
        "start_incident" => json!({ "id": nobody, "version": 1, "typed": "" }),
        "save_report" => {
            json!({ "id": nobody, "format": "json", "file": here.place("report") })
        }
        "remove_orphan" => json!({ "account": nobody, "mark": "x" }),
        other => panic!("{other} needs an input here"),
    }
}

fn guarded() -> impl Iterator<Item = (&'static str, Access)> {
    ACTIONS.iter().copied().filter(|(_, access)| *access != Access::Anytime)
}

#[test]
fn while_locked_every_action_on_the_vault_is_refused_also_where_rotations_go_on() {
    for goes_on in [false, true] {
        let here = Here::new();
        here.create();
        here.rotate_while_locked(goes_on).expect("kept");
        here.app.lock(LockCause::Asked);
        assert_eq!(!here.is_let_go(), goes_on);
        for (name, _) in guarded() {
            let refused = here.ask(name, input_of(name, &here)).expect_err(name);
            assert_eq!(refused.message_key, MessageKey::VaultLocked, "{name}");
        }
    }
}

#[test]
fn what_may_be_asked_at_any_time_tells_nothing_from_inside() {
    for goes_on in [false, true] {
        let here = Here::new();
        let recovery_key = here.create();
        here.rotate_while_locked(goes_on).expect("kept");
        here.ask("add_credentials", json!([credential()])).expect("added");
        let here_open = here.ask("read_session", Value::Null).expect("read");
        assert!(!here_open["vault"].is_null());
        here.app.lock(LockCause::Asked);
        let told = here.ask("read_session", Value::Null).expect("read");
        assert!(told["vault"].is_null());
        let names = ["\"eve\"", keyturn_testkit::PASSPHRASE, &recovery_key];
        assert!(names.iter().all(|name| !told.to_string().contains(name)), "{told}");
    }
}

#[test]
fn a_role_that_does_not_allow_an_action_is_refused_and_one_that_does_is_not() {
    let here = Here::new();
    here.create();
    for role in ["admin", "rotator", "reader", "auditor"] {
        let passphrase = format!("fixture of the {role} at Acme");
        if here.session().vault.is_none() {
            here.unlock("Ana", keyturn_testkit::PASSPHRASE).expect("unlocked");
        }
        here.invite(role, role, &passphrase);
        let role: Role = serde_json::from_value(json!(role)).expect("a role");
        for (name, access) in guarded() {
            let Access::May(permission) = access else { continue };
            let answer = here.ask(name, input_of(name, &here));
            let refused = answer.err().map(|error| error.message_key);
            let expected = !role.may(permission);
            assert_eq!(
                refused == Some(MessageKey::RoleMissing),
                expected || refused_for_owner(name, role),
                "{name} as {role:?}"
            );
        }
        here.app.lock(LockCause::Asked);
    }
}

/// These ask for owners above, whom only an owner manages.
fn refused_for_owner(name: &str, role: Role) -> bool {
    name == "invite_member" && role == Role::Admin
}

#[test]
fn ten_thousand_random_arguments_for_each_action_panic_nowhere_and_open_nothing() {
    let here = Here::new();
    here.create();
    here.app.lock(LockCause::Asked);
    let random = Random(Seeded::new(3));
    // It takes nothing, and opens a vault that it has just made up.
    for (name, access) in ACTIONS.iter().filter(|(name, _)| *name != "make_demo") {
        for _ in 0..10_000 {
            let answer = here.ask(name, random.input());
            if *access != Access::Anytime {
                let refused = answer.expect_err(name).message_key;
                let expected = [MessageKey::VaultLocked, MessageKey::InputRefused];
                assert!(expected.contains(&refused), "{name}: {refused:?}");
            }
        }
        assert!(here.session().vault.is_none(), "{name} opened a vault");
    }
}

#[test]
fn random_arguments_while_unlocked_panic_nowhere_and_leave_the_vault_sound() {
    let here = Here::new();
    here.create();
    let random = Random(Seeded::new(4));
    for (name, _) in guarded() {
        if ["lock_vault", "make_backup"].contains(&name) {
            continue;
        }
        for _ in 0..40 {
            drop(here.ask(name, random.input()));
            // Wrong passphrases must wait; that is not what is tried here.
            here.clock.go(301);
            drop(here.ask("stay_unlocked", Value::Null));
        }
    }
    let checked = here.ask("check_vault", Value::Null).expect("checked");
    assert_eq!(checked["problems"], json!([]));
}

struct Random(std::sync::Arc<Seeded>);

impl Random {
    fn below(&self, limit: u32) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes) % limit
    }

    fn pick<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.below(u32::try_from(from.len()).expect("few"))).expect("small")]
    }

    fn text(&self) -> String {
        let odd = [
            "",
            "x",
            "../../etc/passwd",
            "\u{202E}ana",
            "'; DROP TABLE meta; --",
            "\0",
            "owner",
            "passphrase",
            "😀",
            "019a0000-0000-7000-8000-000000000000",
            "NaN",
            "-1",
            "/dev/zero",
            "7KQ2-M9XD",
            "periodic",
        ];
        match self.below(8) {
            0 => "long ".repeat(usize::try_from(self.below(400)).expect("small")),
            1 => {
                (0..self.below(12)).filter_map(|_| char::from_u32(self.below(0x11_0000))).collect()
            }
            _ => self.pick(&odd).to_owned(),
        }
    }

    fn value(&self, depth: u32) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(i64::from(self.below(u32::MAX)) - 1_000_000),
            3 | 4 => json!(self.text()),
            5 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => self.object(depth - 1),
        }
    }

    fn object(&self, depth: u32) -> Value {
        const KEYS: [&str; 24] = [
            "name",
            "folder",
            "file",
            "member",
            "passphrase",
            "key",
            "way",
            "secret",
            "code",
            "id",
            "role",
            "revision",
            "old",
            "new",
            "purpose",
            "suggested",
            "easy",
            "theme",
            "lockAfterMinutes",
            "lockOnSleep",
            "lockWithScreen",
            "x",
            "format",
            "input",
        ];
        let mut object = Map::new();
        for _ in 0..self.below(7) {
            object.insert(self.pick(&KEYS).to_owned(), self.value(depth));
        }
        Value::Object(object)
    }

    /// Anything, and often something that comes near to what is asked for.
    fn input(&self) -> Value {
        let id = "019a0000-0000-7000-8000-000000000000";
        let text = self.text();
        match self.below(8) {
            0 => self.value(3),
            1 => {
                json!({ "passphrase": text, "name": self.text(), "role": "reader", "revision": 2 })
            }
            2 => {
                json!({ "id": id, "name": text, "role": "owner", "revision": 1, "passphrase": "x" })
            }
            3 => json!({ "old": text, "new": self.text() }),
            4 => json!({ "key": text, "file": "/dev/null/x" }),
            5 => {
                json!({ "folder": "/dev/null/x", "member": id, "key": { "cause": "passphrase", "secret": text } })
            }
            _ => self.object(3),
        }
    }
}
