//! Objects of Kubernetes that run pods: variables, volumes and image pulls that come from secrets.

use keyturn_model::setup::Deployment;
use serde_json::Value;

use super::{Intake, kept, seen};
use crate::{
    Refused, Seen,
    tree::{documents, list, plain, string},
};

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let mut any = false;
    for document in documents(bytes, &intake.given.limits)? {
        any |= object(&document, intake);
    }
    if any { Ok(()) } else { Err(Refused::NotThisFormat) }
}

/// Whether it was an object, or a list of them.
fn object(value: &Value, intake: &mut Intake<'_>) -> bool {
    let kind = string(value, "kind");
    if kind.is_empty() || string(value, "apiVersion").is_empty() {
        return false;
    }
    for item in list(value, "items") {
        one(item, intake);
    }
    one(value, intake);
    true
}

fn one(value: &Value, intake: &mut Intake<'_>) {
    let metadata = &value["metadata"];
    // What another object made is told by that one.
    if list(metadata, "ownerReferences").next().is_some() {
        return;
    }
    let spec = &value["spec"];
    let (pod, deployment) = match string(value, "kind") {
        "Pod" => (spec, Deployment::Service),
        "Job" => (&spec["template"]["spec"], Deployment::Job),
        "CronJob" => (&spec["jobTemplate"]["spec"]["template"]["spec"], Deployment::Job),
        _ => (&spec["template"]["spec"], Deployment::Service),
    };
    let consumer = seen(string(metadata, "name"), string(metadata, "namespace"), deployment);
    if !consumer.name.is_empty() {
        self::pod(pod, &consumer, intake);
    }
}

fn pod(pod: &Value, consumer: &Seen, intake: &mut Intake<'_>) {
    for container in list(pod, "initContainers").chain(list(pod, "containers")) {
        for variable in list(container, "env") {
            let name = string(variable, "name");
            let secret = &variable["valueFrom"]["secretKeyRef"];
            if let Some(key) = secret["key"].as_str() {
                intake.lies(consumer, kept(string(secret, "name"), Some(key)), name);
            } else if let Some(value) = plain(&variable["value"]) {
                intake.says(consumer, name, &value);
            }
        }
        for all in list(container, "envFrom") {
            whole(&all["secretRef"], "name", string(all, "prefix"), consumer, intake);
        }
        for argument in list(container, "command").chain(list(container, "args")) {
            intake.says(consumer, "", argument.as_str().unwrap_or_default());
        }
    }
    for volume in list(pod, "volumes") {
        let called = string(volume, "name");
        whole(&volume["secret"], "secretName", called, consumer, intake);
        for source in list(&volume["projected"], "sources") {
            whole(&source["secret"], "name", called, consumer, intake);
        }
    }
    for pull in list(pod, "imagePullSecrets") {
        whole(pull, "name", "imagePullSecrets", consumer, intake);
    }
}

/// A secret of which every part is used.
fn whole(secret: &Value, key: &str, called: &str, consumer: &Seen, intake: &mut Intake<'_>) {
    let name = string(secret, key);
    if !name.is_empty() {
        intake.lies(consumer, kept(name, None), called);
    }
}
