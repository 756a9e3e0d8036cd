//! Whether an entry is new, the same as one that is here, or differs from it, and in what.

use keyturn_model::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::record::Record;

/// What is here already under the same name and environment.
pub struct Existing<'a> {
    /// Its fields that may be seen, by the names that a record uses: `user`, `address`, and others.
    pub open: &'a [(&'a str, &'a str)],
    /// Its tags.
    pub tags: &'a [String],
    /// When it stops to work.
    pub expires: Option<Timestamp>,
    /// The names of its secret fields.
    pub secret: &'a [&'a str],
    /// Opens one of its secret fields: asked only for those that the record has as well.
    pub value: &'a dyn Fn(&str) -> Option<SecretString>,
}

/// How an entry stands to what is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// There is none of its name and environment.
    New,
    /// Everything that came in is here as well.
    Same,
    /// These fields that came in are not here, or differ.
    Changed {
        /// Their names, in the order of the record.
        fields: Vec<String>,
    },
}

/// Compares what came in with what is here. What is here and did not come in is no change: an import
/// takes nothing away. How long it takes does not tell where two secrets differ.
#[must_use]
pub fn compare(record: &Record, existing: Option<&Existing<'_>>) -> Compared {
    let Some(existing) = existing else { return Compared::New };
    let open = |name: &str| existing.open.iter().find(|(n, _)| *n == name).map(|(_, text)| *text);
    let content = &record.content;
    let mut fields = Vec::new();
    for (name, text) in
        [("user", &content.user), ("address", &content.address), ("owner", &record.owner)]
    {
        if text.as_deref().is_some_and(|text| open(name) != Some(text)) {
            fields.push(name.to_owned());
        }
    }
    let same = |name: &str, text: &str| match existing.secret.contains(&name) {
        // To compare it.
        true => (existing.value)(name).is_some_and(|here| equal(here.expose_secret(), text)),
        false => open(name).is_some_and(|here| equal(here, text)),
    };
    // To compare them.
    let notes = content.notes.as_ref().map(ExposeSecret::expose_secret);
    if notes.is_some_and(|notes| !same("notes", notes)) {
        fields.push("notes".to_owned());
    }
    for field in &content.fields {
        if !same(&field.name, field.text.expose()) {
            fields.push(field.name.clone());
        }
    }
    let is_here = |tag: &String| existing.tags.iter().any(|here| here.eq_ignore_ascii_case(tag));
    if !content.tags.iter().all(is_here) {
        fields.push("tags".to_owned());
    }
    if content.expires.is_some_and(|at| existing.expires != Some(at)) {
        fields.push("expires".to_owned());
    }
    if fields.is_empty() { Compared::Same } else { Compared::Changed { fields } }
}

fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Content, PASSWORD};

    #[test]
    fn an_entry_is_new_or_the_same_or_says_what_differs() {
        let day = Timestamp(1_800_000_000_000);
        let mut content = Content {
            user: Some("ana".into()),
            tags: vec!["Shop".into()],
            expires: Some(day),
            ..Content::default()
        };
        content.secret(PASSWORD, "fixture");
        content.open("region", "eu");
        let record = Record { content, ..Record::default() };
        let stored = |password: &'static str| {
            move |name: &str| (name == PASSWORD).then(|| SecretString::from(password.to_owned()))
        };
        let open = [("user", "ana"), ("region", "eu"), ("more", "here")];
        let tags = ["shop".to_owned(), "more".to_owned()];
        let existing = |value| Existing {
            open: &open,
            tags: &tags,
            expires: Some(day),
            secret: &[PASSWORD],
            value,
        };
        assert_eq!(compare(&record, None), Compared::New);
        let (same, other) = (stored("fixture"), stored("fixture 2"));
        assert_eq!(compare(&record, Some(&existing(&same))), Compared::Same);
        let changed = compare(&record, Some(&existing(&other)));
        assert_eq!(changed, Compared::Changed { fields: vec![PASSWORD.into()] });
        let later = Existing { expires: Some(Timestamp(day.0 + 1)), tags: &[], ..existing(&same) };
        let changed = compare(&record, Some(&later));
        assert_eq!(changed, Compared::Changed { fields: vec!["tags".into(), "expires".into()] });
        let none: [(&str, &str); 0] = [];
        let bare =
            Existing { open: &none, tags: &[], expires: None, secret: &[], value: &|_| None };
        let all = ["user", PASSWORD, "region", "tags", "expires"].map(str::to_owned).to_vec();
        assert_eq!(compare(&record, Some(&bare)), Compared::Changed { fields: all });
    }
}
