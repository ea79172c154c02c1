//! The narrative as HTML: marks become links to the cells that figures come from.

use std::fmt::Write as _;
use std::sync::Arc;

use super::address::{CHART_IDS, Edition};
use super::chart;
use super::escape::html;
use crate::markdown::{self, Mark};
use crate::model::disclosure::{Disclosure, Input, InputKind};
use crate::model::narrative::{Figure, Section, Step};
use crate::model::selector::Selector;

/// One section as HTML; `charts` holds the charts of the disclosure as HTML.
#[must_use]
pub fn section(
    disclosure: &Disclosure,
    section: &Section,
    charts: &[String],
    edition: Edition,
    heading_shift: u8,
) -> String {
    markdown::to_html(&section.markdown, heading_shift, &mut |mark| match mark {
        Mark::Figure(at) => figure(disclosure, at, edition),
        Mark::Chart(at) => charts.get(at).cloned().unwrap_or_default(),
    })
}

/// Every chart as HTML, with its legend linked to the cells.
#[must_use]
pub fn charts(disclosure: &Disclosure, edition: Edition) -> Arc<[String]> {
    let link = |at: &str| edition.href(disclosure, &Selector::new(at)?);
    disclosure
        .charts
        .iter()
        .map(|found| chart::figure(found, CHART_IDS, &link))
        .collect()
}

fn figure(disclosure: &Disclosure, at: usize, edition: Edition) -> String {
    match disclosure.narrative.figures.get(at) {
        None => String::new(),
        Some(Figure::Text(text)) => html(text).into_owned(),
        Some(Figure::Cell { text, at }) => anchor(disclosure, text, at, edition),
        Some(Figure::Computed { text, .. }) => {
            let number = computed(disclosure)
                .position(|known| *known == disclosure.narrative.figures[at])
                .map_or(0, |at| at + 1);
            format!(
                "<a class=\"figure computed\" href=\"#how-{number}\">{}</a>",
                html(text)
            )
        }
    }
}

fn anchor(disclosure: &Disclosure, text: &str, at: &Selector, edition: Edition) -> String {
    let text = html(text);
    match edition.href(disclosure, at) {
        Some(href) => format!("<a class=\"figure\" href=\"{}\">{text}</a>", html(&href)),
        None => text.into_owned(),
    }
}

/// Every computation once, in the order of the text.
fn computed(disclosure: &Disclosure) -> impl Iterator<Item = &Figure> {
    let figures = &disclosure.narrative.figures;
    figures
        .iter()
        .enumerate()
        .filter(|(at, figure)| {
            matches!(figure, Figure::Computed { .. }) && !figures[..*at].contains(figure)
        })
        .map(|(_, figure)| figure)
}

/// How each computed figure came about, as list items with the anchors that figures link to.
#[must_use]
pub fn computations(disclosure: &Disclosure, edition: Edition) -> String {
    let mut out = String::new();
    for (number, figure) in (1..).zip(computed(disclosure)) {
        let Figure::Computed { text, steps } = figure else {
            continue;
        };
        let mut line = format!("<li id=\"how-{number}\">{} = ", html(text));
        for step in steps {
            match step {
                Step::Sign(sign) => line.push_str(&html(sign)),
                Step::Value(value) => line.push_str(&html(value)),
                Step::Operand { text, at } => line.push_str(&anchor(disclosure, text, at, edition)),
            }
        }
        line.push_str("</li>\n");
        out.push_str(&line);
    }
    out
}

/// Rows of the table of inputs: what it is, its value, its unit.
#[must_use]
pub fn inputs(disclosure: &Disclosure) -> String {
    let mut out = String::new();
    let written = |input: &&Input| !input.cell.value.to_text().is_empty();
    for input in disclosure.inputs.iter().filter(written) {
        let (unit, class) = match &input.form.kind {
            InputKind::Amount(unit, _) => (unit.name(), "n"),
            InputKind::Count(counter) => (counter.as_deref().unwrap_or_default(), "n"),
            InputKind::Percent => ("%", "n"),
            InputKind::Text => ("", "t"),
        };
        let (id, title) = (&input.form.id, html(&input.form.title));
        let value = input.cell.value.to_text();
        writeln!(
            out,
            "<tr id=\"in-{id}\"><th scope=\"row\">{title}</th><td class=\"{class}\">{}</td><td class=\"t\">{}</td></tr>",
            html(&value),
            html(unit)
        )
        .expect("writing to a string does not fail");
    }
    out
}
