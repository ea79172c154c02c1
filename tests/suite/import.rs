//! `import`: workbooks in the layouts of budget systems, drawn with the figures of the reference data, come
//! back as the reference data.

mod again;
mod back;
mod draw;
mod odd;
mod paper;
mod sample;
mod titles;
mod told;

use gongkai::check;
use gongkai::check::text::Rules;
use gongkai::diagnostic::{Diagnostics, Language};
use gongkai::import::receipt::Receipt;
use gongkai::import::{self, Options};
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::amount::MoneyUnit;
use gongkai::model::disclosure::Disclosure;
use gongkai::model::table::{Table, Value};
use gongkai::standard;

use crate::support::Site;
use draw::{Codes, Figures, Style};
use paper::{Paper, xlsx};

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
fn import(papers: &[Paper]) -> (Site, Receipt) {
    let site = Site::reference();
    site.remove(TABLES);
    let receipt = into(&site, options(&site), papers);
    (site, receipt)
}

/// Imports a workbook of these sheets.
fn into(site: &Site, mut options: Options, papers: &[Paper]) -> Receipt {
    site.write("book.xlsx", xlsx(papers));
    options.files.push(site.path("book.xlsx"));
    import::import(&options).expect("an import")
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
    // Past the capture of the test runner, so that the score stands in every run.
    let score = format!("import, {layout}: {matched}/{total} cells\n");
    std::io::Write::write_all(&mut std::io::stderr(), score.as_bytes()).expect("stderr");
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
    let papers = sheets(&wanted, Style::default());
    let found = import(&papers);
    for (name, bytes) in crate::support::tree(&crate::support::repository().join(TABLES)) {
        let written = found.0.read(&format!("{TABLES}/{name}"));
        assert_eq!(written, String::from_utf8(bytes).expect("UTF-8"), "{name}");
    }
    assert_back("one sheet a table", found, &wanted, &ids(&wanted));
}

#[test]
fn tables_one_under_another_with_notes_between_come_back() {
    let wanted = disclosure(&Site::reference());
    let mut paper = Paper::new("全部");
    let mut row = 3;
    paper.span((0, 0), (1, 6), "附件2");
    paper.text(1, 0, "说明：各表由系统导出");
    for table in &wanted.tables {
        paper.text(row, 0, &table.form.number);
        let size = draw::table(&mut paper, (row + 1, 0), &wanted, table, Style::default());
        row += 1 + size.rows;
        paper.text(row, 0, "注：本表数据与上级批复一致。");
        row += 3;
    }
    let found = import(&[paper]);
    assert_back("one under another", found, &wanted, &ids(&wanted));
}

#[test]
fn meaningless_names_another_order_and_hidden_helpers_do_not_matter() {
    let wanted = disclosure(&Site::reference());
    let mut papers: Vec<Paper> = Vec::new();
    for (at, table) in wanted.tables.iter().rev().enumerate() {
        let mut paper = Paper::new(&format!("Sheet{}", at + 1));
        // A hidden first row and a hidden column in the middle, with numbers in them.
        let size = draw::table(&mut paper, (1, 0), &wanted, table, Style::default());
        for column in 0..size.columns {
            paper.ink(0, column, paper::Ink::Number("1".to_owned(), 0));
        }
        paper.hidden_rows.push(0);
        let right = size.columns;
        for row in 0..size.rows {
            paper.ink(row + 1, right, paper::Ink::Number("9.99".to_owned(), 2));
        }
        paper.hidden_columns.push(right);
        papers.push(paper);
    }
    let mut helper = papers[3].clone();
    helper.name = "辅助".to_owned();
    helper.hidden = true;
    papers.insert(0, helper);
    let mut contents = Paper::new("目录");
    for (at, table) in wanted.tables.iter().enumerate() {
        contents.text(at, 0, &format!("{} {}", table.form.number, table.title));
        contents.ink(at, 1, paper::Ink::Number((at + 1).to_string(), 0));
    }
    papers.insert(0, contents);
    let found = import(&papers);
    let said = found.1.text(Language::Zh);
    assert!(said.contains("说明：「辅助」是隐藏的，没有读"), "{said}");
    assert!(
        said.contains("说明：「Sheet1」里隐藏的行和列没有读"),
        "{said}"
    );
    assert!(found.1.problems.is_empty(), "{:?}", found.1.problems);
    assert_back("other order", found, &wanted, &ids(&wanted));
}

