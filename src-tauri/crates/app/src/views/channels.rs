//! What the screen of the channels shows and asks.

use keyturn_model::{ChannelId, Timestamp, channel::Channel, rotation::Why, setup::SetupFault};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Secrets;

/// The channels.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelsView {
    /// By name.
    pub channels: Vec<ChannelView>,
    /// What was wrong with what was to be saved; then nothing was.
    pub faults: Vec<SetupFault>,
    /// The channel that was just saved.
    #[ts(type = "string | null")]
    pub saved: Option<ChannelId>,
}

/// A channel.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelView {
    /// Which.
    #[ts(type = "string")]
    pub id: ChannelId,
    /// Its version.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is set up.
    pub channel: Channel,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// How many messages wait to be sent there.
    pub waiting: u32,
}

/// A channel to be kept.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelChange {
    /// Which; nothing: a new one.
    #[ts(type = "string | null")]
    pub id: Option<ChannelId>,
    /// The version that was seen.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is set up.
    pub channel: Channel,
    /// Secrets by name; one that is not named stays, an empty one goes.
    pub secrets: Secrets,
}

/// A channel.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhichChannel {
    /// Which.
    #[ts(type = "string")]
    pub id: ChannelId,
}

/// What came of a test message.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChannelTried {
    /// Why it was not sent; nothing: it was.
    pub why: Option<Why>,
}

/// A message that was given up.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndeliveredView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What the channel is called.
    pub channel: String,
    /// What it says first.
    pub subject: String,
    /// When it was written.
    pub at: Timestamp,
    /// Why it was not sent.
    pub why: Option<Why>,
}

/// What becomes of messages that were given up.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Undelivered {
    /// Their numbers.
    #[ts(type = "number[]")]
    pub ids: Vec<i64>,
    /// They are sent again; otherwise they are let go.
    pub again: bool,
}
