//! Before anything is done: is everything as it has to be? Then what is about to be made is kept.

use keyturn_model::rotation::{Change, JournalFault, Listed, Order, Side, State};

use crate::{
    checks::{self, Looked},
    here::{Here, Transition},
    marks, undo,
    urgent::revoking,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
    if here.run.order.is_urgent() {
        return urgent(here).await;
    }
    let old = here.held(Side::Old).await?;
    let looked = checks::look(here, &old).await;
    for checked in &looked.checks {
        match &checked.looked {
            Looked::Good | Looked::WillBeMade | Looked::CouldNot => {}
            Looked::Unanswered(fault) => {
                let given_up = || undo::given_up(here, checks::trouble(checked.check, fault));
                return Ok(here.again(fault).unwrap_or_else(given_up));
            }
            Looked::Bad(trouble) => return Ok(undo::given_up(here, *trouble)),
        }
    }
    Ok(creating(here, looked.keys))
}

/// Only what has to be known is asked for: which keys are there, where no mark will tell which are ours.
async fn urgent(here: &Here<'_>) -> Result<Transition, JournalFault> {
    let able = here.run.abilities;
    if here.run.order == Order::RevokeOnly {
        return Ok(here.go(revoking(here.run), "rotation.revoking"));
    }
    if able.marks || !able.list || able.making.is_chosen() {
        return Ok(creating(here, Vec::new()));
    }
    Ok(match here.heard(here.issuer.list().await) {
        Ok(keys) => creating(here, keys),
        Err(fault) => here.again_or_ask(&fault),
    })
}

fn creating(here: &Here<'_>, keys: Vec<Listed>) -> Transition {
    let mark = marks::fresh(here.run, here.now);
    // Where a mark tells what is ours, nobody has to remember what is not.
    let remembered = if here.run.abilities.marks { Vec::new() } else { keys };
    let next = here.go(State::Create, "rotation.creating").and(|run| {
        run.marks.push(mark);
        run.before = remembered.into_iter().map(|listed| listed.key).collect();
    });
    if !here.run.abilities.making.is_chosen() {
        return next;
    }
    let proposed = here.issuer.propose(&*here.around.entropy);
    next.and(|run| run.new_key = Some(proposed.key)).with(Change::KeepPending(proposed.value))
}
