//! How issuers and consumers are set up: what people wrote into the forms, checked.
//!
//! Secrets are no part of it: they are kept apart, sealed, by the name of their place.

mod delivery;
mod issuer;

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use delivery::{
    BindingSetup, Consumer, Deployment, FileFormat, HealthCheck, Looks, Part, Reloading, Sending,
};
pub use issuer::{
    AccountSetup, IssuerSetup, MOST_AT_ONCE, Protocol, RotationSetup, Server, Tls, ValueCheck,
};

/// Secrets of a setup by the name of their place: `password`, `token`.
pub type Secrets = BTreeMap<String, SecretString>;

/// What is wrong with a setup, and in which field of its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupFault {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub why: SetupWhy,
}

/// What can be wrong with a field of a setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SetupWhy {
    /// It has to be filled in.
    Missing,
    /// It is no address that may be called: `https`, and no user or password in it.
    Address,
    /// It leads into this computer or the local network, and nobody said that it may.
    Private,
    /// It leads where nothing is ever sent, whoever says that it may.
    Forbidden,
    /// What is sent there could be read on the way.
    Readable,
    /// It is no absolute path.
    Path,
    /// It is longer, or has more parts, than can be.
    TooLong,
    /// It has characters in it that cannot be there.
    Characters,
    /// It is no number that can be.
    Number,
    /// A place in braces names no field of the value.
    Place,
    /// The template cannot be read.
    Template,
}

impl SetupFault {
    /// A fault of a field.
    #[must_use]
    pub fn new(field: impl Into<String>, why: SetupWhy) -> Self {
        Self { field: field.into(), why }
    }
}
