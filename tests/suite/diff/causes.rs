//! What moved because of what, on the reference data.

use std::collections::BTreeSet;

use gongkai::diff::report::{Figure, Report};

use super::{compare, side};
use crate::support::Site;

const TABLES: &str = "data/yq-veterans/2025-budget/tables/";

/// Replaces figures in every table.
fn correct(site: &Site, figures: &[(&str, &str)]) {
    for entry in std::fs::read_dir(site.path(TABLES)).expect("the tables") {
        let name = entry.expect("a file").file_name();
        let path = format!("{TABLES}{}", name.to_string_lossy());
        let mut text = site.read(&path);
        for (from, to) in figures {
            for end in [",", "}", "\n"] {
                text = text.replace(&format!(": {from}{end}"), &format!(": {to}{end}"));
            }
        }
        site.write(&path, text);
    }
}

fn report(edit: impl FnOnce(&Site)) -> Report {
    let (old, new) = (Site::reference(), Site::reference());
    edit(&new);
    compare(&side(old.root()), new.root())
}

fn causes(figures: &[Figure]) -> Vec<&str> {
    let causes = figures.iter().filter(|figure| figure.causes.is_empty());
    causes.map(|figure| &*figure.at).collect()
}

fn figure<'a>(figures: &'a [Figure], at: &str) -> &'a Figure {
    let found = figures.iter().find(|figure| figure.at == at);
    found.unwrap_or_else(|| panic!("{at} in {figures:#?}"))
}

/// 军队移交政府的离退休人员安置 +2.00, in all tables where the money stands.
const ONE: [(&str, &str); 8] = [
    ("811.17", "813.17"),
    ("2928.07", "2930.07"),
    ("2836.02", "2838.02"),
    ("3711.85", "3713.85"),
    ("3314.92", "3316.92"),
    ("3764.74", "3766.74"),
    ("1065.10", "1067.10"),
    ("96.00", "98.00"),
];

#[test]
fn a_correction_through_all_tables_has_one_cause() {
    let report = report(|site| correct(site, &ONE));
    let figures = &report.disclosures[0].figures;
    assert_eq!(figures.len(), 48);
    assert_eq!(causes(figures), ["expenditure[2080902].project"]);
    assert_eq!(figures[0].at, "expenditure[2080902].project");
    let tables: BTreeSet<&str> = figures.iter().map(|one| &*one.table).collect();
    assert_eq!(tables.len(), 8, "{tables:?}");
    for moved in &figures[1..] {
        assert_eq!(moved.causes, ["expenditure[2080902].project"]);
        assert!(
            !moved.because.is_empty() && moved.rule.is_some(),
            "{moved:#?}"
        );
    }
}

#[test]
fn two_corrections_have_two_causes_and_share_their_totals() {
    let report = report(|site| {
        let table = format!("{TABLES}03-expenditure.yaml");
        for (from, to) in [
            (
                "total: 811.17, project: 811.17",
                "total: 813.17, project: 813.17",
            ),
            (
                "total: 64.32, project: 64.32",
                "total: 65.32, project: 65.32",
            ),
            (
                "total: 2928.07, basic: 92.05, project: 2836.02",
                "total: 2931.07, basic: 92.05, project: 2839.02",
            ),
        ] {
            site.replace(&table, from, to);
        }
    });
    let figures = &report.disclosures[0].figures;
    let both = [
        "expenditure[2080901].project",
        "expenditure[2080902].project",
    ];
    assert_eq!(causes(figures), both);
    let section = figure(figures, "expenditure[20809].project");
    assert_eq!(
        (&*section.because, &*section.causes),
        (&both.map(str::to_owned)[..], &both.map(str::to_owned)[..])
    );
    // It stands below the first, which the order says.
    let order: Vec<&str> = figures.iter().map(|one| &*one.at).collect();
    assert_eq!(order[0], both[0]);
    assert_eq!(order[order.len() - 2], both[1]);
}

#[test]
fn a_total_that_rounding_keeps_from_balancing_stands_alone() {
    let report = report(|site| {
        let table = format!("{TABLES}03-expenditure.yaml");
        site.replace(
            &table,
            "total: 811.17, project: 811.17",
            "total: 813.17, project: 813.17",
        );
        site.replace(
            &table,
            "total: 2928.07, basic: 92.05, project: 2836.02",
            "total: 2928.07, basic: 92.05, project: 2838.01",
        );
    });
    let figures = &report.disclosures[0].figures;
    let alone = ["expenditure[20809].project", "expenditure[2080902].project"];
    assert_eq!(causes(figures), alone);
}

#[test]
fn totals_move_because_of_rows_that_came_or_went() {
    let totals = |site: &Site, row: &str, section: &str, class: &str, total: &str| {
        let table = format!("{TABLES}03-expenditure.yaml");
        site.replace(
            &table,
            "  - {code: \"2080901\", name: 退役士兵安置, total: 64.32, project: 64.32}\n",
            row,
        );
        site.replace(&table, "2928.07, basic: 92.05, project: 2836.02", section);
        site.replace(&table, "3711.85, basic: 396.93, project: 3314.92", class);
        site.replace(&table, "3764.74, basic: 449.83, project: 3314.92", total);
    };
    let more = report(|site| {
        totals(
            site,
            "  - {code: \"2080901\", name: 退役士兵安置, total: 64.32, project: 64.32}\n  \
             - {code: \"2080999\", name: 其他退役安置支出, total: 1.00, project: 1.00}\n",
            "2929.07, basic: 92.05, project: 2837.02",
            "3712.85, basic: 396.93, project: 3315.92",
            "3765.74, basic: 449.83, project: 3315.92",
        );
    });
    let less = report(|site| {
        totals(
            site,
            "",
            "2863.75, basic: 92.05, project: 2771.70",
            "3647.53, basic: 396.93, project: 3250.60",
            "3700.42, basic: 449.83, project: 3250.60",
        );
    });
    for (report, row, change) in [
        (more, "expenditure[2080999]", "1.00"),
        (less, "expenditure[2080901]", "-64.32"),
    ] {
        let one = &report.disclosures[0];
        assert_eq!(one.rows.len(), 1);
        assert_eq!(one.rows[0].at, row);
        assert_eq!(one.figures.len(), 6);
        for figure in &one.figures {
            let difference = figure.difference.expect("numbers").to_string();
            assert_eq!(difference, change, "{}", figure.at);
            assert!(!figure.because.is_empty(), "{figure:#?}");
        }
        let section = figure(&one.figures, "expenditure[20809].project");
        assert_eq!(section.because, [row]);
    }
}
