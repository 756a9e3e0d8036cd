//! A program over a folder of its own, with a clock that stands still and a key ring in memory.
#![allow(dead_code, reason = "each test file uses its part of it")]

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use keyturn_app::{
    App, Clipboard, ClipboardError, Happening, KeyRing, KeyRingError, Places, UserError, bridge,
    views::{LockCause, SessionView},
};
use keyturn_model::Clock;
use keyturn_testkit::{PASSPHRASE, Seeded, StandingClock};
use keyturn_vault::{Folder, Surroundings};
use secrecy::SecretSlice;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Stands for the system's key ring, which the tests in the real window use.
#[derive(Default)]
pub(crate) struct RingInMemory {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) gone: AtomicBool,
}

impl RingInMemory {
    fn check(&self) -> Result<(), KeyRingError> {
        if self.gone.load(Ordering::SeqCst) { Err(KeyRingError::Missing) } else { Ok(()) }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.kept.lock().expect("not poisoned").keys().cloned().collect()
    }
}

impl KeyRing for RingInMemory {
    fn get(&self, name: &str) -> Result<Option<SecretSlice<u8>>, KeyRingError> {
        self.check()?;
        Ok(self.kept.lock().expect("not poisoned").get(name).cloned().map(SecretSlice::from))
    }
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyRingError> {
        self.check()?;
        self.kept.lock().expect("not poisoned").insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
    fn delete(&self, name: &str) -> Result<(), KeyRingError> {
        self.check()?;
        self.kept.lock().expect("not poisoned").remove(name);
        Ok(())
    }
}

/// Stands for the system's clipboard, which the tests in the real window use.
#[derive(Default)]
pub(crate) struct ClipboardInMemory {
    text: Mutex<Option<(String, bool)>>,
    pub(crate) gone: AtomicBool,
}

impl ClipboardInMemory {
    fn check(&self) -> Result<(), ClipboardError> {
        if self.gone.load(Ordering::SeqCst) { Err(ClipboardError::Missing) } else { Ok(()) }
    }

    /// What is in it, and whether it was marked as a secret.
    pub(crate) fn text(&self) -> Option<(String, bool)> {
        self.text.lock().expect("not poisoned").clone()
    }
}

impl Clipboard for ClipboardInMemory {
    fn put(&self, text: &str, secret: bool) -> Result<(), ClipboardError> {
        self.check()?;
        *self.text.lock().expect("not poisoned") = Some((text.to_owned(), secret));
        Ok(())
    }
    fn holds(&self, known: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        self.check()?;
        Ok(self.text().is_some_and(|(text, _)| known(&text)))
    }
    fn clear(&self) -> Result<(), ClipboardError> {
        self.check()?;
        *self.text.lock().expect("not poisoned") = None;
        Ok(())
    }
}

/// What the window sends of a credential.
pub(crate) fn metadata(name: &str, kind: &str) -> Value {
    json!({
        "name": name, "kind": kind, "environment": "", "tags": [], "owner": "", "issuer": "",
        "risk": "standard", "description": "", "notes": "", "fields": {}, "expires": null,
        "policy": "usual",
    })
}

pub(crate) struct Here {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) ring: Arc<RingInMemory>,
    pub(crate) clipboard: Arc<ClipboardInMemory>,
    pub(crate) heard: Arc<Mutex<Vec<Happening>>>,
    pub(crate) app: App,
}

impl Drop for Here {
    fn drop(&mut self) {
        self.app.close();
        self.app.settle();
    }
}

