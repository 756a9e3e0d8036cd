//! Where a vault is put to the test: a folder of its own, the worker beside it, and what may go wrong.

use std::{
    fs,
    io::{self, Read},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use keyturn_testkit::by_document::copy_folder;
use keyturn_vault::Folder;
use tempfile::TempDir;

/// What is promised and not kept, or the way there.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How a disk fails.
#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    Once(i32),
    Forever(i32),
    /// Not the disk fails, but the process is killed there.
    Die,
}

pub(crate) const NO_SPACE: i32 = 28;
pub(crate) const BROKEN: i32 = 5;

/// Each way to fail.
pub(crate) const WAYS: [How; 5] = [
    How::Once(NO_SPACE),
    How::Once(BROKEN),
    How::Forever(NO_SPACE),
    How::Forever(BROKEN),
    How::Die,
];

/// A fault at the Nth call that changes files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) at: u64,
    pub(crate) how: How,
    /// Counted from the start of the program, not of the operation.
    pub(crate) at_once: bool,
}

/// What came of a run of the worker.
pub(crate) struct Ran {
    /// What was acknowledged: the lines after `done `.
    pub(crate) done: Vec<String>,
    pub(crate) fired: bool,
    killed: bool,
    code: Option<i32>,
    words: String,
}

impl Ran {
    /// A worker may be refused, or killed; it must not break down by itself.
    pub(crate) fn ended_in_order(&self, how: How) -> Result<(), Failure> {
        let fine = match how {
            How::Die => self.killed,
            _ => self.code == Some(0),
        };
        if fine { Ok(()) } else { Err(format!("the worker broke down: {}", self.words).into()) }
    }
}

/// What came of a worker that was killed.
pub(crate) struct Killed {
    /// What was acknowledged before.
    pub(crate) done: Vec<String>,
    /// Not empty if it broke down by itself.
    pub(crate) words: String,
}

/// Numbers at random, the same for the same lane.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(lane: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ lane)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The lines that were written to their end.
fn acknowledged(output: &str) -> Vec<String> {
    let whole = output.rfind('\n').map_or("", |end| &output[..end]);
    whole.lines().filter_map(|line| line.strip_prefix("done ")).map(str::to_owned).collect()
}

/// No two workers draw the same randomness: their ids would be the same.
pub(crate) fn new_seed() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(100);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// Where the folders of the tests are: what a kill leaves behind is the same in memory, and quicker.
pub(crate) fn ground() -> PathBuf {
    match std::env::var_os("KEYTURN_CRASH_ON") {
        Some(place) => place.into(),
        None if Path::new("/dev/shm").is_dir() => "/dev/shm".into(),
        None => std::env::temp_dir(),
    }
}

pub(crate) struct Bed {
    around: TempDir,
}

impl Bed {
    pub(crate) fn new() -> io::Result<Self> {
        let around = tempfile::Builder::new().prefix("keyturn-crash-").tempdir_in(ground())?;
        fs::create_dir(around.path().join("disk"))?;
        fs::write(around.path().join("start"), "")?;
        Ok(Self { around })
    }

    /// With a copy of a vault.
    pub(crate) fn with(vault: &Path) -> io::Result<Self> {
        let bed = Self::new()?;
        copy_folder(vault, bed.folder().path())?;
        Ok(bed)
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(self.around.path().join("disk/Acme"))
    }

    /// Wrong attempts are counted before they are made; that a kill counts as one is not the point here.
    pub(crate) fn forget_attempts(&self) {
        let _ = fs::remove_file(self.folder().path().join("attempts.json"));
    }

    /// The worker, ready to be started.
    pub(crate) fn worker(&self, operation: &str, code: &str, more: &str) -> io::Result<Command> {
        let program = std::env::current_exe()?.with_file_name("crash-worker");
        let mut command = Command::new(program);
        let seed = new_seed().to_string();
        command.arg(operation).arg(self.folder().path()).args([&seed, code, more]);
        command.stdin(Stdio::null());
        Ok(command)
    }

    /// How long a worker takes here until it has something to lose.
    #[allow(clippy::disallowed_methods, reason = "a duration of this machine is measured")]
    pub(crate) fn micros_to_the_first_line(
        &self,
        (operation, code, more): (&str, &str, &str),
    ) -> Result<u64, Failure> {
        let began = Instant::now();
        let mut worker = self.worker(operation, code, more)?.stdout(Stdio::piped()).spawn()?;
        let mut first = [0];
        worker.stdout.as_mut().ok_or("no output")?.read_exact(&mut first)?;
        let took = began.elapsed();
        worker.kill()?;
        worker.wait()?;
        Ok(u64::try_from(took.as_micros())?)
    }

    pub(crate) fn start_and_kill(
        &self,
        (operation, code, more): (&str, &str, &str),
        micros: u64,
    ) -> Result<Killed, Failure> {
        self.forget_attempts();
        let mut worker = self
            .worker(operation, code, more)?
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        thread::sleep(Duration::from_micros(micros));
        worker.kill()?;
        let (mut output, mut words) = (String::new(), String::new());
        worker.stdout.take().ok_or("no output")?.read_to_string(&mut output)?;
        worker.stderr.take().ok_or("no errors")?.read_to_string(&mut words)?;
        worker.wait()?;
        Ok(Killed { done: acknowledged(&output), words })
    }

    pub(crate) fn run(
        &self,
        shim: &Path,
        fault: Fault,
        (operation, code, more): (&str, &str, &str),
    ) -> io::Result<Ran> {
        self.forget_attempts();
        let report = self.around.path().join("report");
        let _ = fs::remove_file(&report);
        let (how, errno) = match fault.how {
            How::Once(errno) => ("once", errno),
            How::Forever(errno) => ("forever", errno),
            How::Die => ("die", 0),
        };
        let mut command = self.worker(operation, code, more)?;
        command
            .env("LD_PRELOAD", shim)
            .env("KEYTURN_FAULT_UNDER", self.around.path().join("disk"))
            .env("KEYTURN_FAULT_AT", fault.at.to_string())
            .env("KEYTURN_FAULT_HOW", how)
            .env("KEYTURN_FAULT_ERRNO", errno.to_string())
            .env("KEYTURN_FAULT_REPORT", &report);
        if !fault.at_once {
            command.env("KEYTURN_FAULT_START", self.around.path().join("start"));
        }
        let output = command.output()?;
        let report = fs::read_to_string(&report)?;
        let fired = report.split(' ').nth(1).is_some_and(|call| call != "0");
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Ran {
            done: acknowledged(&text),
            fired,
            killed: output.status.signal() == Some(9),
            code: output.status.code(),
            words: format!("{report}{text}{}", String::from_utf8_lossy(&output.stderr)),
        })
    }
}

/// Builds the failing disk.
pub(crate) fn build_shim(folder: &Path) -> Result<PathBuf, Failure> {
    let (source, shim) = (folder.join("faulty_disk.c"), folder.join("faulty_disk.so"));
    fs::write(&source, include_str!("faulty_disk.c"))?;
    let built = Command::new("cc")
        .args(["-O2", "-Wall", "-shared", "-fPIC", "-o"])
        .args([&shim, &source])
        .args(["-ldl", "-lpthread"])
        .status()?;
    if built.success() { Ok(shim) } else { Err("cc could not build the failing disk".into()) }
}
