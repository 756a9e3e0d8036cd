//! A file under a password of its own: the encrypted export. Whoever has the file and the password
//! opens it, without a vault (docs/vault-format.md, "The encrypted export").
//!
//! Nothing is derived before the header was found whole and its cost within bounds, and no byte is
//! handed out before all of them were found right. It never touches the disk.

use std::path::{Path, PathBuf};

use keyturn_model::Entropy;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{VaultError, cost::Cost, error::Result, keys::derive, secret::Key, stream};

const MAGIC: &[u8; 8] = b"KTRNEXPT";
const FORMAT: u16 = 1;
/// Magic, format, cost, salt, length of what is sealed.
const FIELDS: usize = 8 + 2 + 3 * 4 + 32 + 8;
const SEAL: usize = 32;
const SUM: usize = 32;
const HEADER: usize = FIELDS + SEAL + SUM;

/// What the password opens: the seal says whether it is the right one, the key opens the rest.
struct Opened {
    seal: Key,
    body: Key,
}

impl Opened {
    fn by(password: &SecretString, cost: Cost, salt: &[u8; 32], fields: &[u8]) -> Result<Self> {
        let key = cost.derive(password, salt)?;
        let one = |what: &[u8]| derive(key.expose(), salt, &[what, fields]);
        Ok(Self { seal: one(b"keyturn 1 export seal"), body: one(b"keyturn 1 export body") })
    }
}

