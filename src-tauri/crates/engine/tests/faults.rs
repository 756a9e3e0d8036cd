//! Rotations that are killed and that fail: a few thousand of what `npm run faults` plays.
#![allow(clippy::expect_used, dead_code, reason = "a test ends where it cannot go on")]

#[path = "../faults/consumer.rs"]
mod consumer;
#[path = "../faults/dice.rs"]
mod dice;
#[path = "../faults/invariants.rs"]
mod invariants;
#[path = "../faults/issuer.rs"]
mod issuer;
#[path = "../faults/journal.rs"]
mod journal;
#[path = "../faults/ledger.rs"]
mod ledger;
#[path = "../faults/play.rs"]
mod play;
#[path = "../faults/schedule.rs"]
mod schedule;
#[path = "../faults/stage.rs"]
mod stage;
#[path = "../faults/store.rs"]
mod store;
#[path = "../faults/summary.rs"]
mod summary;
#[path = "../faults/world.rs"]
mod world;

use std::task::{Context, Waker};

use keyturn_engine::{
    Driven, Looked, Rest, ask, begin, can_undo, drive, dry_run, next_action, try_old,
};
use keyturn_model::{
    RunId, Timestamp,
    rotation::{
        Binding, Held, Issuer, Making, Next, Order, Outcome, Place, Reload, Run, Side, State,
        Trouble, Why, Wish,
    },
    setup::Looks,
};

use journal::STATES;
use play::{End, play, play_it};
use schedule::{Schedule, When};
use stage::{asked, block, engine, engine_beside, world_of};
use store::value;
use summary::Summary;
use world::World;

const EVERY: [Making; 4] = [Making::Added, Making::Replaced, Making::Minted, Making::Regenerated];

#[test]
fn no_key_is_lost_and_none_is_left_unknown() {
    let mut summary = Summary::default();
    // The last one found that an attempt after a settled one was not entered as an orphan.
    for seed in (0..3_000).chain([12_000_061_245]) {
        let played = play(seed, false);
        assert!(played.violations.is_empty(), "--only {seed}: {:?}", played.violations);
        summary.add(&played);
    }
    assert!(summary.ended(End::Done) > 1_000, "{summary}");
    assert!(summary.ended(End::Undone) > 500, "{summary}");
    assert!(summary.kills() > 1_500, "{summary}");
    assert_eq!(summary.reached(), STATES, "{summary}");
}

#[test]
fn a_seed_plays_the_same_again() {
    for seed in [3, 77, 1_234] {
        assert_eq!(play(seed, true).trace, play(seed, true).trace);
    }
}

/// Nothing goes wrong, and nobody does anything.
fn calm(making: Making) -> Schedule {
    let mut calm = Schedule::of(1);
    calm.abilities.making = making;
    calm.abilities.verify = true;
    calm.abilities.list = making.overlaps();
    calm.abilities.marks = true;
    calm.abilities.last_used = false;
    calm.abilities.deactivate = making == Making::Minted;
    calm.abilities.propagation_s = 0;
    calm.abilities.most_live = None;
    calm.abilities.same_answer_s = 0;
    Schedule {
        reloads: vec![(Reload::Live, true), (Reload::Restart, true), (Reload::Restart, false)],
        at_once: 2,
        grace_s: 3_600,
        consent: true,
        kills: Vec::new(),
        fault_percent: 0,
        most_faults: 0,
        wishes: Vec::new(),
        foreign: 1,
        foreign_at: None,
        revoked_at: None,
        put_back_at: None,
        used_until_s: 0,
        order: Order::Usual,
        ..calm
    }
}

#[test]
fn when_nothing_goes_wrong_every_run_is_done_without_help() {
    for making in EVERY {
        for (propagation_s, reload) in [(0, Reload::Live), (300, Reload::NextRun)] {
            let mut schedule = calm(making);
            schedule.abilities.propagation_s = propagation_s;
            schedule.reloads.push((reload, true));
            let played = play_it(&schedule, true);
            assert_eq!((played.end, played.helped), (End::Done, 0), "{:#?}", played.trace);
            assert!(played.violations.is_empty(), "{:?}", played.violations);
        }
    }
}

