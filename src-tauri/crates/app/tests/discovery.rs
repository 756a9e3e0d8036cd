//! Uses and leaks are found, looked at and accepted as the window asks for it; no value is ever told.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{fs, path::Path, process::Command};

use common::{Here, metadata};
use keyturn_app::MessageKey;
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};

const PAY: &str = "fixture-value-of-pay";
const MAIL: &str = "fixture-value-of-mail";

/// A vault that knows two values, open.
fn open() -> Here {
    let here = Here::new();
    here.create();
    for (name, value) in [("pay-key", PAY), ("mail-relay", MAIL)] {
        let new = json!([{
            "metadata": metadata(name, "secret"), "secrets": { "value": value }, "request": null,
        }]);
        here.ask("add_credentials", new).expect("added");
    }
    here
}

fn put(here: &Here, name: &str, text: impl AsRef<[u8]>) {
    let place = here.folder.path().join("src").join(name);
    fs::create_dir_all(place.parent().expect("a folder")).expect("made");
    fs::write(place, text).expect("written");
}

fn look(here: &Here) -> Value {
    let folders = json!([here.place("src")]);
    let input = json!({ "in": "folders", "folders": folders, "histories": true });
    here.ask("look_for_uses", input).expect("searched")
}

/// What was found: sort, state, which credential, who.
fn told(view: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let finds = view["finds"].as_array().expect("a list").iter();
    finds
        .map(|find| {
            let who = text(&find["consumer"]["name"]);
            let [sort, state, of] =
                ["sort", "state", "credentialName"].map(|name| text(&find[name]));
            format!("{sort} {state} {of} {who}")
        })
        .collect()
}

fn accept(here: &Here, view: &Value, which: &str) -> Value {
    let finds = view["finds"].as_array().expect("a list").iter().zip(told(view));
    let chosen: Vec<&Value> =
        finds.filter(|(_, told)| told.starts_with(which)).map(|(find, _)| &find["at"]).collect();
    assert!(!chosen.is_empty(), "{which} of {:?}", told(view));
    here.ask("accept_finds", json!({ "accept": chosen })).expect("accepted")
}

fn consumers(here: &Here) -> Vec<Value> {
    let view = here.ask("list_consumers", Value::Null).expect("listed");
    view["consumers"].as_array().expect("a list").clone()
}

fn status(here: &Here, name: &str) -> String {
    let ordering = json!({ "by": "name", "descending": false, "group": null });
    let input = json!({ "query": name, "ordering": ordering, "from": 0, "most": 10 });
    let list = here.ask("list_credentials", input).expect("listed");
    list["rows"][0]["status"].as_str().expect("a status").to_owned()
}

fn actions(here: &Here, credential: &Value) -> Vec<String> {
    let activity = here.ask("read_activity", json!({ "id": credential, "before": null }));
    let activity = activity.expect("read");
    let entries = activity.as_array().expect("a list").iter();
    entries.map(|entry| entry["action"].as_str().expect("a word").to_owned()).collect()
}

fn shop(here: &Here) {
    put(here, "shop/.env", format!("PAY_KEY={PAY}\nLEVEL=info\n"));
    put(here, "shop/compose.yaml", "services:\n  web:\n    env_file: .env\n");
}

#[test]
fn a_use_is_accepted_and_a_search_again_knows_it_until_it_is_gone() {
    let here = open();
    shop(&here);
    let view = look(&here);
    assert_eq!(told(&view), ["binding fresh pay-key shop / web"]);
    assert_eq!(view["finds"][0]["byValue"], true);
    assert_eq!(consumers(&here), [] as [Value; 0], "nothing is changed by looking");
    let done = accept(&here, &view, "binding fresh");
    assert_eq!((&done["consumers"], &done["bindings"]), (&json!(1), &json!(1)));
    let kept = consumers(&here);
    assert_eq!(kept[0]["consumer"]["name"], "shop / web");
    let binding = &kept[0]["bindings"][0];
    assert_eq!(binding["credentialName"], "pay-key");
    assert!(binding["seen"].is_i64(), "{binding}");
    let step = binding["setup"]["sending"]["steps"][0].as_str().expect("a step");
    assert!(step.contains("PAY_KEY") && step.contains(".env"), "{step}");
    assert!(actions(&here, &binding["credential"]).contains(&"binding.added".to_owned()));
    let stale = here.ask("accept_finds", json!({ "accept": [0] })).expect_err("only once");
    assert_eq!(stale.message_key, MessageKey::FindsGone);

    here.clock.go(40 * 24 * 3600);
    let again = look(&here);
    assert_eq!(told(&again), ["binding here pay-key shop / web"]);
    let done = accept(&here, &again, "binding here");
    assert_eq!((&done["bindings"], &done["seen"]), (&json!(0), &json!(1)));
    let seen = consumers(&here)[0]["bindings"][0]["seen"].as_i64().expect("seen");
    assert_eq!(seen - binding["seen"].as_i64().expect("seen"), 40 * 24 * 3600 * 1000);

    fs::remove_file(here.folder.path().join("src/shop/compose.yaml")).expect("removed");
    put(&here, "shop/.env", "");
    let gone = look(&here);
    assert_eq!(told(&gone), ["binding gone pay-key shop / web"]);
    accept(&here, &gone, "binding gone");
    assert_eq!(consumers(&here)[0]["bindings"][0]["seen"], Value::Null);
    assert_eq!(told(&look(&here)), [] as [&str; 0]);
}

