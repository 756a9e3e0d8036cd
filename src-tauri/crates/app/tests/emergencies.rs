//! An emergency in the demo: whose values are in it, what will be done, that it is done, and that it is told.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{fs, thread, time::Duration};

use common::Here;
use keyturn_app::{MessageKey, views::LockCause};
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};

/// So often it is looked; 20 ms lie between.
const LOOKS: u32 = 3000;

fn demo() -> Here {
    let here = Here::new();
    here.ask("make_demo", Value::Null).expect("made");
    here
}

fn rows(here: &Here, query: &str) -> Vec<Value> {
    let usual = json!({ "by": "name", "descending": false, "group": null });
    let input = json!({ "query": query, "ordering": usual, "from": 0, "most": 200 });
    here.ask("list_credentials", input).expect("listed")["rows"].as_array().expect("rows").clone()
}

/// Those that the sandbox rotates.
fn rotating(here: &Here) -> Vec<Value> {
    let all = rows(here, "").into_iter().map(|row| row["id"].clone());
    all.filter(|id| {
        let seen = here.ask("read_rotation", json!({ "id": id })).expect("read");
        let runs = seen["runs"].as_array().expect("runs");
        !seen["abilities"].is_null() && runs.iter().all(|run| run["status"] != "undone")
    })
    .collect()
}

fn open(here: &Here, way: &str, scope: Value) -> Value {
    let input = json!({ "cause": way, "drill": false, "scope": scope });
    here.ask("open_incident", input).expect("opened")
}

fn change(here: &Here, incident: &Value, change: Value) -> Value {
    let input =
        json!({ "id": incident["row"]["id"], "version": incident["version"], "change": change });
    here.ask("change_incident", input).expect("changed")
}

fn start(here: &Here, incident: &Value) -> Value {
    let row = &incident["row"];
    let input = json!({
        "id": row["id"], "version": incident["version"], "typed": row["reference"],
    });
    here.ask("start_incident", input).expect("started")
}

fn read(here: &Here, incident: &Value) -> Value {
    here.ask("read_incident", json!({ "id": incident["row"]["id"] })).expect("read")
}

/// What is seen once it is like this; meanwhile time goes on.
fn until(here: &Here, incident: &Value, like: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS {
        let seen = read(here, incident);
        if like(&seen) {
            return seen;
        }
        here.ask("stay_unlocked", Value::Null).expect("open");
        here.clock.go(1);
        here.app.tick();
        thread::sleep(Duration::from_millis(20));
    }
    panic!("{:#}", read(here, incident))
}

fn items(incident: &Value) -> &Vec<Value> {
    incident["items"].as_array().expect("items")
}

fn all_refused(incident: &Value) -> bool {
    let taken: Vec<_> = items(incident).iter().filter(|item| item["taken"] == true).collect();
    taken.iter().all(|item| item["outcome"] == "revokedVerified")
}

fn all_ended(incident: &Value) -> bool {
    items(incident).iter().all(|item| item["run"]["row"]["status"] == "done")
}

#[test]
fn what_is_started_is_revoked_first_then_replaced_and_proven() {
    let here = demo();
    let ids = rotating(&here);
    let many = ids.len() as u64;
    assert!(many > 1, "{many} credentials of the demo can be rotated");
    let before = rows(&here, "status:compromised").len();
    let incident = open(&here, "leaked", json!({ "of": "credentials", "ids": ids }));
    let row = &incident["row"];
    assert!(row["reference"].as_str().expect("a name").starts_with("INC-"), "{row}");
    assert_eq!((row["taken"].as_u64(), &incident["order"]), (Some(many), &json!("revokeFirst")));
    assert!(items(&incident).iter().all(|item| item["plan"]["steps"][0]["is"] == "create"));
    assert_eq!(rows(&here, "status:compromised").len(), before, "nothing has changed yet");
    let started = start(&here, &incident);
    assert!(started["row"]["started"].is_i64());
    let proven = until(&here, &incident, all_refused);
    assert!(items(&proven).iter().all(|item| item["refused"].is_i64()));
    // What waits for a person is done by them.
    for item in items(&proven) {
        let by_hand = |seen: &Value| {
            let run =
                &items(seen).iter().find(|it| it["name"] == item["name"]).expect("there")["run"];
            (run["row"]["trouble"]["why"] == "byHand", run.clone())
        };
        let seen = until(&here, &incident, |seen| {
            let (waits, run) = by_hand(seen);
            waits || run["row"]["status"] == "done"
        });
        if let (true, run) = by_hand(&seen) {
            let said =
                json!({ "id": run["row"]["id"], "wish": "continue", "seen": run["revision"] });
            here.ask("ask_run", said).expect("said");
        }
    }
    let ended = until(&here, &incident, all_ended);
    assert!(ended["row"]["allRefused"].is_i64() && ended["row"]["restored"].is_i64());
    assert_eq!(rows(&here, "status:compromised").len(), before, "each has a new value");
    let tried = here.ask("try_incident", json!({ "id": row["id"] })).expect("tried");
    let refused = tried["tried"].as_array().expect("each").iter();
    assert!(refused.clone().all(|one| one["refused"] == true), "{tried:#}");
    let closed = change(&here, &tried["incident"], json!({ "of": "close", "reason": "" }));
    assert!(closed["row"]["closed"]["at"].is_i64());
}

