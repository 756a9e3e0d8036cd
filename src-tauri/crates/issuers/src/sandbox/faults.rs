//! What a person can have go wrong at a sandbox while runs go on: the bad days of real issuers.

use keyturn_model::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// For so long no key is made. Then that ends by itself.
const RATE_LIMIT_S: i64 = 60;
/// For so long what was revoked is still accepted.
const SLOW_S: i64 = 20;

/// What goes wrong; all of it can at the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "SandboxFaults")]
pub struct Faults {
    /// A key that is made from now on is never accepted.
    pub reject_new: bool,
    /// The consumer that takes no value any more.
    pub failing: Option<String>,
    /// No key is made for 60 seconds.
    pub rate_limit: bool,
    /// A key that is revoked from now on is still accepted for 20 seconds.
    pub slow_revocation: bool,
    /// Nothing answers, the consumers neither.
    pub offline: bool,
}

/// The faults in force.
#[derive(Default)]
pub(super) struct InForce {
    faults: Faults,
    limited_until: Option<Timestamp>,
}

impl InForce {
    pub(super) fn set(&mut self, faults: Faults, now: Timestamp) {
        let fresh = now.plus_seconds(RATE_LIMIT_S);
        self.limited_until = faults.rate_limit.then(|| self.limited(now).unwrap_or(fresh));
        self.faults = faults;
    }

    pub(super) fn at(&self, now: Timestamp) -> Faults {
        Faults { rate_limit: self.limited(now).is_some(), ..self.faults.clone() }
    }

    /// Until when no key is made.
    pub(super) fn limited(&self, now: Timestamp) -> Option<Timestamp> {
        self.limited_until.filter(|until| *until > now)
    }

    pub(super) fn rejects_new(&self) -> bool {
        self.faults.reject_new
    }

    pub(super) fn refuses(&self, consumer: &str) -> bool {
        self.faults.failing.as_deref() == Some(consumer)
    }

    /// Until when a key that is revoked now is still accepted.
    pub(super) fn lingers(&self, now: Timestamp) -> Option<Timestamp> {
        self.faults.slow_revocation.then(|| now.plus_seconds(SLOW_S))
    }
}
