//! `rules.yaml` -> [`Rule`]s: patterns looked up, one kind a rule.

mod declare;

use super::files::StandardFiles;
use super::names::Names;
use super::pattern::{self, Words};
use super::read::{File, Read, fault, read};
use super::rule::{
    Addend, Among, BlockAt, Counted, Each, Named, Pattern, Required, Rule, RuleKind,
};
use super::{ChartPlan, SectionForm, Standard, is_yaml};
use declare::{
    CountDecl, OneOrMany, PairDecl, RequiredDecl, RuleDecl, RulesFile, SameDecl, SeverityDecl,
    TreeDecl,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Say, Severity};
use crate::model::form::ColumnKind;
use crate::model::proof::Comparison;
use crate::model::selector::is_id;
use crate::model::sheet::SheetForm;
use crate::say;
use crate::source::{Location, Source};
use crate::yaml::fields::Reader;
use crate::yaml::{Kind, Node};

/// What rules may name beside tables and inputs.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Tables, inputs and code lists.
    pub names: &'a Names<'a>,
    /// Form of the sheets.
    pub sheet: Option<&'a SheetForm>,
    /// Identifiers of the sections.
    pub sections: &'a [Box<str>],
    /// Identifiers of the charts.
    pub charts: &'a [Box<str>],
}

/// The rules of `rules.yaml`, then those of every file of `rules/`.
pub fn read_all(
    files: &StandardFiles,
    names: &Names<'_>,
    sheet: Option<&SheetForm>,
    sections: &[SectionForm],
    charts: &[ChartPlan],
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let sections: Vec<Box<str>> = sections.iter().map(|form| form.id.clone()).collect();
    let charts: Vec<Box<str>> = charts.iter().map(|plan| plan.id.clone()).collect();
    let known = Known {
        names,
        sheet,
        sections: &sections,
        charts: &charts,
    };
    let own = files.files.get("rules.yaml").into_iter();
    let added = files
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("rules/") && is_yaml(path))
        .map(|(_, source)| source);
    let mut taken = Vec::new();
    let mut all = Vec::new();
    for source in own.chain(added) {
        if let Some(Read { value, file }) = read::<RulesFile>(source, diagnostics) {
            all.extend(rules(&value.rules, &file, known, &mut taken, diagnostics));
        }
    }
    all
}

/// The rules that a disclosure adds to those of its standard: `rules` of `disclosure.yaml`.
pub fn of_disclosure(
    standard: &Standard,
    source: &Source,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let Some(list) = node.get("rules").filter(|list| !list.is_null()) else {
        return Vec::new();
    };
    let mut reader = Reader {
        source,
        diagnostics,
    };
    let Some(items) = reader.list(list) else {
        return Vec::new();
    };
    let file = File {
        source: source.clone(),
        node: node.clone(),
    };
    let mut decls = Vec::with_capacity(items.len());
    for item in items {
        match serde_yaml::from_value::<RuleDecl>(value_of(item)) {
            Ok(decl) => decls.push(decl),
            Err(error) => {
                reader.diagnostics.push(fault(source, item, &error));
                return Vec::new();
            }
        }
    }
    let names = Names {
        tables: &standard.tables,
        table_index: &standard.table_index,
        inputs: &standard.inputs,
        codes: &standard.codes,
    };
    let sections: Vec<Box<str>> = standard
        .sections
        .iter()
        .map(|form| form.id.clone())
        .collect();
    let charts: Vec<Box<str>> = standard.charts.iter().map(|plan| plan.id.clone()).collect();
    let known = Known {
        names: &names,
        sheet: standard.sheet.as_deref(),
        sections: &sections,
        charts: &charts,
    };
    let mut taken = standard.rules.iter().map(|rule| rule.id.clone()).collect();
    rules(&decls, &file, known, &mut taken, diagnostics)
}

/// A value with its places left behind; plain whole numbers and truth values are such.
fn value_of(node: &Node) -> serde_yaml::Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => match (&**text, text.parse::<i64>()) {
            ("true", _) => true.into(),
            ("false", _) => false.into(),
            (_, Ok(number)) => number.into(),
            (text, Err(_)) => text.into(),
        },
        Kind::Scalar { text, .. } => (&**text).into(),
        Kind::List(items) => serde_yaml::Value::Sequence(items.iter().map(value_of).collect()),
        Kind::Map(entries) => serde_yaml::Value::Mapping(
            entries
                .iter()
                .map(|entry| ((&*entry.key.value).into(), value_of(&entry.value)))
                .collect(),
        ),
    }
}

