//! Figures of two sides -> those that changed: cells of tables, inputs, funds of sheets.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::data::{Block, Column, Data, Input, Row, Sheet, Table};
use super::report::Figure;
use super::rows::{self, Pair, block_key, block_words, by_key, row_words};
use crate::model::amount::{MoneyUnit, percent};

/// What became of the figures of a disclosure.
#[derive(Debug, Default)]
pub struct Found {
    /// Figures that changed, in printed order.
    pub figures: Vec<Figure>,
    /// Depth of the row of each: 0 for a total.
    pub levels: Vec<u8>,
    /// Figures of rows, columns and tables that are only on one side: by selector.
    pub appeared: HashMap<String, Appeared>,
    /// Selectors of the old side that are others on the new.
    pub renamed: HashMap<String, String>,
}

/// A figure of a row that came or went.
#[derive(Debug)]
pub struct Appeared {
    /// What it adds to sums; for money in 元.
    pub change: Decimal,
    /// Selector of its row, table, or sheet.
    pub at: String,
}

/// Every figure that changed. `tables` and `sheets` pair those of the sides.
pub fn changed(old: &Data, new: &Data, tables: &[Pair], sheets: &[Pair]) -> Found {
    let mut found = Found::default();
    for pair in tables {
        match *pair {
            (Some(before), Some(after)) => {
                found.table(&old.tables[before], &new.tables[after]);
            }
            (None, Some(after)) => found.whole_table(&new.tables[after], Decimal::ONE),
            (Some(before), None) => found.whole_table(&old.tables[before], -Decimal::ONE),
            (None, None) => {}
        }
    }
    for (before, after) in by_key(&old.inputs, &new.inputs, |input| input.id.clone()) {
        let (before, after) = (
            before.map(|at| &old.inputs[at]),
            after.map(|at| &new.inputs[at]),
        );
        found.input(before, after);
    }
    for pair in sheets {
        match *pair {
            (Some(before), Some(after)) => {
                found.sheet(&old.sheets[before], &new.sheets[after]);
            }
            (None, Some(after)) => found.whole_sheet(&new.sheets[after], Decimal::ONE),
            (Some(before), None) => found.whole_sheet(&old.sheets[before], -Decimal::ONE),
            (None, None) => {}
        }
    }
    found
}

/// The value of a cell.
fn value<'a>(row: &'a Row, column: &Column) -> Option<&'a str> {
    row.cells
        .get(&column.id)
        .and_then(serde_json::Value::as_str)
}

/// A value as a number; `None` for a blank and for what is none.
fn number(value: Option<&str>) -> Option<Decimal> {
    Decimal::from_str_exact(value?).ok()
}

/// How much a figure changed as sums see it, money in 元; `None` where a side is text or has another unit.
pub fn weight(figure: &Figure) -> Option<Decimal> {
    let side = |value: &Option<String>| match value {
        None => Some(Decimal::ZERO),
        Some(text) => number(Some(text)),
    };
    let change = side(&figure.new)?.checked_sub(side(&figure.old)?)?;
    in_yuan(change, figure.unit.as_deref())
}

fn in_yuan(value: Decimal, unit: Option<&str>) -> Option<Decimal> {
    let money = [MoneyUnit::Yuan, MoneyUnit::WanYuan, MoneyUnit::YiYuan];
    match money.into_iter().find(|known| unit == Some(known.name())) {
        Some(unit) => value.checked_mul(unit.in_yuan()),
        None => Some(value),
    }
}

impl Found {
    /// Adds a figure when its sides differ.
    fn compare(&mut self, place: Figure, level: u8, old: Option<&str>, new: Option<&str>) {
        if old == new {
            return;
        }
        let both = number(old).zip(number(new));
        let difference = both.and_then(|(old, new)| new.checked_sub(old));
        let percent = both.and_then(|(old, _)| percent(difference?, old));
        self.levels.push(level);
        self.figures.push(Figure {
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            difference,
            percent,
            ..place
        });
    }

    /// Adds a figure that is only on one side.
    fn appear(
        &mut self,
        key: String,
        value: Option<&str>,
        unit: Option<&str>,
        sign: Decimal,
        at: &str,
    ) {
        let change = number(value).and_then(|value| in_yuan(value.checked_mul(sign)?, unit));
        if let Some(change) = change {
            let at = at.to_owned();
            self.appeared.insert(key, Appeared { change, at });
        }
    }

    fn table(&mut self, old: &Table, new: &Table) {
        for (before, after) in by_key(&old.blocks, &new.blocks, |block| block.id.clone()) {
            match (before, after) {
                (Some(before), Some(after)) => {
                    self.block(new, &old.blocks[before], &new.blocks[after]);
                }
                (None, Some(after)) => self.whole_block(new, &new.blocks[after], Decimal::ONE),
                (Some(before), None) => self.whole_block(old, &old.blocks[before], -Decimal::ONE),
                (None, None) => {}
            }
        }
    }

