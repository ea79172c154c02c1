//! The formats of a workbook, made once for all workbooks.

use std::sync::LazyLock;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

/// Deepest indent.
const DEEPEST: usize = 6;

/// Most digits after the point; more are written but not shown.
const DIGITS: usize = 10;

/// Every format.
pub struct Formats {
    pub title: Format,
    /// Left of the line above the header.
    pub left: Format,
    /// Right of it.
    pub right: Format,
    pub header: Format,
    /// Text and names of each depth, then those of totals.
    text: [Vec<Format>; 2],
    /// Codes and line numbers, then those of totals.
    code: [Format; 2],
    /// Numbers by digits after the point, then those of totals.
    number: [Vec<Format>; 2],
    pub note: Format,
}

/// The formats.
pub static FORMATS: LazyLock<Formats> = LazyLock::new(Formats::new);

impl Formats {
    fn new() -> Self {
        let cell = || {
            let base = Format::new().set_border(FormatBorder::Thin);
            base.set_align(FormatAlign::VerticalCenter)
        };
        let weights = [cell(), cell().set_bold()];
        let text = |base: &Format| {
            let base = base.clone().set_text_wrap();
            let depths = 0..=u8::try_from(DEEPEST).unwrap_or(0);
            depths.map(|depth| base.clone().set_indent(depth)).collect()
        };
        let number = |base: &Format| {
            let base = base.clone().set_align(FormatAlign::Right);
            (0..=DIGITS)
                .map(|digits| base.clone().set_num_format(pattern(digits)))
                .collect()
        };
        Self {
            title: Format::new()
                .set_bold()
                .set_font_size(14)
                .set_align(FormatAlign::Center),
            left: Format::new(),
            right: Format::new().set_align(FormatAlign::Right),
            header: cell()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: weights.each_ref().map(text),
            code: weights.each_ref().map(|base| {
                // 文本: a code that somebody types into stays a text.
                base.clone().set_num_format("@")
            }),
            number: weights.each_ref().map(number),
            note: Format::new(),
        }
    }

    /// For a text or a name of this depth, from 0.
    pub fn text(&self, depth: usize, total: bool) -> &Format {
        &self.text[usize::from(total)][depth.min(DEEPEST)]
    }

    /// For a code.
    pub fn code(&self, total: bool) -> &Format {
        &self.code[usize::from(total)]
    }

    /// For a number with this many digits after the point.
    pub fn number(&self, digits: u32, total: bool) -> &Format {
        let digits = usize::try_from(digits).unwrap_or(DIGITS);
        &self.number[usize::from(total)][digits.min(DIGITS)]
    }
}

/// `#,##0.00` for two digits.
fn pattern(digits: usize) -> String {
    let point = if digits > 0 { "." } else { "" };
    format!("#,##0{point}{}", "0".repeat(digits))
}
