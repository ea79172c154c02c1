//! What the second standard says that the built-in one does not: every way in which published forms
//! differ, on the pages of `tests/cases/second`.

use scraper::Html;

use crate::pages::{Built, all, below, by_id, cells, numbered, rows, second, text};
use crate::support::{Site, copy};

const FOLDER: &str = "qinghe-library/2024-final";

fn page(name: &str) -> Html {
    second().page(&format!("{FOLDER}/{name}.html"))
}

/// The header of the first table of a page: per row its words with the columns and rows they span.
fn header(page: &Html) -> Vec<Vec<(String, u8, u8)>> {
    below(all(page, "table.figures")[0], "thead tr")
        .into_iter()
        .map(|row| {
            below(row, "th, td")
                .into_iter()
                .map(|cell| {
                    let span = |name| cell.value().attr(name).map_or(1, |n| n.parse().expect(n));
                    (text(cell), span("colspan"), span("rowspan"))
                })
                .collect()
        })
        .collect()
}

/// The text of the cell at `row.column`.
fn cell(page: &Html, anchor: &str) -> String {
    text(by_id(page, anchor).unwrap_or_else(|| panic!("no {anchor}")))
}

#[test]
fn a_header_is_three_deep_over_a_row_of_column_numbers() {
    let cell = |words: &str, columns, rows| (words.to_owned(), columns, rows);
    let figures = ["1", "2", "3", "4", "5", "6"].map(|number| cell(number, 1, 1));
    let mut numbers = vec![cell("甲", 3, 1), cell("乙", 1, 1)];
    numbers.extend(figures);
    assert_eq!(
        header(&page("t02")),
        [
            vec![
                cell("功能分类科目", 4, 1),
                cell("年初预算数", 1, 3),
                cell("2024年度决算数", 3, 1),
                cell("决算与预算比较", 2, 1),
            ],
            vec![
                cell("科目编码", 3, 1),
                cell("科目名称", 1, 2),
                cell("合计", 1, 2),
                cell("基本支出", 1, 2),
                cell("项目支出", 1, 2),
                cell("差额", 1, 2),
                cell("完成预算（%）", 1, 2),
            ],
            vec![cell("类", 1, 1), cell("款", 1, 1), cell("项", 1, 1)],
            numbers,
        ]
    );
}

#[test]
fn a_header_cell_without_words_is_no_header() {
    for (path, _) in second().pages() {
        let page = second().page(path);
        for heading in all(&page, "th") {
            assert!(!text(heading).is_empty(), "{path}");
        }
    }
    let numbers = header(&page("t01")).pop().expect("a row of numbers");
    let words: Vec<String> = numbers.into_iter().map(|cell| cell.0).collect();
    assert_eq!(words, ["栏次", "", "1", "2"]);
}

#[test]
fn a_code_is_split_into_three_columns_and_the_total_stands_last() {
    let page = page("t02");
    let rows = rows(numbered(&page, "公开02表")[0]);
    let starts: Vec<&[String]> = rows.iter().map(|row| &row[..4]).collect();
    assert_eq!(starts[0], ["207", "", "", "文化旅游体育与传媒支出"]);
    assert_eq!(starts[1], ["207", "01", "", "文化和旅游"]);
    assert_eq!(starts[2], ["207", "01", "04", "图书馆"]);
    assert_eq!(rows.len(), 16);
    let last = rows.last().expect("a total");
    assert_eq!(last[..3], ["合计", "2,400,000.00", "2,372,000.00"]);
    let total = by_id(&page, "r-total").expect("a total");
    assert_eq!(below(total, "th[colspan='4']").len(), 1);
}

#[test]
fn differences_and_percents_are_computed_from_their_columns() {
    let page = page("t02");
    for (row, difference, rate) in [
        ("207", "-31,234.60", "98.44"),
        ("2070104", "-81,234.60", "95.94"),
        ("208", "4,500.00", "102.14"),
        ("2080506", "1,000.00", "101.43"),
        ("210", "-1,265.40", "98.59"),
        ("221", "0.00", "100.00"),
        ("total", "-28,000.00", "98.83"),
    ] {
        assert_eq!(cell(&page, &format!("r-{row}.difference")), difference);
        assert_eq!(cell(&page, &format!("r-{row}.rate")), rate, "{row}");
    }
}

