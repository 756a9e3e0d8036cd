//! Workflows of GitHub Actions: the names of the secrets that each job uses.

use keyturn_model::setup::Deployment;
use serde_json::Value;

use super::{Intake, kept, seen, within};
use crate::{
    Refused,
    tree::{documents, map, string, texts},
};

/// GitHub makes it for each run itself.
const OF_ITSELF: &str = "GITHUB_TOKEN";

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let (mut any, repository) = (false, intake.folder_above(3));
    for document in documents(bytes, &intake.given.limits)? {
        let workflow = match string(&document, "name") {
            "" => intake.file_name(),
            name => name.to_owned(),
        };
        for (name, job) in map(&document, "jobs") {
            any = true;
            let environment = &job["environment"];
            let environment = environment.as_str().unwrap_or_else(|| string(environment, "name"));
            let name = within(&repository, &within(&workflow, name));
            let consumer = seen(&name, environment, Deployment::Pipeline);
            let mut names = Vec::new();
            // What is set for the whole workflow reaches every job.
            for place in [&document["env"], job] {
                secrets(place, &mut names);
            }
            for name in names {
                intake.lies(&consumer, kept(name, None), name);
            }
        }
    }
    if any { Ok(()) } else { Err(Refused::NotThisFormat) }
}

/// `secrets.NAME` and `secrets['NAME']` in expressions; none twice.
fn secrets<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    texts(value, &mut |text| {
        for expression in text.split("${{").skip(1) {
            let expression = expression.split("}}").next().unwrap_or_default();
            for behind in expression.split("secrets").skip(1) {
                let behind = behind.trim_start();
                let name = behind.strip_prefix('.').or_else(|| {
                    behind.strip_prefix('[').map(str::trim_start)?.strip_prefix(['\'', '"'])
                });
                let Some(name) = name else { continue };
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let name = &name[..name.find(|c| !is_part(c)).unwrap_or(name.len())];
                if !name.is_empty() && name != OF_ITSELF && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    });
}
