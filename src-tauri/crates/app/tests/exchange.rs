//! Files come in and go out as the window asks for it; whatever is refused changes nothing.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{fs, os::unix::fs::PermissionsExt};

use common::{Here, metadata};
use keyturn_app::{
    Happening, MessageKey,
    views::{LockCause, Progress, Step},
};
use keyturn_exchange::{Content, Cost, Field, Older, PASSWORD, Record, Text, write_kdbx};
use keyturn_model::Timestamp;
use keyturn_testkit::{PASSPHRASE, surroundings};
use keyturn_vault::{ClosedVault, Folder, Secret};
use serde_json::{Value, json};

const FILE_PASSWORD: &str = "fixture password of a file";
const TABLE: &str = "called,who,pw,where,shelf,PIN\n\
    git,ana,fixture-one,https://git.example.org,Prod/web,fixture-pin\n\
    mail,bo,fixture-two,,,\n";
const COLUMNS: [&str; 6] = ["name", "user", "value", "address", "group", "secretField"];

fn open() -> Here {
    let here = Here::new();
    here.create();
    here
}

fn put(here: &Here, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let place = here.place(name);
    fs::write(&place, bytes).expect("written");
    place
}

fn preview(here: &Here, file: &str, columns: &[&str]) -> Value {
    let columns = (!columns.is_empty()).then_some(columns);
    let input = json!({ "file": file, "password": FILE_PASSWORD, "columns": columns });
    here.ask("preview_import", input).expect("previewed")
}

fn counts(preview: &Value) -> [u64; 3] {
    ["fresh", "same", "changed"].map(|count| preview[count].as_u64().expect("a count"))
}

fn run(here: &Here, changed: bool) -> Value {
    here.ask("run_import", json!({ "changed": changed, "without": [] })).expect("brought in")
}

fn rows(here: &Here) -> Vec<Value> {
    let ordering = json!({ "by": "name", "descending": false, "group": null });
    let input = json!({ "query": "", "ordering": ordering, "from": 0, "most": 100 });
    let list = here.ask("list_credentials", input).expect("listed");
    list["rows"].as_array().expect("rows").clone()
}

fn named(here: &Here, name: &str) -> Value {
    let rows = rows(here);
    let row = rows.iter().find(|row| row["name"] == name).expect("such a credential");
    here.ask("read_credential", json!({ "id": row["id"] })).expect("read")["credential"].clone()
}

fn value(here: &Here, name: &str, field: Option<&str>, number: Option<u64>) -> String {
    let id = &named(here, name)["row"]["id"];
    let input = json!({ "id": id, "field": field, "number": number, "passphrase": PASSPHRASE });
    let revealed = here.ask("reveal_value", input).expect("revealed");
    revealed["value"].as_str().expect("a value").to_owned()
}

fn actions(here: &Here, name: &str) -> Vec<String> {
    let id = named(here, name)["row"]["id"].clone();
    let activity = here.ask("read_activity", json!({ "id": id, "before": null })).expect("read");
    let all = activity.as_array().expect("entries").iter();
    all.map(|entry| entry["action"].as_str().expect("an action").to_owned()).collect()
}

fn refused(here: &Here, name: &str, input: Value) -> MessageKey {
    here.ask(name, input).expect_err(name).message_key
}

fn export(here: &Here, file: &str, format: &str) -> Value {
    json!({
        "file": here.place(file), "format": format, "query": "", "passphrase": PASSPHRASE,
        "password": FILE_PASSWORD
    })
}

