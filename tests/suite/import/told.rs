//! Which figures of an import are confirmed, and what is said of those that are not.

use gongkai::diagnostic::Language;
use gongkai::import::receipt::Receipt;
use gongkai::import::{self, Options};

use super::options;
use crate::support::{Site, repository};

fn fixture(name: &str) -> Receipt {
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    let options = Options {
        root: site.root().to_owned(),
        files: vec![repository().join("tests/cases/import").join(name)],
        entity: "bureau".to_owned(),
        year: 2026,
        ..Options::default()
    };
    import::import(&options).expect("an import")
}

#[test]
fn a_figure_in_a_relation_that_fails_is_not_confirmed() {
    let receipt = fixture("shift.xlsx");
    let table = receipt
        .tables
        .iter()
        .find(|table| table.name.number == "表十")
        .expect("a table");
    assert_eq!(
        (table.amounts, table.confirmed, table.contradicted),
        (8, 0, 8)
    );
    let others = receipt
        .tables
        .iter()
        .filter(|table| table.name.number != "表十");
    for table in others {
        assert_eq!(
            (table.confirmed, table.contradicted),
            (table.amounts, 0),
            "{table:?}"
        );
    }
    let text = receipt.text(Language::Zh);
    for line in [
        "不相符的勾稽关系 2 个，照原件核对这些格：",
        "  表十各行的合计等于三类预算之和（公务接待费）：1.00 万元（表十!B6）≠ 402.00 万元（表十!C6、D6、E6），相差 401.00 万元",
        "  表十各行的合计等于三类预算之和（合计）：1.00 万元（表十!B10）≠ 402.00 万元（表十!C10、D10、E10），相差 401.00 万元",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}\n{text}");
    }
    let english = receipt.text(Language::En);
    assert!(
        english.contains("8 amounts, 0 confirmed, 8 contradicted")
            && english.contains(", 401.00 万元 apart"),
        "{english}"
    );
    let json: serde_json::Value = serde_json::from_str(&receipt.json()).expect("JSON");
    let first = &json["failing"][0];
    assert_eq!(first["left"]["figures"][0]["cell"], "表十!B6");
    assert_eq!(first["left"]["text"], "1.00");
    assert_eq!(first["right"]["text"], "402.00");
    assert_eq!(first["difference"], "-401.00");
    assert_eq!(json["failing"].as_array().map(Vec::len), Some(2));
}

#[test]
fn tables_that_wait_for_their_figures_say_nothing_against_others() {
    let receipt = fixture("sep_broken.csv");
    let [table] = receipt.tables.as_slice() else {
        panic!("{:?}", receipt.tables)
    };
    // Rows whose figures slipped by a whole column agree with themselves; those that gained one do not.
    assert_eq!(
        (table.amounts, table.confirmed, table.contradicted),
        (14, 6, 8)
    );
    let cells: Vec<&str> = (receipt.failing.iter())
        .flat_map(|failing| failing.left.figures.iter().chain(&failing.right.figures))
        .map(|figure| &*figure.cell)
        .collect();
    assert_eq!(
        cells,
        ["B5", "C5", "D5", "E5", "B9", "C9", "D9", "E9"].map(|at| format!("sep_broken!{at}"))
    );
}

/// Each figure of a table that adds up is changed alone: whatever relation it enters, it is not confirmed.
#[test]
fn no_figure_that_is_changed_alone_is_confirmed() {
    const ROWS: [[&str; 3]; 5] = [
        ["100.00", "60.00", "40.00"],
        ["70.00", "40.00", "30.00"],
        ["70.00", "40.00", "30.00"],
        ["70.00", "40.00", "30.00"],
        ["30.00", "20.00", "10.00"],
    ];
    const HEADS: [&str; 5] = [
        ",合计",
        "208,社会保障和就业支出",
        "20808,抚恤",
        "2080801,死亡抚恤",
        "210,卫生健康支出",
    ];
    const RULES: &str = "rules:\n  - {id: split, title: 合计等于基本支出加项目支出, each: \"spending[*]\", equal: {left: total, right: [basic, project]}}\n\
         \x20 - {id: tree, title: 上级等于下级之和, tree: spending}\n\
         \x20 - {id: bound, title: 基本支出不大于合计, each: \"spending[*]\", bound: {left: basic, at_most: total}}\n";
    let site = Site::case("tiny");
    site.write("standards/tiny/rules.yaml", RULES);
    let import_with = |changed: Option<(usize, usize)>| {
        let mut text =
            "2025年支出表,,,,\n,,,,单位：万元\n科目编码,科目名称,合计,基本支出,项目支出\n"
                .to_owned();
        for (row, (head, figures)) in HEADS.iter().zip(ROWS).enumerate() {
            let mut figures = figures;
            if changed.is_some_and(|(at, _)| at == row) {
                figures[changed.map_or(0, |(_, at)| at)] = "1.00";
            }
            text.extend([head, ",", &figures.join(","), "\n"]);
        }
        site.write("表.csv", text);
        let options = Options {
            entity: "demo".to_owned(),
            files: vec![site.path("表.csv")],
            dry_run: true,
            force: true,
            ..options(&site)
        };
        import::import(&options).expect("an import")
    };
    let clean = import_with(None);
    assert_eq!(
        (clean.tables[0].confirmed, clean.failing.len()),
        (15, 0),
        "{}",
        clean.text(Language::Zh)
    );
    for row in 0..ROWS.len() {
        for column in 0..3 {
            let receipt = import_with(Some((row, column)));
            let table = &receipt.tables[0];
            let own = format!("表!{}{}", ["C", "D", "E"][column], row + 4);
            let told = receipt.failing.iter().any(|failing| {
                let mut figures = failing.left.figures.iter().chain(&failing.right.figures);
                figures.any(|figure| figure.cell == own)
            });
            assert!(told, "{own}: {}", receipt.text(Language::Zh));
            assert!(
                table.confirmed + table.contradicted <= 15 && table.contradicted > 2,
                "{own}"
            );
        }
    }
}
