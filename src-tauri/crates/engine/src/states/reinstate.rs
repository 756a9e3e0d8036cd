//! Undoing where a value takes the place of the one before: the issuer is told the old one again. The same
//! twice is the same as once.

use keyturn_model::rotation::{JournalFault, Side, State};

use crate::here::{Here, Transition};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let old = here.held(Side::Old).await?;
    let mark = here.run.mark().map(|mark| mark.text.as_str()).unwrap_or_default();
    Ok(match here.heard(here.issuer.put(mark, &old).await) {
        Ok(()) => here.go(State::ProveOld, "rotation.reinstated"),
        Err(fault) => here.again_or_ask(&fault),
    })
}
