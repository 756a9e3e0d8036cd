//! What stands before the encrypted part: ciphers, seeds, and what deriving the key costs.

use crate::{ReadError, limits::Derivation as Most};

/// How every database of KeePass 2 begins.
pub(super) const SIGNATURE: [u8; 8] = [0x03, 0xD9, 0xA2, 0x9A, 0x67, 0xFB, 0x4B, 0xB5];

const AES: [u8; 16] = *b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff";
const TWOFISH: [u8; 16] = *b"\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c";
const CHACHA: [u8; 16] = *b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";

const AES_KDF_3: [u8; 16] = *b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea";
const AES_KDF_4: [u8; 16] = *b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38";
const ARGON2D: [u8; 16] = *b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c";
const ARGON2ID: [u8; 16] = *b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6";

/// What the content is encrypted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes,
    Twofish,
    ChaCha,
}

/// What single values are masked with inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    Plain,
    Salsa,
    ChaCha,
}

impl Mask {
    pub(super) fn numbered(number: &[u8]) -> Result<Self, ReadError> {
        match number_of::<4>(number).map(u32::from_le_bytes)? {
            0 => Ok(Self::Plain),
            2 => Ok(Self::Salsa),
            3 => Ok(Self::ChaCha),
            _ => Err(ReadError::Unsupported("it masks values in an unknown way")),
        }
    }
}

/// How the key is made from the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Derivation {
    Aes { rounds: u64, seed: [u8; 32] },
    Argon2 { id: bool, version: u32, memory: u64, passes: u64, lanes: u32, salt: Vec<u8> },
}

impl Derivation {
    /// Whether it may be done at all: asked before it is.
    pub(super) fn allowed(&self, most: &Most) -> Result<(), ReadError> {
        let within = match self {
            Self::Aes { rounds, .. } => *rounds <= most.aes_rounds,
            Self::Argon2 { memory, passes, lanes, .. } => {
                *memory <= most.argon2_memory
                    && *passes <= most.argon2_passes
                    && *lanes <= most.argon2_lanes
                    && memory.saturating_mul(*passes) <= most.argon2_work
            }
        };
        if within { Ok(()) } else { Err(ReadError::TooCostly) }
    }
}

/// What is only in version 3, where the inner header does not exist yet.
#[derive(Debug, Clone)]
pub(super) struct Third {
    pub(super) start: Vec<u8>,
    pub(super) mask: Mask,
    pub(super) mask_key: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Bytes up to what is encrypted, or (in version 4) up to its checksum.
    pub(super) length: usize,
    pub(super) cipher: Cipher,
    pub(super) packed: bool,
    pub(super) seed: Vec<u8>,
    pub(super) iv: Vec<u8>,
    pub(super) derivation: Derivation,
    /// In version 3.
    pub(super) third: Option<Third>,
}

/// Fields by number; a number that comes twice counts the last time.
struct Fields<'a>(Vec<(u8, &'a [u8])>);

impl<'a> Fields<'a> {
    fn get(&self, number: u8) -> Result<&'a [u8], ReadError> {
        self.0.iter().rev().find(|(n, _)| *n == number).map(|(_, b)| *b).ok_or(ReadError::header())
    }
}

pub(super) fn number_of<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ReadError> {
    bytes.try_into().map_err(|_| ReadError::header())
}

/// Takes `n` bytes off the front.
pub(super) fn take<'a>(rest: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(n)?;
    *rest = back;
    Some(front)
}

