//! Rules that are not well formed, waivers, and what a release refuses.

use super::{BALANCE, Case, HEAD, OVERVIEW, SPENDING, run_all};
use crate::support::Site;

const RULES: &str = "standards/tiny/rules.yaml";
const WAIVERS: &str = "data/demo/2025-budget/waivers.yaml";

/// A rule that the data does not keep.
const BROKEN: &str = "rules:\n  - id: balance\n    title: 收入总计等于支出合计\n    same: [\"balance.revenue[grand_total].current\", \"spending[total].total\"]\n";

/// A rule that every row of the data keeps.
const SPLIT: &str = "  - {id: split, title: 合计等于基本支出加项目支出, each: \"spending[*]\", equal: {left: total, right: [basic, project]}}\n";

pub const CASES: &[Case] = &[
    Case::new("rule-id", |site| {
        rules(
            site,
            "  - {id: a b, title: 甲, tree: spending}\n  - {id: tree, title: 乙, tree: spending}\n  - {id: tree, title: 丙, tree: spending}\n",
        );
    }),
    Case::new("rule-without-relation", |site| {
        rules(
            site,
            "  - {id: nothing, title: 甲}\n  - {id: two, title: 乙, tree: spending, same: [input.prior_total, input.vehicles]}\n",
        );
    }),
    Case::new("rule-without-relation-english", |site| {
        rules(site, "  - {id: nothing, title: 甲}\n");
    })
    .english(),
    Case::new("rule-lacks-a-part", |site| {
        rules(
            site,
            "  - {id: one, title: 甲, same: [input.prior_total]}\n  - {id: open, title: 乙, bound: {left: input.prior_total}}\n  - {id: nothing, title: 丙, required: {}}\n  - {id: change, title: 丁, required: {reason: reason, now: \"spending[total].total\"}}\n",
        );
    }),
    Case::new("rule-columns", |site| {
        rules(
            site,
            "  - {id: columns, title: 甲, equal: {left: \"spending[total].*\", right: \"projects[level=1].*\"}}\n",
        );
    }),
    Case::new("rule-several-totals", |site| {
        site.replace(
            "standards/tiny/tables/2-balance.yaml",
            "{id: carry_over, name: 上年结转}",
            "{id: carry_over, name: 上年结转, role: total}",
        );
        rules(site, "  - {id: tree, title: 甲, tree: balance.revenue}\n");
    }),
    Case::new("rule-names-nothing", |site| {
        rules(
            site,
            "  - {id: table, title: 甲, tree: spendings}\n  - {id: column, title: 乙, each: \"spending[*]\", equal: {left: totals, right: basic}}\n  - {id: row, title: 丙, same: [\"balance.revenue[total].current\", input.prior_total]}\n  - {id: chart, title: 丁, required: {chart: none}}\n  - {id: list, title: 戊, each: \"spending[*]\", pair: {of: [code], in: none}}\n",
        );
    }),
    Case::new("rule-key", |site| {
        rules(
            site,
            "  - {id: split, title: 甲, eqaul: {left: a, right: b}}\n",
        );
    }),
    Case::new("rule-of-the-disclosure", |site| {
        site.replace(
            HEAD,
            "inputs:",
            "rules:\n  - id: own\n    title: 两张表的合计相同\n    same: [\"spending[total].total\", \"balance.expenditure[grand_total].current\"]\ninputs:",
        );
    }),
    Case::new("rule-of-the-disclosure-at-fault", |site| {
        site.replace(
            HEAD,
            "inputs:",
            "rules:\n  - {id: own, title: 甲, same: [\"spending[total].totals\", input.prior_total]}\ninputs:",
        );
    }),
    Case::new("rule-of-the-disclosure-key", |site| {
        site.replace(
            HEAD,
            "inputs:",
            "rules:\n  - {id: own, title: 甲, sane: [a, b]}\ninputs:",
        );
    }),
    Case::new("hint-digits-swapped", |site| {
        rules(site, SPLIT);
        site.replace(
            SPENDING,
            "死亡抚恤, total: 70.00, basic: 40.00, project: 30.00",
            "死亡抚恤, total: 70.00, basic: 34.00, project: 63.00",
        );
    }),
    Case::new("hint-unit", |site| {
        rules(site, SPLIT);
        site.replace(SPENDING, "卫生健康支出, total: 30.00", "卫生健康支出, total: 300000.00");
        site.remove("standards/tiny/charts.yaml");
        site.replace("standards/tiny/narrative/spending.md", "{{ chart(id=\"structure\") }}", "");
    }),
    Case::new("hint-counted-twice", |site| {
        rules(site, "  - {id: tree, title: 逐级相加, tree: spending}\n");
        site.replace(
            SPENDING,
            "  - {code: \"210\"",
            "  - {code: \"2080802\", name: 伤残抚恤, total: 12.34}\n  - {code: \"210\"",
        );
    }),
    Case::new("hint-left-out", |site| {
        rules(
            site,
            "  - {id: sum, title: 合计等于各类之和, equal: {left: \"spending[total].total\", right: [\"spending[208].total\", 0]}}\n",
        );
    }),
    Case::new("hint-blank", |site| {
        rules(site, SPLIT);
        site.replace(SPENDING, "死亡抚恤, total: 70.00, ", "死亡抚恤, ");
    }),
    Case::new("rule-names-no-row", |site| {
        rules(
            site,
            "  - {id: rows, title: 两个项目相同, same: [\"projects[archive-01].total\", \"projects[archive-99].total\"]}\n",
        );
    }),
    Case::new("waivers-shape", |site| {
        site.write(
            WAIVERS,
            "waivers:\n  - {rule: a, reason: b, by: c}\n  - {code: a, at: b, reason: c, by: d, until: 明年}\n",
        );
    }),
    Case::new("waivers-unread", |site| {
        site.write(RULES, BROKEN).write(
            WAIVERS,
            "waivers:\n  - {code: fact-mismatch, rule: balance, reason: 两张表口径不同, by: [财务科]}\n",
        );
    }),
    Case::new("waivers-list", |site| {
        site.write(WAIVERS, "waiver: []\n");
    }),
    Case::new("approved-with-a-broken-sum", |site| {
        site.write(RULES, BROKEN);
    }),
    Case::new("draft-with-a-broken-sum", |site| {
        site.write(RULES, BROKEN)
            .replace(HEAD, "status: approved", "status: draft");
    })
    .run_as(&["build", "-q"]),
    Case::new("release-of-a-draft", |site| {
        site.replace(HEAD, "status: approved", "status: review");
    })
    .run_as(&["build", "-q", "--release"]),
    Case::new("release-of-a-draft-english", |site| {
        site.replace(HEAD, "status: approved", "status: draft");
    })
    .run_as(&["--lang", "en", "build", "-q", "--release"]),
    Case::new("release-with-a-broken-sum", |site| {
        site.write(RULES, BROKEN);
    })
    .run_as(&["build", "-q", "--release"]),
    Case::new("release-with-a-mark-on-a-page", |site| {
        site.write(
            "templates/base.html",
            "<!doctype html>\n<html lang=\"zh-CN\"><head><title>甲</title></head><body>\n<p>仅供<b>内部</b>审核</p>\n{% block main %}{% endblock main %}\n</body></html>\n",
        );
    })
    .run_as(&["build", "-q", "--release"]),
    Case::new("release-with-a-placeholder-on-a-page", |site| {
        site.write("site.toml", "title = \"XX市预决算公开\"\n");
    })
    .run_as(&["build", "-q", "--release"]),
    Case::new("release-and-draft", |_| ()).run_as(&["build", "--release", "--draft"]),
];

