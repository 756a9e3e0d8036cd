//! Logins to PostgreSQL.

use keyturn_model::{
    rotation::Fault,
    setup::{Server, Tls},
};
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::{
    Client, Config, Error, NoTls,
    config::SslMode,
    error::SqlState,
    tls::{MakeTlsConnect, TlsConnect},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    Limit, Login,
    way::{Bounded, before_any_word, client_config, dial},
};

/// A connection, or none when the login is refused.
///
/// # Errors
/// When nobody was reached, or cannot prove who it is.
pub async fn connect(
    server: &Server,
    login: Login<'_>,
    limit: Limit,
) -> Result<Option<Client>, Fault> {
    let database = [login.database, server.database.as_str(), "postgres"];
    let database = database.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let mut config = Config::new();
    config
        .user(login.user)
        .password(login.password.expose_secret())
        .dbname(database)
        .application_name("keyturn");
    let stream = dial(server, limit).await?;
    let came = match server.tls {
        Tls::Off => {
            config.ssl_mode(SslMode::Disable);
            greet(&config, stream, NoTls, limit).await?
        }
        Tls::Verified => {
            config.ssl_mode(SslMode::Require);
            let mut tls = MakeRustlsConnect::new(client_config()?);
            let tls = MakeTlsConnect::<Bounded>::make_tls_connect(&mut tls, &server.host);
            greet(&config, stream, tls.map_err(|_| Fault::Refused)?, limit).await?
        }
    };
    match came {
        Ok(client) => Ok(Some(client)),
        Err(error) => match error.code() {
            Some(code) if is_refusal(code) => Ok(None),
            Some(code) if is_busy(code) => Err(Fault::Busy { wait_s: None }),
            Some(_) => Err(Fault::Unknown),
            None => Err(before_any_word(&error)),
        },
    }
}

async fn greet<S, T>(
    config: &Config,
    stream: S,
    tls: T,
    limit: Limit,
) -> Result<Result<Client, Error>, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: TlsConnect<S>,
    T::Stream: Send + 'static,
{
    Ok(limit.reach(config.connect_raw(stream, tls)).await?.map(|(client, connection)| {
        // It ends with the client.
        tokio::spawn(connection);
        client
    }))
}

fn is_refusal(code: &SqlState) -> bool {
    [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION].contains(code)
}

fn is_busy(code: &SqlState) -> bool {
    [SqlState::TOO_MANY_CONNECTIONS, SqlState::CANNOT_CONNECT_NOW].contains(code)
}
