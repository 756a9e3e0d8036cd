//! What a whole reader of YAML says, to be held against what the lines were taken for.

use std::fmt;

use keyturn_model::rotation::Fault;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use zeroize::Zeroizing;

use crate::template::Secret;

/// As much of a document as a key can lead through.
enum Tree {
    Mapping(Vec<(String, Tree)>),
    Text(Secret),
    List,
}

/// What stands at this key. Refused where the document cannot be read, or no text stands there.
pub(super) fn says(text: &str, key: &str) -> Result<Option<Secret>, Fault> {
    let mut tree: Tree = match parsed(text) {
        // A document of comments alone is none.
        Ok(Tree::Text(nothing)) if nothing.is_empty() => return Ok(None),
        read => read?,
    };
    for name in key.split('.') {
        let Tree::Mapping(entries) = tree else { return Err(Fault::Refused) };
        match entries.into_iter().find(|(key, _)| key == name) {
            Some((_, found)) => tree = found,
            None => return Ok(None),
        }
    }
    match tree {
        Tree::Text(text) => Ok(Some(text)),
        Tree::Mapping(_) | Tree::List => Err(Fault::Refused),
    }
}

/// A text in quotation marks.
pub(super) fn text(written: &str) -> Result<Secret, Fault> {
    match parsed(written)? {
        Tree::Text(text) => Ok(text),
        Tree::Mapping(_) | Tree::List => Err(Fault::Refused),
    }
}

fn parsed(text: &str) -> Result<Tree, Fault> {
    let mut options = serde_saphyr::Options::default();
    // A snippet would carry secrets into the error.
    options.with_snippet = false;
    serde_saphyr::from_str_with_options(text, options).map_err(|_| Fault::Refused)
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Branch)
    }
}

struct Branch;

impl Branch {
    #[expect(clippy::unnecessary_wraps, reason = "as a visitor has it")]
    fn text<E: Error>(text: impl ToString) -> Result<Tree, E> {
        Ok(Tree::Text(Zeroizing::new(text.to_string())))
    }
}

impl<'de> Visitor<'de> for Branch {
    type Value = Tree;

    fn expecting(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        into.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Mapping(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Tree::List)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Self::text(text)
    }

    fn visit_bool<E: Error>(self, text: bool) -> Result<Tree, E> {
        Self::text(text)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Self::text(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        Self::text(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Tree, E> {
        Self::text(number)
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Self::text("")
    }

    fn visit_none<E: Error>(self) -> Result<Tree, E> {
        Self::text("")
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Tree, D::Error> {
        from.deserialize_any(self)
    }
}
