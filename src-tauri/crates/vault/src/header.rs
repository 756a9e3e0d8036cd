//! The header: who can open the vault, and which database is in force (docs/vault-format.md).
//!
//! Nothing in here is trusted before its bounds are checked, and nothing is derived from it before
//! that.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use keyturn_model::{MemberId, Name, Role, Timestamp, VaultId};
use minicbor::{Decode, Encode, bytes::ByteArray};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    cost::Cost,
    error::Result,
    keys::{PublicKeys, WRAPPED},
    secret::Key,
};

const MAGIC: &[u8; 8] = b"KEYTURN\0";
/// The format of headers that this program writes.
pub(crate) const FORMAT: u16 = 1;
/// No header of ours comes near this.
pub(crate) const LARGEST: usize = 64 * 1024;
const PREFIX: usize = 8 + 2 + 4;
const SUM: usize = 32;
const SEAL: usize = 32;

pub(crate) const MOST_MEMBERS: usize = 64;
const MOST_SLOTS: usize = 8;
const MOST_PASSPHRASES: usize = 32;

/// The header as this program knows it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Header {
    #[n(0)]
    pub(crate) vault: ByteArray<16>,
    #[n(1)]
    pub(crate) name: String,
    #[n(2)]
    pub(crate) generation: u64,
    #[n(3)]
    pub(crate) revision: u64,
    #[n(4)]
    pub(crate) last_change: Change,
    #[n(5)]
    pub(crate) members: Vec<MemberEntry>,
}

/// The audit entry of the change that wrote this header.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Change {
    #[n(0)]
    pub(crate) at: i64,
    #[n(1)]
    pub(crate) actor: ByteArray<16>,
    #[n(2)]
    pub(crate) actor_name: String,
    #[n(3)]
    pub(crate) action: String,
    #[n(4)]
    pub(crate) about: Option<ByteArray<16>>,
    #[n(5)]
    pub(crate) about_name: String,
    #[n(6)]
    pub(crate) detail: String,
}

/// A member as the header has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct MemberEntry {
    #[n(0)]
    pub(crate) id: ByteArray<16>,
    #[n(1)]
    pub(crate) name: String,
    #[n(2)]
    pub(crate) role: u8,
    #[n(3)]
    pub(crate) added: i64,
    #[n(4)]
    pub(crate) wrapping_key: ByteArray<32>,
    #[n(5)]
    pub(crate) signing_key: ByteArray<32>,
    #[n(6)]
    pub(crate) wrapped: ByteArray<WRAPPED>,
    #[n(7)]
    pub(crate) slots: Vec<Slot>,
}

/// One way in of one member.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Slot {
    #[n(0)]
    pub(crate) id: ByteArray<16>,
    #[n(1)]
    pub(crate) kind: Kind,
    #[n(2)]
    pub(crate) created: i64,
    #[n(3)]
    pub(crate) until: Option<i64>,
    #[n(4)]
    pub(crate) nonce: ByteArray<24>,
    #[n(5)]
    pub(crate) sealed: ByteArray<48>,
}

/// What opens a slot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub(crate) enum Kind {
    #[n(1)]
    Passphrase {
        #[n(0)]
        cost: Cost,
        #[n(1)]
        salt: ByteArray<32>,
    },
    #[n(2)]
    RecoveryKey {
        #[n(0)]
        salt: ByteArray<32>,
    },
    #[n(3)]
    KeyRing {
        #[n(0)]
        salt: ByteArray<32>,
        #[n(1)]
        device: ByteArray<16>,
    },
    #[n(4)]
    Invitation {
        #[n(0)]
        salt: ByteArray<32>,
    },
}

impl Header {
    pub(crate) fn vault(&self) -> VaultId {
        VaultId::from_bytes(*self.vault)
    }

    pub(crate) fn member(&self, id: MemberId) -> Result<&MemberEntry> {
        self.members.iter().find(|m| *m.id == *id.bytes()).ok_or(VaultError::NoSuchMember)
    }

    pub(crate) fn member_mut(&mut self, id: MemberId) -> Result<&mut MemberEntry> {
        self.members.iter_mut().find(|m| *m.id == *id.bytes()).ok_or(VaultError::NoSuchMember)
    }

