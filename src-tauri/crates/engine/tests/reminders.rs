//! Reminders over many days: clocks that jump, computers that sleep, programs that are killed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

use std::collections::{BTreeMap, BTreeSet};

use keyturn_engine::reminders::{
    Counts, LONGEST_QUIET_MIN, LONGEST_SNOOZE_S, Reminding, count, look, quiet_until,
};
use keyturn_model::{
    Timestamp, Window,
    reminder::{Deadline, Reminder, Severity, Stage, Told},
};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The 1st of March 2026, before clocks are put forward.
const BEGIN: i64 = 1_772_323_200_000;

fn reminder(whose: u8, deadline: Deadline, at: i64) -> Reminder<u8> {
    Reminder {
        whose,
        deadline,
        at: Timestamp(at),
        told: Told::default(),
        moment: None,
        snoozed: None,
        muted: None,
    }
}

fn expiry(whose: u8, at: i64) -> Reminder<u8> {
    reminder(whose, Deadline::Expiry, at)
}

fn at(now: i64, all: &[Reminder<u8>]) -> Reminding {
    look(all, None, Timestamp(now))
}

/// Whom each notice is about, with the stage that it tells.
fn told(found: &Reminding, all: &[Reminder<u8>]) -> Vec<Vec<(u8, i32)>> {
    let one =
        |due: &keyturn_engine::reminders::Due| (all[due.reached[0].0].whose, due.reached[0].1.0);
    found.notices.iter().map(|notice| notice.due.iter().map(one).collect()).collect()
}

fn keep(now: i64, found: &Reminding, all: &mut [Reminder<u8>]) {
    for due in found.notices.iter().flat_map(|notice| &notice.due) {
        for (place, stage) in &due.reached {
            all[*place].told.add(*stage);
            all[*place].moment = all[*place].moment.max(Some(Timestamp(now)));
        }
    }
}

#[test]
fn each_stage_is_told_when_it_begins_and_not_again() {
    let mut all = [expiry(1, BEGIN)];
    let mut heard = Vec::new();
    let mut now = BEGIN - 30 * DAY;
    while now <= BEGIN + 3 * DAY {
        let found = at(now, &all);
        heard.extend(found.notices.iter().map(|notice| {
            let stage = notice.due[0].stage().expect("one").0;
            (stage, (now - BEGIN) / DAY, notice.severity)
        }));
        keep(now, &found, &mut all);
        assert!(at(now, &all).notices.is_empty(), "told twice");
        now = found.next.expect("there is always a next stage").0;
    }
    let (warning, critical) = (Severity::Warning, Severity::Critical);
    let days = [-1, 0, 1, 2, 3].map(|day: i32| (day, i64::from(day), critical));
    assert_eq!(heard[0], (-7, -7, warning));
    assert_eq!(heard[1..], days);
}

#[test]
fn seven_days_less_a_minute_is_a_warning_and_a_day_less_a_minute_is_critical() {
    let all = [expiry(1, BEGIN + 7 * DAY - MINUTE), expiry(2, BEGIN + DAY - MINUTE)];
    let found = at(BEGIN, &all);
    assert_eq!(told(&found, &all), [[(2, -1)], [(1, -7)]]);
    let severities: Vec<_> = found.notices.iter().map(|notice| notice.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::Warning]);
    assert!(at(BEGIN - 2 * MINUTE, &all[..1]).notices.is_empty());
}

#[test]
fn what_was_slept_through_is_one_notice_with_the_latest_stage_of_each() {
    let mut all = [expiry(1, BEGIN), expiry(2, BEGIN + 20 * DAY), expiry(3, BEGIN + 29 * DAY)];
    for late in [0, MINUTE, 5 * HOUR] {
        let found = at(BEGIN + 30 * DAY + late, &all);
        assert_eq!(told(&found, &all), [vec![(1, 30), (2, 10), (3, 1)]]);
    }
    keep(BEGIN + 30 * DAY, &at(BEGIN + 30 * DAY, &all), &mut all);
    assert!(at(BEGIN + 30 * DAY, &all).notices.is_empty());
}

#[test]
fn more_than_three_at_once_are_one_notice() {
    let all: Vec<_> = (1..=4).map(|whose| expiry(whose, BEGIN)).collect();
    assert_eq!(at(BEGIN, &all[..3]).notices.len(), 3);
    assert_eq!(at(BEGIN, &all).notices.len(), 1);
}

