//! The ways in of the member who unlocked: passphrase, recovery key, key ring.

use keyturn_model::{MemberId, Timestamp};
use rusqlite::{OptionalExtension, Transaction, params};
use secrecy::SecretString;

use crate::{
    VaultError,
    audit::Draft,
    code::Code,
    cost::Cost,
    error::{Result, of_database},
    header::{Header, Kind, Slot},
    keys::MemberSeed,
    slots::{Place, Secret, open_member},
    vault::{Hear, Step, Vault},
};

/// What is known of a member's recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryKey {
    /// There is none.
    Missing,
    /// Nobody has shown yet that it was kept.
    Unproven,
    /// It was typed or read back.
    Proven,
    /// It was used.
    Used,
}

/// The ways in of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// When the passphrase was set.
    pub passphrase_since: Option<Timestamp>,
    /// The recovery key.
    pub recovery_key: RecoveryKey,
    /// The computers whose key ring unlocks the vault, and until when.
    pub key_rings: Vec<([u8; 16], Option<Timestamp>)>,
}

fn is_passphrase(kind: &Kind) -> bool {
    matches!(kind, Kind::Passphrase { .. })
}

fn is_recovery_key(kind: &Kind) -> bool {
    matches!(kind, Kind::RecoveryKey { .. })
}

/// The table of recovery keys that were kept, or used.
pub(crate) const RECOVERY_KEY: &str = "recovery_key";

fn is_key_ring_of(device: [u8; 16]) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::KeyRing { device: found, .. } if **found == device)
}

