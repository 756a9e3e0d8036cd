//! 1Password's archive: a zip with one document of all accounts, vaults and items.

use std::io::Cursor;

use keyturn_model::{Kind, Timestamp};
use serde_json::Value;
use zip::{ZipArchive, result::ZipError};

use crate::{
    ReadError, decode,
    intake::Intake,
    record::{Attachment, Content, Loss, Older, PASSWORD, Record, TOTP, Why},
    unpack,
};

/// A zip may say that it has more parts than the memory can list.
const MOST_FILES: usize = 200_000;

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    if !bytes.starts_with(b"PK") {
        return Err(ReadError::NotThisFormat);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::header())?;
    if archive.len() > MOST_FILES {
        return Err(ReadError::TooMany { most: MOST_FILES });
    }
    let data = part(&mut archive, "export.data", intake)?;
    let text = std::str::from_utf8(&data).map_err(|_| ReadError::body())?;
    let value = decode::json(text, intake.limits.nesting)?;
    drop(data);
    intake.origin("1Password");
    if value.get("accounts").is_none() {
        return Err(ReadError::NotThisFormat);
    }
    for account in array(&value, "accounts") {
        for vault in array(account, "vaults") {
            let name = vault.get("attrs").and_then(|attrs| decode::string(attrs, "name"));
            for item in array(vault, "items") {
                let item = item.get("item").unwrap_or(item);
                let mut record = one(item);
                record.group = name.iter().cloned().collect();
                intake.add(record)?;
            }
        }
    }
    Ok(())
}

fn part(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    intake: &Intake<'_>,
) -> Result<zeroize::Zeroizing<Vec<u8>>, ReadError> {
    let file = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => ReadError::NotThisFormat,
        ZipError::UnsupportedArchive(_) => ReadError::Unsupported("it is packed in an unknown way"),
        _ => ReadError::body(),
    })?;
    let packed = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
    let most = intake.limits.unpacked_from(packed);
    unpack::all(file, most)
}

fn one(item: &Value) -> Record {
    let mut record = Record::default();
    let overview = item.get("overview").unwrap_or(&Value::Null);
    let details = item.get("details").unwrap_or(&Value::Null);
    let seconds = |key: &str| {
        item.get(key).and_then(Value::as_i64).map(|s| Timestamp(s.saturating_mul(1000)))
    };
    record.created = seconds("createdAt");
    record.changed = seconds("updatedAt");
    record.kind = match item.get("categoryUuid").and_then(Value::as_str) {
        Some("102") => Some(Kind::DatabaseLogin),
        Some("112") => Some(Kind::ApiKey),
        Some("114") => Some(Kind::SshKey),
        _ => None,
    };
    if item.get("state").and_then(Value::as_str) == Some("archived") {
        record.content.tags.push("archived".to_owned());
    }
    let content = &mut record.content;
    content.name = decode::string(overview, "title").unwrap_or_default();
    content.address = decode::string(overview, "url");
    let mut more = array(overview, "urls").filter_map(|url| decode::string(url, "url"));
    if content.address.is_none() {
        content.address = more.next();
    }
    let first = content.address.clone();
    for (n, url) in more.filter(|url| Some(url) != first.as_ref()).enumerate() {
        content.open(&format!("address {}", n + 2), url);
    }
    content.tags.extend(array(overview, "tags").filter_map(Value::as_str).map(str::to_owned));
    content.notes = decode::string(details, "notesPlain").map(Into::into);
    content.secret(PASSWORD, decode::string(details, "password").unwrap_or_default());
    for field in array(details, "loginFields") {
        let text = decode::string(field, "value").unwrap_or_default();
        match field.get("designation").and_then(Value::as_str) {
            Some("username") => content.user = Some(text).filter(|text| !text.is_empty()),
            Some("password") => content.secret(PASSWORD, text),
            _ => {
                let name = ["name", "id"].iter().find_map(|key| decode::string(field, key));
                // `P` is how the page called a password; `C` a tick, `B` a button.
                match field.get("fieldType").and_then(Value::as_str) {
                    Some("C" | "B" | "I") => {}
                    Some("T" | "E" | "U") => content.open(&name.unwrap_or_default(), text),
                    _ => content.secret(&name.unwrap_or_default(), text),
                }
            }
        }
    }
    for section in array(details, "sections") {
        let title = decode::string(section, "title").unwrap_or_default();
        array(section, "fields").for_each(|field| of_section(&title, field, &mut record));
    }
    if let Some(document) = details.get("documentAttributes").filter(|d| d.is_object()) {
        attach(document, &mut record);
    }
    if details.get("passkey").is_some_and(|key| !key.is_null()) {
        record.lost.push(Loss::new("passkey", Why::Passkey));
    }
    record.history = array(details, "passwordHistory")
        .map(|older| {
            let mut content = Content::default();
            content.secret(PASSWORD, decode::string(older, "value").unwrap_or_default());
            let at = older
                .get("time")
                .and_then(Value::as_i64)
                .map(|s| Timestamp(s.saturating_mul(1000)));
            Older { at, content }
        })
        .collect();
    record.history.sort_by_key(|older| older.at);
    record
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn attach(document: &Value, record: &mut Record) {
    let name = decode::string(document, "fileName").unwrap_or_default();
    record.lost.push(Loss::new(name.clone(), Why::Attachment));
    record
        .attachments
        .push(Attachment { name, size: document.get("decryptedSize").and_then(Value::as_u64) });
}

fn of_section(section: &str, field: &Value, record: &mut Record) {
    let title =
        decode::string(field, "title").or_else(|| decode::string(field, "id")).unwrap_or_default();
    let Some((sort, value)) =
        field.get("value").and_then(Value::as_object).and_then(|map| map.iter().next())
    else {
        return;
    };
    let content = &mut record.content;
    let taken = content.fields.iter().any(|other| other.name == title);
    let name = if taken && !section.is_empty() { format!("{section}: {title}") } else { title };
    match sort.as_str() {
        "totp" if content.field(TOTP).is_none() => content.secret(TOTP, decode::plain(value)),
        "sshKey" => {
            let key = decode::string(value, "privateKey").unwrap_or_default();
            content.secret("privateKey", key);
            if let Some(metadata) = value.get("metadata") {
                content
                    .open("publicKey", decode::string(metadata, "publicKey").unwrap_or_default());
                content.open(
                    "fingerprint",
                    decode::string(metadata, "fingerprint").unwrap_or_default(),
                );
            }
        }
        "file" => attach(value, record),
        "date" => {
            let at = value.as_i64().map(|seconds| Timestamp(seconds.saturating_mul(1000)));
            let small = name.to_lowercase();
            if ["expires", "expiry date", "valid until"].contains(&small.as_str()) {
                content.expires = at;
            } else if let Some(at) = at {
                content.open(&name, at.utc().format("%Y-%m-%d").to_string());
            }
        }
        "string" if matches!(name.as_str(), "username" | "user") && content.user.is_none() => {
            content.user = Some(decode::plain(value)).filter(|text| !text.is_empty());
        }
        "string" | "url" | "email" | "menu" | "monthYear" | "phone" | "gender" => {
            content.open(
                &name,
                decode::string(value, "email_address").unwrap_or_else(|| decode::plain(value)),
            );
        }
        "concealed"
            if matches!(name.as_str(), "password" | "credential")
                && content.field(PASSWORD).is_none() =>
        {
            content.secret(PASSWORD, decode::plain(value));
        }
        // What is not known is kept as a secret.
        _ => content.secret(&name, decode::plain(value)),
    }
}
