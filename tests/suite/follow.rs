//! A finding that only follows from another is left out, and one that does not never is: figures of the
//! reference data changed alone and in pairs, and small sites for each direction.

use std::collections::BTreeSet;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::{Diagnostic, Diagnostics};
use gongkai::load::discover::discover;
use gongkai::load::draft::Draft;
use gongkai::load::folder;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::proof::{At, CellAt};
use gongkai::source::{Source, SourceFile};
use gongkai::standard::{self, Standard};
use gongkai::yaml;
use rust_decimal::Decimal;

use crate::faults::built;
use crate::support::{Random, Site, repository};

/// Pairs of figures that are changed together.
const PAIRS: usize = 60;

/// The reference disclosure, and what is needed to check it again.
struct Reference {
    draft: Draft,
    standard: Standard,
    rules: Rules,
    sound: Disclosure,
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
        let sound = check::check(&draft, &standard, &rules, &mut found).expect("a disclosure");
        Self {
            draft,
            standard,
            rules,
            sound,
        }
    }

    fn figures(&self) -> Vec<(CellAt, Decimal)> {
        let mut figures = Vec::new();
        for (table, found) in self.sound.tables.iter().enumerate() {
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

    /// Open findings beyond notes with these figures in place of what stands there, and the disclosure.
    fn with(&mut self, changes: &[(CellAt, Decimal)]) -> (Vec<Diagnostic>, Disclosure) {
        let mut kept = Vec::new();
        let mut changes = changes.to_vec();
        // From the end of a file, so that places before stay as they are.
        changes.sort_by_key(|(at, _)| std::cmp::Reverse(self.sound.around(*at).cell.place));
        for (at, value) in changes {
            let around = self.sound.around(at);
            let path = &around.table.source.path;
            let mut tables = self.draft.tables.iter_mut();
            let document = tables.find(|document| document.source.path == *path);
            let document = document.expect("the file of the table");
            let mut text = document.source.text.clone();
            text.replace_range(around.cell.place.bytes_in(&text), &value.to_string());
            let written = Source::new(SourceFile {
                path: path.clone(),
                text,
            });
            let node = yaml::parse(&written, &mut Diagnostics::default());
            kept.push((
                path.clone(),
                std::mem::replace(&mut document.source, written),
                std::mem::replace(&mut document.node, node),
            ));
        }
        let mut found = Diagnostics::default();
        let disclosure = check::check(&self.draft, &self.standard, &self.rules, &mut found);
        for (path, source, node) in kept.into_iter().rev() {
            let mut tables = self.draft.tables.iter_mut();
            let document = tables.find(|document| document.source.path == path);
            let document = document.expect("the file of the table");
            (document.source, document.node) = (source, node);
        }
        let open = found
            .as_slice()
            .iter()
            .filter(|finding| finding.is_open_error());
        (open.cloned().collect(), disclosure.expect("a disclosure"))
    }
}

/// The relations that findings speak of.
fn relations(findings: &[Diagnostic]) -> BTreeSet<(usize, usize)> {
    let details = findings
        .iter()
        .filter_map(|finding| finding.detail.as_ref());
    details.filter_map(|detail| detail.relation).collect()
}

fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_figure_that_is_wrong_alone_does_not_make_a_chart_a_finding() {
    let mut reference = Reference::new();
    let charts = reference.sound.charts.len();
    let mut undrawn = 0;
    for (at, value) in reference.figures() {
        let words = reference.sound.coordinates(&At::Cell(at));
        let (findings, disclosure) = reference.with(&[(at, value + Decimal::new(10, 2))]);
        let codes = codes(&findings);
        if disclosure.charts.len() < charts {
            undrawn += 1;
            assert!(!codes.is_empty(), "{words}");
        }
        let missing = |finding: &Diagnostic| finding.say.zh.contains("缺少图《");
        assert!(!findings.iter().any(missing), "{words}: {codes:?}");
        assert!(!codes.contains(&"chart-total"), "{words}: {codes:?}");
    }
    assert!(undrawn > 10, "{undrawn} charts are too few to tell");
}

#[test]
fn two_figures_that_are_wrong_are_both_reported() {
    let mut reference = Reference::new();
    let figures = reference.figures();
    let mut random = Random::new(0x0F01_1011);
    for _ in 0..PAIRS {
        let one = figures[random.below(figures.len())];
        let other = figures[random.below(figures.len())];
        if one.0 == other.0 {
            continue;
        }
        let more = |(at, value): (CellAt, Decimal), by| (at, value + Decimal::new(by, 2));
        let (one, other) = (more(one, 10), more(other, 25));
        let (both, disclosure) = reference.with(&[one, other]);
        let both = relations(&both);
        for (alone, beside) in [(one, other), (other, one)] {
            let (findings, _) = reference.with(&[alone]);
            for (rule, at) in relations(&findings) {
                let relation = &disclosure.proof.rules[rule].relations[at];
                let touched = relation.terms().any(|term| term.at == At::Cell(beside.0));
                assert!(touched || both.contains(&(rule, at)), "{}", relation.label);
            }
        }
    }
}

const RULES: &str = "standards/tiny/rules.yaml";

/// The codes that a check of a site reports.
fn found(site: &Site) -> Vec<&'static str> {
    crate::faults::check(site.root())
        .iter()
        .map(|finding| finding.code)
        .collect()
}

fn with_a_wrong_part() -> Site {
    let site = built();
    let spending = "data/demo/2025-budget/tables/spending.yaml";
    site.replace(
        spending,
        "name: 卫生健康支出, total: 30.00",
        "name: 卫生健康支出, total: 31.00",
    );
    site
}

#[test]
fn a_chart_is_reported_unless_a_rule_says_the_same() {
    let site = with_a_wrong_part();
    assert_eq!(found(&site), ["chart-total"]);

    // Another relation that does not hold says nothing of the chart.
    let other = "  - {id: other, title: 另一处, same: [\"balance.revenue[grand_total].current\", \"balance.revenue[carry_over].current\"]}\n";
    site.write(RULES, format!("rules:\n{other}"));
    assert_eq!(found(&site), ["fact-mismatch", "chart-total"]);

    // The tree of the same table does, and the missing chart follows too.
    let tree = "  - {id: tree, title: 逐级相加, tree: spending}\n";
    let chart = "  - {id: chart, title: 有图, required: {chart: [structure]}}\n";
    site.write(RULES, format!("rules:\n{other}{tree}{chart}"));
    let codes = found(&site);
    assert!(
        codes.contains(&"tree-mismatch") && codes.contains(&"fact-mismatch"),
        "{codes:?}"
    );
    assert!(
        !codes.contains(&"chart-total") && !codes.contains(&"required-missing"),
        "{codes:?}"
    );
}
