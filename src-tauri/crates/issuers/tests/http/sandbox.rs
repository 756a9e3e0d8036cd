//! The built-in issuer, as the engine asks it and as its consumers live.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use keyturn_issuers::sandbox::{Call, Faults, Sandbox, Seed, SeedKey, Switches, Trick};
use keyturn_model::{
    Clock, Entropy,
    rotation::{Fault, Issuer, Why},
    setup::{IssuerSetup, SetupWhy},
};
use keyturn_outbound::{Client, Method, Request};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::{Noon, held, parts, rotation, set_up};

/// Another byte each time.
#[derive(Default)]
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::SeqCst));
    }
}

const CONSUMERS: [&str; 6] = ["api", "mailer", "worker", "reports", "shop", "backup"];

async fn started() -> (Sandbox, Arc<dyn Issuer>) {
    let old = || SecretString::from("fixture-old");
    let sandbox = Sandbox::start(Seed {
        token: SecretString::from("fixture-token"),
        keys: vec![SeedKey { id: "key_old".into(), name: "by hand".into(), secret: old() }],
        consumers: CONSUMERS.map(|name| (name.to_owned(), old())).into(),
        clock: Arc::new(Noon),
        entropy: Arc::new(Counting::default()),
    })
    .await
    .unwrap();
    let setup = IssuerSetup::Sandbox { address: sandbox.address() };
    let issuer = set_up(&setup, &[("token", "fixture-token")], &rotation()).unwrap();
    (sandbox, issuer)
}

async fn health(sandbox: &Sandbox, consumer: &str) -> (u16, String) {
    let address = format!("{}/consumers/{consumer}/health", sandbox.address());
    let request = Request::new(Method::GET, address);
    let answer = Client::new().unwrap().send(&request, true).await.unwrap();
    (answer.status, String::from_utf8(answer.body.expose_secret().to_vec()).unwrap())
}

async fn deliver(sandbox: &Sandbox, consumer: &str, value: &str, token: &str) -> u16 {
    let body = serde_json::json!({ "value": value }).to_string().into_bytes();
    let address = format!("{}/consumers/{consumer}", sandbox.address());
    let request = Request::new(Method::POST, address)
        .secret_header("authorization", SecretString::from(format!("Bearer {token}")))
        .with_body("application/json", SecretSlice::from(body));
    Client::new().unwrap().send(&request, true).await.unwrap().status
}

#[tokio::test]
async fn a_key_is_made_listed_accepted_switched_off_and_deleted() {
    let (sandbox, issuer) = started().await;
    let standing = issuer.standing().await.unwrap();
    assert_eq!((standing.allowed, standing.keys), (Some(true), Some(1)));
    let made = issuer.mint("keyturn-mark").await.unwrap();
    let (secret, key_id) = parts(&made);
    assert!(secret.len() > 40 && key_id == Some(made.key.as_str()));
    let listed = issuer.list().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1].key, made.key);
    assert_eq!(listed[1].mark.as_deref(), Some("keyturn-mark"));
    assert!(listed[1].active);
    assert!(issuer.accepts(&made).await.unwrap());
    assert!(!issuer.accepts(&held(&made.key, "fixture-other")).await.unwrap());
    issuer.deactivate(&made).await.unwrap();
    assert!(!issuer.accepts(&made).await.unwrap());
    assert!(!issuer.list().await.unwrap()[1].active);
    issuer.delete(&made).await.unwrap();
    assert_eq!(issuer.list().await.unwrap().len(), 1);
    assert!(matches!(issuer.delete(&made).await, Err(Fault::Gone)));
    assert!(matches!(issuer.deactivate(&made).await, Err(Fault::Gone)));
    assert!(matches!(issuer.last_used(&made.key).await, Err(Fault::Gone)));
    assert_eq!(sandbox.calls(), 13, "as often as it was asked");
}

