//! The issuer has to accept the new value before anybody gets it.

use keyturn_model::rotation::{JournalFault, Side, State, Trouble};

use crate::{
    here::{Here, Live, Transition},
    pauses::SPREADING_S,
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let new = here.held(Side::New).await?;
    Ok(match here.probe(&new).await {
        Ok(Live::Yes) => here.go(State::Deliver, "rotation.verified"),
        Ok(Live::CannotTell) => here.go(State::Deliver, "rotation.cannot_be_verified"),
        Ok(Live::No) if here.is_spreading() => {
            here.wait_until(here.now.plus_seconds(SPREADING_S), "for the new value to spread")
        }
        Ok(Live::No) => undo::back_or_ask(here, Trouble::NewRefused),
        Err(fault) => here.again_or_ask(&fault),
    })
}
