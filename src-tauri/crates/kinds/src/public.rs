//! The public half of a key pair, in one form for all formats, so that two can be compared.

use der::{Decode, Encode, asn1::ObjectIdentifier};
use p256::elliptic_curve::sec1::ToSec1Point;
use pkcs1::RsaPublicKeyRef;
use pkcs8::spki::SubjectPublicKeyInfoRef;
use ssh_key::{Mpint, public::KeyData};

use crate::pem_blocks::blocks;

/// More blocks than a file with a public key has.
const MOST_BLOCKS: usize = 40;

pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(crate) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(crate) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");

/// The curve of an EC key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Other(ObjectIdentifier),
}

impl Curve {
    pub(crate) fn new(oid: ObjectIdentifier) -> Self {
        match oid {
            P256 => Self::P256,
            P384 => Self::P384,
            P521 => Self::P521,
            other => Self::Other(other),
        }
    }

    /// The public point of a private number, where the curve can be reckoned with here.
    pub(crate) fn point(self, number: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::P256 => {
                let key = p256::SecretKey::from_slice(number).ok()?.public_key();
                Some(key.to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P384 => {
                let key = p384::SecretKey::from_slice(number).ok()?.public_key();
                Some(key.to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P521 | Self::Other(_) => None,
        }
    }

    /// The point written out with both coordinates; nothing when it is not on the curve.
    fn whole(self, point: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::P256 => {
                let key = p256::PublicKey::from_sec1_bytes(point).ok()?;
                Some(key.to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P384 => {
                let key = p384::PublicKey::from_sec1_bytes(point).ok()?;
                Some(key.to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P521 | Self::Other(_) => Some(point.to_vec()),
        }
    }
}

/// A public key. Two are equal when they are the same key, whatever they were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Public {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Ec { curve: Curve, point: Vec<u8> },
    Ed25519([u8; 32]),
    Other { algorithm: String, bytes: Vec<u8> },
}

impl Public {
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        let bare = |bytes: &[u8]| -> Vec<u8> {
            bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
        };
        Self::Rsa { modulus: bare(modulus), exponent: bare(exponent) }
    }

    pub(crate) fn ec(curve: Curve, point: &[u8]) -> Option<Self> {
        Some(Self::Ec { curve, point: curve.whole(point)? })
    }

    /// As X.509 writes it.
    pub(crate) fn of_spki(der: &[u8]) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        let bytes = info.subject_public_key.as_bytes()?;
        match info.algorithm.oid {
            RSA | RSA_PSS => {
                let key = RsaPublicKeyRef::from_der(bytes).ok()?;
                Some(Self::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes()))
            }
            EC => {
                let curve = info.algorithm.parameters?.decode_as::<ObjectIdentifier>().ok()?;
                Self::ec(Curve::new(curve), bytes)
            }
            ED25519 => Some(Self::Ed25519(bytes.try_into().ok()?)),
            other => Some(Self::Other { algorithm: named(other), bytes: bytes.to_vec() }),
        }
    }

    /// The first one of a text.
    pub(crate) fn of_pem(text: &str) -> Option<Self> {
        let found = blocks(text, MOST_BLOCKS);
        let block = found.iter().find(|block| block.label == "PUBLIC KEY")?;
        Self::of_spki(block.bytes.as_ref()?)
    }

    /// As SSH writes it.
    pub(crate) fn of_ssh(key: &KeyData) -> Option<Self> {
        match key {
            KeyData::Rsa(key) => {
                Some(Self::rsa(key.n.as_positive_bytes()?, key.e.as_positive_bytes()?))
            }
            KeyData::Ed25519(key) => Some(Self::Ed25519(key.0)),
            KeyData::Ecdsa(key) => {
                let curve = match key.curve() {
                    ssh_key::EcdsaCurve::NistP256 => Curve::P256,
                    ssh_key::EcdsaCurve::NistP384 => Curve::P384,
                    ssh_key::EcdsaCurve::NistP521 => Curve::P521,
                };
                Self::ec(curve, key.as_sec1_bytes())
            }
            other => {
                let algorithm = other.algorithm().to_string();
                let bytes = ssh_key::PublicKey::new(other.clone(), "").to_bytes().ok()?;
                Some(Self::Other { algorithm, bytes })
            }
        }
    }

    /// For SSH, where SSH knows such keys.
    pub(crate) fn to_ssh(&self) -> Option<KeyData> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let n = Mpint::from_positive_bytes(modulus).ok()?;
                let e = Mpint::from_positive_bytes(exponent).ok()?;
                Some(KeyData::Rsa(ssh_key::public::RsaPublicKey { e, n }))
            }
            Self::Ec { curve: Curve::Other(_), .. } | Self::Other { .. } => None,
            Self::Ec { point, .. } => {
                let key = ssh_key::public::EcdsaPublicKey::from_sec1_bytes(point).ok()?;
                Some(KeyData::Ecdsa(key))
            }
            Self::Ed25519(bytes) => {
                Some(KeyData::Ed25519(ssh_key::public::Ed25519PublicKey(*bytes)))
            }
        }
    }

    /// In the words of the screens.
    pub(crate) fn algorithm(&self) -> String {
        match self {
            Self::Rsa { modulus, .. } => {
                let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
                format!("RSA {}", (modulus.len() * 8).saturating_sub(zeros))
            }
            Self::Ec { curve: Curve::P256, .. } => "EC P-256".to_owned(),
            Self::Ec { curve: Curve::P384, .. } => "EC P-384".to_owned(),
            Self::Ec { curve: Curve::P521, .. } => "EC P-521".to_owned(),
            Self::Ec { curve: Curve::Other(SECP256K1), .. } => "EC secp256k1".to_owned(),
            Self::Ec { curve: Curve::Other(oid), .. } => format!("EC {oid}"),
            Self::Ed25519(_) => "Ed25519".to_owned(),
            Self::Other { algorithm, .. } => algorithm.clone(),
        }
    }
}

/// What people call an algorithm that is not reckoned with here.
pub(crate) fn named(oid: ObjectIdentifier) -> String {
    match oid.to_string().as_str() {
        "1.3.101.110" => "X25519".to_owned(),
        "1.3.101.111" => "X448".to_owned(),
        "1.3.101.113" => "Ed448".to_owned(),
        "1.2.840.10040.4.1" => "DSA".to_owned(),
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44".to_owned(),
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65".to_owned(),
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87".to_owned(),
        other => other.to_owned(),
    }
}

/// The public key of a certificate.
pub(crate) fn of_certificate(certificate: &x509_cert::Certificate) -> Option<Public> {
    let der = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    Public::of_spki(&der)
}
