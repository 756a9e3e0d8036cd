//! Kubernetes secrets: manifests in YAML with one or more documents, and lists in JSON as `kubectl` prints.

use serde_json::{Map, Value};

use crate::{
    ReadError, decode,
    error::Place,
    intake::Intake,
    keyed,
    limits::Limits,
    record::{Content, Loss, Record, VALUE, Why},
};
use keyturn_model::Kind;

/// More aliases than this are no manifest but a bomb.
const MOST_ALIASES: usize = 100;
const MOST_NODES: usize = 2_000_000;

pub(crate) fn looks_like_one(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    lines.any(|line| line == "kind: Secret" || line == "kind: List" || line == "kind: SecretList")
}

pub(crate) fn is_manifest(value: &Value) -> bool {
    value.get("apiVersion").is_some() && value.get("kind").is_some()
}

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    intake.origin("Kubernetes");
    let documents = if text.trim_start().starts_with(['{', '[']) {
        vec![decode::json(&text, intake.limits.nesting)?]
    } else {
        yaml(&text, &intake.limits)?
    };
    let mut any = false;
    for document in &documents {
        any |= manifest(document, intake)?;
    }
    if any { Ok(()) } else { Err(ReadError::NotThisFormat) }
}

fn yaml(text: &str, limits: &Limits) -> Result<Vec<Value>, ReadError> {
    let mut options = serde_saphyr::Options::default();
    let mut budget = serde_saphyr::Budget::default();
    budget.max_depth = limits.nesting;
    budget.flow_nesting_limit = limits.nesting;
    budget.max_aliases = MOST_ALIASES;
    budget.max_anchors = MOST_ALIASES;
    budget.max_documents = limits.entries;
    budget.max_nodes = MOST_NODES;
    budget.max_events = 4 * MOST_NODES;
    budget.max_total_scalar_bytes = usize::try_from(limits.file).unwrap_or(usize::MAX);
    budget.max_recorded_anchor_bytes = 1024 * 1024;
    options.budget = Some(budget);
    // A snippet of the file would carry its secrets into the error.
    options.with_snippet = false;
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let line = error.location().map(|location| location.line());
        ReadError::Damaged { at: line.map_or(Place::Body, Place::Line) }
    })
}

/// Whether it was a manifest, or a list of them.
fn manifest(value: &Value, intake: &mut Intake<'_>) -> Result<bool, ReadError> {
    if value.is_null() {
        return Ok(false);
    }
    let listed = match value {
        Value::Array(list) => Some(list),
        map => map.get("items").and_then(Value::as_array),
    };
    if let Some(list) = listed {
        intake.expect(list.len())?;
        let mut any = false;
        for item in list {
            any |= one(item, intake)?;
        }
        return Ok(any);
    }
    one(value, intake)
}

fn one(value: &Value, intake: &mut Intake<'_>) -> Result<bool, ReadError> {
    let Some(kind) = value.get("kind").and_then(Value::as_str) else { return Ok(false) };
    let metadata = value.get("metadata").unwrap_or(&Value::Null);
    let name =
        decode::string(metadata, "name").or_else(|| decode::string(metadata, "generateName"));
    let name = name.unwrap_or_else(|| "secret".to_owned());
    if kind != "Secret" {
        intake.lose(format!("{kind} {name}"), Why::NoPlace);
        return Ok(true);
    }
    let mut record = Record {
        group: decode::string(metadata, "namespace").into_iter().collect(),
        created: decode::string(metadata, "creationTimestamp").and_then(|at| decode::moment(&at)),
        ..Record::default()
    };
    for (key, label) in metadata.get("labels").and_then(Value::as_object).into_iter().flatten() {
        let label = decode::plain(label);
        match key.rsplit('/').next().unwrap_or(key) {
            "environment" | "env" => record.environment = Some(label),
            "owner" | "team" => record.owner = Some(label),
            _ => record.content.tags.push(format!("{key}:{label}")),
        }
    }
    record.content.name = name;
    let sort = decode::string(value, "type").unwrap_or_default();
    let mut pairs = Map::new();
    for (key, coded) in value.get("data").and_then(Value::as_object).into_iter().flatten() {
        let bytes = decode::base64(&decode::plain(coded)).ok_or(ReadError::body())?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => drop(pairs.insert(key.clone(), Value::from(text))),
            Err(_) => record.lost.push(Loss::new(key.clone(), Why::NotText)),
        }
    }
    // As the server does: what is written plainly wins.
    for (key, plain) in value.get("stringData").and_then(Value::as_object).into_iter().flatten() {
        pairs.insert(key.clone(), Value::from(decode::plain(plain)));
    }
    record.kind = typed(&sort, &mut record.content, &mut pairs);
    keyed::put_all(&mut record.content, &Value::Object(pairs));
    intake.add(record)?;
    Ok(true)
}

