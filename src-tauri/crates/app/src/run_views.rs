//! A run as people see it: its steps, which values work right now, and what can be done about it.

use keyturn_engine::{can_undo, next_action, waits_for_word};
use keyturn_model::{
    Timestamp,
    rotation::{Making, Order, Place, Run, State, Trouble},
    setup::{IssuerSetup, Sending},
};
use keyturn_vault::{KeptRun, RunStep};

use crate::views::{
    BindingView, ByHand, LockedRotations, LogLine, PlanStep, RightNow, RunConsumer, RunRow,
    RunStatus, RunView, StepStatus, StepView,
};

pub(crate) fn row(kept: &KeptRun, bindings: &[BindingView]) -> RunRow {
    let run = &kept.run;
    RunRow {
        id: run.id,
        credential: run.credential,
        credential_name: kept.credential_name.clone(),
        status: status(run),
        needs_somebody: kept.unheeded || matches!(run.state, State::NeedsAttention { .. }),
        undoing: run.undoing || run.state == State::Aborted,
        step: step_of(run, bindings),
        begun: kept.begun,
        changed: kept.changed,
        trouble: run.trouble.filter(|_| !matches!(run.state, State::Done)),
    }
}

pub(crate) fn view(
    kept: &KeptRun,
    log: Vec<RunStep>,
    bindings: &[BindingView],
    now: Timestamp,
) -> RunView {
    let run = &kept.run;
    let stopped = matches!(run.state, State::NeedsAttention { .. });
    let steps = steps(run, &log, bindings);
    let last = if run.abilities.making == Making::Replaced {
        PlanStep::Confirm
    } else if !run.abilities.making.overlaps() {
        PlanStep::Create
    } else if run.abilities.deactivate {
        PlanStep::Deactivate
    } else {
        PlanStep::Revoke
    };
    let no_way_back = steps.iter().position(|it| it.step == last).unwrap_or(steps.len());
    RunView {
        row: row(kept, bindings),
        revision: run.revision,
        steps,
        consumers: run
            .bindings
            .iter()
            .map(|binding| RunConsumer {
                binding: binding.id,
                name: bindings
                    .iter()
                    .find(|it| it.id == binding.id)
                    .map(|it| it.consumer_name.clone())
                    .unwrap_or_default(),
                place: binding.place,
                reload: binding.reload,
                attempts: binding.attempts,
                waits_for_word: waits_for_word(binding) && !stopped && !run.state.is_end(),
            })
            .collect(),
        right_now: right_now(run),
        can_undo: !run.state.is_end() && can_undo(run),
        no_way_back: u32::try_from(no_way_back).unwrap_or(u32::MAX),
        next: next_action(run),
        waits_until: Some(run.not_before)
            .filter(|at| *at > now && status(run) == RunStatus::Waiting),
        attempt: run.attempt,
        log: log
            .into_iter()
            .map(|step| LogLine { at: step.at, action: step.action, note: step.note })
            .collect(),
        old_key: run.old_key.clone(),
        new_key: run.new_key.clone().unwrap_or_default(),
        new_version: kept.new_version,
        proves: run.abilities.verify || run.abilities.list,
        by_hand: None,
        signing: false,
    }
}

/// What a person has to do by hand, when the run waits for that.
pub(crate) fn by_hand(
    run: &Run,
    account: Option<&IssuerSetup>,
    bindings: &[BindingView],
) -> Option<ByHand> {
    let waits = matches!(run.state, State::NeedsAttention { .. });
    match run.trouble.filter(|trouble| waits && trouble.is_by_hand())? {
        Trouble::Consumer { binding, .. } => {
            let binding = bindings.iter().find(|it| it.id == binding)?;
            let (who, steps) = match &binding.setup.sending {
                Sending::ByHand { who, steps } => (who.clone(), steps.clone()),
                _ => (String::new(), Vec::new()),
            };
            let consumer = Some(binding.consumer_name.clone());
            Some(ByHand {
                who,
                console: String::new(),
                steps,
                pastes: false,
                vouches: false,
                consumer,
            })
        }
        _ => {
            let pastes = *run.state.place() == State::Create;
            let (console, steps) = match account {
                // The steps say how a value is made there.
                Some(IssuerSetup::ByHand { console, steps, .. }) if pastes => {
                    (console.clone(), steps.clone())
                }
                Some(IssuerSetup::ByHand { console, .. }) => (console.clone(), Vec::new()),
                _ => (String::new(), Vec::new()),
            };
            let vouches = run.trouble == Some(Trouble::Unproven);
            Some(ByHand { who: String::new(), console, steps, pastes, vouches, consumer: None })
        }
    }
}

fn status(run: &Run) -> RunStatus {
    match run.state {
        State::Done => RunStatus::Done,
        State::Aborted => RunStatus::Undone,
        State::Revoked => RunStatus::Revoked,
        State::NeedsAttention { .. } => RunStatus::NeedsAttention,
        _ if run.paused => RunStatus::Paused,
        State::Grace { .. } => RunStatus::Waiting,
        _ if run.not_before > run.moved => RunStatus::Waiting,
        _ => RunStatus::Running,
    }
}

