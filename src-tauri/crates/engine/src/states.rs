//! What each state does, one file a state. A state looks, does at most one kind of thing outside, and
//! answers with the transition that keeps what came of it.

mod confirm;
mod create_chosen;
mod create_minted;
mod cutover;
mod deactivate;
mod deliver;
mod discard;
mod grace;
mod hand_over;
mod preflight;
mod prove_old;
mod reinstate;
mod remove;
mod restore;
mod revoke;
mod sweep;
mod verify;

use keyturn_model::rotation::{JournalFault, Side, State};

pub(crate) use deactivate::switched_off;
pub(crate) use hand_over::not_all_well;
pub(crate) use revoke::revoked;

use crate::{
    here::{Here, Transition},
    urgent,
};

/// What comes next for a run that has neither ended nor needs a person.
pub(crate) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    match &here.run.state {
        State::Preflight => preflight::step(here).await,
        State::Create if here.run.abilities.making.is_chosen() => create_chosen::step(here).await,
        State::Create => create_minted::step(here).await,
        State::Discard { key, deleted } => discard::step(here, key, *deleted).await,
        State::Verify => verify::step(here).await,
        State::Deliver => deliver::step(here).await,
        State::Cutover => Ok(cutover::step(here)),
        State::Grace { until } => grace::step(here, *until).await,
        State::Deactivate => deactivate::step(here).await,
        State::Revoke => revoke::step(here).await,
        State::Confirm if here.run.order.is_urgent() => urgent::confirm(here).await,
        State::Confirm => confirm::step(here, Side::Old).await,
        State::Sweep => sweep::step(here).await,
        State::Reinstate => reinstate::step(here).await,
        State::ProveOld => prove_old::step(here).await,
        State::Restore => restore::step(here).await,
        State::StepBack => Ok(cutover::back(here)),
        State::Remove => remove::step(here).await,
        State::ConfirmRemoved => confirm::step(here, Side::New).await,
        State::Done | State::Aborted | State::Revoked | State::NeedsAttention { .. } => {
            Ok(here.wait_until(here.now, "nothing to do"))
        }
    }
}
