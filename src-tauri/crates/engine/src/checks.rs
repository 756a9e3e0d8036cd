//! The checks that change nothing: those of a dry run, and of every run before it begins.

use futures_util::future::join_all;
use keyturn_model::{
    BindingId, RunId,
    rotation::{Fault, Held, Issuer, Listed, Standing, Trouble, Why},
};
use std::sync::Arc;

use crate::{
    around::Around,
    here::{Here, Live},
    plan::{Asked, Plan, PlanFault, draft, plan},
};

/// Something that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The account works, and may do what the run needs.
    Account,
    /// There is room for one more key.
    Room,
    /// What keys there are, to know a lost one again.
    Keys,
    /// The old value is accepted, so that going back is possible.
    OldAccepted,
    /// A person agreed that the old value dies first.
    Consent,
    /// A consumer is well, can be written, and has the old value.
    Consumer(BindingId),
}

/// What was found.
#[derive(Debug)]
pub enum Looked {
    /// It is as it has to be.
    Good,
    /// Nothing is there yet: the run makes it.
    WillBeMade,
    /// It is not.
    Bad(Trouble),
    /// Nobody answered.
    Unanswered(Fault),
    /// There is no way to tell.
    CouldNot,
}

/// One check, and what was found.
#[derive(Debug)]
pub struct Checked {
    /// What was looked at.
    pub check: Check,
    /// What was found.
    pub looked: Looked,
}

/// A run that is not begun: what it would do, and all that can be looked at before.
#[derive(Debug)]
pub struct DryRun {
    /// What it would do.
    pub plan: Plan,
    /// Each of them.
    pub checks: Vec<Checked>,
}

impl DryRun {
    /// Whether nothing speaks against the run.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let speaks_against =
            |looked: &Looked| matches!(looked, Looked::Bad(_) | Looked::Unanswered(_));
        !self.checks.iter().any(|it| speaks_against(&it.looked))
    }
}

pub(crate) struct Found {
    pub(crate) checks: Vec<Checked>,
    pub(crate) keys: Vec<Listed>,
}

/// Does each check of a run for real. Nothing is changed or kept.
///
/// # Errors
/// When there can be no such run.
pub async fn dry_run(
    around: &Around,
    asked: &Asked,
    issuer: Arc<dyn Issuer>,
    old: &Held,
) -> Result<DryRun, PlanFault> {
    let plan = plan(asked)?;
    let now = around.clock.now();
    let run = draft(asked, RunId::new(now, &*around.entropy), now);
    let found = look(&Here { around, run: &run, issuer, now }, old).await;
    Ok(DryRun { plan, checks: found.checks })
}

pub(crate) async fn look(here: &Here<'_>, old: &Held) -> Found {
    let mut found = Found { checks: Vec::new(), keys: Vec::new() };
    let able = here.run.abilities;
    if !able.making.overlaps() {
        let looked = match here.run.consent || able.making.is_chosen() {
            true => Looked::Good,
            false => Looked::Bad(Trouble::NoConsent),
        };
        found.add(Check::Consent, looked);
    }
    let standing = here.heard(here.issuer.standing().await);
    let mut keys = standing.as_ref().ok().and_then(|standing| standing.keys);
    found.add(Check::Account, account(standing));
    if able.list {
        match here.heard(here.issuer.list().await) {
            Ok(listed) => {
                keys = keys.or(u32::try_from(listed.len()).ok());
                found.keys = listed;
                found.add(Check::Keys, Looked::Good);
            }
            Err(fault) => found.add(Check::Keys, Looked::Unanswered(fault)),
        }
    } else {
        found.add(Check::Keys, Looked::CouldNot);
    }
    if let Some(most) = able.most_live.filter(|_| able.making.overlaps()) {
        let room = match keys {
            Some(keys) if keys >= most => Looked::Bad(Trouble::NoRoom),
            Some(_) => Looked::Good,
            None => Looked::CouldNot,
        };
        found.add(Check::Room, room);
    }
    let old_accepted = match here.probe(old).await {
        Ok(Live::Yes) => Looked::Good,
        Ok(Live::No) => Looked::Bad(Trouble::OldRefused),
        Ok(Live::CannotTell) => Looked::CouldNot,
        Err(fault) => Looked::Unanswered(fault),
    };
    found.add(Check::OldAccepted, old_accepted);
    consumers(here, old, &mut found).await;
    found
}

impl Found {
    fn add(&mut self, check: Check, looked: Looked) {
        self.checks.push(Checked { check, looked });
    }
}

fn account(standing: Result<Standing, Fault>) -> Looked {
    match standing {
        Ok(Standing { allowed: Some(true), .. }) => Looked::Good,
        Ok(Standing { allowed: None, .. }) => Looked::CouldNot,
        Ok(_) | Err(Fault::Denied) => Looked::Bad(Trouble::NotAllowed),
        Err(fault) => Looked::Unanswered(fault),
    }
}

async fn consumers(here: &Here<'_>, old: &Held, found: &mut Found) {
    let most = usize::try_from(here.run.at_once.max(1)).unwrap_or(1);
    for some in here.run.bindings.chunks(most) {
        let looks = some.iter().map(async |binding| {
            let bad = |why| Looked::Bad(Trouble::Consumer { binding: binding.id, why });
            let looked = match here.around.outside.consumer(binding.id) {
                None => bad(Why::NotSetUp),
                Some(consumer) => match consumer.ready().await {
                    Err(fault) if fault.may_pass() => Looked::Unanswered(fault),
                    Err(fault) => bad(fault.why()),
                    Ok(()) if !binding.read_back => Looked::CouldNot,
                    Ok(()) => match consumer.holds(&old.value).await {
                        Ok(true) => Looked::Good,
                        Ok(false) => match consumer.vacant().await {
                            Ok(true) => Looked::WillBeMade,
                            Ok(false) => bad(Why::Conflict),
                            Err(fault) => Looked::Unanswered(fault),
                        },
                        Err(fault) => Looked::Unanswered(fault),
                    },
                },
            };
            Checked { check: Check::Consumer(binding.id), looked }
        });
        found.checks.extend(join_all(looks).await);
    }
}

/// What a check that nobody answered comes to in the end.
pub(crate) fn trouble(check: Check, fault: &Fault) -> Trouble {
    match check {
        Check::Consumer(binding) => Trouble::Consumer { binding, why: fault.why() },
        _ => Trouble::Issuer { why: fault.why() },
    }
}
