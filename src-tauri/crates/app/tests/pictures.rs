//! The map and the timeline as the window asks for them, of a vault that is set up by hand.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::fs;

use common::Here;
use keyturn_app::MessageKey;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A vault with one credential, an account that rotates it by hand, and two consumers of it.
struct Shop {
    here: Here,
    credential: String,
}

impl Shop {
    fn new() -> Self {
        let here = Here::new();
        here.create();
        let mut metadata = common::metadata("orders-db", "databaseLogin");
        metadata["fields"] =
            json!({ "engine": "postgresql", "user": "orders", "host": "db.example" });
        metadata["owner"] = json!("data");
        let added = json!([{
            "metadata": metadata, "secrets": { "password": "fixture-value" }, "request": null,
        }]);
        let added = here.ask("add_credentials", added).expect("added");
        let credential = added[0]["id"].as_str().expect("an id").to_owned();
        let shop = Self { here, credential };
        shop.set_up();
        shop.bind("web-app", &json!({ "by": "command", "program": "/bin/true", "arguments": [] }));
        shop.bind("batch", &json!({ "by": "nextRun" }));
        shop
    }

    fn set_up(&self) {
        let account = json!({
            "id": null, "version": 0, "name": "Orders cluster",
            "secrets": { "password": "fixture-admin" },
            "setup": {
                "is": "postgres", "host": "db.example", "port": 5432, "database": "postgres",
                "user": "orders", "tls": "verified",
            },
        });
        let saved = self.here.ask("save_account", account).expect("saved");
        assert_eq!(saved["faults"], json!([]));
        let setup = json!({
            "account": saved["saved"], "users": [], "validDays": null, "endSessions": false,
            "graceS": null, "atOnce": 4, "automatic": false,
        });
        let input = json!({ "credential": self.credential, "version": 0, "setup": setup });
        self.here.ask("set_up_rotation", input).expect("set up");
    }

    fn bind(&self, name: &str, reload: &Value) {
        let consumer = json!({
            "name": name, "environment": "prod", "owner": "payments", "deployment": "service",
            "notes": "",
        });
        let input = json!({ "id": null, "version": 0, "consumer": consumer });
        let saved = self.here.ask("save_consumer", input).expect("saved");
        let file = self.here.place(name);
        fs::write(&file, "KEY=x\n").expect("written");
        let setup = json!({
            "sending": {
                "by": "file", "path": file, "format": "env",
                "parts": [{ "key": "KEY", "text": "{password}" }],
            },
            "reloading": reload, "check": { "by": "none" }, "takesS": 5, "awayS": 38,
        });
        let input = json!({
            "id": null, "version": 0, "credential": self.credential, "consumer": saved["saved"],
            "setup": setup, "secrets": {},
        });
        let saved = self.here.ask("save_binding", input).expect("saved");
        assert_eq!(saved["faults"], json!([]), "{saved}");
    }

    fn map(&self) -> Value {
        self.here.ask("read_map", json!({ "group": null, "open": [], "hide": [] })).expect("read")
    }

    fn timeline(&self, from: i64, until: i64) -> Value {
        let look = json!({ "from": from, "until": until, "lanes": "owner", "find": "", "open": [], "parts": 10 });
        self.here.ask("read_timeline", look).expect("read")
    }

    /// What is shown of the one credential.
    fn rows(&self) -> Value {
        self.timeline(0, 4_000_000_000_000)["rows"].clone()
    }

    fn move_to(&self, to: Option<i64>, only_ask: bool) -> Value {
        let version = &self.rows()["version"][0];
        let input = json!({
            "id": self.credential, "version": version, "to": to, "onlyAsk": only_ask,
        });
        self.here.ask("move_planned", input).expect("answered")
    }
}

#[test]
fn the_map_shows_who_issues_who_uses_and_that_an_account_rotates_its_own_login() {
    let shop = Shop::new();
    let map = shop.map();
    assert_eq!(
        map["nodes"]["name"],
        json!(["Orders cluster", "orders-db", "batch", "web-app", "batch", "web-app"])
    );
    assert_eq!(map["nodes"]["column"], json!([0, 1, 2, 2, 3, 3]));
    assert_eq!(map["back"], json!([[1, 0]]));
    assert_eq!(map["circles"].as_array().expect("a list").len(), 1);
    assert_eq!(map["orphans"], json!([]));
    assert!(!map.to_string().contains("fixture-"), "no value");
}

