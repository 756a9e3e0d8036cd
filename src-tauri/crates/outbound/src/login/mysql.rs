//! Logins to MySQL and MariaDB.

use std::{net::IpAddr, time::Duration};

use keyturn_model::{
    rotation::Fault,
    setup::{Server, Tls},
};
use mysql_async::{Conn, DriverError, Error, IoError, Opts, OptsBuilder, ServerError, SslOpts};
use rustls::crypto::ring;
use secrecy::ExposeSecret;

use super::{
    Limit, Login, not_reached,
    way::{MOST_READ, addresses, before_any_word, trusted},
};

/// A connection, or none when the login is refused.
///
/// # Errors
/// When nobody was reached, or cannot prove who it is.
pub async fn connect(
    server: &Server,
    login: Login<'_>,
    limit: Limit,
) -> Result<Option<Conn>, Fault> {
    let options = options(server, addresses(server, limit).await?, login);
    match limit.reach(Conn::new(options)).await? {
        Ok(conn) => Ok(Some(conn)),
        Err(Error::Server(ServerError { code, .. })) => match code {
            // A wrong password, no password, an account that is locked there or here.
            1045 | 1698 | 3118 | 4151 => Ok(None),
            // Too many connections, of all or of this user.
            1040 | 1203 | 1226 => Err(not_reached()),
            _ => Err(Fault::Unknown),
        },
        Err(Error::Driver(DriverError::ConnectionClosed)) => Err(not_reached()),
        Err(Error::Io(IoError::Tls(_)) | Error::Driver(_) | Error::Url(_)) => Err(Fault::Refused),
        Err(error) => Err(before_any_word(&error)),
    }
}

fn options(server: &Server, at: Vec<IpAddr>, login: Login<'_>) -> Opts {
    let tls = (server.tls == Tls::Verified).then(|| {
        // The client asks for the one of the whole process; a second call changes nothing.
        let _ = ring::default_provider().install_default();
        let roots = trusted().into_iter().map(|it| it.to_vec().into()).collect();
        SslOpts::default().with_disable_built_in_roots(true).with_root_certs(roots)
    });
    // What is not told here would be asked of the server first.
    OptsBuilder::default()
        // For its certificate alone.
        .ip_or_hostname(server.host.as_str())
        .resolved_ips(Some(at))
        .tcp_port(server.port)
        .user(Some(login.user))
        .pass(Some(login.password.expose_secret()))
        .db_name(Some(login.database).filter(|name| !name.is_empty()))
        .prefer_socket(false)
        .max_allowed_packet(Some(MOST_READ))
        .wait_timeout(Some(60))
        .stmt_cache_size(0)
        .ssl_opts(tls)
        .conn_ttl(Duration::from_secs(10))
        .into()
}
