//! The lookup page of a disclosure: every name and code of its tables, sheets, sections and glossary, sorted, each
//! with links to where it stands. It is the search of a reader without scripts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::address::{Edition, NARRATIVE_PAGE};
use super::escape::html;
use crate::model::disclosure::Disclosure;
use crate::standard::Standard;

/// Name of the page.
pub const LOOKUP_PAGE: &str = "lookup.html";

/// Links with their words.
type Links<'a> = Vec<(String, &'a str)>;

/// The lists of the page, each below a heading.
#[must_use]
pub fn lists(disclosure: &Disclosure, standard: &Standard) -> String {
    let mut codes: BTreeMap<(&str, &str), Links<'_>> = BTreeMap::new();
    let mut names: BTreeMap<(&str, &str), Links<'_>> = BTreeMap::new();
    for table in &disclosure.tables {
        let form = &table.form;
        for (block_form, block) in form.blocks.iter().zip(&table.blocks) {
            for row in &block.rows {
                let anchor = Edition::Pages.row(form.position, &block_form.id, &row.id);
                let list = match &row.code {
                    Some(_) => &mut codes,
                    None => &mut names,
                };
                let code = row.code.as_ref().map_or("", |code| code.as_str());
                let links = list.entry((code, &row.name)).or_default();
                links.push((format!("{}#{anchor}", form.page()), &form.number));
            }
        }
    }
    for sheet in &disclosure.sheets {
        let links = names.entry(("", &sheet.name)).or_default();
        links.push((sheet.page(), "绩效目标表"));
    }
    let sections = disclosure.narrative.sections.iter().map(|section| {
        let address = format!("{NARRATIVE_PAGE}#{}", section.id);
        (("", section.title.as_str()), vec![(address, "情况说明")])
    });
    let terms = (1..).zip(standard.glossary.iter()).map(|(number, term)| {
        let address = format!("glossary.html#term-{number}");
        (("", term.name.as_str()), vec![(address, "名词解释")])
    });
    let mut out = String::with_capacity(32 * 1024);
    list(&mut out, "codes", "按科目编码", codes.into_iter());
    list(&mut out, "names", "按名称", names.into_iter());
    list(&mut out, "sections", "情况说明", sections);
    list(&mut out, "terms", "名词解释", terms);
    out
}

fn list<'a>(
    out: &mut String,
    id: &str,
    title: &str,
    entries: impl Iterator<Item = ((&'a str, &'a str), Links<'a>)>,
) {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return;
    }
    push(
        out,
        format_args!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n<ul class=\"lookup\">\n"
        ),
    );
    for ((code, name), links) in entries {
        out.push_str("<li>");
        if !code.is_empty() {
            push(
                out,
                format_args!("<span class=\"code\">{}</span> ", html(code)),
            );
        }
        push(
            out,
            format_args!("<span class=\"name\">{}</span>", html(name)),
        );
        for (href, words) in links {
            push(
                out,
                format_args!(" <a href=\"{}\">{}</a>", html(&href), html(words)),
            );
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n</section>\n");
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string does not fail");
}
