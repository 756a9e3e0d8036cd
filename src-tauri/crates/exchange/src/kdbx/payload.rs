//! The encrypted part: proven whole, deciphered, unpacked, and split into attachments and entries.

use aes::cipher::{BlockModeDecrypt, KeyIvInit, StreamCipher, block_padding::Pkcs7};
use chacha20::ChaCha20;
use flate2::read::GzDecoder;
use hmac::{Hmac, KeyInit, Mac};
use salsa20::Salsa20;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::header::{Cipher, Header, Mask, Third, number_of, take};
use crate::{Limits, ReadError, unpack};

/// What was in the encrypted part.
pub(super) struct Payload {
    /// The document with groups and entries.
    pub(super) xml: Zeroizing<Vec<u8>>,
    /// Takes the masks off its protected values, in the order of the document.
    pub(super) mask: Unmask,
    /// How long each attachment is; empty in version 3, where they are in the document.
    pub(super) attachments: Vec<u64>,
    /// The version of the format.
    pub(super) version: u8,
}

/// The stream that protected values are masked with.
pub(super) enum Unmask {
    Plain,
    Salsa(Box<Salsa20>),
    ChaCha(Box<ChaCha20>),
}

impl Unmask {
    fn new(mask: Mask, key: &[u8]) -> Result<Self, ReadError> {
        Ok(match mask {
            Mask::Plain => Self::Plain,
            Mask::Salsa => {
                let key = Sha256::digest(key);
                let nonce = [0xE8, 0x30, 0x09, 0x4B, 0x97, 0x20, 0x5D, 0x2A];
                Self::Salsa(Box::new(
                    Salsa20::new_from_slices(&key, &nonce).map_err(|_| ReadError::header())?,
                ))
            }
            Mask::ChaCha => {
                let key = Sha512::digest(key);
                Self::ChaCha(Box::new(
                    ChaCha20::new_from_slices(&key[..32], &key[32..44])
                        .map_err(|_| ReadError::header())?,
                ))
            }
        })
    }

    pub(super) fn take_off(&mut self, bytes: &mut [u8]) -> Result<(), ReadError> {
        match self {
            Self::Plain => Ok(()),
            Self::Salsa(stream) => stream.try_apply_keystream(bytes),
            Self::ChaCha(stream) => stream.try_apply_keystream(bytes),
        }
        .map_err(|_| ReadError::body())
    }
}

/// Whether the header of version 4 is as it was written: known before its costs are paid.
pub(super) fn begins_whole(bytes: &[u8], header: &Header) -> Result<(), ReadError> {
    if header.third.is_some() {
        return Ok(());
    }
    let (head, mut rest) = bytes.split_at_checked(header.length).ok_or(ReadError::header())?;
    let sum = take(&mut rest, 32).ok_or(ReadError::header())?;
    if Sha256::digest(head)[..] == *sum { Ok(()) } else { Err(ReadError::header()) }
}

pub(super) fn open(
    bytes: &[u8],
    header: &Header,
    transformed: &[u8; 32],
    limits: &Limits,
) -> Result<Payload, ReadError> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(
        Sha256::new().chain_update(&header.seed).chain_update(transformed).finalize().into(),
    );
    let body = bytes.get(header.length..).ok_or(ReadError::header())?;
    match &header.third {
        Some(third) => open_third(body, header, third, &key, limits),
        None => open_fourth(&bytes[..header.length], body, header, transformed, &key, limits),
    }
}

fn open_third(
    body: &[u8],
    header: &Header,
    third: &Third,
    key: &[u8; 32],
    limits: &Limits,
) -> Result<Payload, ReadError> {
    // This version proves the password only by what it deciphers to.
    let plain = decipher(header, key, body.to_vec()).map_err(|_| ReadError::WrongPassword)?;
    let mut rest = plain.strip_prefix(third.start.as_slice()).ok_or(ReadError::WrongPassword)?;
    let mut packed = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let frame = take(&mut rest, 40).ok_or(ReadError::body())?;
        let length = u32::from_le_bytes(number_of(&frame[36..])?);
        if length == 0 {
            break;
        }
        let block = take(&mut rest, length as usize).ok_or(ReadError::body())?;
        if Sha256::digest(block)[..] != frame[4..36] {
            return Err(ReadError::body());
        }
        packed.extend_from_slice(block);
    }
    let xml = unpacked(header, packed, limits)?;
    Ok(Payload {
        xml,
        mask: Unmask::new(third.mask, &third.mask_key)?,
        attachments: Vec::new(),
        version: 3,
    })
}

