//! Whole figures, as a page gets them.

use rust_decimal::Decimal;

use super::*;
use crate::model::amount::{MoneyUnit, read_number};

pub(super) fn wan(text: &str) -> Amount {
    let value = read_number(text).expect("a number").value;
    Amount::new(value, MoneyUnit::WanYuan)
}

/// A pie of these amounts, named 甲 to 壬 and adding up.
pub(super) fn chart(amounts: &[Option<&str>]) -> Chart {
    let slices = amounts.iter().zip("甲乙丙丁戊己庚辛壬".chars());
    let slices: Vec<Slice> = slices
        .map(|(amount, name)| Slice {
            name: name.to_string(),
            amount: amount.map(wan),
            at: format!("table[{name}].total"),
        })
        .collect();
    let sum: Decimal = slices
        .iter()
        .filter_map(|slice| slice.amount)
        .map(Amount::value)
        .sum();
    Chart {
        id: "structure".to_owned(),
        title: "支出结构".to_owned(),
        form: ChartForm::Pie,
        total: Amount::new(sum, MoneyUnit::WanYuan),
        total_at: "table[total].total".to_owned(),
        slices,
    }
}

fn seed() -> Chart {
    let mut chart = chart(&[Some("3711.85"), Some("32.88"), Some("18.93"), Some("1.08")]);
    chart.slices[0].name = "社会保障和就业支出".to_owned();
    chart
}

fn unlinked(chart: &Chart) -> String {
    figure(chart, "", &|_| None)
}

/// What must hold for any figure.
fn check(html: &str) {
    for absent in [
        "style=", "NaN", "-0.00", "<script", "inf", "fill=", "\n\n", "http",
    ] {
        assert!(!html.contains(absent), "{absent} in\n{html}");
    }
    for tag in ["figure", "div", "table", "svg", "g", "tr", "td", "th", "a"] {
        let opened =
            html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(
            opened,
            html.matches(&format!("</{tag}>")).count(),
            "{tag} in\n{html}"
        );
    }
}

