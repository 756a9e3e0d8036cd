//! When a credential is to be replaced, and within which hours.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Kind, Timestamp};

const DAY_S: i64 = 24 * 60 * 60;

/// When a credential is to be replaced, and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// When.
    pub rule: Rule,
    /// For how long the old value goes on working, in hours.
    pub grace_hours: u32,
    /// So many days ahead it is due soon.
    pub warning_days: u32,
    /// The hours in which it may happen; none: at any time.
    pub window: Option<Window>,
    /// Who asks for it.
    pub frameworks: Vec<Framework>,
}

/// When a credential is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "when")]
pub enum Rule {
    /// So many days after the last time.
    Every {
        /// From 1 to 365.
        days: u32,
        /// Or so many days before it expires by itself, where that is earlier; never more than a third
        /// of the time that it has.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        ahead: Option<u32>,
    },
    /// So many days before it expires by itself.
    BeforeExpiry {
        /// From 1 to 365.
        days: u32,
    },
    /// By the calendar.
    Cron {
        /// Minute, hour, day of month, month, day of week.
        pattern: String,
        /// The time zone that it is meant in.
        zone: String,
    },
    /// Only by hand.
    Manual,
}

/// The hours of a week in which something may be restarted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// The days on which it opens, Monday is 1.
    pub days: Vec<u32>,
    /// When it opens, in minutes after midnight.
    pub opens: u32,
    /// How long it is open, in minutes.
    pub minutes: u32,
    /// The time zone that it is meant in.
    pub zone: String,
}

/// A set of rules that asks for rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Framework {
    /// Payment cards; 90 days.
    PciDss,
    /// Trust services criteria.
    Soc2,
    /// Health data in the United States.
    Hipaa,
    /// Controls for federal systems of the United States.
    Nist80053,
    /// Personal data in the European Union.
    Gdpr,
}

/// What the loss of a credential would mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Risk {
    /// Anything else.
    Standard,
    /// It reaches money, personal data or a regulated system.
    High,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error, TS)]
#[serde(rename_all = "camelCase")]
pub enum PolicyFault {
    /// Not from 1 to 365.
    #[error("the days are not from 1 to 365")]
    Days,
    /// Not a pattern, or more often than once an hour.
    #[error("the pattern is not one")]
    Pattern,
    /// There is no such time zone.
    #[error("there is no such time zone")]
    Zone,
    /// More than 90 days.
    #[error("the grace period is too long")]
    Grace,
    /// Not from 1 to 90.
    #[error("the warning period is not from 1 to 90 days")]
    Warning,
    /// No day, an hour that is none, or not from 15 minutes to a day long.
    #[error("the window is not one")]
    Window,
}

/// What is known of a credential when its next dates are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// When its value was last replaced, or came in.
    pub rotated: Timestamp,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// To when somebody moved the next time.
    pub moved: Option<Timestamp>,
    /// The time of a calendar for which it was done already: somebody had moved that to an earlier one.
    pub done: Option<Timestamp>,
}