#[test]
fn the_radius_is_that_of_the_nodes_that_were_chosen() {
    let shop = Shop::new();
    let of = |key: &str, threat: &str| {
        let input = json!({ "keys": [key], "group": null, "threat": threat });
        shop.here.ask("read_radius", input).expect("read")
    };
    let account = shop.map()["nodes"]["key"][0].as_str().expect("a key").to_owned();
    for key in [format!("credential:{}", shop.credential), account] {
        let found = of(&key, "rotate");
        assert_eq!((&found["restarts"], &found["downS"]), (&json!(1), &json!(38)), "{key}");
        assert_eq!(found["tell"], json!(["data", "payments"]));
        assert_eq!(found["cutOff"], json!(["Orders cluster"]));
    }
    assert_eq!(of("consumer:none", "end")["credentials"], 0);
    let key = format!("credential:{}", shop.credential);
    assert_eq!(of(&key, "end")["stops"], 2);
    // Who keeps a value that is deleted is told, also where it was put away before.
    let seen = json!([{ "id": shop.credential, "version": shop.rows()["version"][0] }]);
    let change = json!({ "seen": seen, "change": { "to": "archive" } });
    shop.here.ask("change_many", change).expect("archived");
    let kept = of(&key, "leave");
    assert_eq!((&kept["credentials"], &kept["stops"]), (&json!(1), &json!(0)));
    assert_eq!(kept["consumers"].as_array().map(Vec::len), Some(2));
    assert_eq!(shop.map()["nodes"]["column"], json!([0, 2, 2]), "the map has it no more");
}

#[test]
fn a_plan_is_moved_within_the_policy_and_put_back() {
    let shop = Shop::new();
    let by_policy = shop.rows()["planned"][0].as_i64().expect("planned");
    assert_eq!(shop.rows()["limit"][0], by_policy);
    let beyond = shop.move_to(Some(by_policy + HOUR), false);
    assert_eq!(beyond["refused"], json!({ "why": "beyondLimit", "limit": by_policy }));

    let earlier = (by_policy - 10 * DAY) / DAY * DAY;
    let asked = shop.move_to(Some(earlier), true);
    assert_eq!((&asked["at"], &asked["restarts"]), (&json!(earlier), &json!(1)));
    assert_eq!(shop.rows()["planned"][0], by_policy, "asking moves nothing");
    shop.move_to(Some(earlier), false);
    assert_eq!(shop.rows()["planned"][0], earlier);
    let seen = shop.here.ask("read_credential", json!({ "id": shop.credential })).expect("read");
    assert_eq!(seen["credential"]["rotates"], earlier);
    assert_eq!(seen["next"][0], earlier);

    // It stays there when the credential is edited, and goes with a new value.
    let input = json!({
        "id": shop.credential, "version": seen["credential"]["row"]["version"],
        "fields": { "engine": "postgresql", "user": "orders", "host": "db.example" },
        "expires": null,
        "secrets": { "password": "fixture-next" },
    });
    let mut metadata = seen["credential"]["metadata"].clone();
    metadata["notes"] = json!("moved");
    let change = json!({
        "id": shop.credential, "version": input["version"], "metadata": metadata,
    });
    let changed = shop.here.ask("change_credential", change).expect("changed");
    assert_eq!(changed["credential"]["rotates"], earlier);
    let back = shop.move_to(None, false);
    assert_eq!((&back["at"], &back["refused"]), (&json!(by_policy), &Value::Null));
    assert_eq!(shop.rows()["planned"][0], by_policy);
    shop.move_to(Some(earlier), false);
    let mut input = input;
    input["version"] = shop.rows()["version"][0].clone();
    shop.here.ask("replace_value", input).expect("replaced");
    shop.here.ask("check_vault", Value::Null).expect("sound");
    assert_eq!(shop.rows()["planned"][0], by_policy);
}

