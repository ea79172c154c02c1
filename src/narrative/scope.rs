//! The disclosure that narrative functions speak of while its sections are rendered.
//!
//! Functions of the template engine are compiled once for all disclosures, so the one at hand is
//! kept for the thread while it is rendered.

use std::cell::RefCell;
use std::sync::Arc;

use tera::{Error, TeraResult};

use crate::model::amount::grouped;
use crate::model::disclosure::Disclosure;
use crate::model::narrative::{CHART_OPEN, FIGURE_OPEN, Figure, MARK_CLOSE, NoPercent};
use crate::model::selector::{Found, Selector};
use crate::model::table::Value;
use crate::say;
use crate::template::error;

struct Current {
    disclosure: Arc<Disclosure>,
    figures: Vec<Figure>,
    /// Identifiers of all charts of the standard.
    charts: Vec<Box<str>>,
    /// What it says where there is no percentage.
    no_percent: Arc<NoPercent>,
    /// Texts that a sentence asks for and the data does not give.
    missing: Vec<Box<str>>,
    /// Whether a sentence of the section at hand needs what is not known.
    hole: bool,
}

/// What the sections of one disclosure came to.
#[derive(Default)]
pub struct Bound {
    /// Figures behind the marks.
    pub figures: Vec<Figure>,
    /// Inputs that a sentence asks for and the data does not give.
    pub missing: Vec<Box<str>>,
}

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// While it lives, functions of this thread speak of its disclosure.
pub struct Scope {
    _private: (),
}

impl Scope {
    /// Makes a disclosure the one at hand; `charts` are all charts that its standard knows, `no_percent` its words
    /// where there is no percentage.
    pub fn enter(
        disclosure: &Arc<Disclosure>,
        charts: Vec<Box<str>>,
        no_percent: &Arc<NoPercent>,
    ) -> Self {
        CURRENT.with_borrow_mut(|current| {
            *current = Some(Current {
                disclosure: Arc::clone(disclosure),
                figures: Vec::new(),
                charts,
                no_percent: Arc::clone(no_percent),
                missing: Vec::new(),
                hole: false,
            });
        });
        Self { _private: () }
    }

    /// Whether a sentence needed what is not known since the last time.
    #[expect(clippy::unused_self, reason = "there is one while it lives")]
    pub fn met_hole(&self) -> bool {
        CURRENT.with_borrow_mut(|current| {
            let current = current.as_mut();
            current.is_some_and(|current| std::mem::take(&mut current.hole))
        })
    }

    /// Ends it and gives what was bound.
    #[expect(clippy::unused_self, reason = "leaving ends the scope")]
    pub fn leave(self) -> Bound {
        CURRENT.take().map_or_else(Bound::default, |current| Bound {
            figures: current.figures,
            missing: current.missing,
        })
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        CURRENT.take();
    }
}

/// The disclosure at hand.
pub fn disclosure() -> TeraResult<Arc<Disclosure>> {
    of_current(|current| Arc::clone(&current.disclosure))
}

/// What its standard says where there is no percentage.
pub fn no_percent() -> TeraResult<Arc<NoPercent>> {
    of_current(|current| Arc::clone(&current.no_percent))
}

fn of_current<T>(take: impl Fn(&Current) -> T) -> TeraResult<T> {
    CURRENT
        .with_borrow(|current| current.as_ref().map(take))
        .ok_or_else(|| Error::message("no disclosure at hand"))
}

/// Whether the standard of the disclosure at hand knows a chart.
pub fn knows_chart(id: &str) -> bool {
    CURRENT.with_borrow(|current| {
        current
            .as_ref()
            .is_some_and(|current| current.charts.iter().any(|known| **known == *id))
    })
}

/// Keeps the name of a text that a sentence needs and the data does not give.
pub fn miss(input: &str) {
    CURRENT.with_borrow_mut(|current| {
        if let Some(current) = current
            && !current.missing.iter().any(|known| **known == *input)
        {
            current.missing.push(input.into());
        }
    });
}

