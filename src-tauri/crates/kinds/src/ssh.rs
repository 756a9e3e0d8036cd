//! SSH keys: the public half, and the fingerprint that `ssh-keygen -l` shows.

use ssh_key::{HashAlg, PublicKey};

use crate::{Facts, facts::shown, private, public::Public};

/// The public key of one line, as in `authorized_keys`.
pub(crate) fn public_key(line: &str) -> Option<PublicKey> {
    let line = line.trim();
    if line.contains(['\n', '\r']) {
        return None;
    }
    PublicKey::from_openssh(line).ok()
}

/// A public key in one line.
pub(crate) fn line(public: &Public) -> Option<String> {
    PublicKey::new(public.to_ssh()?, "").to_openssh().ok()
}

/// The line of the public half of a private key, where that can be told.
#[must_use]
pub fn public_line(private_key: &str) -> Option<String> {
    private::read(private_key)?.public.as_ref().and_then(line)
}

/// `SHA256:…` of a public key.
fn fingerprint(public: &Public) -> Option<String> {
    public.to_ssh().map(|key| key.fingerprint(HashAlg::Sha256).to_string())
}

/// What the two halves tell: the private one first, as it is the credential.
pub(crate) fn facts(private_key: Option<&str>, public_line: Option<&str>) -> Facts {
    let private = private_key.and_then(private::read);
    let line = public_line.and_then(public_key);
    let of_private = private.as_ref().and_then(|key| key.public.as_ref());
    let fingerprint = of_private
        .and_then(fingerprint)
        .or_else(|| line.as_ref().map(|key| key.fingerprint(HashAlg::Sha256).to_string()));
    let algorithm = private.as_ref().and_then(|key| key.algorithm.clone()).or_else(|| {
        line.as_ref().and_then(|key| Public::of_ssh(key.key_data())).map(|key| key.algorithm())
    });
    let subject = line.map(|key| shown(key.comment())).filter(|comment| !comment.is_empty());
    let encrypted = private.is_some_and(|key| key.encrypted);
    Facts { fingerprint, algorithm, subject, encrypted, ..Facts::default() }
}
