//! The ring: one true arc a slice, at true scale, with the finding written in its hole.

use std::iter::{Once, once};

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};
use rust_decimal::Decimal;

use super::sentence::Finding;
use super::svg::Svg;
use super::{Part, hole, id, money, parts};
use crate::model::amount::{Amount, at_scale};
use crate::model::chart::Chart;

/// CSS pixels of a side of the drawing. It fits a phone of 320 px unscaled.
const SIDE: u32 = 256;
const CENTRE: BackendCoord = (128, 128);
const OUTER: u32 = 124;
const HOLE: u32 = 82;

const HALF_TURN: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// Turns that make 6 px in the middle of the ring. An edge beside a thinner slice would hide it.
const WIDE: Decimal = Decimal::from_parts(93, 0, 0, false, 4);

pub(super) type Area<'a> = DrawingArea<Svg<'a>, Shift>;
pub(super) type Failure<'a> = DrawingAreaErrorKind<<Svg<'a> as DrawingBackend>::ErrorType>;

/// Slices around the centre, clockwise from twelve o'clock.
struct Ring {
    arcs: Vec<Arc>,
}

struct Arc {
    class: &'static str,
    title: String,
    /// Turns, from 0 to 1.
    from: Decimal,
    to: Decimal,
}

impl Arc {
    fn is_wide(&self) -> bool {
        self.to.saturating_sub(self.from) >= WIDE
    }
}

/// The arcs of the drawn parts. They close the circle whatever the rounding of the total.
fn arcs(parts: &[Part<'_>]) -> Option<Vec<Arc>> {
    let drawn = || parts.iter().filter(|part| part.is_drawn());
    let value = |part: &Part<'_>| part.slice.amount.map(Amount::value);
    let whole = drawn()
        .filter_map(value)
        .try_fold(Decimal::ZERO, Decimal::checked_add)?;
    let mut done = Decimal::ZERO;
    drawn()
        .map(|part| {
            let from = done.checked_div(whole)?;
            done = done.checked_add(value(part)?)?;
            Some(Arc {
                class: part.class?,
                title: part.text(),
                from,
                to: done.checked_div(whole)?,
            })
        })
        .collect()
}

/// Only the `<svg>` of the ring; empty where nothing can be drawn.
#[must_use]
#[expect(
    clippy::missing_panics_doc,
    reason = "a drawing into memory does not fail"
)]
pub fn ring_svg(chart: &Chart, id_prefix: &str) -> String {
    let parts = parts(chart);
    let (Some(arcs), Some(finding)) = (arcs(&parts), Finding::of(&parts, chart.total)) else {
        return String::new();
    };
    let written = parts.iter().filter(|part| part.slice.amount.is_some());
    let texts: Vec<String> = written.map(Part::text).collect();
    let description = format!("{}；合计：{}。", texts.join("；"), money(chart.total));
    let mut lines = Vec::new();
    let svg = Svg::open(
        &mut lines,
        (SIDE, SIDE),
        "ring",
        &id(chart, id_prefix),
        (&chart.title, &description),
    );
    draw(svg, &Ring { arcs }, &finding, chart.total).expect("lines in memory take any drawing");
    lines.join("\n")
}

fn draw<'a>(
    svg: Svg<'a>,
    ring: &Ring,
    finding: &Finding<'_, '_>,
    total: Amount,
) -> Result<(), Failure<'a>> {
    let area = svg.into_drawing_area();
    area.draw(ring)?;
    hole::write(&area, CENTRE, finding, total)?;
    area.present()
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Ring {
    type Point = BackendCoord;
    type IntoIter = Once<BackendCoord>;

    fn point_iter(self) -> Self::IntoIter {
        once(CENTRE)
    }
}

impl Drawable<Svg<'_>> for Ring {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        centres: I,
        svg: &mut Svg<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<<Svg<'_> as DrawingBackend>::ErrorType>> {
        for centre in centres {
            for arc in &self.arcs {
                let class = format!("slice {}", arc.class);
                svg.titled_path(&class, &arc.title, &outline(centre, arc));
            }
            let before = self.arcs.last().into_iter().chain(&self.arcs);
            for (before, arc) in before.zip(&self.arcs) {
                if self.arcs.len() > 1 && before.is_wide() && arc.is_wide() {
                    let (hole, rim) = (
                        point(centre, HOLE, arc.from),
                        point(centre, OUTER, arc.from),
                    );
                    svg.path("edge", &format!("M{hole}L{rim}"));
                }
            }
        }
        Ok(())
    }
}

