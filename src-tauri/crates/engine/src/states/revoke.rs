//! The old key is deleted. What fails here never undoes a good rotation: it stays to be done. Nobody is told to
//! delete it by hand before they have said that the new value works, where nothing else can tell.

use keyturn_model::rotation::{Fault, JournalFault, Side, State, Trouble};

use super::hand_over::not_all_well;
use crate::here::{Here, Live, Transition};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    if let Some(hindered) = must_not(here).await? {
        return Ok(hindered);
    }
    if here.run.doubt.is_some() && here.run.abilities.list && !here.run.old_key.is_empty() {
        match here.heard(here.issuer.list().await) {
            Ok(keys) if keys.iter().all(|listed| listed.key != here.run.old_key) => {
                return Ok(revoked(here));
            }
            Ok(_) => {}
            Err(fault) => return Ok(here.again_or_ask(&fault)),
        }
    }
    let proven = here.can_tell(here.run.new_key.as_deref().unwrap_or_default());
    let old = here.held(Side::Old).await?;
    Ok(match here.heard(here.issuer.delete(&old).await) {
        Ok(()) | Err(Fault::Gone) => revoked(here),
        Err(Fault::ByHand) if !here.run.vouched && !proven && !here.run.order.revokes_first() => {
            here.ask(Trouble::Unproven)
        }
        Err(fault) => here.again_or_ask(&fault),
    })
}

pub(crate) fn revoked(here: &Here<'_>) -> Transition {
    here.go(State::Confirm, "rotation.revoked").and(|run| run.revoked = true)
}

/// Why the old value must not go yet: the new one is not accepted, or a consumer is not well with it. In an emergency it
/// goes before either is known.
pub(super) async fn must_not(here: &Here<'_>) -> Result<Option<Transition>, JournalFault> {
    if here.run.order.revokes_first() {
        return Ok(None);
    }
    let new = here.held(Side::New).await?;
    match here.probe(&new).await {
        Ok(Live::Yes | Live::CannotTell) => {}
        Ok(Live::No) => return Ok(Some(here.ask(Trouble::NewRefused))),
        Err(fault) => return Ok(Some(here.again_or_ask(&fault))),
    }
    not_all_well(here, Side::New).await
}
