//! Patterns of rules -> operands: which cells, inputs and funds of the disclosure at hand they name.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::interval::Sum;
use crate::model::amount::MoneyUnit;
use crate::model::disclosure::{Disclosure, InputKind};
use crate::model::form::{BlockForm, ColumnKind, RowSource};
use crate::model::proof::{At, CellAt, Term};
use crate::model::table::{Block, Hole, Row, Value};
use crate::standard::rule::{Addend, BlockAt, ColumnAt, FundLine, Named, Pattern, Rows, Text};

/// What a rule is held against at the moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Here<'a> {
    /// The row of `each`.
    pub row: Option<(BlockAt, usize)>,
    /// The column of that row which a finding points at.
    pub spot: Option<usize>,
    /// The sheet of `each`.
    pub sheet: Option<usize>,
    /// The column of `.*`.
    pub column: Option<&'a str>,
}

/// Operands of one side with their sum.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// The operands; blanks among many are left out.
    pub terms: Vec<Term>,
    /// Their sum.
    pub sum: Sum,
    /// Unit in which the side is printed: that of its first figure of money.
    pub unit: Option<MoneyUnit>,
    /// Whether any operand is a number.
    pub has_number: bool,
}

/// The disclosure with what is worked out once for all rules.
pub struct Ground<'a> {
    pub disclosure: &'a Disclosure,
    /// Parents of the rows of every block.
    parents: Vec<Vec<OnceCell<Vec<Option<usize>>>>>,
    /// Rows of free lists that a rule names and the data does not have.
    missing: RefCell<BTreeSet<String>>,
    /// Whether anything was asked for that is not known.
    hole: Cell<bool>,
    /// The first figure with which a sum or a share has more than 28 digits.
    long: RefCell<Option<At>>,
}

impl<'a> Ground<'a> {
    pub fn new(disclosure: &'a Disclosure) -> Self {
        let parents = disclosure
            .tables
            .iter()
            .map(|table| table.blocks.iter().map(|_| OnceCell::new()).collect())
            .collect();
        Self {
            disclosure,
            parents,
            missing: RefCell::default(),
            hole: Cell::default(),
            long: RefCell::default(),
        }
    }

    /// Notes a figure that cannot be computed with.
    pub fn see_long(&self, at: At) {
        self.long.borrow_mut().get_or_insert(at);
    }

    /// The first figure, since the last time, that could not be computed with.
    pub fn take_long(&self) -> Option<At> {
        self.long.take()
    }

    /// The rows that were asked for in vain since the last time: `projects[bureau-99]`.
    pub fn take_missing(&self) -> BTreeSet<String> {
        self.missing.take()
    }

    /// Whether anything was asked for, since the last time, that is not known.
    pub fn take_hole(&self) -> bool {
        self.hole.take()
    }

    /// Takes note that something is not known, where it is not.
    pub fn see(&self, hole: Option<Hole>) {
        self.hole.set(self.hole.get() || hole.is_some());
    }

    /// The position of a row. In a free list a name that is not there is a slip; elsewhere the form or
    /// the code list knows it, and a row that the data leaves out is blank.
    fn position(&self, at: BlockAt, id: &str) -> Option<usize> {
        let block = self.block(at);
        let found = block.position(id);
        let form = self.form(at);
        let free = form.rows == RowSource::List && !block.rows.is_empty();
        if found.is_none() && block.hole.is_some() {
            self.see(block.hole);
            return None;
        }
        if found.is_none() && free && !form.totals.iter().any(|total| *total.id == *id) {
            let table = &self.disclosure.tables[at.table].form.id;
            self.missing.borrow_mut().insert(format!("{table}[{id}]"));
        }
        found
    }

