//! An emergency: what happened, whose values are in it, and what became of each. It holds no secret.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CredentialId, Kind, Risk, RunId, Timestamp, rotation::Order};

/// What made somebody begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// Values lie where they must not be.
    Leaked,
    /// Somebody who knows values is gone.
    Left,
    /// A computer with values on it is gone.
    MachineLost,
    /// An issuer was broken into.
    IssuerBreached,
    /// Somebody chose the credentials.
    Chosen,
}

impl Cause {
    /// What is done first, unless somebody decides otherwise: whoever has a value that lies open may use it now;
    /// who left quietly is not worth that everything stands still.
    #[must_use]
    pub fn order(self) -> Order {
        match self {
            Self::Leaked | Self::MachineLost | Self::IssuerBreached => Order::RevokeFirst,
            Self::Left | Self::Chosen => Order::RotateFirst,
        }
    }
}

/// Why a credential was found to be in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum Trace {
    /// A value of it was found there.
    Found {
        /// Where: a file and line, or what was pasted.
        place: String,
        /// Whether it is the value in force.
        works: bool,
    },
    /// Somebody saw its value.
    Revealed {
        /// Who.
        by: String,
        /// When last.
        at: Timestamp,
    },
    /// Somebody copied its value.
    Copied {
        /// Who.
        by: String,
        /// When last.
        at: Timestamp,
    },
    /// They answer for it.
    Owned,
    /// They may see it, and nothing says that they did.
    CouldRead,
    /// The issuer makes its values.
    Issued {
        /// What the account is called.
        account: String,
    },
    /// The issuer said when it was last used.
    Used {
        /// When.
        at: Timestamp,
    },
}

/// A credential in an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Which.
    pub credential: CredentialId,
    /// What it was called then.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What its loss would mean.
    pub risk: Risk,
    /// Why it was found.
    pub found: Vec<Trace>,
    /// Whether it is dealt with.
    pub taken: bool,
    /// Why it is, or is not, where that is not what was found.
    pub reason: String,
    /// Its own order; nothing: that of the incident.
    pub order: Option<Order>,
    /// The rotation that deals with it, once it was begun.
    pub run: Option<RunId>,
    /// Why nothing could be begun, as the code of an error.
    pub hindered: Option<String>,
    /// Where nothing can tell: who said that its old value is refused, and when.
    pub said: Option<Said>,
}

/// Somebody's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The end of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// Who closed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, although something was open; empty where nothing was.
    pub reason: String,
}

/// Something that is left to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// What.
    pub text: String,
    /// Whether it was done.
    pub done: bool,
}

/// An emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// What made somebody begin.
    pub cause: Cause,
    /// What happened, in a few words.
    pub title: String,
    /// A practice: it counts for nothing but its times.
    pub drill: bool,
    /// Since when it has been known.
    pub opened: Timestamp,
    /// Who began it.
    pub by: String,
    /// Since when somebody who must not may have used a value.
    pub earliest: Option<Timestamp>,
    /// The order for all that have none of their own.
    pub order: Order,
    /// When its rotations were begun.
    pub started: Option<Timestamp>,
    /// How it ended.
    pub closed: Option<Closed>,
    /// The credentials, those that are worst first.
    pub items: Vec<Item>,
    /// What is left to do afterwards.
    pub tasks: Vec<Task>,
}

impl Incident {
    /// The most credentials in one.
    pub const MOST: usize = 2_000;

    /// The order for a credential in it.
    #[must_use]
    pub fn order_of(&self, item: &Item) -> Order {
        item.order.unwrap_or(self.order)
    }

    /// Those that are dealt with.
    pub fn taken(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.taken)
    }
}
