//! A report as one page that stands alone: its style is inside, it asks for nothing and runs nothing.

use std::fmt::Write as _;

use super::outline::{Item, Line, Outline, Section, bracketed, summary};
use super::report::{Piece, Presence, Report};
use crate::diagnostic::{Language, Say};
use crate::embedded::{self, Folder};
use crate::render::escape::html as escaped;
use crate::say;

/// The style of a report over that of the site.
const STYLE: &str = include_str!("report.css");

/// The page. `old` and `new` name the sides.
#[must_use]
pub fn text(report: &Report, old: &str, new: &str, language: Language) -> String {
    let mut page = Page {
        out: String::new(),
        language,
    };
    let said = |say: Say| escaped(say.text(language)).into_owned();
    let lang = match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let (title, sum) = (
        said(say!("公开的变化", "Changes of a disclosure")),
        said(summary(report)),
    );
    let (was, is) = (said(say!("原来", "old")), said(say!("现在", "new")));
    let (old, new) = (escaped(old), escaped(new));
    let style = site_style();
    page.put(format_args!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{style}{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p class=\"sides\">{was} <b>{old}</b> → {is} <b>{new}</b></p>\n<p class=\"sum\">{sum}</p>\n"
    ));
    for part in Outline::new(report, language).parts {
        let title = escaped(&part.title);
        page.put(format_args!("<section>\n<h2>{title}</h2>\n"));
        for section in &part.sections {
            page.section(section);
        }
        page.out.push_str("</section>\n");
    }
    page.out.push_str("</main>\n</body>\n</html>\n");
    page.out
}

/// Colours and type of the site's pages, as the program carries them.
fn site_style() -> String {
    let files = embedded::files(Folder::Static);
    let base = files.iter().find(|(path, _)| path == "style/base.css");
    base.map_or_else(String::new, |(_, bytes)| {
        String::from_utf8_lossy(bytes).into_owned()
    })
}

struct Page {
    out: String,
    language: Language,
}

impl Page {
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.out
            .write_fmt(text)
            .expect("writing to a string does not fail");
    }

    fn section(&mut self, section: &Section) {
        let title = escaped(&section.title);
        if section.lines.is_empty() {
            self.put(format_args!("<h3>{title}</h3>\n"));
        } else {
            self.figures(&title, &section.lines);
        }
        if section.items.is_empty() {
            return;
        }
        self.out.push_str("<ul>\n");
        for item in &section.items {
            self.item(item);
        }
        self.out.push_str("</ul>\n");
    }

    fn figures(&mut self, title: &str, lines: &[Line]) {
        let heads = match self.language {
            Language::Zh => ["数字", "原来", "现在", "差额", "百分比", "单位", "说明"],
            Language::En => [
                "Figure",
                "Old",
                "New",
                "Difference",
                "Percent",
                "Unit",
                "Remark",
            ],
        };
        self.put(format_args!(
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">\n\
             <table>\n<caption>{title}</caption>\n<thead>\n<tr>"
        ));
        for (at, head) in heads.iter().enumerate() {
            let class = match at {
                1..=4 => " class=\"n\"",
                5 => " class=\"u\"",
                _ => "",
            };
            self.put(format_args!("<th scope=\"col\"{class}>{head}</th>"));
        }
        self.out.push_str("</tr>\n</thead>\n<tbody>\n");
        for line in lines {
            self.line(line);
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn line(&mut self, line: &Line) {
        let class = if line.folded { "folded" } else { "cause" };
        let place = escaped(&line.place);
        self.put(format_args!(
            "<tr class=\"{class}\"><th scope=\"row\">{place}</th>"
        ));
        let (old, new) = (escaped(&line.old), escaped(&line.new));
        self.put(format_args!(
            "<td class=\"n\"><del>{old}</del></td><td class=\"n\"><ins>{new}</ins></td>"
        ));
        for text in [&line.difference, &line.percent] {
            let text = escaped(text);
            self.put(format_args!("<td class=\"n\">{text}</td>"));
        }
        let remark = [&*line.rule, &*line.note];
        let remark = remark.into_iter().filter(|part| !part.is_empty());
        let remark = remark.collect::<Vec<_>>().join("；");
        let (unit, remark) = (escaped(&line.unit), escaped(&remark));
        self.put(format_args!(
            "<td class=\"u\">{unit}</td><td class=\"remark\">{remark}</td></tr>\n"
        ));
    }

    fn item(&mut self, item: &Item) {
        let label = escaped(&item.label);
        match item.presence {
            Presence::Added => self.put(format_args!("<li><ins>＋ {label}</ins>")),
            Presence::Removed => self.put(format_args!("<li><del>－ {label}</del>")),
            Presence::Both => self.put(format_args!("<li>{label}")),
        }
        if !item.note.is_empty() {
            let note = bracketed(&escaped(&item.note), self.language);
            self.put(format_args!("<span class=\"remark\">{note}</span>"));
        }
        if !item.pieces.is_empty() {
            self.out.push_str("<p>");
            for piece in &item.pieces {
                self.piece(piece);
            }
            self.out.push_str("</p>");
        }
        self.out.push_str("</li>\n");
    }

    fn piece(&mut self, piece: &Piece) {
        let text = escaped(&piece.text).replace('\n', "<br>");
        match piece.presence {
            Presence::Both => self.out.push_str(&text),
            Presence::Removed => self.put(format_args!("<del>{text}</del>")),
            Presence::Added => self.put(format_args!("<ins>{text}</ins>")),
        }
    }
}
