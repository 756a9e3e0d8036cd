//! One rotation as it is kept: everything that is needed to go on after the process has ended.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Abilities, Reload, Side, Trouble};
use crate::{AccountId, BindingId, CredentialId, RunId, Timestamp, setup::Looks};

/// Where a run is. Each state that changes something outside is kept before it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum State {
    /// Nothing was done; it is looked whether everything is as it has to be.
    Preflight,
    /// The issuer makes the new value, or is told it.
    Create,
    /// A key that we made and whose value was lost is deleted.
    Discard {
        /// The issuer's name for it.
        key: String,
        /// Whether the issuer said that it is gone.
        deleted: bool,
    },
    /// The issuer has to accept the new value.
    Verify,
    /// Every consumer gets the new value, and has to be well with it.
    Deliver,
    /// The new value becomes the current one.
    Cutover,
    /// Both work.
    Grace {
        /// Until then.
        until: Timestamp,
    },
    /// The old key is switched off.
    Deactivate,
    /// The old key is deleted.
    Revoke,
    /// The old value has to be refused.
    Confirm,
    /// It is looked whether an attempt has left a key behind.
    Sweep,
    /// The new value is in force everywhere.
    Done,
    /// Undoing: the old value takes the place of the new one at the issuer.
    Reinstate,
    /// Undoing: the issuer has to accept the old value.
    ProveOld,
    /// Undoing: every consumer that was changed gets the old value.
    Restore,
    /// Undoing: the old value becomes the current one.
    StepBack,
    /// Undoing: the new key is deleted.
    Remove,
    /// Undoing: the new value has to be refused.
    ConfirmRemoved,
    /// The old value is in force everywhere.
    Aborted,
    /// The old value is revoked, and there is no new one.
    Revoked,
    /// It cannot go on by itself.
    NeedsAttention {
        /// Where it stopped.
        at: Box<State>,
    },
}

/// What is done first. All but the usual one belong to an emergency: nothing is waited for that can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// The new value is delivered, both work for a while, then the old one goes.
    #[default]
    Usual,
    /// The same without a while: the old value goes as soon as the new one is in use.
    RotateFirst,
    /// The new value is made, the old one goes at once, then the new one is delivered.
    RevokeFirst,
    /// The old value goes, and there is no new one.
    RevokeOnly,
}

impl Order {
    /// Whether it belongs to an emergency.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self != Self::Usual
    }

    /// Whether the old value goes before the new one is delivered.
    #[must_use]
    pub fn revokes_first(self) -> bool {
        matches!(self, Self::RevokeFirst | Self::RevokeOnly)
    }
}

/// What became of an old value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It was not revoked yet.
    Open,
    /// It was seen to be refused.
    RevokedVerified,
    /// It was revoked, and nobody saw yet that it is refused.
    Unknown,
    /// The issuer would not revoke it, or accepts it still.
    Failed,
}

/// What we name a key at the issuer, to know it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// The name.
    pub text: String,
    /// When it was given.
    pub given: Timestamp,
}

/// Which value lies at a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "is", content = "side")]
pub enum Place {
    /// The old one; it was never touched.
    Untouched,
    /// One is being delivered.
    Sending(Side),
    /// One was delivered.
    Sent(Side),
    /// One is in use there, and it is well.
    Confirmed(Side),
    /// One could not be delivered, or is not taken up; either may lie there.
    Failed(Side),
    /// Going back: nothing of ours lies there, and it is looked whether it is well with the old one.
    Looking,
    /// Going back: the old one lies there, and nobody could see that it is well with it.
    Unproven,
}

/// One consumer in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    /// Which.
    pub id: BindingId,
    /// How it comes to use a value.
    pub reload: Reload,
    /// Whether what lies there can be read.
    pub read_back: bool,
    /// Whether its check tells which value it uses.
    #[serde(default)]
    pub tells: bool,
    /// How long and how often its check is tried.
    #[serde(default)]
    pub looks: Looks,
    /// Which value lies there.
    pub place: Place,
    /// How often the present thing was tried.
    pub attempts: u32,
    /// Whether a delivery may have been done that nobody heard of.
    pub doubt: bool,
    /// A person said that it uses what lies there, where nothing else can tell.
    pub said: bool,
}

