//! A demo as a user plays with it: what is there at once, what goes wrong when it is told to, what was tried.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{collections::BTreeSet, fs, thread, time::Duration};

use common::Here;
use keyturn_app::views::LockCause;
use serde_json::{Value, json};

/// So often it is looked; 20 ms lie between.
const LOOKS: u32 = 3000;

struct Demo {
    here: Here,
    folder: String,
}

impl Demo {
    fn new() -> Self {
        let here = Here::new();
        let session = here.ask("make_demo", Value::Null).expect("made");
        assert_eq!(session["vault"]["demo"], true);
        assert_eq!(session["known"], json!([]), "it is none of the vaults of this computer");
        let folder = session["vault"]["folder"].as_str().expect("a folder").to_owned();
        Self { here, folder }
    }

    fn rows(&self) -> Vec<Value> {
        let usual = json!({ "by": "name", "descending": false, "group": null });
        let input = json!({ "query": "", "ordering": usual, "from": 0, "most": 100 });
        let list = self.here.ask("list_credentials", input).expect("listed");
        list["rows"].as_array().expect("rows").clone()
    }

    fn id(&self, name: &str) -> Value {
        let rows = self.rows();
        rows.iter().find(|row| row["name"] == name).expect("there")["id"].clone()
    }

    fn runs(&self) -> Vec<Value> {
        let all = self.here.ask("list_runs", json!({ "unsettled": false })).expect("listed");
        all["runs"].as_array().expect("runs").clone()
    }

    fn plan(&self, name: &str) -> Value {
        let input = json!({ "credential": self.id(name), "consent": false });
        self.here.ask("plan_rotation", input).expect("planned")
    }

    fn begin(&self, name: &str) -> Value {
        // Later than the runs that were there before.
        self.here.clock.go(1);
        let input = json!({ "credential": self.id(name), "consent": false });
        self.here.ask("begin_rotation", input).expect("begun")["row"]["id"].clone()
    }

    fn read(&self, run: &Value) -> Value {
        self.here.ask("read_run", json!({ "id": run })).expect("read")
    }

    fn wish(&self, run: &Value, wish: &str) {
        let seen = self.read(run)["revision"].clone();
        self.here.ask("ask_run", json!({ "id": run, "wish": wish, "seen": seen })).expect("asked");
    }

