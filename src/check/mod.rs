//! Stage 2: `Draft` + `Standard` -> `Disclosure`, with every fault as a diagnostic.

mod cell;
mod chart;
mod codes;
mod computed;
mod corrections;
mod figures;
mod follow;
mod head;
mod interval;
mod key_figures;
mod narrative;
mod outliers;
mod prose;
mod rules;
mod sheet;
mod table;
pub mod text;
mod waivers;

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::draft::{Document, Draft};
use crate::model::disclosure::{Disclosure, Entity, Headline, title_values};
use crate::model::narrative::Narrative;
use crate::model::proof::Proof;
use crate::model::table::Table;
use crate::say;
use crate::source::{Location, Place, Source};
use crate::standard::{self, Named, Standard};
use crate::yaml::fields::{Fields, Reader, nearest_hint};

/// The name of the standard that a draft follows, with its place.
pub fn standard_of(
    draft: &Draft,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Source, Place)> {
    let node = draft.head.node.as_ref()?;
    let mut reader = Reader {
        source: &draft.head.source,
        diagnostics,
    };
    // Other keys are read, and their faults reported, once the standard is known.
    let fields = reader.map(node)?;
    let name = reader.required_text(&fields, "standard")?;
    let place = fields
        .get("standard")
        .map_or(Place::FILE, |node| node.place);
    Some((name, draft.head.source.clone(), place))
}

/// Reads the entity of a draft.
pub fn entity(draft: &Draft, diagnostics: &mut Diagnostics) -> Option<Entity> {
    let node = draft.entity.node.as_ref()?;
    let mut reader = Reader {
        source: &draft.entity.source,
        diagnostics,
    };
    head::entity(&draft.entity_id, node, &mut reader)
}

/// Checks a draft against its standard. The disclosure is complete as far as the data is; whether it
/// may be published is what `diagnostics` say.
pub fn check(
    draft: &Draft,
    standard: &Standard,
    rules: &text::Rules,
    diagnostics: &mut Diagnostics,
) -> Option<Disclosure> {
    let disclosure = check_all(draft, standard, rules, diagnostics);
    let head = draft.head.node.as_ref();
    let named = head.and_then(|head| head.get("standard"));
    let place = named.map_or(Place::FILE, |node| node.place);
    let home = Location::new(&draft.head.source, place);
    standard::builtin::point_home(diagnostics, &home);
    disclosure
}

fn check_all(
    draft: &Draft,
    standard: &Standard,
    rules: &text::Rules,
    diagnostics: &mut Diagnostics,
) -> Option<Disclosure> {
    let entity = entity(draft, diagnostics);
    let named = entity.is_some();
    // With its own faults reported, the rest can still be checked.
    let entity = entity.unwrap_or_else(|| head::unnamed(&draft.entity_id));
    let head_node = draft.head.node.as_ref()?;
    let mut reader = Reader {
        source: &draft.head.source,
        diagnostics,
    };
    let head_fields = head::head_fields(head_node, &mut reader)?;
    let head = head::head(&head_fields, &mut reader);
    let inputs = head::inputs(&standard.inputs, &head_fields, &mut reader);
    let contacts = head::contacts(&head_fields, &mut reader);
    check_kind(draft, standard, &head_fields, &mut reader);
    let (tables, sound) = tables(draft, standard, &entity, diagnostics);
    let table_index: HashMap<Box<str>, usize> = tables
        .iter()
        .enumerate()
        .map(|(at, table)| (table.form.id.clone(), at))
        .collect();
    let sheet_table = standard
        .sheet
        .as_ref()
        .and_then(|form| table_index.get(&form.table).copied())
        .filter(|at| sound[*at])
        .map(|at| &tables[at]);
    let sheets = sheets(draft, standard, sheet_table, diagnostics);
    for text in draft.overview.iter().chain(draft.narrative.values()) {
        prose::check(text, diagnostics);
    }
    let rules = rules.allowing(contacts.iter().map(String::as_str));
    let frame = text::Frame::new(named.then_some(&entity), draft.year);
    text::check(draft, standard, frame, &rules, diagnostics);
    let complete = tables.len() == standard.tables.len();
    let head = head.filter(|_| named)?;
    let mut disclosure = Disclosure {
        entity,
        year: draft.year,
        kind: draft.kind,
        status: head.status,
        head: Location::new(&draft.head.source, head.status_place),
        published: head.published,
        origin: head.origin,
        contacts,
        overview: draft.overview.clone(),
        tables,
        inputs,
        sheets,
        sheet_form: standard.sheet.clone(),
        charts: Vec::new(),
        narrative: Narrative::default(),
        key_figures: Vec::new(),
        headline: Headline::default(),
        proof: Proof::default(),
        findings: Vec::new(),
        corrections: Vec::new(),
        table_index,
    };
    let certain = complete && !diagnostics.has_faults();
    disclosure.corrections = corrections::corrections(draft, &disclosure, certain, diagnostics);
    // Charts, sentences and rules speak of many tables at once: with one missing they would only
    // repeat it.
    if !complete || diagnostics.has_faults() {
        waivers::mark(draft, disclosure.published.as_deref(), diagnostics);
        return Some(disclosure);
    }
    let own_rules =
        standard::rules::of_disclosure(standard, &draft.head.source, head_node, diagnostics);
    check_names(standard, &disclosure, diagnostics);
    disclosure.key_figures = key_figures::key_figures(standard, &disclosure);
    disclosure.headline = key_figures::headline(standard, &disclosure);
    disclosure.charts = chart::charts(standard, &disclosure, diagnostics);
    let mut disclosure = narrative::compose(
        standard,
        disclosure,
        &draft.narrative,
        &draft.head.source,
        diagnostics,
    );
    let rules = standard.rules.iter().chain(&own_rules);
    let (proof, findings) = rules::prove(standard, rules, &disclosure, &draft.head.source);
    disclosure.proof = proof;
    let typed = figures::check(standard, &disclosure, draft);
    let outliers = outliers::check(standard, &disclosure, &draft.head.source);
    for finding in findings.into_iter().chain(typed).chain(outliers) {
        diagnostics.push(finding);
    }
    text::joints(&disclosure, &draft.head.source, diagnostics);
    answer(draft, standard, &mut disclosure, diagnostics);
    Some(disclosure)
}

