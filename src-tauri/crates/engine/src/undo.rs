//! How far a run can go back, where going back begins, and how a run ends.

use keyturn_model::rotation::{Change, Making, Run, State, Trouble};

use crate::here::{Here, Transition};

/// Where undoing begins, if it is possible from where the run is. The same state means that it is being
/// undone, or that it has to be settled first what was done.
pub(crate) fn way_back(run: &Run) -> Option<State> {
    let at = run.state.place();
    if run.revoked {
        // Nothing brings the old value back; what is left is to do without a new one.
        let unmade = *at == State::Create && run.doubt.is_none();
        return unmade.then_some(State::Revoked);
    }
    match at {
        State::Preflight => Some(State::Aborted),
        State::Create if run.doubt.is_none() => Some(State::Aborted),
        State::Create => Some(match run.abilities.making {
            Making::Added => State::ProveOld,
            Making::Replaced => State::Reinstate,
            Making::Minted | Making::Regenerated => State::Create,
        }),
        State::Verify | State::Deliver | State::Cutover | State::Grace { .. } => {
            match run.abilities.making {
                Making::Added | Making::Minted => Some(State::ProveOld),
                Making::Replaced => Some(State::Reinstate),
                Making::Regenerated => None,
            }
        }
        // The question comes before anything is revoked.
        State::Revoke if run.trouble == Some(Trouble::Unproven) => Some(State::ProveOld),
        State::Discard { .. } if !run.promoted => Some(at.clone()),
        State::Sweep if run.undoing => Some(at.clone()),
        State::Reinstate
        | State::ProveOld
        | State::Restore
        | State::StepBack
        | State::Remove
        | State::ConfirmRemoved => Some(at.clone()),
        _ => None,
    }
}

/// Goes back by itself; in an emergency a person has to say so.
pub(crate) fn back_or_ask(here: &Here<'_>, trouble: Trouble) -> Transition {
    if here.run.order.is_urgent() { here.ask(trouble) } else { back(here, trouble) }
}

/// Goes back by itself, or a person has to look when there is no way back.
pub(crate) fn back(here: &Here<'_>, trouble: Trouble) -> Transition {
    match way_back(here.run) {
        Some(state) => here.go(state, "rotation.undoing").and(|run| {
            run.undoing = true;
            run.trouble = Some(trouble);
        }),
        None => here.ask(trouble),
    }
}

/// Ends a run that has not changed anything; in an emergency a person has to look.
pub(crate) fn given_up(here: &Here<'_>, trouble: Trouble) -> Transition {
    if here.run.order.is_urgent() && !here.run.undoing {
        return here.ask(trouble);
    }
    ended_for(here, trouble)
}

/// A person stopped a run that has not changed anything.
pub(crate) fn stopped(here: &Here<'_>) -> Transition {
    ended_for(here, Trouble::Stopped)
}

/// A person does without a new value.
pub(crate) fn left_revoked(here: &Here<'_>) -> Transition {
    let mut left = here.go(State::Revoked, "rotation.left_revoked");
    if here.run.strays {
        left.changes.extend(here.suspects());
    }
    left
}

fn ended_for(here: &Here<'_>, trouble: Trouble) -> Transition {
    let mut undone = here.run.clone();
    undone.undoing = true;
    undone.trouble = Some(trouble);
    let here = Here {
        around: here.around,
        run: &undone,
        issuer: std::sync::Arc::clone(&here.issuer),
        now: here.now,
    };
    end(&here)
}

/// What is left to do when every consumer has the old value.
pub(crate) fn after_restored(here: &Here<'_>) -> State {
    if here.run.new_key.is_some() { State::Remove } else { State::Sweep }
}

/// Ends a run, after a look for keys that it may have left.
pub(crate) fn end(here: &Here<'_>) -> Transition {
    let able = here.run.abilities.list && here.run.abilities.marks;
    if here.run.strays && able && here.run.state != State::Sweep {
        return here.go(State::Sweep, "rotation.sweeping");
    }
    let mut ended = ended(here);
    if here.run.strays {
        ended.changes.extend(here.suspects());
    }
    ended
}

/// Ends a run.
pub(crate) fn ended(here: &Here<'_>) -> Transition {
    use keyturn_model::rotation::Side;
    if !here.run.undoing {
        return here.go(State::Done, "rotation.done").with(Change::Retire(Side::Old));
    }
    let ended = here.go(State::Aborted, "rotation.undone");
    if here.run.new_key.is_some() { ended.with(Change::Retire(Side::New)) } else { ended }
}
