//! Credentials as the window asks for them: added, found, taken, changed by two at once, deleted.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::sync::atomic::Ordering;

use common::{Here, metadata};
use keyturn_app::{Happening, MessageKey, views::LockCause};
use keyturn_testkit::{PASSPHRASE, surroundings};
use keyturn_vault::{ClosedVault, Draft, Folder, Secret};
use serde_json::{Value, json};

const USUAL: fn() -> Value = || json!({ "by": "name", "descending": false, "group": null });

fn api_key(name: &str, risk: &str) -> Value {
    let mut known = metadata(name, "apiKey");
    known["risk"] = json!(risk);
    known["fields"] = json!({ "keyId": "key_8f2c", "+console": "https://console.example" });
    json!({ "metadata": known, "secrets": { "secret": "fixture-value-of-it", "+pin": "fixture 1234" }, "request": null })
}

fn add(here: &Here, new: Value) -> String {
    let done = here.ask("add_credentials", json!([new])).expect("asked");
    assert!(done[0]["problem"].is_null(), "{done}");
    done[0]["id"].as_str().expect("an id").to_owned()
}

fn read(here: &Here, id: &str) -> Value {
    here.ask("read_credential", json!({ "id": id })).expect("read")
}

fn names(here: &Here, query: &str) -> Vec<String> {
    let asked = json!({ "query": query, "ordering": USUAL(), "from": 0, "most": 50 });
    let list = here.ask("list_credentials", asked).expect("listed");
    list["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["name"].as_str().expect("a name").to_owned())
        .collect()
}

fn value_of(id: &str, field: Option<&str>, passphrase: Option<&str>) -> Value {
    json!({ "id": id, "number": null, "field": field, "passphrase": passphrase })
}

#[test]
fn a_credential_is_added_and_nothing_but_reveal_gives_its_value() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("payment-gateway", "standard"));
    let view = read(&here, &id);
    assert_eq!(view["credential"]["metadata"]["fields"]["keyId"], "key_8f2c");
    assert_eq!(view["facts"]["keyId"], "key_8f2c");
    assert_eq!(view["policy"]["rule"]["days"], 90);
    assert_eq!(view["next"].as_array().expect("dates").len(), 3);
    assert_eq!(view["credential"]["versions"][0]["fields"], json!(["+pin", "secret"]));
    let list = json!({ "query": "payment", "ordering": USUAL(), "from": 0, "most": 50 });
    for (name, input) in [
        ("read_credential", json!({ "id": id })),
        ("list_credentials", list),
        ("read_activity", json!({ "id": id, "before": null })),
        ("read_words", Value::Null),
        ("duplicate_credential", json!({ "id": id })),
        (
            "change_many",
            json!({ "seen": [{ "id": id, "version": 1 }], "change": { "to": "pause" } }),
        ),
    ] {
        let told = here.ask(name, input).expect(name).to_string();
        assert!(!told.contains("fixture"), "{name}: {told}");
    }
    let revealed = here.ask("reveal_value", value_of(&id, None, None)).expect("revealed");
    assert_eq!(revealed["value"], "fixture-value-of-it");
    let pin = here.ask("reveal_value", value_of(&id, Some("+pin"), None)).expect("revealed");
    assert_eq!(pin["value"], "fixture 1234");
    let none = here.ask("reveal_value", value_of(&id, Some("keyId"), None)).expect_err("no secret");
    assert_eq!(none.message_key, MessageKey::ValueNone);
}

#[test]
fn how_long_a_secret_is_and_how_hard_to_guess_is_told_without_it() {
    let here = Here::new();
    here.create();
    let mut new = api_key("payment-gateway", "high");
    new["secrets"] = json!({ "secret": "aZ9k".repeat(16), "+note": "two\nlines" });
    let id = add(&here, new);
    let view = read(&here, &id);
    assert_eq!(view["measures"], json!({ "secret": { "characters": 64, "bits": 381 } }));
    assert!(!view.to_string().contains("aZ9k"), "{view}");
}

