//! A changed figure changes the lines that show it or say something computed from it, and no others.
//!
//! Fifty random changes of a figure alone and fifty with its totals, the same in every run. What each line of the site owes to a change is told by
//! the proof, the links and the anchors ([`expect`]), then held against the lines that really differ.
//! A line that may change and did not is computed again from the new data ([`recompute`]).

mod edit;
mod expect;
mod moved;
mod page;
mod provenance;
mod recompute;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gongkai::model::disclosure::Disclosure;
use rust_decimal::Decimal;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::corrections;
use crate::downloads::read;
use crate::pages::Built;
use crate::support::{Random, Site};
use edit::Edit;
use expect::{Expect, Kind, Scope};
use moved::Moved;
use provenance::{Keys, Provenance};
use recompute::{After, Line};

/// Changes of each of the two kinds.
const EDITS: usize = 50;

/// Likewise of a site with corrections.
const EDITS_CORRECTED: usize = 10;

/// A site with its data.
struct Version {
    built: Built,
    disclosure: Disclosure,
    provenance: Provenance,
}

impl Version {
    /// A site that has just been built; `before` has the data before a change.
    fn new(site: &Site, before: Option<&Disclosure>) -> Self {
        let built = Built::read(site);
        let disclosure = edit::disclosure(site);
        let charts = &before.unwrap_or(&disclosure).charts;
        let provenance = Provenance::new(&disclosure, charts);
        Self {
            built,
            disclosure,
            provenance,
        }
    }

    fn scope<'a>(&'a self, edited: &'a Keys, moved: &'a Moved) -> Scope<'a> {
        Scope {
            disclosure: &self.disclosure,
            provenance: &self.provenance,
            edited,
            moved,
        }
    }
}

/// What came of one change.
#[derive(Debug, Default)]
struct Outcome {
    /// Figures that were changed.
    figures: usize,
    /// Lines that changed, without the count of open findings on top of every page of a draft.
    changed: usize,
    /// Lines that show a changed figure or something computed from one.
    expected: usize,
    /// Of these, lines that came out as before.
    same: usize,
    /// Files with such a line.
    files: usize,
    /// What is not as it should be.
    faults: Vec<String>,
}

/// Compares two versions, of which the second has other figures at `edited`.
fn compare(before: &Version, after: &Version, edited: &Keys) -> Outcome {
    let mut outcome = Outcome {
        figures: edited.len(),
        ..Outcome::default()
    };
    assert_eq!(
        before.built.files.keys().collect::<Vec<_>>(),
        after.built.files.keys().collect::<Vec<_>>()
    );
    let moved = Moved::new(&before.disclosure, &after.disclosure);
    let mut touched = BTreeSet::new();
    for path in before.built.files.keys() {
        if path != "manifest.json" {
            compare_file(
                path,
                [before, after],
                edited,
                &moved,
                &mut touched,
                &mut outcome,
            );
        }
    }
    compare_workbooks(before, after, edited, &mut touched, &mut outcome);
    compare_manifests(before, after, &touched, &mut outcome);
    outcome
}

/// Compares the lines of a file, and keeps in mind if any differs.
fn compare_file<'a>(
    path: &'a str,
    versions: [&'a Version; 2],
    edited: &Keys,
    moved: &Moved,
    touched: &mut BTreeSet<&'a str>,
    outcome: &mut Outcome,
) {
    let texts = versions.map(|version| version.built.files[path].as_str());
    let expected = [0, 1].map(|at| versions[at].scope(edited, moved).lines(path, texts[at]));
    let lines = texts.map(|text| text.lines().collect::<Vec<_>>());
    let differing = differences(&lines);
    for (side, sign) in ['-', '+'].into_iter().enumerate() {
        for at in surprises(&lines[side], &expected[side], &differing[side]) {
            let (number, line) = (at + 1, lines[side][at]);
            outcome
                .faults
                .push(format!("{path}:{number}: {sign} {line}"));
        }
    }
    let silent = |one: &Expect| {
        matches!(
            one,
            Expect::Same | Expect::Computed(Kind::Frame | Kind::Open)
        )
    };
    outcome.expected += expected[1].iter().filter(|one| !silent(one)).count();
    // The count of open findings, which stands on every page of a draft, is counted apart.
    let changed = [0, 1].map(|side| {
        let pairs = differing[side].iter().zip(&expected[side]);
        let beside = |one: &Expect| *one != Expect::Computed(Kind::Open);
        pairs
            .filter(|(differs, one)| **differs && beside(one))
            .count()
    });
    outcome.changed += changed[0].max(changed[1]);
    outcome.files += usize::from(changed != [0, 0]);
    if differing.iter().flatten().any(|differs| *differs) {
        touched.insert(path);
    }
    computed(
        path,
        &lines[1],
        &expected[1],
        &differing[1],
        versions[1],
        outcome,
    );
}