fn rules(site: &Site, rules: &str) {
    site.write(RULES, format!("rules:\n{rules}"));
}

#[test]
fn a_rule_at_fault_is_shown_in_its_file_and_a_release_says_why_it_is_refused() {
    run_all(CASES);
}

/// What `build --release` refuses is what `check --release` refuses, and with the same words.
#[test]
fn a_check_for_release_refuses_what_a_release_refuses() {
    let changes: [fn(&Site); 7] = [
        |_| (),
        |site| {
            site.write(RULES, BROKEN);
        },
        |site| {
            site.replace(HEAD, "status: approved", "status: draft");
        },
        |site| {
            site.write("site.toml", "title = \"XX市预决算公开\"\n");
        },
        |site| {
            site.write(
                "templates/glossary.html",
                "{% extends \"default/glossary.html\" %}{% block content %}<p>征求意见稿</p>{% endblock content %}",
            );
        },
        |site| {
            site.write("static/notes.txt", "内部资料\n");
        },
        |site| {
            let text = site.read(OVERVIEW);
            site.write(OVERVIEW, format!("{text}\n联系电话：13800001234\n"));
        },
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let site = super::built();
        change(&site);
        let build = site.run(&["build", "-q", "--release"]);
        let check = site.run(&["check", "--release"]);
        assert_eq!(build.code, i32::from(at > 0), "{at}: {}", build.stderr);
        assert_eq!(
            (check.code, check.stderr),
            (build.code, build.stderr),
            "{at}"
        );
    }
}

