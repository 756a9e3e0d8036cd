//! A channel is kept with its secret, and a message until it was sent.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails here"
)]

use keyturn_model::{
    ChannelId, Clock, Name,
    channel::{Channel, ChannelEvent, ChannelRules, ChannelSetup},
    reminder::Severity,
    rotation::Why,
};
use keyturn_testkit::Bench;
use keyturn_vault::{KeptMessage, ToTell, Vault, VaultError};
use secrecy::{ExposeSecret, SecretString};

const ADDRESS: &str = "https://chat.example.com/fixture-hook";

fn channel(on: bool) -> Channel {
    let rules = ChannelRules {
        events: vec![ChannelEvent::Failure],
        severity: Severity::Warning,
        environments: Vec::new(),
        kinds: Vec::new(),
        owners: Vec::new(),
    };
    Channel { setup: ChannelSetup::Chat { private: false }, rules, on }
}

fn name(name: &str) -> Name {
    Name::new(name).expect("a name")
}

fn secret() -> [(String, SecretString); 1] {
    [("address".to_owned(), SecretString::from(ADDRESS))]
}

fn with_one() -> (Bench, Vault, ChannelId) {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.save_channel(None, 0, &name("team"), &channel(true), &secret()).expect("saved");
    (bench, vault, id)
}

fn of(channel: ChannelId, event: &str) -> ToTell {
    let (event, text) = (event.to_owned(), "a fixture".to_owned());
    ToTell { channel, event, subject: "something".to_owned(), text }
}

fn keep(vault: &Vault, channel: ChannelId, events: &[&str]) -> bool {
    let all: Vec<_> = events.iter().map(|event| of(channel, event)).collect();
    vault.keep_messages(&all).expect("kept")
}

fn unsent(vault: &Vault) -> Vec<(String, u32, bool)> {
    let all = vault.unsent().expect("read").into_iter();
    all.map(|KeptMessage { event, tries, failed, .. }| (event, tries, failed)).collect()
}

#[test]
fn a_channel_keeps_its_secret_and_its_name_is_its_own() {
    let (bench, vault, id) = with_one();
    let again = vault.save_channel(None, 0, &name("team"), &channel(true), &[]);
    assert!(matches!(again, Err(VaultError::NameTaken)));
    let late = vault.save_channel(Some(id), 7, &name("team"), &channel(true), &[]);
    assert!(matches!(late, Err(VaultError::Changed)));
    drop(vault);
    let vault = bench.unlock().expect("unlocked");
    let kept = vault.channels().expect("read").remove(0);
    assert_eq!((kept.name.as_str(), kept.version, kept.channel), ("team", 1, channel(true)));
    assert_eq!(kept.secrets, ["address"]);
    assert_eq!(vault.setup_secrets(id).expect("opened")["address"].expose_secret(), ADDRESS);
    vault.delete_channel(id).expect("deleted");
    assert!(vault.setup_secrets(id).expect("read").is_empty());
    assert!(matches!(vault.delete_channel(id), Err(VaultError::Changed)));
    let log = vault.log(None, 30).expect("read");
    let about = log.iter().map(|entry| entry.action.as_str());
    let about: Vec<&str> = about.filter(|action| action.starts_with("channel.")).collect();
    assert_eq!(about.len(), 2, "{about:?}");
    assert!(about.contains(&"channel.added") && about.contains(&"channel.deleted"));
}

#[test]
fn of_an_event_a_channel_is_told_once_whatever_became_of_the_message() {
    let (bench, vault, id) = with_one();
    assert!(keep(&vault, id, &["a", "b", "a"]));
    drop(vault);
    let vault = bench.unlock().expect("unlocked");
    assert_eq!(unsent(&vault), [("a".to_owned(), 0, false), ("b".to_owned(), 0, false)]);
    vault.message_sent(vault.unsent().expect("read")[0].id).expect("kept");
    keep(&vault, id, &["a", "b"]);
    assert_eq!(unsent(&vault), [("b".to_owned(), 0, false)]);
    assert!(vault.is_told(id, "a").expect("read") && !vault.is_told(id, "c").expect("read"));
}

#[test]
fn a_message_that_fails_waits_with_all_of_its_channel_and_comes_after_those_that_were_not_tried() {
    let (bench, vault, id) = with_one();
    keep(&vault, id, &["a", "b"]);
    let next = bench.clock.now().plus_seconds(60);
    let first = vault.unsent().expect("read")[0].id;
    vault.message_failed(first, Why::Busy, Some(next)).expect("kept");
    let all = vault.unsent().expect("read");
    assert!(all.iter().all(|one| one.next == next));
    assert_eq!(unsent(&vault), [("b".to_owned(), 0, false), ("a".to_owned(), 1, false)]);
    assert_eq!(all[1].fault, Some(Why::Busy));
}

#[test]
fn what_was_given_up_is_sent_again_or_let_go_by_a_person() {
    let (_bench, vault, id) = with_one();
    keep(&vault, id, &["a", "b"]);
    let ids: Vec<i64> = vault.unsent().expect("read").iter().map(|one| one.id).collect();
    for id in &ids {
        vault.message_failed(*id, Why::Denied, None).expect("kept");
    }
    assert!(unsent(&vault).iter().all(|(_, _, failed)| *failed));
    vault.settle_messages(&ids[..1], true).expect("settled");
    vault.settle_messages(&ids[1..], false).expect("settled");
    assert_eq!(unsent(&vault), [("a".to_owned(), 0, false)]);
    keep(&vault, id, &["b"]);
    assert_eq!(unsent(&vault).len(), 1);
}

#[test]
fn where_too_much_waits_there_is_no_room_and_one_that_is_off_forgets_it() {
    let (_bench, vault, id) = with_one();
    let events: Vec<String> = (0..501).map(|number| number.to_string()).collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    assert!(!keep(&vault, id, &events));
    assert_eq!(unsent(&vault).len(), 500);
    assert!(!vault.is_told(id, "500").expect("read"));
    let since = vault.channels().expect("read")[0].since;
    vault.save_channel(Some(id), 1, &name("team"), &channel(false), &[]).expect("saved");
    assert_eq!(unsent(&vault), []);
    vault.save_channel(Some(id), 2, &name("team"), &channel(true), &[]).expect("saved");
    assert_eq!(vault.setup_secrets(id).expect("opened").len(), 1);
    assert!(vault.channels().expect("read")[0].since >= since);
    assert!(keep(&vault, id, &["501"]));
}
