//! What to remind of, and when to look again: deadlines and a moment in, notices out.
//!
//! A stage is told once for each date. Only the latest stage that was reached is ever told: what a computer slept
//! through is passed. It is passed no more where the clock ran ahead by more than a week and was set right, so that
//! such a clock takes no reminder away.
//! It keeps nothing; whoever asks keeps what was told before showing it.

use std::collections::BTreeMap;

use keyturn_model::{
    Timestamp, Window,
    reminder::{Reminder, Severity, Stage},
};

/// More than so many at once are one notice.
pub const MOST_ALONE: usize = 3;
/// What is later than this was slept through; then all that is due is one notice.
const LATE_S: i64 = 60 * 60;
/// What is earlier than a stage that was told is passed, unless the clock is behind that telling by more than this.
const PASSED_S: i64 = 7 * 24 * 60 * 60;
/// Nothing is snoozed for longer; where it is, the clock was turned back.
pub const LONGEST_SNOOZE_S: i64 = 30 * 24 * 60 * 60;
/// Quiet hours are shorter than a day, so that they delay and never drop.
pub const LONGEST_QUIET_MIN: u32 = 23 * 60;

/// What a look at all deadlines finds.
#[derive(Debug, PartialEq, Eq)]
pub struct Reminding {
    /// What is to be told now.
    pub notices: Vec<Notice>,
    /// When to look again.
    pub next: Option<Timestamp>,
}

/// What is told together.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    /// That of the most urgent.
    pub severity: Severity,
    /// One for each credential, the most urgent first.
    pub due: Vec<Due>,
}

/// A credential of which something is due.
#[derive(Debug, PartialEq, Eq)]
pub struct Due {
    /// Its deadlines, by their place among all, with what was reached: the first is told, all count as told.
    pub reached: Vec<(usize, Stage)>,
}

/// How many credentials have something due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// A date is over.
    pub over: u32,
    /// One comes within seven days.
    pub soon: u32,
}

/// Counts credentials by the most urgent of their dates; what is muted is left out.
#[must_use]
pub fn count<K: Ord>(all: &[Reminder<K>], now: Timestamp) -> Counts {
    let mut most: BTreeMap<&K, Stage> = BTreeMap::new();
    for one in all {
        let reached = Stage::of(one.at, now);
        let heard = |stage: &Stage| one.muted.is_none_or(|muted| stage.severity() > muted);
        if let Some(stage) = reached.filter(heard) {
            let latest = most.entry(&one.whose).or_insert(stage);
            *latest = (*latest).max(stage);
        }
    }
    let over = most.values().filter(|stage| **stage >= Stage(0)).count();
    let number = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    Counts { over: number(over), soon: number(most.len() - over) }
}

/// Looks at all deadlines.
#[must_use]
pub fn look<K: Ord>(all: &[Reminder<K>], quiet: Option<&Window>, now: Timestamp) -> Reminding {
    let mut due: BTreeMap<&K, Vec<(usize, Stage)>> = BTreeMap::new();
    let mut next: Option<Timestamp> = None;
    let mut late = false;
    for (place, one) in all.iter().enumerate() {
        let reached = Stage::of(one.at, now);
        let mut again = Stage::after(reached).begins(one.at);
        let news = reached.filter(|stage| {
            !one.told.has(*stage)
                && !is_passed(one, *stage, now)
                && one.muted.is_none_or(|muted| stage.severity() > muted)
        });
        if let Some(stage) = news {
            let longest = now.plus_seconds(LONGEST_SNOOZE_S);
            if let Some(until) = one.snoozed.filter(|until| *until > now && *until <= longest) {
                again = again.min(until);
            } else {
                late |= is_late(one, stage, now);
                due.entry(&one.whose).or_default().push((place, stage));
            }
        }
        next = next.into_iter().chain([again]).min();
    }
    if let Some(end) = quiet.and_then(|quiet| quiet_until(quiet, now)).filter(|_| !due.is_empty()) {
        return Reminding { notices: Vec::new(), next: next.into_iter().chain([end]).min() };
    }
    let mut due: Vec<Due> = due.into_values().map(Due::of).collect();
    due.sort_by_key(|due| std::cmp::Reverse(due.stage()));
    let together = if late || due.len() > MOST_ALONE { due.len() } else { 1 };
    let mut notices = Vec::new();
    while !due.is_empty() {
        let rest = due.split_off(together);
        notices.extend(Notice::of(due));
        due = rest;
    }
    Reminding { notices, next }
}

/// Whether a later stage was told, by a clock that is to be believed.
fn is_passed<K>(one: &Reminder<K>, stage: Stage, now: Timestamp) -> bool {
    one.told.latest() > Some(stage)
        && one.moment.is_some_and(|moment| moment <= now.plus_seconds(PASSED_S))
}

/// Whether a stage, or the day before it, was slept through.
fn is_late<K>(one: &Reminder<K>, stage: Stage, now: Timestamp) -> bool {
    let day_before = Stage(stage.0.saturating_sub(1));
    now.seconds_since(stage.begins(one.at)) > LATE_S || (stage.0 > 0 && !one.told.has(day_before))
}

/// When quiet hours end; nothing while there are none.
#[must_use]
pub fn quiet_until(quiet: &Window, now: Timestamp) -> Option<Timestamp> {
    if !can_be_quiet(quiet) {
        return None;
    }
    let openings = quiet.openings(now, Timestamp(now.0.saturating_add(1)));
    openings.into_iter().map(|(_, closes)| closes).max()
}

/// Whether these can be quiet hours: they have an end each day.
#[must_use]
pub fn can_be_quiet(quiet: &Window) -> bool {
    quiet.fault().is_none() && quiet.minutes <= LONGEST_QUIET_MIN
}

impl Due {
    fn of(mut reached: Vec<(usize, Stage)>) -> Self {
        reached.sort_by_key(|(_, stage)| std::cmp::Reverse(*stage));
        Self { reached }
    }

    /// The stage that is told.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.reached.first().map(|(_, stage)| *stage)
    }
}

impl Notice {
    fn of(due: Vec<Due>) -> Option<Self> {
        let severity = due.first()?.stage()?.severity();
        Some(Self { severity, due })
    }
}
