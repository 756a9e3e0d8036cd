//! Takes a run from state to state until it rests. Each transition is durable before the next one begins.

use futures_util::{StreamExt, stream};
use keyturn_model::{
    RunId, Timestamp,
    rotation::{Asked as Wished, Entry, JournalFault, Run, State, Stored, Trouble, Why},
};

use crate::{
    around::Around,
    controls,
    here::{Here, Transition, entry},
    pauses::turned_back,
    plan::{Asked, PlanFault, draft, plan},
    states,
};

/// So many runs are taken up at the same time.
const AT_ONCE: usize = 16;

/// Where a run rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It goes on at this moment.
    Until(Timestamp),
    /// A person had it stop for now.
    Paused,
    /// A person has to look.
    NeedsAttention,
    /// It has ended, with the new value in force.
    Done,
    /// It has ended, with the old value in force.
    Aborted,
    /// It has ended, with none in force.
    Revoked,
    /// Somebody else drives it.
    Driven,
}

/// Why a run was not begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeginFault {
    /// There can be none.
    #[error(transparent)]
    Plan(#[from] PlanFault),
    /// The old value would die first, and nobody agreed to that.
    #[error("somebody has to agree that the old value dies first")]
    NoConsent,
    /// It could not be kept, or another run is open for the credential.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// Enters a run. It does nothing before it is driven.
///
/// # Errors
/// When there can be none, or another one is open for the credential.
pub async fn begin(around: &Around, asked: &Asked) -> Result<RunId, BeginFault> {
    if plan(asked)?.needs_consent && !asked.consent {
        return Err(BeginFault::NoConsent);
    }
    let now = around.clock.now();
    let run = draft(asked, RunId::new(now, &*around.entropy), now);
    around.journal.begin(&run, entry("rotation.planned", "")).await?;
    Ok(run.id)
}

/// Takes a run on until it rests. It can be dropped at any moment, and be called again at any time: what
/// was kept is where it goes on.
///
/// # Errors
/// Those of the journal; nothing is done that could not be kept.
pub async fn drive(around: &Around, id: RunId) -> Result<Rest, JournalFault> {
    let Some(_alone) = around.alone(id) else { return Ok(Rest::Driven) };
    let Stored { run, asked: mut wish } = around.journal.load(id).await?;
    let mut run = run.in_doubt(around.clock.now());
    loop {
        let now = around.clock.now();
        let turned = turned_back(&run, now);
        if turned.is_none()
            && wish.is_none()
            && let Some(rest) = rest(around, &run, now)
        {
            return Ok(rest);
        }
        let heard = turned.is_none() && wish.is_some();
        let next = match turned {
            Some(run) => set_anew(run),
            None => next(around, &run, wish, now).await?,
        };
        let mut kept = next.run;
        kept.revision = run.revision.saturating_add(1);
        wish = around.journal.save(&kept, next.changes, next.entry, heard).await?;
        run = kept;
    }
}

fn rest(around: &Around, run: &Run, now: Timestamp) -> Option<Rest> {
    match run.state {
        State::Done => return Some(Rest::Done),
        State::Aborted => return Some(Rest::Aborted),
        State::Revoked => return Some(Rest::Revoked),
        State::NeedsAttention { .. } => return Some(Rest::NeedsAttention),
        _ => {}
    }
    if run.paused {
        return Some(Rest::Paused);
    }
    if run.not_before > now {
        return Some(Rest::Until(run.not_before));
    }
    let alone = around.accounts.left_alone(run.account, now)?;
    run.state.asks_issuer().then_some(Rest::Until(alone))
}

async fn next(
    around: &Around,
    run: &Run,
    wish: Option<Wished>,
    now: Timestamp,
) -> Result<Transition, JournalFault> {
    let Some(issuer) = around.outside.issuer(run) else { return Ok(not_set_up(run)) };
    if issuer.abilities().making != run.abilities.making {
        // The account was set up in another way meanwhile: what the plan said is not true of it.
        return Ok(not_set_up(run));
    }
    let here = Here { around, run, issuer, now };
    match wish {
        Some(wish) => Ok(controls::heard(&here, wish)),
        None => states::step(&here).await,
    }
}

fn set_anew(run: Run) -> Transition {
    Transition { run, changes: Vec::new(), entry: entry("rotation.clock_turned_back", "") }
}

fn not_set_up(run: &Run) -> Transition {
    let mut run = run.clone();
    run.state = State::NeedsAttention { at: Box::new(run.state.place().clone()) };
    run.trouble = Some(Trouble::Issuer { why: Why::NotSetUp });
    let entry = Entry { action: "rotation.needs_attention", note: String::new() };
    Transition { run, changes: Vec::new(), entry }
}

/// Takes a run on, waiting in between, until it needs a person or has ended.
///
/// # Errors
/// Those of the journal.
pub async fn run_to_rest(around: &Around, id: RunId) -> Result<Rest, JournalFault> {
    loop {
        match drive(around, id).await? {
            Rest::Until(moment) => around.outside.until(moment).await,
            rest => return Ok(rest),
        }
    }
}

/// Takes on every run that has not ended: after unlocking, before anything new is begun.
///
/// # Errors
/// When the journal cannot tell which there are.
pub async fn recover(
    around: &Around,
) -> Result<Vec<(RunId, Result<Rest, JournalFault>)>, JournalFault> {
    let runs = around.journal.open_runs().await?;
    let driven = runs.into_iter().map(async |id| (id, drive(around, id).await));
    Ok(stream::iter(driven).buffer_unordered(AT_ONCE).collect().await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_can_be_driven_on_any_thread() {
        fn goes<T: Send>(_: impl FnOnce(&'static Around, RunId) -> T) {}
        goes(run_to_rest);
        goes(|around, _| recover(around));
    }
}
