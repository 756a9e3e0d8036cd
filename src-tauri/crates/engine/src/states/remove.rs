//! Undoing: the new key is deleted, once the old value is accepted and every consumer is back on it, and still is.

use keyturn_model::rotation::{Fault, JournalFault, Side, State, Trouble};

use super::hand_over::not_all_well;
use crate::{
    here::{Here, Live, Transition},
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    // Where the old value took the place of the new one, that is dead already.
    if !here.run.abilities.making.overlaps() {
        return Ok(undo::end(here));
    }
    let old = here.held(Side::Old).await?;
    match here.probe(&old).await {
        Ok(Live::Yes | Live::CannotTell) => {}
        Ok(Live::No) => return Ok(here.ask(Trouble::OldRefused)),
        Err(fault) => return Ok(here.again_or_ask(&fault)),
    }
    // Somebody may have given it the new value again since it was put back.
    if let Some(hindered) = not_all_well(here, Side::Old).await? {
        return Ok(hindered);
    }
    let new = here.held(Side::New).await?;
    Ok(match here.heard(here.issuer.delete(&new).await) {
        Ok(()) | Err(Fault::Gone) => here.go(State::ConfirmRemoved, "rotation.removed"),
        Err(fault) => here.again_or_ask(&fault),
    })
}
