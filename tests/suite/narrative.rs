//! The reference site's 情况说明 and charts: what they say, and where each figure leads.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::model::amount::percent;
use rust_decimal::Decimal;
use scraper::{ElementRef, Html};

use crate::pages::{Built, all, below, cells, figure, reference, second, text};

const NARRATIVE: &str = "yq-veterans/2025-budget/narrative.html";
const FULL: &str = "yq-veterans/2025-budget/full.html";

/// Figures and clauses of the seed.
const SAID: [&str; 52] = [
    "3,764.74",
    "66.26",
    "1.73%",
    "449.83",
    "11.95%",
    "3,314.92",
    "88.05%",
    "1.08",
    "0.03%",
    "3,711.85",
    "98.60%",
    "18.93",
    "0.50%",
    "32.88",
    "0.87%",
    "394.37",
    "55.45",
    "6.20",
    "5.40",
    "0.80",
    "28.89",
    "1.49",
    "5.44%",
    "49.68",
    "15.03",
    "5.00",
    "29.65",
    "502.36",
    "15.15%",
    "58.54",
    "3,256.38",
    "52.54",
    "449.82",
    "300",
    "收入总计比上年减少66.26万元，下降1.73%",
    "支出总计比上年减少66.26万元，下降1.73%",
    "基本支出449.83万元，占11.95%",
    "项目支出3,314.92万元，占88.05%",
    "一般公共服务支出1.08万元，占0.03%",
    "社会保障和就业支出3,711.85万元，占98.60%",
    "卫生健康支出18.93万元，占0.50%",
    "住房保障支出32.88万元，占0.87%",
    "人员经费394.37万元",
    "公用经费55.45万元",
    "机关运行经费预算28.89万元，比上年预算数增加1.49万元，增长5.44%",
    "政府采购预算总额49.68万元",
    "货物类采购15.03万元，工程类采购5.00万元，服务类采购29.65万元",
    "32个，涉及金额3,314.92万元",
    "18个，涉及金额502.36万元",
    "15.15%，其中：其他运转类项目7个，金额52.54万元；特定目标类项目11个，金额449.82万元",
    "编制3辆，实有3辆",
    "建筑面积共300平方米",
];

/// What the seed got wrong, or what a computed sentence must never say.
const NEVER: [&str; 5] = [
    "一般公共预算支出1.08",
    "减少-",
    "增加-",
    "下降-",
    "增长0.00%",
];

/// The text of the narrative's own paragraphs, without charts.
fn prose(page: &Html) -> String {
    all(page, ".prose p, .prose li")
        .into_iter()
        .filter(|element| !element.value().classes().any(|c| c == "chart-sentence"))
        .map(text)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_narrative_says_what_the_seed_says() {
    let prose = prose(&reference().page(NARRATIVE));
    for said in SAID {
        assert!(prose.contains(said), "{said} is missing from\n{prose}");
    }
    for never in NEVER {
        assert!(!prose.contains(never), "{never} stands in\n{prose}");
    }
    assert_eq!(prose.matches("减少66.26万元").count(), 3);
}

#[test]
fn the_whole_document_says_the_same_as_the_narrative() {
    let full = prose(&reference().page(FULL));
    for line in prose(&reference().page(NARRATIVE)).lines() {
        assert!(full.contains(line), "{line}");
    }
}

/// The text of each element of a page that has an id: of a cell, or of the value of an input.
struct Targets<'a> {
    built: &'a Built,
    folder: &'a str,
    known: BTreeMap<String, BTreeMap<String, String>>,
}

impl Targets<'_> {
    /// The text at an address of the folder; `None` where there is nothing.
    fn text(&mut self, file: &str, id: &str) -> Option<&String> {
        if !self.known.contains_key(file) {
            let page = self.built.page(&format!("{}/{file}", self.folder));
            self.known.insert(file.to_owned(), texts(&page));
        }
        self.known[file].get(id)
    }
}

