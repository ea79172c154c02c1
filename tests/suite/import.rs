//! `import`: workbooks in the layouts of budget systems, drawn with the figures of the reference data, come
//! back as the reference data.

mod draw;
mod paper;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::{Diagnostics, Language};
use gongkai::import::receipt::Receipt;
use gongkai::import::workbook::Workbook;
use gongkai::import::{self, Options};
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::amount::MoneyUnit;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::table::{Table, Value};
use gongkai::standard;

use crate::support::Site;
use draw::{Codes, Style};
use paper::{Paper, workbook};

const TABLES: &str = "data/yq-veterans/2025-budget/tables";

/// The only disclosure of a site.
fn disclosure(site: &Site) -> Disclosure {
    let mut faults = Diagnostics::default();
    let found = discover(site.root(), &mut faults).expect("a site");
    let draft = folder::load(&found.disk, &found.disclosures[0], &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let standard = standard::load(&found.standards, &name, &mut faults).expect("the standard");
    check::check(&draft, &standard, &Rules::new(&found.config), &mut faults).expect("a disclosure")
}

fn options(site: &Site) -> Options {
    Options {
        root: site.root().to_owned(),
        entity: "yq-veterans".to_owned(),
        year: 2025,
        ..Options::default()
    }
}

/// Imports into the reference site without its tables.
fn import(workbook: Workbook) -> (Site, Receipt) {
    let site = Site::reference();
    site.remove(TABLES);
    let receipt = import::workbooks(&options(&site), vec![workbook]).expect("an import");
    (site, receipt)
}

/// Says how many cells came back, and fails unless all did.
fn assert_back(layout: &str, found: (Site, Receipt), wanted: &Disclosure, tables: &[&str]) {
    let (site, receipt) = found;
    let said = receipt.text(Language::Zh);
    let problems: Vec<String> = receipt
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.code, problem.say.zh))
        .collect();
    let back = disclosure(&site);
    let (mut matched, mut total, mut wrong) = (0, 0, Vec::new());
    for id in tables {
        let of = |disclosure: &Disclosure| {
            let at = disclosure.table_position(id);
            at.map(|at| disclosure.tables[at].clone())
        };
        let wanted = of(wanted).expect("a table of the reference");
        let (same, all) = compare(&wanted, of(&back).as_ref(), &mut wrong);
        matched += same;
        total += all;
    }
    println!("{layout}: {matched}/{total} cells\n{said}");
    assert_eq!(
        (matched, wrong.as_slice()),
        (total, &[][..]),
        "{layout}: {matched}/{total}\n{said}\n{}",
        problems.join("\n")
    );
    assert!(total > 0);
}

/// How many figures of a table are in another, of how many; what is not is named.
fn compare(wanted: &Table, found: Option<&Table>, wrong: &mut Vec<String>) -> (usize, usize) {
    let (mut same, mut all) = (0, 0);
    for (block, (form, rows)) in wanted.form.blocks.iter().zip(&wanted.blocks).enumerate() {
        for row in &rows.rows {
            let back = found.and_then(|found| found.blocks[block].row(&row.id));
            for (at, column) in form.columns.iter().enumerate() {
                let value = &row.cells[at].value;
                let other = back.map(|back| &back.cells[at].value);
                let counts = matches!(value, Value::Amount(_));
                all += usize::from(counts);
                let text = |value: &Value| value.to_text();
                if other.map(text) == Some(text(value)) {
                    same += usize::from(counts);
                } else if counts || *value != Value::Blank || other.is_some() {
                    let (id, row, column) = (&wanted.form.id, &row.id, &column.id);
                    wrong.push(format!("{id}[{row}].{column}: {value:?} is {other:?}"));
                }
            }
        }
        let extra = found.map_or(0, |found| found.blocks[block].rows.len());
        if extra != rows.rows.len() {
            wrong.push(format!("{}: {extra} rows", wanted.form.id));
        }
    }
    (same, all)
}

fn ids(disclosure: &Disclosure) -> Vec<&str> {
    disclosure
        .tables
        .iter()
        .map(|table| &*table.form.id)
        .collect()
}

#[test]
fn one_sheet_a_table_comes_back_as_the_very_files() {
    let wanted = disclosure(&Site::reference());
    let papers: Vec<Paper> = wanted
        .tables
        .iter()
        .map(|table| {
            let mut paper = Paper::new(&table.form.number);
            draw::table(&mut paper, (0, 0), &wanted, table, Style::default());
            paper
        })
        .collect();
    let found = import(workbook("预算.xlsx", &papers));
    for (name, bytes) in crate::support::tree(&crate::support::repository().join(TABLES)) {
        let written = found.0.read(&format!("{TABLES}/{name}"));
        assert_eq!(written, String::from_utf8(bytes).expect("UTF-8"), "{name}");
    }
    assert_back("one sheet a table", found, &wanted, &ids(&wanted));
}
