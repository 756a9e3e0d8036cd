//! Before a run ends: an attempt that nobody heard of may have left a key with our mark.

use keyturn_model::rotation::{Change, JournalFault, State};

use crate::{
    here::{Here, Transition},
    undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    if here.is_spreading() {
        return Ok(here.wait_until(here.spread(here.run.moved), "for lists to be up to date"));
    }
    let keys = match here.heard(here.issuer.list().await) {
        Ok(keys) => keys,
        Err(fault) => return Ok(here.again_or_ask(&fault)),
    };
    let run = here.run;
    let in_use = |key: &String| run.promoted && run.new_key.as_ref() == Some(key);
    let left = keys.iter().find(|it| run.gave(it.mark.as_ref()) && !in_use(&it.key));
    Ok(match left {
        Some(left) => {
            let state = State::Discard { key: left.key.clone(), deleted: false };
            here.go(state, "rotation.lost_key_found")
        }
        None => undo::ended(here).with(Change::OrphansGone).and(|run| run.strays = false),
    })
}
