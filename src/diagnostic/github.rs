//! Diagnostics as annotations of GitHub Actions:
//! `::error file=…,line=…,col=…,endColumn=…,title=code::message`.

use std::io::{self, Write};

use super::text::{Setting, clean, from_call, sentence, with_hint};
use super::{Diagnostic, Severity};
use crate::source::Place;

/// Writes sorted diagnostics, one command each; a waived finding is a notice.
///
/// # Errors
/// Only those of the writer.
pub fn write(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    setting: Setting<'_>,
) -> io::Result<()> {
    for diagnostic in diagnostics {
        let location = &diagnostic.location;
        let command = match (&diagnostic.waived, diagnostic.severity) {
            (None, Severity::Error) => "error",
            (None, Severity::Warning) => "warning",
            (Some(_), _) | (None, Severity::Note) => "notice",
        };
        let file = from_call(setting.root, &location.source.path);
        write!(out, "::{command} file={}", property(&file))?;
        let place = location.place;
        if place != Place::FILE {
            let end = place.column + place.width.max(1);
            write!(out, ",line={},col={}", place.line, place.column)?;
            write!(out, ",endColumn={end}")?;
        }
        let title = match diagnostic.waived {
            Some(_) => format!("{}[{}]", diagnostic.word(setting.language), diagnostic.code),
            None => diagnostic.code.to_owned(),
        };
        let sentence = sentence(diagnostic, setting.language);
        let message = with_hint(&sentence, diagnostic, setting.language);
        writeln!(out, ",title={}::{}", property(&title), data(&message))?;
    }
    Ok(())
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    clean(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value before it, which commas and colons would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_is_escaped() {
        assert_eq!(data("5%: 甲,\r\n乙"), "5%25: 甲,%0D%0A乙");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
