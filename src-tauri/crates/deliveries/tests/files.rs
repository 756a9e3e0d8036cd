//! A value in a file: delivered, read back, taken back, and never over what somebody else wrote.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod world;

use std::{collections::BTreeMap, fs, path::Path};

use keyturn_model::{
    rotation::{Fault, Health, Reload, Value},
    setup::{FileFormat, Reloading, Sending},
};
use world::{by, file, setup, value};

const ENV: &str = "# app\nDB=postgres://app:old-fixture@db/x\nPW=old-fixture\n";
const PLACES: &[(&str, &str)] =
    &[("DB", "postgres://{user}:{password|url}@db/x"), ("PW", "{value}")];

/// Everything in a folder, with its times.
fn all(folder: &Path) -> BTreeMap<String, (String, std::time::SystemTime)> {
    let entry = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let changed = fs::metadata(&path).unwrap().modified().unwrap();
        (path.display().to_string(), (fs::read_to_string(&path).unwrap(), changed))
    };
    fs::read_dir(folder).unwrap().map(entry).collect()
}

#[tokio::test]
async fn a_value_is_delivered_read_back_and_taken_back_in_every_format() {
    let (old, new) = (value("old-fixture"), value("new-fixture"));
    for (format, text, key) in [
        (FileFormat::Env, "A=1\nPW=\"old-fixture\" # c\n", "PW"),
        (FileFormat::Ini, "[db]\r\npw = old-fixture\r\n", "db.pw"),
        (FileFormat::Json, "{\"db\": {\"pw\":\"old-fixture\"} }", "db.pw"),
        (FileFormat::Toml, "[db]\npw = 'old-fixture' # c", "db.pw"),
        (FileFormat::Yaml, "db:\n  pw: old-fixture # c\n  x: 1\n", "db.pw"),
        (FileFormat::Whole, "old-fixture\n", ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("conf");
        fs::write(&path, text).unwrap();
        let consumer = by(&setup(file(&path, format, &[(key, "{password}")])));
        assert!(consumer.uptake().read_back);
        consumer.ready().await.unwrap();
        assert!(consumer.holds(&old).await.unwrap() && !consumer.holds(&new).await.unwrap());
        assert_eq!(consumer.check(&new).await.unwrap(), Health::NotYet);
        consumer.deliver(&new, &old).await.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("old-", "new-"));
        assert!(consumer.holds(&new).await.unwrap() && !consumer.holds(&old).await.unwrap());
        assert_eq!(consumer.check(&new).await.unwrap(), Health::Well);
        consumer.reload().await.unwrap();
        consumer.deliver(&new, &old).await.unwrap();
        consumer.deliver(&old, &new).await.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{format:?}");
    }
}

#[tokio::test]
async fn what_somebody_else_wrote_is_a_conflict_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    let consumer = by(&setup(file(&path, FileFormat::Env, PLACES)));
    let theirs = ENV.replace("PW=old-fixture", "PW=their-fixture");
    fs::write(&path, &theirs).unwrap();
    let before = all(folder.path());
    let delivered = consumer.deliver(&value("new-fixture"), &value("old-fixture")).await;
    assert!(matches!(delivered, Err(Fault::Conflict)));
    assert_eq!(all(folder.path()), before);
    assert!(!consumer.holds(&value("old-fixture")).await.unwrap());
}

#[tokio::test]
async fn a_file_that_was_changed_by_half_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    fs::write(&path, ENV.replace("PW=old-", "PW=new-")).unwrap();
    let consumer = by(&setup(file(&path, FileFormat::Env, PLACES)));
    consumer.deliver(&value("new-fixture"), &value("old-fixture")).await.unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), ENV.replace("old-", "new-"));
}

#[tokio::test]
async fn empty_and_missing_places_are_filled_and_taken_back_they_hold_the_old_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    let consumer = by(&setup(file(&path, FileFormat::Env, PLACES)));
    fs::write(&path, "A=1\nPW=\n").unwrap();
    assert!(consumer.vacant().await.unwrap());
    consumer.deliver(&value("new-fixture"), &value("old-fixture")).await.unwrap();
    let text = "A=1\nPW=new-fixture\nDB=postgres://app:new-fixture@db/x\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    consumer.deliver(&value("old-fixture"), &value("new-fixture")).await.unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("new-", "old-"));
}

