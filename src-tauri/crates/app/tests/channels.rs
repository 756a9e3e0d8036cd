//! The team is told what happens: once, by its rules, later where it has to be, and never more than names and dates.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{
    collections::VecDeque,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use common::Here;
use keyturn_app::{MessageKey, views::LockCause};
use keyturn_issuers::sandbox::{Faults, Sandbox, Seed, SeedKey};
use keyturn_model::Clock;
use keyturn_testkit::{PASSPHRASE, Seeded};
use secrecy::SecretString;
use serde_json::{Value, json};

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;
/// So often it is looked; 20 ms lie between.
const LOOKS: u32 = 1500;

/// A chat: what it was told, and what it answers instead of 200. An empty answer hangs until the chat is gone.
struct Chat {
    address: String,
    told: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
}

impl Chat {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let address = format!("http://{}/hook", listener.local_addr().expect("bound"));
        let (told, answers) = (Arc::default(), Arc::default());
        let chat = Self { address, told: Arc::clone(&told), answers: Arc::clone(&answers) };
        thread::spawn(move || {
            let mut hanging = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.expect("accepted");
                let text = said(&mut stream);
                let answer = answers.lock().expect("not poisoned").pop_front();
                told.lock().expect("not poisoned").push(text);
                match answer {
                    Some(answer) if answer.is_empty() => hanging.push(stream),
                    answer => {
                        let answer = answer.unwrap_or_else(|| status(200, ""));
                        stream.write_all(answer.as_bytes()).expect("answered");
                    }
                }
            }
        });
        chat
    }

    fn answers(&self, all: &[String]) {
        self.answers.lock().expect("not poisoned").extend(all.iter().cloned());
    }

    /// What it was told since it was asked last.
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().expect("not poisoned"))
    }
}

fn status(status: u16, more: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n{more}\r\n")
}

/// The text of a message.
fn said(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"\"}") {
        let mut one = [0];
        stream.read_exact(&mut one).expect("a whole request");
        request.extend(one);
    }
    let request = String::from_utf8(request).expect("text");
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["text"].as_str().expect("a text").to_owned()
}

const EVENTS: [&str; 5] = ["reminder", "success", "failure", "needsAttention", "restart"];

fn change(chat: &Chat, name: &str, rules: &Value) -> Value {
    let mut all = json!({
        "events": EVENTS, "severity": "warning", "environments": [], "kinds": [], "owners": [],
    });
    for (rule, value) in rules.as_object().expect("rules") {
        all[rule] = value.clone();
    }
    json!({
        "id": null, "version": 0, "name": name, "secrets": { "address": chat.address },
        "channel": { "setup": { "by": "chat", "private": true }, "on": true, "rules": all },
    })
}

fn join(here: &Here, chat: &Chat, rules: &Value) -> String {
    let name = chat.address.replace('/', " ");
    let saved = here.ask("save_channel", change(chat, &name, rules)).expect("saved");
    assert_eq!(saved["faults"], json!([]));
    saved["saved"].as_str().expect("an id").to_owned()
}

fn add(here: &Here, name: &str, environment: &str, expires_s: i64) -> String {
    let mut metadata = common::metadata(name, "secret");
    metadata["environment"] = json!(environment);
    metadata["expires"] = json!(here.clock.now().plus_seconds(expires_s).0);
    metadata["policy"] = json!("none");
    let new = json!([{ "metadata": metadata, "secrets": { "value": "fixture" }, "request": null }]);
    let done = here.ask("add_credentials", new).expect("added");
    done[0]["id"].as_str().expect("an id").to_owned()
}

/// Two seconds go by: in the first one somebody is told, in the second one the channels are.
fn tick(here: &Here) {
    for _ in 0..2 {
        here.app.tick();
        here.app.settle();
    }
}

fn go(here: &Here, seconds: i64) {
    here.clock.go(seconds);
    if here.session().vault.is_some() {
        here.ask("stay_unlocked", Value::Null).expect("open");
    }
    tick(here);
}

fn restart(here: &mut Here) {
    here.restart();
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    tick(here);
}

fn undelivered(here: &Here) -> Value {
    here.ask("read_notices", Value::Null).expect("read")["undelivered"].take()
}

fn waiting(here: &Here) -> i64 {
    let view = here.ask("list_channels", Value::Null).expect("listed");
    view["channels"][0]["waiting"].as_i64().expect("a number")
}

