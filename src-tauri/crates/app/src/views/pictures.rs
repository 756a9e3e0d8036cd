//! The map's and the timeline's half of what crosses; the pictures themselves are types of crate `map`.

use keyturn_map::{By, Clash, Look, Refused, Showing, Threat};
use keyturn_model::{CredentialId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose blast radius is asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RadiusOf {
    /// Keys of nodes: credentials, and issuers or groups for all of theirs.
    pub keys: Vec<String>,
    /// By what groups are gathered.
    pub group: Option<By>,
    /// What is about to be done.
    pub threat: Threat,
}

/// A planned rotation that is to be moved.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedMove {
    /// Of which credential.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// Its version, as it was read.
    #[ts(type = "number")]
    pub version: i64,
    /// To when; nothing: back to when the policy says.
    pub to: Option<Timestamp>,
    /// Nothing is done; it is only told what would be.
    pub only_ask: bool,
}

/// What came, or would come, of moving a planned rotation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoveAnswer {
    /// When it is planned then: the window that is nearest, or the quarter of an hour.
    pub at: Option<Timestamp>,
    /// Why it may not be moved there.
    pub refused: Option<Refused>,
    /// The last moment that the policy allows.
    pub limit: Option<Timestamp>,
    /// How many consumers are restarted.
    pub restarts: u32,
    /// Restarts of the same consumers that are close.
    pub clashes: Vec<Clash>,
}

/// A picture that is to be written to a file.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PictureExport {
    /// Where; nothing is there yet.
    pub file: String,
    /// As what.
    pub format: PictureFormat,
    /// Which.
    pub picture: PictureOf,
    /// As the window drew it, in base64; with `png` alone.
    pub drawn: Option<String>,
}

/// As what a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PictureFormat {
    /// A drawing.
    Svg,
    /// Pixels, which only the window can draw.
    Png,
    /// A graph for Graphviz; of the map.
    Dot,
    /// What the screen is drawn from.
    Json,
    /// A calendar; of the timeline.
    Ics,
}

/// Which picture.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "of")]
pub enum PictureOf {
    /// The map.
    Map {
        /// Which part of it.
        showing: Showing,
    },
    /// The timeline.
    Timeline {
        /// Which part of it.
        look: Look,
    },
}
