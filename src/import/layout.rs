//! Where the columns of a form stand in a stretch of a sheet: header rows found by what they say.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use super::fold::{fold, timeless};
use super::grid::Grid;
use super::header::{EXACT, Header, Target, Wanted, align, columns};
use crate::model::amount::MoneyUnit;
use crate::model::form::{ColumnKind, TableForm};

/// Headers that only say that money stands below, years left out.
const GENERAL: [&str; 8] = [
    "",
    "金额",
    "数额",
    "预算",
    "决算",
    "预算数",
    "决算数",
    "本年数",
];

/// Rows of a region in which a header is looked for.
const SEARCHED: usize = 1000;

/// Pairs of a header and a column of a form that are compared in a region; a sheet with more of them is no table.
const PAIRS: usize = 200_000;

/// The columns of a table in a sheet.
#[derive(Debug, Default)]
pub struct Layout {
    /// Its header zones from the top; one, unless blocks stand one under another.
    pub zones: Vec<Zone>,
    /// Share of the form's columns that were found, weighted by how well, in percent.
    pub fit: usize,
}

/// Header rows and the blocks below them.
#[derive(Debug)]
pub struct Zone {
    /// The header rows.
    pub rows: Range<usize>,
    /// The blocks.
    pub blocks: Vec<Place>,
    /// Columns with a header that is none of the form's: the column and its text.
    pub others: Vec<(usize, String)>,
}

/// Where the columns of a block stand.
#[derive(Debug)]
pub struct Place {
    /// Position of the block.
    pub block: usize,
    /// Columns of the code: none, one, or three.
    pub code: Vec<usize>,
    /// For each column of the form the visible column of the sheet.
    pub columns: Vec<Option<usize>>,
    /// For each column of the form the unit in its header.
    pub units: Vec<Option<MoneyUnit>>,
    /// Columns of the form whose header is not quite the form's: position and header as written.
    pub near: Vec<(usize, String)>,
    /// Titles of the form's columns that were not found.
    pub missing: Vec<String>,
}

impl Place {
    /// The columns of the sheet that belong to it.
    pub fn all(&self) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter().flatten();
        self.code.iter().chain(columns).copied()
    }
}

/// Finds the columns of a form between these rows and columns.
pub fn find(
    grid: &Grid<'_>,
    form: &TableForm,
    wanted: &[Wanted],
    rows: &Range<usize>,
    across: &Range<usize>,
) -> Layout {
    let words: HashSet<&str> = wanted
        .iter()
        .flat_map(|wanted| &wanted.path)
        .map(String::as_str)
        .collect();
    let mut layout = Layout::default();
    let mut left: Vec<&Wanted> = wanted.iter().collect();
    let mut free = vec![rows.clone()];
    let mut sum = 0;
    while !left.is_empty() {
        let zones = free.iter().enumerate().filter_map(|(at, rows)| {
            Some((at, best_zone(grid, form, &left, &words, rows, across)?))
        });
        let Some((at, mut best)) = zones.max_by_key(|(at, best)| (best.score, Reverse(*at))) else {
            break;
        };
        best.zone.rows.end = lowest(grid, &best.zone.rows, across).min(free[at].end);
        sum += best.score;
        let found: Vec<usize> = best.zone.blocks.iter().map(|place| place.block).collect();
        left.retain(|wanted| !found.contains(&wanted.block));
        // Of blocks one under another the best header need not be the first.
        let Range { start, end } = free[at].clone();
        let header = best.zone.rows.clone();
        free.splice(at..=at, [start..header.start, header.end..end]);
        layout.zones.push(best.zone);
    }
    layout.zones.sort_by_key(|zone| zone.rows.start);
    let all = wanted.iter().filter(|wanted| wanted.counts).count();
    layout.fit = sum.checked_div(all).unwrap_or(0);
    layout
}

/// The row below the lowest cell that starts in the header rows.
fn lowest(grid: &Grid<'_>, rows: &Range<usize>, across: &Range<usize>) -> usize {
    let spans = grid.spans(rows).iter();
    let beside = spans
        .filter(|span| *span.columns.start() < across.end && *span.columns.end() >= across.start);
    let ends = beside.map(|span| span.rows.end() + 1);
    ends.max().unwrap_or(rows.end).max(rows.end)
}

struct Best {
    zone: Zone,
    /// Over the columns that count.
    score: usize,
}

fn best_zone(
    grid: &Grid<'_>,
    form: &TableForm,
    wanted: &[&Wanted],
    words: &HashSet<&str>,
    rows: &Range<usize>,
    across: &Range<usize>,
) -> Option<Best> {
    let depth = form.blocks.iter().map(|block| block.header.len()).max()?;
    let mut best: Option<Best> = None;
    let mut left = PAIRS;
    for top in rows.clone().take(SEARCHED) {
        let speaks = |like: &dyn Fn(&str) -> bool| {
            let mut texts = grid.texts(top, across);
            texts.any(|at| like(grid.folded(top, at)))
        };
        if !speaks(&|text| words.contains(text)) && !speaks(&|text| near(words, text)) {
            continue;
        }
        for bottom in top + 1..=(top + depth + 1).min(rows.end) {
            let headers = columns(grid, &(top..bottom), across);
            let Some(rest) = left.checked_sub(headers.len() * wanted.len()) else {
                return best;
            };
            left = rest;
            let zone = zone(grid, form, wanted, top..bottom, &headers);
            if best.as_ref().is_none_or(|best| zone.score > best.score) && zone.score > 0 {
                best = Some(zone);
            }
        }
        // A header further down would have to be better than one that fits.
        let full = wanted.iter().filter(|wanted| wanted.counts).count() * 95;
        if best.as_ref().is_some_and(|best| best.score >= full) {
            break;
        }
    }
    best
}