#[test]
fn a_reminder_is_told_in_the_channel_once_and_what_is_due_together_in_one_message() {
    let mut here = Here::new();
    here.create();
    let chat = Chat::start();
    join(&here, &chat, &json!({}));
    add(&here, "payment-gateway", "", 7 * DAY_S - 60);
    tick(&here);
    let told = chat.told();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("*payment-gateway expires within 7 days*"), "{told:?}");
    for _ in 0..3 {
        restart(&mut here);
        assert_eq!(chat.told(), [""; 0]);
    }
    for name in ["a", "b", "c"] {
        add(&here, name, "", 20 * DAY_S);
    }
    go(&here, 30 * DAY_S);
    let told = chat.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("*4 credentials are overdue*"), "{told:?}");
    assert!(told[0].contains("\nb expired 10 days ago"), "{told:?}");
}

#[test]
fn a_channel_tells_what_its_rules_say_and_nothing_that_was_before_it() {
    let here = Here::new();
    here.create();
    add(&here, "earlier", "prod", DAY_S - 60);
    tick(&here);
    here.clock.go(1);
    let [all, prod, urgent, runs, off] = [(); 5].map(|()| Chat::start());
    join(&here, &all, &json!({}));
    join(&here, &prod, &json!({ "environments": ["PROD"], "kinds": ["secret"] }));
    join(&here, &urgent, &json!({ "severity": "critical" }));
    join(&here, &runs, &json!({ "events": ["failure", "success"] }));
    let mut change = change(&off, "off", &json!({}));
    change["channel"]["on"] = json!(false);
    here.ask("save_channel", change).expect("saved");
    add(&here, "shop", "prod", 3 * DAY_S);
    add(&here, "till", "test", DAY_S / 2);
    tick(&here);
    let names = |chat: &Chat| {
        let told = chat.told().join("\n");
        ["earlier", "shop", "till"]
            .into_iter()
            .filter(|name| told.contains(name))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&all), ["shop", "till"]);
    assert_eq!(names(&prod), ["shop"]);
    assert_eq!(names(&urgent), ["till"]);
    assert_eq!(names(&runs), [""; 0]);
    assert_eq!(names(&off), [""; 0]);
}

#[test]
fn what_a_server_puts_off_is_sent_later_also_by_the_program_that_is_started_next() {
    let mut here = Here::new();
    here.create();
    let chat = Chat::start();
    join(&here, &chat, &json!({}));
    chat.answers(&[status(429, "Retry-After: 600\r\n"), status(500, "")]);
    add(&here, "payment-gateway", "", 7 * DAY_S - 60);
    tick(&here);
    assert_eq!((chat.told().len(), waiting(&here)), (1, 1));
    here.restart();
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    go(&here, 599);
    assert_eq!(chat.told().len(), 0, "it asked for ten minutes");
    go(&here, 1);
    assert_eq!(chat.told().len(), 1);
    go(&here, 239);
    assert_eq!(chat.told().len(), 0);
    go(&here, 1);
    assert_eq!((chat.told().len(), waiting(&here)), (1, 0));
    restart(&mut here);
    assert_eq!(chat.told().len(), 0);
    assert_eq!(undelivered(&here), json!([]));
}

#[test]
fn what_is_refused_for_good_or_for_a_day_is_told_as_such_until_somebody_settles_it() {
    let here = Here::new();
    here.create();
    let chat = Chat::start();
    join(&here, &chat, &json!({}));
    chat.answers(&[status(404, "")]);
    add(&here, "one", "", 7 * DAY_S - 60);
    tick(&here);
    assert_eq!(chat.told().len(), 1);
    let failed = undelivered(&here);
    assert_eq!(failed[0]["why"], "gone");
    assert_eq!(failed[0]["subject"], "one expires within 7 days");
    let again = json!({ "ids": [failed[0]["id"]], "again": true });
    here.ask("settle_undelivered", again).expect("settled");
    tick(&here);
    assert_eq!((chat.told().len(), undelivered(&here)), (1, json!([])));

    chat.answers(&vec![status(500, ""); 9]);
    add(&here, "other", "", 5 * DAY_S);
    tick(&here);
    for _ in 0..8 {
        assert_eq!((chat.told().len(), undelivered(&here)), (1, json!([])));
        go(&here, 6 * HOUR_S);
    }
    assert_eq!(chat.told().len(), 1);
    let failed = undelivered(&here);
    assert_eq!(failed[0]["why"], "unknown");
    let let_go = json!({ "ids": [failed[0]["id"]], "again": false });
    let after = here.ask("settle_undelivered", let_go).expect("settled");
    assert_eq!(after["undelivered"], json!([]));
    go(&here, HOUR_S);
    assert_eq!(chat.told().len(), 0);
}

