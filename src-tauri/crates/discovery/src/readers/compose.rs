//! Services of Docker Compose: variables, files of variables and secrets.

use keyturn_model::setup::Deployment;
use serde_json::Value;

use super::{Intake, kept, references, seen, within};
use crate::{
    Refused, Seen, Source,
    tree::{documents, list, map, plain, string},
};

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let mut any = false;
    for document in documents(bytes, &intake.given.limits)? {
        let project = match string(&document, "name") {
            "" => intake.folder_name(),
            name => name.to_owned(),
        };
        for (name, service) in map(&document, "services") {
            any = true;
            let consumer = seen(&within(&project, name), "", Deployment::Service);
            self::service(service, &document, &consumer, intake);
        }
    }
    if any { Ok(()) } else { Err(Refused::NotThisFormat) }
}

fn service(service: &Value, document: &Value, consumer: &Seen, intake: &mut Intake<'_>) {
    for (name, value) in map(service, "environment") {
        variable(name, plain(value).as_deref(), consumer, intake);
    }
    for pair in list(service, "environment").filter_map(Value::as_str) {
        let (name, value) = pair.split_once('=').map_or((pair, None), |(n, v)| (n, Some(v)));
        variable(name, value, consumer, intake);
    }
    let files = &service["env_file"];
    for file in files.as_array().map_or(std::slice::from_ref(files), Vec::as_slice) {
        if let Some(path) = file.as_str().or_else(|| file["path"].as_str()) {
            intake.lies(consumer, Source::File { path: path.to_owned() }, "");
        }
    }
    for secret in list(service, "secrets") {
        let name = secret.as_str().unwrap_or_else(|| string(secret, "source"));
        let called = secret["target"].as_str().unwrap_or(name);
        if !name.is_empty() {
            intake.lies(consumer, source(name, &document["secrets"][name]), called);
        }
    }
}

/// One without a value is that of the environment.
fn variable(name: &str, value: Option<&str>, consumer: &Seen, intake: &mut Intake<'_>) {
    let Some(value) = value else {
        return intake.lies(consumer, Source::Variable { name: name.to_owned() }, name);
    };
    intake.says(consumer, name, value);
    references(value, &mut |other| {
        intake.lies(consumer, Source::Variable { name: other.to_owned() }, name);
    });
}

fn source(name: &str, secret: &Value) -> Source {
    if let Some(path) = secret["file"].as_str() {
        Source::File { path: path.to_owned() }
    } else if let Some(variable) = secret["environment"].as_str() {
        Source::Variable { name: variable.to_owned() }
    } else {
        kept(secret["name"].as_str().unwrap_or(name), None)
    }
}
