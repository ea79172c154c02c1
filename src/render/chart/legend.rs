//! The table beside a drawing: its legend and, at the same time, its data.

use rust_decimal::Decimal;

use super::{Link, Part, bars, percentage};
use crate::model::amount::Amount;
use crate::model::chart::Chart;
use crate::render::escape::html;

/// What stands beside the words of a row.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    /// The colour of the slice in the ring.
    Key,
    /// A bar, on a scale from 0 to this percentage.
    Bar(u8),
    /// Nothing: the chart has no drawing.
    Nothing,
}

impl Mark {
    /// The cell before the name and the one after it, of which at most one is there.
    fn cells(self, key: impl Fn() -> String, bar: impl Fn(u8) -> String) -> (String, String) {
        match self {
            Self::Key => (key(), String::new()),
            Self::Bar(scale) => (String::new(), bar(scale)),
            Self::Nothing => (String::new(), String::new()),
        }
    }
}

/// The `<table class="chart-data">`: every part in the chart's order, blank ones too, then the total.
pub(super) fn table(
    lines: &mut Vec<String>,
    chart: &Chart,
    parts: &[Part<'_>],
    mark: Mark,
    link: Link<'_>,
) {
    lines.push(r#"<table class="chart-data">"#.to_owned());
    lines.push(format!(
        r#"<caption class="visually-hidden">{}（单位：{}）</caption>"#,
        html(&chart.title),
        chart.total.unit()
    ));
    lines.push("<thead>".to_owned());
    let (key, bar) = mark.cells(|| r#"<th scope="col">图例</th>"#.to_owned(), bars::header);
    lines.push(format!(
        r#"<tr>{key}<th scope="col">项目</th>{bar}<th scope="col" class="num">金额</th><th scope="col" class="num">占比</th></tr>"#
    ));
    lines.push("</thead>".to_owned());
    lines.push("<tbody>".to_owned());
    for part in parts {
        let (key, bar) = mark.cells(
            || cell(&part.class.map(key_svg).unwrap_or_default()),
            |scale| cell(&bars::bar(part, chart.total, scale)),
        );
        let amount = part.slice.amount;
        let amount = amount.map(|amount| linked(amount, &part.slice.at, link));
        lines.push(format!(
            r#"<tr>{key}<th scope="row">{}</th>{bar}{}</tr>"#,
            html(&part.slice.name),
            figures(amount, part.share)
        ));
    }
    lines.push("</tbody>".to_owned());
    lines.push("<tfoot>".to_owned());
    let (key, bar) = mark.cells(|| cell(""), |_| cell(""));
    lines.push(format!(
        r#"<tr class="total">{key}<th scope="row">合计</th>{bar}{}</tr>"#,
        figures(
            Some(linked(chart.total, &chart.total_at, link)),
            chart.total.percent_of(chart.total)
        )
    ));
    lines.push("</tfoot>".to_owned());
    lines.push("</table>".to_owned());
}

fn cell(content: &str) -> String {
    format!("<td>{content}</td>")
}

/// The two cells of figures; blank cells stay blank.
fn figures(amount: Option<String>, share: Option<Decimal>) -> String {
    format!(
        r#"<td class="num">{}</td><td class="num">{}</td>"#,
        amount.unwrap_or_default(),
        share.map(percentage).unwrap_or_default()
    )
}

fn linked(amount: Amount, at: &str, link: Link<'_>) -> String {
    match link(at) {
        Some(address) => format!(r#"<a href="{}">{}</a>"#, html(&address), amount.to_text()),
        None => amount.to_text(),
    }
}

fn key_svg(class: &str) -> String {
    format!(
        r#"<svg class="key" aria-hidden="true" viewBox="0 0 10 10"><rect class="{class}" width="10" height="10"/></svg>"#
    )
}
