//! A sheet -> stretches that may hold one table each, cut at the titles of the standard's tables.

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::Context;
use super::grid::Grid;
use super::title::HOLDS;
use crate::model::amount::MoneyUnit;

/// Texts that stand beside a title at most: the number of the table, the unit, other titles.
const BESIDE: usize = 6;

/// A stretch of a sheet.
#[derive(Debug)]
pub struct Region {
    /// Visible rows.
    pub rows: Range<usize>,
    /// Visible columns.
    pub columns: Range<usize>,
    /// Its title as written; empty where it has none.
    pub title: String,
    /// How well the title is that of each table, in percent.
    pub likeness: Vec<usize>,
    /// Whether a title was found, not only the name of the sheet.
    pub titled: bool,
    /// Whether it is a list of tables, not one of them.
    pub contents: bool,
}

/// Rows with titles that make a list of contents.
const LISTED: usize = 3;

/// Cells that a line of such a list has at most.
const LINE: usize = 12;

struct Heading {
    row: usize,
    column: usize,
    /// Whether it is one cell over several columns.
    merged: bool,
    title: String,
    likeness: Vec<usize>,
}

/// Cuts a sheet at its titles. Without a title it is one region, known by the name of the sheet.
pub fn regions(grid: &Grid<'_>, context: &Context<'_>) -> Vec<Region> {
    let rows: Vec<Vec<Heading>> = (0..grid.height())
        .map(|row| headings(grid, row, context))
        .filter(|found| !found.is_empty())
        .collect();
    if rows.is_empty() {
        let name = grid.sheet().to_owned();
        return vec![Region {
            rows: 0..grid.height(),
            columns: 0..grid.width(),
            likeness: context.known.likeness(&name),
            title: name,
            titled: false,
            contents: is_contents(grid, context),
        }];
    }
    let starts: Vec<usize> = rows.iter().map(|found| found[0].row).collect();
    let mut regions = Vec::new();
    for (at, found) in rows.into_iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(grid.height());
        let mut left = 0;
        let mut found = found.into_iter().peekable();
        while let Some(heading) = found.next() {
            let rows = heading.row..end;
            let right = found
                .peek()
                .map_or(grid.width(), |next| border(grid, &rows, &heading, next));
            regions.push(Region {
                rows,
                columns: left..right,
                title: heading.title,
                likeness: heading.likeness,
                titled: true,
                contents: false,
            });
            left = right;
        }
    }
    regions
}

/// Whether a sheet lists titles with numbers of pages beside them.
fn is_contents(grid: &Grid<'_>, context: &Context<'_>) -> bool {
    let across = 0..grid.width();
    let names_a_table = |row: usize| {
        let texts: Vec<usize> = grid.texts(row, &across).take(LINE + 1).collect();
        texts.len() <= LINE
            && texts.into_iter().any(|column| {
                let named = |text: &str| context.known.named(text).unwrap_or_default();
                !grid.is_number(row, column)
                    && named(&grid.text(row, column))
                        .iter()
                        .any(|like| *like >= HOLDS)
            })
    };
    // The first rows say enough of a long sheet.
    let rows = (0..grid.height().min(100)).filter(|row| names_a_table(*row));
    rows.count() >= LISTED
}

/// The first column of the table on the right: where its title starts, or behind the last empty column
/// before it.
fn border(grid: &Grid<'_>, rows: &Range<usize>, left: &Heading, right: &Heading) -> usize {
    if right.merged {
        return right.column;
    }
    let between = left.column + 1..right.column;
    let mut empty: BTreeSet<usize> = between.clone().collect();
    for row in rows.clone() {
        for column in grid.texts(row, &between) {
            empty.remove(&column);
        }
    }
    for span in grid.spans(rows) {
        if !grid.is_blank(*span.rows.start(), *span.columns.start()) {
            empty.retain(|column| !span.columns.contains(column));
        }
    }
    empty.last().map_or(right.column, |column| column + 1)
}

fn headings(grid: &Grid<'_>, row: usize, context: &Context<'_>) -> Vec<Heading> {
    let texts: Vec<usize> = grid
        .texts(row, &(0..grid.width()))
        .take(BESIDE + 1)
        .collect();
    if texts.len() > BESIDE || texts.iter().any(|column| grid.is_number(row, *column)) {
        return Vec::new();
    }
    let found = texts.into_iter().filter_map(|column| {
        let text = grid.text(row, column);
        let lines = text.lines().chain(std::iter::once(text.as_str()));
        let (title, likeness) = lines
            .filter_map(|line| Some((line, context.known.named(line)?)))
            .max_by_key(|(_, likeness)| likeness.iter().copied().max())?;
        let best = likeness.iter().copied().max()?;
        let named = best >= HOLDS || title.contains('表');
        named.then(|| Heading {
            row,
            column,
            merged: grid.span(row, column).is_some(),
            title: title.trim().to_owned(),
            likeness,
        })
    });
    found.collect()
}

/// The unit that is written above a row of a region, else anywhere above in the sheet.
pub fn unit_above(grid: &Grid<'_>, region: &Region, header: usize) -> Option<MoneyUnit> {
    let units = grid.units();
    let above = |row: usize| &units[..units.partition_point(|(at, ..)| *at < row)];
    let near = above(header).iter().rev();
    let mut near = near.take_while(|(row, ..)| *row >= region.rows.start);
    let near = near.find(|(_, column, _)| region.columns.contains(column));
    let found = near.or_else(|| above(region.rows.start).last());
    found.map(|(.., unit)| *unit)
}
