//! The functions that narrative templates call; `docs/standards.md` lists them.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the template engine hands arguments over by value"
)]

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Kwargs, State, Tera, TeraResult, Value as TeraValue};

use super::arithmetic::{self, Clause};
use super::scope::{
    self, Operand, chart_mark, disclosure, knows_chart, lost_in_hole, mark, meet_hole, miss,
    no_percent, operand, text_mark,
};
use crate::diagnostic::Diagnostics;
use crate::model::disclosure::Disclosure;
use crate::model::narrative::Figure;
use crate::model::selector::Selector;
use crate::model::table::{Row, Value};
use crate::say;
use crate::source::Source;
use crate::template::error;
use crate::template::signature::{
    Argument, Checked, Signature, Takes, check_calls, may, must, signature,
};

/// What each function takes.
pub static SIGNATURES: [Signature; 11] = [
    signature("cell", &[must("at", Takes::Text)]),
    signature("text", &[must("of", Takes::Text)]),
    signature(
        "share",
        &[
            must("part", Takes::Texts),
            must("of", Takes::Text),
            may("none", Takes::Text),
        ],
    ),
    signature("sum", &[must("of", Takes::Texts)]),
    signature(
        "difference",
        &[must("left", Takes::Text), must("right", Takes::Text)],
    ),
    signature(
        "change",
        &[
            must("now", Takes::Text),
            must("before", Takes::Text),
            may("lead", Takes::Text),
            may("same", Takes::Text),
            may("percent", Takes::YesNo),
        ],
    ),
    signature(
        "direction",
        &[must("now", Takes::Text), must("before", Takes::Text)],
    ),
    signature("has", &[must("at", Takes::Text)]),
    signature("rows", ROWS),
    signature("names", ROWS),
    signature("chart", &[must("id", Takes::Text)]),
];

const ROWS: &[Argument] = &[
    must("table", Takes::Text),
    may("has", Takes::Text),
    may("level", Takes::Number),
];

/// Compiles the sections of a standard. Reports `template` for what does not compile, and gives the paths of these.
pub fn templates(sections: &[Source], diagnostics: &mut Diagnostics) -> (Tera, Vec<String>) {
    let mut unread = Vec::new();
    let mut tera = Tera::new();
    tera.autoescape_on([".md"]);
    let [
        of_cell,
        of_text,
        of_share,
        of_sum,
        of_difference,
        of_change,
        of_direction,
        of_has,
        of_rows,
        of_names,
        of_chart,
    ] = &SIGNATURES;
    tera.register_function("cell", Checked(of_cell, cell));
    tera.register_function("text", Checked(of_text, text));
    tera.register_function("share", Checked(of_share, share));
    tera.register_function("sum", Checked(of_sum, sum));
    tera.register_function("difference", Checked(of_difference, difference));
    tera.register_function("change", Checked(of_change, change));
    tera.register_function("direction", Checked(of_direction, direction));
    tera.register_function("has", Checked(of_has, has));
    tera.register_function("rows", Checked(of_rows, rows));
    tera.register_function("names", Checked(of_names, names));
    tera.register_function("chart", Checked(of_chart, chart));
    for section in sections {
        if !compiles(&mut tera, section, diagnostics) {
            unread.push(section.path.clone());
        }
    }
    (tera, unread)
}

/// Compiles one section, whether it will be printed or not. Reports `template` for what does not compile and for calls
/// that are not as functions take them; whether all is well.
pub fn compiles(tera: &mut Tera, section: &Source, diagnostics: &mut Diagnostics) -> bool {
    match tera.add_raw_template(&section.path, &section.text) {
        Ok(()) => check_calls(section, &SIGNATURES, diagnostics),
        Err(error) => {
            let find = |_: &str| Some(section.clone());
            diagnostics.push(crate::template::fault(&error, &find, section));
            false
        }
    }
}

fn is_hole(operand: &Operand) -> bool {
    operand.value.hole().is_some()
}

/// A kwarg that is a selector.
fn at(kwargs: &Kwargs, name: &str) -> TeraResult<Operand> {
    operand(kwargs.must_get::<&str>(name)?)
}

