//! What the wizard of an emergency shows and asks. Never a value, and what was pasted does not come back.

use keyturn_model::{
    AccountId, CredentialId, IncidentId, Kind, MemberId, Risk, Timestamp,
    incident::{Cause, Closed, Said, Task, Trace},
    rotation::{Order, Outcome},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LookIn, PlanStep, RunRow, StepView};
use crate::UserError;

/// Where the credentials of an incident come from.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "of")]
pub enum ScopeOf {
    /// The values of the vault that are found there.
    Leak {
        /// Where.
        look: LookIn,
    },
    /// What somebody saw, copied, answers for, or could read.
    Member {
        /// Who.
        #[ts(type = "string")]
        id: MemberId,
    },
    /// Whatever an issuer account rotates.
    Account {
        /// Which.
        #[ts(type = "string")]
        id: AccountId,
    },
    /// What a question to the inventory finds.
    Query {
        /// The question.
        query: String,
    },
    /// These.
    Credentials {
        /// Which.
        #[ts(type = "string[]")]
        ids: Vec<CredentialId>,
    },
}

/// An incident that is begun.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewIncident {
    /// What made somebody begin.
    pub cause: Cause,
    /// Where its credentials come from.
    pub scope: ScopeOf,
    /// It is a practice.
    pub drill: bool,
}

/// More credentials for an incident.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoreScope {
    /// Which incident.
    #[ts(type = "string")]
    pub id: IncidentId,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// Where they come from.
    pub scope: ScopeOf,
}

/// An incident.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichIncident {
    /// Which.
    #[ts(type = "string")]
    pub id: IncidentId,
}

/// What a person changes of an incident.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentChange {
    /// Which.
    #[ts(type = "string")]
    pub id: IncidentId,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// What.
    pub change: IncidentPart,
}

/// A part of an incident as it is to be.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "of")]
pub enum IncidentPart {
    /// What happened, in a few words.
    Title {
        /// The words.
        title: String,
    },
    /// Since when somebody who must not may have used a value.
    Earliest {
        /// When; nothing: nobody knows.
        at: Option<Timestamp>,
    },
    /// The order for all that have none of their own.
    Order {
        /// Which.
        order: Order,
    },
    /// Whether a credential is dealt with, and how.
    Item {
        /// Which.
        #[ts(type = "string")]
        credential: CredentialId,
        /// Whether.
        taken: bool,
        /// Why; needed where it is taken out.
        reason: String,
        /// Its own order; nothing: that of the incident.
        order: Option<Order>,
    },
    /// All that was found is dealt with.
    Everything,
    /// What is left to do.
    Tasks {
        /// All of it.
        tasks: Vec<Task>,
    },
    /// Somebody says that the old value of a credential is refused, where nothing can tell.
    Said {
        /// Which.
        #[ts(type = "string")]
        credential: CredentialId,
    },
    /// It is over.
    Close {
        /// Why, although something is open.
        reason: String,
    },
}

/// That the rotations of an incident are begun.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentStart {
    /// Which.
    #[ts(type = "string")]
    pub id: IncidentId,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// Its reference, typed, where production goes down.
    pub typed: String,
}

/// Which incidents are listed.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentsOf {
    /// Only those that are not over.
    pub open: bool,
}

/// Incidents.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentsView {
    /// The newest first.
    pub incidents: Vec<IncidentRow>,
}

/// An incident in a list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentRow {
    /// Which.
    #[ts(type = "string")]
    pub id: IncidentId,
    /// What people call it.
    pub reference: String,
    /// What made somebody begin.
    pub cause: Cause,
    /// What happened.
    pub title: String,
    /// It was a practice.
    pub drill: bool,
    /// Since when it has been known.
    pub opened: Timestamp,
    /// When its rotations were begun.
    pub started: Option<Timestamp>,
    /// How it ended.
    pub closed: Option<Closed>,
    /// How many credentials are dealt with.
    pub taken: u32,
    /// How many of their old values are proven to be refused.
    pub refused: u32,
    /// When the last of them was; nothing while one is open.
    pub all_refused: Option<Timestamp>,
    /// When the last consumer had its new value; nothing while one is open.
    pub restored: Option<Timestamp>,
}

