//! The report of an emergency: as a PDF it says what it says as Markdown, on pages that hold it, and no value.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;
#[path = "common/pdf.rs"]
mod pdf;

use std::{collections::BTreeSet, fs, thread, time::Duration};

use common::{Here, metadata};
use serde_json::{Value, json};

fn all(here: &Here) -> Vec<Value> {
    let usual = json!({ "by": "name", "descending": false, "group": null });
    let input = json!({ "query": "", "ordering": usual, "from": 0, "most": 1000 });
    here.ask("list_credentials", input).expect("listed")["rows"].as_array().expect("rows").clone()
}

/// Credentials with these names in a new vault, in one incident.
fn named(names: &[String]) -> (Here, Value) {
    let here = Here::new();
    here.create();
    let new = |name: &String| {
        let secrets = json!({ "secret": "fixture-value-of-it" });
        json!({ "metadata": metadata(name, "apiKey"), "secrets": secrets, "request": null })
    };
    let new: Vec<Value> = names.iter().map(new).collect();
    for some in new.chunks(100) {
        let done = here.ask("add_credentials", json!(some)).expect("added");
        assert!(done.as_array().expect("each").iter().all(|it| it["problem"].is_null()), "{done}");
    }
    let incident = open(&here);
    (here, incident)
}

/// All credentials there are.
fn open(here: &Here) -> Value {
    open_with(here, |_| true)
}

fn open_with(here: &Here, is_in: impl Fn(&Value) -> bool) -> Value {
    let rows = all(here).into_iter().filter(|row| is_in(&row["name"]));
    let ids: Vec<Value> = rows.map(|row| row["id"].clone()).collect();
    let scope = json!({ "of": "credentials", "ids": ids });
    let input = json!({ "cause": "leaked", "drill": false, "scope": scope });
    here.ask("open_incident", input).expect("opened")
}

fn read(here: &Here, incident: &Value) -> Value {
    here.ask("read_incident", json!({ "id": incident["row"]["id"] })).expect("read")
}

fn change(here: &Here, incident: &Value, change: Value) -> Value {
    let seen = read(here, incident);
    let input = json!({ "id": seen["row"]["id"], "version": seen["version"], "change": change });
    here.ask("change_incident", input).expect("changed")
}

fn report(here: &Here, incident: &Value, format: &str) -> Vec<u8> {
    let file = here.place(format);
    let input = json!({ "id": incident["row"]["id"], "format": format, "file": file });
    here.ask("save_report", input).expect("written");
    fs::read(&file).expect("there")
}