    fn block(&mut self, table: &Table, old: &Block, new: &Block) {
        let key = block_key(table, new);
        let words = block_words(table, new);
        let columns = by_key(&old.columns, &new.columns, |column| column.id.clone());
        for (before, after) in rows::pairs(&old.rows, &new.rows) {
            let (before, row) = match (before, after) {
                (Some(before), Some(after)) => (&old.rows[before], &new.rows[after]),
                (None, Some(after)) => {
                    self.row(&key, new, &new.rows[after], Decimal::ONE);
                    continue;
                }
                (Some(before), None) => {
                    self.row(&key, old, &old.rows[before], -Decimal::ONE);
                    continue;
                }
                (None, None) => continue,
            };
            for (was, is) in &columns {
                let (was, is) = (
                    was.map(|at| &old.columns[at]),
                    is.map(|at| &new.columns[at]),
                );
                let Some(column) = is.or(was) else { continue };
                let at = format!("{key}[{}].{}", row.id, column.id);
                if before.id != row.id {
                    let old = format!("{key}[{}].{}", before.id, column.id);
                    self.renamed.insert(old, at.clone());
                }
                let unit = column.unit.as_deref();
                match (was, is) {
                    (Some(_), Some(_)) if column.kind == "line" => {}
                    (Some(was), Some(is)) => {
                        let titles = [&*words, &table.title, &row_words(row), &is.title];
                        let place = Figure::at(at, titles, unit);
                        self.compare(place, row.level, value(before, was), value(row, is));
                    }
                    (Some(was), None) => {
                        self.appear(at, value(before, was), unit, -Decimal::ONE, &key);
                    }
                    (None, _) => self.appear(at, value(row, column), unit, Decimal::ONE, &key),
                }
            }
        }
    }

    fn whole_table(&mut self, table: &Table, sign: Decimal) {
        for block in &table.blocks {
            self.whole_block(table, block, sign);
        }
    }

    fn whole_block(&mut self, table: &Table, block: &Block, sign: Decimal) {
        let key = block_key(table, block);
        for row in &block.rows {
            self.row(&key, block, row, sign);
        }
    }

    fn row(&mut self, key: &str, block: &Block, row: &Row, sign: Decimal) {
        let at = format!("{key}[{}]", row.id);
        for column in &block.columns {
            let unit = column.unit.as_deref();
            self.appear(
                format!("{at}.{}", column.id),
                value(row, column),
                unit,
                sign,
                &at,
            );
        }
    }

    fn input(&mut self, old: Option<&Input>, new: Option<&Input>) {
        let Some(input) = new.or(old).filter(|input| input.kind != "text") else {
            return;
        };
        let value = |input: Option<&Input>| input.and_then(|input| input.value.clone());
        let at = format!("input.{}", input.id);
        let place = Figure::at(
            at,
            ["表外数据", "", "", &input.title],
            input.unit.as_deref(),
        );
        self.compare(place, 1, value(old).as_deref(), value(new).as_deref());
    }

    fn sheet(&mut self, old: &Sheet, new: &Sheet) {
        let words = format!("绩效目标表「{}」", new.name);
        let pairs = by_key(&old.funds, &new.funds, |fund| {
            (fund.phase.clone(), fund.source.clone())
        });
        for (before, after) in pairs {
            let (before, after) = (
                before.map(|at| &old.funds[at]),
                after.map(|at| &new.funds[at]),
            );
            let Some(fund) = after.or(before) else {
                continue;
            };
            let at = format!("sheets[{}].{}.{}", new.id, fund.phase, fund.source);
            if old.id != new.id {
                let old = format!("sheets[{}].{}.{}", old.id, fund.phase, fund.source);
                self.renamed.insert(old, at.clone());
            }
            let place = Figure::at(at, [&words, "", "", &fund.title], Some(&new.unit));
            let level = u8::from(fund.source != "total");
            let value = |fund: Option<&super::data::Fund>| fund.and_then(|fund| fund.value.clone());
            self.compare(
                place,
                level,
                value(before).as_deref(),
                value(after).as_deref(),
            );
        }
    }

    fn whole_sheet(&mut self, sheet: &Sheet, sign: Decimal) {
        let at = format!("sheets[{}]", sheet.id);
        for fund in &sheet.funds {
            let key = format!("{at}.{}.{}", fund.phase, fund.source);
            self.appear(key, fund.value.as_deref(), Some(&sheet.unit), sign, &at);
        }
    }
}

impl Figure {
    /// A figure without values: table, its title, row, column.
    fn at(at: String, words: [&str; 4], unit: Option<&str>) -> Self {
        let [table, title, row, column] = words.map(str::to_owned);
        Self {
            at,
            table,
            title,
            row,
            column,
            unit: unit.map(str::to_owned),
            old: None,
            new: None,
            difference: None,
            percent: None,
            because: Vec::new(),
            rule: None,
            causes: Vec::new(),
        }
    }
}
