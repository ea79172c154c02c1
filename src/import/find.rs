//! Regions of a sheet -> tables of the standard: a title says which, the header must agree.

use super::context::Context;
use super::doubt::Doubt;
use super::fold::fold;
use super::grid::Grid;
use super::layout::{self, Layout};
use super::region::{self, Region, regions};
use crate::model::amount::MoneyUnit;
use crate::say;

/// Fit from which a header is that of a form.
const FITS: usize = 60;

/// Fit from which a header alone says which table it is.
const SURE: usize = 90;

/// Letters that the title of a table has at least, and at most.
const SHORTEST: usize = 4;
const LONGEST: usize = 60;

/// Likeness of a title that is nearly the form's.
const NEAR: usize = 90;

/// A table in a sheet.
#[derive(Debug)]
pub struct Found {
    /// Position of the table in the standard.
    pub table: usize,
    /// Where it is.
    pub region: Region,
    /// Its columns.
    pub layout: Layout,
    /// Unit of its money.
    pub unit: MoneyUnit,
    /// What is doubtful of the table as a whole.
    pub doubts: Vec<Doubt>,
}

/// A region with figures that is no table.
#[derive(Debug)]
pub struct Stray {
    /// What to say of it.
    pub doubt: Doubt,
    /// The table whose title it has. A list of contents has them all.
    pub like: Option<usize>,
}

/// The tables of a sheet, and what it has that is none.
pub fn tables(grid: &Grid<'_>, context: &Context<'_>) -> (Vec<Found>, Vec<Stray>) {
    let mut found = Vec::new();
    let mut strays = Vec::new();
    for region in regions(grid, context) {
        match table(grid, region, context) {
            Ok(Some(table)) => found.push(table),
            Ok(None) => {}
            Err(stray) => strays.push(stray),
        }
    }
    (found, strays)
}

struct Candidate {
    table: usize,
    layout: Layout,
    likeness: usize,
}

impl Candidate {
    fn weight(&self) -> (usize, usize) {
        (self.likeness * 2 + self.layout.fit, self.likeness)
    }
}

/// The table of a region; `None` where there is nothing to import.
fn table(grid: &Grid<'_>, region: Region, context: &Context<'_>) -> Result<Option<Found>, Stray> {
    let mut candidates = candidates(grid, &region, context);
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.weight()));
    let mut fitting = candidates.into_iter().filter(|candidate| {
        let needed = if candidate.likeness >= NEAR || region.titled {
            FITS
        } else {
            SURE
        };
        candidate.layout.fit >= needed
    });
    let Some(best) = fitting.next() else {
        return if figures(grid, &region) && !region.contents {
            let title = region.title.clone();
            Err(unknown(grid, &region, &title, context))
        } else {
            Ok(None)
        };
    };
    if let Some(second) = fitting
        .next()
        .filter(|second| second.weight() == best.weight())
    {
        let doubt = either(grid, &region, context, [best.table, second.table]);
        return Err(Stray { doubt, like: None });
    }
    if let Some(said) = another(grid, &region, &best) {
        return Err(unknown(grid, &region, &said, context));
    }
    Ok(Some(known(grid, region, context, best)))
}

/// The title that a stretch has which was not taken for one: what is called a table above its header, and is none of
/// the standard's, is none of them whatever its header says.
fn another(grid: &Grid<'_>, region: &Region, best: &Candidate) -> Option<String> {
    if region.titled || best.likeness >= NEAR {
        return None;
    }
    let header = best.layout.zones.first()?.rows.start;
    let mut rows = region.rows.start..header.min(region.rows.end);
    rows.find_map(|row| {
        let texts = grid.texts(row, &region.columns);
        let mut texts = texts.map(|column| grid.text(row, column));
        texts.find(|text| is_title(text))
    })
}

/// Whether a text calls itself a table: `政府采购支出表（按品目）`. `（见附表）` and `说明：见下表` do not.
fn is_title(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with(['（', '(']) || text.contains(['：', ':']) {
        return false;
    }
    let plain = text.split(['（', '(']).next().unwrap_or_default();
    let folded = fold(text);
    (folded.ends_with('表') || fold(plain).ends_with('表'))
        && (SHORTEST..=LONGEST).contains(&folded.chars().count())
}

/// The tables whose title is nearest, or all when none is near: the title decides, then the header.
fn candidates(grid: &Grid<'_>, region: &Region, context: &Context<'_>) -> Vec<Candidate> {
    let best = region.likeness.iter().copied().max().unwrap_or(0);
    let wanted = |likeness: usize| !region.titled && best < NEAR || likeness == best;
    let likeness = region.likeness.iter().copied().enumerate();
    likeness
        .filter(|(_, likeness)| wanted(*likeness))
        .map(|(table, likeness)| Candidate {
            table,
            layout: layout::find(
                grid,
                &context.standard.tables[table],
                &context.wanted[table],
                &region.rows,
                &region.columns,
            ),
            likeness,
        })
        .collect()
}

