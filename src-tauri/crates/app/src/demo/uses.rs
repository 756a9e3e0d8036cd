//! Who else uses what in a demo, so that its map and timeline tell something. Each has a file of its own in the folder of
//! the demo, and nothing is brought there until somebody sets a rotation up.

use std::{fmt::Write, fs, path::Path};

use keyturn_model::{
    Name, Policy, PolicyChoice, PolicyId, Rule, Window,
    setup::{
        BindingSetup, Consumer, Deployment, FileFormat, HealthCheck, Looks, Part, Reloading,
        Sending,
    },
};
use keyturn_vault::Vault;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::Made;
use crate::UserError;

/// A consumer, and what it uses.
struct Use {
    name: &'static str,
    owner: &'static str,
    deployment: Deployment,
    /// It is restarted for a new value, and away so long; without that it takes it up with its next run.
    away_s: Option<u32>,
    credentials: &'static [&'static str],
}

const fn service(
    name: &'static str,
    owner: &'static str,
    away_s: u32,
    credentials: &'static [&'static str],
) -> Use {
    Use { name, owner, deployment: Deployment::Service, away_s: Some(away_s), credentials }
}

const fn job(name: &'static str, owner: &'static str, credentials: &'static [&'static str]) -> Use {
    Use { name, owner, deployment: Deployment::Job, away_s: None, credentials }
}

/// The rotations of `session-signing` and `reports-db` fall together, and both restart the same consumer.
const USES: &[Use] = &[
    service(
        "web-app",
        "payments",
        38,
        &["session-signing", "session-cache", "reports-db", "sso", "pay-webhook"],
    ),
    service("orders-api", "data", 20, &["orders-db", "session-cache", "error-tracker"]),
    service("ledger", "payments", 15, &["orders-db"]),
    service("mobile-app", "mobile", 52, &["translation", "sms-gateway", "error-tracker"]),
    service("edge-proxy", "platform", 2, &["www", "api-mtls"]),
    job("crm-bridge", "sales", &["crm-sync", "calendar"]),
    job("nightly-export", "data", &["analytics-export", "reports-db", "object-storage"]),
    job("pipeline", "platform", &["ci-deploy-token", "package-registry", "repo-webhook"]),
];

/// These wait for the night to Sunday.
pub(super) const BY_NIGHT: &[&str] = &["session-cache", "object-storage", "analytics-export"];

/// The policy of those that wait for the night.
pub(super) fn by_night(vault: &Vault) -> Result<PolicyId, UserError> {
    let policy = Policy {
        rule: Rule::Every { days: 90, ahead: None },
        grace_hours: 24,
        warning_days: 7,
        window: Some(Window { days: vec![7], opens: 120, minutes: 180, zone: "UTC".into() }),
        frameworks: Vec::new(),
    };
    Ok(vault.save_policy(None, 0, &Name::new("Sunday night")?, &policy)?)
}

/// What an entry follows.
pub(super) fn choice(name: &str, by_night: PolicyId) -> PolicyChoice {
    if BY_NIGHT.contains(&name) { PolicyChoice::Own(by_night) } else { PolicyChoice::Usual }
}

pub(super) fn bind(vault: &Vault, made: &Made, folder: &Path) -> Result<(), UserError> {
    for it in USES {
        let consumer = Consumer {
            name: it.name.into(),
            environment: "prod".into(),
            owner: it.owner.into(),
            deployment: it.deployment,
            notes: "Reads a file in the folder of the demo.".into(),
        };
        let consumer = vault.save_consumer(None, 0, &consumer)?;
        let file = folder.join(format!("{}.env", it.name));
        let mut text = Zeroizing::new(String::new());
        for name in it.credentials {
            let Some(credential) = made.get(name) else { continue };
            let key = name.to_uppercase().replace('-', "_");
            let value = crate::outside::current_value(vault, *credential)?.secrets.pop();
            if let Some((_, value)) = value {
                let line = value.expose_secret().replace('\n', "\\n");
                writeln!(text, "{key}=\"{}\"", *Zeroizing::new(line))
                    .map_err(|_| UserError::internal())?;
            }
            let setup = it.setup(file.display().to_string(), key);
            vault.save_binding(None, 0, (*credential, consumer), &setup, &[])?;
        }
        fs::write(&file, text.as_bytes()).map_err(|_| UserError::internal())?;
    }
    Ok(())
}

impl Use {
    fn setup(&self, path: String, key: String) -> BindingSetup {
        let parts = vec![Part { key, text: "{secret}".into() }];
        let restart = || {
            let (program, arguments) = super::fakes::nothing();
            Reloading::Command { program, arguments }
        };
        BindingSetup {
            sending: Sending::File { path, format: FileFormat::Env, parts },
            reloading: self.away_s.map_or(Reloading::NextRun, |_| restart()),
            check: HealthCheck::None,
            looks: Looks::default(),
            takes_s: 2,
            away_s: self.away_s.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::entries::ENTRIES, *};

    #[test]
    fn everything_that_is_used_is_in_the_demo() {
        let named = USES.iter().flat_map(|it| it.credentials).chain(BY_NIGHT);
        for name in named {
            assert!(ENTRIES.iter().any(|entry| entry.name == *name), "{name}");
        }
    }
}