fn texts(page: &Html) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for element in all(page, "td[id], tr[id^='in-'], li[id]") {
        let value = if element.value().name() == "tr" {
            below(element, "td.n").first().copied()
        } else {
            Some(element)
        };
        let id = element.value().id().unwrap_or_default().to_owned();
        texts.insert(id, value.map(figure).unwrap_or_default());
    }
    texts
}

/// Where a link leads: file, which is the page itself when it is not named, and id.
fn address<'a>(link: ElementRef<'a>, page: &'a str) -> (&'a str, &'a str) {
    let address = link.value().attr("href").expect("an address");
    let (file, id) = address.split_once('#').expect("an anchor");
    (if file.is_empty() { page } else { file }, id)
}

/// Checks every figure of one page; gives how many lead to cells and how many to computations.
fn check_figures(built: &Built, path: &str) -> (usize, usize) {
    let page = built.page(path);
    let (folder, name) = path.rsplit_once('/').expect("a folder");
    let mut targets = Targets {
        built,
        folder,
        known: BTreeMap::from([(name.to_owned(), texts(&page))]),
    };
    let (mut direct, mut computed) = (0, 0);
    let places = ".prose a[data-at], .prose a[data-how], .sources li a[data-at]";
    for figure in all(&page, places) {
        let shown = text(figure);
        let (file, id) = address(figure, name);
        let target = targets.text(file, id);
        let target = target.unwrap_or_else(|| panic!("{path}: no {file}#{id}"));
        let is_computed = figure.value().attr("data-how").is_some();
        // A result in the steps of another leads to its own steps.
        assert!(is_computed <= id.starts_with("how-"), "{file}#{id}");
        if id.starts_with("how-") {
            assert_eq!(file, name);
            assert!(target.starts_with(&format!("{shown} = ")), "{target}");
            computed += 1;
        } else {
            let blank = target.is_empty() && shown == "0";
            assert!(
                blank || *target == shown,
                "{file}#{id}: {target} and {shown}"
            );
            direct += 1;
        }
    }
    (direct, computed)
}

#[test]
fn every_figure_leads_to_a_cell_that_says_the_same_or_to_its_computation() {
    let (direct, computed) = check_figures(reference(), NARRATIVE);
    assert!(direct > 80 && computed > 20, "{direct} and {computed}");
    assert_eq!(check_figures(reference(), FULL), (direct, computed));
    let (direct, computed) = check_figures(second(), "qinghe-library/2024-final/narrative.html");
    assert!(direct > 20 && computed > 4, "{direct} and {computed}");
}

#[test]
fn no_figure_of_the_narrative_stands_without_a_link() {
    let page = reference().page(NARRATIVE);
    let paragraphs = all(&page, ".prose p, .prose li");
    assert!(paragraphs.len() > 20, "{}", paragraphs.len());
    for paragraph in paragraphs {
        let chart = paragraph.value().classes().any(|c| c == "chart-sentence");
        let plain: String = paragraph
            .children()
            .filter_map(|child| child.value().as_text().map(|text| &**text))
            .collect();
        let amount = plain
            .split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .any(|word| word.contains('.') && word.len() > 2);
        assert!(chart || !amount, "{plain}");
    }
}

/// The number of a text such as `3,764.74`, `-0.64` or `1.73%`.
fn number(text: &str) -> Decimal {
    let plain = text.trim().trim_end_matches('%').replace(',', "");
    Decimal::from_str_exact(&plain).unwrap_or_else(|_| panic!("{text}"))
}

/// `a + b`, `a − b` or `a`, in brackets or not.
fn side(text: &str) -> Decimal {
    let text = text.trim().trim_matches(['(', ')']);
    if let Some((left, right)) = text.split_once(" − ") {
        return number(left) - number(right);
    }
    text.split(" + ").map(number).sum()
}

