//! Where everything of a report stands on its pages. Plain data comes out, so that it can be looked at without a PDF.

use super::{
    super::paper::{Cell, Line, Paper, Part, Section, Table, Tone, plain},
    letters::{
        Letters,
        Weight::{self, Bold, Regular},
    },
};

/// A4, in points.
pub(super) const WIDE: f32 = 595.28;
pub(super) const HIGH: f32 = 841.89;
const LEFT: f32 = 54.0;
const RIGHT: f32 = WIDE - 54.0;
/// Where the first page begins, and where the others do.
const FIRST: f32 = 46.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = HIGH - 64.0;
/// Where the line at the foot of each page begins.
const FOOT: f32 = HIGH - 46.0;
/// Between the columns of a table.
const GUTTER: f32 = 12.0;
/// Above and under what is in a row.
const ROOM: f32 = 3.5;
/// A row is not broken over two pages unless it is higher than this.
const WHOLE: f32 = 200.0;

type Ink = (u8, u8, u8);
const INK: Ink = (26, 29, 33);
const FAINT: Ink = (92, 99, 109);
const ACCENT: Ink = (10, 88, 168);
const ALARM: Ink = (122, 16, 30);
const RULE: Ink = (222, 225, 229);
const STRONG_RULE: Ink = (150, 156, 164);

/// How a text is set.
#[derive(Debug, Clone, Copy)]
struct Type {
    weight: Weight,
    size: f32,
    /// From one base line to the next.
    lead: f32,
    ink: Ink,
}

const KICKER: Type = Type { weight: Bold, size: 9.5, lead: 18.0, ink: ACCENT };
const TITLE: Type = Type { weight: Bold, size: 20.0, lead: 26.0, ink: INK };
const HEADING: Type = Type { weight: Bold, size: 12.5, lead: 19.0, ink: INK };
const ANSWER: Type = Type { weight: Regular, size: 10.5, lead: 15.5, ink: INK };
const FACT: Type = Type { weight: Regular, size: 8.8, lead: 12.5, ink: INK };
const TEXT: Type = Type { weight: Regular, size: 9.0, lead: 13.0, ink: INK };
const NAME: Type = Type { weight: Bold, size: 7.5, lead: 11.0, ink: FAINT };
const SMALL: Type = Type { weight: Regular, size: 8.0, lead: 11.5, ink: INK };
const EDGE: Type = Type { weight: Regular, size: 7.5, lead: 11.0, ink: FAINT };

impl Type {
    fn toned(self, tone: Tone) -> Self {
        match tone {
            Tone::Plain => self,
            Tone::Strong => Self { weight: Bold, ..self },
            Tone::Faint => Self { ink: FAINT, ..self },
            Tone::Alarm => Self { weight: Bold, ink: ALARM, ..self },
        }
    }
}

/// Something on a page.
pub(super) struct Mark {
    pub(super) x: f32,
    /// Of a text, where it stands; of a ground, its upper edge.
    pub(super) y: f32,
    pub(super) ink: Ink,
    /// The node that it is part of; nothing for what only adorns.
    pub(super) of: Option<usize>,
    pub(super) what: What,
}

pub(super) enum What {
    Words { text: String, weight: Weight, size: f32 },
    Ground { width: f32, height: f32 },
}

/// A part of the document, for those who have it read to them.
pub(super) struct NodeOf {
    pub(super) role: Role,
    pub(super) part_of: Option<usize>,
}

pub(super) enum Role {
    Heading { level: u16, title: String },
    Text,
    Table,
    Row,
    NameOfColumn,
    NameOfRow,
    Cell,
}

/// A document as it is laid out.
pub(super) struct Laid {
    pub(super) pages: Vec<Vec<Mark>>,
    pub(super) nodes: Vec<NodeOf>,
    /// Each section with its page and how far down it begins.
    pub(super) headings: Vec<(String, usize, f32)>,
}

/// The cells of a row, their shares of the width, and how they are set.
struct Row<'a> {
    cells: &'a [Cell],
    shares: &'a [f32],
    of: Type,
}

