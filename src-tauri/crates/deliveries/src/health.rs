//! Whether a consumer is well, as its health check tells it.

use std::time::Duration;

use keyturn_model::{
    rotation::{Fault, Health, Value},
    setup::{HealthCheck, Protocol, Secrets, Server},
};
use keyturn_outbound::{
    Answer, dial,
    login::{Login, is_there, lets_in},
};
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use crate::{
    formats::pointed,
    program::{self, Ended},
    template::{places, render, same},
    web,
};

const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Whether a check can tell which value it is that a consumer uses.
pub(crate) fn tells_value(check: &HealthCheck) -> bool {
    match check {
        HealthCheck::Http { pointer, expected, .. } => {
            !pointer.is_empty() && places(expected).is_some_and(|places| !places.is_empty())
        }
        _ => false,
    }
}

/// How it is; with no value only whether it is there. `None` is not asked here: it is always well. Who does not
/// answer is not known to be ill: it may still be starting.
pub(crate) async fn look(
    check: &HealthCheck,
    secrets: &Secrets,
    value: Option<&Value>,
) -> Result<Health, Fault> {
    let well = |is: bool| if is { Health::Well } else { Health::Ill };
    match check {
        HealthCheck::None => Ok(Health::Well),
        HealthCheck::Tcp { host, port } => match timeout(CONNECT_LIMIT, dial(host, *port)).await {
            Ok(Ok(_)) => Ok(Health::Well),
            Err(_) | Ok(Err(Fault::Busy { .. })) => Err(Fault::Unknown),
            Ok(Err(fault)) => Err(fault),
        },
        HealthCheck::Login { protocol, server } => {
            let came = match value {
                Some(value) => takes(*protocol, server, value).await,
                None => is_there(server).await.map(|()| true),
            };
            match came {
                Ok(is) => Ok(well(is)),
                Err(Fault::Busy { .. }) => Err(Fault::Unknown),
                // It does not open what is named.
                Err(Fault::Unknown) => Ok(Health::Ill),
                Err(fault) => Err(fault),
            }
        }
        HealthCheck::Command { program, arguments } => {
            let ended = program::run(program, arguments, None, program::LIMIT).await?;
            Ok(well(ended == Ended::Well))
        }
        HealthCheck::Http { address, status, pointer, expected, private } => {
            let answer = match web::get(address, *private, secrets, "check").await {
                Ok(answer) => answer,
                // It does not answer, or not to the end.
                Err(Fault::Busy { .. }) => return Err(Fault::Unknown),
                Err(fault) => return Err(fault),
            };
            match value {
                _ if answer.status != *status => Ok(Health::Ill),
                Some(value) if !pointer.is_empty() => {
                    Ok(uses(&answer, pointer, &render(expected, value)?))
                }
                _ => Ok(Health::Well),
            }
        }
    }
}

/// Whether a server lets in with a value. Where two users take turns it is the value that says whose turn it is.
async fn takes(protocol: Protocol, server: &Server, value: &Value) -> Result<bool, Fault> {
    let of_value = |field| value.fields.get(field).map_or("", String::as_str);
    let user = if server.user.is_empty() { of_value("user") } else { &server.user };
    if user.is_empty() && protocol != Protocol::Redis {
        return Err(Fault::Refused);
    }
    let (_, password) = value.secrets.first().ok_or(Fault::Refused)?;
    let database = if server.database.is_empty() { of_value("database") } else { &server.database };
    lets_in(protocol, server, Login { user, password, database }).await
}

fn uses(answer: &Answer, pointer: &str, expected: &str) -> Health {
    let Ok(text) = std::str::from_utf8(answer.body.expose_secret()) else { return Health::Ill };
    match pointed(text, pointer) {
        Err(_) => Health::Ill,
        Ok(Some(said)) if same(&said, expected) => Health::Well,
        Ok(_) => Health::NotYet,
    }
}
