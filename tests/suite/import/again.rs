//! What an import writes is what it has checked, and importing the same file again changes nothing.

use std::path::PathBuf;

use gongkai::import::receipt::{FileState, Receipt};
use gongkai::import::{self, Options};
use gongkai::pipeline::{self, CheckOptions};

use super::paper::{Ink, Paper};
use super::{into, options};
use crate::support::{Random, Site, repository, tree};

/// Faults of files that only the import writes.
const OWN: [&str; 6] = [
    "row-duplicate",
    "row-id",
    "forbidden-character",
    "yaml-syntax",
    "text-cut",
    "wrong-type",
];

/// Workbooks, text files and exports that are kept for tests.
fn fixtures() -> Vec<PathBuf> {
    let folder = repository().join("tests/cases/import");
    let names = tree(&folder).into_iter().map(|(name, _)| name);
    let source = |name: &String| [".py", ".md", ".txt"].iter().any(|end| name.ends_with(end));
    let names = names.filter(|name| !source(name));
    names.map(|name| folder.join(name)).collect()
}

/// Fails unless a check of the site says what the receipt says of its only disclosure.
fn assert_told(site: &Site, receipt: &Receipt, what: &str) {
    let options = CheckOptions {
        root: site.root().to_owned(),
        ..CheckOptions::default()
    };
    let outcome = pipeline::check(&options, &()).expect("a check");
    assert_eq!(outcome.counts(), receipt.check, "{what}");
    for found in &outcome.diagnostics {
        let own = found.location.source.path.contains("/tables/") && OWN.contains(&found.code);
        let file = &found.location.source;
        assert!(
            !own,
            "{what}: {} {}\n{}",
            found.code, found.say.zh, file.text
        );
    }
}

/// Imports twice. The second import finds every file as it is.
fn twice(site: &Site, options: &Options, what: &str) -> Receipt {
    let first = import::import(options).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    if !first.written {
        assert!(first.is_refused(), "{what}");
        return first;
    }
    assert_told(site, &first, what);
    let before = tree(&site.path("data"));
    let options = Options {
        force: false,
        ..options.clone()
    };
    let second = import::import(&options).expect("a second import");
    let problems = |receipt: &Receipt| -> Vec<String> {
        let problems = receipt.problems.iter();
        problems
            .map(|one| format!("{} {}", one.code, one.say.zh))
            .collect()
    };
    assert!(second.written, "{what}: {:?}", problems(&second));
    for file in &second.files {
        assert_eq!(file.state, FileState::Same, "{what}: {}", file.path);
    }
    assert!(before == tree(&site.path("data")), "{what}");
    assert_eq!(problems(&first), problems(&second), "{what}");
    assert_eq!(
        (&first.tables, &first.failing),
        (&second.tables, &second.failing),
        "{what}"
    );
    assert_eq!(first.check, second.check, "{what}");
    first
}

#[test]
fn a_file_that_is_imported_again_changes_nothing() {
    let mut written = 0;
    for file in fixtures() {
        let what = file.display().to_string();
        let new = |entity: &str, name: Option<&str>| Options {
            files: vec![file.clone()],
            entity: entity.to_owned(),
            year: 2026,
            name: name.map(str::to_owned),
            ..Options::default()
        };
        // A new entity, called as the file says or otherwise; and one that waits for its figures.
        for name in [None, Some("某局")] {
            let site = Site::empty();
            assert_eq!(site.run(&["init"]).code, 0);
            let options = Options {
                root: site.root().to_owned(),
                ..new("bureau", name)
            };
            if name.is_none()
                && import::import(&Options {
                    dry_run: true,
                    ..options.clone()
                })
                .is_err()
            {
                // Nobody is named in it.
                continue;
            }
            written += usize::from(twice(&site, &options, &what).written);
        }
        let site = Site::empty();
        site.run(&["init"]);
        assert_eq!(
            site.run(&["new", "bureau", "2026", "--name", "清河县图书馆"])
                .code,
            0
        );
        let options = Options {
            root: site.root().to_owned(),
            ..new("bureau", None)
        };
        written += usize::from(twice(&site, &options, &what).written);
    }
    assert!(written > 10, "{written}");
}

#[test]
fn projects_of_a_new_entity_stand_below_its_units() {
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    site.write(
        "a.csv",
        "2026年财政拨款安排机关运行经费预算表,,,,\n部门名称：某局,,,,单位：万元\n单位名称,2026预算数,,,\n\
         ,合计,一般公共预算,政府性基金预算,国有资本经营预算\n部门合计,30,30,,\n某局本级,20,20,,\n某中心,10,10,,\n",
    )
    .write(
        "b.csv",
        "2026年项目支出预算表（本年预算）,,,,,,\n部门名称：某局,,,,,,单位：万元\n\
         项目名称,合计,2026年财政拨款,,,财政专户管理资金,单位资金\n,,一般公共预算,政府性基金预算,国有资本经营预算,,\n\
         某局,60,60,,,,\n某局本级,40,40,,,,\n修缮,30,30,,,,\n购置,10,10,,,,\n某中心,20,20,,,,\n培训,20,20,,,,\n",
    );
    let options = Options {
        root: site.root().to_owned(),
        files: vec![site.path("a.csv"), site.path("b.csv")],
        entity: "bureau".to_owned(),
        year: 2026,
        ..Options::default()
    };
    let receipt = twice(&site, &options, "units");
    assert!(receipt.failing.is_empty(), "{:?}", receipt.failing);
    let entity = site.read("data/bureau/entity.yaml");
    assert!(
        entity.ends_with("\n  - {id: unit-01, name: 某局本级}\n  - {id: unit-02, name: 某中心}\n"),
        "{entity}"
    );
    let projects = site.read("data/bureau/2026-budget/tables/12-projects.yaml");
    for line in [
        "  - id: unit-01",
        "      - {id: unit-01-02, name: 购置, total: 10.00, general_public: 10.00}",
        "      - {id: unit-02-01, name: 培训, total: 20.00, general_public: 20.00}",
    ] {
        assert!(
            projects.lines().any(|own| own == line),
            "{line}\n{projects}"
        );
    }
}

