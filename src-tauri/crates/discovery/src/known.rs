//! All values of a vault, found in a text at once.
//!
//! Of the text every fourth place is looked at: the five bytes there have to stand somewhere in a value, which three
//! bits of one word tell, so most of a text costs one look in four bytes. Each value is entered with four places next to each
//! other, as one of them falls on such a place of the text, and with those of its places that the fewest others have.
//! The values are held here and wiped with this; nothing of them is said.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{forms::forms, found::VersionId};

const STRIDE: usize = 4;
const GRAM: usize = 5;
const OF_A_GRAM: u64 = (1 << (8 * GRAM)) - 1;
/// A value that is shorter would be found where nobody put it.
pub(crate) const SHORTEST: usize = GRAM + STRIDE - 1;
/// In so many places of a value the one is looked for that the fewest others have.
const PLACES: usize = 512;
/// Bits for each gram: few of those in a text that stand in no value hit one.
const SPARSE: usize = 16;
/// So many bits of a hash tell where in a word its three bits are.
const IN_WORD: u32 = 18;

/// The values of a vault.
pub struct Known {
    forms: Vec<(VersionId, Zeroizing<Vec<u8>>)>,
    too_short: Vec<VersionId>,
    /// How far a product is shifted to be a hash: the number of a word, and three of bits in it.
    shift: u32,
    bits: Vec<u64>,
    /// Where the grams of each word of `bits` begin in `grams`.
    begins: Vec<u32>,
    /// A form and a place in it.
    grams: Vec<(u32, u32)>,
}

