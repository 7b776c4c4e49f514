//! Text set in type: laid out by parley, with a font of the computer for each script, and drawn by krilla.

use std::collections::HashMap;

use krilla::{
    color::luma,
    geom::{PathBuilder, Point, Rect},
    num::NormalizedF32,
    paint::{Fill, FillRule},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use parley::{
    Alignment, AlignmentOptions, FontContext, FontWeight, GenericFamily, Layout, LayoutContext, LineHeight,
    OverflowWrap, StyleProperty,
};

use super::PaperError;

/// How dark text is, and how dark rules are, from black to white.
const TEXT: u8 = 0;
const RULE: u8 = 160;
/// The longest text of a cell that is set, in letters: more would fill pages.
const LONGEST: usize = 600;

fn fill(shade: u8) -> Fill {
    Fill { paint: luma::Color::new(shade).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

/// A hairline from `left` to `right`, points from the page's edge.
pub fn rule(surface: &mut Surface<'_>, (left, right): (f32, f32), y: f32) {
    let mut path = PathBuilder::new();
    path.push_rect(match Rect::from_ltrb(left, y - 0.25, right, y + 0.25) {
        Some(line) => line,
        None => return,
    });
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(RULE)));
        surface.draw_path(&path);
    }
}

/// A text laid out for a width.
pub struct Laid {
    text: String,
    layout: Layout<()>,
}

impl Laid {
    pub fn height(&self) -> f32 {
        self.layout.height()
    }
}

/// What text is set with.
pub struct Ink {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    embedded: HashMap<(u64, u32), Font>,
}

impl Ink {
    pub fn new() -> Result<Self, PaperError> {
        let mut ink = Self { fonts: FontContext::new(), layouts: LayoutContext::new(), embedded: HashMap::new() };
        let plain = ink.lay("Data as of", 9.0, false, 200.0);
        let drawn = plain.layout.lines().flat_map(|line| line.runs()).any(|run| run.advance() > 0.0);
        if drawn { Ok(ink) } else { Err(PaperError::NoFont) }
    }

    /// Lays `text` out, `size` points tall, in lines no wider than `width` points.
    pub fn lay(&mut self, text: &str, size: f32, bold: bool, width: f32) -> Laid {
        let plain = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
        let text: String = plain.take(LONGEST).collect();
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &text, 1.0, false);
        builder.push_default(GenericFamily::SansSerif);
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.3)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        let mut layout = builder.build(&text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Left, AlignmentOptions::default());
        Laid { text, layout }
    }

    /// Draws it with its upper left corner at `x` and `y`, points from the page's.
    pub fn draw(&mut self, surface: &mut Surface<'_>, laid: &Laid, x: f32, y: f32) -> Result<(), PaperError> {
        surface.set_fill(Some(fill(TEXT)));
        for line in laid.layout.lines() {
            let baseline = y + line.metrics().baseline;
            let mut at = x + line.metrics().offset;
            for run in line.runs() {
                let font = run.font();
                let key = (font.data.id(), font.index);
                let known = self.embedded.get(&key).cloned();
                let font = match known.or_else(|| Font::new(font.data.clone().into_raw_parts().0.into(), font.index)) {
                    Some(font) => font,
                    None => return Err(PaperError::NoDocument),
                };
                self.embedded.insert(key, font.clone());
                let size = run.font_size();
                let mut glyphs: Vec<KrillaGlyph> = Vec::new();
                for cluster in run.visual_clusters() {
                    if cluster.is_ligature_continuation() {
                        if let Some(glyph) = glyphs.last_mut() {
                            glyph.text_range.end = cluster.text_range().end.max(glyph.text_range.end);
                        }
                        continue;
                    }
                    glyphs.extend(cluster.glyphs().map(|glyph| {
                        let by = |points: f32| points / size;
                        let (advance, right, up) = (by(glyph.advance), by(glyph.x), by(glyph.y));
                        KrillaGlyph::new(GlyphId::new(glyph.id), advance, right, up, 0.0, cluster.text_range(), None)
                    }));
                }
                surface.draw_glyphs(Point::from_xy(at, baseline), &glyphs, font, &laid.text, size, false);
                at += run.advance();
            }
        }
        Ok(())
    }
}
