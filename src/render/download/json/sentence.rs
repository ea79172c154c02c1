//! The narrative of `data.json`: sections as plain text, and as sentences with the figures that each holds.

use serde::Serialize;

use super::rows;
use crate::markdown::{self, Mark};
use crate::model::disclosure::Disclosure;
use crate::model::narrative::{FIGURE_OPEN, Figure, MARK_CLOSE, Section};
use crate::model::selector::Selector;
use crate::sentences;

/// A section of the narrative.
#[derive(Serialize)]
pub struct SectionData<'a> {
    id: &'a str,
    title: &'a str,
    text: String,
    #[serde(serialize_with = "rows")]
    sentences: Vec<SentenceData>,
}

/// A sentence, and the selectors of the figures that it holds or is computed from.
#[derive(Serialize)]
struct SentenceData {
    text: String,
    figures: Vec<String>,
}

/// Every section, charts left out.
pub fn sections(disclosure: &Disclosure) -> Vec<SectionData<'_>> {
    let sections = disclosure.narrative.sections.iter();
    let figures = &disclosure.narrative.figures;
    sections.map(|found| section(found, figures)).collect()
}

fn section<'a>(section: &'a Section, figures: &[Figure]) -> SectionData<'a> {
    // Marks of figures stay, so that each sentence still knows its own.
    let marked = markdown::to_text(&section.markdown, &mut |mark| match mark {
        Mark::Figure(at) => format!("{FIGURE_OPEN}{at}{MARK_CLOSE}"),
        Mark::Chart(_) => String::new(),
    });
    SectionData {
        id: &section.id,
        title: &section.title,
        text: filled(&marked, figures, &mut |_| ()),
        sentences: sentences::of_lines(&marked)
            .map(|marked| {
                let mut selectors = Vec::new();
                let text = filled(marked, figures, &mut |at| {
                    let at = at.to_string();
                    if !selectors.contains(&at) {
                        selectors.push(at);
                    }
                });
                SentenceData {
                    text,
                    figures: selectors,
                }
            })
            .collect(),
    }
}

/// A text with its marks replaced by what they stand for. Each place that a figure comes from is told.
fn filled(marked: &str, figures: &[Figure], seen: &mut dyn FnMut(&Selector)) -> String {
    let mut text = String::with_capacity(marked.len());
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once(FIGURE_OPEN) {
        text.push_str(before);
        let (number, after) = after.split_once(MARK_CLOSE).unwrap_or((after, ""));
        let figure = number.parse().ok().and_then(|at: usize| figures.get(at));
        if let Some(figure) = figure {
            text.push_str(figure.text());
            figure.sources(seen);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