/// Takes note that a sentence needs what is not known; what is printed in its place.
pub fn meet_hole() -> String {
    CURRENT.with_borrow_mut(|current| {
        if let Some(current) = current {
            current.hole = true;
        }
    });
    String::new()
}

/// Likewise, where it decides which sentences there are, so that nothing can be made of the section.
pub fn lost_in_hole() -> Error {
    meet_hole();
    Error::message("not known")
}

/// Keeps a figure and gives the mark that stands for it.
pub fn mark(figure: Figure) -> String {
    CURRENT.with_borrow_mut(|current| {
        let Some(current) = current else {
            return String::new();
        };
        current.figures.push(figure);
        format!("{FIGURE_OPEN}{}{MARK_CLOSE}", current.figures.len() - 1)
    })
}

/// The mark of a text of the data, which is neither Markdown nor HTML.
pub fn text_mark(text: &str) -> String {
    mark(Figure::Text(text.to_owned()))
}

/// The mark of a chart.
pub fn chart_mark(position: usize) -> String {
    format!("{CHART_OPEN}{position}{MARK_CLOSE}")
}

/// A selector with what it found.
pub struct Operand {
    /// What was asked for.
    pub at: Selector,
    /// The value as the page shows it.
    pub value: Value,
    /// Whether a page shows it in a place of its own, which a figure leads to.
    shown: Shown,
}

/// Whether a page shows a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    /// Its column is not printed.
    Unprinted,
    /// Its column holds no figures.
    NoFigure,
}

impl Operand {
    /// As sentences print it: a blank is `0`.
    pub fn text(&self) -> String {
        match &self.value {
            Value::Blank => "0".to_owned(),
            Value::Amount(amount) => amount.to_text(),
            Value::Percent(value) | Value::Count(value) => grouped(*value),
            other => other.to_text(),
        }
    }
}

/// Looks a selector up in a disclosure.
pub fn look_up(disclosure: &Disclosure, at: Selector) -> Option<Operand> {
    let (value, shown) = match disclosure.find(&at)? {
        Found::Cell {
            table,
            block,
            column,
            cell,
            ..
        } => {
            let column = &disclosure.tables[table].form.blocks[block].columns[column];
            let shown = match (column.printed, column.kind.is_figure()) {
                (_, false) => Shown::NoFigure,
                (false, true) => Shown::Unprinted,
                (true, true) => Shown::Yes,
            };
            (column.shown(&cell.value), shown)
        }
        Found::Input(input) => (input.cell.value.clone(), Shown::Yes),
    };
    Some(Operand { at, value, shown })
}

/// Looks up what a sentence prints or computes from: it leads to where that stands.
pub fn figure(text: &str) -> TeraResult<Operand> {
    let operand = operand(text)?;
    let say = match operand.shown {
        Shown::Yes => return Ok(operand),
        Shown::Unprinted => say!(
            "`{text}` 的列在表里不印（printed: false），正文里的数没有出处可以链接；去掉这一列的 printed: false，或者把这个数写成表外数据",
            "the column of `{text}` is not printed (`printed: false`), so a figure of the text has no place to lead to; print the column, or make the figure an input"
        ),
        Shown::NoFigure => say!(
            "`{text}` 的列里不是数，不能取；改成金额、百分数或个数列，或者用表外数据和 text",
            "the column of `{text}` holds no figures; name one of amounts, percentages or counts, or use an input and `text`"
        ),
    };
    Err(error(&say))
}

/// Looks a selector up in the disclosure at hand.
pub fn operand(text: &str) -> TeraResult<Operand> {
    let at = Selector::new(text).ok_or_else(|| {
        error(&say!(
            "`{text}` 不是选择器，写 表[行].列、表.块[行].列 或 input.<id>",
            "`{text}` is no selector; write table[row].column, table.block[row].column or input.<id>"
        ))
    })?;
    let disclosure = disclosure()?;
    if let Some(hole) = disclosure.hole_at(&at) {
        let value = Value::Hole(hole);
        let shown = Shown::Yes;
        return Ok(Operand { at, value, shown });
    }
    look_up(&disclosure, at)
        .ok_or_else(|| error(&say!("`{text}` 找不到任何数", "`{text}` names no figure")))
}
