//! Our own encrypted export: as a whole, and its header by itself, so that what is wrong with the costs
//! is not hidden by the checksum.

use keyturn_exchange::Format;
use keyturn_model::Entropy;
use keyturn_vault::{Cost, seal_file};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::seeds::{OWN, PASSWORD, Seed, seed};

/// Magic, format, costs, salt, length and seal: what the checksum is over.
const SUMMED: usize = 94;
const MEMORY: std::ops::Range<usize> = 10..14;

struct Same;

impl Entropy for Same {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// A key is derived for each that is whole, which takes long: they are few.
pub(crate) fn seeds() -> Vec<Seed> {
    let whole = seed(Format::Json, OWN, sealed, 1);
    let header = || seed(Format::Json, whole.file(), summed, 1);
    let headers: Vec<Seed> = (0..7).map(|_| header()).collect();
    std::iter::once(whole).chain(headers).collect()
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    let password = SecretString::from(PASSWORD.to_owned());
    seal_file(plain, &password, Cost::FLOOR, &Same).unwrap_or_default()
}

/// Puts the checksum right. A cost that may be asked for is asked as the least one.
fn summed(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    if let Some(memory) = file.get_mut(MEMORY) {
        let asked = u32::from_be_bytes([memory[0], memory[1], memory[2], memory[3]]);
        if (Cost::FLOOR.memory_kib..=1024 * 1024).contains(&asked) {
            memory.copy_from_slice(&Cost::FLOOR.memory_kib.to_be_bytes());
        }
    }
    if let Some((head, rest)) = file.split_at_mut_checked(SUMMED)
        && let Some(sum) = rest.get_mut(..32)
    {
        sum.copy_from_slice(&Sha256::digest(head));
    }
    file
}
