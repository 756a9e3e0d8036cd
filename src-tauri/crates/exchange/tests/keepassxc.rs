//! KeePassXC itself writes what is read here, and reads what is written here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[allow(unreachable_pub)]
mod said;
#[path = "../../../../tests/fuzz/seeds.rs"]
#[allow(unreachable_pub, dead_code)]
mod seeds;
#[allow(unreachable_pub)]
mod theirs;

use std::{collections::BTreeMap, fs, path::Path, thread};

use keyturn_exchange::{
    Batch, Content, Cost, Field, Format, Given, PASSWORD, Record, TOTP, Text, Why, read, write_kdbx,
};
use keyturn_model::Timestamp;
use secrecy::{ExposeSecret, SecretString};

const ENTRIES: usize = 10_000;

fn password() -> SecretString {
    SecretString::from(seeds::PASSWORD.to_owned())
}

fn keepassxc(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    theirs::keepassxc(folder, seeds::PASSWORD, arguments)
}

fn opened(bytes: &[u8]) -> Batch {
    read(bytes, Format::Kdbx, &Given { password: Some(&password()), ..Given::default() }, &|_| true)
        .unwrap()
}

/// Holds a record against what the document says of its number.
fn is_whole(n: usize, record: &Record) {
    let (even, tenth) = (n.is_multiple_of(2), n.is_multiple_of(10));
    let day = i64::try_from(n % 28).unwrap() * 86_400_000;
    let text = |name: &str| {
        record.content.field(name).map(|text| (text.expose().to_owned(), text.is_secret()))
    };
    let content = &record.content;
    assert_eq!(record.group, [["Production", "Team & Shop"][n % 2]]);
    assert_eq!(record.environment.as_deref(), even.then_some("Production"));
    assert_eq!(content.user, Some(format!("user{n}")));
    assert_eq!(content.address, Some(format!("https://host{n}.example/?a=1&b")));
    let notes = content.notes.as_ref().map(|notes| notes.expose_secret().to_owned());
    assert_eq!(notes, Some(format!("fixture notes {n}\nin lines")));
    assert_eq!(text(PASSWORD), Some((format!("fixture-{n}-<\"ñ"), true)));
    assert_eq!(text("API key"), Some((format!("fixture-key-{n}"), true)));
    assert_eq!(text("Region"), Some(("eu-1".into(), false)));
    assert_eq!(text(TOTP).is_some(), tenth);
    let mut tags = content.tags.clone();
    tags.sort();
    assert_eq!(tags, ["fixture tag".to_owned(), format!("t{}", n % 7)]);
    assert_eq!(content.expires, even.then_some(Timestamp(1_801_440_000_000 + day)));
    assert_eq!(record.created, Some(Timestamp(1_704_078_245_000 + day)));
    assert_eq!(record.changed, Some(Timestamp(1_735_700_645_000 + day)));
    let old: Vec<_> =
        record.history.iter().map(|o| o.content.field(PASSWORD).map(Text::expose)).collect();
    let [first, second] = [1, 2].map(|old| format!("fixture-{n}-old-{old}"));
    let now = format!("fixture-{n}-<\"ñ");
    let third = n.is_multiple_of(5).then_some(Some(now.as_str()));
    let expected = [Some(first.as_str()), Some(&second)];
    assert_eq!(old, expected.into_iter().chain(third).collect::<Vec<_>>());
    let first = &record.history[0].content;
    assert_eq!(first.name, format!("entry {n} before"));
    assert_eq!(first.expires, Some(Timestamp(1_709_251_200_000)));
    let file: Vec<_> = record.attachments.iter().map(|a| (a.name.as_str(), a.size)).collect();
    assert_eq!(file, if tenth { vec![("file.pem", Some(12))] } else { vec![] });
    let mut lost: Vec<_> = record.lost.iter().map(|loss| loss.why).collect();
    lost.sort();
    let expected = [(tenth, Why::Attachment), (!n.is_multiple_of(3), Why::Icon)];
    assert_eq!(
        lost,
        expected.iter().filter(|(there, _)| *there).map(|(_, why)| *why).collect::<Vec<_>>()
    );
}

/// The lines of KeePassXC's own table, without the column of icons, which do not come in.
fn table(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv);
    let icon = reader.headers().unwrap().iter().position(|header| header == "Icon");
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| {
            row.unwrap()
                .iter()
                .enumerate()
                .filter(|(n, _)| Some(*n) != icon)
                .map(|(_, c)| c.to_owned())
                .collect()
        })
        .filter(|row: &Vec<String>| !row[0].contains("Recycle Bin"))
        .collect();
    rows.sort();
    rows
}

fn by_name(records: Vec<Record>) -> BTreeMap<String, Record> {
    records.into_iter().map(|record| (record.content.name.clone(), record)).collect()
}

