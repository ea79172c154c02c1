//! The workbook that comes with the example of `init`: its tables as a budget system exports them, under the name of
//! another library. `GONGKAI_BLESS=1 cargo test sample` writes it anew.

use std::fs;

use super::draw::{self, Codes, Style};
use super::paper::{Ink, Paper, xlsx};
use crate::support::{Site, repository};

const SAMPLE: &str = "starter/example/示例预算.xlsx";

fn sample() -> Vec<u8> {
    let site = Site::empty();
    assert_eq!(site.run(&["init", "--example"]).code, 0);
    let example = super::disclosure(&site);
    let style = Style {
        codes: Codes::Split,
        ..Style::default()
    };
    let tables = example.tables.iter().map(|table| {
        let mut paper = Paper::new(&table.form.number);
        draw::table(&mut paper, (0, 0), &example, table, style);
        for (_, ink) in &mut paper.cells {
            if let Ink::Text(text, _) = ink {
                *text = text.replace(&example.entity.name, "清河县图书馆");
            }
        }
        paper
    });
    xlsx(&tables.collect::<Vec<_>>())
}

#[test]
fn the_sample_workbook_holds_the_tables_of_the_example() {
    let (path, sample) = (repository().join(SAMPLE), sample());
    if std::env::var_os("GONGKAI_BLESS").is_some() {
        fs::write(&path, &sample).expect("the sample");
    }
    let same = fs::read(&path).is_ok_and(|found| found == sample);
    assert!(same, "GONGKAI_BLESS=1 cargo test sample rewrites {SAMPLE}");
}
