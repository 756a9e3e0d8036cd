//! A run that would cut off what it logs in with is refused, as the plan says.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{cell::Cell, collections::BTreeMap};

use base64::{Engine, prelude::BASE64_STANDARD};
use common::Here;
use keyturn_app::MessageKey;
use serde_json::{Value, json};

/// Nobody listens there.
const NOBODY: &str = "https://127.0.0.1:9";
const TEMPLATE: &str = r#"
name = "Own"
facts = "https://example.com"
making = "minted"
secrets = ["token"]
headers = { authorization = "Bearer {token}" }
create = { request = "POST https://127.0.0.1:9/keys", value = "/secret", key = "/id" }
"#;

struct Stage {
    here: Here,
    made: Cell<u32>,
}

impl Stage {
    fn new() -> Self {
        let here = Here::new();
        here.create();
        Self { here, made: Cell::new(0) }
    }

    fn name(&self) -> String {
        self.made.set(self.made.get() + 1);
        format!("fixture {}", self.made.get())
    }

    fn credential(&self, kind: &str, fields: &Value, secrets: &Value) -> String {
        let mut metadata = common::metadata(&self.name(), kind);
        metadata["fields"] = fields.clone();
        let added = json!([{ "metadata": metadata, "secrets": secrets, "request": null }]);
        let added = self.here.ask("add_credentials", added).expect("added");
        added[0]["id"].as_str().expect("an id").to_owned()
    }

    fn rotate_by(&self, credential: &str, setup: &Value, secrets: &Value, users: &Value) {
        let account = json!({
            "id": null, "version": 0, "name": self.name(), "setup": setup, "secrets": secrets,
        });
        let saved = self.here.ask("save_account", account).expect("saved");
        assert_eq!(saved["faults"], json!([]), "{setup}");
        let setup = json!({
            "account": saved["saved"], "users": users, "validDays": null, "endSessions": false,
            "graceS": 60, "atOnce": 4, "automatic": false,
        });
        let input = json!({ "credential": credential, "version": 0, "setup": setup });
        let seen = self.here.ask("set_up_rotation", input).expect("set up");
        assert_eq!(seen["faults"], json!([]));
    }

    fn bind(&self, credential: &str, setup: &Value, secrets: &Value) {
        let consumer = json!({
            "name": self.name(), "environment": "", "owner": "", "deployment": "service",
            "notes": "",
        });
        let input = json!({ "id": null, "version": 0, "consumer": consumer });
        let consumer = self.here.ask("save_consumer", input).expect("saved")["saved"].clone();
        let input = json!({
            "id": null, "version": 0, "credential": credential, "consumer": consumer,
            "setup": setup, "secrets": secrets,
        });
        let saved = self.here.ask("save_binding", input).expect("saved");
        assert_eq!(saved["faults"], json!([]), "{saved}");
    }

    /// Whether the plan is refused, and the beginning too, as the run would cut itself off.
    fn cuts_itself_off(&self, credential: &str) -> bool {
        let input = json!({ "credential": credential, "consent": false });
        match self.here.ask("plan_rotation", input.clone()) {
            Ok(_) => false,
            Err(error) => {
                assert_eq!(error.message_key, MessageKey::RotationCycle);
                let begun = self.here.ask("begin_rotation", input).expect_err("refused");
                assert_eq!(begun.message_key, MessageKey::RotationCycle);
                true
            }
        }
    }

    fn key(&self) -> String {
        let secret = json!({ "secret": "fixture-value" });
        self.credential("apiKey", &json!({ "keyId": "key_old" }), &secret)
    }
}

fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

fn webhook(signs: bool) -> Value {
    json!({
        "is": "webhook", "address": NOBODY, "signs": signs, "verifies": false, "revokes": false,
        "overlaps": true, "private": true,
    })
}

fn server(is: &str, user: &str) -> Value {
    json!({
        "is": is, "host": "127.0.0.1", "port": 9, "database": "", "user": user, "tls": "off",
    })
}

#[test]
fn a_credential_that_is_the_secret_of_its_own_issuer_account_is_not_rotated_by_it() {
    let stage = Stage::new();
    let signing =
        json!({ "is": "signingSecret", "receiver": NOBODY, "sender": NOBODY, "private": true });
    let http = json!({ "is": "http", "preset": null, "template": TEMPLATE, "blanks": {}, "private": true });
    let plain = ["fixture-value"].map(str::to_owned).to_vec();
    let headers = ["fixture-value", "Bearer fixture-value"].map(str::to_owned).to_vec();
    let headers = [headers, vec![basic("ana:fixture-value"), basic("fixture-value:")]].concat();
    for (setup, names, forms) in [
        (webhook(false), &["secret"][..], &plain),
        (webhook(true), &["secret"], &plain),
        (http, &["token"], &plain),
        (signing, &["receiver", "sender"], &headers),
        (server("postgres", "admin"), &["password"], &plain),
        (server("redis", ""), &["password"], &plain),
    ] {
        let refused = |own: &str, shown: &str| {
            let credential = stage.key();
            let mut secrets: BTreeMap<&str, &str> =
                names.iter().map(|name| (*name, "fixture-other")).collect();
            secrets.insert(own, shown);
            stage.rotate_by(&credential, &setup, &json!(secrets), &json!([]));
            stage.cuts_itself_off(&credential)
        };
        for own in names {
            for shown in forms {
                assert!(refused(own, shown), "{setup} {own} {shown}");
            }
            assert!(!refused(own, "fixture-value-of-another"), "{setup} {own}");
        }
    }
}

