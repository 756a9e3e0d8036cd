//! Rotates many credentials at once as the window would, and is the sandbox that they are rotated at: each in a
//! process of its own.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

use std::{
    error::Error,
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
    time::{Duration, Instant},
};

use keyturn_app::{
    App, Clipboard, ClipboardError, Happening, KeyRing, KeyRingError, Places, bridge, surroundings,
    views::LockCause,
};
use keyturn_issuers::sandbox::{Sandbox, Seed, SeedKey, Switches};
use secrecy::{SecretSlice, SecretString};
use serde_json::{Value, json};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const PASSPHRASE: &str = "fixture passphrase of nobody";
const TOKEN: &str = "fixture-token";
/// Nothing takes so long that it goes well afterwards.
const LONGEST: Duration = Duration::from_secs(120);

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["sandbox", number, latency] => sandbox(number.parse()?, latency.parse()?),
        ["rotate", folder, address, number] => rotate(Path::new(folder), address, number.parse()?),
        _ => Err("no such measurement".into()),
    }
}

/// What the sandbox calls a key that is there from the beginning, and its secret.
fn old(number: usize) -> [String; 2] {
    [format!("key_{number:06}"), format!("sandbox_fixture_{number:06}")]
}

/// Runs until nothing more comes in. Tells its address, and after each line how often it was asked.
fn sandbox(number: usize, latency_ms: u32) -> Outcome {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let around = surroundings();
    let key = |number| {
        let [id, secret] = old(number);
        SeedKey { id, name: "by hand".into(), secret: SecretString::from(secret) }
    };
    let seed = Seed {
        token: SecretString::from(TOKEN),
        keys: (0..number).map(key).collect(),
        consumers: Vec::new(),
        clock: around.clock,
        entropy: around.entropy,
    };
    let sandbox = runtime.block_on(Sandbox::start(seed))?;
    sandbox.set(Switches { latency_ms, ..Switches::default() });
    println!("{}", sandbox.address());
    for line in io::stdin().lines() {
        line?;
        println!("{}", sandbox.calls());
    }
    Ok(())
}

/// Tells how many seconds it took from the first rotation begun to the last one done.
fn rotate(folder: &Path, address: &str, number: usize) -> Outcome {
    fs::create_dir_all(folder)?;
    let (tell, told) = channel();
    let program = Program::new(folder, tell);
    let credentials = program.set_up(folder, address, number)?;
    // It is told when a run begins, and when it rests.
    let wanted = program.heard.load(Ordering::SeqCst) + 2 * number;
    let began = Instant::now();
    for credential in &credentials {
        program.ask("begin_rotation", json!({ "credential": credential, "consent": false }))?;
    }
    while program.heard.load(Ordering::SeqCst) < wanted {
        told.recv_timeout(LONGEST)?;
    }
    let took = began.elapsed();
    let runs = program.ask("list_runs", json!({ "unsettled": false }))?;
    let runs = runs["runs"].as_array().ok_or("no runs")?;
    let done = runs.iter().filter(|run| run["status"] == "done").count();
    if done != number {
        return Err(format!("{done} of {number} are done").into());
    }
    println!("{}", took.as_secs_f64());
    program.app.lock(LockCause::Asked);
    program.app.settle();
    Ok(())
}

struct Program {
    app: App,
    /// How often something in the inventory has changed.
    heard: Arc<AtomicUsize>,
}

impl Program {
    fn new(folder: &Path, tell: Sender<()>) -> Self {
        let places = Places {
            settings_file: folder.join("settings.json"),
            data_folder: folder.join("data"),
            vaults_folder: folder.to_owned(),
            log_folder: folder.join("logs"),
            log_level: String::new(),
            log_works: true,
        };
        let heard = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&heard);
        let hear = move |happening| {
            if matches!(happening, Happening::Inventory) {
                counted.fetch_add(1, Ordering::SeqCst);
                let _ = tell.send(());
            }
        };
        let app = App::new(places, surroundings(), Arc::new(Bare), Arc::new(Bare), Arc::new(hear));
        Self { app, heard }
    }

    fn ask(&self, name: &str, input: Value) -> Outcome<Value> {
        let answer = bridge::call(&self.app, name, input).ok_or("there is no such action")?;
        answer.map_err(|error| format!("{name}: {}", error.code).into())
    }

    /// A vault with credentials that the sandbox issued, and how each is rotated.
    fn set_up(&self, folder: &Path, address: &str, number: usize) -> Outcome<Vec<Value>> {
        let vault = json!({
            "name": "Acme", "folder": folder.join("Acme"), "member": "Ana",
            "passphrase": PASSPHRASE,
        });
        self.ask("create_vault", vault)?;
        let account = json!({
            "id": null, "version": 0, "name": "Sandbox", "secrets": { "token": TOKEN },
            "setup": { "is": "sandbox", "address": address },
        });
        let account = self.ask("save_account", account)?["saved"].take();
        let credentials = (0..number).map(|number| {
            let [id, secret] = old(number);
            json!({
                "metadata": {
                    "name": format!("gateway {number:06}"), "kind": "apiKey", "environment": "prod",
                    "tags": ["payments"], "owner": "platform", "issuer": "sandbox",
                    "risk": "standard", "description": "", "notes": "", "fields": { "keyId": id },
                    "expires": null, "policy": "usual",
                },
                "secrets": { "secret": secret },
                "request": null,
            })
        });
        let added = self.ask("add_credentials", credentials.collect())?;
        let added = added.as_array().ok_or("nothing was added")?;
        let ids: Vec<Value> = added.iter().map(|it| it["id"].clone()).collect();
        for credential in &ids {
            let setup = json!({
                "account": account, "users": [], "validDays": null, "endSessions": false,
                "graceS": 0, "atOnce": 1, "automatic": false,
            });
            let input = json!({ "credential": credential, "version": 0, "setup": setup });
            self.ask("set_up_rotation", input)?;
        }
        Ok(ids)
    }
}

/// A computer without a key ring and a clipboard.
struct Bare;

impl KeyRing for Bare {
    fn get(&self, _: &str) -> Result<Option<SecretSlice<u8>>, KeyRingError> {
        Err(KeyRingError::Missing)
    }
    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyRingError> {
        Err(KeyRingError::Missing)
    }
    fn delete(&self, _: &str) -> Result<(), KeyRingError> {
        Err(KeyRingError::Missing)
    }
}

impl Clipboard for Bare {
    fn put(&self, _: &str, _: bool) -> Result<(), ClipboardError> {
        Err(ClipboardError::Missing)
    }
    fn holds(&self, _: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        Err(ClipboardError::Missing)
    }
    fn clear(&self) -> Result<(), ClipboardError> {
        Err(ClipboardError::Missing)
    }
}
