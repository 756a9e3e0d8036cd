//! Ways in: each slot seals the member's seed under a key that only its owner can derive.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use keyturn_model::{Entropy, MemberId, Timestamp, VaultId};
use minicbor::bytes::ByteArray;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::{
    VaultError,
    code::Code,
    cost::Cost,
    error::Result,
    header::{FORMAT, Kind, MemberEntry, Slot},
    keys::{MemberSeed, derive},
    secret::Key,
};

/// What somebody has in hand to unlock a vault with.
#[derive(Debug)]
pub enum Secret<'a> {
    /// A passphrase.
    Passphrase(&'a SecretString),
    /// A recovery key.
    RecoveryKey(&'a Code),
    /// What the key ring and this computer keep, and which computer it is.
    KeyRing {
        /// What the key ring keeps.
        ring: &'a [u8],
        /// What this computer keeps.
        own: &'a [u8],
        /// Which computer.
        device: [u8; 16],
    },
    /// The code of an invitation.
    Invitation(&'a Code),
}

fn random<const N: usize>(entropy: &dyn Entropy) -> ByteArray<N> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes.into()
}

impl Secret<'_> {
    /// A slot of this kind with a salt of its own.
    pub(crate) fn new_kind(&self, cost: Cost, entropy: &dyn Entropy) -> Kind {
        let salt = random(entropy);
        match self {
            Self::Passphrase(_) => Kind::Passphrase { cost, salt },
            Self::RecoveryKey(_) => Kind::RecoveryKey { salt },
            Self::KeyRing { device, .. } => Kind::KeyRing { salt, device: (*device).into() },
            Self::Invitation(_) => Kind::Invitation { salt },
        }
    }

    /// Whether it can be guessed at, so that wrong tries make the next one wait.
    pub(crate) fn counts(&self) -> bool {
        !matches!(self, Self::KeyRing { .. })
    }

    /// Whether it could open a slot of this kind.
    pub(crate) fn fits(&self, kind: &Kind) -> bool {
        match (self, kind) {
            (Self::Passphrase(_), Kind::Passphrase { .. })
            | (Self::RecoveryKey(_), Kind::RecoveryKey { .. })
            | (Self::Invitation(_), Kind::Invitation { .. }) => true,
            (Self::KeyRing { device, .. }, Kind::KeyRing { device: wanted, .. }) => {
                *device == **wanted
            }
            _ => false,
        }
    }

    fn key(&self, kind: &Kind) -> Result<Key> {
        let stretched = |secret: &[u8], salt: &[u8; 32], what: &[u8]| derive(secret, salt, &[what]);
        match (self, kind) {
            (Self::Passphrase(words), Kind::Passphrase { cost, salt }) => cost.derive(words, salt),
            (Self::RecoveryKey(code), Kind::RecoveryKey { salt }) => {
                Ok(stretched(code.expose(), salt, b"keyturn 1 recovery key"))
            }
            (Self::KeyRing { ring, own, .. }, Kind::KeyRing { salt, .. }) => {
                let both = Zeroizing::new([*ring, *own].concat());
                Ok(stretched(&both, salt, b"keyturn 1 key ring"))
            }
            (Self::Invitation(code), Kind::Invitation { salt }) => {
                Ok(stretched(code.expose(), salt, b"keyturn 1 invitation"))
            }
            _ => Err(VaultError::WrongKey),
        }
    }
}

/// Where a slot belongs: its seal holds nowhere else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) vault: VaultId,
    pub(crate) member: MemberId,
}

impl Place {
    fn bound(self, slot: &Slot) -> Vec<u8> {
        let mut bound = Vec::new();
        let parts = (
            FORMAT,
            ByteArray::from(*self.vault.bytes()),
            ByteArray::from(*self.member.bytes()),
            &slot.id,
            &slot.kind,
            slot.created,
            slot.until,
        );
        // Encoding into memory cannot fail.
        let _ = minicbor::encode(parts, &mut bound);
        bound
    }

    /// A new slot that `secret` opens.
    pub(crate) fn seal(
        self,
        seed: &MemberSeed,
        secret: &Secret<'_>,
        kind: Kind,
        now: Timestamp,
        until: Option<Timestamp>,
        entropy: &dyn Entropy,
    ) -> Result<Slot> {
        let key = secret.key(&kind)?;
        let mut slot = Slot {
            id: random(entropy),
            kind,
            created: now.0,
            until: until.map(|moment| moment.0),
            nonce: random(entropy),
            sealed: [0; 48].into(),
        };
        let payload = Payload { msg: seed.key().expose(), aad: &self.bound(&slot) };
        let sealed = XChaCha20Poly1305::new(key.expose().into())
            .encrypt((&*slot.nonce).into(), payload)
            .map_err(|_| VaultError::WrongKey)?;
        slot.sealed = <[u8; 48]>::try_from(sealed).map_err(|_| VaultError::WrongKey)?.into();
        Ok(slot)
    }

    fn open(self, slot: &Slot, secret: &Secret<'_>) -> Result<MemberSeed> {
        let key = secret.key(&slot.kind)?;
        let payload = Payload { msg: slot.sealed.as_slice(), aad: &self.bound(slot) };
        let opened = XChaCha20Poly1305::new(key.expose().into())
            .decrypt((&*slot.nonce).into(), payload)
            .map_err(|_| VaultError::WrongKey)?;
        let seed = Key::copied(&Zeroizing::new(opened)).ok_or(VaultError::WrongKey)?;
        Ok(MemberSeed::from_key(self.member, seed))
    }
}

/// Opens the member's slot that `secret` fits.
pub(crate) fn open_member(
    member: &MemberEntry,
    vault: VaultId,
    secret: &Secret<'_>,
    now: Timestamp,
) -> Result<MemberSeed> {
    let slot = member.slot(|kind| secret.fits(kind)).ok_or(VaultError::WrongKey)?;
    if slot.is_over(now) {
        return Err(VaultError::Over);
    }
    Place { vault, member: member.id() }.open(slot, secret)
}
