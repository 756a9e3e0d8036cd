//! How a call to the outside fails. What counts is whether something may have been done.

use secrecy::SecretSlice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Not done, and it would be refused again.
    #[error("the request was refused")]
    Refused,
    /// Not done, and nobody was asked: it leads where nothing is ever sent.
    #[error("it leads where nothing is sent")]
    Forbidden,
    /// Not done: the login may not do it.
    #[error("the login may not do this")]
    Denied,
    /// Something else is there than was expected; whether this was done earlier is open.
    #[error("something else is there")]
    Conflict,
    /// What was named does not exist.
    #[error("it does not exist")]
    Gone,
    /// Not done, as too much is asked at once.
    #[error("too much is asked at once")]
    Busy {
        /// For how long it asks not to be asked again.
        wait_s: Option<u32>,
    },
    /// Nobody can tell whether it was done: no answer, half an answer, an error inside.
    #[error("it is not known whether it was done")]
    Unknown,
    /// It was done, and the answer cannot be read. It may hold a secret.
    #[error("the answer cannot be read")]
    Unreadable(SecretSlice<u8>),
    /// Not done: a person has to do it.
    #[error("a person has to do it")]
    ByHand,
}

/// The same without what an answer held: to be kept, and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CallWhy")]
pub enum Why {
    /// Refused for what it is.
    Refused,
    /// It leads where nothing is ever sent.
    Forbidden,
    /// The login may not do it.
    Denied,
    /// Something else was there.
    Conflict,
    /// It does not exist.
    Gone,
    /// Too much is asked at once.
    Busy,
    /// Nobody can tell.
    Unknown,
    /// The answer could not be read.
    Unreadable,
    /// A person has to do it.
    ByHand,
    /// Nothing is set up to ask it.
    NotSetUp,
}

impl Fault {
    /// What is kept of it.
    #[must_use]
    pub fn why(&self) -> Why {
        match self {
            Self::Refused => Why::Refused,
            Self::Forbidden => Why::Forbidden,
            Self::Denied => Why::Denied,
            Self::Conflict => Why::Conflict,
            Self::Gone => Why::Gone,
            Self::Busy { .. } => Why::Busy,
            Self::Unknown => Why::Unknown,
            Self::Unreadable(_) => Why::Unreadable,
            Self::ByHand => Why::ByHand,
        }
    }

    /// Whether what was asked for may have been done.
    #[must_use]
    pub fn may_be_done(&self) -> bool {
        matches!(self, Self::Conflict | Self::Unknown | Self::Unreadable(_))
    }

    /// Whether asking again can help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Busy { .. }) || self.may_be_done()
    }
}
