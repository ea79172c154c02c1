//! Kinds of edits that are no figures: each is told where a reviewer looks for it.

use gongkai::diff::report::{Change, Disclosure, Piece, Presence, Report, TextChange};

use super::{compare, side};
use crate::support::Site;

const DATA: &str = "data/yq-veterans/2025-budget/";
const STANDARD: &str = "standards/shanxi-2025-budget/";

fn edited(edit: impl FnOnce(&Site)) -> Report {
    let (old, new) = (Site::reference(), Site::reference());
    edit(&new);
    compare(&side(old.root()), new.root())
}

/// The only disclosure that differs.
fn only(report: &Report) -> &Disclosure {
    assert_eq!(report.disclosures.len(), 1, "{report:#?}");
    &report.disclosures[0]
}

fn ats(texts: &[TextChange]) -> Vec<&str> {
    texts.iter().map(|text| &*text.at).collect()
}

/// What is gone and what came, in a text.
fn turned(pieces: &[Piece]) -> (String, String) {
    let of = |presence| -> String {
        let pieces = pieces.iter().filter(|piece| piece.presence == presence);
        pieces.map(|piece| &*piece.text).collect()
    };
    (of(Presence::Removed), of(Presence::Added))
}

#[test]
fn the_status_and_the_day_are_told() {
    let report = edited(|site| {
        let head = format!("{DATA}disclosure.yaml");
        site.replace(&head, "status: approved", "status: review");
        site.replace(&head, "published: 2025-04-02", "published: 2025-04-03");
    });
    let one = only(&report);
    assert_eq!(ats(&one.texts), ["status", "published"]);
    let told = turned(&one.texts[0].pieces);
    assert_eq!(told, ("approved".to_owned(), "review".to_owned()));
    assert!(one.figures.is_empty() && one.rows.is_empty() && one.checks.is_empty());
    // What is not approved is not found by searching.
    assert_eq!(report.pages.gone, ["yq-veterans/2025-budget/search.js"]);
}

#[test]
fn a_sentence_of_the_overview_is_told() {
    let report = edited(|site| {
        let path = format!("{DATA}overview.md");
        let text = site.read(&path);
        site.write(&path, text + "\n本部门另有一项职责。\n");
    });
    let one = only(&report);
    assert_eq!(ats(&one.texts), ["overview"]);
    assert_eq!(one.texts[0].presence, Presence::Added);
    let told = turned(&one.texts[0].pieces);
    assert_eq!(told, (String::new(), "本部门另有一项职责。".to_owned()));
}

#[test]
fn the_name_of_the_entity_is_the_cause_of_its_sentences() {
    let report = edited(|site| {
        site.replace(
            "data/yq-veterans/entity.yaml",
            "\nname: 阳泉市退役军人事务局",
            "\nname: 阳泉市退役军人事务管理局",
        );
    });
    let one = only(&report);
    assert_eq!(one.texts[0].at, "entity.name");
    let sentences: Vec<_> = one
        .texts
        .iter()
        .filter(|text| text.at.starts_with("sections."))
        .collect();
    assert!(sentences.len() > 5);
    for sentence in sentences {
        let because: Vec<&str> = sentence.because.iter().map(|(at, _)| &**at).collect();
        assert_eq!(because, ["entity.name"], "{sentence:#?}");
    }
}

#[test]
fn what_the_standard_says_of_a_table_is_told() {
    let report = edited(|site| {
        let table = format!("{STANDARD}tables/03-expenditure.yaml");
        site.replace(&table, "title: 项目支出", "title: 项目支出数");
        let rules = format!("{STANDARD}rules.yaml");
        site.replace(
            &rules,
            "title: 收入总计等于支出总计",
            "title: 收入总计和支出总计相等",
        );
    });
    let one = only(&report);
    let rows: Vec<_> = one.rows.iter().map(|row| (row.change, &*row.at)).collect();
    assert_eq!(rows, [(Change::Renamed, "expenditure.project")]);
    let checks: Vec<&str> = one.checks.iter().map(|check| &*check.rule).collect();
    assert_eq!(checks, ["summary-balance"]);
    assert!(one.figures.is_empty());
}

