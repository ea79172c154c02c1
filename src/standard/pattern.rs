//! The selectors of rules: those of the narrative, and patterns that name several figures at once.
//!
//! ```text
//! expenditure[total].basic          one cell            input.prior_total    an input
//! expenditure[level=1].basic        every 类            basic                a cell of the row at hand
//! expenditure[leaf].*               the column at hand  revenue[@].total     the row of the same id
//! projects[below=bureau].total      rows below a row    expenditure[@code].total
//! basic-by-economy[code=302*].total rows by a text      funds.annual.total   rows.total   of a sheet
//! sheets.rows.total                 rows of any sheet
//! ```

use rust_decimal::Decimal;

use super::names::Names;
use super::rule::{BlockAt, ColumnAt, Each, FundLine, Named, Pattern, Rows, Text};
use crate::model::form::{BlockForm, ColumnKind, RowSource};
use crate::model::selector::is_id;
use crate::model::sheet::SheetForm;

/// What patterns may name, and what is at hand where they stand.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// Tables and inputs.
    pub names: &'a Names<'a>,
    /// Form of the sheets.
    pub sheet: Option<&'a SheetForm>,
    /// What the rule is held against one by one.
    pub each: Option<&'a Each>,
}

/// `table[rows]`, `table.block[rows]`, each with `.*` behind it, or `sheets`. Gives the rows and
/// whether columns are gone through too.
pub fn each(words: Words<'_>, text: &str) -> Option<(Each, bool)> {
    if text == "sheets" {
        return words.sheet.map(|_| (Each::Sheets, false));
    }
    let (text, columns) = match text.strip_suffix(".*") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (block, rows, rest) = rows_of(words, text)?;
    let alone = rest.is_empty() && !matches!(rows, Rows::Same | Rows::SameCode);
    alone.then_some((Each::Rows(block, rows), columns))
}

/// The rows of a block: `table[rows]`.
pub fn rows(words: Words<'_>, text: &str) -> Option<(BlockAt, Rows)> {
    let (block, rows, rest) = rows_of(words, text)?;
    rest.is_empty().then_some((block, rows))
}

/// A block alone: `table`, `table.block`.
pub fn block(words: Words<'_>, text: &str) -> Option<BlockAt> {
    let (table, block) = text.split_once('.').unwrap_or((text, ""));
    let (form, block) = words.names.block(table, block)?;
    Some(BlockAt {
        table: form.position - 1,
        block,
    })
}

/// Figures.
pub fn pattern(words: Words<'_>, text: &str) -> Option<Pattern> {
    if let Ok(number) = Decimal::from_str_exact(text) {
        return Some(Pattern::Number(number));
    }
    if let Some(id) = text.strip_prefix("input.") {
        return words.names.input(id).map(Pattern::Input);
    }
    if let Some(id) = text.strip_prefix("sheets.rows.") {
        return sheet_rows(words, id, true);
    }
    if text.contains('[') {
        let (block, rows, rest) = rows_of(words, text)?;
        let column = column(words, block, rest.strip_prefix('.')?)?;
        return Some(Pattern::Cells(block, rows, column));
    }
    match words.each? {
        Each::Rows(block, _) => column(words, *block, text).map(Pattern::Here),
        Each::Sheets => of_sheet(words, text),
    }
}

fn of_sheet(words: Words<'_>, text: &str) -> Option<Pattern> {
    let form = words.sheet?;
    if let Some(id) = text.strip_prefix("rows.") {
        return sheet_rows(words, id, false);
    }
    let (phase, line) = text.strip_prefix("funds.")?.split_once('.')?;
    let phase = form.phases.iter().position(|known| *known.id == *phase)?;
    let line = match line {
        "total" => FundLine::At(0),
        "*" => FundLine::Sources,
        id => FundLine::At(1 + form.sources.iter().position(|known| *known.id == *id)?),
    };
    Some(Pattern::Fund { phase, line })
}

