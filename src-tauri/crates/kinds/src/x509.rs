//! A chain of X.509 certificates, put in order and looked through.
//!
//! Nothing here says that a chain is to be trusted: only that its parts belong together.

use std::{
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use der::Decode;
use keyturn_model::Timestamp;
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    ext::pkix::{BasicConstraints, SubjectAltName, name::GeneralName},
    time::Time,
};

use crate::{
    Facts, MOST_CERTIFICATES, Why,
    facts::shown,
    pem_blocks::blocks,
    public::{Public, of_certificate},
    signed,
};

/// More names than a certificate has in earnest.
const MOST_NAMES: usize = 500;

/// One certificate of a chain.
pub(crate) struct Link<'a> {
    certificate: Certificate,
    public: Option<Public>,
    der: Vec<u8>,
    /// Its place as it was pasted, counted from 1.
    at: usize,
    /// As it was pasted.
    pub(crate) text: &'a str,
}

impl Link<'_> {
    fn names_as_issuer(&self, other: &Self) -> bool {
        self.certificate.tbs_certificate().issuer() == other.certificate.tbs_certificate().subject()
    }

    fn issued_by(&self, other: &Self) -> bool {
        // A signature that cannot be checked here does not speak against the name.
        self.names_as_issuer(other)
            && other
                .public
                .as_ref()
                .is_none_or(|key| signed::by(&self.certificate, &self.der, key) != Some(false))
    }

    fn may_issue(&self) -> bool {
        let found = self.certificate.tbs_certificate().get_extension::<BasicConstraints>();
        found.ok().flatten().is_some_and(|(_, constraints)| constraints.ca)
    }

    fn fits(&self, key: &Public) -> bool {
        self.public.as_ref() == Some(key)
    }
}

/// The certificates of a text, the leaf first.
pub(crate) struct Chain<'a> {
    pub(crate) links: Vec<Link<'a>>,
    /// The certificate after which the chain does not go on though there are more, by its place as
    /// it was pasted.
    pub(crate) broken: Option<usize>,
}

/// The chain of `text`. With a private key at hand, the certificate that it fits is the leaf where
/// there is more than one that could be.
pub(crate) fn read<'a>(text: &'a str, key: Option<&Public>) -> Result<Chain<'a>, Why> {
    let found = blocks(text, MOST_CERTIFICATES + 1);
    if found.len() > MOST_CERTIFICATES {
        return Err(Why::TooMany { most: MOST_CERTIFICATES });
    }
    let mut links: Vec<Link<'a>> = Vec::new();
    for (at, block) in found.into_iter().enumerate() {
        if block.is_private_key() {
            return Err(Why::SecretInTheOpen);
        }
        let bytes =
            block.bytes.filter(|_| matches!(block.label, "CERTIFICATE" | "X509 CERTIFICATE"));
        let bytes = bytes.ok_or(Why::NotACertificate)?;
        let certificate = Certificate::from_der(&bytes).map_err(|_| Why::NotACertificate)?;
        if links.iter().all(|link| link.der != *bytes) {
            let public = of_certificate(&certificate);
            let der = bytes.to_vec();
            links.push(Link { certificate, public, der, at: at + 1, text: block.text });
        }
    }
    if links.is_empty() { Err(Why::NotACertificate) } else { Ok(ordered(links, key)) }
}

fn ordered<'a>(mut rest: Vec<Link<'a>>, key: Option<&Public>) -> Chain<'a> {
    let mut links = vec![rest.remove(leaf(&rest, key))];
    let mut broken = None;
    while let Some(last) = links.last()
        && !rest.is_empty()
    {
        match rest.iter().position(|other| last.issued_by(other)) {
            Some(next) => links.push(rest.remove(next)),
            None => {
                broken = Some(last.at);
                links.append(&mut rest);
            }
        }
    }
    Chain { links, broken }
}

/// The one that issued none of the others.
fn leaf(links: &[Link<'_>], key: Option<&Public>) -> usize {
    let issued_one = |link: &Link<'_>| {
        links.iter().any(|other| other.at != link.at && other.names_as_issuer(link))
    };
    let candidates = links.iter().enumerate().filter(|(_, link)| !issued_one(link));
    candidates
        .min_by_key(|(at, link)| (!key.is_some_and(|key| link.fits(key)), link.may_issue(), *at))
        .map_or(0, |(at, _)| at)
}

impl Chain<'_> {
    /// Whether the private key with this public half is that of the leaf. Nothing when it cannot be
    /// told.
    pub(crate) fn fits(&self, key: &Public) -> Option<bool> {
        let leaf = self.links.first()?.public.as_ref()?;
        Some(leaf == key)
    }

    /// What people call the leaf.
    pub(crate) fn name(&self) -> Option<String> {
        let facts = self.facts();
        let leaf = self.links.first()?;
        let subject = leaf.certificate.tbs_certificate().subject();
        let common = subject.common_name().ok().flatten();
        common.map(|name| shown(&name.value())).or_else(|| facts.names.into_iter().next())
    }

    /// What people call the one who issued the leaf.
    pub(crate) fn issuer_name(&self) -> Option<String> {
        let issuer = self.links.first()?.certificate.tbs_certificate().issuer();
        let name = issuer.organization().ok().flatten();
        let name = name.or_else(|| issuer.common_name().ok().flatten());
        name.map(|name| shown(&name.value()))
    }

    pub(crate) fn facts(&self) -> Facts {
        let Some(leaf) = self.links.first() else { return Facts::default() };
        let body = leaf.certificate.tbs_certificate();
        Facts {
            expires: moment(body.validity().not_after),
            issued_at: moment(body.validity().not_before),
            issuer: Some(shown(&body.issuer().to_string())),
            subject: Some(shown(&body.subject().to_string())).filter(|name| !name.is_empty()),
            names: names(&leaf.certificate),
            fingerprint: Some(colons(&Sha256::digest(&leaf.der))),
            serial: Some(colons(body.serial_number().as_bytes())),
            algorithm: leaf.public.as_ref().map(Public::algorithm),
            ..Facts::default()
        }
    }
}

fn moment(time: Time) -> Option<Timestamp> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Some(Timestamp(seconds.checked_mul(1000)?))
}

fn names(certificate: &Certificate) -> Vec<String> {
    let found = certificate.tbs_certificate().get_extension::<SubjectAltName>();
    let Some((_, SubjectAltName(names))) = found.ok().flatten() else { return Vec::new() };
    names.iter().filter_map(name).take(MOST_NAMES).collect()
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) | GeneralName::Rfc822Name(name) => Some(shown(name.as_str())),
        GeneralName::UniformResourceIdentifier(name) => Some(shown(name.as_str())),
        GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(|ip| ip.to_string()),
        GeneralName::DirectoryName(name) => Some(shown(&name.to_string())),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes)));
    let six = <[u8; 16]>::try_from(bytes).map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes)));
    four.or(six).ok()
}

/// Bytes as `0A:FF:…`.
fn colons(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            text.push(':');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}
