//! Whether one certificate was signed with the key of another.

use der::{Decode, Header, Reader, SliceReader, asn1::ObjectIdentifier};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BigUint, Pkcs1v15Sign};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::Certificate;

use crate::public::{Curve, Public};

const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Longer keys would take their time; nobody issues with them.
const LONGEST_RSA: usize = 8192;

/// Whether the signature on `certificate`, whose bytes are `der`, is that of `issuer`. Nothing when
/// the algorithm is not one that can be checked here.
pub(crate) fn by(certificate: &Certificate, der: &[u8], issuer: &Public) -> Option<bool> {
    let signed = body(der)?;
    let signature = certificate.signature().as_bytes()?;
    let algorithm = certificate.signature_algorithm().oid;
    match algorithm {
        RSA_SHA256 | RSA_SHA384 | RSA_SHA512 => rsa_signed(algorithm, signed, signature, issuer),
        ECDSA_SHA256 => ecdsa_signed(&Sha256::digest(signed), signature, issuer),
        ECDSA_SHA384 => ecdsa_signed(&Sha384::digest(signed), signature, issuer),
        ECDSA_SHA512 => ecdsa_signed(&Sha512::digest(signed), signature, issuer),
        ED25519 => {
            let Public::Ed25519(key) = issuer else { return Some(false) };
            let key = VerifyingKey::from_bytes(key).ok();
            let signature = Signature::from_slice(signature).ok();
            Some(key.zip(signature).is_some_and(|(k, s)| k.verify(signed, &s).is_ok()))
        }
        _ => None,
    }
}

/// The part that is signed, byte for byte as it came.
fn body(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    reader.tlv_bytes().ok()
}

fn rsa_signed(
    algorithm: ObjectIdentifier,
    signed: &[u8],
    signature: &[u8],
    issuer: &Public,
) -> Option<bool> {
    let Public::Rsa { modulus, exponent } = issuer else { return Some(false) };
    let n = BigUint::from_bytes_be(modulus);
    let e = BigUint::from_bytes_be(exponent);
    let key = rsa::RsaPublicKey::new_with_max_size(n, e, LONGEST_RSA).ok()?;
    let (scheme, hash) = match algorithm {
        RSA_SHA256 => (Pkcs1v15Sign::new::<rsa::sha2::Sha256>(), Sha256::digest(signed).to_vec()),
        RSA_SHA384 => (Pkcs1v15Sign::new::<rsa::sha2::Sha384>(), Sha384::digest(signed).to_vec()),
        _ => (Pkcs1v15Sign::new::<rsa::sha2::Sha512>(), Sha512::digest(signed).to_vec()),
    };
    Some(key.verify(scheme, &hash, signature).is_ok())
}

fn ecdsa_signed(hash: &[u8], signature: &[u8], issuer: &Public) -> Option<bool> {
    let Public::Ec { curve, point } = issuer else { return Some(false) };
    match curve {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = p256::ecdsa::Signature::from_der(signature);
            Some(signature.is_ok_and(|s| key.verify_prehash(hash, &s).is_ok()))
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = p384::ecdsa::Signature::from_der(signature);
            Some(signature.is_ok_and(|s| key.verify_prehash(hash, &s).is_ok()))
        }
        Curve::P521 | Curve::Other(_) => None,
    }
}
