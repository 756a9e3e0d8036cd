//! What KeePassXC wrote comes in by the app and goes out again: KeePassXC then reads the same, but for
//! what the preview named as lost or changed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;
#[path = "../../exchange/tests/theirs/mod.rs"]
#[allow(unreachable_pub)]
mod theirs;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use common::Here;
use keyturn_exchange::{Content, Format, Given, Record, read};
use keyturn_testkit::PASSPHRASE;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use theirs::{document, keepassxc};

const ENTRIES: usize = 10_000;
const FILE_PASSWORD: &str = "fixture password of a file";

/// What is lost or changed of an entry, and why.
type Lost = BTreeSet<(String, String)>;

fn opened(place: &str) -> BTreeMap<String, Record> {
    let password = FILE_PASSWORD.into();
    let given = Given { password: Some(&password), ..Given::default() };
    let batch = read(&fs::read(place).unwrap(), Format::Kdbx, &given, &|_| true).unwrap();
    batch.records.into_iter().map(|record| (record.content.name.clone(), record)).collect()
}

/// Everything that an entry says, each under the name that a report gives it.
fn said(content: &Content) -> BTreeSet<(String, String)> {
    let Content { name, address, user, notes, tags, expires, fields } = content;
    let notes = notes.as_ref().map(|notes| notes.expose_secret().to_owned());
    let expires = expires.map(|at| at.0.to_string());
    let words = [
        ("name", Some(name.clone())),
        ("address", address.clone()),
        ("user", user.clone()),
        ("notes", notes),
        ("expires", expires),
    ];
    let words = words.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let tags = tags.iter().map(|tag| (format!("tag: {tag}"), tag.clone()));
    let fields = fields.iter().map(|field| (field.name.clone(), field.text.expose().to_owned()));
    words.chain(tags).chain(fields).collect()
}

/// Holds one entry against what became of it: each thing is there or named as lost, and never both.
fn is_kept_or_named(theirs: &Record, ours: &Record, lost: &Lost) {
    let title = &theirs.content.name;
    let named = |name: &str| lost.iter().any(|(field, _)| field == name);
    let there = said(&ours.content);
    for piece in said(&theirs.content) {
        assert!(there.contains(&piece) != named(&piece.0), "{title}: {piece:?} {lost:?}");
    }
    for (name, same) in [
        (format!("group: {}", theirs.group.join("/")), theirs.group == ours.group),
        ("made".to_owned(), theirs.created == ours.created),
        ("last changed".to_owned(), theirs.changed == ours.changed),
    ] {
        assert!(same != named(&name), "{title}: {name} {lost:?}");
    }
    for attachment in &theirs.attachments {
        assert!(named(&attachment.name), "{title}: {attachment:?}");
    }
    let mut left = ours.history.iter().collect::<Vec<_>>();
    for older in &theirs.history {
        let Some(at) = left.iter().position(|ours| ours.at == older.at) else {
            assert!(named("history: an entry with the same secrets"), "{title}: {:?}", older.at);
            continue;
        };
        let (before, after) = (said(&older.content), said(&left.remove(at).content));
        for (name, _) in before.symmetric_difference(&after) {
            let name = if name.starts_with("tag: ") { "tags" } else { name };
            assert!(
                named(&format!("history: {name}")) || name == "Environment",
                "{title}: {name} {lost:?}"
            );
        }
    }
    assert!(left.is_empty(), "{title} has more history than it had");
}

/// What has to be named of the entry with this number, and nothing else.
fn expected(n: usize) -> Lost {
    let history = ["name", "tags", "notes", "expires", "user", "Region"];
    let history = history.map(|field| (true, format!("history: {field}"), "noPlace"));
    let others = [
        (n.is_multiple_of(10), "file.pem", "attachment"),
        (!n.is_multiple_of(3), "icon", "icon"),
        (true, "tag: fixture tag", "otherForm"),
        (!n.is_multiple_of(2), "group: Team & Shop", "otherForm"),
        (n.is_multiple_of(5), "history: an entry with the same secrets", "noPlace"),
        (n.is_multiple_of(5), "last changed", "otherForm"),
    ];
    let others = others.map(|(is, field, why)| (is, field.to_owned(), why));
    let all = history.into_iter().chain(others).filter(|(is, ..)| *is);
    all.map(|(_, field, why)| (field, why.to_owned())).collect()
}

/// Every entry of the file that was previewed, page by page, with what is lost of it.
fn entries(here: &Here) -> BTreeMap<String, Lost> {
    let mut all = BTreeMap::new();
    loop {
        let page = here.ask("read_import", json!({ "from": all.len() })).unwrap();
        let page = page.as_array().unwrap();
        if page.is_empty() {
            return all;
        }
        for entry in page {
            let text = |it: &Value| it.as_str().unwrap().to_owned();
            let lost = entry["lost"].as_array().unwrap().iter();
            let lost = lost.map(|loss| (text(&loss["field"]), text(&loss["why"])));
            all.insert(text(&entry["name"]), lost.collect());
        }
    }
}

#[test]
fn ten_thousand_entries_arrive_or_are_named_and_keepassxc_reads_the_same_from_the_export() {
    let here = Here::new();
    here.create();
    let folder = here.folder.path();
    let xc = |arguments: &[&str]| keepassxc(folder, FILE_PASSWORD, arguments);
    fs::write(folder.join("in.xml"), document(ENTRIES)).unwrap();
    xc(&["import", "-q", "-p", "-t", "100", "in.xml", "theirs.kdbx"]);
    let file =
        json!({ "file": here.place("theirs.kdbx"), "password": FILE_PASSWORD, "columns": null });

    let preview = here.ask("preview_import", file.clone()).unwrap();
    assert_eq!((&preview["fresh"], &preview["same"]), (&json!(ENTRIES), &json!(0)));
    let lost = entries(&here);
    assert_eq!(lost.len(), ENTRIES);
    for n in 0..ENTRIES {
        assert_eq!(lost[&format!("entry {n}")], expected(n), "{n}");
    }
    // Everything of every entry is in the report, and the recycle bin.
    let counts = preview["lost"].as_array().unwrap().iter().map(|it| it["count"].as_u64().unwrap());
    let each: usize = lost.values().map(BTreeSet::len).sum();
    assert_eq!(counts.sum::<u64>(), each as u64 + 1);

    here.ask("run_import", json!({ "changed": false, "without": [] })).unwrap();
    let again = here.ask("preview_import", file).unwrap();
    assert_eq!((&again["fresh"], &again["same"]), (&json!(0), &json!(ENTRIES)));

    let export = json!({
        "file": here.place("ours.kdbx"), "format": "kdbx", "query": "", "passphrase": PASSPHRASE,
        "password": FILE_PASSWORD,
    });
    let exported = here.ask("export_credentials", export).unwrap();
    assert_eq!((&exported["count"], &exported["lost"]), (&json!(ENTRIES), &json!([])));
    // What KeePassXC makes of it, told by itself.
    let xml = xc(&["export", "-q", "-f", "xml", "ours.kdbx"]);
    fs::write(folder.join("ours.xml"), xml).unwrap();
    xc(&["import", "-q", "-p", "-t", "100", "ours.xml", "again.kdbx"]);
    let (theirs, ours) = (opened(&here.place("theirs.kdbx")), opened(&here.place("again.kdbx")));
    assert_eq!((theirs.len(), ours.len()), (ENTRIES, ENTRIES));
    for (name, record) in &theirs {
        is_kept_or_named(record, &ours[name], &lost[name]);
    }
}
