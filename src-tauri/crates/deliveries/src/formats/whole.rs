//! The text is the whole file. A line break at its very end is no part of it: that of the file stays.

use zeroize::Zeroizing;

use super::Spot;

pub(super) fn find(text: &str) -> Spot {
    let said = text.strip_suffix('\n').unwrap_or(text);
    let said = said.strip_suffix('\r').unwrap_or(said);
    Spot { at: 0..said.len(), says: Zeroizing::new(said.to_owned()) }
}
