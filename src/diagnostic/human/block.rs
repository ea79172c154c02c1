//! One diagnostic: sentence, source lines, both sides of a relation, hint.

use std::io;

use codespan_reporting::term::termcolor::{Color, ColorSpec, WriteColor};
use unicode_width::UnicodeWidthStr as _;

use super::Options;
use super::excerpt::{excerpt, is_long};
use crate::characters::shown;
use crate::diagnostic::text::{before_hint, clean, one_line, sentence};
use crate::diagnostic::{Diagnostic, Language, Operand, Severity, Side};
use crate::source::Place;

/// Writes a diagnostic with all it says.
pub fn write(
    out: &mut dyn WriteColor,
    diagnostic: &Diagnostic,
    options: Options,
) -> io::Result<()> {
    let language = options.language;
    head(out, diagnostic, language)?;
    writeln!(out, ": {}", one_line(&sentence(diagnostic, language)))?;
    out.reset()?;
    if diagnostic.location.place == Place::FILE || is_long(diagnostic) {
        writeln!(out, "  ┌─ {}", shown(&diagnostic.location.to_string()))?;
    } else {
        out.write_all(excerpt(diagnostic, language).as_bytes())?;
    }
    let sides = diagnostic.detail.as_ref().and_then(|d| d.sides.as_ref());
    // One figure against another: the sentence says it all.
    let several = |sides: &&[Side; 2]| sides.iter().any(|side| side.operands.len() > 1);
    if let Some([left, right]) = sides.filter(several) {
        let (first, second) = match language {
            Language::Zh => ("左", "右"),
            Language::En => ("left ", "right"),
        };
        side(out, first, left, options)?;
        side(out, second, right, options)?;
    }
    if let Some(hint) = &diagnostic.hint {
        let word = before_hint(language);
        writeln!(out, "  = {word}{}", one_line(hint.text(language)))?;
    }
    writeln!(out)
}

/// Writes a waived finding on one line: `豁免[code] path:line: 理由（决定人）`.
pub fn line(
    out: &mut dyn WriteColor,
    diagnostic: &Diagnostic,
    language: Language,
) -> io::Result<()> {
    let Some(waived) = &diagnostic.waived else {
        return Ok(());
    };
    head(out, diagnostic, language)?;
    out.reset()?;
    let location = &diagnostic.location;
    write!(out, " {}", shown(&location.source.path))?;
    if location.place != Place::FILE {
        write!(out, ":{}", location.place.line)?;
    }
    let (reason, by) = (one_line(&waived.reason), one_line(&waived.by));
    match language {
        Language::Zh => writeln!(out, "：{reason}（{by}）"),
        Language::En => writeln!(out, ": {reason} ({by})"),
    }
}

/// `错误[code]` in its colour; what follows is bold.
fn head(out: &mut dyn WriteColor, diagnostic: &Diagnostic, language: Language) -> io::Result<()> {
    let mut bold = ColorSpec::new();
    bold.set_bold(true);
    let mut head = bold.clone();
    head.set_fg(Some(match (&diagnostic.waived, diagnostic.severity) {
        (Some(_), _) => Color::Green,
        (None, Severity::Error) => Color::Red,
        (None, Severity::Warning) => Color::Yellow,
        (None, Severity::Note) => Color::Cyan,
    }));
    out.set_color(&head)?;
    write!(out, "{}[{}]", diagnostic.word(language), diagnostic.code)?;
    out.set_color(&bold)
}

/// Operands of a side that are always shown, and how many of a longer side are.
const SHORT_SIDE: usize = 6;
const SHOWN_OF_LONG: usize = 4;

/// One side: `左 3,711.85 万元 = 表三 第 208 行 合计` when it is one figure, else its sum and a line
/// for each operand.
fn side(out: &mut dyn WriteColor, word: &str, side: &Side, options: Options) -> io::Result<()> {
    let text = clean(&side.text);
    if let [only] = side.operands.as_slice()
        && !only.minus
        && only.text == side.text
    {
        return writeln!(out, "  {word} {text} = {}", one_line(&only.coordinates));
    }
    writeln!(out, "  {word} {text}")?;
    let count = side.operands.len();
    let shown = if options.verbose || count <= SHORT_SIDE {
        count
    } else {
        SHOWN_OF_LONG
    };
    let operands = &side.operands[..shown];
    let width = operands.iter().map(|operand| operand.text.width()).max();
    for (at, operand) in operands.iter().enumerate() {
        let sign = sign(at, operand);
        let text = clean(&operand.text);
        let blanks = width.unwrap_or(0).saturating_sub(text.width());
        let coordinates = one_line(&operand.coordinates);
        writeln!(out, "     {sign} {:blanks$}{text}  {coordinates}", "")?;
    }
    match (count > shown, options.language) {
        (false, _) => Ok(()),
        (true, Language::Zh) => writeln!(out, "     … 共 {count} 项"),
        (true, Language::En) => writeln!(out, "     … {count} in all"),
    }
}

const fn sign(at: usize, operand: &Operand) -> &'static str {
    match (operand.minus, at) {
        (true, _) => "−",
        (false, 0) => "=",
        (false, _) => "+",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say;
    use crate::source::{Source, SourceFile};
    use codespan_reporting::term::termcolor::NoColor;

    #[test]
    fn an_underline_stands_below_its_text_after_wide_characters() {
        let source = Source::new(SourceFile {
            path: "data/a/tables/03.yaml".to_owned(),
            text: "rows:\n  - {name: 退役安置（本级）, total: 2.5O}\n".to_owned(),
        });
        let place = Place {
            line: 2,
            column: 29,
            width: 4,
        };
        let diagnostic = Diagnostic::error(
            "amount-syntax",
            &source,
            place,
            say!("金额 `2.5O` 不是数", "`2.5O` is no amount"),
        )
        .hint(say!("改为 2.50", "write 2.50"));
        let mut out = NoColor::new(Vec::new());
        write(&mut out, &diagnostic, Options::default()).expect("memory");
        let text = String::from_utf8(out.into_inner()).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "错误[amount-syntax]: 金额 `2.5O` 不是数");
        assert_eq!(lines[1].trim(), "┌─ data/a/tables/03.yaml:2:29");
        let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        let code = lines
            .iter()
            .find(|line| line.contains("2.5O}"))
            .expect("the line");
        let mark = lines
            .iter()
            .find(|line| line.contains("^^^^"))
            .expect("the mark");
        assert_eq!(
            width(code.split("2.5O}").next().expect("before")),
            width(mark.split("^^^^").next().expect("before"))
        );
        assert_eq!(lines.last(), Some(&""));
        assert!(text.contains("怎么办：改为 2.50"));
    }
}
