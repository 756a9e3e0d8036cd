//! HashiCorp Vault and OpenBao: what `kv get -format=json` prints for both versions of the engine, a list
//! of such answers, and a map from paths to answers or to bare keys and values.

use serde_json::Value;

use crate::{
    ReadError, decode,
    intake::Intake,
    keyed,
    record::{Loss, Record, Why},
};

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    let value = decode::json(&text, intake.limits.nesting)?;
    intake.origin("Vault KV");
    match &value {
        Value::Array(list) => {
            intake.expect(list.len())?;
            list.iter()
                .enumerate()
                .try_for_each(|(n, answer)| one(&format!("secret {}", n + 1), answer, intake))
        }
        answer if is_answer(answer) => one("secret", answer, intake),
        Value::Object(paths) if !paths.is_empty() && paths.values().all(Value::is_object) => {
            intake.expect(paths.len())?;
            paths.iter().try_for_each(|(path, answer)| one(path, answer, intake))
        }
        Value::Object(bare) if !bare.is_empty() => one("secret", &value, intake),
        Value::Object(_) => Err(ReadError::Empty),
        _ => Err(ReadError::NotThisFormat),
    }
}

fn is_answer(value: &Value) -> bool {
    value.get("data").is_some_and(|data| data.is_object() || data.is_null())
        && ["request_id", "lease_id", "lease_duration", "renewable", "mount_type"]
            .iter()
            .any(|k| value.get(k).is_some())
}

fn one(path: &str, value: &Value, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    if !value.is_object() {
        return Err(ReadError::NotThisFormat);
    }
    let mut record = Record::default();
    (record.group, record.content.name) = keyed::path(path);
    let wrapped =
        value.get("data").filter(|data| is_answer(value) || data.get("metadata").is_some());
    let data = wrapped.unwrap_or(value);
    // Version 2 has a second layer.
    let second = data
        .get("metadata")
        .filter(|m| m.get("version").is_some() || m.get("created_time").is_some());
    let data = match second {
        None => data,
        Some(metadata) => {
            record.changed =
                decode::string(metadata, "created_time").and_then(|at| decode::moment(&at));
            if let Some(custom) = metadata.get("custom_metadata").and_then(Value::as_object) {
                custom
                    .iter()
                    .for_each(|(key, value)| record.content.open(key, decode::plain(value)));
            }
            if metadata.get("version").and_then(Value::as_u64).is_some_and(|version| version > 1) {
                record.lost.push(Loss::new("earlier versions", Why::Elsewhere));
            }
            data.get("data").unwrap_or(&Value::Null)
        }
    };
    if data.is_null() {
        intake.lose(path, Why::Deleted);
        return Ok(());
    }
    keyed::put_all(&mut record.content, data);
    intake.add(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Format, Given, PASSWORD, read};

    fn batch(text: &str) -> Batch {
        read(text.as_bytes(), Format::VaultKv, &Given::default(), &|_| true).unwrap()
    }

    #[test]
    fn both_versions_of_the_engine_and_maps_of_paths_are_read() {
        let second = r#"{"request_id":"r","lease_id":"","data":{"data":{"username":"ana","password":"fixture"},
            "metadata":{"created_time":"2026-01-02T03:04:05.678Z","custom_metadata":{"team":"pay"},"version":3}}}"#;
        let first =
            r#"{"request_id":"r","lease_duration":1,"data":{"password":"fixture","port":5432}}"#;
        let map = format!(
            r#"{{"kv/prod/db":{second},"kv/x":{first},"kv/bare":{{"password":"fixture"}},
            "kv/gone":{{"data":{{"data":null,"metadata":{{"version":1,"deletion_time":"x"}}}}}}}}"#
        );
        for (text, records) in [(second, 1), (first, 1), (map.as_str(), 3)] {
            let batch = batch(text);
            assert_eq!(batch.records.len(), records);
            for record in &batch.records {
                assert_eq!(record.content.field(PASSWORD).map(|t| t.expose()), Some("fixture"));
            }
        }
        let batch = batch(&map);
        assert_eq!(batch.lost, [Loss::new("kv/gone", Why::Deleted)]);
        let db = batch.records.iter().find(|record| record.content.name == "db").unwrap();
        assert_eq!(
            (db.group.join("/"), db.environment.as_deref()),
            ("kv/prod".into(), Some("prod"))
        );
        assert_eq!(db.content.field("team").map(|t| t.expose()), Some("pay"));
        assert_eq!(db.lost, [Loss::new("earlier versions", Why::Elsewhere)]);
    }
}
