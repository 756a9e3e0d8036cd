//! The hierarchy of keys: from the vault key to one key a use, and from a member's seed to the
//! member's two key pairs.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use hkdf::Hkdf;
use hpke::{
    Deserializable, Kem as _, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use keyturn_model::{Entropy, MemberId, VaultId};
use rand_core::{TryCryptoRng, TryRng};
use sha2::Sha256;
use std::convert::Infallible;
use zeroize::Zeroizing;

use crate::{VaultError, error::Result, secret::Key};

type Kem = X25519HkdfSha256;

/// HKDF-SHA256 into a key of its own page.
pub(crate) fn derive(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> Key {
    Key::filled(|bytes| {
        let stretched = Hkdf::<Sha256>::new(Some(salt), secret);
        // Fails only for more than 255 blocks; this is one.
        let _ = stretched.expand_multi_info(info, bytes);
    })
}

/// What opens a database, and the mark by which it is known as the one of this vault.
#[derive(Debug)]
pub(crate) struct DatabaseKey {
    pub(crate) key: Key,
    /// Stands at the beginning of the file, where SQLCipher keeps its salt.
    pub(crate) mark: [u8; 16],
}

/// Every key of a vault in one generation.
#[derive(Debug)]
pub(crate) struct VaultKeys {
    pub(crate) vault: Key,
    pub(crate) database: DatabaseKey,
    pub(crate) record: Key,
    pub(crate) audit: Key,
    pub(crate) state: Key,
    pub(crate) header: Key,
    pub(crate) inbox: Key,
}

impl VaultKeys {
    pub(crate) fn of(vault_key: Key, vault: VaultId, generation: u64) -> Self {
        let one = |what: &[u8]| {
            let info = [b"keyturn 1 ".as_slice(), what, &generation.to_be_bytes()];
            derive(vault_key.expose(), vault.bytes(), &info)
        };
        let mut mark = [0; 16];
        mark.copy_from_slice(&one(b"mark").expose()[..16]);
        Self {
            database: DatabaseKey { key: one(b"database"), mark },
            record: one(b"record"),
            audit: one(b"audit"),
            state: one(b"state"),
            header: one(b"header"),
            inbox: one(b"inbox"),
            vault: vault_key,
        }
    }

    /// The key of one backup.
    pub(crate) fn backup(&self, salt: &[u8; 32]) -> Key {
        derive(self.vault.expose(), salt, &[b"keyturn 1 backup"])
    }
}

/// What only the member has; the slots seal it.
#[derive(Debug)]
pub(crate) struct MemberSeed {
    seed: Key,
    member: MemberId,
}

/// The public half of a member, as it stands in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicKeys {
    pub(crate) wrapping: [u8; 32],
    pub(crate) signing: [u8; 32],
}

/// A vault key wrapped to a member: 32 bytes of key exchange, 48 of ciphertext.
pub(crate) const WRAPPED: usize = 80;

impl MemberSeed {
    pub(crate) fn new(member: MemberId, entropy: &dyn Entropy) -> Self {
        Self { seed: Key::random(entropy), member }
    }

    pub(crate) fn from_key(member: MemberId, seed: Key) -> Self {
        Self { seed, member }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.seed
    }

    fn wrapping(&self) -> (<Kem as hpke::Kem>::PrivateKey, <Kem as hpke::Kem>::PublicKey) {
        let material =
            derive(self.seed.expose(), self.member.bytes(), &[b"keyturn 1 member wrapping"]);
        Kem::derive_keypair(material.expose())
    }

    fn signing(&self) -> SigningKey {
        let material =
            derive(self.seed.expose(), self.member.bytes(), &[b"keyturn 1 member signing"]);
        SigningKey::from_bytes(material.expose())
    }

    pub(crate) fn public(&self) -> PublicKeys {
        PublicKeys {
            wrapping: self.wrapping().1.to_bytes().into(),
            signing: self.signing().verifying_key().to_bytes(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing().sign(message).to_bytes()
    }

    /// Takes the vault key out of its wrapping.
    pub(crate) fn unwrap(
        &self,
        wrapped: &[u8; WRAPPED],
        vault: VaultId,
        generation: u64,
    ) -> Option<Key> {
        let (exchange, sealed) = wrapped.split_at(32);
        let exchange = <Kem as hpke::Kem>::EncappedKey::from_bytes(exchange).ok()?;
        let info = wrapping_info(vault, generation, self.member);
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.wrapping().0,
            &exchange,
            &info,
            sealed,
            &[],
        );
        Key::copied(&Zeroizing::new(opened.ok()?))
    }
}

/// Wraps `vault_key` so that only the member with `public` can take it out.
pub(crate) fn wrap(
    vault_key: &Key,
    public: &[u8; 32],
    vault: VaultId,
    generation: u64,
    member: MemberId,
    entropy: &dyn Entropy,
) -> Result<[u8; WRAPPED]> {
    let info = wrapping_info(vault, generation, member);
    let sealed = seal_to(public, &info, vault_key.expose(), entropy)?;
    sealed.try_into().map_err(|_| VaultError::NoSuchMember)
}

/// Opens what was sealed to the inbox of a vault.
pub(crate) struct InboxKey {
    private: <Kem as hpke::Kem>::PrivateKey,
    public: <Kem as hpke::Kem>::PublicKey,
}

impl InboxKey {
    pub(crate) fn of(seed: &Key) -> Self {
        let (private, public) = Kem::derive_keypair(seed.expose());
        Self { private, public }
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.public.to_bytes().into()
    }

    /// Opens what [`seal_to`] sealed.
    pub(crate) fn open(&self, info: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (exchange, sealed) = sealed.split_at_checked(32)?;
        let exchange = <Kem as hpke::Kem>::EncappedKey::from_bytes(exchange).ok()?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.private,
            &exchange,
            info,
            sealed,
            &[],
        );
        opened.ok().map(Zeroizing::new)
    }
}

/// Seals `plain` so that only who has the other half of `public` can open it.
pub(crate) fn seal_to(
    public: &[u8; 32],
    info: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>> {
    let refused = |_| VaultError::NoSuchMember;
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(public).map_err(refused)?;
    let (exchange, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &public,
        info,
        plain,
        &[],
        &mut Handed(entropy),
    )
    .map_err(refused)?;
    Ok([exchange.to_bytes().as_slice(), &sealed].concat())
}

fn wrapping_info(vault: VaultId, generation: u64, member: MemberId) -> Vec<u8> {
    [b"keyturn 1 vault key".as_slice(), vault.bytes(), &generation.to_be_bytes(), member.bytes()]
        .concat()
}

/// Whether `signature` is of who holds the other half of `public`.
pub(crate) fn is_signed(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify(message, &Signature::from_bytes(signature)).is_ok())
}

/// The randomness that was handed in, as the HPKE crate takes it.
struct Handed<'a>(&'a dyn Entropy);

impl TryRng for Handed<'_> {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_ne_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_ne_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Handed<'_> {}
