//! Moments as KeePass writes them: as text in version 3, as seconds since the year 1 in version 4.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyturn_model::Timestamp;

use crate::decode;

/// From the year 1 to 1970.
const BEFORE_1970: i64 = 62_135_596_800;

pub(super) fn moment(text: &str) -> Option<Timestamp> {
    if let Some(at) = decode::moment(text) {
        return Some(at);
    }
    let bytes: [u8; 8] = STANDARD.decode(text.trim()).ok()?.try_into().ok()?;
    let seconds = i64::from_le_bytes(bytes).checked_sub(BEFORE_1970)?;
    let at = chrono::DateTime::from_timestamp(seconds, 0)?;
    Some(Timestamp(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_moment_give_the_same() {
        let binary = STANDARD.encode((1_700_000_000 + BEFORE_1970).to_le_bytes());
        assert_eq!(moment(&binary), Some(Timestamp(1_700_000_000_000)));
        assert_eq!(moment("2023-11-14T22:13:20Z"), moment(&binary));
        assert_eq!(moment(&STANDARD.encode(i64::MIN.to_le_bytes())), None);
    }
}
