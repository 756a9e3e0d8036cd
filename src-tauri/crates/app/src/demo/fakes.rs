//! The consumers of a demo, one for each way in which a value is taken up.

use std::{fs, path::Path};

use keyturn_issuers::sandbox::Sandbox;
use keyturn_model::{
    ConsumerId, CredentialId,
    setup::{
        BindingSetup, Consumer, Deployment, FileFormat, HealthCheck, Looks, Part, Reloading,
        Sending,
    },
};
use keyturn_vault::Vault;
use secrecy::{ExposeSecret, SecretString};

use super::{Entry, TOKEN};
use crate::UserError;

/// So long after it was delivered a value is taken up by who does that later.
const LATER_S: u32 = 10;

/// How a consumer comes to use a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Live,
    Command,
    Http,
    NextRun,
    Manual,
    ByHand,
}

/// One consumer.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) name: &'static str,
    takes: Takes,
    deployment: Deployment,
    notes: &'static str,
}

const fn fake(
    name: &'static str,
    takes: Takes,
    deployment: Deployment,
    notes: &'static str,
) -> Fake {
    Fake { name, takes, deployment, notes }
}

pub(super) const ALL: &[Fake] = &[
    fake("shop", Takes::Live, Deployment::Service, "Uses a new value at once."),
    fake(
        "worker",
        Takes::Command,
        Deployment::Service,
        "Reads a file when it starts. A program restarts it.",
    ),
    fake("mailer", Takes::Http, Deployment::Service, "Is restarted by a request."),
    fake(
        "reports",
        Takes::NextRun,
        Deployment::Job,
        "Uses a new value when it runs the next time: here ten seconds later.",
    ),
    fake(
        "backup",
        Takes::Manual,
        Deployment::Job,
        "A person restarts it: here the sandbox plays that person, ten seconds later.",
    ),
    fake(
        "partner",
        Takes::ByHand,
        Deployment::Partner,
        "A person brings the value there. Nothing is sent by itself.",
    ),
];

/// Where consumers are bound.
pub(super) struct Stage<'a> {
    pub(super) vault: &'a Vault,
    pub(super) sandbox: &'a Sandbox,
    pub(super) folder: &'a Path,
    pub(super) credential: CredentialId,
}

impl Fake {
    /// Those that use a credential.
    pub(super) fn of(entry: &Entry) -> impl Iterator<Item = &'static Self> {
        entry.consumers.iter().filter_map(|name| ALL.iter().find(|fake| fake.name == *name))
    }

    /// Whether it gets its values from the sandbox, so that it can be told to fail there.
    pub(super) fn is_at_sandbox(&self) -> bool {
        !matches!(self.takes, Takes::Command | Takes::ByHand)
    }

    pub(super) fn takes_up_after_s(&self) -> u32 {
        if matches!(self.takes, Takes::NextRun | Takes::Manual) { LATER_S } else { 0 }
    }

    pub(super) fn consumer(&self, entry: &Entry) -> Consumer {
        Consumer {
            name: self.name.into(),
            environment: entry.environment.into(),
            owner: entry.owner.into(),
            deployment: self.deployment,
            notes: self.notes.into(),
        }
    }
}

