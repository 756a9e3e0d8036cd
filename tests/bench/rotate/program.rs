//! The program without its window, over a vault whose credentials a sandbox issued.

use std::{error::Error, ffi::OsString, path::Path, sync::Arc};

use keyturn_app::{
    App, Clipboard, ClipboardError, Happening, KeyRing, KeyRingError, Places, bridge, surroundings,
    views::LockCause,
};
use secrecy::SecretSlice;
use serde_json::{Value, json};

use crate::names::{CONSUMERS, TOKEN, consumer, old};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

pub(crate) struct Program {
    pub(crate) app: App,
}

impl Program {
    pub(crate) fn new(folder: &Path, hear: impl Fn(Happening) + Send + Sync + 'static) -> Self {
        let places = Places {
            settings_file: folder.join("settings.json"),
            data_folder: folder.join("data"),
            vaults_folder: folder.to_owned(),
            programs: OsString::new(),
            log_folder: folder.join("logs"),
            log_level: String::new(),
            log_works: true,
        };
        let app = App::new(places, surroundings(), Arc::new(Bare), Arc::new(Bare), Arc::new(hear));
        Self { app }
    }

    pub(crate) fn ask(&self, name: &str, input: Value) -> Outcome<Value> {
        let answer = bridge::call(&self.app, name, input).ok_or("there is no such action")?;
        answer.map_err(|error| format!("{name}: {}", error.code).into())
    }

    pub(crate) fn end(&self) {
        self.app.lock(LockCause::Asked);
        self.app.settle();
    }

    /// Each credential has three consumers.
    pub(crate) fn bind_all(&self, credentials: &[Value], address: &str) -> Outcome {
        for (number, credential) in credentials.iter().enumerate() {
            for name in CONSUMERS {
                self.bind(credential, &consumer(name, number), address)?;
            }
        }
        Ok(())
    }

    pub(crate) fn start(&self, incident: &Value) -> Outcome<Value> {
        let row = &incident["row"];
        let input = json!({
            "id": row["id"], "version": incident["version"], "typed": row["reference"],
        });
        self.ask("start_incident", input)
    }

    /// Has a credential delivered to a consumer of the sandbox, which tells what it uses.
    pub(crate) fn bind(&self, credential: &Value, name: &str, address: &str) -> Outcome {
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

    /// Credentials that the sandbox issued, and how each is rotated.
    pub(crate) fn set_up(&self, address: &str, number: usize) -> Outcome<Vec<Value>> {
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
