//! Which text checks apply where in the files of one disclosure.
//!
//! Marks, placeholders and personal data are looked for in every value; years, levels, kinds of body
//! and punctuation only in prose: texts, goals and indicators of sheets, inputs of kind text, Markdown.

use super::cover::cover;
use super::punctuation::is_single;
use super::report::finding;
use super::scan::{Field, Found, Holds, Scan};
use super::stale::Frame;
use super::{Hit, Kind, Rules, personal};
use crate::diagnostic::Diagnostics;
use crate::load::draft::Draft;
use crate::model::disclosure::{Disclosure, EntityKind, InputKind};
use crate::model::narrative::{FIGURE_OPEN, Figure, MARK_CLOSE};
use crate::model::sheet::SheetForm;
use crate::model::table::Value;
use crate::source::Source;
use crate::standard::Standard;
use crate::yaml::{Entry, Kind as NodeKind, Node};

/// Keys of `disclosure.yaml` that speak about findings and are not published.
const NOT_PUBLISHED: [&str; 2] = ["contacts", "waivers"];
/// Keys of a table file that hold sentences.
const TABLE_PROSE: [&str; 2] = ["no_data", "note"];

/// Reports what should not be published in the files of a disclosure: `internal-mark`, `placeholder`,
/// the `personal-…` ones, `stale-year`, `level-word`, `kind-word`, the `punctuation-…` ones, `html-tag`.
pub fn check(
    draft: &Draft,
    standard: &Standard,
    frame: Frame,
    rules: &Rules,
    diagnostics: &mut Diagnostics,
) {
    let mut scan = Scan {
        rules,
        frame,
        masked: Vec::new(),
        diagnostics,
    };
    scan.document(&draft.entity, Holds::Names, &|node, found| {
        found.node(node, Field::Plain(None));
    });
    let titles = standard.inputs.iter().map(|form| form.title.as_str());
    let holds = Holds::prose(titles);
    scan.document(&draft.head, holds, &|node, found| {
        head(node, standard, found);
    });
    for document in &draft.tables {
        scan.document(document, Holds::Names, &|node, found| {
            found.keyed(node, |key| {
                if TABLE_PROSE.contains(&key) {
                    Field::Prose
                } else {
                    Field::Figures
                }
            });
        });
    }
    if let Some(form) = &standard.sheet {
        let holds = Holds::prose(form.facts.iter().map(|fact| &*fact.title));
        for document in &draft.projects {
            scan.document(document, holds, &|node, found| sheet(node, form, found));
        }
    }
    if let Some(document) = &draft.corrections {
        scan.document(document, Holds::Prose, &corrections);
    }
    if let Some(source) = &draft.overview {
        scan.markdown(source, false);
    }
    for source in draft.narrative.values() {
        scan.markdown(source, true);
    }
    let own = |id: &str| draft.narrative.contains_key(id);
    let sections = standard.sections.iter().filter(|form| !own(&form.id));
    for source in sections
        .map(|form| &form.source)
        .chain(&standard.glossary_source)
    {
        scan.standard(source);
    }
    let masked = scan.masked;
    if !masked.is_empty() {
        cover(diagnostics.as_mut_slice(), &masked);
    }
}

/// Reports `punctuation-doubled` where an input ends with a mark and the sentence that it is put
/// into goes on with another.
pub fn joints(disclosure: &Disclosure, head: &Source, diagnostics: &mut Diagnostics) {
    let narrative = &disclosure.narrative;
    for section in &narrative.sections {
        for (close, _) in section.markdown.match_indices(MARK_CLOSE) {
            let next = section.markdown[close + MARK_CLOSE.len_utf8()..]
                .chars()
                .next();
            let figure = section.markdown[..close]
                .rsplit(FIGURE_OPEN)
                .next()
                .and_then(|number| number.parse::<usize>().ok())
                .and_then(|number| narrative.figures.get(number));
            let (Some(next), Some(Figure::Text(text))) = (next.filter(|c| is_single(*c)), figure)
            else {
                continue;
            };
            let Some(last) = text.chars().next_back().filter(|c| is_single(*c)) else {
                continue;
            };
            let input = disclosure
                .inputs
                .iter()
                .find(|input| matches!(&input.cell.value, Value::Text(value) if **value == **text));
            if let Some(input) = input {
                let both = format!("{last}{next}");
                let hit = Hit::new(Kind::Doubled, 0..both.len());
                diagnostics.push(finding(&both, &hit, None, head, input.cell.place));
            }
        }
    }
}

/// `disclosure.yaml`
fn head(node: &Node, standard: &Standard, found: &mut Found<'_>) {
    for entry in entries(node) {
        match &*entry.key.value {
            key if NOT_PUBLISHED.contains(&key) => {}
            "inputs" => {
                for input in entries(&entry.value) {
                    let form = standard
                        .inputs
                        .iter()
                        .find(|form| form.id == input.key.value);
                    let field = match form {
                        Some(form) if form.kind != InputKind::Text => Field::Figures,
                        // What it is, the standard does not tell.
                        None if standard.gaps.forms.contains("input.") => Field::Figures,
                        Some(form) if personal::is_label(&form.title) => {
                            Field::Plain(Some(&form.title))
                        }
                        _ => Field::Prose,
                    };
                    found.node(&input.value, field);
                }
            }
            _ => found.node(&entry.value, Field::Plain(None)),
        }
    }
}

/// One performance sheet.
fn sheet(node: &Node, form: &SheetForm, found: &mut Found<'_>) {
    // A sheet of a department is filled in by the unit that carries the project out.
    if found.frame.kind == Some(EntityKind::Department) {
        found.frame.kind = None;
    }
    for entry in entries(node) {
        let value = &entry.value;
        match &*entry.key.value {
            "funds" => found.node(value, Field::Figures),
            "texts" | "goals" => found.node(value, Field::Prose),
            "indicators" => {
                found.keyed(value, |key| match key {
                    "level1" | "level2" => Field::Plain(None),
                    _ => Field::Prose,
                });
            }
            key => {
                let fact = form.facts.iter().find(|fact| &*fact.id == key);
                found.node(value, Field::Plain(fact.map(|fact| &*fact.title)));
            }
        }
    }
}

/// `corrections.yaml`: what stands there now is read as closely as the page that it stands on; what stood there before may
/// be wrong, but must not be what should never have been published.
fn corrections(node: &Node, found: &mut Found<'_>) {
    for correction in entries(node).iter().flat_map(|entry| items(&entry.value)) {
        for entry in entries(correction) {
            match &*entry.key.value {
                "reason" => found.node(&entry.value, Field::Prose),
                "changes" => items(&entry.value)
                    .iter()
                    .for_each(|node| change(node, found)),
                _ => found.node(&entry.value, Field::Plain(None)),
            }
        }
    }
}

fn change(node: &Node, found: &mut Found<'_>) {
    let figure = node.get("at").is_some();
    for entry in entries(node) {
        let field = match &*entry.key.value {
            "was" | "now" if figure => Field::Figures,
            "now" => Field::Prose,
            _ => Field::Plain(None),
        };
        found.node(&entry.value, field);
    }
}

fn items(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::List(items) => items,
        _ => &[],
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        NodeKind::Map(entries) => entries,
        _ => &[],
    }
}
