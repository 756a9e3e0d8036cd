//! A vault as somebody reads it who has docs/vault-format.md and a recovery key, and nothing of
//! crate `vault`: so tests can forge what only a member could, and the document is proven as well.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use hpke::{
    Deserializable, Kem as _, OpModeR, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256 as Kem,
};
use keyturn_vault::Code;
use minicbor::{Decode, Encode, bytes::ByteArray};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// What went wrong, in words: a test that sees one is wrong, or the document is.
pub type Refusal = Box<dyn std::error::Error>;

/// The body of `vault.hdr`.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// Vault id.
    #[n(0)]
    pub vault: ByteArray<16>,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// Which database.
    #[n(2)]
    pub generation: u64,
    /// How often it was written.
    #[n(3)]
    pub revision: u64,
    /// The audit entry of the last time.
    #[n(4)]
    pub last_change: Change,
    /// Who can open it.
    #[n(5)]
    pub members: Vec<Member>,
}

/// "last change".
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
pub struct Change {
    #[n(0)]
    at: i64,
    #[n(1)]
    actor: ByteArray<16>,
    #[n(2)]
    actor_name: String,
    #[n(3)]
    action: String,
    #[n(4)]
    about: Option<ByteArray<16>>,
    #[n(5)]
    about_name: String,
    #[n(6)]
    detail: String,
}

/// "member".
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
pub struct Member {
    /// Member id.
    #[n(0)]
    pub id: ByteArray<16>,
    /// The name.
    #[n(1)]
    pub name: String,
    /// 1 is the owner.
    #[n(2)]
    pub role: u8,
    #[n(3)]
    added: i64,
    /// X25519.
    #[n(4)]
    pub wrapping_key: ByteArray<32>,
    /// Ed25519.
    #[n(5)]
    pub signing_key: ByteArray<32>,
    /// The vault key, for this member alone.
    #[n(6)]
    pub wrapped: ByteArray<80>,
    /// The ways in.
    #[n(7)]
    pub slots: Vec<Slot>,
}

/// "slot".
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
pub struct Slot {
    /// Slot id.
    #[n(0)]
    pub id: ByteArray<16>,
    /// With its parameters.
    #[n(1)]
    pub kind: Kind,
    /// When it was made.
    #[n(2)]
    pub created: i64,
    /// Until when it opens.
    #[n(3)]
    pub until: Option<i64>,
    #[n(4)]
    nonce: ByteArray<24>,
    #[n(5)]
    sealed: ByteArray<48>,
}

