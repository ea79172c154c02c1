//! Cells that are some 10 000 times as large as those beside them: 元 in a column of 万元.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Watch;
use crate::model::amount::Amount;
use crate::model::form::{BlockForm, ColumnKind};
use crate::model::proof::{At, CellAt};
use crate::model::table::Block;
use crate::say;

/// Times that a figure in the wrong unit is as large as its neighbours: 10 000, as far as neighbours
/// are alike.
const SLIP: (u32, u32) = (5_000, 20_000);

/// Neighbours that a figure is held against, at least.
const NEIGHBOURS: usize = 3;

/// Amounts with their rows.
type Group = Vec<(Decimal, usize)>;

impl Watch<'_> {
    /// Cells some 10 000 times as large, or as small, as those beside them.
    pub fn units(&mut self, form: &BlockForm, block: &Block, first: CellAt) {
        let mut parents = None;
        for (column, found) in form.columns.iter().enumerate() {
            if !matches!(found.kind, ColumnKind::Amount { .. }) || found.computed.is_some() {
                continue;
            }
            let parents: &Vec<Option<usize>> = parents.get_or_insert_with(|| block.parents());
            let mut groups: BTreeMap<(Option<usize>, u8), Group> = BTreeMap::new();
            let mut unknown = BTreeSet::new();
            for (row, found) in block.rows.iter().enumerate() {
                if found.cells[column].value.hole().is_some() && !found.total {
                    unknown.insert((parents[row], found.level));
                }
                let amount = found.cells[column].value.amount();
                if let Some(amount) = amount.filter(|amount| !found.total && !amount.is_zero()) {
                    let group = groups.entry((parents[row], found.level)).or_default();
                    group.push((amount.value().abs(), row));
                }
            }
            for (at, mut group) in groups {
                // The median is another with a figure that is not known.
                if block.hole.is_some() || unknown.contains(&at) {
                    self.withheld += usize::from(group.len() >= NEIGHBOURS);
                    continue;
                }
                group.sort_unstable();
                for (row, median, slip) in slips(&group) {
                    let at = At::Cell(CellAt {
                        row,
                        column,
                        ..first
                    });
                    self.slip(&at, median, slip);
                }
            }
        }
    }

    fn slip(&mut self, at: &At, median: Decimal, slip: Slip) {
        let words = self.disclosure.coordinates(at);
        let Some(amount) = self.disclosure.operand_amount(at) else {
            return;
        };
        let (text, unit) = (amount.to_text(), amount.unit());
        let median = Amount::new(median, unit).rounded(amount.scale()).to_text();
        let say = match slip {
            Slip::Large => say!(
                "{words} {text} {unit}，是同列其他数（中位数 {median} {unit}）的约一万倍，是不是把元填成了万元？",
                "{words} {text} {unit} is some 10,000 times the others of its column (median {median} {unit}): was 元 written for 万元?"
            ),
            Slip::Small => say!(
                "{words} {text} {unit}，只有同列其他数（中位数 {median} {unit}）的约万分之一，是不是把万元填成了元？",
                "{words} {text} {unit} is some 10,000th of the others of its column (median {median} {unit}): was 万元 written for 元?"
            ),
        };
        let hint = say!(
            "对照原件核对这一格的计量单位",
            "check the unit of this cell against the original"
        );
        self.finding("outlier-unit", at, say, hint);
    }
}

/// Which way a unit slipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slip {
    Large,
    Small,
}

/// Rows of a sorted group whose figure is in the wrong unit, with the median of the others.
fn slips(group: &[(Decimal, usize)]) -> Vec<(usize, Decimal, Slip)> {
    let (least, most) = (Decimal::from(SLIP.0), Decimal::from(SLIP.1));
    let ratio = |larger: Decimal, smaller: Decimal| larger.checked_div(smaller);
    let slipped = |larger, smaller| {
        ratio(larger, smaller).is_some_and(|times| times >= least && times <= most)
    };
    let (Some(smallest), Some(largest)) = (group.first(), group.last()) else {
        return Vec::new();
    };
    let apart = ratio(largest.0, smallest.0).is_none_or(|times| times >= least);
    if group.len() <= NEIGHBOURS || !apart {
        return Vec::new();
    }
    let mut found: Vec<(usize, Decimal, Slip)> = (0..group.len())
        .filter_map(|at| {
            let (value, row) = group[at];
            let median = median_without(group, at)?;
            if slipped(value, median) {
                return Some((row, median, Slip::Large));
            }
            slipped(median, value).then_some((row, median, Slip::Small))
        })
        .collect();
    found.sort_unstable_by_key(|(row, ..)| *row);
    found
}

/// The median of a sorted group without one of it.
fn median_without(group: &[(Decimal, usize)], left_out: usize) -> Option<Decimal> {
    let at = |index: usize| {
        let index = if index < left_out { index } else { index + 1 };
        group.get(index).map(|(value, _)| *value)
    };
    let others = group.len().checked_sub(1)?;
    let upper = at(others / 2)?;
    if others % 2 == 1 {
        return Some(upper);
    }
    let lower = at((others / 2).checked_sub(1)?)?;
    lower.checked_add(upper)?.checked_div(Decimal::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::read_number;

    #[test]
    fn a_figure_ten_thousand_times_its_three_neighbours_has_slipped() {
        for (group, found) in [
            (
                &["1.00", "2.00", "3.00", "20000.00"][..],
                Some((3, Slip::Large)),
            ),
            (&["1.00", "20000", "30000", "40000"], None),
            (&["3.00", "20000", "30000", "40000"], Some((0, Slip::Small))),
            (&["1.00", "2.00", "20000.00"], None),
            (&["1.00", "2.00", "3.00", "9000.00"], None),
            (&["1.00", "2.00", "3.00", "90000.00"], None),
        ] {
            let group: Vec<(Decimal, usize)> = group
                .iter()
                .enumerate()
                .map(|(row, text)| (read_number(text).expect(text).value, row))
                .collect();
            let slips = slips(&group);
            let slips: Vec<_> = slips.iter().map(|(row, _, slip)| (*row, *slip)).collect();
            assert_eq!(slips, Vec::from_iter(found), "{group:?}");
        }
    }
}