    /// What is seen once it is like this; meanwhile the clock goes on, or stands still.
    fn look(&self, goes_on: bool, see: impl Fn() -> Value, like: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..LOOKS {
            let seen = see();
            if like(&seen) {
                return seen;
            }
            if goes_on {
                self.here.ask("stay_unlocked", Value::Null).expect("open");
                self.here.clock.go(5);
                self.here.app.tick();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{:#}", see())
    }

    fn until(&self, run: &Value, like: impl Fn(&Value) -> bool) -> Value {
        self.look(true, || self.read(run), like)
    }

    /// The same at this very moment.
    fn at_once(&self, run: &Value, like: impl Fn(&Value) -> bool) -> Value {
        self.look(false, || self.read(run), like)
    }

    fn until_plan_is_good(&self, name: &str) {
        self.look(false, || self.plan(name), |plan| plan["good"] == true);
    }

    fn until_status(&self, run: &Value, status: &str) -> Value {
        self.until(run, |seen| seen["row"]["status"] == status)
    }

    fn sandbox(&self) -> Value {
        self.here.ask("read_sandbox", Value::Null).expect("read")
    }

    /// These faults and no others.
    fn fail(&self, faults: &Value) -> Value {
        let mut all = json!({
            "rejectNew": false, "failing": null, "rateLimit": false, "slowRevocation": false,
            "offline": false,
        });
        for (name, fault) in faults.as_object().expect("faults") {
            all[name] = fault.clone();
        }
        self.here.ask("set_sandbox", all).expect("told")
    }

    fn done(&self) -> BTreeSet<String> {
        let sandbox = self.sandbox();
        let lessons = sandbox["lessons"].as_array().expect("lessons").iter();
        let done = lessons.filter(|lesson| lesson["done"] == true);
        done.map(|lesson| lesson["lesson"].as_str().expect("a word").to_owned()).collect()
    }

    fn orphans(&self) -> Vec<Value> {
        let accounts = self.here.ask("list_accounts", Value::Null).expect("listed");
        let account = accounts["accounts"][0]["id"].clone();
        let found = self.here.ask("find_orphans", json!({ "id": account })).expect("looked");
        found["orphans"].as_array().expect("orphans").clone()
    }

    fn file_of_the_worker(&self) -> String {
        let folder = std::path::Path::new(&self.folder).parent().expect("a folder");
        fs::read_to_string(folder.join("worker.env")).expect("read")
    }
}

fn waited_for(run: &Value, why: &str) -> bool {
    let log = run["log"].as_array().expect("a log");
    log.iter().any(|line| line["note"].as_str().is_some_and(|note| note.contains(why)))
}

#[test]
fn each_state_is_there_as_soon_as_the_demo_is() {
    let demo = Demo::new();
    let rows = demo.rows();
    assert_eq!(rows.len(), 32);
    let with = |status: &str| rows.iter().filter(|row| row["status"] == status).count();
    assert_eq!((with("overdue"), with("dueNow"), with("dueSoon")), (1, 1, 2));
    assert_eq!((with("failed"), with("inGrace"), with("healthy")), (3, 1, 24));
    let runs = demo.runs();
    let named = |status: &str| -> Vec<&str> {
        let those = runs.iter().filter(|run| run["status"] == status);
        those.filter_map(|run| run["credentialName"].as_str()).collect()
    };
    assert_eq!(named("waiting"), ["mail-relay"]);
    assert_eq!(named("needsAttention"), ["maps-api"]);
    assert_eq!(named("undone"), ["search-index", "payment-gateway"]);
    assert_eq!(runs.len(), 4);
    let unsettled = demo.here.ask("list_runs", json!({ "unsettled": true })).expect("listed");
    assert_eq!(unsettled["runs"].as_array().expect("runs").len(), 4);
    let needing = runs.iter().filter(|run| run["needsSomebody"] == true);
    let needing: Vec<_> = needing.map(|run| run["credentialName"].clone()).collect();
    assert_eq!(needing, ["search-index", "payment-gateway", "maps-api"]);
    let of = |status: &str| runs.iter().find(|run| run["status"] == status).expect("one");
    assert_eq!(of("waiting")["step"]["is"], "grace");
    assert_eq!(of("undone")["trouble"], json!({ "what": "newRefused" }));
    let stopped = demo.read(&of("needsAttention")["id"]);
    assert_eq!(stopped["row"]["step"]["is"], "remove");
    assert_eq!(stopped["row"]["trouble"], json!({ "what": "issuer", "why": "denied" }));
    assert_eq!(stopped["next"], "retry");
    // Nothing goes wrong from here on, unless somebody says so.
    let sandbox = demo.sandbox();
    let faults = &sandbox["faults"];
    assert_eq!([&faults["rejectNew"], &faults["offline"]], [&json!(false), &json!(false)]);
    assert_eq!(demo.plan("payment-gateway")["good"], true);
    assert_eq!(demo.here.ask("check_vault", Value::Null).expect("checked")["problems"], json!([]));
}

#[test]
fn two_keys_that_nobody_owns_are_found_at_the_sandbox_and_deleted() {
    let demo = Demo::new();
    let before = demo.here.ask("list_runs", json!({ "unsettled": false })).expect("listed");
    assert_eq!(before["orphans"], json!([]), "nobody has looked yet");
    let found = demo.orphans();
    assert_eq!(found.len(), 2, "{found:#?}");
    for orphan in &found {
        assert!(orphan["key"].is_string());
        let input = json!({ "account": orphan["account"], "mark": orphan["mark"] });
        demo.here.ask("remove_orphan", input).expect("deleted");
    }
    assert_eq!(demo.orphans(), [] as [Value; 0]);
}

#[test]
fn the_run_that_stopped_is_brought_to_its_end_by_trying_again() {
    let demo = Demo::new();
    let runs = demo.runs();
    let stopped = &runs.iter().find(|run| run["status"] == "needsAttention").expect("one")["id"];
    demo.wish(stopped, "retry");
    let undone = demo.until_status(stopped, "undone");
    assert_eq!(undone["rightNow"], "old");
    assert_eq!(demo.done(), ["mend".to_owned()].into());
    // From here on it can be rotated again; a person brings the value to its consumer.
    let run = demo.begin("maps-api");
    let asks = demo.until_status(&run, "needsAttention");
    assert_eq!(asks["byHand"]["consumer"], "partner");
    demo.wish(&run, "continue");
    demo.until_status(&run, "done");
}

/// What is really rotated in a demo.
const AT_SANDBOX: [&str; 4] = ["payment-gateway", "mail-relay", "search-index", "maps-api"];

#[test]
fn there_is_one_consumer_for_each_way_to_take_a_value_up() {
    let demo = Demo::new();
    let seen = demo.here.ask("list_consumers", Value::Null).expect("listed");
    let bindings: Vec<(String, String)> = seen["consumers"]
        .as_array()
        .expect("consumers")
        .iter()
        .flat_map(|consumer| consumer["bindings"].as_array().expect("bindings"))
        .filter(|binding| AT_SANDBOX.iter().any(|name| binding["credentialName"] == **name))
        .map(|binding| {
            let by = |what: &str| binding["setup"][what]["by"].as_str().expect("a word").to_owned();
            (by("sending"), by("reloading"))
        })
        .collect();
    let mut ways: Vec<(&str, &str)> =
        bindings.iter().map(|(sending, taking)| (sending.as_str(), taking.as_str())).collect();
    ways.sort_unstable();
    let expected = [
        ("byHand", "manual"),
        ("file", "command"),
        ("http", "http"),
        ("http", "live"),
        ("http", "manual"),
        ("http", "nextRun"),
    ];
    assert_eq!(ways, expected);
}

#[test]
fn who_takes_a_value_up_later_is_waited_for() {
    let demo = Demo::new();
    let run = demo.begin("payment-gateway");
    let grace = demo.at_once(&run, |seen| seen["row"]["step"]["is"] == "grace");
    let consumers = grace["consumers"].as_array().expect("consumers").iter();
    let later: Vec<&Value> =
        consumers.filter(|it| it["place"]["is"] == "sent").map(|it| &it["name"]).collect();
    assert_eq!(later, [&json!("reports")]);
    let done = demo.until_status(&run, "done");
    let consumers = done["consumers"].as_array().expect("consumers");
    assert!(consumers.iter().all(|it| it["place"]["is"] == "confirmed"), "{consumers:#?}");
}

#[test]
fn undoing_does_not_wait_for_who_has_taken_the_new_value_up_by_then() {
    let demo = Demo::new();
    let run = demo.begin("payment-gateway");
    demo.at_once(&run, |seen| seen["row"]["step"]["is"] == "grace");
    demo.here.clock.go(12);
    demo.wish(&run, "undo");
    let undone = demo.at_once(&run, |seen| seen["row"]["status"] == "undone");
    assert_eq!(undone["rightNow"], "old");
}

#[test]
fn a_new_key_that_is_rejected_changes_nothing() {
    let demo = Demo::new();
    demo.fail(&json!({ "rejectNew": true }));
    let run = demo.begin("search-index");
    let undone = demo.until_status(&run, "undone");
    assert_eq!(undone["row"]["trouble"], json!({ "what": "newRefused" }));
    assert_eq!(undone["rightNow"], "old");
    assert_eq!(undone["consumers"][0]["place"]["is"], "untouched");
    assert_eq!(undone["row"]["needsSomebody"], true);
    let failed: Vec<&Value> = undone["steps"].as_array().expect("steps").iter().collect();
    let failed: Vec<_> = failed.iter().filter(|it| it["status"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["step"]["is"], "verify");
    demo.fail(&json!({}));
    let again = demo.begin("search-index");
    assert_eq!(demo.read(&json!(run))["row"]["needsSomebody"], false, "it was heeded");
    demo.until_status(&again, "done");
}

#[test]
fn a_consumer_that_fails_has_all_of_them_seen_to_be_well_on_the_old_key() {
    let demo = Demo::new();
    let old = demo.file_of_the_worker();
    let told = demo.fail(&json!({ "failing": "reports" }));
    let consumers = told["consumers"].as_array().expect("consumers");
    let names: Vec<&str> = consumers.iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["shop", "reports", "mailer", "backup"]);
    assert_eq!(consumers[1]["uses"], "payment-gateway");
    let run = demo.begin("payment-gateway");
    let undone = demo.until_status(&run, "undone");
    assert_eq!(undone["row"]["trouble"]["what"], "consumer");
    let consumers = undone["consumers"].as_array().expect("consumers").iter();
    let well = consumers.filter(|it| it["place"] == json!({ "is": "confirmed", "side": "old" }));
    let mut well: Vec<&str> = well.filter_map(|it| it["name"].as_str()).collect();
    well.sort_unstable();
    assert_eq!(well, ["reports", "shop", "worker"]);
    assert_eq!(demo.file_of_the_worker(), old);
    // Only a consumer of the sandbox can be told to.
    for unknown in ["worker", "nobody"] {
        let faults = json!({
            "rejectNew": false, "failing": unknown, "rateLimit": false, "slowRevocation": false,
            "offline": false,
        });
        demo.here.ask("set_sandbox", faults).expect_err(unknown);
    }
}

#[test]
fn a_rate_limit_lasts_a_minute_and_the_run_goes_on_after_it_by_itself() {
    let demo = Demo::new();
    let told = demo.fail(&json!({ "rateLimit": true }));
    assert_eq!(told["faults"]["rateLimit"], true);
    let until = told["limitedUntil"].as_i64().expect("a moment");
    // Another fault beside it does not begin the minute anew.
    demo.here.clock.go(10);
    let told = demo.fail(&json!({ "rateLimit": true, "slowRevocation": true }));
    assert_eq!(told["limitedUntil"], until);
    let run = demo.begin("search-index");
    let waits = demo.at_once(&run, |seen| seen["row"]["trouble"].is_object());
    assert_eq!(waits["row"]["trouble"], json!({ "what": "issuer", "why": "busy" }), "{waits:#}");
    assert!(waits["waitsUntil"].as_i64().expect("a moment") >= until);
    assert_eq!(waits["rightNow"], "old");
    demo.until_status(&run, "done");
    assert_eq!(demo.sandbox()["limitedUntil"], Value::Null);
    assert_eq!(demo.sandbox()["faults"]["rateLimit"], false);
    assert_eq!(demo.sandbox()["faults"]["slowRevocation"], true);
}

#[test]
fn a_revocation_that_is_slow_is_looked_at_again_until_the_old_key_is_refused() {
    let demo = Demo::new();
    demo.fail(&json!({ "slowRevocation": true }));
    let run = demo.begin("search-index");
    let done = demo.until_status(&run, "done");
    assert!(waited_for(&done, "for the revocation to spread"), "{done:#}");
    demo.fail(&json!({}));
    let run = demo.begin("search-index");
    let done = demo.until_status(&run, "done");
    assert!(!waited_for(&done, "for the revocation to spread"), "{done:#}");
}

#[test]
fn a_sandbox_that_is_offline_answers_nobody_and_the_run_goes_on_when_it_is_back() {
    let demo = Demo::new();
    demo.fail(&json!({ "offline": true }));
    let plan = demo.plan("search-index");
    assert_eq!(plan["good"], false, "{plan:#}");
    let checks = plan["checks"].as_array().expect("checks");
    let account = checks.iter().find(|check| check["what"] == "account").expect("looked at");
    assert_eq!(account["found"], "unanswered");
    demo.fail(&json!({}));
    demo.until_plan_is_good("search-index");
    // While a run goes on.
    let run = demo.begin("search-index");
    demo.until(&run, |seen| seen["row"]["step"]["is"] == "grace");
    demo.fail(&json!({ "offline": true }));
    demo.until(&run, |seen| seen["row"]["trouble"].is_object());
    demo.fail(&json!({}));
    let done = demo.until(&run, |seen| {
        if seen["row"]["status"] == "needsAttention" {
            demo.wish(&run, "retry");
        }
        seen["row"]["status"] == "done"
    });
    assert_eq!(done["rightNow"], "new");
}

#[test]
fn what_there_is_to_try_is_ticked_when_it_was_really_done() {
    let demo = Demo::new();
    let nothing: BTreeSet<String> = BTreeSet::new();
    assert_eq!(demo.done(), nothing);
    let now_done = |expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(demo.done(), expected);
    };
    let places = demo.sandbox()["lessons"].clone();
    assert_eq!(places.as_array().expect("lessons").len(), 6);
    assert_eq!(places[0]["credential"], demo.id("search-index"));
    let input = json!({
        "id": places[0]["credential"], "number": null, "field": null, "passphrase": null,
    });
    demo.here.ask("copy_value", input).expect("copied");
    now_done(&["copy"]);
    demo.plan("search-index");
    now_done(&["copy", "dryRun"]);
    let run = demo.begin("search-index");
    demo.until(&run, |seen| seen["row"]["step"]["is"] == "grace");
    now_done(&["copy", "dryRun"]);
    demo.until_status(&run, "done");
    now_done(&["copy", "dryRun", "rotate"]);
    // What is refused before anything was done is not undone.
    demo.fail(&json!({ "offline": true }));
    let run = demo.begin("payment-gateway");
    demo.wish(&run, "undo");
    demo.until_status(&run, "undone");
    now_done(&["copy", "dryRun", "rotate"]);
    demo.fail(&json!({ "failing": "reports" }));
    demo.until_plan_is_good("payment-gateway");
    let run = demo.begin("payment-gateway");
    demo.until_status(&run, "undone");
    now_done(&["copy", "dryRun", "rotate", "failAndUndo"]);
    demo.wish(&places[4]["run"], "retry");
    demo.until_status(&places[4]["run"], "undone");
    let orphan = demo.orphans().remove(0);
    now_done(&["copy", "dryRun", "rotate", "failAndUndo", "mend"]);
    let input = json!({ "account": orphan["account"], "mark": orphan["mark"] });
    demo.here.ask("remove_orphan", input).expect("deleted");
    now_done(&["copy", "dryRun", "rotate", "failAndUndo", "mend", "orphans"]);
}

#[test]
fn nothing_of_it_is_in_a_vault_of_its_own() {
    let here = Here::new();
    here.create();
    here.ask("read_sandbox", Value::Null).expect_err("there is none");
}

#[test]
fn a_demo_is_gone_when_it_is_locked() {
    let demo = Demo::new();
    assert!(fs::exists(&demo.folder).expect("looked"));
    demo.here.app.lock(LockCause::Asked);
    for _ in 0..LOOKS {
        if !fs::exists(&demo.folder).expect("looked") {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the demo is still there");
}
