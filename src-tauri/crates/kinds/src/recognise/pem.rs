//! PEM: certificates and keys, several to a paste.

use keyturn_model::Kind;
use zeroize::Zeroizing;

use super::Recognised;
use crate::{
    MOST_CERTIFICATES,
    facts::shown,
    pem_blocks::{Block, blocks},
    private,
    public::Public,
    ssh, x509,
};

/// A chain, its key, and what tools put between.
const MOST_BLOCKS: usize = MOST_CERTIFICATES + 8;

pub(super) fn recognise(text: &str) -> Option<Recognised> {
    if !text.contains("-----BEGIN ") {
        return None;
    }
    // In variables the line ends are often written out.
    let written_out = !text.contains('\n') && text.contains("\\n");
    if written_out {
        let unfolded = Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n"));
        return of_blocks(&blocks(&unfolded, MOST_BLOCKS));
    }
    of_blocks(&blocks(text, MOST_BLOCKS))
}

fn of_blocks(found: &[Block<'_>]) -> Option<Recognised> {
    let key = found.iter().find(|block| block.is_private_key());
    let key = key.and_then(|block| Some((block, private::of_block(block)?)));
    let certificates: Vec<&str> =
        found.iter().filter(|block| block.is_certificate()).map(|block| block.text).collect();
    if !certificates.is_empty() {
        let public = key.as_ref().and_then(|(_, key)| key.public.as_ref());
        return certificate(&certificates, key.as_ref().map(|(block, _)| block.text), public);
    }
    let (block, key) = key?;
    match block.label {
        // The keys that clouds hand out for their machines are of the old RSA form.
        "OPENSSH PRIVATE KEY" | "RSA PRIVATE KEY" | "DSA PRIVATE KEY" => {
            let line = key.public.as_ref().and_then(ssh::line);
            let found = Recognised::new(Kind::SshKey).named("SSH key");
            let found = found.with("privateKey", block.text);
            Some(found.with("publicKey", &line.unwrap_or_default()))
        }
        _ => {
            let algorithm = match &key.public {
                Some(Public::Rsa { .. }) => "RS256",
                Some(Public::Ec { .. }) if key.algorithm.as_deref() == Some("EC P-256") => "ES256",
                Some(Public::Ed25519(_)) => "EdDSA",
                _ => "",
            };
            let found = Recognised::new(Kind::SigningKey).named("Signing key");
            Some(found.with("secret", block.text).with("algorithm", algorithm))
        }
    }
}

/// The leaf first, and each block in a line of its own.
fn certificate(
    certificates: &[&str],
    key: Option<&str>,
    public: Option<&Public>,
) -> Option<Recognised> {
    let pasted = certificates.join("\n");
    let chain = x509::read(&pasted, public).ok()?;
    let ordered: Vec<&str> = chain.links.iter().map(|link| link.text).collect();
    let text = format!("{}\n", ordered.join("\n"));
    let found = Recognised::new(Kind::Certificate)
        .named(&shown(&chain.name().unwrap_or_default()))
        .issued_by(&chain.issuer_name().unwrap_or_default());
    Some(found.with("chain", &text).with("privateKey", key.unwrap_or_default()))
}
