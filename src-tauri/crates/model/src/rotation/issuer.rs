//! What is asked of the system that makes, accepts and revokes values.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::{Abilities, Answer, Fault};
use crate::{Entropy, Timestamp};

/// A value of a credential: the fields of its kind that a rotation changes.
#[derive(Debug, Default)]
pub struct Value {
    /// Those that may be seen.
    pub fields: BTreeMap<String, String>,
    /// Those that are secret.
    pub secrets: Vec<(String, SecretString)>,
    /// When the issuer itself ends it.
    pub expires: Option<Timestamp>,
}

/// A value, and by what the issuer knows it.
#[derive(Debug)]
pub struct Held {
    /// The issuer's name for it; no secret. Two that live at the same time have two.
    pub key: String,
    /// The value.
    pub value: Value,
}

/// What an issuer made and shows once.
pub type Minted = Held;

/// A key in an issuer's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The issuer's name for it.
    pub key: String,
    /// The mark that it carries, if it carries one.
    pub mark: Option<String>,
    /// Whether it is switched on.
    pub active: bool,
}

/// What an issuer says when it is asked whether a run could begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether the login may make, change and delete what a run needs; nothing where there is nobody to ask.
    pub allowed: Option<bool>,
    /// How many keys there are.
    pub keys: Option<u32>,
}

/// One issuer, seen by one credential: it knows the account and whose keys these are.
///
/// What it cannot do by its [`Abilities`] is never asked of it. No call is repeated inside: whether it may be
/// is decided by whoever knows what was recorded. Redirects are not followed.
pub trait Issuer: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// A new value that it would take, and what it will call it; for those that we choose.
    fn propose(&self, entropy: &dyn Entropy) -> Held;

    /// Whether the account works and is allowed what a run needs, as far as anybody can be asked. Changes nothing.
    fn standing(&self) -> Answer<'_, Result<Standing, Fault>>;

    /// The keys that it has. Changes nothing; may lag by the time of propagation.
    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>>;

    /// Whether it accepts a value. Changes nothing.
    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>>;

    /// When it last saw a key used. Changes nothing.
    fn last_used<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>>;

    /// Has it accept a value that we chose. Where the value takes the place of the one before, the same
    /// twice is the same as once.
    fn put<'a>(&'a self, mark: &'a str, held: &'a Held) -> Answer<'a, Result<(), Fault>>;

    /// Has it make a value.
    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>>;

    /// Switches a key off, so that it could be switched on again.
    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>>;

    /// Has it refuse a value for ever. [`Fault::Gone`] when it has none such. A key that is deleted because
    /// its value was lost comes without one.
    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>>;
}
