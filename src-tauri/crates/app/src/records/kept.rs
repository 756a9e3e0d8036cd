//! What an entry says, held against what would go out of the vault again. Whatever would go out
//! otherwise is named: nothing is changed in silence.

use std::collections::BTreeSet;

use keyturn_exchange::{Content, Field, Loss, PASSWORD, Record, VALUE, Why};
use keyturn_model::{Metadata, OWN_FIELD};
use keyturn_vault::Addition;
use secrecy::ExposeSecret;

use super::{LONGEST_TAG, LONGEST_WORD, content, lose};

/// Names what of an entry is kept otherwise than the file says it.
pub(super) fn name_changes(record: &Record, addition: &Addition, lost: &mut Vec<Loss>) {
    let metadata = &addition.metadata;
    let goes = content(metadata, &addition.secrets);
    unsaid(&record.content, &goes, metadata, lost);
    for (name, came, kept) in [
        ("environment", &record.environment, &metadata.environment),
        ("owner", &record.owner, &metadata.owner),
    ] {
        if let Some(text) = came.as_deref().filter(|text| text != kept) {
            lose(lost, name, why(text, text.chars().count() <= LONGEST_WORD));
        }
    }
    let group = record.group.as_slice();
    if !group.is_empty() && !matches!(group, [one] if one.trim() == metadata.environment) {
        lose(lost, &format!("group: {}", group.join("/")), Why::OtherForm);
    }
    for (name, came, kept) in [
        ("expires", record.content.expires, metadata.expires),
        ("made", record.created, addition.created),
        ("last changed", record.changed, addition.rotated),
    ] {
        if came.is_some() && came != kept {
            lose(lost, name, Why::OtherForm);
        }
    }
}

/// Names what an entry says and what goes out does not.
fn unsaid(came: &Content, goes: &Content, metadata: &Metadata, lost: &mut Vec<Loss>) {
    if came.name != goes.name {
        let fits = came.name.chars().count() <= Metadata::LONGEST_NAME;
        // Without one it gets one.
        let why = if fits { Why::OtherForm } else { Why::TooLong };
        lose(lost, "name", why);
    }
    // They are compared, and go nowhere.
    let [notes, kept] = [came, goes].map(|it| it.notes.as_ref().map(|it| it.expose_secret()));
    for (name, text, kept) in [
        ("user", came.user.as_deref(), goes.user.as_deref()),
        ("address", came.address.as_deref(), goes.address.as_deref()),
        ("notes", notes, kept),
    ] {
        if let Some(text) = text.filter(|text| Some(*text) != kept) {
            let fits = name != "notes" || text.len() <= Metadata::LONGEST_TEXT;
            lose(lost, name, why(text, fits));
        }
    }
    for tag in came.tags.iter().filter(|tag| !goes.tags.contains(tag)) {
        lose(lost, &format!("tag: {tag}"), why(tag, tag.chars().count() <= LONGEST_TAG));
    }
    // The one secret has two names.
    let called = |name: &str| if name == VALUE { PASSWORD.to_owned() } else { name.to_owned() };
    for Field { name, text } in &came.fields {
        // They are compared, and go nowhere.
        let text = text.expose();
        let is_environment =
            name.eq_ignore_ascii_case("environment") && text == metadata.environment;
        let there =
            |field: &Field| called(&field.name) == called(name) && field.text.expose() == text;
        if !is_environment && !goes.fields.iter().any(there) {
            lose(lost, name, why(text, true));
        }
    }
}

/// What was otherwise in an earlier version: of it the secrets are kept, and it goes out with
/// everything else as it is now.
pub(super) fn differing(then: &Metadata, now: &Metadata) -> Vec<String> {
    let words = [
        ("name", then.name != now.name),
        ("environment", then.environment != now.environment),
        ("tags", then.tags != now.tags),
        ("issuer", then.issuer != now.issuer),
        ("risk", then.risk != now.risk),
        ("description", then.description != now.description),
        ("notes", then.notes != now.notes),
        ("expires", then.expires != now.expires),
    ];
    let words = words.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned());
    let fields: BTreeSet<&String> = then.fields.keys().chain(now.fields.keys()).collect();
    let fields = fields.into_iter().filter(|name| then.fields.get(*name) != now.fields.get(*name));
    words.chain(fields.map(|name| name.trim_start_matches(OWN_FIELD).to_owned())).collect()
}

/// What is blank is not kept at all.
fn why(text: &str, fits: bool) -> Why {
    match fits {
        _ if text.trim().is_empty() => Why::NoPlace,
        true => Why::OtherForm,
        false => Why::TooLong,
    }
}