/// Texts that YAML, the reader or an address could take for something else.
const NAMES: [&str; 16] = [
    "抚恤",
    "抚恤",
    "项目\u{feff}甲",
    "\u{202e}乙\u{2066}",
    "丙\u{200b}丁",
    "甲: 乙 #丙",
    "- 丁",
    "{戊}",
    "null",
    "\"己\"",
    "2025",
    "庚\r\n辛",
    "\u{2028}壬",
    "a, b: c",
    "癸\\",
    "合计\u{ffff}",
];

#[test]
fn whatever_a_workbook_says_is_written_as_it_was_checked() {
    const CODES: [&str; 7] = ["208", "20808", "2080801", "2080801", "210", "2080", "x1"];
    let site = Site::case("tiny");
    let mut random = Random::new(5);
    for _ in 0..40 {
        let mut spending = Paper::new(["支出\u{feff}", "a, b #c", "\u{202e}表"][random.below(3)]);
        spending.text(0, 0, "2025年支出表");
        for (at, title) in ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
            .iter()
            .enumerate()
        {
            spending.text(1, at, title);
        }
        let mut projects = Paper::new("项目");
        projects.text(0, 0, "2025年项目表");
        for (at, title) in ["项目名称", "合计", "是否结转"].iter().enumerate() {
            projects.text(1, at, title);
        }
        let mut name = || NAMES[random.below(NAMES.len())];
        let names: Vec<&str> = (0..16).map(|_| name()).collect();
        for (at, name) in names.iter().enumerate() {
            let figure = |random: &mut Random| Ink::Number(format!("{}.50", random.below(99)), 2);
            if at % 2 == 0 {
                spending.text(at + 2, 0, CODES[random.below(CODES.len())]);
                spending.text(at + 2, 1, name);
                spending.ink(at + 2, 2, figure(&mut random));
                spending.text(
                    at + 2,
                    3,
                    ["1\u{feff}0.5", "-", "3,0", "无数据"][random.below(4)],
                );
            } else {
                projects.indented(
                    at + 2,
                    0,
                    name,
                    u8::try_from(random.below(3)).expect("small"),
                );
                projects.ink(at + 2, 1, figure(&mut random));
                projects.text(at + 2, 2, ["是", "否", "也许\u{7f}"][random.below(3)]);
            }
        }
        let mut options = Options {
            entity: "demo".to_owned(),
            force: true,
            ..options(&site)
        };
        let receipt = into(&site, options.clone(), &[spending, projects]);
        let problems: Vec<_> = receipt.problems.iter().map(|one| &one.say.zh).collect();
        assert!(receipt.written, "{problems:?}");
        assert_told(&site, &receipt, "random");
        options.files.push(site.path("book.xlsx"));
        twice(&site, &options, "random");
    }
}

#[test]
fn a_code_that_stands_twice_is_two_rows_with_a_doubt() {
    let site = Site::case("tiny");
    site.write(
        "表.csv",
        "2025年支出表,,,,\n科目编码,科目名称,合计,基本支出,项目支出\n,合计,10.00,10.00,\n\
         208,社会保障和就业支出,10.00,10.00,\n20808,抚恤,4.00,4.00,\n20808,抚恤,6.00,6.00,\n",
    );
    let options = Options {
        entity: "demo".to_owned(),
        files: vec![site.path("表.csv")],
        force: true,
        ..options(&site)
    };
    let receipt = twice(&site, &options, "twice");
    let said: Vec<&str> = receipt.problems.iter().map(|one| &*one.say.zh).collect();
    let wanted =
        "表!B6：「抚恤」和上面一行同是 `20808`，这一行的 id 写成 20808-2；核对是不是同一行";
    assert!(said.contains(&wanted), "{said:?}");
    let text = site.read("data/demo/2025-budget/tables/spending.yaml");
    assert!(
        text.ends_with(
            "  - {id: \"20808-2\", code: \"20808\", name: 抚恤, total: 6.00, basic: 6.00}\n"
        ),
        "{text}"
    );
}

#[test]
fn a_key_of_an_export_that_no_file_can_have_is_left_out() {
    let old = Site::case("tiny");
    assert_eq!(old.run(&["build", "-q", "--draft"]).code, 0);
    let data = old.read("public/demo/2025-budget/data.json");
    let phase = "\"phase\":\"annual\"";
    assert!(data.contains(phase));
    let site = Site::case("tiny");
    let before = site.read("data/demo/2025-budget/projects/repairs.yaml");
    site.write(
        "data.json",
        data.replace(phase, "\"phase\":\"x\\ny: 1\\n\""),
    );
    let options = Options {
        entity: "demo".to_owned(),
        files: vec![site.path("data.json")],
        force: true,
        ..options(&site)
    };
    let receipt = import::import(&options).expect("an import");
    let codes: Vec<&str> = receipt.problems.iter().map(|one| one.code).collect();
    assert!(receipt.written && codes == ["import-sheet"], "{codes:?}");
    let after = site.read("data/demo/2025-budget/projects/repairs.yaml");
    assert_eq!(after, before);
}
