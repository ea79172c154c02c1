//! What page templates and narrative templates share: faults of the template engine as diagnostics.

use tera::{Error, ErrorKind};

use crate::diagnostic::Diagnostic;
use crate::say;
use crate::source::{Place, Source};

/// A fault of the template engine in the words and with the places of ours.
///
/// `find` gives the file of a template by its name; `fallback` is named when the fault has no place.
pub fn fault(
    error: &Error,
    find: &dyn Fn(&str) -> Option<Source>,
    fallback: &Source,
) -> Diagnostic {
    let hint = say!(
        "模板的写法见 docs/standards.md；函数的参数都写成 名=值",
        "docs/standards.md describes templates; arguments of functions are name=value"
    );
    let (source, place, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let source = find(report.filename()).unwrap_or_else(|| fallback.clone());
            let span = report.span();
            let width = if span.start_line == span.end_line {
                span.end_col.saturating_sub(span.start_col).max(1)
            } else {
                1
            };
            let place = Place {
                line: u32::try_from(span.start_line).unwrap_or(u32::MAX),
                column: u32::try_from(span.start_col + 1).unwrap_or(u32::MAX),
                width: u32::try_from(width).unwrap_or(1),
            };
            (source, place, report.message().to_owned())
        }
        other => {
            // Unknown functions and includes come as one text that names file and line.
            let text = other.to_string();
            let message = text
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            (fallback.clone(), place_in(&text), message)
        }
    };
    Diagnostic::error(
        "template",
        &source,
        place,
        say!("模板出错：{message}", "template: {message}"),
    )
    .hint(hint)
}

/// The first `line:column` that an error text names.
fn place_in(text: &str) -> Place {
    for word in text.split(|c: char| c.is_whitespace() || c == ']' || c == '[') {
        let mut parts = word.rsplit(':');
        let numbers = parts
            .next()
            .and_then(|column| column.parse::<u32>().ok())
            .zip(parts.next().and_then(|line| line.parse::<u32>().ok()));
        if let Some((column, line)) = numbers {
            return Place {
                line,
                column,
                width: 1,
            };
        }
    }
    Place::FILE
}