#[test]
fn a_table_is_looked_at_mapped_previewed_brought_in_and_known_again() {
    let here = open();
    let file = put(&here, "logins.csv", TABLE);
    let seen = here.ask("look_at_import", json!({ "file": file })).expect("looked at");
    assert_eq!((&seen["format"], &seen["needsPassword"]), (&json!("csv"), &json!(false)));
    assert_eq!(seen["columns"][2]["target"], "secretField");
    let previewed = preview(&here, &file, &COLUMNS);
    assert_eq!(counts(&previewed), [2, 0, 0]);
    assert_eq!(previewed["entries"][0]["kind"], "login");
    for told in [&seen, &previewed] {
        assert!(!told.to_string().contains("fixture"), "{told}");
    }
    assert!(rows(&here).is_empty());

    let imported = run(&here, false);
    assert_eq!((&imported["added"], &imported["skipped"]), (&json!(2), &json!(0)));
    let git = named(&here, "git");
    assert_eq!(git["metadata"]["fields"]["user"], "ana");
    assert_eq!(git["metadata"]["fields"]["address"], "https://git.example.org");
    assert_eq!(git["metadata"]["environment"], "Prod");
    assert_eq!(git["metadata"]["tags"], json!(["web"]));
    assert_eq!(value(&here, "git", None, None), "fixture-one");
    assert_eq!(value(&here, "git", Some("+PIN"), None), "fixture-pin");
    assert_eq!(actions(&here, "mail"), ["credential.imported"]);
    assert_eq!(counts(&preview(&here, &file, &COLUMNS)), [0, 2, 0]);
    assert!(here.ask("check_vault", Value::Null).expect("checked")["problems"] == json!([]));
}

