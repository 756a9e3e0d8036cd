//! What a record says in one line, so that two can be compared.

use keyturn_exchange::{Content, Record};
use secrecy::ExposeSecret;

/// Everything that a record says, to compare it.
pub fn said(content: &Content) -> String {
    let Content { name, address, user, notes, tags, expires, fields } = content;
    let notes = notes.as_ref().map(ExposeSecret::expose_secret);
    let mut fields: Vec<_> =
        fields.iter().map(|f| (&f.name, f.text.is_secret(), f.text.expose())).collect();
    fields.sort_unstable();
    format!("{name:?} {address:?} {user:?} {notes:?} {tags:?} {expires:?} {fields:?}")
}

/// The same of a whole record.
pub fn whole(record: &Record) -> String {
    let Record {
        kind,
        group,
        environment,
        owner,
        content,
        created,
        changed,
        history,
        attachments,
        lost: _,
    } = record;
    let history: Vec<_> = history.iter().map(|older| (older.at, said(&older.content))).collect();
    let said = said(content);
    format!(
        "{kind:?} {group:?} {environment:?} {owner:?} {said} {created:?} {changed:?} {history:?} {attachments:?}"
    )
}
