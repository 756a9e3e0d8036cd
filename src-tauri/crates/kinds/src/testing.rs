//! What the tests of this crate are made with: seeded randomness, tokens, certificates.

use std::{str::FromStr, sync::Mutex, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use der::{Encode, asn1::Ia5String};
use keyturn_model::Entropy;
use p256::{ecdsa::SigningKey, pkcs8::EncodePublicKey};
use pkcs8::spki::SubjectPublicKeyInfoOwned;
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate, TbsCertificate,
    builder::{Builder, CertificateBuilder, Result, profile::BuilderProfile},
    ext::{
        Extension, ToExtension,
        pkix::{BasicConstraints, SubjectAltName, name::GeneralName},
    },
    name::Name,
    serial_number::SerialNumber,
    time::{Time, Validity},
};

/// Randomness that is the same in every run.
pub(crate) struct Seeded(Mutex<u64>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed << 32))
    }
}

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut counter = self.0.lock().unwrap();
        for chunk in bytes.chunks_mut(32) {
            *counter += 1;
            let block = Sha256::digest(counter.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A token with this header and these claims, signed by nobody.
pub(crate) fn token(header: &str, claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(header), part(claims), part("fixture signature"))
}

/// A block of PEM around `der`.
pub(crate) fn pem_of(label: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(label, der))
}

struct Plain {
    subject: Name,
    issuer: Name,
    ca: bool,
    names: Vec<GeneralName>,
}

impl BuilderProfile for Plain {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: pkcs8::spki::SubjectPublicKeyInfoRef<'_>,
        _: pkcs8::spki::SubjectPublicKeyInfoRef<'_>,
        body: &TbsCertificate,
    ) -> Result<Vec<Extension>> {
        let mut all = vec![];
        let constraints = BasicConstraints { ca: self.ca, path_len_constraint: None };
        all.push(constraints.to_extension(body.subject(), &all)?);
        if !self.names.is_empty() {
            all.push(SubjectAltName(self.names.clone()).to_extension(body.subject(), &all)?);
        }
        Ok(all)
    }
}

/// Somebody with an EC P-256 key and a certificate for it.
pub(crate) struct Holder {
    name: String,
    key: SigningKey,
    pub(crate) certificate: Certificate,
}

impl Holder {
    /// With a certificate that `issuer` signed, or its own when there is none.
    pub(crate) fn new(name: &str, seed: u8, issuer: Option<&Self>, ca: bool) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        let by = issuer.map_or(name, |issuer| issuer.name.as_str());
        let names = if ca {
            vec![]
        } else {
            vec![
                GeneralName::DnsName(Ia5String::new("api.example.com").unwrap()),
                GeneralName::from(std::net::IpAddr::from([192, 0, 2, 7])),
            ]
        };
        let profile = Plain {
            subject: Name::from_str(name).unwrap(),
            issuer: Name::from_str(by).unwrap(),
            ca,
            names,
        };
        let at = |seconds| {
            Time::UtcTime(
                der::asn1::UtcTime::from_unix_duration(Duration::from_secs(seconds)).unwrap(),
            )
        };
        let validity = Validity::new(at(1_700_000_000), at(1_800_000_000));
        let spki = SubjectPublicKeyInfoOwned::from_key(key.verifying_key()).unwrap();
        let serial = SerialNumber::from(u32::from(seed) + 0x0A00);
        let builder = CertificateBuilder::new(profile, serial, validity, spki).unwrap();
        let signer = issuer.map_or(&key, |issuer| &issuer.key);
        let certificate = builder.build::<_, p256::ecdsa::DerSignature>(signer).unwrap();
        let _ = key.verifying_key().to_public_key_der().unwrap();
        Self { name: name.to_owned(), key, certificate }
    }

    pub(crate) fn pem(&self) -> String {
        pem_of("CERTIFICATE", &self.certificate.to_der().unwrap())
    }

    /// The private key as PKCS#8.
    pub(crate) fn key_pem(&self) -> String {
        use pkcs8::EncodePrivateKey;
        let key = p256::SecretKey::from(&self.key);
        pem_of("PRIVATE KEY", key.to_pkcs8_der().unwrap().as_bytes())
    }
}

/// A root, one below it, and a leaf.
pub(crate) fn three() -> (Holder, Holder, Holder) {
    let root = Holder::new("CN=fixture root,O=Fixture Trust", 1, None, true);
    let middle = Holder::new("CN=fixture middle,O=Fixture Trust", 2, Some(&root), true);
    let leaf = Holder::new("CN=api.example.com", 3, Some(&middle), false);
    (root, middle, leaf)
}
