//! What a cluster says of itself, by the `kubectl` of who asks: started only at a person's word, with a time limit,
//! told to read and nothing else. What it says besides is not shown, as it may be of a login.

use std::{
    ffi::OsStr,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use keyturn_discovery::find_program;
use zeroize::Zeroizing;

use crate::{MessageKey, UserError};

/// What is asked.
pub(super) const COMMAND: [&str; 5] =
    ["kubectl", "get", "deployments,cronjobs,statefulsets", "--output", "json"];
/// For so long it is waited.
const LOOKS: u32 = 3000;
const PAUSE: Duration = Duration::from_millis(20);
const LONGEST_NAME: usize = 200;

/// What a cluster says of itself.
pub(super) struct Said {
    /// Which cluster.
    pub(super) name: String,
    /// Its objects, as JSON.
    pub(super) text: Zeroizing<Vec<u8>>,
}

/// What `kubectl` says, and which cluster it is; nothing when it was stopped.
pub(super) fn read(
    programs: &OsStr,
    all: bool,
    most: u64,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Said>, UserError> {
    let program = find_program(COMMAND[0], programs)
        .ok_or_else(|| UserError::new("KT-KUBECTL-MISSING", MessageKey::KubectlMissing))?;
    let context = ["config", "current-context"];
    let Some(context) = run(&program, &context, most, goes_on)? else { return Ok(None) };
    let context: String =
        String::from_utf8_lossy(&context).trim().chars().take(LONGEST_NAME).collect();
    let mut asked = COMMAND[1..].to_vec();
    asked.push("--request-timeout=30s");
    if all {
        asked.push("--all-namespaces");
    }
    let said = run(&program, &asked, most, goes_on)?;
    Ok(said.map(|text| Said { name: format!("kubectl, {context}"), text }))
}

/// What a program says on its standard output, as far as it may be read.
fn run(
    program: &Path,
    arguments: &[&str],
    most: u64,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Zeroizing<Vec<u8>>>, UserError> {
    let failed = || UserError::new("KT-KUBECTL-FAILED", MessageKey::KubectlFailed).retryable();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Running(command.spawn().map_err(|_| failed())?);
    let says = child.0.stdout.take().ok_or_else(failed)?;
    let reading = thread::spawn(move || {
        // All of it at once: one that grows leaves copies behind. Memory is taken as it is filled.
        let room = usize::try_from(most).unwrap_or_default().saturating_add(2);
        let mut said = Zeroizing::new(Vec::with_capacity(room));
        says.take(most.saturating_add(1)).read_to_end(&mut said).map(|_| said)
    });
    for _ in 0..LOOKS {
        if !goes_on() {
            return Ok(None);
        }
        if reading.is_finished() {
            let said = reading.join().map_err(|_| failed())?.map_err(|_| failed())?;
            // One that says too much waits to be heard.
            let ended = said.len() as u64 > most || child.0.wait().is_ok_and(|it| it.success());
            return if ended { Ok(Some(said)) } else { Err(failed()) };
        }
        thread::sleep(PAUSE);
    }
    Err(failed())
}

/// Ended with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
