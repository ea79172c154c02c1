//! Standards: their files, what they name, and how one extends another.

use super::{Case, FORM, HEAD, STANDARD, built, run_all};
use crate::support::Site;

const CHARTS: &str = "standards/tiny/charts.yaml";
const SHEET: &str = "standards/tiny/sheet.yaml";
const INPUTS: &str = "standards/tiny/inputs.yaml";
const BALANCE_FORM: &str = "standards/tiny/tables/2-balance.yaml";

pub const CASES: &[Case] = &[
    Case::new("standard-unknown", |site| {
        site.replace(HEAD, "standard: tiny", "standard: shanxi-2026");
    }),
    Case::new("standard-unknown-english", |site| {
        site.replace(HEAD, "standard: tiny", "standard: tinny");
    })
    .english(),
    Case::new("standard-without-head", |site| {
        site.remove(STANDARD);
    }),
    Case::new("standard-kind", |site| {
        site.replace(STANDARD, "kind: budget", "kind: final");
    }),
    Case::new("standard-cycle", |site| {
        child(site, "extends: tiny\n");
        site.replace(STANDARD, "kind: budget", "kind: budget\nextends: tiny-2025");
    }),
    Case::new("standard-parent-unknown", |site| {
        child(site, "extends: tinny\n");
    }),
    Case::new("standard-parent-itself", |site| {
        child(site, "extends: tiny-2025\n");
    }),
    Case::new("standard-lacks-keys", |site| {
        site.replace(STANDARD, "title: 小标准\n", "")
            .replace(STANDARD, "unit: 万元\n", "");
    }),
    Case::new("standard-unknown-key", |site| {
        site.replace(STANDARD, "unit: 万元", "unit: 万元\ndecimal: 2");
    }),
    Case::new("standard-unknown-key-of-a-column", |site| {
        site.replace(
            FORM,
            "kind: amount, title: 基本支出}",
            "kind: amount, titel: 基本支出}",
        );
    }),
    Case::new("standard-missing-key-of-a-column", |site| {
        site.replace(FORM, "kind: amount, title: 基本支出}", "kind: amount}");
    }),
    Case::new("standard-decimals", |site| {
        site.replace(STANDARD, "unit: 万元", "unit: 万元\ndecimals: 29");
        site.replace(
            FORM,
            "kind: amount, title: 基本支出}",
            "kind: amount, title: 基本支出, show_decimals: 9}",
        );
    }),
    Case::new("standard-unit", |site| {
        site.replace(STANDARD, "unit: 万元", "unit: 万");
    }),
    Case::new("standard-column-kind", |site| {
        site.replace(
            FORM,
            "{id: basic, kind: amount,",
            "{id: basic, kind: money,",
        );
    }),
    Case::new("standard-text-for-list", |site| {
        site.replace(
            STANDARD,
            "tables: [spending, balance, projects]",
            "tables: spending",
        );
    }),
    Case::new("standard-slices", |site| {
        site.replace(CHARTS, "column: total, level: 1", "columns: total");
    }),
    Case::new("standard-chart-form", |site| {
        site.replace(CHARTS, "form: pie", "form: ring");
    }),
    Case::new("standard-selector", |site| {
        site.replace(
            STANDARD,
            "value: \"spending[total].total\"",
            "value: \"spending[total].totals\"",
        )
        .replace(
            CHARTS,
            "\"spending[total].total\"",
            "balance[grand_total].current",
        );
    }),
    Case::new("standard-selector-english", |site| {
        site.replace(
            CHARTS,
            "\"spending[total].total\"",
            "balance[grand_total].current",
        );
    })
    .english(),
    Case::new("standard-slices-unknown", |site| {
        site.replace(CHARTS, "table: spending", "table: balance");
    }),
    Case::new("standard-table-missing", |site| {
        site.replace(STANDARD, "projects]", "project]");
    }),
    Case::new("standard-table-twice", |site| {
        site.replace(BALANCE_FORM, "id: balance", "id: spending");
    }),
    Case::new("standard-columns", |site| {
        site.replace(FORM, "{id: name, kind: name", "{id: rows, kind: text")
            .replace(
                FORM,
                "{id: basic, kind: amount,",
                "{id: total, kind: amount,",
            );
    }),
    Case::new("standard-computed", |site| {
        site.replace(
            FORM,
            "title: 项目支出}",
            "title: 项目支出, computed: {difference: [total, basics]}}",
        );
    }),
    Case::new("standard-blocks", |site| {
        site.replace(
            BALANCE_FORM,
            "  - id: expenditure\n    title: 支出\n",
            "  - id: revenue\n",
        );
    }),
    Case::new("standard-no-blocks", |site| {
        site.write(
            FORM,
            "id: spending\nnumber: 表一\ntitle: 支出表\nblocks: []\n",
        );
    }),
    Case::new("standard-fixed-rows", |site| {
        site.replace(
            BALANCE_FORM,
            "{id: c210, name: 二、卫生健康支出, code: \"210\"}",
            "{id: c208, name: 二、卫生健康支出, code: \"2100\", part_of: c2}",
        )
        .replace(
            BALANCE_FORM,
            "title: 编码, printed: false}",
            "title: 编码, printed: false, level: class}",
        )
        .replace(
            FORM,
            "rows: tree",
            "rows: tree\n    key: [codes]\n    fixed: [{id: a, name: 甲}]",
        );
    }),
    Case::new("standard-title", |site| {
        site.replace(FORM, "{{ year }}年支出表", "{{ month }}月支出表");
    }),
    Case::new("standard-inputs", |site| {
        site.replace(INPUTS, "{id: reason,", "{id: prior_total,");
    }),
    Case::new("standard-chart-ids", |site| {
        site.replace(CHARTS, "id: structure", "id: 结构");
    }),
    Case::new("standard-sheet-table", |site| {
        site.replace(SHEET, "table: projects", "table: project");
    }),
    Case::new("standard-sections", |site| {
        site.replace(
            STANDARD,
            "  - {id: spending, title: \"{{ ordinal }}、支出情况说明\"}",
            "  - {id: spending, title: 支出, when: fund}\n  - {id: spending, title: 支出}\n  - {id: revenue, title: 收入}",
        );
    }),
    Case::new("standard-parts", |site| {
        let narrative = "  - {id: narrative, title: 第三部分 情况说明, content: narrative}";
        let again = narrative.replace("narrative, title", "narrative2, title");
        let same = narrative.replace("content: narrative", "content: sheets");
        site.replace(
            STANDARD,
            narrative,
            &format!("{narrative}\n{again}\n{same}"),
        );
    }),
    Case::new("standard-code-list", |site| {
        site.write(
            "standards/tiny/codes/functional.csv",
            "code,name\n208,社会保障和就业支出\n20808\n\"210\",卫生健康支出\n",
        );
    }),
    Case::new("standard-code-list-heading", |site| {
        site.write(
            "standards/tiny/codes/functional.csv",
            "208,社会保障和就业支出\n20808,抚恤\n",
        )
        .write(
            "standards/tiny/codes/other.csv",
            "code,name\n208,社会保障\n208,社会保障和就业支出\n210,卫生,健康\n",
        );
    }),
    Case::new("standard-reserved-ids", |site| {
        site.replace(FORM, "{id: code, kind: code", "{id: code, kind: text")
            .replace(
                FORM,
                "{id: total, name: 合计, at: first}",
                "{id: rows, name: 合计, at: first}",
            );
    }),
    Case::new("standard-codes-of-a-column", |site| {
        site.replace(
            FORM,
            "title: 科目编码}",
            "title: 科目编码, codes: {list: procurement}}",
        );
    }),
    Case::new("standard-anchor", |site| {
        site.replace(FORM, "blocks:", "blocks: &all");
    }),
];

