//! An emergency as people see it: its plan before it is started, how far it is after that, and what became of each
//! old value.

use std::collections::{BTreeMap, BTreeSet};

use keyturn_engine::{Plan, plan};
use keyturn_model::{
    CredentialId, Kind, Timestamp, emergency_hours,
    incident::{Incident, Item},
    rotation::{Order, Outcome, Place, Side, Trouble},
};
use keyturn_vault::{KeptBinding, KeptIncident, KeptRun, RunStep};

use super::is_production;
use crate::{
    App, MessageKey, UserError,
    rotations::{name, of_plan, shown},
    run_views,
    session::Open,
    views::{
        IncidentItem, IncidentLine, IncidentPlan, IncidentRow, IncidentRun, IncidentView, Limit,
        RotationOf,
    },
};

/// A credential of an incident with what is known of it beside its view.
struct Looked {
    view: IncidentItem,
    owners: Vec<String>,
    production: bool,
    log: Vec<RunStep>,
}

impl App {
    pub(super) fn incident_row(
        &self,
        open: &Open,
        kept: &KeptIncident,
    ) -> Result<IncidentRow, UserError> {
        let mut items = Vec::new();
        for item in kept.incident.taken() {
            let run = item.run.map(|run| open.vault.run(run)).transpose()?.flatten();
            items.push((item, run));
        }
        Ok(row(kept, &items))
    }

    pub(super) fn incident_view(
        &self,
        open: &Open,
        kept: &KeptIncident,
    ) -> Result<IncidentView, UserError> {
        let incident = &kept.incident;
        let mut looked = Vec::with_capacity(incident.items.len());
        for item in &incident.items {
            looked.push(self.look_at_item(open, incident, item)?);
        }
        let taken = || looked.iter().filter(|one| one.view.taken);
        let plans = || taken().filter_map(|one| one.view.plan.as_ref());
        let names = |of: fn(&IncidentPlan) -> &Vec<String>| -> Vec<String> {
            plans().flat_map(of).collect::<BTreeSet<_>>().into_iter().cloned().collect()
        };
        let down = |one: &&Looked| one.view.plan.as_ref().is_some_and(|plan| plan.down_s > 0);
        let owners: BTreeSet<&String> = taken().flat_map(|one| &one.owners).collect();
        let mut log: Vec<IncidentLine> = open
            .vault
            .incident_log(kept.id)?
            .into_iter()
            .map(|entry| IncidentLine {
                at: entry.at,
                by: entry.actor.name,
                action: entry.action,
                about: String::new(),
                detail: entry.detail,
            })
            .collect();
        for one in taken() {
            log.extend(one.log.iter().map(|step| IncidentLine {
                at: step.at,
                by: String::new(),
                action: step.action.clone(),
                about: one.view.name.clone(),
                detail: step.note.clone(),
            }));
        }
        log.sort_by_key(|line| line.at);
        Ok(IncidentView {
            row: self.incident_row(open, kept)?,
            version: kept.version,
            by: incident.by.clone(),
            earliest: incident.earliest,
            order: incident.order,
            tasks: incident.tasks.clone(),
            consumers: names(|plan| &plan.consumers),
            restarts: names(|plan| &plan.restarts),
            owners: owners.into_iter().filter(|owner| !owner.is_empty()).cloned().collect(),
            down_s: plans().map(|plan| plan.down_s).max().unwrap_or(0),
            asks_reference: incident.started.is_none()
                && !incident.drill
                && taken().filter(down).any(|one| one.production),
            deadlines: deadlines(incident, taken().map(|one| &one.view)),
            log,
            items: looked.into_iter().map(|one| one.view).collect(),
        })
    }

