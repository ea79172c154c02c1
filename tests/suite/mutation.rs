//! How much of the reference data the rules watch over: every figure is changed, one at a time, and
//! the check must say something that it did not say before.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::{Diagnostics, Severity};
use gongkai::load::discover::discover;
use gongkai::load::draft::Draft;
use gongkai::load::folder;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::proof::{At, CellAt};
use gongkai::source::{Source, SourceFile};
use gongkai::standard::{self, Standard};
use gongkai::yaml;
use rust_decimal::Decimal;

use crate::support::repository;

/// Share of the mutants that must be caught, in percent.
const EXPECTED: usize = 95;

#[test]
fn a_change_of_any_figure_is_noticed() {
    let mut faults = Diagnostics::default();
    let site = discover(&repository(), &mut faults).expect("the reference site");
    let mut draft = folder::load(&site.disk, &site.disclosures[0], &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let standard = standard::load(&site.standards, &name, &mut faults).expect("the standard");
    let rules = Rules::new(&site.config);
    let (disclosure, before) = findings(&draft, &standard, &rules);
    let watched: BTreeSet<CellAt> = disclosure
        .proof
        .relations()
        .flat_map(gongkai::model::proof::Relation::terms)
        .filter_map(|term| match &term.at {
            At::Cell(cell) => Some(*cell),
            _ => None,
        })
        .collect();

    let figures = figures(&disclosure);
    let mut report = String::new();
    let mut score = Score::default();
    for (cell, value) in &figures {
        let words = disclosure.coordinates(&At::Cell(*cell));
        if !watched.contains(cell) {
            writeln!(report, "in no relation: {words} {value}").expect("memory");
        }
        for (mutant, how) in mutants(*value) {
            score.mutants += 1;
            if notices(
                &mut draft,
                &standard,
                &rules,
                &disclosure,
                *cell,
                mutant,
                &before,
            ) {
                score.caught += 1;
            } else {
                writeln!(report, "not noticed: {words} {value} → {mutant} ({how})")
                    .expect("memory");
            }
        }
    }
    let Score { mutants, caught } = score;
    let figures = figures.len();
    // Past the capture of the test runner, so that the score stands in every run.
    let said = format!("{figures} figures, {caught} of {mutants} mutants noticed\n{report}");
    std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).expect("stderr");
    assert_eq!(figures, 421);
    assert!(caught * 100 >= mutants * EXPECTED, "{said}");
}

#[derive(Default)]
struct Score {
    mutants: usize,
    caught: usize,
}

/// Every figure of every table.
fn figures(disclosure: &Disclosure) -> Vec<(CellAt, Decimal)> {
    let mut figures = Vec::new();
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
                    figures.extend(cell.value.number().map(|value| (at, value)));
                }
            }
        }
    }
    figures
}

/// The figure with 0.10 more, and with the first two neighbouring digits that differ swapped.
fn mutants(value: Decimal) -> Vec<(Decimal, &'static str)> {
    let mut mutants = vec![(value + Decimal::new(10, 2), "+0.10")];
    let text = value.to_string();
    let digits: Vec<usize> = text
        .bytes()
        .enumerate()
        .filter_map(|(at, byte)| byte.is_ascii_digit().then_some(at))
        .collect();
    let swapped = digits
        .windows(2)
        .filter(|pair| text.as_bytes()[pair[0]] != text.as_bytes()[pair[1]])
        .map(|pair| {
            let mut bytes = text.clone().into_bytes();
            bytes.swap(pair[0], pair[1]);
            String::from_utf8(bytes).expect("digits")
        })
        .find(|text| !text.starts_with('0') || text.starts_with("0."));
    let swapped = swapped.map(|text| Decimal::from_str_exact(&text).expect("a number"));
    mutants.extend(swapped.map(|value| (value, "digits swapped")));
    mutants
}

type Seen = BTreeSet<(String, String)>;

/// Errors and warnings that no waiver answers, by code and sentence.
fn findings(draft: &Draft, standard: &Standard, rules: &Rules) -> (Disclosure, Seen) {
    let mut found = Diagnostics::default();
    let disclosure = check::check(draft, standard, rules, &mut found).expect("a disclosure");
    let seen = found
        .as_slice()
        .iter()
        .filter(|finding| finding.severity < Severity::Note && finding.waived.is_none())
        .map(|finding| (finding.code.to_owned(), finding.say.zh.clone()))
        .collect();
    (disclosure, seen)
}

/// Whether a check of the data with one figure changed says anything new.
fn notices(
    draft: &mut Draft,
    standard: &Standard,
    rules: &Rules,
    disclosure: &Disclosure,
    at: CellAt,
    value: Decimal,
    before: &Seen,
) -> bool {
    let around = disclosure.around(at);
    let source = &around.table.source;
    let mut text = source.text.clone();
    text.replace_range(around.cell.place.bytes_in(&text), &value.to_string());
    let changed = Source::new(SourceFile {
        path: source.path.clone(),
        text,
    });
    let node = yaml::parse(&changed, &mut Diagnostics::default());
    let document = draft
        .tables
        .iter_mut()
        .find(|document| document.source.path == source.path)
        .expect("the file of the table");
    let kept = (
        std::mem::replace(&mut document.source, changed),
        std::mem::replace(&mut document.node, node),
    );
    let (_, after) = findings(draft, standard, rules);
    let document = draft
        .tables
        .iter_mut()
        .find(|document| document.source.path == source.path)
        .expect("the file of the table");
    (document.source, document.node) = kept;
    after.difference(before).next().is_some()
}