#[tokio::test]
async fn a_consumer_is_well_while_its_key_is_accepted_and_that_is_seen_as_use() {
    let (sandbox, issuer) = started().await;
    assert_eq!(issuer.last_used("key_old").await.unwrap(), None);
    for consumer in CONSUMERS {
        assert_eq!(health(&sandbox, consumer).await, (200, r#"{"keyId":"key_old"}"#.into()));
    }
    assert_eq!(issuer.last_used("key_old").await.unwrap(), Some(Noon.now()));
    let made = issuer.mint("mark").await.unwrap();
    assert!(issuer.accepts(&made).await.unwrap());
    assert_eq!(issuer.last_used(&made.key).await.unwrap(), None, "a look is no use");
    assert_eq!(deliver(&sandbox, "api", parts(&made).0, "fixture-token").await, 204);
    issuer.delete(&held("key_old", "")).await.unwrap();
    assert_eq!(health(&sandbox, "api").await.0, 200);
    assert_eq!(health(&sandbox, "mailer").await.0, 503);
    assert_eq!(health(&sandbox, "nobody").await.0, 404);
}

#[tokio::test]
async fn nothing_is_done_without_the_token() {
    let (sandbox, issuer) = started().await;
    let setup = IssuerSetup::Sandbox { address: sandbox.address() };
    let other = set_up(&setup, &[("token", "fixture-other")], &rotation()).unwrap();
    assert!(matches!(other.mint("mark").await, Err(Fault::Denied)));
    assert!(matches!(other.list().await, Err(Fault::Denied)));
    assert!(matches!(other.delete(&held("key_old", "")).await, Err(Fault::Denied)));
    assert_eq!(deliver(&sandbox, "api", "fixture", "fixture-other").await, 401);
    assert_eq!(issuer.list().await.unwrap().len(), 1);
    assert_eq!(health(&sandbox, "api").await.0, 200);
}

#[tokio::test]
async fn each_status_that_it_is_told_to_answer_leaves_everything_as_it_was() {
    let (sandbox, issuer) = started().await;
    for (code, why) in [
        (400, Why::Refused),
        (401, Why::Denied),
        (403, Why::Denied),
        (409, Why::Conflict),
        (500, Why::Unknown),
    ] {
        let trick = Some(Trick::Status { code });
        sandbox.set(Switches { trick, call: Some(Call::Create), ..Switches::default() });
        assert_eq!(issuer.mint("mark").await.unwrap_err().why(), why, "{code}");
        assert_eq!(issuer.list().await.unwrap().len(), 1, "{code}");
    }
    let trick = Some(Trick::Busy { retry_after_s: 7 });
    sandbox.set(Switches { trick, ..Switches::default() });
    assert!(matches!(issuer.mint("mark").await, Err(Fault::Busy { wait_s: Some(7) })));
    sandbox.set(Switches::default());
    assert_eq!(sandbox.switches(), Switches::default());
    assert_eq!(issuer.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_breaks_after_the_effect_has_been_done() {
    let (sandbox, issuer) = started().await;
    let switch = |trick| Switches { trick: Some(trick), ..Switches::default() };
    sandbox.set(switch(Trick::ResetAfterEffect));
    assert!(matches!(issuer.mint("first").await, Err(Fault::Unknown)));
    sandbox.set(switch(Trick::Garbage));
    assert!(matches!(issuer.mint("second").await, Err(Fault::Unreadable(_))));
    sandbox.set(Switches { stale_list: true, ..Switches::default() });
    let marks = |listed: Vec<keyturn_model::rotation::Listed>| -> Vec<String> {
        listed.into_iter().filter_map(|key| key.mark).collect()
    };
    assert_eq!(marks(issuer.list().await.unwrap()), ["by hand", "first"]);
    sandbox.set(Switches::default());
    assert_eq!(marks(issuer.list().await.unwrap()), ["by hand", "first", "second"]);
}

#[tokio::test]
async fn no_answer_and_a_late_one() {
    let (sandbox, issuer) = started().await;
    sandbox.set(Switches { latency_ms: 300, ..Switches::default() });
    let late = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(late, issuer.list()).await.is_err());
    assert_eq!(issuer.list().await.unwrap().len(), 1);
    sandbox.set(Switches { trick: Some(Trick::Timeout), ..Switches::default() });
    assert!(matches!(issuer.mint("mark").await, Err(Fault::Unknown)));
    sandbox.set(Switches::default());
    assert_eq!(issuer.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_person_lets_go_wrong_goes_wrong_and_is_over_when_it_is_turned_off() {
    let (sandbox, issuer) = started().await;
    let well = Faults::default;
    sandbox.fail(Faults { reject_new: true, ..well() });
    let rejected = issuer.mint("mark").await.unwrap();
    assert!(!issuer.accepts(&rejected).await.unwrap());
    assert!(issuer.accepts(&held("key_old", "fixture-old")).await.unwrap());
    sandbox.fail(Faults { failing: Some("shop".into()), ..well() });
    assert!(!issuer.accepts(&rejected).await.unwrap(), "it stays what it is");
    let made = issuer.mint("mark").await.unwrap();
    assert!(issuer.accepts(&made).await.unwrap());
    assert_eq!(deliver(&sandbox, "shop", parts(&made).0, "fixture-token").await, 422);
    assert_eq!(deliver(&sandbox, "api", parts(&made).0, "fixture-token").await, 204);
    assert_eq!(health(&sandbox, "shop").await, (200, r#"{"keyId":"key_old"}"#.into()));
    sandbox.fail(Faults { rate_limit: true, ..well() });
    assert!(matches!(issuer.mint("mark").await, Err(Fault::Busy { wait_s: Some(60..=61) })));
    assert_eq!(issuer.list().await.unwrap().len(), 3, "everything else is answered");
    sandbox.fail(Faults { slow_revocation: true, ..well() });
    issuer.deactivate(&made).await.unwrap();
    issuer.delete(&made).await.unwrap();
    assert_eq!(issuer.list().await.unwrap().len(), 2);
    assert!(issuer.accepts(&made).await.unwrap());
    assert_eq!(health(&sandbox, "api").await.0, 200);
    sandbox.fail(well());
    issuer.delete(&held("key_old", "")).await.unwrap();
    assert_eq!(health(&sandbox, "shop").await.0, 503);
}

#[tokio::test]
async fn offline_nothing_answers_and_online_it_is_at_its_address_again() {
    let (sandbox, issuer) = started().await;
    let address = sandbox.address();
    sandbox.fail(Faults { offline: true, ..Faults::default() });
    assert!(matches!(issuer.list().await, Err(Fault::Busy { .. } | Fault::Unknown)));
    let unreached = async {
        while !matches!(issuer.list().await, Err(Fault::Busy { .. })) {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(5);
    tokio::time::timeout(limit, unreached).await.unwrap();
    sandbox.fail(Faults::default());
    let back = async {
        while issuer.list().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(limit, back).await.unwrap();
    assert_eq!(sandbox.address(), address);
}

#[tokio::test]
async fn it_ends_when_it_is_dropped() {
    let (sandbox, issuer) = started().await;
    drop(sandbox);
    let gone = async {
        while !matches!(issuer.list().await, Err(Fault::Busy { .. })) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), gone).await.unwrap();
}

#[test]
fn it_is_asked_on_this_computer_only() {
    for (address, why) in [
        ("https://example.com", SetupWhy::Address),
        ("http://10.0.0.1", SetupWhy::Address),
        ("", SetupWhy::Missing),
    ] {
        let setup = IssuerSetup::Sandbox { address: address.to_owned() };
        let faults = set_up(&setup, &[("token", "fixture")], &rotation()).err().unwrap();
        assert_eq!((faults.len(), faults[0].why), (1, why), "{address}");
    }
}
