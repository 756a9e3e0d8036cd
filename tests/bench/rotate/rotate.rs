//! Rotates many credentials at once as the window would, in peace or in an emergency, and is the sandbox that they are
//! rotated at: each in a process of its own. Has one rotation fail, to see how soon every consumer is back. And makes a
//! vault with such credentials for the window to open.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

use std::{
    error::Error,
    ffi::OsString,
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use keyturn_app::{
    App, Clipboard, ClipboardError, Happening, KeyRing, KeyRingError, Places, bridge, surroundings,
    views::LockCause,
};
use keyturn_issuers::sandbox::{Faults, Sandbox, Seed, SeedKey, Switches};
use secrecy::{SecretSlice, SecretString};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const PASSPHRASE: &str = "fixture passphrase of nobody";
const TOKEN: &str = "fixture-token";
/// Who uses the credential whose rotation fails; the second takes no new value.
const CONSUMERS: [&str; 3] = ["shop", "till", "desk"];
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

/// What the sandbox calls a key that is there from the beginning, and its secret.
fn old(number: usize) -> [String; 2] {
    [format!("key_{number:06}"), format!("sandbox_fixture_{number:06}")]
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// What the sandbox calls a consumer of a key.
fn consumer(name: &str, number: usize) -> String {
    format!("{name}-{number:06}")
}

/// A sandbox with so many keys, with consumers that use the first, and three more for each.
fn seed(number: usize) -> Seed {
    let around = surroundings();
    let key = |number| {
        let [id, secret] = old(number);
        SeedKey { id, name: "by hand".into(), secret: SecretString::from(secret) }
    };
    let [_, first] = old(0);
    let of_each = (0..number).flat_map(|number| {
        let [_, secret] = old(number);
        CONSUMERS.map(|name| (consumer(name, number), SecretString::from(secret.as_str())))
    });
    let of_first = CONSUMERS.map(|name| (name.to_owned(), SecretString::from(first.as_str())));
    Seed {
        token: SecretString::from(TOKEN),
        keys: (0..number).map(key).collect(),
        consumers: of_first.into_iter().chain(of_each).collect(),
        clock: around.clock,
        entropy: around.entropy,
    }
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

/// Tells how many seconds it took from the first rotation begun to the last one done.
fn rotate(folder: &Path, address: &str, number: usize) -> Outcome {
    fs::create_dir_all(folder)?;
    let (tell, told) = channel();
    let program = Program::new(folder, tell);
    let credentials = program.set_up(folder, address, number)?;
    let took = program.run_all(&credentials, &told, "done")?;
    println!("{}", took.as_secs_f64());
    program.end();
    Ok(())
}

/// A vault with credentials that have three consumers each.
fn ready(folder: &Path, address: &str, number: usize) -> Outcome<(Program, Vec<Value>)> {
    fs::create_dir_all(folder)?;
    let (tell, _) = channel();
    let program = Program::new(folder, tell);
    let credentials = program.set_up(folder, address, number)?;
    for (number, credential) in credentials.iter().enumerate() {
        for name in CONSUMERS {
            program.bind(credential, &consumer(name, number), address)?;
        }
    }
    Ok((program, credentials))
}

/// Revokes them first. Tells how many seconds it took from the start until the last old value was seen to be refused,
/// and until every consumer had its new one.
fn emergency(folder: &Path, address: &str, number: usize) -> Outcome {
    let (program, credentials) = ready(folder, address, number)?;
    let scope = json!({ "of": "credentials", "ids": credentials });
    let incident = json!({ "cause": "leaked", "drill": false, "scope": scope });
    let incident = program.ask("open_incident", incident)?;
    let row = &incident["row"];
    let input = json!({
        "id": row["id"], "version": incident["version"], "typed": row["reference"],
    });
    let began = SystemTime::now().duration_since(UNIX_EPOCH)?;
    program.ask("start_incident", input)?;
    let until = Instant::now() + LONGEST;
    let row = loop {
        let mut rows = program.ask("list_incidents", Value::Null)?["incidents"].take();
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
    fs::create_dir_all(folder)?;
    let runtime = runtime()?;
    let sandbox = runtime.block_on(Sandbox::start(seed(1)))?;
    sandbox.fail(Faults { failing: Some(CONSUMERS[1].to_owned()), ..Faults::default() });
    let (tell, told) = channel();
    let program = Program::new(folder, tell);
    let credentials = program.set_up(folder, &sandbox.address(), 1)?;
    for name in CONSUMERS {
        program.bind(&credentials[0], name, &sandbox.address())?;
    }
    let took = program.run_all(&credentials, &told, "undone")?;
    let runs = program.ask("list_runs", json!({ "unsettled": false }))?;
    let run = program.ask("read_run", json!({ "id": runs["runs"][0]["id"] }))?;
    let consumers = run["consumers"].as_array().ok_or("no consumers")?;
    let back = json!({ "is": "confirmed", "side": "old" });
    let well = consumers.iter().filter(|consumer| consumer["place"] == back).count();
    println!("{} {well}", took.as_secs_f64());
    program.end();
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
            programs: OsString::new(),
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

    fn end(&self) {
        self.app.lock(LockCause::Asked);
        self.app.settle();
    }

    /// How long it takes from the first rotation begun until all of them have ended so.
    fn run_all(&self, credentials: &[Value], told: &Receiver<()>, end: &str) -> Outcome<Duration> {
        // It is told when a run begins, when it rests, and now and then between.
        let wanted = self.heard.load(Ordering::SeqCst) + 2 * credentials.len();
        let began = Instant::now();
        for credential in credentials {
            self.ask("begin_rotation", json!({ "credential": credential, "consent": false }))?;
        }
        loop {
            told.recv_timeout(LONGEST)?;
            if self.heard.load(Ordering::SeqCst) < wanted {
                continue;
            }
            let took = began.elapsed();
            let runs = self.ask("list_runs", json!({ "unsettled": false }))?;
            let runs = runs["runs"].as_array().ok_or("no runs")?;
            if runs.iter().filter(|run| run["status"] == end).count() == credentials.len() {
                return Ok(took);
            }
        }
    }

    /// Has a credential delivered to a consumer of the sandbox, which tells what it uses.
    fn bind(&self, credential: &Value, name: &str, address: &str) -> Outcome {
        let consumer = json!({
            "name": name, "environment": "prod", "owner": "payments", "deployment": "service",
            "notes": "",
        });
        let input = json!({ "id": null, "version": 0, "consumer": consumer });
        let consumer = self.ask("save_consumer", input)?["saved"].take();
        let at = format!("{address}/consumers/{name}");
        let setup = json!({
            "sending": {
                "by": "http", "address": at, "body": "{{\"value\":{secret|json}}",
                "contentType": "application/json", "private": true,
            },
            "reloading": { "by": "live" },
            "check": {
                "by": "http", "address": format!("{at}/health"), "status": 200,
                "pointer": "/keyId", "expected": "{keyId}", "private": true,
            },
            "takesS": 1, "awayS": 0,
        });
        let input = json!({
            "id": null, "version": 0, "credential": credential, "consumer": consumer,
            "setup": setup, "secrets": { "delivery": format!("Bearer {TOKEN}") },
        });
        self.ask("save_binding", input).map(drop)
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
