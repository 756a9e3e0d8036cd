//! Both sides of a webhook change its secret, one after the other.

use keyturn_model::{
    Entropy,
    rotation::{Fault, Issuer, Making, Why},
    setup::{IssuerSetup, SetupWhy},
};
use serde_json::json;
use std::sync::Arc;

use super::{held, parts, rotation, server::Server, set_up};

struct Sevens;

impl Entropy for Sevens {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

async fn both() -> (Server, Server, Arc<dyn Issuer>) {
    both_with("/events").await
}

async fn both_with(events: &str) -> (Server, Server, Arc<dyn Issuer>) {
    let (receiver, sender) = (Server::start().await, Server::start().await);
    let events = Some(events).filter(|it| !it.is_empty());
    let setup = IssuerSetup::SigningSecret {
        receiver: format!("{}/secrets", receiver.address),
        sender: format!("{}/secret", sender.address),
        events: events.map(|path| format!("{}{path}", receiver.address)).unwrap_or_default(),
        private: true,
    };
    let secrets = [("receiver", "Bearer fixture-in"), ("sender", "Bearer fixture-out")];
    let issuer = set_up(&setup, &secrets, &rotation()).unwrap();
    (receiver, sender, issuer)
}

#[tokio::test]
async fn a_new_secret_is_chosen_here_and_accepted_beside_the_old_one() {
    let (receiver, sender, issuer) = both().await;
    assert_eq!(issuer.abilities().making, Making::Added);
    let new = issuer.propose(&Sevens);
    assert_eq!(new.key, "0707070707070707");
    assert_eq!(parts(&new).0, "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    receiver.will_answer(204, "");
    issuer.put("mark", &new).await.unwrap();
    let asked = receiver.asked_once();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/secrets"));
    assert_eq!(asked.header("authorization"), Some("Bearer fixture-in"));
    let expected = json!({
        "action": "accept",
        "secret": parts(&new).0,
        "timestamp": "2026-11-01T12:00:00Z",
    });
    assert_eq!(asked.json(), expected);
    assert!(sender.asked().is_empty(), "the sender signs with the old one still");
}

/// Reckoned with another program: openssl dgst -sha256 -hmac SECRET.
const BY_NEW: &str = "sha256=baba0ded73c94057d24d79f107d1cf2482c49b07ccf875f8e991f0c55d3bf47d";
const BY_OLD: &str = "sha256=fea150b68c9cd97b3db8644657274f92d36f3537222df4e759161659d79099d0";

#[tokio::test]
async fn a_secret_is_proven_by_a_test_event_that_is_signed_with_it() {
    let (receiver, sender, issuer) = both().await;
    assert!(issuer.abilities().verify);
    receiver.will_answer(204, "");
    assert!(issuer.accepts(&held("a", "fixture-new")).await.unwrap());
    let asked = receiver.asked_once();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/events"));
    assert_eq!(asked.body, r#"{"type":"keyturn.test","timestamp":"2026-11-01T12:00:00Z"}"#);
    assert_eq!(asked.header("x-keyturn-signature"), Some(BY_NEW));
    assert_eq!(asked.header("authorization"), None, "the way that events come");
    // The old one beside it, which is the one in force.
    receiver.will_answer(200, "");
    assert!(issuer.accepts(&held("b", "fixture-old")).await.unwrap());
    assert_eq!(receiver.asked_once().header("x-keyturn-signature"), Some(BY_OLD));
    assert!(sender.asked().is_empty());
    for (status, why) in [(404, Why::Gone), (302, Why::Unknown), (500, Why::Unknown)] {
        receiver.will_answer(status, "");
        let asked = issuer.accepts(&held("a", "fixture-new")).await;
        assert_eq!(asked.unwrap_err().why(), why);
    }
}

#[tokio::test]
async fn a_secret_is_refused_only_where_the_one_in_force_is_accepted() {
    let (receiver, _sender, issuer) = both().await;
    for status in [400, 401, 403] {
        receiver.will_answer(status, "");
        receiver.will_answer(200, "");
        assert!(!issuer.accepts(&held("a", "fixture-new")).await.unwrap(), "{status}");
        let signed: Vec<_> = receiver.asked();
        let signed = signed.iter().map(|asked| asked.header("x-keyturn-signature"));
        assert!(signed.eq([Some(BY_NEW), Some(BY_OLD)]));
    }
    receiver.will_answer(401, "");
    receiver.will_answer(401, "");
    let neither = issuer.accepts(&held("a", "fixture-new")).await;
    assert!(matches!(neither, Err(Fault::Conflict)), "it takes no event at all");
    receiver.asked();
    receiver.will_answer(401, "");
    assert!(!issuer.accepts(&held("b", "fixture-old")).await.unwrap());
    assert_eq!(receiver.asked().len(), 1);
}

#[tokio::test]
async fn without_an_address_for_a_test_event_nothing_is_said_to_be_proven() {
    let (receiver, sender, issuer) = both_with("").await;
    let able = issuer.abilities();
    assert!(!able.verify && !able.list);
    assert!(issuer.accepts(&held("a", "fixture-new")).await.is_err());
    assert!(receiver.asked().is_empty() && sender.asked().is_empty());
}

#[tokio::test]
async fn the_sender_takes_the_current_secret_before_the_receiver_drops_the_old_one() {
    // `fixture-old` is the current value of the test's credential.
    let (receiver, sender, issuer) = both().await;
    let before = held("a", "fixture-before");
    sender.will_answer(200, "");
    issuer.deactivate(&before).await.unwrap();
    let asked = sender.asked_once();
    assert_eq!(asked.header("authorization"), Some("Bearer fixture-out"));
    assert_eq!(
        (&asked.json()["action"], &asked.json()["secret"]),
        (&json!("sign"), &json!("fixture-old"))
    );
    assert!(receiver.asked().is_empty());
    receiver.will_answer(200, "");
    issuer.delete(&before).await.unwrap();
    let asked = receiver.asked_once();
    let dropped = (&asked.json()["action"], &asked.json()["secret"]);
    assert_eq!(dropped, (&json!("drop"), &json!("fixture-before")));
    receiver.will_answer(404, "");
    assert!(matches!(issuer.delete(&before).await, Err(Fault::Gone)));
}

#[tokio::test]
async fn the_sender_is_never_told_the_secret_that_is_switched_off() {
    let (_receiver, sender, issuer) = both().await;
    let current = held("a", "fixture-old");
    assert!(matches!(issuer.deactivate(&current).await, Err(Fault::Refused)));
    assert!(sender.asked().is_empty());
    sender.will_answer(404, "");
    let other = held("a", "fixture-before");
    assert!(matches!(issuer.deactivate(&other).await, Err(Fault::Refused)), "not taken for gone");
}

#[test]
fn both_addresses_and_secrets_are_needed() {
    let setup = IssuerSetup::SigningSecret {
        receiver: "http://example.com".into(),
        sender: "https://localhost".into(),
        events: "https://user@example.com".into(),
        private: false,
    };
    let faults = set_up(&setup, &[], &rotation()).err().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.why)).collect();
    let expected = [
        ("receiver", SetupWhy::Address),
        ("sender", SetupWhy::Private),
        ("events", SetupWhy::Address),
        ("receiver", SetupWhy::Missing),
        ("sender", SetupWhy::Missing),
    ];
    assert_eq!(found, expected);
}
