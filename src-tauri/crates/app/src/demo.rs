//! The demo: a vault of its own in which everything is made up, and a sandbox that issues and uses keys for
//! real, on this computer alone. It is gone when it is locked.

mod entries;
mod fakes;
mod lessons;
mod past;
mod uses;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use chrono::Datelike;
use keyturn_issuers::sandbox::{Faults, Sandbox, Seed, SeedKey};
use keyturn_kinds::{Recipe, generate};
use keyturn_model::{
    CredentialId, Metadata, Name, Risk, Timestamp,
    setup::{IssuerSetup, RotationSetup},
};
use keyturn_vault::{Cost, Folder, NewVault, Vault};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::{
    App, MessageKey, UserError,
    credentials::addition,
    session::Open,
    views::{NewCredential, SandboxConsumer, SandboxView, Secrets, SessionView, Typed},
};
use entries::{ENTRIES, Entry, Fresh, Past};
use fakes::{Fake, Stage};
use lessons::Lessons;

const DAY_S: i64 = 24 * 3600;
/// What the folder of each demo begins with.
const PREFIX: &str = "demo-";

/// The credentials of a demo, by name.
type Made = BTreeMap<&'static str, CredentialId>;

/// What a demo has beside its vault. Dropping it ends the sandbox and removes its folder.
pub(crate) struct Demo {
    sandbox: Sandbox,
    made: Made,
    lessons: Lessons,
    _folder: TempDir,
}

impl App {
    /// Makes a demo and opens it.
    pub(crate) fn make_demo(&self) -> Result<SessionView, UserError> {
        let data = &self.0.places.data_folder;
        let folder = || {
            fs::create_dir_all(data)?;
            tidy(data);
            tempfile::Builder::new().prefix(PREFIX).tempdir_in(data)
        };
        let folder = folder().map_err(|_| {
            UserError::new("KT-VAULT-UNWRITABLE", MessageKey::VaultUnwritable)
                .with("file", data.display())
                .with("reason", "demo")
        })?;
        let (name, member) = (Name::new("Demo")?, Name::new("You")?);
        // Nobody needs it: the vault is gone when it is locked.
        let passphrase = SecretString::from(self.key(&Recipe::Key { length: 64 })?);
        let new =
            NewVault { name: &name, member: &member, passphrase: &passphrase, cost: Cost::FLOOR };
        let place = Folder::at(folder.path().join("Demo"));
        let (vault, _) = Vault::create(&place, &new, &self.0.around, &self.hear_work())?;
        let made = self.fill(&vault)?;
        let sandbox = self.sandbox(&vault, &made)?;
        self.connect(&vault, &sandbox, &made, folder.path())?;
        let demo = Demo { sandbox, made, lessons: Lessons::default(), _folder: folder };
        let open = Open::new(vault, self.clock().now(), Some(demo));
        self.live_through(&open)?;
        Ok(self.begin_with(open, true))
    }

