//! What crosses to the window of a demo: its sandbox, and what there is to try.

use keyturn_issuers::sandbox::Faults;
use keyturn_model::{CredentialId, RunId, Timestamp};
use serde::Serialize;
use ts_rs::TS;

/// The sandbox of a demo.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SandboxView {
    /// Where it listens, on this computer.
    pub address: String,
    /// What goes wrong at it now.
    pub faults: Faults,
    /// Until when it makes no key, as too many were made.
    pub limited_until: Option<Timestamp>,
    /// The consumers that can be made to fail.
    pub consumers: Vec<SandboxConsumer>,
    /// What there is to try, in order.
    pub lessons: Vec<LessonView>,
}

/// A consumer that the sandbox plays.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SandboxConsumer {
    /// What it is called.
    pub name: String,
    /// What the credential is called that it uses.
    pub uses: String,
}

/// Something to try in a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Lesson {
    /// A value is copied.
    Copy,
    /// It is looked at everything before a rotation.
    DryRun,
    /// A key is rotated, to the end.
    Rotate,
    /// A rotation that made a key is undone.
    FailAndUndo,
    /// The run that stopped is brought to its end.
    Mend,
    /// A key that nobody uses is deleted.
    Orphans,
}

/// Whether something was tried, and where that can be done.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LessonView {
    /// What.
    pub lesson: Lesson,
    /// It was done.
    pub done: bool,
    /// With this credential.
    #[ts(type = "string | null")]
    pub credential: Option<CredentialId>,
    /// With this run.
    #[ts(type = "string | null")]
    pub run: Option<RunId>,
}