#[test]
fn a_form_with_faults_is_not_kept_and_says_where() {
    let here = Here::new();
    here.create();
    let mut bad = api_key("", "standard");
    bad["metadata"]["kind"] = json!("databaseLogin");
    let weighed = here.ask("weigh_credential", bad.clone()).expect("weighed");
    let faults: Vec<_> = weighed["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| fault["field"].clone())
        .collect();
    assert!(faults.contains(&json!("user")) && faults.contains(&json!("password")), "{faults:?}");
    assert_eq!(weighed["metadataFaults"], json!(["name"]));
    let done =
        here.ask("add_credentials", json!([bad, api_key("good", "standard")])).expect("asked");
    assert_eq!(done[0]["problem"]["messageKey"], "credential.refused");
    assert!(done[1]["problem"].is_null());
    assert_eq!(names(&here, ""), ["good"]);
    assert!(!done.to_string().contains("fixture"));
}

#[test]
fn each_fault_names_its_own_field() {
    let here = Here::new();
    here.create();
    let long = "x".repeat(256 * 1024 + 1);
    let faults = |change: &dyn Fn(&mut Value)| {
        let mut new = api_key("a", "standard");
        change(&mut new);
        let weighed = here.ask("weigh_credential", new).expect("weighed");
        weighed["metadataFaults"].clone()
    };
    for name in ["environment", "owner", "issuer", "description", "notes"] {
        assert_eq!(faults(&|new| new["metadata"][name] = json!(long)), json!([name]));
    }
    let tags: Vec<String> = (0..1001).map(|n| format!("tag-{n}")).collect();
    assert_eq!(faults(&|new| new["metadata"]["tags"] = json!(tags[..1000])), json!([]));
    assert_eq!(faults(&|new| new["metadata"]["tags"] = json!(tags)), json!(["tags"]));
    let own = json!(["ownField"]);
    assert_eq!(faults(&|new| new["metadata"]["fields"]["+note"] = json!(long)), own);
    assert_eq!(faults(&|new| new["secrets"]["+pin"] = json!(long)), own);
    assert_eq!(faults(&|new| new["secrets"]["+"] = json!("fixture")), own);
    assert_eq!(faults(&|new| new["secrets"][format!("+{}", "x".repeat(101))] = json!("1")), own);
    // The pin is a secret one already.
    assert_eq!(faults(&|new| new["metadata"]["fields"]["+pin"] = json!("1")), own);
}

#[test]
fn the_same_request_adds_once() {
    let here = Here::new();
    here.create();
    let mut new = api_key("a", "standard");
    new["request"] = json!("once");
    assert_eq!(add(&here, new.clone()), add(&here, new));
    assert_eq!(names(&here, ""), ["a"]);
}

#[test]
fn a_high_risk_value_asks_for_the_passphrase_again_after_five_minutes() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("payments", "high"));
    for command in ["reveal_value", "copy_value"] {
        here.ask("reveal_value", value_of(&id, None, Some(PASSPHRASE)))
            .expect("with the passphrase");
        here.clock.go(299);
        here.ask(command, value_of(&id, None, None)).expect("within five minutes");
        here.clock.go(1);
        assert_eq!(read(&here, &id)["asksPassphrase"], true);
        let asked = here.ask(command, value_of(&id, None, None)).expect_err("later");
        assert_eq!(asked.message_key, MessageKey::ValuePassphrase);
        let wrong = here.ask(command, value_of(&id, None, Some("x"))).expect_err("wrong");
        assert_eq!(wrong.message_key, MessageKey::PassphraseWrong);
    }
    let view = read(&here, &id);
    assert_eq!(view["credential"]["counters"]["reveals"], 3);
    assert_eq!(view["credential"]["counters"]["copies"], 1);
    // What may be seen is no secret.
    here.ask("copy_value", value_of(&id, Some("keyId"), None)).expect("copied");
    assert_eq!(here.clipboard.text(), Some(("key_8f2c".to_owned(), false)));
}

#[test]
fn a_copied_secret_is_marked_and_taken_out_after_its_time_or_at_locking() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    let copied = here.ask("copy_value", value_of(&id, None, None)).expect("copied");
    assert_eq!(copied["name"], "a");
    assert!(!copied.to_string().contains("fixture"));
    let ours = Some(("fixture-value-of-it".to_owned(), true));
    assert_eq!(here.clipboard.text(), ours);
    here.clock.go(29);
    here.app.tick();
    assert_eq!(here.clipboard.text(), ours);
    here.clock.go(1);
    here.app.tick();
    assert_eq!(here.clipboard.text(), None);

    here.ask("copy_value", value_of(&id, None, None)).expect("copied");
    here.app.lock(LockCause::Asked);
    assert_eq!(here.clipboard.text(), None);
    let told = here.heard.lock().expect("not poisoned");
    let cleared = |happening: &&Happening| matches!(happening, Happening::Clipboard(None));
    assert!(told.iter().filter(cleared).count() >= 2);
}

