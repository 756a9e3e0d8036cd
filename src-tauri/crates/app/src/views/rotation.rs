//! Rotation's half of what crosses: issuer accounts, consumers, plans and runs. Never a value.

use std::collections::BTreeMap;

use keyturn_model::{
    AccountId, BindingId, ConsumerId, CredentialId, RunId, Timestamp,
    rotation::{Abilities, Next, Place, Reload, Trouble, Why, Wish},
    setup::{BindingSetup, Consumer, IssuerSetup, RotationSetup, SetupFault},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Secrets;

/// The issuer accounts.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountsView {
    /// By name.
    pub accounts: Vec<AccountView>,
    /// The services that are known by a template.
    pub presets: Vec<Preset>,
    /// How many calls at once an account gets where nobody set another number, by what it is.
    pub usual_at_once: BTreeMap<String, u32>,
    /// What was wrong with what was to be saved; then nothing was.
    pub faults: Vec<SetupFault>,
    /// The account that was just saved.
    #[ts(type = "string | null")]
    pub saved: Option<AccountId>,
}

/// A service that is known by a template.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Its name among the presets.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The blanks of its template that are no secrets.
    pub blanks: Vec<String>,
    /// Which of them may stay empty.
    pub optional: Vec<String>,
    /// The secrets that it needs.
    pub secrets: Vec<String>,
    /// Where the service documents it.
    pub facts: String,
    /// How many calls at once it gets where nobody set another number.
    pub at_once: u32,
}

/// An issuer account.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Which.
    #[ts(type = "string")]
    pub id: AccountId,
    /// Its version, given back when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is reached.
    pub setup: IssuerSetup,
    /// How many calls at once it gets, where somebody set that.
    pub at_once: Option<u32>,
    /// How many it gets otherwise.
    pub usual_at_once: u32,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// When it was last seen to work.
    pub tested: Option<Timestamp>,
    /// How many credentials are rotated by it.
    pub credentials: u32,
    /// What its login has to be allowed.
    pub needs: Vec<String>,
}

/// An account to be kept.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountChange {
    /// Which; nothing: a new one.
    #[ts(type = "string | null")]
    pub id: Option<AccountId>,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is reached.
    pub setup: IssuerSetup,
    /// How many calls at once it gets; nothing: as many as is usual.
    #[serde(default)]
    pub at_once: Option<u32>,
    /// Secrets by name; one that is not named stays, an empty one goes.
    pub secrets: Secrets,
}

/// An account.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichAccount {
    /// Which.
    #[ts(type = "string")]
    pub id: AccountId,
}

/// What came of a trial of an account or a binding.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tried {
    /// Whether it works; nothing where there is nobody to ask.
    pub works: Option<bool>,
    /// What answered: "PostgreSQL 15.18"; may be empty.
    pub about: String,
    /// What the login is not allowed.
    pub lacks: Vec<String>,
    /// Why it does not work.
    pub why: Option<Why>,
}

/// The consumers.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsumersView {
    /// By name.
    pub consumers: Vec<ConsumerView>,
    /// The bindings that cannot be read here, and are kept as they are.
    pub unread: Vec<UnreadBindingView>,
    /// The consumer that was just saved.
    #[ts(type = "string | null")]
    pub saved: Option<ConsumerId>,
}

/// A binding that cannot be read.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadBindingView {
    /// Whose.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// What that is called.
    pub credential_name: String,
    /// Who uses it.
    #[ts(type = "string")]
    pub consumer: ConsumerId,
    /// What that is called.
    pub consumer_name: String,
}

/// A consumer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsumerView {
    /// Which.
    #[ts(type = "string")]
    pub id: ConsumerId,
    /// Its version, given back when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// What is known of it.
    pub consumer: Consumer,
    /// What it uses.
    pub bindings: Vec<BindingView>,
}

/// A consumer to be kept.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsumerChange {
    /// Which; nothing: a new one.
    #[ts(type = "string | null")]
    pub id: Option<ConsumerId>,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// What is known of it.
    pub consumer: Consumer,
}

