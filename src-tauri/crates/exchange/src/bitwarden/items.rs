//! The items of an export, once it can be read.

use std::collections::HashMap;

use keyturn_model::Kind;
use serde_json::Value;

use crate::{
    ReadError, decode,
    intake::Intake,
    record::{Content, Loss, Older, PASSWORD, Record, TOTP, Why},
};

pub(super) fn read(value: &Value, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let items = value.get("items").and_then(Value::as_array).ok_or(ReadError::NotThisFormat)?;
    intake.expect(items.len())?;
    let named = |key: &str| -> HashMap<String, String> {
        let list = value.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|g| Some((decode::string(g, "id")?, decode::string(g, "name")?))).collect()
    };
    let (folders, collections) = (named("folders"), named("collections"));
    for item in items {
        let name = decode::string(item, "name").unwrap_or_default();
        if item.get("deletedDate").is_some_and(|at| !at.is_null()) {
            intake.lose(name, Why::Deleted);
            continue;
        }
        let mut record = one(item);
        record.content.name = name;
        let folder = decode::string(item, "folderId").and_then(|id| folders.get(&id));
        let mut groups: Vec<&String> = folder.into_iter().collect();
        for id in item.get("collectionIds").and_then(Value::as_array).into_iter().flatten() {
            match id.as_str().and_then(|id| collections.get(id)) {
                Some(collection) => groups.push(collection),
                None => record.lost.push(Loss::new("collection", Why::Elsewhere)),
            }
        }
        // It can lie in several, and a record lies in one group.
        let mut groups = groups.into_iter();
        let group = groups.next().into_iter().flat_map(|group| group.split('/'));
        record.group = group.map(str::to_owned).collect();
        record.content.tags = groups.cloned().collect();
        intake.add(record)?;
    }
    Ok(())
}

fn one(item: &Value) -> Record {
    let mut record = Record::default();
    let at = |key: &str| decode::string(item, key).and_then(|at| decode::moment(&at));
    record.created = at("creationDate");
    record.changed = at("revisionDate");
    record.content.notes = decode::string(item, "notes").map(Into::into);
    let part = |key: &str| item.get(key).filter(|part| part.is_object());
    if let Some(login) = part("login") {
        of_login(login, &mut record);
    }
    if let Some(key) = part("sshKey") {
        record.kind = Some(Kind::SshKey);
        record.content.secret("privateKey", decode::string(key, "privateKey").unwrap_or_default());
        record.content.open("publicKey", decode::string(key, "publicKey").unwrap_or_default());
        record
            .content
            .open("fingerprint", decode::string(key, "keyFingerprint").unwrap_or_default());
    }
    for (key, open) in [("card", ["brand", "cardholderName"]), ("identity", ["title", "username"])]
    {
        for (name, value) in part(key).and_then(Value::as_object).into_iter().flatten() {
            let text = decode::plain(value);
            if open.contains(&name.as_str()) {
                record.content.open(name, text)
            } else {
                record.content.secret(name, text)
            }
        }
    }
    for field in item.get("fields").and_then(Value::as_array).into_iter().flatten() {
        of_field(field, &mut record.content, &mut record.lost);
    }
    let mut history: Vec<Older> = item
        .get("passwordHistory")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|older| {
            let mut content = Content::default();
            content.secret(PASSWORD, decode::string(older, "password").unwrap_or_default());
            let at = decode::string(older, "lastUsedDate").and_then(|at| decode::moment(&at));
            Older { at, content }
        })
        .collect();
    history.sort_by_key(|older| older.at);
    record.history = history;
    for attachment in item.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        let name = decode::string(attachment, "fileName").unwrap_or_default();
        record.lost.push(Loss::new(name.clone(), Why::Attachment));
        let size = decode::string(attachment, "size").and_then(|size| size.parse().ok());
        record.attachments.push(crate::Attachment { name, size });
    }
    record
}

fn of_login(login: &Value, record: &mut Record) {
    let content = &mut record.content;
    content.user = decode::string(login, "username");
    content.secret(PASSWORD, decode::string(login, "password").unwrap_or_default());
    content.secret(TOTP, decode::string(login, "totp").unwrap_or_default());
    let uris = login.get("uris").and_then(Value::as_array).into_iter().flatten();
    for (n, uri) in uris.filter_map(|uri| decode::string(uri, "uri")).enumerate() {
        if n == 0 {
            content.address = Some(uri);
        } else {
            content.open(&format!("address {}", n + 1), uri);
        }
    }
    if login.get("fido2Credentials").and_then(Value::as_array).is_some_and(|keys| !keys.is_empty())
    {
        record.lost.push(Loss::new("passkey", Why::Passkey));
    }
}

fn of_field(field: &Value, content: &mut Content, lost: &mut Vec<Loss>) {
    let name = decode::string(field, "name").unwrap_or_else(|| "field".to_owned());
    let text = field.get("value").map(decode::plain).unwrap_or_default();
    match field.get("type").and_then(Value::as_u64) {
        Some(1) => content.secret(&name, text),
        // It shows what stands in another field.
        Some(3) => lost.push(Loss::new(name, Why::ProgramsOwn)),
        _ => content.open(&name, text),
    }
}
