//! The one error a window or a command line ever sees.
//!
//! Inner errors tell the programmer; this one tells the person. It carries a code to quote, a key
//! into the words of the interface and details that fill the sentence. It must never carry a secret.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use crate::settings::SettingsError;

/// What went wrong, as the interface needs it to say what happened, what is lost and what next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserError {
    /// Stays the same across versions; a user can quote it.
    pub code: &'static str,
    /// The three sentences of this error in the interface's words.
    pub message_key: MessageKey,
    /// Whether doing the same again can help.
    pub retryable: bool,
    /// Names and places that fill the sentences.
    pub details: BTreeMap<&'static str, String>,
}

/// The errors that have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub enum MessageKey {
    /// The settings file is not what this program writes.
    #[serde(rename = "settings.broken")]
    SettingsBroken,
    /// The settings file was written by a newer version.
    #[serde(rename = "settings.newer")]
    SettingsNewer,
    /// The settings file is there, and the system does not let us read it.
    #[serde(rename = "settings.unreadable")]
    SettingsUnreadable,
    /// The settings file cannot be written.
    #[serde(rename = "settings.unwritable")]
    SettingsUnwritable,
    /// The log cannot be written.
    #[serde(rename = "log.unwritable")]
    LogUnwritable,
    /// A fault of this program.
    #[serde(rename = "internal")]
    Internal,
}

impl UserError {
    /// An error with its code, its words and nothing to fill in yet.
    #[must_use]
    pub fn new(code: &'static str, message_key: MessageKey) -> Self {
        Self { code, message_key, retryable: false, details: BTreeMap::new() }
    }

    /// The same error, worth another try.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The same error with one more detail for its sentences.
    #[must_use]
    pub fn with(mut self, name: &'static str, detail: impl ToString) -> Self {
        self.details.insert(name, detail.to_string());
        self
    }

    /// A fault of this program: work that ended without an answer.
    #[must_use]
    pub fn internal() -> Self {
        Self::new("KT-INTERNAL", MessageKey::Internal).retryable()
    }
}

impl From<SettingsError> for UserError {
    fn from(error: SettingsError) -> Self {
        let (code, key) = match &error {
            SettingsError::Broken { .. } => ("KT-SETTINGS-BROKEN", MessageKey::SettingsBroken),
            SettingsError::Newer { .. } => ("KT-SETTINGS-NEWER", MessageKey::SettingsNewer),
            SettingsError::Unreadable { .. } => {
                ("KT-SETTINGS-UNREADABLE", MessageKey::SettingsUnreadable)
            }
            SettingsError::Unwritable { .. } => {
                ("KT-SETTINGS-UNWRITABLE", MessageKey::SettingsUnwritable)
            }
        };
        let user = Self::new(code, key);
        match error {
            SettingsError::Broken { file, line, column } => {
                user.with("file", file.display()).with("line", line).with("column", column)
            }
            SettingsError::Newer { file, format } => {
                user.with("file", file.display()).with("format", format)
            }
            SettingsError::Unreadable { file, reason }
            | SettingsError::Unwritable { file, reason } => {
                user.with("file", file.display()).with("reason", reason.kind()).retryable()
            }
        }
    }
}
