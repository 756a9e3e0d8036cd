//! Rotations: how a credential is rotated, what that would do, and what is asked of a run.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_engine::{
    Asked, BeginFault, BindingAsked, Check, Checked, Looked, OrphanFault, PlanFault, Step, ask,
    begin, dry_run, plan,
};
use keyturn_model::{
    AccountId, BindingId, Metadata, RunId,
    rotation::{Issuer, JournalFault, Order, Trouble},
    setup::IssuerSetup,
};
use keyturn_vault::{KeptBinding, Vault, VaultError, WhichRuns};

use crate::{
    App, MessageKey, UserError,
    accounts::setup_gone,
    app::Happening,
    credentials::whole,
    outside::{self, SetUp, set_up},
    own_logins, run_views,
    schedule::{automatic_pause, window_opens},
    session::Open,
    views::{
        CheckView, CheckWhat, Found, Lesson, OrphanView, PlanStep, PlanView, RotationChange,
        RotationOf, RotationView, RunView, RunWish, RunsOf, RunsView, Which, WhichAccount,
        WhichOrphan, WhichRun,
    },
};

/// So many runs of one credential are shown.
const HISTORY: u32 = 50;
/// So many runs of all are shown.
const MOST_RUNS: u32 = 500;
/// For so long both values work where no policy says anything.
pub(crate) const USUAL_GRACE_S: i64 = 24 * 3600;

impl App {
    pub(crate) fn read_rotation(
        &self,
        open: &Open,
        input: &Which,
    ) -> Result<RotationView, UserError> {
        let vault = &open.vault;
        let (credential, _) = vault.credential(input.id)?;
        let kept = vault.rotation(input.id)?;
        let bindings = Self::bindings_of(open, input.id)?;
        let runs = vault.runs(Some(input.id), WhichRuns::All, HISTORY)?;
        let set_up = set_up(vault, input.id, &self.0.around.clock, &self.0.turns)?;
        let metadata = &credential.metadata;
        let own = kept.as_ref().and_then(|kept| kept.setup.grace_s);
        let grace_s = grace_s(vault, own, metadata)?;
        let faults = match (&kept, &set_up) {
            (Some(kept), None) => outside::rotation_faults(&kept.setup),
            _ => Vec::new(),
        };
        Ok(RotationView {
            version: kept.as_ref().map_or(0, |kept| kept.version),
            faults,
            abilities: set_up.map(|it| it.issuer.abilities()),
            grace_s,
            runs: runs.iter().map(|kept| run_views::row(kept, &bindings)).collect(),
            bindings,
            paused: automatic_pause(open)?,
            setup: kept.map(|kept| kept.setup),
        })
    }

    pub(crate) fn set_up_rotation(
        &self,
        open: &Open,
        input: &RotationChange,
    ) -> Result<RotationView, UserError> {
        let faults = outside::rotation_faults(&input.setup);
        let which = Which { id: input.credential };
        if !faults.is_empty() {
            return Ok(RotationView { faults, ..self.read_rotation(open, &which)? });
        }
        open.vault.save_rotation(input.credential, input.version, &input.setup)?;
        self.tell(Happening::Runs);
        self.read_rotation(open, &which)
    }

    pub(crate) fn plan_rotation(
        &self,
        open: &Open,
        input: &RotationOf,
    ) -> Result<PlanView, UserError> {
        let (asked, set_up, bindings) = self.asked(open, input, Order::Usual)?;
        let rotating = self.rotating(open)?;
        let SetUp { issuer, current, metadata, .. } = set_up;
        let found = self
            .runtime()?
            .block_on(dry_run(&rotating.around, &asked, issuer, &current))
            .map_err(of_plan)?;
        self.learn(open, Lesson::DryRun);
        let good = found.is_good();
        let names = |ids: &[BindingId]| ids.iter().map(|id| name(&bindings, *id)).collect();
        let keyturn_engine::Plan { steps, restarts, waits_for, down_s, no_way_back, .. } =
            found.plan;
        let last = steps.iter().position(|step| *step == no_way_back);
        Ok(PlanView {
            no_way_back: u32::try_from(last.unwrap_or(steps.len())).unwrap_or(u32::MAX),
            steps: steps.into_iter().map(|step| shown(step, &bindings)).collect(),
            restarts: names(&restarts),
            waits_for: names(&waits_for),
            down_s,
            needs_consent: found.plan.needs_consent,
            window_opens: window_opens(&open.vault, &metadata, self.clock().now())?,
            checks: found.checks.into_iter().map(|checked| check(checked, &bindings)).collect(),
            good,
        })
    }

