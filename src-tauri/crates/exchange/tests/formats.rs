//! Every format from outside: what arrives, what is named as lost, and what is refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[allow(unreachable_pub)]
mod said;
#[path = "../../../../tests/fuzz/seeds.rs"]
#[allow(unreachable_pub)]
mod seeds;

use keyturn_exchange::{
    Batch, Content, Cost, Field, Format, Given, Limits, Loss, Older, PASSWORD, ReadError, Record,
    TOTP, Text, Why, detect, needs_password, read, write_csv, write_json, write_kdbx,
};
use keyturn_model::{Kind, Timestamp};
use said::whole;
use secrecy::SecretString;

fn password() -> SecretString {
    SecretString::from(seeds::PASSWORD.to_owned())
}

fn opened(bytes: &[u8], format: Format) -> Result<Batch, ReadError> {
    read(bytes, format, &Given { password: Some(&password()), ..Given::default() }, &|_| true)
}

fn text<'a>(content: &'a Content, name: &str) -> &'a str {
    content.field(name).map_or("", Text::expose)
}

fn rich(n: i64) -> Record {
    let field = |name: &str, text| Field { name: name.into(), text };
    let content = |password: &str| Content {
        name: format!("=entry {n} <&> ñ"),
        address: Some("https://x.example/?a=1&b=2".into()),
        user: Some("ana".into()),
        notes: Some(SecretString::from("fixture notes\nin lines".to_owned())),
        tags: vec!["a".into(), "b c".into()],
        expires: Some(Timestamp(1_800_000_000_000)),
        fields: vec![
            field(PASSWORD, Text::secret(password)),
            field(TOTP, Text::secret("otpauth://totp/x?secret=FIXTURE")),
            field("PIN", Text::secret("fixture pin")),
            field("region", Text::open("eu")),
        ],
    };
    Record {
        kind: Some(Kind::Login),
        group: vec!["prod".into(), "shop".into()],
        environment: Some("prod".into()),
        content: content("fixture \"3\""),
        created: Some(Timestamp(1_700_000_000_000)),
        changed: Some(Timestamp(1_700_000_300_000)),
        history: vec![
            Older { at: Some(Timestamp(1_700_000_100_000)), content: content("fixture 1") },
            Older { at: Some(Timestamp(1_700_000_200_000)), content: content("fixture 2") },
        ],
        ..Record::default()
    }
}

#[test]
fn every_format_is_recognised_without_its_name_and_read() {
    for seed in seeds::all() {
        let file = seed.file();
        assert_eq!(detect(&file, "file"), Some(seed.format));
        let batch = opened(&file, seed.format).unwrap_or_else(|e| panic!("{:?}: {e}", seed.format));
        assert_eq!(batch.records.len(), seed.entries, "{:?}", seed.format);
        assert!(!batch.origin.is_empty());
    }
    assert_eq!(detect(b"\x00\x01\x02", "x.bin"), None);
    assert_eq!(detect(b"a,b\n1,2\n", "x.csv"), Some(Format::Csv));
    assert_eq!(detect(b"", ".env.production"), Some(Format::Env));
}

#[test]
fn a_sealed_file_says_whether_the_password_is_missing_or_wrong() {
    let wrong = SecretString::from("fixture, but another".to_owned());
    for seed in seeds::all() {
        let file = seed.file();
        let sealed = needs_password(&file);
        let with = |password| {
            read(&file, seed.format, &Given { password, ..Given::default() }, &|_| true).map(drop)
        };
        if sealed {
            assert_eq!(with(None), Err(ReadError::PasswordNeeded));
            assert_eq!(with(Some(&wrong)), Err(ReadError::WrongPassword));
        } else {
            assert_eq!(with(None), Ok(()), "{:?}", seed.format);
        }
    }
}

#[test]
fn what_a_database_of_keepass_holds_arrives_or_is_named() {
    for seal in [seeds::kdbx3 as fn(&[u8]) -> Vec<u8>, seeds::kdbx4] {
        let seed = seeds::all().swap_remove(0);
        let batch = opened(&seal(&seed.inside), Format::Kdbx).unwrap();
        let [record] = batch.records.as_slice() else { panic!() };
        assert_eq!(batch.lost, [Loss { field: "recycle bin: 1".into(), why: Why::Deleted }]);
        assert_eq!(
            (record.content.name.as_str(), record.environment.as_deref()),
            ("one & A", Some("Prod"))
        );
        assert_eq!(text(&record.content, PASSWORD), "fixture");
        assert!(text(&record.content, TOTP).starts_with("otpauth"));
        assert_eq!(record.content.tags, ["a", "b"]);
        assert_eq!(text(&record.history[0].content, PASSWORD), "fixture-old");
        let lost: Vec<_> = record.lost.iter().map(|loss| loss.why).collect();
        assert_eq!(lost, [Why::Icon, Why::Attachment, Why::AutoType, Why::ProgramsOwn]);
    }
}

