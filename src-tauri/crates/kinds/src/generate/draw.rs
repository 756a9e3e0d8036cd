//! Characters and words, drawn one by one.

use diceware_wordlists::Wordlist;
use keyturn_model::Entropy;
use zeroize::Zeroizing;

use super::{GenerateError, Generated, made};

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const SIGNS: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
/// What is taken for another when it is read aloud or copied by hand.
const LOOKALIKES: &str = "0OoQ1lI|i!2Z5S8B'`\";:,.";
/// The most characters between two words.
const LONGEST_SEPARATOR: usize = 3;
/// Even the shortest password of all classes is whole in one draw of two: this many that are not,
/// one after the other, do not come from randomness.
const MOST_DRAWS: usize = 1000;

/// The chosen classes of characters: lower, upper, digits, signs.
pub(super) fn classes(chosen: [bool; 4], without_lookalikes: bool) -> Vec<Vec<char>> {
    let classes = [LOWER, UPPER, DIGITS, SIGNS].into_iter().zip(chosen);
    let keep = |c: &char| !(without_lookalikes && LOOKALIKES.contains(*c));
    classes
        .filter(|(_, chosen)| *chosen)
        .map(|(all, _)| all.chars().filter(keep).collect())
        .collect()
}

/// A password with each class in it: one that lacks a class is thrown away as a whole, so that
/// those which remain stay equally likely.
pub(super) fn password(
    length: usize,
    classes: &[Vec<char>],
    entropy: &dyn Entropy,
) -> Result<Generated, GenerateError> {
    let alphabet: Vec<char> = classes.iter().flatten().copied().collect();
    if alphabet.is_empty() {
        return Err(GenerateError::NothingToDraw);
    }
    let sizes: Vec<usize> = classes.iter().map(Vec::len).collect();
    for _ in 0..MOST_DRAWS {
        let text = some(length, &alphabet, entropy);
        if classes.iter().all(|class| text.chars().any(|c| class.contains(&c))) {
            return Ok(made(text, bits(length, &sizes)));
        }
    }
    Err(GenerateError::NotMade)
}

/// Letters and digits.
pub(super) fn characters(length: usize, entropy: &dyn Entropy) -> Result<Generated, GenerateError> {
    let alphabet: Vec<char> = [LOWER, UPPER, DIGITS].iter().flat_map(|all| all.chars()).collect();
    let bits = length as f64 * (alphabet.len() as f64).log2();
    Ok(made(some(length, &alphabet, entropy), bits))
}

/// Words of the long list, which are known to everybody: only the draw makes them strong.
pub(super) fn passphrase(
    words: usize,
    separator: &str,
    capitalise: bool,
    digit: bool,
    entropy: &dyn Entropy,
) -> Result<Generated, GenerateError> {
    let too_long = separator.chars().count() > LONGEST_SEPARATOR;
    let runs_together = separator.is_empty() && !capitalise;
    if too_long || runs_together || separator.contains(char::is_control) {
        return Err(GenerateError::Separator);
    }
    let list = Wordlist::EffLong.get_list();
    // The longest word has nine letters.
    let mut text = Zeroizing::new(String::with_capacity(words * (10 + 4 * LONGEST_SEPARATOR) + 1));
    for at in 0..words {
        if at > 0 {
            text.push_str(separator);
        }
        let word = list.get(below(list.len(), entropy)).copied().unwrap_or_default();
        let mut letters = word.chars();
        let first = letters.next().map(|c| if capitalise { c.to_ascii_uppercase() } else { c });
        text.extend(first);
        text.push_str(letters.as_str());
    }
    let mut bits = words as f64 * (list.len() as f64).log2();
    if digit {
        text.extend(char::from_digit(u32::try_from(below(10, entropy)).unwrap_or_default(), 10));
        bits += 10_f64.log2();
    }
    Ok(made(text, bits))
}

fn some(length: usize, alphabet: &[char], entropy: &dyn Entropy) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.extend((0..length).filter_map(|_| alphabet.get(below(alphabet.len(), entropy))));
    text
}

