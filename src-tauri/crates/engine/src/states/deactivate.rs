//! The old key is switched off, once the new value is accepted and every consumer is well with it.

use keyturn_model::rotation::{Fault, JournalFault, Side, State};

use super::revoke::must_not;
use crate::here::{Here, Transition};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    if let Some(hindered) = must_not(here).await? {
        return Ok(hindered);
    }
    let old = here.held(Side::Old).await?;
    Ok(match here.heard(here.issuer.deactivate(&old).await) {
        Ok(()) | Err(Fault::Gone) => here.go(State::Revoke, "rotation.deactivated"),
        Err(fault) => here.again_or_ask(&fault),
    })
}
