//! The timeline: bars, strips, clashes, what may be moved, and the calendar.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod made;

use keyturn_map::{
    By, Item, Look, Plan, Refused, Restarted, SpanKind, calendar, may_move, timeline, timeline_svg,
};
use keyturn_model::{ConsumerId, Kind, Status, Timestamp, Window};
use made::{Chance, id, numbered};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// A Thursday, the first of January 1970, and then 100 days.
const NOW: Timestamp = Timestamp(100 * DAY);

fn day(number: i64) -> Timestamp {
    Timestamp(number * DAY)
}

fn look() -> Look {
    Look {
        from: day(70),
        until: day(130),
        lanes: By::Kind,
        find: String::new(),
        open: Vec::new(),
        parts: 60,
    }
}

fn item(number: u8, name: &str) -> Item {
    Item {
        id: id(number),
        version: 1,
        name: name.into(),
        kind: Kind::ApiKey,
        owner: String::new(),
        environment: String::new(),
        status: Status::Healthy,
        rotated: day(80),
        rotates: Some(day(110)),
        limit: Some(day(110)),
        expires: None,
        grace_s: 24 * 3600,
        grace: None,
        window: None,
        movable: true,
        restarts: Vec::new(),
    }
}

fn restarted(id: ConsumerId) -> Restarted {
    Restarted { id, name: "web-app".into() }
}

/// Saturdays, 02:00 to 04:00.
fn saturdays() -> Window {
    Window { days: vec![6], opens: 120, minutes: 120, zone: "UTC".into() }
}

fn bars(item: &Item) -> Vec<(SpanKind, i64, i64)> {
    let spans = timeline(std::slice::from_ref(item), &[], &look(), NOW).spans;
    let ends = spans.from.iter().zip(&spans.until);
    spans
        .kind
        .iter()
        .zip(ends)
        .map(|(kind, (from, to))| (*kind, from.0 / DAY, to.0 / DAY))
        .collect()
}

#[test]
fn a_plan_is_preceded_by_validity_and_followed_by_grace() {
    let planned = item(1, "a");
    assert_eq!(bars(&planned), [(SpanKind::Valid, 80, 110), (SpanKind::Grace, 110, 111)]);
    let expires = Item { rotates: None, expires: Some(day(105)), ..item(1, "a") };
    assert_eq!(bars(&expires), [(SpanKind::Valid, 80, 105)]);
    let forever = Item { rotates: None, ..item(1, "a") };
    assert_eq!(bars(&forever), [(SpanKind::Valid, 80, 130)]);
}

#[test]
fn what_is_overdue_is_so_until_now_or_until_it_expired() {
    let overdue = Item { rotates: Some(day(95)), ..item(1, "a") };
    assert_eq!(bars(&overdue), [(SpanKind::Valid, 80, 95), (SpanKind::Overdue, 95, 100)]);
    let expired = Item { expires: Some(day(98)), ..overdue };
    assert_eq!(
        bars(&expired),
        [(SpanKind::Valid, 80, 95), (SpanKind::Overdue, 95, 98), (SpanKind::Expired, 98, 100),]
    );
}

#[test]
fn what_is_overdue_is_planned_for_the_next_window() {
    let overdue = Item { rotates: Some(day(95)), window: Some(0), ..item(1, "a") };
    let shown = timeline(&[overdue], &[saturdays()], &look(), NOW);
    // The 100th day after a Thursday is a Saturday.
    assert_eq!(shown.rows.planned, [Some(Timestamp(100 * DAY + 2 * HOUR))]);
    assert_eq!(shown.rows.due, [Some(day(95))]);
    assert!(shown.windows[0].iter().all(|(opens, closes)| closes.0 - opens.0 == 2 * HOUR));
    assert_eq!(shown.windows[0].len(), 9);
}

