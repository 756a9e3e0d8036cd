//! Lines with their offsets, and how one more is put between them.

use super::{Written, joined};

/// A line without its end.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    /// Where it begins.
    pub(super) start: usize,
    /// What it says.
    pub(super) text: &'t str,
    /// Where the next one begins.
    pub(super) next: usize,
}

impl<'t> Line<'t> {
    /// The line that begins here.
    pub(super) fn at(text: &'t str, start: usize) -> Option<Self> {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (line, length) = match rest.find('\n') {
            Some(end) => (rest.get(..end)?, end.saturating_add(1)),
            None => (rest, rest.len()),
        };
        let line = line.strip_suffix('\r').unwrap_or(line);
        Some(Self { start, text: line, next: start.saturating_add(length) })
    }

    /// Where its text begins behind blanks, and that text without blanks around it.
    pub(super) fn content(&self) -> (usize, &'t str) {
        let text = self.text.trim_start_matches(BLANK);
        let start = self.start.saturating_add(self.text.len().saturating_sub(text.len()));
        (start, text.trim_end_matches(BLANK))
    }

    /// How far it is indented.
    pub(super) fn indent(&self) -> usize {
        self.content().0.saturating_sub(self.start)
    }
}

/// What stands between words of a line.
pub(super) const BLANK: [char; 2] = [' ', '\t'];

/// All lines from the first.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    std::iter::successors(Line::at(text, beginning(text)), |line| Line::at(text, line.next))
}

/// Where the text begins: behind a byte order mark.
pub(super) fn beginning(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// How lines end here.
pub(super) fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A line more, where another one begins or at the end. A last line without an end stays one.
pub(super) fn inserted(text: &str, at: usize, line: &str) -> Written {
    let end = ending(text);
    let unended = at == text.len() && at > beginning(text) && !text.ends_with('\n');
    (at..at, if unended { joined(&[end, line]) } else { joined(&[line, end]) })
}

/// The end of a value that stands without quotation marks: before a comment, or the end of the line.
pub(super) fn before_comment<'t>(text: &'t str, marks: &[char]) -> &'t str {
    let starts = text.char_indices().zip(std::iter::once(' ').chain(text.chars()));
    let comment = starts.filter(|((_, c), before)| marks.contains(c) && BLANK.contains(before));
    let end = comment.map(|((at, _), _)| at).next().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end_matches(BLANK)
}

/// Whether a text has characters that no line can hold.
pub(super) fn is_unfit(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\t')
}
