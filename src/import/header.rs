//! Header rows: the texts above each column of a sheet, and the columns of a form that they name.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fold::{fold, likeness, timeless};
use super::grid::Grid;
use super::unit;
use crate::model::amount::MoneyUnit;
use crate::model::form::{BlockForm, ColumnKind, TableForm};
use crate::model::title::TitleValues;
use crate::render::download::columns::{headers, printed};

/// Likeness below which two headers have nothing to do with each other.
const LIKE: usize = 75;

/// Columns of a sheet that are looked at for the headers of one table; no form has as many.
const HEADERS: usize = 1000;

/// Score of a header whose own text is exactly the form's, whatever stands above it.
pub const EXACT: usize = 70;

/// A column that a form wants to be found.
#[derive(Debug)]
pub struct Wanted {
    /// Position of its block.
    pub block: usize,
    /// What of the block it is.
    pub target: Target,
    /// Headers from the top, folded, its own last; of a split code those above it alone.
    pub path: Vec<String>,
    /// As people know it.
    pub title: String,
    /// Whether the form prints it and the data needs it.
    pub counts: bool,
}

/// What of a block a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The code of the row, in one column or split.
    Code,
    /// A column by position.
    Column(usize),
}

/// A column of a sheet, or the columns of a split code.
#[derive(Debug)]
pub struct Header {
    /// Visible columns: one, or 类, 款, 项.
    pub columns: Vec<usize>,
    /// Texts from the top, folded.
    path: Vec<String>,
    /// Likewise, where a text is taken to reach to the right over empty cells.
    reaching: Vec<String>,
    /// Its own text as written.
    pub text: String,
    /// The unit in brackets.
    pub unit: Option<MoneyUnit>,
}

/// The columns of a form, those of all blocks in their order.
pub fn wanted(form: &TableForm, titles: &TitleValues<'_>) -> Vec<Wanted> {
    let blocks = form.blocks.iter().enumerate();
    blocks
        .flat_map(|(at, block)| of_block(at, block, titles))
        .collect()
}

fn of_block(at: usize, block: &BlockForm, titles: &TitleValues<'_>) -> Vec<Wanted> {
    let mut found: Vec<Wanted> = Vec::new();
    let mut paths = printed(block).zip(headers(block, titles));
    let mut paths: Vec<(usize, Vec<String>)> =
        paths.by_ref().map(|((at, _), path)| (at, path)).collect();
    for (column, form) in block.columns.iter().enumerate() {
        let title = form.title.fill(titles);
        let path = paths.iter_mut().find(|(at, _)| *at == column);
        let mut path = path.map_or_else(|| vec![title.clone()], |(_, path)| std::mem::take(path));
        let target = match form.kind {
            ColumnKind::Code(level) => {
                if found.iter().any(|known| known.target == Target::Code) {
                    continue;
                }
                if level.is_some() {
                    path.pop();
                }
                Target::Code
            }
            _ => Target::Column(column),
        };
        found.push(Wanted {
            block: at,
            target,
            path: path
                .iter()
                .map(|text| fold(&unit::of_header(text).0))
                .collect(),
            title,
            counts: form.printed && !matches!(form.kind, ColumnKind::Line(_)),
        });
    }
    found
}

/// The columns of a stretch of a sheet that have a text in these rows. 类, 款 and 项 beside each other
/// are one.
pub fn columns(grid: &Grid<'_>, rows: &Range<usize>, columns: &Range<usize>) -> Vec<Header> {
    let mut found: Vec<Header> = Vec::new();
    let places = spoken(grid, rows, columns);
    let reached: Vec<Vec<usize>> = rows
        .clone()
        .map(|row| reached(grid, row, &places))
        .collect();
    for (at, column) in places.into_iter().enumerate() {
        let (path, text) = above(grid, rows, |_| column);
        if path.is_empty() {
            continue;
        }
        let (text, unit) = unit::of_header(&text);
        let parts = found.last_mut().filter(|last| {
            last.columns.len() < LEVELS.len()
                && last.path.last().map(String::as_str) == Some(LEVELS[last.columns.len() - 1])
                && path.last().map(String::as_str) == Some(LEVELS[last.columns.len()])
        });
        if let Some(parts) = parts {
            parts.columns.push(column);
            parts.path.pop();
            parts.path.extend(path.last().cloned());
            continue;
        }
        let (reaching, _) = above(grid, rows, |row| {
            let from = reached[row - rows.start][at];
            // A text with nothing below it is a header of its own, and so is the lowest.
            let own = row + 1 == rows.end || from < column && grid.is_blank(row + 1, from);
            if own { column } else { from }
        });
        found.push(Header {
            columns: vec![column],
            path,
            reaching,
            text,
            unit,
        });
    }
    for header in found.iter_mut().filter(|header| header.columns.len() > 1) {
        header.path.pop();
        header.reaching.pop();
    }
    found
}