#[test]
fn at_its_end_the_program_takes_out_what_it_copied_and_nothing_else() {
    use keyturn_app::Clipboard;
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    let copy = || here.ask("copy_value", value_of(&id, None, None)).expect("copied");
    copy();
    here.app.close();
    assert_eq!(here.clipboard.text(), None);
    assert!(here.session().vault.is_none(), "it is locked");

    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    copy();
    here.clipboard.put("a recipe for soup", false).expect("put");
    here.app.close();
    assert_eq!(here.clipboard.text(), Some(("a recipe for soup".to_owned(), false)));

    // A clipboard that refused at locking is asked once more.
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    copy();
    here.clipboard.gone.store(true, Ordering::SeqCst);
    here.app.lock(LockCause::Asked);
    here.clipboard.gone.store(false, Ordering::SeqCst);
    assert!(here.clipboard.text().is_some());
    here.app.close();
    assert_eq!(here.clipboard.text(), None);
}

#[test]
fn what_somebody_else_copied_stays_in_the_clipboard() {
    use keyturn_app::Clipboard;
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    here.ask("copy_value", value_of(&id, None, None)).expect("copied");
    here.clipboard.put("a recipe for soup", false).expect("put");
    here.clock.go(60);
    here.app.tick();
    here.app.lock(LockCause::Asked);
    assert_eq!(here.clipboard.text(), Some(("a recipe for soup".to_owned(), false)));
}

#[test]
fn without_a_clipboard_nothing_is_copied_and_it_is_said() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    here.clipboard.gone.store(true, Ordering::SeqCst);
    let missing = here.ask("copy_value", value_of(&id, None, None)).expect_err("no clipboard");
    assert_eq!(missing.message_key, MessageKey::ClipboardMissing);
    here.app.lock(LockCause::Asked);
}

#[test]
fn two_edits_never_overwrite_each_other() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    let mut known = read(&here, &id)["credential"]["metadata"].clone();
    known["owner"] = json!("data");
    let mine = json!({ "id": id, "version": 1, "metadata": known });
    here.ask("change_credential", mine.clone()).expect("changed");
    let theirs = here.ask("change_credential", mine).expect_err("a second time");
    assert_eq!(theirs.message_key, MessageKey::VaultChanged);
    let value = |version| {
        json!({
            "id": id, "version": version, "fields": known["fields"], "expires": null,
            "secrets": { "secret": "fixture the second" },
        })
    };
    assert_eq!(
        here.ask("replace_value", value(1)).expect_err("older").message_key,
        MessageKey::VaultChanged
    );
    let view = here.ask("replace_value", value(2)).expect("replaced");
    let stages: Vec<_> = view["credential"]["versions"]
        .as_array()
        .expect("all")
        .iter()
        .map(|v| v["stage"].clone())
        .collect();
    assert_eq!(stages, [json!("current"), json!("previous")]);
    // The own secret field was not named and stays.
    let pin = here.ask("reveal_value", value_of(&id, Some("+pin"), None)).expect("revealed");
    assert_eq!(pin["value"], "fixture 1234");
}

#[test]
fn a_key_id_that_is_edited_is_the_one_that_runs_and_copies_know_the_value_by() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    let key_of = |view: &Value| view["credential"]["versions"][0]["keyId"].clone();
    let mut known = read(&here, &id)["credential"]["metadata"].clone();
    assert_eq!(key_of(&read(&here, &id)), "key_8f2c");
    known["fields"]["keyId"] = json!("key_B");
    let change = json!({ "id": id, "version": 1, "metadata": known });
    assert_eq!(key_of(&here.ask("change_credential", change).expect("changed")), "key_B");
    assert_eq!(names(&here, "key_B"), ["a"]);
    let copy = here.ask("duplicate_credential", json!({ "id": id })).expect("a copy");
    assert_eq!(key_of(&copy), "key_B");
}

#[test]
fn what_was_wrong_before_an_edit_hinders_it_not() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    here.app.lock(LockCause::Asked);
    by_hand(&here, r#"UPDATE credential SET fields = '{"header":"two\nlines"}'"#);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let mut known = read(&here, &id)["credential"]["metadata"].clone();
    let version = read(&here, &id)["credential"]["row"]["version"].clone();
    known["description"] = json!("of the shop");
    let mut change = json!({ "id": id, "version": version, "metadata": known });
    let changed = here.ask("change_credential", change.clone()).expect("changed");
    assert_eq!(changed["credential"]["metadata"]["description"], "of the shop");
    change["version"] = changed["credential"]["row"]["version"].clone();
    change["metadata"]["name"] = json!("");
    let refused = here.ask("change_credential", change).expect_err("a new fault");
    assert_eq!(refused.details.get("what").map(String::as_str), Some("the name cannot be one"));
}

