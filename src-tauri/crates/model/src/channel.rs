//! Channels: where the team is told what happens to its credentials, and of what.
//!
//! Secrets are no part of it: they are kept apart, sealed, by the name of their place.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Kind, reminder::Severity};

/// How messages reach people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "by")]
pub enum ChannelSetup {
    /// An incoming webhook of a chat that takes what Slack's take. Secret: `address`, as a whole.
    Chat {
        /// The address may lead into this computer or the local network.
        private: bool,
    },
    /// A mail server. Secret: `password`.
    Mail(MailServer),
}

/// A mail server, and who writes to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MailServer {
    /// Its name or number.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept secret.
    pub tls: MailTls,
    /// Who logs in; empty where nobody has to.
    pub user: String,
    /// Who writes.
    pub from: String,
    /// Who is written to.
    pub to: Vec<String>,
}

/// How the way to a mail server is kept secret. It is never less than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MailTls {
    /// Not at all: only for a server on this computer.
    Off,
    /// From the first word on, by a certificate that the system trusts and that bears the server's name.
    FromStart,
    /// The same after `STARTTLS`; without it, nothing more is said.
    StartTls,
}

/// What a team can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChannelEvent {
    /// A date comes near, or is over.
    Reminder,
    /// A rotation went well.
    Success,
    /// A rotation failed.
    Failure,
    /// A rotation waits for a person.
    NeedsAttention,
    /// In two days a rotation will restart a consumer.
    Restart,
}

/// What a channel tells. What is empty is open: it holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelRules {
    /// What is told; empty: nothing.
    pub events: Vec<ChannelEvent>,
    /// Reminders of this severity, and more urgent ones.
    pub severity: Severity,
    /// In these environments.
    pub environments: Vec<String>,
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// For which one of these answers.
    pub owners: Vec<String>,
}

impl ChannelRules {
    /// Whether this is told of such a credential.
    #[must_use]
    pub fn tell(&self, event: ChannelEvent, kind: Kind, environment: &str, owner: &str) -> bool {
        let among = |all: &[String], one: &str| {
            all.is_empty() || all.iter().any(|each| each.eq_ignore_ascii_case(one))
        };
        self.events.contains(&event)
            && (self.kinds.is_empty() || self.kinds.contains(&kind))
            && among(&self.environments, environment)
            && among(&self.owners, owner)
    }
}

/// A channel as people set it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// How it reaches people.
    pub setup: ChannelSetup,
    /// What it tells.
    pub rules: ChannelRules,
    /// Whether it tells anything.
    pub on: bool,
}