#[test]
fn ten_thousand_entries_of_keepassxc_arrive_and_it_reads_the_same_from_ours() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("in.xml"), theirs::document(ENTRIES)).unwrap();
    keepassxc(folder, &["import", "-q", "-p", "-t", "100", "in.xml", "theirs.kdbx"]);

    let batch = opened(&fs::read(folder.join("theirs.kdbx")).unwrap());
    assert_eq!(batch.records.len(), ENTRIES);
    assert_eq!(batch.lost.iter().map(|loss| loss.why).collect::<Vec<_>>(), [Why::Deleted]);
    let theirs = by_name(batch.records.clone());
    for n in 0..ENTRIES {
        is_whole(n, &theirs[&format!("entry {n}")]);
    }

    let cost = Cost { memory: 1024 * 1024, passes: 2, lanes: 1 };
    fs::write(
        folder.join("ours.kdbx"),
        write_kdbx(&batch.records, &password(), cost).unwrap().bytes,
    )
    .unwrap();
    // What KeePassXC makes of both, told by itself.
    let export = |format, file| keepassxc(folder, &["export", "-q", "-f", format, file]);
    let (before, after, xml) = thread::scope(|scope| {
        let before = scope.spawn(|| table(&export("csv", "theirs.kdbx")));
        let after = scope.spawn(|| table(&export("csv", "ours.kdbx")));
        (before.join().unwrap(), after.join().unwrap(), export("xml", "ours.kdbx"))
    });
    assert_eq!(before.len(), ENTRIES);
    assert!(before == after, "KeePassXC reads another table from what was written");
    // And what a table has no place for: tags, expiry, fields, history.
    let after = by_name(opened(&seeds::kdbx4(&xml)).records);
    assert_eq!(after.len(), ENTRIES);
    for (name, record) in &theirs {
        let mut record = record.clone();
        record.attachments.clear();
        // In an open document, what is secret is not marked as the reader knows it.
        let open = |mut record: Record| {
            let contents = record.history.iter_mut().map(|older| &mut older.content);
            for field in
                contents.chain([&mut record.content]).flat_map(|content| &mut content.fields)
            {
                field.text = Text::open(field.text.expose());
            }
            record
        };
        assert_eq!(said::whole(&open(record)), said::whole(&open(after[name].clone())));
    }
    let shown = keepassxc(
        folder,
        &["show", "-q", "-s", "-a", "API key", "-a", "Password", "ours.kdbx", "Production/entry 4"],
    );
    assert_eq!(String::from_utf8(shown).unwrap(), "fixture-key-4\nfixture-4-<\"ñ\n");
}

#[test]
fn keepassxc_opens_what_was_written_whatever_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let odd = "fixture \0\u{1}\u{FFFE}]]><&\r\n\u{1F511}";
    let field = |name: &str, text| Field { name: name.into(), text };
    let content = Content {
        name: odd.into(),
        user: Some(odd.into()),
        notes: Some(odd.to_owned().into()),
        tags: vec!["a;b".into()],
        fields: vec![
            field(PASSWORD, Text::secret("fixture-first")),
            field("x", Text::open(odd)),
            field("x", Text::secret("fixture-second")),
            field("Password", Text::secret("fixture-third")),
            field("Title", Text::secret("fixture-title")),
        ],
        ..Content::default()
    };
    let record =
        Record { content, group: vec![odd.into()], owner: Some("ana".into()), ..Record::default() };
    let cost = Cost { memory: 1024 * 1024, passes: 2, lanes: 1 };
    let written = write_kdbx(&[record], &password(), cost).unwrap();
    let lost: Vec<_> = written.lost.iter().map(|loss| loss.field.trim_start_matches(odd)).collect();
    assert_eq!(
        lost,
        [
            ": group",
            ": name",
            ": user",
            ": notes",
            ": tag: a;b",
            ": x",
            ": x",
            ": Password",
            ": Title"
        ]
    );
    fs::write(folder.join("ours.kdbx"), &written.bytes).unwrap();
    let xml = keepassxc(folder, &["export", "-q", "-f", "xml", "ours.kdbx"]);
    for bytes in [written.bytes, seeds::kdbx4(&xml)] {
        let batch = opened(&bytes);
        let [record] = batch.records.as_slice() else { panic!("{batch:?}") };
        let text = |name: &str| record.content.field(name).map_or("", Text::expose).to_owned();
        // KeePassXC's XML does not mark a carriage return, so that readers may drop it.
        assert_eq!(record.content.name.replace('\r', ""), "fixture ]]><&\n\u{1F511}");
        assert_eq!(
            (text(PASSWORD), text("x (2)")),
            ("fixture-first".into(), "fixture-second".into())
        );
        assert_eq!(
            (text("Password (2)"), text("Title (2)")),
            ("fixture-third".into(), "fixture-title".into())
        );
        assert_eq!(record.owner.as_deref(), Some("ana"));
    }
}

#[test]
fn version_4_as_keepassxc_writes_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("in.xml"), theirs::document(20)).unwrap();
    keepassxc(folder, &["import", "-q", "-p", "-t", "100", "in.xml", "theirs.kdbx"]);
    let batch = opened(&fs::read(folder.join("theirs.kdbx")).unwrap());
    let cost = Cost { memory: 1024 * 1024, passes: 2, lanes: 1 };
    fs::write(
        folder.join("ours.kdbx"),
        write_kdbx(&batch.records, &password(), cost).unwrap().bytes,
    )
    .unwrap();
    // It opens ours, adds an entry, and writes the whole anew.
    keepassxc(folder, &["add", "-q", "-g", "-u", "new user", "ours.kdbx", "Production/new"]);
    let bytes = fs::read(folder.join("ours.kdbx")).unwrap();
    assert_eq!(bytes[10], 4, "KeePassXC kept the version");
    let again = by_name(opened(&bytes).records);
    assert_eq!(again.len(), 21);
    assert_eq!(again["new"].content.user.as_deref(), Some("new user"));
    for (name, record) in by_name(batch.records) {
        let without = Record { attachments: Vec::new(), ..record };
        assert_eq!(said::whole(&without), said::whole(&again[&name]));
    }
}