/// A kwarg that is the selector of a figure which the sentence leads to.
fn figure(kwargs: &Kwargs, name: &str) -> TeraResult<Operand> {
    scope::figure(kwargs.must_get::<&str>(name)?)
}

/// A kwarg that is one selector or a list of them.
fn several(kwargs: &Kwargs, name: &str) -> TeraResult<Vec<Operand>> {
    let value = kwargs.must_get::<&TeraValue>(name)?;
    if let Some(text) = value.as_str() {
        return Ok(vec![scope::figure(text)?]);
    }
    value
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(|item| {
            let text = item.as_str().ok_or_else(|| {
                error(&say!(
                    "`{name}` 要写选择器的列表",
                    "`{name}` takes a list of selectors"
                ))
            })?;
            scope::figure(text)
        })
        .collect()
}

fn cell(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let operand = figure(&kwargs, "at")?;
    if is_hole(&operand) {
        return Ok(meet_hole());
    }
    Ok(mark(Figure::Cell {
        text: operand.text(),
        at: operand.at,
    }))
}

fn text(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let id = kwargs.must_get::<&str>("of")?;
    let operand = operand(&format!("input.{id}"))?;
    Ok(match &operand.value {
        Value::Hole(_) => meet_hole(),
        Value::Blank => {
            miss(id);
            String::new()
        }
        value => text_mark(&value.to_text()),
    })
}

fn share(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let parts = several(&kwargs, "part")?;
    let whole = figure(&kwargs, "of")?;
    let none = kwargs.get::<&str>("none")?;
    if parts.iter().chain([&whole]).any(is_hole) {
        return Ok(meet_hole());
    }
    Ok(match arithmetic::share(&parts, &whole)? {
        Ok(figure) => mark(figure),
        Err(why) => text_mark(none.unwrap_or(no_percent()?.of_share(why))),
    })
}

fn sum(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let operands = several(&kwargs, "of")?;
    if operands.iter().any(is_hole) {
        return Ok(meet_hole());
    }
    Ok(mark(arithmetic::sum(&operands)?))
}

fn difference(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let (left, right) = (figure(&kwargs, "left")?, figure(&kwargs, "right")?);
    if is_hole(&left) || is_hole(&right) {
        return Ok(meet_hole());
    }
    Ok(mark(arithmetic::difference(&left, &right)?))
}

fn change(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let (now, before) = (figure(&kwargs, "now")?, figure(&kwargs, "before")?);
    if is_hole(&now) || is_hole(&before) {
        return Ok(meet_hole());
    }
    let change = arithmetic::change(&now, &before)?;
    let lead = kwargs.get::<&str>("lead")?.unwrap_or_default();
    let same = kwargs.get::<&str>("same")?.unwrap_or("持平");
    let with_percent = kwargs.get::<bool>("percent")?.unwrap_or(true);
    let words = no_percent()?;
    let clause = Clause {
        lead,
        same,
        no_percent: with_percent.then_some(&*words),
    };
    Ok(change.clause(&clause, mark))
}

fn direction(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let (now, before) = (at(&kwargs, "now")?, at(&kwargs, "before")?);
    if is_hole(&now) || is_hole(&before) {
        return Err(lost_in_hole());
    }
    let change = arithmetic::change(&now, &before)?;
    Ok(match change.direction {
        Ordering::Greater => "up",
        Ordering::Equal => "same",
        Ordering::Less => "down",
    }
    .to_owned())
}

fn has(kwargs: Kwargs, _: &State<'_>) -> TeraResult<bool> {
    let operand = at(&kwargs, "at")?;
    Ok(match &operand.value {
        Value::Hole(_) => return Err(lost_in_hole()),
        Value::Text(text) => !text.is_empty(),
        value => value.is_figure(),
    })
}

/// A row as templates see it.
#[derive(Serialize)]
struct RowView {
    id: String,
    code: Option<String>,
    name: String,
    at: BTreeMap<String, String>,
}

