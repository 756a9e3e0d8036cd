//! I1 to I8 of the engine, held against what is true at issuer and consumers.

use keyturn_model::rotation::{Making, Place, Reload, Run, Side, State};

use crate::{
    consumer::Consumed,
    store::{Staged, Store, Version},
    world::Inner,
};

fn new_of<'a>(store: &'a Store, run: &Run) -> Option<&'a Version> {
    store.versions.iter().rev().find(|it| it.run == Some(run.id))
}

/// I2: whatever happens, a value that works is kept.
pub(crate) fn one_that_works_is_kept(inner: &mut Inner) {
    inner.looked(2);
    // Whoever revokes first goes without for a while, or for good.
    if inner.store.runs.values().any(|run| run.order.revokes_first()) {
        return;
    }
    if inner.meddled || inner.schedule.abilities.making == Making::Regenerated {
        return;
    }
    let kept = inner.ledger.live().any(|key| key.ours && key.active && inner.store.has(&key.value));
    if !kept {
        inner.violated(2, "no value that is kept is accepted");
    }
}

/// I7: a chosen value is kept before it is sent.
pub(crate) fn put_was_intended(inner: &mut Inner, chosen: &str) {
    inner.looked(7);
    let Some(run) = inner.store.open().cloned() else {
        return inner.violated(7, "a value is sent without a run");
    };
    let new = new_of(&inner.store, &run);
    let is_new = new.is_some_and(|it| it.value == chosen && it.stage == Staged::Pending);
    let intended = match run.state {
        State::Create => is_new,
        State::Reinstate => inner.store.old_value() == chosen,
        _ => false,
    };
    if !intended {
        inner.violated(7, format!("a value is sent at {:?}", run.state));
    }
}

/// I3, I4 and I7: what is revoked was meant to be, is ours, and nobody needs it.
pub(crate) fn revocation_was_intended(inner: &mut Inner, key: &str, off: bool) {
    inner.looked(7);
    inner.looked(4);
    if inner.ledger.live_named(key).is_some_and(|at| !inner.ledger.keys[at].ours) {
        inner.violated(4, format!("{key} is not ours"));
    }
    let Some(run) = inner.store.open().cloned() else {
        let known = inner.ledger.live_named(key).and_then(|at| inner.ledger.keys[at].mark.clone());
        if !inner.store.orphans.iter().any(|orphan| Some(&orphan.mark) == known.as_ref()) {
            inner.violated(7, format!("{key} is revoked without a run"));
        }
        return;
    };
    match &run.state {
        State::Deactivate if off && key == run.old_key => old_may_go(inner, &run, off),
        State::Revoke if !off && key == run.old_key => old_may_go(inner, &run, off),
        State::Discard { key: lost, deleted: false } if !off && lost == key => {
            let at = inner.ledger.live_named(key);
            let used = at.is_some_and(|at| {
                let value = &inner.ledger.keys[at].value;
                inner.consumers.values().any(|it| it.there == *value || it.runs_with == *value)
            });
            if used {
                inner.violated(3, format!("{key} is deleted and used"));
            }
        }
        State::Remove if !off && run.new_key.as_deref() == Some(key) => new_may_go(inner, &run),
        state => inner.violated(7, format!("{key} is revoked at {state:?}")),
    }
}

/// I3: nothing is revoked before every consumer really uses what takes its place.
fn old_may_go(inner: &mut Inner, run: &Run, off: bool) {
    inner.looked(3);
    if run.order.revokes_first() {
        return;
    }
    let new = new_of(&inner.store, run).map(|it| it.value.clone()).unwrap_or_default();
    let later = |it: Reload| run.order.is_urgent() && it.is_later();
    let runs = |it: &Consumed| it.there == new && (it.runs_with == new || later(it.reload));
    let there = inner.consumers.values().all(runs);
    let kept = run.bindings.iter().all(|it| match it.place {
        Place::Confirmed(Side::New) => true,
        Place::Sent(Side::New) => later(it.reload),
        _ => false,
    });
    if !there || !kept {
        inner.violated(3, "the old value is revoked before all consumers use the new one");
    }
    if inner.ledger.live_value(&new).is_none() && !inner.meddled {
        inner.violated(3, "the old value is revoked and the new one is dead");
    }
    if inner.store.current() != new {
        inner.violated(3, "the old value is revoked before the new one is current");
    }
    let used = inner.now.min(inner.schedule.used_until_s * 1000);
    let quiet = run.quiet_since.map_or(i64::MAX, |since| since.0);
    let asks = inner.schedule.abilities.last_used && !run.order.is_urgent();
    if asks && !run.go_ahead && used > quiet {
        inner.violated(3, "the old value is revoked while something uses it");
    }
    if inner.now < run.moved.0 {
        inner.violated(3, "the clock went back");
    }
    let last = inner.schedule.abilities.grace_comes_last();
    let since = match (last, off) {
        (true, true) => None,
        (true, false) => inner.switched_off,
        (false, _) => inner.cutover,
    };
    let grace = since.map_or(0, |since| since + run.grace_s * 1000);
    if inner.now < grace {
        inner.violated(3, "the old value is revoked before the grace period ends");
    }
}

