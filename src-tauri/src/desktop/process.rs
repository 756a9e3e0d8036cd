//! Keeps the process to itself: no core dump, nobody else's debugger, and files that are only ours. Hears that it is to end.
//!
//! The processes of the web view are children: they inherit that they leave no core dump, but not
//! that they can't be debugged, as that ends with `exec`. Windows has neither; nothing is done there.
//! Nothing here may keep the program from starting.

/// Hardens the process; to be called first, while it has one thread. What could not be done is
/// returned as sentences for the log, which does not run yet.
#[cfg(target_os = "linux")]
pub(crate) fn harden() -> Vec<&'static str> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    keep_files_to_ourselves();
    let mut undone = Vec::from_iter(no_core_dump().err());
    if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
        undone.push("the process could not be made undumpable: other programs may read its memory");
    }
    undone
}

/// See above.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn harden() -> Vec<&'static str> {
    keep_files_to_ourselves();
    Vec::from_iter(no_core_dump().err())
}

/// See above.
#[cfg(not(unix))]
pub(crate) fn harden() -> Vec<&'static str> {
    Vec::new()
}

/// Calls `end` when the process is asked to end from outside: its session ends, or its terminal is closed.
#[cfg(unix)]
pub(crate) fn when_asked_to_end(end: impl Fn() + Clone + Send + 'static) {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let end = end.clone();
        tauri::async_runtime::spawn(async move {
            let Ok(mut asked) = signal(kind) else {
                tracing::warn!("nobody hears that the session ends");
                return;
            };
            if asked.recv().await.is_some() {
                end();
            }
        });
    }
}

/// See above. Windows closes the window, which Tauri hears.
#[cfg(not(unix))]
pub(crate) fn when_asked_to_end(_: impl Fn() + Clone + Send + 'static) {}

/// Ends the process that the web view speaks to networks by: it stays when the last page is gone, though no page ever
/// uses it. The next web view starts another.
#[cfg(target_os = "linux")]
pub(crate) fn end_what_the_web_view_left() {
    use rustix::process::{Pid, Signal, kill_process};

    // As the kernel cuts the name off.
    const NAME: &str = " (WebKitNetworkPr";
    let ours = std::process::id().to_string();
    let is_it = |stat: &str| {
        stat.rsplit_once(") ").is_some_and(|(before, after)| {
            before.ends_with(NAME) && after.split(' ').nth(1) == Some(&ours)
        })
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in processes {
        let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        let id = process.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(id) = id.and_then(Pid::from_raw).filter(|_| is_it(&stat)) {
            let _ = kill_process(id, Signal::TERM);
        }
    }
}

/// These systems end it themselves, or share it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn end_what_the_web_view_left() {}

/// Gives back to the system what a window or an open vault needed and nobody needs any more: the C library keeps it, for
/// a next one that may never come.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_memory_back() {
    // What is let go of is let go of in the moments after.
    const LATER: std::time::Duration = std::time::Duration::from_secs(2);
    tauri::async_runtime::spawn(async {
        tokio::time::sleep(LATER).await;
        // SAFETY: it is given no pointer, and may be called at any time and by any thread.
        #[allow(unsafe_code, reason = "the C library has no other way to be told")]
        unsafe {
            libc::malloc_trim(0)
        };
    });
}

/// These systems do so themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_memory_back() {}

/// Whatever this process makes, nobody else on this computer may read.
#[cfg(unix)]
fn keep_files_to_ourselves() {
    use rustix::{fs::Mode, process::umask};
    umask(Mode::RWXG | Mode::RWXO);
}

#[cfg(unix)]
fn no_core_dump() -> Result<(), &'static str> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // Too small for any dump. Linux hands a dump to a crash reporter even at 0, but never at 1.
    let most = if getrlimit(Resource::Core).maximum == Some(0) { 0 } else { 1 };
    let limit = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, limit)
        .map_err(|_| "core dumps could not be turned off: a crash may write secrets to disk")
}
