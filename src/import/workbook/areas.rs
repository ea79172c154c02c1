//! Rectangles of cells, found by a cell inside them, however large they are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Rectangles that do not overlap.
///
/// Each is cut into runs of rows whose length is a power of two, at most two of a length, so that its cost does not
/// follow its size; the rectangles of a run lie side by side.
#[derive(Debug, Default)]
pub struct Areas {
    /// By the power of two and the number of the run.
    runs: BTreeMap<(u32, usize), Vec<Beside>>,
    /// The powers of two that occur.
    powers: BTreeSet<u32>,
}

/// A rectangle in a run of rows: its first and last column, and its number.
type Beside = (usize, usize, usize);

impl Areas {
    /// Of rectangles in the order of their first rows. Gives the numbers of those that overlap an earlier one too;
    /// they are left out.
    pub fn of(
        rectangles: impl IntoIterator<Item = (RangeInclusive<usize>, RangeInclusive<usize>)>,
    ) -> (Self, Vec<usize>) {
        let mut areas = Self::default();
        let mut overlapping = Vec::new();
        // those that reach the row at hand: by first column the last, and by last row the first column
        let mut open: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ends: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (number, (rows, columns)) in rectangles.into_iter().enumerate() {
            while let Some(&(last, column)) = ends.first()
                && last < *rows.start()
            {
                ends.pop_first();
                open.remove(&column);
            }
            let left = open.range(..=*columns.end()).next_back();
            if left.is_some_and(|(_, last)| last >= columns.start()) {
                overlapping.push(number);
                continue;
            }
            open.insert(*columns.start(), *columns.end());
            ends.insert((*rows.end(), *columns.start()));
            areas.add(&rows, (*columns.start(), *columns.end(), number));
        }
        for run in areas.runs.values_mut() {
            run.sort_unstable();
        }
        (areas, overlapping)
    }

    fn add(&mut self, rows: &RangeInclusive<usize>, columns: Beside) {
        let (mut start, end) = (*rows.start(), rows.end() + 1);
        while start < end {
            let power = start.trailing_zeros().min((end - start).ilog2());
            self.powers.insert(power);
            let run = self.runs.entry((power, start >> power)).or_default();
            run.push(columns);
            start += 1 << power;
        }
    }

    /// The number of the rectangle that holds a cell.
    pub fn at(&self, row: usize, column: usize) -> Option<usize> {
        self.powers.iter().find_map(|&power| {
            let run = self.runs.get(&(power, row >> power))?;
            let before = run.partition_point(|(first, ..)| *first <= column);
            let (_, last, number) = run.get(before.checked_sub(1)?)?;
            (column <= *last).then_some(*number)
        })
    }
}

/// Runs of numbers in order, those that touch joined.
pub fn joined(mut runs: Vec<RangeInclusive<usize>>) -> Vec<RangeInclusive<usize>> {
    runs.sort_unstable_by_key(|run| (*run.start(), *run.end()));
    let mut found: Vec<RangeInclusive<usize>> = Vec::new();
    for run in runs {
        match found.last_mut() {
            Some(last) if *run.start() <= last.end().saturating_add(1) => {
                *last = *last.start()..=*last.end().max(run.end());
            }
            _ => found.push(run),
        }
    }
    found
}

/// The run that holds a number, of runs in order.
pub fn run_of(runs: &[RangeInclusive<usize>], number: usize) -> Option<&RangeInclusive<usize>> {
    let after = runs.partition_point(|run| *run.start() <= number);
    runs.get(after.checked_sub(1)?)
        .filter(|run| run.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::{Areas, joined, run_of};

    #[test]
    fn a_cell_is_in_the_rectangle_that_covers_it() {
        let rectangles = [
            (0..=0, 0..=5),
            (1..=6, 0..=0),
            (1..=1, 1..=2),
            (2..=9, 1..=1),
            // over the one before
            (4..=4, 0..=3),
            (7..=7, 0..=0),
        ];
        let (areas, overlapping) = Areas::of(rectangles.clone());
        assert_eq!(overlapping, [4]);
        for row in 0..12 {
            for column in 0..8 {
                let found = rectangles
                    .iter()
                    .position(|(rows, columns)| rows.contains(&row) && columns.contains(&column));
                let found = found.filter(|number| *number != 4);
                assert_eq!(areas.at(row, column), found, "{row} {column}");
            }
        }
    }

    #[test]
    fn the_cost_of_a_rectangle_does_not_follow_its_size() {
        let tall = (0..16_384).map(|column| (1..=1_048_574, column..=column));
        let (areas, overlapping) = Areas::of(tall);
        assert!(overlapping.is_empty());
        let kept: usize = areas.runs.values().map(Vec::len).sum();
        assert!(kept <= 16_384 * 2 * 20, "{kept}");
        assert_eq!(areas.at(500_000, 7), Some(7));
        assert_eq!(areas.at(0, 7), None);
    }

    #[test]
    fn runs_that_touch_are_one() {
        let runs = joined(vec![8..=9, 0..=2, 3..=3, 1..=1]);
        assert_eq!(runs, [0..=3, 8..=9]);
        assert_eq!(run_of(&runs, 3), Some(&(0..=3)));
        assert_eq!(run_of(&runs, 4), None);
        assert_eq!(run_of(&[], 0), None);
    }
}
