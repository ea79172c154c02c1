//! Stage 2: `Draft` + `Standard` -> `Disclosure`, with every fault as a diagnostic.

mod cell;
mod chart;
mod codes;
mod computed;
mod corrections;
mod figures;
mod follow;
pub(crate) mod head;
mod interval;
mod key_figures;
mod narrative;
mod outliers;
mod prose;
mod rules;
mod sheet;
mod stated;
mod table;
pub mod text;
mod waivers;
mod withheld;

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::draft::{Document, Draft};
use crate::model::disclosure::{Disclosure, Entity, Headline, Holes, title_values};
use crate::model::narrative::Narrative;
use crate::model::proof::Proof;
use crate::model::table::{Hole, Table};
use crate::say;
use crate::source::{Location, Place, Source};
use crate::standard::{self, Named, Standard};
use crate::yaml::fields::{Fields, Reader, nearest_hint};
use withheld::Withheld;

/// The name of the standard that a draft follows, with its place.
pub fn standard_of(
    draft: &Draft,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Source, Place)> {
    let source = &draft.head.source;
    let Some(node) = &draft.head.node else {
        let name = draft.head.as_written("standard")?;
        return Some((name.to_owned(), source.clone(), Place::FILE));
    };
    let mut reader = Reader {
        source,
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
    entity_of(draft, diagnostics).0
}

/// Likewise, and whether it has units that are not known.
fn entity_of(draft: &Draft, diagnostics: &mut Diagnostics) -> (Option<Entity>, Option<Hole>) {
    let Some(node) = &draft.entity.node else {
        return (None, Some(Hole::Unread));
    };
    let mut reader = Reader {
        source: &draft.entity.source,
        diagnostics,
    };
    head::entity(&draft.entity_id, node, &mut reader)
}

/// Checks a draft against its standard, as far as it can be read: what needs something that is not there, or cannot be
/// understood, is withheld and counted, everything else is judged.
///
/// The disclosure is complete as far as the data is; whether it may be published is what `diagnostics` say. `None` where
/// it is not even known what it is called or how far it is; it is checked all the same.
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
    let (disclosure, known) = read(draft, standard, rules, diagnostics);
    let disclosure = judge(draft, standard, disclosure, diagnostics);
    known.then_some(disclosure)
}

/// What is written, with its holes, and whether it is known what it is called and how far it is. What needs no more than
/// one file is judged: prose and texts.
fn read(
    draft: &Draft,
    standard: &Standard,
    rules: &text::Rules,
    diagnostics: &mut Diagnostics,
) -> (Disclosure, bool) {
    let (entity, units) = entity_of(draft, diagnostics);
    let named = entity.is_some();
    let entity = entity.unwrap_or_else(|| head::unnamed(&draft.entity_id));
    let mut reader = Reader {
        source: &draft.head.source,
        diagnostics,
    };
    let head_fields = draft.head.node.as_ref();
    let head_fields = head_fields.and_then(|node| head::head_fields(node, &mut reader));
    let head = head_fields.and_then(|fields| head::head(&fields, &mut reader));
    let head_written = head_fields.as_ref();
    let inputs = match head_written {
        Some(fields) => head::inputs(standard, fields, &mut reader),
        None => head::unread(&standard.inputs),
    };
    let contacts = head_written.map(|fields| head::contacts(fields, &mut reader));
    let contacts = contacts.unwrap_or_default();
    if let Some(fields) = head_written {
        check_kind(draft, standard, fields, &mut reader);
    }
    let tables = tables(draft, standard, &entity, named, diagnostics);
    let table_index: HashMap<Box<str>, usize> = tables
        .iter()
        .enumerate()
        .map(|(at, table)| (table.form.id.clone(), at))
        .collect();
    let sheet_table = standard
        .sheet
        .as_ref()
        .and_then(|form| table_index.get(&form.table).copied())
        .map(|at| &tables[at]);
    let sheets = sheets(draft, standard, sheet_table, diagnostics);
    for text in draft.overview.iter().chain(draft.narrative.values()) {
        prose::check(text, diagnostics);
    }
    let rules = rules.allowing(contacts.iter().map(String::as_str));
    let frame = text::Frame::new(named.then_some(&entity), draft.year);
    text::check(draft, standard, frame, &rules, diagnostics);
    let unread = |name: &str| draft.is_unread(name).then_some(Hole::Unread);
    let sheets_hole = (sheets.len() < draft.projects.len()).then_some(Hole::Unread);
    let holes = Holes {
        entity: (!named).then_some(Hole::Unread),
        units,
        overview: unread("overview.md"),
        sheets: sheets_hole.or_else(|| unread("projects")),
        sections: BTreeSet::new(),
        unfinished: BTreeSet::new(),
        charts: BTreeSet::new(),
        forms: Arc::clone(&standard.gaps.forms),
    };
    let known = head.is_some() && named;
    let head = head.unwrap_or_else(head::undated);
    let disclosure = Disclosure {
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
        holes,
    };
    (disclosure, known)
}

