//! Many credentials: in a vault of ours, and as many in a KDBX.

use std::{
    error::Error,
    fs::{self, File},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use keepass::{
    Database, DatabaseKey,
    config::{DatabaseConfig, KdfConfig},
    db::{Value, fields},
};
use keyturn_testkit::{
    Bench, PASSPHRASE, by_document::copy_folder, name, quiet, surroundings, words,
};
use keyturn_vault::{ClosedVault, Cost, Folder, NewVault, Secret, Vault};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn row(number: usize) -> (String, String) {
    let kinds =
        ["gateway", "mail relay", "database", "queue", "object store", "registry", "webhook"];
    let kind = kinds[number % kinds.len()];
    (format!("{kind} of project {number:06}"), format!("fixture-value-{number:06}-of-nobody"))
}

/// Makes a vault with `number` credentials in `to`. It is made in memory when there is a place for
/// that, for every credential is a transaction of its own.
pub(crate) fn build_vault(to: &Path, number: usize, cost: Cost) -> Outcome {
    let memory = Path::new("/dev/shm");
    let ground = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let bench = Bench::within(&ground, 7);
    let new = NewVault {
        name: &name("Acme"),
        member: &name("Ana"),
        passphrase: &words(PASSPHRASE),
        cost,
    };
    let (vault, _) = Vault::create(&bench.folder(), &new, &bench.surroundings, &quiet)?;
    for at in 0..number {
        let (name, value) = row(at);
        vault.add_credential(&name, value.as_bytes())?;
    }
    vault.sign_head()?;
    drop(vault);
    let _ = fs::remove_dir_all(to);
    copy_folder(bench.folder().path(), to)?;
    for file in fs::read_dir(to)? {
        File::open(file?.path())?.sync_all()?;
    }
    Ok(())
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
        let (name, value) = row(at);
        group.add_entry().edit(|entry| {
            entry.set_unprotected(fields::TITLE, name);
            entry.set(fields::PASSWORD, Value::protected(value));
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
