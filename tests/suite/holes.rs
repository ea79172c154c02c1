//! A fault stops only what needs the faulty thing, and nothing false follows from it.

use std::collections::BTreeSet;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::{Diagnostic, Diagnostics};
use gongkai::load::discover::discover;
use gongkai::load::draft::{Document, Draft};
use gongkai::load::folder;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::proof::{At, CellAt};
use gongkai::source::{Source, SourceFile};
use gongkai::standard::{self, Standard};
use gongkai::yaml;

use crate::faults;
use crate::support::{Random, repository};

/// Relations that do not hold in `tests/cases/tiny`: one in each of two tables, one in `disclosure.yaml`.
const PLANTED: &str = "rules:
  - {id: planted-spending, title: 一, equal: {left: \"spending[210].basic\", right: \"spending[210].project\"}}
  - {id: planted-input, title: 三, equal: {left: input.vehicles, right: \"3\"}}
  - {id: planted-balance, title: 二, equal: {left: \"balance.revenue[carry_over].current\", right: \"balance.expenditure[c210].current\"}}
";

/// Faults that still stop anything but what needs the faulty thing, and why: where nobody can tell what the rest means.
/// `docs/architecture.md` has the same list.
const STOPS_DEMO: &[(&str, &str)] = &[
    ("text-for-a-map", NO_STANDARD),
    ("no-disclosure-file", NO_STANDARD),
    ("no-standard-named", NO_STANDARD),
    ("standard-unknown", NO_STANDARD),
    ("standard-unknown-english", NO_STANDARD),
    ("standard-parent-unknown", NO_HEAD),
    ("standard-parent-itself", NO_HEAD),
    (
        "disclosure-folder-name",
        "the folder does not tell year and kind",
    ),
    ("no-disclosures", NOT_THERE),
];
const NO_STANDARD: &str = "it does not tell which standard it follows";
const NO_HEAD: &str = "the standard does not tell which tables it has";
const NOT_THERE: &str = "there is nothing to read inside the site";
/// Likewise those that stop the other disclosures as well.
const STOPS_ALL: &[(&str, &str)] = &[
    ("standard-without-head", NO_HEAD),
    ("standard-cycle", NO_HEAD),
    ("standard-lacks-keys", NO_HEAD),
    ("standard-unknown-key", NO_HEAD),
    ("standard-title-without-a-value", NO_HEAD),
    ("standard-unit", NO_HEAD),
    ("standard-decimals", NO_HEAD),
    ("standard-text-for-list", NO_HEAD),
    ("no-data-folder", NOT_THERE),
    ("data-linked-outside", NOT_THERE),
    ("no-site", NOT_THERE),
    ("no-site-to-check", NOT_THERE),
];

#[test]
fn a_wrong_sum_is_reported_beside_every_fault_that_does_not_take_what_it_needs() {
    let mut wrong = Vec::new();
    for (name, change) in faults::changes() {
        let site = faults::built();
        for (path, bytes) in crate::support::tree(&site.path("data/demo")) {
            site.write(&format!("data/other/{path}"), bytes);
        }
        site.write("standards/tiny/rules/planted.yaml", PLANTED);
        change(&site);
        let options = gongkai::pipeline::CheckOptions {
            root: site.root().to_owned(),
            ..Default::default()
        };
        let found = gongkai::pipeline::check(&options, &()).map(|outcome| outcome.diagnostics);
        let found = found.unwrap_or_default();
        let planted = found.iter().filter(|found| {
            let rule = found
                .detail
                .as_ref()
                .and_then(|detail| detail.rule.as_deref());
            rule.is_some_and(|rule| rule.starts_with("planted-"))
        });
        let (other, demo): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            planted.partition(|found| found.location.source.path.starts_with("data/other/"));
        let (of_demo, of_other) = (!demo.is_empty(), !other.is_empty());
        let listed = |list: &[(&str, &str)]| list.iter().any(|(known, _)| *known == name);
        if of_demo == (listed(STOPS_DEMO) || listed(STOPS_ALL)) || of_other == listed(STOPS_ALL) {
            wrong.push(format!("{name}: demo {of_demo}, other {of_other}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The reference data, and what is said of it.
struct Reference {
    draft: Draft,
    standard: Standard,
    rules: Rules,
    disclosure: Disclosure,
    whole: Vec<Diagnostic>,
}

type Key = (&'static str, String, String);

fn key(found: &Diagnostic) -> Key {
    let path = found.location.source.path.clone();
    // Names of the entity are not known where it cannot be read, so a relation is known by its rule and its sides.
    let detail = found.detail.as_ref();
    let said = match detail.and_then(|detail| Some((detail.rule.as_ref()?, detail))) {
        Some((rule, detail)) => {
            let (at, expected, found) = (&detail.at, &detail.expected, &detail.found);
            format!("{rule} {at:?} {expected:?} {found:?}")
        }
        None => found.say.zh.clone(),
    };
    (found.code, path, said)
}

impl Reference {
    fn new() -> Self {
        let mut faults = Diagnostics::default();
        let site = discover(&repository(), &mut faults).expect("the reference site");
        let draft = folder::load(&site.disk, &site.disclosures[0], &mut faults);
        let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
        let standard = standard::load(&site.standards, &name, &mut faults).expect("the standard");
        let rules = Rules::new(&site.config);
        let mut found = Diagnostics::default();
        let disclosure = check::check(&draft, &standard, &rules, &mut found);
        Self {
            draft,
            standard,
            rules,
            disclosure: disclosure.expect("a disclosure"),
            whole: found.into_sorted(),
        }
    }

    /// What is said once a change has taken something out, held against what was said before: nothing new but faults, and
    /// everything that is lost `needs` it.
    fn hold(&mut self, what: &str, needs: &dyn Fn(&Disclosure, &Diagnostic) -> bool) -> bool {
        let mut found = Diagnostics::default();
        check::check(&self.draft, &self.standard, &self.rules, &mut found);
        let found = found.into_sorted();
        let keys: BTreeSet<Key> = found.iter().map(key).collect();
        let whole: BTreeSet<Key> = self.whole.iter().map(key).collect();
        let words = ["not-checked", "waivers-unread"];
        for found in &found {
            let allowed = found.is_fault() || words.contains(&found.code);
            assert!(
                allowed || whole.contains(&key(found)),
                "{what}: {}",
                found.say.zh
            );
        }
        for lost in self
            .whole
            .iter()
            .filter(|found| !keys.contains(&key(found)))
        {
            let said = &lost.say.zh;
            assert!(
                needs(&self.disclosure, lost),
                "{what} hides: {} {said}",
                lost.code
            );
        }
        found.iter().any(|found| found.code == "not-checked")
    }

    /// Another text of a file for the time of a look.
    fn with_text(
        &mut self,
        path: &str,
        text: String,
        needs: &dyn Fn(&Disclosure, &Diagnostic) -> bool,
    ) -> bool {
        let source = Source::new(SourceFile {
            path: path.to_owned(),
            text,
        });
        let node = yaml::parse(&source, &mut Diagnostics::default());
        let document = document(&mut self.draft, path);
        let kept = (
            std::mem::replace(&mut document.source, source),
            std::mem::replace(&mut document.node, node),
        );
        let what = document
            .source
            .text
            .lines()
            .find(|line| !kept.0.text.contains(*line));
        let what = format!("{path} {}", what.unwrap_or_default());
        let withheld = self.hold(&what, needs);
        let document = self::document(&mut self.draft, path);
        (document.source, document.node) = kept;
        withheld
    }
}

fn document<'d>(draft: &'d mut Draft, path: &str) -> &'d mut Document {
    let Draft {
        entity,
        head,
        tables,
        projects,
        waivers,
        ..
    } = draft;
    [entity, head]
        .into_iter()
        .chain(tables)
        .chain(projects)
        .chain(waivers)
        .find(|document| document.source.path == path)
        .expect("a file of the disclosure")
}

/// Whether a finding is of a relation with any of these operands, or of what speaks of many figures at once.
fn enters(disclosure: &Disclosure, found: &Diagnostic, is: &dyn Fn(&At) -> bool) -> bool {
    let many = ["outlier-", "figure-", "chart-", "correction-", "waiver-"];
    if many.iter().any(|start| found.code.starts_with(start)) {
        return true;
    }
    let relation = found.detail.as_ref().and_then(|detail| detail.relation);
    relation.is_some_and(|(rule, relation)| {
        let mut terms = disclosure.proof.rules[rule].relations[relation].terms();
        terms.any(|term| is(&term.at))
    })
}

/// Every cell with a figure.
fn figures(disclosure: &Disclosure) -> Vec<CellAt> {
    let mut cells = Vec::new();
    for (table, found) in disclosure.tables.iter().enumerate() {
        for (block, found) in found.blocks.iter().enumerate() {
            for (row, found) in found.rows.iter().enumerate() {
                for (column, cell) in found.cells.iter().enumerate() {
                    let at = CellAt {
                        table,
                        block,
                        row,
                        column,
                    };
                    cells.extend(cell.value.number().map(|_| at));
                }
            }
        }
    }
    cells
}

#[test]
fn a_figure_that_cannot_be_read_takes_only_the_relations_that_it_enters() {
    let mut reference = Reference::new();
    let cells = figures(&reference.disclosure);
    let mut random = Random::new(8);
    let mut withheld = 0;
    for _ in 0..60 {
        let at = cells[random.below(cells.len())];
        let around = reference.disclosure.around(at);
        let source = around.table.source.clone();
        let mut text = source.text.clone();
        text.replace_range(around.cell.place.bytes_in(&text), "12.3O");
        let is = |operand: &At| *operand == At::Cell(at);
        let needs = |disclosure: &Disclosure, found: &Diagnostic| enters(disclosure, found, &is);
        withheld += usize::from(reference.with_text(&source.path, text, &needs));
    }
    assert!(withheld > 50, "{withheld}");
}

#[test]
fn a_row_that_cannot_be_told_takes_only_what_looks_at_its_table() {
    let mut reference = Reference::new();
    let cells = figures(&reference.disclosure);
    let mut random = Random::new(9);
    for _ in 0..30 {
        let at = cells[random.below(cells.len())];
        let around = reference.disclosure.around(at);
        if around.row.total {
            continue;
        }
        let source = around.table.source.clone();
        let mut text = source.text.clone();
        text.replace_range(around.row.place.bytes_in(&text), "\"甲\"");
        let is = |operand: &At| matches!(operand, At::Cell(cell) if cell.table == at.table);
        let path = source.path.clone();
        let needs = |disclosure: &Disclosure, found: &Diagnostic| {
            // Rules that hold sheets against rows look at the table too.
            found.location.source.path == path
                || found.location.source.path.contains("/projects/")
                || enters(disclosure, found, &is)
                || enters(disclosure, found, &|at| matches!(at, At::Number(..)))
        };
        reference.with_text(&source.path, text, &needs);
    }
}

#[test]
fn an_input_that_is_not_given_takes_only_what_needs_it() {
    let mut reference = Reference::new();
    let source = reference.draft.head.source.clone();
    let inputs: Vec<(usize, u32)> = reference
        .disclosure
        .inputs
        .iter()
        .enumerate()
        .map(|(at, input)| (at, input.cell.place.line))
        .filter(|(at, _)| reference.disclosure.inputs[*at].cell.value.to_text() != "")
        .collect();
    assert!(inputs.len() > 10);
    for (at, line) in inputs {
        let lines = source.text.lines().enumerate();
        // A line that is empty keeps the places of the others.
        let lines = lines.map(|(number, text)| {
            if number + 1 == line as usize {
                ""
            } else {
                text
            }
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let is = |operand: &At| *operand == At::Input(at);
        let required = reference.disclosure.inputs[at].form.required;
        if !required {
            continue;
        }
        let needs = |disclosure: &Disclosure, found: &Diagnostic| enters(disclosure, found, &is);
        reference.with_text(&source.path, text, &needs);
    }
}

#[test]
fn a_file_that_is_no_yaml_or_is_not_there_takes_only_what_needs_it() {
    let mut reference = Reference::new();
    let draft = &reference.draft;
    let files = [&draft.entity, &draft.head].into_iter();
    let files = files
        .chain(&draft.tables)
        .chain(&draft.projects)
        .chain(&draft.waivers);
    let files: Vec<Source> = files.map(|document| document.source.clone()).collect();
    for source in &files {
        let text = format!("{}\n}} {{\n", source.text);
        let path = source.path.clone();
        let position = |disclosure: &Disclosure| {
            let mut tables = disclosure.tables.iter();
            tables.position(|table| table.source.path == path)
        };
        let whole = !path.contains("/tables/");
        let needs = |disclosure: &Disclosure, found: &Diagnostic| {
            let table = position(disclosure);
            let is = |at: &At| matches!(at, At::Cell(cell) if Some(cell.table) == table);
            // Sheets, inputs and units are named by rules that a relation does not tell.
            let more = whole
                && found
                    .detail
                    .as_ref()
                    .is_some_and(|detail| detail.rule.is_some());
            let elsewhere = found.location.source.path.contains("/projects/");
            found.location.source.path == path
                || more && !matches!(found.code, "sum-rounding" | "tree-mismatch")
                || whole && enters(disclosure, found, &|at| !matches!(at, At::Cell(_)))
                || elsewhere
                    && found
                        .detail
                        .as_ref()
                        .is_some_and(|detail| detail.rule.is_some())
                || enters(disclosure, found, &|at| {
                    is(at) || matches!(at, At::Number(..))
                })
        };
        reference.with_text(&source.path, text, &needs);
    }
    for at in 0..reference.draft.tables.len() {
        let taken = reference.draft.tables.remove(at);
        let path = taken.source.path.clone();
        let needs = |disclosure: &Disclosure, found: &Diagnostic| {
            let mut tables = disclosure.tables.iter();
            let table = tables.position(|table| table.source.path == path);
            let is = |at: &At| matches!(at, At::Cell(cell) if Some(cell.table) == table);
            let elsewhere = found.location.source.path.contains("/projects/");
            found.location.source.path == path
                || elsewhere
                    && found
                        .detail
                        .as_ref()
                        .is_some_and(|detail| detail.rule.is_some())
                || enters(disclosure, found, &|at| {
                    is(at) || matches!(at, At::Number(..))
                })
        };
        assert!(reference.hold(&format!("without {path}"), &needs), "{path}");
        reference.draft.tables.insert(at, taken);
    }
}