/// Another program writes into the vault.
fn by_hand(here: &Here, update: &str) {
    let (_, around) = surroundings(5);
    let closed = ClosedVault::look(Folder::at(here.place("Acme").into())).expect("there");
    let ana = closed.members()[0].id;
    let passphrase = PASSPHRASE.into();
    let vault = closed.unlock(ana, &Secret::Passphrase(&passphrase), &around, &|_| {});
    let written =
        vault.expect("unlocked").write(Draft::of("vault.tested"), &["credential"], |all| {
            Ok(all.execute(update, []).expect("written"))
        });
    assert_eq!(written.expect("kept"), 1);
}

#[test]
fn an_own_secret_is_removed_with_a_new_value_and_the_value_itself_is_not() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("a", "standard"));
    let without = |field: &str| {
        let fields = read(&here, &id)["credential"]["metadata"]["fields"].clone();
        let secrets = json!({ field: "" });
        let input = json!({ "id": id, "version": 1, "fields": fields, "expires": null, "secrets": secrets });
        here.ask("replace_value", input)
    };
    let refused = without("secret").expect_err("it is about it");
    assert_eq!(refused.message_key, MessageKey::CredentialRefused);
    let view = without("+pin").expect("removed");
    assert_eq!(view["credential"]["versions"][0]["fields"], json!(["secret"]));
    assert_eq!(view["credential"]["versions"][1]["fields"], json!(["+pin", "secret"]));
}

#[test]
fn what_a_certificate_tells_is_kept_and_its_expiry_counts() {
    let here = Here::new();
    here.create();
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo tells it");
    let fixture = |name: &str| {
        let file = format!("{folder}/../kinds/tests/fixtures/{name}");
        std::fs::read_to_string(file).expect("a fixture").replace("=====", "-----")
    };
    let mut known = metadata("edge-cert", "certificate");
    known["fields"] = json!({ "chain": fixture("rsa_chain.fixture.pem") });
    let new = json!({
        "metadata": known, "secrets": { "privateKey": fixture("rsa_leaf.fixture.key") }, "request": null,
    });
    let id = add(&here, new.clone());
    let view = read(&here, &id);
    assert_eq!(view["facts"]["algorithm"], "RSA 2048");
    assert!(view["facts"]["expires"].is_number());
    assert_eq!(view["credential"]["row"]["expires"], view["facts"]["expires"]);
    let mut other = new;
    other["secrets"]["privateKey"] = json!(fixture("p384_leaf.fixture.key"));
    let weighed = here.ask("weigh_credential", other).expect("weighed");
    assert_eq!(weighed["faults"][0]["why"]["is"], "keyDoesNotFit");
}

#[test]
fn a_paste_fills_the_form_and_a_new_value_says_its_strength() {
    let here = Here::new();
    here.create();
    let pasted = "postgres://app:fixture@db.example:5432/orders";
    let found = here.ask("recognise_paste", json!({ "text": pasted })).expect("asked");
    assert_eq!(found["kind"], "databaseLogin");
    assert_eq!(found["fields"]["user"], "app");
    assert!(here.ask("recognise_paste", json!({ "text": "hello" })).expect("asked").is_null());
    let made = here
        .ask("generate_value", json!({ "recipe": { "recipe": "key", "length": 64 } }))
        .expect("made");
    assert_eq!(made["bits"], 381);
    assert_eq!(made["value"].as_str().expect("a value").len(), 64);
    let refused = here.ask("generate_value", json!({ "recipe": { "recipe": "key", "length": 7 } }));
    assert_eq!(refused.expect_err("refused").message_key, MessageKey::InputRefused);
}

