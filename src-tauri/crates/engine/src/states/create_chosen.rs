//! The issuer is told a value that we chose and that is kept already, so it can be tried at any time.

use keyturn_model::rotation::{JournalFault, Making, Side, State, Trouble};

use crate::{
    here::{Here, Live, Transition},
    undo, urgent,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let run = here.run;
    let new = here.held(Side::New).await?;
    if let Some(since) = run.doubt.filter(|_| !run.repeats) {
        return Ok(match here.probe(&new).await {
            Ok(Live::Yes) => created(here),
            Ok(Live::No) if here.now < here.spread(since) => {
                here.wait_until(here.spread(since), "for the new value to spread")
            }
            Ok(Live::No) => here
                .go(State::Create, "rotation.not_created")
                .and(|next| next.attempt = run.attempt),
            Ok(Live::CannotTell) if run.abilities.making == Making::Replaced => here.repeat(),
            // Added twice it could push out the old one: once that is gone, it does no harm. Nor does it to remove it.
            Ok(Live::CannotTell) if run.revoked => here.repeat(),
            Ok(Live::CannotTell) if run.order.revokes_first() && !run.undoing => {
                urgent::not_made(here, Trouble::OutcomeUnknown)
            }
            Ok(Live::CannotTell) => undo::back(here, Trouble::OutcomeUnknown),
            Err(fault) => here.again_or_ask(&fault),
        });
    }
    let mark = run.mark().map(|mark| mark.text.as_str()).unwrap_or_default();
    match here.heard(here.issuer.put(mark, &new).await) {
        Ok(()) => Ok(created(here)),
        Err(fault) if run.doubt.is_none() && !fault.may_be_done() => Ok(here
            .again(&fault)
            .unwrap_or_else(|| urgent::not_made(here, Trouble::Issuer { why: fault.why() }))),
        Err(fault) => Ok(here.again_or_ask(&fault)),
    }
}

fn created(here: &Here<'_>) -> Transition {
    let replaced = here.run.abilities.making == Making::Replaced;
    here.go(urgent::after_made(here.run), "rotation.created")
        .and(|run| run.revoked |= replaced && run.order.is_urgent())
}
