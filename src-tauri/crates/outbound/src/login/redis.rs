//! Logins to Redis, and what speaks like it.

use keyturn_model::{rotation::Fault, setup::Server};
use redis::{
    AsyncConnectionConfig, RedisConnectionInfo, RedisError, Value, aio::MultiplexedConnection, cmd,
};
use secrecy::ExposeSecret;
use tokio::task::JoinHandle;

use super::{Limit, Login, not_reached, way::dial_secret};

/// A connection that ends when it is let go.
pub struct Connection {
    /// To ask by.
    pub talk: MultiplexedConnection,
    rest: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.rest.abort();
    }
}

/// A connection, or none when the login is refused. Without a user the password alone is told.
///
/// # Errors
/// When nobody was reached, or cannot prove who it is.
pub async fn connect(
    server: &Server,
    login: Login<'_>,
    limit: Limit,
) -> Result<Option<Connection>, Fault> {
    let stream = dial_secret(server, limit).await?;
    let with = RedisConnectionInfo::default().set_skip_set_lib_name();
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let greet = MultiplexedConnection::new_with_config(&with, stream, config);
    let (talk, rest) = limit.reach(greet).await?.map_err(|_| not_reached())?;
    let mut connection = Connection { talk, rest: tokio::spawn(rest) };
    let mut auth = cmd("AUTH");
    if !login.user.is_empty() {
        auth.arg(login.user);
    }
    auth.arg(login.password.expose_secret());
    match limit.reach(auth.query_async::<Value>(&mut connection.talk)).await? {
        Ok(_) => Ok(Some(connection)),
        Err(error) if error.code() == Some("WRONGPASS") => Ok(None),
        Err(error) => Err(match fault(&error) {
            Fault::Unknown => not_reached(),
            fault => fault,
        }),
    }
}

/// What it means when the server does not do what it was asked; its words are dropped.
#[must_use]
pub fn fault(error: &RedisError) -> Fault {
    match error.code() {
        Some("NOPERM" | "NOAUTH" | "WRONGPASS") => Fault::Denied,
        Some("LOADING" | "BUSY" | "MASTERDOWN" | "TRYAGAIN") => not_reached(),
        Some("ERR" | "READONLY" | "MISCONF" | "NOREPLICAS") => Fault::Refused,
        _ => Fault::Unknown,
    }
}
