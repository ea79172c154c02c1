//! Tables against their forms: files, rows, codes, emptiness; and the charts made of them.

use super::{BALANCE, Case, FORM, PROJECTS, SPENDING, run_all};

pub const CASES: &[Case] = &[
    Case::new("table-unknown", |site| {
        site.replace(SPENDING, "table: spending", "table: spendings");
    }),
    Case::new("table-without-id", |site| {
        site.replace(SPENDING, "table: spending\n", "");
    }),
    Case::new("table-twice", |site| {
        let text = site.read(PROJECTS);
        site.write("data/demo/2025-budget/tables/项目.yaml", text);
    }),
    Case::new("table-twice-english", |site| {
        let text = site.read(PROJECTS);
        site.write("data/demo/2025-budget/tables/again.yaml", text);
    })
    .english(),
    Case::new("table-missing", |site| {
        site.remove(BALANCE).remove(PROJECTS);
    }),
    Case::new("block-missing", |site| {
        let text = site.read(BALANCE);
        let at = text.find("expenditure").expect("a block");
        site.write(BALANCE, &text[..at]);
    }),
    Case::new("rows-missing", |site| {
        site.write(PROJECTS, "table: projects\n");
    }),
    Case::new("rows-that-are-no-list", |site| {
        site.write(
            PROJECTS,
            "table: projects\nrows: {id: archive, name: 档案馆}\n",
        );
    }),
    Case::new("row-that-is-no-map", |site| {
        site.replace(
            PROJECTS,
            "{id: archive-01, name: 库房维修, total: 30.00, carried: 否}",
            "库房维修",
        );
    }),
    Case::new("total-missing", |site| {
        site.replace(
            SPENDING,
            "total: {total: 100.00, basic: 60.00, project: 40.00}\n",
            "",
        );
    }),
    Case::new("row-unknown", |site| {
        site.replace(BALANCE, "{id: carry_over,", "{id: carryover,");
    }),
    Case::new("row-without-id", |site| {
        site.replace(BALANCE, "{id: c210, ", "{name: 二、卫生健康支出, ");
    }),
    Case::new("row-duplicate", |site| {
        site.replace(BALANCE, "{id: c210,", "{id: c208,")
            .replace(SPENDING, "\"20808\"", "\"208\"")
            .replace(SPENDING, "\"2080801\"", "\"210\"")
            .replace(PROJECTS, "archive-02", "archive-01");
    }),
    Case::new("row-named-as-a-total", |site| {
        site.replace(SPENDING, "{code: \"210\",", "{code: \"210\", id: total,");
    }),
    Case::new("row-id", |site| {
        site.replace(PROJECTS, "archive-02", "档案 2");
    }),
    Case::new("row-name", |site| {
        site.replace(BALANCE, "一、一般公共预算", "一、一般公共预算拨款");
    }),
    Case::new("row-name-english", |site| {
        site.replace(BALANCE, "一、一般公共预算", "一、一般公共预算拨款");
    })
    .english(),
    Case::new("row-code", |site| {
        site.replace(BALANCE, "{id: c210, ", "{id: c210, code: \"211\", ");
    }),
    Case::new("row-without-name", |site| {
        site.replace(SPENDING, "name: 抚恤, ", "");
    }),
    Case::new("code-unquoted", |site| {
        site.replace(SPENDING, "\"20808\"", "20808");
    }),
    Case::new("code-unquoted-english", |site| {
        site.replace(SPENDING, "\"20808\"", "20808");
    })
    .english(),
    Case::new("code-length", |site| {
        site.replace(SPENDING, "\"2080801\"", "\"208080\"");
    }),
    Case::new("code-missing", |site| {
        site.replace(SPENDING, "{code: \"20808\", ", "{");
    }),
    Case::new("code-without-parent", |site| {
        site.replace(SPENDING, "\"2080801\"", "\"2080901\"");
    }),
    Case::new("code-without-parent-english", |site| {
        site.replace(SPENDING, "\"2080801\"", "\"2080901\"");
    })
    .english(),
    Case::new("code-deeper-than-its-columns", |site| {
        site.replace(
            super::FORM,
            "{id: code, kind: code, title: 科目编码}",
            "{id: class, kind: code, title: 类, level: class}\n      - {id: section, kind: code, title: 款, level: section}",
        );
    }),
    Case::new("code-of-a-column-against-its-list", |site| {
        site.replace(
            "standards/tiny/tables/3-projects.yaml",
            "      - {id: name, kind: name,",
            "      - {id: code, kind: code, title: 品目编码, codes: {list: catalogue}}\n      - {id: name, kind: name,",
        )
        .write("standards/tiny/codes/catalogue.csv", "code,name\nA0201,计算机\n")
        .replace(PROJECTS, "- {id: archive-01,", "- {id: archive-01, code: A020101,")
        .replace(PROJECTS, "- {id: archive-02,", "- {id: archive-02, code: A0201,");
    }),
    Case::new("codes-against-the-list", |site| {
        site.write(
            "standards/tiny/codes/functional.csv",
            "code,name\n208,社会保障和就业支出\n20808,抚恤\n2080801,死亡抚恤金\n",
        );
    }),
    Case::new("codes-against-the-list-english", |site| {
        site.write(
            "standards/tiny/codes/functional.csv",
            "code,name\n208,社会保障和就业支出\n20808,抚恤\n2080801,死亡抚恤金\n",
        );
    })
    .english(),
    Case::new("codes-that-do-not-pair", |site| {
        site.replace(
            FORM,
            "      - {id: total, kind: amount",
            "      - {id: second, kind: text, title: 政府科目, codes: {list: government}}\n      - {id: total, kind: amount",
        )
        .write(
            "standards/tiny/rules.yaml",
            "rules:\n  - id: pairs\n    title: 科目可以配对\n    severity: warning\n    each: \"spending[*]\"\n    pair: {of: [code, second], in: pairs}\n",
        )
        .write("standards/tiny/codes/government.csv", "code,name\n501,工资\n502,商品\n")
        .write("standards/tiny/codes/pairs.csv", "functional,government\n208,501\n")
        .replace(SPENDING, "{code: \"208\",", "{code: \"208\", second: \"501\",")
        .replace(SPENDING, "{code: \"210\",", "{code: \"210\", second: \"502\",");
    }),
    Case::new("empty-without-reason", |site| {
        site.write(PROJECTS, "table: projects\nrows: []\n");
    }),
    Case::new("empty-with-figures", |site| {
        site.replace(
            PROJECTS,
            "rows:\n  - id",
            "no_data: 本年度没有项目\nrows:\n  - id",
        );
    }),
    Case::new("empty-though-required", |site| {
        site.write(
            SPENDING,
            "table: spending\nno_data: 本年度没有支出\nrows: []\n",
        );
    }),
    Case::new("neither-yes-nor-no", |site| {
        site.replace(PROJECTS, "carried: 是", "carried: 有");
    }),
    Case::new("chart-total", |site| {
        site.replace(SPENDING, "{total: 100.00", "{total: 101.00");
    }),
    Case::new("chart-total-english", |site| {
        site.replace(SPENDING, "{total: 100.00", "{total: 101.00");
    })
    .english(),
    Case::new("chart-total-of-cells", |site| {
        site.replace(
            "standards/tiny/charts.yaml",
            "slices: {table: spending, column: total, level: 1}",
            "slices: [{name: 基本支出, at: \"spending[total].basic\"}, {name: 收入, at: \"balance.revenue[grand_total].current\"}]",
        );
    }),
    Case::new("chart-total-of-an-input", |site| {
        site.replace(
            "standards/tiny/charts.yaml",
            "\"spending[total].total\"",
            "input.prior_total",
        );
    }),
    Case::new("chart-negative", |site| {
        site.replace(
            SPENDING,
            "name: 卫生健康支出, total: 30.00",
            "name: 卫生健康支出, total: -30.00",
        );
    }),
    Case::new("chart-cell", |site| {
        site.replace(
            "standards/tiny/charts.yaml",
            "spending[total].total",
            "spending[229].total",
        );
    }),
    Case::new("key-figure-cell", |site| {
        site.replace(SPENDING, "\"210\"", "\"211\"").replace(
            "standards/tiny/standard.yaml",
            "value: \"spending[total].total\"",
            "value: \"spending[210].total\"",
        );
    }),
];

#[test]
fn a_table_that_does_not_follow_its_form_is_shown_at_the_row() {
    run_all(CASES);
}

#[test]
fn an_empty_table_with_a_reason_is_printed_with_its_note() {
    let site = super::built();
    site.write(
        PROJECTS,
        "table: projects\nno_data: 本年度没有项目\nrows: []\n",
    )
    .remove("data/demo/2025-budget/projects");
    let run = site.run(&["build", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let page = site.read("public/demo/2025-budget/t03.html");
    assert!(page.contains("注：本表无数据"), "{page}");
    assert!(page.contains("本年度没有项目"), "{page}");
}