/// The outline of a slice; of a whole ring, two circles.
fn outline(centre: BackendCoord, arc: &Arc) -> String {
    let between = if arc.to.saturating_sub(arc.from) == Decimal::ONE {
        "ZM"
    } else {
        "L"
    };
    format!(
        "M{}{}{between}{}{}Z",
        point(centre, OUTER, arc.from),
        curve(centre, OUTER, arc.from, arc.to),
        point(centre, HOLE, arc.to),
        curve(centre, HOLE, arc.to, arc.from),
    )
}

/// A curve from one turn to another. Over half a turn it goes in two steps: ends that round to the
/// same point would otherwise make it vanish.
fn curve(centre: BackendCoord, radius: u32, from: Decimal, to: Decimal) -> String {
    let clockwise = u8::from(to > from);
    let step = |to| {
        format!(
            "A{radius} {radius} 0 0 {clockwise} {}",
            point(centre, radius, to)
        )
    };
    if to.saturating_sub(from).abs() > HALF_TURN {
        step(from.saturating_add(to).saturating_mul(HALF_TURN)) + &step(to)
    } else {
        step(to)
    }
}

/// The one place where figures become floats: a point of the circle, with two decimals.
#[expect(
    clippy::float_arithmetic,
    reason = "sine and cosine; libm gives the same bytes on every machine"
)]
fn point((x, y): BackendCoord, radius: u32, turn: Decimal) -> String {
    let billionths = at_scale(turn, 9);
    let billionths = i32::try_from(billionths.mantissa()).expect("a turn is 0 to 1");
    let angle = f64::from(billionths) / 1e9 * std::f64::consts::TAU;
    let radius = f64::from(radius);
    format!(
        "{} {}",
        coordinate(f64::from(x) + radius * libm::sin(angle)),
        coordinate(f64::from(y) - radius * libm::cos(angle))
    )
}

/// Two decimals, without trailing zeros and without `-0`.
fn coordinate(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0",
        text => text,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chart, wan};
    use super::*;

    #[test]
    fn arcs_close_the_circle_even_where_the_total_is_off_by_rounding() {
        let mut chart = chart(&[
            Some("3711.85"),
            Some("32.88"),
            None,
            Some("18.93"),
            Some("1.08"),
        ]);
        chart.total = wan("3764.75");
        let parts = parts(&chart);
        let arcs = arcs(&parts).expect("amounts");
        assert_eq!(arcs.len(), 4);
        assert_eq!(arcs[0].from, Decimal::ZERO);
        assert_eq!(arcs[3].to, Decimal::ONE);
        for pair in arcs.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
        }
    }

    #[test]
    fn a_whole_ring_is_two_circles_of_two_curves_each() {
        let svg = ring_svg(&chart(&[None, Some("5.00")]), "");
        let d = "M128 4A124 124 0 0 1 128 252A124 124 0 0 1 128 4ZM128 46A82 82 0 0 0 128 210A82 82 0 0 0 128 46Z";
        assert!(svg.contains(&format!(r#"<path d="{d}"/>"#)), "{svg}");
        assert!(!svg.contains("edge"));
    }

    #[test]
    fn a_slice_that_leaves_next_to_nothing_is_still_drawn_whole() {
        let svg = ring_svg(&chart(&[Some("99999999.99"), Some("0.01")]), "");
        assert!(
            svg.contains("M128 4A124 124 0 0 1 128 252A124 124 0 0 1 128 4L"),
            "{svg}"
        );
        assert_eq!(svg.matches(r#"<g class="slice"#).count(), 2);
    }

    #[test]
    fn edges_part_wide_slices_only() {
        for (amounts, edges) in [
            (vec![Some("50"), Some("50")], 2),
            (vec![Some("50"), Some("49.5"), Some("0.5")], 1),
            (
                vec![Some("98.6"), Some("0.87"), Some("0.5"), Some("0.03")],
                0,
            ),
        ] {
            let svg = ring_svg(&chart(&amounts), "");
            assert_eq!(svg.matches(r#"class="edge""#).count(), edges, "{amounts:?}");
        }
    }

    #[test]
    fn coordinates_have_two_decimals_and_no_negative_zero() {
        for (value, text) in [
            (-0.001, "0"),
            (0.125, "0.12"),
            (128.0, "128"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(coordinate(value), text);
        }
    }
}