    pub(crate) fn begin_rotation(
        &self,
        open: &Open,
        input: &RotationOf,
    ) -> Result<RunView, UserError> {
        let run = self.enter_run(open, input)?;
        self.rotating(open)?.go_on(self, run)?;
        self.tell(Happening::Runs);
        self.tell(Happening::Inventory);
        self.read_run(open, &WhichRun { id: run })
    }

    /// Enters a run. It does nothing before it is driven.
    pub(crate) fn enter_run(&self, open: &Open, input: &RotationOf) -> Result<RunId, UserError> {
        let (asked, ..) = self.asked(open, input, Order::Usual)?;
        let rotating = self.rotating(open)?;
        self.runtime()?.block_on(begin(&rotating.around, &asked)).map_err(of_begin)
    }

    /// What is to be rotated, as it is set up now.
    pub(crate) fn asked(
        &self,
        open: &Open,
        input: &RotationOf,
        order: Order,
    ) -> Result<(Asked, SetUp, Vec<KeptBinding>), UserError> {
        let not_set_up = || UserError::new("KT-ROTATION-NOT-SET-UP", MessageKey::RotationNotSetUp);
        let vault = &open.vault;
        // A new value could not be put in force in the end.
        whole(vault, input.credential)?;
        let set_up = set_up(vault, input.credential, &self.0.around.clock, &self.0.turns)?
            .ok_or_else(not_set_up)?;
        // It would keep a value that is revoked in the end.
        let unread = vault.unread_bindings(Some(input.credential))?;
        if !unread.is_empty() {
            let names: Vec<_> = unread.into_iter().map(|binding| binding.consumer_name).collect();
            return Err(UserError::unreadable(&names));
        }
        let bindings = vault.bindings(Some(input.credential))?;
        let grace_s = grace_s(vault, set_up.rotation.grace_s, &set_up.metadata)?;
        let asks = |kept: &KeptBinding| -> Result<BindingAsked, UserError> {
            let secrets = vault.setup_secrets(kept.id)?;
            let own = own_logins::is_of_binding(&kept.setup, &secrets, &set_up.current.value);
            Ok(BindingAsked {
                id: kept.id,
                uptake: keyturn_deliveries::uptake(&kept.setup),
                logs_in_with: own.then_some(input.credential).into_iter().collect(),
            })
        };
        let asked = Asked {
            credential: input.credential,
            old_key: set_up.current.key.clone(),
            account: set_up.rotation.account,
            logs_in_with: own_logins::is_of_account(&set_up).then_some(input.credential),
            abilities: set_up.issuer.abilities(),
            bindings: bindings.iter().map(asks).collect::<Result<_, _>>()?,
            cuts_off: BTreeMap::new(),
            at_once: set_up.rotation.at_once,
            grace_s,
            consent: input.consent,
            order,
        };
        plan(&asked).map_err(of_plan)?;
        Ok((asked, set_up, bindings))
    }

    pub(crate) fn list_runs(&self, open: &Open, input: &RunsOf) -> Result<RunsView, UserError> {
        let vault = &open.vault;
        let which = if input.unsettled { WhichRuns::Unsettled } else { WhichRuns::All };
        let runs = vault.runs(None, which, MOST_RUNS)?;
        let accounts: BTreeMap<_, _> =
            vault.accounts()?.into_iter().map(|kept| (kept.id, kept.name)).collect();
        let orphans = vault.orphans(None)?.into_iter().map(|orphan| OrphanView {
            account_name: accounts.get(&orphan.account).cloned().unwrap_or_default(),
            account: orphan.account,
            mark: orphan.mark,
            key: orphan.key,
            run: orphan.run,
            since: orphan.since,
        });
        Ok(RunsView {
            runs: runs.iter().map(|kept| run_views::row(kept, &[])).collect(),
            orphans: orphans.collect(),
            paused: automatic_pause(open)?,
        })
    }

