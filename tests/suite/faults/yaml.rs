//! What is not YAML, and what of YAML data files may not use.

use std::fmt::Write as _;

use super::{BALANCE, Case, ENTITY, HEAD, REPAIRS, SPENDING, run_all};

pub const CASES: &[Case] = &[
    Case::new("tab", |site| {
        site.replace(
            BALANCE,
            "  rows:\n    - {id: general",
            "\trows:\n    - {id: general",
        );
    }),
    Case::new("tab-english", |site| {
        site.replace(
            BALANCE,
            "  rows:\n    - {id: general",
            "\trows:\n    - {id: general",
        );
    })
    .english(),
    Case::new("tab-after-blanks", |site| {
        site.replace(BALANCE, "    - {id: carry", "   \t- {id: carry");
    }),
    Case::new("full-width-colon", |site| {
        site.replace(ENTITY, "short_name: ", "short_name：");
    }),
    Case::new("full-width-colon-in-the-last-line", |site| {
        site.replace(HEAD, "coverage: ", "coverage：");
    }),
    Case::new("full-width-colon-in-braces", |site| {
        site.replace(SPENDING, "name: 抚恤", "name：抚恤");
    }),
    Case::new("full-width-comma", |site| {
        site.replace(SPENDING, "{code: \"20808\", name", "{code: \"20808\"，name");
    }),
    Case::new("full-width-comma-after-text", |site| {
        site.replace(SPENDING, "name: 抚恤, total", "name: 抚恤，total");
    }),
    Case::new("full-width-comma-after-number", |site| {
        site.replace(SPENDING, "{total: 100.00, basic", "{total: 100.00， basic");
    }),
    Case::new("full-width-braces", |site| {
        site.replace(SPENDING, "total: {total", "total: ｛total");
    }),
    Case::new("full-width-quotes", |site| {
        site.replace(SPENDING, "\"20808\"", "“20808”");
    }),
    Case::new("no-blank-after-colon", |site| {
        site.replace(ENTITY, "kind: unit", "kind:unit");
    }),
    Case::new("no-blank-after-colon-in-braces", |site| {
        site.replace(BALANCE, "current: 30.00", "current:30.00");
    }),
    Case::new("no-blank-after-dash", |site| {
        site.replace(BALANCE, "    - {id: carry", "    -{id: carry");
    }),
    Case::new("colon-in-text", |site| {
        site.replace(HEAD, "新增库房维修", "新增两项: 库房维修");
    }),
    Case::new("text-cut", |site| {
        site.replace(HEAD, "新增库房维修", "新增库房维修 #3标段工程");
        site.replace(ENTITY, "short_name: ", "short_name: #");
        site.replace(BALANCE, "current: 30.00}", "current: 30.00} #已核");
    }),
    Case::new("text-cut-english", |site| {
        site.replace(HEAD, "新增库房维修", "新增库房维修 #3标段工程");
    })
    .english(),
    Case::new("text-cut-in-brackets", |site| {
        site.replace(REPAIRS, "rows: [archive-01]", "rows: [archive-01, #3]");
    }),
    Case::new("unclosed-quote", |site| {
        site.replace(SPENDING, "\"2080801\"", "\"2080801");
    }),
    Case::new("unclosed-quote-in-block", |site| {
        site.replace(ENTITY, "\"067\"", "\"067");
    }),
    Case::new("unclosed-brace", |site| {
        site.replace(
            SPENDING,
            "basic: 20.00, project: 10.00}",
            "basic: 20.00, project: 10.00",
        );
    }),
    Case::new("extra-brace", |site| {
        site.replace(
            SPENDING,
            "basic: 20.00, project: 10.00}",
            "basic: 20.00, project: 10.00}}",
        );
    }),
    Case::new("indentation", |site| {
        site.replace(HEAD, "  reason", " reason");
    }),
    Case::new("folded-line", |site| {
        site.replace(HEAD, "新增库房维修", "新增库房维修，\n并购置设备");
    }),
    Case::new("last-line-without-colon", |site| {
        let text = site.read(HEAD);
        site.write(HEAD, format!("{text}备注\n"));
    }),
    Case::new("text-starting-with-asterisk", |site| {
        site.replace(ENTITY, "short_name: 档案馆", "short_name: *档案馆");
    }),
    Case::new("text-starting-with-at", |site| {
        site.replace(ENTITY, "short_name: 档案馆", "short_name: @档案馆");
    }),
    Case::new("alias-bomb", |site| {
        let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for letter in 'b'..='j' {
            let before = char::from(letter as u8 - 1);
            let nine = vec![format!("*{before}"); 9].join(", ");
            writeln!(text, "{letter}: &{letter} [{nine}]").expect("memory");
        }
        site.write(ENTITY, text);
    }),
    Case::new("merge-key", |site| {
        site.replace(
            SPENDING,
            "total: {total: 100.00, ",
            "total: {<<: {total: 100.00}, ",
        );
    }),
    Case::new("deep-brackets", |site| {
        site.write(SPENDING, "[".repeat(100 * 1024));
    }),
    Case::new("deep-braces", |site| {
        site.write(SPENDING, "{a: ".repeat(100 * 1024));
    }),
    Case::new("deep-dashes", |site| {
        site.write(SPENDING, "- ".repeat(100 * 1024));
    }),
    Case::new("deep-rows", |site| {
        let mut text = "table: projects\nrows:\n".to_owned();
        for level in 1..40 {
            let blanks = " ".repeat(4 * level);
            writeln!(text, "{blanks}- name: 项目\n{blanks}  rows:").expect("memory");
        }
        site.write("data/demo/2025-budget/tables/projects.yaml", text);
    }),
    Case::new("tag", |site| {
        site.replace(SPENDING, "{total: 100.00", "{total: !!float 100.00");
    }),
    Case::new("anchor", |site| {
        site.replace(SPENDING, "{total: 100.00", "{total: &sum 100.00");
    }),
    Case::new("several-documents", |site| {
        let text = site.read(ENTITY);
        site.write(ENTITY, format!("{text}---\n{text}"));
    }),
    Case::new("duplicate-key", |site| {
        site.replace(HEAD, "  reason", "  prior_total: 91.00\n  reason");
    }),
    Case::new("duplicate-key-english", |site| {
        site.replace(HEAD, "  reason", "  prior_total: 91.00\n  reason");
    })
    .english(),
    Case::new("key-that-is-no-text", |site| {
        site.replace(REPAIRS, "  annual: 年底前完工。", "  {annual: 年底}: 完工");
    }),
    Case::new("empty-file", |site| {
        site.write(SPENDING, "");
    }),
    Case::new("only-comments", |site| {
        site.write(ENTITY, "# 待填\n");
    }),
    Case::new("list-for-a-map", |site| {
        site.write(SPENDING, "- table: spending\n- rows: []\n");
    }),
    Case::new("text-for-a-map", |site| {
        site.write(HEAD, "见附件\n");
    }),
];

#[test]
fn what_is_no_yaml_is_shown_with_what_to_write_instead() {
    run_all(CASES);
}

#[test]
fn a_file_of_nothing_but_faults_stops_at_a_hundred() {
    let site = super::built();
    site.write(ENTITY, "name: 甲\n".repeat(5000));
    let found = super::check(site.root());
    let faults = found.iter().filter(|found| found.is_fault());
    assert_eq!(faults.count(), 100);
}
