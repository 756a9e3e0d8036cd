//! The typeface of a PDF: how wide a text is, where it breaks, and how it is drawn, one glyph a letter. That is right for
//! Latin, Greek and Cyrillic.

use krilla::{
    geom::Point,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};

/// Which of the two cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

pub(super) struct Letters {
    regular: Cut,
    bold: Cut,
}

struct Cut {
    font: Font,
    glyphs: Charmap<'static>,
    widths: GlyphMetrics<'static>,
}

/// After these a word may break that is longer than a line.
const BREAKS: &[char] = &['/', '\\', '-', '_', '.', ',', ':', ';', '@', '=', '&', '?', '+'];

impl Letters {
    pub(super) fn new() -> Option<Self> {
        Some(Self { regular: Cut::of(notosans::REGULAR_TTF)?, bold: Cut::of(notosans::BOLD_TTF)? })
    }

    fn cut(&self, weight: Weight) -> &Cut {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub(super) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let cut = self.cut(weight);
        text.chars().map(|letter| cut.glyph(letter).1).sum::<f32>() * size
    }

    /// The text with every letter that there is no glyph for as one that says so.
    pub(super) fn known(&self, text: &str, weight: Weight) -> String {
        let glyphs = &self.cut(weight).glyphs;
        let known = |letter| match glyphs.map(letter) {
            Some(_) => letter,
            None => char::REPLACEMENT_CHARACTER,
        };
        text.chars().map(known).collect()
    }

    /// The lines of a text. Put together they are the text again: a space stays at the end of its line.
    pub(super) fn lines(&self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
        let cut = self.cut(weight);
        let most = width / size;
        let (mut lines, mut line, mut wide) = (Vec::new(), String::new(), 0.0);
        for word in text.split_inclusive(' ') {
            let bare = cut.width(word.trim_end());
            if wide + bare > most && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                wide = 0.0;
            }
            if bare <= most {
                line.push_str(word);
                wide += cut.width(word);
                continue;
            }
            for piece in word.split_inclusive(BREAKS) {
                let fits = wide + cut.width(piece.trim_end()) <= most;
                if !fits && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    wide = 0.0;
                }
                for letter in piece.chars() {
                    let letter_wide = cut.glyph(letter).1;
                    if wide + letter_wide > most && letter != ' ' && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        wide = 0.0;
                    }
                    line.push(letter);
                    wide += letter_wide;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Draws one line from its base line on.
    pub(super) fn draw(
        &self,
        surface: &mut Surface<'_>,
        at: Point,
        text: &str,
        weight: Weight,
        size: f32,
    ) {
        let cut = self.cut(weight);
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(from, letter)| {
                let (glyph, wide) = cut.glyph(letter);
                KrillaGlyph {
                    glyph_id: GlyphId::new(glyph.to_u32()),
                    text_range: from..from + letter.len_utf8(),
                    x_advance: wide,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                }
            })
            .collect();
        surface.draw_glyphs(at, &glyphs, cut.font.clone(), text, size, false);
    }
}

impl Cut {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(bytes).ok()?;
        let glyphs = read.charmap();
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            widths: read.glyph_metrics(Size::new(1.0), LocationRef::default()),
            glyphs,
        })
    }

    /// The glyph of a letter, and how wide it is at size 1.
    fn glyph(&self, letter: char) -> (skrifa::GlyphId, f32) {
        let glyph = self.glyphs.map(letter).unwrap_or_default();
        (glyph, self.widths.advance_width(glyph).unwrap_or_default())
    }

    fn width(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.glyph(letter).1).sum()
    }
}