#[test]
fn the_seed_chart_has_four_slices_both_panels_and_all_numbers() {
    let html = unlinked(&seed());
    check(&html);
    assert_eq!(html.matches(r#"<g class="slice s"#).count(), 4);
    assert_eq!(html.matches(r#"<table class="chart-panel">"#).count(), 2);
    for present in [
        "<title>社会保障和就业支出：3,711.85 万元，98.60%</title>",
        "<caption>甲：全部 4 项，0–100%</caption>",
        "<caption>乙（放大）：不超过 10% 的 3 项，0–1%</caption>",
        r#"<tr class="total"><td></td><th scope="row">合计</th><td class="num">3,764.74</td><td class="num">100.00%</td></tr>"#,
        "其余 3 项 1.40%",
    ] {
        assert!(html.contains(present), "{present} in\n{html}");
    }
    for share in ["98.60%", "0.87%", "0.50%", "0.03%"] {
        assert!(html.contains(&format!(r#"<td class="num">{share}</td>"#)));
    }
}

#[test]
fn the_svg_is_named_by_its_title_and_description() {
    let svg = ring_svg(&seed(), "index ");
    let head: Vec<&str> = svg.lines().take(3).collect();
    assert_eq!(
        head,
        [
            r#"<svg class="ring" viewBox="0 0 256 256" role="img" aria-labelledby="index-structure-title index-structure-desc">"#,
            r#"<title id="index-structure-title">支出结构</title>"#,
            r#"<desc id="index-structure-desc">社会保障和就业支出：3,711.85 万元，98.60%；乙：32.88 万元，0.87%；丙：18.93 万元，0.50%；丁：1.08 万元，0.03%；合计：3,764.74 万元。</desc>"#,
        ]
    );
    assert!(svg.ends_with("</svg>"));
    assert!(svg.lines().all(|line| line.starts_with('<')));
}

#[test]
fn an_even_chart_needs_no_bars() {
    let html = unlinked(&chart(&[Some("50.00"), Some("30.00"), Some("20.00")]));
    check(&html);
    assert!(!html.contains("chart-panel"));
}

#[test]
fn a_thin_slice_beside_two_large_ones_is_enlarged_alone() {
    let html = unlinked(&chart(&[Some("60.00"), Some("39.50"), Some("0.50")]));
    check(&html);
    assert!(html.contains("乙（放大）：不超过 10% 的 1 项，0–1%"));
}

#[test]
fn the_sentence_says_what_the_data_say() {
    for (amounts, said) in [
        (
            vec![Some("3711.85"), Some("32.88"), Some("18.93"), Some("1.08")],
            "甲 3,711.85 万元，占 98.60%，为最大一项；其余 3 项合计占 1.40%。",
        ),
        (
            vec![None, Some("5.40"), Some("0.00")],
            "乙 5.40 万元，占 100.00%，为唯一一项。",
        ),
        (
            vec![Some("1.00"), Some("3.00")],
            "乙 3.00 万元，占 75.00%，为较大一项；甲 1.00 万元，占 25.00%。",
        ),
        (
            vec![Some("2.00"), Some("2.0")],
            "甲、乙各 2.00 万元，各占 50.00%，金额相等。",
        ),
        (
            vec![Some("2.00"), Some("1.00"), Some("2.00")],
            "甲、丙各 2.00 万元，各占 40.00%，并列最大；乙 1.00 万元，占 20.00%。",
        ),
        (
            vec![Some("1.00"); 5],
            "甲、乙、丙等 5 项各 1.00 万元，各占 20.00%，金额相等。",
        ),
        (vec![Some("0.00"), None], "本年没有安排。"),
        (vec![], "本年没有安排。"),
    ] {
        assert_eq!(sentence(&chart(&amounts)), said);
    }
    let mut bare = chart(&[None]);
    bare.total = wan("8.00");
    assert_eq!(sentence(&bare), "合计 8.00 万元，没有分项金额。");
}

#[test]
fn a_chart_without_a_total_has_words_and_a_table_only() {
    for form in [ChartForm::Pie, ChartForm::Bars] {
        let mut chart = chart(&[Some("0.00"), None]);
        chart.form = form;
        let html = unlinked(&chart);
        check(&html);
        assert!(html.contains("本年没有安排。"));
        assert!(!html.contains("<svg"));
        assert!(html.contains(
            r#"<tr><th scope="row">甲</th><td class="num">0.00</td><td class="num"></td></tr>"#
        ));
        assert_eq!(ring_svg(&chart, ""), "");
    }
}

#[test]
fn a_single_part_has_a_whole_ring_and_no_bars() {
    let html = unlinked(&chart(&[None, Some("5.40"), None]));
    check(&html);
    assert_eq!(html.matches(r#"<g class="slice s1">"#).count(), 1);
    assert!(!html.contains("chart-panel"));
}

#[test]
fn blank_and_zero_parts_have_a_row_and_no_geometry() {
    let html = unlinked(&chart(&[Some("6.00"), None, Some("0.00"), Some("4.00")]));
    check(&html);
    assert_eq!(html.matches(r#"<g class="slice"#).count(), 2);
    assert!(html.contains(
        r#"<tr><td></td><th scope="row">乙</th><td class="num"></td><td class="num"></td></tr>"#
    ));
    assert!(html.contains(r#"<tr><td></td><th scope="row">丙</th><td class="num">0.00</td><td class="num">0.00%</td></tr>"#));
}

#[test]
fn bars_stand_in_the_rows_of_the_data_table() {
    let mut chart = chart(&[Some("40.00"), Some("35.00"), None, Some("25.00")]);
    chart.form = ChartForm::Bars;
    let html = unlinked(&chart);
    check(&html);
    assert!(!html.contains("ring"));
    assert_eq!(html.matches(r#"<svg class="bar""#).count(), 3);
    assert!(html.contains(r#"<span class="axis"><span>0</span> <span>50%</span></span>"#));
    assert!(html.contains(r#"<rect class="s1" width="80" height="10"/>"#));
}

#[test]
fn a_chart_in_bars_is_one_series_and_enlarges_small_parts_once() {
    let mut chart = seed();
    chart.form = ChartForm::Bars;
    let html = unlinked(&chart);
    check(&html);
    assert!(!html.contains("s2") && !html.contains("甲："));
    assert!(html.contains("<caption>放大：不超过 10% 的 3 项，0–1%</caption>"));
}

#[test]
fn amounts_are_linked_where_the_page_has_their_cell() {
    let link = |at: &str| (at != "table[乙].total").then(|| format!("t03.html?a&b#{at}"));
    let html = figure(&chart(&[Some("6.00"), Some("4.00")]), "", &link);
    check(&html);
    assert!(
        html.contains(
            r#"<td class="num"><a href="t03.html?a&amp;b#table[甲].total">6.00</a></td>"#
        )
    );
    assert!(html.contains(r#"<td class="num">4.00</td>"#));
    assert!(html.contains("#table[total].total\">10.00</a>"));
}

#[test]
fn hostile_text_comes_out_as_text() {
    let mut chart = seed();
    let hostile = r#"<script>alert("&'")</script>"#;
    hostile.clone_into(&mut chart.id);
    hostile.clone_into(&mut chart.title);
    for slice in &mut chart.slices {
        hostile.clone_into(&mut slice.name);
        hostile.clone_into(&mut slice.at);
    }
    for form in [ChartForm::Pie, ChartForm::Bars] {
        chart.form = form;
        let html = figure(&chart, r#"""#, &|at| Some(at.to_owned()));
        check(&html);
        assert!(html.contains("&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;"));
    }
}

#[test]
fn neighbours_in_a_ring_differ_in_class() {
    let amounts = ["9", "8", "7", "6", "5", "4", "3", "2", "1"].map(Some);
    let chart = chart(&amounts);
    let classes: Vec<_> = parts(&chart).iter().filter_map(|part| part.class).collect();
    assert_eq!(
        classes,
        ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s2"]
    );
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    assert_eq!(unlinked(&seed()), unlinked(&seed()));
}

#[test]
fn a_name_without_end_costs_no_time() {
    let mut chart = seed();
    chart.slices[0].name = "长".repeat(1_000_000);
    assert!(ring_svg(&chart, "").contains(">长长长长长长长长…</text>"));
}

#[test]
fn figures_at_the_limits_do_not_panic() {
    let huge = "9999999999999999999999999999";
    for amounts in [
        vec![Some(huge)],
        vec![Some(huge), Some("0.01")],
        vec![Some("-1.00"), Some("3.00")],
    ] {
        for form in [ChartForm::Pie, ChartForm::Bars] {
            let mut chart = chart(&amounts);
            chart.form = form;
            check(&unlinked(&chart));
        }
    }
}
