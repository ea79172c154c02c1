//! The source lines of a diagnostic, underlined by display width.

use std::borrow::Cow;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term;

use crate::characters;
use crate::diagnostic::text::{clean_file, one_line};
use crate::diagnostic::{Diagnostic, Language};
use crate::source::{Source, SourceFile};

/// Longest line in bytes that is shown; a paragraph of a narrative has some 2000.
const LONGEST_LINE: usize = 8 * 1024;

/// Whether a line to be shown, or one beside it, is too long to be read.
pub fn is_long(diagnostic: &Diagnostic) -> bool {
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

/// The lines. Empty when the file has none.
pub fn excerpt(diagnostic: &Diagnostic, language: Language) -> String {
    let source = shown(&diagnostic.location.source);
    let range = diagnostic.location.place.bytes_in(&source.text);
    let mut files = SourceFiles(vec![source]);
    let mut labels = vec![codespan::Label::primary(0, range)];
    for label in &diagnostic.labels {
        let source = shown(&label.location.source);
        let id = files.id_of(&source);
        labels.push(
            codespan::Label::secondary(id, label.location.place.bytes_in(&source.text))
                .with_message(one_line(label.say.text(language))),
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

/// A file as it is shown; places count characters and so stay true.
fn shown(source: &Source) -> Source {
    let (path, text) = (characters::shown(&source.path), clean_file(&source.text));
    if path == source.path && matches!(text, Cow::Borrowed(_)) {
        return Source::clone(source);
    }
    let text = text.into_owned();
    Source::new(SourceFile { path, text })
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