#[test]
fn a_zero_or_blank_base_has_a_difference_and_no_percent() {
    let page = page("t02");
    for (row, base, difference) in [("2070199", "0.00", "50,000.00"), ("2080599", "", "500.00")] {
        assert_eq!(cell(&page, &format!("r-{row}.budget")), base);
        assert_eq!(cell(&page, &format!("r-{row}.difference")), difference);
        assert_eq!(cell(&page, &format!("r-{row}.rate")), "");
    }
    let narrative = second().page(&format!("{FOLDER}/narrative.html"));
    let prose: Vec<String> = all(&narrative, ".prose li").into_iter().map(text).collect();
    assert!(prose[0].ends_with("完成年初预算的95.94%。"), "{}", prose[0]);
    assert!(prose[1].ends_with("，年初没有安排预算。"), "{}", prose[1]);
}

#[test]
fn data_in_yuan_are_shown_in_ten_thousands() {
    let page = page("t03");
    let table = numbered(&page, "公开03表")[0];
    assert!(text(below(table, "caption")[0]).contains("单位：万元"));
    let cells: Vec<Vec<String>> = rows(table);
    assert_eq!(
        cells,
        [
            ["1", "1. 因公出国（境）费", "0.00", "0.00", "0.00", ""],
            [
                "2",
                "2. 公务用车购置及运行维护费",
                "4.00",
                "3.51",
                "-0.49",
                "-12.25"
            ],
            ["3", "其中：公务用车购置费", "", "", "", ""],
            ["4", "公务用车运行维护费", "4.00", "3.51", "-0.49", "-12.25"],
            ["5", "3. 公务接待费", "0.50", "0.35", "-0.15", "-30.00"],
            ["6", "合计", "4.50", "3.86", "-0.64", "-14.22"],
        ]
    );
    for number in ["公开01表", "公开02表"] {
        let page = second().page(&format!("{FOLDER}/full.html"));
        let caption = text(below(numbered(&page, number)[0], "caption")[0]);
        assert!(caption.contains("单位：元"), "{caption}");
    }
}

#[test]
fn a_figure_is_the_same_in_table_prose_chart_and_overview_whatever_its_unit() {
    let narrative = page("narrative");
    let prose: Vec<String> = all(&narrative, ".prose p").into_iter().map(text).collect();
    let prose = prose.join("\n");
    assert!(
        prose.contains("支出决算3.86万元，年初预算4.50万元"),
        "{prose}"
    );
    assert!(prose.contains("减少0.64万元，下降14.22%"), "{prose}");
    let chart = by_id(&narrative, "chart-three-public").expect("a chart");
    assert_eq!(text(below(chart, ".chart-unit")[0]), "单位：万元");
    assert!(text(chart).contains("公务用车购置及运行维护费 3.51 万元，占 90.93%"));
    let overview = page("index");
    let figures: Vec<String> = all(&overview, ".key-figures dd")
        .into_iter()
        .map(text)
        .collect();
    assert_eq!(figures[2..], ["98.83 %", "3.86 万元"]);
}

#[test]
fn one_table_has_three_blocks_with_their_own_lines() {
    let page = page("t01");
    let tables = numbered(&page, "公开01表");
    assert_eq!(tables.len(), 3);
    let lines: Vec<Vec<String>> = tables
        .iter()
        .map(|table| rows(*table).into_iter().map(|row| row[1].clone()).collect())
        .collect();
    assert_eq!(
        lines[0],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    );
    assert_eq!(lines[1], ["12", "13", "14", "16", "17", "19", "20"]);
    assert_eq!(lines[2], ["21", "22", "23", "24", "25", "26"]);
}

#[test]
fn blank_rows_of_a_form_are_printed_or_left_out_as_it_says() {
    let page = page("t01");
    let names = |at: usize| -> Vec<String> {
        let rows = rows(numbered(&page, "公开01表")[at]);
        rows.into_iter().map(|row| row[0].clone()).collect()
    };
    assert!(names(0).contains(&"二、政府性基金预算财政拨款收入".to_owned()));
    assert!(!names(1).contains(&"一、一般公共服务支出".to_owned()));
    assert_eq!(names(1)[0], "二、文化旅游体育与传媒支出");
}

#[test]
fn rows_that_are_part_of_another_stand_one_deeper() {
    let page = page("t01");
    for (row, class) in [
        ("r-revenue-operating", "l1"),
        ("r-revenue-training", "l2"),
        ("r-by_nature-running", "l2"),
        ("r-revenue-grand_total", "total"),
    ] {
        let found = by_id(&page, row).and_then(|row| row.value().attr("class"));
        assert_eq!(found, Some(class), "{row}");
    }
}

