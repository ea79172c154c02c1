//! Figures that somebody typed into the prose of the reference site, and figures that stand out.

use gongkai::diagnostic::{Class, Diagnostic, Severity};

use crate::faults::check;
use crate::support::Site;

const FOLDER: &str = "data/yq-veterans/2025-budget";

/// Findings of these checks as `code place: sentence`.
fn found(site: &Site) -> Vec<String> {
    check(site.root())
        .iter()
        .filter(|found| found.code.starts_with("figure-") || found.code.starts_with("outlier-"))
        .map(|found| {
            assert_eq!(found.class, Class::Finding);
            let severity = match &found.code[..6] {
                "figure" => Severity::Warning,
                _ => Severity::Note,
            };
            assert_eq!(found.severity, severity, "{}", found.code);
            let place = found.location.to_string();
            let place = place.strip_prefix(FOLDER).unwrap_or(&place);
            format!("{} {place}: {}", found.code, found.say.zh)
        })
        .collect()
}

/// The reference site with one more paragraph in its overview.
fn overview(text: &str) -> Site {
    let site = Site::reference();
    let path = format!("{FOLDER}/overview.md");
    let own = site.read(&path);
    site.write(&path, format!("{text}\n\n{own}"));
    site
}

/// The reference site with a hand-written section.
fn section(id: &str, text: &str) -> Site {
    let site = Site::reference();
    site.write(&format!("{FOLDER}/narrative/{id}.md"), text);
    site
}

