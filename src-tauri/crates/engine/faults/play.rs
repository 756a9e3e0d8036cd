//! Plays one schedule: begins a run, kills the engine, starts it again from what was durable, lets time go
//! on, and does what a person would do, until the run has ended or needs somebody for good.

use futures_util::future::join;
use keyturn_engine::{
    Around, Asked, BeginFault, Rest, ask, begin, can_undo, drive, find_orphans, next_action,
    recover, remove_orphan, waits_for_word,
};
use keyturn_model::{
    BindingId, RunId, Timestamp,
    rotation::{JournalFault, Making, Next, State, Trouble, Wish},
};

use crate::{
    invariants,
    issuer::Issuing,
    schedule::Schedule,
    stage::{asked, block, engine, world_of},
    world::{Counts, World},
};

/// So often a run is taken up at most before it has to have come to an end.
const MOST_DRIVES: u32 = 600;
/// After so many the world is good again.
const QUIET_AFTER: u32 = 60;
const MOST_HELP: u32 = 8;

/// How a play ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Done,
    Undone,
    Revoked,
    Attention,
    Refused,
}

pub(crate) struct Played {
    pub(crate) end: End,
    pub(crate) counts: Counts,
    pub(crate) violations: Vec<String>,
    pub(crate) trace: Vec<String>,
    pub(crate) helped: u32,
    pub(crate) last: String,
}

struct Play {
    world: World,
    around: Around,
    asked: Asked,
    helped: u32,
}

/// Plays the schedule of a seed.
pub(crate) fn play(seed: u64, tracing: bool) -> Played {
    play_it(&Schedule::of(seed), tracing)
}

/// Plays a schedule.
pub(crate) fn play_it(schedule: &Schedule, tracing: bool) -> Played {
    let world = world_of(schedule, tracing);
    let around = engine(&world);
    let mut play = Play { asked: asked(schedule), world, around, helped: 0 };
    let end = play.through();
    let inner = play.world.inner();
    Played {
        end,
        counts: inner.counts,
        violations: inner.violations.clone(),
        trace: inner.trace.clone(),
        helped: play.helped,
        last: inner.store.runs.values().map(|run| format!("{:?}", run.trouble)).collect(),
    }
}

impl Play {
    fn through(&mut self) -> End {
        let Some(id) = self.begun() else { return End::Refused };
        for number in 0..MOST_DRIVES {
            if number == QUIET_AFTER {
                self.world.inner().quiet = true;
            }
            if !self.world.inner().violations.is_empty() {
                return End::Attention;
            }
            self.another_is_refused(number);
            let Some(rest) = self.driven(id, number) else { continue };
            match rest {
                Rest::Until(moment) => {
                    self.nothing_before_its_time(id, moment, number);
                    if self.says_that_it_was_taken_up(id) {
                        continue;
                    }
                    self.time_goes_on(moment.0);
                }
                Rest::Paused => self.wish(id, Wish::Resume),
                Rest::Driven => self.world.violated(6, "nobody drives it"),
                Rest::Done | Rest::Aborted | Rest::Revoked => return self.ended(id),
                Rest::NeedsAttention => {
                    invariants::all_keys_are_known(&mut self.world.inner());
                    if self.helped == MOST_HELP {
                        return self.ended(id);
                    }
                    self.help(id);
                }
            }
        }
        self.world.violated(8, "the run does not end");
        End::Attention
    }

    /// I6: while it is open there is no other one.
    fn another_is_refused(&mut self, number: u32) {
        if number % 5 != 2 || self.world.inner().store.open().is_none() {
            return;
        }
        match block(&self.world, begin(&self.around, &self.asked)) {
            Some(Ok(_)) => self.world.violated(6, "two runs are open"),
            Some(Err(_)) => {}
            None => self.restart(),
        }
    }

    fn begun(&mut self) -> Option<RunId> {
        for _ in 0..40 {
            let begun = block(&self.world, begin(&self.around, &self.asked));
            match begun {
                Some(Ok(id)) => return Some(id),
                Some(Err(BeginFault::Journal(JournalFault::Changed))) => {
                    return self.world.inner().store.open().map(|run| run.id);
                }
                Some(Err(BeginFault::Journal(_))) => self.time_goes_on(0),
                Some(Err(_)) => return None,
                None => self.restart(),
            }
        }
        None
    }

