//! Random edits of the reference data: every edit made is told, nothing else is.

use std::collections::BTreeSet;

use gongkai::diff::report::{Presence, Report, TextChange};

use super::edits::{EDITS, Edit, Random, Told, every_cell};
use super::{compare, side};
use crate::support::Site;

const SEED: u64 = 2_025;

/// What a report tells, in the form in which edits say it.
fn told(report: &Report) -> Told {
    let mut told = Told {
        causes: Some(0),
        ..Told::default()
    };
    for one in &report.disclosures {
        assert_eq!(one.presence, Presence::Both);
        for figure in &one.figures {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let fresh =
                told.figures
                    .insert((figure.at.clone(), text(&figure.old), text(&figure.new)));
            assert!(fresh, "{} is told twice", figure.at);
        }
        let causes = one.figures.iter().filter(|figure| figure.causes.is_empty());
        told.causes = told.causes.map(|sum| sum + causes.count());
        let rows = one.rows.iter();
        told.rows
            .extend(rows.map(|row| (format!("{:?}", row.change), row.at.clone())));
        let texts = one.texts.iter().filter(|text| !is_sentence(text));
        told.texts.extend(texts.map(|text| text.at.clone()));
        told.sheets
            .extend(one.sheets.iter().map(|sheet| sheet.at.clone()));
    }
    assert_eq!(report.pages.added, Vec::<String>::new());
    told.gone = report.pages.gone.iter().cloned().collect();
    told.presentation = report.pages.presentation > 0;
    told
}

fn is_sentence(text: &TextChange) -> bool {
    text.at.starts_with("sections.") || text.at == "overview"
}

/// Sentences and checks follow from the edits: each names one of them.
fn follow(report: &Report, expected: &Told, seed: u64) {
    let mut causes: BTreeSet<&str> = expected.figures.iter().map(|one| &*one.0).collect();
    causes.extend(expected.rows.iter().map(|row| &*row.1));
    causes.extend(expected.texts.iter().map(|text| &**text));
    for one in &report.disclosures {
        for text in one.texts.iter().filter(|text| is_sentence(text)) {
            let known = |(at, _): &(String, String)| causes.contains(&**at);
            assert!(text.because.iter().any(known), "{seed}: {text:#?}");
            let only = text.because.iter().all(known);
            assert!(only, "{seed}: {text:#?}");
        }
        let data = !(expected.figures.is_empty() && expected.rows.is_empty());
        for check in &one.checks {
            assert!(data || !expected.sheets.is_empty(), "{seed}: {check:#?}");
            assert_ne!(check.old, check.new);
        }
    }
    assert_eq!(report.pages.worded, Vec::<String>::new(), "{seed}");
}

/// Of two rows that changed places either may be told: the expectation takes the one that is.
fn settle(expected: &mut Told, found: &Told) {
    let either: Vec<_> = expected
        .rows
        .iter()
        .filter(|row| row.1.contains(" or "))
        .cloned()
        .collect();
    for pair in either {
        expected.rows.remove(&pair);
        let mut both = pair
            .1
            .split(" or ")
            .map(|at| (pair.0.clone(), at.to_owned()));
        let met = both.clone().find(|row| found.rows.contains(row));
        expected.rows.extend(met.or_else(|| both.next()));
    }
}

fn hold(old: &gongkai::diff::side::Side, edits: &[(&str, Edit)], seed: u64) {
    let site = Site::reference();
    let mut random = Random(seed);
    let mut expected = Told {
        causes: Some(0),
        ..Told::default()
    };
    for (_, edit) in edits {
        edit(&site, &mut random, &mut expected);
    }
    let report = compare(old, site.root());
    let found = told(&report);
    settle(&mut expected, &found);
    let names: Vec<&str> = edits.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, expected, "{names:?}, seed {seed}");
    follow(&report, &expected, seed);
}

#[test]
fn every_kind_of_edit_is_told_and_nothing_else() {
    let reference = Site::reference();
    let old = side(reference.root());
    // The last swaps two rows of one name, which changes links and nothing that is read.
    for round in [0, 1, 101] {
        for edit in &EDITS {
            hold(&old, std::slice::from_ref(edit), SEED + round);
        }
    }
}

#[test]
fn every_figure_of_every_leaf_is_told() {
    let (old, new) = (Site::reference(), Site::reference());
    let mut expected = Told::default();
    every_cell(&new, &mut expected);
    assert!(expected.figures.len() >= 55, "{}", expected.figures.len());
    let report = compare(&side(old.root()), new.root());
    assert_eq!(told(&report), expected);
    follow(&report, &expected, 0);
}

#[test]
fn edits_made_together_are_all_told() {
    let reference = Site::reference();
    let old = side(reference.root());
    // Edits of different files: two of one line would be one edit.
    for (seed, picked) in [
        (1, [1, 6, 7]),
        (2, [0, 8, 10]),
        (3, [2, 9, 11]),
        (4, [3, 7, 9]),
        (5, [4, 6, 8]),
        (6, [5, 7, 10]),
        (7, [1, 8, 11]),
        (8, [0, 6, 9]),
    ] {
        let edits = picked.map(|at: usize| EDITS[at]);
        hold(&old, &edits, SEED + seed);
    }
}

#[test]
fn a_site_does_not_differ_from_itself() {
    let reference = Site::reference();
    let report = compare(&side(reference.root()), reference.root());
    assert_eq!(report, Report::default());
}
