//! Our backend for plotters: clean SVG, one element a line, classes instead of colours.
//!
//! The font family of a plotters text style is the class of the text; its colour is left to CSS.
//! Widths of characters come from a table here, so no font of the machine is asked.

use std::convert::Infallible;

use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use unicode_width::UnicodeWidthChar;

use crate::render::escape::html;

/// Lines of an SVG while it is drawn.
pub(super) struct Svg<'a> {
    lines: &'a mut Vec<String>,
    size: (u32, u32),
}

impl<'a> Svg<'a> {
    /// Opens an `<svg>` of `size` CSS pixels that is read aloud as `title` and `description`.
    pub(super) fn open(
        lines: &'a mut Vec<String>,
        size: (u32, u32),
        class: &str,
        id: &str,
        (title, description): (&str, &str),
    ) -> Self {
        let (width, height) = size;
        lines.push(format!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-desc">"#
        ));
        lines.push(format!(r#"<title id="{id}-title">{}</title>"#, html(title)));
        lines.push(format!(
            r#"<desc id="{id}-desc">{}</desc>"#,
            html(description)
        ));
        Self { lines, size }
    }

    /// A path in a group of its own, with a tip.
    pub(super) fn titled_path(&mut self, class: &str, title: &str, d: &str) {
        self.lines.push(format!(r#"<g class="{class}">"#));
        self.lines.push(format!("<title>{}</title>", html(title)));
        self.lines.push(format!(r#"<path d="{d}"/>"#));
        self.lines.push("</g>".to_owned());
    }

    /// A path without a tip.
    pub(super) fn path(&mut self, class: &str, d: &str) {
        self.lines
            .push(format!(r#"<path class="{class}" d="{d}"/>"#));
    }
}

/// Only what our charts ask for is drawn as elements of its own; any other shape would come here as
/// pixels from plotters' own rasteriser.
impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        self.lines.push("</svg>".to_owned());
        Ok(())
    }

    fn draw_pixel(
        &mut self,
        (x, y): BackendCoord,
        _: BackendColor,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.lines.push(format!(
            r#"<rect class="pixel" x="{x}" y="{y}" width="1" height="1"/>"#
        ));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let size = pixels(style);
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // a line of Chinese reaches from 0.88 em above its baseline to 0.12 em below
        let hundredths = match style.anchor().v_pos {
            VPos::Top => 88,
            VPos::Center => 38,
            VPos::Bottom => -12,
        };
        let baseline = y.saturating_add(size.saturating_mul(hundredths) / 100);
        self.lines.push(format!(
            r#"<text class="{}" x="{x}" y="{baseline}" text-anchor="{anchor}" font-size="{size}">{}</text>"#,
            html(style.family().as_str()),
            html(text)
        ));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = pixels(style).unsigned_abs();
        let thousandths = text.chars().map(width).fold(0, u32::saturating_add);
        Ok((thousandths.saturating_mul(size).div_ceil(1000), size))
    }
}

/// Width of a character in thousandths of an em, as in the sans faces of the style sheet (ux.md T5).
fn width(character: char) -> u32 {
    match (character, character.width_cjk()) {
        ('0'..='9', _) => 555,
        (_, None | Some(0)) => 0,
        (_, Some(1)) => 550,
        _ => 1000,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes are given by us, as small whole numbers"
)]
fn pixels<S: BackendTextStyle>(style: &S) -> i32 {
    style.size() as i32
}

#[cfg(test)]
mod tests {
    use plotters::style::{IntoFont, TextStyle};

    use super::*;

    #[test]
    fn widths_come_from_the_table() {
        let mut lines = Vec::new();
        let svg = Svg::open(&mut lines, (100, 100), "ring", "c", ("t", "d"));
        let style = TextStyle::from(("ring-name", 20).into_font());
        for (text, wide) in [
            ("", 0),
            ("支出", 40),
            ("“三公”", 80),
            ("2025", 45),
            ("98.60%", 67),
            ("a\u{301}", 11),
        ] {
            let measured = svg.estimate_text_size(text, &style);
            assert_eq!(measured.ok(), Some((wide, 20)), "{text}");
        }
    }
}
