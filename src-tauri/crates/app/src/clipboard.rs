//! The system's clipboard, and which secret of ours is in it until when.
//!
//! What was put there is never kept here, only a mark of it that nobody can make without the key of
//! this run. What somebody else put there is never taken out.

use keyturn_model::{Entropy, Timestamp};
use keyturn_vault::Key;
use sha2::{Digest, Sha256};

/// A clipboard. Every call ends within a few seconds, whatever the program does that owns what is
/// in it.
pub trait Clipboard: Send + Sync {
    /// Puts `text` there, in the place of what was there. A secret is marked, so that programs that
    /// remember what was copied leave it out.
    ///
    /// # Errors
    /// When there is no clipboard, or it refuses.
    fn put(&self, text: &str, secret: bool) -> Result<(), ClipboardError>;

    /// Whether the text in it is one that `known` knows; what is no text never is. What was read
    /// goes to `known` and nowhere else, and is wiped.
    ///
    /// # Errors
    /// When there is no clipboard, or it refuses.
    fn holds(&self, known: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError>;

    /// Takes out what is there, whoever put it there.
    ///
    /// # Errors
    /// When there is no clipboard, or it refuses.
    fn clear(&self) -> Result<(), ClipboardError>;
}

/// Why a clipboard could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClipboardError {
    /// The system has none.
    #[error("there is no clipboard")]
    Missing,
    /// It is in use, refuses, or does not answer in time.
    #[error("the clipboard refuses")]
    Refused,
}

/// The secret that was put into the clipboard last. Whoever puts and notes keeps others from taking
/// meanwhile, or what is taken may be the newer one.
pub(crate) struct InClipboard {
    key: Key,
    last: Option<Noted>,
}

struct Noted {
    mark: [u8; 32],
    since: Timestamp,
    until: Timestamp,
}

impl InClipboard {
    /// Nothing was put there yet.
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        Self { key: Key::random(entropy), last: None }
    }

    /// `text` was put there `now`, and is to be taken out after so many seconds.
    pub(crate) fn note(&mut self, text: &str, now: Timestamp, seconds: i64) {
        let mark = mark(&self.key, text);
        self.last = Some(Noted { mark, since: now, until: now.plus_seconds(seconds) });
    }

    /// Whether something of ours may be there.
    pub(crate) fn is_noted(&self) -> bool {
        self.last.is_some()
    }

    /// Whether it is to be taken out now. A clock that was turned back makes nothing stay longer.
    pub(crate) fn due(&self, now: Timestamp) -> bool {
        self.last.as_ref().is_some_and(|noted| now < noted.since || noted.until <= now)
    }

    /// Takes it out, unless something else is there by now, and tells whether it did.
    ///
    /// # Errors
    /// When the clipboard refuses; then it is still to be taken out.
    pub(crate) fn take(&mut self, clipboard: &dyn Clipboard) -> Result<bool, ClipboardError> {
        let Some(noted) = &self.last else { return Ok(false) };
        let still = clipboard.holds(&|text| mark(&self.key, text) == noted.mark)?;
        if still {
            clipboard.clear()?;
        }
        self.last = None;
        Ok(still)
    }
}