impl Known {
    /// Takes values in. A text of several lines is known by one of them.
    #[must_use]
    pub fn of<'v>(values: impl IntoIterator<Item = (VersionId, &'v SecretString)>) -> Self {
        let (mut known, mut too_short) = (Vec::new(), Vec::new());
        for (version, value) in values {
            // To know it again.
            let forms = forms(value.expose_secret());
            if forms.is_empty() {
                too_short.push(version);
            }
            known.extend(forms.into_iter().map(|form| (version, form)));
        }
        let bits = known.len().max(1).saturating_mul(STRIDE * SPARSE).next_power_of_two();
        let shift = u64::BITS - (bits / 64).trailing_zeros() - IN_WORD;
        let mut all = Self {
            forms: known,
            too_short,
            shift,
            bits: vec![0; bits / 64],
            begins: vec![0; bits / 64 + 1],
            grams: Vec::new(),
        };
        all.enter(bits);
        all
    }

    /// Those values that are too short to be told apart: they are not looked for.
    #[must_use]
    pub fn too_short(&self) -> &[VersionId] {
        &self.too_short
    }

    /// Whose values stand in a text, each once.
    #[must_use]
    pub fn versions(&self, text: &[u8]) -> Vec<VersionId> {
        let mut versions = Vec::new();
        self.find(text, &mut |_, version| {
            if !versions.contains(&version) {
                versions.push(version);
            }
            true
        });
        versions.sort_unstable();
        versions
    }

    /// Tells where in a text which value begins, until `hear` says that it is enough.
    pub fn find(&self, text: &[u8], hear: &mut dyn FnMut(usize, VersionId) -> bool) {
        let mut at = 0;
        // More is read at once than is meant.
        for eight in text.array_windows::<8>().step_by(STRIDE) {
            let hash = self.hash(u64::from_le_bytes(*eight) & OF_A_GRAM);
            if self.is_set(hash) && !self.verify(text, at, hash, hear) {
                return;
            }
            at += STRIDE;
        }
        let rest = text.get(at..).unwrap_or_default();
        for [a, b, c, d, next] in rest.array_windows::<GRAM>().step_by(STRIDE) {
            let hash = self.hash(gram([*a, *b, *c, *d], *next));
            if self.is_set(hash) && !self.verify(text, at, hash, hear) {
                return;
            }
            at += STRIDE;
        }
    }

    #[cold]
    fn verify(
        &self,
        text: &[u8],
        at: usize,
        hash: usize,
        hear: &mut dyn FnMut(usize, VersionId) -> bool,
    ) -> bool {
        let word = hash >> IN_WORD;
        let begin = |word: usize| self.begins.get(word).map_or(0, |begin| *begin as usize);
        let grams = self.grams.get(begin(word)..begin(word + 1)).unwrap_or_default();
        for (form, place) in grams {
            let Some((version, form)) = self.forms.get(*form as usize) else { continue };
            let start = at.checked_sub(*place as usize);
            let there = start.and_then(|start| text.get(start..)?.get(..form.len()));
            if there == Some(form.as_slice()) && !hear(start.unwrap_or_default(), *version) {
                return false;
            }
        }
        true
    }

    fn hash(&self, gram: u64) -> usize {
        // The upper part, which every byte has a say in.
        (gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    fn is_set(&self, hash: usize) -> bool {
        let mask = mask(hash);
        self.bits.get(hash >> IN_WORD).is_some_and(|word| word & mask == mask)
    }

    fn enter(&mut self, bits: usize) {
        // By word and the first bit in it.
        let place = |hash: usize| hash >> (IN_WORD - 6);
        let mut often = Zeroizing::new(vec![0_u16; bits]);
        for hash in self.forms.iter().flat_map(|(_, form)| self.hashes(form)) {
            if let Some(often) = often.get_mut(place(hash)) {
                *often = often.saturating_add(1);
            }
        }
        let mut entries = Vec::with_capacity(self.forms.len().saturating_mul(STRIDE));
        for (number, (_, form)) in (0..).zip(&self.forms) {
            let hashes: Vec<usize> = self.hashes(form).collect();
            let cost = |places: &[usize]| -> u32 {
                let often = places.iter().filter_map(|hash| often.get(place(*hash)));
                often.map(|often| u32::from(*often)).sum()
            };
            let rarest = hashes.windows(STRIDE).zip(0_u32..).min_by_key(|(places, _)| cost(places));
            let Some((places, first)) = rarest else { continue };
            entries.extend(places.iter().zip(first..).map(|(hash, at)| (*hash, (number, at))));
        }
        entries.sort_unstable();
        for (hash, _) in &entries {
            if let (Some(word), Some(count)) =
                (self.bits.get_mut(hash >> IN_WORD), self.begins.get_mut((hash >> IN_WORD) + 1))
            {
                *word |= mask(*hash);
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut self.begins {
            sum += *begin;
            *begin = sum;
        }
        self.grams = entries.into_iter().map(|(_, gram)| gram).collect();
    }

    fn hashes<'a>(&'a self, form: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        form.array_windows::<GRAM>()
            .take(PLACES)
            .map(move |[a, b, c, d, next]| self.hash(gram([*a, *b, *c, *d], *next)))
    }
}

/// The three bits of a hash in its word.
fn mask(hash: usize) -> u64 {
    [0, 6, 12].into_iter().fold(0, |mask, from| mask | 1 << (hash >> from & 63))
}

fn gram(group: [u8; STRIDE], next: u8) -> u64 {
    u64::from(u32::from_le_bytes(group)) | u64::from(next) << 32
}

impl Drop for Known {
    fn drop(&mut self) {
        self.bits.zeroize();
        self.begins.zeroize();
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{seeded, version};

    fn found(known: &Known, text: &[u8]) -> Vec<(usize, VersionId)> {
        let mut found = Vec::new();
        known.find(text, &mut |at, version| {
            found.push((at, version));
            true
        });
        found
    }

    #[test]
    fn each_value_is_found_wherever_it_begins() {
        let values = ["fixture1", "fixture-22", "fixture1-and-more", "an-other-fixture"];
        let values: Vec<(VersionId, SecretString)> =
            (1..).map(version).zip(values.map(SecretString::from)).collect();
        let known = Known::of(values.iter().map(|(version, value)| (*version, value)));
        for (version, value) in &values {
            for before in 0..20 {
                for behind in 0..10 {
                    let text = [
                        &vec![b'.'; before],
                        value.expose_secret().as_bytes(),
                        &vec![b'!'; behind],
                    ]
                    .concat();
                    assert!(found(&known, &text).contains(&(before, *version)));
                }
            }
        }
        assert_eq!(found(&known, b"fixture1-and-more").len(), 2, "one value within another");
        assert_eq!(found(&known, b"fixture-2 fixture fixture_22 Fixture1"), []);
    }

    #[test]
    fn what_many_values_have_in_common_is_not_what_they_are_known_by() {
        let values: Vec<(VersionId, SecretString)> = (0..2000)
            .map(|n| {
                (
                    version(n),
                    SecretString::from(format!("fixture_live_{n:04}_{}", seeded(u64::from(n), 12))),
                )
            })
            .collect();
        let known = Known::of(values.iter().map(|(version, value)| (*version, value)));
        let most = known.begins.windows(2).map(|both| both[1] - both[0]).max().unwrap();
        assert!(most < 200, "{most} values have a gram in common");
        let text = values.iter().map(|(_, value)| value.expose_secret()).collect::<String>();
        let versions: Vec<VersionId> =
            found(&known, text.as_bytes()).into_iter().map(|it| it.1).collect();
        assert_eq!(versions, values.iter().map(|it| it.0).collect::<Vec<_>>());
    }

    #[test]
    fn it_finds_what_looking_at_every_place_finds() {
        for seed in 0..200 {
            // Few letters, so that values stand in each other and in the text by chance.
            let few = |seed: u64, length: usize| -> String {
                seeded(seed, length).bytes().map(|byte| char::from(b'a' + byte % 2)).collect()
            };
            let values: Vec<(VersionId, SecretString)> = (0..6)
                .map(|n| {
                    (
                        version(n),
                        SecretString::from(few(seed * 31 + u64::from(n), 8 + seed as usize % 7)),
                    )
                })
                .collect();
            let known = Known::of(values.iter().map(|(version, value)| (*version, value)));
            let text = few(seed + 7777, 3000);
            let mut slowly = Vec::new();
            for (version, value) in &values {
                let value = value.expose_secret();
                let starts = (0..text.len()).filter(|at| text[*at..].starts_with(value));
                slowly.extend(starts.map(|at| (at, *version)));
            }
            slowly.sort_unstable();
            let mut quickly = found(&known, text.as_bytes());
            quickly.sort_unstable();
            assert_eq!(quickly, slowly, "seed {seed}");
        }
    }

    #[test]
    fn no_values_are_found_nowhere_and_short_ones_are_named() {
        assert_eq!(found(&Known::of([]), b"fixture fixture"), []);
        let short = SecretString::from("short");
        assert_eq!(Known::of([(version(1), &short)]).too_short(), [version(1)]);
    }
}