    pub(crate) fn read_run(&self, open: &Open, input: &WhichRun) -> Result<RunView, UserError> {
        let kept = open.vault.run(input.id)?.ok_or(VaultError::RunGone)?;
        let steps = open.vault.run_steps(input.id)?;
        let bindings = Self::bindings_of(open, kept.run.credential)?;
        let account = open.vault.account_setup(kept.run.account)?.map(|(_, setup)| setup.issuer);
        let by_hand = run_views::by_hand(&kept.run, account.as_ref(), &bindings);
        let signing = matches!(account, Some(IssuerSetup::SigningSecret { .. }));
        Ok(RunView {
            by_hand,
            signing,
            ..run_views::view(&kept, steps, &bindings, self.clock().now())
        })
    }

    pub(crate) fn ask_run(&self, open: &Open, input: &RunWish) -> Result<RunView, UserError> {
        let kept = open.vault.run(input.id)?.ok_or(VaultError::RunGone)?;
        let mut seen = kept.run;
        seen.revision = input.seen;
        let rotating = self.rotating(open)?;
        self.runtime()?.block_on(ask(&rotating.around, &seen, input.wish)).map_err(of_journal)?;
        rotating.go_on(self, input.id)?;
        self.read_run(open, &WhichRun { id: input.id })
    }

    pub(crate) fn find_orphans(
        &self,
        open: &Open,
        input: &WhichAccount,
    ) -> Result<RunsView, UserError> {
        let issuer = self.issuer_of(open, input.id)?;
        let rotating = self.rotating(open)?;
        let look = keyturn_engine::find_orphans(&rotating.around, input.id, &*issuer);
        self.runtime()?.block_on(look).map_err(of_orphan)?;
        self.list_runs(open, &RunsOf { unsettled: true })
    }

    pub(crate) fn remove_orphan(
        &self,
        open: &Open,
        input: &WhichOrphan,
    ) -> Result<RunsView, UserError> {
        let issuer = self.issuer_of(open, input.account)?;
        let rotating = self.rotating(open)?;
        let orphans = open.vault.orphans(Some(input.account))?;
        let orphan = orphans.iter().find(|it| it.mark == input.mark).ok_or_else(setup_gone)?;
        let remove = keyturn_engine::remove_orphan(&rotating.around, orphan, &*issuer);
        self.runtime()?.block_on(remove).map_err(of_orphan)?;
        self.tell(Happening::Runs);
        self.list_runs(open, &RunsOf { unsettled: true })
    }

    /// The issuer of an account, whatever it rotates.
    fn issuer_of(&self, open: &Open, id: AccountId) -> Result<Arc<dyn Issuer>, UserError> {
        let (_, setup) = open.vault.account_setup(id)?.ok_or_else(setup_gone)?;
        let secrets = open.vault.setup_secrets(id)?;
        let line = self.0.turns.of(id, outside::at_once(&setup));
        outside::issuer_alone(&setup.issuer, &secrets, &self.0.around.clock, line)?
            .ok_or_else(issuer_failed)
    }
}

/// For so long both values work: as it is set up for the credential, or by its policy.
fn grace_s(vault: &Vault, own: Option<i64>, of: &Metadata) -> Result<i64, UserError> {
    if let Some(own) = own {
        return Ok(own);
    }
    let (policy, _) = vault.policy_followed(of.policy, of.kind, of.risk)?;
    Ok(policy.map_or(USUAL_GRACE_S, |policy| i64::from(policy.grace_hours) * 3600))
}

pub(crate) fn name(bindings: &[KeptBinding], id: BindingId) -> String {
    let found = bindings.iter().find(|kept| kept.id == id);
    found.map(|kept| kept.consumer_name.clone()).unwrap_or_default()
}

