//! What all database servers have in common: what "test connection" tells, and what a login has to be permitted.

use keyturn_model::rotation::Fault;

const LONGEST_VERSION: usize = 64;

/// What "test connection" found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// What the server is.
    pub product: &'static str,
    /// Its version.
    pub version: String,
    /// It is what it was set up as, and of a version that can do what is needed.
    pub fits: bool,
    /// What the login is not permitted.
    pub lacks: Vec<Need>,
}

/// A permission that the login of an account has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// What it is called there.
    pub permission: &'static str,
    /// What an administrator runs to grant it; the login's name stands as `LOGIN`.
    pub grant: &'static str,
    /// It is needed only where old sessions are to be ended.
    pub for_sessions: bool,
}

/// The connection of an account, on which nothing was asked for yet.
pub(crate) fn entered<C>(came: Result<Option<C>, Fault>) -> Result<C, Fault> {
    match came {
        Ok(connection) => connection.ok_or(Fault::Denied),
        Err(Fault::Unknown) => Err(Fault::Refused),
        Err(fault) => Err(fault),
    }
}

/// What a server says its version is, no longer than a version can be.
pub(crate) fn version(said: &str) -> String {
    said.chars().filter(|it| !it.is_control()).take(LONGEST_VERSION).collect()
}