/// Which values work. What a step is about to do counts as done: nobody can tell from here.
fn right_now(run: &Run) -> RightNow {
    let overlaps = run.abilities.making.overlaps();
    let made = !run.unmade && run.order != Order::RevokeOnly;
    let during = match overlaps {
        true if made => RightNow::Both,
        true => RightNow::Old,
        false => RightNow::New,
    };
    match run.state.place() {
        _ if matches!(run.trouble, Some(Trouble::OutcomeUnknown | Trouble::Unreadable))
            && matches!(run.state, State::NeedsAttention { .. }) =>
        {
            RightNow::Unknown
        }
        _ if run.revoked && !made => RightNow::Neither,
        State::Create if run.revoked => RightNow::Neither,
        _ if run.revoked => RightNow::New,
        State::Create if run.doubt.is_some() || !overlaps => RightNow::Unknown,
        State::Preflight | State::Create | State::Discard { .. } => RightNow::Old,
        State::Verify
        | State::Deliver
        | State::Cutover
        | State::Grace { .. }
        | State::Deactivate
        | State::Revoke => during,
        State::Revoked => RightNow::Neither,
        State::Confirm | State::Done => RightNow::New,
        State::Sweep if run.promoted => RightNow::New,
        State::Reinstate => RightNow::New,
        State::ProveOld | State::Restore | State::StepBack | State::Remove if overlaps => {
            RightNow::Both
        }
        _ => RightNow::Old,
    }
}

/// What the lock screen says of the runs that are open; nothing when there is none.
pub(crate) fn behind_lock(open: &[KeptRun], go_on: bool) -> Option<LockedRotations> {
    let number = |runs: usize| u32::try_from(runs).unwrap_or(u32::MAX);
    let need_you = open.iter().filter(|kept| status(&kept.run) == RunStatus::NeedsAttention);
    (go_on || !open.is_empty()).then(|| LockedRotations {
        go_on,
        open: number(open.len()),
        need_you: number(need_you.count()),
        both_work: open.iter().all(|kept| rests_on_both(&kept.run)),
    })
}

/// Whether both values work as long as nothing is done. A call that takes one away may be under way already.
fn rests_on_both(run: &Run) -> bool {
    let takes_away = matches!(run.state.place(), State::Deactivate | State::Revoke | State::Remove);
    right_now(run) == RightNow::Both && !takes_away
}

/// The steps of going forward, in order.
fn forward(run: &Run, bindings: &[BindingView]) -> Vec<PlanStep> {
    let able = run.abilities;
    let verifying = (able.verify || able.list).then_some(PlanStep::Verify);
    let delivering = (!run.bindings.is_empty()).then(|| deliver(run, bindings));
    if run.order.is_urgent() {
        return urgent(run, verifying, delivering);
    }
    let mut steps = vec![PlanStep::Check, PlanStep::Create];
    steps.extend(verifying);
    steps.extend(delivering);
    steps.push(PlanStep::Promote);
    if able.making.overlaps() {
        let grace = PlanStep::Grace { seconds: run.grace_s };
        steps.extend(match (able.deactivate, able.grace_comes_last()) {
            (_, true) => vec![PlanStep::Deactivate, grace, PlanStep::Revoke],
            (true, false) => vec![grace, PlanStep::Deactivate, PlanStep::Revoke],
            (false, false) => vec![grace, PlanStep::Revoke],
        });
    }
    steps.push(PlanStep::Confirm);
    steps
}

/// The same in an emergency, as `engine::plan` has it.
fn urgent(run: &Run, verifying: Option<PlanStep>, delivering: Option<PlanStep>) -> Vec<PlanStep> {
    let able = run.abilities;
    let revoking = match (able.making.overlaps(), able.deactivate) {
        (false, _) => Vec::new(),
        (true, true) => vec![PlanStep::Deactivate, PlanStep::Revoke],
        (true, false) => vec![PlanStep::Revoke],
    };
    let first = run.order.revokes_first();
    let mut steps = Vec::new();
    if run.order != Order::RevokeOnly {
        steps.push(PlanStep::Create);
    }
    if first {
        steps.extend(revoking.clone());
        steps.push(PlanStep::Confirm);
    }
    if run.order != Order::RevokeOnly {
        steps.extend(verifying);
        steps.extend(delivering);
        steps.push(PlanStep::Promote);
    }
    if !first {
        steps.extend(revoking);
        steps.push(PlanStep::Confirm);
    }
    steps
}

fn deliver(run: &Run, bindings: &[BindingView]) -> PlanStep {
    let name = |id| bindings.iter().find(|it: &&BindingView| it.id == id);
    let names = run.bindings.iter().filter_map(|binding| name(binding.id));
    PlanStep::Deliver { consumers: names.map(|it| it.consumer_name.clone()).collect() }
}

