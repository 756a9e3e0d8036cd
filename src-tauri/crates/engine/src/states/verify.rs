//! The issuer has to accept the new value before anybody gets it, and the old one beside it where both work.

use keyturn_model::rotation::{JournalFault, Side, State, Trouble};

use crate::{
    here::{Here, Live, Transition},
    pauses::SPREADING_S,
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let new = here.held(Side::New).await?;
    Ok(match here.probe(&new).await {
        Ok(Live::Yes) => return beside(here).await,
        Ok(Live::CannotTell) => here.go(State::Deliver, "rotation.cannot_be_verified"),
        Ok(Live::No) if here.is_spreading() => {
            here.wait_until(here.now.plus_seconds(SPREADING_S), "for the new value to spread")
        }
        Ok(Live::No) => undo::back_or_ask(here, Trouble::NewRefused),
        Err(fault) => here.again_or_ask(&fault),
    })
}

/// Where the old value died of it, every consumer is without one that works: a person has to know at once.
async fn beside(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let verified = || here.go(State::Deliver, "rotation.verified");
    if !here.run.abilities.making.overlaps() || here.run.go_ahead || here.run.order.is_urgent() {
        return Ok(verified());
    }
    let old = here.held(Side::Old).await?;
    Ok(match here.probe(&old).await {
        Ok(Live::Yes | Live::CannotTell) => verified(),
        Ok(Live::No) => here.ask(Trouble::OldRefused),
        Err(fault) => here.again_or_ask(&fault),
    })
}