#[test]
fn two_dates_of_one_credential_are_told_as_one() {
    let mut all = [expiry(1, BEGIN + 7 * DAY), reminder(1, Deadline::Rotation, BEGIN)];
    let found = at(BEGIN, &all);
    assert_eq!(told(&found, &all), [[(1, 0)]]);
    keep(BEGIN, &found, &mut all);
    assert!(at(BEGIN, &all).notices.is_empty());
}

#[test]
fn another_date_begins_anew() {
    let mut all = [expiry(1, BEGIN)];
    keep(BEGIN - 7 * DAY, &at(BEGIN - 7 * DAY, &all), &mut all);
    all[0] = expiry(1, BEGIN + MINUTE);
    assert_eq!(told(&at(BEGIN - 6 * DAY, &all), &all), [[(1, -7)]]);
}

#[test]
fn what_was_passed_stays_passed_when_the_clock_is_set_back_a_little() {
    let mut all = [expiry(1, BEGIN)];
    keep(BEGIN - DAY + MINUTE, &at(BEGIN - DAY + MINUTE, &all), &mut all);
    for back in [HOUR, DAY, 5 * DAY] {
        assert!(at(BEGIN - DAY - back, &all).notices.is_empty());
    }
    assert_eq!(at(BEGIN, &all).notices.len(), 1);
}

#[test]
fn a_clock_that_is_turned_back_repeats_nothing_and_one_that_ran_ahead_takes_nothing_away() {
    let mut all = [expiry(1, BEGIN)];
    keep(BEGIN - 7 * DAY, &at(BEGIN - 7 * DAY, &all), &mut all);
    keep(BEGIN + 3650 * DAY, &at(BEGIN + 3650 * DAY, &all), &mut all);
    assert!(at(BEGIN - 7 * DAY, &all).notices.is_empty());
    assert_eq!(told(&at(BEGIN - DAY, &all), &all), [[(1, -1)]]);
}

#[test]
fn a_snooze_delays_and_one_of_a_clock_that_was_turned_back_does_not_hold() {
    let mut all = [expiry(1, BEGIN)];
    all[0].snoozed = Some(Timestamp(BEGIN + HOUR));
    let found = at(BEGIN, &all);
    assert_eq!((found.notices.len(), found.next), (0, Some(Timestamp(BEGIN + HOUR))));
    assert_eq!(at(BEGIN + HOUR, &all).notices.len(), 1);
    all[0].snoozed = Some(Timestamp(BEGIN + 2 * LONGEST_SNOOZE_S * 1000));
    assert_eq!(at(BEGIN, &all).notices.len(), 1);
}

#[test]
fn a_muted_warning_leaves_what_is_critical() {
    let mut all = [expiry(1, BEGIN)];
    all[0].muted = Some(Severity::Warning);
    assert!(at(BEGIN - 7 * DAY, &all).notices.is_empty());
    assert_eq!(at(BEGIN - DAY, &all).notices.len(), 1);
    all[0].muted = Some(Severity::Critical);
    assert!(at(BEGIN, &all).notices.is_empty());
}

#[test]
fn a_credential_is_counted_once_by_its_most_urgent_date_unless_that_is_muted() {
    let mut all = [
        expiry(1, BEGIN),
        reminder(1, Deadline::Rotation, BEGIN + 7 * DAY),
        expiry(2, BEGIN + 7 * DAY),
        expiry(3, BEGIN + 8 * DAY),
    ];
    let counted = |all: &[_]| count(all, Timestamp(BEGIN));
    assert_eq!(counted(&all), Counts { over: 1, soon: 1 });
    all[2].muted = Some(Severity::Warning);
    all[0].muted = Some(Severity::Warning);
    assert_eq!(counted(&all), Counts { over: 1, soon: 0 });
}

/// Every day from 20:00 to 07:00.
fn night(zone: &str) -> Window {
    Window { days: (1..=7).collect(), opens: 20 * 60, minutes: 11 * 60, zone: zone.into() }
}

