//! Whether a consumer is well, as its health check tells it. To log in to a database is not done here: a
//! program can do that.

use std::time::Duration;

use keyturn_model::{
    rotation::{Fault, Health, Value},
    setup::{HealthCheck, Secrets},
};
use keyturn_outbound::Answer;
use secrecy::ExposeSecret as _;
use tokio::{net::TcpStream, time::timeout};

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

/// How it is; with no value only whether it is there. `None` is not asked here: it is always well.
pub(crate) async fn look(
    check: &HealthCheck,
    secrets: &Secrets,
    value: Option<&Value>,
) -> Result<Health, Fault> {
    let well = |is: bool| if is { Health::Well } else { Health::Ill };
    match check {
        HealthCheck::None => Ok(Health::Well),
        HealthCheck::Tcp { host, port } => {
            let connected =
                timeout(CONNECT_LIMIT, TcpStream::connect((host.as_str(), *port))).await;
            Ok(well(matches!(connected, Ok(Ok(_)))))
        }
        HealthCheck::Command { program, arguments } => {
            let ended = program::run(program, arguments, None, program::LIMIT).await?;
            Ok(well(ended == Ended::Well))
        }
        HealthCheck::Http { address, status, pointer, expected, private } => {
            let answer = match web::get(address, *private, secrets, "check").await {
                Ok(answer) => answer,
                // It does not answer, or not to the end.
                Err(Fault::Busy { .. } | Fault::Unknown) => return Ok(Health::Ill),
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

fn uses(answer: &Answer, pointer: &str, expected: &str) -> Health {
    let Ok(text) = std::str::from_utf8(answer.body.expose_secret()) else { return Health::Ill };
    match pointed(text, pointer) {
        Err(_) => Health::Ill,
        Ok(Some(said)) if same(&said, expected) => Health::Well,
        Ok(_) => Health::NotYet,
    }
}