#[test]
fn a_leak_marks_its_credential_as_compromised_and_a_value_of_before_does_not() {
    let here = open();
    put(&here, "notes.txt", format!("remember {PAY}\n"));
    let view = look(&here);
    assert_eq!(told(&view), ["leak fresh pay-key -"]);
    assert_eq!(view["finds"][0]["places"][0]["line"], 1);
    assert_eq!(view["finds"][0]["works"], true);
    let id = view["finds"][0]["credential"].clone();
    let done = accept(&here, &view, "leak fresh");
    assert_eq!((&done["compromised"], &done["leaked"][0]["name"]), (&json!(1), &json!("pay-key")));
    assert_eq!(status(&here, "pay-key"), "compromised");
    assert!(actions(&here, &id).contains(&"credential.leaked".to_owned()));
    assert_eq!(told(&look(&here)), ["leak here pay-key -"]);

    // Two values later it is retired, and opens nothing any more.
    for number in 0..2 {
        let read = here.ask("read_credential", json!({ "id": id })).expect("read");
        let new = json!({
            "id": id, "version": read["credential"]["row"]["version"], "fields": {},
            "expires": null, "secrets": { "value": format!("fixture-value-number-{number}") },
        });
        here.ask("replace_value", new).expect("replaced");
    }
    put(&here, "more.txt", PAY);
    let view = look(&here);
    assert_eq!(told(&view), ["leak fresh pay-key -"]);
    assert_eq!(
        (&view["finds"][0]["works"], &view["finds"][0]["count"]),
        (&json!(false), &json!(2))
    );
    assert_eq!(accept(&here, &view, "leak fresh")["compromised"], 0);
    assert_ne!(status(&here, "pay-key"), "compromised");
}

#[test]
fn what_is_searched_elsewhere_or_cannot_be_read_says_nothing_of_what_was_found() {
    let here = open();
    shop(&here);
    accept(&here, &look(&here), "binding fresh");
    let other = here.folder.path().join("other");
    fs::create_dir(&other).expect("made");
    let elsewhere =
        json!({ "in": "folders", "folders": [here.place("other")], "histories": false });
    assert_eq!(told(&here.ask("look_for_uses", elsewhere).expect("searched")), [] as [&str; 0]);
    put(&here, "shop/compose.yaml", "services: [\n");
    let view = look(&here);
    assert_eq!(told(&view), ["binding fresh pay-key shop", "binding unknown pay-key shop / web"]);
    assert_eq!(view["leftOut"][0]["count"], 1);
    assert_eq!(view["leftOut"][0]["why"]["why"], "damaged");
}

#[test]
fn no_value_is_in_what_is_told_nor_in_what_is_kept() {
    let here = open();
    shop(&here);
    put(&here, &format!("{MAIL}/x.txt"), format!("{PAY}\nthe line of {MAIL}"));
    let view = look(&here);
    let done = accept(&here, &view, "");
    let told = format!("{view}{done}{:?}", here.heard.lock().expect("not poisoned"));
    for part in [PAY, MAIL, "the line of"] {
        assert!(!told.contains(part), "{part} in {told}");
    }
    let kept = format!("{:?}", consumers(&here));
    assert!(!kept.contains(PAY) && !kept.contains(MAIL), "{kept}");
}

#[test]
fn a_manifest_names_who_uses_what_the_vault_calls_the_same() {
    let here = open();
    let pods = json!({ "apiVersion": "v1", "kind": "List", "items": [
        { "kind": "Deployment", "metadata": { "name": "web", "namespace": "prod" }, "spec": { "template": { "spec": {
            "containers": [{ "env": [
                { "name": "A", "valueFrom": { "secretKeyRef": { "name": "MAIL_RELAY", "key": "value" } } },
                { "name": "B", "valueFrom": { "secretKeyRef": { "name": "nobody-knows", "key": "x" } } },
            ] }] } } } },
        { "kind": "CronJob", "metadata": { "name": "nightly", "namespace": "prod" }, "spec": { "jobTemplate": { "spec": { "template": { "spec": {
            "containers": [{ "envFrom": [{ "secretRef": { "name": "unknown" } }] }] } } } } } },
    ] });
    let input = json!({ "in": "text", "text": pods.to_string() });
    let view = here.ask("look_for_uses", input).expect("read");
    let found = ["binding fresh mail-relay web", "consumer fresh  nightly", "consumer fresh  web"];
    assert_eq!(told(&view), found);
    assert_eq!(view["finds"][0]["byValue"], false);
    let done = accept(&here, &view, "");
    assert_eq!((&done["consumers"], &done["bindings"]), (&json!(2), &json!(1)));
    let kept = consumers(&here);
    assert_eq!(
        (&kept[0]["consumer"]["name"], &kept[0]["bindings"]),
        (&json!("nightly"), &json!([]))
    );
    assert_eq!(kept[0]["consumer"]["deployment"], "job");
}