#[test]
fn any_secret_field_counts_and_an_empty_one_does_not() {
    let stage = Stage::new();
    for (refresh, own, cut_off) in [
        ("fixture-refresh", "fixture-refresh", true),
        ("fixture-refresh", "fixture-other", false),
        ("", "Bearer ", false),
    ] {
        let secrets = json!({ "clientSecret": "fixture-value", "refreshToken": refresh });
        let credential = stage.credential("oauthClient", &json!({ "clientId": "app" }), &secrets);
        stage.rotate_by(&credential, &webhook(false), &json!({ "secret": own }), &json!([]));
        assert_eq!(stage.cuts_itself_off(&credential), cut_off, "{refresh} {own}");
    }
}

#[test]
fn at_a_server_the_name_says_whose_login_it_is() {
    let stage = Stage::new();
    for (is, own, user, password, turns, cut_off) in [
        ("postgres", "admin", "admin", "fixture-other", json!([]), true),
        ("postgres", "admin", "app_a", "fixture-other", json!(["app_a", "admin"]), true),
        ("redis", "", "default", "fixture-other", json!([]), true),
        // Two users of one password are two logins.
        ("postgres", "admin", "app", "fixture-value", json!([]), false),
        ("mariadb", "admin", "app_a", "fixture-value", json!(["app_a", "app_b"]), false),
    ] {
        let fields = json!({ "engine": "other", "user": user });
        let secrets = json!({ "password": "fixture-value" });
        let credential = stage.credential("databaseLogin", &fields, &secrets);
        stage.rotate_by(&credential, &server(is, own), &json!({ "password": password }), &turns);
        assert_eq!(stage.cuts_itself_off(&credential), cut_off, "{is} {own} {user} {turns}");
    }
}

#[test]
fn a_credential_with_which_a_delivery_a_reload_or_a_check_logs_in_is_not_rotated_under_it() {
    let stage = Stage::new();
    let bound = |sending: Value, reloading: Value, check: Value| {
        json!({
            "sending": sending, "reloading": reloading, "check": check, "takesS": 1, "awayS": 0,
        })
    };
    let over_http = bound(
        json!({
            "by": "http", "address": NOBODY, "body": "{secret}", "contentType": "text/plain",
            "private": true,
        }),
        json!({ "by": "http", "address": NOBODY, "private": true }),
        json!({
            "by": "http", "address": NOBODY, "status": 200, "pointer": "", "expected": "",
            "private": true,
        }),
    );
    let otherwise = bound(
        json!({ "by": "byHand", "who": "Ana", "steps": ["Paste it."] }),
        json!({ "by": "live" }),
        json!({ "by": "none" }),
    );
    for place in ["delivery", "reload", "check"] {
        for (setup, shown, cut_off) in [
            (&over_http, "fixture-value".to_owned(), true),
            (&over_http, "Bearer fixture-value".to_owned(), true),
            (&over_http, basic("ana:fixture-value"), true),
            (&over_http, basic("ana:fixture-other"), false),
            (&over_http, "Bearer fixture-other".to_owned(), false),
            // Kept from before, and not used any more.
            (&otherwise, "Bearer fixture-value".to_owned(), false),
        ] {
            let credential = stage.key();
            let own = json!({ "secret": "fixture-own" });
            stage.rotate_by(&credential, &webhook(false), &own, &json!([]));
            stage.bind(&credential, setup, &json!({ place: shown }));
            assert_eq!(stage.cuts_itself_off(&credential), cut_off, "{place} {shown} {setup}");
        }
    }
}

#[test]
fn a_pair_that_names_another_user_is_another_login() {
    let stage = Stage::new();
    for (user, cut_off) in [("ana", true), ("bob", false)] {
        let secrets = json!({ "password": "fixture-value" });
        let credential = stage.credential("login", &json!({ "user": user }), &secrets);
        let signing =
            json!({ "is": "signingSecret", "receiver": NOBODY, "sender": NOBODY, "private": true });
        let own = json!({ "receiver": basic("ana:fixture-value"), "sender": "fixture-other" });
        stage.rotate_by(&credential, &signing, &own, &json!([]));
        assert_eq!(stage.cuts_itself_off(&credential), cut_off, "{user}");
    }
}
