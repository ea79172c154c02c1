//! What selectors of a standard may name: its tables and inputs.

use std::collections::HashMap;
use std::sync::Arc;

use super::Named;
use super::codes::Codes;
use super::gaps::Reading;
use super::read::File;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::disclosure::InputForm;
use crate::model::form::{RowSource, SharedForm};
use crate::model::selector::Selector;
use crate::say;
use crate::source::Location;

/// What selectors of a standard may name.
pub struct Names<'a> {
    pub tables: &'a [SharedForm],
    pub table_index: &'a HashMap<Box<str>, usize>,
    pub inputs: &'a [Arc<InputForm>],
    pub codes: &'a Codes,
    /// What the standard does not tell.
    pub gaps: &'a Reading,
}

impl Names<'_> {
    /// Reads a selector; reports `standard-selector` when it names nothing of the standard, unless that is a gap.
    pub fn named(
        &self,
        file: &File,
        path: &str,
        text: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Named> {
        let location = Location::new(&file.source, file.place(path));
        let selector = Selector::new(text);
        if selector
            .as_ref()
            .is_some_and(|selector| self.gaps.hide_selector(selector))
        {
            return None;
        }
        let selector = selector.filter(|selector| self.exists(selector));
        if selector.is_none() {
            diagnostics.push(
                Diagnostic::error(
                    "standard-selector",
                    &location.source,
                    location.place,
                    say!("`{text}` 找不到任何数", "`{text}` names no figure"),
                )
                .hint(say!(
                    "写成 表[行].列、表.块[行].列 或 input.<id>，用标准里的 id",
                    "write table[row].column, table.block[row].column or input.<id> with ids of the standard"
                )),
            );
        }
        selector.map(|selector| Named { selector, location })
    }

    /// Likewise for a figure that a page shows with a link to its cell; reports `standard-selector` too when the column
    /// has no such cells.
    pub fn shown(
        &self,
        file: &File,
        path: &str,
        text: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Named> {
        let named = self.named(file, path, text, diagnostics)?;
        if let Selector::Cell {
            table,
            block,
            column,
            ..
        } = &named.selector
        {
            let (form, block) = self.block(table, block)?;
            let block = &form.blocks[block];
            let column = &block.columns[block.column(column)?];
            if !column.is_addressed() {
                report_unshown(text, &named.location, diagnostics);
            }
        }
        Some(named)
    }

    fn exists(&self, selector: &Selector) -> bool {
        match selector {
            Selector::Input(id) => self.input(id).is_some(),
            Selector::Cell {
                table,
                block,
                row,
                column,
            } => {
                let Some((form, block)) = self.block(table, block) else {
                    return false;
                };
                let block = &form.blocks[block];
                let row_known = match &block.rows {
                    RowSource::Fixed { rows, .. } => {
                        rows.iter().any(|fixed| fixed.id == *row)
                            || block.totals.iter().any(|total| total.id == *row)
                    }
                    RowSource::Tree(_) | RowSource::List => true,
                };
                row_known && block.column(column).is_some()
            }
        }
    }

    /// The position of an input.
    pub fn input(&self, id: &str) -> Option<usize> {
        self.inputs.iter().position(|input| *input.id == *id)
    }

    /// The form and position of a block.
    pub fn block(&self, table: &str, block: &str) -> Option<(&SharedForm, usize)> {
        let form = self.tables.get(*self.table_index.get(table)?)?;
        form.block(block).map(|block| (form, block))
    }
}

/// Reports `standard-selector` for a figure to which no page can lead.
pub fn report_unshown(text: &str, location: &Location, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::error(
            "standard-selector",
            &location.source,
            location.place,
            say!(
                "`{text}` 的列不印或者不是数，页面上的数没有出处可以链接",
                "the column of `{text}` is not printed or holds no figures, so the figure of a page has no place to lead to"
            ),
        )
        .hint(say!(
            "换成印出来的金额、百分数或个数列，或去掉这一列的 printed: false",
            "name a printed column of amounts, percentages or counts, or print this one"
        )),
    );
}
