//! Undoing: every consumer that was changed gets the old value, and has to be well with it.

use keyturn_model::rotation::{JournalFault, Side, State, Trouble};

use super::hand_over::{Round, hand_over};
use crate::{
    here::{Here, Transition},
    pauses::{LATER_LOOKS, LATER_S},
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    Ok(match hand_over(here, Side::Old).await? {
        Round::Next(transition) => *transition,
        Round::Failed(trouble) | Round::ByHand(trouble) => here.ask(trouble),
        Round::Later(binding) if here.run.attempt >= LATER_LOOKS => {
            here.ask(Trouble::NotTakenUp { binding })
        }
        Round::Later(_) => here
            .wait_until(here.now.plus_seconds(LATER_S), "for a consumer to run")
            .and(|run| run.attempt = run.attempt.saturating_add(1)),
        Round::Settled if here.run.promoted => here.go(State::StepBack, "rotation.restored"),
        Round::Settled => {
            let state = undo::after_restored(here);
            here.go(state, "rotation.restored")
        }
    })
}