/// A `kubectl` that is made up.
#[cfg(unix)]
fn kubectl(here: &Here, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let place = here.folder.path().join("programs/kubectl");
    fs::create_dir_all(place.parent().expect("a folder")).expect("made");
    fs::write(&place, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).expect("set");
}

#[cfg(unix)]
#[test]
fn a_cluster_is_asked_by_the_users_own_program_and_what_it_says_is_read() {
    let here = open();
    let ask = |all: bool| here.ask("look_for_uses", json!({ "in": "cluster", "all": all }));
    assert_eq!(ask(false).expect_err("none is there").message_key, MessageKey::KubectlMissing);
    kubectl(&here, "echo secret words >&2; exit 1");
    let failed = ask(false).expect_err("it failed");
    assert_eq!(failed.message_key, MessageKey::KubectlFailed);
    assert!(!format!("{failed:?}").contains("secret words"));
    let asked = here.place("asked");
    kubectl(
        &here,
        &format!(
            r#"echo "$*" >> '{asked}'
case "$1" in
config) echo prod-eu ;;
*) echo '{{"apiVersion":"v1","kind":"List","items":[{{"kind":"Deployment","metadata":{{"name":"web"}},"spec":{{"template":{{"spec":{{"containers":[{{"env":[{{"name":"A","value":"{PAY}"}}]}}]}}}}}}}}]}}' ;;
esac"#
        ),
    );
    let view = ask(true).expect("asked");
    assert_eq!(told(&view), ["binding fresh pay-key web"]);
    assert_eq!(view["finds"][0]["places"][0]["file"], "kubectl, prod-eu");
    let asked = fs::read_to_string(asked).expect("read");
    let lines: Vec<&str> = asked.lines().collect();
    assert_eq!(
        lines,
        [
            "config current-context",
            "get deployments,cronjobs,statefulsets --output json --request-timeout=30s --all-namespaces",
        ]
    );
    accept(&here, &view, "binding fresh");
    kubectl(
        &here,
        r#"case "$1" in config) echo prod-eu ;; *) echo '{"apiVersion":"v1","kind":"List","items":[]}' ;; esac"#,
    );
    assert_eq!(told(&ask(false).expect("asked")), ["binding gone pay-key web"]);
    kubectl(
        &here,
        r#"case "$1" in config) echo other ;; *) echo '{"apiVersion":"v1","kind":"List","items":[]}' ;; esac"#,
    );
    assert_eq!(told(&ask(false).expect("asked")), [] as [&str; 0]);
}

#[test]
fn a_history_is_searched_only_when_that_is_wanted() {
    let here = open();
    put(&here, "repo/a.txt", PAY);
    let repo = here.folder.path().join("src/repo");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&repo).args(["-c", "user.name=x", "-c", "user.email=x@example.org"]);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        assert!(git.args(arguments).output().expect("started").status.success());
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "fixture"]);
    fs::remove_file(repo.join("a.txt")).expect("removed");
    link_git(here.folder.path());
    let without = json!({ "in": "folders", "folders": [here.place("src")], "histories": false });
    assert_eq!(told(&here.ask("look_for_uses", without).expect("searched")), [] as [&str; 0]);
    let view = look(&here);
    assert_eq!(told(&view), ["leak fresh pay-key -"]);
    assert!(view["finds"][0]["places"][0]["commit"].is_string());
}

/// The program looks for others in a folder of the test.
fn link_git(folder: &Path) {
    let path = std::env::var_os("PATH").expect("a path");
    let git = std::env::split_paths(&path).map(|it| it.join("git")).find(|it| it.is_file());
    fs::create_dir_all(folder.join("programs")).expect("made");
    std::os::unix::fs::symlink(git.expect("git is installed"), folder.join("programs/git"))
        .expect("linked");
}

#[test]
fn who_may_use_secrets_may_look_and_only_who_may_edit_accepts() {
    let here = open();
    shop(&here);
    here.invite("Rea", "reader", "a fixture passphrase of Rea");
    let view = look(&here);
    assert_eq!(told(&view), ["binding fresh pay-key shop / web"]);
    let refused = here.ask("accept_finds", json!({ "accept": [0] })).expect_err("a reader");
    assert_eq!(refused.message_key, MessageKey::RoleMissing);
    here.app.lock(keyturn_app::views::LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    here.invite("Aud", "auditor", "a fixture passphrase of Aud");
    let input = json!({ "in": "text", "text": "x" });
    let refused = here.ask("look_for_uses", input).expect_err("an auditor");
    assert_eq!(refused.message_key, MessageKey::RoleMissing);
}
