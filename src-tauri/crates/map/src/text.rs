//! Pictures as text: the map as SVG and DOT, the timeline as SVG. Names are escaped; nothing is fetched or run.

use std::fmt::{Display, Formatter, Result, Write};

use keyturn_model::Timestamp;

use crate::{Evidence, Picture, SpanKind, Timeline};

const WIDE: i32 = 200;
const HIGH: i32 = 32;
const MARGIN: i32 = 24;
const ROW: i32 = 24;
const LABELS: i32 = 240;
const LENGTH: i32 = 960;

/// The map as an SVG.
#[must_use]
pub fn map_svg(picture: &Picture) -> String {
    svg(|to| draw_map(to, picture))
}

/// The timeline as an SVG.
#[must_use]
pub fn timeline_svg(timeline: &Timeline) -> String {
    svg(|to| draw_timeline(to, timeline))
}

/// The map as a graph of Graphviz.
#[must_use]
pub fn dot(picture: &Picture) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = draw_dot(&mut text, picture);
    text
}

fn svg(draw: impl FnOnce(&mut String) -> Result) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = draw(&mut text);
    text.push_str("</svg>\n");
    text
}

fn open_svg(to: &mut String, wide: i32, high: i32) -> Result {
    writeln!(
        to,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
         viewBox=\"0 0 {wide} {high}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{wide}\" height=\"{high}\" fill=\"#ffffff\"/>"
    )
}

fn draw_map(to: &mut String, picture: &Picture) -> Result {
    let nodes = &picture.nodes;
    let far = |all: &[i32]| all.iter().copied().max().unwrap_or(0);
    open_svg(to, far(&nodes.x) + WIDE + 2 * MARGIN, far(&nodes.y) + HIGH + 2 * MARGIN)?;
    let place = |at: u32| {
        let at = at as usize;
        Some((nodes.x.get(at)? + MARGIN, nodes.y.get(at)? + MARGIN + HIGH / 2))
    };
    let edges = &picture.edges;
    for ((from, to_node), evidence) in edges.from.iter().zip(&edges.to).zip(&edges.evidence) {
        let Some(((x, y), (end, low))) = place(*from).zip(place(*to_node)) else { continue };
        let (begin, middle) = (x + WIDE, (x + WIDE + end) / 2);
        let dashes = if *evidence == Evidence::Said { " stroke-dasharray=\"4 3\"" } else { "" };
        writeln!(
            to,
            "<path d=\"M{begin} {y}C{middle} {y} {middle} {low} {end} {low}\" fill=\"none\" \
             stroke=\"#6f7b8c\"{dashes}/>"
        )?;
    }
    for (from, to_node) in &picture.back {
        let Some(((x, y), (end, low))) = place(*from).zip(place(*to_node)) else { continue };
        let end = end + WIDE;
        writeln!(to, "<path d=\"M{x} {y}L{end} {low}\" stroke=\"#7a101e\" stroke-width=\"2\"/>")?;
    }
    for ((name, column), at) in nodes.name.iter().zip(&nodes.column).zip(0_u32..) {
        let Some((x, y)) = place(at) else { continue };
        let (top, reads) = (y - HIGH / 2, if *column == 3 { reload(picture, at) } else { None });
        let count = nodes.count.get(at as usize).copied().unwrap_or(1);
        let more = if count > 1 { format!(" ({count})") } else { String::new() };
        writeln!(
            to,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{WIDE}\" height=\"{HIGH}\" rx=\"4\" \
             fill=\"#f5f6f8\" stroke=\"#6f7b8c\"/>\n\
             <text x=\"{}\" y=\"{}\">{}{more}</text>",
            x + 10,
            y + 4,
            Xml(reads.as_deref().unwrap_or(name)),
        )?;
    }
    Ok(())
}

fn reload(picture: &Picture, at: u32) -> Option<String> {
    use keyturn_model::rotation::Reload;
    let nodes = &picture.nodes;
    let away = nodes.away_s.get(at as usize)?;
    Some(match (*nodes.reload.get(at as usize)?)? {
        Reload::Live => "live".to_owned(),
        Reload::NextRun => "next run".to_owned(),
        Reload::Manual => "by hand".to_owned(),
        Reload::Restart => format!("restart, about {away} s"),
    })
}

