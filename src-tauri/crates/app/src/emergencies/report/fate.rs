//! What became of one credential, as its rotation and the log of it tell: since when its old value is gone, how that is
//! known, who uses it, and for how long they were without a value that works.

use keyturn_model::{
    BindingId, Timestamp,
    rotation::{Outcome, Place, Run, Side},
};
use keyturn_vault::{KeptBinding, RunStep, Vault};

use super::words;
use crate::{
    UserError,
    views::{IncidentItem, RunStatus},
};

pub(super) struct Fate<'a> {
    pub(super) item: &'a IncidentItem,
    /// When the issuer took the old value back.
    pub(super) revoked: Option<Timestamp>,
    /// How it is known that it is refused.
    pub(super) proof: Option<&'static str>,
    /// When the new value became the current one.
    pub(super) replaced: Option<Timestamp>,
    pub(super) consumers: Vec<Served>,
    pub(super) without: Option<Without>,
    /// What stands in the way, in a sentence.
    pub(super) trouble: Option<String>,
}

/// A consumer, and whether it has the new value; nothing where that is not recorded.
pub(super) struct Served {
    pub(super) name: String,
    pub(super) has_new: Option<bool>,
}

/// From when until when consumers had no value that works.
pub(super) struct Without {
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
}

impl<'a> Fate<'a> {
    pub(super) fn of(vault: &Vault, item: &'a IncidentItem) -> Result<Self, UserError> {
        let bindings = vault.bindings(Some(item.credential))?;
        let run = item.run.as_ref().map(|run| vault.run(run.row.id)).transpose()?.flatten();
        let Some(run) = run.map(|kept| kept.run) else {
            let served =
                bindings.into_iter().map(|it| Served { name: it.consumer_name, has_new: None });
            return Ok(Self {
                item,
                revoked: None,
                proof: None,
                replaced: None,
                consumers: served.collect(),
                without: None,
                trouble: None,
            });
        };
        let steps = vault.run_steps(run.id)?;
        let consumers = served(&run, &bindings);
        let gone = gone(&run, &steps);
        let proof = match item.outcome {
            Outcome::RevokedVerified if run.abilities.verify => Some("It was tried at the issuer"),
            Outcome::RevokedVerified => Some("The issuer lists it no more"),
            _ => None,
        };
        let ended = matches!(status(item), Some(RunStatus::Done | RunStatus::Revoked));
        let trouble = run.trouble.filter(|_| !ended);
        Ok(Self {
            item,
            revoked: gone.and_then(|it| steps.get(it)).map(|it| it.at).filter(|_| run.revoked),
            proof,
            replaced: steps.iter().rfind(|it| it.action == "rotation.promoted").map(|it| it.at),
            without: gone.filter(|_| !consumers.is_empty()).and_then(|it| without(&steps, it)),
            trouble: trouble.map(|it| words::trouble(it, |id| name(&bindings, id))),
            consumers,
        })
    }

    /// Whether nothing is left to do about its old value.
    pub(super) fn is_settled(&self) -> bool {
        self.item.said.is_some() || self.item.outcome == Outcome::RevokedVerified
    }

    /// Whether something is left to do about it.
    pub(super) fn is_open(&self) -> bool {
        let ended = |status| matches!(status, RunStatus::Done | RunStatus::Revoked);
        self.item.taken && !(self.is_settled() && status(self.item).is_none_or(ended))
    }

    /// Those who were without a value that works.
    pub(super) fn went_without(&self) -> Vec<&str> {
        let those = self.consumers.iter().filter(|_| self.without.is_some());
        those.map(|it| it.name.as_str()).collect()
    }

    /// Those of them who still are.
    pub(super) fn still_without(&self) -> Vec<&str> {
        let lasts = self.without.as_ref().is_some_and(|it| it.until.is_none());
        let those = self.consumers.iter().filter(|it| lasts && it.has_new != Some(true));
        those.map(|it| it.name.as_str()).collect()
    }
}

pub(super) fn status(item: &IncidentItem) -> Option<RunStatus> {
    item.run.as_ref().map(|run| run.row.status)
}

fn served(run: &Run, bindings: &[KeptBinding]) -> Vec<Served> {
    let each = run.bindings.iter().map(|it| Served {
        name: name(bindings, it.id),
        has_new: Some(matches!(it.place, Place::Sent(Side::New) | Place::Confirmed(Side::New))),
    });
    each.collect()
}

fn name(bindings: &[KeptBinding], id: BindingId) -> String {
    let found = bindings.iter().find(|it| it.id == id).map(|it| it.consumer_name.clone());
    found.unwrap_or_else(|| "a consumer that was removed".to_owned())
}

/// The step with which the old value stopped working: it was switched off, revoked, or the new one took its place.
fn gone(run: &Run, steps: &[RunStep]) -> Option<usize> {
    let overlaps = run.abilities.making.overlaps();
    steps.iter().position(|step| match step.action.as_str() {
        "rotation.deactivated" | "rotation.revoked" => true,
        "rotation.created" => !overlaps,
        _ => false,
    })
}

/// The log tells when all consumers were served, not when each was.
fn without(steps: &[RunStep], gone: usize) -> Option<Without> {
    let (before, after) = steps.split_at_checked(gone)?;
    let came = |step: &&RunStep| {
        matches!(step.action.as_str(), "rotation.delivered" | "rotation.restored")
    };
    if before.iter().rfind(came).is_some_and(|step| step.action == "rotation.delivered") {
        return None;
    }
    let served = |step: &&RunStep| came(step) || step.action == "rotation.reinstated";
    let until = after.iter().find(served).map(|step| step.at);
    Some(Without { from: after.first()?.at, until })
}
