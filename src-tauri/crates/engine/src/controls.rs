//! What a person can ask of a run: pause, go on, undo, try again. It is kept, and heard at the edge of a step.

use keyturn_model::{
    BindingId,
    rotation::{
        Asked, Binding, Change, JournalFault, Making, Next, Place, Run, State, Trouble, Wish,
    },
};

use crate::{
    around::Around,
    here::{Here, Transition, entry},
    marks,
    states::{revoked, switched_off},
    undo, urgent,
};

/// Keeps what a person asks of a run that they have before their eyes. Whoever drives it hears it at the next edge of a step.
///
/// # Errors
/// Those of the journal.
pub async fn ask(around: &Around, run: &Run, wish: Wish) -> Result<(), JournalFault> {
    let action = match wish {
        Wish::Pause => "rotation.asked_to_pause",
        Wish::Resume => "rotation.asked_to_resume",
        Wish::Undo => "rotation.asked_to_undo",
        Wish::Retry => "rotation.asked_to_retry",
        Wish::Continue => "rotation.asked_to_continue",
        Wish::TakenUp { .. } => "rotation.said_to_be_taken_up",
        Wish::Hasten { .. } => "rotation.asked_to_hasten",
    };
    let asked = Asked { wish, seen: run.revision, by: String::new() };
    around.journal.ask(run.id, asked, entry(action, "")).await
}

/// Whether a run can still be undone.
#[must_use]
pub fn can_undo(run: &Run) -> bool {
    !run.undoing && undo::way_back(run).is_some()
}

/// The one safe thing to do next about a run that is shown, if it needs any.
#[must_use]
pub fn next_action(run: &Run) -> Option<Next> {
    match (&run.state, run.trouble) {
        (State::Aborted, _) => Some(Next::BeginAnew),
        (State::NeedsAttention { .. }, trouble) => Some(match trouble {
            Some(trouble) if trouble.is_by_hand() => Next::DoByHand,
            Some(Trouble::OutcomeUnknown | Trouble::NotProvablyOurs | Trouble::Unreadable) => {
                Next::LookAtIssuer
            }
            Some(Trouble::OldRefused) if run.undoing || *run.state.place() == State::Verify => {
                Next::GoOn
            }
            Some(Trouble::NewRefused) if can_undo(run) => Next::Undo,
            Some(Trouble::NewRefused) if can_make_another(run) => Next::MakeAnother,
            _ => Next::Retry,
        }),
        _ => None,
    }
}

/// Whether another value can be made in the place of one that is refused: it dies with that.
fn can_make_another(run: &Run) -> bool {
    *run.state.place() == State::Verify && run.abilities.making == Making::Regenerated
}

/// What a wish changes.
pub(crate) fn heard(here: &Here<'_>, asked: Asked) -> Transition {
    let run = here.run;
    let stopped = matches!(run.state, State::NeedsAttention { .. });
    // An answer is one to the question that was seen.
    let answers = stopped && asked.seen == run.revision;
    match asked.wish {
        _ if run.state.is_end() => nothing(here),
        Wish::Pause => same(here, "rotation.paused").and(|run| run.paused = true),
        Wish::Resume => same(here, "rotation.resumed").and(|run| run.paused = false),
        Wish::Hasten { order } => urgent::hastened(here, order, retried(here)),
        Wish::Undo if run.undoing && stopped => retried(here),
        Wish::Undo => undone(here),
        Wish::Retry if answers => retried(here),
        Wish::Continue if answers => continued(here, &asked.by),
        Wish::TakenUp { binding } if !stopped => taken_up(here, binding),
        Wish::Retry | Wish::Continue | Wish::TakenUp { .. } => nothing(here),
    }
}

fn same(here: &Here<'_>, action: &'static str) -> Transition {
    Transition { run: here.run.clone(), changes: Vec::new(), entry: entry(action, "") }
}

fn nothing(here: &Here<'_>) -> Transition {
    same(here, "rotation.nothing_to_do")
}

/// Again from where it stopped. Whatever was about to be done may have been done.
fn retried(here: &Here<'_>) -> Transition {
    let mut next = here.go(here.run.state.place().clone(), "rotation.tried_again");
    next.run.paused = false;
    for binding in &mut next.run.bindings {
        binding.attempts = 0;
        match binding.place {
            Place::Failed(side) => {
                binding.place = Place::Sending(side);
                binding.doubt = true;
            }
            Place::Unproven if here.run.state.place() == &State::Restore => {
                binding.place = Place::Looking;
            }
            _ => {}
        }
    }
    let now = here.now;
    // What only a person can do was not done by anybody else.
    let by_hand = here.run.trouble.is_some_and(|trouble| trouble.is_by_hand());
    next.and(|run| {
        if run.state.acts() && !by_hand {
            run.doubt = Some(here.run.doubt.unwrap_or(now));
        }
    })
}