#[test]
fn who_locks_waits_for_no_server_that_hangs_and_it_is_told_after_unlocking() {
    let here = Here::new();
    here.create();
    let chat = Chat::start();
    join(&here, &chat, &json!({}));
    chat.answers(&[String::new()]);
    add(&here, "payment-gateway", "", 7 * DAY_S - 60);
    here.app.tick();
    here.app.settle();
    here.app.tick();
    let until = |what: &dyn Fn() -> bool| {
        assert!((0..LOOKS).any(|_| {
            thread::sleep(Duration::from_millis(20));
            what()
        }));
    };
    until(&|| !chat.told.lock().expect("not poisoned").is_empty());
    here.app.lock(LockCause::Asked);
    assert!(!here.is_held(), "while the server hangs");
    chat.told();
    until(&|| {
        if here.session().vault.is_none() {
            here.unlock("Ana", PASSPHRASE).expect("unlocked");
        }
        here.app.tick();
        !chat.told.lock().expect("not poisoned").is_empty()
    });
    here.app.settle();
    assert_eq!((chat.told().len(), waiting(&here)), (1, 0));
}

#[test]
fn a_test_says_what_came_of_it_and_the_address_stays_a_secret() {
    let here = Here::new();
    here.create();
    let chat = Chat::start();
    let id = join(&here, &chat, &json!({}));
    let tried = here.ask("test_channel", json!({ "id": id })).expect("tried");
    assert_eq!(tried["why"], Value::Null);
    assert!(chat.told()[0].starts_with("*Keyturn: a test*"));
    chat.answers(&[status(403, "")]);
    let tried = here.ask("test_channel", json!({ "id": id })).expect("tried");
    assert_eq!(tried["why"], "denied");
    let listed = here.ask("list_channels", Value::Null).expect("listed");
    assert_eq!(listed["channels"][0]["secrets"], json!(["address"]));
    assert!(!listed.to_string().contains("/hook"), "the address is a secret as a whole");
    let mut wrong = change(&chat, "wrong", &json!({}));
    wrong["channel"]["setup"]["private"] = json!(false);
    let refused = here.ask("save_channel", wrong).expect("answered");
    assert_eq!(refused["faults"], json!([{ "field": "address", "why": "private" }]));
    here.ask("delete_channel", json!({ "id": id })).expect("deleted");
    let gone = here.ask("test_channel", json!({ "id": id })).expect_err("gone");
    assert_eq!(gone.message_key, MessageKey::SetupGone);
}

/// What a person would not want to read in a chat; nothing but names may be there.
const CANARIES: [&str; 5] = ["canary", "fixture", "key_", "://", "/"];

