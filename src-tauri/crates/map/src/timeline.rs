//! The expiry timeline: lanes of credentials, with when each is valid, planned, in grace, overdue and over.
//!
//! A lane with more rows than can be told apart becomes a strip that says how much is due when, until it is opened.

mod bars;

use keyturn_model::{ConsumerId, CredentialId, Kind, Status, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use bars::{clashes, timeline};

use crate::By;

/// What is known of a credential's dates.
#[derive(Debug, Clone)]
pub struct Item {
    /// Which.
    pub id: CredentialId,
    /// Its version, given back when its plan is moved.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Who answers for it.
    pub owner: String,
    /// Where it is used.
    pub environment: String,
    /// What needs doing about it.
    pub status: Status,
    /// When its value was last replaced, or came in.
    pub rotated: Timestamp,
    /// When it is to be replaced.
    pub rotates: Option<Timestamp>,
    /// The last moment to which that may be moved.
    pub limit: Option<Timestamp>,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// For so long both values work after a rotation, in seconds.
    pub grace_s: i64,
    /// From when to when both values work just now.
    pub grace: Option<(Timestamp, Timestamp)>,
    /// Its maintenance window: which of those handed in.
    pub window: Option<u32>,
    /// Whether its plan may be moved now.
    pub movable: bool,
    /// The consumers that its rotation restarts.
    pub restarts: Vec<Restarted>,
}

/// A consumer that is restarted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restarted {
    /// Which.
    pub id: ConsumerId,
    /// What people call it.
    pub name: String,
}

/// Which part of the timeline is shown, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineOf")]
pub struct Look {
    /// From when.
    pub from: Timestamp,
    /// To when.
    pub until: Timestamp,
    /// What a lane is.
    pub lanes: By,
    /// Only what has this in its name, owner or environment; empty: all.
    pub find: String,
    /// The lanes that are shown row by row however many they have.
    pub open: Vec<String>,
    /// Into how many parts a strip is cut.
    pub parts: u32,
}

/// The timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineView")]
pub struct Timeline {
    /// This moment.
    pub now: Timestamp,
    /// From when.
    pub from: Timestamp,
    /// To when.
    pub until: Timestamp,
    /// The lanes, by name.
    pub lanes: Vec<Lane>,
    /// The credentials of the lanes that are no strips: by lane, the most urgent first.
    pub rows: Rows,
    /// The bars of these rows.
    pub spans: Spans,
    /// When each window is open.
    pub windows: Vec<Vec<(Timestamp, Timestamp)>>,
    /// Restarts of one consumer that are close together.
    pub clashes: Vec<Clash>,
}

/// A lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineLane")]
pub struct Lane {
    /// The kind, owner or environment.
    pub name: String,
    /// How many credentials it has.
    pub count: u32,
    /// How many of them are due within seven days, or past.
    pub due: u32,
    /// How many of these are past.
    pub overdue: u32,
    /// It has too many rows, and shows a strip.
    pub strip: bool,
    /// How many rotations and expiries there are in each part of the range.
    pub heat: Vec<u32>,
}

/// The rows, one array a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineRows")]
pub struct Rows {
    /// The credential.
    #[ts(type = "Array<string>")]
    pub id: Vec<CredentialId>,
    /// Its version, given back when its plan is moved.
    #[ts(type = "Array<number>")]
    pub version: Vec<i64>,
    /// What people call it.
    pub name: Vec<String>,
    /// Which lane.
    pub lane: Vec<u32>,
    /// What needs doing about it.
    pub status: Vec<Status>,
    /// When it is, or was, to be replaced.
    pub due: Vec<Option<Timestamp>>,
    /// When it is planned; what is overdue is when its window opens next.
    pub planned: Vec<Option<Timestamp>>,
    /// The last moment to which the plan may be moved.
    pub limit: Vec<Option<Timestamp>>,
    /// When it expires by itself.
    pub expires: Vec<Option<Timestamp>>,
    /// Which window.
    pub window: Vec<Option<u32>>,
    /// Whether the plan may be moved.
    pub movable: Vec<bool>,
    /// How many consumers are restarted.
    pub restarts: Vec<u32>,
    /// For so long both values work after it, in seconds.
    #[ts(type = "Array<number>")]
    pub grace_s: Vec<i64>,
}

/// Bars within the range, one array a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineSpans")]
pub struct Spans {
    /// Which row.
    pub row: Vec<u32>,
    /// What it shows.
    pub kind: Vec<SpanKind>,
    /// From when.
    pub from: Vec<Timestamp>,
    /// To when.
    pub until: Vec<Timestamp>,
}

/// What a bar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TimelineSpan")]
pub enum SpanKind {
    /// The value is accepted, and may be.
    Valid,
    /// Both values work.
    Grace,
    /// It should have been replaced.
    Overdue,
    /// It is accepted no more.
    Expired,
}

/// Two restarts of one consumer that are close together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RestartClash")]
pub struct Clash {
    /// The consumer.
    #[ts(type = "string")]
    pub consumer: ConsumerId,
    /// What people call it.
    pub consumer_name: String,
    /// The credential whose rotation comes first.
    #[ts(type = "string")]
    pub first: CredentialId,
    /// What people call it.
    pub first_name: String,
    /// When.
    pub first_at: Timestamp,
    /// The other.
    #[ts(type = "string")]
    pub second: CredentialId,
    /// What people call it.
    pub second_name: String,
    /// When.
    pub second_at: Timestamp,
}