#[test]
fn what_bitwarden_and_1password_hold_arrives_or_is_named() {
    let seeds = seeds::all();
    let of = |format| {
        opened(&seeds.iter().find(|seed| seed.format == format).unwrap().file(), format).unwrap()
    };
    let bitwarden = of(Format::Bitwarden);
    let web = &bitwarden.records[0];
    assert_eq!(web.group, ["Prod", "Shop"]);
    assert_eq!((text(&web.content, PASSWORD), text(&web.content, TOTP)), ("fixture", "FIXTURE"));
    assert_eq!(
        (text(&web.content, "PIN"), text(&web.content, "address 2")),
        ("fixture-pin", "https://y.example")
    );
    let old: Vec<_> = web.history.iter().map(|older| text(&older.content, PASSWORD)).collect();
    assert_eq!(old, ["fixture-1", "fixture-2"]);
    let lost: Vec<_> = web.lost.iter().map(|loss| loss.why).collect();
    assert_eq!(lost, [Why::Passkey, Why::ProgramsOwn]);
    assert_eq!(bitwarden.lost, [Loss { field: "thrown".into(), why: Why::Deleted }]);
    assert_eq!(bitwarden.records[1].kind, Some(Kind::SshKey));

    let onepux = of(Format::OnePux);
    let shop = &onepux.records[0];
    assert_eq!(
        (shop.content.name.as_str(), shop.environment.as_deref()),
        ("Shop", Some("Staging"))
    );
    assert_eq!(
        (shop.content.user.as_deref(), text(&shop.content, PASSWORD)),
        (Some("ana"), "fixture")
    );
    assert_eq!((text(&shop.content, "PIN"), text(&shop.content, TOTP)), ("fixture-pin", "FIXTURE"));
    assert_eq!(shop.content.expires, Some(Timestamp(1_798_761_600_000)));
    assert_eq!((shop.attachments[0].name.as_str(), shop.attachments[0].size), ("a.pem", Some(12)));
    assert_eq!(text(&shop.history[0].content, PASSWORD), "fixture-old");
}

#[test]
fn an_item_of_bitwarden_keeps_every_collection_that_it_lies_in() {
    let file = br#"{"encrypted":false,"folders":[{"id":"f","name":"Mine"}],
        "collections":[{"id":"a","name":"Team/Shop"},{"id":"b","name":"Ops"}],
        "items":[{"name":"x","collectionIds":["a","b"]},
            {"name":"y","folderId":"f","collectionIds":["b","gone"]}]}"#;
    let records = opened(file, Format::Bitwarden).unwrap().records;
    let [x, y] = records.as_slice() else { panic!("two entries") };
    assert_eq!((x.group.join(" "), x.content.tags.join(" ")), ("Team Shop".into(), "Ops".into()));
    assert_eq!((y.group.join(" "), y.content.tags.join(" ")), ("Mine".into(), "Ops".into()));
    assert_eq!(x.lost, []);
    assert_eq!(y.lost, [Loss { field: "collection".into(), why: Why::Elsewhere }]);
}

