//! The finding, written in the hole of the ring.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont, TextStyle};
use plotters_backend::BackendCoord;

use super::percentage;
use super::ring::{Area, Failure};
use super::sentence::Finding;
use crate::model::amount::Amount;

/// Widest line of text in the hole, in CSS pixels.
const WIDEST: u32 = 128;

/// Characters of a name that are tried for one line.
const LONGEST: usize = 40;

/// Writes around the centre: the largest part and its share, then the rest; or, where several parts
/// are equally large, the total.
pub(super) fn write<'a>(
    area: &Area<'a>,
    (x, mut y): BackendCoord,
    finding: &Finding<'_, '_>,
    total: Amount,
) -> Result<(), Failure<'a>> {
    let (name, figure, note) = match (finding.largest.as_slice(), finding.rest_share) {
        ([part], rest) => (
            part.slice.name.as_str(),
            part.share.map(percentage).unwrap_or_default(),
            match (finding.rest.len(), rest) {
                (0, _) | (_, None) => String::new(),
                (others, Some(share)) => format!("其余 {others} 项 {}", percentage(share)),
            },
        ),
        _ => ("合计", total.to_text(), total.unit().to_string()),
    };
    let names = wrap(area, name)?;
    y += match names.len() {
        1 => -30,
        _ => -42,
    };
    for line in names {
        area.draw_text(&line, &style("ring-name", 13), (x, y))?;
        y += 17;
    }
    y += 13;
    for size in [30, 26, 22, 18, 14] {
        let style = style("ring-share", size);
        if size == 14 || area.estimate_text_size(&figure, &style)?.0 <= WIDEST {
            area.draw_text(&figure, &style, (x, y))?;
            break;
        }
    }
    if !note.is_empty() {
        area.draw_text(&note, &style("ring-rest", 13), (x, y + 30))?;
    }
    Ok(())
}

fn style(class: &str, size: i32) -> TextStyle<'_> {
    TextStyle::from((class, size).into_font()).pos(Pos::new(HPos::Center, VPos::Center))
}

/// A name in one line or two of like length; what does not fit is cut, the legend has it in full.
fn wrap<'a>(area: &Area<'a>, name: &str) -> Result<Vec<String>, Failure<'a>> {
    let style = style("ring-name", 13);
    let fits = |text: &str| Ok(area.estimate_text_size(text, &style)?.0 <= WIDEST);
    if fits(name)? {
        return Ok(vec![name.to_owned()]);
    }
    let start = |characters: &[char], mark: &str| {
        for shown in (0..=characters.len().min(LONGEST)).rev() {
            let mut text: String = characters.iter().take(shown).collect();
            if shown < characters.len() {
                text.push_str(mark);
            }
            if fits(&text)? {
                return Ok(text);
            }
        }
        Ok(String::new())
    };
    let characters: Vec<char> = name.chars().collect();
    let first = start(&characters[..characters.len().div_ceil(2)], "")?;
    let second = start(&characters[first.chars().count()..], "…")?;
    Ok(vec![first, second])
}

#[cfg(test)]
mod tests {
    use super::super::ring_svg;
    use super::super::tests::chart;

    #[test]
    fn a_long_name_is_set_in_two_lines_and_cut_where_it_is_longer_still() {
        let texts = |name: &str| {
            let mut chart = chart(&[Some("2"), Some("1")]);
            chart.slices[0].name = name.to_owned();
            let svg = ring_svg(&chart, "");
            let names = svg.lines().filter(|line| line.contains("ring-name"));
            let inner = names.filter_map(|line| line.split(['<', '>']).nth(2));
            inner.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(texts("社会保障和就业支出"), ["社会保障和就业支出"]);
        assert_eq!(
            texts("灾害防治及应急管理支出"),
            ["灾害防治及应", "急管理支出"]
        );
        assert_eq!(
            texts("一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"),
            ["一二三四五六七八九", "十甲乙丙丁戊己庚…"]
        );
    }
}
