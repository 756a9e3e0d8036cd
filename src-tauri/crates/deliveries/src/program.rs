//! Runs a program without a shell. What is secret goes to its standard input and nowhere else.
//!
//! Of the environment it gets what it takes to find programs and files. What it says is not read. When its
//! time is over, or nobody waits any more, it is ended with everything that it started and that stayed in its
//! group.

use std::{path::Path, process::Stdio, time::Duration};

use keyturn_model::rotation::Fault;
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
    time::timeout,
};

/// No program runs longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
/// For so long it is waited for one that was ended.
const FAREWELL: Duration = Duration::from_secs(5);

#[cfg(not(windows))]
const KEPT: [&str; 3] = ["PATH", "HOME", "LANG"];
#[cfg(windows)]
const KEPT: [&str; 5] = ["PATH", "HOME", "LANG", "SYSTEMROOT", "USERPROFILE"];

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With status 0, and it was given all of its input.
    Well,
    /// In any other way, and what it did before is open.
    Otherwise,
    /// It was ended.
    TooLate,
}

/// Whether there is such a program, and it may be started.
pub(crate) fn exists(program: &str) -> Result<(), Fault> {
    let path = Path::new(program);
    if !path.is_absolute() || !path.is_file() {
        return Err(Fault::Refused);
    }
    #[cfg(unix)]
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).map_err(|_| Fault::Refused)?;
    Ok(())
}

/// Runs it to its end. Refused if it could not be started: then nothing was done.
pub(crate) async fn run(
    program: &str,
    arguments: &[String],
    input: Option<&str>,
    limit: Duration,
) -> Result<Ended, Fault> {
    exists(program)?;
    let mut command = Command::new(program);
    command.args(arguments).env_clear().kill_on_drop(true);
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(windows)]
    command.creation_flags(NEW_GROUP | NO_WINDOW);
    let mut running = Running(Some(command.spawn().map_err(|_| Fault::Refused)?));
    let ended = timeout(limit, running.until_it_ends(input.unwrap_or_default())).await;
    Ok(match ended {
        Ok(ended) => {
            running.0 = None;
            ended
        }
        Err(_) => {
            running.end();
            if let Some(child) = &mut running.0 {
                let _ = timeout(FAREWELL, child.wait()).await;
            }
            running.0 = None;
            Ended::TooLate
        }
    })
}

#[cfg(windows)]
const NEW_GROUP: u32 = 0x200;
#[cfg(windows)]
const NO_WINDOW: u32 = 0x0800_0000;

/// A program and its group; ended with this.
struct Running(Option<Child>);

impl Running {
    async fn until_it_ends(&mut self, input: &str) -> Ended {
        let Some(child) = &mut self.0 else { return Ended::Otherwise };
        let mut given = true;
        if let Some(mut stdin) = child.stdin.take() {
            given = stdin.write_all(input.as_bytes()).await.is_ok();
            given &= stdin.shutdown().await.is_ok();
        }
        match child.wait().await {
            Ok(status) if status.success() && given => Ended::Well,
            _ => Ended::Otherwise,
        }
    }

    /// Ends it and its group. One that was waited for has no number any more.
    fn end(&mut self) {
        let Some(child) = &mut self.0 else { return };
        #[cfg(unix)]
        if let Some(group) =
            child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = child.start_kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests;