/// Which lines of the two texts differ.
fn differences(lines: &[Vec<&str>; 2]) -> [Vec<bool>; 2] {
    let mut differing = [0, 1].map(|side| vec![false; lines[side].len()]);
    for op in capture_diff_slices(Algorithm::Myers, &lines[0], &lines[1]) {
        if op.tag() != DiffTag::Equal {
            differing[0][op.old_range()].fill(true);
            differing[1][op.new_range()].fill(true);
        }
    }
    differing
}

/// Lines that differ and should not. Where a chart or a list comes or goes, a comparison may take one closing
/// tag for another just like it: it surprises only where no such line could have been taken instead.
fn surprises(lines: &[&str], expected: &[Expect], differing: &[bool]) -> Vec<usize> {
    let closing = |at: &usize| lines[*at].starts_with("</");
    let mut spare: Vec<&str> = (0..lines.len())
        .filter(|at| !differing[*at] && expected[*at] != Expect::Same && closing(at))
        .map(|at| lines[at])
        .collect();
    let mut taken = |line: &str| {
        let found = spare.iter().position(|known| *known == line);
        found.map(|at| spare.swap_remove(at)).is_some()
    };
    (0..lines.len())
        .filter(|at| differing[*at] && expected[*at] == Expect::Same)
        .filter(|at| !(closing(at) && taken(lines[*at])))
        .collect()
}

/// Computes again what lines say, whether it came out as before or not.
fn computed(
    path: &str,
    lines: &[&str],
    expected: &[Expect],
    differing: &[bool],
    version: &Version,
    outcome: &mut Outcome,
) {
    let after = After {
        built: &version.built,
        disclosure: &version.disclosure,
    };
    for at in 0..lines.len() {
        let line = Line { path, lines, at };
        let fault = match &expected[at] {
            Expect::Shows if !differing[at] => "shows a changed figure and is the same",
            Expect::Computed(kind) if !after.holds(kind, &line) => {
                "does not say what the data come to"
            }
            Expect::Computed(kind) => {
                let says = !differing[at] && !matches!(kind, Kind::Frame | Kind::Open);
                outcome.same += usize::from(says);
                continue;
            }
            Expect::Shows | Expect::Same => continue,
        };
        let (expected, text, number) = (&expected[at], lines[at], at + 1);
        outcome
            .faults
            .push(format!("{path}:{number}: {fault} ({expected:?}): {text}"));
    }
}

/// The workbook differs in the changed cells and in no other.
fn compare_workbooks<'a>(
    before: &'a Version,
    after: &Version,
    edited: &Keys,
    touched: &mut BTreeSet<&'a str>,
    outcome: &mut Outcome,
) {
    for (path, old) in &before.built.binary {
        let new = &after.built.binary[path];
        let mut cells = 0;
        for ((_, old), (_, new)) in read::sheets(old).iter().zip(&read::sheets(new)) {
            let pairs = old.rows().flatten().zip(new.rows().flatten());
            cells += pairs.filter(|(old, new)| old != new).count();
        }
        let tables = edited.iter().filter(|key| !key.contains("#in-")).count();
        if cells != tables || (old == new) != (tables == 0) {
            outcome
                .faults
                .push(format!("{path}: {cells} cells for {tables} figures"));
        }
        if old != new {
            touched.insert(path);
            outcome.files += 1;
        }
    }
}

/// The manifest differs in the lines of the files that differ, in the digest of all of them, and in what the disclosure
/// was made from.
fn compare_manifests(
    before: &Version,
    after: &Version,
    touched: &BTreeSet<&str>,
    outcome: &mut Outcome,
) {
    let [old, new] = [before, after].map(|one| one.built.files["manifest.json"].lines());
    for (old, new) in old.zip(new) {
        let path = new.trim_start().split('"').nth(1).unwrap_or_default();
        let always = path == "digest" || new.contains("\"sources\":");
        if always && old == new {
            outcome.faults.push(format!("manifest.json: stays {new}"));
        }
        if old != new && !always && !touched.contains(path) {
            outcome.faults.push(format!("manifest.json: {new}"));
        }
        outcome.changed += usize::from(old != new);
        outcome.expected += usize::from(old != new);
    }
}

