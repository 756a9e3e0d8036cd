//! The built-in issuer, to try rotations on without an account anywhere: a real server on this computer, and
//! with it some consumers that are well only while the key that they hold is accepted.
//!
//! It lives in memory and ends with whoever holds it. It can be told to fail as real ones do.

mod faults;
mod issuer;
mod server;
mod state;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use keyturn_model::{Clock, Entropy, Timestamp};
use secrecy::SecretString;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use faults::Faults;
use faults::InForce;
pub use issuer::issuer;
use state::State;

/// What a sandbox begins with.
pub struct Seed {
    /// Who shows this may make and delete keys, and deliver to the consumers.
    pub token: SecretString,
    /// The keys that are there already.
    pub keys: Vec<SeedKey>,
    /// The consumers: the name of each, and the key that it holds.
    pub consumers: Vec<(String, SecretString)>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What new keys are made of.
    pub entropy: Arc<dyn Entropy>,
}

/// A key that is there already.
pub struct SeedKey {
    /// What the sandbox calls it.
    pub id: String,
    /// What it was named by whoever made it.
    pub name: String,
    /// Its secret.
    pub secret: SecretString,
}

/// How exactly the wire fails: for tests, and to make a demo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// What goes wrong.
    pub trick: Option<Trick>,
    /// With which call; none: with all of them.
    pub call: Option<Call>,
    /// For so long every answer is held back.
    pub latency_ms: u32,
    /// The list shows what was there before the last change.
    pub stale_list: bool,
}

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trick {
    /// Nothing is done, and the answer is this status.
    Status {
        /// 400, 401, 403, 409, 500 or another; 204 says that it was done.
        code: u16,
    },
    /// Nothing is done, and the answer is 429.
    Busy {
        /// For so long it asks to be left alone.
        retry_after_s: u32,
    },
    /// Nothing is done, and no answer comes.
    Timeout,
    /// It is done, and the connection breaks before the answer.
    ResetAfterEffect,
    /// It is done, and the answer cannot be read.
    Garbage,
    /// It is done, and the answer stands one level deeper than where it is looked for.
    Deeper,
}

/// Something that the sandbox can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// To make a key.
    Create,
    /// Which keys there are.
    List,
    /// Whether a key is accepted.
    Verify,
    /// When a key was last used.
    LastUsed,
    /// To switch a key off.
    Deactivate,
    /// To delete a key.
    Delete,
}

/// A sandbox that runs. It ends when it is dropped.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    token: SecretString,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    state: Mutex<State>,
    switches: Mutex<Switches>,
    calls: AtomicU64,
    under_way: UnderWay,
    faults: Mutex<InForce>,
    offline: watch::Sender<bool>,
}

/// How many calls are under way.
#[derive(Default)]
struct UnderWay {
    now: AtomicU64,
    most: AtomicU64,
}

impl UnderWay {
    /// One more, until this is dropped.
    fn enter(&self) -> Entered<'_> {
        let now = self.now.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        self.most.fetch_max(now, Ordering::SeqCst);
        Entered(self)
    }
}

struct Entered<'a>(&'a UnderWay);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn switches(&self) -> MutexGuard<'_, Switches> {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, InForce> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Starts one, at a free port of this computer.
    ///
    /// # Errors
    /// When there is no such port.
    pub async fn start(seed: Seed) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let Seed { token, keys, consumers, clock, entropy } = seed;
        let shared = Arc::new(Shared {
            token,
            clock,
            entropy,
            state: Mutex::new(State::of(keys, consumers)),
            switches: Mutex::default(),
            calls: AtomicU64::new(0),
            under_way: UnderWay::default(),
            faults: Mutex::default(),
            offline: watch::Sender::new(false),
        });
        let serving = tokio::spawn(server::serve(listener, address, Arc::clone(&shared)));
        Ok(Self { address, shared, serving })
    }

    /// Its address, without a slash at the end. Below it: `/consumers/NAME` takes a key
    /// (`{"value":".."}`), `/consumers/NAME/health` answers 200 while the key there is accepted, and
    /// `/consumers/NAME/reload` has it restarted.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often it was asked for something that it does with keys.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// How many of those were under way at the same time, at most.
    #[must_use]
    pub fn most_at_once(&self) -> u64 {
        self.shared.under_way.most.load(Ordering::SeqCst)
    }

    /// How the wire is told to fail.
    #[must_use]
    pub fn switches(&self) -> Switches {
        *self.shared.switches()
    }

    /// Tells the wire how to fail from now on.
    pub fn set(&self, switches: Switches) {
        *self.shared.switches() = switches;
    }

    /// What goes wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.faults().at(self.shared.clock.now())
    }

    /// Has things go wrong from now on. What was on before and is not named is over.
    pub fn fail(&self, faults: Faults) {
        self.shared.offline.send_replace(faults.offline);
        self.shared.faults().set(faults, self.shared.clock.now());
    }

    /// Until when no key is made, as too many were.
    #[must_use]
    pub fn limited_until(&self) -> Option<Timestamp> {
        self.shared.faults().limited(self.shared.clock.now())
    }

    /// Has a consumer take up a value only so many seconds after it was delivered.
    pub fn take_up_after(&self, consumer: &str, seconds: u32) {
        self.shared.state().take_up_after(consumer, seconds);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
