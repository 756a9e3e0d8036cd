//! Many credentials: in a vault of ours, and as many in a KDBX.

#![allow(dead_code, reason = "each bench uses its part of it")]

use std::{
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use keepass::{
    Database, DatabaseKey,
    config::{DatabaseConfig, KdfConfig},
    db::{Value, fields},
};
use keyturn_model::{CredentialId, Kind, Metadata, PolicyChoice, Risk};
use keyturn_testkit::{
    Bench, PASSPHRASE, addition, by_document::copy_folder, metadata, name, quiet, surroundings,
    words,
};
use keyturn_vault::{Addition, ClosedVault, Cost, Folder, NewVault, Secret, Vault};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What one of many is called.
fn called(number: usize) -> String {
    let things =
        ["gateway", "mail relay", "database", "queue", "object store", "registry", "webhook"];
    format!("{} of project {number:06}", things[number % things.len()])
}

fn value(number: usize) -> String {
    format!("fixture-value-{number:06}-of-nobody")
}

/// One of many, with what a team writes beside a name. A tenth of them belong to payments.
pub(crate) fn one_of_many(number: usize) -> Addition {
    let pick = |from: &[&str], step: usize| from[(number / step) % from.len()].to_owned();
    let kinds = [Kind::ApiKey, Kind::Secret, Kind::WebhookSecret, Kind::SigningKey];
    let owners = [
        "payments",
        "data",
        "platform",
        "sales",
        "messaging",
        "identity",
        "catalog",
        "logistics",
        "support",
        "research",
    ];
    let known = Metadata {
        kind: kinds[(number / 3) % kinds.len()],
        environment: pick(&["prod", "staging", "dev"], 2),
        tags: vec![pick(&["pci", "tier-1", "internal"], 5), format!("p{:03}", number % 997)],
        owner: pick(&owners, 1),
        issuer: pick(&["payment.example", "db.example", "mail.example"], 7),
        risk: if number.is_multiple_of(4) { Risk::High } else { Risk::Standard },
        description: format!("used by service {:05}", number % 20_011),
        policy: PolicyChoice::Usual,
        ..metadata(&called(number))
    };
    addition(known, &value(number))
}

/// Credentials of one transaction.
const AT_ONCE: usize = 500;

/// Makes a vault with `number` credentials in `to`.
pub(crate) fn build_vault(to: &Path, number: usize, cost: Cost) -> Outcome {
    build_with(to, number, cost, one_of_many, |_, _| Ok(()))
}

/// Makes a vault with so many credentials in `to`, and what else there is to be in it. It is made in memory when
/// there is a place for that.
pub(crate) fn build_with(
    to: &Path,
    number: usize,
    cost: Cost,
    one: impl Fn(usize) -> Addition,
    then: impl FnOnce(&Vault, &[CredentialId]) -> Outcome,
) -> Outcome {
    let memory = Path::new("/dev/shm");
    let ground = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let bench = Bench::within(&ground, 7);
    let new = NewVault {
        name: &name("Acme"),
        member: &name("Ana"),
        passphrase: &words(PASSPHRASE),
        cost,
    };
    let (vault, code) = Vault::create(&bench.folder(), &new, &bench.surroundings, &quiet)?;
    let mut added = Vec::new();
    for begin in (0..number).step_by(AT_ONCE) {
        let many: Vec<_> = (begin..number.min(begin + AT_ONCE)).map(&one).collect();
        // Their values came in over the last months, so that some are due.
        bench.clock.go(i64::try_from(80 * 24 * 3600 * AT_ONCE / number.max(AT_ONCE))?);
        added.extend(vault.add_all(&many, "credential.added", &|_| true)?);
    }
    then(&vault, &added)?;
    vault.sign_head()?;
    drop(vault);
    let _ = fs::remove_dir_all(to);
    copy_folder(bench.folder().path(), to)?;
    fs::write(beside(to), code.text().as_str())?;
    for file in fs::read_dir(to)? {
        File::open(file?.path())?.sync_all()?;
    }
    Ok(())
}

/// Where the recovery key of a vault made here is.
pub(crate) fn beside(folder: &Path) -> PathBuf {
    folder.with_extension("recovery-key")
}

/// The same in a KDBX 4, with Argon2 of this cost.
pub(crate) fn build_kdbx(to: &Path, number: usize, cost: Cost) -> Outcome {
    let mut config = DatabaseConfig::default();
    if let KdfConfig::Argon2 { iterations, memory, parallelism, .. } = &mut config.kdf_config {
        *iterations = cost.passes.into();
        // In bytes.
        *memory = u64::from(cost.memory_kib) * 1024;
        *parallelism = cost.lanes;
    }
    let mut database = Database::with_config(config);
    let mut root = database.root_mut();
    let mut group = root.add_group();
    group.name = "all".to_owned();
    for at in 0..number {
        let known = one_of_many(at).metadata;
        group.add_entry().edit(|entry| {
            entry.set_unprotected(fields::TITLE, known.name);
            entry.set_unprotected(fields::USERNAME, known.owner);
            entry.set_unprotected(fields::URL, known.issuer);
            entry.set_unprotected(
                fields::NOTES,
                format!("{} {}", known.environment, known.description),
            );
            entry.tags = known.tags;
            entry.set(fields::PASSWORD, Value::protected(value(at)));
        });
    }
    let mut file = File::create(to)?;
    database.save(&mut file, DatabaseKey::new().with_password(PASSPHRASE))?;
    file.sync_all()?;
    Ok(())
}

/// Unlocks by passphrase, as Ana.
pub(crate) fn unlock(folder: &Path) -> Outcome<Vault> {
    static UNLOCKED: AtomicU64 = AtomicU64::new(0);
    // No two programs draw the same randomness.
    let seed = u64::from(std::process::id()) << 8 | UNLOCKED.fetch_add(1, Ordering::Relaxed);
    let (_, around) = surroundings(seed);
    let closed = ClosedVault::look(Folder::at(folder.to_owned()))?;
    let ana = closed.members().first().ok_or("nobody")?.id;
    let passphrase = words(PASSPHRASE);
    Ok(closed.unlock(ana, &Secret::Passphrase(&passphrase), &around, &quiet)?)
}