    fn fill(&self, vault: &Vault) -> Result<Made, UserError> {
        let now = self.clock().now();
        let by_night = uses::by_night(vault)?;
        let add = |entry: &'static Entry| -> Result<_, UserError> {
            let (fields, secrets) = self.values(entry, now)?;
            let metadata = Metadata {
                name: entry.name.into(),
                kind: entry.kind,
                environment: entry.environment.into(),
                tags: entry.tags.split_whitespace().map(str::to_owned).collect(),
                owner: entry.owner.into(),
                issuer: entry.issuer.into(),
                risk: if entry.high { Risk::High } else { Risk::Standard },
                description: entry.description.into(),
                notes: String::new(),
                fields,
                expires: entry.expires_in_h.map(|hours| now.plus_seconds(hours * 3600)),
                policy: uses::choice(entry.name, by_night),
            };
            let mut added = addition(NewCredential { metadata, secrets, request: None })?;
            added.rotated = Some(now.plus_seconds(-entry.age_d * DAY_S));
            added.created = Some(now.plus_seconds(-(entry.age_d + 200) * DAY_S));
            Ok((entry.name, vault.add(&added)?))
        };
        ENTRIES.iter().map(add).collect()
    }

    fn key(&self, recipe: &Recipe) -> Result<String, UserError> {
        let made = generate(recipe, self.entropy()).map_err(|_| UserError::internal())?;
        Ok(made.value.expose_secret().to_owned())
    }

    /// Values of an entry: the open fields and the secret ones.
    fn values(
        &self,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<(BTreeMap<String, String>, Secrets), UserError> {
        let mut fields: BTreeMap<String, String> =
            entry.fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        let secret = match entry.fresh {
            Fresh::Key(prefix) => format!("{prefix}{}", self.key(&Recipe::Key { length: 32 })?),
            Fresh::Hex => self.key(&Recipe::Hex { bytes: 32 })?,
            Fresh::Pair => {
                let format = keyturn_kinds::KeyFormat::OpenSsh;
                let made = generate(&Recipe::Ed25519 { format }, self.entropy())
                    .map_err(|_| UserError::internal())?;
                fields.extend(made.public.map(|public| ("publicKey".to_owned(), public)));
                made.value.expose_secret().to_owned()
            }
            Fresh::Certificate { days } => {
                let (chain, key) = certificate(entry.name, now, days)?;
                fields.insert("chain".into(), chain);
                key
            }
        };
        let secrets = [(entry.kind.value().to_owned(), Typed(SecretString::from(secret)))];
        Ok((fields, secrets.into()))
    }

    /// A sandbox that has issued the keys which are rotated by it.
    fn sandbox(&self, vault: &Vault, made: &Made) -> Result<Sandbox, UserError> {
        let mut keys = Vec::new();
        let mut held = BTreeMap::new();
        for entry in ENTRIES.iter().filter(|entry| !entry.consumers.is_empty()) {
            let Some(id) = made.get(entry.name) else { continue };
            let secret = crate::outside::current_value(vault, *id)?.secrets.pop();
            let Some((_, secret)) = secret else { continue };
            for fake in Fake::of(entry).filter(|fake| fake.is_at_sandbox()) {
                held.insert(fake.name.to_owned(), secret.clone());
            }
            let key = entry.fields.iter().find(|(name, _)| *name == "keyId");
            keys.push(SeedKey {
                id: key.map_or("", |(_, id)| id).to_owned(),
                name: entry.name.to_owned(),
                secret,
            });
        }
        let seed = Seed {
            token: SecretString::from(TOKEN),
            keys,
            consumers: held.into_iter().collect(),
            clock: Arc::clone(&self.0.around.clock),
            entropy: Arc::clone(&self.0.around.entropy),
        };
        let sandbox = self.runtime()?.block_on(Sandbox::start(seed));
        let sandbox = sandbox.map_err(|_| UserError::internal())?;
        for fake in fakes::ALL {
            sandbox.take_up_after(fake.name, fake.takes_up_after_s());
        }
        Ok(sandbox)
    }

    /// Who issues and who uses what, as a person would have entered it.
    fn connect(
        &self,
        vault: &Vault,
        sandbox: &Sandbox,
        made: &Made,
        folder: &Path,
    ) -> Result<(), UserError> {
        let setup = IssuerSetup::Sandbox { address: sandbox.address() }.into();
        let token = [("token".to_owned(), SecretString::from(TOKEN))];
        let account = vault.save_account(None, 0, &Name::new("Sandbox")?, &setup, &token)?;
        for entry in ENTRIES.iter().filter(|entry| !entry.consumers.is_empty()) {
            let Some(id) = made.get(entry.name) else { continue };
            let rotation = RotationSetup {
                account,
                users: Vec::new(),
                valid_days: None,
                end_sessions: false,
                // So that a trial has an end while somebody watches; one is left in its grace period.
                grace_s: Some(if entry.past == Past::Grace { DAY_S } else { 20 }),
                at_once: 4,
                automatic: false,
            };
            vault.save_rotation(*id, 0, &rotation)?;
            let stage = Stage { vault, sandbox, folder, credential: *id };
            for fake in Fake::of(entry) {
                let kept = vault.save_consumer(None, 0, &fake.consumer(entry))?;
                stage.bind(fake, kept)?;
            }
        }
        uses::bind(vault, made, folder)
    }

    pub(crate) fn read_sandbox(&self, open: &Open) -> Result<SandboxView, UserError> {
        let demo = open.demo.as_ref().ok_or_else(UserError::input_refused)?;
        let at_sandbox = ENTRIES.iter().flat_map(|entry| {
            let those = Fake::of(entry).filter(|fake| fake.is_at_sandbox());
            those.map(|fake| SandboxConsumer { name: fake.name.into(), uses: entry.name.into() })
        });
        Ok(SandboxView {
            address: demo.sandbox.address(),
            faults: demo.sandbox.faults(),
            limited_until: demo.sandbox.limited_until(),
            consumers: at_sandbox.collect(),
            lessons: demo.lessons(&open.vault)?,
        })
    }

    pub(crate) fn set_sandbox(
        &self,
        open: &Open,
        faults: Faults,
    ) -> Result<SandboxView, UserError> {
        let demo = open.demo.as_ref().ok_or_else(UserError::input_refused)?;
        let known =
            |name: &String| fakes::ALL.iter().any(|it| it.name == name && it.is_at_sandbox());
        if !faults.failing.as_ref().is_none_or(known) {
            return Err(UserError::input_refused());
        }
        demo.sandbox.fail(faults);
        self.read_sandbox(open)
    }
}

/// Opens nothing but the sandbox of a demo, which listens on this computer alone.
const TOKEN: &str = "fixture-token-of-the-demo";

/// Removes the folders that demos left whose program was killed.
fn tidy(data: &Path) {
    for folder in fs::read_dir(data).into_iter().flatten().flatten() {
        let ours = folder.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let free = || Folder::at(folder.path().join("Demo")).holder().is_none();
        if ours && free() {
            let _ = fs::remove_dir_all(folder.path());
        }
    }
}

/// A certificate that a CA of the demo might have made, and its key.
fn certificate(name: &str, now: Timestamp, days: i64) -> Result<(String, String), UserError> {
    let made = || -> Result<_, rcgen::Error> {
        let key = rcgen::KeyPair::generate()?;
        let mut params = rcgen::CertificateParams::new(vec![format!("{name}.demo.example")])?;
        let day = |at: Timestamp| {
            let date = at.utc().date_naive();
            let (month, day) = (date.month(), date.day());
            let small = |number: u32| u8::try_from(number).unwrap_or(1);
            rcgen::date_time_ymd(date.year(), small(month), small(day))
        };
        params.not_before = day(now.plus_seconds(-90 * DAY_S));
        params.not_after = day(now.plus_seconds(days * DAY_S));
        let made = params.self_signed(&key)?;
        Ok((made.pem(), key.serialize_pem()))
    };
    made().map_err(|_| UserError::internal())
}

/// Every kind has its place in the demo.
#[cfg(test)]
mod tests {
    use keyturn_model::Kind;

    use super::*;

    #[test]
    fn there_are_thirty_two_entries_of_every_kind_with_names_of_their_own() {
        assert_eq!(ENTRIES.len(), 32);
        for kind in Kind::ALL {
            assert!(ENTRIES.iter().any(|entry| entry.kind == kind), "{kind:?}");
        }
        let names: std::collections::BTreeSet<_> = ENTRIES.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), ENTRIES.len());
    }
}
