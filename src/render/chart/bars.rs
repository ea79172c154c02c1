//! Bars as small drawings in the cells of a table, so that every name and number stays HTML text.
//!
//! Widths are exact decimals; no float is needed.

use rust_decimal::Decimal;

use super::{Part, percentage};
use crate::model::amount::{Amount, percent};
use crate::model::chart::{Chart, ChartForm};
use crate::render::escape::html;

/// Ends of a scale in percent, from narrow to wide; 100 stands after them.
const SCALES: [u8; 6] = [1, 2, 5, 10, 20, 50];

/// Parts of at most this share (percent) are shown again on a larger scale.
const SMALL: Decimal = Decimal::TEN;

/// The end of the scale for these parts: the next round percentage above the largest.
pub(super) fn scale<'p, 'a: 'p>(parts: impl Iterator<Item = &'p Part<'a>>) -> u8 {
    let largest = parts
        .filter_map(|part| part.share)
        .max()
        .unwrap_or_default();
    let fits = |end: &u8| largest < Decimal::from(*end);
    SCALES.into_iter().find(fits).unwrap_or(100)
}

/// The bar of a part on a scale from 0 to `scale` percent of the total; empty for a blank cell.
pub(super) fn bar(part: &Part<'_>, total: Amount, scale: u8) -> String {
    let Some(amount) = part.slice.amount else {
        return String::new();
    };
    let filled = part.class.map(|class| {
        let times = Decimal::from(100 / scale);
        let width = amount.value().checked_mul(times);
        let width = width.and_then(|value| percent(value, total.value()));
        let width = width.unwrap_or_default().min(Decimal::ONE_HUNDRED);
        format!(
            r#"<rect class="{class}" width="{}" height="10"/>"#,
            width.normalize()
        )
    });
    format!(
        r#"<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="track" width="100" height="10"/>{}</svg>"#,
        filled.unwrap_or_default()
    )
}

/// The header cell over a column of bars: both ends of the scale.
pub(super) fn header(scale: u8) -> String {
    format!(
        r#"<th scope="col"><span class="axis"><span>0</span> <span>{scale}%</span></span></th>"#
    )
}

/// Panel 甲 with all parts on 0–100 % beside a ring, and panel 乙 with the small parts on a larger
/// scale. A chart in bars has all parts in its table, so it needs 乙 only.
pub(super) fn panels(lines: &mut Vec<String>, chart: &Chart, parts: &[Part<'_>]) {
    let mut panels = Vec::new();
    if chart.form == ChartForm::Pie {
        let written = parts.iter().filter(|part| part.share.is_some());
        let written: Vec<_> = written.collect();
        let caption = format!("甲：全部 {} 项，0–100%", written.len());
        panels.push((caption, written, 100));
    }
    let drawn = parts.iter().filter(|part| part.is_drawn());
    let small: Vec<_> = drawn
        .filter(|part| part.share.is_some_and(|share| share <= SMALL))
        .collect();
    if !small.is_empty() {
        let end = scale(small.iter().copied());
        let letter = match chart.form {
            ChartForm::Pie => "乙（放大）",
            ChartForm::Bars => "放大",
        };
        let count = small.len();
        let caption = format!("{letter}：不超过 {SMALL}% 的 {count} 项，0–{end}%");
        panels.push((caption, small, end));
    }
    if panels.is_empty() {
        return;
    }
    lines.push(r#"<div class="chart-panels">"#.to_owned());
    for (caption, parts, end) in panels {
        panel(lines, chart, &parts, &caption, end);
    }
    lines.push("</div>".to_owned());
}

fn panel(lines: &mut Vec<String>, chart: &Chart, parts: &[&Part<'_>], caption: &str, scale: u8) {
    lines.push(r#"<table class="chart-panel">"#.to_owned());
    lines.push(format!("<caption>{caption}</caption>"));
    lines.push("<thead>".to_owned());
    lines.push(format!(
        r#"<tr><th scope="col">项目</th>{}<th scope="col" class="num">占比</th></tr>"#,
        header(scale)
    ));
    lines.push("</thead>".to_owned());
    lines.push("<tbody>".to_owned());
    for part in parts {
        lines.push(format!(
            r#"<tr><th scope="row">{}</th><td>{}</td><td class="num">{}</td></tr>"#,
            html(&part.slice.name),
            bar(part, chart.total, scale),
            part.share.map(percentage).unwrap_or_default()
        ));
    }
    lines.push("</tbody>".to_owned());
    lines.push("</table>".to_owned());
}

#[cfg(test)]
mod tests {
    use super::super::parts;
    use super::super::tests::{chart, wan};
    use super::*;

    #[test]
    fn a_scale_ends_at_the_next_round_percentage() {
        for (amount, end) in [
            ("0.01", 1),
            ("0.99", 1),
            ("1.00", 2),
            ("4.99", 5),
            ("5.00", 10),
            ("19.99", 20),
            ("49.00", 50),
            ("50.00", 100),
            ("100.00", 100),
        ] {
            let mut chart = chart(&[Some(amount)]);
            chart.total = wan("100.00");
            assert_eq!(scale(parts(&chart).iter()), end, "{amount}");
        }
    }

    #[test]
    fn a_bar_is_exact_on_its_scale() {
        let chart = chart(&[
            Some("3711.85"),
            Some("32.88"),
            Some("18.93"),
            Some("1.08"),
            Some("0.00"),
            None,
        ]);
        let parts = parts(&chart);
        let width = |index: usize, scale| {
            let bar = bar(&parts[index], chart.total, scale);
            let filled = bar.split(r#"<rect class="s"#).nth(1)?.to_owned();
            filled.split('"').nth(2).map(str::to_owned)
        };
        assert_eq!(width(0, 100).as_deref(), Some("98.6"));
        assert_eq!(width(1, 1).as_deref(), Some("87.34"));
        assert_eq!(width(3, 1).as_deref(), Some("2.87"));
        assert_eq!(width(4, 100), None);
        assert!(bar(&parts[4], chart.total, 100).contains("track"));
        assert_eq!(bar(&parts[5], chart.total, 100), "");
    }
}
