//! What an emergency does in another order: the old value goes before the new one is delivered, nothing is waited for
//! that can wait, and nothing is given up without a person.

use keyturn_model::{
    RunId,
    rotation::{Change, Fault, Held, JournalFault, Making, Order, Run, Side, State, Trouble},
};

use crate::{
    around::Around,
    here::{Here, Live, Transition, entry},
    pauses::{LONGEST_SPREADING_S, SPREADING_S},
    states::not_all_well,
    undo,
};

/// To how many consumers an emergency delivers at once.
pub(crate) const AT_ONCE: u32 = 64;

/// Why an old value could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum TryFault {
    /// There is nobody to ask, or no answer.
    #[error("the issuer did not answer")]
    Issuer(Fault),
    /// The run cannot be read, or what was seen not be kept.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// Where the old value is revoked: it is switched off first where that can be.
pub(crate) fn revoking(run: &Run) -> State {
    if run.abilities.deactivate { State::Deactivate } else { State::Revoke }
}

/// What comes once the new value was made.
pub(crate) fn after_made(run: &Run) -> State {
    match run.order {
        Order::RevokeFirst if run.revoked => State::Verify,
        // Making it revoked the old one.
        Order::RevokeFirst if !run.abilities.making.overlaps() => State::Confirm,
        Order::RevokeFirst => revoking(run),
        Order::Usual | Order::RotateFirst | Order::RevokeOnly => State::Verify,
    }
}

/// Nothing could be made. The old value goes all the same, and then there may be room for a new one.
pub(crate) fn not_made(here: &Here<'_>, trouble: Trouble) -> Transition {
    let run = here.run;
    let goes = run.order == Order::RevokeFirst && !run.revoked && !run.undoing;
    if goes && run.abilities.making.overlaps() {
        return here.go(revoking(run), "rotation.revoking").and(|run| {
            run.unmade = true;
            run.trouble = Some(trouble);
        });
    }
    undo::given_up(here, trouble)
}

/// The old value has to be refused. Where a new one waits to be delivered that is looked at once, and again at the
/// end; there nobody gives up. The consumers were not looked at before it was revoked: at the end they are.
pub(crate) async fn confirm(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let revoked = here.held(Side::Old).await?;
    let now = here.now;
    let found = here.probe(&revoked).await;
    let seen = here.around.clock.now();
    let is_last = here.run.order != Order::RevokeFirst || here.run.promoted;
    let is_refused = matches!(found, Ok(Live::No));
    if here.run.promoted
        && here.run.order.revokes_first()
        && matches!(found, Ok(Live::No | Live::CannotTell))
        && let Some(hindered) = not_all_well(here, Side::New).await?
    {
        return Ok(hindered.and(|run| {
            run.refused = run.refused.or(is_refused.then_some(seen));
        }));
    }
    let late =
        now >= here.spread(here.run.moved).max(here.run.moved.plus_seconds(LONGEST_SPREADING_S));
    Ok(match found {
        Ok(Live::No) => on(here, is_last).and(|run| {
            run.refused = run.refused.or(Some(seen));
            if !run.unmade {
                run.trouble = None;
            }
        }),
        Ok(Live::CannotTell) => on(here, is_last),
        _ if !is_last => on(here, false),
        Ok(Live::Yes) => {
            again(here, late.then_some(Trouble::StillAccepted)).and(|run| run.refused = None)
        }
        Err(fault) => again(here, Some(Trouble::Issuer { why: fault.why() })),
    })
}

/// It is looked again, ever less often, for as long as it takes.
fn again(here: &Here<'_>, trouble: Option<Trouble>) -> Transition {
    let passed = here.now.0.saturating_sub(here.run.moved.0) / 1000;
    let pause = (passed / 4).clamp(SPREADING_S, LONGEST_SPREADING_S);
    here.wait_until(here.now.plus_seconds(pause), "for the revocation to spread")
        .and(|run| run.trouble = trouble.or(run.trouble))
}