/// The steps of going back, in order; those that have nothing to do are left out.
fn back(run: &Run) -> Vec<PlanStep> {
    let touched = run.bindings.iter().any(|it| it.place != Place::Untouched);
    let mut steps = Vec::new();
    if run.abilities.making == Making::Replaced {
        steps.push(PlanStep::Reinstate);
    }
    steps.push(PlanStep::ProveOld);
    if touched {
        steps.push(PlanStep::Restore);
    }
    if run.promoted {
        steps.push(PlanStep::StepBack);
    }
    if run.abilities.making.overlaps() {
        steps.push(PlanStep::Remove);
        steps.push(PlanStep::ConfirmRemoved);
    }
    steps
}

/// Whether the old key waits, switched off, for what it signed to come in.
fn lingers(run: &Run) -> bool {
    run.abilities.grace_comes_last() && run.attempt == 0 && run.not_before > run.moved
}

/// The name of the state in which a step is done.
fn state_of(step: &PlanStep) -> &'static [&'static str] {
    match step {
        PlanStep::Check => &["preflight"],
        PlanStep::Create => &["create", "discard"],
        PlanStep::Verify => &["verify"],
        PlanStep::Deliver { .. } => &["deliver"],
        PlanStep::Promote => &["cutover"],
        PlanStep::Grace { .. } => &["grace"],
        PlanStep::Deactivate => &["deactivate"],
        PlanStep::Revoke => &["revoke"],
        PlanStep::Confirm => &["confirm"],
        PlanStep::Reinstate => &["reinstate"],
        PlanStep::ProveOld => &["proveOld"],
        PlanStep::Restore => &["restore"],
        PlanStep::StepBack => &["stepBack"],
        PlanStep::Remove => &["remove"],
        PlanStep::ConfirmRemoved => &["confirmRemoved"],
    }
}

/// The step at which a run is, or with which it ended.
fn step_of(run: &Run, bindings: &[BindingView]) -> PlanStep {
    match run.state.place() {
        State::Preflight => PlanStep::Check,
        State::Create | State::Discard { .. } => PlanStep::Create,
        State::Verify => PlanStep::Verify,
        State::Deliver => deliver(run, bindings),
        State::Cutover => PlanStep::Promote,
        // Here consumers are waited for that take it up later.
        State::Grace { .. } if run.abilities.grace_comes_last() => PlanStep::Promote,
        State::Grace { .. } => PlanStep::Grace { seconds: run.grace_s },
        State::Revoke if lingers(run) => PlanStep::Grace { seconds: run.grace_s },
        State::Deactivate => PlanStep::Deactivate,
        State::Revoke => PlanStep::Revoke,
        State::Reinstate => PlanStep::Reinstate,
        State::ProveOld => PlanStep::ProveOld,
        State::Restore => PlanStep::Restore,
        State::StepBack => PlanStep::StepBack,
        State::Remove => PlanStep::Remove,
        State::ConfirmRemoved | State::Aborted => PlanStep::ConfirmRemoved,
        State::Sweep if run.undoing => PlanStep::ConfirmRemoved,
        _ => PlanStep::Confirm,
    }
}

fn steps(run: &Run, log: &[RunStep], bindings: &[BindingView]) -> Vec<StepView> {
    let mut all = forward(run, bindings);
    let ahead = all.len();
    if run.undoing || run.state == State::Aborted {
        all.extend(back(run));
    }
    let now = step_of(run, bindings);
    let at = all.iter().position(|step| *step == now).unwrap_or(all.len());
    let ended = run.state.is_end();
    let stopped = matches!(run.state, State::NeedsAttention { .. });
    let gone_back = run.undoing || run.state == State::Aborted;
    // Who stops a run by hand lets no step of it fail.
    let failed = run.trouble.is_some_and(|trouble| gone_back && trouble != Trouble::Stopped);
    let began = |step: &PlanStep| times(step, log).0.is_some();
    let failed = failed.then(|| all.iter().take(ahead).rposition(began)).flatten();
    let one = |(place, step): (usize, PlanStep)| {
        let (began, over) = times(&step, log);
        let passed = began.is_some();
        let back = place >= ahead;
        let status = if place == at && !ended {
            if stopped { StepStatus::Stopped } else { StepStatus::Running }
        } else if failed == Some(place) {
            StepStatus::Failed
        } else if place < at || ended {
            // What never began was not needed: nothing of it is shown as if it had been done.
            match passed || (!gone_back && !back) {
                true => StepStatus::Done,
                false => StepStatus::Skipped,
            }
        } else {
            StepStatus::ToCome
        };
        StepView { step, status, began, ended: over }
    };
    all.into_iter().enumerate().map(one).collect()
}

/// When a step began, and when it ended.
fn times(step: &PlanStep, log: &[RunStep]) -> (Option<Timestamp>, Option<Timestamp>) {
    let names = state_of(step);
    let mine = |entry: &&RunStep| names.contains(&entry.state.as_str());
    let began = log.iter().find(mine).map(|entry| entry.at);
    let last = log.iter().rposition(|entry| names.contains(&entry.state.as_str()));
    let ended = last.and_then(|last| log.get(last + 1)).map(|entry| entry.at);
    (began, ended)
}
