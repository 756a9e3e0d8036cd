//! Undoing: every consumer that was changed gets the old value, and has to be well with it. The others are
//! looked at too; that one of them could not be seen to be well is entered, and holds nothing up.

use keyturn_model::rotation::{JournalFault, Place, Run, Side, State, Trouble};

use super::hand_over::{Round, hand_over};
use crate::{
    here::{Here, Transition, entry},
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
        Round::Settled => {
            let state = match here.run.promoted {
                true => State::StepBack,
                false => undo::after_restored(here),
            };
            let mut restored = here.go(state, "rotation.restored");
            restored.entry = entry("rotation.restored", &not_proven(here.run));
            restored
        }
    })
}

fn not_proven(run: &Run) -> String {
    let unproven = run.bindings.iter().filter(|it| it.place == Place::Unproven).count();
    match unproven {
        0 => String::new(),
        some => format!("{some} of {} not seen to be well with it", run.bindings.len()),
    }
}