    /// The process begins anew with what was durable.
    fn restart(&mut self) {
        {
            let mut inner = self.world.inner();
            inner.dead = false;
            inner.received = None;
            inner.now += 30_000;
            if inner.tracing {
                inner.trace.push("--- killed, and started again".into());
            }
        }
        self.around = engine(&self.world);
    }

    fn driven(&mut self, id: RunId, number: u32) -> Option<Rest> {
        let twice = number % 7 == 3;
        let driven = if twice {
            // I6: two at the same time, and one of them has to leave it alone.
            let both = join(drive(&self.around, id), drive(&self.around, id));
            block(&self.world, both).map(|(one, other)| {
                self.world.inner().looked(6);
                if one == Ok(Rest::Driven) { other } else { one }
            })
        } else if number % 3 == 1 {
            let all = block(&self.world, recover(&self.around));
            all.map(|all| match all {
                Ok(all) => all
                    .into_iter()
                    .next()
                    .map_or_else(|| Ok(ended_as(&self.world, id)), |(_, rest)| rest),
                Err(fault) => Err(fault),
            })
        } else {
            block(&self.world, drive(&self.around, id))
        };
        match driven {
            None => {
                self.restart();
                None
            }
            Some(Ok(rest)) => Some(rest),
            Some(Err(JournalFault::Changed)) => {
                self.world.violated(6, "somebody else changed the run");
                None
            }
            Some(Err(_)) => {
                self.time_goes_on(0);
                None
            }
        }
    }

    fn time_goes_on(&self, moment: i64) {
        let mut inner = self.world.inner();
        let now = (inner.now + 1_000).max(moment);
        inner.now = now;
        for consumer in inner.consumers.values_mut() {
            consumer.time_goes_on(now);
        }
    }

    fn wish(&mut self, id: RunId, wish: Wish) {
        let Some(run) = self.world.inner().store.runs.get(&id).cloned() else { return };
        if block(&self.world, ask(&self.around, &run, wish)).is_none() {
            self.restart();
        }
    }

    /// What a careful person does.
    fn help(&mut self, id: RunId) {
        self.helped += 1;
        if self.helped > 3 {
            self.world.inner().quiet = true;
        }
        self.time_goes_on(0);
        if self.helped > 2 {
            self.mend_what_was_put_back();
        }
        let Some(run) = self.world.inner().store.runs.get(&id).cloned() else { return };
        let undoes = can_undo(&run) && self.world.inner().dice.percent(30);
        let wish = match next_action(&run) {
            _ if undoes => Wish::Undo,
            Some(Next::Undo) => Wish::Undo,
            Some(Next::GoOn | Next::MakeAnother) => Wish::Continue,
            Some(Next::LookAtIssuer) => {
                let mut inner = self.world.inner();
                let now = inner.now;
                for at in 0..inner.ledger.keys.len() {
                    let key = &inner.ledger.keys[at];
                    if key.ours && !inner.store.has(&key.value) {
                        inner.ledger.kill(at, now);
                    }
                }
                Wish::Continue
            }
            _ if self.helped > 5 => Wish::Continue,
            _ => Wish::Retry,
        };
        if let (Wish::Continue, Some(Trouble::NotTakenUp { binding })) = (wish, run.trouble) {
            self.takes_up(binding);
        }
        if self.world.inner().tracing {
            self.world.inner().trace.push(format!("help: {wish:?} for {:?}", run.trouble));
        }
        self.wish(id, wish);
    }

    /// They say that it was taken up because it was.
    fn takes_up(&self, binding: BindingId) {
        let [number, ..] = *binding.bytes();
        if let Some(consumer) = self.world.inner().consumers.get_mut(&number) {
            consumer.runs_with.clone_from(&consumer.there);
        }
    }

