//! 勾稽核对 on the pages: a proof and findings made by hand over the second site.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongkai::check::text::Rules;
use gongkai::diagnostic::{Detail, Diagnostic, Diagnostics, Severity, Waived};
use gongkai::load::discover::discover;
use gongkai::load::folder;
use gongkai::model::amount::MoneyUnit;
use gongkai::model::disclosure::{Disclosure, Status};
use gongkai::model::proof::{
    At, CellAt, Comparison, Difference, Proof, ProvenRule, Relation, Term, Verdict,
};
use gongkai::model::selector::{Found, Selector};
use gongkai::render::page::SiteView;
use gongkai::render::theme::Theme;
use gongkai::source::Place;
use gongkai::{check, render, say, standard};
use rust_decimal::Decimal;
use scraper::Html;

use crate::pages::{all, below, by_id, cells, text};
use crate::support::Site;

/// The pages of the second site's disclosure after `change`, by name.
fn pages(change: impl FnOnce(&mut Disclosure)) -> BTreeMap<String, String> {
    let site = Site::case("second");
    let mut faults = Diagnostics::default();
    let found = discover(site.root(), &mut faults).expect("a site");
    let theme = Theme::load(&found.disk, &mut faults).expect("templates");
    let view = SiteView::new(&found.config);
    let rules = Rules::new(&found.config);
    let draft = folder::load(&found.disk, &found.disclosures[0], &mut faults);
    let (name, ..) = check::standard_of(&draft, &mut faults).expect("a standard");
    let standard = standard::load(&found.standards, &name, &mut faults).expect("a standard");
    let mut disclosure =
        check::check(&draft, &standard, &rules, &mut faults).expect("a disclosure");
    disclosure.proof = Proof::default();
    disclosure.findings.clear();
    change(&mut disclosure);
    let site = render::Site {
        theme: &theme,
        view: &view,
        draft: false,
    };
    let standard = Arc::new(standard);
    let made = render::disclosure(&site, disclosure, &standard, false, &mut faults);
    assert!(!faults.has_errors(), "{faults:?}");
    made.pages
        .into_iter()
        .filter(|page| page.path.rsplit('.').next() == Some("html"))
        .map(|page| {
            let name = page.path.rsplit('/').next().expect("a name").to_owned();
            (name, String::from_utf8(page.bytes).expect("text"))
        })
        .collect()
}

fn tree(pages: &BTreeMap<String, String>, name: &str) -> Html {
    Html::parse_document(&pages[name])
}

/// The cell that a selector names, or with `-` before it the cell taken away.
fn term(disclosure: &Disclosure, selector: &str) -> Term {
    let (minus, selector) = match selector.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, selector),
    };
    let found = disclosure.find(&Selector::new(selector).expect(selector));
    let Some(Found::Cell {
        table,
        block,
        row,
        column,
        ..
    }) = found
    else {
        panic!("{selector} is no cell");
    };
    let rows = &disclosure.tables[table].blocks[block].rows;
    let row = rows.iter().position(|one| one.id == row.id).expect("there");
    let at = At::Cell(CellAt {
        table,
        block,
        row,
        column,
    });
    Term { minus, at }
}

/// `left = right` with operands between blanks.
fn relation(disclosure: &Disclosure, left: &str, right: &str, verdict: Verdict) -> Relation {
    let side = |text: &str| {
        text.split_whitespace()
            .map(|one| term(disclosure, one))
            .collect()
    };
    Relation {
        label: String::new(),
        left: side(left),
        comparison: Comparison::Equal,
        right: side(right),
        verdict,
        difference: Some(Difference {
            value: Decimal::new(-1, 2),
            bound: Decimal::new(150, 4),
            unit: Some(MoneyUnit::Yuan),
        }),
        waived: false,
    }
}

fn rule(id: &str, relations: Vec<Relation>) -> ProvenRule {
    ProvenRule {
        id: id.into(),
        title: format!("<{id}>"),
        reason: Some("理由".to_owned()),
        origin: Some("来源".to_owned()),
        relations,
    }
}

const TOTAL: &str = "expenditure[total].final";
const CLASSES: &str =
    "expenditure[207].final expenditure[208].final expenditure[210].final expenditure[221].final";

/// One rule whose only relation has this verdict.
fn one_rule(disclosure: &mut Disclosure, verdict: Verdict, waived: bool) {
    let mut only = relation(disclosure, TOTAL, CLASSES, verdict);
    only.waived = waived;
    disclosure.proof.rules = vec![rule("classes", vec![only])];
}

fn finding(disclosure: &Disclosure, severity: Severity, detail: Detail) -> Diagnostic {
    let source = &disclosure.tables[0].source;
    let say = say!("联系电话 138****0000", "telephone 138****0000");
    Diagnostic::finding("personal-phone", severity, source, Place::FILE, say).detail(detail)
}

