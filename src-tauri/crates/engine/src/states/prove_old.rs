//! Undoing: nothing is restored before the issuer accepts the old value.

use keyturn_model::rotation::{JournalFault, Side, State, Trouble};

use crate::{
    here::{Here, Live, Transition},
    pauses::SPREADING_S,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let old = here.held(Side::Old).await?;
    Ok(match here.probe(&old).await {
        Ok(Live::Yes | Live::CannotTell) => here.go(State::Restore, "rotation.old_value_works"),
        Ok(Live::No) if here.is_spreading() => {
            here.wait_until(here.now.plus_seconds(SPREADING_S), "for the old value to spread")
        }
        Ok(Live::No) => here.ask(Trouble::OldRefused),
        Err(fault) => here.again_or_ask(&fault),
    })
}
