//! Operands of a proof in words: where a figure stands (表三 第 2080905 行 项目支出), and its text.

use rust_decimal::Decimal;

use super::amount::{Amount, MoneyUnit, grouped};
use super::disclosure::{Disclosure, InputKind};
use super::form::{BlockForm, Column, ColumnKind};
use super::proof::{At, CellAt, Term};
use super::selector::Selector;
use super::table::{Cell, Row, Table, Value};

/// A cell with everything around it.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// Its table.
    pub table: &'a Table,
    /// Form of its block.
    pub block: &'a BlockForm,
    /// Its row.
    pub row: &'a Row,
    /// Its column.
    pub column: &'a Column,
    /// The cell.
    pub cell: &'a Cell,
}

/// How a blank is called where nothing cannot be seen.
pub const BLANK: &str = "空白";

impl Disclosure {
    /// What stands at a position of a proof.
    #[must_use]
    pub fn around(&self, at: CellAt) -> Around<'_> {
        let table = &self.tables[at.table];
        let block = &table.form.blocks[at.block];
        let row = &table.blocks[at.block].rows[at.row];
        Around {
            table,
            block,
            row,
            column: &block.columns[at.column],
            cell: &row.cells[at.column],
        }
    }

    /// The selector of a cell.
    #[must_use]
    pub fn selector_of(&self, at: CellAt) -> Selector {
        let around = self.around(at);
        Selector::Cell {
            table: around.table.form.id.clone(),
            block: around.block.id.clone(),
            row: around.row.id.clone(),
            column: around.column.id.clone(),
        }
    }

    /// The selector of an operand, if it has one.
    #[must_use]
    pub fn operand_selector(&self, at: &At) -> Option<Selector> {
        match at {
            At::Cell(cell) => Some(self.selector_of(*cell)),
            At::Input(input) => Some(Selector::Input(self.inputs[*input].form.id.clone())),
            At::Fund { .. } | At::Number(..) | At::Share(..) | At::Text(_) => None,
        }
    }

    /// A row in words: 第 2080905 行, or 「收入总计」行.
    #[must_use]
    pub fn row_words(row: &Row) -> String {
        match &row.code {
            Some(code) => format!("第 {code} 行"),
            None => format!("「{}」行", row.name),
        }
    }

    /// A block in words: 表三, or 表一 收入 where a table has several.
    #[must_use]
    pub fn block_words(&self, table: usize, block: usize) -> String {
        let form = &self.tables[table].form;
        match &form.blocks[block].title {
            Some(title) if form.blocks.len() > 1 => {
                format!("{} {}", form.number, title.fill(&self.title_values()))
            }
            _ => form.number.to_string(),
        }
    }

    /// An operand in words: 表三 第 2080905 行 项目支出.
    #[must_use]
    pub fn coordinates(&self, at: &At) -> String {
        match at {
            At::Cell(cell) => {
                let around = self.around(*cell);
                let block = self.block_words(cell.table, cell.block);
                let row = Self::row_words(around.row);
                let column = around.column.title.fill(&self.title_values());
                format!("{block} {row} {column}")
            }
            At::Input(input) => format!("表外数据 {}", self.inputs[*input].form.title),
            At::Fund { sheet, phase, line } => {
                let name = &self.sheets[*sheet].name;
                match &self.sheet_form {
                    Some(form) if *line == 0 => {
                        format!("绩效目标表「{name}」{}", form.phases[*phase].total)
                    }
                    Some(form) => format!(
                        "绩效目标表「{name}」{} {}",
                        form.phases[*phase].title,
                        form.sources[*line - 1].title
                    ),
                    None => name.clone(),
                }
            }
            At::Number(_, what) | At::Share(_, what) => what.to_string(),
            At::Text(_) => String::new(),
        }
    }

    /// The money of an operand as the data has it; `None` for a blank and for what is no money.
    #[must_use]
    pub fn operand_amount(&self, at: &At) -> Option<Amount> {
        let cell = match at {
            At::Cell(cell) => self.around(*cell).cell,
            At::Input(input) => &self.inputs[*input].cell,
            At::Fund { sheet, phase, line } => &self.sheets[*sheet].funds[*phase][*line],
            At::Number(..) | At::Share(..) | At::Text(_) => return None,
        };
        cell.value.amount()
    }

    /// The value of an operand as the data has it.
    #[must_use]
    pub fn operand_value(&self, at: &At) -> Value {
        match at {
            At::Cell(cell) => self.around(*cell).cell.value.clone(),
            At::Input(input) => self.inputs[*input].cell.value.clone(),
            At::Fund { sheet, phase, line } => {
                self.sheets[*sheet].funds[*phase][*line].value.clone()
            }
            At::Number(number, _) => Value::Count(*number),
            At::Share(number, _) => Value::Percent(*number),
            At::Text(text) => Value::Text(text.clone()),
        }
    }

    /// The value of an operand as the data has it, which is what relations are judged by; 空白 for a blank.
    #[must_use]
    pub fn held_text(&self, at: &At) -> String {
        match self.operand_value(at) {
            Value::Blank => BLANK.to_owned(),
            value => value.to_text(),
        }
    }

    /// The unit of [`Disclosure::held_text`] where it is money.
    #[must_use]
    pub fn held_money(&self, at: &At) -> Option<MoneyUnit> {
        match at {
            At::Cell(cell) => self.around(*cell).column.held_unit(),
            _ => self.operand_money(at),
        }
    }

    /// The unit word of [`Disclosure::held_text`]; empty for a count or a text.
    #[must_use]
    pub fn held_unit(&self, at: &At) -> &str {
        match self.held_money(at) {
            Some(unit) => unit.name(),
            None => self.operand_unit(at),
        }
    }

    /// The value of an operand as the page shows it; 空白 for a blank.
    #[must_use]
    pub fn operand_text(&self, at: &At) -> String {
        let value = match at {
            At::Cell(cell) => {
                let around = self.around(*cell);
                around.column.shown(&around.cell.value)
            }
            At::Input(input) => self.inputs[*input].cell.value.clone(),
            At::Fund { sheet, phase, line } => {
                self.sheets[*sheet].funds[*phase][*line].value.clone()
            }
            At::Number(number, _) | At::Share(number, _) => return grouped(*number),
            At::Text(text) => return text.to_string(),
        };
        match value {
            Value::Blank => BLANK.to_owned(),
            value => value.to_text(),
        }
    }

    /// The unit of an operand that is money, as the page shows it.
    #[must_use]
    pub fn operand_money(&self, at: &At) -> Option<MoneyUnit> {
        match at {
            At::Cell(cell) => match self.around(*cell).column.kind {
                ColumnKind::Amount { show, .. } => Some(show),
                _ => None,
            },
            At::Input(input) => match &self.inputs[*input].form.kind {
                InputKind::Amount(unit, _) => Some(*unit),
                _ => None,
            },
            At::Fund { .. } => self.sheet_form.as_ref().map(|form| form.unit),
            At::Number(..) | At::Share(..) | At::Text(_) => None,
        }
    }

    /// An operand as a number, money in `unit`; a blank counts as zero. `None` where it is no number.
    #[must_use]
    pub fn operand_number(&self, at: &At, unit: Option<MoneyUnit>) -> Option<Decimal> {
        let value = match at {
            At::Cell(cell) => &self.around(*cell).cell.value,
            At::Input(input) => &self.inputs[*input].cell.value,
            At::Fund { sheet, phase, line } => &self.sheets[*sheet].funds[*phase][*line].value,
            At::Number(number, _) | At::Share(number, _) => return Some(*number),
            At::Text(_) => return None,
        };
        match (value, unit) {
            (Value::Blank, _) => Some(Decimal::ZERO),
            (Value::Amount(amount), Some(unit)) => Some(amount.in_unit(unit)?.value()),
            _ => value.number(),
        }
    }

    /// The unit word of an operand; empty for a count or a text.
    #[must_use]
    pub fn operand_unit(&self, at: &At) -> &str {
        if let Some(unit) = self.operand_money(at) {
            return unit.name();
        }
        match at {
            At::Share(..) => "%",
            At::Cell(cell) if self.around(*cell).column.kind == ColumnKind::Percent => "%",
            At::Input(input) => match &self.inputs[*input].form.kind {
                InputKind::Count(counter) => counter.as_deref().unwrap_or_default(),
                InputKind::Percent => "%",
                InputKind::Amount(..) | InputKind::Text => "",
            },
            _ => "",
        }
    }

    /// Sum of a side, money in `unit`; a blank counts as zero. `None` where an operand is no number or
    /// the sum has more than 28 digits.
    #[must_use]
    pub fn operand_sum(&self, terms: &[Term], unit: Option<MoneyUnit>) -> Option<Decimal> {
        let mut total = Decimal::ZERO;
        for term in terms {
            let value = self.operand_number(&term.at, unit)?;
            total = if term.minus {
                total.checked_sub(value)?
            } else {
                total.checked_add(value)?
            };
        }
        Some(total)
    }
}