#[test]
fn text_figures_in_yuan_come_back() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        unit: Some(MoneyUnit::Yuan),
        figures: Figures::Texts,
        ..Style::default()
    };
    let found = import(&sheets(&wanted, style));
    assert!(found.1.problems.is_empty(), "{:?}", found.1.problems);
    assert_back("texts in 元", found, &wanted, &ids(&wanted));
}

#[test]
fn split_codes_come_back() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        codes: Codes::Split,
        ..Style::default()
    };
    let found = import(&sheets(&wanted, style));
    assert!(found.1.problems.is_empty(), "{:?}", found.1.problems);
    assert_back("split codes", found, &wanted, &ids(&wanted));
}

#[test]
fn codes_are_found_by_names_and_indentation() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        codes: Codes::Left,
        blanks: true,
        ..Style::default()
    };
    let found = import(&sheets(&wanted, style));
    assert_back("names alone", found, &wanted, &ids(&wanted));
}

#[test]
fn formulas_spacers_and_headers_without_merging_come_back() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        figures: Figures::Formulas,
        spacer: 1,
        merged: false,
        ..Style::default()
    };
    let found = import(&sheets(&wanted, style));
    assert!(found.1.problems.is_empty(), "{:?}", found.1.problems);
    assert_back("formulas and spacers", found, &wanted, &ids(&wanted));
}

#[test]
fn blocks_one_under_another_come_back() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        stacked: true,
        ..Style::default()
    };
    let found = import(&sheets(&wanted, style));
    assert!(found.1.problems.is_empty(), "{:?}", found.1.problems);
    assert_back("stacked blocks", found, &wanted, &ids(&wanted));
}

#[test]
fn tables_side_by_side_come_back() {
    let wanted = disclosure(&Site::reference());
    let mut paper = Paper::new("并列");
    let mut row = 0;
    let tables = ["revenue", "expenditure", "three-public", "agency-operating"];
    let of = |id: &str| &wanted.tables[wanted.table_position(id).expect(id)];
    for pair in tables.chunks(2) {
        let mut column = 0;
        let mut height = 0;
        for id in pair {
            let size = draw::table(&mut paper, (row, column), &wanted, of(id), Style::default());
            column += size.columns + 1;
            height = height.max(size.rows);
        }
        row += height + 2;
    }
    let found = import(&[paper]);
    assert_back("side by side", found, &wanted, &tables);
}

#[test]
fn a_second_standard_with_other_forms_comes_back() {
    let site = Site::case("second");
    let wanted = disclosure(&site);
    for style in [
        Style::default(),
        Style {
            spacer: 1,
            blanks: true,
            ..Style::default()
        },
        Style {
            figures: Figures::Texts,
            ..Style::default()
        },
    ] {
        let options = Options {
            entity: "qinghe-library".to_owned(),
            year: 2024,
            force: true,
            ..options(&site)
        };
        let receipt = into(&site, options, &sheets(&wanted, style));
        assert!(
            receipt.written && receipt.problems.is_empty(),
            "{:?}",
            receipt.problems
        );
        let back = disclosure(&site);
        let (mut matched, mut total, mut wrong) = (0, 0, Vec::new());
        for table in &wanted.tables {
            let at = back.table_position(&table.form.id).expect("a table");
            let (same, all) = compare(table, Some(&back.tables[at]), &mut wrong);
            (matched, total) = (matched + same, total + all);
        }
        assert_eq!(
            (matched, wrong),
            (total, Vec::new()),
            "{}",
            receipt.text(Language::Zh)
        );
    }
}

/// One sheet a table.
fn sheets(wanted: &Disclosure, style: Style) -> Vec<Paper> {
    let tables = wanted.tables.iter();
    tables
        .map(|table| {
            let mut paper = Paper::new(&table.form.number);
            draw::table(&mut paper, (0, 0), wanted, table, style);
            paper
        })
        .collect()
}