pub(super) fn read(bytes: &[u8]) -> Result<Header, ReadError> {
    let mut rest = bytes.strip_prefix(&SIGNATURE).ok_or(ReadError::NotThisFormat)?;
    let version = take(&mut rest, 4).ok_or(ReadError::header())?;
    let (minor, major) = (
        u16::from_le_bytes([version[0], version[1]]),
        u16::from_le_bytes([version[2], version[3]]),
    );
    match major {
        3 | 4 => {}
        0..=2 => return Err(ReadError::Unsupported("it is older than version 3 of the format")),
        _ => return Err(ReadError::Newer { version: format!("{major}.{minor}") }),
    }
    let mut fields = Fields(Vec::new());
    loop {
        let number = take(&mut rest, 1).ok_or(ReadError::header())?[0];
        let length = if major == 3 {
            u32::from(u16::from_le_bytes(number_of(
                take(&mut rest, 2).ok_or(ReadError::header())?,
            )?))
        } else {
            u32::from_le_bytes(number_of(take(&mut rest, 4).ok_or(ReadError::header())?)?)
        };
        let content = take(&mut rest, length as usize).ok_or(ReadError::header())?;
        if number == 0 {
            break;
        }
        fields.0.push((number, content));
        if fields.0.len() > 100 {
            return Err(ReadError::header());
        }
    }
    let cipher = match number_of::<16>(fields.get(2)?)? {
        AES => Cipher::Aes,
        TWOFISH => Cipher::Twofish,
        CHACHA => Cipher::ChaCha,
        _ => return Err(ReadError::Unsupported("it is encrypted in an unknown way")),
    };
    let packed = match u32::from_le_bytes(number_of(fields.get(3)?)?) {
        0 => false,
        1 => true,
        _ => return Err(ReadError::Unsupported("it is packed in an unknown way")),
    };
    let (derivation, third) = if major == 3 {
        let rounds = u64::from_le_bytes(number_of(fields.get(6)?)?);
        let third = Third {
            start: fields.get(9)?.to_vec(),
            mask: Mask::numbered(fields.get(10)?)?,
            mask_key: fields.get(8)?.to_vec(),
        };
        if third.start.len() != 32 {
            return Err(ReadError::header());
        }
        (Derivation::Aes { rounds, seed: number_of(fields.get(5)?)? }, Some(third))
    } else {
        (derivation(fields.get(11)?)?, None)
    };
    Ok(Header {
        length: bytes.len() - rest.len(),
        cipher,
        packed,
        seed: fields.get(4)?.to_vec(),
        iv: fields.get(7)?.to_vec(),
        derivation,
        third,
    })
}

/// Reads the dictionary that version 4 keeps the costs in.
fn derivation(mut rest: &[u8]) -> Result<Derivation, ReadError> {
    let version = take(&mut rest, 2).ok_or(ReadError::header())?;
    if version[1] != 1 {
        return Err(ReadError::header());
    }
    let mut entries: Vec<(&[u8], &[u8])> = Vec::new();
    loop {
        let sort = take(&mut rest, 1).ok_or(ReadError::header())?[0];
        if sort == 0 {
            break;
        }
        let mut part = || {
            let length =
                u32::from_le_bytes(number_of(take(&mut rest, 4).ok_or(ReadError::header())?)?);
            take(&mut rest, length as usize).ok_or(ReadError::header())
        };
        entries.push((part()?, part()?));
    }
    let get = |name: &str| {
        let found = entries.iter().rev().find(|(n, _)| *n == name.as_bytes());
        found.map(|(_, value)| *value).ok_or(ReadError::header())
    };
    let long = |name: &str| Ok::<_, ReadError>(u64::from_le_bytes(number_of(get(name)?)?));
    match number_of::<16>(get("$UUID")?)? {
        AES_KDF_3 | AES_KDF_4 => {
            Ok(Derivation::Aes { rounds: long("R")?, seed: number_of(get("S")?)? })
        }
        sort @ (ARGON2D | ARGON2ID) => Ok(Derivation::Argon2 {
            id: sort == ARGON2ID,
            version: u32::from_le_bytes(number_of(get("V")?)?),
            memory: long("M")?,
            passes: long("I")?,
            lanes: u32::from_le_bytes(number_of(get("P")?)?),
            salt: get("S")?.to_vec(),
        }),
        _ => Err(ReadError::Unsupported("it derives its key in an unknown way")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn a_key_that_would_take_the_machine_down_is_refused_before_it_is_derived() {
        let most = Limits::USUAL.derivation;
        let argon2 = |memory, passes, lanes| {
            Derivation::Argon2 { id: true, version: 0x13, memory, passes, lanes, salt: vec![0; 32] }
                .allowed(&most)
        };
        assert_eq!(argon2(1 << 30, 10, 8), Ok(()));
        for dear in [
            argon2((1 << 30) + 1, 1, 1),
            argon2(1 << 20, 1001, 1),
            argon2(1 << 20, 1, 65),
            argon2(1 << 30, 1000, 1),
        ] {
            assert_eq!(dear, Err(ReadError::TooCostly));
        }
        let aes = |rounds| Derivation::Aes { rounds, seed: [0; 32] }.allowed(&most);
        assert_eq!((aes(100_000_000), aes(100_000_001)), (Ok(()), Err(ReadError::TooCostly)));
    }

    #[test]
    fn a_later_version_is_told_from_a_damaged_file() {
        let begin = |version: [u8; 4]| read(&[&SIGNATURE[..], &version].concat()).map(|_| ());
        assert_eq!(begin([1, 0, 5, 0]), Err(ReadError::Newer { version: "5.1".into() }));
        assert_eq!(begin([0, 0, 4, 0]), Err(ReadError::header()));
        assert_eq!(read(b"PK").map(|_| ()), Err(ReadError::NotThisFormat));
    }
}
