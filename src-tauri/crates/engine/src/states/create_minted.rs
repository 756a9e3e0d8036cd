//! The issuer makes a value and shows it once. It goes into the inbox before anything else is done.
//!
//! When nobody knows what came of an attempt, nothing is made before that is settled: by the inbox, by
//! asking with the same mark, or by the list. A key whose value was lost is deleted, if its mark proves
//! that it is ours.

use keyturn_model::{
    Timestamp,
    rotation::{Change, Fault, InInbox, JournalFault, Listed, Making, Side, State, Trouble},
};

use crate::{
    here::{Here, Live, Transition},
    marks, undo, urgent,
};

/// So many keys are attempted at most.
const MOST_MARKS: usize = 8;

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let by_hand = here.run.trouble.is_some_and(|trouble| trouble.is_by_hand());
    if by_hand
        && let Some(InInbox::Key { key, .. }) = here.around.journal.inbox(here.run.id).await?
    {
        // A person made it, and pasted it.
        return Ok(taken(here, key).and(|run| run.trouble = None));
    }
    if let Some(since) = here.run.doubt.filter(|_| !here.run.repeats && !by_hand) {
        return settle(here, since).await;
    }
    let Some(mark) = here.run.mark() else { return Ok(here.ask(Trouble::OutcomeUnknown)) };
    match here.heard(here.issuer.mint(&mark.text).await) {
        Ok(minted) => {
            here.around.journal.put_in_inbox(here.run.id, &mark.text, &minted).await?;
            Ok(taken(here, minted.key))
        }
        Err(Fault::Unreadable(answer)) => {
            here.around.journal.put_unreadable(here.run.id, &mark.text, &answer).await?;
            Ok(unreadable(here))
        }
        Err(fault @ Fault::ByHand) => Ok(here.ask(Trouble::Issuer { why: fault.why() })),
        Err(fault) if here.run.doubt.is_none() && !fault.may_be_done() => Ok(here
            .again(&fault)
            .unwrap_or_else(|| urgent::not_made(here, Trouble::Issuer { why: fault.why() }))),
        Err(fault) => Ok(stray(here, here.again_or_ask(&fault))),
    }
}

/// Finds out what came of an attempt.
async fn settle(here: &Here<'_>, since: Timestamp) -> Result<Transition, JournalFault> {
    let run = here.run;
    match here.around.journal.inbox(run.id).await? {
        Some(InInbox::Key { key, .. }) => return Ok(taken(here, key)),
        Some(InInbox::Unreadable { mark }) if run.mark().is_some_and(|last| last.text == mark) => {
            return Ok(unreadable(here));
        }
        _ => {}
    }
    let same_until =
        run.mark().map(|mark| mark.given.plus_seconds(i64::from(run.abilities.same_answer_s)));
    if same_until.is_some_and(|until| here.now < until) {
        return Ok(here.repeat());
    }
    if run.abilities.making == Making::Regenerated {
        return regenerated(here, since).await;
    }
    if !run.abilities.list {
        return Ok(stray(here, here.ask(Trouble::OutcomeUnknown)));
    }
    if here.now < here.spread(since) {
        return Ok(here.wait_until(here.spread(since), "for lists to be up to date"));
    }
    Ok(match here.heard(here.issuer.list().await) {
        Ok(keys) => by_list(here, &keys),
        Err(fault) => here.again_or_ask(&fault),
    })
}

fn by_list(here: &Here<'_>, keys: &[Listed]) -> Transition {
    let run = here.run;
    if let Some(ours) = keys.iter().find(|listed| run.gave(listed.mark.as_ref())) {
        let state = State::Discard { key: ours.key.clone(), deleted: false };
        return here.go(state, "rotation.lost_key_found");
    }
    let is_new = |listed: &&Listed| !run.before.contains(&listed.key) && listed.key != run.old_key;
    if !run.abilities.marks && keys.iter().any(|listed| is_new(&listed)) {
        return stray(here, here.ask(Trouble::NotProvablyOurs));
    }
    // With marks a last look before the end makes sure; without them this was it.
    let settled = !run.abilities.marks;
    match run.undoing {
        true if settled => undo::ended(here),
        true => undo::end(here),
        false => another(here),
    }
    .and(|run| run.strays &= !settled)
}

/// Another attempt, under a mark of its own, once the one before is settled.
pub(super) fn another(here: &Here<'_>) -> Transition {
    if here.run.marks.len() >= MOST_MARKS {
        return here.ask(Trouble::OutcomeUnknown);
    }
    let (mark, attempt) = (marks::fresh(here.run, here.now), here.run.attempt);
    here.go(State::Create, "rotation.creating").and(|run| {
        run.marks.push(mark);
        run.attempt = attempt;
    })
}

/// Where making a value kills the one before, it is made again: a lost one dies with that. Nothing needs
/// to be settled but whether the run can still be undone.
async fn regenerated(here: &Here<'_>, since: Timestamp) -> Result<Transition, JournalFault> {
    if !here.run.undoing {
        return Ok(here.repeat());
    }
    let old = here.held(Side::Old).await?;
    Ok(match here.probe(&old).await {
        Ok(Live::Yes) if here.now < here.spread(since) => {
            here.wait_until(here.spread(since), "for the old value to die")
        }
        Ok(Live::Yes) => undo::end(here),
        Ok(Live::No | Live::CannotTell) => here.repeat().and(|run| run.undoing = false),
        Err(fault) => here.again_or_ask(&fault),
    })
}

fn taken(here: &Here<'_>, key: String) -> Transition {
    let forward = here.run.abilities.making == Making::Regenerated || !here.run.undoing;
    let state = if forward { urgent::after_made(here.run) } else { State::ProveOld };
    let others = here.run.marks.len() > 1;
    let mut next = here.go(state, "rotation.created").with(Change::TakeFromInbox);
    if here.run.strays && !others {
        // It may have been entered while nobody had it.
        next = next.with(Change::OrphansGone);
    }
    next.and(|run| {
        run.new_key = Some(key);
        run.revoked |= run.abilities.making == Making::Regenerated && run.order.is_urgent();
        run.undoing = !forward;
        run.strays &= others;
    })
}

fn unreadable(here: &Here<'_>) -> Transition {
    let now = here.now;
    stray(here, here.ask(Trouble::Unreadable)).and(|run| run.doubt = Some(now))
}

/// A key may be there that nobody heard of. Where a person has to look, it is entered as an orphan: by itself
/// when every attempt before this one was settled.
fn stray(here: &Here<'_>, mut transition: Transition) -> Transition {
    let asks = matches!(transition.run.state, State::NeedsAttention { .. });
    if asks && !here.run.strays {
        transition.changes.extend(here.suspects().pop());
    }
    transition.and(|run| run.strays = true)
}