fn open_fourth(
    head: &[u8],
    body: &[u8],
    header: &Header,
    transformed: &[u8; 32],
    key: &[u8; 32],
    limits: &Limits,
) -> Result<Payload, ReadError> {
    let mut rest = body;
    take(&mut rest, 32).ok_or(ReadError::header())?;
    let proof = take(&mut rest, 32).ok_or(ReadError::header())?;
    let base = Zeroizing::new(<[u8; 64]>::from(
        Sha512::new()
            .chain_update(&header.seed)
            .chain_update(transformed)
            .chain_update([1])
            .finalize(),
    ));
    proven(&base, u64::MAX, &[head], proof).map_err(|_| ReadError::WrongPassword)?;

    let mut sealed = Vec::with_capacity(rest.len());
    for number in 0.. {
        let proof = take(&mut rest, 32).ok_or(ReadError::body())?;
        let length = take(&mut rest, 4).ok_or(ReadError::body())?;
        let block = take(&mut rest, u32::from_le_bytes(number_of(length)?) as usize)
            .ok_or(ReadError::body())?;
        proven(&base, number, &[&number.to_le_bytes(), length, block], proof)?;
        if block.is_empty() {
            break;
        }
        sealed.extend_from_slice(block);
    }
    let plain = unpacked(header, decipher(header, key, sealed)?, limits)?;
    inner(plain)
}

/// Whether `proof` is what the owner of the key makes of `parts`.
fn proven(base: &[u8; 64], number: u64, parts: &[&[u8]], proof: &[u8]) -> Result<(), ReadError> {
    let key = Sha512::new().chain_update(number.to_le_bytes()).chain_update(base).finalize();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| ReadError::body())?;
    parts.iter().for_each(|part| mac.update(part));
    mac.verify_slice(proof).map_err(|_| ReadError::body())
}

fn decipher(
    header: &Header,
    key: &[u8; 32],
    sealed: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let mut bytes = Zeroizing::new(sealed);
    let bad = |_| ReadError::header();
    let length = match header.cipher {
        Cipher::Aes => cbc::Decryptor::<aes::Aes256>::new_from_slices(key, &header.iv)
            .map_err(bad)?
            .decrypt_padded::<Pkcs7>(&mut bytes)
            .map_err(|_| ReadError::body())?
            .len(),
        Cipher::Twofish => cbc::Decryptor::<twofish::Twofish>::new_from_slices(key, &header.iv)
            .map_err(bad)?
            .decrypt_padded::<Pkcs7>(&mut bytes)
            .map_err(|_| ReadError::body())?
            .len(),
        Cipher::ChaCha => {
            let mut stream = ChaCha20::new_from_slices(key, &header.iv).map_err(bad)?;
            stream.try_apply_keystream(&mut bytes).map_err(|_| ReadError::body())?;
            bytes.len()
        }
    };
    bytes.truncate(length);
    Ok(bytes)
}

fn unpacked(
    header: &Header,
    bytes: Zeroizing<Vec<u8>>,
    limits: &Limits,
) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    if !header.packed {
        return Ok(bytes);
    }
    unpack::all(GzDecoder::new(bytes.as_slice()), limits.unpacked_from(bytes.len()))
}

/// Version 4 keeps the mask and the attachments before the document.
fn inner(plain: Zeroizing<Vec<u8>>) -> Result<Payload, ReadError> {
    let mut rest = plain.as_slice();
    let (mut mask, mut key, mut attachments) = (None, None, Vec::new());
    loop {
        let sort = take(&mut rest, 1).ok_or(ReadError::body())?[0];
        let length = u32::from_le_bytes(number_of(take(&mut rest, 4).ok_or(ReadError::body())?)?);
        let content = take(&mut rest, length as usize).ok_or(ReadError::body())?;
        match sort {
            0 => break,
            1 => mask = Some(Mask::numbered(content)?),
            2 => key = Some(content),
            // The first byte says whether it is masked in memory.
            3 => attachments.push(u64::from(length).saturating_sub(1)),
            _ => return Err(ReadError::body()),
        }
    }
    let mask = Unmask::new(mask.ok_or(ReadError::body())?, key.ok_or(ReadError::body())?)?;
    let before = plain.len() - rest.len();
    let mut xml = plain;
    xml.drain(..before);
    Ok(Payload { xml, mask, attachments, version: 4 })
}