    fn look_at_item(
        &self,
        open: &Open,
        incident: &Incident,
        item: &Item,
    ) -> Result<Looked, UserError> {
        let vault = &open.vault;
        let found = match vault.credential(item.credential) {
            Ok((credential, _)) => Some(credential),
            // It was deleted since; what became of it is told all the same.
            Err(keyturn_vault::VaultError::CredentialGone) => None,
            Err(error) => return Err(error.into()),
        };
        let order = incident.order_of(item);
        let bindings = vault.bindings(Some(item.credential))?;
        let kept_run = item.run.map(|run| vault.run(run)).transpose()?.flatten();
        let planned = match (&kept_run, &found) {
            (None, Some(_)) => self.plan_urgent(open, item.credential, order, &bindings),
            (None, None) => Err(UserError::new("KT-CREDENTIAL-GONE", MessageKey::CredentialGone)),
            (Some(_), _) => Ok(None),
        };
        let (plan, by_hand) = match planned {
            Ok(plan) => (plan, None),
            Err(error) => (None, Some(error)),
        };
        let log = match &kept_run {
            Some(kept) => vault.run_steps(kept.run.id)?,
            None => Vec::new(),
        };
        let views = match &kept_run {
            Some(_) => Self::bindings_of(open, item.credential)?,
            None => Vec::new(),
        };
        let run = kept_run.as_ref().map(|kept| {
            let places = || kept.run.bindings.iter().map(|binding| binding.place);
            let has_new = |place: &Place| {
                matches!(place, Place::Sent(Side::New) | Place::Confirmed(Side::New))
            };
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let view = run_views::view(kept, log.clone(), &views, self.clock().now());
            IncidentRun {
                row: view.row,
                revision: view.revision,
                steps: view.steps,
                delivered: number(places().filter(has_new).count()),
                well: number(places().filter(|it| *it == Place::Confirmed(Side::New)).count()),
                consumers: number(kept.run.bindings.len()),
                troubled: match kept.run.trouble {
                    Some(Trouble::Consumer { binding, .. }) => name(&bindings, binding),
                    _ => String::new(),
                },
                waits_until: view.waits_until,
            }
        });
        let metadata = found.as_ref().map(|it| &it.metadata);
        let since = incident.opened;
        let renewed = found.as_ref().is_some_and(|it| {
            it.versions.iter().any(|version| {
                version.stage == keyturn_model::Stage::Current && version.created >= since
            })
        });
        let outcome = kept_run.as_ref().map_or(Outcome::Open, |kept| kept.run.outcome());
        let refused = kept_run.as_ref().and_then(|kept| kept.run.refused);
        let own = metadata.map(|it| it.owner.clone());
        let wave = match (&by_hand, plan.as_ref().map_or(0, |plan| plan.down_s)) {
            (Some(_), _) => 3,
            (None, 0) => 1,
            (None, _) => 2,
        };
        Ok(Looked {
            view: IncidentItem {
                credential: item.credential,
                name: metadata.map_or_else(|| item.name.clone(), |it| it.name.clone()),
                kind: item.kind,
                risk: item.risk,
                environment: metadata.map(|it| it.environment.clone()).unwrap_or_default(),
                found: item.found.clone(),
                taken: item.taken,
                reason: item.reason.clone(),
                order: item.order,
                wave,
                plan,
                by_hand,
                run,
                said: item.said.clone(),
                outcome,
                refused,
                renewed,
            },
            owners: own.into_iter().collect(),
            production: metadata.is_some_and(is_production),
            log,
        })
    }

    fn plan_urgent(
        &self,
        open: &Open,
        credential: CredentialId,
        order: Order,
        bindings: &[KeptBinding],
    ) -> Result<Option<IncidentPlan>, UserError> {
        let input = RotationOf { credential, consent: true };
        let (asked, ..) = self.asked(open, &input, order)?;
        let Plan { steps, restarts, down_s, .. } = plan(&asked).map_err(of_plan)?;
        Ok(Some(IncidentPlan {
            steps: steps.into_iter().map(|step| shown(step, bindings)).collect(),
            consumers: bindings.iter().map(|kept| kept.consumer_name.clone()).collect(),
            restarts: restarts.iter().map(|id| name(bindings, *id)).collect(),
            down_s,
        }))
    }
}

fn row(kept: &KeptIncident, items: &[(&Item, Option<KeptRun>)]) -> IncidentRow {
    let incident = &kept.incident;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let seen = |(item, run): &(&Item, Option<KeptRun>)| {
        let refused = run.as_ref().and_then(|kept| kept.run.refused);
        refused.or(item.said.as_ref().map(|said| said.at))
    };
    let refused: Vec<Timestamp> = items.iter().filter_map(seen).collect();
    let over = |(_, run): &(&Item, Option<KeptRun>)| {
        run.as_ref().filter(|kept| kept.run.state.is_end()).map(|kept| kept.changed)
    };
    let ended: Vec<Timestamp> = items.iter().filter_map(over).collect();
    let last = |of: &[Timestamp]| {
        let all = !items.is_empty() && of.len() == items.len();
        of.iter().max().copied().filter(|_| all)
    };
    IncidentRow {
        id: kept.id,
        reference: kept.reference.clone(),
        cause: incident.cause,
        title: incident.title.clone(),
        drill: incident.drill,
        opened: incident.opened,
        started: incident.started,
        closed: incident.closed.clone(),
        taken: number(items.len()),
        refused: number(refused.len()),
        all_refused: last(&refused),
        restored: last(&ended),
    }
}

/// Until when each kind that is dealt with may be in force at most, the first one first.
fn deadlines<'a>(incident: &Incident, items: impl Iterator<Item = &'a IncidentItem>) -> Vec<Limit> {
    let mut limits = BTreeMap::<u32, (BTreeSet<Kind>, u32)>::new();
    for item in items {
        let (kinds, open) = limits.entry(emergency_hours(item.kind)).or_default();
        kinds.insert(item.kind);
        let settled = item.said.is_some() || item.outcome == Outcome::RevokedVerified;
        *open += u32::from(!settled);
    }
    let limit = |(hours, (kinds, open)): (u32, (BTreeSet<Kind>, u32))| Limit {
        hours,
        kinds: kinds.into_iter().collect(),
        until: incident.opened.plus_seconds(i64::from(hours) * 3600),
        open,
    };
    limits.into_iter().map(limit).collect()
}
