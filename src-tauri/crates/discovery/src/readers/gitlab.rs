//! Pipelines of GitLab: the names of variables that a job refers to and that no file sets, and its `secrets`.

use std::collections::BTreeSet;

use keyturn_model::setup::Deployment;
use serde_json::Value;

use super::{Intake, kept, references, seen, within};
use crate::{
    Refused,
    tree::{documents, map, string, texts},
};

/// What GitLab and the runner set themselves begins so, or is this.
const OF_ITSELF: [&str; 12] = [
    "CI", "CI_", "GITLAB_", "FF_", "CHAT_", "TRIGGER_", "HOME", "PATH", "PWD", "USER", "SHELL",
    "RUNNER_",
];
/// What is no job.
const KEYWORDS: [&str; 8] =
    ["default", "variables", "stages", "include", "workflow", "image", "services", "spec"];

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let (mut any, repository) = (false, intake.folder_name());
    for document in documents(bytes, &intake.given.limits)? {
        let Some(all) = document.as_object() else { continue };
        let shared = set(&document);
        for (name, job) in all.iter().filter(|(name, job)| is_job(name, job)) {
            any = true;
            let environment = &job["environment"];
            let environment = environment.as_str().unwrap_or_else(|| string(environment, "name"));
            let consumer = seen(&within(&repository, name), environment, Deployment::Pipeline);
            for (called, secret) in map(job, "secrets") {
                let name = secret["vault"].as_str().unwrap_or(called);
                intake.lies(&consumer, kept(name, None), called);
            }
            let own = set(job);
            let mut used = BTreeSet::new();
            for place in [job, &document["default"], &document["before_script"]] {
                texts(place, &mut |text| {
                    references(text, &mut |name| {
                        used.insert(name);
                    });
                });
            }
            let is_its_own = |name: &&str| {
                let of_itself =
                    |own: &&str| *name == *own || own.ends_with('_') && name.starts_with(*own);
                OF_ITSELF.iter().any(of_itself)
                    || shared.contains(name)
                    || own.contains(name)
                    || !name
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            };
            for name in used.iter().filter(|name| !is_its_own(name)) {
                intake.lies(&consumer, kept(name, None), name);
            }
        }
    }
    if any { Ok(()) } else { Err(Refused::NotThisFormat) }
}

fn is_job(name: &str, job: &Value) -> bool {
    let does = ["script", "trigger", "extends", "run"];
    !KEYWORDS.contains(&name) && does.iter().any(|key| job.get(key).is_some())
}

/// The names that are set in a place: by `variables`, and by lines of scripts.
fn set(place: &Value) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> =
        map(place, "variables").map(|(name, _)| name.as_str()).collect();
    for key in ["before_script", "script", "after_script"] {
        texts(&place[key], &mut |text| {
            for line in text.lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("export ").unwrap_or(line);
                if let Some((name, _)) = line.split_once('=') {
                    names.insert(name);
                }
                if let Some(looped) = line.strip_prefix("for ") {
                    names.extend(looped.split_whitespace().next());
                }
            }
        });
    }
    names
}
