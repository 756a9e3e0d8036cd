//! Before anything is done: is everything as it has to be? Then what is about to be made is kept.

use keyturn_model::rotation::{Change, JournalFault, Side, State};

use crate::{
    checks::{self, Looked},
    here::{Here, Transition},
    marks, undo,
};

pub(super) async fn step(here: &Here<'_>) -> Result<Transition, JournalFault> {
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
    let mark = marks::fresh(here.run, here.now);
    // Where a mark tells what is ours, nobody has to remember what is not.
    let remembered = if here.run.abilities.marks { Vec::new() } else { looked.keys };
    let next = here.go(State::Create, "rotation.creating").and(|run| {
        run.marks.push(mark);
        run.before = remembered.into_iter().map(|listed| listed.key).collect();
    });
    if !here.run.abilities.making.is_chosen() {
        return Ok(next);
    }
    let proposed = here.issuer.propose(&*here.around.entropy);
    Ok(next.and(|run| run.new_key = Some(proposed.key)).with(Change::KeepPending(proposed.value)))
}