fn known(grid: &Grid<'_>, region: Region, context: &Context<'_>, best: Candidate) -> Found {
    let form = &context.standard.tables[best.table];
    let header = best.layout.zones[0].rows.start;
    let at = grid.place(region.rows.start, region.columns.start);
    let mut doubts = Vec::new();
    let number = &form.number;
    let title = form.title.fill(&context.titles);
    let said = &region.title;
    if region.titled && best.likeness < NEAR {
        doubts.push(Doubt::new(
            "import-doubt",
            say!(
                "标题「{said}」当作{number}「{title}」",
                "the title {said} is taken for {number} {title}"
            ),
            at.clone(),
        ));
    }
    if !region.titled && best.likeness < NEAR {
        doubts.push(Doubt::new(
            "import-doubt",
            say!(
                "没有标题，按表头当作{number}「{title}」",
                "there is no title; by its header it is taken for {number} {title}"
            ),
            at.clone(),
        ));
    }
    doubts.extend(
        other_year(&region.title, &title, context).map(|(year, own)| {
            Doubt::new(
                "import-doubt",
                say!(
                    "标题写的是 {year} 年，不是 {own} 年",
                    "the title says {year}, not {own}"
                ),
                at.clone(),
            )
        }),
    );
    let said = region::unit_above(grid, &region, header);
    let in_header = best
        .layout
        .zones
        .iter()
        .flat_map(|zone| &zone.blocks)
        .flat_map(|place| &place.units)
        .any(Option::is_some);
    if said.is_none() && !in_header {
        let unit = form.show;
        doubts.push(Doubt::new(
            "import-doubt",
            say!(
                "没有写单位，按{unit}读",
                "no unit is written; figures are read as {unit}"
            ),
            at,
        ));
    }
    Found {
        table: best.table,
        unit: said.unwrap_or(form.show),
        region,
        layout: best.layout,
        doubts,
    }
}

/// The year that a title says instead of that of the disclosure, which the form's own title has.
fn other_year(said: &str, own: &str, context: &Context<'_>) -> Option<(String, String)> {
    let year = context.titles.year.to_string();
    let found = years(&fold(said));
    let other = !found.is_empty() && !found.contains(&year) && own.contains(&year);
    other.then(|| (found.join("、"), year))
}

/// The years of a folded text: four digits before 年.
fn years(folded: &str) -> Vec<String> {
    let parts: Vec<&str> = folded.split('年').collect();
    let before = parts.iter().take(parts.len().saturating_sub(1));
    before
        .filter_map(|part| {
            let digits = part.len() - part.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            (digits == 4).then(|| part[part.len() - 4..].to_owned())
        })
        .collect()
}

/// Whether a region holds a number beside its texts.
fn figures(grid: &Grid<'_>, region: &Region) -> bool {
    let mut rows = region.rows.clone();
    rows.any(|row| {
        let mut values = grid.values(row, &region.columns);
        values.any(|column| grid.is_number(row, column))
    })
}

fn unknown(grid: &Grid<'_>, region: &Region, title: &str, context: &Context<'_>) -> Stray {
    let at = grid.place(region.rows.start, region.columns.start);
    let likeness = if title == region.title {
        region.likeness.clone()
    } else {
        context.known.likeness(title)
    };
    let likeness = likeness.iter().enumerate();
    let near = likeness
        .max_by_key(|(at, likeness)| (**likeness, std::cmp::Reverse(*at)))
        .filter(|(_, likeness)| **likeness >= 50)
        .map(|(at, likeness)| (at, *likeness));
    let doubt = match near {
        Some((like, score)) if !region.titled => {
            let form = &context.standard.tables[like];
            let (number, name) = (&form.number, form.title.fill(&context.titles));
            Doubt::new(
                "import-sheet",
                say!(
                    "「{title}」不是标准的哪一张表，没有导入；标题最像的是{number}「{name}」，相似 {score}%",
                    "{title} is no table of the standard; it was not imported. The nearest title is {number} {name}, {score}% alike"
                ),
                at,
            )
        }
        Some((like, _)) => {
            let form = &context.standard.tables[like];
            let (number, name) = (&form.number, form.title.fill(&context.titles));
            Doubt::new(
                "import-sheet",
                say!(
                    "「{title}」的标题像{number}「{name}」，表头对不上，没有导入",
                    "{title} is titled like {number} {name}, but its header does not fit; it was not imported"
                ),
                at,
            )
        }
        None => Doubt::new(
            "import-sheet",
            say!(
                "「{title}」不是标准的哪一张表，没有导入",
                "{title} is no table of the standard; it was not imported"
            ),
            at,
        ),
    };
    // Of a title that is another's nothing else tells.
    let like = near.filter(|_| title == region.title).map(|(at, _)| at);
    Stray { doubt, like }
}

fn either(grid: &Grid<'_>, region: &Region, context: &Context<'_>, tables: [usize; 2]) -> Doubt {
    let at = grid.place(region.rows.start, region.columns.start);
    let [one, other] = tables.map(|table| {
        let form = &context.standard.tables[table];
        format!("{}「{}」", form.number, form.title.fill(&context.titles))
    });
    let title = &region.title;
    Doubt::new(
        "import-sheet",
        say!(
            "「{title}」可能是{one}，也可能是{other}，没有导入；在表的上面写上标准的标题",
            "{title} may be {one} or {other} and was not imported; write the title of the standard above it"
        ),
        at,
    )
}