/// The rules of a standard held against a disclosure whatever else is wrong with it, so that an import
/// can say which of its figures are confirmed. Empty while a table is missing.
#[must_use]
pub fn proof(standard: &Standard, disclosure: &Disclosure) -> Proof {
    if disclosure.tables.len() != standard.tables.len() {
        return Proof::default();
    }
    let head = &disclosure.head.source;
    rules::prove(standard, standard.rules.iter(), disclosure, head).0
}

/// Reports `standard-kind` where the folder says another kind than the standard is for.
fn check_kind(
    draft: &Draft,
    standard: &Standard,
    head_fields: &Fields<'_>,
    reader: &mut Reader<'_>,
) {
    if draft.kind == standard.kind {
        return;
    }
    let (name, id) = (standard.kind.word(), &standard.id);
    let place = head_fields
        .get("standard")
        .map_or(Place::FILE, |node| node.place);
    reader.error(
        "standard-kind",
        place,
        say!(
            "标准 `{id}` 是{name}的格式，与文件夹名不符",
            "the standard `{id}` is for another kind than the folder says"
        ),
        say!(
            "预算的文件夹名为 <年>-budget，决算的为 <年>-final",
            "folders are named <year>-budget or <year>-final"
        ),
    );
}

/// Applies the waivers, leaves out what only follows from something else, and keeps for the pages what
/// they show.
fn answer(
    draft: &Draft,
    standard: &Standard,
    disclosure: &mut Disclosure,
    diagnostics: &mut Diagnostics,
) {
    waivers::apply(draft, disclosure.published.as_deref(), diagnostics);
    follow::leave_out(standard, disclosure, diagnostics);
    for finding in diagnostics.as_slice() {
        if finding.is_fault() || finding.severity == Severity::Note {
            continue;
        }
        let relation = finding.detail.as_ref().and_then(|detail| detail.relation);
        if let Some((rule, relation)) = relation.filter(|_| finding.waived.is_some()) {
            disclosure.proof.rules[rule].relations[relation].waived = true;
        }
        disclosure.findings.push(finding.clone());
    }
}