/// Everything that speaks of several parts of a disclosure.
fn judge(
    draft: &Draft,
    standard: &Standard,
    mut disclosure: Disclosure,
    diagnostics: &mut Diagnostics,
) -> Disclosure {
    let mut withheld = Withheld::default();
    disclosure.corrections =
        corrections::corrections(draft, &disclosure, &mut withheld, diagnostics);
    let unread_rules = Cell::new(0);
    let own_rules = draft.head.node.as_ref().map_or_else(Vec::new, |node| {
        let source = &draft.head.source;
        standard::rules::of_disclosure(standard, source, node, &unread_rules, diagnostics)
    });
    check_names(standard, &disclosure, diagnostics);
    disclosure.key_figures = key_figures::key_figures(standard, &disclosure);
    disclosure.headline = key_figures::headline(standard, &disclosure);
    let (charts, unmade) = chart::charts(standard, &disclosure, diagnostics);
    withheld.charts = unmade.len() + standard.gaps.withheld.charts;
    disclosure.charts = charts;
    disclosure.holes.charts = unmade;
    let mut disclosure = narrative::compose(
        standard,
        disclosure,
        draft,
        narrative::Texts::Printed,
        &mut withheld,
        diagnostics,
    );
    let all_rules = standard.rules.iter().chain(&own_rules);
    let proved = rules::prove(standard, all_rules, &disclosure, &draft.head.source);
    disclosure.proof = proved.proof;
    withheld.rules = proved.withheld;
    withheld.unread_rules = standard.gaps.withheld.rules + unread_rules.get();
    let typed = figures::check(standard, &disclosure, draft, &mut withheld);
    let outliers = outliers::check(standard, &disclosure, &draft.head.source, &mut withheld);
    let stated = stated::check(standard, &disclosure);
    let findings = proved.findings.into_iter().chain(stated);
    for finding in findings.chain(typed).chain(outliers) {
        diagnostics.push(finding);
    }
    text::joints(&disclosure, &draft.head.source, diagnostics);
    answer(draft, standard, &mut disclosure, &mut withheld, diagnostics);
    if let Some(note) = withheld.note(&draft.head.source) {
        diagnostics.push(note);
    }
    disclosure
}

/// The rules of a standard held against a disclosure whatever else is wrong with it, so that an import
/// can say which of its figures are confirmed.
#[must_use]
pub fn proof(standard: &Standard, disclosure: &Disclosure) -> Proof {
    let head = &disclosure.head.source;
    rules::prove(standard, standard.rules.iter(), disclosure, head).proof
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
    withheld: &mut Withheld,
    diagnostics: &mut Diagnostics,
) {
    waivers::apply(draft, standard, disclosure, withheld, diagnostics);
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

/// Reads every table of the standard; one that is not there, or cannot be read, is a table of which nothing is known.
/// Reports `table-unknown`, `table-twice` and `table-missing`.
fn tables(
    draft: &Draft,
    standard: &Standard,
    entity: &Entity,
    named: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Table> {
    let titles = title_values(entity, draft.year);
    let mut found: Vec<Option<Table>> = standard.tables.iter().map(|_| None).collect();
    let mut seen: Vec<Option<(&Document, Place)>> = vec![None; standard.tables.len()];
    // Any table may be in what cannot be read and does not say which it is.
    let mut hidden = draft.is_unread("tables");
    for document in &draft.tables {
        let mut reader = Reader {
            source: &document.source,
            diagnostics,
        };
        let fields = document.node.as_ref().and_then(|node| reader.map(node));
        let id = fields.and_then(|fields| reader.required_text(&fields, "table"));
        let (Some(node), Some(fields), Some(id)) = (&document.node, fields, id) else {
            match document
                .as_written("table")
                .and_then(|id| standard.table_position(id))
            {
                Some(at) => {
                    seen[at] = Some((document, Place::FILE));
                    found[at] = None;
                }
                None => hidden = true,
            }
            continue;
        };
        let place = fields.get("table").map_or(fields.place, |node| node.place);
        let Some(at) = standard.table_position(&id) else {
            if standard.gaps.forms.contains(&*id) {
                continue;
            }
            let known: Vec<&str> = standard.tables.iter().map(|form| &*form.id).collect();
            reader.error(
                "table-unknown",
                place,
                say!("标准里没有表 `{id}`", "the standard has no table `{id}`"),
                nearest_hint(&id, &known),
            );
            hidden = true;
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
            // Either may be the right one.
            found[at] = None;
            continue;
        }
        seen[at] = Some((document, place));
        let mut faults = Diagnostics::default();
        let mut reader = Reader {
            source: &document.source,
            diagnostics: &mut faults,
        };
        let form = &standard.tables[at];
        let table = table::table(form, document, node, &titles, named, &mut reader);
        found[at] = table;
        diagnostics.append(faults);
    }
    codes::check(found.iter().flatten(), standard, diagnostics);
    let mut tables = Vec::with_capacity(found.len());
    for ((form, seen), found) in standard.tables.iter().zip(&seen).zip(found) {
        if seen.is_none() && !hidden {
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
        tables.push(found.unwrap_or_else(|| {
            let given = seen.is_some() || hidden;
            let hole = if given { Hole::Unread } else { Hole::NotGiven };
            let source = seen.map_or(&draft.head.source, |(document, _)| &document.source);
            Table::unknown(form, form.title.fill(&titles), hole, source)
        }));
    }
    tables
}

fn sheets(
    draft: &Draft,
    standard: &Standard,
    table: Option<&Table>,
    diagnostics: &mut Diagnostics,
) -> Vec<crate::model::sheet::Sheet> {
    let Some(form) = &standard.sheet else {
        if standard.gaps.forms.contains("sheet.") {
            return Vec::new();
        }
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
        let known = disclosure.hole_at(&named.selector).is_none();
        if known && disclosure.find(&named.selector).is_none() {
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
