//! The world around the engine: time, kills, faults, and what went wrong.

use std::{
    collections::BTreeMap,
    future::{pending, poll_fn},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use keyturn_model::{
    Clock, Timestamp,
    rotation::{Asked, Place, Side, State, Wish},
};

use crate::{
    consumer::Consumed,
    dice::Dice,
    ledger::Ledger,
    schedule::{Schedule, When},
    store::Store,
};

/// How often each invariant was looked at.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) invariants: [u64; 8],
    pub(crate) values: u64,
    pub(crate) kills: u64,
    pub(crate) faults: u64,
    pub(crate) calls: u64,
    pub(crate) meddled: u64,
    /// A bit for each state that was reached.
    pub(crate) reached: u32,
}

/// Everything that outlives the engine.
pub(crate) struct Inner {
    pub(crate) schedule: Schedule,
    pub(crate) dice: Dice,
    pub(crate) now: i64,
    pub(crate) calls: u64,
    pub(crate) dead: bool,
    /// No more kills and faults.
    pub(crate) quiet: bool,
    pub(crate) faults_left: u64,
    pub(crate) locked_until_call: u64,
    pub(crate) ledger: Ledger,
    pub(crate) consumers: BTreeMap<u8, Consumed>,
    pub(crate) store: Store,
    pub(crate) counts: Counts,
    pub(crate) violations: Vec<String>,
    pub(crate) trace: Vec<String>,
    pub(crate) tracing: bool,
    /// Changes outside, by us.
    pub(crate) effects: u64,
    /// Which consumer somebody else has given the value that it should not have any more.
    pub(crate) put_back: Option<u8>,
    /// A minted value that the engine has got and not yet put into the inbox.
    pub(crate) received: Option<String>,
    /// When the new value became the current one.
    pub(crate) cutover: Option<i64>,
    /// When the old key was switched off.
    pub(crate) switched_off: Option<i64>,
    /// At which call somebody else revoked the old value.
    pub(crate) meddled_at: u64,
    /// Somebody else revoked the old value.
    pub(crate) meddled: bool,
}

/// The world, shared by everything that plays a part in it.
#[derive(Clone)]
pub(crate) struct World(pub(crate) Arc<Mutex<Inner>>);

const MOST_CALLS: u64 = 20_000;

/// What happens to one call.
pub(crate) struct Gate {
    kill: Option<When>,
    /// Whether a fault is due.
    pub(crate) fault: bool,
}

impl World {
    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each call to the outside begins here.
    pub(crate) async fn enter(&self, what: &str, fault_percent: u64) -> Gate {
        // Somebody else may be quicker.
        let turns = self.inner().dice.below(3);
        for _ in 0..turns {
            yield_now().await;
        }
        let gate = {
            let mut inner = self.inner();
            if inner.dead { None } else { Some(inner.gate(what, fault_percent)) }
        };
        match gate {
            None => pending().await,
            Some(_) if self.inner().calls > MOST_CALLS => {
                self.inner().dead = true;
                pending().await
            }
            Some(gate) if gate.kill == Some(When::Before) => {
                self.inner().dead = true;
                pending().await
            }
            Some(gate) => gate,
        }
    }

    /// Each call ends here.
    pub(crate) async fn leave(&self, gate: &Gate) {
        if gate.kill.is_some() {
            self.inner().dead = true;
        }
        if self.inner().dead {
            pending::<()>().await;
        }
    }

    pub(crate) fn violated(&self, invariant: usize, what: impl Into<String>) {
        self.inner().violated(invariant, what);
    }
}

impl Inner {
    /// I8: a run has an end.
    fn too_many(&mut self) {
        if self.calls == MOST_CALLS {
            self.violated(8, "the run does not end");
        }
    }

    fn gate(&mut self, what: &str, fault_percent: u64) -> Gate {
        self.calls += 1;
        self.counts.calls += 1;
        self.too_many();
        if what != "inbox" && self.received.is_some() {
            self.violated(1, format!("{what} comes before the inbox"));
        }
        let kill = (!self.quiet).then(|| self.schedule.kill_at(self.calls)).flatten();
        self.counts.kills += u64::from(kill.is_some());
        self.somebody_asks();
        let due = !self.quiet
            && self.faults_left > 0
            && self.dice.percent(fault_percent * self.schedule.fault_percent / 100);
        if due {
            self.faults_left -= 1;
            self.counts.faults += 1;
        }
        self.meddle();
        if self.tracing {
            let note = format!("{} {what} kill {kill:?} fault {due}", self.calls);
            self.trace.push(note);
        }
        Gate { kill, fault: due }
    }

    /// A person may ask for something at any time; they answer a question only when they have seen it.
    fn somebody_asks(&mut self) {
        let Some(wish) = self.schedule.wish_at(self.calls).filter(|_| !self.quiet) else { return };
        let Some(run) = self.store.open() else { return };
        if !matches!(run.state, State::NeedsAttention { .. }) {
            self.store.wish = Some(Asked { wish, seen: run.revision, by: String::new() });
        }
    }

    /// Other people use the same issuer.
    fn meddle(&mut self) {
        if self.schedule.foreign_at == Some(self.calls) {
            let dice = &mut self.dice;
            let mark = dice.percent(30).then(|| format!("keyturn-{:032x}-1", dice.next()));
            self.ledger.foreign(mark, self.now);
        }
        if self.schedule.revoked_at == Some(self.calls) {
            self.meddled = true;
            self.meddled_at = self.calls;
            self.counts.meddled += 1;
            let old = self.store.old_value();
            self.ledger.kill_value(&old, self.now);
        }
        if self.schedule.put_back_at.is_some_and(|at| at <= self.calls) && self.put_back.is_none() {
            self.put_back();
        }
    }

    /// Somebody gives a consumer the other value, where a run believes that it is done with it.
    fn put_back(&mut self) {
        let Some(run) = self.store.open().filter(|run| run.abilities.making.overlaps()) else {
            return;
        };
        let (side, other) = match run.state {
            State::Grace { .. } if self.store.wish.is_none() => {
                (Side::New, Some(self.store.old_value()))
            }
            State::Restore | State::StepBack => {
                let new = self.store.versions.iter().rev().find(|it| it.run == Some(run.id));
                (Side::Old, new.map(|it| it.value.clone()))
            }
            _ => return,
        };
        let done = run.bindings.iter().find(|it| it.place == Place::Confirmed(side));
        let number = done.map(|it| it.id.bytes()[0]);
        let consumer = number.and_then(|number| self.consumers.get_mut(&number));
        if let (Some(consumer), Some(other)) = (consumer, other) {
            self.put_back = number;
            consumer.there.clone_from(&other);
            consumer.runs_with = other;
        }
    }

    pub(crate) fn violated(&mut self, invariant: usize, what: impl Into<String>) {
        let what = what.into();
        if self.tracing {
            self.trace.push(format!("VIOLATION I{invariant}: {what}"));
        }
        self.violations.push(format!("I{invariant}: {what}"));
    }

    pub(crate) fn looked(&mut self, invariant: usize) {
        self.counts.invariants[invariant - 1] += 1;
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp(self.inner().now)
    }
}

/// Lets others go first, once.
pub(crate) async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A wish that may come at any time.
pub(crate) const WISHES: [Wish; 6] =
    [Wish::Undo, Wish::Undo, Wish::Pause, Wish::Resume, Wish::Retry, Wish::Continue];