#[test]
fn negative_blank_zero_and_absent_figures_are_four_things() {
    let overall = page("t01");
    assert_eq!(cell(&overall, "r-revenue-other.final"), "-320.50");
    assert_eq!(cell(&overall, "r-revenue-other.budget"), "");
    assert_eq!(cell(&overall, "r-revenue-superior.budget"), "0.00");
    assert_eq!(cell(&page("t04"), "r-bus.cost"), "无数据");
}

#[test]
fn a_table_has_yes_and_no_counts_and_a_column_in_another_unit() {
    let page = page("t04");
    let table = numbered(&page, "公开04表")[0];
    assert_eq!(
        rows(table),
        [
            ["总馆", "是", "7", "86,000", "", "150.25"],
            ["其中：少儿阅览室", "是", "2", "21,500", "", ""],
            ["城东分馆", "是", "2", "12,400", "12,000.00", "20.10"],
            ["流动图书车", "否", "1", "1,600", "", "无数据"],
            ["合计", "", "10", "100,000", "12,000.00", "170.35"],
            ["其中：免费开放", "", "9", "98,400", "12,000.00", "170.35"],
        ]
    );
    let head = cells(below(table, "thead tr")[0]);
    assert_eq!(head.last().map(String::as_str), Some("运行经费（万元）"));
}

#[test]
fn parts_stand_in_the_order_of_the_standard() {
    let full = page("full");
    let parts: Vec<String> = all(&full, ".part > h2").into_iter().map(text).collect();
    assert_eq!(
        parts,
        [
            "第一部分 2024年度单位决算情况说明",
            "第二部分 2024年度单位决算表",
            "第三部分 名词解释",
            "第四部分 单位概况",
            "第五部分 项目支出绩效自评表",
        ]
    );
}

#[test]
fn a_section_is_there_only_when_its_table_has_figures() {
    let narrative = page("narrative");
    let sections: Vec<String> = all(&narrative, ".prose > h2")
        .into_iter()
        .map(text)
        .collect();
    assert_eq!(
        sections,
        [
            "一、收入支出决算总体情况",
            "二、支出决算情况",
            "三、“三公”经费支出决算情况",
            "四、服务情况",
        ]
    );
    assert!(second().files[&format!("{FOLDER}/t05.html")].contains("本年度没有使用政府性基金"));
}

#[test]
fn a_sheet_has_the_form_that_the_standard_gives_it() {
    let page = page("p-collection");
    let facts: Vec<String> = all(&page, ".facts dt").into_iter().map(text).collect();
    assert_eq!(facts, ["实施单位", "自评得分", "公开02表"]);
    let funds = rows(all(&page, "table.figures")[0]);
    assert_eq!(funds[1], ["县级财政拨款", "85.00", "83.40"]);
    let head = cells(below(all(&page, "table.indicators")[0], "thead tr")[0]);
    assert_eq!(head[3..], ["年初预算指标值", "全年执行指标值"]);
}

#[test]
fn next_years_form_is_last_years_with_what_changed() {
    let site = Site::case("second");
    let table = "tables/03-three-public.yaml";
    let changed = site.read(&format!("standards/second/{table}")).replace(
        "title: “三公”经费支出决算表",
        "title: 财政拨款“三公”经费支出决算表",
    );
    site.write(
        "standards/third/standard.yaml",
        "extends: second\ntitle: 县级单位决算公开格式（2025年度）\ntables: [three-public, overall, expenditure, points, fund]\n",
    )
    .write(format!("standards/third/{table}").as_str(), changed);
    let next = "data/qinghe-library/2025-final";
    copy(&site.path(&format!("data/{FOLDER}")), &site.path(next));
    site.replace(
        &format!("{next}/disclosure.yaml"),
        "standard: second",
        "standard: third",
    );
    let built = Built::new(&site);
    let title = |path: &str| text(all(&built.page(path), "h1")[0]);
    let folder = "qinghe-library/2025-final";
    assert_eq!(
        title(&format!("{folder}/t01.html")),
        "公开03表 财政拨款“三公”经费支出决算表"
    );
    assert_eq!(
        title(&format!("{folder}/t02.html")),
        "公开01表 收入支出决算总表"
    );
    assert_eq!(
        title(&format!("{FOLDER}/t03.html")),
        "公开03表 “三公”经费支出决算表"
    );
    let narrative = &built.files[&format!("{folder}/narrative.html")];
    assert!(narrative.contains("t01.html#r-total.final"));
}