impl Policy {
    /// The usual policy: the table of the product.
    #[must_use]
    pub fn usual(kind: Kind, risk: Risk) -> Self {
        let (standard, high) = match kind {
            Kind::OauthClient | Kind::WebhookSecret | Kind::SigningKey => (180, 90),
            Kind::Certificate => (365, 90),
            Kind::ApiKey
            | Kind::ServiceToken
            | Kind::CloudKey
            | Kind::DatabaseLogin
            | Kind::SshKey
            | Kind::Login
            | Kind::Secret => (90, 30),
        };
        let days = if risk == Risk::High { high } else { standard };
        let ahead = (kind == Kind::Certificate).then_some(30);
        Self {
            rule: Rule::Every { days, ahead },
            grace_hours: 24,
            warning_days: 7,
            window: None,
            frameworks: Vec::new(),
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let is_fine = |days: &u32| (1..=365).contains(days);
        match &self.rule {
            Rule::Every { days, ahead } if !is_fine(days) || !ahead.iter().all(is_fine) => {
                faults.push(PolicyFault::Days);
            }
            Rule::BeforeExpiry { days } if !is_fine(days) => faults.push(PolicyFault::Days),
            Rule::Cron { pattern, zone } => {
                faults.extend(cron(pattern).err());
                faults.extend(zone_named(zone).err());
            }
            _ => {}
        }
        if self.grace_hours > 90 * 24 {
            faults.push(PolicyFault::Grace);
        }
        if !(1..=90).contains(&self.warning_days) {
            faults.push(PolicyFault::Warning);
        }
        faults.extend(self.window.as_ref().and_then(Window::fault));
        faults
    }

    /// The next times, at most `most`. The first may be past: then it is overdue; where somebody moved it, and
    /// the policy still allows that, it is when they moved it to. The others suppose that each is done in time.
    #[must_use]
    pub fn next_dates(&self, since: Since, now: Timestamp, most: usize) -> Vec<Timestamp> {
        let mut dates: Vec<Timestamp> = Vec::new();
        let mut last = self.counts_from(since);
        while dates.len() < most {
            let Some(planned) = self.planned_after(last, since.expires) else { break };
            let moved = self.moved(since).filter(|_| dates.is_empty());
            let planned = moved.unwrap_or(planned);
            dates.push(planned);
            let heeds =
                matches!(self.rule, Rule::BeforeExpiry { .. } | Rule::Every { ahead: Some(_), .. });
            if heeds && since.expires.is_some() {
                // When the next value expires nobody knows.
                break;
            }
            last = planned.max(now);
        }
        dates
    }

    /// To when somebody moved the next time, where the policy allows that.
    fn moved(&self, since: Since) -> Option<Timestamp> {
        since.moved.filter(|at| *at > since.rotated && Some(*at) <= self.limit(since))
    }

    /// The time of the calendar that is done, once a value comes for a plan that somebody moved. An interval
    /// counts from that value, a calendar knows nothing of it.
    #[must_use]
    pub fn done(&self, since: Since) -> Option<Timestamp> {
        let Rule::Cron { .. } = self.rule else { return None };
        self.moved(since)?;
        self.end_after(self.counts_from(since), None)
    }

    /// When it was last done, or for which time of the calendar; of another calendar than today's it says nothing.
    fn counts_from(&self, since: Since) -> Timestamp {
        let is_next = |done: &Timestamp| self.end_after(since.rotated, None) == Some(*done);
        let by_calendar = matches!(self.rule, Rule::Cron { .. });
        since.done.filter(|done| by_calendar && is_next(done)).unwrap_or(since.rotated)
    }

    /// When to do it next, if it was last done at `last`.
    fn planned_after(&self, last: Timestamp, expires: Option<Timestamp>) -> Option<Timestamp> {
        let due = self.due_after(last, expires)?;
        let Some(window) = &self.window else { return Some(due) };
        let planned = window.planned(last, due);
        let Rule::Cron { pattern, zone } = &self.rule else { return Some(planned) };
        if planned <= due {
            return Some(planned);
        }
        // In the window before that time it was done already: the next one counts.
        Some(window.planned(last, slot(pattern, zone, planned, true)?))
    }

    /// The last moment to which the next time may be moved: when it is due by the rule, or, where no window opens
    /// before, when the first one after it does; never after it expires.
    #[must_use]
    pub fn limit(&self, since: Since) -> Option<Timestamp> {
        let end = self.end_after(self.counts_from(since), since.expires)?;
        Some(since.expires.map_or(end, |expires| expires.min(end)))
    }

    fn end_after(&self, last: Timestamp, expires: Option<Timestamp>) -> Option<Timestamp> {
        Some(self.due_after(last, expires)?.max(self.planned_after(last, expires)?))
    }

    /// When it is due by the rule alone, if it was last done at `last`.
    fn due_after(&self, last: Timestamp, expires: Option<Timestamp>) -> Option<Timestamp> {
        match &self.rule {
            Rule::Every { days, ahead } => {
                let interval = last.plus_seconds(i64::from(*days) * DAY_S);
                let early = expires.zip(*ahead).map(|(at, days)| {
                    let third = (at.0 - last.0).max(0) / 3;
                    Timestamp(at.0 - third.min(i64::from(days) * DAY_S * 1000))
                });
                Some(early.map_or(interval, |early| early.min(interval)))
            }
            Rule::BeforeExpiry { days } => {
                expires.map(|at| at.plus_seconds(-i64::from(*days) * DAY_S))
            }
            Rule::Cron { pattern, zone } => slot(pattern, zone, last, false),
            Rule::Manual => None,
        }
    }
}

/// How long a kind may go on working once it is known to be lost, in hours; 0 is at once.
#[must_use]
pub const fn emergency_hours(kind: Kind) -> u32 {
    match kind {
        Kind::DatabaseLogin => 4,
        Kind::WebhookSecret | Kind::SigningKey => 24,
        _ => 0,
    }
}

impl Window {
    /// When it is open next; the moment itself while it is.
    #[must_use]
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        self.planned(at, at)
    }