    /// A person who does not wait to be asked, and looks at the consumer before.
    fn says_that_it_was_taken_up(&mut self, id: RunId) -> bool {
        let waiting = {
            let mut inner = self.world.inner();
            let run = inner.store.runs.get(&id);
            let waiting = run.and_then(|run| run.bindings.iter().find(|it| waits_for_word(it)));
            waiting.map(|it| it.id).filter(|_| inner.put_back.is_none() && inner.dice.percent(20))
        };
        let Some(binding) = waiting else { return false };
        self.takes_up(binding);
        self.wish(id, Wish::TakenUp { binding });
        true
    }

    /// Whoever gave a consumer the other value gives it the current one.
    fn mend_what_was_put_back(&self) {
        let mut inner = self.world.inner();
        let Some(number) = inner.put_back.take() else { return };
        inner.schedule.put_back_at = None;
        let current = inner.store.current();
        if let Some(consumer) = inner.consumers.get_mut(&number) {
            consumer.there.clone_from(&current);
            consumer.runs_with = current;
        }
    }

    fn ended(&mut self, id: RunId) -> End {
        let Some(run) = self.world.inner().store.runs.get(&id).cloned() else {
            return End::Refused;
        };
        {
            let mut inner = self.world.inner();
            inner.quiet = true;
            inner.looked(8);
            invariants::all_keys_are_known(&mut inner);
            if run.state.is_end() {
                invariants::ended_well(&mut inner, &run);
            }
        }
        self.again_changes_nothing(id);
        match run.state {
            State::Done => self.orphans_can_be_removed(End::Done),
            State::Aborted => self.orphans_can_be_removed(End::Undone),
            State::Revoked => self.orphans_can_be_removed(End::Revoked),
            _ => End::Attention,
        }
    }

    /// I5: a run that waits does nothing before its time, however often it is taken up, by whomever.
    fn nothing_before_its_time(&mut self, id: RunId, moment: Timestamp, number: u32) {
        let asked = self.world.inner().store.wish.is_some();
        let waits =
            self.world.inner().store.runs.get(&id).is_some_and(|it| it.not_before == moment);
        if number % 4 == 1 && waits && !asked {
            let quiet = std::mem::replace(&mut self.world.inner().quiet, true);
            self.again_changes_nothing(id);
            self.world.inner().quiet = quiet;
        }
    }

    /// I5: recovery once is the same as five times.
    fn again_changes_nothing(&mut self, id: RunId) {
        let seen = |world: &World| {
            let mut inner = world.inner();
            inner.looked(5);
            let store = &inner.store;
            (format!("{:?}{:?}{:?}", store.runs, store.versions, store.orphans), inner.effects)
        };
        let wish = self.world.inner().store.wish.take();
        let before = seen(&self.world);
        for number in 0..5 {
            if number % 2 == 0 {
                self.around = engine(&self.world);
            }
            let _ = block(&self.world, recover(&self.around));
            let _ = block(&self.world, drive(&self.around, id));
        }
        if seen(&self.world) != before {
            self.world.violated(5, "recovery of a run that rests changes something");
        }
        self.world.inner().store.wish = wish;
    }

    /// Orphans that the issuer lists with our mark can be found and removed, and nothing else goes.
    fn orphans_can_be_removed(&mut self, end: End) -> End {
        let able = self.asked.abilities;
        if !(able.list && able.marks) || able.making != Making::Minted {
            return end;
        }
        let later = self.world.inner().now + 3_600_000;
        self.time_goes_on(later);
        let (issuer, account) = (Issuing(self.world.clone()), self.asked.account);
        let found = block(&self.world, find_orphans(&self.around, account, &issuer));
        for orphan in found.and_then(Result::ok).unwrap_or_default() {
            let _ = block(&self.world, remove_orphan(&self.around, &orphan, &issuer));
        }
        let mut inner = self.world.inner();
        let current = inner.store.current();
        inner.looked(1);
        if inner.ledger.live().any(|key| key.ours && key.value != current) {
            inner.violated(1, "an orphan with our mark cannot be removed");
        }
        end
    }
}

fn ended_as(world: &World, id: RunId) -> Rest {
    match world.inner().store.runs.get(&id).map(|run| run.state.clone()) {
        Some(State::Done) => Rest::Done,
        Some(State::Revoked) => Rest::Revoked,
        _ => Rest::Aborted,
    }
}
