//! The dependency map as a graph: issuer → credential → consumer → reload, with what each link rests on.
//!
//! Where an account logs in with a credential there is a link back; a circle is whatever such links close.

mod lacking;
mod make;

use keyturn_model::{
    AccountId, ConsumerId, CredentialId, Kind, Status, Timestamp, rotation::Reload,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is known of who issues and who uses what.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// The issuer accounts.
    pub accounts: Vec<Account>,
    /// The credentials that are shown, or that something is about to be done to.
    pub credentials: Vec<Credential>,
    /// The consumers.
    pub consumers: Vec<Consumer>,
    /// Which consumer uses which credential.
    pub bindings: Vec<Binding>,
    /// Those that cannot be read: another version of this program may have written them.
    pub unread: Vec<Unread>,
}

/// An issuer account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// When it was last seen to work.
    pub seen: Option<Timestamp>,
    /// The credentials that it logs in with.
    pub logs_in_with: Vec<CredentialId>,
}

/// A credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Which.
    pub id: CredentialId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is used.
    pub environment: String,
    /// Who answers for it.
    pub owner: String,
    /// Who made it, as somebody wrote it down.
    pub issuer: String,
    /// By which account it is rotated.
    pub account: Option<AccountId>,
    /// What needs doing about it.
    pub status: Status,
    /// When it was last changed.
    pub changed: Timestamp,
}

/// A consumer.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// Which.
    pub id: ConsumerId,
    /// What people call it.
    pub name: String,
    /// Where it runs.
    pub environment: String,
    /// Whom to tell.
    pub owner: String,
}

/// One consumer of one credential.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What is used.
    pub credential: CredentialId,
    /// Who uses it.
    pub consumer: ConsumerId,
    /// How a new value is taken up.
    pub reload: Reload,
    /// About how long it is away while it reloads, in seconds.
    pub away_s: u32,
    /// When it was last seen to be well.
    pub seen: Option<Timestamp>,
    /// When it was set up as it is.
    pub since: Timestamp,
}

/// A consumer of a credential, where nobody can read how the value reaches it.
#[derive(Debug, Clone)]
pub struct Unread {
    /// What is used.
    pub credential: CredentialId,
    /// The name of who uses it.
    pub consumer: String,
}

/// By what things are gathered: groups of the map, lanes of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "GatheredBy")]
pub enum By {
    /// What they are. Consumers have no kind.
    Kind,
    /// Who answers for them.
    Owner,
    /// Where they are used.
    Environment,
}

/// Which part of the map is shown, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MapOf")]
pub struct Showing {
    /// By what credentials and consumers are gathered into one node each; none: not at all.
    pub group: Option<By>,
    /// The groups that are shown node by node.
    pub open: Vec<String>,
    /// The environments that are left out.
    pub hide: Vec<String>,
}

/// What a link rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Evidence {
    /// It was seen to work.
    Seen,
    /// It was set up.
    SetUp,
    /// Somebody wrote it down.
    Said,
}

/// A node of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Names it for ever: `account:…`, `issuer:…`, `credential:…`, `consumer:…`, `credentials:…` and
    /// `consumers:…` (groups), `reload:` and the key of the consumer.
    pub key: String,
    /// What people call it; of a group the word it is gathered by.
    pub name: String,
    /// 0 issuer, 1 credential, 2 consumer, 3 reload.
    pub column: u8,
    /// How many it stands for.
    pub count: u32,
    /// What it is, where it is a credential.
    pub kind: Option<Kind>,
    /// What needs doing; of a group the most urgent.
    pub status: Option<Status>,
    /// How a new value is taken up, where it is a reload; the most disturbing one.
    pub reload: Option<Reload>,
    /// How many of the consumers are restarted, where it is a reload.
    pub restarts: u32,
    /// About how long they are away, one after another, in seconds.
    pub away_s: u32,
}

/// A link of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// From which node.
    pub from: u32,
    /// To which.
    pub to: u32,
    /// How many links it stands for.
    pub count: u32,
    /// What it rests on; of several the weakest.
    pub evidence: Evidence,
    /// When it was last seen to work; of several the longest ago.
    pub seen: Option<Timestamp>,
    /// Since when it is as it is; of several the latest.
    pub since: Option<Timestamp>,
    /// How a new value is taken up; of several the most disturbing one.
    pub reload: Option<Reload>,
}

/// Something that lacks its other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MapOrphan")]
pub struct Orphan {
    /// The key of its own node, also where a group stands for it.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it lacks.
    pub why: OrphanWhy,
}

/// What an orphan lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OrphanWhy {
    /// A credential that nobody uses.
    NoConsumer,
    /// A consumer that uses nothing.
    NoCredential,
    /// An issuer account that no credential lives by.
    NoLiveCredential,
}

/// The map. Nodes lie by column, name and key; links by their ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The links forward: from a column to the next.
    pub edges: Vec<Edge>,
    /// The links back: a credential that an account logs in with.
    pub back: Vec<(u32, u32)>,
    /// The keys of accounts and credentials that depend on one another in a circle.
    pub circles: Vec<Vec<String>>,
    /// What lacks its other end.
    pub orphans: Vec<Orphan>,
    /// How many links are left out because they cannot be read.
    pub unread: u32,
}

pub(crate) fn account_key(id: AccountId) -> String {
    format!("account:{id}")
}

/// What names a credential in the map.
#[must_use]
pub fn credential_key(id: CredentialId) -> String {
    format!("credential:{id}")
}

pub(crate) fn consumer_key(id: ConsumerId) -> String {
    format!("consumer:{id}")
}

/// How much a reload disturbs: the more, the higher.
pub(crate) fn disturbance(reload: Reload) -> u8 {
    match reload {
        Reload::Live => 0,
        Reload::NextRun => 1,
        Reload::Manual => 2,
        Reload::Restart => 3,
    }
}

impl Credential {
    /// The word that it is gathered by.
    pub(crate) fn word(&self, by: By) -> &str {
        match by {
            By::Kind => self.kind.as_str(),
            By::Owner => &self.owner,
            By::Environment => &self.environment,
        }
    }
}

impl Graph {
    /// The map of what is known, as it is to be shown.
    #[must_use]
    pub fn of(records: &Records, showing: &Showing) -> Self {
        let mut made = make::Made::default();
        made.issuers(records);
        made.credentials(records, showing);
        made.consumers(records, showing);
        made.links(records);
        let mut graph = made.in_order();
        graph.circles = lacking::circles(records);
        graph.orphans = lacking::orphans(records);
        graph.unread = u32::try_from(records.unread.len()).unwrap_or(u32::MAX);
        graph
    }
}
