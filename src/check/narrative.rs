//! The narrative of a standard over the cells of a disclosure -> sentences with bound figures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::Context;

use super::prose;
use super::withheld::Withheld;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::draft::Draft;
use crate::model::disclosure::Disclosure;
use crate::model::narrative::{Narrative, Section};
use crate::model::title::ordinal;
use crate::narrative::{Bound, Scope, compiles, text_mark};
use crate::say;
use crate::source::{Place, Source};
use crate::standard::Standard;
use crate::standard::rule::{Required, RuleKind};

/// Whose sentences are computed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Those that are printed: sections that the disclosure writes itself replace the standard's.
    Printed,
    /// Those of the standard.
    Standard,
}

/// Computes every section whose table has figures. Reports `template` with file and line. A sentence that needs what is
/// not known leaves it out, and where it is not even known which sentences there are, the section is left out.
pub fn compose(
    standard: &Standard,
    disclosure: Disclosure,
    draft: &Draft,
    texts: Texts,
    withheld: &mut Withheld,
    diagnostics: &mut Diagnostics,
) -> Disclosure {
    let head = &draft.head.source;
    let printed = texts == Texts::Printed;
    if printed {
        report_unknown(standard, &draft.narrative, diagnostics);
    }
    let faulty = if printed {
        faulty(standard, draft, diagnostics)
    } else {
        BTreeSet::new()
    };
    let (mut unmade, mut unfinished) = (BTreeSet::new(), BTreeSet::new());
    let shared = Arc::new(disclosure);
    let charts = standard.chart_ids();
    let scope = Scope::enter(&shared, charts, &standard.no_percent);
    let mut sections = Vec::with_capacity(standard.sections.len());
    for form in &standard.sections {
        let has_figures = form.when.as_ref().map_or(Some(true), |table| {
            let unknown = shared.holes.forms.contains(table);
            let at = shared.table_position(table);
            at.map_or((!unknown).then_some(false), |at| {
                shared.tables[at].figures()
            })
        });
        if has_figures == Some(false) {
            continue;
        }
        let own = draft.narrative.get(&*form.id).filter(|_| printed);
        let unread = printed && draft.is_unread(&format!("narrative/{}.md", form.id));
        let of_entity = |source: &Source| source.text.contains("entity.");
        let unnamed = shared.holes.entity.is_some() && of_entity(own.unwrap_or(&form.source));
        if has_figures.is_none() || unread || unnamed {
            withheld.sections += 1;
            unmade.insert(form.id.clone());
            continue;
        }
        let is_faulty = match own {
            Some(_) => faulty.contains(&*form.id),
            None => standard.gaps.sections.contains(&form.id),
        };
        if is_faulty {
            unmade.insert(form.id.clone());
            continue;
        }
        let number = sections.len() + 1;
        let mut titles = shared.title_values();
        titles.ordinal = number;
        let context = context(&shared, number);
        let rendered = match own {
            Some(source) => standard.templates.render_str(&source.text, &context, true),
            None => standard.templates.render(&form.source.path, &context),
        };
        let met_hole = scope.met_hole();
        if met_hole {
            withheld.sections += 1;
            unfinished.insert(form.id.clone());
        }
        match rendered {
            Ok(markdown) => {
                prose::made(&markdown, own.unwrap_or(&form.source), diagnostics);
                sections.push(Section {
                    id: form.id.clone(),
                    title: form.title.fill(&titles),
                    markdown,
                });
            }
            Err(_) if met_hole => {
                unmade.insert(form.id.clone());
            }
            Err(error) => {
                unmade.insert(form.id.clone());
                let fallback = own.unwrap_or(&form.source);
                let find = |name: &str| {
                    standard
                        .sections
                        .iter()
                        .find(|section| section.source.path == name)
                        .map(|section| section.source.clone())
                };
                diagnostics.push(crate::template::fault(&error, &find, fallback));
            }
        }
    }
    let Bound { figures, missing } = scope.leave();
    let mut disclosure = Arc::unwrap_or_clone(shared);
    for id in missing {
        if is_required(standard, &id) {
            continue;
        }
        report_missing(&disclosure, &id, head, diagnostics);
    }
    disclosure.narrative = Narrative { sections, figures };
    disclosure.holes.sections = unmade;
    disclosure.holes.unfinished = unfinished;
    disclosure
}

/// The sections written by hand that do not compile, or whose calls are not as functions take them. Also those that are
/// not printed here: another year they are.
fn faulty<'a>(
    standard: &Standard,
    draft: &'a Draft,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<&'a str> {
    if draft.narrative.is_empty() {
        return BTreeSet::new();
    }
    let mut tera = standard.templates.clone();
    let own = draft.narrative.iter();
    own.filter(|(_, source)| !compiles(&mut tera, source, diagnostics))
        .map(|(id, _)| id.as_str())
        .collect()
}

/// Whether a rule asks for an input, and so reports it when it is not there.
fn is_required(standard: &Standard, id: &str) -> bool {
    let asks = |required: &Required| match required {
        Required::Input(input) | Required::Reason { input, .. } => {
            *standard.inputs[*input].id == *id
        }
        _ => false,
    };
    standard.rules.iter().any(|rule| match &rule.kind {
        RuleKind::Required(all) => all.iter().any(asks),
        _ => false,
    })
}

/// Reports `input-missing` for a text that is optional as such, but that a sentence needs here: the
/// reason of a change that happened.
fn report_missing(disclosure: &Disclosure, id: &str, head: &Source, diagnostics: &mut Diagnostics) {
    let Some(input) = disclosure.inputs.iter().find(|input| *input.form.id == *id) else {
        return;
    };
    let title = &input.form.title;
    diagnostics.push(
        Diagnostic::finding(
            "input-missing",
            Severity::Error,
            head,
            input.cell.place,
            say!(
                "情况说明要写 `{id}`（{title}），这里没有",
                "the narrative needs `{id}` ({title}), which is not given"
            ),
        )
        .hint(say!(
            "在 inputs 下补上 `{id}: …`",
            "add `{id}: …` below `inputs`"
        )),
    );
}

/// Names that sections may use beside the functions.
fn context(disclosure: &Disclosure, number: usize) -> Context {
    let entity = &disclosure.entity;
    let mut context = Context::new();
    context.insert("year", &disclosure.year);
    context.insert("prior_year", &disclosure.year.saturating_sub(1));
    context.insert("ordinal", &ordinal(number));
    let names = BTreeMap::from([
        ("name", text_mark(&entity.name)),
        ("short_name", text_mark(&entity.short_name)),
        ("kind_word", entity.kind.word().to_owned()),
    ]);
    context.insert("entity", &names);
    context
}

/// Reports `narrative-unknown` for a hand-written section that the standard does not have.
fn report_unknown(
    standard: &Standard,
    overrides: &BTreeMap<String, Source>,
    diagnostics: &mut Diagnostics,
) {
    let known = standard.section_ids();
    let known: Vec<&str> = known.iter().map(|id| &**id).collect();
    for (name, source) in overrides {
        if !known.contains(&name.as_str()) {
            diagnostics.push(
                Diagnostic::error(
                    "narrative-unknown",
                    source,
                    Place::FILE,
                    say!(
                        "标准里没有「{name}」这一节",
                        "the standard has no section `{name}`"
                    ),
                )
                .hint(crate::yaml::fields::nearest_hint(name, &known)),
            );
        }
    }
}
