//! A stream of sealed chunks (STREAM over XChaCha20-Poly1305), as backups and exports are written.
//!
//! The last chunk is marked, so that nothing can be cut off or put behind. A key must never seal
//! more than one stream: the nonce is always the same.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Payload};
use zeroize::Zeroizing;

use crate::secret::Key;

const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const NONCE: [u8; 19] = [0; 19];

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

/// Seals all of `plain` into `out`, bound to `bound`.
pub(crate) fn seal(
    key: &Key,
    bound: &[u8],
    plain: &mut impl Read,
    out: &mut impl Write,
) -> io::Result<()> {
    let refused = |_| io::Error::other("the cipher refused");
    let mut stream = EncryptorBE32::from_aead(cipher(key), &NONCE.into());
    let mut chunk = next_chunk(plain, CHUNK)?;
    loop {
        let following = next_chunk(plain, CHUNK)?;
        let payload = Payload { msg: &chunk, aad: bound };
        if following.is_empty() {
            return out.write_all(&stream.encrypt_last(payload).map_err(refused)?);
        }
        out.write_all(&stream.encrypt_next(payload).map_err(refused)?)?;
        chunk = following;
    }
}

/// How long the stream of so many bytes is.
pub(crate) fn sealed_length(plain: usize) -> Option<usize> {
    plain.div_ceil(CHUNK).max(1).checked_mul(TAG)?.checked_add(plain)
}

fn next_chunk(from: &mut impl Read, size: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut chunk = Zeroizing::new(Vec::with_capacity(size));
    from.take(u64::try_from(size).unwrap_or(u64::MAX)).read_to_end(&mut chunk)?;
    Ok(chunk)
}

/// Why a stream goes no further.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is not what was sealed under this key.
    Damaged,
}

/// Opens a stream chunk by chunk. It was whole when the last one came without an error.
pub(crate) struct Opening<'a, R> {
    from: R,
    bound: &'a [u8],
    chunk: Option<Zeroizing<Vec<u8>>>,
    /// Gone when the stream is over.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
}

impl<'a, R: Read> Opening<'a, R> {
    pub(crate) fn new(key: &Key, bound: &'a [u8], from: R) -> Self {
        let stream = DecryptorBE32::from_aead(cipher(key), &NONCE.into());
        Self { from, bound, chunk: None, stream: Some(stream) }
    }

    fn read(&mut self) -> Result<Zeroizing<Vec<u8>>, Broken> {
        next_chunk(&mut self.from, CHUNK + TAG).map_err(Broken::Unreadable)
    }

    fn step(
        &mut self,
        mut stream: DecryptorBE32<XChaCha20Poly1305>,
    ) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let chunk = match self.chunk.take() {
            Some(chunk) => chunk,
            None => self.read()?,
        };
        let following = self.read()?;
        let payload = Payload { msg: &chunk, aad: self.bound };
        let opened = if following.is_empty() {
            stream.decrypt_last(payload)
        } else {
            let opened = stream.decrypt_next(payload);
            self.chunk = Some(following);
            self.stream = Some(stream);
            opened
        };
        opened.map(Zeroizing::new).map_err(|_| Broken::Damaged)
    }
}

impl<R: Read> Iterator for Opening<'_, R> {
    type Item = Result<Zeroizing<Vec<u8>>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.take()?;
        let opened = self.step(stream);
        if opened.is_err() {
            self.stream = None;
        }
        Some(opened)
    }
}
