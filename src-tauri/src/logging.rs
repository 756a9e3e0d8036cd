//! The log: a file a day, seven kept, in the program's own log folder.
//!
//! It must never hold a secret, so everything in it was let in by name: a field that is not on the
//! list is written as withheld, and of other crates' events only where they came from is told, as
//! their texts may quote anything.

use std::{
    fmt::{self, Debug},
    fs, io,
    path::Path,
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{
        FmtContext, FormatEvent, FormatFields, MakeWriter,
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    registry::LookupSpan,
};

/// The variable that sets how much the log tells: off, error, warn, info, debug or trace.
const LEVEL: &str = "KEYTURN_LOG";
/// Our crates' targets start so.
const OURS: &str = "keyturn";
/// What may be written, field by field. None of these can hold a secret.
const FIELDS: &[&str] = &["message", "version", "code", "event", "reason", "file", "line"];
const DAYS_KEPT: usize = 7;

/// The level that the environment asks for; `info` when it asks for nothing we know.
pub(crate) fn level_asked_for() -> LevelFilter {
    std::env::var(LEVEL).ok().and_then(|asked| asked.parse().ok()).unwrap_or(LevelFilter::INFO)
}

/// Starts the log in `folder`; false when nothing can be written there.
pub(crate) fn start(folder: &Path, level: LevelFilter) -> bool {
    hide_what_panics_say();
    match open(folder) {
        Ok(file) => tracing::subscriber::set_global_default(subscriber(file, level)).is_ok(),
        Err(_) => false,
    }
}

fn open(folder: &Path) -> io::Result<RollingFileAppender> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("keyturn")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)
        .map_err(io::Error::other)
}

fn subscriber<W>(writer: W, level: LevelFilter) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours_in_full =
        Targets::new().with_default(level.min(LevelFilter::WARN)).with_target(OURS, level);
    tracing_subscriber::registry()
        .with(ours_in_full)
        .with(tracing_subscriber::fmt::layer().event_format(ByName).with_writer(writer))
}

/// A panic's text may quote a value: only its place is told.
fn hide_what_panics_say() {
    std::panic::set_hook(Box::new(|panic| {
        let (file, line) =
            panic.location().map_or(("somewhere", 0), |place| (place.file(), place.line()));
        tracing::error!(file, line, "a part of the program ended by a fault of its own");
        eprintln!("Keyturn: a fault at {file}:{line}");
    }));
}

/// One line an event, with the fields that are let in.
struct ByName;

impl<S, N> FormatEvent<S, N> for ByName
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        SystemTime.format_time(&mut line)?;
        let facts = event.metadata();
        write!(line, " {:>5} {}", facts.level(), facts.target())?;
        if facts.target().starts_with(OURS) {
            let mut fields = Fields { line: line.by_ref(), result: Ok(()) };
            event.record(&mut fields);
            fields.result?;
        }
        writeln!(line)
    }
}

struct Fields<'a> {
    line: Writer<'a>,
    result: fmt::Result,
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let name = field.name();
        let written = match name {
            "message" => write!(self.line, " {value:?}"),
            _ if FIELDS.contains(&name) => write!(self.line, " {name}={value:?}"),
            _ => write!(self.line, " {name}=(withheld)"),
        };
        self.result = self.result.and(written);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("unshared").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: LevelFilter, work: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = page.clone();
        tracing::subscriber::with_default(subscriber(move || writer.clone(), level), work);
        String::from_utf8(page.0.lock().expect("unshared").clone()).expect("text")
    }

    #[test]
    fn a_field_that_is_not_let_in_is_withheld() {
        let text = logged(LevelFilter::INFO, || {
            tracing::info!(code = "KT-1", password = "fixture-canary", "done");
        });
        assert!(text.contains("code=\"KT-1\"") && text.contains(" done"), "{text}");
        assert!(text.contains("password=(withheld)"), "{text}");
        assert!(!text.contains("fixture-canary"), "{text}");
    }

    #[test]
    fn of_other_crates_only_where_it_came_from_is_told() {
        let text = logged(LevelFilter::TRACE, || {
            tracing::warn!(target: "reqwest::connect", code = 1, "GET /?key=fixture-canary");
            tracing::info!(target: "reqwest::connect", "chatter");
        });
        assert!(text.contains("WARN reqwest::connect\n"), "{text}");
        assert!(!text.contains("fixture-canary") && !text.contains("INFO"), "{text}");
    }

    #[test]
    fn the_level_decides_how_much_is_told() {
        let work = || {
            tracing::debug!("detail");
            tracing::error!("trouble");
        };
        assert!(logged(LevelFilter::DEBUG, work).contains("detail"));
        let errors = logged(LevelFilter::ERROR, work);
        assert!(errors.contains("trouble") && !errors.contains("detail"), "{errors}");
        assert_eq!(logged(LevelFilter::OFF, work), "");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_reported_and_not_fatal() {
        let folder = tempfile::tempdir().expect("a folder");
        let blocker = folder.path().join("a-file");
        fs::write(&blocker, "").expect("written");
        assert!(open(&blocker.join("logs")).is_err());
    }

    #[test]
    fn seven_days_are_kept_and_other_files_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut days: Vec<_> = (1..=8).map(|day| format!("keyturn.2020-01-0{day}.log")).collect();
        for name in days.iter().map(String::as_str).chain(["notes.txt"]) {
            fs::write(folder.path().join(name), "").expect("written");
        }
        drop(open(folder.path()).expect("opened"));
        let files = fs::read_dir(folder.path()).expect("listed");
        let left: Vec<_> = files
            .map(|file| file.expect("a file").file_name().into_string().expect("text"))
            .collect();
        assert!(left.contains(&"notes.txt".to_owned()), "{left:?}");
        assert_eq!(left.len() - 1, DAYS_KEPT, "{left:?}");
        days.retain(|day| left.contains(day));
        assert_eq!(days.len(), DAYS_KEPT - 1, "the seventh is today's: {left:?}");
    }

    #[cfg(unix)]
    #[test]
    fn the_log_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let logs = folder.path().join("logs");
        open(&logs).expect("opened");
        assert_eq!(fs::metadata(&logs).expect("facts").permissions().mode() & 0o777, 0o700);
    }
}
