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
    let (receiver, sender) = (Server::start().await, Server::start().await);
    let setup = IssuerSetup::SigningSecret {
        receiver: format!("{}/secrets", receiver.address),
        sender: format!("{}/secret", sender.address),
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

#[tokio::test]
async fn a_secret_is_tried_by_a_signature_and_not_sent() {
    let (receiver, _sender, issuer) = both().await;
    for valid in [true, false] {
        receiver.will_answer(200, &json!({ "valid": valid }).to_string());
        assert_eq!(issuer.accepts(&held("a", "fixture-new")).await.unwrap(), valid);
        let asked = receiver.asked_once();
        assert_eq!(asked.body, r#"{"action":"verify","timestamp":"2026-11-01T12:00:00Z"}"#);
        // Reckoned with another program: openssl dgst -sha256 -hmac fixture-new.
        assert_eq!(
            asked.header("x-keyturn-signature"),
            Some("sha256=99867885252da392287aa815c75f4d89428ffd3839e315f9460fa4a0a19e2619")
        );
    }
    for (status, why) in [(401, Why::Denied), (500, Why::Unknown)] {
        receiver.will_answer(status, "");
        let asked = issuer.accepts(&held("a", "fixture-new")).await;
        assert_eq!(asked.unwrap_err().why(), why);
    }
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
        private: false,
    };
    let faults = set_up(&setup, &[], &rotation()).err().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.why)).collect();
    let expected = [
        ("receiver", SetupWhy::Address),
        ("sender", SetupWhy::Private),
        ("receiver", SetupWhy::Missing),
        ("sender", SetupWhy::Missing),
    ];
    assert_eq!(found, expected);
}
