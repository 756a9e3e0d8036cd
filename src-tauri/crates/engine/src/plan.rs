//! What a run will do, computed from what issuer and consumers declare, before anything is asked of them.

use std::collections::{BTreeMap, BTreeSet};

use keyturn_model::{
    AccountId, BindingId, CredentialId, RunId, Timestamp,
    rotation::{Abilities, Binding, Making, Order, Place, Reload, Run, State, Uptake},
};

use crate::{
    cycles::{Cycle, cycle},
    urgent::AT_ONCE,
};

/// What is to be rotated.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which credential.
    pub credential: CredentialId,
    /// The issuer's name for its current value.
    pub old_key: String,
    /// The issuer account that does it.
    pub account: AccountId,
    /// The credential that this account logs in with, when it is kept in the vault too.
    pub logs_in_with: Option<CredentialId>,
    /// What the issuer can do.
    pub abilities: Abilities,
    /// Who uses the credential.
    pub bindings: Vec<BindingAsked>,
    /// Which credentials stop working when one changes, as they were made with it.
    pub cuts_off: BTreeMap<CredentialId, Vec<CredentialId>>,
    /// To how many consumers it may deliver at once.
    pub at_once: u32,
    /// For how long both values are to work.
    pub grace_s: i64,
    /// Whether a person agreed that the old value dies before the new one is delivered.
    pub consent: bool,
    /// What is done first.
    pub order: Order,
}

/// One consumer of it.
#[derive(Debug, Clone)]
pub struct BindingAsked {
    /// Which.
    pub id: BindingId,
    /// What it can do.
    pub uptake: Uptake,
    /// The credentials that its delivery logs in with.
    pub logs_in_with: Vec<CredentialId>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Everything is looked at.
    Check,
    /// The new value is made and kept.
    Create,
    /// The issuer has to accept it.
    Verify,
    /// These get it at the same time.
    Deliver(Vec<BindingId>),
    /// It becomes the current one.
    Promote,
    /// Both work for so many seconds.
    Grace(i64),
    /// The old key is switched off.
    Deactivate,
    /// The old key is deleted.
    Revoke,
    /// The old value has to be refused.
    Confirm,
}

/// What a run will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In this order.
    pub steps: Vec<Step>,
    /// Who is restarted.
    pub restarts: Vec<BindingId>,
    /// Who takes the value up later, so that the run waits for it.
    pub waits_for: Vec<BindingId>,
    /// About how many seconds the consumer that is worst off will be without a value that works.
    pub down_s: u32,
    /// The first step that cannot be undone.
    pub no_way_back: Step,
    /// Whether a person has to agree first, as the old value dies before the new one is delivered and
    /// cannot be had again.
    pub needs_consent: bool,
}

/// Why there can be no run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// It would cut off the logins that it works with.
    #[error("the run would cut off a login that it needs itself")]
    Cycle(Cycle),
    /// The old key could not be revoked, as nobody knows the issuer's name for it.
    #[error("the issuer's name for the old key is not known")]
    OldKeyUnknown,
    /// The issuer only ever replaces a value: without a new one the old one cannot go.
    #[error("the issuer cannot revoke without making a new value")]
    CannotRevoke,
}

/// What a run will do.
///
/// # Errors
/// When it would cut off its own logins, or could not end.
pub fn plan(asked: &Asked) -> Result<Plan, PlanFault> {
    let logins = asked.bindings.iter().flat_map(|binding| &binding.logs_in_with);
    let needed: BTreeSet<_> = logins.chain(&asked.logs_in_with).copied().collect();
    if let Some(cycle) = cycle(asked.credential, &needed, &asked.cuts_off) {
        return Err(PlanFault::Cycle(cycle));
    }
    let making = asked.abilities.making;
    if making == Making::Minted && asked.old_key.is_empty() {
        return Err(PlanFault::OldKeyUnknown);
    }
    if asked.order == Order::RevokeOnly && !making.overlaps() {
        return Err(PlanFault::CannotRevoke);
    }
    let reloads = |which: fn(Reload) -> bool| -> Vec<BindingId> {
        let those = asked.bindings.iter().filter(|binding| which(binding.uptake.reload));
        those.map(|binding| binding.id).collect()
    };
    Ok(Plan {
        steps: steps(asked),
        restarts: reloads(|reload| reload == Reload::Restart),
        waits_for: reloads(Reload::is_later),
        down_s: down_s(asked),
        no_way_back: match making {
            Making::Regenerated => Step::Create,
            Making::Replaced if asked.order.revokes_first() => Step::Create,
            Making::Replaced => Step::Confirm,
            Making::Added | Making::Minted if asked.abilities.deactivate => Step::Deactivate,
            Making::Added | Making::Minted => Step::Revoke,
        },
        needs_consent: making == Making::Regenerated && !asked.order.is_urgent(),
    })
}

