//! Ways to spoil a file, drawn from dice with a seed.

/// Dice that fall the same way every time (SplitMix64). Nothing secret comes from them.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    #[allow(clippy::cast_possible_truncation, reason = "which one does not matter")]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let begin = self.below(length + 1);
        begin..(begin + self.below(most + 1)).min(length)
    }
}

/// What means something in one of the formats.
const TOKENS: [&[u8]; 24] = [
    b"[",
    b"{",
    b"]",
    b"}",
    b"\"",
    b"'",
    b"&x ",
    b"*x ",
    b"- ",
    b": ",
    b"\n---\n",
    b"<Group>",
    b"</Group>",
    b"<Entry>",
    b"<Value Protected=\"True\">",
    b"&#x110000;",
    b"&lol;",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\0",
    b"PK\x05\x06",
    b"=cmd|",
    b"${",
    b"!!binary ",
];

/// What lengths and counts are when somebody means harm.
const EXTREMES: [u64; 10] =
    [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, u64::MAX];

pub(crate) fn mutated(dice: &mut Dice, mut file: Vec<u8>, other: &[u8]) -> Vec<u8> {
    // Half of them with one wound only: it gets further in.
    let wounds = 1 + dice.below(2) * dice.below(5);
    for _ in 0..wounds {
        match dice.below(10) {
            0 => flip(dice, &mut file),
            1 => file.truncate(dice.below(file.len() + 1)),
            2 => {
                let (to, from) = (dice.range(file.len(), 200), dice.range(other.len(), 400));
                file.splice(to, other[from].iter().copied());
            }
            3 => {
                let part = file[dice.range(file.len(), 300)].to_vec();
                let at = dice.below(file.len() + 1);
                let times = 1 << dice.below(8);
                file.splice(at..at, part.repeat(times));
            }
            4 => extreme(dice, &mut file),
            5 => {
                let noise: Vec<u8> = (0..dice.below(64)).map(|_| dice.byte()).collect();
                let at = dice.below(file.len() + 1);
                file.splice(at..at, noise);
            }
            6 => drop(file.drain(dice.range(file.len(), 200))),
            7 => number(dice, &mut file),
            8 => {
                let token = TOKENS[dice.below(TOKENS.len())];
                let at = dice.below(file.len() + 1);
                let times = 1 << dice.below(14);
                file.splice(at..at, token.repeat(times));
            }
            _ => {
                let half = dice.below(other.len() + 1);
                file.truncate(dice.below(file.len() + 1));
                file.extend(&other[half..]);
            }
        }
    }
    file
}

fn flip(dice: &mut Dice, file: &mut [u8]) {
    for _ in 0..=dice.below(8) {
        if !file.is_empty() {
            let at = dice.below(file.len());
            file[at] ^= 1 << dice.below(8);
        }
    }
}

fn extreme(dice: &mut Dice, file: &mut [u8]) {
    let value = EXTREMES[dice.below(EXTREMES.len())];
    let width = [1, 2, 4, 8][dice.below(4)];
    let at = dice.below(file.len().saturating_sub(width) + 1);
    let bytes = if dice.below(4) == 0 { value.to_be_bytes() } else { value.to_le_bytes() };
    if let Some(place) = file.get_mut(at..at + width) {
        place.copy_from_slice(&bytes[..width]);
    }
}

/// Puts an extreme where a number stands as text.
fn number(dice: &mut Dice, file: &mut Vec<u8>) {
    let from = dice.below(file.len() + 1);
    let Some(begin) = file[from..].iter().position(u8::is_ascii_digit).map(|n| n + from) else {
        return;
    };
    let length = file[begin..].iter().take_while(|b| b.is_ascii_digit()).count();
    let value = EXTREMES[dice.below(EXTREMES.len())];
    let sign = if dice.below(4) == 0 { "-" } else { "" };
    file.splice(begin..begin + length, format!("{sign}{value}").into_bytes());
}