/// Reads every table, and says of each whether nothing is wrong in it. Reports `table-unknown`,
/// `table-twice` and `table-missing`.
fn tables(
    draft: &Draft,
    standard: &Standard,
    entity: &Entity,
    diagnostics: &mut Diagnostics,
) -> (Vec<Table>, Vec<bool>) {
    let titles = title_values(entity, draft.year);
    let mut found: Vec<Option<(Table, bool)>> = standard.tables.iter().map(|_| None).collect();
    let mut seen: Vec<Option<(&Document, Place)>> = vec![None; standard.tables.len()];
    let mut unreadable = !draft.listed;
    for document in &draft.tables {
        let Some(node) = &document.node else {
            unreadable = true;
            continue;
        };
        let mut reader = Reader {
            source: &document.source,
            diagnostics,
        };
        let Some(fields) = reader.map(node) else {
            unreadable = true;
            continue;
        };
        let Some(id) = reader.required_text(&fields, "table") else {
            unreadable = true;
            continue;
        };
        let place = fields.get("table").map_or(fields.place, |node| node.place);
        let Some(at) = standard.table_position(&id) else {
            let known: Vec<&str> = standard.tables.iter().map(|form| &*form.id).collect();
            reader.error(
                "table-unknown",
                place,
                say!("标准里没有表 `{id}`", "the standard has no table `{id}`"),
                nearest_hint(&id, &known),
            );
            unreadable = true;
            continue;
        };
        if let Some((first, first_place)) = seen[at] {
            diagnostics.push(
                Diagnostic::error(
                    "table-twice",
                    &document.source,
                    place,
                    say!("表 `{id}` 有两个文件", "the table `{id}` has two files"),
                )
                .label(
                    &first.source,
                    first_place,
                    say!("另一个在这里", "the other is here"),
                )
                .hint(say!("留下正确的一个文件", "keep the right file")),
            );
            continue;
        }
        seen[at] = Some((document, place));
        let mut faults = Diagnostics::default();
        let mut reader = Reader {
            source: &document.source,
            diagnostics: &mut faults,
        };
        let table = table::table(&standard.tables[at], document, node, &titles, &mut reader);
        found[at] = table.map(|table| (table, !faults.has_faults()));
        diagnostics.append(faults);
    }
    let read = found.iter().flatten().map(|(table, _)| table);
    codes::check(read, standard, diagnostics);
    for (form, seen) in standard.tables.iter().zip(&seen) {
        if seen.is_none() && !unreadable {
            let (id, number) = (&form.id, &form.number);
            diagnostics.push(
                Diagnostic::error(
                    "table-missing",
                    &draft.head.source,
                    Place::FILE,
                    say!("缺少{number}（`{id}`）", "{number} (`{id}`) is missing"),
                )
                .hint(say!(
                    "在 tables/ 下补上这张表；没有数据也要有文件，写明 no_data",
                    "add it below tables/; without data it still needs a file that says `no_data`"
                )),
            );
        }
    }
    found.into_iter().flatten().unzip()
}

fn sheets(
    draft: &Draft,
    standard: &Standard,
    table: Option<&Table>,
    diagnostics: &mut Diagnostics,
) -> Vec<crate::model::sheet::Sheet> {
    let Some(form) = &standard.sheet else {
        if let Some(document) = draft.projects.first() {
            diagnostics.push(
                Diagnostic::error(
                    "sheet-unknown",
                    &document.source,
                    Place::FILE,
                    say!(
                        "这个标准没有项目绩效目标表",
                        "this standard has no performance sheets"
                    ),
                )
                .hint(say!(
                    "删去 projects/，或换一个标准",
                    "remove projects/, or use another standard"
                )),
            );
        }
        return Vec::new();
    };
    draft
        .projects
        .iter()
        .filter_map(|document| {
            let node = document.node.as_ref()?;
            let mut reader = Reader {
                source: &document.source,
                diagnostics,
            };
            sheet::sheet(form, document, node, table, &mut reader)
        })
        .collect()
}

/// Reports `standard-selector` for figures of the overview that the data does not have.
fn check_names(standard: &Standard, disclosure: &Disclosure, diagnostics: &mut Diagnostics) {
    let key_figures = standard
        .key_figures
        .iter()
        .flat_map(|figure| std::iter::once(&figure.value).chain(&figure.prior));
    let headline = standard
        .headline
        .iter()
        .flat_map(|headline| std::iter::once(&headline.total).chain(&headline.three_public));
    for named in key_figures.chain(headline) {
        if disclosure.find(&named.selector).is_none() {
            diagnostics.push(absent("standard-selector", named));
        }
    }
}

/// A figure that the standard names and the data does not have.
fn absent(code: &'static str, named: &Named) -> Diagnostic {
    let selector = &named.selector;
    Diagnostic::error(
        code,
        &named.location.source,
        named.location.place,
        say!("数据里没有 `{selector}`", "the data has no `{selector}`"),
    )
    .hint(say!(
        "核对表里的行，或改标准里的选择器",
        "check the rows of the table, or the selector of the standard"
    ))
}
