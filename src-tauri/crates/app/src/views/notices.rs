//! What the centre of notices shows and asks.

use keyturn_model::{
    CredentialId, MuteId, Risk, Timestamp,
    reminder::{Deadline, Mute, Severity},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UndeliveredView;

/// What was told, by how soon something has to be done.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoticesView {
    /// What has to be done now, the oldest first.
    pub now: Vec<NoticeView>,
    /// What has to be done soon.
    pub soon: Vec<NoticeView>,
    /// What is done, the newest first.
    pub done: Vec<NoticeView>,
    /// How many have to be done now, also where they are not all listed.
    pub all_now: u32,
    /// How many soon.
    pub all_soon: u32,
    /// What is muted.
    pub mutes: Vec<MuteView>,
    /// When the quiet hours end that it is in.
    pub quiet_until: Option<Timestamp>,
    /// Whether reminders come while the vault is locked: that needs a key ring.
    pub behind_lock: bool,
    /// Whether the desktop shows notices, as far as is known.
    pub on_desktop: bool,
    /// What could not be told in a channel, the oldest first.
    pub undelivered: Vec<UndeliveredView>,
}

/// What was told of a date of a credential.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Of which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// What it is called.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// What its loss would mean.
    pub risk: Risk,
    /// What the date is.
    pub deadline: Deadline,
    /// The date that was told of.
    pub at: Timestamp,
    /// How urgent it is at this moment.
    pub severity: Severity,
    /// When it was told last.
    pub told: Timestamp,
    /// Until when nothing is told of it.
    pub snoozed: Option<Timestamp>,
    /// When somebody said that it is done; nothing where the date is another one by now.
    pub done: Option<Timestamp>,
}

/// A mute, with who set it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MuteView {
    /// Which.
    #[ts(type = "string")]
    pub id: MuteId,
    /// What is not told, and why.
    pub mute: Mute,
    /// Who set it.
    pub by: String,
    /// When.
    pub since: Timestamp,
}

/// A notice in the centre.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichNotice {
    /// Of which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// Of which of its dates.
    pub deadline: Deadline,
}

/// Tell nothing of a date for a while.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snooze {
    /// Of which.
    pub notice: WhichNotice,
    /// Until when; 30 days at most.
    pub until: Timestamp,
}

/// Which mute.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichMute {
    /// Its id.
    #[ts(type = "string")]
    pub id: MuteId,
}
