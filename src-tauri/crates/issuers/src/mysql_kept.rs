//! Whether a password is what a MySQL server keeps: needed to tell the current one from the one beside it,
//! as the server lets in by both.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::mysql_wire::native_hash;

/// More would keep this computer busy for the server's pleasure.
const MOST_ROUNDS: usize = 100_000;
const SALT: usize = 20;
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether `kept` is kept of this password; none, when that cannot be told.
pub(crate) fn keeps(plugin: &str, kept: &[u8], password: &SecretString) -> Option<bool> {
    match plugin {
        "mysql_native_password" => Some(native_hash(password).as_bytes().ct_eq(kept).into()),
        "caching_sha2_password" => {
            // $A$, thousands of rounds in three hexadecimal digits, $, the salt, the digest.
            let rest = kept.strip_prefix(b"$A$")?;
            let (thousands, rest) = rest.split_at_checked(3)?;
            let (salt, digest) = rest.strip_prefix(b"$")?.split_at_checked(SALT)?;
            let thousands = usize::from_str_radix(str::from_utf8(thousands).ok()?, 16).ok()?;
            let rounds = thousands.checked_mul(1000).filter(|it| *it <= MOST_ROUNDS)?;
            let own = crypt(password.expose_secret().as_bytes(), salt, rounds);
            Some(own.as_slice().ct_eq(digest).into())
        }
        _ => None,
    }
}

/// SHA-crypt with SHA-256, as the server does it: with a salt of any length.
fn crypt(password: &[u8], salt: &[u8], rounds: usize) -> Zeroizing<Vec<u8>> {
    let hash = |parts: &[&[u8]]| -> Zeroizing<[u8; 32]> {
        let mut hash = Sha256::new();
        parts.iter().for_each(|part| hash.update(part));
        Zeroizing::new(hash.finalize().into())
    };
    let stretched = |from: &[u8; 32], length: usize| -> Zeroizing<Vec<u8>> {
        Zeroizing::new(from.iter().copied().cycle().take(length).collect())
    };
    let both = hash(&[password, salt, password]);
    let mut first = Zeroizing::new([password, salt].concat());
    first.extend_from_slice(&stretched(&both, password.len()));
    let mut length = password.len();
    while length > 0 {
        first.extend_from_slice(if length & 1 == 1 { &*both } else { password });
        length >>= 1;
    }
    let mut digest = hash(&[&first]);
    let passwords = stretched(&hash(&vec![password; password.len()]), password.len());
    let salts = stretched(&hash(&vec![salt; 16 + usize::from(digest[0])]), salt.len());
    for round in 0..rounds {
        let odd = round % 2 == 1;
        digest = hash(&[
            if odd { &passwords } else { &*digest },
            if round % 3 == 0 { &[] } else { &salts },
            if round % 7 == 0 { &[] } else { &passwords },
            if odd { &*digest } else { &passwords },
        ]);
    }
    written(&digest)
}

/// Three bytes are four digits, in an order of its own.
fn written(digest: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let byte = |at: usize| digest.get(at).copied().map_or(0, u32::from);
    let mut written = Zeroizing::new(Vec::with_capacity(43));
    let mut write = |bits: u32, digits: u32| {
        let digits = (0..digits).map(|digit| (bits >> (6 * digit)) & 63);
        written.extend(digits.filter_map(|it| DIGITS.get(usize::try_from(it).ok()?)));
    };
    let (mut a, mut b, mut c) = (0, 10, 20);
    for _ in 0..10 {
        write(byte(a) << 16 | byte(b) << 8 | byte(c), 4);
        (a, b, c) = (c + 1, a + 1, b + 1);
    }
    write(byte(31) << 8 | byte(30), 3);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a server of version 9.7 kept them, in hexadecimal.
    const KEPT: [(&str, &str); 3] = [
        (
            "fixture one",
            "24412430304124100454083b7c33594d6a73347c673b5c0976105b47553351414377505843315742434a\
             35455263514d7375637a64744c4e6d32704631336466595942634b35",
        ),
        (
            "a fixture that is much longer than the thirty-two bytes of a digest",
            "24412430304124690621070a2d6a5f6d26225f74543d024672506670462f4a694e6f4b5430414b483530\
             6175664f55596962396839494f7146795641596d61394f434b696435",
        ),
        (
            "f",
            "244124303041244f6d2b27770e3f20423d1d130540114c0f2072213173774f4f6f6e416c71396b2e696b\
             544f695838714a3142383649744b524431786d724c51447472494941",
        ),
    ];

    fn bytes(hex: &str) -> Vec<u8> {
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(byte).collect()
    }

    #[test]
    fn a_password_is_known_again_in_what_a_server_keeps_of_it() {
        for (password, kept) in KEPT {
            for (other, _) in KEPT {
                let found = keeps("caching_sha2_password", &bytes(kept), &other.into());
                assert_eq!(found, Some(other == password), "{other}");
            }
        }
        let kept = b"*0E04F5E3C3160CF49A6488C37378358AAF3E6A5D";
        assert_eq!(keeps("mysql_native_password", kept, &"fixture one".into()), Some(true));
        assert_eq!(keeps("mysql_native_password", kept, &"fixture two".into()), Some(false));
    }

    #[test]
    fn what_cannot_be_compared_is_never_taken_for_another_password() {
        let password = "fixture one".into();
        let [(_, kept), ..] = KEPT;
        let many = kept.replacen("303041", "464646", 1);
        for kept in [bytes(&many), bytes(&kept[..40]), b"$A$".to_vec(), Vec::new()] {
            assert_eq!(keeps("caching_sha2_password", &kept, &password), None);
        }
        assert_eq!(keeps("authentication_ldap_simple", b"fixture one", &password), None);
    }
}