/// An incident.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentView {
    /// What the list says.
    pub row: IncidentRow,
    /// Its version, given back when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// Who began it.
    pub by: String,
    /// Since when somebody who must not may have used a value.
    pub earliest: Option<Timestamp>,
    /// The order for all that have none of their own.
    pub order: Order,
    /// The credentials, those that are worst first.
    pub items: Vec<IncidentItem>,
    /// What is left to do.
    pub tasks: Vec<Task>,
    /// Who is reached by it, by name.
    pub consumers: Vec<String>,
    /// Who of them is restarted.
    pub restarts: Vec<String>,
    /// Who answers for those who are reached.
    pub owners: Vec<String>,
    /// About how many seconds the consumer that is worst off is without a value that works.
    pub down_s: u32,
    /// Something in production goes down: the reference is typed to start.
    pub asks_reference: bool,
    /// Until when each kind may be in force at most, for those that have not ended.
    pub deadlines: Vec<Limit>,
    /// What happened, the oldest first.
    pub log: Vec<IncidentLine>,
}

/// Until when the values of some kinds may be in force at most.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// How many hours they have; 0 is at once.
    pub hours: u32,
    /// The kinds in the incident that have them.
    pub kinds: Vec<Kind>,
    /// Until when.
    pub until: Timestamp,
    /// How many are open.
    pub open: u32,
}

/// A credential in an incident.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentItem {
    /// Which.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What its loss would mean.
    pub risk: Risk,
    /// Where it is used.
    pub environment: String,
    /// Why it was found.
    pub found: Vec<Trace>,
    /// Whether it is dealt with.
    pub taken: bool,
    /// Why it is, or is not.
    pub reason: String,
    /// Its own order.
    pub order: Option<Order>,
    /// The wave in which it is dealt with, from 1; what a person does by hand comes last.
    pub wave: u32,
    /// What will be done, before it is begun.
    pub plan: Option<IncidentPlan>,
    /// Why nothing can be begun by itself: it is done by hand.
    pub by_hand: Option<UserError>,
    /// The rotation that deals with it.
    pub run: Option<IncidentRun>,
    /// Somebody's word that the old value is refused.
    pub said: Option<Said>,
    /// What became of the old value.
    pub outcome: Outcome,
    /// Since when it has been seen to be refused.
    pub refused: Option<Timestamp>,
    /// A new value was kept since the incident began.
    pub renewed: bool,
}

/// What will be done about a credential.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentPlan {
    /// In this order.
    pub steps: Vec<PlanStep>,
    /// Who is reached, by name.
    pub consumers: Vec<String>,
    /// Who is restarted, by name.
    pub restarts: Vec<String>,
    /// About how many seconds they are without a value that works.
    pub down_s: u32,
}

/// How far a rotation of an incident is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentRun {
    /// As in the list of rotations.
    pub row: RunRow,
    /// The state that was seen, given back with what is asked of it.
    #[ts(type = "number")]
    pub revision: u64,
    /// Its steps.
    pub steps: Vec<StepView>,
    /// How many consumers have the new value.
    pub delivered: u32,
    /// How many of them are well with it.
    pub well: u32,
    /// How many there are.
    pub consumers: u32,
    /// The consumer that its trouble is about, by name.
    pub troubled: String,
    /// When it goes on, while it waits.
    pub waits_until: Option<Timestamp>,
}

/// Something that happened in an incident.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentLine {
    /// When.
    pub at: Timestamp,
    /// Who did it; empty where the program did.
    pub by: String,
    /// What: `incident.started`, or as in a rotation.
    pub action: String,
    /// To which credential; empty where it is about all.
    pub about: String,
    /// More.
    pub detail: String,
}

/// What came of trying an old value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OldTried {
    /// Of which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// Whether it is refused; nothing where nothing can tell.
    pub refused: Option<bool>,
    /// Why nobody could be asked.
    pub problem: Option<UserError>,
}

/// What came of the verification of an incident.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IncidentTried {
    /// Each old value.
    pub tried: Vec<OldTried>,
    /// The incident as it is after that.
    pub incident: IncidentView,
}

/// A report to be written.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportOf {
    /// Of which incident.
    #[ts(type = "string")]
    pub id: IncidentId,
    /// `markdown`, `json` or `pdf`.
    pub format: String,
    /// Where to.
    pub file: String,
}
