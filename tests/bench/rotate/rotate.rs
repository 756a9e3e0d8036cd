//! Rotates many credentials at once as the window would, in peace or in an emergency, and is the sandbox that they are
//! rotated at: each in a process of its own. Has one rotation fail, to see how soon every consumer is back. And makes a
//! vault with such credentials for the window to open.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

mod names;
mod program;
mod seed;

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use keyturn_app::Happening;
use keyturn_issuers::sandbox::{Faults, Sandbox, Switches};
use names::CONSUMERS;
use program::{Outcome, Program};
use seed::seed;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const PASSPHRASE: &str = "fixture passphrase of nobody";
/// So often it is looked whether all is refused.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Nothing takes so long that it goes well afterwards.
const LONGEST: Duration = Duration::from_secs(120);

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["sandbox", number, latency] => sandbox(number.parse()?, latency.parse()?),
        ["rotate", folder, address, number] => rotate(Path::new(folder), address, number.parse()?),
        ["emergency", folder, address, number] => {
            emergency(Path::new(folder), address, number.parse()?)
        }
        ["prepare", folder, address, number] => {
            let (program, _) = ready(Path::new(folder), address, number.parse()?)?;
            program.end();
            Ok(())
        }
        ["undo", folder] => undo(Path::new(folder)),
        _ => Err("no such measurement".into()),
    }
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// Runs until nothing more comes in. Tells its address, and after each line how often it was asked.
fn sandbox(number: usize, latency_ms: u32) -> Outcome {
    let runtime = runtime()?;
    let sandbox = runtime.block_on(Sandbox::start(seed(number)))?;
    sandbox.set(Switches { latency_ms, ..Switches::default() });
    println!("{}", sandbox.address());
    for line in io::stdin().lines() {
        line?;
        println!("{}", sandbox.calls());
    }
    Ok(())
}

fn create(program: &Program, folder: &Path) -> Outcome {
    let vault = json!({
        "name": "Acme", "folder": folder.join("Acme"), "member": "Ana", "passphrase": PASSPHRASE,
    });
    program.ask("create_vault", vault).map(drop)
}

/// A program that counts how often something in the inventory has changed.
struct Counted {
    program: Program,
    heard: Arc<AtomicUsize>,
    told: Receiver<()>,
}

impl Counted {
    fn new(folder: &Path) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let (tell, told) = channel();
        let heard = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&heard);
        let program = Program::new(folder, move |happening| {
            if matches!(happening, Happening::Inventory) {
                counted.fetch_add(1, Ordering::SeqCst);
                let _ = tell.send(());
            }
        });
        create(&program, folder)?;
        Ok(Self { program, heard, told })
    }

    /// How long it takes from the first rotation begun until all of them have ended so.
    fn run_all(&self, credentials: &[Value], end: &str) -> Outcome<Duration> {
        let Self { program, heard, told } = self;
        // It is told when a run begins, when it rests, and now and then between.
        let wanted = heard.load(Ordering::SeqCst) + 2 * credentials.len();
        let began = Instant::now();
        for credential in credentials {
            program.ask("begin_rotation", json!({ "credential": credential, "consent": false }))?;
        }
        loop {
            told.recv_timeout(LONGEST)?;
            if heard.load(Ordering::SeqCst) < wanted {
                continue;
            }
            let took = began.elapsed();
            let runs = program.ask("list_runs", json!({ "unsettled": false }))?;
            let runs = runs["runs"].as_array().ok_or("no runs")?;
            if runs.iter().filter(|run| run["status"] == end).count() == credentials.len() {
                return Ok(took);
            }
        }
    }
}

/// Tells how many seconds it took from the first rotation begun to the last one done.
fn rotate(folder: &Path, address: &str, number: usize) -> Outcome {
    let counted = Counted::new(folder)?;
    let credentials = counted.program.set_up(address, number)?;
    println!("{}", counted.run_all(&credentials, "done")?.as_secs_f64());
    counted.program.end();
    Ok(())
}

/// A vault with credentials that have three consumers each.
fn ready(folder: &Path, address: &str, number: usize) -> Outcome<(Program, Vec<Value>)> {
    fs::create_dir_all(folder)?;
    let program = Program::new(folder, |_| ());
    create(&program, folder)?;
    let credentials = program.set_up(address, number)?;
    program.bind_all(&credentials, address)?;
    Ok((program, credentials))
}

/// Revokes them first. Tells how many seconds it took from the start until the last old value was seen to be refused,
/// and until every consumer had its new one.
fn emergency(folder: &Path, address: &str, number: usize) -> Outcome {
    let (program, credentials) = ready(folder, address, number)?;
    let began = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let scope = json!({ "of": "credentials", "ids": credentials });
    let incident = json!({ "cause": "leaked", "drill": false, "scope": scope });
    program.start(&program.ask("open_incident", incident)?)?;
    let until = Instant::now() + LONGEST;
    let row = loop {
        let mut rows = program.ask("list_incidents", json!({ "open": false }))?["incidents"].take();
        let row = rows[0].take();
        if row["restored"].is_i64() {
            break row;
        }
        if Instant::now() > until {
            return Err(format!("it does not end: {row}").into());
        }
        thread::sleep(LOOK_EVERY);
    };
    let since = |at: &Value| -> Outcome<f64> {
        let at = at.as_u64().ok_or("not all of them")?;
        Ok(Duration::from_millis(at).saturating_sub(began).as_secs_f64())
    };
    println!("{} {}", since(&row["allRefused"])?, since(&row["restored"])?);
    program.end();
    Ok(())
}

/// Tells how many seconds it took from the begin of a rotation that fails until it is undone, and how many
/// consumers were seen to be well on the old value.
fn undo(folder: &Path) -> Outcome {
    let runtime = runtime()?;
    let sandbox = runtime.block_on(Sandbox::start(seed(1)))?;
    sandbox.fail(Faults { failing: Some(CONSUMERS[1].to_owned()), ..Faults::default() });
    let counted = Counted::new(folder)?;
    let program = &counted.program;
    let credentials = program.set_up(&sandbox.address(), 1)?;
    for name in CONSUMERS {
        program.bind(&credentials[0], name, &sandbox.address())?;
    }
    let took = counted.run_all(&credentials, "undone")?;
    let runs = program.ask("list_runs", json!({ "unsettled": false }))?;
    let run = program.ask("read_run", json!({ "id": runs["runs"][0]["id"] }))?;
    let consumers = run["consumers"].as_array().ok_or("no consumers")?;
    let back = json!({ "is": "confirmed", "side": "old" });
    let well = consumers.iter().filter(|consumer| consumer["place"] == back).count();
    println!("{} {well}", took.as_secs_f64());
    program.end();
    Ok(())
}