pub(crate) fn shown(step: Step, bindings: &[KeptBinding]) -> PlanStep {
    match step {
        Step::Check => PlanStep::Check,
        Step::Create => PlanStep::Create,
        Step::Verify => PlanStep::Verify,
        Step::Deliver(ids) => {
            PlanStep::Deliver { consumers: ids.iter().map(|id| name(bindings, *id)).collect() }
        }
        Step::Promote => PlanStep::Promote,
        Step::Grace(seconds) => PlanStep::Grace { seconds },
        Step::Deactivate => PlanStep::Deactivate,
        Step::Revoke => PlanStep::Revoke,
        Step::Confirm => PlanStep::Confirm,
    }
}

fn check(checked: Checked, bindings: &[KeptBinding]) -> CheckView {
    let (what, consumer) = match checked.check {
        Check::Account => (CheckWhat::Account, None),
        Check::Room => (CheckWhat::Room, None),
        Check::Keys => (CheckWhat::Keys, None),
        Check::OldAccepted => (CheckWhat::OldAccepted, None),
        Check::Consent => (CheckWhat::Consent, None),
        Check::Consumer(id) => (CheckWhat::Consumer, Some(name(bindings, id))),
    };
    let (found, trouble) = match checked.looked {
        Looked::Good => (Found::Good, None),
        Looked::WillBeMade => (Found::WillBeMade, None),
        Looked::Bad(trouble) => (Found::Bad, Some(trouble)),
        Looked::Unanswered(fault) => {
            let why = fault.why();
            let trouble = match checked.check {
                Check::Consumer(binding) => Trouble::Consumer { binding, why },
                _ => Trouble::Issuer { why },
            };
            (Found::Unanswered, Some(trouble))
        }
        Looked::CouldNot => (Found::CouldNot, None),
    };
    CheckView { what, consumer, found, trouble }
}

pub(crate) fn of_plan(fault: PlanFault) -> UserError {
    match fault {
        PlanFault::Cycle(_) => UserError::new("KT-ROTATION-CYCLE", MessageKey::RotationCycle),
        PlanFault::CannotRevoke => {
            UserError::new("KT-ROTATION-CANNOT-REVOKE", MessageKey::RotationCannotRevoke)
        }
        PlanFault::OldKeyUnknown => {
            UserError::new("KT-ROTATION-KEY-UNKNOWN", MessageKey::RotationKeyUnknown)
        }
    }
}

pub(crate) fn of_begin(fault: BeginFault) -> UserError {
    match fault {
        BeginFault::Plan(fault) => of_plan(fault),
        BeginFault::NoConsent => UserError::new("KT-ROTATION-CONSENT", MessageKey::RotationConsent),
        BeginFault::Journal(fault) => of_journal(fault),
    }
}

pub(crate) fn of_journal(fault: JournalFault) -> UserError {
    match fault {
        JournalFault::Changed => VaultError::Rotating.into(),
        JournalFault::NoSuchRun => VaultError::RunGone.into(),
        JournalFault::Locked => UserError::new("KT-VAULT-LOCKED", MessageKey::VaultLocked),
        JournalFault::Storage => {
            UserError::new("KT-VAULT-UNWRITABLE", MessageKey::VaultUnwritable).retryable()
        }
    }
}

fn issuer_failed() -> UserError {
    UserError::new("KT-ISSUER-FAILED", MessageKey::IssuerFailed).retryable()
}

fn of_orphan(fault: OrphanFault) -> UserError {
    match fault {
        OrphanFault::Issuer(_) => issuer_failed(),
        OrphanFault::CannotList => {
            UserError::new("KT-ISSUER-CANNOT-LIST", MessageKey::IssuerCannotList)
        }
        OrphanFault::RunOpen => {
            UserError::new("KT-ORPHAN-DELETING", MessageKey::OrphanDeleting).retryable()
        }
        OrphanFault::Journal(fault) => of_journal(fault),
        OrphanFault::NotProvablyOurs | OrphanFault::StillThere => {
            UserError::new("KT-ORPHAN-KEPT", MessageKey::OrphanKept).retryable()
        }
    }
}