    pub fn block(&self, at: BlockAt) -> &'a Block {
        &self.disclosure.tables[at.table].blocks[at.block]
    }

    pub fn form(&self, at: BlockAt) -> &'a BlockForm {
        &self.disclosure.tables[at.table].form.blocks[at.block]
    }

    /// For each row of a block the row that it is part of.
    pub fn parents(&self, at: BlockAt) -> &[Option<usize>] {
        self.parents[at.table][at.block].get_or_init(|| self.block(at).parents())
    }

    /// Columns of money that are written, not computed.
    pub fn amount_columns(&self, at: BlockAt) -> impl Iterator<Item = usize> + use<'a> {
        let columns = self.form(at).columns.iter().enumerate();
        columns
            .filter(|(_, column)| {
                matches!(column.kind, ColumnKind::Amount { .. }) && column.computed.is_none()
            })
            .map(|(at, _)| at)
    }

    /// Positions of the rows that a pattern names, and whether it names just one.
    pub fn rows(&self, at: BlockAt, rows: &Rows, here: Here<'_>) -> (Vec<usize>, bool) {
        let block = self.block(at);
        let one = |id: &str| {
            let found = block.position(id);
            self.see(block.hole.filter(|_| found.is_none()));
            (found.into_iter().collect(), true)
        };
        if !matches!(rows, Rows::Id(_) | Rows::Same | Rows::SameCode) {
            self.see(block.hole);
        }
        let here_row = || here.row.map(|(at, row)| &self.block(at).rows[row]);
        if matches!(rows, Rows::Same | Rows::SameCode) {
            self.see(here_row().and_then(|row| row.hole));
        }
        let all = || (0..block.rows.len()).filter(|row| !block.rows[*row].total);
        match rows {
            Rows::Id(id) => (self.position(at, id).into_iter().collect(), true),
            Rows::Same => here_row().map_or((Vec::new(), true), |row| one(&row.id)),
            Rows::SameCode => here_row().map_or((Vec::new(), true), |row| match &row.code {
                Some(code) => one(code.as_str()),
                None => (Vec::new(), true),
            }),
            Rows::All => ((0..block.rows.len()).collect(), false),
            Rows::Level(level) => (
                all()
                    .filter(|row| block.rows[*row].level == *level)
                    .collect(),
                false,
            ),
            Rows::Leaf => {
                let parents = self.parents(at);
                let leaf = |row: &usize| !parents.contains(&Some(*row));
                (all().filter(leaf).collect(), false)
            }
            Rows::Below(id) => {
                let parents = self.parents(at);
                let above = self.position(at, id);
                let below = |row: &usize| above.is_some() && parents[*row] == above;
                (all().filter(below).collect(), false)
            }
            Rows::Where(named, text) => {
                let fits = |row: &usize| {
                    let found = self.text(at, *row, *named);
                    match text {
                        Text::Is(text) => *found == **text,
                        Text::Starts(text) => !found.is_empty() && found.starts_with(&**text),
                    }
                };
                (all().filter(fits).collect(), false)
            }
        }
    }

    /// A text of a row; empty where it has none.
    pub fn text(&self, at: BlockAt, row: usize, named: Named) -> &'a str {
        let found: &'a Row = &self.block(at).rows[row];
        self.see(match named {
            Named::Code | Named::Name => found.hole,
            Named::Parent => {
                let above = self.parents(at)[row];
                let above = above.and_then(|above| self.block(at).rows[above].hole);
                above.or(self.block(at).hole)
            }
            Named::Column(column) => found.cells[column].value.hole(),
            Named::Fact(_) => None,
        });
        match named {
            Named::Code => found.code.as_ref().map_or("", |code| code.as_str()),
            Named::Name => &found.name,
            Named::Parent => {
                self.parents(at)[row].map_or("", |above| &self.block(at).rows[above].name)
            }
            Named::Column(column) => match &found.cells[column].value {
                Value::Text(text) => text,
                _ => "",
            },
            Named::Fact(_) => "",
        }
    }

    /// A text of a sheet; empty where it has none.
    pub fn sheet_text(&self, sheet: usize, named: Named) -> &'a str {
        let found = &self.disclosure.sheets[sheet];
        self.see(found.hole);
        match named {
            Named::Name => &found.name,
            Named::Fact(fact) => found.facts[fact].as_deref().unwrap_or_default(),
            _ => "",
        }
    }

    /// What a pattern names; blanks are left out where it names many.
    pub fn operands(&self, pattern: &Pattern, here: Here<'_>) -> Vec<At> {
        match pattern {
            Pattern::Number(number) => vec![At::Number(*number, "".into())],
            Pattern::Input(input) => vec![At::Input(*input)],
            Pattern::Here(column) => {
                let Some((at, row)) = here.row else {
                    return Vec::new();
                };
                self.cells(at, &[row], *column, here, true)
            }
            Pattern::Cells(at, rows, column) => {
                let (rows, single) = self.rows(*at, rows, here);
                self.cells(*at, &rows, *column, here, single)
            }
            Pattern::Fund { phase, line } => {
                let Some(sheet) = here.sheet else {
                    return Vec::new();
                };
                let funds = &self.disclosure.sheets[sheet].funds[*phase];
                let fund = |line| At::Fund {
                    sheet,
                    phase: *phase,
                    line,
                };
                match line {
                    FundLine::At(line) => vec![fund(*line)],
                    FundLine::Sources => (1..funds.len())
                        .filter(|line| {
                            self.see(funds[*line].value.hole());
                            funds[*line].value.number().is_some()
                        })
                        .map(fund)
                        .collect(),
                }
            }
            Pattern::SheetRows {
                block,
                column,
                of_any,
            } => {
                let all = &self.disclosure.sheets;
                let sheets = match here.sheet {
                    _ if *of_any => all.as_slice(),
                    Some(sheet) => &all[sheet..=sheet],
                    None => &[],
                };
                if *of_any {
                    self.see(self.disclosure.holes.sheets);
                }
                for sheet in sheets {
                    self.see(sheet.hole);
                }
                let ids = sheets.iter().flat_map(|sheet| &sheet.rows);
                // Two sheets may explain one row.
                let rows: BTreeSet<usize> = ids
                    .filter_map(|id| {
                        let found = self.block(*block).position(id);
                        self.see(self.block(*block).hole.filter(|_| found.is_none()));
                        found
                    })
                    .collect();
                let rows: Vec<usize> = rows.into_iter().collect();
                self.cells(*block, &rows, ColumnAt::At(*column), here, false)
            }
        }
    }

    fn cells(
        &self,
        at: BlockAt,
        rows: &[usize],
        column: ColumnAt,
        here: Here<'_>,
        single: bool,
    ) -> Vec<At> {
        let column = match column {
            ColumnAt::At(column) => Some(column),
            ColumnAt::Current => here.column.and_then(|id| self.form(at).column(id)),
        };
        let Some(column) = column else {
            return Vec::new();
        };
        let block = self.block(at);
        let written = |row: &usize| block.rows[*row].cells[column].value != Value::Blank;
        rows.iter()
            .filter(|row| single || written(row))
            .map(|row| {
                At::Cell(CellAt {
                    table: at.table,
                    block: at.block,
                    row: *row,
                    column,
                })
            })
            .collect()
    }

    /// Operands of several patterns with their sum. `None` where one of them is no number (无数据) or
    /// a sum has more than 28 digits.
    pub fn side(&self, addends: &[Addend], here: Here<'_>) -> Option<Side> {
        let mut side = Side::default();
        for addend in addends {
            for at in self.operands(&addend.pattern, here) {
                self.add(&mut side, at, addend.minus)?;
            }
        }
        Some(side)
    }

    /// Leaves blanks out of a side that has figures: they add nothing, for a reader either.
    pub fn leave_out_blanks(&self, side: &mut Side) {
        if side.has_number && side.terms.len() > 1 {
            side.terms
                .retain(|term| !matches!(self.figure(&term.at), Some(None)));
        }
    }

    /// Adds one operand to a side.
    pub fn add(&self, side: &mut Side, at: At, minus: bool) -> Option<()> {
        if let Some((sum, unit)) = self.figure(&at)? {
            let Some(sum) = sum.and_then(|sum| side.sum.and(sum, minus)) else {
                self.see_long(at);
                return None;
            };
            side.sum = sum;
            side.unit = side.unit.or(unit);
            side.has_number = true;
        }
        side.terms.push(Term { minus, at });
        Some(())
    }

    /// The number of an operand with its unit: `Some(None)` for a blank, `None` for what is no
    /// number. No sum where it has too many digits to compute with.
    #[expect(clippy::option_option, reason = "a blank is not a text")]
    fn figure(&self, at: &At) -> Option<Option<(Option<Sum>, Option<MoneyUnit>)>> {
        let (value, decimals) = match at {
            At::Number(number, _) => {
                return Some(Some((Sum::of(*number, None, None), None)));
            }
            At::Share(..) | At::Text(_) => return None,
            At::Cell(cell) => {
                let around = self.disclosure.around(*cell);
                let decimals = match around.column.kind {
                    ColumnKind::Amount { decimals, .. } => decimals,
                    _ => 0,
                };
                (&around.cell.value, decimals)
            }
            At::Input(input) => {
                let input = &self.disclosure.inputs[*input];
                let decimals = match input.form.kind {
                    InputKind::Amount(_, decimals) => decimals,
                    _ => 0,
                };
                (&input.cell.value, decimals)
            }
            At::Fund { sheet, phase, line } => {
                let form = self.disclosure.sheet_form.as_ref();
                let cell = &self.disclosure.sheets[*sheet].funds[*phase][*line];
                (&cell.value, form.map_or(0, |form| form.decimals))
            }
        };
        match value {
            Value::Hole(hole) => {
                self.see(Some(*hole));
                None
            }
            Value::Blank => Some(None),
            Value::Amount(amount) => {
                let unit = Some(amount.unit());
                Some(Some((Sum::of(amount.value(), unit, Some(decimals)), unit)))
            }
            Value::Percent(number) => Some(Some((Sum::of(*number, None, Some(0)), None))),
            Value::Count(number) => Some(Some((Sum::of(*number, None, None), None))),
            Value::NoData | Value::Text(_) | Value::YesNo(_) => None,
        }
    }

    /// Whether patterns name a figure other than zero; `None` where none is known to be one, and one may be.
    pub fn have_figure<'p>(
        &self,
        patterns: impl IntoIterator<Item = &'p Pattern>,
        here: Here<'_>,
    ) -> Option<bool> {
        let before = self.hole.take();
        let figure = |at: &At| matches!(self.figure(at), Some(Some((sum, _))) if sum.is_none_or(|sum| sum.value != Decimal::ZERO));
        let mut patterns = patterns.into_iter();
        let found = patterns.any(|pattern| self.operands(pattern, here).iter().any(figure));
        let unknown = self.hole.replace(before);
        (found || !unknown).then_some(found)
    }
}