struct Layout<'a> {
    letters: &'a Letters,
    laid: Laid,
    page: Vec<Mark>,
    /// How far down the page is filled.
    y: f32,
    /// Some letter is not in the typeface.
    lacks: bool,
}

pub(super) fn lay(paper: &Paper, letters: &Letters) -> Laid {
    let laid = Laid { pages: Vec::new(), nodes: Vec::new(), headings: Vec::new() };
    let mut layout = Layout { letters, laid, page: Vec::new(), y: FIRST, lacks: false };
    layout.head(paper);
    for section in &paper.sections {
        layout.section(section);
    }
    if layout.lacks {
        layout.y += ROOM;
        layout.paragraph(
            "\u{fffd} stands for a letter that the typeface of this document does not have, or that cannot be seen. \
             The report as JSON has it.",
            SMALL,
            Role::Text,
        );
    }
    layout.end(paper)
}

impl Layout<'_> {
    fn head(&mut self, paper: &Paper) {
        let title = plain(&paper.title);
        self.paragraph(&paper.about, KICKER, Role::Text);
        self.paragraph(&title, TITLE, Role::Heading { level: 1, title: title.clone() });
    }

    fn section(&mut self, section: &Section) {
        // A heading does not stand alone at the foot of a page.
        self.y += 18.0;
        self.need(100.0);
        let title = section.title.to_owned();
        self.laid.headings.push((title.clone(), self.laid.pages.len(), self.y));
        self.paragraph(section.title, HEADING, Role::Heading { level: 2, title });
        for part in &section.parts {
            match part {
                Part::Text(words) => {
                    self.y += 2.0 * ROOM;
                    self.paragraph(words, TEXT, Role::Text);
                    self.y += ROOM;
                }
                Part::Answers(facts) => self.facts(facts, ANSWER),
                Part::Facts(facts) => self.facts(facts, FACT),
                Part::Table(table) => self.table(table),
            }
        }
    }

    fn facts(&mut self, facts: &[(&'static str, Line)], of: Type) {
        let table = self.node(Role::Table, None);
        for (name, fact) in facts {
            let cells = [vec![Tone::Strong.says(*name)], vec![fact.tone.says(&fact.text)]];
            let row = self.node(Role::Row, Some(table));
            let nodes = [Role::NameOfRow, Role::Cell].map(|role| self.node(role, Some(row)));
            self.row(&Row { cells: &cells, shares: &[0.26, 0.74], of }, &nodes, None);
        }
    }

    fn table(&mut self, table: &Table) {
        let shares: Vec<f32> = table.columns.iter().map(|(_, share)| *share).collect();
        let names: Vec<Cell> =
            table.columns.iter().map(|(name, _)| vec![Tone::Plain.says(*name)]).collect();
        let names = Row { cells: &names, shares: &shares, of: NAME };
        let node = self.node(Role::Table, None);
        let nodes = |layout: &mut Self, role: fn() -> Role| -> Vec<usize> {
            let row = layout.node(Role::Row, Some(node));
            shares.iter().map(|_| layout.node(role(), Some(row))).collect()
        };
        let of = nodes(self, || Role::NameOfColumn);
        self.need(80.0);
        self.row(&names, &of, None);
        for cells in &table.rows {
            let of = nodes(self, || Role::Cell);
            self.row(&Row { cells, shares: &shares, of: SMALL }, &of, Some(&names));
        }
    }

    /// Sets the cells of a row beside each other; what does not fit goes on on the next page, under `names`.
    fn row(&mut self, row: &Row<'_>, nodes: &[usize], names: Option<&Row<'_>>) {
        let columns: Vec<(f32, Vec<(String, Type)>)> = self.columns(row);
        let most = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        let lead = row.of.lead;
        let height = |lines: usize| lines as f32 * lead + 2.0 * ROOM;
        if height(most) <= WHOLE && self.y + height(most) > BOTTOM {
            self.turn(names);
        }
        let mut from = 0;
        while from < most {
            let room = ((BOTTOM - self.y - 2.0 * ROOM) / lead).floor();
            if room < 1.0 {
                self.turn(names);
                continue;
            }
            let to = most.min(from + room as usize);
            for (at, (x, lines)) in columns.iter().enumerate() {
                let shown = lines.iter().skip(from).take(to - from);
                for (down, (text, of)) in shown.enumerate() {
                    let y = self.y + ROOM + down as f32 * lead;
                    self.words(text.clone(), *of, (*x, y), nodes.get(at).copied());
                }
            }
            self.y += height(to - from);
            self.rule(if row.of.size < SMALL.size { STRONG_RULE } else { RULE });
            from = to;
        }
    }

    /// Where each column begins, and its lines.
    fn columns(&mut self, row: &Row<'_>) -> Vec<(f32, Vec<(String, Type)>)> {
        let mut x = LEFT;
        let mut columns = Vec::with_capacity(row.cells.len());
        for (cell, share) in row.cells.iter().zip(row.shares) {
            let width = (RIGHT - LEFT) * share;
            let last = x + width >= RIGHT - 1.0;
            let wide = if last { RIGHT - x } else { width - GUTTER };
            let mut lines = Vec::new();
            for line in cell {
                let of = row.of.toned(line.tone);
                lines.extend(self.lines(&line.text, of, wide).into_iter().map(|it| (it, of)));
            }
            columns.push((x, lines));
            x += width;
        }
        columns
    }

    fn paragraph(&mut self, words: &str, of: Type, role: Role) {
        let node = self.node(role, None);
        for line in self.lines(words, of, RIGHT - LEFT) {
            self.need(of.lead);
            self.words(line, of, (LEFT, self.y), Some(node));
            self.y += of.lead;
        }
    }

    fn lines(&mut self, text: &str, of: Type, width: f32) -> Vec<String> {
        let text = self.letters.known(&plain(text), of.weight);
        self.lacks |= text.contains(char::REPLACEMENT_CHARACTER);
        self.letters.lines(&text, of.weight, of.size, width)
    }

    /// One line, in the middle of its lead.
    fn words(&mut self, text: String, of: Type, (x, top): (f32, f32), node: Option<usize>) {
        let y = top + of.lead / 2.0 + of.size * 0.36;
        let what = What::Words { text, weight: of.weight, size: of.size };
        self.page.push(Mark { x, y, ink: of.ink, of: node, what });
    }

    fn rule(&mut self, ink: Ink) {
        let what = What::Ground { width: RIGHT - LEFT, height: 0.6 };
        self.page.push(Mark { x: LEFT, y: self.y, ink, of: None, what });
    }

    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.turn(None);
        }
    }

    /// Goes on on the next page, under the names of the columns.
    fn turn(&mut self, names: Option<&Row<'_>>) {
        self.laid.pages.push(std::mem::take(&mut self.page));
        self.y = TOP;
        if let Some(names) = names {
            self.row(names, &[], None);
        }
    }

    fn node(&mut self, role: Role, part_of: Option<usize>) -> usize {
        self.laid.nodes.push(NodeOf { role, part_of });
        self.laid.nodes.len() - 1
    }

    /// The reference and the number of the page, on each.
    fn end(mut self, paper: &Paper) -> Laid {
        self.turn(None);
        let pages = std::mem::take(&mut self.laid.pages);
        let many = pages.len();
        for (at, page) in pages.into_iter().enumerate() {
            self.page = page;
            let number = format!("Page {} of {many}", at + 1);
            let wide = self.letters.width(&number, EDGE.weight, EDGE.size);
            self.words(plain(&paper.about), EDGE, (LEFT, FOOT), None);
            self.words(number, EDGE, (RIGHT - wide, FOOT), None);
            let title = self.lines(&paper.title, EDGE, RIGHT - LEFT).into_iter().next();
            if let Some(title) = title.filter(|_| at > 0) {
                self.words(title, EDGE, (LEFT, 34.0), None);
            }
            self.laid.pages.push(std::mem::take(&mut self.page));
        }
        self.laid
    }
}