/// A consumer.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichConsumer {
    /// Which.
    #[ts(type = "string")]
    pub id: ConsumerId,
}

/// One consumer of one credential.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BindingView {
    /// Which.
    #[ts(type = "string")]
    pub id: BindingId,
    /// Its version, given back when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// The credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// What the credential is called.
    pub credential_name: String,
    /// The consumer.
    #[ts(type = "string")]
    pub consumer: ConsumerId,
    /// What the consumer is called.
    pub consumer_name: String,
    /// How the value reaches it.
    pub setup: BindingSetup,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// When it was last seen to be well.
    pub verified: Option<Timestamp>,
    /// When a search last found what tells that it is so; nothing where none did.
    pub seen: Option<Timestamp>,
}

/// A binding to be kept.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BindingChange {
    /// Which; nothing: a new one.
    #[ts(type = "string | null")]
    pub id: Option<BindingId>,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// The credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// The consumer.
    #[ts(type = "string")]
    pub consumer: ConsumerId,
    /// How the value reaches it.
    pub setup: BindingSetup,
    /// Secrets by name; one that is not named stays, an empty one goes.
    pub secrets: Secrets,
}

/// What came of keeping a binding.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BindingSaved {
    /// What was wrong with it; then nothing was saved.
    pub faults: Vec<SetupFault>,
    /// The binding as it is now.
    pub binding: Option<BindingView>,
}

/// A binding.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichBinding {
    /// Which.
    #[ts(type = "string")]
    pub id: BindingId,
}

/// How a credential is rotated, and what came of it so far.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationView {
    /// The version of the setup, given back when it is changed; 0 where nothing was set up.
    #[ts(type = "number")]
    pub version: i64,
    /// What was set up.
    pub setup: Option<RotationSetup>,
    /// What is wrong with it; also of one that was to be saved, then it was not.
    pub faults: Vec<SetupFault>,
    /// What the issuer can do, where it is set up.
    pub abilities: Option<Abilities>,
    /// For how many seconds both values work, by setup or policy.
    #[ts(type = "number")]
    pub grace_s: i64,
    /// Who uses it.
    pub bindings: Vec<BindingView>,
    /// Its runs, the newest first.
    pub runs: Vec<RunRow>,
    /// Since when nothing of the vault is rotated by itself; nothing while it is.
    pub paused: Option<AutomaticPause>,
}

/// How a credential is to be rotated.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationChange {
    /// Which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// What is set up.
    pub setup: RotationSetup,
}

/// A rotation that somebody thinks of, or wants.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationOf {
    /// Which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// Whether they agree that the old value dies before the new one is delivered.
    pub consent: bool,
}

/// What a rotation would do, and all that could be looked at before.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// In this order.
    pub steps: Vec<PlanStep>,
    /// Who is restarted, by name.
    pub restarts: Vec<String>,
    /// Who takes the value up later, so that the run waits for it, by name.
    pub waits_for: Vec<String>,
    /// About how many seconds the consumer that is worst off is without a value that works.
    pub down_s: u32,
    /// The place among the steps of the first one that cannot be undone.
    pub no_way_back: u32,
    /// A person has to agree first, as the old value dies before the new one is delivered.
    pub needs_consent: bool,
    /// When the maintenance window of its policy opens, while that is shut.
    pub window_opens: Option<Timestamp>,
    /// What was looked at.
    pub checks: Vec<CheckView>,
    /// Nothing speaks against it.
    pub good: bool,
}

