//! What stands in a form, borrowed: secrets stay where they are kept.

use std::{collections::BTreeMap, fmt};

/// The text of a credential's fields by name.
#[derive(Default, Clone)]
pub struct Fields<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    /// What stands in the field, if anything does.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied().filter(|text| !text.trim().is_empty())
    }

    /// The names of all fields, filled or not.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.keys().copied()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Fields<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_blanks_is_empty_and_no_value_is_in_the_debug_text() {
        let fields: Fields = [("user", "  "), ("password", "fixture")].into_iter().collect();
        assert_eq!(fields.get("user"), None);
        assert_eq!(fields.get("password"), Some("fixture"));
        assert_eq!(format!("{fields:?}"), r#"{"password", "user"}"#);
    }
}
