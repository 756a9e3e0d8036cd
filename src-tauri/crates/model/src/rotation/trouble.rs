//! Why a run stopped, the one safe thing to do next, and what a person can ask of a run.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Order, Why};
use crate::BindingId;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "what")]
pub enum Trouble {
    /// The issuer did not do what it was asked for, or cannot be asked.
    Issuer {
        /// What it said.
        why: Why,
    },
    /// The account may not do what a run needs.
    NotAllowed,
    /// There is no room for another key.
    NoRoom,
    /// The old value dies at once, and nobody agreed to that.
    NoConsent,
    /// The old value is not accepted, so nothing could be restored.
    OldRefused,
    /// The new value is not accepted.
    NewRefused,
    /// Nothing can tell whether the new value is accepted, and the old one is next to go.
    Unproven,
    /// A key may have been made, and there is no way to tell.
    OutcomeUnknown,
    /// A key appeared that may be ours, and nothing proves it.
    NotProvablyOurs,
    /// The issuer made a key and its answer cannot be read; it lies in the inbox.
    Unreadable,
    /// A consumer cannot be reached, or is not well.
    Consumer {
        /// Which binding.
        #[ts(type = "string")]
        binding: BindingId,
        /// What it said.
        why: Why,
    },
    /// A consumer has not come to use the value.
    NotTakenUp {
        /// Which binding.
        #[ts(type = "string")]
        binding: BindingId,
    },
    /// Something still uses the old value.
    StillUsed,
    /// The value that was revoked is still accepted.
    StillAccepted,
    /// A person stopped it.
    Stopped,
}

impl Trouble {
    /// Whether only a person can do what comes next; nothing went wrong.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        matches!(
            self,
            Self::Unproven
                | Self::Issuer { why: Why::ByHand }
                | Self::Consumer { why: Why::ByHand, .. }
        )
    }
}

/// The one safe thing to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Next {
    /// Do away with the cause, then try the step again.
    Retry,
    /// Look at the issuer's own console for a key with our mark, delete it there, then go on.
    LookAtIssuer,
    /// Undo what was done.
    Undo,
    /// Go on with the new value, as the old one is dead.
    GoOn,
    /// Make another value, as the old one is dead and the new one is refused.
    MakeAnother,
    /// Nothing: the old value is in force, and the run can be begun anew.
    BeginAnew,
    /// Do by hand what only a person can do here, then say so.
    DoByHand,
}

/// What a person can ask of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Wish {
    /// Stop for now, at the next edge of a step.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Stop, and undo what was done; also of a run that is in its grace period.
    Undo,
    /// Try the step that failed again.
    Retry,
    /// Go on: the person has looked, or takes it upon them.
    Continue,
    /// Make haste: it is an emergency by now.
    Hasten {
        /// What is done first.
        order: Order,
    },
    /// Look now: a consumer that takes a value up later, or by a person's hand, did so. Their word counts where
    /// no check can tell.
    TakenUp {
        /// Which.
        #[ts(type = "string")]
        binding: BindingId,
    },
}

/// What a person asked, and which revision of the run they had before their eyes: an answer to a question
/// that came up later would be none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// What they asked.
    pub wish: Wish,
    /// The revision that they saw.
    pub seen: u64,
    /// What they are called; the journal knows.
    #[serde(default)]
    pub by: String,
}
