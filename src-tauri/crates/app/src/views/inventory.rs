//! The inventory's half of what crosses: credentials, policies, saved views, new values.

use std::collections::BTreeMap;

use keyturn_kinds::{Facts, Fault, Measure, Recipe};
use keyturn_model::{
    Column, Credential, CredentialId, Metadata, MetadataFault, Ordering, Policy, PolicyChoice,
    PolicyFault, PolicyId, Risk, Row, RunId, SavedView, SavedViewId, Timestamp,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ShownOnce, Typed};
use crate::UserError;

/// The secret fields of a credential by name, handed in by the window.
pub type Secrets = BTreeMap<String, Typed>;

/// A part of the inventory.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListOf {
    /// What is asked, as it was typed.
    pub query: String,
    /// In which order.
    pub ordering: Ordering,
    /// The first row that is wanted, from 0.
    pub from: u32,
    /// How many rows at most; up to 1000.
    pub most: u32,
}

/// A part of the inventory, as it is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialList {
    /// The rows that were asked for.
    pub rows: Vec<Row>,
    /// The place of the first of them.
    pub from: u32,
    /// How many rows the whole list has.
    pub total: u32,
    /// How many credentials there are that are not put away.
    pub all: u32,
    /// The groups of the whole list, in its order; empty when it is not grouped.
    pub groups: Vec<Group>,
    /// Parts of the question that were not understood.
    pub unknown: Vec<String>,
    /// What was looked for instead, as nothing has exactly these words.
    pub instead: Vec<String>,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// What they have in common: the word that a filter would have, or what was typed; may be empty.
    pub value: String,
    /// How many.
    pub count: u32,
}

/// Words that are in use in the vault, the most used first.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordsInUse {
    /// Environments.
    pub environments: Vec<String>,
    /// Owners.
    pub owners: Vec<String>,
    /// Issuers.
    pub issuers: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// A credential.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Which {
    /// Which.
    #[ts(type = "string")]
    pub id: CredentialId,
}

/// What happened to a credential.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityOf {
    /// To which.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// Before the entry with this number; the newest when none is named.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
}

/// One entry of the audit log about a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// Its number in the log.
    #[ts(type = "number")]
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What, as in `credential.revealed`.
    pub action: String,
    /// More, for example which version or field.
    pub detail: String,
}

/// Everything about one credential but its values.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    /// What is kept of it.
    pub credential: Credential,
    /// The policy that it follows.
    pub policy: Option<Policy>,
    /// What that policy is called; empty for the usual one.
    pub policy_name: String,
    /// The next dates by that policy; the first may be past.
    pub next: Vec<Timestamp>,
    /// What its value tells of itself.
    pub facts: Facts,
    /// How much there is to each secret field in use, by name; empty for who may not use secrets.
    pub measures: BTreeMap<String, Measure>,
    /// Within how many hours it has to be replaced when it was lost; 0 is at once.
    pub emergency_hours: u32,
    /// Whether showing a value asks for the passphrase first.
    pub asks_passphrase: bool,
}

/// A credential to be added, or being typed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewCredential {
    /// What is known of it.
    pub metadata: Metadata,
    /// Its secret fields.
    #[ts(as = "BTreeMap<String, String>")]
    pub secrets: Secrets,
    /// Asking twice with the same key adds once.
    pub request: Option<String>,
}

/// What is wrong with a form and what its values tell.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    /// What is wrong, field by field.
    pub faults: Vec<Fault>,
    /// What is wrong with the rest.
    pub metadata_faults: Vec<MetadataFault>,
    /// What the values tell.
    pub facts: Facts,
    /// The policy that it would follow.
    pub policy: Option<Policy>,
    /// Its next dates.
    pub next: Vec<Timestamp>,
}

/// What became of one of several.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// Which; none when it could not be added.
    #[ts(type = "string | null")]
    pub id: Option<CredentialId>,
    /// What people call it.
    pub name: String,
    /// Why it was not done.
    pub problem: Option<UserError>,
}

/// A paste to be recognised.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Pasted {
    /// What was pasted.
    pub text: Typed,
}

/// What a paste was taken for, to fill the form that it was pasted into.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecognisedPaste {
    /// What it is.
    pub kind: keyturn_model::Kind,
    /// What it could be called.
    pub name: Option<String>,
    /// Who could have issued it.
    pub issuer: Option<String>,
    /// Where it is used.
    pub environment: Option<String>,
    /// What goes into the fields.
    #[ts(as = "BTreeMap<String, String>")]
    pub fields: BTreeMap<String, ShownOnce>,
}

/// Other metadata for a credential.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialChange {
    /// Which.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// The version that was edited.
    #[ts(type = "number")]
    pub version: i64,
    /// What it is from now on.
    pub metadata: Metadata,
}

/// Another value for a credential.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewValue {
    /// Which.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// The version that was edited.
    #[ts(type = "number")]
    pub version: i64,
    /// The fields that may be seen, all of them.
    pub fields: BTreeMap<String, String>,
    /// When the new value expires by itself.
    pub expires: Option<Timestamp>,
    /// The secret fields; one that is not named stays as it is, an empty one goes.
    #[ts(as = "BTreeMap<String, String>")]
    pub secrets: Secrets,
}

/// A credential as somebody saw it.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeenCredential {
    /// Which.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// The version that was seen; with another one it is left as it is.
    #[ts(type = "number")]
    pub version: i64,
}