#[test]
fn what_differs_becomes_a_version_and_goes_again_when_it_is_taken_back() {
    let here = open();
    preview(&here, &put(&here, "logins.csv", TABLE), &COLUMNS);
    run(&here, false);
    here.clock.go(60);
    let other = TABLE.replace("fixture-one", "fixture-new").replace("bo,", "bob,");
    let file = put(&here, "other.csv", other);
    let previewed = preview(&here, &file, &COLUMNS);
    assert_eq!(counts(&previewed), [0, 0, 2]);
    assert_eq!(previewed["entries"][0]["fields"], json!(["password"]));
    assert_eq!(previewed["entries"][1]["fields"], json!(["user"]));
    let before = [named(&here, "git"), named(&here, "mail")];

    assert_eq!(run(&here, false)["skipped"], 2);
    preview(&here, &file, &COLUMNS);
    assert_eq!(run(&here, true)["changed"], 2);
    let git = named(&here, "git");
    let stages: Vec<&Value> =
        git["versions"].as_array().expect("versions").iter().map(|v| &v["stage"]).collect();
    assert_eq!(stages, ["current", "previous"]);
    assert_eq!(value(&here, "git", None, None), "fixture-new");
    assert_eq!(value(&here, "git", Some("+PIN"), None), "fixture-pin");
    let mail = named(&here, "mail");
    assert_eq!(mail["metadata"]["fields"]["user"], "bob");
    // Its value is the same: it is as old as it was.
    assert_eq!(mail["versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(mail["row"]["rotated"], before[1]["row"]["rotated"]);

    let undone = here.ask("undo_import", Value::Null).expect("undone");
    assert_eq!((&undone["added"], &undone["changed"]), (&json!(0), &json!(2)));
    for before in before {
        let after = named(&here, before["row"]["name"].as_str().expect("a name"));
        assert_eq!(after["metadata"], before["metadata"]);
        assert_eq!(after["versions"], before["versions"]);
        assert_eq!(after["row"]["rotated"], before["row"]["rotated"]);
        assert_eq!(after["row"]["due"], before["row"]["due"]);
    }
    assert_eq!(value(&here, "git", None, None), "fixture-one");
    assert!(actions(&here, "git").contains(&"credential.import_undone".to_owned()));
    assert_eq!(refused(&here, "undo_import", Value::Null), MessageKey::ImportUndoOver);
    assert!(here.ask("check_vault", Value::Null).expect("checked")["problems"] == json!([]));
}

#[test]
fn an_entry_differs_by_its_tags_and_its_expiry_too() {
    let here = open();
    let table = |tags: &str, expires: &str| {
        format!("name,password,tags,expires\ngit,fixture,{tags},{expires}\n")
    };
    preview(&here, &put(&here, "a.csv", table("web", "2027-01-01")), &[]);
    run(&here, false);
    for (tags, expires, fields) in [
        ("web;shop", "2027-01-01", json!(["tags"])),
        ("web;shop", "2027-06-01", json!(["expires"])),
    ] {
        let file = put(&here, "b.csv", table(tags, expires));
        let previewed = preview(&here, &file, &[]);
        assert_eq!(previewed["entries"][0]["fields"], fields);
        run(&here, true);
        assert_eq!(counts(&preview(&here, &file, &[])), [0, 1, 0]);
    }
    let metadata = &named(&here, "git")["metadata"];
    assert_eq!(metadata["tags"], json!(["web", "shop"]));
    assert_eq!(metadata["expires"], 1_811_808_000_000_i64);
}

fn login(password: &str, notes: &str) -> Content {
    let field = |name: &str, text| Field { name: name.to_owned(), text };
    Content {
        name: "router".into(),
        user: Some("root".into()),
        address: Some("https://router.example".into()),
        notes: Some(notes.into()),
        fields: vec![field(PASSWORD, Text::secret(password)), field("Serial", Text::open("SN-7"))],
        ..Content::default()
    }
}

fn keepass() -> Vec<u8> {
    let older =
        |at, password| Older { at: Some(Timestamp(at)), content: login(password, "rack 4") };
    let record = Record {
        group: vec!["Network".into(), "prod".into()],
        content: login("fixture-now", "rack 5"),
        created: Some(Timestamp(1_600_000_000_000)),
        changed: Some(Timestamp(1_700_000_000_000)),
        // The last time it was written, the password stayed.
        history: vec![
            older(1_600_000_000_000, "fixture-old"),
            older(1_650_000_000_000, "fixture-now"),
        ],
        ..Record::default()
    };
    let cost = Cost { memory: 1024 * 1024, passes: 1, lanes: 1 };
    write_kdbx(&[record], &FILE_PASSWORD.into(), cost).expect("written").bytes
}

#[test]
fn a_keepass_database_comes_in_with_its_history_and_dates() {
    let here = open();
    let file = put(&here, "old.kdbx", keepass());
    let seen = here.ask("look_at_import", json!({ "file": file })).expect("looked at");
    assert_eq!((&seen["format"], &seen["needsPassword"]), (&json!("kdbx"), &json!(true)));
    let previewed = preview(&here, &file, &[]);
    assert_eq!(counts(&previewed), [1, 0, 0]);
    let entry = &previewed["entries"][0];
    assert_eq!((&entry["versions"], &entry["environment"]), (&json!(1), &json!("prod")));
    let lost = json!([
        { "field": "history: notes", "why": "noPlace" },
        { "field": "history: an entry with the same secrets", "why": "noPlace" },
        { "field": "group: Network/prod", "why": "otherForm" },
        { "field": "last changed", "why": "otherForm" },
    ]);
    assert_eq!(entry["lost"], lost);
    assert!(!previewed.to_string().contains("fixture"));
    run(&here, false);
    let router = named(&here, "router");
    assert_eq!(router["metadata"]["notes"], "rack 5");
    assert_eq!(router["metadata"]["fields"]["+Serial"], "SN-7");
    assert_eq!(router["metadata"]["tags"], json!(["Network"]));
    assert_eq!(router["created"], 1_600_000_000_000_i64);
    assert_eq!(router["row"]["rotated"], 1_650_000_000_000_i64);
    assert_eq!(value(&here, "router", None, Some(1)), "fixture-old");
    assert_eq!(value(&here, "router", None, None), "fixture-now");
    assert_eq!(counts(&preview(&here, &file, &[])), [0, 1, 0]);
    let steps = here.heard.lock().expect("not poisoned").clone();
    let parts = |step| -> Vec<Option<u8>> {
        let part = |h: &Happening| match h {
            Happening::Work(progress) if progress.step == step => Some(progress.part),
            _ => None,
        };
        steps.iter().filter_map(part).collect()
    };
    assert_eq!(parts(Step::Importing), [Some(0), Some(100)]);
    // Once for each preview; of one entry there is nothing more to tell.
    assert_eq!(parts(Step::Reading), [None, None]);
}

#[test]
fn a_bad_file_gives_a_sentence_and_changes_nothing() {
    let here = open();
    let kdbx = put(&here, "old.kdbx", keepass());
    let cut = put(&here, "cut.kdbx", &keepass()[..200]);
    let large = put(&here, "large.csv", "");
    // It has no blocks: whoever read it would read for long.
    fs::File::options().write(true).open(&large).and_then(|f| f.set_len(1 << 40)).expect("grown");
    let noise = put(&here, "noise", [0_u8, 159, 146, 150]);
    let empty = put(&here, "empty.csv", "");
    let cases = [
        (kdbx.as_str(), Some("fixture of another"), MessageKey::ImportWrongPassword),
        (&kdbx, None, MessageKey::ImportPasswordNeeded),
        (&cut, Some(FILE_PASSWORD), MessageKey::ImportDamaged),
        (&large, None, MessageKey::ImportTooLarge),
        (&noise, None, MessageKey::ImportNotOne),
        (&empty, None, MessageKey::ImportEmpty),
        (&here.place("nowhere"), None, MessageKey::FileUnreadable),
        ("/dev/zero", None, MessageKey::ImportNotOne),
    ];
    for (file, password, expected) in cases {
        let input = json!({ "file": file, "password": password, "columns": null });
        assert_eq!(refused(&here, "preview_import", input), expected, "{file}");
        let choice = json!({ "changed": true, "without": [] });
        assert_eq!(refused(&here, "run_import", choice), MessageKey::ImportGone, "{file}");
    }
    for file in [&large, &noise] {
        here.ask("look_at_import", json!({ "file": file })).expect_err("refused");
    }
    assert!(rows(&here).is_empty());
}

/// Runs an import, stops it while it runs, and finds that it was stopped.
fn stopped(here: &Here, choice: &Value, stop: impl FnOnce()) {
    let importing =
        |h: &Happening| matches!(h, Happening::Work(Progress { step: Step::Importing, .. }));
    here.heard.lock().expect("not poisoned").clear();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| here.ask("run_import", choice.clone()));
        while !here.heard.lock().expect("not poisoned").iter().any(importing) {
            std::thread::yield_now();
        }
        stop();
        let stopped = running.join().expect("ended").expect_err("stopped");
        assert_eq!(stopped.message_key, MessageKey::ImportCancelled);
    });
}

