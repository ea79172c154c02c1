//! Keys and values of `entity.yaml` and `disclosure.yaml`, and keys that any data file may lack.

use super::{BALANCE, Case, ENTITY, FORM, HEAD, SPENDING, STANDARD, run_all};
use crate::support::Site;

pub const CASES: &[Case] = &[
    Case::new("unknown-keys", |site| {
        site.replace(ENTITY, "short_name", "shortname")
            .replace(HEAD, "published", "publish")
            .replace(HEAD, "vehicles", "vehicle")
            .replace(SPENDING, "table: spending", "table: spending\nnodata: 无")
            .replace(
                BALANCE,
                "{id: c210, current: 30.00}",
                "{id: c210, curent: 30.00}",
            );
    }),
    Case::new("unknown-keys-english", |site| {
        site.replace(ENTITY, "short_name", "shortname").replace(
            HEAD,
            "published: 2025-04-02",
            "备注: 无",
        );
    })
    .english(),
    Case::new("unknown-key-far-from-all", |site| {
        site.replace(
            SPENDING,
            "name: 抚恤, total: 70.00",
            "名称: 抚恤, 合计: 70.00",
        );
    }),
    Case::new("entity-without-name", |site| {
        site.replace(ENTITY, "name: 阳城县档案馆\nshort", "short");
    }),
    Case::new("keys-without-a-value", blank).in_full(),
    Case::new("keys-without-a-value-english", blank).english(),
    Case::new("standard-title-without-a-value", |site| {
        site.replace(STANDARD, "title: 小标准", "title: # 小标准");
    }),
    Case::new("standard-id-without-a-value", |site| {
        site.replace(FORM, "id: spending\n", "id:\n");
    }),
    Case::new("dates-in-other-forms", |site| {
        site.replace(HEAD, "published: 2025-04-02", "published: 2026年2月18日")
            .write(
                "data/demo/2025-budget/corrections.yaml",
                "corrections:\n  - date: 2026/2/30\n    reason: x\n    changes: [{where: x, was: a, now: b}]\n",
            )
            .write(
                "data/demo/2025-budget/waivers.yaml",
                "waivers:\n  - {code: sum-rounding, at: x, reason: x, by: x, until: 20261231}\n  - {code: sum-rounding, at: x, reason: x, by: x, until: 明年}\n",
            );
    })
    .in_full(),
    Case::new("entity-kind", |site| {
        site.replace(ENTITY, "kind: unit", "kind: 单位");
    }),
    Case::new("entity-code-unquoted", |site| {
        site.replace(ENTITY, "\"067\"", "067");
    }),
    Case::new("entity-units", |site| {
        site.replace(
            ENTITY,
            "  - {id: archive, name: 阳城县档案馆, nature: 事业单位}",
            "  id: archive",
        );
    }),
    Case::new("entity-name-list", |site| {
        site.replace(
            ENTITY,
            "name: 阳城县档案馆\nshort",
            "name: [阳城县档案馆]\nshort",
        );
    }),
    Case::new("no-standard-named", |site| {
        site.replace(HEAD, "standard: tiny\n", "");
    }),
    Case::new("no-status", |site| {
        site.replace(HEAD, "status: approved\n", "");
    }),
    Case::new("status", |site| {
        site.replace(HEAD, "approved", "已批准");
    }),
    Case::new("published", |site| {
        site.replace(HEAD, "2025-04-02", "2025年4月2日");
    }),
    Case::new("published-on-no-day", |site| {
        site.replace(HEAD, "2025-04-02", "2025-02-30");
    }),
    Case::new("inputs-missing", |site| {
        site.replace(HEAD, "  prior_total: 90.00\n  reason: 新增库房维修\n", "");
    }),
    Case::new("inputs-not-filled-in", |site| {
        site.replace(HEAD, "  prior_total: 90.00\n", "  prior_total:   # 万元\n");
    }),
    Case::new("inputs-missing-english", |site| {
        site.replace(HEAD, "  prior_total: 90.00\n", "");
    })
    .english(),
    Case::new("no-inputs-at-all", |site| {
        let text = site.read(HEAD);
        let at = text.find("inputs").expect("inputs");
        site.write(HEAD, &text[..at]);
    }),
    Case::new("input-types", |site| {
        site.replace(HEAD, "reason: 新增库房维修", "reason: {甲: 乙}")
            .replace(HEAD, "vehicles: 2", "vehicles: 两辆")
            .replace(HEAD, "coverage: 95.50", "coverage: 95.50%");
    }),
    Case::new("inputs-list", |site| {
        site.replace(HEAD, "  prior_total: 90.00", "  - prior_total: 90.00")
            .replace(
                HEAD,
                "  reason: 新增库房维修\n  vehicles: 2\n  coverage: 95.50\n",
                "",
            );
    }),
];

/// Leaves keys that must be there without a value, of each kind of file.
fn blank(site: &Site) {
    site.replace(ENTITY, "name: 阳城县档案馆\nshort", "name:\nshort")
        .replace(HEAD, "status: approved", "status: \"\"")
        .replace(SPENDING, "table: spending", "table:")
        .write("data/demo/2025-budget/waivers.yaml", "waivers:\n");
}

#[test]
fn a_key_that_is_wrong_or_missing_is_shown_with_the_right_one() {
    run_all(CASES);
}
