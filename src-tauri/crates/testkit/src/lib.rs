//! What tests need: a clock that stands still, randomness with a seed, vaults ready made.
//!
//! Never a part of the program.

pub mod by_document;
mod plainly;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

pub use plainly::{Plainly, addition, metadata};

use keyturn_model::{Clock, Entropy, MemberId, Name, Timestamp};
use keyturn_vault::{
    ClosedVault, Code, Cost, Folder, NewVault, Secret, Surroundings, Vault, VaultError,
};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The passphrase of every vault made here.
pub const PASSPHRASE: &str = "fixture passphrase of nobody";

/// A clock that goes only when it is told to.
#[derive(Debug)]
pub struct StandingClock(AtomicI64);

impl StandingClock {
    /// Standing at noon on the first of November 2026, in UTC.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_793_534_400_000)))
    }

    /// Goes on, or back, by whole seconds.
    pub fn go(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Randomness that is the same in every run of a test.
#[derive(Debug)]
pub struct Seeded(Mutex<u64>);

impl Seeded {
    /// With this seed.
    #[must_use]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(seed << 32)))
    }
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut counter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            *counter += 1;
            let block = Sha256::digest(counter.to_be_bytes());
            for (byte, random) in chunk.iter_mut().zip(block) {
                *byte = random;
            }
        }
    }
}

/// What a vault needs of the machine, and the clock in it.
#[must_use]
pub fn surroundings(seed: u64) -> (Arc<StandingClock>, Surroundings) {
    let clock = StandingClock::new();
    let surroundings = Surroundings {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Seeded::new(seed),
        process: 4127,
        computer: "bench".to_owned(),
    };
    (clock, surroundings)
}

/// A vault in a folder of its own that goes away with it.
pub struct Bench {
    /// The folder around it.
    pub around: TempDir,
    /// The clock it is told the time by.
    pub clock: Arc<StandingClock>,
    /// What it needs of the machine.
    pub surroundings: Surroundings,
}

/// Says nothing about how far it is.
pub fn quiet(_: keyturn_vault::Step) {}

/// A passphrase.
#[must_use]
pub fn words(text: &str) -> SecretString {
    SecretString::from(text)
}

/// A name; a test that cannot have it is wrong.
#[must_use]
#[allow(clippy::expect_used, reason = "a test with an impossible name is a wrong test")]
pub fn name(text: &str) -> Name {
    Name::new(text).expect("the name can be one")
}

impl Bench {
    /// A place for a vault.
    #[must_use]
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir(), 7)
    }

    /// A place for a vault in a folder, with randomness of its own.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test without a folder cannot run")]
    pub fn within(folder: &Path, seed: u64) -> Self {
        let (clock, surroundings) = surroundings(seed);
        let around = tempfile::tempdir_in(folder).expect("a folder for a test");
        Self { around, clock, surroundings }
    }

    /// Where the vault is.
    #[must_use]
    pub fn folder(&self) -> Folder {
        Folder::at(self.place("Acme"))
    }

    /// A place beside it.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.around.path().join(name)
    }

    /// Makes the vault of Ana.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn create(&self) -> Result<(Vault, Code), VaultError> {
        let new = NewVault {
            name: &name("Acme"),
            member: &name("Ana"),
            passphrase: &words(PASSPHRASE),
            cost: Cost::FLOOR,
        };
        Vault::create(&self.folder(), &new, &self.surroundings, &quiet)
    }

    /// The first member's id, as the closed vault tells.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn ana(&self) -> Result<MemberId, VaultError> {
        let members = ClosedVault::look(self.folder())?.members();
        members.first().map(|member| member.id).ok_or(VaultError::NoSuchMember)
    }

    /// Unlocks the vault for Ana.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn unlock(&self) -> Result<Vault, VaultError> {
        self.unlock_with(self.ana()?, PASSPHRASE)
    }

    /// Unlocks the vault with a passphrase.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn unlock_with(&self, member: MemberId, passphrase: &str) -> Result<Vault, VaultError> {
        let passphrase = words(passphrase);
        let secret = Secret::Passphrase(&passphrase);
        ClosedVault::look(self.folder())?.unlock(member, &secret, &self.surroundings, &quiet)
    }

    /// Unlocks the vault in `folder` for its first member with a recovery key, which costs no
    /// derivation.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn recover(&self, folder: &Folder, code: &Code) -> Result<Vault, VaultError> {
        recover(folder, code, &self.surroundings)
    }
}

/// Unlocks the vault in `folder` for its first member with a recovery key.
///
/// # Errors
/// Those of the vault.
pub fn recover(
    folder: &Folder,
    code: &Code,
    surroundings: &Surroundings,
) -> Result<Vault, VaultError> {
    let closed = ClosedVault::look(folder.clone())?;
    let first = closed.members().first().map(|member| member.id);
    let member = first.ok_or(VaultError::NoSuchMember)?;
    closed.unlock(member, &Secret::RecoveryKey(code), surroundings, &quiet)
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}