impl Vault {
    /// The ways in of the member who unlocked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ways(&self) -> Result<Ways> {
        let opened = self.opened();
        let entry = opened.header.member(self.me)?;
        let closed = crate::vault::closed_member(entry);
        let recovery_key = match entry.slot(is_recovery_key) {
            None => RecoveryKey::Missing,
            Some(slot) => match self.recovery_state(slot)? {
                None => RecoveryKey::Unproven,
                Some(false) => RecoveryKey::Proven,
                Some(true) => RecoveryKey::Used,
            },
        };
        Ok(Ways {
            passphrase_since: entry.slot(is_passphrase).map(|slot| Timestamp(slot.created)),
            recovery_key,
            key_rings: closed.key_rings,
        })
    }

    fn recovery_state(&self, slot: &Slot) -> Result<Option<bool>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .query_row("SELECT used FROM recovery_key WHERE slot = ?1", [*slot.id], |row| {
                    row.get(0)
                })
                .optional()
                .map_err(opened.store.failed())
        })
    }

    /// Whether `passphrase` is that of the member who unlocked; asked before something grave.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when it is not.
    pub fn confirm(&self, passphrase: &SecretString) -> Result<()> {
        self.opens(self.me, &Secret::Passphrase(passphrase))
    }

    /// Whether `secret` unlocks the vault for `member`, by the header in force and not by what lies on the disk;
    /// counted as at any unlocking.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when it does not.
    pub fn opens(&self, member: MemberId, secret: &Secret<'_>) -> Result<()> {
        let now = self.around.clock.now();
        if secret.counts() {
            self.folder.count_attempt(now)?;
        }
        let (entry, vault) = {
            let opened = self.opened();
            (opened.header.member(member)?.clone(), opened.header.vault())
        };
        open_member(&entry, vault, secret, now)?;
        if secret.counts() {
            self.folder.forget_attempts();
        }
        Ok(())
    }

    /// Replaces the passphrase. Until the header is renamed the old one opens, from then on the new
    /// one: there is no moment in which neither does.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when `old` is not the passphrase.
    pub fn change_passphrase(
        &self,
        old: &SecretString,
        new: &SecretString,
        cost: Cost,
        hear: Hear<'_>,
    ) -> Result<()> {
        hear(Step::Deriving);
        self.confirm(old)?;
        self.put_slot(&Secret::Passphrase(new), cost, None, Draft::of("passphrase.changed"), hear)
    }

    /// Makes a recovery key; the one before stops working.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn make_recovery_key(&self, hear: Hear<'_>) -> Result<Code> {
        let code = Code::random(Code::RECOVERY_KEY, &*self.around.entropy);
        let draft = Draft::of("recovery_key.made");
        self.put_slot(&Secret::RecoveryKey(&code), Cost::FLOOR, None, draft, hear)?;
        Ok(code)
    }

    /// Notes that the recovery key was kept, if `code` is it.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when it is another.
    pub fn prove_recovery_key(&self, code: &Code) -> Result<()> {
        self.opens(self.me, &Secret::RecoveryKey(code))?;
        let slot = self.recovery_slot()?;
        let file = self.opened().store.file().to_owned();
        self.write(Draft::of("recovery_key.proven"), &[RECOVERY_KEY], |transaction| {
            note_recovery_key(transaction, &slot, false).map_err(of_database(&file))
        })
    }

    /// The slot of the recovery key of the member who unlocked.
    pub(crate) fn recovery_slot(&self) -> Result<[u8; 16]> {
        let opened = self.opened();
        let slot = opened.header.member(self.me)?.slot(is_recovery_key);
        slot.map(|slot| *slot.id).ok_or(VaultError::WrongKey)
    }

    /// Lets what the key ring and this computer keep unlock the vault until `until`.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn add_key_ring(
        &self,
        secret: &Secret<'_>,
        until: Timestamp,
        hear: Hear<'_>,
    ) -> Result<()> {
        let draft = Draft::of("key_ring.turned_on").with(format!("until {until}"));
        self.put_slot(secret, Cost::FLOOR, Some(until), draft, hear)
    }

    /// The key ring of `device` unlocks the vault no more.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn remove_key_ring(&self, device: [u8; 16]) -> Result<()> {
        let is_its = is_key_ring_of(device);
        let me = self.me;
        if self.opened().header.member(me)?.slot(&is_its).is_none() {
            return Ok(());
        }
        self.change_header(Draft::of("key_ring.turned_off"), |header| {
            header.member_mut(me)?.slots.retain(|slot| !is_its(&slot.kind));
            Ok(())
        })
    }

    /// Puts a slot for `secret` in the place of the one of its kind.
    fn put_slot(
        &self,
        secret: &Secret<'_>,
        cost: Cost,
        until: Option<Timestamp>,
        draft: Draft,
        hear: Hear<'_>,
    ) -> Result<()> {
        let me = self.me;
        let vault = self.id();
        hear(Step::Deriving);
        let slot = new_slot(self, &self.seed, Place { vault, member: me }, secret, cost, until)?;
        hear(Step::Checking);
        // Before anything is written: the new slot opens with what it is meant for.
        let mut trial = self.opened().header.member(me)?.clone();
        trial.slots = vec![slot.clone()];
        open_member(&trial, vault, secret, self.around.clock.now())?;
        hear(Step::Writing);
        self.change_header(draft, |header: &mut Header| {
            let slots = &mut header.member_mut(me)?.slots;
            slots.retain(|old| !secret.fits(&old.kind));
            slots.push(slot);
            Ok(())
        })
    }
}

/// Notes that a recovery key was kept, or used.
pub(crate) fn note_recovery_key(
    transaction: &Transaction<'_>,
    slot: &[u8; 16],
    used: bool,
) -> rusqlite::Result<()> {
    let note = "INSERT INTO recovery_key (slot, used) VALUES (?1, ?2)
                ON CONFLICT (slot) DO UPDATE SET used = max(used, excluded.used)";
    transaction.execute(note, params![slot, used]).map(drop)
}

pub(crate) fn new_slot(
    vault: &Vault,
    seed: &MemberSeed,
    place: Place,
    secret: &Secret<'_>,
    cost: Cost,
    until: Option<Timestamp>,
) -> Result<Slot> {
    let entropy = &*vault.around.entropy;
    let kind = secret.new_kind(cost, entropy);
    place.seal(seed, secret, kind, vault.around.clock.now(), until, entropy)
}
