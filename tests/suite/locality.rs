//! A changed figure changes the lines that show it or say something computed from it, and no others.
//!
//! Fifty random changes, the same in every run. What each line of the site owes to a change is told by
//! the proof, the links and the anchors ([`expect`]), then held against the lines that really differ.
//! A line that may change and did not is computed again from the new data ([`recompute`]).

mod edit;
mod expect;
mod provenance;
mod recompute;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gongkai::model::disclosure::Disclosure;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::downloads::read;
use crate::pages::Built;
use crate::support::Site;
use edit::{Edit, Random};
use expect::{Expect, Kind, Scope};
use provenance::{Keys, Provenance};
use recompute::{After, Line};

/// Changes of each of the two kinds.
const EDITS: usize = 25;

/// A site with its data.
struct Version {
    built: Built,
    disclosure: Disclosure,
    provenance: Provenance,
}

impl Version {
    fn new(built: Built, site: &Site) -> Self {
        let disclosure = edit::disclosure(site);
        let provenance = Provenance::new(&disclosure);
        Self {
            built,
            disclosure,
            provenance,
        }
    }

    fn scope<'a>(&'a self, edited: &'a Keys) -> Scope<'a> {
        Scope {
            disclosure: &self.disclosure,
            provenance: &self.provenance,
            edited,
        }
    }
}

/// What came of one change.
#[derive(Debug, Default)]
struct Outcome {
    /// Lines that changed.
    changed: usize,
    /// Lines that show a changed figure or something computed from one.
    expected: usize,
    /// Of these, lines that came out as before.
    same: usize,
    /// Files with a changed line.
    files: usize,
    /// What is not as it should be.
    faults: Vec<String>,
}

/// Compares two versions, of which the second has other figures at `edited`.
fn compare(before: &Version, after: &Version, edited: &Keys) -> Outcome {
    let mut outcome = Outcome::default();
    assert_eq!(
        before.built.files.keys().collect::<Vec<_>>(),
        after.built.files.keys().collect::<Vec<_>>()
    );
    let mut touched = BTreeSet::new();
    for (path, old) in &before.built.files {
        let new = &after.built.files[path];
        if path != "manifest.json"
            && compare_file(path, [old, new], [before, after], edited, &mut outcome)
        {
            touched.insert(path.as_str());
        }
    }
    compare_workbooks(before, after, edited, &mut touched, &mut outcome);
    compare_manifests(before, after, &touched, &mut outcome);
    outcome.files = touched.len();
    outcome
}

/// Compares the lines of a file; whether any differs.
fn compare_file(
    path: &str,
    texts: [&str; 2],
    versions: [&Version; 2],
    edited: &Keys,
    outcome: &mut Outcome,
) -> bool {
    let [old, new] = texts.map(|text| text.lines().collect::<Vec<_>>());
    let expected = [0, 1].map(|at| versions[at].scope(edited).lines(path, texts[at]));
    let after = After {
        built: &versions[1].built,
        disclosure: &versions[1].disclosure,
    };
    let mut unexpected = |side: usize, at: usize, lines: &[&str]| {
        if expected[side][at] == Expect::Same {
            let sign = ['-', '+'][side];
            let line = lines[at];
            outcome
                .faults
                .push(format!("{path}:{}: {sign} {line}", at + 1));
        }
    };
    let mut changed = 0;
    let mut equal = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { new_index, len, .. } = op {
            equal.extend(new_index..new_index + len);
            continue;
        }
        op.old_range().for_each(|at| unexpected(0, at, &old));
        op.new_range().for_each(|at| unexpected(1, at, &new));
        changed += op.old_range().len().max(op.new_range().len());
    }
    outcome.changed += changed;
    let counts = |one: &&Expect| !matches!(one, Expect::Same | Expect::Computed(Kind::Frame));
    outcome.expected += expected[1].iter().filter(counts).count();
    for at in equal {
        let line = Line {
            path,
            lines: &new,
            at,
        };
        let fault = match &expected[1][at] {
            Expect::Same => None,
            Expect::Shows => Some("shows a changed figure and is the same"),
            Expect::Computed(kind) => {
                outcome.same += usize::from(*kind != Kind::Frame);
                (!after.holds(kind, &line)).then_some("does not say what the data come to")
            }
        };
        if let Some(fault) = fault {
            let (expected, text) = (&expected[1][at], new[at]);
            let number = at + 1;
            outcome
                .faults
                .push(format!("{path}:{number}: {fault} ({expected:?}): {text}"));
        }
    }
    changed > 0
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
        }
    }
}

/// The manifest differs in the lines of the files that differ.
fn compare_manifests(
    before: &Version,
    after: &Version,
    touched: &BTreeSet<&str>,
    outcome: &mut Outcome,
) {
    let [old, new] = [before, after].map(|one| one.built.files["manifest.json"].lines());
    for (old, new) in old.zip(new) {
        let path = new.trim_start().split('"').nth(1).unwrap_or_default();
        if old != new && !touched.contains(path) {
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
    let version = (run.code == 0).then(|| Version::new(Built::read(site), site));
    edit::undo(site, before, edit);
    version
}

/// One round of changes: what came of each, and the changes that could not be made.
fn round(seed: u64, draft: bool) -> (Vec<(String, Outcome)>, usize) {
    let arguments: &[&str] = if draft {
        &["build", "-q", "--draft"]
    } else {
        &["build", "-q"]
    };
    let site = Site::reference();
    assert_eq!(site.run(arguments).code, 0);
    let before = Version::new(Built::read(&site), &site);
    let figures = edit::figures(&before.disclosure);
    let mut random = Random::new(seed);
    let (mut outcomes, mut refused) = (Vec::new(), 0);
    while outcomes.len() < EDITS {
        assert!(refused < 20 * EDITS, "{refused} changes could not be made");
        let cell = figures[random.below(figures.len())];
        let alone = edit::alone(&before.disclosure, cell, &mut random);
        let edit = if draft {
            Some(alone)
        } else {
            edit::with_totals(&before.disclosure, &alone)
        };
        let version = edit
            .as_ref()
            .and_then(|edit| changed(&site, &before.disclosure, edit, arguments));
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
        "{} changes {what}: lines changed {}, expected {}, of them as before {}, files {} \
         (min/median/max); {refused} not possible\n",
        outcomes.len(),
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

#[test]
fn a_changed_figure_changes_what_shows_it_and_nothing_else() {
    let rounds = std::thread::scope(|scope| {
        let alone = scope.spawn(|| round(0x6f6e_6765_6b61_6969, true));
        let with_totals = scope.spawn(|| round(0x6b61_6967_6f6e_6721, false));
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
    assert_eq!(outcomes.count(), 2 * EDITS);
}