/// The columns in which something is read in these rows, the first of them where there are more than any form has.
fn spoken(grid: &Grid<'_>, rows: &Range<usize>, columns: &Range<usize>) -> BTreeSet<usize> {
    let texts = rows.clone().flat_map(|row| {
        let texts = grid.texts(row, columns);
        texts.take(HEADERS).flat_map(move |column| {
            let span = grid.span(row, column);
            let across = span.map_or(column..=column, |span| span.columns.clone());
            across.take(HEADERS)
        })
    });
    let mut found: BTreeSet<usize> = texts.filter(|column| columns.contains(column)).collect();
    // cells that begin above the rows and reach into them
    let beside = found.clone();
    for row in rows.clone().take(1) {
        let first = columns.start..found.last().map_or(columns.start, |last| last + 1);
        let open = first
            .take(HEADERS)
            .filter(|column| !beside.contains(column));
        found.extend(open.filter(|column| !grid.is_blank(row, *column)));
    }
    found.into_iter().take(HEADERS).collect()
}

/// How the parts of a split code are headed.
const LEVELS: [&str; 3] = ["类", "款", "项"];

/// For each of these columns the one whose text in a row reaches it over empty cells, be it its own.
fn reached(grid: &Grid<'_>, row: usize, columns: &BTreeSet<usize>) -> Vec<usize> {
    let mut from = None;
    let each = columns.iter().map(|column| {
        if grid.span(row, *column).is_some() || !grid.is_blank(row, *column) {
            from = Some(*column);
        }
        from.unwrap_or(*column)
    });
    each.collect()
}

/// The texts in these rows, each in the column that `from` gives for the row, folded and without repetitions, and the
/// lowest as written.
fn above(
    grid: &Grid<'_>,
    rows: &Range<usize>,
    from: impl Fn(usize) -> usize,
) -> (Vec<String>, String) {
    let mut path: Vec<String> = Vec::new();
    let mut own = String::new();
    for row in rows.clone() {
        let text = grid.text(row, from(row));
        let folded = fold(&unit::of_header(&text).0);
        if folded.is_empty() || path.last() == Some(&folded) {
            continue;
        }
        path.push(folded);
        own = text;
    }
    (path, own.trim().replace(['\n', '\r'], ""))
}

/// How well a column of a sheet fits one of a form: 100 at best, 0 for not at all.
pub fn score(wanted: &Wanted, header: &Header) -> usize {
    if header.columns.len() > 1 {
        if wanted.target != Target::Code {
            return 0;
        }
        // Better than the same without the row that splits it.
        return 81 + shared(&wanted.path, &header.path) / 5;
    }
    let plain = alike(&wanted.path, &header.path);
    plain.max(alike(&wanted.path, &header.reaching))
}

fn alike(form: &[String], sheet: &[String]) -> usize {
    let (Some((own, over)), Some((text, upper))) = (form.split_last(), sheet.split_last()) else {
        return 0;
    };
    let joined = form.concat();
    if own != text && (joined == sheet.concat() || joined == *text) {
        return 95;
    }
    let (own_word, word) = (timeless(own), timeless(text));
    let base = if own == text {
        80
    } else if own_word == word && !word.is_empty() {
        78
    } else {
        let like = likeness(&own_word, &word);
        let part = own.chars().count() > 1 && text.contains(own.as_str())
            || word.chars().count() > 1 && own.contains(&word);
        match like {
            LIKE.. => 30 + like / 4,
            _ if part => 40,
            _ => return 0,
        }
    };
    base + shared(over, upper) / 5
}

/// How many of the upper headers are the same, in percent of the longer list.
fn shared(form: &[String], sheet: &[String]) -> usize {
    let longest = form.len().max(sheet.len());
    if longest == 0 {
        return 100;
    }
    let same = form.iter().filter(|text| {
        let word = timeless(text);
        sheet
            .iter()
            .any(|other| other == *text || !word.is_empty() && timeless(other) == word)
    });
    100 * same.count() / longest
}

/// For each wanted column the header that it is, with its score: in the order of both, then what is left
/// in any order.
pub fn align(wanted: &[&Wanted], headers: &[Header]) -> Vec<Option<(usize, usize)>> {
    let scores: Vec<Vec<usize>> = wanted
        .iter()
        .map(|wanted| headers.iter().map(|header| score(wanted, header)).collect())
        .collect();
    let mut found = in_order(&scores, headers.len());
    for at in 0..wanted.len() {
        if found[at].is_some() {
            continue;
        }
        let taken = |column: usize| found.iter().flatten().any(|(known, _)| *known == column);
        let best = (0..headers.len())
            .filter(|column| scores[at][*column] >= EXACT && !taken(*column))
            .max_by_key(|column| (scores[at][*column], std::cmp::Reverse(*column)));
        found[at] = best.map(|column| (column, scores[at][column]));
    }
    found
}

/// The pairs of largest sum that keep the order of both sides.
fn in_order(scores: &[Vec<usize>], width: usize) -> Vec<Option<(usize, usize)>> {
    let mut best = vec![vec![0_usize; width + 1]; scores.len() + 1];
    for (at, row) in scores.iter().enumerate().rev() {
        for (column, score) in row.iter().enumerate().rev() {
            let pair = match score {
                0 => 0,
                score => score + best[at + 1][column + 1],
            };
            best[at][column] = pair.max(best[at + 1][column]).max(best[at][column + 1]);
        }
    }
    let mut found = vec![None; scores.len()];
    let (mut at, mut column) = (0, 0);
    while at < scores.len() && column < width {
        let score = scores[at][column];
        if score > 0 && best[at][column] == score + best[at + 1][column + 1] {
            found[at] = Some((column, score));
            (at, column) = (at + 1, column + 1);
        } else if best[at][column] == best[at + 1][column] {
            at += 1;
        } else {
            column += 1;
        }
    }
    found
}