/// The logarithm of how many texts of this length have a character of every class: all texts, less
/// those that lack a class, and so on by inclusion and exclusion.
fn bits(length: usize, sizes: &[usize]) -> f64 {
    let all: usize = sizes.iter().sum();
    let length = length as f64;
    let mut share = 0.0;
    for without in 0..1_u32 << sizes.len() {
        let lacking = sizes.iter().enumerate().filter(|(at, _)| without >> at & 1 == 1);
        let left = all - lacking.map(|(_, size)| size).sum::<usize>();
        let sign = if without.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
        share += sign * (left as f64 / all as f64).powf(length);
    }
    length * (all as f64).log2() + share.log2()
}

/// A random number below `limit`, each as likely as the others: what is above the limit is thrown
/// away, never folded in.
fn below(limit: usize, entropy: &dyn Entropy) -> usize {
    let mask = limit.next_power_of_two().wrapping_sub(1);
    loop {
        let mut bytes = Zeroizing::new([0; 2]);
        entropy.fill(bytes.as_mut_slice());
        let number = usize::from(u16::from_be_bytes(*bytes)) & mask;
        if number < limit {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use secrecy::ExposeSecret;

    use super::*;
    use crate::testing::Seeded;

    const ALL: [bool; 4] = [true; 4];

    #[test]
    fn every_chosen_class_is_in_every_password_and_no_other() {
        let entropy = Seeded::new(3);
        for seed in 0..200 {
            let chosen = [seed & 1 == 0, seed & 2 == 0, true, seed & 4 == 0];
            let made = password(8, &classes(chosen, false), &entropy).unwrap();
            let text = made.value.expose_secret();
            assert_eq!(text.chars().count(), 8);
            for (class, chosen) in [LOWER, UPPER, DIGITS, SIGNS].into_iter().zip(chosen) {
                assert_eq!(text.contains(|c| class.contains(c)), chosen, "{text}");
            }
        }
    }

    #[test]
    fn lookalikes_are_left_out_on_demand() {
        let made = password(256, &classes(ALL, true), &Seeded::new(4)).unwrap();
        assert!(!made.value.expose_secret().contains(|c| LOOKALIKES.contains(c)));
    }

    #[test]
    fn the_bits_are_those_of_the_texts_that_can_come() {
        // Two characters of {a, b} and {0}: ab in any order with 0 makes a0, b0, 0a, 0b.
        assert!((bits(2, &[2, 1]) - 2.0).abs() < 1e-9);
        assert!((bits(20, &[26]) - 20.0 * 26_f64.log2()).abs() < 1e-9);
        let long = bits(256, &[26, 26, 10, 32]);
        assert!((long - 256.0 * 94_f64.log2()).abs() < 1e-3);
        let short = bits(8, &[26, 26, 10, 32]);
        assert!(short < 8.0 * 94_f64.log2() - 0.5);
    }

    #[test]
    fn no_class_and_no_randomness_give_no_password() {
        struct Stuck;
        impl Entropy for Stuck {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(0);
            }
        }
        let none = password(8, &classes([false; 4], false), &Stuck);
        assert!(matches!(none, Err(GenerateError::NothingToDraw)));
        let stuck = password(8, &classes(ALL, false), &Stuck);
        assert!(matches!(stuck, Err(GenerateError::NotMade)));
    }

    #[test]
    fn a_pass_phrase_has_its_words_and_their_bits() {
        let entropy = Seeded::new(5);
        let made = passphrase(6, " ", false, false, &entropy).unwrap();
        assert_eq!(made.value.expose_secret().split(' ').count(), 6);
        assert_eq!(made.bits.floor(), 77.0);
        let made = passphrase(4, "", true, true, &entropy).unwrap();
        let text = made.value.expose_secret();
        assert_eq!(text.chars().filter(char::is_ascii_uppercase).count(), 4);
        assert!(text.ends_with(|c: char| c.is_ascii_digit()));
        for separator in ["", "----", "\n"] {
            let refused = passphrase(4, separator, false, false, &entropy);
            assert!(matches!(refused, Err(GenerateError::Separator)));
        }
    }

    #[test]
    fn every_number_below_a_limit_is_as_likely_as_the_others() {
        let entropy = Seeded::new(6);
        let mut counts = [0_usize; 94];
        for _ in 0..94_000 {
            counts[below(94, &entropy)] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!(below(1, &entropy), 0);
        let words: BTreeSet<usize> = (0..120_000).map(|_| below(7776, &entropy)).collect();
        assert_eq!(words.len(), 7776);
    }
}