/// Begins what is in it, and lets time go on until it is like this.
fn started(here: &Here, incident: &Value, like: impl Fn(&Value) -> bool) -> Value {
    let seen = read(here, incident);
    let row = &seen["row"];
    let input = json!({ "id": row["id"], "version": seen["version"], "typed": row["reference"] });
    here.ask("start_incident", input).expect("started");
    for _ in 0..1000 {
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

fn is_done(incident: &Value, name: &str) -> bool {
    let items = incident["items"].as_array().expect("items");
    items.iter().any(|it| it["name"] == name && it["run"]["row"]["status"] == "done")
}

/// An incident of the demo that is under way: some refused, some open, one left out, with a task.
fn under_way() -> (Here, Value) {
    let here = Here::new();
    here.ask("make_demo", Value::Null).expect("made");
    let incident = open(&here);
    let items = incident["items"].as_array().expect("items");
    let out = json!({
        "of": "item", "credential": items[0]["credential"], "taken": false, "order": null,
        "reason": "it never was in [that] repository",
    });
    change(&here, &incident, out);
    let tasks = json!([
        { "text": "Read the access log of the gateway", "done": false },
        { "text": "Take the file out of the history", "done": true },
    ]);
    change(&here, &incident, json!({ "of": "tasks", "tasks": tasks }));
    let rests = |item: &Value| {
        let status = &item["run"]["row"]["status"];
        status.is_null() || status == "done" || status == "needsAttention"
    };
    let seen = started(&here, &incident, |seen| {
        let items = seen["items"].as_array().expect("items");
        // Its consumer had to wait for the new value.
        is_done(seen, "search-index") && items.iter().all(rests)
    });
    (here, seen)
}

/// What a report in Markdown says, piece by piece, without its marks.
fn said(markdown: &str) -> Vec<String> {
    let bare = |text: &str| {
        let (mut bare, mut letters) = (String::new(), text.chars());
        while let Some(letter) = letters.next() {
            bare.extend(if letter == '\\' { letters.next() } else { Some(letter) });
        }
        bare
    };
    let piece = |text: &str| {
        let text = text.trim().trim_start_matches(['#', '-']).trim();
        let text = text.strip_prefix("**").map_or(text, |it| it.strip_suffix("**").unwrap_or(it));
        bare(text)
    };
    let lines = markdown.lines().filter(|line| !line.starts_with("| ---"));
    let cells = lines.flat_map(|line| line.split("<br>").flat_map(|it| it.split(" | ")));
    cells
        .flat_map(|cell| cell.split("**: "))
        .map(|cell| piece(cell.trim_matches(['|', ' '])))
        .filter(|it| !it.is_empty())
        .collect()
}

/// Lines that were broken are put together again.
fn joined(pages: &[pdf::Page]) -> String {
    pdf::text(pages).replace('\n', "")
}

#[test]
fn a_pdf_says_all_that_the_markdown_says() {
    let (here, incident) = under_way();
    let text = joined(&pdf::pages(&report(&here, &incident, "pdf")));
    // The Markdown that was written after it has one line more: that the other one was written.
    let markdown = String::from_utf8(report(&here, &incident, "markdown")).expect("text");
    let (body, rests) = markdown.split_once("## What this report rests on").expect("its end");
    let pieces = said(body);
    assert!(pieces.len() > 200, "{pieces:#?}");
    let title = format!("{}: ", incident["row"]["reference"].as_str().expect("one"));
    for piece in &pieces {
        let piece = piece.strip_prefix(&title).unwrap_or(piece);
        let is_new = piece == "Report written: pdf";
        assert!(is_new || text.contains(piece), "not in the PDF: {piece}\n{text}");
    }
    assert!(text.contains("Its seal") && rests.contains("Its seal"));
}

#[test]
fn a_pdf_tells_what_is_refused_what_broke_and_what_is_open() {
    let (here, incident) = under_way();
    let pages = pdf::pages(&report(&here, &incident, "pdf"));
    let text = joined(&pages);
    let lines = pdf::text(&pages);
    let left = lines.split_once("What is left to do").expect("there").1;
    let left = left.split_once("What happened, in UTC").expect("there").0;
    for item in incident["items"].as_array().expect("items") {
        let name = item["name"].as_str().expect("a name");
        let taken = item["taken"] == true;
        let refused = item["outcome"] == "revokedVerified";
        let ended = item["run"]["row"]["status"] == "done";
        let is_there = left.lines().any(|line| line == name);
        assert_eq!(is_there, taken && !(refused && ended), "{name}: {left}");
    }
    for says in [
        "old values are known to be refused.",
        "Proven to be refused",
        "It was tried at the issuer",
        "without a value that works",
        "it never was in [that] repository",
        "Read the access log of the gateway",
        "Old value revoked",
    ] {
        assert!(text.contains(says), "{says} is not in\n{text}");
    }
    let data: Value = serde_json::from_slice(&report(&here, &incident, "json")).expect("JSON");
    let each = data["credentials"].as_array().expect("each");
    let done = each.iter().find(|it| it["name"] == "search-index").expect("there");
    assert!(done["without"]["until"].is_string() && done["proof"].is_string(), "{done:#}");
    let served = done["consumers"].as_array().expect("each");
    assert!(!served.is_empty() && served.iter().all(|it| it["hasNewValue"] == true), "{done:#}");
    assert!(text.contains(&format!("Delivered to: {}", served[0]["name"].as_str().expect("one"))));
}

#[test]
fn what_is_over_is_said_to_be_with_its_moments() {
    let here = Here::new();
    here.ask("make_demo", Value::Null).expect("made");
    let incident = open_with(&here, |name| name == "search-index");
    here.clock.go(90);
    let earliest = incident["row"]["opened"].as_i64().expect("a moment") - 2 * 3_600_000;
    change(&here, &incident, json!({ "of": "earliest", "at": earliest }));
    started(&here, &incident, |seen| is_done(seen, "search-index"));
    change(&here, &incident, json!({ "of": "close", "reason": "" }));
    let text = joined(&pdf::pages(&report(&here, &incident, "pdf")));
    for says in [
        "1 credential is in it: search-index.",
        "Yes: every old value is refused. The last was revoked 2026-11-01 12:01:",
        "1 consumer was without a value that works",
        "What is leftNothing.",
        "Earliest misuse to known2 h 0 min",
        "Known to started1 min 30 s",
        "Delivered to: backup",
        "Incident closed",
    ] {
        assert!(text.contains(says), "{says} is not in\n{text}");
    }
}

#[test]
fn no_report_has_a_value_in_it() {
    let (here, incident) = under_way();
    // Each version that is kept: what was revoked is no less secret in a report.
    let values = |row: Value| {
        let shown = |number: Value| {
            let which =
                json!({ "id": row["id"], "number": number, "field": null, "passphrase": null });
            here.ask("reveal_value", which).ok()
        };
        let numbers = (0..6).map(|it| if it == 0 { Value::Null } else { json!(it) });
        let each = numbers.filter_map(shown);
        each.map(|it| it["value"].as_str().expect("a value").to_owned()).collect::<Vec<_>>()
    };
    let known: BTreeSet<String> = all(&here).into_iter().flat_map(values).collect();
    assert!(known.len() > 32, "{} values are known", known.len());
    for format in ["pdf", "markdown", "json"] {
        let bytes = report(&here, &incident, format);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if format == "pdf" {
            text.push_str(&joined(&pdf::pages(&bytes)));
        }
        let lines = known.iter().flat_map(|it| it.lines());
        for line in lines.filter(|line| line.len() > 8 && !line.starts_with("-----")) {
            assert!(!text.contains(line), "a value is in the report as {format}");
        }
    }
}

#[test]
fn many_credentials_go_over_many_pages_and_each_is_there() {
    let names: Vec<String> = (0..300).map(|at| format!("service-{at:04}")).collect();
    let (here, incident) = named(&names);
    let pages = pdf::pages(&report(&here, &incident, "pdf"));
    assert!(pages.len() > 15, "{} pages", pages.len());
    let text = joined(&pages);
    for name in &names {
        assert!(text.matches(name).count() >= 2, "{name} is in a table and among what is open");
    }
    let reference = incident["row"]["reference"].as_str().expect("one");
    for (at, page) in pages.iter().enumerate() {
        let number = format!("Page {} of {}", at + 1, pages.len());
        assert!(page.edges.contains(reference) && page.edges.contains(&number), "{}", page.edges);
    }
}

#[test]
fn a_letter_that_the_pdf_cannot_show_is_told_of_and_all_others_are_there() {
    let names = [
        "x".repeat(100),
        "Платёжный шлюз, ключ №7".to_owned(),
        "Πύλη πληρωμών".to_owned(),
        r"(back\slash) <tag> | pipe".to_owned(),
        "🔑 rocket 🚀 key".to_owned(),
    ];
    let (here, incident) = named(&names);
    let text = joined(&pdf::pages(&report(&here, &incident, "pdf")));
    let [known @ .., lacking] = &names;
    for name in known {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    assert!(text.contains(&lacking.replace(['🔑', '🚀'], "\u{fffd}")), "{text}");
    assert!(text.contains("stands for a letter that the typeface of this document does not have"));
    let markdown = String::from_utf8(report(&here, &incident, "markdown")).expect("text");
    assert!(markdown.contains(r"(back\\slash) \<tag\> \| pipe"), "{markdown}");
}

#[test]
fn what_is_typed_turns_nothing_around_and_becomes_no_link() {
    let (here, incident) = named(&["gateway".to_owned()]);
    let text = "\u{202e}yek see https://example.com and www.example.com";
    let tasks = json!([{ "text": text, "done": false }]);
    change(&here, &incident, json!({ "of": "tasks", "tasks": tasks }));
    let markdown = String::from_utf8(report(&here, &incident, "markdown")).expect("text");
    assert!(!markdown.contains('\u{202e}') && markdown.contains('\u{fffd}'));
    assert!(!markdown.contains("https://") && !markdown.contains(" www.example"), "{markdown}");
    let pdf = joined(&pdf::pages(&report(&here, &incident, "pdf")));
    assert!(pdf.contains("\u{fffd}yek") && pdf.contains("https://example.com"), "{pdf}");
}
