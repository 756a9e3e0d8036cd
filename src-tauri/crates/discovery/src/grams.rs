//! Places of a text that a value may stand around, told by a few bytes of it.
//!
//! Every `STRIDE`th place of a text is looked at: the `GRAM` bytes there have to stand somewhere in a value, which three
//! bits of one word tell, so that most of a text costs one look in `STRIDE` bytes. Each value is entered with as many
//! places next to each other, as one of them falls on such a place of the text, and with those of its places that the
//! fewest others have. What is held here comes from values and is wiped with this.

use zeroize::{Zeroize, Zeroizing};

/// In so many places of a value the one is looked for that the fewest others have.
const PLACES: usize = 512;
/// Bits for each value: few grams of a text that stand in no value hit one.
const SPARSE: usize = 128;
/// So many bits of a hash tell where in a word its three bits are.
const IN_WORD: u32 = 18;

/// Grams of values.
pub(crate) struct Grams<const STRIDE: usize, const GRAM: usize> {
    /// How far a product is shifted to be a hash: the number of a word, and three of bits in it.
    shift: u32,
    bits: Vec<u64>,
    /// Where the grams of each word of `bits` begin in `grams`.
    begins: Vec<u32>,
    grams: Vec<Gram>,
}

/// A gram of a value.
#[derive(Clone, Copy, Default, Zeroize)]
struct Gram {
    /// The lower part of its hash, which tells it from most others of its word.
    hash: u32,
    /// The number of the value.
    value: u32,
    /// Its place in the value.
    at: u32,
}

impl<const STRIDE: usize, const GRAM: usize> Grams<STRIDE, GRAM> {
    /// A value that is shorter has too few places.
    pub(crate) const SHORTEST: usize = STRIDE + GRAM - 1;

    /// Takes in values with their numbers, none shorter than `SHORTEST`.
    pub(crate) fn of(values: &[(u32, &[u8])]) -> Self {
        let bits = values.len().saturating_mul(SPARSE).next_power_of_two();
        let words = bits.div_ceil(64);
        let shift = u64::BITS - words.trailing_zeros() - IN_WORD;
        let firsts = rarest::<STRIDE, GRAM>(values, shift, words);
        let entries = || {
            values.iter().zip(&firsts).flat_map(|((value, text), first)| {
                let text = text.get(*first as usize..).unwrap_or_default();
                let hashes = (*first..).zip(hashes::<GRAM>(text, shift)).take(STRIDE);
                hashes.map(|(at, hash)| (hash, Gram { hash: hash as u32, value: *value, at }))
            })
        };
        let (mut bits, mut begins, mut count) = (vec![0; words], vec![0; words + 1], 0);
        for (hash, _) in entries() {
            if let (Some(bits), Some(most)) =
                (bits.get_mut(hash >> IN_WORD), begins.get_mut(hash >> IN_WORD))
            {
                *bits |= mask(hash);
                *most += 1;
                count += 1;
            }
        }
        let mut end = 0;
        for begin in &mut begins {
            end += *begin;
            *begin = end;
        }
        let mut grams = vec![Gram::default(); count];
        for (hash, gram) in entries() {
            let Some(begin) = begins.get_mut(hash >> IN_WORD) else { continue };
            *begin -= 1;
            if let Some(place) = grams.get_mut(*begin as usize) {
                *place = gram;
            }
        }
        Self { shift, bits, begins, grams }
    }

    /// Tells where in a text which value may begin, until `hear` says that it is enough. Whether it never did.
    pub(crate) fn find(&self, text: &[u8], hear: &mut dyn FnMut(usize, u32) -> bool) -> bool {
        if self.grams.is_empty() {
            return true;
        }
        let mut at = 0;
        for eight in text.array_windows().step_by(STRIDE) {
            let hash = hash::<GRAM>(*eight, self.shift);
            if self.is_set(hash) && !self.tell(at, hash, hear) {
                return false;
            }
            at += STRIDE;
        }
        let Some(last) = text.get(at..).and_then(<[u8]>::first_chunk) else { return true };
        let hash = hash::<GRAM>(eight::<GRAM>(last), self.shift);
        !self.is_set(hash) || self.tell(at, hash, hear)
    }

