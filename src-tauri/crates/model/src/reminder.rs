//! Reminders in plain types: the stages of a deadline, and which of them were told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CredentialId, Kind, Risk, Timestamp};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a date of a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Deadline {
    /// It expires by itself.
    Expiry,
    /// It is to be replaced.
    Rotation,
}

/// How urgent a reminder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Less than seven days are left.
    Warning,
    /// Less than a day is left, or none.
    Critical,
}

/// A stage of a deadline, in days of 24 hours after it: -7, -1, 0, and each day from then on. It knows no calendar,
/// so neither a time zone nor a clock that is put forward for the summer moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Stage(pub i32);

impl Stage {
    /// The latest stage that a deadline has reached.
    #[must_use]
    pub fn of(deadline: Timestamp, now: Timestamp) -> Option<Self> {
        let days = now.0.saturating_sub(deadline.0).div_euclid(DAY_MS);
        match days {
            ..-7 => None,
            -7..-1 => Some(Self(-7)),
            days => Some(Self(i32::try_from(days).unwrap_or(i32::MAX))),
        }
    }

    /// The stage after the one that was reached.
    #[must_use]
    pub fn after(reached: Option<Self>) -> Self {
        match reached {
            None => Self(-7),
            Some(Self(..-1)) => Self(-1),
            Some(Self(day)) => Self(day.saturating_add(1)),
        }
    }

    /// When it begins.
    #[must_use]
    pub fn begins(self, deadline: Timestamp) -> Timestamp {
        Timestamp(deadline.0.saturating_add(i64::from(self.0) * DAY_MS))
    }

    /// How urgent it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.0 < -1 { Severity::Warning } else { Severity::Critical }
    }
}

/// The stages of one deadline that were told, as runs of days that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(Vec<(i32, i32)>);

impl Told {
    /// Whether a stage was told.
    #[must_use]
    pub fn has(&self, stage: Stage) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&stage.0))
    }

    /// A stage was told.
    pub fn add(&mut self, stage: Stage) {
        if self.has(stage) {
            return;
        }
        match self.0.iter_mut().find(|(_, last)| last.checked_add(1) == Some(stage.0)) {
            Some((_, last)) => *last = stage.0,
            None => self.0.push((stage.0, stage.0)),
        }
    }

    /// What was told elsewhere was told; gives whether that is news.
    pub fn join(&mut self, other: &Self) -> bool {
        let before = self.0.len();
        let news = other
            .0
            .iter()
            .filter(|(first, last)| !self.0.iter().any(|(from, to)| from <= first && last <= to));
        let news: Vec<_> = news.copied().collect();
        self.0.extend(news);
        self.0.len() > before
    }

    /// The latest stage that was told.
    #[must_use]
    pub fn latest(&self) -> Option<Stage> {
        self.0.iter().map(|(_, last)| Stage(*last)).max()
    }
}

/// One deadline of one credential. `K` is how the credential is known: by its id, or outside of the vault by a
/// name that tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder<K> {
    /// Of which credential.
    pub whose: K,
    /// What the date is.
    pub deadline: Deadline,
    /// The date.
    pub at: Timestamp,
    /// What of this date was told. Another date begins anew.
    pub told: Told,
    /// When something of it was told; the latest that a clock said.
    pub moment: Option<Timestamp>,
    /// Nothing is told before.
    pub snoozed: Option<Timestamp>,
    /// What is muted: this severity, and what is less urgent.
    pub muted: Option<Severity>,
}

/// What is not told. What is empty is open: it holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mute {
    /// Of this credential.
    #[ts(type = "string | null")]
    pub credential: Option<CredentialId>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this environment.
    pub environment: Option<String>,
    /// For which this owner answers.
    pub owner: Option<String>,
    /// Of this severity, and less.
    pub severity: Severity,
    /// Why. Without a reason it holds for nothing of high risk.
    pub reason: String,
}

/// What a mute asks of a credential.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Which.
    pub id: CredentialId,
    /// What it is.
    pub kind: Kind,
    /// Where it is used.
    pub environment: &'a str,
    /// Who answers for it.
    pub owner: &'a str,
    /// What its loss would mean.
    pub risk: Risk,
}

impl Mute {
    /// Whether it is about this credential.
    #[must_use]
    pub fn is_about(&self, one: &Subject<'_>) -> bool {
        let same = |asked: &Option<String>, is: &str| {
            asked.as_ref().is_none_or(|asked| asked.eq_ignore_ascii_case(is))
        };
        self.credential.is_none_or(|id| id == one.id)
            && self.kind.is_none_or(|kind| kind == one.kind)
            && same(&self.environment, one.environment)
            && same(&self.owner, one.owner)
    }

    /// Whether it mutes this credential.
    #[must_use]
    pub fn holds_for(&self, one: &Subject<'_>) -> bool {
        self.is_about(one) && (one.risk == Risk::Standard || !self.reason.trim().is_empty())
    }
}
