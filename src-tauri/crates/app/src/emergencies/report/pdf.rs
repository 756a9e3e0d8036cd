//! The report as a PDF: A4, tagged, with the reference and the number on each page. What is laid out is written as it is:
//! the same report gives the same bytes.

mod layout;
mod letters;

use std::num::NonZeroU16;

use chrono::{Datelike, Timelike};
use krilla::{
    Document,
    color::rgb,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag,
        TagGroup, TagKind, TagTree,
    },
};

use self::{
    layout::{Laid, Mark, Role, What},
    letters::Letters,
};
use super::paper::{Paper, plain};

/// Nothing where the typeface cannot be read, which a test rules out.
pub(super) fn written(paper: &Paper) -> Option<Vec<u8>> {
    let letters = Letters::new()?;
    let laid = layout::lay(paper, &letters);
    let mut document = Document::new();
    document.set_metadata(about(paper));
    let mut leaves: Vec<Vec<Identifier>> = laid.nodes.iter().map(|_| Vec::new()).collect();
    for marks in &laid.pages {
        let mut page = document.start_page_with(PageSettings::from_wh(layout::WIDE, layout::HIGH)?);
        let mut surface = page.surface();
        for together in marks.chunk_by(|one, next| one.of == next.of) {
            let of = together.first().and_then(|mark| mark.of);
            let id = surface.start_tagged(match of {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            });
            if let Some(leaf) = of.and_then(|of| leaves.get_mut(of)) {
                leaf.push(id);
            }
            for mark in together {
                draw(&mut surface, mark, &letters);
            }
            surface.end_tagged();
        }
        surface.finish();
        page.finish();
    }
    let mut outline = Outline::new();
    for (title, page, y) in &laid.headings {
        let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
        outline.push_child(OutlineNode::new(title.clone(), place));
    }
    document.set_outline(outline);
    document.set_tag_tree(tree(&laid, leaves));
    document.finish().ok()
}

fn about(paper: &Paper) -> Metadata {
    let at = paper.written.utc();
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0);
    Metadata::new()
        .title(plain(&format!("{}: {}", paper.reference, paper.title)))
        .description(plain(&paper.about))
        .creator("Keyturn".to_owned())
        .language("en".to_owned())
        .creation_date(date)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, letters: &Letters) {
    let (red, green, blue) = mark.ink;
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }));
    match &mark.what {
        What::Words { text, weight, size } => {
            letters.draw(surface, Point::from_xy(mark.x, mark.y), text, *weight, *size);
        }
        What::Ground { width, height } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(mark.x, mark.y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// What each mark is part of, for those who have the document read to them.
fn tree(laid: &Laid, leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut groups: Vec<Option<TagGroup>> =
        laid.nodes.iter().map(|node| Some(TagGroup::new(tag(&node.role)))).collect();
    for (group, ids) in groups.iter_mut().zip(leaves) {
        if let Some(group) = group {
            group.children.extend(ids.into_iter().map(Node::Leaf));
        }
    }
    let mut tree = TagTree::new();
    // A node comes after the one that it is part of, so from the end on each is whole when it is handed on.
    let mut roots = Vec::new();
    for at in (0..groups.len()).rev() {
        let Some(group) = groups.get_mut(at).and_then(Option::take) else { continue };
        match laid.nodes.get(at).and_then(|node| node.part_of) {
            Some(parent) => {
                if let Some(Some(parent)) = groups.get_mut(parent) {
                    parent.children.insert(0, Node::Group(group));
                }
            }
            None => roots.push(group),
        }
    }
    for group in roots.into_iter().rev() {
        tree.push(group);
    }
    tree
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading { level, title } => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(title.clone())).into()
        }
        Role::Text => Tag::P.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::NameOfColumn => Tag::TH(TableHeaderScope::Column).into(),
        Role::NameOfRow => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
    }
}

#[cfg(test)]
mod tests {
    use keyturn_model::Timestamp;

    use super::{
        super::paper::{Cell, Part, Section, Table, Tone},
        layout::{HIGH, Laid, WIDE, What, lay},
        letters::Letters,
        *,
    };

    fn paper(rows: Vec<Vec<Cell>>) -> Paper {
        let columns = vec![("Credential", 0.3), ("Why", 0.3), ("More", 0.4)];
        Paper {
            about: "Incident report INC-2026-001, vault Acme".to_owned(),
            reference: "INC-2026-001".to_owned(),
            title: "Leaked: payment-gateway".to_owned(),
            written: Timestamp(1_790_000_000_000),
            sections: vec![Section {
                title: "Credentials",
                parts: vec![Part::Table(Table { columns, rows })],
            }],
        }
    }

    fn laid(paper: &Paper) -> (Laid, Letters) {
        let letters = Letters::new().expect("a typeface");
        (lay(paper, &letters), letters)
    }

    /// The lines of what is part of the document.
    fn words(laid: &Laid) -> String {
        let marks = laid.pages.iter().flatten().filter(|mark| mark.of.is_some());
        let lines = marks.filter_map(|mark| match &mark.what {
            What::Words { text, .. } => Some(text.as_str()),
            What::Ground { .. } => None,
        });
        lines.collect()
    }

    #[test]
    fn nothing_stands_outside_of_its_page() {
        let long = "payments/".repeat(22) + &"x".repeat(200);
        let row = |at: usize| {
            let why = if at.is_multiple_of(10) { long.as_str() } else { "Chosen" };
            let cells = [&format!("service-{at:04}"), why, &"a few plain words".repeat(at % 9)];
            cells.map(|it| vec![Tone::Strong.says(it)]).into()
        };
        let paper = paper((0..2_000).map(row).collect());
        let (laid, letters) = laid(&paper);
        assert!(laid.pages.len() > 60, "{} pages", laid.pages.len());
        for mark in laid.pages.iter().flatten() {
            let (wide, high) = match &mark.what {
                What::Words { text, weight, size } => {
                    (letters.width(text.trim_end(), *weight, *size), 0.0)
                }
                What::Ground { width, height } => (*width, *height),
            };
            assert!(mark.x >= 50.0 && mark.x + wide <= WIDE - 50.0, "{} + {wide}", mark.x);
            assert!(mark.y >= 30.0 && mark.y + high <= HIGH - 30.0, "{}", mark.y);
        }
        let words = words(&laid);
        for at in 0..2_000 {
            assert!(words.contains(&format!("service-{at:04}")), "{at}");
        }
        assert_eq!(words.matches(&long).count(), 200);
    }

    #[test]
    fn a_cell_longer_than_a_page_goes_on_under_the_names_of_its_columns() {
        let lines = (0..300).map(|at| Tone::Plain.says(format!("line {at}."))).collect();
        let paper = paper(vec![vec![vec![Tone::Strong.says("one")], lines, Vec::new()]]);
        let (laid, _) = laid(&paper);
        assert!(laid.pages.len() > 3, "{} pages", laid.pages.len());
        let has_names = |page: &Vec<Mark>| {
            page.iter()
                .any(|it| matches!(&it.what, What::Words { text, .. } if text == "Credential"))
        };
        assert!(laid.pages.iter().all(has_names));
        assert!((0..300).all(|at| words(&laid).contains(&format!("line {at}."))));
    }

    #[test]
    fn the_same_report_is_written_as_the_same_bytes() {
        let row = |_| (0..3).map(|_| vec![Tone::Alarm.says("Ключ \u{1f511}")]).collect();
        let paper = paper((0..90).map(row).collect());
        let once = written(&paper).expect("written");
        assert!(once.starts_with(b"%PDF-"));
        assert_eq!(written(&paper), Some(once));
    }
}
