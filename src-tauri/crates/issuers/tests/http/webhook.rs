//! The contract with an address of the user's own.

use keyturn_model::{
    Timestamp,
    rotation::{Fault, Making, Why},
    setup::{IssuerSetup, SetupWhy},
};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{held, parts, rotation, server::Server, set_up};

fn setup(server: &Server, signs: bool) -> IssuerSetup {
    IssuerSetup::Webhook {
        address: format!("{}/rotate", server.address),
        signs,
        verifies: true,
        revokes: true,
        overlaps: true,
        private: true,
    }
}

const SECRET: &[(&str, &str)] = &[("secret", "fixture-secret")];

#[tokio::test]
async fn rotate_sends_the_current_value_and_takes_the_new_one() {
    let server = Server::start().await;
    let issuer = set_up(&setup(&server, false), SECRET, &rotation()).unwrap();
    server.will_answer(
        200,
        r#"{"newValue":"fixture-new","expiresAt":"2027-01-01T00:00:00Z","metadata":{"keyId":7}}"#,
    );
    let minted = issuer.mint("keyturn-mark").await.unwrap();
    assert_eq!(minted.key, "7");
    assert_eq!(parts(&minted), ("fixture-new", Some("7")));
    assert_eq!(minted.value.expires, Some(Timestamp(1_798_761_600_000)));
    let asked = server.asked_once();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/rotate"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.header("x-webhook-secret"), Some("fixture-secret"));
    assert_eq!(
        asked.json(),
        json!({
            "action": "rotate",
            "currentValue": "fixture-old",
            "mark": "keyturn-mark",
            "timestamp": "2026-11-01T12:00:00Z",
        })
    );
}

#[tokio::test]
async fn a_signed_request_carries_a_signature_of_its_body_and_not_the_secret() {
    let server = Server::start().await;
    let issuer = set_up(&setup(&server, true), SECRET, &rotation()).unwrap();
    server.will_answer(200, r#"{"newValue":"fixture-new"}"#);
    issuer.mint("mark").await.unwrap();
    let asked = server.asked_once();
    // Reckoned with another program: openssl dgst -sha256 -hmac fixture-secret.
    assert_eq!(
        asked.body,
        r#"{"action":"rotate","currentValue":"fixture-old","mark":"mark","timestamp":"2026-11-01T12:00:00Z"}"#
    );
    assert_eq!(
        asked.header("x-keyturn-signature"),
        Some("sha256=8f357e52689ef062e839739911686dd2a45b89a902d8f30c81e920a48faa7840")
    );
    assert_eq!(asked.header("x-webhook-secret"), None);
    assert!(!format!("{asked:?}").contains("fixture-secret"));
}

#[tokio::test]
async fn a_value_without_a_name_is_called_by_its_mark() {
    let server = Server::start().await;
    let issuer = set_up(&setup(&server, false), SECRET, &rotation()).unwrap();
    for answer in [
        r#"{"newValue":"fixture-new"}"#,
        r#"{"newValue":"fixture-new","expiresAt":null,"metadata":null}"#,
        r#"{"newValue":"fixture-new","metadata":{"keyId":""}}"#,
        r#"{"newValue":"fixture-new","metadata":["more"]}"#,
        r#"{"newValue":"fixture-new","expiresAt":"tomorrow"}"#,
        r#"{"newValue":"fixture-new","expiresAt":1798761600}"#,
    ] {
        server.will_answer(200, answer);
        assert_eq!(issuer.mint("mark").await.unwrap().key, "mark", "{answer}");
    }
}

#[tokio::test]
async fn verify_and_revoke_name_the_value() {
    let server = Server::start().await;
    let issuer = set_up(&setup(&server, false), SECRET, &rotation()).unwrap();
    let value = held("mark", "fixture-\"quoted\"");
    for valid in [true, false] {
        server.will_answer(200, &json!({ "valid": valid }).to_string());
        assert_eq!(issuer.accepts(&value).await.unwrap(), valid);
        let expected = json!({
            "action": "verify",
            "value": "fixture-\"quoted\"",
            "timestamp": "2026-11-01T12:00:00Z",
        });
        assert_eq!(server.asked_once().json(), expected);
    }
    server.will_answer(204, "");
    issuer.delete(&value).await.unwrap();
    assert_eq!(server.asked_once().json()["action"], "revoke");
    server.will_answer(404, "");
    assert!(matches!(issuer.delete(&value).await, Err(Fault::Gone)));
    server.will_answer(200, "maybe");
    assert!(matches!(issuer.accepts(&value).await, Err(Fault::Unknown)));
    server.will_answer(401, "");
    assert!(matches!(issuer.accepts(&value).await, Err(Fault::Denied)));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_kept_and_a_refusal_is_none() {
    let server = Server::start().await;
    let issuer = set_up(&setup(&server, false), SECRET, &rotation()).unwrap();
    for garbage in ["", "<html>", r#"{"newValue":""}"#, r#"{"newValue":5}"#, "[]"] {
        server.will_answer(200, garbage);
        let Err(Fault::Unreadable(kept)) = issuer.mint("mark").await else {
            panic!("{garbage} was read")
        };
        assert_eq!(kept.expose_secret(), garbage.as_bytes());
    }
    for (status, why) in [
        (302, Why::Unknown),
        (400, Why::Refused),
        (403, Why::Denied),
        (409, Why::Conflict),
        (429, Why::Busy),
        (500, Why::Unknown),
    ] {
        server.will_answer(status, "");
        assert_eq!(issuer.mint("mark").await.unwrap_err().why(), why, "{status}");
    }
}

#[tokio::test]
async fn what_cannot_be_told_to_revoke_is_revoked_by_a_person() {
    let server = Server::start().await;
    let setup = IssuerSetup::Webhook {
        address: server.address.clone(),
        signs: false,
        verifies: false,
        revokes: false,
        overlaps: true,
        private: true,
    };
    let issuer = set_up(&setup, SECRET, &rotation()).unwrap();
    let abilities = issuer.abilities();
    assert_eq!((abilities.making, abilities.verify), (Making::Minted, false));
    assert!(matches!(issuer.delete(&held("a", "fixture")).await, Err(Fault::ByHand)));
    assert!(server.asked().is_empty());
}

#[test]
fn a_setup_without_secret_or_with_a_forbidden_address_is_refused() {
    let setup = |address: &str| IssuerSetup::Webhook {
        address: address.to_owned(),
        signs: true,
        verifies: false,
        revokes: false,
        overlaps: false,
        private: false,
    };
    let faults = |address| set_up(&setup(address), &[], &rotation()).err().unwrap();
    let found: Vec<_> =
        faults("https://10.0.0.1/").into_iter().map(|fault| (fault.field, fault.why)).collect();
    let missing = ("secret".to_owned(), SetupWhy::Missing);
    assert_eq!(found, [("address".to_owned(), SetupWhy::Private), missing]);
    assert_eq!(faults("http://example.com/")[0].why, SetupWhy::Address);
}
