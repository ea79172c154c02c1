//! Diagnostics for editors and `grep`: `path:line:col: error[code] sentence`, one line each.

use std::io::{self, Write};

use super::Diagnostic;
use super::text::{Setting, from_call, one_line, sentence};
use crate::characters::shown;
use crate::source::Place;

/// Writes sorted diagnostics. A file as a whole has no line and column.
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
        let path = from_call(setting.root, &location.source.path);
        write!(out, "{}", shown(&path))?;
        if location.place != Place::FILE {
            write!(out, ":{}:{}", location.place.line, location.place.column)?;
        }
        let (word, code) = (diagnostic.word(setting.language), diagnostic.code);
        let sentence = one_line(&sentence(diagnostic, setting.language));
        writeln!(out, ": {word}[{code}] {sentence}")?;
    }
    Ok(())
}