#[test]
fn every_computation_comes_to_its_result() {
    for (site, path) in [
        (reference(), NARRATIVE),
        (second(), "qinghe-library/2024-final/narrative.html"),
    ] {
        let page = site.page(path);
        let steps = all(&page, "li[id^='how-']");
        let ids: BTreeSet<_> = steps.iter().filter_map(|step| step.value().id()).collect();
        assert_eq!(ids.len(), steps.len());
        for step in &steps {
            let line = text(*step);
            let (result, steps) = line.split_once(" = ").expect("a result");
            let found = match steps.split_once(" ÷ ") {
                Some((part, whole)) => percent(side(part), side(whole)).expect(&line),
                None => side(steps),
            };
            assert_eq!(number(result), found, "{line}");
            assert_eq!(result.ends_with('%'), steps.contains('÷'), "{line}");
        }
        assert!(steps.len() > 5);
    }
}

/// Charts by title, with the share of each part as worked out by hand from the seed.
const CHARTS: [(&str, &[&str]); 5] = [
    ("收入预算结构图", &["100.00%", "", "", "", "", ""]),
    ("支出结构：基本支出与项目支出", &["11.95%", "88.05%"]),
    (
        "一般公共预算当年拨款结构图",
        &["0.03%", "98.60%", "0.50%", "0.87%"],
    ),
    ("一般公共预算基本支出结构图", &["84.00%", "12.33%", "3.68%"]),
    ("“三公”经费分布图", &["", "12.90%", "", "87.10%"]),
];

#[test]
fn the_five_charts_stand_in_the_narrative_and_have_their_figures_in_a_table() {
    for path in [NARRATIVE, FULL] {
        let page = reference().page(path);
        let figures = all(&page, "figure.chart");
        assert_eq!(figures.len(), CHARTS.len(), "{path}");
        for (figure, (title, shares)) in figures.into_iter().zip(CHARTS) {
            assert_eq!(text(below(figure, ".chart-title")[0]), title);
            assert!(!below(figure, "svg").is_empty(), "{title}");
            assert!(!text(below(figure, ".chart-sentence")[0]).is_empty());
            let found: Vec<String> = below(figure, ".chart-data tbody tr")
                .into_iter()
                .filter_map(|row| cells(row).pop())
                .collect();
            assert_eq!(found, shares, "{title}");
        }
    }
}

#[test]
fn a_chart_prints_the_figures_of_the_cells_it_is_drawn_from() {
    for (site, folder) in [
        (reference(), "yq-veterans/2025-budget"),
        (second(), "qinghe-library/2024-final"),
    ] {
        let page = site.page(&format!("{folder}/narrative.html"));
        let mut targets = Targets {
            built: site,
            folder,
            known: BTreeMap::new(),
        };
        let links = all(&page, ".chart-data a");
        for link in &links {
            let (file, id) = address(*link, "narrative.html");
            assert_eq!(targets.text(file, id), Some(&text(*link)), "{file}#{id}");
        }
        assert!(links.len() > 8);
    }
}

#[test]
fn a_computed_figure_says_how_it_was_computed() {
    for (built, path) in [
        (reference(), NARRATIVE),
        (second(), "qinghe-library/2024-final/narrative.html"),
    ] {
        let page = built.page(path);
        let figures = all(&page, "a[data-how]");
        assert!(figures.len() > 2, "{path}: {}", figures.len());
        for figure in figures {
            let value = figure.value();
            let id = value.attr("aria-describedby").expect("a description");
            let item = crate::pages::by_id(&page, id).expect(id);
            assert_eq!(value.attr("href"), Some(&*format!("#{id}")));
            assert_eq!(value.attr("data-how"), Some(&*text(item)));
            assert_eq!(value.attr("title"), None);
        }
    }
}

#[test]
fn the_change_of_a_key_figure_opens_to_how_it_was_computed() {
    let page = reference().page("yq-veterans/2025-budget/index.html");
    let changes = all(&page, ".key-figures details");
    assert_eq!(changes.len(), 3);
    assert_eq!(
        text(changes[0]),
        "比上年减少66.26万元，下降1.73% 66.26 = 3,831.00 − 3,764.74 1.73% = 66.26 ÷ 3,831.00"
    );
    assert_eq!(
        below(changes[0], "summary[data-how]")[0]
            .value()
            .attr("data-how"),
        Some("66.26 = 3,831.00 − 3,764.74；1.73% = 66.26 ÷ 3,831.00")
    );
    assert_eq!(below(changes[0], "li a").len(), 4);
}