impl Stage<'_> {
    pub(super) fn bind(&self, fake: &Fake, consumer: ConsumerId) -> Result<(), UserError> {
        let both = (self.credential, consumer);
        let setup = match fake.takes {
            Takes::Command => self.by_file(fake.name)?,
            Takes::ByHand => by_hand(),
            _ => self.by_http(fake),
        };
        let bearer = || SecretString::from(format!("Bearer {TOKEN}"));
        let mut secrets = Vec::new();
        if matches!(setup.sending, Sending::Http { .. }) {
            secrets.push(("delivery".to_owned(), bearer()));
        }
        if matches!(setup.reloading, Reloading::Http { .. }) {
            secrets.push(("reload".to_owned(), bearer()));
        }
        self.vault.save_binding(None, 0, both, &setup, &secrets)?;
        Ok(())
    }

    fn by_http(&self, fake: &Fake) -> BindingSetup {
        let at = format!("{}/consumers/{}", self.sandbox.address(), fake.name);
        let reloading = match fake.takes {
            Takes::Http => Reloading::Http { address: format!("{at}/reload"), private: true },
            Takes::NextRun => Reloading::NextRun,
            Takes::Manual => Reloading::Manual,
            Takes::Live | Takes::Command | Takes::ByHand => Reloading::Live,
        };
        let restarts = fake.takes == Takes::Http;
        BindingSetup {
            sending: Sending::Http {
                address: at.clone(),
                body: "{{\"value\":{secret|json}}".into(),
                content_type: "application/json".into(),
                private: true,
            },
            reloading,
            // It names the key that it uses.
            check: HealthCheck::Http {
                address: format!("{at}/health"),
                status: 200,
                pointer: "/keyId".into(),
                expected: "{keyId}".into(),
                private: true,
            },
            looks: Looks::default(),
            takes_s: if restarts { 5 } else { 1 },
            away_s: if restarts { 3 } else { 0 },
        }
    }

    /// A file, and beside it what was read of it at the last start.
    fn by_file(&self, name: &str) -> Result<BindingSetup, UserError> {
        let place = |end: &str| self.folder.join(format!("{name}{end}"));
        let (file, started) = (place(".env"), place(".started"));
        let value = crate::outside::current_value(self.vault, self.credential)?.secrets.pop();
        let text = value.map(|(_, text)| text.expose_secret().to_owned()).unwrap_or_default();
        let text = zeroize::Zeroizing::new(format!("# the worker of the demo\nAPI_KEY={text}\n"));
        for place in [&file, &started] {
            fs::write(place, text.as_bytes()).map_err(|_| UserError::internal())?;
        }
        let both = [file.display().to_string(), started.display().to_string()];
        let (program, restart) = shell("cp", &["copy", "/y"], &both);
        let (_, compare) = shell("cmp -s", &["fc"], &both);
        let [path, _] = both;
        Ok(BindingSetup {
            sending: Sending::File {
                path,
                format: FileFormat::Env,
                parts: vec![Part { key: "API_KEY".into(), text: "{secret}".into() }],
            },
            reloading: Reloading::Command { program: program.clone(), arguments: restart },
            check: HealthCheck::Command { program, arguments: compare },
            looks: Looks::default(),
            takes_s: 2,
            away_s: 1,
        })
    }
}

/// What the system does with two files: its program, and what that is told.
fn shell(unix: &str, windows: &[&str], files: &[String; 2]) -> (String, Vec<String>) {
    let (program, mut told) = system();
    if cfg!(windows) {
        told.extend(windows.iter().map(|word| (*word).to_owned()));
    } else {
        told.extend([format!("exec {unix} \"$1\" \"$2\""), "demo".to_owned()]);
    }
    told.extend(files.iter().cloned());
    (program, told)
}

/// A restart of what is not there: a program that does nothing.
pub(super) fn nothing() -> (String, Vec<String>) {
    let (program, mut told) = system();
    told.push("exit 0".to_owned());
    (program, told)
}

fn system() -> (String, Vec<String>) {
    if cfg!(windows) {
        let system = std::env::var("SYSTEMROOT").unwrap_or_else(|_| "C:\\Windows".into());
        (format!("{system}\\System32\\cmd.exe"), vec!["/c".to_owned()])
    } else {
        ("/bin/sh".to_owned(), vec!["-c".to_owned()])
    }
}

fn by_hand() -> BindingSetup {
    BindingSetup {
        sending: Sending::ByHand {
            who: "The team of the partner".into(),
            steps: vec![
                "Copy the new value here, and bring it to the partner as you agreed.".into(),
                "In the demo there is no partner: say that it is done.".into(),
            ],
        },
        reloading: Reloading::Manual,
        check: HealthCheck::None,
        looks: Looks::default(),
        takes_s: 600,
        away_s: 0,
    }
}
