//! What there is to know at a glance, for who has no window open: how much is due, what is under way. Names only
//! while the vault is unlocked, and never a value.

use keyturn_engine::reminders::Counts;
use keyturn_model::{CredentialId, IncidentId, Ordering, Query, RunId};

use crate::{
    App, UserError,
    session::Open,
    views::{IncidentsOf, RunStatus, RunsOf, StepStatus, WhichRun},
};

/// So many names are in one list.
const MOST: u32 = 5;

/// What there is to know at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// How many credentials have something due.
    pub due: Counts,
    /// How many rotations have not ended.
    pub open_runs: u32,
    /// How many of them wait for somebody, or went wrong without anybody heeding it.
    pub need_you: u32,
    /// What is inside; nothing while the vault is locked.
    pub unlocked: Option<Unlocked>,
}

/// What is known at a glance of an unlocked vault.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unlocked {
    /// Whose values were taken last, the newest first.
    pub taken: Vec<Named>,
    /// Some of what needs attention.
    pub attention: Vec<Named>,
    /// How many need attention.
    pub all_attention: u32,
    /// A rotation that is under way.
    pub run: Option<Going>,
    /// An emergency that was started and is not over.
    pub incident: Option<Burning>,
}

/// An emergency that was started and is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burning {
    /// Which.
    pub id: IncidentId,
    /// What people call it.
    pub reference: String,
    /// How many of its old values are refused.
    pub refused: u32,
    /// Of how many.
    pub taken: u32,
}

/// A credential by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
}

/// A rotation that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// Which.
    pub id: RunId,
    /// What its credential is called.
    pub name: String,
    /// At which step it is, from 1.
    pub step: usize,
    /// Of how many.
    pub steps: usize,
}

impl App {
    /// What there is to know at a glance.
    #[must_use]
    pub fn glance(&self) -> Glance {
        let due = self.due_counts();
        let Some(open) = self.0.session.open() else {
            let rotations = self.locked_now().and_then(|locked| locked.rotations);
            let (open_runs, need_you) =
                rotations.filter(|all| all.go_on).map_or((0, 0), |all| (all.open, all.need_you));
            return Glance { due, open_runs, need_you, unlocked: None };
        };
        match self.glance_unlocked(&open) {
            Ok((open_runs, need_you, unlocked)) => {
                Glance { due, open_runs, need_you, unlocked: Some(unlocked) }
            }
            Err(error) => {
                tracing::warn!(code = error.code, "the tray knows less than it could");
                Glance { due, unlocked: Some(Unlocked::default()), ..Glance::default() }
            }
        }
    }

    fn glance_unlocked(&self, open: &Open) -> Result<(u32, u32, Unlocked), UserError> {
        let runs = self.list_runs(open, &RunsOf { unsettled: true })?.runs;
        let ended =
            |status| matches!(status, RunStatus::Done | RunStatus::Undone | RunStatus::Revoked);
        let number = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        let going = runs.iter().find(|run| run.status == RunStatus::Running);
        let run = going.map(|run| self.going(open, run.id)).transpose()?;
        let attention =
            open.vault.list(&Query::read("status:attention"), Ordering::default(), 0, MOST)?;
        let named = |(id, name)| Named { id, name };
        let unlocked = Unlocked {
            taken: open.vault.taken_last(MOST)?.into_iter().map(named).collect(),
            attention: attention.rows.into_iter().map(|row| named((row.id, row.name))).collect(),
            all_attention: attention.total,
            run,
            incident: self.burning(open)?,
        };
        let open_runs = runs.iter().filter(|run| !ended(run.status)).count();
        let need_you = runs.iter().filter(|run| run.needs_somebody).count();
        Ok((number(open_runs), number(need_you), unlocked))
    }

    fn burning(&self, open: &Open) -> Result<Option<Burning>, UserError> {
        let all = self.list_incidents(open, IncidentsOf { open: true })?.incidents;
        let burns = all.into_iter().find(|row| row.started.is_some());
        Ok(burns.map(|row| Burning {
            id: row.id,
            reference: row.reference,
            refused: row.refused,
            taken: row.taken,
        }))
    }

    fn going(&self, open: &Open, id: RunId) -> Result<Going, UserError> {
        let run = self.read_run(open, &WhichRun { id })?;
        let done = run.steps.iter().filter(|step| step.status == StepStatus::Done).count();
        let steps = run.steps.len();
        Ok(Going { id, name: run.row.credential_name, step: (done + 1).min(steps), steps })
    }
}