/// Understands the rules of a file. Reports `rule-invalid` and `standard-selector`; rules at fault
/// are left out.
pub fn rules(
    decls: &[RuleDecl],
    file: &File,
    known: Known<'_>,
    taken: &mut Vec<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let mut rules = Vec::with_capacity(decls.len());
    for (at, decl) in decls.iter().enumerate() {
        let mut reader = RuleReader {
            file,
            known,
            path: format!("rules.{at}"),
            each: None,
            columns: None,
            diagnostics,
        };
        if !is_id(&decl.id) || taken.iter().any(|id| **id == *decl.id) {
            let id = &decl.id;
            reader.invalid(
                "id",
                say!(
                    "规则的 id `{id}` 不能用，或已经用过",
                    "the rule id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每条规则不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
            continue;
        }
        taken.push(decl.id.as_str().into());
        rules.extend(reader.rule(decl));
    }
    rules
}

struct RuleReader<'a> {
    file: &'a File,
    known: Known<'a>,
    path: String,
    each: Option<Each>,
    columns: Option<BlockAt>,
    diagnostics: &'a mut Diagnostics,
}

impl RuleReader<'_> {
    fn invalid(&mut self, rest: &str, message: Say, hint: Say) {
        let place = self.file.place(&format!("{}.{rest}", self.path));
        self.diagnostics
            .push(Diagnostic::error("rule-invalid", &self.file.source, place, message).hint(hint));
    }

    /// Reports `standard-selector` for what names nothing.
    fn nothing<T>(&mut self, rest: &str, text: &str) -> Option<T> {
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

    fn words(&self) -> Words<'_> {
        Words {
            names: self.known.names,
            sheet: self.known.sheet,
            each: self.each.as_ref(),
        }
    }

    fn rule(mut self, decl: &RuleDecl) -> Option<Rule> {
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
                        super::rule::Rows::All,
                        super::rule::ColumnAt::At(column),
                    ));
                }
            }
        }
        Some(patterns)
    }

    fn pattern(&mut self, rest: &str, text: &str) -> Option<Pattern> {
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

    fn addends(&mut self, key: &str, words: &OneOrMany) -> Option<Vec<Addend>> {
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

    fn kind(&mut self, decl: &RuleDecl) -> Option<RuleKind> {
        let written = [
            decl.equal.is_some(),
            decl.tree.is_some(),
            decl.same.is_some(),
            decl.share.is_some(),
            decl.bound.is_some(),
            decl.count.is_some(),
            decl.required.is_some(),
            decl.pair.is_some(),
        ];
        if written.into_iter().filter(|written| *written).count() != 1 {
            self.invalid(
                "",
                say!(
                    "一条规则要有且只有一种关系",
                    "a rule has one relation, no more and no less"
                ),
                say!(
                    "写 equal、tree、same、share、bound、count、required、pair 之一",
                    "write one of equal, tree, same, share, bound, count, required, pair"
                ),
            );
            return None;
        }
        if let Some(equal) = &decl.equal {
            let left = self.addends("equal.left", &equal.left)?;
            return Some(RuleKind::Equal(
                left,
                self.addends("equal.right", &equal.right)?,
            ));
        }
        if let Some(tree) = &decl.tree {
            return self.tree(tree);
        }
        if let Some(same) = &decl.same {
            return self.same(same);
        }
        if let Some(share) = &decl.share {
            return Some(RuleKind::Share {
                part: self.addends("share.part", &share.part)?,
                of: self.addends("share.of", &share.of)?,
                is: self.pattern("share.is", &share.is)?,
            });
        }
        if let Some(bound) = &decl.bound {
            let left = self.addends("bound.left", &bound.left)?;
            return if bound.at_least.texts().is_empty() {
                let right = self.addends("bound.at_most", &bound.at_most)?;
                Some(RuleKind::Bound(left, Comparison::AtMost, right))
            } else {
                let right = self.addends("bound.at_least", &bound.at_least)?;
                Some(RuleKind::Bound(left, Comparison::AtLeast, right))
            };
        }
        if let Some(count) = &decl.count {
            return self.count(count);
        }
        if let Some(required) = &decl.required {
            return self.required(required);
        }
        self.pair(decl.pair.as_ref()?)
    }

    fn tree(&mut self, decl: &TreeDecl) -> Option<RuleKind> {
        let (text, named) = match decl {
            TreeDecl::Block(text) => (text, None),
            TreeDecl::Total(decl) => (&decl.table, Some(&decl.total)),
        };
        let Some(block) = pattern::block(self.words(), text) else {
            return self.nothing("tree", text);
        };
        self.columns = Some(block);
        let form = &self.known.names.tables[block.table].blocks[block.block];
        let totals = form.total_ids();
        let total = match named {
            Some(named) if totals.iter().any(|id| **id == **named) => Some(named.as_str().into()),
            Some(named) => return self.nothing("tree.total", named),
            None if totals.len() > 1 => {
                self.invalid(
                    "tree",
                    say!(
                        "这张表有几个合计行，要写明是哪一个",
                        "this table has several totals: name one"
                    ),
                    say!(
                        "写成 tree: {{table: 表, total: 行}}",
                        "write tree: {{table: …, total: …}}"
                    ),
                );
                return None;
            }
            None => totals.first().cloned(),
        };
        Some(RuleKind::Tree { block, total })
    }

    fn same(&mut self, decl: &SameDecl) -> Option<RuleKind> {
        let several: Vec<&Vec<String>> = match decl {
            SameDecl::One(places) => vec![places],
            SameDecl::Many(facts) => facts.iter().collect(),
        };
        let mut facts = Vec::with_capacity(several.len());
        for places in several {
            if places.len() < 2 {
                self.invalid(
                    "same",
                    say!("same 至少要写两处", "`same` names at least two places"),
                    say!("一个事实写出它的各处", "name every place of the fact"),
                );
                return None;
            }
            let mut fact = Vec::with_capacity(places.len());
            for text in places {
                fact.push(Addend {
                    minus: false,
                    pattern: self.pattern("same", text)?,
                });
            }
            facts.push(fact);
        }
        Some(RuleKind::Same(facts))
    }

    fn count(&mut self, decl: &CountDecl) -> Option<RuleKind> {
        let is = self.pattern("count.is", &decl.is.text())?;
        let counted = if let Some(text) = &decl.rows {
            let Some((block, rows)) = pattern::rows(self.words(), text) else {
                return self.nothing("count.rows", text);
            };
            let mut distinct = Vec::new();
            for text in decl.distinct.texts() {
                match pattern::named(self.words(), block, &text) {
                    Some(named) => distinct.push(named),
                    None => return self.nothing("count.distinct", &text),
                }
            }
            Counted::Rows(block, rows, distinct)
        } else if decl.sheets {
            let mut distinct = Vec::new();
            for text in decl.distinct.texts() {
                match pattern::of_facts(self.words(), &text) {
                    Some(named) => distinct.push(named),
                    None => return self.nothing("count.distinct", &text),
                }
            }
            Counted::Sheets(distinct)
        } else if decl.units {
            Counted::Units
        } else {
            let mut figures = Vec::new();
            for addend in self.addends("count.figures", &decl.figures)? {
                figures.push(addend.pattern);
            }
            Counted::Figures(figures)
        };
        Some(RuleKind::Count(counted, is))
    }

    fn required(&mut self, decl: &RequiredDecl) -> Option<RuleKind> {
        let mut all = Vec::new();
        for text in decl.table.texts() {
            let table = self.table("required.table", &text)?;
            all.push(Required::Table(table));
        }
        for text in decl.note.texts() {
            all.push(Required::Note(self.table("required.note", &text)?));
        }
        for text in decl.section.texts() {
            all.push(Required::Section(self.one_of(
                "required.section",
                &text,
                self.known.sections,
            )?));
        }
        for text in decl.chart.texts() {
            all.push(Required::Chart(self.one_of(
                "required.chart",
                &text,
                self.known.charts,
            )?));
        }
        for text in decl.input.texts() {
            all.push(Required::Input(self.input("required.input", &text)?));
        }
        if let Some(reason) = &decl.reason {
            let (Some(now), Some(before)) = (&decl.now, &decl.before) else {
                self.invalid(
                    "required",
                    say!(
                        "reason 要写 now 和 before",
                        "`reason` needs `now` and `before`"
                    ),
                    say!("写明今年和上年的数", "name the figures of both years"),
                );
                return None;
            };
            all.push(Required::Reason {
                input: self.input("required.reason", reason)?,
                now: self.pattern("required.now", now)?,
                before: self.pattern("required.before", before)?,
            });
        }
        if decl.overview {
            all.push(Required::Overview);
        }
        if decl.sheets {
            all.push(Required::Sheets);
        }
        if all.is_empty() {
            self.invalid(
                "required",
                say!("required 没有写要有什么", "`required` names nothing"),
                say!(
                    "写 table、note、section、chart、input、reason、overview 或 sheets",
                    "write table, note, section, chart, input, reason, overview or sheets"
                ),
            );
            return None;
        }
        Some(RuleKind::Required(all))
    }

    fn table(&mut self, rest: &str, text: &str) -> Option<usize> {
        match self.known.names.table_index.get(text) {
            Some(table) => Some(*table),
            None => self.nothing(rest, text),
        }
    }

    fn input(&mut self, rest: &str, text: &str) -> Option<usize> {
        match self.known.names.input(text) {
            Some(input) => Some(input),
            None => self.nothing(rest, text),
        }
    }

    fn one_of(&mut self, rest: &str, text: &str, known: &[Box<str>]) -> Option<Box<str>> {
        match known.iter().find(|id| ***id == *text) {
            Some(id) => Some(id.clone()),
            None => self.nothing(rest, text),
        }
    }

    fn pair(&mut self, decl: &PairDecl) -> Option<RuleKind> {
        let mut of: Vec<Named> = Vec::new();
        for text in decl.of.texts() {
            let named = match &self.each {
                Some(Each::Rows(block, _)) => pattern::named(self.words(), *block, &text),
                Some(Each::Sheets) => pattern::of_facts(self.words(), &text),
                None => None,
            };
            match named {
                Some(named) => of.push(named),
                None => return self.nothing("pair.of", &text),
            }
        }
        let among = match decl.list.as_str() {
            "units" => Among::Units,
            "rows" if matches!(self.each, Some(Each::Sheets)) => Among::SheetRows,
            list => {
                let codes = self.known.names.codes;
                let known = match of.len() {
                    1 => codes.names(list).is_some(),
                    2 => codes.pairs(list).is_some(),
                    _ => false,
                };
                if !known {
                    return self.nothing("pair.in", list);
                }
                Among::Codes(list.into())
            }
        };
        Some(RuleKind::Pair(of, among))
    }
}