#[test]
fn a_kill_at_any_call_changes_nothing_about_how_a_run_ends() {
    for making in EVERY {
        let mut schedule = calm(making);
        schedule.abilities.propagation_s = 60;
        schedule.reloads.push((Reload::NextRun, true));
        let calls = play_it(&schedule, false).counts.calls;
        assert!(calls > 40, "{making:?} takes {calls} calls");
        for call in 1..=calls {
            for when in [When::Before, When::After] {
                schedule.kills = vec![(call, when)];
                let played = play_it(&schedule, false);
                let told = format!("{making:?} killed {when:?} call {call}");
                assert!(played.violations.is_empty(), "{told}: {:?}", played.violations);
                assert_eq!((played.end, played.helped), (End::Done, 0), "{told}: {}", played.last);
            }
        }
    }
}

#[test]
fn a_second_kill_during_recovery_loses_nothing() {
    for making in EVERY {
        let mut schedule = calm(making);
        let calls = play_it(&schedule, false).counts.calls;
        for first in 1..=calls {
            for later in 1..12 {
                schedule.kills = vec![(first, When::After), (first + later, When::After)];
                let played = play_it(&schedule, false);
                let told = format!("{making:?} killed after calls {first} and {later} later");
                assert!(played.violations.is_empty(), "{told}: {:?}", played.violations);
                assert_eq!((played.end, played.helped), (End::Done, 0), "{told}: {}", played.last);
            }
        }
    }
}

/// Begun, and driven until it rests.
fn begun(schedule: &Schedule) -> (World, keyturn_engine::Around, RunId, Rest) {
    let world = world_of(schedule, false);
    let around = engine(&world);
    let id = block(&world, begin(&around, &asked(schedule))).expect("alive").expect("begun");
    let rest = block(&world, drive(&around, id)).expect("alive").expect("driven");
    (world, around, id, rest)
}

fn run(world: &World, id: RunId) -> Run {
    world.inner().store.runs.get(&id).expect("kept").clone()
}

fn goes_on(world: &World, around: &keyturn_engine::Around, id: RunId) -> Rest {
    block(world, drive(around, id)).expect("alive").expect("driven")
}

/// Time goes on until a person is needed or it has ended.
fn in_the_end(world: &World, around: &keyturn_engine::Around, id: RunId, mut rest: Rest) -> Rest {
    while let Rest::Until(moment) = rest {
        world.inner().now = moment.0;
        rest = goes_on(world, around, id);
    }
    rest
}

fn says(world: &World, around: &keyturn_engine::Around, id: RunId, wish: Wish) -> Rest {
    block(world, ask(around, &run(world, id), wish)).expect("alive").expect("kept");
    goes_on(world, around, id)
}

#[test]
fn the_old_value_works_until_the_grace_period_ends() {
    let (world, around, id, rest) = begun(&calm(Making::Minted));
    let State::Grace { until } = run(&world, id).state else { panic!("{rest:?}") };
    assert_eq!(rest, Rest::Until(until));
    assert!(world.inner().ledger.live_value("old value").is_some());
    // Also for an engine that begins anew.
    let around_anew = engine(&world);
    world.inner().now = until.0 - 1;
    assert_eq!(goes_on(&world, &around_anew, id), Rest::Until(until));
    world.inner().now = until.0;
    assert_eq!(goes_on(&world, &around, id), Rest::Done);
    assert!(world.inner().ledger.live_value("old value").is_none());
}

const HOUR: i64 = 3_600_000;
const YEAR: i64 = 365 * 24 * HOUR;

#[test]
fn a_grace_period_is_neither_shorter_nor_endless_when_the_clock_is_turned_back() {
    for back in [YEAR, 2 * HOUR] {
        let (world, around, id, _) = begun(&calm(Making::Minted));
        // Only the clock here was wrong.
        let now = {
            let mut inner = world.inner();
            inner.now -= back;
            inner.cutover = Some(inner.now);
            for key in &mut inner.ledger.keys {
                key.shows_before_until -= back;
            }
            inner.now
        };
        let until = Timestamp(now + HOUR);
        assert_eq!(goes_on(&world, &around, id), Rest::Until(until));
        assert_eq!(run(&world, id).state, State::Grace { until });
        world.inner().now = until.0 - 1;
        assert_eq!(goes_on(&world, &engine(&world), id), Rest::Until(until));
        assert!(world.inner().ledger.live_value("old value").is_some());
        world.inner().now = until.0;
        assert_eq!(goes_on(&world, &around, id), Rest::Done);
        assert!(world.inner().violations.is_empty(), "{:?}", world.inner().violations);
    }
}