#[test]
fn an_import_that_is_stopped_leaves_nothing_and_can_be_run_again() {
    let here = open();
    let lines = (0..4000).map(|n| format!("key {n},fixture-{n}\n")).collect::<String>();
    let file = put(&here, "many.csv", format!("name,password\n{lines}"));
    assert_eq!(counts(&preview(&here, &file, &[])), [4000, 0, 0]);
    let choice = json!({ "changed": false, "without": [0, 1] });
    stopped(&here, &choice, || drop(here.ask("cancel_import", Value::Null).expect("asked")));
    assert!(rows(&here).is_empty());
    let imported = here.ask("run_import", choice).expect("brought in");
    assert_eq!((&imported["added"], &imported["skipped"]), (&json!(3998), &json!(2)));
    let undone = here.ask("undo_import", Value::Null).expect("undone");
    assert_eq!(undone["added"], 3998);
    assert!(rows(&here).is_empty());

    preview(&here, &file, &[]);
    stopped(&here, &json!({ "changed": false, "without": [] }), || here.app.lock(LockCause::Asked));
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    assert!(rows(&here).is_empty());
}

#[test]
fn taking_back_leaves_what_was_changed_since_and_ends_after_ten_minutes_or_locking() {
    let here = open();
    let file = put(&here, "logins.csv", TABLE);
    preview(&here, &file, &COLUMNS);
    run(&here, false);
    let git = named(&here, "git");
    let mut edited = git["metadata"].clone();
    edited["owner"] = json!("platform");
    let version = &git["row"]["version"];
    let change = json!({ "id": git["row"]["id"], "version": version, "metadata": edited });
    here.ask("change_credential", change).expect("changed");
    let undone = here.ask("undo_import", Value::Null).expect("undone");
    assert_eq!((&undone["added"], &undone["skipped"]), (&json!(1), &json!(1)));
    assert_eq!(rows(&here).len(), 1);

    preview(&here, &file, &COLUMNS);
    run(&here, false);
    here.clock.go(601);
    assert_eq!(refused(&here, "undo_import", Value::Null), MessageKey::ImportUndoOver);

    preview(&here, &put(&here, "b.csv", TABLE.replace("mail", "post")), &COLUMNS);
    here.app.lock(LockCause::Asked);
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let choice = json!({ "changed": false, "without": [] });
    assert_eq!(refused(&here, "run_import", choice), MessageKey::ImportGone);
    assert_eq!(refused(&here, "undo_import", Value::Null), MessageKey::ImportUndoOver);
    assert_eq!(refused(&here, "delete_import_file", Value::Null), MessageKey::ImportGone);
}