/// Whether a file that begins so says that it is an encrypted export.
#[must_use]
pub fn is_sealed_file(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

/// Seals `plain` under `password`: all that the file is to hold.
///
/// # Errors
/// When the cost is out of bounds, or the system does not have the memory.
pub fn seal_file(
    plain: &[u8],
    password: &SecretString,
    cost: Cost,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>> {
    let mut salt = [0; 32];
    entropy.fill(&mut salt);
    let mut header = [
        MAGIC.as_slice(),
        &FORMAT.to_be_bytes(),
        &cost.memory_kib.to_be_bytes(),
        &cost.passes.to_be_bytes(),
        &cost.lanes.to_be_bytes(),
        &salt,
        &u64::try_from(plain.len()).unwrap_or(u64::MAX).to_be_bytes(),
    ]
    .concat();
    let opened = Opened::by(password, cost, &salt, &header)?;
    header.extend_from_slice(opened.seal.expose());
    let sum = Sha256::digest(&header);
    header.extend_from_slice(&sum);
    let mut sealed = header.clone();
    stream::seal(&opened.body, &header, &mut &*plain, &mut sealed)
        .map_err(|reason| VaultError::Unwritable { file: PathBuf::new(), reason })?;
    Ok(sealed)
}

/// What is in `sealed`; `file` is where it was read, for the errors.
///
/// # Errors
/// [`VaultError::WrongKey`] when the password is another one. Before anything is derived:
/// [`VaultError::NotABackup`] when it is no export, [`VaultError::Newer`], [`VaultError::Truncated`],
/// [`VaultError::BackupDamaged`], [`VaultError::CostRefused`].
pub fn open_sealed_file(
    sealed: &[u8],
    password: &SecretString,
    file: &Path,
) -> Result<Zeroizing<Vec<u8>>> {
    let damaged = || VaultError::BackupDamaged(file.to_owned());
    let truncated = || VaultError::Truncated(file.to_owned());

    let rest = sealed.strip_prefix(MAGIC).ok_or_else(|| VaultError::NotABackup(file.to_owned()))?;
    let (format, _) = rest.split_first_chunk().ok_or_else(truncated)?;
    let format = u16::from_be_bytes(*format);
    if format > FORMAT {
        return Err(VaultError::Newer { file: file.to_owned(), format: format.into() });
    }
    let (header, body) = sealed.split_at_checked(HEADER).ok_or_else(truncated)?;
    let (summed, sum) = header.split_at(FIELDS + SEAL);
    if Sha256::digest(summed).as_slice() != sum || format != FORMAT {
        return Err(damaged());
    }
    let (fields, seal) = summed.split_at(FIELDS);
    let (cost, salt, length) = read(fields).ok_or_else(damaged)?;
    let cost = cost.check()?;
    let whole = stream::sealed_length(length).ok_or_else(damaged)?;
    if body.len() < whole {
        return Err(truncated());
    }
    if body.len() > whole {
        return Err(damaged());
    }

    let opened = Opened::by(password, cost, salt, fields)?;
    if opened.seal.expose() != seal {
        return Err(VaultError::WrongKey);
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(length));
    for chunk in stream::Opening::new(&opened.body, header, body) {
        plain.extend_from_slice(&chunk.map_err(|_| damaged())?);
    }
    Ok(plain)
}

/// Cost, salt and length behind magic and format.
fn read(fields: &[u8]) -> Option<(Cost, &[u8; 32], usize)> {
    let rest = fields.get(MAGIC.len() + 2..)?;
    let (memory, rest) = rest.split_first_chunk()?;
    let (passes, rest) = rest.split_first_chunk()?;
    let (lanes, rest) = rest.split_first_chunk()?;
    let (salt, length) = rest.split_first_chunk()?;
    let cost = Cost {
        memory_kib: u32::from_be_bytes(*memory),
        passes: u32::from_be_bytes(*passes),
        lanes: u32::from_be_bytes(*lanes),
    };
    let length = u64::from_be_bytes(length.try_into().ok()?);
    Some((cost, salt, usize::try_from(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "fixture password of an export";

    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (byte, number) in bytes.iter_mut().zip(0..) {
                *byte = number;
            }
        }
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        seal_file(plain, &PASSWORD.into(), Cost::FLOOR, &Counting).expect("sealed")
    }

    fn opened(sealed: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>> {
        open_sealed_file(sealed, &password.into(), Path::new("team.keyturn-export"))
    }

    /// With a sum that is right again, as somebody makes it who knows the format.
    fn mended(mut sealed: Vec<u8>) -> Vec<u8> {
        let sum = Sha256::digest(&sealed[..FIELDS + SEAL]);
        sealed[FIELDS + SEAL..HEADER].copy_from_slice(&sum);
        sealed
    }

    #[test]
    fn what_was_sealed_opens_with_its_password_whatever_its_size() {
        for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let plain: Vec<u8> = (0..=255).cycle().take(length).collect();
            let sealed = sealed(&plain);
            assert!(is_sealed_file(&sealed));
            assert_eq!(*opened(&sealed, PASSWORD).expect("opened"), plain, "{length}");
        }
    }

    #[test]
    fn no_byte_of_what_is_sealed_stands_in_the_file() {
        let sealed = sealed(b"hunter2hunter2");
        assert!(!sealed.windows(7).any(|bytes| bytes == b"hunter2"));
    }

    #[test]
    fn another_password_is_told_from_damage() {
        let refused = opened(&sealed(b"one"), "fixture password of nobody");
        assert!(matches!(refused, Err(VaultError::WrongKey)), "{refused:?}");
    }

    #[test]
    fn the_password_may_be_typed_in_another_form_of_the_same_letters() {
        let sealed =
            seal_file(b"one", &"Schlüssel".into(), Cost::FLOOR, &Counting).expect("sealed");
        assert_eq!(**opened(&sealed, "Schlu\u{308}ssel").expect("opened"), *b"one");
    }

    #[test]
    fn a_flipped_byte_of_the_header_is_refused_and_nobody_is_asked_for_another_password() {
        let whole = sealed(b"one");
        for at in 0..HEADER {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            let refused = opened(&flipped, PASSWORD).expect_err("refused");
            let fits = match at {
                0..8 => matches!(refused, VaultError::NotABackup(_)),
                8 => matches!(refused, VaultError::Newer { format: 257, .. }),
                _ => matches!(refused, VaultError::BackupDamaged(_)),
            };
            assert!(fits, "byte {at}: {refused:?}");
        }
    }

    #[test]
    fn a_header_that_somebody_else_wrote_is_not_taken_for_ours() {
        let whole = sealed(b"one");
        let passes = 8 + 2 + 4 + 3;
        let salt = 8 + 2 + 12;
        for at in [passes, salt, FIELDS] {
            let mut forged = whole.clone();
            forged[at] ^= 1;
            let refused = opened(&mended(forged), PASSWORD);
            assert!(matches!(refused, Err(VaultError::WrongKey)), "byte {at}: {refused:?}");
        }
        // One byte less, in the length and in the body.
        let mut forged = whole[..whole.len() - 1].to_vec();
        forged[FIELDS - 1] -= 1;
        let refused = opened(&mended(forged), PASSWORD);
        assert!(matches!(refused, Err(VaultError::WrongKey)), "{refused:?}");
    }

    #[test]
    fn a_damaged_body_is_refused_wherever_it_is_damaged() {
        let whole = sealed(&[7; 70_000]);
        for at in [HEADER, HEADER + 65_536, HEADER + 65_552, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            let refused = opened(&flipped, PASSWORD);
            assert!(matches!(refused, Err(VaultError::BackupDamaged(_))), "{at}: {refused:?}");
        }
        let longer = [whole, vec![0]].concat();
        assert!(matches!(opened(&longer, PASSWORD), Err(VaultError::BackupDamaged(_))));
    }

    #[test]
    fn a_truncated_file_is_told_wherever_it_ends() {
        let whole = sealed(&[7; 70_000]);
        let inside = [HEADER, HEADER + 65_552, whole.len() - 17, whole.len() - 1];
        for end in (8..HEADER).chain(inside) {
            let refused = opened(&whole[..end], PASSWORD);
            assert!(matches!(refused, Err(VaultError::Truncated(_))), "{end}: {refused:?}");
        }
        for end in 0..8 {
            assert!(!is_sealed_file(&whole[..end]));
            assert!(matches!(opened(&whole[..end], PASSWORD), Err(VaultError::NotABackup(_))));
        }
    }

    #[test]
    fn a_cost_out_of_bounds_is_refused_before_anything_is_derived() {
        let whole = sealed(b"one");
        let odd = [(10, u32::MAX), (10, 1024), (14, u32::MAX), (14, 0), (18, u32::MAX), (18, 0)];
        for (at, value) in odd {
            let mut costly = whole.clone();
            costly[at..at + 4].copy_from_slice(&value.to_be_bytes());
            let refused = opened(&mended(costly), PASSWORD);
            assert!(matches!(refused, Err(VaultError::CostRefused)), "{at}: {refused:?}");
        }
        let free = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        let refused = seal_file(b"one", &PASSWORD.into(), free, &Counting);
        assert!(matches!(refused, Err(VaultError::CostRefused)), "{refused:?}");
    }

    #[test]
    fn a_newer_format_is_told_even_when_its_header_looks_different() {
        let newer = [MAGIC.as_slice(), &2_u16.to_be_bytes(), b"whatever comes"].concat();
        let refused = opened(&newer, PASSWORD);
        assert!(matches!(refused, Err(VaultError::Newer { format: 2, .. })), "{refused:?}");
    }
}
