//! The new value becomes the current one, or the old one again: nothing outside changes.

use keyturn_model::rotation::{Change, State};

use crate::{
    here::{Here, Transition},
    undo,
    urgent::revoking,
};

pub(super) fn step(here: &Here<'_>) -> Transition {
    let able = here.run.abilities;
    if here.run.order.is_urgent() {
        return promoted(here, urgent(here));
    }
    let overlaps = able.making.overlaps();
    let grace_s = if overlaps && !able.grace_comes_last() { here.run.grace_s } else { 0 };
    let waits = here.run.bindings.iter().any(|each| each.reload.is_later());
    let state = if overlaps || waits {
        State::Grace { until: here.now.plus_seconds(grace_s) }
    } else {
        State::Confirm
    };
    promoted(here, state)
}

/// Nothing is waited for.
fn urgent(here: &Here<'_>) -> State {
    match here.run.revoked || !here.run.abilities.making.overlaps() {
        true => State::Confirm,
        false => revoking(here.run),
    }
}

fn promoted(here: &Here<'_>, state: State) -> Transition {
    here.go(state, "rotation.promoted").with(Change::Promote).and(|run| run.promoted = true)
}

pub(super) fn back(here: &Here<'_>) -> Transition {
    let state = undo::after_restored(here);
    here.go(state, "rotation.stepped_back").with(Change::StepBack).and(|run| run.promoted = false)
}