#[test]
fn only_the_file_that_came_in_is_deleted_and_only_as_it_was() {
    let here = open();
    let file = put(&here, "logins.csv", TABLE);
    preview(&here, &file, &COLUMNS);
    assert_eq!(refused(&here, "delete_import_file", Value::Null), MessageKey::ImportGone);
    run(&here, false);
    fs::write(&file, format!("{TABLE}more,x,fixture,,,\n")).expect("written");
    assert_eq!(refused(&here, "delete_import_file", Value::Null), MessageKey::ImportGone);
    assert!(fs::exists(&file).expect("known"));
    preview(&here, &file, &COLUMNS);
    run(&here, false);
    here.ask("delete_import_file", Value::Null).expect("deleted");
    assert!(!fs::exists(&file).expect("known"));
}

/// Entries that other programs know, and what becomes of each.
fn odd() -> Value {
    let field = |name: &str, secret: bool, text: &str| json!({ "name": name, "secret": secret, "text": text });
    json!({ "format": "keyturn-records", "version": 1, "records": [
        { "name": "note", "notes": "fixture of a safe: 12-34", "fields": [] },
        { "name": "nothing", "user": "ana", "fields": [] },
        { "name": "seed", "user": "ana", "fields": [field("totp", true, "JBSWY3DPEHPK3PXP")] },
        { "name": "DATABASE_URL",
          "fields": [field("value", true, "postgres://app:fixture@db.example.com:5433/shop")] },
        { "name": "rds", "user": "app", "address": "db.example.com:3306",
          "fields": [field("password", true, "fixture"), field("engine", false, "mysql"),
                     field("dbname", false, "shop")] },
        { "name": "aws", "user": "AKIAIOSFODNN7EXAMPLE", "fields": [
            field("password", true, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")] },
        { "name": "proxy", "user": "ana", "address": "https://ana:fixture@proxy.example",
          "fields": [field("password", true, "fixture")] },
        { "name": "twice", "user": "one", "fields": [field("password", true, "fixture 1")] },
        { "name": "twice", "user": "two", "fields": [field("password", true, "fixture 2")] },
        { "name": "x".repeat(300), "fields": [field("license", true, "fixture\nof lines")] },
        { "name": "half", "kind": "databaseLogin", "fields": [field("password", true, "fixture")] },
    ]})
}

#[test]
fn what_has_no_field_of_its_kind_becomes_an_own_field_and_what_cannot_be_kept_is_named() {
    let here = open();
    let file = put(&here, "odd.json", odd().to_string());
    let previewed = preview(&here, &file, &[]);
    assert_eq!(counts(&previewed), [10, 0, 0]);
    let lost: Vec<_> =
        previewed["lost"].as_array().expect("reasons").iter().map(|it| &it["names"]).collect();
    let changed = json!(["notes", "totp", "value", "address", "license"]);
    assert_eq!(lost, [&changed, &json!(["nothing", "kind"]), &json!(["name"])]);
    let half = &previewed["entries"][9];
    assert_eq!(half["kind"], "secret");
    assert_eq!(half["lost"], json!([{ "field": "kind", "why": "noPlace" }]));
    run(&here, false);
    assert_eq!(value(&here, "note", Some("value"), None), "fixture of a safe: 12-34");
    assert_eq!(named(&here, "note")["metadata"]["notes"], "");
    assert_eq!(named(&here, "seed")["metadata"]["kind"], "secret");
    let database = named(&here, "DATABASE_URL")["metadata"].clone();
    assert_eq!(
        (&database["kind"], &database["fields"]),
        (
            &json!("databaseLogin"),
            &json!({
                "engine": "postgresql", "host": "db.example.com", "port": "5433",
                "database": "shop", "user": "app"
            })
        )
    );
    assert_eq!(value(&here, "DATABASE_URL", None, None), "fixture");
    let rds = named(&here, "rds")["metadata"].clone();
    assert_eq!(rds["kind"], "databaseLogin");
    assert_eq!(
        (&rds["fields"]["host"], &rds["fields"]["port"]),
        (&json!("db.example.com"), &json!("3306"))
    );
    assert_eq!(rds["fields"]["+dbname"], "shop");
    let aws = named(&here, "aws")["metadata"].clone();
    assert_eq!((&aws["kind"], &aws["fields"]["provider"]), (&json!("cloudKey"), &json!("aws")));
    // A password in an address is not shown.
    assert_eq!(value(&here, "proxy", Some("+address"), None), "https://ana:fixture@proxy.example");
    let long = named(&here, &"x".repeat(200))["metadata"].clone();
    assert_eq!(long["fields"]["+value was called"], "license");
    // Two of one name are two, and stay two.
    assert_eq!(rows(&here).iter().filter(|row| row["name"] == "twice").count(), 2);
    assert_eq!(counts(&preview(&here, &file, &[])), [0, 10, 0]);
}

/// A vault with one of each sort of thing that an export has to keep.
fn filled() -> Here {
    let here = open();
    let mut github = metadata("=github", "login");
    github["environment"] = json!("blue");
    github["owner"] = json!("platform");
    github["issuer"] = json!("GitHub");
    github["risk"] = json!("high");
    github["tags"] = json!(["ci", "vcs"]);
    github["notes"] = json!("ask Ana\nfirst");
    github["fields"] = json!({
        "user": "bot", "address": "https://github.com", "+team": "web"
    });
    let secrets =
        json!({ "password": "fixture-1", "totp": "JBSWY3DPEHPK3PXP", "+PIN": "fixture-pin" });
    let mut database = metadata("shop", "databaseLogin");
    database["fields"] =
        json!({ "engine": "mysql", "host": "db.example.com", "port": "3306", "user": "app" });
    let input = json!([
        { "metadata": github, "secrets": secrets, "request": null },
        { "metadata": database, "secrets": { "password": "@fixture" }, "request": null },
    ]);
    let added = here.ask("add_credentials", input).expect("added");
    assert!(
        added.as_array().expect("both").iter().all(|done| done["problem"].is_null()),
        "{added}"
    );
    here.clock.go(3600);
    let row = &named(&here, "=github")["row"];
    let replace = json!({
        "id": row["id"], "version": row["version"], "secrets": { "password": "fixture-2" },
        "fields": named(&here, "=github")["metadata"]["fields"], "expires": null
    });
    here.ask("replace_value", replace).expect("replaced");
    here
}

#[test]
fn every_format_that_goes_out_comes_in_again_as_it_was() {
    let from = filled();
    for (format, versions) in [("keyturn", 2), ("json", 2), ("kdbx", 2), ("csv", 1)] {
        let file = format!("out.{format}");
        let exported = from.ask("export_credentials", export(&from, &file, format));
        let exported = exported.expect("exported");
        assert_eq!(exported["count"], 2);
        let place = from.place(&file);
        let kept = fs::metadata(&place).expect("there");
        assert_eq!(kept.permissions().mode() & 0o777, 0o600);
        assert_eq!(exported["size"], kept.len());
        let lost = exported["lost"].as_array().expect("losses").len();
        assert_eq!(lost, usize::from(format == "csv"), "{format}: {exported}");
        assert_eq!(counts(&preview(&from, &place, &[])), [0, 2, 0], "{format}");

        let to = open();
        to.clock.go(3600);
        let previewed = preview(&to, &place, &[]);
        assert_eq!(counts(&previewed), [2, 0, 0], "{format}");
        assert_eq!(previewed["lost"], json!([]), "{format}");
        run(&to, false);
        for name in ["=github", "shop"] {
            let (before, after) = (named(&from, name), named(&to, name));
            let mut metadata = after["metadata"].clone();
            if format == "csv" {
                // A table does not say which of its fields may be seen.
                let fields = metadata["fields"].as_object_mut().expect("fields");
                for (field, text) in before["metadata"]["fields"].as_object().expect("fields") {
                    if !fields.contains_key(field) {
                        let sealed = value(&to, name, Some(field), None);
                        fields.insert(field.clone(), json!(sealed));
                        assert_eq!(&fields[field], text);
                    }
                }
            }
            assert_eq!(metadata, before["metadata"], "{format}");
            assert_eq!(value(&to, name, None, None), value(&from, name, None, None));
        }
        let github = named(&to, "=github");
        assert_eq!(github["versions"].as_array().map(Vec::len), Some(versions), "{format}");
        for field in ["totp", "+PIN"] {
            let both = [&to, &from].map(|here| value(here, "=github", Some(field), None));
            assert_eq!(both[0], both[1], "{format}");
        }
        assert_eq!(github["row"]["rotated"], named(&from, "=github")["row"]["rotated"], "{format}");
    }
}

#[test]
fn an_own_field_that_is_called_as_one_of_the_kind_goes_out_and_comes_in_beside_it() {
    let from = open();
    let mut shop = metadata("shop", "databaseLogin");
    shop["fields"] = json!({
        "engine": "mysql", "host": "db.example.com", "port": "3306", "user": "app",
        "+host": "was.example.com",
    });
    let input = json!([
        { "metadata": shop, "secrets": { "password": "fixture", "+password": "own" }, "request": null },
    ]);
    from.ask("add_credentials", input).expect("added");
    for format in ["json", "csv"] {
        let file = format!("two.{format}");
        from.ask("export_credentials", export(&from, &file, format)).expect("exported");
        let to = open();
        preview(&to, &from.place(&file), &[]);
        run(&to, false);
        let came = &named(&to, "shop")["metadata"]["fields"];
        assert_eq!(came["host"], "db.example.com", "{format}: {came}");
        assert_eq!(value(&to, "shop", None, None), "fixture", "{format}");
    }
}

#[test]
fn an_export_needs_the_passphrase_a_strong_password_and_a_free_place_and_is_audited() {
    let here = filled();
    let with = |key: &str, text: &str| {
        let mut input = export(&here, "out.kdbx", "kdbx");
        input[key] = json!(text);
        input
    };
    for (input, expected) in [
        (with("passphrase", "fixture of nobody else"), MessageKey::PassphraseWrong),
        (with("password", "weak"), MessageKey::PassphraseWeak),
        (with("format", "docx"), MessageKey::InputRefused),
        (with("file", "out.kdbx"), MessageKey::InputRefused),
    ] {
        assert_eq!(refused(&here, "export_credentials", input), expected);
    }
    assert!(!fs::exists(here.place("out.kdbx")).expect("known"));
    let taken = put(&here, "taken.json", "mine");
    let input = export(&here, "taken.json", "json");
    assert_eq!(refused(&here, "export_credentials", input), MessageKey::FileTaken);
    assert_eq!(fs::read(&taken).expect("read"), b"mine");

    let mut one = export(&here, "one.json", "json");
    one["query"] = json!("owner:platform");
    let exported = here.ask("export_credentials", one).expect("exported");
    assert_eq!(exported["count"], 1);
    assert!(!exported.to_string().contains("fixture"));
    assert!(!fs::read_to_string(here.place("one.json")).expect("read").contains("shop"));

    here.app.lock(LockCause::Asked);
    let (_, around) = surroundings(5);
    let closed = ClosedVault::look(Folder::at(here.place("Acme").into())).expect("there");
    let ana = closed.members()[0].id;
    let passphrase = PASSPHRASE.into();
    let vault = closed.unlock(ana, &Secret::Passphrase(&passphrase), &around, &|_| {});
    let log = vault.expect("unlocked").log(None, 50).expect("read");
    let exports: Vec<_> = log.iter().filter(|e| e.action == "inventory.exported").collect();
    assert_eq!(exports.len(), 1);
    assert_eq!(exports[0].detail, "json, count 1, query: owner:platform");
}

#[test]
fn a_table_without_values_goes_out_for_those_that_were_picked() {
    let here = filled();
    let rows = rows(&here);
    let mut input = export(&here, "known.csv", "metadata");
    input["ids"] = json!([rows[0]["id"]]);
    input["password"] = Value::Null;
    let exported = here.ask("export_credentials", input).expect("exported");
    assert_eq!((&exported["count"], &exported["lost"]), (&json!(1), &json!([])));

    let place = here.place("known.csv");
    let table = fs::read_to_string(&place).expect("read");
    assert_eq!(fs::metadata(&place).expect("there").permissions().mode() & 0o777, 0o600);
    let name = rows[0]["name"].as_str().expect("a name");
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(table.starts_with("\"name\",\"type\","), "{table}");
    // What a spreadsheet would calculate is text.
    assert!(table.contains(&format!("\"'{name}\"")), "{table}");
    assert!(!table.contains("fixture"), "{table}");
}
