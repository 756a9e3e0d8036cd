//! What it costs to turn a passphrase into a key: Argon2id, its bounds and its calibration.

use std::io;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use memmap2::MmapMut;
use minicbor::{Decode, Encode};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{VaultError, error::Result, secret::Key};

/// The parameters of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Cost {
    /// Memory in KiB.
    #[n(0)]
    pub memory_kib: u32,
    /// Passes over it.
    #[n(1)]
    pub passes: u32,
    /// Lanes.
    #[n(2)]
    pub lanes: u32,
}

const MIB: u32 = 1024;

impl Cost {
    /// What a computer of today bears well.
    pub const USUAL: Self = Self { memory_kib: 256 * MIB, passes: 3, lanes: 4 };
    /// The least that is ever used (RFC 9106, second recommended option).
    pub const FLOOR: Self = Self { memory_kib: 64 * MIB, passes: 3, lanes: 4 };
    /// The shortest a derivation should take, in milliseconds.
    pub const SHORTEST_MS: u64 = 500;
    /// The longest a derivation should take, in milliseconds.
    pub const LONGEST_MS: u64 = 1000;

    /// Refuses what would be too weak, or would take the computer down.
    ///
    /// # Errors
    /// When a parameter is out of bounds.
    pub fn check(self) -> Result<Self> {
        let fine = (64 * MIB..=MIB * MIB).contains(&self.memory_kib)
            && (1..=16).contains(&self.passes)
            && (1..=8).contains(&self.lanes);
        if fine { Ok(self) } else { Err(VaultError::CostRefused) }
    }

    /// Finds the cost that takes between half a second and a second here. `try_out` derives once
    /// with a cost and tells how many milliseconds it took; `free_kib` is the memory that can be had.
    ///
    /// More memory first (up to a quarter of what is free), then more passes; a weak computer gets the floor.
    pub fn calibrate(free_kib: u64, mut try_out: impl FnMut(Self) -> u64) -> Self {
        // The first time the computer wakes up, and at any time something else may hold it up.
        let mut time = |cost| try_out(cost).min(try_out(cost)).max(1);
        let affordable = |cost: Self| u64::from(cost.memory_kib) <= free_kib / 4;
        let mut cost = if affordable(Self::USUAL) { Self::USUAL } else { Self::FLOOR };
        let mut took = time(cost);
        if took > Self::LONGEST_MS && cost != Self::FLOOR {
            cost = Self::FLOOR;
            took = time(cost);
        }
        while took < Self::SHORTEST_MS / 2 && cost.memory_kib < MIB * MIB {
            let more = Self { memory_kib: cost.memory_kib * 2, ..cost };
            if !affordable(more) {
                break;
            }
            cost = more;
            took = time(cost);
        }
        let middle = Self::SHORTEST_MS.midpoint(Self::LONGEST_MS);
        // What is only just long enough would be too short on a better day.
        if took >= Self::SHORTEST_MS.midpoint(middle) {
            return cost;
        }
        let passes = (u64::from(cost.passes) * middle / took).clamp(u64::from(cost.passes), 16);
        Self { passes: u32::try_from(passes).unwrap_or(cost.passes), ..cost }
    }

    /// Turns `passphrase` into a key.
    ///
    /// # Errors
    /// When the cost is out of bounds, or the system does not have the memory.
    pub fn derive(self, passphrase: &SecretString, salt: &[u8; 32]) -> Result<Key> {
        let cost = self.check()?;
        let refused = |_| VaultError::CostRefused;
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(Key::LENGTH))
            .map_err(refused)?;
        let mut memory = memory_for(&params).map_err(|_| VaultError::NoMemory(cost.memory_kib))?;
        let blocks = as_blocks(&mut memory);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // The same letters typed on another system may come in other bytes.
        let normal: Zeroizing<String> = Zeroizing::new(passphrase.expose_secret().nfc().collect());
        let mut result = Ok(());
        let key = Key::filled(|bytes| {
            result = argon.hash_password_into_with_memory(normal.as_bytes(), salt, bytes, blocks);
        });
        result.map(|()| key).map_err(refused)
    }
}

/// Memory straight from the system, all zero, and straight back to it, so that nothing of it stays
/// in this process. In large pages where there are some: fetching small ones takes a third of the time.
fn memory_for(params: &Params) -> io::Result<MmapMut> {
    let memory = MmapMut::map_anon(params.block_count() * Block::SIZE)?;
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory)
}

#[allow(unsafe_code, reason = "the one way from bytes to the blocks of the crate")]
fn as_blocks(memory: &mut MmapMut) -> &mut [Block] {
    // SAFETY: a block is 1024 bytes of plain numbers, of which any bits are some; a page of memory
    // begins where a block may.
    let (_, blocks, _) = unsafe { memory.align_to_mut::<Block>() };
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A computer that needs `ns_per_kib_pass`.
    fn computer(micros_per_mib_pass: u64) -> impl FnMut(Cost) -> u64 {
        move |cost| {
            u64::from(cost.memory_kib / MIB) * u64::from(cost.passes) * micros_per_mib_pass / 1000
        }
    }

    const PLENTY: u64 = 64 * 1024 * 1024;

    #[test]
    fn every_computer_gets_a_cost_within_bounds_and_never_below_the_floor() {
        for speed in [1, 50, 200, 500, 900, 2000, 10_000, 100_000] {
            for free in [0, 300 * 1024, 1024 * 1024, 4 * 1024 * 1024, PLENTY] {
                let cost = Cost::calibrate(free, computer(speed));
                assert!(cost.check().is_ok(), "{cost:?}");
                assert!(cost.memory_kib >= Cost::FLOOR.memory_kib && cost.passes >= 3);
            }
        }
    }

    #[test]
    fn a_usual_computer_needs_between_half_a_second_and_a_second() {
        for speed in [350, 500, 700, 900, 1200] {
            let took = computer(speed)(Cost::calibrate(PLENTY, computer(speed)));
            assert!((500..=1000).contains(&took), "{took} ms at {speed}");
        }
    }

    #[test]
    fn a_computer_with_little_memory_is_not_asked_for_much() {
        let cost = Cost::calibrate(512 * 1024, computer(500));
        assert!(cost.memory_kib <= 512 * 1024 / 4, "{cost:?}");
    }

    #[test]
    fn too_little_and_too_much_are_refused_before_anything_is_derived() {
        let odd = [
            Cost { memory_kib: 64 * MIB - 1, ..Cost::FLOOR },
            Cost { memory_kib: MIB * MIB + 1, ..Cost::FLOOR },
            Cost { passes: 0, ..Cost::FLOOR },
            Cost { passes: 17, ..Cost::FLOOR },
            Cost { lanes: 0, ..Cost::FLOOR },
            Cost { lanes: 9, ..Cost::FLOOR },
        ];
        for cost in odd {
            let refused = cost.derive(&SecretString::from("fixture"), &[0; 32]);
            assert!(matches!(refused, Err(VaultError::CostRefused)));
        }
    }
}
