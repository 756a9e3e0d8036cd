//! Every consumer gets the new value, and has to be well with it before the run goes on.

use keyturn_model::rotation::{JournalFault, Side, State};

use super::hand_over::{Round, hand_over};
use crate::{
    here::{Here, Transition},
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    Ok(match hand_over(here, Side::New).await? {
        Round::Next(transition) => *transition,
        Round::Failed(trouble) => undo::back_or_ask(here, trouble),
        Round::ByHand(trouble) => here.ask(trouble),
        Round::Settled | Round::Later(_) => here.go(State::Cutover, "rotation.delivered"),
    })
}