#[test]
fn a_crowded_lane_is_a_strip_that_counts_everything_until_it_is_opened() {
    let many: Vec<Item> = (0..61).map(|at| item(at, &format!("key-{at}"))).collect();
    let shown = timeline(&many, &[], &look(), NOW);
    assert!(shown.lanes[0].strip && shown.rows.id.is_empty());
    assert_eq!((shown.lanes[0].count, shown.lanes[0].heat[40]), (61, 61));
    assert_eq!(shown.lanes[0].heat.iter().sum::<u32>(), 61);
    let opened = Look { open: vec!["apiKey".into()], ..look() };
    assert_eq!(timeline(&many, &[], &opened, NOW).rows.id.len(), 61);
    assert!(!timeline(&many[..60], &[], &look(), NOW).lanes[0].strip);
}

#[test]
fn every_bar_lies_in_the_range_and_the_order_of_the_input_does_not_matter() {
    for seed in 0..60 {
        let mut chance = Chance(seed);
        let mut items: Vec<Item> = (0..1 + chance.below(90))
            .map(|at| {
                let any = |chance: &mut Chance| day(60 + chance.below(90) as i64);
                Item {
                    id: numbered(at),
                    name: format!("name-{}", chance.below(20)),
                    kind: [Kind::ApiKey, Kind::Certificate][chance.below(2)],
                    rotated: any(&mut chance),
                    rotates: (chance.below(3) > 0).then(|| any(&mut chance)),
                    expires: (chance.below(3) == 0).then(|| any(&mut chance)),
                    restarts: vec![restarted(numbered(chance.below(5)))],
                    ..item(0, "")
                }
            })
            .collect();
        let one = timeline(&items, &[], &look(), NOW);
        chance.shuffle(&mut items);
        assert_eq!(one, timeline(&items, &[], &look(), NOW), "seed {seed}");
        let ends = one.spans.from.iter().zip(&one.spans.until);
        for (from, until) in ends {
            assert!(look().from <= *from && from < until && *until <= look().until, "seed {seed}");
        }
        let counted: u32 = one.lanes.iter().map(|lane| lane.count).sum();
        assert_eq!(counted as usize, items.len());
    }
}

#[test]
fn only_what_is_looked_for_is_shown_and_what_is_past_is_counted() {
    let items = [
        Item { owner: "Payments".into(), rotates: Some(day(99)), ..item(1, "a") },
        Item { environment: "prod".into(), ..item(2, "payroll") },
        Item { rotates: Some(day(103)), ..item(3, "c") },
    ];
    let found = |find: &str| timeline(&items, &[], &Look { find: find.into(), ..look() }, NOW);
    assert_eq!(found("PAY").rows.name, ["a", "payroll"]);
    assert_eq!(found(" prod ").rows.name, ["payroll"]);
    assert!(found("nothing").lanes.is_empty());
    let lane = &found("").lanes[0];
    assert_eq!((lane.count, lane.due, lane.overdue), (3, 2, 1));
}

#[test]
fn two_restarts_of_one_consumer_within_half_an_hour_are_flagged() {
    let at = |number, minutes: i64, consumer| Item {
        rotates: Some(Timestamp(110 * DAY + minutes * 60_000)),
        restarts: vec![restarted(id(consumer))],
        ..item(number, "a")
    };
    let flagged = |items: &[Item]| timeline(items, &[], &look(), NOW).clashes.len();
    let named = timeline(&[at(1, 0, 1), at(2, 30, 1)], &[], &look(), NOW).clashes;
    assert_eq!((&*named[0].consumer_name, &*named[0].second_name), ("web-app", "a"));
    assert_eq!(flagged(&[at(1, 0, 1), at(2, 30, 1)]), 1);
    assert_eq!(flagged(&[at(1, 0, 1), at(2, 31, 1)]), 0);
    assert_eq!(flagged(&[at(1, 0, 1), at(2, 0, 2)]), 0);
    assert_eq!(flagged(&[at(1, 0, 1), at(2, 20, 1), at(3, 40, 1)]), 2);
}