/// Cells of the rows that the sheet at hand, or any sheet, explains.
fn sheet_rows(words: Words<'_>, id: &str, of_any: bool) -> Option<Pattern> {
    let block = block(words, &words.sheet?.table)?;
    let ColumnAt::At(column) = column(words, block, id)? else {
        return None;
    };
    Some(Pattern::SheetRows {
        block,
        column,
        of_any,
    })
}

fn form_of(words: Words<'_>, at: BlockAt) -> &BlockForm {
    &words.names.tables[at.table].blocks[at.block]
}

/// A column of figures, or `*`.
fn column(words: Words<'_>, block: BlockAt, id: &str) -> Option<ColumnAt> {
    if id == "*" {
        return Some(ColumnAt::Current);
    }
    let form = form_of(words, block);
    let at = form.column(id)?;
    form.columns[at]
        .kind
        .is_figure()
        .then_some(ColumnAt::At(at))
}

/// A text of a row: `code`, `name`, `parent`, or a text column.
pub fn named(words: Words<'_>, block: BlockAt, id: &str) -> Option<Named> {
    let form = form_of(words, block);
    match id {
        "code" => return Some(Named::Code),
        "name" => return Some(Named::Name),
        "parent" => return Some(Named::Parent),
        _ => {}
    }
    let at = form.column(id)?;
    (form.columns[at].kind == ColumnKind::Text).then_some(Named::Column(at))
}

/// A text of the sheet at hand: `name`, or a fact.
pub fn of_facts(words: Words<'_>, id: &str) -> Option<Named> {
    if id == "name" {
        return Some(Named::Name);
    }
    let facts = &words.sheet?.facts;
    facts
        .iter()
        .position(|fact| *fact.id == *id)
        .map(Named::Fact)
}

/// What stands before and between brackets, and the rest.
fn rows_of<'t>(words: Words<'_>, text: &'t str) -> Option<(BlockAt, Rows, &'t str)> {
    let (place, rest) = text.split_once('[')?;
    let (inside, rest) = rest.split_once(']')?;
    let at = block(words, place)?;
    Some((at, row_pattern(words, at, inside)?, rest))
}

fn row_pattern(words: Words<'_>, at: BlockAt, text: &str) -> Option<Rows> {
    let by_row = matches!(words.each, Some(Each::Rows(..)));
    match text {
        "*" => return Some(Rows::All),
        "leaf" => return Some(Rows::Leaf),
        "@" => return by_row.then_some(Rows::Same),
        "@code" => return by_row.then_some(Rows::SameCode),
        _ => {}
    }
    if let Some((key, value)) = text.split_once('=') {
        return match key {
            "level" => value.parse().ok().map(Rows::Level),
            "below" => known_row(words, at, value).map(Rows::Below),
            key => {
                let text = match value.strip_suffix('*') {
                    Some(start) => Text::Starts(start.into()),
                    None => Text::Is(value.into()),
                };
                Some(Rows::Where(named(words, at, key)?, text))
            }
        };
    }
    known_row(words, at, text).map(Rows::Id)
}

/// A row id that the form has, or that the data may have: in a tree, a code that its list knows.
fn known_row(words: Words<'_>, at: BlockAt, id: &str) -> Option<Box<str>> {
    if !is_id(id) {
        return None;
    }
    let form = form_of(words, at);
    let total = form.totals.iter().any(|total| *total.id == *id);
    let known = match &form.rows {
        RowSource::Fixed { rows, .. } => total || rows.iter().any(|row| *row.id == *id),
        RowSource::Tree(_) => {
            let code = id.split('-').next().unwrap_or_default();
            let list = form
                .code_list()
                .and_then(|list| words.names.codes.names(list));
            let gap = |list: &str| words.names.gaps.forms.contains(&*format!("codes.{list}"));
            let unsure = form.code_list().is_some_and(gap);
            total || unsure || list.is_none_or(|list| list.contains_key(code))
        }
        RowSource::List => true,
    };
    known.then(|| id.into())
}

/// Whether a pattern goes through the columns at hand.
pub const fn goes_through_columns(pattern: &Pattern) -> bool {
    matches!(
        pattern,
        Pattern::Cells(_, _, ColumnAt::Current) | Pattern::Here(ColumnAt::Current)
    )
}
