//! A report as Markdown, for a comment on a change.

use std::fmt::Write as _;

use super::outline::{Item, Line, Outline, bracketed, summary};
use super::report::{Presence, Report};
use crate::diagnostic::{Language, one_line};

/// The report as a document.
#[must_use]
pub fn text(report: &Report, language: Language) -> String {
    let mut out = format!("**{}**\n", escaped(summary(report).text(language)));
    for part in Outline::new(report, language).parts {
        put(&mut out, format_args!("\n## {}\n", escaped(&part.title)));
        for section in &part.sections {
            put(
                &mut out,
                format_args!("\n### {}\n", escaped(&section.title)),
            );
            if !section.lines.is_empty() {
                out.push_str(head(language));
            }
            for line in &section.lines {
                write_line(&mut out, line);
            }
            if !section.items.is_empty() {
                out.push('\n');
            }
            for item in &section.items {
                write_item(&mut out, item, language);
            }
        }
    }
    out
}

const fn head(language: Language) -> &'static str {
    match language {
        Language::Zh => {
            "\n| 数字 | 原来 | 现在 | 差额 | % | 单位 | 说明 |\n|:--|--:|--:|--:|--:|:--|:--|\n"
        }
        Language::En => {
            "\n| Figure | Old | New | Difference | % | Unit | Remark |\n|:--|--:|--:|--:|--:|:--|:--|\n"
        }
    }
}

fn write_line(out: &mut String, line: &Line) {
    let (open, place, close) = (
        if line.folded { "↳ " } else { "**" },
        escaped(&line.place),
        if line.folded { "" } else { "**" },
    );
    let remark = [&*line.rule, &*line.note];
    let remark = remark.into_iter().filter(|part| !part.is_empty());
    let remark = remark.collect::<Vec<_>>().join("；");
    let cells = [
        &line.old,
        &line.new,
        &line.difference,
        &line.percent,
        &line.unit,
        &remark,
    ];
    let cells = cells.map(|cell| escaped(cell)).join(" | ");
    put(out, format_args!("| {open}{place}{close} | {cells} |\n"));
}

fn write_item(out: &mut String, item: &Item, language: Language) {
    let sign = match item.presence {
        Presence::Added => "＋ ",
        Presence::Removed => "－ ",
        Presence::Both => "",
    };
    let note = bracketed(&escaped(&item.note), language);
    put(out, format_args!("- {sign}{}{note}", escaped(&item.label)));
    if !item.pieces.is_empty() {
        out.push_str("<br>\n  ");
    }
    for piece in &item.pieces {
        let text = escaped(&piece.text);
        match piece.presence {
            Presence::Both => out.push_str(&text),
            Presence::Removed => put(out, format_args!("<del>{text}</del>")),
            Presence::Added => put(out, format_args!("<ins>{text}</ins>")),
        }
    }
    out.push('\n');
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string does not fail");
}

/// A text of the data, on one line and never read as Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!' | '@'
        ) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn the_data_is_never_read_as_markdown() {
        assert_eq!(escaped("a|b\n<i>*c*</i>"), r"a\|b \<i\>\*c\*\</i\>");
    }
}