/// The one finding of a site, whole.
fn only(site: &Site, code: &str) -> Diagnostic {
    let mut all = check(site.root());
    all.retain(|found| found.code == code);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn the_reference_site_has_no_such_findings() {
    assert_eq!(found(&Site::reference()), [""; 0]);
}

#[test]
fn a_figure_one_cent_off_names_the_figure_that_is_meant() {
    let site = section(
        "performance",
        "### （一）整体绩效目标\n\n涉及预算资金3,764.74万元，其中基本支出449.82万元，项目支出3,314.92万元。\n",
    );
    assert_eq!(
        found(&site),
        [
            "figure-unknown /narrative/performance.md:3:24: 正文写「基本支出」449.82 万元，各表的基本支出没有这个数；最接近的是表三 「合计」行 基本支出 449.83 万元"
        ]
    );
    let finding = only(&site, "figure-unknown");
    assert_eq!(
        finding.hint.expect("a hint").zh,
        "用 `{{ cell(at=\"expenditure[total].basic\") }}` 取数，或改正这个数"
    );
    let detail = finding.detail.expect("details");
    assert_eq!(detail.at.as_deref(), Some("expenditure[total].basic"));
    assert_eq!(detail.expected.as_deref(), Some("449.83 万元"));
    assert_eq!(detail.found.as_deref(), Some("449.82 万元"));
}

#[test]
fn a_figure_under_the_name_of_another_names_its_own() {
    let site = section(
        "general-public",
        "### 支出结构\n\n当年支出3,764.74万元，按用途分：一般公共预算支出1.08万元，占0.03%；社会保障和就业支出3,711.85万元，占98.60%。\n",
    );
    assert_eq!(
        found(&site),
        [
            "figure-label /narrative/general-public.md:3:29: 1.08 万元是「一般公共服务支出」（表一 支出 第 201 行 2025年合计），正文写成「一般公共预算支出」"
        ]
    );
}

#[test]
fn typed_figures_that_are_right_are_left_alone() {
    for text in [
        // as tables print them, in other units, and rounded
        "2025年收支总计3,764.74万元，即0.38亿元、37,647,400元；基本支出449.8万元，项目支出3314.92 万元。",
        "“三公”经费6.2万元，其中公务接待费0.80万元，因公出国（境）费0万元。",
        "一般公共服务支出（类）1.08万元，占0.03%；社会保障和就业支出**3,711.85**万元，占98.60％。",
        // computed by sentences and rules
        "比上年减少66.26万元，下降1.73%。公开目标的项目502.36万元，占15.15%。",
        // sums of rules
        "货物和服务类采购以外，三项共49.68万元。",
        // names that nobody has
        "本部门的各类资金3,764.74万元。",
        // a heading that says whose figure it is
        "一般公共服务支出方面，一般公共预算支出1.08万元。",
        // no figures of the budget
        "原值50万元以上的设备0台，每人每月补助600元，满意度达到95%，完成率100%。",
        // bound, or no prose
        "支出{{ cell(at=\"expenditure[total].totl\") }}万元，`12.34万元`，[表](t03.html#12.34万元)<!-- 12.34万元 -->",
    ] {
        assert_eq!(found(&overview(text)), [""; 0], "{text}");
    }
}

#[test]
fn typed_figures_that_are_wrong_are_pointed_at() {
    for (text, says) in [
        (
            "收支总计3,764.47万元。",
            "figure-unknown /overview.md:1:5: 正文写 3,764.47 万元，各表没有这个数；最接近的是表一 收入 「本年收入合计」行 2025年 3,764.74 万元",
        ),
        (
            "基本支出占11.94%。",
            "figure-unknown /overview.md:1:6: 正文写 11.94%，各表里没有、也算不出这个百分数；最接近的是11.95%（449.83 ÷ 3,764.74）",
        ),
        (
            "卫生健康支出32.88万元。",
            "figure-label /overview.md:1:7: 32.88 万元是「住房保障支出」（表一 支出 第 221 行 2025年合计），正文写成「卫生健康支出」",
        ),
        (
            "公务接待费0.81万元。",
            "figure-unknown /overview.md:1:6: 正文写「公务接待费」0.81 万元，各表的公务接待费没有这个数；最接近的是表六 第 30217 行 合计 0.80 万元",
        ),
    ] {
        assert_eq!(found(&overview(text)), [says], "{text}");
    }
}

#[test]
fn numbers_at_the_limits_are_unknown_and_nothing_worse() {
    let site = overview(
        "9999999999999999999999999999亿元。0.0000000000000000000000000001元。0.9999999999999999999999999999%。\n\n\
         {{ 5万元\n\n[5万元](x\n\n（（5万元）",
    );
    let found = found(&site);
    assert!(found.iter().all(|line| line.starts_with("figure-unknown")));
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn a_large_change_is_noted_until_its_reason_is_written() {
    let site = Site::reference();
    let head = format!("{FOLDER}/disclosure.yaml");
    site.replace(
        &head,
        "prior_three_public: 5.40",
        "prior_three_public: 4.00",
    );
    assert_eq!(found(&site), [""; 0]);
    let reason = "  reason_three_public: 按照预算编制要求，本年度列入了公务接待费预算，上年度没有安排此项预算\n";
    site.replace(&head, reason, "");
    assert_eq!(
        found(&site),
        [
            "outlier-change /tables/10-three-public.yaml:6:34: 表十 「合计」行 合计 6.20 万元，表外数据 上年“三公”经费预算数 4.00 万元，增长 55.00%，超过 30%，没有写原因"
        ]
    );
}

#[test]
fn a_standard_sets_its_own_threshold() {
    let site = Site::case("tiny");
    site.replace(
        "standards/tiny/standard.yaml",
        "unit: 万元\n",
        "unit: 万元\noutlier_percent: 10\n",
    );
    assert_eq!(found(&site).len(), 1);
    site.replace(
        "standards/tiny/standard.yaml",
        "prior: input.prior_total}",
        "prior: input.prior_total, reason: reason}",
    );
    assert_eq!(found(&site), [""; 0]);
    site.replace(
        "standards/tiny/standard.yaml",
        "reason: reason}",
        "reason: coverage}",
    );
    let finding = only(&site, "standard-invalid");
    assert_eq!(finding.say.zh, "`coverage` 不是文字类的表外数据");
}

#[test]
fn a_figure_in_the_wrong_unit_is_noted() {
    let site = Site::reference();
    site.replace(
        &format!("{FOLDER}/tables/12-projects.yaml"),
        "name: 军转干部培训经费, total: 7.00,",
        "name: 军转干部培训经费, total: 150000.00,",
    );
    assert_eq!(
        found(&site),
        [
            "outlier-unit /tables/12-projects.yaml:19:48: 表十二 「军转干部培训经费」行 合计 150,000.00 万元，是同列其他数（中位数 14.88 万元）的约一万倍，是不是把元填成了万元？"
        ]
    );
}

#[test]
fn one_rule_holds_for_all_prose() {
    let head = "data/yq-veterans/2025-budget/disclosure.yaml";
    let sheet = "data/yq-veterans/2025-budget/projects/02-festival-visits.yaml";
    let site = Site::reference();
    site.replace(
        head,
        "reason_agency_operating: 驻村干部的驻村工作经费纳入了公用经费",
        "reason_agency_operating: 驻村工作经费 1133.95 万元纳入了公用经费",
    )
    .replace(
        sheet,
        "元旦、春节和“八一”期间，走访慰问",
        "基本支出449.82万元，花篮每个300元，慰问品1,234.56元，走访慰问",
    );
    let found: Vec<String> = crate::faults::check(site.root())
        .iter()
        .filter(|finding| finding.code.starts_with("figure-"))
        .map(|finding| {
            let (file, _) = finding
                .say
                .zh
                .split_once('；')
                .unwrap_or((&finding.say.zh, ""));
            let (path, line) = (&finding.location.source.path, finding.location.place.line);
            format!(
                "{} {}:{line} {file}",
                finding.code,
                path.rsplit('/').next().unwrap_or(path)
            )
        })
        .collect();
    let line = |file: &str, words: &str| {
        let text = site.read(file);
        text.lines()
            .position(|line| line.contains(words))
            .expect(words)
            + 1
    };
    assert_eq!(
        found,
        [
            format!(
                "figure-unknown disclosure.yaml:{} 正文写 1,133.95 万元，各表没有这个数",
                line(head, "1133.95")
            ),
            format!(
                "figure-unknown 02-festival-visits.yaml:{} 正文写「基本支出」449.82 万元，各表的基本支出没有这个数",
                line(sheet, "449.82")
            ),
        ]
    );
}
