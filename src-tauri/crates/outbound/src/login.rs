//! Logins to database servers: whether somebody is let in, and the connection that comes of it. What is asked
//! on it is for others to say.
//!
//! A password goes in the clear only within this computer, and otherwise to a server that the system trusts.

pub mod mysql;
pub mod postgres;
pub mod redis;
mod server;
pub(crate) mod way;

use keyturn_model::{
    rotation::Fault,
    setup::{Protocol, Server},
};
use secrecy::SecretString;

pub use crate::dial::not_reached;
pub use server::faults;
pub use way::Limit;

/// A user and a password.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// May be empty where a password is enough.
    pub user: &'a str,
    /// The password.
    pub password: &'a SecretString,
    /// Where it is used; may be empty.
    pub database: &'a str,
}

/// Whether a server lets somebody in. Nothing else is asked of it.
///
/// # Errors
/// Why nobody can tell.
pub async fn lets_in(protocol: Protocol, server: &Server, login: Login<'_>) -> Result<bool, Fault> {
    let limit = Limit::new();
    Ok(match protocol {
        Protocol::Postgres => postgres::connect(server, login, limit).await?.is_some(),
        Protocol::Mysql => mysql::connect(server, login, limit).await?.is_some(),
        Protocol::Redis => redis::connect(server, login, limit).await?.is_some(),
    })
}

/// Whether a server is there at all. Not a word is said to it.
///
/// # Errors
/// When it is not, or may not be spoken to.
pub async fn is_there(server: &Server) -> Result<(), Fault> {
    way::dial(server, Limit::new()).await.map(drop)
}