#[test]
fn a_plan_moves_within_the_policy_and_nowhere_else() {
    let plan = Plan { limit: Some(day(110)), expires: None, window: None };
    assert_eq!(may_move(&plan, day(105), NOW), Ok(day(105)));
    assert_eq!(may_move(&plan, day(110), NOW), Ok(day(110)));
    let beyond = Refused::BeyondLimit { limit: day(110) };
    assert_eq!(may_move(&plan, Timestamp(day(110).0 + 1), NOW), Err(beyond));
    assert_eq!(may_move(&plan, NOW, NOW), Err(Refused::Past));
    let nothing = Plan { limit: None, ..plan };
    assert_eq!(may_move(&nothing, day(105), NOW), Err(Refused::NothingPlanned));
    let expiring = Plan { expires: Some(day(104)), ..plan };
    let past = Refused::PastExpiry { expires: day(104) };
    assert_eq!(may_move(&expiring, day(105), NOW), Err(past));
}

#[test]
fn a_plan_snaps_to_the_window_that_is_nearest_in_time() {
    let window = saturdays();
    let plan = Plan { limit: Some(day(110)), expires: None, window: Some(&window) };
    let opens = |number| Timestamp(day(number).0 + 2 * HOUR);
    assert_eq!(may_move(&plan, day(103), NOW), Ok(opens(100)));
    assert_eq!(may_move(&plan, day(105), NOW), Ok(opens(107)));
    let within = Timestamp(opens(107).0 + HOUR);
    assert_eq!(may_move(&plan, within, NOW), Ok(within));
    assert_eq!(may_move(&plan, day(110), NOW), Ok(opens(107)), "the next one is beyond the limit");
    let short = Plan { limit: Some(day(99)), ..plan };
    assert_eq!(may_move(&short, Timestamp(day(99).0 - 1), day(98)), Err(Refused::NoWindow));
}

#[test]
fn wherever_a_plan_is_moved_it_comes_in_time() {
    for seed in 0..2000 {
        let mut chance = Chance(seed);
        let window = Window {
            days: vec![1 + chance.below(7) as u32],
            opens: chance.below(1440) as u32,
            minutes: 15 + chance.below(1425) as u32,
            zone: ["UTC", "Europe/Berlin", "America/New_York"][chance.below(3)].into(),
        };
        let any = |chance: &mut Chance| Timestamp(chance.below(200 * DAY as usize) as i64);
        let (limit, expires, to) = (any(&mut chance), any(&mut chance), any(&mut chance));
        let plan = Plan {
            limit: Some(limit),
            expires: (chance.below(2) == 0).then_some(expires),
            window: (chance.below(2) == 0).then_some(&window),
        };
        if let Ok(at) = may_move(&plan, to, NOW) {
            assert!(at > NOW && at <= limit, "seed {seed}");
            assert!(plan.expires.is_none_or(|expires| at <= expires), "seed {seed}");
            assert!(plan.window.is_none_or(|it| it.next_open(at) == at), "seed {seed}");
        }
    }
}

#[test]
fn a_calendar_has_short_lines_and_what_is_written_into_it_is_a_text() {
    let name = "größe, „alles“; \\ back\r\nBEGIN:VALARM ".repeat(5);
    let named = Item { expires: Some(day(120)), ..item(1, &name) };
    let text = calendar(&timeline(&[named], &[], &look(), NOW));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    let unfolded = text.replace("\r\n ", "");
    assert!(!unfolded.replace("\r\n", "").contains(['\n', '\r']));
    assert_eq!(unfolded.lines().filter(|line| line.starts_with("BEGIN:")).count(), 3);
    assert!(unfolded.contains(r"Rotate größe\, „alles“\; \\ back\nBEGIN:VALARM"));
    assert!(unfolded.contains("DTSTART:19700421T000000Z"), "{unfolded}");
    assert!(unfolded.contains("UID:rotation-00000000-0000-0000-0000-000000000001@keyturn"));
}

#[test]
fn a_picture_of_the_timeline_has_a_row_for_each_and_safe_names() {
    let items = [item(1, "<a>"), Item { expires: Some(day(120)), ..item(2, "b") }];
    let svg = timeline_svg(&timeline(&items, &[], &look(), NOW));
    assert!(svg.contains("&lt;a&gt;") && !svg.contains("<a>"));
    assert_eq!(svg.matches("Z\"").count(), 2, "{svg}");
}
