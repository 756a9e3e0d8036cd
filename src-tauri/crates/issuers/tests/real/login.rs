//! What the tests of all servers do: a credential, and whole rotations of it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use keyturn_model::{
    AccountId, Entropy,
    rotation::{Fault, Held, Issuer, Making, Value},
    setup::{RotationSetup, Secrets, Server},
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

/// How the module of a server makes an issuer.
pub(crate) type Make =
    fn(&Server, &Secrets, &RotationSetup, &BTreeMap<String, String>) -> Arc<dyn Issuer>;

pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(0))
    }
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(crate) fn setup(users: &[&str]) -> RotationSetup {
    RotationSetup {
        account: AccountId::from_bytes([1; 16]),
        users: users.iter().map(ToString::to_string).collect(),
        valid_days: None,
        end_sessions: false,
        grace_s: None,
        at_once: 1,
        automatic: false,
    }
}

pub(crate) fn secrets(password: &str) -> Secrets {
    [("password".to_owned(), password.into())].into()
}

/// A value that somebody pasted: with no name at the issuer but the user's.
pub(crate) fn held(user: &str, password: &str, database: &str) -> Held {
    let fields = [("user", user), ("database", database), ("host", "db.example.com")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let secrets = vec![("password".into(), password.into())];
    Held { key: String::new(), value: Value { fields, secrets, expires: None } }
}

pub(crate) fn password(held: &Held) -> &str {
    held.value.secrets[0].1.expose_secret()
}

pub(crate) fn user(held: &Held) -> &str {
    &held.value.fields["user"]
}

pub(crate) async fn accepts(issuer: &dyn Issuer, held: &Held) -> bool {
    issuer.accepts(held).await.expect("the server answers")
}

/// Rotates once as the engine does. The server itself is asked at every step.
pub(crate) async fn rotate(issuer: &dyn Issuer, entropy: &dyn Entropy, old: &Held) -> Held {
    let overlaps = issuer.abilities().making.overlaps();
    assert_eq!(issuer.standing().await.expect("the server answers").allowed, Some(true));
    assert!(accepts(issuer, old).await, "before");
    let new = issuer.propose(entropy);
    assert!(
        password(&new).len() >= 32 && password(&new).chars().all(|it| it.is_ascii_alphanumeric())
    );
    assert_eq!(new.value.fields["host"], "db.example.com", "the rest stays as it was");
    assert!(!overlaps || new.key != old.key, "two that live at once have two names");
    assert!(!accepts(issuer, &new).await, "proposed only");
    for time in ["once", "twice"] {
        issuer.put("keyturn-mark", &new).await.unwrap_or_else(|fault| panic!("{time}: {fault}"));
        assert!(accepts(issuer, &new).await, "the new one, put {time}");
        assert_eq!(accepts(issuer, old).await, overlaps, "the old one, put {time}");
    }
    if overlaps {
        issuer.delete(old).await.expect("deleted");
        assert!(!accepts(issuer, old).await, "the old one is refused");
        assert!(accepts(issuer, &new).await, "the new one stays");
        assert!(matches!(issuer.delete(old).await, Err(Fault::Gone)), "a second time");
        assert!(accepts(issuer, &new).await, "the new one stays");
    }
    new
}

/// Puts a new value and takes it back.
pub(crate) async fn undo(issuer: &dyn Issuer, entropy: &dyn Entropy, old: &Held) {
    let new = issuer.propose(entropy);
    issuer.put("keyturn-mark", &new).await.expect("put");
    match issuer.abilities().making {
        Making::Replaced => issuer.put("keyturn-mark", old).await.expect("put back"),
        _ => issuer.delete(&new).await.expect("deleted"),
    }
    assert!(accepts(issuer, old).await, "the old one stays");
    assert!(!accepts(issuer, &new).await, "the new one is refused");
}

/// Rotates some times, each with an issuer that knows the value before, and once back.
pub(crate) async fn rotate_often(
    make: Make,
    server: &Server,
    secrets: &Secrets,
    setup: &RotationSetup,
    mut held: Held,
) -> Held {
    let entropy = Seeded::new();
    for _ in 0..3 {
        let issuer = make(server, secrets, setup, &held.value.fields);
        undo(&*issuer, &entropy, &held).await;
        held = rotate(&*issuer, &entropy, &held).await;
    }
    held
}
