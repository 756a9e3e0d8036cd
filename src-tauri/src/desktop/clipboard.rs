//! The clipboard of the system, by the crate `arboard`.
//!
//! On Linux what was copied stays with the program that copied it, so one clipboard is kept open
//! for the life of the program. Reading asks another program, which may never answer: it runs on
//! its own thread and is given up after a while. What was read must never leave this file.

use std::{
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(target_os = "linux")]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use arboard::{Error, Set};
use keyturn_app::{Clipboard, ClipboardError};
use secrecy::{ExposeSecret, SecretString};

const LIMIT: Duration = Duration::from_secs(2);

/// The clipboard of the person who runs the program.
#[derive(Default)]
pub(crate) struct SystemClipboard {
    open: Mutex<Option<arboard::Clipboard>>,
    reading: Reading,
}

impl SystemClipboard {
    /// Does `work` with the clipboard, which is opened when it is first needed.
    fn with(
        &self,
        work: impl FnOnce(&mut arboard::Clipboard) -> Result<(), Error>,
    ) -> Result<(), ClipboardError> {
        let mut open = lock(&self.open);
        let clipboard = match &mut *open {
            Some(clipboard) => clipboard,
            none => none.insert(arboard::Clipboard::new().map_err(|_| ClipboardError::Missing)?),
        };
        work(clipboard).map_err(|_| ClipboardError::Refused)
    }
}

impl Clipboard for SystemClipboard {
    fn put(&self, text: &str, secret: bool) -> Result<(), ClipboardError> {
        self.with(|clipboard| {
            let set = clipboard.set();
            if secret { marked(set).text(text) } else { set.text(text) }
        })
    }

    fn holds(&self, known: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        // What is open already is shared by another clipboard of this program.
        self.with(|_| Ok(()))?;
        let text = self.reading.text(LIMIT, || arboard::Clipboard::new()?.get_text())?;
        Ok(text.is_some_and(|text| known(text.expose_secret())))
    }

    fn clear(&self) -> Result<(), ClipboardError> {
        self.with(arboard::Clipboard::clear)
    }
}

/// As a secret, which no history keeps: `x-kde-passwordManagerHint` on Linux,
/// `org.nspasteboard.ConcealedType` on macOS.
#[cfg(not(windows))]
fn marked(set: Set<'_>) -> Set<'_> {
    set.exclude_from_history()
}

/// As a secret: `ExcludeClipboardContentFromMonitorProcessing`, which is for history and cloud too.
#[cfg(windows)]
fn marked(set: Set<'_>) -> Set<'_> {
    set.exclude_from_monitoring()
}

/// Reads one text at a time, and never waits long.
#[derive(Default)]
struct Reading {
    /// The last one that was given up. As long as it waits, no other is begun.
    given_up: Mutex<Option<JoinHandle<()>>>,
}

impl Reading {
    /// The text that `read` finds; nothing when what is there is no text.
    fn text(
        &self,
        limit: Duration,
        read: impl FnOnce() -> Result<String, Error> + Send + 'static,
    ) -> Result<Option<SecretString>, ClipboardError> {
        let mut given_up = lock(&self.given_up);
        if given_up.as_ref().is_some_and(|reader| !reader.is_finished()) {
            return Err(ClipboardError::Refused);
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let reader = thread::Builder::new()
            .name("clipboard".into())
            .spawn(move || {
                let _ = answer.send(read().map(SecretString::from));
            })
            .map_err(|_| ClipboardError::Refused)?;
        match answered.recv_timeout(limit) {
            Ok(Ok(text)) => Ok(Some(text)),
            Ok(Err(Error::ContentNotAvailable | Error::ConversionFailure)) => Ok(None),
            Ok(Err(_)) => Err(ClipboardError::Refused),
            Err(_) => {
                *given_up = Some(reader);
                Err(ClipboardError::Refused)
            }
        }
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod on_a_display;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_never_answers_is_given_up_and_asked_again_when_it_did() {
        let (let_go, held) = mpsc::channel::<()>();
        let reading = Reading::default();
        let read = |text: &str| {
            let text = text.to_owned();
            reading.text(LIMIT, move || Ok(text))
        };
        let hangs = reading.text(Duration::from_millis(50), move || {
            let _ = held.recv();
            Ok("late".into())
        });
        assert_eq!(hangs.err(), Some(ClipboardError::Refused));
        assert_eq!(read("one").err(), Some(ClipboardError::Refused), "not begun");

        let_go.send(()).expect("it still hangs");
        while lock(&reading.given_up).as_ref().is_some_and(|reader| !reader.is_finished()) {
            thread::yield_now();
        }
        let text = read("two").expect("an answer").expect("a text");
        assert_eq!(text.expose_secret(), "two");
    }

    #[test]
    fn what_is_no_text_is_told_from_a_clipboard_that_refuses() {
        let reading = Reading::default();
        let answer = |error| reading.text(LIMIT, || Err(error)).map(|text| text.is_some());
        assert_eq!(answer(Error::ContentNotAvailable), Ok(false));
        assert_eq!(answer(Error::ConversionFailure), Ok(false));
        assert_eq!(answer(Error::ClipboardOccupied), Err(ClipboardError::Refused));
    }
}
