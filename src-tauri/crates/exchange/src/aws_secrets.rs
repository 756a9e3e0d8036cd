//! AWS Secrets Manager, as its command line prints: `get-secret-value`, `batch-get-secret-value`, lists of
//! such answers, and `list-secrets`, which has no values.

use keyturn_model::Timestamp;
use serde_json::Value;

use crate::{
    ReadError, decode,
    intake::Intake,
    keyed,
    record::{Loss, Record, VALUE, Why},
};

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    let value = decode::json(&text, intake.limits.nesting)?;
    intake.origin("AWS Secrets Manager");
    let list = match &value {
        Value::Array(list) => list.as_slice(),
        one => match ["SecretValues", "SecretList"].iter().find_map(|key| one.get(key)?.as_array())
        {
            Some(list) => list,
            None => std::slice::from_ref(one),
        },
    };
    intake.expect(list.len())?;
    list.iter().try_for_each(|secret| one(secret, intake))?;
    for error in value.get("Errors").and_then(Value::as_array).into_iter().flatten() {
        intake.lose(decode::string(error, "SecretId").unwrap_or_default(), Why::Elsewhere);
    }
    Ok(())
}

fn one(secret: &Value, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let path = decode::string(secret, "Name").or_else(|| decode::string(secret, "ARN"));
    let mut record = Record::default();
    (record.group, record.content.name) = keyed::path(&path.ok_or(ReadError::NotThisFormat)?);
    record.created = secret.get("CreatedDate").and_then(moment);
    record.changed = secret.get("LastChangedDate").and_then(moment);
    let content = &mut record.content;
    if let Some(text) = decode::string(secret, "SecretString") {
        match decode::json(&text, intake.limits.nesting) {
            Ok(map @ Value::Object(_)) => keyed::put_all(content, &map),
            _ => content.secret(VALUE, text),
        }
    } else if let Some(binary) = decode::string(secret, "SecretBinary") {
        match decode::base64(&binary).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()) {
            Some(text) => content.secret(VALUE, text),
            None => record.lost.push(Loss::new("SecretBinary", Why::NotText)),
        }
    } else {
        record.lost.push(Loss::new("SecretString", Why::Elsewhere));
    }
    let content = &mut record.content;
    content.notes = decode::string(secret, "Description").map(Into::into);
    for tag in secret.get("Tags").and_then(Value::as_array).into_iter().flatten() {
        let (key, value) =
            (decode::string(tag, "Key"), decode::string(tag, "Value").unwrap_or_default());
        match key.unwrap_or_default().to_lowercase().as_str() {
            "" => {}
            "environment" | "env" | "stage" => record.environment = Some(value),
            "owner" | "team" => record.owner = Some(value),
            key if value.is_empty() => content.tags.push(key.to_owned()),
            key => content.tags.push(format!("{key}:{value}")),
        }
    }
    intake.add(record)
}

/// The command line prints text or seconds, as it is told.
fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => decode::moment(text),
        #[allow(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
        number => number.as_f64().map(|seconds| Timestamp((seconds * 1000.0) as i64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, PASSWORD, read};

    #[test]
    fn each_answer_of_the_command_line_is_read() {
        let get = r#"{"ARN":"arn:x","Name":"prod/db","VersionId":"v","SecretString":"{\"username\":\"ana\",\"password\":\"fixture\",\"port\":5432}","VersionStages":["AWSCURRENT"],"CreatedDate":1700000000.5}"#;
        let plain = r#"{"ARN":"arn:y","Name":"token","SecretString":"fixture","CreatedDate":"2023-11-14T22:13:20Z"}"#;
        let binary = r#"{"Name":"bin","SecretBinary":"Zml4dHVyZQ=="}"#;
        let listed = r#"{"Name":"far","Description":"d","Tags":[{"Key":"Env","Value":"qa"},{"Key":"pci","Value":"yes"}]}"#;
        let all = [
            (get.to_owned(), 1),
            (format!("[{get},{plain}]"), 2),
            (
                format!(
                    r#"{{"SecretValues":[{get},{plain},{binary}],"Errors":[{{"SecretId":"lost"}}]}}"#
                ),
                3,
            ),
            (format!(r#"{{"SecretList":[{listed}]}}"#), 1),
        ];
        for (text, count) in all {
            let batch =
                read(text.as_bytes(), Format::AwsSecrets, &Given::default(), &|_| true).unwrap();
            assert_eq!(batch.records.len(), count);
            assert_eq!(batch.lost.len(), usize::from(text.contains("Errors")));
            for record in batch.records {
                match record.content.name.as_str() {
                    "db" => {
                        assert_eq!(record.content.field(PASSWORD).unwrap().expose(), "fixture");
                        assert_eq!(record.created, Some(Timestamp(1_700_000_000_500)));
                        assert_eq!(record.environment.as_deref(), Some("prod"));
                    }
                    "far" => {
                        assert_eq!(record.environment.as_deref(), Some("qa"));
                        assert_eq!(record.content.tags, ["pci:yes"]);
                        assert_eq!(record.lost, [Loss::new("SecretString", Why::Elsewhere)]);
                    }
                    _ => assert_eq!(record.content.field(VALUE).unwrap().expose(), "fixture"),
                }
            }
        }
    }
}