fn mark(key: &Key, text: &str) -> [u8; 32] {
    Sha256::new().chain_update(key.expose()).chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use keyturn_testkit::Seeded;

    use super::*;

    const NOON: Timestamp = Timestamp(1_793_534_400_000);

    #[derive(Default)]
    struct Fake {
        text: Mutex<Option<String>>,
        refuses: Mutex<bool>,
    }

    impl Fake {
        fn text(&self) -> Option<String> {
            self.text.lock().expect("unshared").clone()
        }

        fn refuse(&self, refuses: bool) {
            *self.refuses.lock().expect("unshared") = refuses;
        }

        fn change(&self, text: Option<&str>) -> Result<(), ClipboardError> {
            if *self.refuses.lock().expect("unshared") {
                return Err(ClipboardError::Refused);
            }
            *self.text.lock().expect("unshared") = text.map(ToOwned::to_owned);
            Ok(())
        }
    }

    impl Clipboard for Fake {
        fn put(&self, text: &str, _secret: bool) -> Result<(), ClipboardError> {
            self.change(Some(text))
        }

        fn holds(&self, known: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
            if *self.refuses.lock().expect("unshared") {
                return Err(ClipboardError::Refused);
            }
            Ok(self.text().is_some_and(|text| known(&text)))
        }

        fn clear(&self) -> Result<(), ClipboardError> {
            self.change(None)
        }
    }

    /// A clipboard with `text` in it that was noted at noon for half a minute.
    fn copied(text: &str) -> (Fake, InClipboard) {
        let (clipboard, mut inside) = (Fake::default(), InClipboard::new(&*Seeded::new(1)));
        clipboard.put(text, true).expect("put");
        inside.note(text, NOON, 30);
        (clipboard, inside)
    }

    #[test]
    fn a_secret_is_taken_out_when_its_time_is_over() {
        let (clipboard, mut inside) = copied("fixture");
        assert!(!inside.due(NOON));
        assert!(!inside.due(NOON.plus_seconds(29)));
        assert!(inside.due(NOON.plus_seconds(30)));
        assert_eq!(inside.take(&clipboard), Ok(true));
        assert_eq!(clipboard.text(), None);
        assert!(!inside.due(NOON.plus_seconds(30)), "once");
        assert_eq!(inside.take(&clipboard), Ok(false));
    }

    #[test]
    fn what_somebody_copied_since_stays() {
        for other in ["something else", "fixture ", "Fixture", ""] {
            let (clipboard, mut inside) = copied("fixture");
            clipboard.put(other, false).expect("put");
            assert_eq!(inside.take(&clipboard), Ok(false));
            assert_eq!(clipboard.text().as_deref(), Some(other));
            assert!(!inside.due(NOON.plus_seconds(60)), "it is gone");
        }
    }

    #[test]
    fn a_clipboard_without_text_is_left_alone() {
        let (clipboard, mut inside) = copied("fixture");
        clipboard.clear().expect("cleared");
        assert_eq!(inside.take(&clipboard), Ok(false));
    }

    #[test]
    fn a_newer_secret_has_its_own_time() {
        let (clipboard, mut inside) = copied("fixture");
        clipboard.put("newer", true).expect("put");
        inside.note("newer", NOON.plus_seconds(20), 30);
        assert!(!inside.due(NOON.plus_seconds(30)));
        assert!(inside.due(NOON.plus_seconds(50)));
        assert_eq!(inside.take(&clipboard), Ok(true));
    }

    #[test]
    fn a_clipboard_that_refuses_is_asked_again() {
        let (clipboard, mut inside) = copied("fixture");
        clipboard.refuse(true);
        assert_eq!(inside.take(&clipboard), Err(ClipboardError::Refused));
        assert!(inside.due(NOON.plus_seconds(30)));
        clipboard.refuse(false);
        assert_eq!(inside.take(&clipboard), Ok(true));
    }

    #[test]
    fn a_clock_that_is_turned_back_makes_nothing_stay_longer() {
        let (_, inside) = copied("fixture");
        assert!(inside.due(NOON.plus_seconds(-1)));
    }

    #[test]
    fn nothing_is_asked_of_the_clipboard_when_nothing_of_ours_is_in_it() {
        let clipboard = Fake::default();
        clipboard.refuse(true);
        let mut inside = InClipboard::new(&*Seeded::new(1));
        assert!(!inside.due(NOON));
        assert_eq!(inside.take(&clipboard), Ok(false));
    }

    #[test]
    fn the_mark_of_one_run_says_nothing_to_another() {
        let [one, other] = [1, 2].map(|seed| InClipboard::new(&*Seeded::new(seed)));
        assert_ne!(mark(&one.key, "fixture"), mark(&other.key, "fixture"));
    }
}
