//! What an issuer and a consumer can do. The plan is computed from it, and kept with the run.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::setup::Looks;

/// Where a new value comes from, and what becomes of the old one at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Making {
    /// We choose it, and it is accepted beside the old one.
    Added,
    /// We choose it, and it takes the place of the old one.
    Replaced,
    /// The issuer makes it, shows it once, and accepts the old one too.
    Minted,
    /// The issuer makes it, shows it once, and refuses the old one from then on.
    Regenerated,
}

impl Making {
    /// Whether we choose the value, so that it can be kept before it is sent.
    #[must_use]
    pub fn is_chosen(self) -> bool {
        matches!(self, Self::Added | Self::Replaced)
    }

    /// Whether old and new value both work from then on.
    #[must_use]
    pub fn overlaps(self) -> bool {
        matches!(self, Self::Added | Self::Minted)
    }
}

/// What an issuer can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Abilities {
    /// Where a new value comes from.
    pub making: Making,
    /// It can be asked whether it accepts a value.
    pub verify: bool,
    /// It can list its keys.
    pub list: bool,
    /// A key that is listed shows the mark that we gave it.
    pub marks: bool,
    /// It tells when a key was last used.
    pub last_used: bool,
    /// A key can be switched off before it is deleted.
    pub deactivate: bool,
    /// What the old key signed before it was switched off may still come in: the grace period comes after that,
    /// and until then it is the one in use.
    #[serde(default)]
    pub lingers: bool,
    /// How long a change may take until it is in force, and in lists, everywhere.
    pub propagation_s: u32,
    /// The most keys that may live at once.
    pub most_live: Option<u32>,
    /// For so long the same request with the same mark is answered with what it did the first time.
    pub same_answer_s: u32,
}

impl Abilities {
    /// Whether the grace period comes after the old key was switched off, and not before.
    #[must_use]
    pub fn grace_comes_last(&self) -> bool {
        self.deactivate && self.lingers
    }
}

/// How a consumer comes to use a value that was delivered to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Reload {
    /// It notices by itself.
    Live,
    /// It is restarted.
    Restart,
    /// When it runs the next time.
    NextRun,
    /// When a person sees to it.
    Manual,
}

impl Reload {
    /// Whether its time is not ours to decide, so that the run goes on meanwhile.
    #[must_use]
    pub fn is_later(self) -> bool {
        matches!(self, Self::NextRun | Self::Manual)
    }
}

/// What a consumer can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Uptake {
    /// How it comes to use a new value.
    pub reload: Reload,
    /// What was delivered can be read back.
    pub read_back: bool,
    /// Its check tells which value it uses.
    pub tells: bool,
    /// How long and how often its check is tried.
    pub looks: Looks,
    /// About how long delivery and reload take.
    pub takes_s: u32,
    /// About how long it is away while it reloads.
    pub away_s: u32,
}