#[test]
fn quiet_hours_delay_until_they_end() {
    let all = [expiry(1, BEGIN)];
    let quiet = night("UTC");
    let found = look(&all, Some(&quiet), Timestamp(BEGIN));
    assert_eq!((found.notices.len(), found.next), (0, Some(Timestamp(BEGIN + 7 * HOUR))));
    assert_eq!(look(&all, Some(&quiet), Timestamp(BEGIN + 7 * HOUR)).notices.len(), 1);
}

#[test]
fn quiet_hours_without_an_end_or_a_zone_are_none() {
    let endless = Window { minutes: LONGEST_QUIET_MIN + 1, ..night("UTC") };
    let nowhere = night("Nowhere/At all");
    for quiet in [endless, nowhere] {
        assert_eq!(quiet_until(&quiet, Timestamp(BEGIN)), None);
    }
}

/// Numbers that look like chance and are the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) % most.unsigned_abs()).expect("small")
    }

    fn percent(&mut self, often: i64) -> bool {
        self.below(100) < often
    }
}

/// A stage of a date of a reminder.
type What = (usize, i64, Stage);

/// A computer whose clock jumps, and a program on it that sleeps until the next moment it was told.
struct World {
    chance: Chance,
    /// What the clock says.
    now: i64,
    /// On disk: survives a restart.
    all: Vec<Reminder<u8>>,
    /// On disk: recorded, and not yet known to be shown.
    unshown: Vec<(i64, Vec<What>)>,
    /// In memory: when the program looks again, and when it looked last.
    next: Option<i64>,
    looked: i64,
    quiet: Option<Window>,
    /// What a person saw: under which number each stage of each date.
    seen: BTreeMap<What, BTreeSet<i64>>,
    notices: i64,
    /// How long it was, whatever the clock said.
    lived: i64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let mut all = Vec::new();
        for whose in 0..u8::try_from(1 + chance.below(6)).expect("few") {
            for deadline in [Deadline::Expiry, Deadline::Rotation] {
                if chance.percent(70) {
                    all.push(reminder(whose, deadline, BEGIN + chance.below(60 * DAY)));
                }
            }
        }
        let zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];
        let zone = zones[usize::try_from(chance.below(4)).expect("few")];
        let quiet = chance.percent(50).then(|| night(zone));
        let (now, unshown, seen) = (BEGIN, Vec::new(), BTreeMap::new());
        Self {
            chance,
            now,
            all,
            unshown,
            next: None,
            looked: BEGIN,
            quiet,
            seen,
            notices: 0,
            lived: 0,
        }
    }

    fn show(&mut self, number: i64, what: &[What]) {
        for one in what {
            self.seen.entry(*one).or_default().insert(number);
        }
    }

    /// What was recorded and perhaps not shown is shown under its number.
    fn catch_up(&mut self) {
        for (number, what) in std::mem::take(&mut self.unshown) {
            self.show(number, &what);
        }
    }

    /// Looks, records, shows; may be killed before or after each.
    fn look(&mut self) {
        if self.chance.percent(5) {
            self.next = None;
            return;
        }
        let found = look(&self.all, self.quiet.as_ref(), Timestamp(self.now));
        let mut due = Vec::new();
        for notice in &found.notices {
            self.notices += 1;
            let reached = notice.due.iter().flat_map(|due| &due.reached);
            let what = reached.map(|(place, stage)| (*place, self.all[*place].at.0, *stage));
            due.push((self.notices, what.collect::<Vec<_>>()));
        }
        keep(self.now, &found, &mut self.all);
        self.unshown.extend(due);
        if self.chance.percent(5) {
            self.next = None;
            return;
        }
        let showing = self.unshown.clone();
        for (number, what) in &showing {
            self.show(*number, what);
        }
        if self.chance.percent(5) {
            // Killed after showing: it is not known that it was shown.
            self.next = None;
            return;
        }
        self.unshown.clear();
        (self.next, self.looked) = (found.next.map(|at| at.0), self.now);
        if self.next.is_none() {
            self.next = Some(i64::MAX);
        }
    }

    /// Time goes by, and something happens.
    fn go(&mut self) {
        match self.chance.below(100) {
            // Awake: the program wakes up at the moment that it was told.
            0..60 => {
                let step = self.chance.below(DAY);
                let end = self.now + step;
                while let Some(next) = self.next.filter(|next| *next <= end) {
                    self.now = next.max(self.now);
                    self.look();
                }
                self.now = end;
                self.lived += step;
            }
            // Asleep or off.
            60..75 => {
                let step = self.chance.below(40 * DAY);
                self.now += step;
                self.lived += step;
            }
            // The clock is set, by hours or by years.
            75..80 => self.now += self.chance.below(4 * HOUR) - 2 * HOUR,
            80..82 => self.now += (self.chance.below(20) - 10) * 365 * DAY,
            // Restarted.
            82..90 => self.next = None,
            // A date changes.
            90..95 => {
                let place = self.any();
                if let Some(place) = place {
                    let now = self.now;
                    let at = now + self.chance.below(30 * DAY) - 5 * DAY;
                    let one = &mut self.all[place];
                    if one.at.0 != at {
                        *one = reminder(one.whose, one.deadline, at);
                    }
                    self.next = None;
                }
            }
            // Snoozed, or muted, or heard again.
            _ => {
                let (until, muted) = (self.now + self.chance.below(3 * DAY), self.chance.below(4));
                if let Some(place) = self.any() {
                    let one = &mut self.all[place];
                    one.snoozed = Some(Timestamp(until));
                    one.muted = [None, None, Some(Severity::Warning), Some(Severity::Critical)]
                        [usize::try_from(muted).expect("few")];
                    self.next = None;
                }
            }
        }
    }

    fn any(&mut self) -> Option<usize> {
        let many = i64::try_from(self.all.len()).expect("few");
        (many > 0).then(|| usize::try_from(self.chance.below(many)).expect("few"))
    }

    /// A look that is not killed, after which everything must have been told.
    fn settle(&mut self) {
        if self.next.is_some_and(|next| self.looked <= self.now && self.now < next) {
            let early = look(&self.all, self.quiet.as_ref(), Timestamp(self.now));
            assert_eq!(early.notices, [], "something was due before the moment that was told");
        }
        for _ in 0..40 {
            self.catch_up();
            self.look();
            if self.next.is_some() {
                break;
            }
        }
        self.catch_up();
    }

    /// The rules of the product, said another way than the program says them.
    fn check(&self, seed: u64) {
        let quiet = self.quiet.as_ref().and_then(|it| quiet_until(it, Timestamp(self.now)));
        for (place, one) in self.all.iter().enumerate() {
            let left = one.at.0 - self.now;
            let stage = if left > 7 * DAY {
                continue;
            } else if left > DAY {
                -7
            } else if left > 0 {
                -1
            } else {
                i32::try_from(-left / DAY).expect("not for ever")
            };
            let muted = match one.muted {
                None => false,
                Some(Severity::Warning) => stage == -7,
                Some(Severity::Critical) => true,
            };
            let until = one.snoozed.map_or(0, |until| until.0);
            let snoozed = until > self.now && until <= self.now + LONGEST_SNOOZE_S * 1000;
            let told = self.seen.contains_key(&(place, one.at.0, Stage(stage)));
            // Slept through: something more urgent was told, and not by a clock that ran ahead.
            let later = self
                .seen
                .keys()
                .any(|(of, at, seen)| (*of, *at) == (place, one.at.0) && seen.0 > stage);
            let passed = later && one.moment.is_some_and(|at| at.0 <= self.now + 7 * DAY);
            let may_wait = passed || quiet.is_some() || muted || snoozed;
            assert!(told || may_wait, "seed {seed}: stage {stage} was missed");
        }
        for (what, numbers) in &self.seen {
            assert_eq!(numbers.len(), 1, "seed {seed}: {what:?} was told twice");
        }
    }
}

#[test]
fn over_a_hundred_thousand_days_no_stage_is_missed_and_none_is_told_twice() {
    let (mut days, mut dates, mut notices, mut stages) = (0, 0, 0, 0);
    for seed in 0..400 {
        let mut world = World::new(seed);
        let credentials = i64::try_from(world.all.len()).expect("few");
        for _ in 0..200 {
            world.go();
            world.settle();
            world.check(seed);
        }
        days += world.lived / DAY;
        dates += world.lived / DAY * credentials;
        notices += world.notices;
        stages += world.seen.len();
    }
    assert!(days > 100_000 && dates > 500_000, "only {days} days, {dates} of a date, were played");
    assert!(notices > 10_000 && stages > 10_000, "{notices} notices of {stages} stages");
}