#[test]
fn what_cannot_be_read_in_whole_is_neither_changed_nor_copied_nor_rotated_and_its_value_is_there() {
    let here = Here::new();
    here.create();
    let id = add(&here, api_key("payment-gateway", "standard"));
    here.app.lock(LockCause::Asked);
    by_hand(&here, "UPDATE credential SET fields = '{'");
    here.unlock("Ana", PASSPHRASE).expect("unlocked");

    let view = read(&here, &id);
    assert_eq!(view["credential"]["unread"], json!(["fields"]));
    let metadata = view["credential"]["metadata"].clone();
    let version = &view["credential"]["row"]["version"];
    let change = json!({ "id": id, "version": version, "metadata": metadata });
    for (name, input) in [
        ("change_credential", change),
        ("duplicate_credential", json!({ "id": id })),
        ("plan_rotation", json!({ "credential": id, "consent": false })),
        ("begin_rotation", json!({ "credential": id, "consent": false })),
    ] {
        let refused = here.ask(name, input).expect_err(name);
        assert_eq!(refused.message_key, MessageKey::CredentialUnreadable, "{name}");
    }
    let revealed = here.ask("reveal_value", value_of(&id, None, None)).expect("revealed");
    assert_eq!(revealed["value"], "fixture-value-of-it");
}

#[test]
fn deleting_asks_for_the_name_or_for_how_many() {
    let here = Here::new();
    here.create();
    let (a, b) = (add(&here, api_key("a", "standard")), add(&here, api_key("b", "standard")));
    let delete = |ids: &[&String], typed: &str| {
        here.ask("delete_credentials", json!({ "ids": ids, "typed": typed }))
    };
    assert_eq!(delete(&[&a], "b").expect_err("mistyped").message_key, MessageKey::DeleteMistyped);
    assert_eq!(
        delete(&[&a, &b], "a").expect_err("mistyped").message_key,
        MessageKey::DeleteMistyped
    );
    assert!(delete(&[&a, &b], " 2 ").expect("deleted")[1]["problem"].is_null());
    assert!(names(&here, "").is_empty());
    let gone = here.ask("read_credential", json!({ "id": a })).expect_err("gone");
    assert_eq!(gone.message_key, MessageKey::CredentialGone);
}

#[test]
fn many_are_changed_with_an_answer_for_each() {
    let here = Here::new();
    here.create();
    let a = add(&here, api_key("a", "standard"));
    let gone = "019a0000-0000-7000-8000-000000000000";
    let change = |version: u32, change: Value| {
        let seen = json!([{ "id": a, "version": version }, { "id": gone, "version": 1 }]);
        here.ask("change_many", json!({ "seen": seen, "change": change })).expect("asked")
    };
    let tag = |tag: &str| json!({ "to": "words", "owner": null, "environment": null, "add": [tag], "remove": [] });
    let done = change(1, tag("#pci"));
    assert!(done[0]["problem"].is_null());
    assert_eq!(done[1]["problem"]["messageKey"], "credential.gone");
    assert_eq!(names(&here, "#pci"), ["a"]);
    change(2, json!({ "to": "policy", "policy": "none" }));
    assert_eq!(names(&here, "policy:none"), ["a"]);
    let refused = change(3, tag("two words"));
    assert_eq!(refused[0]["problem"]["messageKey"], "credential.refused");
    let overtaken = change(2, tag("eu"));
    assert_eq!(overtaken[0]["problem"]["messageKey"], "vault.changed");
    assert_eq!(overtaken[0]["name"], "a");
}

#[test]
fn policies_and_views_are_kept_under_names_of_their_own() {
    let here = Here::new();
    here.create();
    let policy = |days: u32| {
        json!({
            "rule": { "when": "every", "days": days }, "graceHours": 24, "warningDays": 7,
            "window": null, "frameworks": ["pciDss"],
        })
    };
    let save = |name: &str, days: u32| {
        here.ask(
            "save_policy",
            json!({ "id": null, "version": 0, "name": name, "policy": policy(days) }),
        )
    };
    let kept = save("Payments", 10).expect("kept");
    assert_eq!(kept["own"][0]["policy"]["frameworks"], json!(["pciDss"]));
    assert_eq!(kept["usual"].as_array().expect("kinds").len(), 11);
    assert_eq!(save("payments", 10).expect_err("taken").message_key, MessageKey::NameTaken);
    assert_eq!(save("x", 0).expect_err("no days").message_key, MessageKey::PolicyRefused);
    let trial = json!({ "policy": policy(0), "rotated": null, "expires": null });
    let meaning = here.ask("try_policy", trial).expect("tried");
    assert_eq!(meaning, json!({ "faults": ["days"], "next": [] }));
    let view = json!({ "id": null, "name": "Mine", "query": "owner:me", "ordering": USUAL() });
    let views = here.ask("save_view", view).expect("kept");
    assert_eq!(views["saved"][0]["query"], "owner:me");
    let id = views["saved"][0]["id"].clone();
    let views = here.ask("delete_view", json!({ "id": id })).expect("deleted");
    assert_eq!(views["saved"], json!([]));
}