#[test]
fn nothing_is_waited_for_until_a_clock_that_was_wrong_would_say_so() {
    let mut schedule = calm(Making::Added);
    schedule.reloads = vec![(Reload::NextRun, true)];
    let (world, around, id, rest) = begun(&schedule);
    let Rest::Until(_) = rest else { panic!("{rest:?}") };
    let now = world.inner().now;
    // It leaps ahead, is looked at, and is set right.
    world.inner().now = now + YEAR;
    let ahead = goes_on(&world, &around, id);
    assert!(matches!(ahead, Rest::Until(moment) if moment.0 > now + YEAR), "{ahead:?}");
    world.inner().now = now + HOUR / 2;
    let right = goes_on(&world, &around, id);
    assert!(matches!(right, Rest::Until(moment) if moment.0 <= now + 2 * HOUR), "{right:?}");
    assert!(world.inner().ledger.live_value("old value").is_some());
}

#[test]
fn a_consumer_that_is_not_well_is_looked_at_as_often_and_as_soon_as_its_check_says() {
    let mut schedule = calm(Making::Minted);
    schedule.reloads = vec![(Reload::Live, true)];
    let world = world_of(&schedule, false);
    for consumer in world.inner().consumers.values_mut() {
        consumer.ill = true;
    }
    let around = engine(&world);
    let mut asked = asked(&schedule);
    for binding in &mut asked.bindings {
        binding.uptake.looks = Looks { timeout_s: 1, retries: 3, interval_s: 4 };
    }
    let id = block(&world, begin(&around, &asked)).expect("alive").expect("begun");
    let mut waits = Vec::new();
    while let Rest::Until(moment) = goes_on(&world, &around, id)
        && run(&world, id).state == State::Deliver
    {
        let mut inner = world.inner();
        waits.push((moment.0 - inner.now) / 1000);
        inner.now = moment.0;
    }
    let [first, rest @ ..] = waits.as_slice() else { panic!("it was not looked at again") };
    assert!((2..=4).contains(first), "{waits:?}");
    // Looked at four times, and once more waited before it is undone.
    assert_eq!(rest, [4, 4, 4]);
}

#[test]
fn a_run_is_rolled_back_by_one_wish_while_the_old_value_lives() {
    for making in [Making::Added, Making::Minted] {
        let (world, around, id, _) = begun(&calm(making));
        assert_ne!(world.inner().store.current(), "old value");
        assert!(can_undo(&run(&world, id)));
        assert_eq!(says(&world, &around, id, Wish::Undo), Rest::Aborted);
        let seen = |it: &Binding| it.place == Place::Confirmed(Side::Old);
        assert!(run(&world, id).bindings.iter().all(seen));
        let inner = world.inner();
        assert_eq!(inner.store.current(), "old value");
        assert!(inner.consumers.values().all(|it| it.runs_with == "old value"));
        assert_eq!(inner.ledger.live().filter(|key| key.ours).count(), 1);
        assert!(inner.violations.is_empty(), "{:?}", inner.violations);
    }
}

#[test]
fn the_new_key_stays_while_somebody_has_given_it_to_a_consumer_again() {
    for making in [Making::Added, Making::Minted] {
        let (world, around, id, _) = begun(&calm(making));
        block(&world, ask(&around, &run(&world, id), Wish::Undo)).expect("alive").expect("kept");
        world.inner().schedule.put_back_at = Some(0);
        let rest = goes_on(&world, &around, id);
        assert!(matches!(rest, Rest::Until(_)), "{rest:?}");
        assert_eq!(in_the_end(&world, &around, id, rest), Rest::NeedsAttention);
        assert!(matches!(run(&world, id).trouble, Some(Trouble::NotTakenUp { .. })));
        assert_eq!(world.inner().ledger.live().filter(|key| key.ours).count(), 2);
        for consumer in world.inner().consumers.values_mut() {
            consumer.there = "old value".into();
            consumer.runs_with = "old value".into();
        }
        world.inner().schedule.put_back_at = None;
        assert_eq!(says(&world, &around, id, Wish::Retry), Rest::Aborted);
        let inner = world.inner();
        assert_eq!(inner.ledger.live().filter(|key| key.ours).count(), 1);
        assert!(inner.violations.is_empty(), "{:?}", inner.violations);
    }
}

