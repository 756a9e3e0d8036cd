//! The sandbox as the engine asks it.

use std::sync::Arc;

use keyturn_model::{
    Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
    setup::{SetupFault, SetupWhy},
};
use keyturn_outbound::{Client, Method, Request};
use percent_encoding::utf8_percent_encode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::state::Told;
use crate::{
    around::{Around, IN_ADDRESS, check_address, held, secret_of},
    json,
};

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub fn issuer(address: &str, around: &Around<'_>) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let mut faults = Vec::new();
    check_address("address", address, true, &mut faults);
    // Plain text never leaves this computer, so this is the sandbox of this computer.
    if faults.is_empty() && !address.starts_with("http://") {
        faults.push(SetupFault::new("address", SetupWhy::Address));
    }
    let token = around.secret("token", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let shown = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let address = address.trim_end_matches('/').to_owned();
    let client = around.client.clone();
    Ok(Arc::new(AtSandbox { client, kind: around.kind, address, shown }))
}

struct AtSandbox {
    client: Client,
    kind: Kind,
    address: String,
    /// What the header says.
    shown: SecretString,
}

#[derive(Deserialize)]
struct Created {
    id: String,
    secret: SecretString,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Told>,
}

#[derive(Serialize)]
struct Shown<'a> {
    secret: &'a str,
}

#[derive(Deserialize)]
struct Verified {
    valid: bool,
}

impl AtSandbox {
    fn request(&self, method: Method, path: &str) -> Request {
        Request::new(method, format!("{}{path}", self.address))
            .secret_header("authorization", self.shown.clone())
    }

    async fn ask(&self, request: Request) -> Result<keyturn_outbound::Answer, Fault> {
        self.client.send(&request, true).await?.done()
    }
}

fn of_key(key: &str, more: &str) -> String {
    format!("/keys/{}{more}", utf8_percent_encode(key, IN_ADDRESS))
}

impl Issuer for AtSandbox {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: Making::Minted,
            verify: true,
            list: true,
            marks: true,
            last_used: true,
            deactivate: true,
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
        Box::pin(async {
            let keys = u32::try_from(self.list().await?.len()).ok();
            Ok(Standing { allowed: Some(true), keys })
        })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(async {
            let answer = self.ask(self.request(Method::GET, "/keys")).await?;
            let Keys { keys } = json::read(&answer)?;
            let listed = |it: Told| Listed { key: it.id, mark: Some(it.name), active: it.active };
            Ok(keys.into_iter().map(listed).collect())
        })
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let secret = secret_of(self.kind, held).ok_or(Fault::Refused)?.expose_secret();
            let body = json::bytes(&Shown { secret }, secret.len())?;
            let request = self.request(Method::POST, "/verify");
            let answer = self.ask(request.with_body("application/json", body)).await?;
            Ok(json::read::<Verified>(&answer)?.valid)
        })
    }

    fn last_used<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(async move {
            let answer = self.ask(self.request(Method::GET, &of_key(key, ""))).await?;
            Ok(json::read::<Told>(&answer)?.last_used_at)
        })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(async move {
            let body = json::bytes(&serde_json::json!({ "name": mark }), mark.len())?;
            let request = self.request(Method::POST, "/keys").with_body("application/json", body);
            let answer = self.ask(request).await?;
            match json::read::<Created>(&answer) {
                Ok(made) => Ok(held(self.kind, made.id, made.secret)),
                Err(_) => Err(Fault::Unreadable(answer.body)),
            }
        })
    }

    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            let path = of_key(&held.key, "/deactivate");
            self.ask(self.request(Method::POST, &path)).await.map(|_| ())
        })
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            let path = of_key(&held.key, "");
            self.ask(self.request(Method::DELETE, &path)).await.map(|_| ())
        })
    }
}
