//! An address of the user's own that answers with a new value.
//!
//! It gets `{"action":"rotate","currentValue":..,"mark":..,"timestamp":..}` and answers with
//! `{"newValue":..,"expiresAt":..,"metadata":{}}`; `expiresAt` is when the value ends by itself (RFC 3339), and
//! `metadata.keyId` what it calls the value, if it has an end and a name. `verify` and `revoke` get `{"action":..,"value":..,"timestamp":..}`; the answer to `verify` is
//! `{"valid":true}` or `{"valid":false}`. The header `X-Webhook-Secret` carries the secret, or
//! `X-Keyturn-Signature: sha256=<hex>` what HMAC-SHA256 makes of the body with it.

use std::sync::Arc;

use chrono::SecondsFormat;
use keyturn_model::{
    Clock, Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
    setup::{IssuerSetup, SetupFault, SetupWhy},
};
use keyturn_outbound::{Client, Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    around::{Around, check_address, held, secret_of},
    json,
    signature::{HEADER, signature},
};

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub fn issuer(
    setup: &IssuerSetup,
    around: &Around<'_>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let IssuerSetup::Webhook { address, signs, verifies, revokes, overlaps, private } = setup
    else {
        return Err(vec![SetupFault::new("is", SetupWhy::Missing)]);
    };
    let mut faults = Vec::new();
    check_address("address", address, *private, &mut faults);
    let secret = around.secret("secret", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Arc::new(Webhook {
        client: around.client.clone(),
        clock: Arc::clone(&around.clock),
        kind: around.kind,
        current: around.value.clone(),
        address: address.clone(),
        secret,
        signs: *signs,
        verifies: *verifies,
        revokes: *revokes,
        overlaps: *overlaps,
        private: *private,
    }))
}

struct Webhook {
    client: Client,
    clock: Arc<dyn Clock>,
    kind: Kind,
    current: Option<SecretString>,
    address: String,
    secret: SecretString,
    signs: bool,
    verifies: bool,
    revokes: bool,
    overlaps: bool,
    private: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'a str>,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rotated {
    new_value: SecretString,
    expires_at: Option<json::Wiped>,
    metadata: Option<json::Wiped>,
}

#[derive(Deserialize)]
struct Verified {
    valid: bool,
}

impl Webhook {
    fn asked<'a>(&self, action: &'a str) -> Asked<'a> {
        let timestamp = self.clock.now().utc().to_rfc3339_opts(SecondsFormat::Secs, true);
        Asked { action, current_value: None, value: None, mark: None, timestamp }
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<keyturn_outbound::Answer, Fault> {
        let texts = [asked.current_value, asked.value, asked.mark];
        let length = texts.into_iter().flatten().map(str::len).sum();
        let body = json::bytes(asked, length)?;
        let request = Request::new(Method::POST, &self.address);
        let request = if self.signs {
            let signature = signature(&self.secret, &body)?;
            request.header(HEADER, &signature)
        } else {
            request.secret_header("X-Webhook-Secret", self.secret.clone())
        };
        let request = request.with_body("application/json", body);
        self.client.send(&request, self.private).await?.done()
    }

    /// Asks about a value, or to do something with it.
    async fn ask_of(&self, action: &str, held: &Held) -> Result<keyturn_outbound::Answer, Fault> {
        let value = secret_of(self.kind, held).ok_or(Fault::Refused)?;
        let asked = Asked { value: Some(value.expose_secret()), ..self.asked(action) };
        self.ask(&asked).await
    }
}

impl Issuer for Webhook {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: if self.overlaps { Making::Minted } else { Making::Regenerated },
            verify: self.verifies,
            list: false,
            marks: false,
            last_used: false,
            deactivate: false,
            lingers: false,
            propagation_s: 0,
            most_live: None,
            same_answer_s: 0,
        }
    }

    fn propose(&self, _: &dyn Entropy) -> Held {
        Held { key: String::new(), value: Value::default() }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async { Ok(Standing { allowed: None, keys: None }) })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let answer = self.ask_of("verify", held).await?;
            Ok(json::read::<Verified>(&answer)?.valid)
        })
    }

    fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(async move {
            let current_value = self.current.as_ref().map(ExposeSecret::expose_secret);
            let asked = Asked { current_value, mark: Some(mark), ..self.asked("rotate") };
            let answer = self.ask(&asked).await?;
            let rotated = json::read::<Rotated>(&answer).ok();
            let Some(rotated) = rotated.filter(|it| !it.new_value.expose_secret().is_empty())
            else {
                return Err(Fault::Unreadable(answer.body));
            };
            let named = rotated.metadata.as_ref().and_then(|it| json::text(it.0.get("keyId")?));
            let key = named.unwrap_or_else(|| mark.to_owned());
            let mut held = held(self.kind, key, rotated.new_value);
            // Whatever stands there else: the value is not lost for it.
            held.value.expires = rotated.expires_at.and_then(|it| json::moment(&it.0));
            Ok(held)
        })
    }

    fn deactivate<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            // Who cannot be told to refuse a value has to be told by a person.
            if !self.revokes {
                return Err(Fault::ByHand);
            }
            self.ask_of("revoke", held).await.map(|_| ())
        })
    }
}