#[test]
fn every_message_has_names_and_dates_and_nothing_else_of_a_credential() {
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
        consumers: [("shop".into(), secret())].into(),
        clock: Arc::clone(&here.clock) as Arc<dyn Clock>,
        entropy: Seeded::new(5),
    };
    let sandbox = runtime.block_on(Sandbox::start(seed)).expect("started");
    let chat = Chat::start();
    let id = join(&here, &chat, &json!({}));
    let mut metadata = common::metadata("payment-gateway", "apiKey");
    for field in ["environment", "owner", "issuer", "description", "notes"] {
        metadata[field] = json!(format!("canary-{field}"));
    }
    metadata["tags"] = json!(["canary-tag"]);
    metadata["fields"] = json!({ "keyId": "key_old", "+canary": "canary-account" });
    let added = json!([{
        "metadata": metadata, "secrets": { "secret": "fixture-old" }, "request": null,
    }]);
    let added = here.ask("add_credentials", added).expect("added");
    assert!(added[0]["id"].is_string(), "{added}");
    let credential = added[0]["id"].clone();
    let account = |name: &str, secrets: Value, setup: Value| {
        let input =
            json!({ "id": null, "version": 0, "name": name, "secrets": secrets, "setup": setup });
        here.ask("save_account", input).expect("saved")["saved"].take()
    };
    let at = sandbox.address();
    let of_sandbox = account(
        "canary-account",
        json!({ "token": "fixture-token" }),
        json!({ "is": "sandbox", "address": at }),
    );
    let by_hand = account(
        "canary-console",
        json!({}),
        json!({
            "is": "byHand", "console": "https://canary.example.com", "steps": ["canary-step"],
            "overlaps": true,
        }),
    );
    let set_up = |version: i64, account: &Value| {
        let setup = json!({
            "account": account, "users": [], "validDays": null, "endSessions": false,
            "graceS": 60, "atOnce": 4, "automatic": false,
        });
        let input = json!({ "credential": credential, "version": version, "setup": setup });
        here.ask("set_up_rotation", input).expect("set up");
    };
    set_up(0, &of_sandbox);
    let consumer = json!({ "id": null, "version": 0, "consumer": {
        "name": "worker", "environment": "canary", "owner": "canary", "deployment": "service",
        "notes": "canary",
    } });
    let consumer = here.ask("save_consumer", consumer).expect("saved")["saved"].take();
    let setup = json!({
        "sending": {
            "by": "http", "address": format!("{at}/consumers/shop"),
            "body": "{{\"value\":{secret|json}}", "contentType": "application/json",
            "private": true,
        },
        "reloading": {
            "by": "command", "program": "/bin/true", "arguments": ["canary-argument"],
        },
        "check": { "by": "none" }, "takesS": 1, "awayS": 0,
    });
    let binding = json!({
        "id": null, "version": 0, "credential": credential, "consumer": consumer, "setup": setup,
        "secrets": { "delivery": "Bearer fixture-token" },
    });
    here.ask("save_binding", binding).expect("saved");
    let mut heard = Vec::new();
    let mut until_told = |what: &str| {
        for _ in 0..LOOKS {
            go(&here, 5);
            heard.extend(chat.told());
            if heard.iter().any(|text| text.contains(what)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{what}: {heard:?}")
    };
    let begin = || {
        let input = json!({ "credential": credential, "consent": false });
        here.ask("begin_rotation", input).expect("begun")["row"]["id"].take()
    };
    sandbox.fail(Faults { failing: Some("shop".to_owned()), ..Faults::default() });
    begin();
    until_told("*Urgent: the rotation of payment-gateway failed*");
    sandbox.fail(Faults::default());
    begin();
    until_told("*Rotated: payment-gateway*");
    set_up(1, &by_hand);
    let run = begin();
    until_told("*The rotation of payment-gateway needs you*");
    let seen = here.ask("read_run", json!({ "id": run })).expect("read");
    let undo = json!({ "id": run, "wish": "undo", "seen": seen["revision"] });
    here.ask("ask_run", undo).expect("asked");
    for _ in 0..LOOKS {
        let run = here.ask("read_run", json!({ "id": run })).expect("read");
        if run["row"]["status"] == "undone" {
            break;
        }
        go(&here, 5);
        thread::sleep(Duration::from_millis(20));
    }
    let one = here.ask("read_credential", json!({ "id": credential })).expect("read");
    let rotates = one["credential"]["rotates"].as_i64().unwrap_or_else(|| panic!("{one:#}"));
    let left = (rotates - here.clock.now().0) / 1000;
    go(&here, left - 48 * HOUR_S - 60);
    here.ask("stay_unlocked", Value::Null).expect("open");
    until_told("*The rotation of payment-gateway will restart what uses it*");
    go(&here, 2 * DAY_S);
    until_told("*payment-gateway is to be rotated");
    set_up(2, &of_sandbox);
    let scope = json!({ "of": "credentials", "ids": [credential] });
    let incident = json!({ "cause": "chosen", "drill": false, "scope": scope });
    let incident = here.ask("open_incident", incident).expect("opened");
    let which = incident["row"]["id"].clone();
    let change = json!({ "of": "order", "order": "revokeOnly" });
    let change = json!({ "id": which, "version": incident["version"], "change": change });
    let incident = here.ask("change_incident", change).expect("changed");
    let begin = json!({
        "id": which, "version": incident["version"], "typed": incident["row"]["reference"],
    });
    here.ask("start_incident", begin).expect("started");
    until_told("*Urgent: payment-gateway is revoked, and nothing took its place*");
    here.ask("test_channel", json!({ "id": id })).expect("tried");
    heard.extend(chat.told());
    assert!(heard.iter().any(|text| text.contains("Restarted:\nworker")), "{heard:?}");
    for text in &heard {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }
    let count = |what: &str| heard.iter().filter(|text| text.contains(what)).count();
    assert_eq!((count("*Urgent"), count("*Rotated"), count("will restart")), (2, 1, 1));
}