#[test]
fn where_the_old_value_died_of_the_new_one_a_person_is_asked_before_anybody_gets_it() {
    let mut schedule = calm(Making::Minted);
    let dies_at = |at| Schedule { revoked_at: Some(at), ..calm(Making::Minted) };
    let stopped = (1..60).find_map(|at| {
        let (world, around, id, rest) = begun(&dies_at(at));
        let verifies = *run(&world, id).state.place() == State::Verify;
        (verifies && rest == Rest::NeedsAttention).then_some((world, around, id))
    });
    let (world, around, id) = stopped.expect("it dies between the new value and its delivery");
    let asked = run(&world, id);
    assert_eq!((asked.trouble, next_action(&asked)), (Some(Trouble::OldRefused), Some(Next::GoOn)));
    assert!(asked.bindings.iter().all(|it| it.place == Place::Untouched));
    let rest = says(&world, &around, id, Wish::Continue);
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::Done, "nobody is asked twice");
    schedule.abilities.verify = false;
    schedule.abilities.list = false;
    let (world, _, id, _) = begun(&schedule);
    assert!(matches!(run(&world, id).state, State::Grace { .. }), "where nobody can be asked");
}

#[test]
fn a_paused_run_revokes_nothing_until_it_may_go_on() {
    let (world, around, id, _) = begun(&calm(Making::Minted));
    assert_eq!(says(&world, &around, id, Wish::Pause), Rest::Paused);
    world.inner().now += 90 * 24 * 3_600_000;
    assert_eq!(goes_on(&world, &around, id), Rest::Paused);
    assert!(world.inner().ledger.live_value("old value").is_some());
    assert_eq!(says(&world, &around, id, Wish::Resume), Rest::Done);
}

#[test]
fn what_the_old_key_signed_may_come_in_for_the_grace_period_after_it_was_switched_off() {
    let mut schedule = calm(Making::Minted);
    schedule.abilities.lingers = true;
    let (world, around, id, rest) = begun(&schedule);
    let now = world.inner().now;
    assert_eq!(run(&world, id).state, State::Revoke, "nobody waits before it is switched off");
    assert!(!can_undo(&run(&world, id)));
    assert_eq!(rest, Rest::Until(Timestamp(now + HOUR)));
    let effects = world.inner().effects;
    world.inner().now = now + HOUR - 1000;
    assert_eq!(goes_on(&world, &around, id), Rest::Until(Timestamp(now + HOUR)));
    assert_eq!(world.inner().effects, effects, "it is not deleted");
    world.inner().now = now + HOUR;
    let rest = goes_on(&world, &around, id);
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::Done);
}

#[test]
fn a_run_whose_call_is_under_way_is_driven_by_nobody_else_in_the_process() {
    let world = world_of(&calm(Making::Minted), false);
    let driven = Driven::default();
    let [locked, unlocked] = [(), ()].map(|()| engine_beside(&world, driven.clone()));
    let id = block(&world, begin(&locked, &asked(&calm(Making::Minted)))).expect("alive").unwrap();
    let mut under_way = Box::pin(drive(&locked, id));
    assert!(under_way.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(goes_on(&world, &unlocked, id), Rest::Driven);
    drop(under_way);
    assert!(matches!(goes_on(&world, &unlocked, id), Rest::Until(_)));
}

#[test]
fn an_issuer_that_makes_values_in_another_way_than_the_plan_said_is_not_called() {
    let (world, around, id, _) = begun(&calm(Making::Minted));
    let effects = world.inner().effects;
    world.inner().schedule.abilities.making = Making::Regenerated;
    world.inner().now += 2 * HOUR;
    assert_eq!(goes_on(&world, &around, id), Rest::NeedsAttention);
    assert_eq!(run(&world, id).trouble, Some(Trouble::Issuer { why: Why::NotSetUp }));
    assert_eq!(world.inner().effects, effects);
}

#[test]
fn where_the_old_value_dies_first_somebody_has_to_agree() {
    let schedule = Schedule { consent: false, ..calm(Making::Regenerated) };
    let world = world_of(&schedule, false);
    let refused = block(&world, begin(&engine(&world), &asked(&schedule))).expect("alive");
    assert_eq!(refused, Err(keyturn_engine::BeginFault::NoConsent));
    let (world, _, id, _) = begun(&Schedule { consent: true, ..schedule });
    assert!(!can_undo(&run(&world, id)));
}

#[test]
fn without_room_for_a_key_nothing_is_changed() {
    let mut schedule = calm(Making::Minted);
    schedule.abilities.most_live = Some(2);
    let (world, _, id, rest) = begun(&schedule);
    assert_eq!(rest, Rest::Aborted);
    let run = run(&world, id);
    assert_eq!((run.trouble, next_action(&run)), (Some(Trouble::NoRoom), Some(Next::BeginAnew)));
    assert_eq!(world.inner().effects, 0);
}

#[test]
fn the_new_value_has_to_be_taken_up_before_the_old_one_is_revoked() {
    let mut schedule = calm(Making::Added);
    schedule.grace_s = 0;
    schedule.reloads = vec![(Reload::Manual, true)];
    let (world, around, id, rest) = begun(&schedule);
    let Rest::Until(_) = rest else { panic!("{rest:?}") };
    world.inner().now += 3_600_000;
    let rest = goes_on(&world, &around, id);
    assert!(matches!(rest, Rest::Until(_)), "{rest:?}");
    assert!(world.inner().ledger.live_value("old value").is_some());
    for consumer in world.inner().consumers.values_mut() {
        consumer.runs_with.clone_from(&consumer.there);
    }
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::Done);
}