/// A standard for 2025 with this head, which the disclosure follows.
fn child(site: &Site, head: &str) {
    site.write("standards/tiny-2025/standard.yaml", head)
        .replace(HEAD, "standard: tiny", "standard: tiny-2025");
}

#[test]
fn a_fault_of_a_standard_is_shown_in_its_file() {
    run_all(CASES);
}

#[test]
fn a_standard_takes_what_it_does_not_replace_from_the_one_it_extends() {
    let site = built();
    child(&site, "extends: tiny\n");
    let form = site.read(FORM).replace("年支出表", "年支出预算表");
    site.write("standards/tiny-2025/tables/1-spending.yaml", form);
    let run = site.run(&["build", "-q"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
    let title = |page: &str| {
        let text = site.read(&format!("public/demo/2025-budget/{page}"));
        let (_, rest) = text.split_once("<h1>").expect("a heading");
        rest.split_once("</h1>").expect("its end").0.to_owned()
    };
    assert_eq!(title("t01.html"), "表一 2025年支出预算表");
    assert_eq!(title("t02.html"), "表二 2025年收支表");
}

#[test]
fn a_broken_standard_is_shown_by_every_command_also_where_nobody_follows_it() {
    let site = built();
    site.write("standards/later/standard.yaml", "title: [");
    let said = "错误[yaml-syntax]";
    let place = "standards/later/standard.yaml:1:";
    let commands: [&[&str]; 6] = [
        &["check"],
        &["build", "-q"],
        &["schema"],
        &["new", "demo", "2026", "--standard", "tiny"],
        &["new", "demo", "2027", "--standard", "later"],
        &["import", "public", "--entity", "demo", "--year", "2025"],
    ];
    for command in commands {
        let run = site.run(command);
        assert_ne!(run.code, 0, "{command:?}");
        let told = run.stderr.contains(said) && run.stderr.contains(place);
        assert!(told, "{command:?}: {}", run.stderr);
        assert!(!run.stderr.contains("gongkai check"), "{}", run.stderr);
    }
    // What does not need it is done all the same.
    for made in [
        "schema/tiny/table.json",
        "data/demo/2026-budget/disclosure.yaml",
    ] {
        assert!(site.path(made).exists(), "{made}");
    }
    assert!(!site.path("data/demo/2027-budget").exists());
    assert!(!site.path("schema/later").exists());
}

/// A site with the reference data and the standard inside the program.
fn with_the_builtin() -> Site {
    let site = Site::empty();
    let repository = crate::support::repository();
    crate::support::copy(&repository.join("data"), &site.path("data"));
    site.write("site.toml", "title = \"站\"\n");
    site
}

#[test]
fn code_lists_add_to_those_they_are_laid_over() {
    let site = with_the_builtin();
    let id = "shanxi-2025-budget";
    let own = "code,name\n2299999,某项支出\n208,社保和就业支出\n";
    site.write(&format!("standards/{id}/codes/functional.csv"), own)
        .write(
            "standards/next/standard.yaml",
            format!("extends: {id}\ntitle: 下一年\n"),
        )
        .write(
            "standards/next/codes/functional.csv",
            "code,name\n2299998,又一项支出\n",
        );
    let mut faults = gongkai::diagnostic::Diagnostics::default();
    let found = gongkai::load::discover::discover(site.root(), &mut faults).expect("a site");
    for (standard, more) in [(id, None), ("next", Some("又一项支出"))] {
        let loaded = gongkai::standard::load(&found.standards, standard, &mut faults);
        let loaded = loaded.expect("the standard");
        let names = loaded.codes.names("functional").expect("a list");
        let name = |code: &str| names.get(code).map(|name| &**name);
        assert_eq!(name("20805"), Some("行政事业单位养老支出"), "{standard}");
        assert_eq!(name("2299999"), Some("某项支出"), "{standard}");
        assert_eq!(name("208"), Some("社保和就业支出"), "{standard}");
        assert_eq!(name("2299998"), more, "{standard}");
    }
    assert!(faults.is_empty(), "{faults:?}");
    let run = site.run(&["check", "--format", "concise"]);
    let named: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.contains("[code-name]") || line.contains("[code-unknown]"))
        .collect();
    assert_eq!(named.len(), 1, "{}", run.stderr);
    assert!(
        named[0].contains("编码 208 在名单里是「社保和就业支出」") && named[0].contains("共 3 处"),
        "{}",
        named[0]
    );
}

#[test]
fn a_fault_in_a_built_in_file_is_told_where_the_site_can_act() {
    let site = with_the_builtin();
    let id = "shanxi-2025-budget";
    let inputs = crate::support::repository().join(format!("standards/{id}/inputs.yaml"));
    let inputs = std::fs::read_to_string(inputs).expect("the inputs");
    let without: String = inputs
        .split_inclusive('\n')
        .filter(|line| !line.contains("id: prior_total"))
        .collect();
    assert_ne!(inputs, without);
    let own = format!("standards/{id}/inputs.yaml");
    site.write(&own, without);
    let found = super::check(site.root());
    let (mut moved, mut of_standard) = (0, 0);
    for found in found {
        let path = &found.location.source.path;
        assert!(!path.contains("<builtin>"), "{path}: {}", found.say.zh);
        if found
            .labels
            .iter()
            .any(|label| label.location.source.builtin().is_some())
        {
            moved += 1;
            // A sentence is only made for a disclosure, which the site can point to another standard.
            let head = "data/yq-veterans/2025-budget/disclosure.yaml";
            assert!(*path == own || path == head, "{path}: {}", found.say.zh);
            assert!(
                found
                    .say
                    .zh
                    .starts_with(&format!("随程序的 standards/{id}/"))
            );
            let hinted = found.hint.is_some_and(|hint| hint.zh.contains(&own));
            assert!(hinted || path == head);
            of_standard += usize::from(*path == own);
        }
    }
    assert!(moved > 0 && of_standard > 0);
}