/// Something done to many credentials at once; each that is done has the next version.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManyChange {
    /// Which.
    pub seen: Vec<SeenCredential>,
    /// What.
    pub change: Change,
}

/// What can be done to many credentials at once.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "to")]
pub enum Change {
    /// Put them away.
    Archive,
    /// Take them back.
    Restore,
    /// Let nothing happen by itself.
    Pause,
    /// Let it.
    Resume,
    /// Give them a policy.
    Policy {
        /// Which.
        policy: PolicyChoice,
    },
    /// Say who answers for them and where they are used, give them tags and take tags away.
    Words {
        /// Who; nothing leaves it to each.
        owner: Option<String>,
        /// Where; nothing leaves it to each.
        environment: Option<String>,
        /// Which tags they get.
        add: Vec<String>,
        /// Which they lose.
        remove: Vec<String>,
    },
    /// Say what their loss would mean.
    Risk {
        /// What.
        risk: Risk,
    },
}

/// Credentials to be deleted for good.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    /// Which.
    #[ts(type = "string[]")]
    pub ids: Vec<CredentialId>,
    /// The name of the one, or how many there are: typed by the person.
    pub typed: String,
}

/// A value of one field of one version.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ValueOf {
    /// Of which credential.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// Of which version; the current one when none is named.
    #[ts(type = "number | null")]
    pub number: Option<i64>,
    /// Which field; the one that it is about when none is named. Also one that may be seen, to copy it.
    pub field: Option<String>,
    /// The passphrase, where it is asked for.
    pub passphrase: Option<Typed>,
}

/// A value on the screen.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// The value.
    pub value: ShownOnce,
    /// When it has to be hidden again.
    pub until: Timestamp,
}

/// The answer of an issuer in which no value was found.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnswerOf {
    /// Of which run.
    #[ts(type = "string")]
    pub id: RunId,
    /// The passphrase, where it is asked for.
    pub passphrase: Option<Typed>,
}

/// Such an answer on the screen.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevealedAnswer {
    /// The answer.
    pub value: ShownOnce,
    /// When it has to be hidden again.
    pub until: Timestamp,
    /// There was more than is kept.
    pub cut: bool,
}

/// A value in the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// What was copied: the name of the credential.
    pub name: String,
    /// When it is taken out again; never for one that may be seen.
    pub until: Option<Timestamp>,
}

/// How a new value is to be made.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Generate {
    /// How.
    pub recipe: Recipe,
}

/// A new value, for the form that asked for it.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedValue {
    /// The value.
    pub value: ShownOnce,
    /// The public half of a key pair.
    pub public: Option<String>,
    /// How hard it is to guess, in bits.
    pub bits: u32,
}

/// A policy of the vault's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnPolicy {
    /// Which.
    #[ts(type = "string")]
    pub id: PolicyId,
    /// Its version, compared when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it says.
    pub policy: Policy,
    /// How many credentials follow it.
    pub followers: u32,
}

/// One line of the table of usual policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsualPolicy {
    /// For what.
    pub kind: keyturn_model::Kind,
    /// Where its loss is no disaster.
    pub standard: Policy,
    /// Where it is.
    pub high: Policy,
    /// Within how many hours it has to be replaced when it was lost; 0 is at once.
    pub emergency_hours: u32,
}

/// The policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PoliciesView {
    /// The usual ones.
    pub usual: Vec<UsualPolicy>,
    /// The vault's own.
    pub own: Vec<OwnPolicy>,
    /// The names of own ones that cannot be read.
    pub unread: Vec<String>,
}

/// A policy to be kept.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyChange {
    /// Which; none for a new one.
    #[ts(type = "string | null")]
    pub id: Option<PolicyId>,
    /// The version that was edited; 0 for a new one.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it says.
    pub policy: Policy,
}

/// A policy to be deleted; its followers follow the usual one from then on.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRemoval {
    /// Which.
    #[ts(type = "string")]
    pub id: PolicyId,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
}

/// A policy that is being edited.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyTrial {
    /// What it says.
    pub policy: Policy,
    /// When the value was last replaced; now when nobody says.
    pub rotated: Option<Timestamp>,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
}

/// What a policy that is being edited would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyMeaning {
    /// What is wrong with it.
    pub faults: Vec<PolicyFault>,
    /// The next three dates.
    pub next: Vec<Timestamp>,
}

/// A view to be kept.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewChange {
    /// Which; none for a new one.
    #[ts(type = "string | null")]
    pub id: Option<SavedViewId>,
    /// What people call it.
    pub name: String,
    /// What is asked.
    pub query: String,
    /// In which order.
    pub ordering: Ordering,
    /// Which columns are not shown; nothing where nobody says.
    pub hidden: Option<Vec<Column>>,
}

/// A view to be deleted.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewRemoval {
    /// Which.
    #[ts(type = "string")]
    pub id: SavedViewId,
}

/// The views of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewsView {
    /// Those that somebody kept.
    pub saved: Vec<SavedView>,
    /// The names of those that cannot be read here, and are kept as they are.
    pub unread: Vec<String>,
    /// How many credentials the built-in views have that show it.
    pub counts: ViewCounts,
}

/// How many credentials a built-in view has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewCounts {
    /// That are not put away.
    pub all: u32,
    /// That somebody has to look after now.
    pub attention: u32,
    /// That are due within 7 days, or past.
    pub due_soon: u32,
    /// Whose loss would be a disaster.
    pub high_risk: u32,
    /// Whose old value works beside the new one.
    pub in_grace: u32,
    /// Of which something cannot be read.
    pub unread: u32,
}
