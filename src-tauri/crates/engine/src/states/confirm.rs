//! What was revoked has to be refused; that may take its time to be so everywhere.

use keyturn_model::rotation::{JournalFault, Side, Trouble};

use crate::{
    here::{Here, Live, Transition},
    pauses::{LONGEST_SPREADING_S, SPREADING_S},
    undo,
};

pub(super) async fn step(here: &Here<'_>, side: Side) -> Result<Transition, JournalFault> {
    let revoked = here.held(side).await?;
    let since = here.run.moved;
    Ok(match here.probe(&revoked).await {
        Ok(Live::No) if side == Side::Old => {
            let seen = here.around.clock.now();
            undo::end(here).and(|run| run.refused = run.refused.or(Some(seen)))
        }
        Ok(Live::No | Live::CannotTell) => undo::end(here),
        Ok(Live::Yes)
            if here.now < here.spread(since).max(since.plus_seconds(LONGEST_SPREADING_S)) =>
        {
            here.wait_until(here.now.plus_seconds(SPREADING_S), "for the revocation to spread")
        }
        Ok(Live::Yes) => here.ask(Trouble::StillAccepted),
        Err(fault) => here.again_or_ask(&fault),
    })
}
