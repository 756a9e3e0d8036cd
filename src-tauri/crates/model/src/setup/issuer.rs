//! Issuer accounts, and how a credential is rotated by one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AccountId;

/// The most that anything is asked for, or delivered, at once.
pub const MOST_AT_ONCE: u32 = 64;

/// An issuer account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountSetup {
    /// How it is reached.
    #[serde(flatten)]
    pub issuer: IssuerSetup,
    /// So many calls at once it gets at most; none: as many as is usual for such an issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u32>,
}

impl From<IssuerSetup> for AccountSetup {
    fn from(issuer: IssuerSetup) -> Self {
        Self { issuer, at_once: None }
    }
}

/// How an issuer is reached, and what it is. The login of an account is kept apart from the credentials
/// that it rotates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum IssuerSetup {
    /// The built-in one, to try rotations on. Secret: `token`.
    Sandbox {
        /// Its address on this computer.
        address: String,
    },
    /// An address of the user's own that answers with a new value. Secret: `secret`.
    Webhook {
        /// Where it is called.
        address: String,
        /// Its requests are signed with the secret (HMAC-SHA256) instead of carrying it.
        signs: bool,
        /// It can be asked whether it accepts a value.
        verifies: bool,
        /// It can be told to refuse a value.
        revokes: bool,
        /// The old value goes on working until it is revoked.
        overlaps: bool,
        /// The address may lead into this computer or the local network.
        private: bool,
    },
    /// A service with an interface over HTTP, by a template. Secrets: those that the template names.
    Http {
        /// Which template: the name of a preset, or nothing for one of the user's own.
        preset: Option<String>,
        /// The template of the user's own.
        template: Option<String>,
        /// What stands in the blanks of the template that are no secrets.
        blanks: BTreeMap<String, String>,
        /// Its addresses may lead into this computer or the local network.
        private: bool,
    },
    /// A PostgreSQL server. Secret: `password`.
    Postgres(Server),
    /// A MySQL server of version 8.0.14 or later. Secret: `password`.
    Mysql(Server),
    /// A MariaDB server. Secret: `password`.
    Mariadb(Server),
    /// A Redis server with access lists. Secret: `password`.
    Redis(Server),
    /// A webhook whose receiver accepts two secrets for a while. Secrets: `receiver`, `sender`.
    SigningSecret {
        /// Where the receiver is told which secrets it accepts.
        receiver: String,
        /// Where the sender is told which secret it signs with.
        sender: String,
        /// Where the receiver gets events, so that a test event can be sent; empty: none is.
        #[serde(default)]
        events: String,
        /// The addresses may lead into this computer or the local network.
        private: bool,
    },
    /// A person does it, at the issuer's console.
    ByHand {
        /// The address of the console.
        console: String,
        /// What has to be done there, a line each.
        steps: Vec<String>,
        /// The old value goes on working until it is revoked there.
        overlaps: bool,
        /// How a value is tried there; nothing: a person is asked.
        #[serde(default)]
        check: Option<ValueCheck>,
    },
}

/// How it is found out whether a value is accepted: an address is asked with it (`GET`). 401 and 403 say that it
/// is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ValueCheck {
    /// Which.
    pub address: String,
    /// The header that carries the value.
    pub header: String,
    /// What the header says, with `{value}` in it.
    pub says: String,
    /// The status that says that the value is accepted.
    pub status: u16,
    /// The address may lead into this computer or the local network.
    pub private: bool,
}

/// A database server, and who logs in there to change the logins of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Server {
    /// Its name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database that is opened; empty where there is no such thing.
    pub database: String,
    /// Who logs in; empty where a password is enough.
    pub user: String,
    /// How the way there is kept secret.
    pub tls: Tls,
}

/// What a database server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Protocol {
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
    /// Redis.
    Redis,
}

/// How the way to a server is kept secret. It is never less than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Tls {
    /// Not at all: only for a server on this computer.
    Off,
    /// By a certificate that the system trusts and that bears the server's name.
    Verified,
}

/// How one credential is rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationSetup {
    /// By which issuer account.
    #[ts(type = "string")]
    pub account: AccountId,
    /// The logins of a database that take turns: none is the one of the credential, in place; two are
    /// used in turn, so that the old one works until the new one is everywhere.
    pub users: Vec<String>,
    /// So many days after it was made the issuer itself ends a value, where it can.
    pub valid_days: Option<u32>,
    /// Connections that were made with the old value are closed when it is revoked, where that can be.
    pub end_sessions: bool,
    /// For how long both values work, in seconds; none: as the policy says.
    #[ts(type = "number | null")]
    pub grace_s: Option<i64>,
    /// To how many consumers it is delivered at the same time.
    pub at_once: u32,
    /// It is rotated when it is due, without being asked, once that went well by hand.
    pub automatic: bool,
}

impl RotationSetup {
    /// By this account, with nothing said about how.
    #[must_use]
    pub const fn of(account: AccountId) -> Self {
        Self {
            account,
            users: Vec::new(),
            valid_days: None,
            end_sessions: false,
            grace_s: None,
            at_once: 1,
            automatic: false,
        }
    }
}
