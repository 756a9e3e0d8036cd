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
        let mut last = since.rotated;
        while dates.len() < most {
            let Some(planned) = self.planned_after(last, since.expires) else { break };
            let may = |at: &Timestamp| *at > last && Some(*at) <= self.limit(since);
            let moved = since.moved.filter(|at| dates.is_empty() && may(at));
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
        let due = self.due_after(since.rotated, since.expires)?;
        let last = due.max(self.planned_after(since.rotated, since.expires)?);
        Some(since.expires.map_or(last, |expires| expires.min(last)))
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
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn dates(policy: &Policy, rotated: &str, expires: Option<&str>, now: &str) -> Vec<String> {
        let since = Since { rotated: at(rotated), expires: expires.map(at), moved: None };
        let dates = policy.next_dates(since, at(now), 3);
        dates.iter().map(|date| date.utc().format("%Y-%m-%d %H:%M").to_string()).collect()
    }

    fn by(rule: Rule) -> Policy {
        Policy { rule, ..Policy::usual(Kind::ApiKey, Risk::Standard) }
    }

    fn every(days: u32) -> Rule {
        Rule::Every { days, ahead: None }
    }

    fn saturday_night(zone: &str) -> Option<Window> {
        Some(Window { days: vec![6], opens: 120, minutes: 120, zone: zone.into() })
    }

    #[test]
    fn the_usual_policies_are_those_of_the_table() {
        let days = |kind, risk| match Policy::usual(kind, risk).rule {
            Rule::Every { days, .. } => days,
            other => panic!("{other:?}"),
        };
        for (kind, standard, high) in [
            (Kind::ApiKey, 90, 30),
            (Kind::OauthClient, 180, 90),
            (Kind::ServiceToken, 90, 30),
            (Kind::CloudKey, 90, 30),
            (Kind::DatabaseLogin, 90, 30),
            (Kind::WebhookSecret, 180, 90),
            (Kind::SigningKey, 180, 90),
            (Kind::Certificate, 365, 90),
            (Kind::Secret, 90, 30),
        ] {
            assert_eq!((days(kind, Risk::Standard), days(kind, Risk::High)), (standard, high));
        }
        for kind in Kind::ALL {
            assert!(Policy::usual(kind, Risk::High).faults().is_empty());
        }
        assert_eq!(
            [Kind::ApiKey, Kind::DatabaseLogin, Kind::SigningKey].map(emergency_hours),
            [0, 4, 24]
        );
    }

    #[test]
    fn an_interval_counts_from_the_last_time_and_then_from_when_it_can_be_done() {
        let policy = by(every(30));
        assert_eq!(
            dates(&policy, "2026-11-01T10:00:00Z", None, "2026-11-21T00:00:00Z"),
            ["2026-12-01 10:00", "2026-12-31 10:00", "2027-01-30 10:00"]
        );
        // Overdue: the first one says since when, the next one supposes that it is done now.
        assert_eq!(
            dates(&policy, "2026-10-01T10:00:00Z", None, "2026-11-21T00:00:00Z"),
            ["2026-10-31 10:00", "2026-12-21 00:00", "2027-01-20 00:00"]
        );
    }

    #[test]
    fn what_expires_is_replaced_so_many_days_before() {
        let policy = by(Rule::BeforeExpiry { days: 14 });
        let (rotated, now) = ("2026-11-01T10:00:00Z", "2026-11-21T00:00:00Z");
        assert_eq!(
            dates(&policy, rotated, Some("2027-01-31T23:59:59Z"), now),
            ["2027-01-17 23:59"]
        );
        assert!(dates(&policy, rotated, None, now).is_empty());
        assert!(dates(&by(Rule::Manual), rotated, None, now).is_empty());
    }

    #[test]
    fn a_certificate_is_replaced_after_a_year_or_before_it_expires() {
        let usual = |risk| Policy::usual(Kind::Certificate, risk);
        let of = |policy: &Policy, expires| {
            dates(policy, "2026-11-01T10:00:00Z", expires, "2026-11-21T00:00:00Z")
        };
        let standard = usual(Risk::Standard);
        // Of 90 days, 30 before they end.
        assert_eq!(of(&standard, Some("2027-01-30T10:00:00Z")), ["2026-12-31 10:00"]);
        assert_eq!(of(&standard, Some("2028-11-01T10:00:00Z")), ["2027-11-01 10:00"]);
        assert_eq!(of(&usual(Risk::High), Some("2028-11-01T10:00:00Z")), ["2027-01-30 10:00"]);
        // One that is made for six days is not overdue from the beginning.
        assert_eq!(of(&standard, Some("2026-11-07T10:00:00Z")), ["2026-11-05 10:00"]);
        assert_eq!(of(&standard, None)[0], "2027-11-01 10:00");
        let endless = Rule::Every { days: 365, ahead: Some(0) };
        assert_eq!(by(endless).faults(), [PolicyFault::Days]);
    }

    #[test]
    fn a_calendar_is_read_in_its_own_zone_also_when_the_clock_is_changed() {
        let rule = Rule::Cron { pattern: "30 2 1 * *".into(), zone: "Europe/Berlin".into() };
        assert_eq!(
            dates(&by(rule), "2026-08-15T00:00:00Z", None, "2026-08-16T00:00:00Z"),
            ["2026-09-01 00:30", "2026-10-01 00:30", "2026-11-01 01:30"]
        );
    }

    #[test]
    fn it_is_done_in_the_last_window_before_it_is_due() {
        let policy = Policy { window: saturday_night("Europe/Berlin"), ..by(every(30)) };
        // Due on Tuesday the 1st of December: on Saturday the 28th of November, 02:00 in Berlin.
        assert_eq!(
            dates(&policy, "2026-11-01T10:00:00Z", None, "2026-11-21T00:00:00Z")[0],
            "2026-11-28 01:00"
        );
        // Within the window it is done when it is due.
        let policy = Policy { window: saturday_night("UTC"), ..by(every(7)) };
        assert_eq!(
            dates(&policy, "2026-11-21T03:00:00Z", None, "2026-11-21T04:00:00Z")[0],
            "2026-11-28 03:00"
        );
        // With none before it, in the first one after.
        let policy = Policy { window: saturday_night("UTC"), ..by(every(1)) };
        assert_eq!(
            dates(&policy, "2026-11-22T03:00:00Z", None, "2026-11-22T04:00:00Z")[0],
            "2026-11-28 02:00"
        );
    }

    #[test]
    fn a_calendar_with_a_window_comes_once_for_each_of_its_times() {
        let monthly = Rule::Cron { pattern: "30 2 1 * *".into(), zone: "UTC".into() };
        let saturdays = Policy { window: saturday_night("UTC"), ..by(monthly) };
        let first = |rotated: &str| dates(&saturdays, rotated, None, rotated)[0].clone();
        assert_eq!(
            dates(&saturdays, "2026-08-15T00:00:00Z", None, "2026-08-16T00:00:00Z"),
            ["2026-08-29 02:00", "2026-09-26 02:00", "2026-10-31 02:00"]
        );
        // Done in that window or after it, the first of September is done.
        for rotated in ["2026-08-29T02:00:00Z", "2026-08-29T04:10:00Z", "2026-09-01T02:30:00Z"] {
            assert_eq!(first(rotated), "2026-09-26 02:00", "{rotated}");
        }
        // Missed, it is done once, late.
        assert_eq!(
            dates(&saturdays, "2026-08-15T00:00:00Z", None, "2026-09-03T00:00:00Z"),
            ["2026-08-29 02:00", "2026-09-26 02:00", "2026-10-31 02:00"]
        );
        // More often than the window opens: each time it opens, once.
        let daily = Rule::Cron { pattern: "30 2 * * *".into(), zone: "UTC".into() };
        let daily = Policy { window: saturday_night("UTC"), ..by(daily) };
        assert_eq!(
            dates(&daily, "2026-08-29T02:30:00Z", None, "2026-08-29T03:00:00Z"),
            ["2026-09-05 02:30", "2026-09-12 02:30", "2026-09-19 02:30"]
        );
    }

    #[test]
    fn a_window_in_the_hour_that_the_clock_leaps_over_opens_after_it() {
        let sunday =
            Window { days: vec![7], opens: 150, minutes: 60, zone: "Europe/Berlin".into() };
        let zone = zone_named("Europe/Berlin").unwrap();
        let opens = |day| {
            let at: Timestamp = sunday.opening(zone, day).unwrap();
            at.utc().format("%H:%M").to_string()
        };
        assert_eq!(opens(NaiveDate::from_ymd_opt(2026, 3, 29).unwrap()), "01:30");
        assert_eq!(opens(NaiveDate::from_ymd_opt(2026, 10, 25).unwrap()), "00:30");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let usual = Policy::usual(Kind::ApiKey, Risk::Standard);
        let window = |days: &[u32], opens, minutes, zone: &str| Policy {
            window: Some(Window { days: days.to_vec(), opens, minutes, zone: zone.into() }),
            ..usual.clone()
        };
        let cron = |pattern: &str, zone: &str| {
            by(Rule::Cron { pattern: pattern.into(), zone: zone.into() })
        };
        for (policy, fault) in [
            (by(every(0)), PolicyFault::Days),
            (by(Rule::BeforeExpiry { days: 366 }), PolicyFault::Days),
            (cron("* * * * *", "UTC"), PolicyFault::Pattern),
            (cron("0 2 31 2 *  *", "UTC"), PolicyFault::Pattern),
            (cron("0 25 * * *", "UTC"), PolicyFault::Pattern),
            (cron("0 2 * * *", "Mars/Base"), PolicyFault::Zone),
            (Policy { grace_hours: 90 * 24 + 1, ..usual.clone() }, PolicyFault::Grace),
            (Policy { warning_days: 0, ..usual.clone() }, PolicyFault::Warning),
            (window(&[], 0, 60, "UTC"), PolicyFault::Window),
            (window(&[8], 0, 60, "UTC"), PolicyFault::Window),
            (window(&[1], 1440, 60, "UTC"), PolicyFault::Window),
            (window(&[1], 0, 14, "UTC"), PolicyFault::Window),
            (window(&[1], 0, 60, "nowhere"), PolicyFault::Zone),
        ] {
            assert_eq!(policy.faults(), [fault], "{policy:?}");
        }
    }

    #[test]
    fn a_plan_that_somebody_moved_stays_there_while_the_policy_allows_it() {
        let policy = by(every(30));
        let (rotated, now) = (at("2026-11-01T10:00:00Z"), at("2026-11-21T00:00:00Z"));
        let first = |moved: &str, expires: Option<&str>| {
            let since = Since { rotated, expires: expires.map(at), moved: Some(at(moved)) };
            policy.next_dates(since, now, 2).first().map(|date| date.utc().to_rfc3339())
        };
        let due = Some("2026-12-01T10:00:00+00:00".to_owned());
        assert_eq!(
            first("2026-11-28T02:00:00Z", None).as_deref(),
            Some("2026-11-28T02:00:00+00:00")
        );
        assert_eq!(first("2026-12-01T10:00:00Z", None), due);
        assert_eq!(first("2026-12-01T10:00:01Z", None), due, "beyond the policy");
        assert_eq!(first("2026-11-01T10:00:00Z", None), due, "of the time before");
        assert_eq!(
            first("2026-11-28T02:00:00Z", Some("2026-11-28T01:00:00Z")),
            due,
            "expired then"
        );
    }

    #[test]
    fn a_plan_is_moved_also_by_a_calendar_with_a_window_and_ahead_of_an_expiry() {
        let first = |policy: &Policy, rotated: &str, expires: Option<&str>, moved: &str| {
            let since =
                Since { rotated: at(rotated), expires: expires.map(at), moved: Some(at(moved)) };
            let date = policy.next_dates(since, at(rotated), 1)[0];
            date.utc().format("%Y-%m-%d %H:%M").to_string()
        };
        let monthly = Rule::Cron { pattern: "30 2 1 * *".into(), zone: "UTC".into() };
        let saturdays = Policy { window: saturday_night("UTC"), ..by(monthly) };
        let moved = |to| first(&saturdays, "2026-08-15T05:00:00Z", None, to);
        assert_eq!(moved("2026-08-22T02:00:00Z"), "2026-08-22 02:00");
        assert_eq!(moved("2026-09-01T02:30:00Z"), "2026-09-01 02:30");
        assert_eq!(moved("2026-09-05T02:00:00Z"), "2026-08-29 02:00", "beyond the calendar");
        let ahead = by(Rule::Every { days: 365, ahead: Some(30) });
        let moved = |to| first(&ahead, "2026-01-01T00:00:00Z", Some("2026-04-01T00:00:00Z"), to);
        assert_eq!(moved("2026-02-20T00:00:00Z"), "2026-02-20 00:00");
        assert_eq!(moved("2026-03-20T00:00:00Z"), "2026-03-02 00:00", "less than 30 days ahead");
    }

    #[test]
    fn the_limit_of_a_plan_is_its_due_date_or_the_only_window_left() {
        let policy = Policy { window: saturday_night("UTC"), ..by(every(30)) };
        let limit = |policy: &Policy, expires: Option<&str>| {
            let rotated = at("2026-11-01T10:00:00Z");
            let since = Since { rotated, expires: expires.map(at), moved: None };
            policy.limit(since).map(|at| at.utc().format("%Y-%m-%d %H:%M").to_string())
        };
        assert_eq!(limit(&policy, None).as_deref(), Some("2026-12-01 10:00"));
        let expires = limit(&policy, Some("2026-11-29T00:00:00Z"));
        assert_eq!(expires.as_deref(), Some("2026-11-29 00:00"));
        let daily = Policy { rule: every(1), ..policy };
        assert_eq!(limit(&daily, None).as_deref(), Some("2026-11-07 02:00"));
        assert_eq!(limit(&by(Rule::Manual), None), None);
    }

    #[test]
    fn a_window_is_open_in_its_zone_also_when_the_clock_is_changed() {
        let window = saturday_night("Europe/Berlin").unwrap();
        let open = window.openings(at("2026-10-17T00:30:00Z"), at("2026-11-01T00:00:00Z"));
        let open: Vec<String> =
            open.iter().map(|(from, to)| format!("{} {}", from.utc(), to.utc())).collect();
        assert_eq!(
            open,
            [
                "2026-10-17 00:00:00 UTC 2026-10-17 02:00:00 UTC",
                "2026-10-24 00:00:00 UTC 2026-10-24 02:00:00 UTC",
                "2026-10-31 01:00:00 UTC 2026-10-31 03:00:00 UTC",
            ]
        );
    }
}