impl Here {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = StandingClock::new();
        let ring = Arc::new(RingInMemory::default());
        let clipboard = Arc::new(ClipboardInMemory::default());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let app = program(&folder, &clock, &ring, &clipboard, &heard);
        Self { folder, clock, ring, clipboard, heard, app }
    }

    /// The program is ended and started again.
    pub(crate) fn restart(&mut self) {
        self.app.close();
        self.app = program(&self.folder, &self.clock, &self.ring, &self.clipboard, &self.heard);
    }

    pub(crate) fn place(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn ask(&self, name: &str, input: Value) -> Result<Value, UserError> {
        bridge::call(&self.app, name, input).expect("there is such an action")
    }

    /// Ana's vault, open; gives the recovery key.
    pub(crate) fn create(&self) -> String {
        let input = json!({
            "name": "Acme", "folder": self.place("Acme"), "member": "Ana", "passphrase": PASSPHRASE
        });
        let made = self.ask("create_vault", input).expect("made");
        made["recoveryKey"].as_str().expect("a key").to_owned()
    }

    pub(crate) fn unlock(&self, name: &str, passphrase: &str) -> Result<Value, UserError> {
        let member = self.member(name);
        self.ask(
            "unlock_vault",
            json!({
                "folder": self.place("Acme"), "member": member,
                "key": { "way": "passphrase", "secret": passphrase }
            }),
        )
    }

    /// A member's id, as the closed vault tells it.
    pub(crate) fn member(&self, name: &str) -> String {
        let seen = self.ask("look_at_vault", json!({ "folder": self.place("Acme") }));
        let seen = seen.expect("a vault");
        let members = seen["members"].as_array().expect("members");
        let found = members.iter().find(|member| member["name"] == name);
        found.expect("such a member")["id"].as_str().expect("an id").to_owned()
    }

    /// Invites a member with this role, and lets them in with a passphrase.
    pub(crate) fn invite(&self, name: &str, role: &str, passphrase: &str) {
        let members = self.ask("list_members", Value::Null).expect("listed");
        let invitation = self.ask(
            "invite_member",
            json!({
                "name": name, "role": role, "passphrase": PASSPHRASE,
                "revision": members["revision"]
            }),
        );
        let invitation = invitation.expect("invited");
        self.app.lock(LockCause::Asked);
        let accept = json!({
            "folder": self.place("Acme"), "member": self.member(name), "code": invitation["code"],
            "passphrase": passphrase
        });
        self.ask("accept_invitation", accept).expect("accepted");
    }

    /// Whether rotations go on while the window is locked.
    pub(crate) fn rotate_while_locked(&self, on: bool) -> Result<Value, UserError> {
        let mut settings = serde_json::to_value(self.app.read_settings().settings).expect("JSON");
        settings["rotateWhileLocked"] = json!(on);
        self.ask("save_settings", settings)
    }

    /// Whether a program holds the vault and its keys.
    pub(crate) fn is_held(&self) -> bool {
        Folder::at(self.folder.path().join("Acme")).holder().is_some()
    }

    /// Whether the vault and its keys are let go of, as soon as nobody looks after them any more.
    pub(crate) fn is_let_go(&self) -> bool {
        (0..10).any(|_| {
            self.app.settle();
            !self.is_held()
        })
    }

    pub(crate) fn session(&self) -> SessionView {
        self.app.read_session()
    }
}

/// A program whose settings are in this file.
pub(crate) fn app_over(settings_file: PathBuf) -> App {
    let nowhere = PathBuf::from("/nowhere");
    let clock = StandingClock::new();
    let none = (Arc::default(), Arc::default());
    program_at(settings_file, nowhere, &clock, &none.0, &none.1, &Arc::default())
}

fn program(
    folder: &TempDir,
    clock: &Arc<StandingClock>,
    ring: &Arc<RingInMemory>,
    clipboard: &Arc<ClipboardInMemory>,
    heard: &Arc<Mutex<Vec<Happening>>>,
) -> App {
    let file = folder.path().join("config/settings.json");
    program_at(file, folder.path().to_owned(), clock, ring, clipboard, heard)
}

fn program_at(
    settings_file: PathBuf,
    folder: PathBuf,
    clock: &Arc<StandingClock>,
    ring: &Arc<RingInMemory>,
    clipboard: &Arc<ClipboardInMemory>,
    heard: &Arc<Mutex<Vec<Happening>>>,
) -> App {
    let places = Places {
        settings_file,
        data_folder: folder.join("data"),
        vaults_folder: folder.join("home/Vaults"),
        programs: folder.join("programs").into(),
        log_folder: PathBuf::from("/nowhere"),
        log_level: "info".into(),
        log_works: true,
    };
    let around = Surroundings {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        entropy: Seeded::new(11),
        process: 4127,
        computer: "here".to_owned(),
    };
    let heard = Arc::clone(heard);
    App::new(
        places,
        around,
        Arc::clone(ring) as Arc<dyn KeyRing>,
        Arc::clone(clipboard) as Arc<dyn Clipboard>,
        Arc::new(move |happening| heard.lock().expect("not poisoned").push(happening)),
    )
}
