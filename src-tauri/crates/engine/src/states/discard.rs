//! A key that carries our mark and whose value was lost is deleted, and has to be gone from the list.

use keyturn_model::rotation::{Fault, Held, JournalFault, State, Trouble, Value};

use super::create_minted;
use crate::{
    here::{Here, Transition},
    pauses::{LONGEST_SPREADING_S, SPREADING_S},
};

pub(super) async fn step(
    here: &Here<'_>,
    key: &str,
    deleted: bool,
) -> Result<Transition, JournalFault> {
    if !deleted {
        let held = Held { key: key.to_owned(), value: Value::default() };
        return Ok(match here.heard(here.issuer.delete(&held).await) {
            Ok(()) | Err(Fault::Gone) => {
                let state = State::Discard { key: key.to_owned(), deleted: true };
                here.go(state, "rotation.lost_key_deleted")
            }
            Err(fault) => here.again_or_ask(&fault),
        });
    }
    let keys = match here.heard(here.issuer.list().await) {
        Ok(keys) => keys,
        Err(fault) => return Ok(here.again_or_ask(&fault)),
    };
    if keys.iter().any(|listed| listed.key == key) {
        let most =
            here.spread(here.run.moved).max(here.run.moved.plus_seconds(LONGEST_SPREADING_S));
        if here.now < most {
            let soon = here.now.plus_seconds(SPREADING_S);
            return Ok(here.wait_until(soon, "for the lost key to be gone"));
        }
        return Ok(here.ask(Trouble::StillAccepted));
    }
    if here.run.promoted || here.run.undoing {
        return Ok(here.go(State::Sweep, "rotation.lost_key_gone"));
    }
    Ok(create_minted::another(here))
}
