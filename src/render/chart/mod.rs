//! A [`Chart`] turned into page HTML: caption, sentence, ring or bars, data table.
//!
//! One element a line (a table row counts as one), no `style`, no colours. The style sheet has
//! `.s1`…`.s8 {fill}` (a slice, its key and its bars), `.slice`, `.edge` (white line between two wide
//! slices), `.ring`, `.ring-name`, `.ring-share`, `.ring-rest`, `.key`, `.bar`, `.track`, `.axis`, and
//! for layout `.chart`, `.chart-title`, `.chart-unit`, `.chart-sentence`, `.chart-body`,
//! `.chart-data`, `.chart-panels`, `.chart-panel`, `.num`, `.total`, `.visually-hidden`.
//!
//! Black-and-white print needs no patterns: the legend stands in the order of the slices, clockwise
//! from twelve o'clock, edges part them, and every number is in the table.

mod bars;
mod hole;
mod legend;
mod ring;
mod sentence;
mod svg;

use rust_decimal::Decimal;

use self::legend::Mark;
use super::escape::html;
use crate::model::amount::{Amount, grouped};
use crate::model::chart::{Chart, ChartForm, Slice};

pub use ring::ring_svg;
pub use sentence::sentence;

/// Where each slice's cell is found: selector -> address, if the page links it.
pub type Link<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Classes of slices. A ninth slice starts again with the first.
const CLASSES: [&str; 8] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];

/// From this share (percent) on, a ring says only "almost all", so bars stand beside it.
const DOMINANT: Decimal = Decimal::from_parts(90, 0, 0, false, 0);

/// Below this share (percent), a slice is too thin to see, so bars stand beside the ring.
const THIN: Decimal = Decimal::ONE;

/// A slice with what its drawings share.
struct Part<'a> {
    slice: &'a Slice,
    /// Percent of the chart's total, two digits; `None` where there is no amount or no total.
    share: Option<Decimal>,
    /// `None` where nothing is drawn: blank, zero, or no total.
    class: Option<&'static str>,
}

impl Part<'_> {
    const fn is_drawn(&self) -> bool {
        self.class.is_some()
    }

    /// `社会保障和就业支出：3,711.85 万元，98.60%`
    fn text(&self) -> String {
        let mut text = self.slice.name.clone();
        if let Some(amount) = self.slice.amount {
            text.push('：');
            text.push_str(&money(amount));
        }
        if let Some(share) = self.share {
            text.push('，');
            text.push_str(&percentage(share));
        }
        text
    }
}

/// The parts of a chart, in its order. Bars are one series and so of one class; in a ring, classes go
/// to drawn parts only, so that no two neighbours have the same one.
fn parts(chart: &Chart) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(chart.slices.len());
    let mut drawn = 0;
    for slice in &chart.slices {
        let share = slice
            .amount
            .and_then(|amount| amount.percent_of(chart.total));
        let visible = share.is_some()
            && slice
                .amount
                .is_some_and(|amount| amount.value() > Decimal::ZERO);
        let class = visible.then(|| match chart.form {
            ChartForm::Pie => CLASSES[drawn % CLASSES.len()],
            ChartForm::Bars => CLASSES[0],
        });
        drawn += usize::from(visible);
        parts.push(Part {
            slice,
            share,
            class,
        });
    }
    // the last slice touches the first
    if chart.form == ChartForm::Pie
        && drawn > 1
        && drawn % CLASSES.len() == 1
        && let Some(last) = parts.iter_mut().rfind(|part| part.is_drawn())
    {
        last.class = Some(CLASSES[1]);
    }
    parts
}

/// Whether a ring alone would not show these shares.
fn is_uneven(parts: &[Part<'_>]) -> bool {
    let shares = || {
        let drawn = parts.iter().filter(|part| part.is_drawn());
        drawn.filter_map(|part| part.share)
    };
    shares().count() > 1 && shares().any(|share| share >= DOMINANT || share < THIN)
}

/// `3,711.85 万元`
fn money(amount: Amount) -> String {
    format!("{} {}", amount.to_text(), amount.unit())
}

/// `98.60%`
fn percentage(share: Decimal) -> String {
    format!("{}%", grouped(share))
}

/// The id of a chart in its page, with nothing in it that would split or end an attribute.
fn id(chart: &Chart, id_prefix: &str) -> String {
    let keep = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let characters = id_prefix.chars().chain(chart.id.chars());
    characters.map(|c| if keep(c) { c } else { '-' }).collect()
}

/// The `<figure class="chart">` of a chart: caption, headline sentence, drawing(s), data table.
///
/// Where one part has 90 % or more, or one has under 1 %, a ring is followed by bars in two scales.
/// A chart without a total has its sentence and its table only.
#[must_use]
pub fn figure(chart: &Chart, id_prefix: &str, link: Link<'_>) -> String {
    let parts = parts(chart);
    let mut lines = vec![
        format!(r#"<figure class="chart" id="{}">"#, id(chart, id_prefix)),
        "<figcaption>".to_owned(),
        format!(r#"<span class="chart-title">{}</span>"#, html(&chart.title)),
        format!(
            r#"<span class="chart-unit">单位：{}</span>"#,
            chart.total.unit()
        ),
        "</figcaption>".to_owned(),
        format!(
            r#"<p class="chart-sentence">{}</p>"#,
            html(&sentence(chart))
        ),
        r#"<div class="chart-body">"#.to_owned(),
    ];
    let mark = match chart.form {
        _ if !parts.iter().any(Part::is_drawn) => Mark::Nothing,
        ChartForm::Pie => {
            lines.push(ring_svg(chart, id_prefix));
            Mark::Key
        }
        ChartForm::Bars => Mark::Bar(bars::scale(parts.iter())),
    };
    legend::table(&mut lines, chart, &parts, mark, link);
    lines.push("</div>".to_owned());
    if is_uneven(&parts) {
        bars::panels(&mut lines, chart, &parts);
    }
    lines.push("</figure>".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests;
