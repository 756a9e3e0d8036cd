//! The issuer is told a value that we chose and that is kept already, so it can be tried at any time.

use keyturn_model::rotation::{JournalFault, Making, Side, State, Trouble};

use crate::{
    here::{Here, Live, Transition},
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let run = here.run;
    let new = here.held(Side::New).await?;
    if let Some(since) = run.doubt.filter(|_| !run.repeats) {
        return Ok(match here.probe(&new).await {
            Ok(Live::Yes) => here.go(State::Verify, "rotation.created"),
            Ok(Live::No) if here.now < here.spread(since) => {
                here.wait_until(here.spread(since), "for the new value to spread")
            }
            Ok(Live::No) => here
                .go(State::Create, "rotation.not_created")
                .and(|next| next.attempt = run.attempt),
            Ok(Live::CannotTell) if run.abilities.making == Making::Replaced => here.repeat(),
            // Added twice it could push out the old one; to remove it does no harm.
            Ok(Live::CannotTell) => undo::back_or_ask(here, Trouble::OutcomeUnknown),
            Err(fault) => here.again_or_ask(&fault),
        });
    }
    let mark = run.mark().map(|mark| mark.text.as_str()).unwrap_or_default();
    match here.heard(here.issuer.put(mark, &new).await) {
        Ok(()) => Ok(here.go(State::Verify, "rotation.created")),
        Err(fault) if run.doubt.is_none() && !fault.may_be_done() => Ok(here
            .again(&fault)
            .unwrap_or_else(|| undo::given_up(here, Trouble::Issuer { why: fault.why() }))),
        Err(fault) => Ok(here.again_or_ask(&fault)),
    }
}