    /// When it opens and closes, for each time that it is open between two moments; at most those of 10 years.
    #[must_use]
    pub fn openings(&self, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let Ok(zone) = zone_named(&self.zone) else { return Vec::new() };
        let first = from.utc().with_timezone(&zone).date_naive();
        // One that opened the day before may still be open.
        let days = (0..3660).map_while(|on| first.pred_opt()?.checked_add_days(Days::new(on)));
        days.filter_map(|day| self.opening(zone, day))
            .take_while(|opens| *opens < until)
            .map(|opens| (opens, opens.plus_seconds(i64::from(self.minutes) * 60)))
            .filter(|(_, closes)| *closes > from)
            .collect()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> Option<PolicyFault> {
        let days = !self.days.is_empty() && self.days.iter().all(|day| (1..=7).contains(day));
        let hours = self.opens < 24 * 60 && (15..=24 * 60).contains(&self.minutes);
        if zone_named(&self.zone).is_err() {
            Some(PolicyFault::Zone)
        } else {
            (!days || !hours).then_some(PolicyFault::Window)
        }
    }

    /// When to do what is due at `due`: in the last window before it, or, where none lies between
    /// `last` and it, in the first one after.
    fn planned(&self, last: Timestamp, due: Timestamp) -> Timestamp {
        let Ok(zone) = zone_named(&self.zone) else { return due };
        let day = due.utc().with_timezone(&zone).date_naive();
        let within = |opens: &Timestamp| opens.plus_seconds(i64::from(self.minutes) * 60) > due;
        // A window that opened the day before may still be open.
        let before = (0..=14).filter_map(|back| day.checked_sub_days(Days::new(back)));
        let opened: Vec<Timestamp> =
            before.filter_map(|day| self.opening(zone, day)).filter(|at| *at <= due).collect();
        if opened.first().is_some_and(within) {
            return due;
        }
        if let Some(at) = opened.into_iter().find(|at| *at > last) {
            return at;
        }
        let after = (0..=14).filter_map(|on| day.checked_add_days(Days::new(on)));
        after.filter_map(|day| self.opening(zone, day)).find(|at| *at > due).unwrap_or(due)
    }

    /// When it opens on a day, if it does.
    fn opening(&self, zone: Tz, day: NaiveDate) -> Option<Timestamp> {
        if !self.days.contains(&day.weekday().number_from_monday()) {
            return None;
        }
        let local = day.and_hms_opt(0, 0, 0)? + TimeDelta::minutes(self.opens.into());
        let at: DateTime<Utc> = match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
            // The clock leaps over it: as soon as it has.
            LocalResult::None => {
                let later = local + TimeDelta::hours(1);
                zone.from_local_datetime(&later).earliest()?.to_utc()
            }
        };
        Some(Timestamp(at.timestamp_millis()))
    }
}

fn zone_named(name: &str) -> Result<Tz, PolicyFault> {
    Tz::from_str(name).map_err(|_| PolicyFault::Zone)
}

/// The next time of a calendar after a moment; the moment itself where `with_it` is said.
fn slot(pattern: &str, zone: &str, after: Timestamp, with_it: bool) -> Option<Timestamp> {
    let after = after.utc().with_timezone(&zone_named(zone).ok()?);
    let next = cron(pattern).ok()?.find_next_occurrence(&after, with_it).ok()?;
    Some(Timestamp(next.timestamp_millis()))
}

/// A pattern of five parts whose minute is one number: so it comes once an hour at most.
fn cron(pattern: &str) -> Result<Cron, PolicyFault> {
    let minute = pattern.split_whitespace().next().unwrap_or_default();
    if pattern.len() > 200 || minute.parse::<u8>().is_err() {
        return Err(PolicyFault::Pattern);
    }
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    parser.parse(pattern).map_err(|_| PolicyFault::Pattern)
}

#[cfg(test)]
mod tests;
