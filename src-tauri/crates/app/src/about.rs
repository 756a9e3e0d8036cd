//! Facts of this installation that a person needs when something is to be found or reported.

use serde::Serialize;
use ts_rs::TS;

use crate::UserError;

/// What runs here and where it keeps its own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The version of this program.
    pub version: &'static str,
    /// The operating system and the processor it was built for.
    pub system: String,
    /// Where the settings are.
    pub settings_file: String,
    /// Where the log is.
    pub log_folder: String,
    /// How much the log tells.
    pub log_level: String,
    /// Why no log is written.
    pub log_problem: Option<UserError>,
}