/// The site with a change, and back to what it was; `None` where it cannot be built.
fn changed(site: &Site, before: &Disclosure, edit: &Edit, arguments: &[&str]) -> Option<Version> {
    edit::apply(site, before, edit);
    let run = site.run(arguments);
    let version = (run.code == 0).then(|| Version::new(site, Some(before)));
    edit::undo(site, before, edit);
    version
}

/// One round of changes: what came of each, and the changes that could not be made.
fn round(site: &Site, seed: u64, draft: bool, edits: usize) -> (Vec<(String, Outcome)>, usize) {
    let arguments: &[&str] = if draft {
        &["build", "-q", "--draft"]
    } else {
        &["build", "-q"]
    };
    assert_eq!(site.run(arguments).code, 0);
    let before = Version::new(site, None);
    let figures = edit::figures(&before.disclosure);
    let mut random = Random::new(seed);
    let (mut outcomes, mut refused) = (Vec::new(), 0);
    while outcomes.len() < edits {
        assert!(refused < 20 * edits, "{refused} changes could not be made");
        let cell = figures[random.below(figures.len())];
        let alone = edit::alone(&before.disclosure, cell, &mut random);
        let edit = if draft {
            Some(alone)
        } else {
            edit::with_totals(&before.disclosure, &alone)
        };
        let version = edit
            .as_ref()
            .and_then(|edit| changed(site, &before.disclosure, edit, arguments));
        let (Some(edit), Some(after)) = (edit, version) else {
            refused += 1;
            continue;
        };
        let edited = edit::keys(&before.disclosure, &edit);
        let name = format!(
            "{} and {} more",
            before.disclosure.selector_of(cell),
            edit.len() - 1
        );
        outcomes.push((name, compare(&before, &after, &edited)));
    }
    (outcomes, refused)
}

fn spread(mut numbers: Vec<usize>) -> String {
    numbers.sort_unstable();
    let middle = numbers[numbers.len() / 2];
    let (least, most) = (numbers[0], numbers[numbers.len() - 1]);
    format!("{least}/{middle}/{most}")
}

fn report(outcomes: &[(String, Outcome)], refused: usize, what: &str) -> String {
    let of = |get: fn(&Outcome) -> usize| {
        spread(outcomes.iter().map(|(_, outcome)| get(outcome)).collect())
    };
    let mut text = format!(
        "{} changes {what}: figures {}, lines changed {}, expected {}, of them as before {}, files {} \
         (min/median/max); {refused} not possible\n",
        outcomes.len(),
        of(|one| one.figures),
        of(|one| one.changed),
        of(|one| one.expected),
        of(|one| one.same),
        of(|one| one.files),
    );
    for (name, outcome) in outcomes {
        for fault in &outcome.faults {
            let fault: String = fault.chars().take(400).collect();
            writeln!(text, "  {name}: {fault}").expect("memory");
        }
    }
    text
}

/// A round of changes of each of the two kinds, side by side.
fn hold(site: fn() -> Site, edits: usize) {
    let rounds = std::thread::scope(|scope| {
        let alone = scope.spawn(move || round(&site(), 0x6f6e_6765_6b61_6969, true, edits));
        let with_totals = scope.spawn(move || round(&site(), 0x6b61_6967_6f6e_6721, false, edits));
        [alone, with_totals].map(|round| round.join().expect("a round"))
    });
    let mut said = String::new();
    for ((outcomes, refused), what) in rounds.iter().zip(["of a figure alone", "with its totals"]) {
        said.push_str(&report(outcomes, *refused, what));
    }
    // Past the capture of the test runner, so that the figures stand in every run.
    std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).expect("stderr");
    let outcomes = rounds.iter().flat_map(|(outcomes, _)| outcomes);
    let faults: usize = outcomes.clone().map(|(_, one)| one.faults.len()).sum();
    assert_eq!(faults, 0, "{said}");
    assert_eq!(outcomes.count(), 2 * edits);
}

#[test]
fn a_changed_figure_changes_what_shows_it_and_nothing_else() {
    hold(Site::reference, EDITS);
}

#[test]
fn a_correction_tells_what_it_was_published_with_whatever_changes_later() {
    hold(corrections::site, EDITS_CORRECTED);
}