#[test]
fn a_relation_shows_both_sides_the_sum_the_verdict_and_the_difference() {
    let pages = pages(|disclosure| one_rule(disclosure, Verdict::Rounding, false));
    let checks = tree(&pages, "checks.html");
    let section = by_id(&checks, "rule-classes").expect("the rule");
    assert_eq!(text(below(section, "h3")[0]), "<classes>");
    assert_eq!(text(below(section, ".meta")[0]), "理由（来源：来源）");
    assert_eq!(text(below(section, ".verdict")[0]), "1 个等式四舍五入差");
    assert_eq!(
        cells(below(section, "tbody tr")[0]),
        [
            "2,372,000.00",
            "=",
            "1,968,765.40 + 214,500.00 + 88,734.60 + 100,000.00 = 2,372,000.00",
            "四舍五入差",
            "-0.01",
            "0.015",
        ]
    );
    let operand = below(section, "td.b a")[1].value();
    assert_eq!(operand.attr("href"), Some("t02.html#r-208.final"));
    let name = operand.attr("aria-label").expect("a name");
    assert_eq!(name, "公开02表 第 208 行 合计 214,500.00");
    assert!(by_id(&tree(&pages, "t02.html"), "r-208.final").is_some());
}

#[test]
fn operands_are_taken_away_and_a_blank_counts_as_zero() {
    let pages = pages(|disclosure| {
        let left = "expenditure[2080599].final -expenditure[2080599].project";
        let one = relation(
            disclosure,
            left,
            "-expenditure[total].final overall.revenue[other].final",
            Verdict::Broken,
        );
        disclosure.proof.rules = vec![rule("minus", vec![one])];
    });
    let checks = tree(&pages, "checks.html");
    let sides: Vec<String> = all(&checks, ".relations .a, .relations .b")
        .into_iter()
        .skip(1)
        .map(text)
        .collect();
    let right = "−2,372,000.00 + (-320.50) = -2,372,320.50";
    assert_eq!(sides, ["500.00 − 空白 = 500.00", right]);
}

#[test]
fn many_operands_and_many_exact_relations_are_folded_but_there() {
    let pages = pages(|disclosure| {
        let nine = "expenditure[207].final ".repeat(9);
        let mut relations = vec![relation(disclosure, TOTAL, &nine, Verdict::Rounding)];
        for _ in 0..9 {
            relations.push(relation(disclosure, TOTAL, CLASSES, Verdict::Exact));
        }
        disclosure.proof.rules = vec![rule("many", relations), rule("none", Vec::new())];
    });
    let checks = tree(&pages, "checks.html");
    let folded: Vec<String> = all(&checks, "summary").into_iter().map(text).collect();
    assert_eq!(folded, ["17,718,888.60（9 个数之和）", "其余 9 个等式相符"]);
    assert_eq!(all(&checks, ".relations tbody tr").len(), 10);
    assert_eq!(all(&checks, "details .relations tbody tr").len(), 9);
    let none = by_id(&checks, "rule-none").expect("the rule");
    assert_eq!(text(below(none, ".verdict")[0]), "本公开没有涉及的数据");
    assert!(below(none, "table").is_empty());
}

#[test]
fn a_table_lists_its_rules_and_marks_the_cell_that_did_not_pass() {
    for (verdict, waived, class, word, line) in [
        (Verdict::Broken, false, "broken", "不符", "1 个等式不符"),
        (
            Verdict::Improbable,
            false,
            "improbable",
            "存疑",
            "1 个等式存疑",
        ),
        (
            Verdict::Broken,
            true,
            "waived",
            "已说明",
            "1 个等式不符（已说明）",
        ),
    ] {
        let pages = pages(|disclosure| one_rule(disclosure, verdict, waived));
        for (name, id) in [
            ("t02.html", "r-total.final"),
            ("full.html", "t02-r-total.final"),
        ] {
            let page = tree(&pages, name);
            let cell = by_id(&page, id).expect(id);
            assert_eq!(cell.value().attr("class"), Some(class));
            assert_eq!(text(cell), format!("※ 2,372,000.00 {word}"));
            let link = below(cell, "a")[0].value().attr("href");
            assert_eq!(link, Some("checks.html#rule-classes"));
            assert_eq!(all(&page, ".legend").len(), 1, "{name}");
        }
        let rules = tree(&pages, "t02.html");
        let rules: Vec<String> = all(&rules, ".table-rules li")
            .into_iter()
            .map(text)
            .collect();
        assert_eq!(rules, [format!("<classes> {line}")]);
        let other = tree(&pages, "t01.html");
        assert!(all(&other, ".table-rules, .legend").is_empty());
    }
}