fn new_may_go(inner: &mut Inner, run: &Run) {
    inner.looked(3);
    let new = new_of(&inner.store, run).map(|it| it.value.clone()).unwrap_or_default();
    if inner.consumers.values().any(|it| it.there == new || it.runs_with == new) {
        inner.violated(3, "the new value is removed while a consumer has it");
    }
    // Somebody else may be quicker than a look and the call after it.
    let able = inner.schedule.abilities.verify;
    let lately = inner.meddled && (!able || inner.calls < inner.meddled_at + 5);
    if inner.ledger.live_value(&inner.store.old_value()).is_none() && !lately {
        inner.violated(3, "the new value is removed and the old one is dead");
    }
    if inner.store.current() != inner.store.old_value() {
        inner.violated(3, "the new value is removed while it is the current one");
    }
}

/// I1: every key that lives and that we made is kept, in the inbox, or reported.
pub(crate) fn all_keys_are_known(inner: &mut Inner) {
    inner.looked(1);
    let store = &inner.store;
    let unknown = inner.ledger.live().find(|key| {
        let marked = |mark: &String| key.mark.as_ref() == Some(mark);
        let reported = store.orphans.iter().any(|orphan| marked(&orphan.mark))
            || store.inbox.iter().any(|item| marked(&item.mark));
        key.ours && !store.has(&key.value) && !reported
    });
    if let Some(key) = unknown.map(|key| key.key.clone()) {
        inner.violated(1, format!("{key} lives and nobody knows"));
    }
}

/// What has to be true when a run has ended.
pub(crate) fn ended_well(inner: &mut Inner, run: &Run) {
    inner.counts.values += 1;
    let done = run.state == State::Done;
    let later = |it: Reload| run.order.is_urgent() && done && it.is_later();
    if run.refused.is_some() && inner.ledger.accepts(&inner.store.old_value(), inner.now) {
        inner.violated(3, format!("ended {:?} and the old value is accepted", run.state));
    }
    if run.state == State::Revoked && inner.ledger.live_value(&inner.store.old_value()).is_some() {
        inner.violated(3, "ended revoked and the old value is alive");
    }
    let old = inner.store.old_value();
    let new = new_of(&inner.store, run).map(|it| it.value.clone()).unwrap_or_default();
    let current = if done { new } else { old };
    if inner.store.current() != current {
        inner.violated(8, format!("ended {:?} and {current} is not current", run.state));
    }
    let none = run.state == State::Revoked;
    if inner.ledger.live_value(&current).is_none() && !inner.meddled && !none {
        inner.violated(2, format!("ended {:?} and {current} is dead", run.state));
    }
    let has = |it: &Consumed| it.there == current && (it.runs_with == current || later(it.reload));
    let other = inner.consumers.iter().find(|(_, it)| !has(it));
    if let Some((number, it)) = other.map(|(number, it)| (*number, it.clone())) {
        inner.violated(3, format!("ended {:?} and consumer {number} has {it:?}", run.state));
    }
    let touched = run.bindings.iter().any(|it| it.place != Place::Untouched);
    let unseen = run.bindings.iter().find(|it| match it.place {
        Place::Confirmed(Side::Old) | Place::Unproven => false,
        Place::Untouched => touched,
        _ => true,
    });
    if let Some(binding) = unseen.filter(|_| !done && !none) {
        inner.violated(3, format!("undone, and nobody looked at {binding:?}"));
    }
    // No other key of ours lives that is not reported.
    let store = &inner.store;
    let left = inner.ledger.live().find(|key| {
        let marked = |mark: &String| key.mark.as_ref() == Some(mark);
        let reported = store.orphans.iter().any(|orphan| marked(&orphan.mark));
        key.ours && key.value != current && !reported
    });
    if let Some(key) = left.map(|key| key.key.clone()) {
        inner.violated(1, format!("ended {:?} and {key} was left alive", run.state));
    }
}