#[test]
fn a_corrected_figure_that_changes_again_changes_its_table_and_not_its_correction() {
    let site = corrections::site();
    let arguments = ["build", "-q", "--draft"];
    assert_eq!(site.run(&arguments).code, 0);
    let before = Version::new(&site, None);
    for name in [
        "three-public[official_reception].total",
        "three-public[total].total",
    ] {
        let cell = edit::figures(&before.disclosure)
            .into_iter()
            .find(|cell| before.disclosure.selector_of(*cell).to_string() == name);
        let edit = Edit::from([(edit::Place::Cell(cell.expect(name)), Decimal::new(1, 2))]);
        let after = changed(&site, &before.disclosure, &edit, &arguments).expect("a site");
        let path = format!("{}/corrections.html", before.disclosure.folder());
        let [old, new] = [&before, &after].map(|version| version.built.files[&path].lines());
        // But for the count of open findings on top of each page of a draft.
        let differing = old.zip(new).filter(|(old, new)| old != new).count();
        assert_eq!(differing, 1, "{name}");
        let outcome = compare(&before, &after, &edit::keys(&before.disclosure, &edit));
        assert_eq!(outcome.faults, Vec::<String>::new(), "{name}");
    }
}

/// Changes a file of a site as no build does.
fn doctored(version: &mut Version, path: &str, change: impl Fn(&str) -> String) {
    let path = format!("{}/{path}", version.disclosure.folder());
    let text = version.built.files.get_mut(&path).expect("a file");
    let changed = change(text);
    assert_ne!(*text, changed, "{path}");
    *text = changed;
}

#[test]
fn a_line_that_changes_without_reason_or_stays_without_one_is_seen() {
    let site = Site::reference();
    let arguments = ["build", "-q"];
    assert_eq!(site.run(&arguments).code, 0);
    let before = Version::new(&site, None);
    let row = "expenditure[2080901].project";
    let cell = edit::figures(&before.disclosure)
        .into_iter()
        .find(|cell| before.disclosure.selector_of(*cell).to_string() == row);
    let place = edit::Place::Cell(cell.expect(row));
    let alone = Edit::from([(place, Decimal::new(1, 2))]);
    let edit = edit::with_totals(&before.disclosure, &alone).expect("totals that can move");
    let after = || changed(&site, &before.disclosure, &edit, &arguments).expect("a site");
    let edited = edit::keys(&before.disclosure, &edit);
    assert_eq!(
        compare(&before, &after(), &edited).faults,
        Vec::<String>::new()
    );

    let old = |path: &str, start: &str| {
        let text = &before.built.files[&format!("{}/{path}", before.disclosure.folder())];
        let line = text.lines().find(|line| line.starts_with(start));
        line.expect(start).to_owned()
    };
    // Each is a fault of another kind: an unrelated word, figure and file; a figure, a computed figure
    // and a text that were left behind; a share, a count and a size that are wrong.
    let plant = |path: &str, from: &str, to: &str| {
        let mut after = after();
        doctored(&mut after, path, |text| text.replacen(from, to, 1));
        compare(&before, &after, &edited).faults
    };
    let left_behind = |path: &str, start: &str| {
        let old = old(path, start);
        let mut after = after();
        doctored(&mut after, path, |text| {
            let new = text.lines().find(|line| line.starts_with(start));
            text.replacen(new.expect(start), &old, 1)
        });
        compare(&before, &after, &edited).faults
    };
    for (path, faults) in [
        ("t03.html", plant("t03.html", "住房公积金", "住房 公积金")),
        ("t03.html", plant("t03.html", "32.88", "32.89")),
        ("t10.html", plant("t10.html", "</main>", "</main >")),
        ("glossary.html", plant("glossary.html", "支出", "支 出")),
        ("t03.html", left_behind("t03.html", "<tr id=\"r-2080901\"")),
        ("t03.csv", left_behind("t03.csv", "2080901,")),
        ("search.js", left_behind("search.js", "[\"2080901\"")),
        (
            "narrative.html",
            left_behind("narrative.html", "<p>2025年度阳泉市退役军人事务局支出预算"),
        ),
        ("t03.html", left_behind("t03.html", "<p class=\"cite\"")),
        (
            "index.html",
            plant(
                "index.html",
                "<td class=\"num\">11.9",
                "<td class=\"num\">12.9",
            ),
        ),
        (
            "index.html",
            plant("index.html", "683 个关系，647 个", "683 个关系，646 个"),
        ),
        ("index.html", plant("index.html", "31 行有数", "30 行有数")),
        (
            "t03.html",
            plant("t03.html", ">CSV，1.6 kB", ">CSV，1.7 kB"),
        ),
    ] {
        let seen = faults
            .iter()
            .any(|fault| fault.contains(&format!("/{path}:")));
        assert!(seen, "{path}: {faults:?}");
    }
}