#[test]
fn a_person_can_say_at_any_time_that_a_consumer_was_restarted() {
    let mut schedule = calm(Making::Added);
    schedule.grace_s = 0;
    schedule.reloads = vec![(Reload::Manual, true)];
    let (world, around, id, rest) = begun(&schedule);
    let Rest::Until(later) = rest else { panic!("{rest:?}") };
    let [waiting] = &run(&world, id).bindings[..] else { panic!("one consumer") };
    assert!(keyturn_engine::waits_for_word(waiting));
    for consumer in world.inner().consumers.values_mut() {
        consumer.runs_with.clone_from(&consumer.there);
    }
    let rest = says(&world, &around, id, Wish::TakenUp { binding: waiting.id });
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::Done);
    assert!(world.inner().now < later.0, "nobody waited for the next look");
    // Afterwards there is nothing that could be said.
    assert!(!run(&world, id).bindings.iter().any(keyturn_engine::waits_for_word));
}

#[test]
fn what_still_uses_the_old_value_keeps_it_alive_until_a_person_decides() {
    let mut schedule = calm(Making::Minted);
    schedule.abilities.last_used = true;
    schedule.used_until_s = i64::MAX / 2_000;
    let (world, around, id, rest) = begun(&schedule);
    let rest = in_the_end(&world, &around, id, rest);
    assert_eq!(rest, Rest::NeedsAttention);
    assert_eq!(run(&world, id).trouble, Some(Trouble::StillUsed));
    assert!(world.inner().ledger.live_value("old value").is_some());
    let rest = says(&world, &around, id, Wish::Continue);
    let rest = in_the_end(&world, &around, id, rest);
    assert_eq!(rest, Rest::Done);
    assert!(world.inner().ledger.live_value("old value").is_none());
}

#[test]
fn a_dry_run_looks_at_everything_for_real_and_changes_nothing() {
    let schedule = calm(Making::Minted);
    let (world, around, ..) = begun(&schedule);
    let changes = || {
        let inner = world.inner();
        (inner.effects, inner.store.log.len())
    };
    let before = changes();
    let issuer: std::sync::Arc<dyn Issuer> = std::sync::Arc::new(issuer::Issuing(world.clone()));
    let old = Held { key: "AK0".into(), value: value("old value") };
    let asked = asked(&schedule);
    let dry =
        block(&world, dry_run(&around, &asked, issuer, &old)).expect("alive").expect("a plan");
    assert_eq!(changes(), before);
    // Those that can be read back have the new value; of the third nobody can tell.
    let bad = dry.checks.iter().filter(|it| matches!(it.looked, Looked::Bad(_))).count();
    let could_not = dry.checks.iter().filter(|it| matches!(it.looked, Looked::CouldNot)).count();
    assert_eq!((bad, could_not, dry.is_good()), (2, 1, false), "{:?}", dry.checks);
    assert!(!dry.plan.needs_consent);
}

