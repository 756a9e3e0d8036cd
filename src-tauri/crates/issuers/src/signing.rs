//! The secret that signs the calls of a webhook. The receiver first accepts both, then the sender signs with the
//! new one, then the receiver drops the old one.
//!
//! The receiver gets `{"action":"accept","secret":..,"timestamp":..}` and `{"action":"drop",..}`, the sender
//! `{"action":"sign",..}`; the same twice is the same as once. What each wants to see in the header `Authorization` is a
//! secret of the setup.
//!
//! Whether a secret is accepted is proven by a test event, where an address for it is set: the receiver gets
//! `{"type":"keyturn.test","timestamp":..}` there, signed in the header `X-Keyturn-Signature`, and answers with a
//! status of success, or with 400, 401 or 403. Without that address nothing is proven, and never said to be.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::SecondsFormat;
use keyturn_model::{
    Clock, Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing},
    setup::SetupFault,
};
use keyturn_outbound::{Client, Method, Request, fault_of};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    around::{Around, check_address, held, secret_of},
    json,
    signature::{HEADER, signature},
};

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub(crate) fn issuer(
    receiver: &str,
    sender: &str,
    events: &str,
    private: bool,
    around: &Around<'_>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let mut faults = Vec::new();
    check_address("receiver", receiver, private, &mut faults);
    check_address("sender", sender, private, &mut faults);
    if !events.is_empty() {
        check_address("events", events, private, &mut faults);
    }
    let shown = ["receiver", "sender"].map(|name| around.secret(name, &mut faults));
    if !faults.is_empty() {
        return Err(faults);
    }
    let [to_receiver, to_sender] = shown;
    Ok(Arc::new(Signing {
        client: around.client.clone(),
        clock: Arc::clone(&around.clock),
        kind: around.kind,
        current: around.value.clone(),
        receiver: Side { address: receiver.to_owned(), shown: to_receiver },
        sender: Side { address: sender.to_owned(), shown: to_sender },
        events: Some(events.to_owned()).filter(|it| !it.is_empty()),
        private,
    }))
}

struct Signing {
    client: Client,
    clock: Arc<dyn Clock>,
    kind: Kind,
    current: Option<SecretString>,
    receiver: Side,
    sender: Side,
    /// Where the receiver gets events.
    events: Option<String>,
    private: bool,
}

/// Who is told, and what it wants to be shown.
struct Side {
    address: String,
    shown: SecretString,
}

#[derive(Serialize)]
struct Told<'a> {
    action: &'a str,
    secret: &'a str,
    timestamp: String,
}

#[derive(Serialize)]
struct Event {
    r#type: &'static str,
    timestamp: String,
}

impl Signing {
    fn timestamp(&self) -> String {
        self.clock.now().utc().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Tells one side what to do with a secret.
    async fn tell(&self, side: &Side, action: &str, secret: &SecretString) -> Result<(), Fault> {
        let secret = secret.expose_secret();
        let told = Told { action, secret, timestamp: self.timestamp() };
        let request = Request::new(Method::POST, &side.address)
            .secret_header("authorization", side.shown.clone())
            .with_body("application/json", json::bytes(&told, secret.len())?);
        self.client.send(&request, self.private).await?.done().map(drop)
    }

    async fn tell_receiver(&self, action: &str, held: &Held) -> Result<(), Fault> {
        let secret = secret_of(self.kind, held).ok_or(Fault::Refused)?;
        self.tell(&self.receiver, action, secret).await
    }

    /// Whether the receiver takes an event that is signed with a secret.
    async fn takes_event(&self, secret: &SecretString) -> Result<bool, Fault> {
        let address = self.events.as_ref().ok_or(Fault::Refused)?;
        let event = Event { r#type: "keyturn.test", timestamp: self.timestamp() };
        let body = json::bytes(&event, 0)?;
        let request = Request::new(Method::POST, address)
            .header(HEADER, &signature(secret, &body)?)
            .with_body("application/json", body);
        let answer = self.client.send(&request, self.private).await?;
        match answer.status {
            200..=299 => Ok(true),
            400 | 401 | 403 => Ok(false),
            status => Err(fault_of(status, answer.retry_after_s)),
        }
    }

    /// The value in force, where it is another than this secret.
    fn other_in_force(&self, secret: &SecretString) -> Option<&SecretString> {
        let (bytes, current) = (secret.expose_secret().as_bytes(), self.current.as_ref()?);
        let same = bool::from(current.expose_secret().as_bytes().ct_eq(bytes));
        (!same).then_some(current)
    }
}

impl Issuer for Signing {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: Making::Added,
            verify: self.events.is_some(),
            list: false,
            marks: false,
            last_used: false,
            deactivate: true,
            lingers: true,
            propagation_s: 0,
            most_live: None,
            same_answer_s: 0,
        }
    }

    fn propose(&self, entropy: &dyn Entropy) -> Held {
        let (mut name, mut bytes) = ([0; 8], Zeroizing::new([0; 32]));
        entropy.fill(&mut name);
        entropy.fill(&mut *bytes);
        let coded = Zeroizing::new(BASE64_STANDARD.encode(*bytes));
        let secret = SecretString::from(["whsec_", coded.as_str()].concat());
        held(self.kind, format!("{:016x}", u64::from_be_bytes(name)), secret)
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async { Ok(Standing { allowed: None, keys: None }) })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let secret = secret_of(self.kind, held).ok_or(Fault::Refused)?;
            if self.takes_event(secret).await? {
                return Ok(true);
            }
            match self.other_in_force(secret) {
                // Who takes no event at all has not refused this secret.
                Some(current) if !self.takes_event(current).await? => Err(Fault::Conflict),
                _ => Ok(false),
            }
        })
    }

    fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn put<'a>(&'a self, _: &'a str, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.tell_receiver("accept", held))
    }

    fn mint<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    /// The sender signs with the current value from then on, and so no more with this one.
    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            let old = secret_of(self.kind, held).ok_or(Fault::Refused)?;
            let current = self.other_in_force(old).ok_or(Fault::Refused)?;
            match self.tell(&self.sender, "sign", current).await {
                // The sender itself is gone, not the old value.
                Err(Fault::Gone) => Err(Fault::Refused),
                told => told,
            }
        })
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.tell_receiver("drop", held))
    }
}
