//! The narrative as HTML: marks become links to the cells that figures come from.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use super::address::{CHART_IDS, Edition, NARRATIVE_PAGE};
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
        Mark::Chart(at) => charts
            .get(at)
            .map_or_else(String::new, |chart| format!("{chart}\n")),
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
        Some(figure @ Figure::Computed { text, .. }) => {
            let id = computation_id(disclosure, figure);
            // The words for the ear are those of the list; the note for the eye is drawn from the attribute,
            // so that the text of the paragraph can be copied and searched as it is printed.
            format!(
                "<a href=\"#{id}\" aria-describedby=\"{id}\" data-how=\"{}\">{}</a>",
                html(&computation_words(figure).unwrap_or_default()),
                html(text)
            )
        }
    }
}

/// `66.26 = 3,831.00 − 3,764.74`; `None` for a figure that is not computed.
#[must_use]
pub fn computation_words(figure: &Figure) -> Option<String> {
    let Figure::Computed { text, unit, steps } = figure else {
        return None;
    };
    let mut line = format!("{} = ", with_unit(text, unit));
    for step in steps {
        line.push_str(match step {
            Step::Sign(sign) => sign,
            Step::Operand { text, .. } | Step::Result { text, .. } => text,
        });
    }
    Some(line)
}

fn with_unit<'a>(text: &'a str, unit: &str) -> Cow<'a, str> {
    if unit.is_empty() {
        Cow::from(text)
    } else {
        Cow::from(format!("{text} {unit}"))
    }
}

/// A figure as a link to its cell, which `data-at` names.
fn anchor(disclosure: &Disclosure, text: &str, at: &Selector, edition: Edition) -> String {
    let text = html(text);
    match edition.href(disclosure, at) {
        Some(href) => format!("<a data-at=\"{at}\" href=\"{}\">{text}</a>", html(&href)),
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
    for figure in computed(disclosure) {
        let line = computation(disclosure, figure, edition).unwrap_or_default();
        let id = computation_id(disclosure, figure);
        writeln!(out, "<li id=\"{id}\">{line}</li>").expect("writing to a string does not fail");
    }
    out
}

/// Anchor of a computation. It names the operands and is no number, which would change with every
/// computation before it: `how-input.prior_total-minus-summary.revenue.grand_total.current`. Where the same operands are
/// printed in several ways, with another unit or sign, those after the first are told apart by `-2`, `-3`.
fn computation_id(disclosure: &Disclosure, figure: &Figure) -> String {
    let id = operands(figure);
    let alike = computed(disclosure)
        .take_while(|other| *other != figure)
        .filter(|other| operands(other) == id)
        .count();
    match alike {
        0 => id,
        before => format!("{id}-{}", before + 1),
    }
}

fn operands(figure: &Figure) -> String {
    let mut id = "how-".to_owned();
    if let Figure::Computed { steps, .. } = figure {
        push_words(steps, &mut id);
    }
    id
}

fn push_words(steps: &[Step], id: &mut String) {
    for step in steps {
        match step {
            Step::Sign(sign) => id.push_str(match sign.trim() {
                "+" => "-plus-",
                "−" => "-minus-",
                "÷" => "-of-",
                _ => "",
            }),
            Step::Operand { at, .. } => {
                id.push_str(&at.to_string().replace('[', ".").replace(']', ""));
            }
            Step::Result { steps, .. } => push_words(steps, id),
        }
    }
}

/// A computed figure with its operands as links to their cells; `None` for others.
#[must_use]
pub fn computation(disclosure: &Disclosure, figure: &Figure, edition: Edition) -> Option<String> {
    let Figure::Computed { text, unit, steps } = figure else {
        return None;
    };
    let mut line = format!("{} = ", html(&with_unit(text, unit)));
    for step in steps {
        match step {
            Step::Sign(sign) => line.push_str(&html(sign)),
            Step::Result { text, steps } => {
                line.push_str(&result(disclosure, text, steps, edition));
            }
            Step::Operand { text, at } => line.push_str(&anchor(disclosure, text, at, edition)),
        }
    }
    Some(line)
}

/// A result in between, as a link to its own computation where the narrative has it.
fn result(disclosure: &Disclosure, text: &str, steps: &[Step], edition: Edition) -> String {
    let listed = disclosure.narrative.figures.iter().find(
        |figure| matches!(figure, Figure::Computed { steps: known, .. } if known.as_slice() == steps),
    );
    let text = html(text);
    let Some(listed) = listed else {
        return text.into_owned();
    };
    let page = match edition {
        Edition::Pages => NARRATIVE_PAGE,
        Edition::Full => "",
    };
    let id = computation_id(disclosure, listed);
    format!("<a class=\"figure\" href=\"{page}#{id}\">{text}</a>")
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