#[test]
fn a_time_of_a_calendar_for_which_it_was_replaced_earlier_is_not_planned_again() {
    let shop = Shop::new();
    let policy = json!({
        "rule": { "when": "cron", "pattern": "30 2 1 * *", "zone": "UTC" }, "graceHours": 1,
        "warningDays": 7, "window": null, "frameworks": [],
    });
    let input = json!({ "id": null, "version": 0, "name": "Monthly", "policy": policy });
    let kept = shop.here.ask("save_policy", input).expect("kept");
    let read = || shop.here.ask("read_credential", json!({ "id": shop.credential })).expect("read");
    let mut metadata = read()["credential"]["metadata"].clone();
    metadata["policy"] = kept["own"][0]["id"].clone();
    let version = read()["credential"]["row"]["version"].clone();
    let change = json!({ "id": shop.credential, "version": version, "metadata": metadata });
    shop.here.ask("change_credential", change).expect("changed");

    let next = read()["next"].clone();
    let this_time = next[0].as_i64().expect("a time");
    shop.move_to(Some(this_time - 3 * DAY), false);
    shop.here.clock.go(60);
    let input = json!({
        "id": shop.credential, "version": shop.rows()["version"][0],
        "fields": { "engine": "postgresql", "user": "orders", "host": "db.example" },
        "expires": null, "secrets": { "password": "fixture-next" },
    });
    shop.here.ask("replace_value", input).expect("replaced");
    assert_eq!(read()["next"][0], next[1]);
    assert_eq!(read()["next"][1], next[2]);
    assert_eq!(shop.rows()["planned"][0], next[1]);
    assert_eq!(shop.rows()["limit"][0], next[1]);
    let back = shop.move_to(None, true);
    assert_eq!(back["at"], next[1], "where its policy has it");
}

#[test]
fn a_plan_that_somebody_else_changed_meanwhile_is_not_moved() {
    let shop = Shop::new();
    let planned = shop.rows()["planned"][0].as_i64().expect("planned");
    let input = json!({
        "id": shop.credential, "version": 99, "to": planned - DAY, "onlyAsk": false,
    });
    let refused = shop.here.ask("move_planned", input).expect_err("another version");
    assert_eq!(refused.message_key, MessageKey::VaultChanged);
}

#[test]
fn pictures_go_to_new_files_without_a_value_and_leave_an_entry() {
    let shop = Shop::new();
    let map = json!({ "of": "map", "showing": { "group": null, "open": [], "hide": [] } });
    let look = json!({
        "from": 0, "until": 4_000_000_000_000_i64, "lanes": "kind", "find": "", "open": [], "parts": 1,
    });
    let timeline = json!({ "of": "timeline", "look": look });
    let write = |format: &str, picture: &Value| {
        let file =
            shop.here.place(&format!("{format}-{}", picture["of"].as_str().expect("a word")));
        let input = json!({ "file": file, "format": format, "picture": picture, "drawn": null });
        shop.here.ask("export_picture", input).map(|_| fs::read_to_string(&file).expect("read"))
    };
    for (format, picture, begins) in [
        ("svg", &map, "<svg"),
        ("dot", &map, "digraph"),
        ("json", &map, "{"),
        ("svg", &timeline, "<svg"),
        ("ics", &timeline, "BEGIN:VCALENDAR"),
        ("json", &timeline, "{"),
    ] {
        let text = write(format, picture).expect("written");
        assert!(text.starts_with(begins) && text.contains("orders-db"), "{format}: {text}");
        assert!(!text.contains("fixture-"), "{format}");
    }
    let taken = write("svg", &map).expect_err("it is there");
    assert_ne!(taken.message_key, MessageKey::InputRefused);
    for (format, picture) in [("ics", &map), ("dot", &timeline)] {
        let refused = write(format, picture).expect_err("not of this picture");
        assert_eq!(refused.message_key, MessageKey::InputRefused);
    }
}

#[test]
fn what_the_window_drew_is_written_only_if_it_is_a_png() {
    let shop = Shop::new();
    let picture = json!({ "of": "map", "showing": { "group": null, "open": [], "hide": [] } });
    let file = shop.here.place("drawn.png");
    let write = |drawn: Value| {
        let input = json!({ "file": file, "format": "png", "picture": picture, "drawn": drawn });
        shop.here.ask("export_picture", input)
    };
    // Nothing; no base64; base64 of a text; too much of it.
    let much = format!("iVBORw0KGgo{}", "A".repeat(33 * 1024 * 1024));
    for drawn in [json!(null), json!("%"), json!("aGVsbG8="), json!(much)] {
        let refused = write(drawn).expect_err("no picture");
        assert_eq!(refused.message_key, MessageKey::InputRefused);
        assert!(!file_is_there(&file));
    }
    write(json!("iVBORw0KGgo=")).expect("written");
    assert_eq!(fs::read(&file).expect("read"), b"\x89PNG\r\n\x1a\n");
}

fn file_is_there(file: &str) -> bool {
    fs::exists(file).expect("looked")
}
