//! Issuers over HTTP against servers on this computer that write down what they are asked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod by_hand;
mod contract;
mod presets;
mod presets_hosting;
mod presets_software;
mod sandbox;
mod server;
mod signing;
mod template;
mod webhook;

use std::{collections::BTreeMap, sync::Arc};

use keyturn_issuers::{Around, issuer};
use keyturn_model::{
    AccountId, Clock, Kind, Timestamp,
    rotation::{Held, Issuer, Value},
    setup::{IssuerSetup, RotationSetup, Secrets, SetupFault},
};
use keyturn_outbound::Client;
use secrecy::{ExposeSecret, SecretString};

/// Noon on the first of November 2026.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_793_534_400_000)
    }
}

fn rotation() -> RotationSetup {
    RotationSetup::of(AccountId::from_bytes([1; 16]))
}

/// The issuer of a setup, for an API key whose value is `fixture-old`.
fn set_up(
    setup: &IssuerSetup,
    secrets: &[(&str, &str)],
    rotation: &RotationSetup,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let secret = |(name, value): &(&str, &str)| ((*name).to_owned(), SecretString::from(*value));
    let secrets: Secrets = secrets.iter().map(secret).collect();
    let around = Around {
        client: &Client::new().unwrap(),
        secrets: &secrets,
        rotation,
        kind: Kind::ApiKey,
        value: Some(SecretString::from("fixture-old")),
        clock: Arc::new(Noon),
    };
    issuer(setup, &around, &BTreeMap::new())
}

fn held(key: &str, secret: &str) -> Held {
    let secrets = vec![("secret".to_owned(), SecretString::from(secret))];
    Held { key: key.to_owned(), value: Value { secrets, ..Value::default() } }
}

/// The secret of a value, and the key id in it.
fn parts(held: &Held) -> (&str, Option<&str>) {
    let [(name, secret)] = held.value.secrets.as_slice() else { panic!("one secret") };
    assert_eq!(name, "secret");
    (secret.expose_secret(), held.value.fields.get("keyId").map(String::as_str))
}