fn undone(here: &Here<'_>) -> Transition {
    let Some(state) = undo::way_back(here.run) else {
        return same(here, "rotation.cannot_be_undone");
    };
    if state == State::Aborted {
        return undo::stopped(here);
    }
    if state == State::Revoked {
        return undo::left_revoked(here);
    }
    let was = here.run.state.place();
    let mut next = if state == *was { retried(here) } else { here.go(state, "rotation.undoing") };
    next.run.undoing = true;
    next.run.paused = false;
    next.run.trouble = Some(Trouble::Stopped);
    next
}

/// The person has looked, or takes it upon them.
fn continued(here: &Here<'_>, by: &str) -> Transition {
    let mut next = retried(here);
    let goes = matches!(here.run.trouble, Some(Trouble::StillUsed | Trouble::OldRefused));
    next.run.go_ahead |= goes;
    let at = here.run.state.place();
    match here.run.trouble {
        Some(Trouble::NotTakenUp { binding }) => {
            for each in next.run.bindings.iter_mut().filter(|each| each.id == binding) {
                each.said = true;
            }
            next
        }
        Some(Trouble::OldRefused) if here.run.undoing => {
            next.run.undoing = false;
            next.run.doubt = None;
            next.run.quiet_since = None;
            next.run.state = match here.run.promoted {
                true => State::Grace { until: here.now.plus_seconds(here.run.grace_s) },
                false => State::Verify,
            };
            next
        }
        Some(Trouble::NewRefused) if can_make_another(here.run) => {
            next.run.marks.push(marks::fresh(here.run, here.now));
            next.run.state = State::Create;
            next.run.trouble = None;
            next
        }
        Some(Trouble::Unproven) => {
            next.entry = entry("rotation.said_to_work", by);
            next.and(|run| {
                run.vouched = true;
                run.trouble = None;
            })
        }
        Some(trouble) if trouble.is_by_hand() => done_by_hand(here, trouble, next),
        Some(Trouble::OutcomeUnknown | Trouble::NotProvablyOurs | Trouble::Unreadable)
            if *at == State::Create =>
        {
            looked_at(here, next)
        }
        _ => next,
    }
}

/// Whether a person can say that a consumer uses what was delivered to it: it takes that up later.
#[must_use]
pub fn waits_for_word(binding: &Binding) -> bool {
    binding.reload.is_later() && matches!(binding.place, Place::Sent(_)) && !binding.said
}

/// It is looked at once; their word counts where no check can tell.
fn taken_up(here: &Here<'_>, binding: BindingId) -> Transition {
    let mut next = same(here, "rotation.looking_again");
    let Some(said) = next.run.bindings.iter_mut().find(|it| it.id == binding && waits_for_word(it))
    else {
        return nothing(here);
    };
    said.said = !said.tells;
    next.and(|run| run.not_before = here.now)
}

/// The person says that they did what only they can do. A new value is not said to be made: it is pasted.
fn done_by_hand(here: &Here<'_>, trouble: Trouble, mut next: Transition) -> Transition {
    match (here.run.state.place(), trouble) {
        (State::Revoke, Trouble::Issuer { .. }) => revoked(here),
        (State::Deactivate, Trouble::Issuer { .. }) => switched_off(here),
        (State::Remove, Trouble::Issuer { .. }) => {
            here.go(State::ConfirmRemoved, "rotation.removed")
        }
        (_, Trouble::Consumer { binding, .. }) => {
            for each in next.run.bindings.iter_mut().filter(|each| each.id == binding) {
                if let Place::Sending(side) = each.place {
                    each.place = Place::Sent(side);
                    each.doubt = false;
                    each.said = true;
                }
            }
            next.and(|run| run.trouble = None)
        }
        _ => next,
    }
}

/// The person says that no key of an earlier attempt is left at the issuer.
fn looked_at(here: &Here<'_>, mut next: Transition) -> Transition {
    next.run.doubt = None;
    next.run.strays = false;
    match here.run.abilities.making {
        Making::Added | Making::Replaced => next,
        Making::Minted if here.run.undoing => {
            next.run.state = State::Aborted;
            next.with(Change::OrphansGone)
        }
        Making::Minted => {
            next.run.state = State::Preflight;
            next.with(Change::OrphansGone)
        }
        Making::Regenerated => {
            // The old value may be dead: from here on there is no way back.
            next.run.doubt = Some(here.now);
            next.run.repeats = true;
            next.run.marks.push(marks::fresh(here.run, here.now));
            next.with(Change::OrphansGone)
        }
    }
}