#[test]
fn csv_files_in_gb18030_come_back() {
    let wanted = disclosure(&Site::reference());
    let style = Style {
        merged: false,
        blanks: true,
        ..Style::default()
    };
    let site = Site::reference();
    site.remove(TABLES);
    let mut options = options(&site);
    for (at, paper) in sheets(&wanted, style).iter().enumerate() {
        let name = format!("{at}.csv");
        let text = paper.csv();
        let (bytes, ..) = encoding_rs::GB18030.encode(&text);
        site.write(&name, &bytes);
        options.files.push(site.path(&name));
    }
    let receipt = import::import(&options).expect("an import");
    assert!(receipt.problems.is_empty(), "{:?}", receipt.problems);
    assert_back("CSV", (site, receipt), &wanted, &ids(&wanted));
}

#[test]
fn broken_names_marks_dashes_and_brackets_are_understood() {
    let site = Site::case("tiny");
    site.write(
        "表.csv",
        "2025年支出表,,,,\n,,,,（金额单位：万元）\n科目编码,科目名称,合计,基本支出,项目支出\n甲,乙,1,2,3\n\
         208,★社会保障,70.00,40.00,30.00\n,和就业支出,,,\n\n20808,抚　恤,70.00,４０.００,30.00\n\
         2080801,\"死亡\n抚恤\",70.00,40.00,30.00\n210,卫生健康支出,（30.00）,—,-\n\
         合计,,100.00,60.00,40.00\n注：合计与表二一致,,,,\n其他说明,,,,\n",
    );
    let run = site.run(&[
        "import",
        &site.path("表.csv").display().to_string(),
        "--entity",
        "demo",
        "--year",
        "2025",
        "--force",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        site.read("data/demo/2025-budget/tables/spending.yaml"),
        "table: spending
total: {total: 100.00, basic: 60.00, project: 40.00}
rows:
  # 核对：名称由两行合成「社会保障和就业支出」（表!B5）
  - {code: \"208\", name: 社会保障和就业支出, total: 70.00, basic: 40.00, project: 30.00}
  - {code: \"20808\", name: 抚恤, total: 70.00, basic: 40.00, project: 30.00}
  - {code: \"2080801\", name: 死亡抚恤, total: 70.00, basic: 40.00, project: 30.00}
  - {code: \"210\", name: 卫生健康支出, total: -30.00}
"
    );
}

#[test]
fn an_export_with_words_of_its_own_is_understood_with_doubts() {
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    site.write(
        "a.csv",
        "附件1,,,,,\n2026年度部门收支预算总表,,,,,\n预算单位：某市图书馆,,,,,单位:万元\n\
         收          入,,支          出,,,\n\
         项    目,2026年预算数,项目（按功能分类）,合计,当年预算,上年结转\n\
         一、一般公共预算拨款,\"1,200.50\",一、一般公共服务支出,,,\n\
         二、政府性基金预算,,七、文化旅游体育与传媒支出,\"1,100.50\",\"1,100.50\",\n\
         三、国有资本经营预算,,八、社会保障和就业支出,60.00,60.00,\n\
         五、单位资金,,十、卫生健康支出,40.00,40.00,\n\
         本年收入合计,\"1,200.50\",本年支出合计,\"1,200.50\",\"1,200.50\",\n\
         上年结转,,年终结转,,,\n总计,\"1,200.50\",总计,\"1,200.50\",\"1,200.50\",\n",
    );
    let book = site.path("a.csv").display().to_string();
    let run = site.run(&["import", &book, "--entity", "library", "--year", "2026"]);
    assert_eq!(run.code, 0, "{}{}", run.stderr, run.stdout);
    let text = site.read("data/library/2026-budget/tables/01-summary.yaml");
    for line in [
        "# 核对：标题「2026年度部门收支预算总表」当作表一「2026年预算收支总表」（a!A2）",
        "    # 核对：「一、一般公共预算拨款」当作表式的「一、一般公共预算」（a!A6）",
        "    - {id: general_public, name: 一、一般公共预算, current: 1200.50}",
        "    - {id: grand_total, name: 收入总计, current: 1200.50}",
        "    - {id: c207, name: 七、文化旅游体育与传媒支出, total: 1100.50, current: 1100.50}",
        "    - {id: grand_total, name: 支出总计, total: 1200.50, current: 1200.50}",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(
        run.stdout.contains("金额 13 个，其中 13 个有勾稽关系印证"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_workbook_starts_a_disclosure_and_may_be_imported_again() {
    let wanted = disclosure(&Site::reference());
    let site = Site::empty();
    assert_eq!(site.run(&["init"]).code, 0);
    site.write("预算.xlsx", xlsx(&sheets(&wanted, Style::default())));
    let book = site.path("预算.xlsx").display().to_string();
    let arguments = ["import", &book, "--entity", "bureau", "--year", "2025"];
    let before = crate::support::tree(site.root());
    let run = site.run(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("什么也没有写（--dry-run）"),
        "{}",
        run.stdout
    );
    assert_eq!(crate::support::tree(site.root()), before);
    let run = site.run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for said in [
        "认出 13 张表，",
        "说明：单位全称「阳泉市退役军人事务局」取自工作簿",
        "新建  data/bureau/2025-budget/tables/13-projects-carry-over.yaml",
        // The original says so itself: its 机关运行经费 are not the sum that the rule expects.
        "机关运行经费等于表六中机关商品和服务支出、机关资本性支出：28.89 万元（表十一!B5）≠ 35.59 万元（表六!E24、",
        "接着：核对不相符的数；填 disclosure.yaml 里表外的数，写 overview.md；运行 gongkai check",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    let again = site.run(&arguments);
    assert!(!again.stdout.contains("更新  "), "{}", again.stdout);
    assert!(again.stdout.contains("没变  "), "{}", again.stdout);
    let json = site.run(&[&arguments[..], &["--format", "json"]].concat());
    let receipt: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(receipt["tables"].as_array().map(Vec::len), Some(13));
    assert_eq!(receipt["files"][0]["state"], "same");
}

#[test]
fn a_skeleton_takes_the_figures_without_force_and_keeps_what_was_written() {
    let wanted = disclosure(&Site::reference());
    let site = Site::empty();
    site.run(&["init"]);
    site.run(&["new", "bureau", "2025", "--name", "阳泉市退役军人事务局"]);
    let receipt = into(
        &site,
        Options {
            entity: "bureau".to_owned(),
            ..options(&site)
        },
        &sheets(&wanted, Style::default()),
    );
    assert!(receipt.written, "{:?}", receipt.problems);
    let path = "data/bureau/2025-budget/tables/03-expenditure.yaml";
    site.replace(
        path,
        "total: {total: 3764.74, basic: 449.83",
        "total: {total: 3764.74, basic: 449.38",
    );
    let changed = site.read(path);
    let receipt = into(
        &site,
        Options {
            entity: "bureau".to_owned(),
            ..options(&site)
        },
        &sheets(&wanted, Style::default()),
    );
    assert!(!receipt.written && receipt.is_refused());
    assert_eq!(site.read(path), changed);
}

#[test]
fn no_workbook_makes_it_panic() {
    const WORDS: [&str; 18] = [
        "2025年支出表",
        "2025年收支表",
        "2025年项目表",
        "科目编码",
        "科目名称",
        "合计",
        "基本支出",
        "项目支出",
        "收入",
        "支出",
        "项目",
        "预算数",
        "类",
        "款",
        "单位：元",
        "208",
        "注：本表无数据",
        "（",
    ];
    let site = Site::case("tiny");
    let mut random = crate::support::Random::new(11);
    for _ in 0..60 {
        let mut paper = Paper::new("乱");
        for _ in 0..=random.below(60) {
            let at = (random.below(12), random.below(8));
            match random.below(4) {
                0 => paper.ink(
                    at.0,
                    at.1,
                    paper::Ink::Number(format!("{}.50", random.below(999)), 2),
                ),
                _ => paper.indented(at.0, at.1, WORDS[random.below(WORDS.len())], 0),
            }
        }
        let top = (random.below(6), random.below(4));
        paper.span(
            top,
            (random.below(6) + 1, random.below(4) + 1),
            WORDS[random.below(WORDS.len())],
        );
        paper.hidden_rows.push(random.below(3));
        let options = Options {
            entity: "demo".to_owned(),
            dry_run: true,
            ..options(&site)
        };
        let receipt = into(&site, options, &[paper]);
        assert!(!receipt.written);
    }
}

#[test]
fn a_missing_workbook_is_named_before_a_missing_entity() {
    let site = Site::empty();
    site.run(&["init"]);
    let run = site.run(&[
        "import",
        "没有.xlsx",
        "--entity",
        "library",
        "--year",
        "2026",
    ]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("没有.xlsx"), "{}", run.stderr);
    assert!(!run.stderr.contains("还没有这个单位"), "{}", run.stderr);
}
