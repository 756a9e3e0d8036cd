//! Our own JSON: open, with a version, and everything that a record holds.

use keyturn_model::{Kind, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    ReadError, WriteError, decode,
    error::Place,
    intake::Intake,
    record::{Attachment, Content, Field, Older, Record, Text},
};

/// What a file of ours says it is.
pub(crate) const FORMAT: &str = "keyturn-records";
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u64,
    records: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    group: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    #[serde(flatten)]
    said: Said,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<Earlier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Hanging>,
}

#[derive(Serialize, Deserialize)]
struct Said {
    #[serde(default)]
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
    #[serde(default)]
    fields: Vec<Part>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    name: String,
    secret: bool,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct Earlier {
    at: Option<Timestamp>,
    #[serde(flatten)]
    said: Said,
}

#[derive(Serialize, Deserialize)]
struct Hanging {
    name: String,
    size: Option<u64>,
}

/// The records as our own JSON, which `read` understands. Nothing in it is encrypted.
///
/// # Errors
/// When the records cannot be written down.
pub fn write_json(records: &[Record]) -> Result<Vec<u8>, WriteError> {
    let file = File {
        format: FORMAT.to_owned(),
        version: VERSION,
        records: records.iter().map(entry).collect(),
    };
    serde_json::to_vec_pretty(&file).map_err(|_| WriteError::Records)
}

fn entry(record: &Record) -> Entry {
    Entry {
        kind: record.kind,
        group: record.group.clone(),
        environment: record.environment.clone(),
        owner: record.owner.clone(),
        said: said(&record.content),
        created: record.created,
        changed: record.changed,
        history: record
            .history
            .iter()
            .map(|o| Earlier { at: o.at, said: said(&o.content) })
            .collect(),
        attachments: record
            .attachments
            .iter()
            .map(|a| Hanging { name: a.name.clone(), size: a.size })
            .collect(),
    }
}

fn said(content: &Content) -> Said {
    // The file is made to hold the secrets.
    let part = |field: &Field| Part {
        name: field.name.clone(),
        secret: field.text.is_secret(),
        text: field.text.expose().to_owned(),
    };
    Said {
        name: content.name.clone(),
        address: content.address.clone(),
        user: content.user.clone(),
        notes: content.notes.as_ref().map(|notes| notes.expose_secret().to_owned()),
        tags: content.tags.clone(),
        expires: content.expires,
        fields: content.fields.iter().map(part).collect(),
    }
}

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    let value = decode::json(&text, intake.limits.nesting)?;
    if decode::string(&value, "format").as_deref() != Some(FORMAT) {
        return Err(ReadError::NotThisFormat);
    }
    let version =
        value.get("version").and_then(serde_json::Value::as_u64).ok_or(ReadError::header())?;
    if version > VERSION {
        return Err(ReadError::Newer { version: version.to_string() });
    }
    drop(value);
    let file: File = serde_json::from_str(&text)
        .map_err(|error| ReadError::Damaged { at: Place::Line(error.line() as u64) })?;
    intake.origin(format!("Keyturn {version}"));
    intake.expect(file.records.len())?;
    file.records.into_iter().try_for_each(|entry| intake.add(record(entry)))
}

fn record(entry: Entry) -> Record {
    Record {
        kind: entry.kind,
        group: entry.group,
        environment: entry.environment,
        owner: entry.owner,
        content: content(entry.said),
        created: entry.created,
        changed: entry.changed,
        history: entry
            .history
            .into_iter()
            .map(|e| Older { at: e.at, content: content(e.said) })
            .collect(),
        attachments: entry
            .attachments
            .into_iter()
            .map(|h| Attachment { name: h.name, size: h.size })
            .collect(),
        lost: Vec::new(),
    }
}

fn content(said: Said) -> Content {
    let field = |part: Part| Field {
        name: part.name,
        text: if part.secret { Text::secret(part.text) } else { Text::Open(part.text) },
    };
    Content {
        name: said.name,
        address: said.address,
        user: said.user,
        notes: said.notes.map(SecretString::from),
        tags: said.tags,
        expires: said.expires,
        fields: said.fields.into_iter().map(field).collect(),
    }
}