#[test]
fn an_exact_or_rounded_cell_looks_like_any_other() {
    let plain = pages(|_| ());
    for verdict in [Verdict::Exact, Verdict::Rounding] {
        let proven = pages(|disclosure| one_rule(disclosure, verdict, false));
        assert_eq!(proven["full.html"], plain["full.html"]);
    }
}

#[test]
fn the_overview_sums_the_proof_up() {
    let pages = pages(|disclosure| {
        let exact = relation(disclosure, TOTAL, CLASSES, Verdict::Exact);
        let mut broken = relation(disclosure, TOTAL, CLASSES, Verdict::Broken);
        broken.waived = true;
        disclosure.proof.rules = vec![rule("classes", vec![exact.clone(), exact, broken])];
    });
    let index = tree(&pages, "index.html");
    let line = all(&index, "a[href='checks.html'].verdict")[0];
    assert_eq!(text(line), "3 个等式，2 个相符，1 个不符（已说明）");
    assert_eq!(line.value().attr("class"), Some("verdict waived"));
}

#[test]
fn findings_stand_open_before_waived_and_lead_to_their_cell_or_rule() {
    let pages = pages(|disclosure| {
        one_rule(disclosure, Verdict::Broken, false);
        let at_cell = Detail {
            at: Some(TOTAL.to_owned()),
            coordinates: Some("公开02表 「合计」行 决算数".to_owned()),
            matched: Some("13800000000".into()),
            ..Detail::default()
        };
        let of_rule = Detail {
            rule: Some("classes".into()),
            ..Detail::default()
        };
        let mut waived = finding(disclosure, Severity::Error, at_cell.clone());
        waived.waived = Some(Box::new(Waived {
            reason: "原件如此".to_owned(),
            by: "预算科".to_owned(),
            until: Some("2025-12-31".to_owned()),
        }));
        disclosure.findings = vec![
            waived,
            finding(disclosure, Severity::Note, Detail::default()),
            finding(disclosure, Severity::Warning, at_cell),
            finding(disclosure, Severity::Error, of_rule),
        ];
    });
    let checks = tree(&pages, "checks.html");
    let found: Vec<String> = all(&checks, ".findings li").into_iter().map(text).collect();
    assert_eq!(
        found,
        [
            "错误 联系电话 138****0000 personal-phone",
            "警告 联系电话 138****0000 公开02表 「合计」行 决算数 personal-phone",
            "错误（已说明） 联系电话 138****0000 公开02表 「合计」行 决算数 personal-phone 理由：原件如此 决定人：预算科 有效期至：2025-12-31",
        ]
    );
    let links: Vec<&str> = all(&checks, ".findings a")
        .into_iter()
        .filter_map(|link| link.value().attr("href"))
        .collect();
    let cell = "t02.html#r-total.final";
    assert_eq!(links, ["checks.html#rule-classes", cell, cell]);
    for (name, page) in &pages {
        assert!(!page.contains("13800000000"), "{name}");
        assert!(!page.contains("class=\"notice\""), "{name}");
    }
    assert!(all(&tree(&pages, "index.html"), ".findings").is_empty());
}

#[test]
fn a_draft_counts_its_open_findings_on_each_page_and_lists_them_on_the_first() {
    let pages = pages(|disclosure| {
        disclosure.status = Status::Draft;
        for at in 0..23 {
            let severity = if at < 20 {
                Severity::Warning
            } else {
                Severity::Error
            };
            let one = finding(disclosure, severity, Detail::default());
            disclosure.findings.push(one);
        }
    });
    for (name, page) in &pages {
        let page = Html::parse_document(page);
        let notice = text(all(&page, ".watermark + .notice")[0]);
        assert_eq!(notice, "草稿：3 个错误，20 个警告，见勾稽核对", "{name}");
    }
    let index = tree(&pages, "index.html");
    let listed = all(&index, ".findings li");
    assert_eq!(listed.len(), 20);
    assert!(text(listed[2]).starts_with("错误"));
    assert!(text(listed[3]).starts_with("警告"));
    assert_eq!(
        text(all(&index, "a[href='checks.html#findings']")[0]),
        "另有 3 处"
    );
}

#[test]
fn a_draft_without_findings_says_so() {
    let pages = pages(|disclosure| disclosure.status = Status::Review);
    let checks = tree(&pages, "checks.html");
    let notice = text(all(&checks, ".notice")[0]);
    assert_eq!(notice, "草稿：没有待处理的错误和警告，见勾稽核对");
    assert!(all(&checks, ".findings, .rule, .tally").is_empty());
}
