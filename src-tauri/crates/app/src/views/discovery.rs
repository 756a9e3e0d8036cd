//! What crosses to the window of a search for uses and leaks. No value has a place here.

use keyturn_discovery::{Refused, Seen, Spot};
use keyturn_model::CredentialId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Typed;

/// Where is looked.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "in")]
pub enum LookIn {
    /// In folders and what lies in them.
    Folders {
        /// Which.
        folders: Vec<String>,
        /// Whether the git histories in them are searched too.
        histories: bool,
    },
    /// In one file: a manifest, or what another searcher found.
    File {
        /// Which.
        file: String,
    },
    /// In a text that somebody pasted.
    Text {
        /// The text, which may have secrets in it.
        text: Typed,
    },
    /// In the cluster that the user's `kubectl` speaks to.
    Cluster {
        /// In all namespaces, not only the usual one.
        all: bool,
    },
}

/// What a search came to.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindsView {
    /// The first of them.
    pub finds: Vec<Find>,
    /// How many there are.
    pub total: u32,
    /// What was not read, by the reason.
    pub left_out: Vec<LeftOut>,
    /// How many files were searched.
    pub files: u32,
    /// How many bytes they have.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many objects of git histories were searched.
    pub objects: u32,
    /// How many values were looked for.
    pub values: u32,
    /// How many values are too short to be told apart from other words.
    pub too_short: u32,
    /// How many values could not be opened.
    pub unopened: u32,
    /// How many secrets reports tell of that are none of the vault.
    pub others: u32,
    /// Somebody said stop, or more was found than can be told.
    pub is_cut: bool,
}

/// What was not read for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Why.
    pub why: Refused,
    /// How many.
    pub count: u32,
    /// The first of them.
    pub files: Vec<String>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Find {
    /// Its number, to accept it.
    pub at: u32,
    /// What it is.
    pub sort: FindSort,
    /// What the vault says of it.
    pub state: FindState,
    /// About which credential.
    #[ts(type = "string | null")]
    pub credential: Option<CredentialId>,
    /// What that is called.
    pub credential_name: String,
    /// Which of its versions lies there.
    #[ts(type = "number | null")]
    pub version: Option<i64>,
    /// That one works: whoever finds it can use it.
    pub works: bool,
    /// Its value stands there; else something is called like it.
    pub by_value: bool,
    /// Who uses it.
    pub consumer: Option<Seen>,
    /// There is no such consumer yet.
    pub is_new_consumer: bool,
    /// What secrets are called there.
    pub called: Vec<String>,
    /// The first places that tell it.
    pub places: Vec<Spot>,
    /// How many there are.
    pub count: u32,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindSort {
    /// A value lies open.
    Leak,
    /// A consumer uses a credential.
    Binding,
    /// A consumer uses secrets that the vault does not know.
    Consumer,
}

/// What the vault says of something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindState {
    /// Nothing.
    Fresh,
    /// The same.
    Here,
    /// It was there, and is not any more.
    Gone,
    /// It was there, where could not be read this time.
    Unknown,
}

/// More of what was found.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindsPage {
    /// From which on.
    pub from: u32,
}

/// What is accepted of what was found.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindChoice {
    /// Which, by number.
    pub accept: Vec<u32>,
}

/// What came of accepting.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedFinds {
    /// How many consumers were added.
    pub consumers: u32,
    /// How many bindings were added.
    pub bindings: u32,
    /// How many bindings that were there were seen again.
    pub seen: u32,
    /// How many credentials were marked as compromised.
    pub compromised: u32,
    /// How many notes were taken back of what is not there any more.
    pub gone: u32,
    /// The credentials whose working values lie open.
    pub leaked: Vec<LeakedCredential>,
}

/// A credential whose value lies open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeakedCredential {
    /// Which.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
}
