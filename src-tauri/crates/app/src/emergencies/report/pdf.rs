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
use super::paper::Paper;

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
        .title(format!("{}: {}", paper.reference, paper.title))
        .description(paper.about.clone())
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