fn on(here: &Here<'_>, is_last: bool) -> Transition {
    let run = here.run;
    if run.order == Order::RevokeOnly {
        return here.go(State::Revoked, "rotation.left_revoked");
    }
    if is_last {
        return undo::end(here);
    }
    if !run.unmade {
        return here.go(State::Verify, "rotation.revocation_looked_at");
    }
    let mark = crate::marks::fresh(run, here.now);
    here.go(State::Create, "rotation.creating").and(|run| {
        run.unmade = false;
        // What was chosen is kept already.
        if !run.abilities.making.is_chosen() {
            run.marks.push(mark);
        }
    })
}

/// A run that is open makes haste. One that is being undone ends first; whatever was about to be done is settled as
/// ever.
pub(crate) fn hastened(here: &Here<'_>, order: Order, retried: Transition) -> Transition {
    let run = here.run;
    let stopped = matches!(run.state, State::NeedsAttention { .. });
    let mut next = if stopped {
        retried
    } else {
        Transition { run: run.clone(), changes: Vec::new(), entry: entry("rotation.hastened", "") }
    };
    if !order.is_urgent() {
        return next;
    }
    let place = run.state.place().clone();
    if run.undoing {
        return if stopped { left_behind(here, &place).unwrap_or(next) } else { next };
    }
    // A new value that was made is not thrown away.
    let order = match order {
        Order::RevokeOnly if place != State::Preflight => Order::RevokeFirst,
        order => order,
    };
    let can_revoke = run.abilities.making.overlaps() && !run.revoked;
    let revokes = match place {
        State::Grace { .. } => can_revoke,
        State::Verify | State::Deliver | State::Cutover => can_revoke && order.revokes_first(),
        _ => false,
    };
    if revokes {
        next = here.go(revoking(run), "rotation.revoking");
    } else if stopped && run.revoked {
        // Whatever it waits for, it goes on from there.
        next.entry = entry("rotation.hastened", "");
    }
    let now = here.now;
    next.and(|run| {
        run.order = order;
        run.paused = false;
        run.consent = true;
        run.grace_s = 0;
        run.at_once = AT_ONCE;
        run.not_before = now;
        run.revoked |= run.abilities.making == Making::Regenerated && place == State::Verify;
    })
}

/// A run that is back on the old value and cannot get rid of a key of its own ends with that key reported, so that
/// another one can begin.
fn left_behind(here: &Here<'_>, place: &State) -> Option<Transition> {
    let run = here.run;
    let is_back = matches!(
        place,
        State::Remove | State::ConfirmRemoved | State::Sweep | State::Discard { .. }
    );
    if run.promoted || !is_back {
        return None;
    }
    let mut ended = here.go(State::Aborted, "rotation.left_for_haste");
    ended.changes.extend(here.suspects());
    if run.new_key.is_some() {
        ended = ended.with(Change::Retire(Side::New));
    }
    Some(ended)
}

/// Tries the old value of a run, ended or not: whether it is refused now; nothing where nothing can tell. What was seen
/// is kept, unless the run is at work just now and will see it itself.
///
/// # Errors
/// When nobody answers, or the run cannot be read or kept.
pub async fn try_old(around: &Around, id: RunId) -> Result<Option<bool>, TryFault> {
    let alone = around.alone(id);
    let run = around.journal.load(id).await?.run;
    let not_set_up = || TryFault::Issuer(Fault::Refused);
    let issuer = around.outside.issuer(&run).ok_or_else(not_set_up)?;
    let value = around.journal.value(id, Side::Old).await?;
    let here = Here { around, run: &run, issuer, now: around.clock.now() };
    let held = Held::of(&run, Side::Old, value);
    let refused = match here.probe(&held).await.map_err(TryFault::Issuer)? {
        Live::Yes => false,
        Live::No => true,
        Live::CannotTell => return Ok(None),
    };
    let seen = refused.then(|| around.clock.now());
    if alone.is_some() && run.revoked && seen.is_some() != run.refused.is_some() {
        let mut kept = run.clone();
        kept.refused = seen;
        kept.revision = run.revision.saturating_add(1);
        let action = if refused { "rotation.old_refused" } else { "rotation.old_accepted" };
        around.journal.save(&kept, Vec::new(), entry(action, ""), false).await?;
    }
    Ok(Some(refused))
}