/// One step of a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum PlanStep {
    /// Everything is looked at.
    Check,
    /// The new value is made and kept.
    Create,
    /// The issuer has to accept it.
    Verify,
    /// Consumers get it, so many at the same time.
    Deliver {
        /// Their names.
        consumers: Vec<String>,
    },
    /// It becomes the current one.
    Promote,
    /// Both work.
    Grace {
        /// For so many seconds.
        #[ts(type = "number")]
        seconds: i64,
    },
    /// The old key is switched off.
    Deactivate,
    /// The old key is deleted.
    Revoke,
    /// The old value has to be refused.
    Confirm,
    /// Undoing: the old value takes the place of the new one at the issuer.
    Reinstate,
    /// Undoing: the issuer has to accept the old value.
    ProveOld,
    /// Undoing: every consumer that was changed gets the old value.
    Restore,
    /// Undoing: the old value becomes the current one.
    StepBack,
    /// Undoing: the new key is deleted.
    Remove,
    /// Undoing: the new value has to be refused.
    ConfirmRemoved,
}

/// Something that was looked at before a rotation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What.
    pub what: CheckWhat,
    /// Which consumer, by name.
    pub consumer: Option<String>,
    /// What was found.
    pub found: Found,
    /// What is wrong.
    pub trouble: Option<Trouble>,
}

/// What can be looked at before a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckWhat {
    /// The account works, and may do what is needed.
    Account,
    /// There is room for one more key.
    Room,
    /// What keys there are.
    Keys,
    /// The old value is accepted, so that going back is possible.
    OldAccepted,
    /// A person agreed that the old value dies first.
    Consent,
    /// A consumer is well, can be written, and has the old value.
    Consumer,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Found {
    /// It is as it has to be.
    Good,
    /// Nothing is there yet: the rotation makes it.
    WillBeMade,
    /// It is not.
    Bad,
    /// Nobody answered.
    Unanswered,
    /// There is no way to tell.
    CouldNot,
}

/// Which runs are listed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunsOf {
    /// Only those that have not ended, or went wrong and were undone without anybody heeding it.
    pub unsettled: bool,
}

/// Runs, and keys that may live without being of use.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunsView {
    /// The newest first.
    pub runs: Vec<RunRow>,
    /// The oldest first.
    pub orphans: Vec<OrphanView>,
    /// Since when nothing of the vault is rotated by itself; nothing while it is.
    pub paused: Option<AutomaticPause>,
}

/// Who paused automatic rotation of the whole vault, and when.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AutomaticPause {
    /// Since when.
    pub since: Timestamp,
    /// What the member was called then.
    pub by: String,
}

/// Whether anything of the vault shall be rotated by itself.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseOfAll {
    /// Whether not.
    pub paused: bool,
}

/// A run in few words.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRow {
    /// Which.
    #[ts(type = "string")]
    pub id: RunId,
    /// Its credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// What the credential is called.
    pub credential_name: String,
    /// How it is with it.
    pub status: RunStatus,
    /// It waits for a person, or went wrong and was undone without anybody heeding it.
    pub needs_somebody: bool,
    /// It is being undone, or was.
    pub undoing: bool,
    /// The step that it is at, or ended with.
    pub step: PlanStep,
    /// When it was begun.
    pub begun: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
}

/// How it is with a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunStatus {
    /// Something is being done.
    Running,
    /// It goes on at a moment.
    Waiting,
    /// A person had it stop for now.
    Paused,
    /// A person has to look.
    NeedsAttention,
    /// It has ended, with the new value in force.
    Done,
    /// It has ended, with the old value in force.
    Undone,
    /// It has ended, with no value in force.
    Revoked,
}

/// A run.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichRun {
    /// Which.
    #[ts(type = "string")]
    pub id: RunId,
}