/// One rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// Of what.
    pub credential: CredentialId,
    /// By which issuer account.
    pub account: AccountId,
    /// How often it was kept.
    pub revision: u64,
    /// Where it is.
    pub state: State,
    /// What the issuer can do.
    pub abilities: Abilities,
    /// Who uses the credential.
    pub bindings: Vec<Binding>,
    /// To how many of them it delivers at once.
    pub at_once: u32,
    /// For how long both values work.
    pub grace_s: i64,
    /// Whether a person agreed that the old value dies before the new one is delivered.
    pub consent: bool,
    /// The issuer's name for the old value.
    pub old_key: String,
    /// The issuer's name for the new one, once it is known.
    pub new_key: Option<String>,
    /// The marks that were given, the latest last.
    pub marks: Vec<Mark>,
    /// The keys that were there before, where no mark tells which are ours.
    pub before: Vec<String>,
    /// How often the present step was tried.
    pub attempt: u32,
    /// Nothing is done before this.
    pub not_before: Timestamp,
    /// Until when something may have been done that nobody heard of.
    pub doubt: Option<Timestamp>,
    /// It was settled that what is in doubt may be done once more, and that is about to be done.
    pub repeats: bool,
    /// Since when it has been in its state.
    pub moved: Timestamp,
    /// Since when all consumers have been using the new value.
    pub quiet_since: Option<Timestamp>,
    /// The new value is the current one.
    pub promoted: bool,
    /// It is being undone.
    pub undoing: bool,
    /// A key may have been made that nobody heard of.
    pub strays: bool,
    /// A person said that the old value may go although it was used, or that the run goes on as it is dead.
    pub go_ahead: bool,
    /// A person said that the new value works, where nothing can tell.
    #[serde(default)]
    pub vouched: bool,
    /// A person had it stop for now.
    pub paused: bool,
    /// What is done first.
    #[serde(default)]
    pub order: Order,
    /// The issuer said that the old value is gone, or the new one took its place: there is no way back.
    #[serde(default)]
    pub revoked: bool,
    /// No new value could be made before the old one was revoked. It is tried once more after that.
    #[serde(default)]
    pub unmade: bool,
    /// Since when the old value has been seen to be refused.
    #[serde(default)]
    pub refused: Option<Timestamp>,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
}

impl State {
    /// Whether the run has ended.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Done | Self::Aborted | Self::Revoked)
    }

    /// Whether it changes something outside that may have been done when nobody heard of it.
    #[must_use]
    pub fn acts(&self) -> bool {
        matches!(
            self,
            Self::Create
                | Self::Discard { .. }
                | Self::Deactivate
                | Self::Revoke
                | Self::Reinstate
                | Self::Remove
        )
    }

    /// Where a run that needs attention stopped; else where it is.
    #[must_use]
    pub fn place(&self) -> &Self {
        match self {
            Self::NeedsAttention { at } => at,
            state => state,
        }
    }

    /// Whether the issuer is asked in it.
    #[must_use]
    pub fn asks_issuer(&self) -> bool {
        !matches!(
            self,
            Self::Deliver
                | Self::Restore
                | Self::Cutover
                | Self::StepBack
                | Self::Done
                | Self::Aborted
                | Self::Revoked
                | Self::NeedsAttention { .. }
        )
    }
}

impl Run {
    /// The same as it has to be taken when it was read at `now`: whatever it was about to do may have
    /// been done.
    #[must_use]
    pub fn in_doubt(mut self, now: Timestamp) -> Self {
        if self.state.acts() {
            self.doubt = self.doubt.filter(|_| !self.repeats).or(Some(now));
            self.repeats = false;
            self.strays |= self.state == State::Create && !self.abilities.making.is_chosen();
        }
        for binding in &mut self.bindings {
            binding.doubt |= matches!(binding.place, Place::Sending(_));
        }
        self
    }

    /// What became of the old value.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let stopped = matches!(self.state, State::NeedsAttention { .. });
        let revoking = matches!(self.state.place(), State::Deactivate | State::Revoke);
        match self.trouble {
            _ if self.refused.is_some() => Outcome::RevokedVerified,
            Some(Trouble::StillAccepted) => Outcome::Failed,
            _ if stopped && revoking => Outcome::Failed,
            _ if self.revoked => Outcome::Unknown,
            _ => Outcome::Open,
        }
    }

    /// The mark that was given last.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        self.marks.last()
    }

    /// Whether a mark is one of this run.
    #[must_use]
    pub fn gave(&self, mark: Option<&String>) -> bool {
        mark.is_some_and(|mark| self.marks.iter().any(|given| given.text == *mark))
    }
}
