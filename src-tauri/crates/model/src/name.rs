//! What people call things.

use std::fmt;

use serde::Serialize;
use ts_rs::TS;

/// What people call a member, or a vault: one line, not empty, not endless.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(transparent)]
pub struct Name(String);

/// Why a name cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing in it.
    #[error("the name is empty")]
    Empty,
    /// More than 100 characters.
    #[error("the name is too long")]
    TooLong,
    /// It holds control characters or changes the direction of writing.
    #[error("the name holds characters that cannot be seen")]
    Unseen,
}

impl Name {
    /// The most characters of a name.
    pub const LONGEST: usize = 100;

    /// `text` without blanks around it, if it can be a name.
    ///
    /// # Errors
    /// When it is empty, too long, or holds characters that could make it look like another.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.chars().count() > Self::LONGEST {
            return Err(NameError::TooLong);
        }
        if text.chars().any(Self::is_unseen) {
            return Err(NameError::Unseen);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether it cannot be seen, or changes the direction of writing.
    pub(crate) fn is_unseen(c: char) -> bool {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_can_be_seen() {
        assert_eq!(Name::new("  Ana Díaz ").map(|n| n.to_string()), Ok("Ana Díaz".into()));
        assert_eq!(Name::new(" \t "), Err(NameError::Empty));
        assert_eq!(Name::new(&"x".repeat(101)), Err(NameError::TooLong));
        assert_eq!(Name::new("Ana\u{202E}anA"), Err(NameError::Unseen));
        assert_eq!(Name::new("Ana\nBob"), Err(NameError::Unseen));
    }
}
