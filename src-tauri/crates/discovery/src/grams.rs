//! Places of a text that a value may stand around, told by a few bytes of it.
//!
//! Every `STRIDE`th place of a text is looked at: the `GRAM` bytes there have to stand somewhere in a value, which three
//! bits of one word tell, so that most of a text costs one look in `STRIDE` bytes. Each value is entered with as many
//! places next to each other, as one of them falls on such a place of the text, and with those of its places that the
//! fewest others have. Where no value is known by a place with a blank in it, such places of a text, which are most of
//! them, are not looked up. What is held here comes from values and is wiped with this.

use zeroize::{Zeroize, Zeroizing};

/// In so many places of a value the one is looked for that the fewest others have.
const PLACES: usize = 512;
/// Bits for each gram: few of those in a text that stand in no value hit one.
const SPARSE: usize = 4;
/// What a place of a value with a blank in it costs more than others.
const BLANK: u64 = 1 << 32;
/// So many places are looked at before what may be there is.
const AT_ONCE: usize = 256;
/// So many bits of a hash tell where in a word its three bits are.
const IN_WORD: u32 = 18;

/// Grams of values.
pub(crate) struct Grams<const STRIDE: usize, const GRAM: usize> {
    /// How far a product is shifted to be a hash: the number of a word, and three of bits in it.
    shift: u32,
    /// The upper bit of each byte; nothing where a value is known by a place with a blank in it.
    blank: u64,
    /// One word more than there are, in which nothing is.
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
        let bits = values.len().saturating_mul(STRIDE * SPARSE).next_power_of_two();
        let words = bits.div_ceil(64);
        let shift = u64::BITS - words.trailing_zeros() - IN_WORD;
        let firsts = rarest::<STRIDE, GRAM>(values, shift, words);
        let mut known_by = values
            .iter()
            .zip(&firsts)
            .flat_map(|((_, text), first)| text.array_windows::<GRAM>().skip(*first).take(STRIDE));
        let blank =
            if known_by.any(|gram| has_blank::<GRAM>(eight(gram), UPPER)) { 0 } else { UPPER };
        let entries = || {
            values.iter().zip(&firsts).flat_map(|((value, text), first)| {
                let hashes = (0..).zip(hashes::<GRAM>(text, shift)).skip(*first).take(STRIDE);
                hashes.map(|(at, hash)| (hash, Gram { hash: hash as u32, value: *value, at }))
            })
        };
        let (mut bits, mut begins, mut count) = (vec![0; words + 1], vec![0; words + 1], 0);
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
        Self { shift, blank, bits, begins, grams }
    }

    /// Tells where in a text which value may begin, until `hear` says that it is enough. Whether it never did.
    pub(crate) fn find(&self, text: &[u8], hear: &mut dyn FnMut(usize, u32) -> bool) -> bool {
        if self.grams.is_empty() {
            return true;
        }
        let mut places = text.array_windows().step_by(STRIDE);
        let mut begin = 0;
        loop {
            // First where one may be, without a branch that nobody can foresee, and then which.
            let (mut held, mut count, mut seen) = ([0; AT_ONCE], 0, 0);
            for eight in places.by_ref().take(AT_ONCE) {
                if let Some(place) = held.get_mut(count) {
                    *place = seen;
                }
                count += usize::from(self.may_be_set(*eight));
                seen += 1;
            }
            for place in held.get(..count).unwrap_or_default() {
                let at = begin + place * STRIDE;
                if !self.look(text, at, hear) {
                    return false;
                }
            }
            begin += seen * STRIDE;
            if seen < AT_ONCE {
                // The last one has fewer than eight bytes.
                return self.look(text, begin, hear);
            }
        }
    }

    /// One bit tells of most places that nothing is there; all with a blank share the last word, in which nothing is.
    fn may_be_set(&self, eight: [u8; 8]) -> bool {
        let hash = hash::<GRAM>(eight, self.shift);
        let nothing = self.bits.len().wrapping_sub(1);
        let at = if has_blank::<GRAM>(eight, self.blank) { nothing } else { hash >> IN_WORD };
        self.bits.get(at).is_some_and(|word| word >> (hash & 63) & 1 == 1)
    }

    /// Tells what may stand around a place; there is nothing near the end of a text.
    fn look(&self, text: &[u8], at: usize, hear: &mut dyn FnMut(usize, u32) -> bool) -> bool {
        let Some(gram) = text.get(at..).and_then(<[u8]>::first_chunk) else { return true };
        let hash = hash::<GRAM>(eight::<GRAM>(gram), self.shift);
        let (word, mask) = (self.bits.get(hash >> IN_WORD), mask(hash));
        word.is_none_or(|word| word & mask != mask) || self.tell(at, hash, hear)
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
) -> Vec<usize> {
    let mut often = Zeroizing::new(vec![0_u32; words]);
    for hash in values.iter().flat_map(|(_, text)| hashes::<GRAM>(text, shift)) {
        if let Some(often) = often.get_mut(hash >> IN_WORD) {
            *often = often.saturating_add(1);
        }
    }
    let mut costs = Zeroizing::new(Vec::with_capacity(PLACES));
    let firsts = values.iter().map(|(_, text)| {
        costs.clear();
        let grams = text.array_windows::<GRAM>().take(PLACES);
        costs.extend(grams.map(|gram| {
            let eight = eight(gram);
            let often = often.get(hash::<GRAM>(eight, shift) >> IN_WORD);
            let blank = if has_blank::<GRAM>(eight, UPPER) { BLANK } else { 0 };
            often.copied().map_or(0, u64::from) + blank
        }));
        let sums = costs.array_windows::<STRIDE>().map(|costs| costs.iter().sum::<u64>());
        sums.enumerate().min_by_key(|(_, cost)| *cost).map_or(0, |(first, _)| first)
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

/// The upper bit of each byte.
const UPPER: u64 = 0x8080_8080_8080_8080;

/// Whether a byte is a space or less; more is given than is meant, and it is asked of the bytes with a bit in `upper`.
fn has_blank<const GRAM: usize>(eight: [u8; 8], upper: u64) -> bool {
    const PRINTED: u64 = 0x2121_2121_2121_2121;
    let gram = u64::from_le_bytes(eight);
    gram.wrapping_sub(PRINTED) & !gram & upper & u64::MAX >> (64 - 8 * GRAM) != 0
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
