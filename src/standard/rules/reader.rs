//! One rule as written -> [`Rule`]: what it names looked up, its faults reported.

use super::Known;
use super::declare::{OneOrMany, RuleDecl, SeverityDecl};
use crate::diagnostic::{Diagnostic, Diagnostics, Say, Severity};
use crate::model::form::ColumnKind;
use crate::say;
use crate::source::Location;
use crate::standard::pattern::{self, Words};
use crate::standard::read::File;
use crate::standard::rule::{Addend, BlockAt, ColumnAt, Each, Pattern, Rows, Rule};

/// One rule being understood.
pub struct RuleReader<'a> {
    pub file: &'a File,
    pub known: Known<'a>,
    pub path: String,
    pub each: Option<Each>,
    pub columns: Option<BlockAt>,
    pub diagnostics: &'a mut Diagnostics,
}

impl RuleReader<'_> {
    pub fn invalid(&mut self, rest: &str, message: Say, hint: Say) {
        let place = self.file.place(&format!("{}.{rest}", self.path));
        self.diagnostics
            .push(Diagnostic::error("rule-invalid", &self.file.source, place, message).hint(hint));
    }

    /// Reports `standard-selector` for what names nothing, unless it names what the standard does not tell.
    pub fn nothing<T>(&mut self, rest: &str, text: &str) -> Option<T> {
        let gaps = self.known.names.gaps;
        let hidden = match rest {
            "required.input" | "required.reason" => gaps.hide(&format!("input.{text}")),
            "required.chart" => gaps.hide("chart."),
            "pair.in" => gaps.hide(&format!("codes.{text}")),
            "pair.of" | "count.distinct" => gaps.hide("sheet."),
            _ => gaps.hide_pattern(text),
        };
        let each = matches!(self.each, Some(Each::Sheets)) && gaps.hide("sheet.");
        if hidden || each {
            return None;
        }
        let place = self.file.place(&format!("{}.{rest}", self.path));
        self.diagnostics.push(
            Diagnostic::error(
                "standard-selector",
                &self.file.source,
                place,
                say!("`{text}` 找不到任何数", "`{text}` names no figure"),
            )
            .hint(say!(
                "写成 表[行].列、表.块[行].列、input.<id>；each 下写本行的列；用标准里的 id",
                "write table[row].column, table.block[row].column, input.<id>, or a column of the row of `each`, with ids of the standard"
            )),
        );
        None
    }

    pub fn words(&self) -> Words<'_> {
        Words {
            names: self.known.names,
            sheet: self.known.sheet,
            each: self.each.as_ref(),
        }
    }

    pub fn rule(mut self, decl: &RuleDecl) -> Option<Rule> {
        if let Some(text) = &decl.each {
            let Some((each, columns)) = pattern::each(self.words(), text) else {
                return self.nothing("each", text);
            };
            if let (Each::Rows(block, _), true) = (&each, columns) {
                self.columns = Some(*block);
            }
            self.each = Some(each);
        }
        let when = self.condition("when", &decl.when)?;
        let unless = self.condition("unless", &decl.unless)?;
        let kind = self.kind(decl)?;
        Some(Rule {
            id: decl.id.as_str().into(),
            title: decl.title.clone(),
            reason: decl.reason.clone(),
            origin: decl.source.clone(),
            severity: match decl.severity {
                SeverityDecl::Error => Severity::Error,
                SeverityDecl::Warning => Severity::Warning,
                SeverityDecl::Note => Severity::Note,
            },
            each: self.each,
            columns: self.columns,
            when,
            unless,
            kind,
            location: Location::new(
                &self.file.source,
                self.file.place(&format!("{}.id", self.path)),
            ),
        })
    }

    /// Figures that must be there, or must not: patterns, or a table as a whole.
    fn condition(&mut self, key: &str, words: &OneOrMany) -> Option<Vec<Pattern>> {
        let mut patterns = Vec::new();
        for (at, text) in words.texts().iter().enumerate() {
            let rest = format!("{key}.{at}");
            match pattern::pattern(self.words(), text) {
                Some(pattern) => patterns.push(pattern),
                None => patterns.extend(self.whole_table(&rest, text)?),
            }
        }
        Some(patterns)
    }

    /// Every figure of a table.
    fn whole_table(&mut self, rest: &str, text: &str) -> Option<Vec<Pattern>> {
        let Some(table) = self.known.names.table_index.get(text).copied() else {
            return self.nothing(rest, text);
        };
        let form = &self.known.names.tables[table];
        let mut patterns = Vec::new();
        for (block, block_form) in form.blocks.iter().enumerate() {
            for (column, column_form) in block_form.columns.iter().enumerate() {
                if column_form.kind.is_figure() {
                    patterns.push(Pattern::Cells(
                        BlockAt { table, block },
                        Rows::All,
                        ColumnAt::At(column),
                    ));
                }
            }
        }
        Some(patterns)
    }

    pub fn pattern(&mut self, rest: &str, text: &str) -> Option<Pattern> {
        let Some(pattern) = pattern::pattern(self.words(), text) else {
            return self.nothing(rest, text);
        };
        if pattern::goes_through_columns(&pattern) {
            self.check_columns(rest, &pattern)?;
        }
        Some(pattern)
    }

    /// `.*` goes through the columns of `each`, or else of the first that is written; every other
    /// block must have them too.
    fn check_columns(&mut self, rest: &str, pattern: &Pattern) -> Option<()> {
        let block = match pattern {
            Pattern::Cells(block, ..) => *block,
            _ => match &self.each {
                Some(Each::Rows(block, _)) => *block,
                _ => return Some(()),
            },
        };
        let driver = *self.columns.get_or_insert(block);
        let tables = self.known.names.tables;
        let columns = &tables[driver.table].blocks[driver.block].columns;
        let own = &tables[block.table].blocks[block.block];
        let lacking = columns
            .iter()
            .filter(|column| matches!(column.kind, ColumnKind::Amount { .. }))
            .find(|column| own.column(&column.id).is_none());
        let Some(lacking) = lacking else {
            return Some(());
        };
        let id = &lacking.id;
        self.invalid(
            rest,
            say!(
                "`.*` 要逐列核对，这里没有 `{id}` 这一列",
                "`.*` goes through the columns, and there is no column `{id}` here"
            ),
            say!("逐列写明", "write the columns one by one"),
        );
        None
    }

    pub fn addends(&mut self, key: &str, words: &OneOrMany) -> Option<Vec<Addend>> {
        let texts = words.texts();
        if texts.is_empty() {
            self.invalid(
                key,
                say!("{key} 没有写", "`{key}` is not written"),
                say!("写一个或几个选择器", "write one selector or several"),
            );
            return None;
        }
        let mut addends = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let rest = format!("{key}.{at}");
            let (minus, text) = match text.strip_prefix('-') {
                Some(text) => (true, text.trim_start()),
                None => (false, text.as_str()),
            };
            addends.push(Addend {
                minus,
                pattern: self.pattern(&rest, text)?,
            });
        }
        Some(addends)
    }
}