/// Whether a text has a word of the form in it.
fn near(words: &HashSet<&str>, text: &str) -> bool {
    text.chars().count() > 1
        && words
            .iter()
            .any(|word| word.chars().count() > 1 && (text.contains(word) || word.contains(text)))
}

/// What the rows are as a header.
fn zone(
    grid: &Grid<'_>,
    form: &TableForm,
    wanted: &[&Wanted],
    rows: Range<usize>,
    headers: &[Header],
) -> Best {
    let mut found = align(wanted, headers);
    let mut blocks = Vec::new();
    let mut score = 0;
    for block in 0..form.blocks.len() {
        let own: Vec<usize> = (0..wanted.len())
            .filter(|at| wanted[*at].block == block)
            .collect();
        if !is_told_apart(form, wanted, &found, &own) {
            for at in own {
                found[at] = None;
            }
            continue;
        }
        let counting = own.iter().filter(|at| wanted[**at].counts);
        score += counting
            .filter_map(|at| found[*at])
            .map(|(_, score)| score)
            .sum::<usize>();
        only_one_left(grid, form, wanted, &own, headers, &mut found, rows.end);
        blocks.push(place(form, wanted, &own, headers, &found));
    }
    let taken: HashSet<usize> = found.iter().flatten().map(|(header, _)| *header).collect();
    let others = headers.iter().enumerate();
    let others = others
        .filter(|(at, _)| !taken.contains(at))
        .map(|(_, header)| (header.columns[0], header.text.clone()))
        .collect();
    Best {
        zone: Zone {
            rows,
            blocks,
            others,
        },
        score,
    }
}

/// Whether the rows of a block could be told apart: it has its names or its codes, and a figure.
fn is_told_apart(
    form: &TableForm,
    wanted: &[&Wanted],
    found: &[Option<(usize, usize)>],
    own: &[usize],
) -> bool {
    let has = |test: &dyn Fn(&Wanted) -> bool| {
        own.iter()
            .any(|at| found[*at].is_some() && test(wanted[*at]))
    };
    let kind = |wanted: &Wanted| match wanted.target {
        Target::Code => ColumnKind::Code(None),
        Target::Column(at) => form.blocks[wanted.block].columns[at].kind,
    };
    has(&|wanted| matches!(kind(wanted), ColumnKind::Code(_) | ColumnKind::Name))
        && has(&|wanted| kind(wanted).is_figure())
}

/// Where one column of figures of a block is not found, and one with figures and a header that says no more
/// than that is left between its neighbours, they are taken for each other.
fn only_one_left(
    grid: &Grid<'_>,
    form: &TableForm,
    wanted: &[&Wanted],
    own: &[usize],
    headers: &[Header],
    found: &mut [Option<(usize, usize)>],
    below: usize,
) {
    let missing: Vec<usize> = own
        .iter()
        .copied()
        .filter(|at| found[*at].is_none() && wanted[*at].counts)
        .collect();
    let &[missing] = missing.as_slice() else {
        return;
    };
    let Target::Column(column) = wanted[missing].target else {
        return;
    };
    if !form.blocks[wanted[missing].block].columns[column]
        .kind
        .is_figure()
    {
        return;
    }
    let matched = |at: &usize| found[*at].map(|(header, _)| header);
    let before = (0..missing).rev().find_map(|at| matched(&at));
    let after = (missing + 1..wanted.len()).find_map(|at| matched(&at));
    let free = before.map_or(0, |at| at + 1)..after.unwrap_or(headers.len());
    let figures = |at: &usize| {
        let column = headers[*at].columns[0];
        let end = (below + 200).min(grid.height());
        (below..end).any(|row| grid.is_number(row, column))
    };
    let general = |at: &usize| GENERAL.contains(&timeless(&fold(&headers[*at].text)).as_str());
    let left: Vec<usize> = free.filter(general).filter(figures).collect();
    if let &[header] = left.as_slice() {
        found[missing] = Some((header, 1));
    }
}

fn place(
    form: &TableForm,
    wanted: &[&Wanted],
    own: &[usize],
    headers: &[Header],
    found: &[Option<(usize, usize)>],
) -> Place {
    let block = wanted[own[0]].block;
    let count = form.blocks[block].columns.len();
    let mut place = Place {
        block,
        code: Vec::new(),
        columns: vec![None; count],
        units: vec![None; count],
        near: Vec::new(),
        missing: Vec::new(),
    };
    for at in own {
        let wanted = wanted[*at];
        let Some((header, score)) = found[*at] else {
            if wanted.counts {
                place.missing.push(wanted.title.clone());
            }
            continue;
        };
        let header = &headers[header];
        match wanted.target {
            Target::Code => place.code.clone_from(&header.columns),
            Target::Column(column) => {
                place.columns[column] = header.columns.first().copied();
                place.units[column] = header.unit;
                if score < EXACT {
                    place.near.push((column, header.text.clone()));
                }
            }
        }
    }
    place
}