#[test]
fn a_place_that_is_not_there_yet_is_made_and_that_is_said_before() {
    let schedule = calm(Making::Minted);
    let world = world_of(&schedule, false);
    for consumer in world.inner().consumers.values_mut() {
        consumer.there.clear();
    }
    let around = engine(&world);
    let issuer: std::sync::Arc<dyn Issuer> = std::sync::Arc::new(issuer::Issuing(world.clone()));
    let old = Held { key: "AK0".into(), value: value("old value") };
    let asked = asked(&schedule);
    let dry =
        block(&world, dry_run(&around, &asked, issuer, &old)).expect("alive").expect("a plan");
    let made = dry.checks.iter().filter(|it| matches!(it.looked, Looked::WillBeMade)).count();
    assert_eq!((made, dry.is_good()), (2, true), "{:?}", dry.checks);
    let id = block(&world, begin(&around, &asked)).expect("alive").expect("begun");
    let rest = block(&world, drive(&around, id)).expect("alive").expect("driven");
    assert!(matches!(run(&world, id).state, State::Grace { .. }), "{rest:?}");
}

/// The same, in an emergency.
fn urgent(making: Making, order: Order) -> Schedule {
    Schedule { order, ..calm(making) }
}

#[test]
fn in_an_emergency_the_old_value_is_refused_before_anybody_gets_the_new_one() {
    for making in EVERY {
        let played = play_it(&urgent(making, Order::RevokeFirst), true);
        assert_eq!((played.end, played.helped), (End::Done, 0), "{:#?}", played.trace);
        assert!(played.violations.is_empty(), "{:?}", played.violations);
        let at = |what: &str| {
            played.trace.iter().position(|line| line.contains(what)).expect("it happens")
        };
        let proven = at("rotation.revocation_looked_at");
        assert!(proven < at("deliver"), "{making:?}: {:#?}", played.trace);
        if making.overlaps() {
            assert!(at("delete") < proven);
        }
    }
}

#[test]
fn in_an_emergency_nothing_waits_for_a_grace_period_or_for_who_takes_it_up_later() {
    for order in [Order::RotateFirst, Order::RevokeFirst] {
        let mut schedule = urgent(Making::Minted, order);
        schedule.abilities.last_used = true;
        schedule.used_until_s = 400_000;
        schedule.reloads.push((Reload::NextRun, true));
        let (world, _, id, rest) = begun(&schedule);
        assert_eq!(rest, Rest::Done, "{order:?}");
        let run = run(&world, id);
        assert!(run.refused.is_some() && run.revoked, "{run:?}");
        assert!(world.inner().ledger.live_value("old value").is_none());
        assert!(world.inner().violations.is_empty(), "{:?}", world.inner().violations);
    }
}

#[test]
fn where_there_is_no_room_for_a_new_key_the_old_one_goes_and_makes_it() {
    let mut schedule = urgent(Making::Minted, Order::RevokeFirst);
    schedule.foreign = 0;
    schedule.abilities.most_live = Some(1);
    let (world, _, id, rest) = begun(&schedule);
    assert_eq!(rest, Rest::Done);
    assert!(run(&world, id).promoted);
    let inner = world.inner();
    assert!(inner.ledger.live_value("old value").is_none());
    assert!(inner.ledger.live_value(&inner.store.current()).is_some());
}

#[test]
fn where_no_key_can_be_made_at_all_the_old_one_is_gone_and_a_person_says_what_becomes_of_it() {
    let mut schedule = urgent(Making::Minted, Order::RevokeFirst);
    schedule.abilities.most_live = Some(0);
    let (world, around, id, rest) = begun(&schedule);
    assert_eq!(rest, Rest::NeedsAttention);
    let stopped = run(&world, id);
    assert_eq!(*stopped.state.place(), State::Create);
    assert!(stopped.revoked && stopped.refused.is_some());
    assert_eq!(stopped.outcome(), Outcome::RevokedVerified);
    assert!(world.inner().ledger.live_value("old value").is_none());
    assert!(can_undo(&stopped));
    assert_eq!(says(&world, &around, id, Wish::Undo), Rest::Revoked);
    assert!(world.inner().violations.is_empty(), "{:?}", world.inner().violations);
}