/// Everything about a run.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// It in few words.
    pub row: RunRow,
    /// Which state of it this is; given back with what is asked of it.
    #[ts(type = "number")]
    pub revision: u64,
    /// Its steps; when it is being undone, those that were done and then those that undo them.
    pub steps: Vec<StepView>,
    /// Its consumers.
    pub consumers: Vec<RunConsumer>,
    /// Which values work at this moment.
    pub right_now: RightNow,
    /// It can still be undone.
    pub can_undo: bool,
    /// The place among the steps of the first one that cannot be undone.
    pub no_way_back: u32,
    /// The one safe thing to do next, when it needs a person.
    pub next: Option<Next>,
    /// It waits until then.
    pub waits_until: Option<Timestamp>,
    /// How often the present step was tried before.
    pub attempt: u32,
    /// What it went through, in order.
    pub log: Vec<LogLine>,
    /// The issuer's name for the old value.
    pub old_key: String,
    /// The issuer's name for the new one, once it is known.
    pub new_key: String,
    /// The number of the version that it made, once there is one.
    #[ts(type = "number | null")]
    pub new_version: Option<i64>,
    /// The issuer can be asked whether it accepts a key; otherwise nothing proves that one is refused.
    pub proves: bool,
    /// What a person has to do by hand, when the run waits for that.
    pub by_hand: Option<ByHand>,
    /// The value signs the calls of a webhook, which has a sender and a receiver.
    pub signing: bool,
}

/// What a person has to do by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ByHand {
    /// Who has to do it; may be empty.
    pub who: String,
    /// The address of the console; may be empty.
    pub console: String,
    /// What has to be done, a line each.
    pub steps: Vec<String>,
    /// The new value is made there, and has to be pasted here.
    pub pastes: bool,
    /// They have to say whether the new value works, as nothing else can tell.
    pub vouches: bool,
    /// The consumer that the value has to be brought to, by name.
    pub consumer: Option<String>,
}

/// A new value that a person made at the issuer.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastedValue {
    /// For which run.
    #[ts(type = "string")]
    pub id: RunId,
    /// The revision that was seen.
    #[ts(type = "number")]
    pub seen: u64,
    /// The issuer's name for it; may be empty.
    pub key: String,
    /// The open fields that belong to the value: a certificate's chain, a public half.
    pub fields: BTreeMap<String, String>,
    /// The secret fields of the kind.
    pub secrets: Secrets,
}

/// A step of a run.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Which.
    pub step: PlanStep,
    /// How it is with it.
    pub status: StepStatus,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// How it is with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StepStatus {
    /// It is done.
    Done,
    /// It is being done.
    Running,
    /// A person has to look.
    Stopped,
    /// It went wrong, and so what came before it is undone.
    Failed,
    /// Its time has not come.
    ToCome,
    /// It will not be done.
    Skipped,
}

/// A consumer in a run.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunConsumer {
    /// Which binding.
    #[ts(type = "string")]
    pub binding: BindingId,
    /// What the consumer is called; empty when it is gone.
    pub name: String,
    /// Which value lies there.
    pub place: Place,
    /// How it comes to use a value.
    pub reload: Reload,
    /// How often the present thing was tried.
    pub attempts: u32,
    /// A person can say that it uses what was delivered.
    pub waits_for_word: bool,
}

/// Which values work at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RightNow {
    /// The old one, everywhere.
    Old,
    /// Both.
    Both,
    /// The new one; consumers that have not got it are without.
    New,
    /// None: the old one is revoked, and there is no new one.
    Neither,
    /// Nobody can tell whether a new one was made.
    Unknown,
}

/// One thing that a run went through.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// What happened: `rotation.created`.
    pub action: String,
    /// More about it.
    pub note: String,
}

/// What is asked of a run.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunWish {
    /// Which.
    #[ts(type = "string")]
    pub id: RunId,
    /// What.
    pub wish: Wish,
    /// The revision that was seen.
    #[ts(type = "number")]
    pub seen: u64,
}

/// A key that may live at an issuer without being of use.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrphanView {
    /// Where.
    #[ts(type = "string")]
    pub account: AccountId,
    /// What the account is called; empty when it is gone.
    pub account_name: String,
    /// The mark that was given to it.
    pub mark: String,
    /// The issuer's name for it, where that is known.
    pub key: Option<String>,
    /// The run that may have left it.
    #[ts(type = "string")]
    pub run: RunId,
    /// When it was entered.
    pub since: Timestamp,
}

/// An orphan.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichOrphan {
    /// Where.
    #[ts(type = "string")]
    pub account: AccountId,
    /// Its mark.
    pub mark: String,
}
