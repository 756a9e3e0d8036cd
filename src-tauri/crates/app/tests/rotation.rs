//! A rotation as a user does it: an account, consumers, a plan, a run; against the real sandbox.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    thread,
    time::Duration,
};

use common::Here;
use keyturn_app::{
    MessageKey,
    views::{LockCause, LockedRotations},
};
use keyturn_issuers::sandbox::{Call, Faults, Sandbox, Seed, SeedKey, Switches, Trick};
use keyturn_model::Clock;
use keyturn_testkit::{PASSPHRASE, Seeded, surroundings};
use keyturn_vault::{ClosedVault, Draft, Folder, Secret};
use secrecy::SecretString;
use serde_json::{Value, json};

/// So often it is looked; 20 ms lie between.
const LOOKS: u32 = 3000;

struct Stage {
    here: Here,
    runtime: tokio::runtime::Runtime,
    sandbox: Sandbox,
    credential: String,
    account: String,
}

impl Stage {
    /// A credential that the sandbox issued, used by a file and by a consumer of the sandbox.
    fn new() -> Self {
        let here = Here::new();
        here.create();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("made");
        let secret = || SecretString::from("fixture-old");
        let seed = Seed {
            token: SecretString::from("fixture-token"),
            keys: vec![SeedKey { id: "key_old".into(), name: "by hand".into(), secret: secret() }],
            consumers: ["shop", "till", "desk"].map(|name| (name.into(), secret())).into(),
            clock: Arc::clone(&here.clock) as Arc<dyn Clock>,
            entropy: Seeded::new(5),
        };
        let sandbox = runtime.block_on(Sandbox::start(seed)).expect("started");
        let mut metadata = common::metadata("payment-gateway", "apiKey");
        metadata["fields"] = json!({ "keyId": "key_old" });
        let added = json!([{
            "metadata": metadata, "secrets": { "secret": "fixture-old" }, "request": null,
        }]);
        let added = here.ask("add_credentials", added).expect("added");
        let credential = added[0]["id"].as_str().expect("an id").to_owned();
        let account = json!({
            "id": null, "version": 0, "name": "Sandbox", "secrets": { "token": "fixture-token" },
            "setup": { "is": "sandbox", "address": sandbox.address() },
        });
        let saved = here.ask("save_account", account).expect("saved");
        assert_eq!(saved["faults"], json!([]));
        let account = saved["saved"].as_str().expect("an id").to_owned();
        let stage = Self { here, runtime, sandbox, credential, account };
        stage.set_up();
        stage
    }

    fn set_up(&self) {
        self.set_up_as(0, false);
    }

    fn set_up_as(&self, version: i64, automatic: bool) {
        let setup = json!({
            "account": self.account, "users": [], "validDays": null, "endSessions": false,
            "graceS": 60, "atOnce": 4, "automatic": automatic,
        });
        let input = json!({ "credential": self.credential, "version": version, "setup": setup });
        let seen = self.here.ask("set_up_rotation", input).expect("set up");
        assert_eq!(seen["abilities"]["making"], "minted");
    }

    fn consumer(&self, name: &str) -> String {
        let consumer = json!({
            "name": name, "environment": "prod", "owner": "payments", "deployment": "service",
            "notes": "",
        });
        let input = json!({ "id": null, "version": 0, "consumer": consumer });
        let saved = self.here.ask("save_consumer", input).expect("saved");
        saved["saved"].as_str().expect("an id").to_owned()
    }

    fn bind(&self, name: &str, setup: &Value, secrets: &Value) -> String {
        let input = json!({
            "id": null, "version": 0, "credential": self.credential,
            "consumer": self.consumer(name), "setup": setup, "secrets": secrets,
        });
        let saved = self.here.ask("save_binding", input).expect("saved");
        assert_eq!(saved["faults"], json!([]), "{saved}");
        saved["binding"]["id"].as_str().expect("an id").to_owned()
    }

    /// A file with the value in it.
    fn bind_file(&self) -> String {
        self.bind_file_of("live");
        self.here.place("app.env")
    }

    /// The binding of it.
    fn bind_file_of(&self, reload: &str) -> String {
        let file = self.here.place("app.env");
        fs::write(&file, "# the shop\nAPI_KEY=fixture-old\nPORT=80\n").expect("written");
        let setup = json!({
            "sending": {
                "by": "file", "path": file, "format": "env",
                "parts": [{ "key": "API_KEY", "text": "{secret}" }],
            },
            "reloading": { "by": reload }, "check": { "by": "none" }, "takesS": 1, "awayS": 0,
        });
        self.bind("worker", &setup, &json!({}))
    }

    fn bind_shop(&self) {
        self.bind_of_sandbox("shop", true);
    }

    /// A consumer of the sandbox, which is well only with a key that is accepted, and tells which it uses.
    fn bind_of_sandbox(&self, name: &str, checked: bool) -> String {
        let at = format!("{}/consumers/{name}", self.sandbox.address());
        let check = json!({
            "by": "http", "address": format!("{at}/health"), "status": 200, "pointer": "/keyId",
            "expected": "{keyId}", "private": true,
        });
        let check = if checked { check } else { json!({ "by": "none" }) };
        let setup = json!({
            "sending": {
                "by": "http", "address": at, "body": "{{\"value\":{secret|json}}",
                "contentType": "application/json", "private": true,
            },
            "reloading": { "by": "live" },
            "check": check, "takesS": 1, "awayS": 0,
        });
        self.bind(name, &setup, &json!({ "delivery": "Bearer fixture-token" }))
    }