#[test]
fn what_is_only_revoked_ends_without_a_new_value() {
    for making in [Making::Added, Making::Minted] {
        let (world, _, id, rest) = begun(&urgent(making, Order::RevokeOnly));
        assert_eq!(rest, Rest::Revoked);
        assert_eq!(run(&world, id).outcome(), Outcome::RevokedVerified);
        let inner = world.inner();
        assert_eq!(inner.ledger.live().filter(|key| key.ours).count(), 0);
        assert_eq!(inner.store.current(), "old value");
    }
}

#[test]
fn a_rotation_in_its_grace_period_is_made_to_revoke_at_once() {
    let (world, around, id, rest) = begun(&calm(Making::Minted));
    assert!(matches!(rest, Rest::Until(_)));
    let hasten = Wish::Hasten { order: Order::RevokeFirst };
    assert_eq!(says(&world, &around, id, hasten), Rest::Done);
    assert!(run(&world, id).refused.is_some());
    assert!(world.inner().ledger.live_value("old value").is_none());
}

#[test]
fn a_rotation_that_stopped_at_a_consumer_revokes_when_it_is_made_to_hasten() {
    let mut schedule = calm(Making::Minted);
    schedule.order = Order::RotateFirst;
    schedule.reloads = vec![(Reload::Live, true)];
    let world = world_of(&schedule, false);
    for consumer in world.inner().consumers.values_mut() {
        consumer.ill = true;
    }
    let around = engine(&world);
    let id = block(&world, begin(&around, &asked(&schedule))).expect("alive").expect("begun");
    let rest = goes_on(&world, &around, id);
    // In an emergency nothing goes back by itself.
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::NeedsAttention);
    assert_eq!(*run(&world, id).state.place(), State::Deliver);
    assert!(world.inner().ledger.live_value("old value").is_some());
    let rest = says(&world, &around, id, Wish::Hasten { order: Order::RevokeFirst });
    assert_eq!(in_the_end(&world, &around, id, rest), Rest::NeedsAttention);
    assert!(run(&world, id).refused.is_some());
    assert!(world.inner().ledger.live_value("old value").is_none());
    assert!(!can_undo(&run(&world, id)));
}

#[test]
fn an_emergency_never_gives_up_by_itself() {
    let mut schedule = urgent(Making::Replaced, Order::RevokeFirst);
    schedule.fault_percent = 100;
    schedule.most_faults = u64::MAX;
    for seed in 0..50 {
        schedule.seed = seed;
        let (world, around, id, rest) = begun_or_not(&schedule);
        let Some(id) = id else { continue };
        let mut rest = rest;
        for _ in 0..40 {
            let Rest::Until(moment) = rest else { break };
            world.inner().now = moment.0;
            rest = block(&world, drive(&around, id)).and_then(Result::ok).unwrap_or(rest);
        }
        assert_ne!(rest, Rest::Aborted, "seed {seed}");
    }
}

/// The same where anything may fail.
fn begun_or_not(schedule: &Schedule) -> (World, keyturn_engine::Around, Option<RunId>, Rest) {
    let world = world_of(schedule, false);
    let around = engine(&world);
    let id = block(&world, begin(&around, &asked(schedule))).and_then(Result::ok);
    let rest = id.and_then(|id| block(&world, drive(&around, id))).and_then(Result::ok);
    (world, around, id, rest.unwrap_or(Rest::Until(Timestamp(0))))
}

#[test]
fn an_old_value_is_tried_again_at_any_time_and_what_was_seen_is_kept() {
    let (world, around, id, rest) = begun(&urgent(Making::Minted, Order::RevokeFirst));
    assert_eq!(rest, Rest::Done);
    let seen = run(&world, id).refused;
    assert_eq!(block(&world, try_old(&around, id)).expect("alive").expect("asked"), Some(true));
    assert_eq!(run(&world, id).refused, seen);
    // Somebody at the issuer switches it on again.
    let mut inner = world.inner();
    for key in &mut inner.ledger.keys {
        if key.value == "old value" {
            (key.dead, key.active, key.shows_before_until) = (false, true, 0);
        }
    }
    drop(inner);
    assert_eq!(block(&world, try_old(&around, id)).expect("alive").expect("asked"), Some(false));
    assert_eq!(run(&world, id).refused, None);
    assert_eq!(run(&world, id).outcome(), Outcome::Unknown);
}