fn draw_timeline(to: &mut String, timeline: &Timeline) -> Result {
    let rows = &timeline.rows;
    let mut tops = Vec::new();
    let mut lanes = Vec::new();
    let mut y = MARGIN + ROW;
    for (lane, at) in timeline.lanes.iter().zip(0_u32..) {
        lanes.push(y);
        y += ROW;
        for _ in rows.lane.iter().filter(|of| **of == at) {
            tops.push(y);
            y += ROW;
        }
        y += if lane.strip { ROW } else { 0 };
    }
    open_svg(to, LABELS + LENGTH + 2 * MARGIN, y + MARGIN)?;
    let length = (timeline.until.0 - timeline.from.0).max(1);
    let x = |at: Timestamp| {
        let within = at.clamp(timeline.from, timeline.until.max(timeline.from));
        let along =
            i128::from(within.0 - timeline.from.0) * i128::from(LENGTH) / i128::from(length);
        MARGIN + LABELS + i32::try_from(along).unwrap_or(0)
    };
    let seen = |at: &Timestamp| *at >= timeline.from && *at <= timeline.until;
    for (at, anchor) in [(timeline.from, "start"), (timeline.until, "end")] {
        writeln!(
            to,
            "<text x=\"{}\" y=\"{MARGIN}\" text-anchor=\"{anchor}\">{}</text>",
            x(at),
            at.utc().format("%Y-%m-%d")
        )?;
    }
    for (lane, top) in timeline.lanes.iter().zip(&lanes) {
        writeln!(
            to,
            "<text x=\"{MARGIN}\" y=\"{}\" font-weight=\"600\">{} ({})</text>",
            top + 16,
            Xml(&lane.name),
            lane.count
        )?;
        let most = lane.heat.iter().copied().max().unwrap_or(0).max(1);
        let parts = i32::try_from(lane.heat.len()).unwrap_or(1).max(1);
        for (count, part) in lane.heat.iter().zip(0_i32..).filter(|(count, _)| **count > 0) {
            let (left, wide) = (LENGTH * part / parts, LENGTH * (part + 1) / parts);
            writeln!(
                to,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\" fill=\"#465162\" \
                 fill-opacity=\"0.{:02}\"/>",
                MARGIN + LABELS + left,
                top + ROW + 4,
                (wide - left).max(1),
                20 + 79 * u64::from(*count) / u64::from(most)
            )?;
        }
    }
    for (name, top) in rows.name.iter().zip(&tops) {
        writeln!(to, "<text x=\"{}\" y=\"{}\">{}</text>", MARGIN + 12, top + 16, Xml(name))?;
    }
    let spans = &timeline.spans;
    for ((row, kind), (from, until)) in
        spans.row.iter().zip(&spans.kind).zip(spans.from.iter().zip(&spans.until))
    {
        let Some(top) = tops.get(*row as usize) else { continue };
        let (left, fill) = (x(*from), fill(*kind));
        let wide = (x(*until) - left).max(1);
        writeln!(
            to,
            "<rect x=\"{left}\" y=\"{}\" width=\"{wide}\" height=\"8\" fill=\"{fill}\"/>",
            top + 8
        )?;
    }
    for (top, (planned, expires)) in tops.iter().zip(rows.planned.iter().zip(&rows.expires)) {
        if let Some(at) = planned.filter(seen) {
            let (x, y) = (x(at), top + 12);
            writeln!(
                to,
                "<path d=\"M{} {y}L{x} {}L{} {y}L{x} {}Z\" fill=\"#ffffff\" stroke=\"#151a21\"/>",
                x - 6,
                y - 6,
                x + 6,
                y + 6
            )?;
        }
        if let Some(at) = expires.filter(seen) {
            let x = x(at);
            writeln!(to, "<rect x=\"{x}\" y=\"{}\" width=\"3\" height=\"16\"/>", top + 4)?;
        }
    }
    if seen(&timeline.now) {
        let x = x(timeline.now);
        writeln!(to, "<path d=\"M{x} {MARGIN}L{x} {y}\" stroke=\"#0a58a8\" stroke-width=\"2\"/>")?;
    }
    Ok(())
}

fn fill(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Valid => "#7a8798",
        SpanKind::Grace => "#9db8ee",
        SpanKind::Overdue => "#b0303f",
        SpanKind::Expired => "#7a101e",
    }
}

fn draw_dot(to: &mut String, picture: &Picture) -> Result {
    writeln!(to, "digraph keyturn {{\n  rankdir=LR;\n  node [shape=box];")?;
    for (name, at) in picture.nodes.name.iter().zip(0_u32..) {
        let reads = reload(picture, at);
        writeln!(to, "  n{at} [label={}];", Quoted(reads.as_deref().unwrap_or(name)))?;
    }
    let edges = &picture.edges;
    for ((from, end), evidence) in edges.from.iter().zip(&edges.to).zip(&edges.evidence) {
        let look = if *evidence == Evidence::Said { " [style=dashed]" } else { "" };
        writeln!(to, "  n{from} -> n{end}{look};")?;
    }
    for (from, end) in &picture.back {
        writeln!(to, "  n{from} -> n{end} [color=red, label=\"logs in\"];")?;
    }
    writeln!(to, "}}")
}

/// A text within XML.
struct Xml<'a>(&'a str);

impl Display for Xml<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // XML has no way to say them.
                '\u{fffe}' | '\u{ffff}' => {}
                other if other.is_control() => f.write_char(' ')?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A text of DOT.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                other if other.is_control() => f.write_char(' ')?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}
