//! Operands of a proof as links to where they stand.

use std::fmt::Write as _;

use super::address::Edition;
use super::escape::html;
use crate::model::coordinates::Around;
use crate::model::disclosure::{Disclosure, row_anchor};
use crate::model::proof::{At, CellAt};
use crate::model::table::Value;

/// Writes operands; what the cells of a block share is made once.
pub struct Operands<'a> {
    disclosure: &'a Disclosure,
    /// By position of table and block.
    blocks: Vec<Vec<BlockWords>>,
}

struct BlockWords {
    page: String,
    /// 表一 收入, as HTML.
    words: String,
    /// Titles of the columns, as HTML.
    columns: Vec<String>,
    rows: Vec<RowWords>,
}

struct RowWords {
    anchor: String,
    /// 第 2080905 行, as HTML.
    words: String,
}

/// How much the name of a link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// Where the figure stands.
    Whole,
    /// The figure alone: the head of the row says what it is about.
    Figure,
}

/// Where an operand stands in its side: after a sign, a negative one is put in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the beginning.
    First,
    /// After a sign.
    Later,
}

impl<'a> Operands<'a> {
    /// A writer for one disclosure.
    #[must_use]
    pub fn new(disclosure: &'a Disclosure) -> Self {
        let titles = disclosure.title_values();
        let blocks = disclosure
            .tables
            .iter()
            .enumerate()
            .map(|(table, found)| {
                let forms = found.form.blocks.iter().enumerate();
                forms
                    .map(|(block, form)| BlockWords {
                        rows: found.blocks[block]
                            .rows
                            .iter()
                            .map(|row| RowWords {
                                anchor: row_anchor(&form.id, &row.id),
                                words: html(&Disclosure::row_words(row)).into_owned(),
                            })
                            .collect(),
                        page: found.form.page(),
                        words: html(&disclosure.block_words(table, block)).into_owned(),
                        columns: form
                            .columns
                            .iter()
                            .map(|column| html(&column.title.fill(&titles)).into_owned())
                            .collect(),
                    })
                    .collect()
            })
            .collect();
        Self { disclosure, blocks }
    }

    /// Writes an operand as the data has it, for a table may show it rounded: a link whose name says where it stands, if it stands anywhere. Its
    /// unit follows where it is not the one that the table says.
    pub fn write(&self, out: &mut String, at: &At, unit: &str, place: Place, name: Name) {
        let text = self.disclosure.held_text(at);
        let text = html(&text);
        let bracketed = place == Place::Later && text.starts_with('-');
        if bracketed {
            out.push('(');
        }
        match at {
            At::Cell(cell) => self.cell(out, *cell, &text, name),
            At::Input(_) | At::Fund { .. } => self.elsewhere(out, at, &text),
            At::Number(_, what) if what.is_empty() => out.push_str(&text),
            At::Number(_, what) => {
                push(
                    out,
                    format_args!("{text} <span class=\"meta\">{}</span>", html(what)),
                );
            }
            At::Share(_, how) => push(
                out,
                format_args!("{text}% <span class=\"meta\">= {}</span>", html(how)),
            ),
            At::Text(_) if text.is_empty() => out.push('无'),
            At::Text(_) => out.push_str(&text),
        }
        let own = self.disclosure.held_unit(at);
        if own != unit && !own.is_empty() && !matches!(at, At::Share(..)) {
            push(out, format_args!("\u{a0}{}", html(own)));
        }
        if bracketed {
            out.push(')');
        }
    }

    fn cell(&self, out: &mut String, at: CellAt, text: &str, name: Name) {
        let Around { column, cell, .. } = self.disclosure.around(at);
        let words = &self.blocks[at.table][at.block];
        let row = &words.rows[at.row];
        let blank = cell.value == Value::Blank;
        out.push_str(if blank {
            "<a class=\"blank\" href=\""
        } else {
            "<a href=\""
        });
        out.push_str(&words.page);
        out.push('#');
        out.push_str(&row.anchor);
        if column.is_addressed() {
            out.push('.');
            out.push_str(&column.id);
        }
        if name == Name::Figure {
            out.push_str("\">");
            out.push_str(text);
            out.push_str("</a>");
            return;
        }
        out.push_str("\" aria-label=\"");
        out.push_str(&words.words);
        out.push(' ');
        out.push_str(&row.words);
        out.push(' ');
        out.push_str(&words.columns[at.column]);
        close(out, text);
    }

    fn elsewhere(&self, out: &mut String, at: &At, text: &str) {
        let href = match at {
            At::Fund { sheet, .. } => Some(self.disclosure.sheets[*sheet].page()),
            _ => self
                .disclosure
                .operand_selector(at)
                .and_then(|selector| Edition::Pages.href(self.disclosure, &selector)),
        };
        let words = self.disclosure.coordinates(at);
        let words = html(&words);
        let Some(href) = href else {
            push(
                out,
                format_args!("<span class=\"visually-hidden\">{words} </span>{text}"),
            );
            return;
        };
        push(out, format_args!("<a href=\"{href}\" aria-label=\"{words}"));
        close(out, text);
    }
}

/// Ends the name of a link with the figure, then shows the figure.
fn close(out: &mut String, text: &str) {
    out.push(' ');
    out.push_str(text);
    out.push_str("\">");
    out.push_str(text);
    out.push_str("</a>");
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to a string does not fail");
}