/// Takes out the keys that the type of the secret prescribes.
fn typed(sort: &str, content: &mut Content, pairs: &mut Map<String, Value>) -> Option<Kind> {
    let mut take = |key: &str| pairs.remove(key).as_ref().map(decode::plain);
    match sort {
        "kubernetes.io/tls" => {
            content.secret("privateKey", take("tls.key").unwrap_or_default());
            content.open("chain", take("tls.crt").unwrap_or_default());
            Some(Kind::Certificate)
        }
        "kubernetes.io/ssh-auth" => {
            content.secret("privateKey", take("ssh-privatekey").unwrap_or_default());
            Some(Kind::SshKey)
        }
        "kubernetes.io/basic-auth" => Some(Kind::Login),
        "kubernetes.io/service-account-token" => {
            content.secret("token", take("token").unwrap_or_default());
            Some(Kind::ServiceToken)
        }
        "kubernetes.io/dockerconfigjson" => {
            content.secret(VALUE, take(".dockerconfigjson").unwrap_or_default());
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, PASSWORD, read};

    const MANIFESTS: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: prod\n  labels: {team: pay, app: shop}\ntype: kubernetes.io/basic-auth\n\
        data:\n  username: YW5h\n  password: Zml4dHVyZQ==\nstringData:\n  extra: |\n    two\n    lines\n\
        ---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n\
        ---\n# nothing\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/tls\nstringData: {tls.crt: fixture-chain, tls.key: fixture-key}\n";

    #[test]
    fn manifests_are_read_and_other_objects_named() {
        let batch =
            read(MANIFESTS.as_bytes(), Format::Kubernetes, &Given::default(), &|_| true).unwrap();
        let [db, web] = batch.records.as_slice() else { panic!("{batch:?}") };
        assert_eq!((db.content.user.as_deref(), db.kind), (Some("ana"), Some(Kind::Login)));
        assert_eq!(db.content.field(PASSWORD).unwrap().expose(), "fixture");
        assert_eq!(db.content.field("extra").unwrap().expose(), "two\nlines\n");
        assert_eq!((db.environment.as_deref(), db.owner.as_deref()), (Some("prod"), Some("pay")));
        assert_eq!(
            (web.kind, web.content.field("privateKey").unwrap().expose()),
            (Some(Kind::Certificate), "fixture-key")
        );
        assert_eq!(batch.lost, [Loss::new("ConfigMap other", Why::NoPlace)]);
    }

    #[test]
    fn a_list_in_json_is_read() {
        let text = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"data":{"token":"Zml4dHVyZQ=="}}]}"#;
        let batch =
            read(text.as_bytes(), Format::Kubernetes, &Given::default(), &|_| true).unwrap();
        assert_eq!(batch.records[0].content.field("token").unwrap().expose(), "fixture");
    }

    #[test]
    fn a_bomb_of_aliases_and_an_endless_nest_are_refused() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for n in 1..30 {
            bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
        }
        for text in [bomb, "[".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
            let refused = read(text.as_bytes(), Format::Kubernetes, &Given::default(), &|_| true);
            assert!(refused.is_err());
        }
    }
}
