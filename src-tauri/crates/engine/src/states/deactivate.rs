//! The old key is switched off, once the new value is accepted and every consumer is well with it.

use keyturn_model::rotation::{Fault, JournalFault, Side, State};

use super::revoke::must_not;
use crate::here::{Here, Transition};

/// The old key is switched off; it is deleted when nothing that it signed can come in any more.
pub(crate) fn switched_off(here: &Here<'_>) -> Transition {
    let waits = here.run.abilities.grace_comes_last() && !here.run.order.is_urgent();
    let grace_s = if waits { here.run.grace_s } else { 0 };
    let until = here.now.plus_seconds(grace_s);
    here.go(State::Revoke, "rotation.deactivated").and(|run| run.not_before = until)
}

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    if let Some(hindered) = must_not(here).await? {
        return Ok(hindered);
    }
    let old = here.held(Side::Old).await?;
    Ok(match here.heard(here.issuer.deactivate(&old).await) {
        Ok(()) | Err(Fault::Gone) => switched_off(here),
        Err(fault) => here.again_or_ask(&fault),
    })
}
