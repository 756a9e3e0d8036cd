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

/// What is let go of is let go of in the moments after.
#[cfg(target_os = "linux")]
const LATER: std::time::Duration = std::time::Duration::from_secs(2);

/// Gives back to the system what an open vault needed and nobody needs any more: the C library keeps it, for a next one
/// that may never come.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_memory_back() {
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

/// Lets go of the code that a window ran, which is most of what the process then holds: whatever is run again is read
/// from its file again.
#[cfg(target_os = "linux")]
pub(crate) fn let_go_of_code() {
    tauri::async_runtime::spawn(async {
        tokio::time::sleep(LATER).await;
        let_go_of_code_now();
    });
}

#[cfg(target_os = "linux")]
fn let_go_of_code_now() {
    use rustix::mm::{Advice, madvise};

    let regions = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    for (start, length) in untouched_code(&regions) {
        let start = std::ptr::with_exposed_provenance_mut(start);
        // SAFETY: the region is code of a file, mapped for reading and running, and no page of it was ever written to,
        // so what comes back from the file is what was there.
        #[allow(unsafe_code, reason = "the kernel is told about memory by its address")]
        let done = unsafe { madvise(start, length, Advice::LinuxDontNeed) };
        if done.is_err() {
            tracing::debug!("some code stays in memory");
        }
    }
}

/// Where code of files lies of which no page is the process's own, by what `smaps` says: its address and length.
#[cfg(target_os = "linux")]
fn untouched_code(regions: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut code = None;
    for line in regions.lines() {
        let mut parts = line.split_ascii_whitespace();
        match (parts.next(), parts.next()) {
            (Some("Anonymous:"), Some("0")) => found.extend(code.take()),
            (Some("Anonymous:"), _) => code = None,
            (Some(range), Some("r-xp")) => {
                let of_a_file = parts.nth(2).is_some_and(|inode| inode != "0");
                code = range_of(range).filter(|_| of_a_file);
            }
            (Some(range), Some(_)) if range_of(range).is_some() => code = None,
            _ => {}
        }
    }
    found
}

/// The address and length of `55e0c8a00000-55e0c8b00000`.
#[cfg(target_os = "linux")]
fn range_of(text: &str) -> Option<(usize, usize)> {
    let (start, end) = text.split_once('-')?;
    let hex = |text| usize::from_str_radix(text, 16).ok();
    let (start, end) = (hex(start)?, hex(end)?);
    Some((start, end.checked_sub(start)?))
}

/// These systems do so when they need the room.
#[cfg(not(target_os = "linux"))]
pub(crate) fn let_go_of_code() {}

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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{let_go_of_code_now, untouched_code};

    #[test]
    fn only_code_of_files_that_nobody_wrote_to_is_let_go_of() {
        let smaps = "\
55e0c8a00000-55e0c8b00000 r--p 00000000 fe:01 42 /usr/bin/keyturn
Anonymous:             0 kB
55e0c8b00000-55e0c8d00000 r-xp 00100000 fe:01 42 /usr/bin/keyturn
Size:               2048 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
7f0000000000-7f0000001000 r-xp 00000000 fe:01 43 /usr/lib/libpatched.so
Anonymous:             4 kB
7f1000000000-7f1000002000 r-xp 00000000 00:00 0
Anonymous:             0 kB
7f2000000000-7f2000001000 rw-p 00000000 fe:01 44 /usr/lib/libdata.so
Anonymous:             0 kB
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
Anonymous:             0 kB
";
        assert_eq!(untouched_code(smaps), [(0x55e0_c8b0_0000, 0x20_0000)]);
    }

    #[test]
    fn code_that_was_let_go_of_runs_as_before() {
        let held = || {
            let all = std::fs::read_to_string("/proc/self/smaps").unwrap_or_default();
            let mine = all.split_once("r-xp").map(|(_, rest)| rest).unwrap_or_default();
            let rss = mine.lines().find_map(|line| line.strip_prefix("Rss:")).unwrap_or_default();
            rss.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default()
        };
        // The first code in memory is that of the program itself.
        let before = held();
        let_go_of_code_now();
        let after = held();
        assert!(after < before, "{before} KiB of code, then {after}");
    }
}
