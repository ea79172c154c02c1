//! Diagnostics as people read them in a terminal: the sentence, the line, the hint.

use std::borrow::Cow;
use std::io;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term;
use codespan_reporting::term::termcolor::{Color, ColorSpec, WriteColor};

use super::{Diagnostic, Language, Severity};
use crate::source::{Place, Source, SourceFile, is_hidden};

impl Severity {
    /// The word before the code.
    #[must_use]
    pub const fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Error, Language::Zh) => "错误",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Note, Language::Zh) => "提示",
            (Self::Error, Language::En) => "error",
            (Self::Warning, Language::En) => "warning",
            (Self::Note, Language::En) => "note",
        }
    }

    const fn colour(self) -> Color {
        match self {
            Self::Error => Color::Red,
            Self::Warning => Color::Yellow,
            Self::Note => Color::Cyan,
        }
    }
}

/// Writes one diagnostic with its source lines.
///
/// # Errors
/// Only those of the writer.
pub fn write(
    out: &mut dyn WriteColor,
    diagnostic: &Diagnostic,
    language: Language,
) -> io::Result<()> {
    let mut bold = ColorSpec::new();
    bold.set_bold(true);
    let mut head = bold.clone();
    head.set_fg(Some(diagnostic.severity.colour()));
    out.set_color(&head)?;
    write!(
        out,
        "{}[{}]",
        diagnostic.severity.word(language),
        diagnostic.code
    )?;
    out.set_color(&bold)?;
    writeln!(out, ": {}", clean(diagnostic.say.text(language)))?;
    out.reset()?;
    if diagnostic.location.place == Place::FILE || is_long(diagnostic) {
        writeln!(out, "  ┌─ {}", clean(&diagnostic.location.to_string()))?;
    } else {
        out.write_all(excerpt(diagnostic, language).as_bytes())?;
    }
    if let Some(hint) = &diagnostic.hint {
        let word = match language {
            Language::Zh => "怎么办：",
            Language::En => "what to do: ",
        };
        writeln!(out, "  = {word}{}", clean(hint.text(language)))?;
    }
    writeln!(out)
}

/// Longest line in bytes that is shown; a paragraph of a narrative has some 2000.
const LONGEST_LINE: usize = 8 * 1024;

/// Whether a line to be shown, or one beside it, is too long to be read.
fn is_long(diagnostic: &Diagnostic) -> bool {
    std::iter::once(&diagnostic.location)
        .chain(diagnostic.labels.iter().map(|label| &label.location))
        .any(|location| {
            let at = location.place.line as usize;
            let first = at.saturating_sub(2);
            let mut lines = location
                .source
                .text
                .lines()
                .skip(first)
                .take(at + 1 - first);
            lines.any(|line| line.len() > LONGEST_LINE)
        })
}

/// The source lines, underlined by display width. Empty when the file has none.
fn excerpt(diagnostic: &Diagnostic, language: Language) -> String {
    let source = shown(&diagnostic.location.source);
    let range = diagnostic.location.place.bytes_in(&source.text);
    let mut files = SourceFiles(vec![source]);
    let mut labels = vec![codespan::Label::primary(0, range)];
    for label in &diagnostic.labels {
        let source = shown(&label.location.source);
        let id = files.id_of(&source);
        labels.push(
            codespan::Label::secondary(id, label.location.place.bytes_in(&source.text))
                .with_message(label.say.text(language)),
        );
    }
    let report = codespan::Diagnostic::note().with_labels(labels);
    let config = term::Config {
        start_context_lines: 1,
        end_context_lines: 1,
        ..term::Config::default()
    };
    let text = term::emit_into_string(&config, &files, &report).unwrap_or_default();
    // Its own head line has no message and an English word: ours stands above already.
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    let mut lines = String::with_capacity(body.len());
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// A text without the characters by which a terminal is moved or a line is turned around, each
/// replaced by one that is seen.
fn clean(text: &str) -> Cow<'_, str> {
    if text.contains(is_hidden) {
        Cow::Owned(text.replace(is_hidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A file as it is shown; places count characters and so stay true.
fn shown(source: &Source) -> Source {
    match clean(&source.text) {
        Cow::Borrowed(_) => Source::clone(source),
        Cow::Owned(text) => Source::new(SourceFile {
            path: source.path.clone(),
            text,
        }),
    }
}

struct SourceFiles(Vec<Source>);

impl SourceFiles {
    fn id_of(&mut self, source: &Source) -> usize {
        if let Some(at) = self.0.iter().position(|known| known == source) {
            return at;
        }
        self.0.push(Source::clone(source));
        self.0.len() - 1
    }

    fn text(&self, id: usize) -> Result<&str, Error> {
        self.0
            .get(id)
            .map(|source| source.text.as_str())
            .ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for SourceFiles {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0
            .get(id)
            .map(|source| source.path.as_str())
            .ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.text(id)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let text = self.text(id)?;
        Ok(text.get(..byte).unwrap_or(text).matches('\n').count())
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<std::ops::Range<usize>, Error> {
        let text = self.text(id)?;
        let start = if line == 0 {
            0
        } else {
            text.match_indices('\n')
                .nth(line - 1)
                .map(|(at, _)| at + 1)
                .ok_or(Error::LineTooLarge {
                    given: line,
                    max: text.matches('\n').count(),
                })?
        };
        let end = text[start..]
            .find('\n')
            .map_or(text.len(), |at| start + at + 1);
        Ok(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say;
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
        write(&mut out, &diagnostic, Language::Zh).expect("memory");
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