/// "kind".
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(flat)]
pub enum Kind {
    /// Memory in KiB, passes, lanes; salt.
    #[n(1)]
    Passphrase(#[n(0)] (u32, u32, u32), #[n(1)] ByteArray<32>),
    /// Salt.
    #[n(2)]
    RecoveryKey(#[n(0)] ByteArray<32>),
    /// Salt, device.
    #[n(3)]
    KeyRing(#[n(0)] ByteArray<32>, #[n(1)] ByteArray<16>),
    /// Salt.
    #[n(4)]
    Invitation(#[n(0)] ByteArray<32>),
}

impl Header {
    /// Reads `vault.hdr` in `folder`, without looking at its sum or seal.
    ///
    /// # Errors
    /// When it is not a header.
    pub fn read(folder: &Path) -> Result<Self, Refusal> {
        let bytes = fs::read(folder.join("vault.hdr"))?;
        let length = bytes.get(10..14).and_then(|four| four.try_into().ok());
        let length = usize::try_from(u32::from_be_bytes(length.ok_or("no length")?))?;
        Ok(minicbor::decode(bytes.get(14..14 + length).ok_or("no body")?)?)
    }

    /// The file with a sum that is right, and this seal: what anybody can write.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn summed(&self, format: u16, seal: [u8; 32]) -> Result<Vec<u8>, Refusal> {
        let body = minicbor::to_vec(self)?;
        let mut bytes = b"KEYTURN\0".to_vec();
        bytes.extend(format.to_be_bytes());
        bytes.extend(u32::try_from(body.len())?.to_be_bytes());
        bytes.extend(body);
        bytes.extend(Sha256::digest(&bytes));
        bytes.extend(seal);
        Ok(bytes)
    }
}

/// A vault with its key in hand.
pub struct ByDocument {
    folder: PathBuf,
    /// Its header.
    pub header: Header,
    vault_key: [u8; 32],
}

fn stretched<const N: usize>(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut key = [0; N];
    // Fails only for more than 255 blocks.
    let _ = Hkdf::<Sha256>::new(Some(salt), secret).expand_multi_info(info, &mut key);
    key
}

impl ByDocument {
    /// Opens the vault in `folder` with the recovery key of one of its members.
    ///
    /// # Errors
    /// When it opens nothing.
    pub fn open(folder: &Path, code: &Code) -> Result<Self, Refusal> {
        let header = Header::read(folder)?;
        for member in &header.members {
            let Some(seed) = seed_of(member, &header, code) else { continue };
            let material: [u8; 32] = stretched(&seed, &*member.id, &[b"keyturn 1 member wrapping"]);
            let (private, _) = Kem::derive_keypair(&material);
            let (exchange, sealed) = member.wrapped.split_at(32);
            let exchange = <Kem as hpke::Kem>::EncappedKey::from_bytes(exchange)?;
            let generation = header.generation.to_be_bytes();
            let info = [b"keyturn 1 vault key", &header.vault[..], &generation, &*member.id];
            let key = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
                &OpModeR::Base,
                &private,
                &exchange,
                &info.concat(),
                sealed,
                &[],
            )?;
            let vault_key = <[u8; 32]>::try_from(key).map_err(|_| "not 32 bytes")?;
            return Ok(Self { folder: folder.to_owned(), header, vault_key });
        }
        Err("the recovery key opens no slot".into())
    }

    /// The key of one use.
    #[must_use]
    pub fn key(&self, what: &str) -> [u8; 32] {
        let generation = self.header.generation.to_be_bytes();
        let info = [b"keyturn 1 ", what.as_bytes(), &generation];
        stretched(&self.vault_key, &*self.header.vault, &info)
    }

    /// The database that the header names.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join(format!("vault-{}.db", self.header.generation))
    }

    /// The database, open for everything, with none of the vault's care.
    ///
    /// # Errors
    /// When the key does not fit.
    pub fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(self.database())?;
        let both = [&self.key("database")[..], &self.key("mark")[..16]].concat();
        let digits: String = both.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.execute_batch(&format!("PRAGMA key = \"x'{digits}'\""))?;
        connection.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
        Ok(connection)
    }

    /// The header's file as a member writes it.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn sealed(&self, header: &Header) -> Result<Vec<u8>, Refusal> {
        let bytes = header.summed(1, [0; 32])?;
        let front = bytes.get(..bytes.len() - 32).unwrap_or_default();
        let mut seal = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key("header"))?;
        seal.update(front);
        header.summed(1, seal.finalize().into_bytes().into())
    }
}

fn seed_of(member: &Member, header: &Header, code: &Code) -> Option<Vec<u8>> {
    member.slots.iter().find_map(|slot| {
        let Kind::RecoveryKey(salt) = &slot.kind else { return None };
        let key: [u8; 32] = stretched(code.expose(), &salt[..], &[b"keyturn 1 recovery key"]);
        let (created, until) = (slot.created, slot.until);
        let bound = (1_u16, &header.vault, &member.id, &slot.id, &slot.kind, created, until);
        let bound = minicbor::to_vec(bound).ok()?;
        let payload = Payload { msg: &slot.sealed[..], aad: &bound };
        XChaCha20Poly1305::new(&key.into()).decrypt((&*slot.nonce).into(), payload).ok()
    })
}

/// Copies a folder with all its files.
///
/// # Errors
/// Those of the system.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