fn waves(asked: &Asked) -> std::slice::Chunks<'_, BindingAsked> {
    asked.bindings.chunks(usize::try_from(at_once(asked)).unwrap_or(1))
}

fn steps(asked: &Asked) -> Vec<Step> {
    if asked.order.is_urgent() {
        return urgent_steps(asked);
    }
    let mut steps = vec![Step::Check, Step::Create];
    if asked.abilities.verify || asked.abilities.list {
        steps.push(Step::Verify);
    }
    let ids = |wave: &[BindingAsked]| wave.iter().map(|binding| binding.id).collect();
    steps.extend(waves(asked).map(|wave| Step::Deliver(ids(wave))));
    steps.push(Step::Promote);
    if asked.abilities.making.overlaps() {
        let grace = Step::Grace(asked.grace_s);
        steps.extend(match (asked.abilities.deactivate, asked.abilities.grace_comes_last()) {
            (_, true) => vec![Step::Deactivate, grace, Step::Revoke],
            (true, false) => vec![grace, Step::Deactivate, Step::Revoke],
            (false, false) => vec![grace, Step::Revoke],
        });
    }
    steps.push(Step::Confirm);
    steps
}

fn urgent_steps(asked: &Asked) -> Vec<Step> {
    let able = asked.abilities;
    let revoking: &[Step] = match (able.making.overlaps(), able.deactivate) {
        (false, _) => &[],
        (true, true) => &[Step::Deactivate, Step::Revoke],
        (true, false) => &[Step::Revoke],
    };
    let delivering = asked.bindings.iter().map(|binding| binding.id).collect::<Vec<_>>();
    let delivering = (!delivering.is_empty()).then_some(Step::Deliver(delivering));
    let verifying = (able.verify || able.list).then_some(Step::Verify);
    let mut steps = Vec::new();
    match asked.order {
        Order::RevokeOnly => {
            steps.extend_from_slice(revoking);
            steps.push(Step::Confirm);
        }
        Order::RevokeFirst => {
            steps.push(Step::Create);
            steps.extend_from_slice(revoking);
            steps.push(Step::Confirm);
            steps.extend(verifying);
            steps.extend(delivering);
            steps.push(Step::Promote);
        }
        Order::Usual | Order::RotateFirst => {
            steps.push(Step::Create);
            steps.extend(verifying);
            steps.extend(delivering);
            steps.push(Step::Promote);
            steps.extend_from_slice(revoking);
            steps.push(Step::Confirm);
        }
    }
    steps
}

/// Where both values work, a consumer is away only while it restarts; else from the moment the old value
/// dies until its wave is done.
fn down_s(asked: &Asked) -> u32 {
    let away = |binding: &BindingAsked| binding.uptake.away_s;
    if asked.abilities.making.overlaps() && !asked.order.revokes_first() {
        return asked.bindings.iter().map(away).max().unwrap_or(0);
    }
    let longest = |wave: &[BindingAsked]| wave.iter().map(|it| it.uptake.takes_s).max();
    waves(asked)
        .filter_map(longest)
        .fold(asked.abilities.propagation_s, |sum, seconds| sum.saturating_add(seconds))
}

/// In an emergency nobody waits for another.
fn at_once(asked: &Asked) -> u32 {
    if asked.order.is_urgent() { AT_ONCE } else { asked.at_once.max(1) }
}

/// The run as it is before anything was done.
pub(crate) fn draft(asked: &Asked, id: RunId, now: Timestamp) -> Run {
    let binding = |binding: &BindingAsked| Binding {
        id: binding.id,
        reload: binding.uptake.reload,
        read_back: binding.uptake.read_back,
        tells: binding.uptake.tells,
        looks: binding.uptake.looks,
        place: Place::Untouched,
        attempts: 0,
        doubt: false,
        said: false,
    };
    Run {
        id,
        credential: asked.credential,
        account: asked.account,
        revision: 0,
        state: State::Preflight,
        abilities: asked.abilities,
        bindings: asked.bindings.iter().map(binding).collect(),
        at_once: at_once(asked),
        grace_s: if asked.order.is_urgent() { 0 } else { asked.grace_s },
        consent: asked.consent,
        old_key: asked.old_key.clone(),
        new_key: None,
        marks: Vec::new(),
        before: Vec::new(),
        attempt: 0,
        not_before: now,
        doubt: None,
        repeats: false,
        moved: now,
        quiet_since: None,
        promoted: false,
        undoing: false,
        strays: false,
        go_ahead: false,
        vouched: false,
        paused: false,
        order: asked.order,
        revoked: false,
        unmade: false,
        refused: None,
        trouble: None,
    }
}