#[test]
fn bitwarden_with_argon2_is_opened() {
    use sha2::Digest;
    let salt = "Zml4dHVyZSBzYWx0";
    let mut key = [0; 32];
    let params = argon2::Params::new(1024, 2, 1, Some(32)).unwrap();
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(seeds::PASSWORD.as_bytes(), &sha2::Sha256::digest(salt), &mut key)
        .unwrap();
    let header = format!(
        r#""kdfType":1,"kdfIterations":2,"kdfMemory":1,"kdfParallelism":1,"salt":"{salt}""#
    );
    let file =
        seeds::bitwarden_with(key, &header, br#"{"encrypted":false,"items":[{"name":"x"}]}"#);
    assert_eq!(opened(&file, Format::Bitwarden).unwrap().records.len(), 1);
}

#[test]
fn what_is_too_costly_is_refused_before_it_is_done() {
    let header =
        |header: &str| seeds::bitwarden_with([0; 32], &format!(r#"{header},"salt":"x""#), b"{}");
    for dear in [
        r#""kdfType":0,"kdfIterations":10000001"#,
        r#""kdfType":1,"kdfIterations":3,"kdfMemory":1025,"kdfParallelism":4"#,
        r#""kdfType":1,"kdfIterations":18446744073709551615,"kdfMemory":1,"kdfParallelism":4"#,
    ] {
        assert_eq!(opened(&header(dear), Format::Bitwarden).map(drop), Err(ReadError::TooCostly));
    }
    let file = seeds::dear().file();
    assert_eq!(opened(&file, Format::Kdbx).map(drop), Err(ReadError::WrongPassword));
    let mut limits = Limits::USUAL;
    limits.derivation.argon2_memory = 65_535;
    let refused = read(&file, Format::Kdbx, &Given { limits, ..Given::default() }, &|_| true);
    assert_eq!(refused.map(drop), Err(ReadError::TooCostly));
}

#[test]
fn what_is_too_large_too_deep_or_too_many_is_refused() {
    let limits = Limits { file: 100, entries: 2, nesting: 4, value: 10, ..Limits::USUAL };
    let within = |bytes: &[u8], format| {
        read(
            bytes,
            format,
            &Given { password: Some(&password()), limits, ..Given::default() },
            &|_| true,
        )
    };
    let large = within(&[b'a'; 101], Format::Csv).map(drop);
    assert!(matches!(large, Err(ReadError::TooLarge { most: 100, .. })), "{large:?}");
    assert_eq!(
        within(b"A=1\nB=2\nC=3", Format::Env).map(drop),
        Err(ReadError::TooMany { most: 2 })
    );
    let long = within(b"A=fixture-that-is-long", Format::Env).unwrap();
    assert_eq!(long.records[0].lost, [Loss { field: "value".into(), why: Why::TooLong }]);
    let deep = format!("<KeePassFile><Root>{}", "<Group>".repeat(100_000));
    for seal in [seeds::kdbx3 as fn(&[u8]) -> Vec<u8>, seeds::kdbx4] {
        assert!(matches!(
            opened(&seal(deep.as_bytes()), Format::Kdbx),
            Err(ReadError::TooDeep { .. })
        ));
        let bomb = seal(&vec![b' '; 64 * 1024 * 1024]);
        assert!(matches!(opened(&bomb, Format::Kdbx), Err(ReadError::TooLarge { .. })));
    }
    let fields = "<String><Key>k</Key><Value>v</Value></String>".repeat(1001);
    let wide =
        format!("<KeePassFile><Root><Group><Entry>{fields}</Entry></Group></Root></KeePassFile>");
    assert_eq!(
        opened(&seeds::kdbx4(wide.as_bytes()), Format::Kdbx).map(drop),
        Err(ReadError::TooMany { most: 1000 })
    );
    let bomb = seeds::onepux(&vec![b' '; 64 * 1024 * 1024]);
    assert!(matches!(opened(&bomb, Format::OnePux), Err(ReadError::TooLarge { .. })));
}

#[test]
fn reading_stops_when_it_is_told_to() {
    for seed in seeds::all() {
        let given = Given { password: Some(&password()), ..Given::default() };
        let stopped = read(&seed.file(), seed.format, &given, &|_| false);
        assert_eq!(stopped.map(drop), Err(ReadError::Cancelled));
    }
}

#[test]
fn our_own_json_comes_back_as_it_was() {
    let records = [rich(1), rich(2)];
    let back = opened(&write_json(&records).unwrap(), Format::Json).unwrap().records;
    for (one, other) in records.iter().zip(&back) {
        assert_eq!(whole(one), whole(other));
    }
    let newer = br#"{"format":"keyturn-records","version":2,"records":[]}"#;
    assert_eq!(
        opened(newer, Format::Json).map(drop),
        Err(ReadError::Newer { version: "2".into() })
    );
}

#[test]
fn a_database_that_was_written_comes_back_as_it_was() {
    let records = [rich(1), rich(2)];
    let file = write_kdbx(&records, &password(), Cost { memory: 1024 * 1024, passes: 1, lanes: 1 })
        .unwrap()
        .bytes;
    let mut back = opened(&file, Format::Kdbx).unwrap().records;
    back.sort_by(|a, b| a.content.name.cmp(&b.content.name));
    for (one, other) in records.iter().zip(&back) {
        assert_eq!(whole(one), whole(other));
        assert!(other.lost.is_empty(), "{:?}", other.lost);
    }
}

#[test]
fn a_table_that_was_written_comes_back_without_history() {
    let mut record = rich(1);
    let back = opened(&write_csv(std::slice::from_ref(&record)).unwrap().bytes, Format::Csv)
        .unwrap()
        .records;
    record.history.clear();
    // What else there is comes back as secret: the table does not say.
    record.content.fields[3].text = Text::secret("eu");
    assert_eq!(whole(&record), whole(&back[0]));
}

#[test]
fn fields_of_one_name_stand_beside_each_other_in_a_table() {
    let mut record = rich(1);
    let field = |name: &str, text: &str| Field { name: name.into(), text: Text::secret(text) };
    record.history.clear();
    record.content.fields = vec![
        field(PASSWORD, "main"),
        field(PASSWORD, "own"),
        field(TOTP, "seed"),
        field(TOTP, "own seed"),
        field("region", "eu"),
        field("region", "us"),
    ];
    let written = write_csv(std::slice::from_ref(&record)).unwrap();
    let lost = ["password", "totp", "region"].map(|name| Loss {
        field: format!("{}: {name}", record.content.name),
        why: Why::OtherForm,
    });
    assert_eq!(written.lost, lost);
    let back = opened(&written.bytes, Format::Csv).unwrap().records;
    let mut fields: Vec<_> =
        back[0].content.fields.iter().map(|f| (f.name.as_str(), f.text.expose())).collect();
    fields.sort_unstable();
    let expected = [
        ("password", "main"),
        ("password (2)", "own"),
        ("region", "eu"),
        ("region (2)", "us"),
        ("totp", "seed"),
        ("totp (2)", "own seed"),
    ];
    assert_eq!(fields, expected);
}

#[test]
fn no_secret_is_in_what_is_printed_for_programmers() {
    for seed in seeds::all() {
        let batch = opened(&seed.file(), seed.format).unwrap();
        assert!(!format!("{batch:?}").contains("fixture-"), "{:?}", seed.format);
    }
}