#[test]
fn values_in_a_text_are_recognised_and_nothing_else() {
    let here = demo();
    let which = rotating(&here)[0].clone();
    let input = json!({ "id": which, "number": null, "field": null, "passphrase": null });
    let value = here.ask("reveal_value", input).expect("revealed");
    let value = value["value"].as_str().expect("a value").to_owned();
    let text = format!("2026-11-23 curl -H 'Authorization: Bearer {value}'\n");
    let look = json!({ "in": "text", "text": text });
    let incident = open(&here, "leaked", json!({ "of": "leak", "look": look }));
    let found = items(&incident);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["credential"], which);
    assert_eq!(found[0]["found"][0]["is"], "found");
    assert!(!incident.to_string().contains(&value));
    let nothing = json!({ "in": "text", "text": "there is nothing of this vault in it" });
    let input = json!({
        "cause": "leaked", "drill": false, "scope": { "of": "leak", "look": nothing },
    });
    let refused = here.ask("open_incident", input).expect_err("nothing");
    assert_eq!(refused.message_key, MessageKey::IncidentNothing);
}

#[test]
fn whoever_left_knew_what_the_log_says_they_saw() {
    let here = demo();
    let members = here.ask("list_members", Value::Null).expect("listed");
    let me = members["members"][0]["id"].clone();
    let incident = open(&here, "left", json!({ "of": "member", "id": me }));
    assert_eq!(incident["order"], "rotateFirst");
    assert_eq!(items(&incident).len(), rows(&here, "").len(), "they could read everything");
    for item in items(&incident) {
        let knew = item["found"][0]["is"] != "couldRead";
        assert_eq!(item["taken"], knew, "{item:#}");
    }
}

#[test]
fn whoever_was_removed_knew_what_the_log_says_and_may_have_read_the_rest() {
    let here = Here::new();
    here.create();
    let add = |name: &str| {
        let metadata = common::metadata(name, "apiKey");
        let secrets = json!({ "secret": "fixture-value" });
        let added = json!([{ "metadata": metadata, "secrets": secrets, "request": null }]);
        here.ask("add_credentials", added).expect("added")[0]["id"].clone()
    };
    let [seen, other] = ["orders-db", "mail-relay"].map(add);
    here.invite("Ben", "rotator", "another fixture of nobody else");
    let input = json!({ "id": seen, "number": null, "field": null, "passphrase": null });
    here.ask("reveal_value", input).expect("revealed");
    let ben = here.member("Ben");
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let members = here.ask("list_members", Value::Null).expect("listed");
    let removal = json!({ "id": ben, "passphrase": PASSPHRASE, "revision": members["revision"] });
    here.ask("remove_member", removal).expect("removed");
    let incident = open(&here, "left", json!({ "of": "member", "id": ben }));
    assert_eq!(incident["row"]["title"], "Ben left");
    let why = |id: &Value| {
        let item = items(&incident).iter().find(|item| item["credential"] == *id).expect("there");
        (item["taken"].clone(), item["found"][0]["is"].clone())
    };
    assert_eq!(why(&seen), (json!(true), json!("revealed")));
    assert_eq!(why(&other), (json!(false), json!("couldRead")));
    let taken = change(&here, &incident, json!({ "of": "everything" }));
    assert_eq!(taken["row"]["taken"], 2);
}

#[test]
fn what_cannot_be_rotated_is_done_by_hand_and_said_to_be() {
    let here = demo();
    let rotates = rotating(&here);
    let by_hand = rows(&here, "")
        .into_iter()
        .map(|row| row["id"].clone())
        .find(|id| {
            let seen = here.ask("read_rotation", json!({ "id": id })).expect("read");
            !rotates.contains(id) && seen["abilities"].is_null()
        })
        .expect("one by hand");
    let incident = open(&here, "chosen", json!({ "of": "credentials", "ids": [by_hand] }));
    assert_eq!(items(&incident)[0]["byHand"]["code"], "KT-ROTATION-NOT-SET-UP");
    let started = start(&here, &incident);
    let input = json!({
        "id": started["row"]["id"], "version": read(&here, &incident)["version"],
        "change": { "of": "close", "reason": "" },
    });
    let refused = here.ask("change_incident", input).expect_err("it is open");
    assert_eq!(refused.message_key, MessageKey::IncidentOpen);
    let seen = read(&here, &incident);
    let said = change(&here, &seen, json!({ "of": "said", "credential": by_hand }));
    assert!(items(&said)[0]["said"]["at"].is_i64());
    let closed = change(&here, &said, json!({ "of": "close", "reason": "" }));
    assert!(closed["row"]["closed"]["at"].is_i64());
}

#[test]
fn a_report_says_what_happened_and_no_value() {
    let here = demo();
    let which = rotating(&here)[0].clone();
    let incident = open(&here, "leaked", json!({ "of": "credentials", "ids": [which] }));
    start(&here, &incident);
    until(&here, &incident, all_refused);
    let name = items(&incident)[0]["name"].as_str().expect("a name").to_owned();
    for (format, proof) in [("markdown", "Proven to be refused"), ("json", "auditHead")] {
        let file = here.place(format);
        let input = json!({ "id": incident["row"]["id"], "format": format, "file": file });
        here.ask("save_report", input).expect("written");
        let text = fs::read_to_string(&file).expect("there");
        assert!(text.contains(proof) && text.contains(&name), "{text}");
    }
}
