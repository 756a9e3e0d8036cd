//! Passphrases: how hard one is to guess, and six words that are hard enough.

use diceware_wordlists::Wordlist;
use keyturn_model::Entropy;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use crate::{
    MessageKey, UserError,
    views::{ShownOnce, Strength, StrengthWord},
};

/// The fewest characters of a passphrase.
const SHORTEST: usize = 15;
/// Longer ones are weighed by their beginning: weighing must not become slow.
const WEIGHED: usize = 100;
/// The most characters of a passphrase.
const LONGEST: usize = 1024;
const WORDS: usize = 6;
/// What a graphics card of today tries in a second at the cost that this program asks for.
const GUESSES_A_SECOND: f64 = 1000.0;

/// How hard `passphrase` is to guess for somebody who knows `easy`.
pub(crate) fn weigh(passphrase: &SecretString, easy: &[String]) -> Strength {
    let text = passphrase.expose_secret();
    let beginning: Zeroizing<String> = Zeroizing::new(text.chars().take(WEIGHED).collect());
    let easy: Vec<&str> = easy.iter().map(String::as_str).take(10).collect();
    let found = zxcvbn(&beginning, &easy);
    let length = text.chars().count();
    let guesses = found.guesses_log10();
    let hard = found.score() >= Score::Three;
    let enough = hard && (SHORTEST..=LONGEST).contains(&length);
    let word = match (enough, found.score()) {
        (true, _) => StrengthWord::Strong,
        (false, Score::Zero | Score::One) => StrengthWord::Weak,
        (false, _) => StrengthWord::Fair,
    };
    let advice = if length > LONGEST {
        Some(format!("At most {LONGEST} characters."))
    } else if length < SHORTEST {
        Some(format!("At least {SHORTEST} characters; {} more.", SHORTEST - length))
    } else if !hard {
        let feedback = found.feedback();
        let warning = feedback.and_then(zxcvbn::feedback::Feedback::warning);
        let other = feedback.and_then(|feedback| feedback.suggestions().first().copied());
        let warning = warning.map(|warning| warning.to_string());
        warning.or_else(|| other.map(|hint| hint.to_string()))
    } else {
        None
    };
    Strength { marks: marks(guesses, enough), word, time: time(guesses), enough, advice }
}

/// Ten marks are 10^20 guesses and more.
fn marks(guesses_log10: f64, enough: bool) -> u8 {
    let marks = (1..=10_u8).filter(|mark| f64::from(*mark) * 2.0 <= guesses_log10).count();
    let marks = u8::try_from(marks).unwrap_or(10);
    // What is not enough must not look as if it were.
    if enough { marks } else { marks.min(5) }
}

fn time(guesses_log10: f64) -> String {
    let seconds = 10_f64.powf(guesses_log10) / GUESSES_A_SECOND;
    let words = [
        (1.0, "no time"),
        (60.0, "seconds"),
        (3600.0, "minutes"),
        (86_400.0, "hours"),
        (2_592_000.0, "days"),
        (31_536_000.0, "months"),
        (3_153_600_000.0, "years"),
    ];
    let shorter = words.iter().find(|(limit, _)| seconds < *limit);
    shorter.map_or("centuries", |(_, words)| words).to_owned()
}

/// Refuses what is too easy to guess.
pub(crate) fn check(passphrase: &SecretString, easy: &[String]) -> Result<(), UserError> {
    if weigh(passphrase, easy).enough {
        Ok(())
    } else {
        Err(UserError::new("KT-PASSPHRASE-WEAK", MessageKey::PassphraseWeak))
    }
}

/// Six random words of the long list of the EFF: 77 bits.
pub(crate) fn suggest(entropy: &dyn Entropy) -> ShownOnce {
    let list = Wordlist::EffLong.get_list();
    let mut words = Zeroizing::new(String::with_capacity(80));
    for at in 0..WORDS {
        if at > 0 {
            words.push(' ');
        }
        words.push_str(list.get(below(list.len(), entropy)).copied().unwrap_or_default());
    }
    ShownOnce(words.to_string())
}

/// A random number below `limit`, each as likely as the others.
fn below(limit: usize, entropy: &dyn Entropy) -> usize {
    loop {
        let mut bytes = [0; 2];
        entropy.fill(&mut bytes);
        // 13 bits: 8192 is the next power of two above the 7776 words.
        let number = usize::from(u16::from_be_bytes(bytes) & 0x1FFF);
        if number < limit {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyturn_testkit::Seeded;

    fn weighed(text: &str) -> Strength {
        weigh(&SecretString::from(text), &["Acme".into(), "Ana".into()])
    }

    #[test]
    fn fifteen_characters_that_are_easy_to_guess_are_not_enough() {
        for text in ["", "short", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "acmeacmeacmeacme"] {
            let strength = weighed(text);
            assert!(!strength.enough && strength.marks <= 5, "{text}: {strength:?}");
            assert!(strength.advice.is_some(), "{text}");
        }
    }

    #[test]
    fn six_suggested_words_are_always_enough() {
        for seed in 0..200 {
            let words = suggest(&*Seeded::new(seed));
            assert_eq!(words.0.split(' ').count(), 6);
            let strength = weighed(&words.0);
            assert!(strength.enough, "{strength:?}");
            assert_eq!(strength.time, "centuries");
        }
    }

    #[test]
    fn every_word_of_the_list_can_come() {
        let entropy = Seeded::new(1);
        let limit = Wordlist::EffLong.get_list().len();
        assert_eq!(limit, 7776);
        let drawn: std::collections::BTreeSet<usize> =
            (0..120_000).map(|_| below(limit, &*entropy)).collect();
        assert_eq!(drawn.len(), limit);
    }

    #[test]
    fn a_mebibyte_is_weighed_as_quickly_as_a_line() {
        assert!(!weighed(&"x1Y".repeat(400_000)).enough);
    }
}
