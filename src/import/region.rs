//! A sheet -> stretches that may hold one table each, cut at the titles of the standard's tables.

use std::ops::Range;

use super::context::Context;
use super::fold::{fold, likeness, shared_letters, timeless};
use super::grid::Grid;
use super::unit;
use crate::model::amount::MoneyUnit;
use crate::model::form::TableForm;

/// Likeness from which a text is taken for a title.
const TITLE: usize = 75;

/// Likeness of a title that holds all of the form's.
const HOLDS: usize = 90;

/// Letters that a title has at least, unless it is the very title of the form.
const SHORTEST: usize = 4;

/// Letters from which a part of a title is taken for it.
const PART: usize = 6;

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
            likeness: all(&name, context),
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
    let names_a_table = |row: usize| {
        (0..grid.width()).any(|column| {
            let text = grid.text(row, column);
            !grid.is_number(row, column) && all(&text, context).iter().any(|like| *like >= HOLDS)
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
    let empty = |column: &usize| rows.clone().all(|row| grid.is_blank(row, *column));
    let between = (left.column + 1..right.column).rev();
    between
        .into_iter()
        .find(empty)
        .map_or(right.column, |column| column + 1)
}

fn headings(grid: &Grid<'_>, row: usize, context: &Context<'_>) -> Vec<Heading> {
    let texts: Vec<usize> = (0..grid.width())
        .filter(|column| grid.starts(row, *column) && !grid.is_blank(row, *column))
        .collect();
    if texts.len() > BESIDE || texts.iter().any(|column| grid.is_number(row, *column)) {
        return Vec::new();
    }
    let found = texts.into_iter().filter_map(|column| {
        let text = grid.text(row, column);
        let lines = text.lines().chain(std::iter::once(text.as_str()));
        let (title, likeness) = lines
            .map(|line| (line, all(line, context)))
            .max_by_key(|(_, likeness)| likeness.iter().copied().max())?;
        let best = likeness.iter().copied().max()?;
        let named = best >= HOLDS || best >= TITLE && title.contains('表');
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

/// How well a text is the title of each table.
fn all(text: &str, context: &Context<'_>) -> Vec<usize> {
    let forms = context.standard.tables.iter();
    forms.map(|form| title(text, form, context)).collect()
}

fn title(text: &str, form: &TableForm, context: &Context<'_>) -> usize {
    let number = fold(&form.number);
    let folded = fold(text);
    if folded == number {
        // A number alone is the name of a sheet, no title.
        return TITLE - 1;
    }
    let said = plain(&folded, &number, context);
    let own = plain(&fold(&form.title.fill(&context.titles)), &number, context);
    if own == said && !own.is_empty() {
        return 100;
    }
    if own.is_empty() || said.chars().count() < SHORTEST {
        return 0;
    }
    // Words in another order are another title, if only by a hair.
    let reordered = shared_letters(&said, &own).min(HOLDS - 1);
    let like = likeness(&said, &own).max(reordered);
    let holds = own.chars().count() >= SHORTEST && said.contains(&own);
    let numbered = folded.starts_with(&number) && like * 2 >= 100;
    match like {
        _ if holds || numbered => like.max(HOLDS),
        // A title that leaves out what the form has in brackets.
        _ if own.contains(&said) && said.chars().count() >= PART => like.max(TITLE),
        _ => like,
    }
}

/// A folded title without year, number of the table, name of the entity and 草稿.
fn plain(folded: &str, number: &str, context: &Context<'_>) -> String {
    let entity = context.entity;
    let mut text = timeless(folded.strip_prefix(number).unwrap_or(folded));
    for name in [&entity.name, &entity.short_name] {
        let name = fold(name);
        if !name.is_empty() {
            text = text.replace(&name, "");
        }
    }
    text.strip_suffix("草稿").unwrap_or(&text).to_owned()
}

/// The unit that is written above a row of a region, else anywhere above in the sheet.
pub fn unit_above(grid: &Grid<'_>, region: &Region, header: usize) -> Option<MoneyUnit> {
    let of = |row: usize, columns: Range<usize>| {
        columns
            .rev()
            .filter(|column| grid.starts(row, *column))
            .find_map(|column| {
                let text = grid.text(row, column);
                unit::of_line(&text).or_else(|| unit::of_header(&text).1)
            })
    };
    let near = (region.rows.start..header).rev();
    let near = near
        .into_iter()
        .find_map(|row| of(row, region.columns.clone()));
    near.or_else(|| {
        let mut above = (0..region.rows.start).rev();
        above.find_map(|row| of(row, 0..grid.width()))
    })
}