    /// The key that a consumer of the sandbox uses, as the sandbox itself says.
    fn used_by(&self, consumer: &str) -> String {
        let address = self.sandbox.address();
        let host = address.trim_start_matches("http://");
        let mut asked = TcpStream::connect(host).expect("connected");
        write!(
            asked,
            "GET /consumers/{consumer}/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("asked");
        let mut answer = String::new();
        asked.read_to_string(&mut answer).expect("answered");
        let said: Value =
            answer.lines().last().and_then(|it| serde_json::from_str(it).ok()).expect("JSON");
        said["keyId"].as_str().expect("a key").to_owned()
    }

    fn begin(&self) -> String {
        let input = json!({ "credential": self.credential, "consent": false });
        let run = self.here.ask("begin_rotation", input).expect("begun");
        run["row"]["id"].as_str().expect("an id").to_owned()
    }

    fn run(&self, id: &str) -> Value {
        self.here.ask("read_run", json!({ "id": id })).expect("read")
    }

    fn wish(&self, run: &Value, wish: impl Into<Value>) {
        let wish: Value = wish.into();
        let input = json!({ "id": run["row"]["id"], "wish": wish, "seen": run["revision"] });
        self.here.ask("ask_run", input).expect("asked");
    }

    /// The run once it is like this; meanwhile the clock goes on.
    fn until(&self, id: &str, goes_on: bool, like: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..LOOKS {
            let run = self.run(id);
            if like(&run) {
                return run;
            }
            if goes_on {
                self.here.ask("stay_unlocked", Value::Null).expect("open");
                self.here.clock.go(5);
                self.here.app.tick();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{:#}", self.run(id))
    }

    fn until_status(&self, id: &str, status: &str) -> Value {
        self.until(id, true, |run| run["row"]["status"] == status)
    }

    fn current(&self) -> String {
        let input =
            json!({ "id": self.credential, "number": null, "field": null, "passphrase": null });
        let revealed = self.here.ask("reveal_value", input).expect("revealed");
        revealed["value"].as_str().expect("a value").to_owned()
    }
}

fn steps(run: &Value) -> Vec<(String, String)> {
    let steps = run["steps"].as_array().expect("steps").iter();
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    steps.map(|it| (word(&it["step"]["is"]), word(&it["status"]))).collect()
}

#[test]
fn a_key_is_replaced_everywhere_and_the_old_one_refused() {
    let stage = Stage::new();
    let file = stage.bind_file();
    stage.bind_shop();
    let input = json!({ "credential": stage.credential, "consent": false });
    let plan = stage.here.ask("plan_rotation", input).expect("planned");
    assert_eq!(plan["good"], true, "{plan:#}");
    let names: Vec<&str> = plan["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|it| it["is"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "check",
            "create",
            "verify",
            "deliver",
            "promote",
            "grace",
            "deactivate",
            "revoke",
            "confirm"
        ]
    );
    assert_eq!(
        plan["steps"][plan["noWayBack"].as_u64().expect("a number") as usize]["is"],
        "deactivate"
    );
    assert_eq!(stage.current(), "fixture-old", "a dry run changes nothing");
    let id = stage.begin();
    let grace = stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    assert_eq!(grace["rightNow"], "both");
    assert_eq!(grace["canUndo"], true);
    let new = stage.current();
    assert_ne!(new, "fixture-old");
    let text = fs::read_to_string(&file).expect("read");
    assert_eq!(text, format!("# the shop\nAPI_KEY={new}\nPORT=80\n"));
    let done = stage.until_status(&id, "done");
    assert_eq!(done["rightNow"], "new");
    assert!(steps(&done).iter().all(|(_, status)| status == "done"), "{:?}", steps(&done));
    // What the sandbox says, and what the consumers do.
    let rotation =
        stage.here.ask("read_rotation", json!({ "id": stage.credential })).expect("read");
    assert_eq!(rotation["runs"][0]["status"], "done");
    let credential = stage.here.ask("read_credential", json!({ "id": stage.credential }));
    let credential = credential.expect("read");
    let stages: Vec<&str> = credential["credential"]["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .filter_map(|version| version["stage"].as_str())
        .collect();
    assert_eq!(stages, ["current", "retired"]);
    let key = &credential["credential"]["versions"][0]["keyId"];
    assert_eq!(credential["facts"]["keyId"], *key, "as if a person had typed it");
    assert_ne!(*key, "key_old");
    assert_eq!(stage.here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
    // Nothing that crossed to the window, but the value that was revealed, has a value in it.
    for seen in [&plan, &grace, &done, &rotation] {
        let text = seen.to_string();
        assert!(!text.contains(&new) && !text.contains("fixture-old"), "{text}");
        assert!(!text.contains("fixture-token"), "{text}");
    }
}

#[test]
fn an_export_names_what_is_set_around_a_credential_and_not_in_the_file() {
    let stage = Stage::new();
    stage.bind_shop();
    stage.until_status(&stage.begin(), "done");
    let change = |to: Value| {
        let view = stage.here.ask("read_credential", json!({ "id": stage.credential }));
        let version = view.expect("read")["credential"]["row"]["version"].clone();
        let seen = json!([{ "id": stage.credential, "version": version }]);
        let done = stage.here.ask("change_many", json!({ "seen": seen, "change": to }));
        assert_eq!(done.expect("changed")[0]["problem"], Value::Null);
    };
    let lost = |file: &str| {
        let export = json!({
            "file": stage.here.place(file), "format": "json", "query": "is:archived",
            "passphrase": PASSPHRASE, "password": null,
        });
        let exported = stage.here.ask("export_credentials", export).expect("exported");
        assert_eq!(exported["count"], 1);
        exported["lost"][0]["names"].clone()
    };
    change(json!({ "to": "archive" }));
    let left_out = ["archived", "key ID", "consumers", "rotation"];
    let named = |parts: &[&str]| -> Value {
        parts.iter().map(|part| format!("payment-gateway: {part}")).collect()
    };
    assert_eq!(lost("one.json"), named(&left_out));
    change(json!({ "to": "restore" }));
    change(json!({ "to": "pause" }));
    change(json!({ "to": "archive" }));
    assert_eq!(lost("two.json"), named(&[&["paused"], left_out.as_slice()].concat()));
}

#[test]
fn nothing_is_rotated_while_it_cannot_be_read_how_a_consumer_gets_the_value() {
    let stage = Stage::new();
    stage.bind_file();
    stage.bind_shop();
    stage.here.app.lock(LockCause::Asked);
    let (_, around) = surroundings(5);
    let closed = ClosedVault::look(Folder::at(stage.here.place("Acme").into())).expect("there");
    let ana = closed.members()[0].id;
    let passphrase = PASSPHRASE.into();
    let vault = closed.unlock(ana, &Secret::Passphrase(&passphrase), &around, &|_| {});
    let worker = "UPDATE binding SET setup = '{}' WHERE consumer IN
        (SELECT id FROM consumer WHERE name = 'worker')";
    let written = vault.expect("unlocked").write(Draft::of("vault.tested"), &["binding"], |all| {
        Ok(all.execute(worker, []).expect("written"))
    });
    assert_eq!(written.expect("kept"), 1);
    stage.here.unlock("Ana", PASSPHRASE).expect("unlocked");

    for name in ["plan_rotation", "begin_rotation"] {
        let input = json!({ "credential": stage.credential, "consent": false });
        let refused = stage.here.ask(name, input).expect_err(name);
        assert_eq!(refused.message_key, MessageKey::CredentialUnreadable, "{name}");
        assert_eq!(refused.details["what"], "worker", "{name}");
    }
    let unread = stage.here.ask("list_consumers", Value::Null).expect("listed")["unread"].clone();
    assert_eq!(unread[0]["credential"], stage.credential);
    assert_eq!(unread[0]["consumerName"], "worker");
    assert_eq!(unread.as_array().map(Vec::len), Some(1));

    // The map leaves it out and counts it; the radius names it.
    let showing = json!({ "group": null, "open": [], "hide": [] });
    assert_eq!(stage.here.ask("read_map", showing).expect("read")["unread"], 1);
    let keys = [format!("credential:{}", stage.credential)];
    let input = json!({ "keys": keys, "group": null, "threat": "rotate" });
    let radius = stage.here.ask("read_radius", input).expect("read");
    assert_eq!(radius["unread"], json!(["worker"]));
}

#[test]
fn a_run_is_undone_and_every_consumer_is_back_on_the_old_value() {
    let stage = Stage::new();
    let file = stage.bind_file();
    stage.bind_shop();
    let id = stage.begin();
    let grace = stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    stage.wish(&grace, "undo");
    let undone = stage.until_status(&id, "undone");
    assert_eq!(undone["rightNow"], "old");
    assert_eq!(stage.current(), "fixture-old");
    assert!(fs::read_to_string(&file).expect("read").contains("API_KEY=fixture-old\n"));
    let back: Vec<(String, String)> =
        steps(&undone).into_iter().skip_while(|(step, _)| step != "proveOld").collect();
    assert!(back.iter().all(|(_, status)| status == "done"), "{back:?}");
    assert_eq!(back.last().map(|(step, _)| step.as_str()), Some("confirmRemoved"));
    // Whoever stopped it knows of it.
    assert_eq!(undone["row"]["needsSomebody"], false);
    // The new key is gone at the issuer, too: nothing is found there that nobody owns.
    let orphans = stage.here.ask("find_orphans", json!({ "id": stage.account })).expect("looked");
    assert_eq!(orphans["orphans"], json!([]));
}

/// Where each consumer of a run is.
fn places(run: &Value) -> Vec<&Value> {
    run["consumers"].as_array().expect("consumers").iter().map(|it| &it["place"]).collect()
}

#[test]
fn a_failed_run_is_undone_and_all_three_consumers_are_seen_to_be_well_on_the_old_value() {
    let stage = Stage::new();
    let names = ["shop", "till", "desk"];
    for name in names {
        stage.bind_of_sandbox(name, true);
    }
    let failing = Some("till".to_owned());
    stage.sandbox.fail(Faults { failing, ..Faults::default() });
    let undone = stage.until_status(&stage.begin(), "undone");
    assert_eq!(undone["row"]["trouble"]["why"], "refused", "{undone:#}");
    assert_eq!(names.map(|name| stage.used_by(name)), ["key_old"; 3]);
    let well = json!({ "is": "confirmed", "side": "old" });
    assert_eq!(places(&undone), [&well; 3], "the one that refused it too");
    let restored = steps(&undone).into_iter().find(|(step, _)| step == "restore");
    assert_eq!(restored, Some(("restore".into(), "done".into())));
}

#[test]
fn a_consumer_that_nobody_could_see_to_be_well_is_said_to_be_unproven_after_an_undo() {
    let stage = Stage::new();
    stage.bind_of_sandbox("shop", true);
    stage.bind_of_sandbox("till", false);
    let failing = Some("till".to_owned());
    stage.sandbox.fail(Faults { failing, ..Faults::default() });
    let undone = stage.until_status(&stage.begin(), "undone");
    let well = json!({ "is": "confirmed", "side": "old" });
    assert_eq!(places(&undone), [&well, &json!({ "is": "unproven" })]);
    let restored = undone["log"].as_array().expect("a log").iter();
    let notes: Vec<&Value> = restored
        .filter(|line| line["action"] == "rotation.restored")
        .map(|line| &line["note"])
        .collect();
    assert_eq!(notes, ["1 of 2 not seen to be well with it"]);
}

#[test]
fn a_person_says_that_it_was_restarted_and_nobody_waits_for_the_next_look() {
    let stage = Stage::new();
    stage.bind_file_of("manual");
    let id = stage.begin();
    let begun = stage.here.clock.now();
    let waits = |run: &Value| run["consumers"][0]["waitsForWord"] == true;
    let run = stage.until(&id, true, waits);
    stage.here.clock.go(70);
    assert_eq!(stage.until_status(&id, "waiting")["rightNow"], "both");
    stage.wish(&run, json!({ "takenUp": { "binding": run["consumers"][0]["binding"] } }));
    let run = stage.until_status(&id, "done");
    assert!(!waits(&run), "{run:#}");
    let passed = stage.here.clock.now().0 - begun.0;
    assert!(passed < 3_000_000, "it is looked at every hour otherwise: {passed}");
}

#[test]
fn locking_lets_a_run_wait_and_unlocking_takes_it_on() {
    let stage = Stage::new();
    stage.bind_shop();
    let id = stage.begin();
    stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    stage.here.app.lock(LockCause::Asked);
    let refused = stage.here.ask("read_run", json!({ "id": id })).expect_err("locked");
    assert_eq!(refused.message_key, MessageKey::VaultLocked);
    stage.here.clock.go(3600);
    stage.here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let done = stage.until_status(&id, "done");
    assert_eq!(done["rightNow"], "new");
}

#[test]
fn the_lock_says_how_many_rotations_wait_and_whether_both_keys_work_meanwhile() {
    let stage = Stage::new();
    stage.bind_file();
    let waiting = || {
        stage.here.app.lock(LockCause::Asked);
        let locked = stage.here.session().locked.expect("locked");
        stage.here.unlock("Ana", PASSPHRASE).expect("unlocked");
        locked.rotations
    };
    assert_eq!(waiting(), None, "nothing is said of nothing");
    let id = stage.begin();
    stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    let both = LockedRotations { go_on: false, open: 1, need_you: 0, both_work: true };
    assert_eq!(waiting(), Some(both));
    // It cannot be revoked, and nobody can say how far that came.
    let refused = Switches {
        trick: Some(Trick::Status { code: 403 }),
        call: Some(Call::Deactivate),
        ..Switches::default()
    };
    stage.sandbox.set(refused);
    stage.until_status(&id, "needsAttention");
    let unsure = LockedRotations { go_on: false, open: 1, need_you: 1, both_work: false };
    assert_eq!(waiting(), Some(unsure));
    stage.sandbox.set(Switches::default());
}

#[test]
fn a_run_goes_on_to_its_end_behind_the_locked_window() {
    let stage = Stage::new();
    let file = stage.bind_file();
    stage.bind_shop();
    let here = &stage.here;
    here.rotate_while_locked(true).expect("kept");
    let id = stage.begin();
    stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    here.app.lock(LockCause::Asked);
    let rotations = || here.session().locked.and_then(|locked| locked.rotations).expect("go on");
    let one = LockedRotations { go_on: true, open: 1, need_you: 0, both_work: true };
    assert_eq!(rotations(), one);
    let mut looks = 0;
    while rotations().open > 0 {
        let refused = here.ask("read_run", json!({ "id": id })).expect_err("locked");
        assert_eq!(refused.message_key, MessageKey::VaultLocked);
        here.clock.go(5);
        here.app.tick();
        thread::sleep(Duration::from_millis(20));
        looks += 1;
        assert!(looks < LOOKS, "{:?}", here.session().locked);
    }
    assert!(here.unlock("Ana", "not it").is_err());
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let done = stage.run(&id);
    assert_eq!((&done["row"]["status"], &done["rightNow"]), (&json!("done"), &json!("new")));
    let text = fs::read_to_string(&file).expect("read");
    assert_eq!(text, format!("# the shop\nAPI_KEY={}\nPORT=80\n", stage.current()));
    assert_eq!(here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
}

#[test]
fn a_run_that_is_taken_on_by_coming_back_is_driven_once_and_one_that_sleep_stopped_is_too() {
    let stage = Stage::new();
    stage.bind_shop();
    let here = &stage.here;
    here.rotate_while_locked(true).expect("kept");
    let id = stage.begin();
    stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    here.app.lock(LockCause::Screen);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.app.lock(LockCause::Screen);
    here.app.away(LockCause::Sleep);
    let locked = here.session().locked.expect("locked");
    let waits = LockedRotations { go_on: false, open: 1, need_you: 0, both_work: true };
    assert_eq!((locked.because, locked.rotations), (LockCause::Screen, Some(waits)));
    here.clock.go(3600);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let done = stage.until_status(&id, "done");
    let revoked = done["log"].as_array().expect("a log").iter();
    assert_eq!(revoked.filter(|it| it["action"] == "rotation.done").count(), 1, "{done:#}");
}

#[test]
fn what_is_due_begins_behind_the_locked_window_and_not_while_all_is_paused() {
    let stage = Stage::new();
    stage.bind_file();
    stage.set_up_as(1, true);
    let here = &stage.here;
    here.rotate_while_locked(true).expect("kept");
    let id = stage.begin();
    stage.until_status(&id, "done");
    let pause =
        |paused: bool| here.ask("pause_automatic", json!({ "paused": paused })).expect("told");
    let runs = || here.ask("list_runs", json!({ "unsettled": false })).expect("listed");
    assert_eq!(runs()["paused"], Value::Null);
    let since = here.clock.now();
    assert_eq!(pause(true), json!({ "since": since.0, "by": "Ana" }));
    here.clock.go(300 * 24 * 3600);
    here.ask("stay_unlocked", Value::Null).expect("open");
    pause(true);
    assert_eq!(runs()["paused"]["since"], json!(since.0), "it was paused already");
    let rotation = here.ask("read_rotation", json!({ "id": stage.credential })).expect("read");
    assert_eq!(rotation["paused"]["by"], "Ana");
    here.app.lock(LockCause::Asked);
    here.app.begin_due();
    let open = || here.session().locked.and_then(|locked| locked.rotations).expect("known").open;
    assert_eq!(open(), 0, "paused means that nothing begins by itself");
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.app.settle();
    assert_eq!(runs()["runs"].as_array().expect("runs").len(), 1);
    assert_eq!(pause(false), Value::Null);
    here.app.lock(LockCause::Asked);
    here.app.begin_due();
    assert_eq!(open(), 1);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let begun = runs()["runs"][0]["id"].as_str().expect("an id").to_owned();
    stage.until_status(&begun, "done");
}

#[test]
fn a_pause_of_all_holds_up_neither_a_run_under_way_nor_a_person_and_outlives_the_program() {
    let mut stage = Stage::new();
    stage.bind_file();
    let id = stage.begin();
    stage.here.ask("pause_automatic", json!({ "paused": true })).expect("paused");
    stage.until_status(&id, "done");
    let id = stage.begin();
    stage.until_status(&id, "done");
    stage.here.restart();
    stage.here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let runs = stage.here.ask("list_runs", json!({ "unsettled": false })).expect("listed");
    assert_eq!(runs["paused"]["by"], "Ana");
}

#[test]
fn an_issuer_that_fails_is_tried_again_and_what_cannot_be_told_is_asked() {
    let stage = Stage::new();
    stage.bind_file();
    let trick =
        |trick, call| Switches { trick: Some(trick), call: Some(call), ..Switches::default() };
    // The key is made, and nobody hears of it.
    stage.sandbox.set(trick(Trick::ResetAfterEffect, Call::Create));
    let id = stage.begin();
    stage.until(&id, true, |run| {
        run["log"].as_array().expect("a log").iter().any(|it| it["action"] == "rotation.retried")
    });
    stage.sandbox.set(Switches::default());
    let done = stage.until_status(&id, "done");
    let actions: Vec<&str> = done["log"]
        .as_array()
        .expect("a log")
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert!(actions.contains(&"rotation.lost_key_found"), "{actions:?}");
    let orphans = stage.here.ask("find_orphans", json!({ "id": stage.account })).expect("looked");
    assert_eq!(orphans["orphans"], json!([]));
    // One that does not let us in.
    stage.sandbox.set(trick(Trick::Status { code: 403 }, Call::List));
    let input = json!({ "credential": stage.credential, "consent": false });
    let plan = stage.here.ask("plan_rotation", input).expect("planned");
    assert_eq!(plan["good"], false);
    let tried = stage.here.ask("try_account", json!({ "id": stage.account })).expect("tried");
    assert_eq!(tried["works"], false, "{tried}");
}

#[test]
fn a_value_is_found_by_a_person_in_the_answer_in_which_nobody_else_found_it() {
    let stage = Stage::new();
    let file = stage.bind_file();
    let here = &stage.here;
    stage.change(json!({ "to": "risk", "risk": "high" }));
    let deeper = Some(Trick::Deeper);
    let deeper = Switches { trick: deeper, call: Some(Call::Create), ..Switches::default() };
    stage.sandbox.set(deeper);
    let id = stage.begin();
    let stopped = stage.until_status(&id, "needsAttention");
    stage.sandbox.set(Switches::default());
    assert_eq!(stopped["row"]["trouble"]["what"], "unreadable");
    // To try again finds the same answer, and makes no other key.
    stage.wish(&stopped, "retry");
    let again = |run: &Value| {
        run["row"]["status"] == "needsAttention"
            && run["revision"].as_u64() > stopped["revision"].as_u64()
    };
    let run = stage.until(&id, true, again);
    let runs = here.ask("list_runs", json!({ "unsettled": true })).expect("listed");
    let orphan = json!({ "account": stage.account, "mark": runs["orphans"][0]["mark"] });
    let refused = here.ask("remove_orphan", orphan).expect_err("the run sees to it");
    assert_eq!(refused.message_key, MessageKey::OrphanDeleting);
    here.clock.go(300);
    let take = |command, passphrase: Value| {
        here.ask(command, json!({ "id": id, "passphrase": passphrase }))
    };
    for command in ["reveal_answer", "copy_answer"] {
        let asked = take(command, Value::Null).expect_err("it is high risk");
        assert_eq!(asked.message_key, MessageKey::ValuePassphrase);
        let wrong = take(command, json!("x")).expect_err("wrong");
        assert_eq!(wrong.message_key, MessageKey::PassphraseWrong);
    }
    let shown = take("reveal_answer", json!(PASSPHRASE)).expect("revealed");
    assert_eq!(shown["until"], json!(here.clock.now().plus_seconds(30).0));
    assert_eq!(shown["cut"], false);
    let text = shown["value"].as_str().expect("text");
    take("copy_answer", Value::Null).expect("within five minutes");
    assert_eq!(here.clipboard.text(), Some((text.to_owned(), true)));
    let told: Value = serde_json::from_str(text).expect("as the sandbox told it");
    let secret = told["data"]["secret"].as_str().expect("the value");
    assert!(!run.to_string().contains(secret));
    let pasted = json!({
        "id": id, "seen": run["revision"], "key": told["data"]["id"],
        "fields": {}, "secrets": { "secret": secret },
    });
    here.ask("paste_value", pasted).expect("handed in");
    stage.until_status(&id, "done");
    let text = fs::read_to_string(&file).expect("read");
    assert_eq!(text, format!("# the shop\nAPI_KEY={secret}\nPORT=80\n"));
    let runs = here.ask("list_runs", json!({ "unsettled": true })).expect("listed");
    assert_eq!(runs["orphans"], json!([]), "it was one for as long as nobody had its value");
}

#[test]
fn orphans_are_found_by_the_account_alone_and_who_cannot_list_them_says_so() {
    let stage = Stage::new();
    stage.bind_file();
    let here = &stage.here;
    stage.until_status(&stage.begin(), "done");
    let read = || here.ask("read_credential", json!({ "id": stage.credential })).expect("read");
    let key = read()["credential"]["versions"][0]["keyId"].clone();
    // Somebody stores other values: nobody has that key any more, and nobody deleted it.
    for value in ["fixture-by-hand", "fixture-by-hand-again"] {
        let version = &read()["credential"]["row"]["version"];
        let new = json!({
            "id": stage.credential, "version": version, "fields": {}, "expires": null,
            "secrets": { "secret": value },
        });
        here.ask("replace_value", new).expect("replaced");
    }
    let console = json!({
        "id": null, "version": 0, "name": "Console", "secrets": {},
        "setup": {
            "is": "byHand", "console": "https://console.example", "steps": ["Make a key."],
            "overlaps": true,
        },
    });
    let saved = here.ask("save_account", console).expect("saved");
    assert_eq!(saved["faults"], json!([]));
    let console = &saved["saved"];
    let setup = json!({
        "account": console, "users": [], "validDays": null, "endSessions": false, "graceS": 60,
        "atOnce": 4, "automatic": false,
    });
    let input = json!({ "credential": stage.credential, "version": 1, "setup": setup });
    here.ask("set_up_rotation", input).expect("set up");
    let found = here.ask("find_orphans", json!({ "id": stage.account })).expect("looked");
    let orphans = found["orphans"].as_array().expect("orphans");
    assert_eq!(orphans.iter().map(|it| &it["key"]).collect::<Vec<_>>(), [&key]);
    let orphan = json!({ "account": stage.account, "mark": orphans[0]["mark"] });
    let left = here.ask("remove_orphan", orphan).expect("deleted");
    assert_eq!(left["orphans"], json!([]));
    let refused = here.ask("find_orphans", json!({ "id": console })).expect_err("no list there");
    assert_eq!(refused.message_key, MessageKey::IssuerCannotList);
}

#[test]
fn a_value_that_is_handed_in_is_weighed_as_in_the_form_and_brings_its_public_half() {
    let mut stage = Stage::new();
    let pair = |stage: &Stage| {
        let recipe = json!({ "recipe": { "recipe": "ed25519", "format": "openSsh" } });
        stage.here.ask("generate_value", recipe).expect("made")
    };
    let (old, new) = (pair(&stage), pair(&stage));
    let mut metadata = common::metadata("deploy", "sshKey");
    metadata["fields"] = json!({ "publicKey": old["public"], "user": "deploy" });
    let added = json!([{
        "metadata": metadata, "secrets": { "privateKey": old["value"] }, "request": null,
    }]);
    let added = stage.here.ask("add_credentials", added).expect("added");
    stage.credential = added[0]["id"].as_str().expect("an id").to_owned();
    let account = json!({
        "id": null, "version": 0, "name": "Host", "secrets": {},
        "setup": { "is": "byHand", "console": "", "steps": ["Add the key."], "overlaps": true },
    });
    let account = stage.here.ask("save_account", account).expect("saved")["saved"].take();
    let setup = json!({
        "account": account, "users": [], "validDays": null, "endSessions": false,
        "graceS": 60, "atOnce": 4, "automatic": false,
    });
    let input = json!({ "credential": stage.credential, "version": 0, "setup": setup });
    stage.here.ask("set_up_rotation", input).expect("set up");
    let id = stage.begin();
    let asks = |what: &str| stage.until(&id, true, |run| run["byHand"][what] == true);
    let run = asks("pastes");
    let hand_in = |fields: Value, value: &Value| {
        let pasted = json!({
            "id": id, "seen": run["revision"], "key": "", "fields": fields,
            "secrets": { "privateKey": value },
        });
        stage.here.ask("paste_value", pasted)
    };
    let refused = |fields: Value, value: &Value| {
        let refused = hand_in(fields, value).expect_err("refused");
        (refused.message_key, refused.details.get("what").cloned())
    };
    let wrong = |field: &str| (MessageKey::CredentialRefused, Some(field.to_owned()));
    assert_eq!(refused(json!({}), &json!("no key")), wrong("privateKey"));
    assert_eq!(refused(json!({ "publicKey": old["public"] }), &new["value"]), wrong("publicKey"));
    assert_eq!(refused(json!({}), &json!(" ")).0, MessageKey::InputRefused);
    let other = refused(json!({ "user": "root" }), &new["value"]);
    assert_eq!(other.0, MessageKey::InputRefused);

    hand_in(json!({}), &new["value"]).expect("handed in");
    asks("vouches");
    let read = stage.here.ask("read_credential", json!({ "id": stage.credential })).expect("read");
    let fields = &read["credential"]["metadata"]["fields"];
    let bare = |line: &Value| {
        line.as_str().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(bare(&fields["publicKey"]), bare(&new["public"]));
    assert_eq!(fields["user"], "deploy");
}

#[test]
fn a_key_made_by_hand_is_said_to_work_by_somebody_before_the_old_one_is_revoked() {
    let stage = Stage::new();
    let account = json!({
        "id": null, "version": 0, "name": "Console", "secrets": {},
        "setup": {
            "is": "byHand", "console": "https://console.example.com", "steps": ["Make a key."],
            "overlaps": true,
        },
    });
    let account = stage.here.ask("save_account", account).expect("saved")["saved"].take();
    let setup = json!({
        "account": account, "users": [], "validDays": null, "endSessions": false,
        "graceS": 60, "atOnce": 4, "automatic": false,
    });
    let input = json!({ "credential": stage.credential, "version": 1, "setup": setup });
    stage.here.ask("set_up_rotation", input).expect("set up");
    let id = stage.begin();
    let asks = |what: &str| stage.until(&id, true, |run| run["byHand"][what] == true);
    let run = asks("pastes");
    let pasted = json!({
        "id": id, "seen": run["revision"], "key": "key_new", "fields": {},
        "secrets": { "secret": "fixture-new" },
    });
    stage.here.ask("paste_value", pasted).expect("pasted");
    let run = asks("vouches");
    assert_eq!((&run["canUndo"], &run["rightNow"]), (&json!(true), &json!("both")));
    stage.wish(&run, "continue");
    let run = stage.until(&id, true, |run| run["byHand"]["vouches"] == false);
    assert_eq!(run["canUndo"], false);
    stage.wish(&run, "continue");
    let done = stage.until_status(&id, "done");
    assert_eq!((done["proves"].as_bool(), stage.current().as_str()), (Some(false), "fixture-new"));
    let log = done["log"].as_array().expect("a log");
    let said = log.iter().find(|line| line["action"] == "rotation.said_to_work");
    assert_eq!(said.expect("said")["note"], "Ana");
}

#[test]
fn while_a_run_is_open_nothing_is_changed_under_it() {
    let stage = Stage::new();
    stage.bind_file();
    let id = stage.begin();
    let grace = stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    let again = json!({ "credential": stage.credential, "consent": false });
    let refused = stage.here.ask("begin_rotation", again).expect_err("one at a time");
    assert_eq!(refused.message_key, MessageKey::RotationInProgress);
    let deleted = json!({ "ids": [stage.credential], "typed": "payment-gateway" });
    let done = stage.here.ask("delete_credentials", deleted).expect("answered");
    assert_eq!(done[0]["name"], "payment-gateway");
    assert_eq!(done[0]["problem"]["messageKey"], "rotation.inProgress");
    let gone = stage.here.ask("delete_account", json!({ "id": stage.account }));
    assert_eq!(gone.expect_err("it is needed").message_key, MessageKey::SetupInUse);
    stage.wish(&grace, "pause");
    let paused = stage.until(&id, true, |run| run["row"]["status"] == "paused");
    stage.here.clock.go(120);
    stage.here.app.tick();
    assert_eq!(stage.run(&id)["row"]["status"], "paused");
    stage.wish(&paused, "resume");
    stage.until_status(&id, "done");
    drop(stage.sandbox);
    drop(stage.runtime);
}

impl Stage {
    /// Changes the credential as it is now.
    fn change(&self, change: Value) {
        let view = self.here.ask("read_credential", json!({ "id": self.credential }));
        let version = view.expect("read")["credential"]["row"]["version"].clone();
        let seen = json!([{ "id": self.credential, "version": version }]);
        let input = json!({ "seen": seen, "change": change });
        let done = self.here.ask("change_many", input).expect("changed");
        assert!(done[0]["problem"].is_null(), "{done}");
    }

    /// Sets how many calls at once the account gets, and tells what is wrong with that and what is kept.
    fn set_at_once(&self, at_once: &Value) -> (Value, Value) {
        let listed = self.here.ask("list_accounts", Value::Null).expect("listed");
        let change = json!({
            "id": self.account, "version": listed["accounts"][0]["version"], "name": "Sandbox",
            "secrets": {}, "setup": listed["accounts"][0]["setup"], "atOnce": at_once,
        });
        let saved = self.here.ask("save_account", change).expect("answered");
        (saved["faults"].clone(), saved["accounts"][0]["atOnce"].clone())
    }
}

#[test]
fn an_account_says_how_many_calls_at_once_it_gets_and_has_what_is_usual_until_then() {
    let stage = Stage::new();
    let listed = stage.here.ask("list_accounts", Value::Null).expect("listed");
    assert_eq!(listed["accounts"][0]["atOnce"], Value::Null);
    assert_eq!(listed["accounts"][0]["usualAtOnce"], listed["usualAtOnce"]["sandbox"]);
    let number = json!([{ "field": "atOnce", "why": "number" }]);
    for at_once in [0, 65] {
        assert_eq!(stage.set_at_once(&json!(at_once)), (number.clone(), Value::Null));
    }
    for at_once in [json!(64), json!(1), Value::Null] {
        assert_eq!(stage.set_at_once(&at_once), (json!([]), at_once.clone()));
    }
    let server = json!({
        "is": "postgres", "host": "db.example.com", "port": 5432, "database": "postgres",
        "user": "admin", "tls": "verified",
    });
    let change = json!({
        "id": null, "version": 0, "name": "Db", "secrets": { "password": "fixture" },
        "setup": server, "atOnce": 3,
    });
    let saved = stage.here.ask("save_account", change).expect("saved");
    assert_eq!(saved["accounts"][0]["setup"], server, "kept beside it, and not in it");
    assert_eq!(
        (&saved["accounts"][0]["atOnce"], &saved["accounts"][0]["usualAtOnce"]),
        (&json!(3), &json!(8))
    );
}

#[test]
fn plans_trials_and_runs_of_an_account_wait_in_the_same_line() {
    let stage = Stage::new();
    stage.bind_file();
    stage.set_at_once(&json!(1));
    stage.sandbox.set(Switches { latency_ms: 20, ..Switches::default() });
    let id = stage.begin();
    thread::scope(|scope| {
        let ask = |name, input: Value| {
            let here = &stage.here;
            scope.spawn(move || here.ask(name, input).expect("answered"));
        };
        for _ in 0..2 {
            ask("try_account", json!({ "id": stage.account }));
            ask("find_orphans", json!({ "id": stage.account }));
            ask("plan_rotation", json!({ "credential": stage.credential, "consent": false }));
        }
    });
    stage.until_status(&id, "done");
    assert_eq!(stage.sandbox.most_at_once(), 1);
}

#[test]
fn a_member_is_removed_once_no_rotation_is_open_whatever_the_inbox_holds() {
    let stage = Stage::new();
    stage.bind_file();
    let here = &stage.here;
    let listed = || here.ask("list_members", Value::Null).expect("listed");
    let invite = json!({
        "name": "Dana", "role": "reader", "passphrase": PASSPHRASE,
        "revision": listed()["revision"],
    });
    here.ask("invite_member", invite).expect("invited");
    let remove = || {
        let members = listed();
        let id = &members["members"][1]["id"];
        let revision = &members["revision"];
        let input = json!({ "id": id, "passphrase": PASSPHRASE, "revision": revision });
        here.ask("remove_member", input)
    };
    let id = stage.begin();
    stage.until(&id, false, |run| run["row"]["step"]["is"] == "grace");
    let refused = remove().expect_err("its values are sealed to the old keys");
    assert_eq!(refused.message_key, MessageKey::RotationOpen);
    assert_eq!(refused.details["which"], "payment-gateway");
    stage.until_status(&id, "done");
    // A piece that was torn while it was written.
    let inbox = here.folder.path().join("Acme/inbox");
    let mut bytes = fs::read(&inbox).expect("read");
    bytes[..9].copy_from_slice(&[4, 0, 0, 0, 1, 7, 7, 7, 7]);
    fs::write(&inbox, &bytes).expect("written");
    assert_eq!(remove().expect("removed")["unread"], 1);
    assert_eq!(fs::read(&inbox).expect("read")[..9], bytes[..9]);
    stage.until_status(&stage.begin(), "done");
}

#[test]
fn a_file_that_is_not_there_yet_is_made_and_one_without_a_folder_is_refused_before() {
    let stage = Stage::new();
    let file = stage.bind_file();
    fs::remove_file(&file).expect("removed");
    let found = || {
        let input = json!({ "credential": stage.credential, "consent": false });
        let plan = stage.here.ask("plan_rotation", input).expect("planned");
        let checks = plan["checks"].as_array().expect("checks").clone();
        let of = move |what: &str| checks.iter().find(|it| it["consumer"] == what).cloned();
        (plan["good"] == true, of)
    };
    let (good, of) = found();
    assert_eq!((good, &of("worker").expect("looked at")["found"]), (true, &json!("willBeMade")));
    assert!(!fs::exists(&file).expect("looked"), "a dry run changes nothing");
    stage.until_status(&stage.begin(), "done");
    let text = fs::read_to_string(&file).expect("made");
    assert_eq!(text, format!("API_KEY={}\n", stage.current()));
    let setup = json!({
        "sending": {
            "by": "file", "path": stage.here.place("nowhere/app.env"), "format": "env",
            "parts": [{ "key": "API_KEY", "text": "{secret}" }],
        },
        "reloading": { "by": "live" }, "check": { "by": "none" }, "takesS": 1, "awayS": 0,
    });
    stage.bind("lost", &setup, &json!({}));
    let (good, of) = found();
    let lost = of("lost").expect("looked at");
    assert_eq!(
        (good, &lost["found"], &lost["trouble"]["why"]),
        (false, &json!("bad"), &json!("gone"))
    );
}

#[test]
fn a_form_that_cannot_be_says_where_and_why() {
    let stage = Stage::new();
    let bad = json!({
        "id": null, "version": 0, "name": "Db", "secrets": {},
        "setup": {
            "is": "postgres", "host": "db.example.com", "port": 5432, "database": "postgres",
            "user": "admin", "tls": "off",
        },
    });
    let saved = stage.here.ask("save_account", bad).expect("answered");
    assert_eq!(saved["saved"], Value::Null);
    let faults = saved["faults"].as_array().expect("faults");
    let fields: Vec<&str> = faults.iter().filter_map(|it| it["field"].as_str()).collect();
    assert_eq!(fields, ["tls", "password"]);
    let bad = json!({
        "id": null, "version": 0, "credential": stage.credential, "secrets": {},
        "consumer": stage.consumer("cron"),
        "setup": {
            "sending": { "by": "file", "path": "relative.env", "format": "env",
                         "parts": [{ "key": "A", "text": "{nothing}" }] },
            "reloading": { "by": "live" }, "check": { "by": "none" }, "takesS": 1, "awayS": 0,
        },
    });
    let saved = stage.here.ask("save_binding", bad).expect("answered");
    assert_eq!(saved["binding"], Value::Null);
    let fields: Vec<&str> = saved["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .filter_map(|fault| fault["field"].as_str())
        .collect();
    assert_eq!(fields, ["sending.path", "sending.parts.0.text"]);
}

#[test]
fn a_trial_says_whether_it_works_and_where_there_is_nobody_to_ask() {
    let stage = Stage::new();
    let tried = |what: &str, id: &str| {
        let tried = stage.here.ask(what, json!({ "id": id })).expect("tried");
        assert_eq!(tried["why"].is_null(), tried["works"] != json!(false), "{tried}");
        tried["works"].clone()
    };
    let nobody = "https://127.0.0.1:9";
    let account = |name: &str, setup: Value, secrets: Value| {
        let account =
            json!({ "id": null, "version": 0, "name": name, "setup": setup, "secrets": secrets });
        let saved = stage.here.ask("save_account", account).expect("saved");
        assert_eq!(saved["faults"], json!([]));
        saved["saved"].as_str().expect("an id").to_owned()
    };
    let template = |list: &str| {
        let template = format!(
            "name = \"Own\"\nfacts = \"https://example.com\"\nmaking = \"minted\"\n\
             create = {{ request = \"POST {nobody}/keys\", value = \"/secret\", key = \"/id\" }}\n\
             {list}"
        );
        json!({
            "is": "http", "preset": null, "template": template, "blanks": {}, "private": true,
        })
    };
    let list =
        format!("list = {{ request = \"GET {nobody}/keys\", keys = \"/keys\", key = \"/id\" }}");
    let webhook = json!({
        "is": "webhook", "address": nobody, "signs": true, "verifies": true, "revokes": true,
        "overlaps": true, "private": true,
    });
    let signing =
        json!({ "is": "signingSecret", "receiver": nobody, "sender": nobody, "private": true });
    let both = json!({ "receiver": "Bearer fixture", "sender": "Bearer fixture" });
    let by_hand = json!({ "is": "byHand", "console": "", "steps": [], "overlaps": true });
    let database = json!({
        "is": "redis", "host": "127.0.0.1", "port": 9, "database": "", "user": "", "tls": "off",
    });
    let nothing = Value::Null;
    for (name, setup, secrets, works) in [
        ("Webhook", webhook, json!({ "secret": "fixture" }), &nothing),
        ("Signing", signing, both, &nothing),
        ("By hand", by_hand, json!({}), &nothing),
        ("Without a list", template(""), json!({}), &nothing),
        ("With a list", template(&list), json!({}), &json!(false)),
        ("Database", database, json!({ "password": "fixture" }), &json!(false)),
    ] {
        assert_eq!(tried("try_account", &account(name, setup, secrets)), *works, "{name}");
    }
    assert_eq!(tried("try_account", &stage.account), json!(true));
    let accounts = stage.here.ask("list_accounts", Value::Null).expect("listed");
    let tested = accounts["accounts"].as_array().expect("accounts").iter();
    let tested: Vec<&Value> =
        tested.filter(|it| !it["tested"].is_null()).map(|it| &it["name"]).collect();
    assert_eq!(tested, ["Sandbox"], "only what was seen to work is kept");

    let http = |check: Value, reload: &str| {
        json!({
            "sending": {
                "by": "http", "address": nobody, "body": "{secret}", "contentType": "text/plain",
                "private": true,
            },
            "reloading": { "by": reload }, "check": check, "takesS": 1, "awayS": 0,
        })
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = listener.local_addr().expect("bound").port();
    let none = json!({ "by": "none" });
    let open = json!({ "by": "tcp", "host": "127.0.0.1", "port": port });
    for (name, setup, works) in [
        ("unasked", http(none.clone(), "live"), &nothing),
        ("unasked, by hand", http(none, "manual"), &nothing),
        ("asked", http(open.clone(), "live"), &json!(true)),
        ("asked, by hand", http(open, "manual"), &json!(true)),
        (
            "refused",
            http(json!({ "by": "tcp", "host": "127.0.0.1", "port": 9 }), "live"),
            &json!(false),
        ),
    ] {
        let bound = stage.bind(name, &setup, &json!({}));
        assert_eq!(tried("try_binding", &bound), *works, "{name}");
    }
    let bound = stage.bind_file_of("manual");
    assert_eq!(tried("try_binding", &bound), json!(true), "it lies there");
    fs::write(stage.here.place("app.env"), "API_KEY=fixture-other\n").expect("written");
    assert_eq!(tried("try_binding", &bound), json!(false), "something else does");
}

#[test]
fn what_is_due_is_rotated_by_itself_after_one_good_run_by_hand_and_once() {
    let stage = Stage::new();
    stage.bind_file();
    stage.set_up_as(1, true);
    let runs = || {
        let seen = stage.here.ask("read_rotation", json!({ "id": stage.credential }));
        seen.expect("read")["runs"].as_array().expect("runs").clone()
    };
    // Far beyond its date, yet nobody has ever done it by hand.
    stage.here.clock.go(200 * 24 * 3600);
    stage.here.app.begin_due();
    assert_eq!(runs().len(), 0);
    let id = stage.begin();
    stage.until_status(&id, "done");
    stage.here.app.begin_due();
    assert_eq!(runs().len(), 1, "it is not due");
    stage.here.clock.go(300 * 24 * 3600);
    stage.here.app.begin_due();
    stage.here.app.begin_due();
    let begun = runs();
    assert_eq!(begun.len(), 2, "missed times are caught up once");
    let id = begun[0]["id"].as_str().expect("an id").to_owned();
    stage.until_status(&id, "done");
    // Paused means that nothing happens by itself.
    stage.change(json!({ "to": "pause" }));
    stage.here.clock.go(300 * 24 * 3600);
    stage.here.app.begin_due();
    assert_eq!(runs().len(), 2);
    // So does a pause of the whole vault, until it is taken back.
    stage.change(json!({ "to": "resume" }));
    let pause = |paused: bool| stage.here.ask("pause_automatic", json!({ "paused": paused }));
    pause(true).expect("paused");
    stage.here.app.begin_due();
    assert_eq!(runs().len(), 2);
    pause(false).expect("resumed");
    stage.here.app.begin_due();
    assert_eq!(runs().len(), 3);
}

#[test]
fn outside_the_maintenance_window_nothing_begins_by_itself_and_the_plan_says_when_it_opens() {
    let stage = Stage::new();
    stage.bind_file();
    stage.set_up_as(1, true);
    let here = &stage.here;
    let night =
        json!({ "days": [1, 2, 3, 4, 5, 6, 7], "opens": 120, "minutes": 60, "zone": "UTC" });
    let policy = json!({
        "rule": { "when": "every", "days": 30 }, "graceHours": 1, "warningDays": 7, "window": night,
        "frameworks": [],
    });
    let input = json!({ "id": null, "version": 0, "name": "At night", "policy": policy });
    let kept = here.ask("save_policy", input).expect("kept");
    stage.change(json!({ "to": "policy", "policy": kept["own"][0]["id"] }));
    let plan = || {
        let input = json!({ "credential": stage.credential, "consent": false });
        here.ask("plan_rotation", input).expect("planned")
    };
    let runs = || {
        let seen = here.ask("read_rotation", json!({ "id": stage.credential })).expect("read");
        seen["runs"].as_array().expect("runs").len()
    };
    // It is noon. A person may all the same.
    let opens = here.clock.now().plus_seconds(14 * 3600);
    assert_eq!(plan()["windowOpens"], json!(opens.0));
    assert_eq!(plan()["good"], true);
    stage.until_status(&stage.begin(), "done");
    here.clock.go(60 * 24 * 3600);
    here.app.begin_due();
    assert_eq!(runs(), 1);
    here.clock.go(14 * 3600);
    assert_eq!(plan()["windowOpens"], Value::Null);
    here.app.begin_due();
    assert_eq!(runs(), 2);
}
