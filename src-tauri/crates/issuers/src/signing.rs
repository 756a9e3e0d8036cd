//! The secret that signs the calls of a webhook. The receiver first accepts both, then the sender signs with the
//! new one, then the receiver drops the old one.
//!
//! The receiver gets `{"action":"accept","secret":..,"timestamp":..}` and `{"action":"drop",..}`, the sender
//! `{"action":"sign",..}`; the same twice is the same as once. To `{"action":"verify","timestamp":..}`, signed with a
//! secret in the header `X-Keyturn-Signature`, the receiver answers `{"valid":true}` if it accepts that secret, else
//! `{"valid":false}`. What each wants to see in the header `Authorization` is a secret of the setup.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::SecondsFormat;
use keyturn_model::{
    Clock, Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing},
    setup::SetupFault,
};
use keyturn_outbound::{Client, Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
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
    private: bool,
    around: &Around<'_>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let mut faults = Vec::new();
    check_address("receiver", receiver, private, &mut faults);
    check_address("sender", sender, private, &mut faults);
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
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    timestamp: String,
}

#[derive(Deserialize)]
struct Verified {
    valid: bool,
}

impl Signing {
    /// Tells one side something; signed with a secret, or naming it.
    async fn tell(
        &self,
        side: &Side,
        action: &str,
        secret: &SecretString,
        signs: bool,
    ) -> Result<keyturn_outbound::Answer, Fault> {
        let timestamp = self.clock.now().utc().to_rfc3339_opts(SecondsFormat::Secs, true);
        let named = Some(secret.expose_secret()).filter(|_| !signs);
        let told = Told { action, secret: named, timestamp };
        let body = json::bytes(&told, secret.expose_secret().len())?;
        let mut request = Request::new(Method::POST, &side.address)
            .secret_header("authorization", side.shown.clone());
        if signs {
            request = request.header(HEADER, &signature(secret, &body)?);
        }
        let request = request.with_body("application/json", body);
        self.client.send(&request, self.private).await?.done()
    }

    async fn tell_receiver(&self, action: &str, held: &Held) -> Result<(), Fault> {
        let secret = secret_of(self.kind, held).ok_or(Fault::Refused)?;
        self.tell(&self.receiver, action, secret, false).await.map(|_| ())
    }
}

impl Issuer for Signing {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: Making::Added,
            verify: true,
            list: false,
            marks: false,
            last_used: false,
            deactivate: true,
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
        Box::pin(async { Ok(Standing { allowed: true, keys: None }) })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let secret = secret_of(self.kind, held).ok_or(Fault::Refused)?;
            let answer = self.tell(&self.receiver, "verify", secret, true).await?;
            Ok(json::read::<Verified>(&answer)?.valid)
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
            let old = secret_of(self.kind, held).ok_or(Fault::Refused)?.expose_secret();
            let is_other = |current: &&SecretString| {
                !bool::from(current.expose_secret().as_bytes().ct_eq(old.as_bytes()))
            };
            let current = self.current.as_ref().filter(is_other).ok_or(Fault::Refused)?;
            match self.tell(&self.sender, "sign", current, false).await {
                // The sender itself is gone, not the old value.
                Err(Fault::Gone) => Err(Fault::Refused),
                told => told.map(|_| ()),
            }
        })
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.tell_receiver("drop", held))
    }
}