    /// The file's bytes, sealed with the key that only members have.
    pub(crate) fn encode(&self, key: &Key) -> Result<Vec<u8>> {
        if !self.is_within_bounds() {
            return Err(VaultError::Full);
        }
        let mut body = Vec::new();
        // Encoding into memory cannot fail.
        let Ok(()) = minicbor::encode(self, &mut body) else { return Err(VaultError::Full) };
        let length = u32::try_from(body.len()).map_err(|_| VaultError::Full)?;
        let mut bytes = Vec::with_capacity(PREFIX + body.len() + SUM + SEAL);
        bytes.extend(MAGIC);
        bytes.extend(FORMAT.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend(body);
        bytes.extend(Sha256::digest(&bytes));
        bytes.extend(seal_of(key, &bytes));
        if bytes.len() > LARGEST { Err(VaultError::Full) } else { Ok(bytes) }
    }

    /// Reads the file's bytes. The sum tells damage; whether the seal is right only a key can tell.
    pub(crate) fn decode(bytes: &[u8], file: &Path) -> Result<Self> {
        let damaged = || VaultError::HeaderDamaged(file.to_owned());
        if bytes.is_empty() {
            return Err(VaultError::Empty(file.to_owned()));
        }
        let (magic, rest) = bytes.split_at_checked(8).ok_or_else(|| cut(bytes, file))?;
        if magic != MAGIC {
            return Err(damaged());
        }
        let (format, rest) = rest.split_first_chunk::<2>().ok_or_else(|| cut(bytes, file))?;
        let format = u16::from_be_bytes(*format);
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| cut(bytes, file))?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| damaged())?;
        if length > LARGEST {
            return Err(damaged());
        }
        if rest.len() < length + SUM + SEAL {
            return Err(VaultError::Truncated(file.to_owned()));
        }
        if rest.len() > length + SUM + SEAL {
            return Err(damaged());
        }
        let (body, rest) = rest.split_at(length);
        let summed = bytes.len() - SUM - SEAL;
        let sum = Sha256::digest(bytes.get(..summed).unwrap_or_default());
        if rest.get(..SUM) != Some(&sum[..]) {
            return Err(damaged());
        }
        if format > FORMAT {
            return Err(VaultError::Newer { file: file.to_owned(), format: format.into() });
        }
        let header: Self = minicbor::decode(body).map_err(|_| damaged())?;
        let mut again = Vec::new();
        let same = minicbor::encode(&header, &mut again).is_ok() && again == body;
        if format != FORMAT || !same || !header.is_within_bounds() {
            return Err(damaged());
        }
        for slot in header.members.iter().flat_map(|member| &member.slots) {
            if let Kind::Passphrase { cost, .. } = &slot.kind {
                cost.check()?;
            }
        }
        Ok(header)
    }

    fn is_within_bounds(&self) -> bool {
        let slots = |wanted: fn(&Kind) -> bool| {
            self.members.iter().flat_map(|m| &m.slots).filter(|s| wanted(&s.kind)).count()
        };
        (1..=MOST_MEMBERS).contains(&self.members.len())
            && Name::new(&self.name).is_ok()
            && self.members.iter().all(|member| {
                Name::new(&member.name).is_ok()
                    && Role::numbered(member.role).is_some()
                    && member.slots.len() <= MOST_SLOTS
            })
            && slots(|kind| matches!(kind, Kind::Passphrase { .. })) <= MOST_PASSPHRASES
    }
}

/// Whether the seal at the end of a header was made with `key`.
pub(crate) fn is_sealed(bytes: &[u8], key: &Key) -> bool {
    let Some((front, seal)) = bytes.split_last_chunk::<SEAL>() else { return false };
    mac(key, front).verify_slice(seal).is_ok()
}

fn cut(bytes: &[u8], file: &Path) -> VaultError {
    if MAGIC.starts_with(bytes) || bytes.starts_with(MAGIC) {
        VaultError::Truncated(file.to_owned())
    } else {
        VaultError::HeaderDamaged(file.to_owned())
    }
}

fn seal_of(key: &Key, bytes: &[u8]) -> [u8; SEAL] {
    mac(key, bytes).finalize().into_bytes().into()
}

pub(crate) fn mac(key: &Key, bytes: &[u8]) -> Hmac<Sha256> {
    // A key that is shorter than a block is filled up with zeros (RFC 2104).
    let mut block = Zeroizing::new([0; 64]);
    block[..Key::LENGTH].copy_from_slice(key.expose());
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(bytes);
    mac
}

impl MemberEntry {
    pub(crate) fn id(&self) -> MemberId {
        MemberId::from_bytes(*self.id)
    }

    pub(crate) fn role(&self) -> Role {
        // Checked when the header was read.
        Role::numbered(self.role).unwrap_or(Role::Auditor)
    }

    pub(crate) fn public(&self) -> PublicKeys {
        PublicKeys { wrapping: *self.wrapping_key, signing: *self.signing_key }
    }

    pub(crate) fn slot(&self, wanted: impl Fn(&Kind) -> bool) -> Option<&Slot> {
        self.slots.iter().find(|slot| wanted(&slot.kind))
    }

    /// 80 bits of the public keys, to be compared by voice.
    pub(crate) fn fingerprint(&self) -> String {
        let sum = Sha256::new()
            .chain_update(self.wrapping_key.as_slice())
            .chain_update(self.signing_key.as_slice())
            .finalize();
        let groups = sum.chunks(2).take(5).map(|pair| format!("{:02X}{:02X}", pair[0], pair[1]));
        groups.collect::<Vec<_>>().join(" ")
    }
}

impl Slot {
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until < now.0)
    }
}