#[test]
fn a_waiver_turns_its_check() {
    let report = edited(|site| {
        let table = format!("{DATA}tables/03-expenditure.yaml");
        site.replace(
            &table,
            "total: 124.90, project: 124.90",
            "total: 124.91, project: 124.90",
        );
    });
    let before = only(&report);
    let broken: Vec<_> = before
        .checks
        .iter()
        .filter(|check| check.rule == "expenditure-revenue")
        .collect();
    assert_eq!(broken.len(), 1);
    let check = broken[0];
    assert_eq!(check.relation, "expenditure[2082804].total");
    assert_eq!(check.place, "表三 › 2082804 拥军优属 › 合计");
    let words =
        |side: &Option<gongkai::diff::report::Verdict>| side.as_ref().map(|one| one.word.clone());
    assert_eq!(words(&check.old).as_deref(), Some("exact"));
    assert_eq!(words(&check.new).as_deref(), Some("broken"));

    let report = edited(|site| {
        let waiver =
            "  - code: pair-unknown\n    rule: sheet-name\n    at: projects/01-martyrs-day.yaml\n";
        let waivers = format!("{DATA}waivers.yaml");
        let text = site.read(&waivers);
        let (before, rest) = text.split_once(waiver).expect("the waiver");
        let (_, after) = rest.split_once("  - code:").expect("the next");
        site.write(&waivers, format!("{before}  - code:{after}"));
    });
    let one = only(&report);
    assert!(one.figures.is_empty() && one.texts.is_empty(), "{one:#?}");
    let waived: Vec<_> = one
        .checks
        .iter()
        .map(|check| {
            let waived = |side: &Option<gongkai::diff::report::Verdict>| {
                side.as_ref().is_some_and(|one| one.waived)
            };
            (waived(&check.old), waived(&check.new))
        })
        .collect();
    assert!(
        !waived.is_empty() && waived.iter().all(|one| *one == (true, false)),
        "{waived:?}"
    );
}

#[test]
fn words_that_are_no_data_are_told_by_their_pages() {
    let report = edited(|site| {
        let waivers = format!("{DATA}waivers.yaml");
        let text = site.read(&waivers);
        site.write(&waivers, text.replacen("reason: ", "reason: 经复核，", 1));
    });
    assert!(report.disclosures.is_empty(), "{report:#?}");
    assert!(
        report
            .pages
            .worded
            .contains(&"yq-veterans/2025-budget/checks.html".to_owned())
    );
    assert_eq!(report.pages.presentation, report.pages.worded.len());

    let report = edited(|site| {
        site.replace(
            "site.toml",
            "title = \"阳泉市部门预决算公开\"",
            "title = \"阳泉市预决算公开\"",
        );
    });
    assert!(report.disclosures.is_empty());
    assert!(report.pages.worded.contains(&"index.html".to_owned()));
}

#[test]
fn funds_of_a_sheet_are_figures_and_its_texts_are_its_own() {
    let report = edited(|site| {
        let sheet = format!("{DATA}projects/02-festival-visits.yaml");
        let text = site.read(&sheet);
        let text = text.replace("120000", "130000");
        site.write(&sheet, text.replace("  plan: ", "  plan: 按月安排，"));
    });
    let one = only(&report);
    let ats: Vec<&str> = one.figures.iter().map(|figure| &*figure.at).collect();
    assert!(
        ats.contains(&"sheets[02-festival-visits].whole.total"),
        "{ats:?}"
    );
    assert!(
        ats.contains(&"sheets[02-festival-visits].whole.city"),
        "{ats:?}"
    );
    let total = one
        .figures
        .iter()
        .find(|figure| figure.at.ends_with("whole.total"));
    let total = total.expect("the total");
    assert_eq!(total.because, ["sheets[02-festival-visits].whole.city"]);
    assert_eq!(
        self::ats(&one.sheets),
        ["sheets[02-festival-visits].texts.plan"]
    );
    assert_eq!(
        turned(&one.sheets[0].pieces),
        (String::new(), "按月安排，".to_owned())
    );
}

#[test]
fn a_sheet_under_another_name_is_the_same_sheet() {
    let report = edited(|site| {
        let (from, to) = (
            format!("{DATA}projects/03-8023-checkup.yaml"),
            format!("{DATA}projects/03-checkup.yaml"),
        );
        let text = site.read(&from);
        site.remove(&from).write(&to, text);
    });
    let one = only(&report);
    assert_eq!(ats(&one.sheets), ["sheets[03-checkup].page"]);
    assert!(one.figures.is_empty() && one.rows.is_empty(), "{one:#?}");
    assert_eq!(
        report.pages.added,
        ["yq-veterans/2025-budget/p-03-checkup.html"]
    );
    assert_eq!(
        report.pages.gone,
        ["yq-veterans/2025-budget/p-03-8023-checkup.html"]
    );
}

#[test]
fn an_empty_table_says_why_and_that_is_told() {
    let report = edited(|site| {
        let table = format!("{DATA}tables/13-projects-carry-over.yaml");
        let text = site.read(&table);
        let at = text.find("no_data: ").expect("a reason") + "no_data: ".len();
        site.write(&table, format!("{}经核实，{}", &text[..at], &text[at..]));
    });
    let one = only(&report);
    let rows: Vec<_> = one.rows.iter().map(|row| (row.change, &*row.at)).collect();
    assert_eq!(rows, [(Change::NoData, "projects-carry-over")]);
}