/// A site adds rules to a standard of the program by a file of its own.
#[test]
fn a_file_below_rules_adds_to_the_rules_of_a_standard() {
    let site = Site::reference();
    site.remove("standards").write(
        "standards/shanxi-2025-budget/rules/own.yaml",
        "rules:\n  - id: own\n    title: 自查\n    same: [\"expenditure[total].basic\", \"expenditure[total].project\"]\n",
    );
    let run = site.run(&["check", "--format", "concise"]);
    assert_eq!(run.code, 1);
    let errors: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.contains("错误["))
        .collect();
    assert_eq!(
        errors,
        [
            "data/yq-veterans/2025-budget/tables/03-expenditure.yaml:2:32: 错误[fact-mismatch] 自查：表三 「合计」行 基本支出 449.83 万元，表三 「合计」行 项目支出 3,314.92 万元，相差 2,865.09 万元"
        ]
    );
}

/// A draft is written with its findings on the page; the same data approved is not.
#[test]
fn a_waiver_lets_an_approved_disclosure_through_and_stays_on_the_report() {
    let site = super::built();
    site.write(RULES, BROKEN);
    assert_eq!(site.run(&["build", "-q"]).code, 1);
    site.write(
        WAIVERS,
        "waivers:\n  - {code: fact-mismatch, rule: balance, reason: 两张表口径不同, by: 财务科}\n",
    );
    let run = site.run(&["build", "-q", "--release"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = site.run(&["check"]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stderr,
        format!("豁免[fact-mismatch] {BALANCE}:6：两张表口径不同（财务科）\n\n")
    );
    let page = site.read("public/demo/2025-budget/checks.html");
    assert!(page.contains("两张表口径不同"), "{page}");
    assert!(!site.read(SPENDING).is_empty());
}

/// What is judged beside a fault is answered, and a waiver of what could not be judged is not called unused.
#[test]
fn a_waiver_answers_a_finding_also_beside_a_fault() {
    let site = super::built();
    site.write(
        OVERVIEW,
        "## 一、本单位职责\n\n保管全县档案,提供查阅。\n",
    )
    .write(
        WAIVERS,
        "waivers:\n  - {code: punctuation-half-width, at: overview.md, reason: 照原件, by: 财务科}\n  - {code: fact-mismatch, rule: balance, reason: 两张表口径不同, by: 财务科}\n",
    )
    .replace(SPENDING, "total: {total:", "total: {totall:");
    let run = site.run(&["check"]);
    assert_eq!(run.code, 1);
    let answered = format!("豁免[punctuation-half-width] {OVERVIEW}:3：照原件（财务科）\n");
    assert!(run.stderr.contains(&answered), "{}", run.stderr);
    assert!(run.stderr.contains("错误[unknown-key]"), "{}", run.stderr);
    for absent in ["警告[", "waiver-unused"] {
        assert!(!run.stderr.contains(absent), "{}", run.stderr);
    }
}