fn rows(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<TeraValue>> {
    let disclosure = disclosure()?;
    let place = TablePlace::new(&disclosure, &kwargs)?;
    Ok(place
        .rows()
        .map(|row| {
            TeraValue::from_serializable(&RowView {
                id: row.id.to_string(),
                code: row.code.as_ref().map(ToString::to_string),
                name: text_mark(&row.name),
                at: place.selectors(row),
            })
        })
        .collect())
}

fn names(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let disclosure = disclosure()?;
    let place = TablePlace::new(&disclosure, &kwargs)?;
    let mut names: Vec<&str> = Vec::new();
    for row in place.rows() {
        if !names.contains(&&*row.name) {
            names.push(&row.name);
        }
    }
    Ok(text_mark(&names.join("、")))
}

fn chart(kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let id = kwargs.must_get::<&str>("id")?;
    let disclosure = disclosure()?;
    let position = disclosure.charts.iter().position(|chart| chart.id == id);
    if !knows_chart(id) && !disclosure.holes.forms.contains("chart.") {
        return Err(error(&say!(
            "标准里没有图 `{id}`",
            "the standard has no chart `{id}`"
        )));
    }
    // A chart that could not be made has been reported where it was made.
    Ok(position.map_or_else(String::new, |at| format!("\n\n{}\n\n", chart_mark(at))))
}

/// Whether a row is one of a level, and no total.
fn is_meant(row: &Row, level: Option<u8>) -> bool {
    !row.total && level.is_none_or(|level| row.level == level)
}

/// The rows that `rows` and `names` walk.
struct TablePlace<'a> {
    disclosure: &'a Disclosure,
    table: usize,
    block: usize,
    level: Option<u8>,
    has: Option<usize>,
}

impl<'a> TablePlace<'a> {
    fn new(disclosure: &'a Disclosure, kwargs: &Kwargs) -> TeraResult<Self> {
        let name = kwargs.must_get::<&str>("table")?;
        let (table, block) = name.split_once('.').unwrap_or((name, ""));
        let unknown = || {
            error(&say!(
                "没有表 `{name}`；有几块的表写 表.块",
                "there is no table `{name}`; with several blocks write table.block"
            ))
        };
        if disclosure.holes.forms.contains(table) {
            return Err(lost_in_hole());
        }
        let at = disclosure.table_position(table).ok_or_else(unknown)?;
        let form = &disclosure.tables[at].form;
        let block = form.block(block).ok_or_else(unknown)?;
        let has = match kwargs.get::<&str>("has")? {
            None => None,
            Some(column) => Some(form.blocks[block].column(column).ok_or_else(|| {
                error(&say!(
                    "`{name}` 没有 `{column}` 这一列",
                    "`{name}` has no column `{column}`"
                ))
            })?),
        };
        let level = kwargs.get::<u8>("level")?;
        let found = &disclosure.tables[at].blocks[block];
        let mut rows = found.rows.iter().filter(|row| is_meant(row, level));
        let unknown = |row: &Row| {
            let cell = has.and_then(|at| row.cells[at].value.hole());
            row.hole.or(cell).is_some()
        };
        if found.hole.is_some() || rows.any(unknown) {
            return Err(lost_in_hole());
        }
        Ok(Self {
            disclosure,
            table: at,
            block,
            level,
            has,
        })
    }

    fn rows(&self) -> impl Iterator<Item = &'a Row> {
        let (level, has) = (self.level, self.has);
        self.disclosure.tables[self.table].blocks[self.block]
            .rows
            .iter()
            .filter(move |row| is_meant(row, level))
            .filter(move |row| has.is_none_or(|at| row.cells[at].value.is_figure()))
    }

    fn selectors(&self, row: &Row) -> BTreeMap<String, String> {
        let form = &self.disclosure.tables[self.table].form;
        let block = &form.blocks[self.block];
        block
            .columns
            .iter()
            .filter(|column| column.kind.is_figure())
            .map(|column| {
                let selector = Selector::Cell {
                    table: form.id.clone(),
                    block: block.id.clone(),
                    row: row.id.clone(),
                    column: column.id.clone(),
                };
                (column.id.to_string(), selector.to_string())
            })
            .collect()
    }
}
