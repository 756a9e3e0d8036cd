//! Private keys, in the formats in which they are handed about.
//!
//! Only what is public comes out of here; the private numbers are dropped as soon as the public
//! half is known.

use der::{
    Decode, Tag, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};
use ed25519_dalek::SigningKey;
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use sec1::EcPrivateKey;
use ssh_key::private::{EcdsaKeypair, KeypairData};

use crate::{
    pem_blocks::{Block, blocks},
    public::{Curve, EC, ED25519, Public, RSA, named},
};

/// More blocks than a key file has, with its parameters and a chain.
const MOST_BLOCKS: usize = 40;

/// What can be told of a private key without using it.
pub(crate) struct Private {
    /// Its public half, where it can be read or reckoned.
    pub(crate) public: Option<Public>,
    /// What it is used with.
    pub(crate) algorithm: Option<String>,
    /// Whether it opens with a pass phrase only.
    pub(crate) encrypted: bool,
}

impl Private {
    fn open(public: Public) -> Self {
        Self { algorithm: Some(public.algorithm()), public: Some(public), encrypted: false }
    }

    fn other(algorithm: String) -> Self {
        Self { public: None, algorithm: Some(algorithm), encrypted: false }
    }

    fn sealed(public: Option<Public>) -> Self {
        Self { algorithm: public.as_ref().map(Public::algorithm), public, encrypted: true }
    }
}

/// The first private key of a text.
pub(crate) fn read(text: &str) -> Option<Private> {
    blocks(text, MOST_BLOCKS).iter().find(|block| block.is_private_key()).and_then(of_block)
}

/// The private key of one block.
pub(crate) fn of_block(block: &Block<'_>) -> Option<Private> {
    let bytes = block.bytes.as_ref()?.as_slice();
    if block.encrypted {
        return (!bytes.is_empty()).then(|| Private::sealed(None));
    }
    match block.label {
        "PRIVATE KEY" => pkcs8(bytes),
        "ENCRYPTED PRIVATE KEY" => {
            let sequence = AnyRef::from_der(bytes).ok()?.tag() == Tag::Sequence;
            sequence.then(|| Private::sealed(None))
        }
        "RSA PRIVATE KEY" => rsa(bytes),
        "EC PRIVATE KEY" => ec(bytes, None),
        "DSA PRIVATE KEY" => {
            let sequence = AnyRef::from_der(bytes).ok()?.tag() == Tag::Sequence;
            sequence.then(|| Private::other("DSA".to_owned()))
        }
        "OPENSSH PRIVATE KEY" => openssh(bytes),
        _ => None,
    }
}

fn pkcs8(bytes: &[u8]) -> Option<Private> {
    let info = PrivateKeyInfoRef::from_der(bytes).ok()?;
    let key = info.private_key.as_bytes();
    match info.algorithm.oid {
        RSA => rsa(key),
        EC => {
            let curve = info.algorithm.parameters?.decode_as::<ObjectIdentifier>().ok()?;
            ec(key, Some(Curve::new(curve)))
        }
        ED25519 => {
            let seed = <&der::asn1::OctetStringRef>::from_der(key).ok()?;
            ed25519(seed.as_bytes())
        }
        other => Some(Private::other(named(other))),
    }
}

fn rsa(bytes: &[u8]) -> Option<Private> {
    let key = RsaPrivateKeyRef::from_der(bytes).ok()?;
    Some(Private::open(Public::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())))
}

fn ec(bytes: &[u8], curve: Option<Curve>) -> Option<Private> {
    let key = EcPrivateKey::from_der(bytes).ok()?;
    let named = key.parameters.and_then(sec1::EcParameters::named_curve).map(Curve::new);
    let curve = curve.or(named)?;
    let point = match curve {
        Curve::P256 | Curve::P384 => curve.point(key.private_key)?,
        Curve::P521 | Curve::Other(_) => match key.public_key {
            Some(point) => point.to_vec(),
            None => return Some(Private::other("EC".to_owned())),
        },
    };
    Public::ec(curve, &point).map(Private::open)
}

fn ed25519(seed: &[u8]) -> Option<Private> {
    let key = SigningKey::from_bytes(seed.try_into().ok()?);
    Some(Private::open(Public::Ed25519(key.verifying_key().to_bytes())))
}

fn openssh(bytes: &[u8]) -> Option<Private> {
    let Ok(key) = ssh_key::PrivateKey::from_bytes(bytes) else { return envelope(bytes) };
    let public = Public::of_ssh(key.public_key().key_data());
    match key.key_data() {
        KeypairData::Encrypted(_) => Some(Private::sealed(public)),
        // The public half is written beside the private one: what is believed is the private one.
        KeypairData::Ed25519(pair) => ed25519(&pair.private.to_bytes()),
        KeypairData::Ecdsa(EcdsaKeypair::NistP256 { private, .. }) => {
            Public::ec(Curve::P256, &Curve::P256.point(private.as_slice())?).map(Private::open)
        }
        KeypairData::Ecdsa(EcdsaKeypair::NistP384 { private, .. }) => {
            Public::ec(Curve::P384, &Curve::P384.point(private.as_slice())?).map(Private::open)
        }
        _ => public.map(Private::open),
    }
}

/// The ssh-key crate (0.6) refuses an ECDSA key whose number begins with a zero byte, as every other
/// one of P-521 does. Such a key is known by what stands around it.
fn envelope(bytes: &[u8]) -> Option<Private> {
    let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, rest) = part(rest)?;
    let (_, rest) = part(rest)?;
    let (_, rest) = part(rest)?;
    let one = rest.strip_prefix(&[0, 0, 0, 1])?;
    let (public, rest) = part(one)?;
    part(rest)?;
    let public = ssh_key::PublicKey::from_bytes(public).ok()?;
    let ecdsa = matches!(public.algorithm(), ssh_key::Algorithm::Ecdsa { .. });
    let public = Public::of_ssh(public.key_data()).filter(|_| ecdsa && cipher == b"none")?;
    Some(Private::open(public))
}

/// Bytes that begin with their length, and what comes after them.
fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
