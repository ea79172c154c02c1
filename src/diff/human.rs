//! A report as people read it in a terminal: figures in columns, texts with their changes marked.

use std::io;

use codespan_reporting::term::termcolor::{Color, ColorSpec, WriteColor};
use unicode_width::UnicodeWidthStr as _;

use super::outline::{Item, Line, Outline, Section, bracketed, summary};
use super::report::{Piece, Presence, Report};
use crate::diagnostic::{Language, one_line};

/// What did not change is cut where it is longer than twice this many characters.
const AROUND: usize = 16;

/// Writes a report.
///
/// # Errors
/// Only those of the writer.
pub fn write(out: &mut dyn WriteColor, report: &Report, language: Language) -> io::Result<()> {
    for part in Outline::new(report, language).parts {
        coloured(out, &bold(), &format!("── {}", one_line(&part.title)))?;
        writeln!(out)?;
        for section in &part.sections {
            writeln!(out)?;
            coloured(out, &bold(), &section.title)?;
            writeln!(out)?;
            lines(out, section, language)?;
            for item in &section.items {
                write_item(out, item, language)?;
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report).text(language))
}

fn bold() -> ColorSpec {
    let mut bold = ColorSpec::new();
    bold.set_bold(true);
    bold
}

fn colour(presence: Presence) -> ColorSpec {
    let mut spec = ColorSpec::new();
    match presence {
        Presence::Added => spec.set_fg(Some(Color::Green)),
        Presence::Removed => spec.set_fg(Some(Color::Red)),
        Presence::Both => &mut spec,
    };
    spec
}

fn coloured(out: &mut dyn WriteColor, spec: &ColorSpec, text: &str) -> io::Result<()> {
    out.set_color(spec)?;
    write!(out, "{text}")?;
    out.reset()
}

/// Figures in columns.
fn lines(out: &mut dyn WriteColor, section: &Section, language: Language) -> io::Result<()> {
    let place = |line: &Line| {
        let indent = if line.folded { "    " } else { "  " };
        format!("{indent}{}", one_line(&line.place))
    };
    let figures = |line: &Line| {
        let texts = [&line.old, &line.new, &line.difference, &line.percent];
        texts.map(|text| one_line(text))
    };
    let width = section.lines.iter().map(|line| place(line).width()).max();
    let mut widths = [0; 4];
    for line in &section.lines {
        for (width, text) in widths.iter_mut().zip(figures(line)) {
            *width = text.width().max(*width);
        }
    }
    for line in &section.lines {
        let (place, [old, new, difference, percent]) = (place(line), figures(line));
        let spec = if line.folded {
            ColorSpec::new()
        } else {
            bold()
        };
        coloured(out, &spec, &place)?;
        write!(out, "{}", blanks(&place, width.unwrap_or(0) + 2))?;
        write!(out, "{}", blanks(&old, widths[0]))?;
        coloured(out, &colour(Presence::Removed), &old)?;
        write!(out, " → {}", blanks(&new, widths[1]))?;
        coloured(out, &colour(Presence::Added), &new)?;
        let difference = format!("{}{difference}", blanks(&difference, widths[2]));
        let percent = format!("{}{percent}", blanks(&percent, widths[3]));
        let rest = format!("  {difference}  {percent}  {}", line.unit);
        let note = bracketed(&one_line(&line.note), language);
        writeln!(out, "{}{note}", rest.trim_end())?;
    }
    Ok(())
}

/// Blanks that bring a text to a width.
fn blanks(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.width()))
}

fn write_item(out: &mut dyn WriteColor, item: &Item, language: Language) -> io::Result<()> {
    let sign = match item.presence {
        Presence::Added => "+",
        Presence::Removed => "-",
        Presence::Both => "~",
    };
    write!(out, "  ")?;
    coloured(out, &colour(item.presence), sign)?;
    let note = bracketed(&one_line(&item.note), language);
    writeln!(out, " {}{note}", one_line(&item.label))?;
    if item.pieces.is_empty() {
        return Ok(());
    }
    write!(out, "    ")?;
    for (at, piece) in item.pieces.iter().enumerate() {
        let edge = (at == 0, at + 1 == item.pieces.len());
        write_piece(out, piece, edge)?;
    }
    writeln!(out)
}

/// A stretch of a text; what did not change is shortened away from the changes.
fn write_piece(out: &mut dyn WriteColor, piece: &Piece, edge: (bool, bool)) -> io::Result<()> {
    let text = one_line(&piece.text);
    match piece.presence {
        Presence::Added => coloured(out, &colour(Presence::Added), &format!("{{+{text}+}}")),
        Presence::Removed => coloured(out, &colour(Presence::Removed), &format!("[-{text}-]")),
        Presence::Both => write!(out, "{}", shortened(&text, edge)),
    }
}

/// `first` and `last` say whether the text begins or ends here.
fn shortened(text: &str, (first, last): (bool, bool)) -> String {
    let all: Vec<char> = text.chars().collect();
    if all.len() <= 2 * AROUND + 1 {
        return text.to_owned();
    }
    let before: String = all[..AROUND].iter().collect();
    let after: String = all[all.len() - AROUND..].iter().collect();
    match (first, last) {
        (true, false) => format!("…{after}"),
        (false, true) => format!("{before}…"),
        _ => format!("{before}…{after}"),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn what_did_not_change_is_cut_away_from_the_changes() {
        let text = "甲".repeat(20) + &"乙".repeat(20);
        let (first, last) = ("甲".repeat(16), "乙".repeat(16));
        assert_eq!(shortened(&text, (true, false)), format!("…{last}"));
        assert_eq!(shortened(&text, (false, true)), format!("{first}…"));
        assert_eq!(shortened(&text, (false, false)), format!("{first}…{last}"));
        assert_eq!(shortened("短", (false, false)), "短");
    }
}
