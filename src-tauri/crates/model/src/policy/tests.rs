//! When policies have things done.

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

fn dates(policy: &Policy, rotated: &str, expires: Option<&str>, now: &str) -> Vec<String> {
    let since = Since { rotated: at(rotated), expires: expires.map(at), moved: None, done: None };
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
    assert_eq!(dates(&policy, rotated, Some("2027-01-31T23:59:59Z"), now), ["2027-01-17 23:59"]);
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
    let sunday = Window { days: vec![7], opens: 150, minutes: 60, zone: "Europe/Berlin".into() };
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
    let cron =
        |pattern: &str, zone: &str| by(Rule::Cron { pattern: pattern.into(), zone: zone.into() });
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
        let (expires, moved) = (expires.map(at), Some(at(moved)));
        let since = Since { rotated, expires, moved, done: None };
        policy.next_dates(since, now, 2).first().map(|date| date.utc().to_rfc3339())
    };
    let due = Some("2026-12-01T10:00:00+00:00".to_owned());
    assert_eq!(first("2026-11-28T02:00:00Z", None).as_deref(), Some("2026-11-28T02:00:00+00:00"));
    assert_eq!(first("2026-12-01T10:00:00Z", None), due);
    assert_eq!(first("2026-12-01T10:00:01Z", None), due, "beyond the policy");
    assert_eq!(first("2026-11-01T10:00:00Z", None), due, "of the time before");
    assert_eq!(first("2026-11-28T02:00:00Z", Some("2026-11-28T01:00:00Z")), due, "expired then");
}

#[test]
fn a_plan_is_moved_also_by_a_calendar_with_a_window_and_ahead_of_an_expiry() {
    let first = |policy: &Policy, rotated: &str, expires: Option<&str>, moved: &str| {
        let (rotated, moved) = (at(rotated), Some(at(moved)));
        let since = Since { rotated, expires: expires.map(at), moved, done: None };
        let date = policy.next_dates(since, rotated, 1)[0];
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
fn a_time_of_a_calendar_that_was_done_earlier_does_not_come_again() {
    // When it is planned next if it was moved, and done then.
    let next = |policy: &Policy, rotated: &str, moved: &str, came: &str| {
        let (expires, now) = (None, at(came));
        let since = Since { rotated: at(rotated), expires, moved: Some(at(moved)), done: None };
        let done = policy.done(since);
        let since = Since { rotated: now, expires, moved: None, done };
        let dates = policy.next_dates(since, now, 2);
        assert!(policy.limit(since) >= dates.first().copied());
        dates.iter().map(|at| at.utc().format("%Y-%m-%d %H:%M").to_string()).collect::<Vec<_>>()
    };
    let calendar = |pattern: &str| Rule::Cron { pattern: pattern.into(), zone: "UTC".into() };
    let monthly = by(calendar("30 2 1 * *"));
    let august = "2026-08-15T05:00:00Z";
    let after = |moved, came| next(&monthly, august, moved, came);
    let (october, november) = ("2026-10-01 02:30", "2026-11-01 02:30");
    assert_eq!(after("2026-08-20T00:00:00Z", "2026-08-20T00:01:00Z"), [october, november]);
    assert_eq!(after("2026-08-20T00:00:00Z", "2026-08-18T00:00:00Z"), [october, november]);
    assert_eq!(after("2026-08-20T00:00:00Z", "2026-09-02T00:00:00Z"), [october, november]);
    assert_eq!(after("2026-09-02T00:00:00Z", "2026-08-20T00:00:00Z")[0], "2026-09-01 02:30");

    let saturdays = Policy { window: saturday_night("UTC"), ..monthly.clone() };
    for moved in ["2026-08-22T02:00:00Z", "2026-08-30T02:00:00Z", "2026-09-01T02:30:00Z"] {
        assert_eq!(next(&saturdays, august, moved, moved)[0], "2026-09-26 02:00", "{moved}");
    }
    let daily = Policy { window: saturday_night("UTC"), ..by(calendar("0 3 * * *")) };
    for moved in ["2026-08-17T02:00:00Z", "2026-08-19T12:00:00Z", "2026-08-22T02:30:00Z"] {
        assert_eq!(next(&daily, "2026-08-16T05:00:00Z", moved, moved)[0], "2026-08-29 03:00");
    }
}

#[test]
fn what_was_done_for_one_calendar_says_nothing_for_another() {
    let rotated = at("2026-08-15T05:00:00Z");
    let done = Some(at("2027-01-01T02:30:00Z"));
    let since = Since { rotated, expires: None, moved: None, done };
    let first = |rule| by(rule).next_dates(since, rotated, 1)[0].utc().to_string();
    let calendar = |pattern: &str| Rule::Cron { pattern: pattern.into(), zone: "UTC".into() };
    assert_eq!(first(calendar("30 2 1 1 *")), "2028-01-01 02:30:00 UTC");
    assert_eq!(first(calendar("30 2 1 * *")), "2026-09-01 02:30:00 UTC");
    assert_eq!(first(every(30)), "2026-09-14 05:00:00 UTC");
}

#[test]
fn the_limit_of_a_plan_is_its_due_date_or_the_only_window_left() {
    let policy = Policy { window: saturday_night("UTC"), ..by(every(30)) };
    let limit = |policy: &Policy, expires: Option<&str>| {
        let rotated = at("2026-11-01T10:00:00Z");
        let since = Since { rotated, expires: expires.map(at), moved: None, done: None };
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