    fn is_set(&self, hash: usize) -> bool {
        let mask = mask(hash);
        self.bits.get(hash >> IN_WORD).is_some_and(|word| word & mask == mask)
    }

    #[cold]
    fn tell(&self, at: usize, hash: usize, hear: &mut dyn FnMut(usize, u32) -> bool) -> bool {
        let begin = |word: usize| self.begins.get(word).map_or(0, |begin| *begin as usize);
        let word = hash >> IN_WORD;
        let grams = self.grams.get(begin(word)..begin(word + 1)).unwrap_or_default();
        grams.iter().filter(|gram| gram.hash == hash as u32).all(|gram| {
            at.checked_sub(gram.at as usize).is_none_or(|begin| hear(begin, gram.value))
        })
    }
}

/// The first of those places of each value that the fewest others have.
fn rarest<const STRIDE: usize, const GRAM: usize>(
    values: &[(u32, &[u8])],
    shift: u32,
    words: usize,
) -> Vec<u32> {
    let mut often = Zeroizing::new(vec![0_u32; words]);
    for hash in values.iter().flat_map(|(_, text)| hashes::<GRAM>(text, shift)) {
        if let Some(often) = often.get_mut(hash >> IN_WORD) {
            *often = often.saturating_add(1);
        }
    }
    let mut costs = Zeroizing::new(Vec::with_capacity(PLACES));
    let firsts = values.iter().map(|(_, text)| {
        costs.clear();
        costs.extend(
            hashes::<GRAM>(text, shift)
                .map(|hash| often.get(hash >> IN_WORD).copied().map_or(0, u64::from)),
        );
        let sums = costs.array_windows::<STRIDE>().map(|costs| costs.iter().sum::<u64>());
        (0..).zip(sums).min_by_key(|(_, cost)| *cost).map_or(0, |(first, _)| first)
    });
    firsts.collect()
}

fn hashes<const GRAM: usize>(text: &[u8], shift: u32) -> impl Iterator<Item = usize> {
    let grams = text.array_windows::<GRAM>().take(PLACES);
    grams.map(move |gram| hash::<GRAM>(eight(gram), shift))
}

/// More is given than is meant.
fn hash<const GRAM: usize>(eight: [u8; 8], shift: u32) -> usize {
    let gram = u64::from_le_bytes(eight) & u64::MAX >> (64 - 8 * GRAM);
    // The upper part, which every byte has a say in.
    (gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
}

/// The three bits of a hash in its word.
fn mask(hash: usize) -> u64 {
    [0, 6, 12].into_iter().fold(0, |mask, from| mask | 1 << (hash >> from & 63))
}

fn eight<const GRAM: usize>(gram: &[u8; GRAM]) -> [u8; 8] {
    let mut eight = [0; 8];
    if let Some(first) = eight.first_chunk_mut() {
        *first = *gram;
    }
    eight
}

impl<const STRIDE: usize, const GRAM: usize> Drop for Grams<STRIDE, GRAM> {
    fn drop(&mut self) {
        self.bits.zeroize();
        self.begins.zeroize();
        self.grams.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::seeded;

    #[test]
    fn what_many_values_have_in_common_is_not_what_they_are_known_by() {
        let values: Vec<String> =
            (0..2000).map(|n| format!("fixture_live_{n:04}_{}", seeded(n, 12))).collect();
        let numbered: Vec<_> = (0..).zip(values.iter().map(String::as_bytes)).collect();
        let grams = Grams::<4, 5>::of(&numbered);
        let heard = |text: &str| {
            let mut heard = Vec::new();
            grams.find(text.as_bytes(), &mut |at, value| {
                heard.push((at, value));
                true
            });
            heard
        };
        assert_eq!(heard(&"fixture_live_".repeat(100)).len(), 0);
        for (number, value) in (0..).zip(&values) {
            let told = heard(value);
            assert!(told.contains(&(0, number)) && told.len() < 200, "{}", told.len());
        }
    }
}
