//! A report as it is read, before it is Markdown or PDF: both say the same, in the same order.

use keyturn_model::Timestamp;

/// All of it.
pub(super) struct Paper {
    /// What it is, with its reference, and of which vault.
    pub(super) about: String,
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) written: Timestamp,
    pub(super) sections: Vec<Section>,
}

pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) parts: Vec<Part>,
}

pub(super) enum Part {
    Text(String),
    /// What everybody asks first, with the answers.
    Answers(Vec<(&'static str, Line)>),
    /// What each is, beside what it is called.
    Facts(Vec<(&'static str, Line)>),
    Table(Table),
}

pub(super) struct Table {
    /// What each column is called, and its share of the width.
    pub(super) columns: Vec<(&'static str, f32)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The lines of one cell.
pub(super) type Cell = Vec<Line>;

pub(super) struct Line {
    pub(super) tone: Tone,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    /// Something that must not be overlooked.
    Alarm,
}

impl Tone {
    pub(super) fn says(self, text: impl Into<String>) -> Line {
        Line { tone: self, text: text.into() }
    }
}

/// What somebody called something, as one line that looks like what it is: nothing in it is unseen, or turns the
/// direction of writing around.
pub(super) fn plain(text: &str) -> String {
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let letters = text.chars().map(|letter| match letter {
        '\n' | '\r' | '\t' => ' ',
        letter if unseen(letter) => char::REPLACEMENT_CHARACTER,
        letter => letter,
    });
    letters.collect()
}