#[tokio::test]
async fn a_file_that_is_missing_is_made_where_its_folder_exists() {
    let folder = tempfile::tempdir().unwrap();
    for (format, key, is) in [
        (FileFormat::Env, "A", "A=new-fixture\n"),
        (FileFormat::Ini, "a.b", "[a]\nb = new-fixture\n"),
        (FileFormat::Json, "a.b", "{\n  \"a\": {\"b\": \"new-fixture\"}\n}\n"),
        (FileFormat::Toml, "a.b", "[a]\nb = \"new-fixture\"\n"),
        (FileFormat::Yaml, "a", "a: new-fixture\n"),
        (FileFormat::Whole, "", "new-fixture"),
    ] {
        let path = folder.path().join(format!("{format:?}"));
        let consumer = by(&setup(file(&path, format, &[(key, "{value}")])));
        consumer.ready().await.unwrap();
        assert!(consumer.vacant().await.unwrap() && !path.exists());
        assert!(!consumer.holds(&value("new-fixture")).await.unwrap());
        consumer.deliver(&value("new-fixture"), &Value::default()).await.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), is);
        assert!(consumer.holds(&value("new-fixture")).await.unwrap());
        assert!(!consumer.vacant().await.unwrap());
        fs::write(&path, "").unwrap();
        assert!(consumer.vacant().await.unwrap());
        consumer.ready().await.unwrap();
        assert!(!consumer.holds(&value("new-fixture")).await.unwrap());
        consumer.deliver(&value("new-fixture"), &Value::default()).await.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), is, "an empty one is as good as none");
    }
    let path = folder.path().join("none/env");
    let consumer = by(&setup(file(&path, FileFormat::Env, PLACES)));
    assert!(matches!(consumer.ready().await, Err(Fault::Gone)));
    assert!(matches!(consumer.vacant().await, Err(Fault::Gone)));
    let delivered = consumer.deliver(&value("new-fixture"), &value("old-fixture")).await;
    assert!(matches!(delivered, Err(Fault::Gone)));
    assert!(!path.parent().unwrap().exists());
}

#[tokio::test]
async fn what_only_looks_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    fs::write(&path, ENV).unwrap();
    let before = all(folder.path());
    let missing = [("NEW", "{value}"), ("PW", "{value}")];
    let consumer = by(&setup(file(&path, FileFormat::Env, &missing)));
    consumer.ready().await.unwrap();
    assert!(!consumer.holds(&value("old-fixture")).await.unwrap());
    assert_eq!(consumer.check(&value("old-fixture")).await.unwrap(), Health::NotYet);
    assert_eq!(all(folder.path()), before);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_safely_is_found_before_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    for (format, text) in [
        (FileFormat::Env, "pw=a\npw=b\n"),
        (FileFormat::Json, "{\"pw\": }"),
        (FileFormat::Yaml, "pw: |\n  old-fixture\n"),
        (FileFormat::Toml, "pw = [1]\n"),
    ] {
        fs::write(&path, text).unwrap();
        let consumer = by(&setup(file(&path, format, &[("pw", "{value}")])));
        assert!(matches!(consumer.ready().await, Err(Fault::Refused)), "{text}");
        let delivered = consumer.deliver(&value("new-fixture"), &value("old-fixture")).await;
        assert!(matches!(delivered, Err(Fault::Refused)), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_value_without_the_fields_that_are_named_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    fs::write(&path, ENV).unwrap();
    let consumer = by(&setup(file(&path, FileFormat::Env, &[("PW", "{token}")])));
    let delivered = consumer.deliver(&value("new-fixture"), &value("old-fixture")).await;
    assert!(matches!(delivered, Err(Fault::Refused)));
    assert_eq!(fs::read_to_string(&path).unwrap(), ENV);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_credentials_in_one_file_do_not_undo_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    fs::write(&path, "A=fixture-0\nB=fixture-0\n").unwrap();
    let run = async |key: &str| {
        let consumer = by(&setup(file(&path, FileFormat::Env, &[(key, "{value}")])));
        for turn in 0..20 {
            let (old, new) = (format!("fixture-{turn}"), format!("fixture-{}", turn + 1));
            consumer.deliver(&value(&new), &value(&old)).await.unwrap();
        }
    };
    tokio::join!(run("A"), run("B"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "A=fixture-20\nB=fixture-20\n");
}

#[tokio::test]
async fn where_a_person_has_it_taken_up_nothing_here_can_say_that_they_did() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("env");
    fs::write(&path, ENV).unwrap();
    let mut setup = setup(file(&path, FileFormat::Env, PLACES));
    setup.reloading = Reloading::Manual;
    let consumer = by(&setup);
    assert_eq!(consumer.uptake().reload, Reload::Manual);
    assert!(consumer.holds(&value("old-fixture")).await.unwrap());
    assert_eq!(consumer.check(&value("old-fixture")).await.unwrap(), Health::NotYet);
    assert!(matches!(consumer.reload().await, Err(Fault::ByHand)));
    setup.reloading = Reloading::NextRun;
    assert_eq!(by(&setup).check(&value("old-fixture")).await.unwrap(), Health::Well);
}

#[tokio::test]
async fn what_is_done_by_hand_is_left_to_a_person() {
    let by_hand = setup(Sending::ByHand { who: "Ada".into(), steps: vec!["Paste it.".into()] });
    let consumer = by(&by_hand);
    assert_eq!(consumer.uptake().reload, Reload::Manual);
    assert!(!consumer.uptake().read_back);
    consumer.ready().await.unwrap();
    let (old, new) = (value("old-fixture"), value("new-fixture"));
    assert!(matches!(consumer.deliver(&new, &old).await, Err(Fault::ByHand)));
    assert!(matches!(consumer.reload().await, Err(Fault::ByHand)));
    assert_eq!(consumer.check(&new).await.unwrap(), Health::NotYet);
}
