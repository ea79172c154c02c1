//! The relation of a rule as written -> [`RuleKind`], one function a kind.

use super::declare::{CountDecl, PairDecl, RequiredDecl, RuleDecl, SameDecl, TreeDecl};
use super::reader::RuleReader;
use crate::model::proof::Comparison;
use crate::say;
use crate::standard::pattern;
use crate::standard::rule::{Addend, Among, Counted, Each, Named, Required, RuleKind};

impl RuleReader<'_> {
    /// The one relation that a rule has.
    pub fn kind(&mut self, decl: &RuleDecl) -> Option<RuleKind> {
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
        let nested = matches!(decl, SameDecl::Many(_));
        for (at, places) in several.into_iter().enumerate() {
            let path = if nested {
                format!("same.{at}")
            } else {
                "same".to_owned()
            };
            if places.len() < 2 {
                self.invalid(
                    "same",
                    say!("same 至少要写两处", "`same` names at least two places"),
                    say!("一个事实写出它的各处", "name every place of the fact"),
                );
                return None;
            }
            let mut fact = Vec::with_capacity(places.len());
            for (place, text) in places.iter().enumerate() {
                fact.push(Addend {
                    minus: false,
                    pattern: self.pattern(&format!("{path}.{place}"), text)?,
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
