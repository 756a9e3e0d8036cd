//! Unpacking that stops where it has become too much, so that a small file cannot fill the memory.

use std::io::Read;

use zeroize::Zeroizing;

use crate::{ReadError, error::Size};

/// Reads all of `packed`, which holds `most` bytes at most.
pub(crate) fn all(packed: impl Read, most: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let mut out = Zeroizing::new(Vec::new());
    packed.take(most.saturating_add(1)).read_to_end(&mut out).map_err(|_| ReadError::body())?;
    if out.len() as u64 > most {
        return Err(ReadError::TooLarge { what: Size::Unpacked, most });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::Limits;

    #[test]
    fn a_small_file_that_unpacks_to_gigabytes_is_stopped() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..64 {
            packer.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
        }
        let packed = packer.finish().unwrap();
        let most = Limits::USUAL.unpacked_from(packed.len());
        let refused = all(flate2::read::GzDecoder::new(packed.as_slice()), most).map(|_| ());
        assert_eq!(refused, Err(ReadError::TooLarge { what: Size::Unpacked, most }));
    }
}
