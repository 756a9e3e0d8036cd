//! What is lost or changed on the way in or out is told to the last of it, page by page.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod common;

use std::{collections::BTreeSet, fs};

use common::Here;
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};

const MANY: usize = 1201;

fn open() -> Here {
    let here = Here::new();
    here.create();
    here
}

/// A file of ours with this entry many times, each with its number in it.
fn file(here: &Here, entry: impl Fn(usize) -> Value) -> Value {
    let records: Vec<Value> = (0..MANY).map(entry).collect();
    let file = json!({ "format": "keyturn-records", "version": 1, "records": records });
    fs::write(here.place("many.json"), file.to_string()).expect("written");
    json!({ "file": here.place("many.json"), "password": null, "columns": null })
}

fn secret(text: &str) -> Value {
    json!([{ "name": "value", "secret": true, "text": text }])
}

/// All pages of an answer, from what is there already.
fn all(first: &Value, mut page: impl FnMut(usize) -> Value) -> Vec<Value> {
    let mut all = first.as_array().expect("a page").clone();
    assert!(all.len() < MANY, "one page holds it all");
    loop {
        let next = page(all.len());
        let next = next.as_array().expect("a page");
        if next.is_empty() {
            return all;
        }
        all.extend(next.iter().cloned());
    }
}

fn names(here: &Here, lost: &Value) -> BTreeSet<String> {
    let more = |from| json!({ "why": lost["why"], "from": from });
    let names = all(&lost["names"], |from| here.ask("read_losses", more(from)).expect("read"));
    assert_eq!(lost["named"], names.len());
    names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

#[test]
fn every_entry_and_everything_that_is_lost_is_told_page_by_page_and_each_can_stay_out() {
    let here = open();
    let input = file(
        &here,
        |n| json!({ "name": format!("key {n}"), "group": [format!("Team {n}")], "fields": secret("x") }),
    );
    let preview = here.ask("preview_import", input).expect("previewed");
    let entries = all(&preview["entries"], |from| {
        here.ask("read_import", json!({ "from": from })).expect("read")
    });
    let places: Vec<_> = entries.iter().map(|entry| entry["at"].as_u64()).collect();
    assert_eq!(places, (0..MANY as u64).map(Some).collect::<Vec<_>>());
    let lost = preview["lost"].as_array().expect("reasons");
    assert_eq!(lost.len(), 1);
    assert_eq!((&lost[0]["why"], &lost[0]["count"]), (&json!("otherForm"), &json!(MANY)));
    let expected = (0..MANY).map(|n| format!("group: Team {n}")).collect();
    assert_eq!(names(&here, &lost[0]), expected);

    let choice = json!({ "changed": false, "without": [MANY - 1] });
    let imported = here.ask("run_import", choice).expect("brought in");
    assert_eq!((&imported["added"], &imported["skipped"]), (&json!(MANY - 1), &json!(1)));
}

#[test]
fn an_export_tells_everything_that_is_not_in_the_file() {
    let here = open();
    let input = file(&here, |n| {
        json!({
            "name": format!("key {n}"), "fields": secret("new"), "changed": 2,
            "history": [{ "at": 1, "name": format!("key {n}"), "fields": secret("old") }],
        })
    });
    assert_eq!(here.ask("preview_import", input).expect("previewed")["lost"], json!([]));
    here.ask("run_import", json!({ "changed": false, "without": [] })).expect("brought in");
    let export = json!({
        "file": here.place("out.csv"), "format": "csv", "query": "", "passphrase": PASSPHRASE,
        "password": null,
    });
    let exported = here.ask("export_credentials", export).expect("exported");
    let lost = exported["lost"].as_array().expect("reasons");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0]["count"], MANY);
    let expected = (0..MANY).map(|n| format!("key {n}: history")).collect();
    assert_eq!(names(&here, &lost[0]), expected);
}
