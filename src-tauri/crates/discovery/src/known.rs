//! All values of a vault, found in a text at once.
//!
//! Long ones are looked for at few places of a text, which is quick, and short ones at more of them.
//! The values are held here and wiped with this; nothing of them is said.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{forms::forms, found::VersionId, grams::Grams};

type Short = Grams<4, 5>;
type Long = Grams<8, 8>;

/// A value that is shorter would be found where nobody put it.
pub(crate) const SHORTEST: usize = Short::SHORTEST;

/// The values of a vault.
pub struct Known {
    forms: Vec<(VersionId, Zeroizing<Vec<u8>>)>,
    too_short: Vec<VersionId>,
    short: Short,
    long: Long,
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
        let numbered = (0..).zip(known.iter().map(|(_, form)| form.as_slice()));
        let (long, short): (Vec<_>, Vec<_>) =
            numbered.partition(|(_, form)| form.len() >= Long::SHORTEST);
        Self { short: Short::of(&short), long: Long::of(&long), forms: known, too_short }
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
        let mut may_begin = |at: usize, form: u32| {
            let Some((version, form)) = self.forms.get(form as usize) else { return true };
            let is_there = text.get(at..).is_some_and(|text| text.starts_with(form));
            !is_there || hear(at, *version)
        };
        let _ = self.short.find(text, &mut may_begin) && self.long.find(text, &mut may_begin);
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
        let values = [
            "fixture1",
            "fixture-22",
            "fixture1-and-more",
            "an-other-fixture-with-22",
            "an-other-fixture-with-023",
        ];
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
        assert_eq!(found(&known, b"an-other-fixture-with-2-and-an-other-fixture-with-0"), []);
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
        let text = values.iter().map(|(_, value)| value.expose_secret()).collect::<String>();
        let versions: Vec<VersionId> =
            found(&known, text.as_bytes()).into_iter().map(|it| it.1).collect();
        assert_eq!(versions, values.iter().map(|it| it.0).collect::<Vec<_>>());
    }

    #[test]
    fn it_finds_what_looking_at_every_place_finds() {
        for seed in 0..200 {
            // Few letters, so that values stand in each other and in the text by chance.
            let few = |seed: u64, length: u64| -> String {
                seeded(seed, length as usize)
                    .bytes()
                    .map(|byte| char::from(b'a' + byte % 2))
                    .collect()
            };
            let values: Vec<(VersionId, SecretString)> = (0..12)
                .map(|n| {
                    let from = seed * 31 + u64::from(n);
                    (version(n), SecretString::from(few(from, 8 + (from * 7) % 40)))
                })
                .collect();
            let known = Known::of(values.iter().map(|(version, value)| (*version, value)));
            // In every way of writing, at both ends and with so much between.
            let mut text = Vec::new();
            for (n, (_, form)) in (0_u64..).zip(&known.forms) {
                text.extend_from_slice(form);
                text.extend(few(seed + n, (seed + n) % 37).bytes());
            }
            text.extend(few(seed + 7777, 3000).bytes());
            text.extend_from_slice(&known.forms[seed as usize % known.forms.len()].1);
            let mut slowly = Vec::new();
            for (version, form) in &known.forms {
                let starts = (0..text.len()).filter(|at| text[*at..].starts_with(form));
                slowly.extend(starts.map(|at| (at, *version)));
            }
            slowly.sort_unstable();
            let mut quickly = found(&known, &text);
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
