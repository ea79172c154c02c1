//! Rules that are no sums: how many there are, what must be there, what may stand together.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::terms::{Here, Side};
use super::{Court, row_label};
use crate::model::proof::{At, Comparison, Term, Verdict};
use crate::model::table::Hole;
use crate::standard::rule::{Among, Counted, Named, Pattern, Required};

impl<'a> Court<'a, '_> {
    /// A stated number against what is counted.
    pub fn count(&mut self, label: &str, counted: &Counted, is: &Pattern, here: Here<'a>) {
        let ground = self.ground;
        let disclosure = ground.disclosure;
        let Some(at) = ground.operands(is, here).into_iter().next() else {
            return;
        };
        let (number, what) = match counted {
            Counted::Units => {
                ground.see(disclosure.holes.units);
                (disclosure.entity.units.len(), "机构设置所列单位".to_owned())
            }
            Counted::Sheets(distinct) => {
                ground.see(disclosure.holes.sheets);
                let texts = (0..disclosure.sheets.len()).map(|sheet| {
                    let texts = distinct
                        .iter()
                        .map(|named| ground.sheet_text(sheet, *named));
                    key(distinct, sheet, texts)
                });
                (unique(texts), with_repeats("项目绩效目标表", distinct))
            }
            Counted::Rows(block, rows, distinct) => {
                let (rows, _) = ground.rows(*block, rows, here);
                let texts = rows.into_iter().map(|row| {
                    let texts = distinct
                        .iter()
                        .map(|named| ground.text(*block, row, *named));
                    key(distinct, row, texts)
                });
                let number = &disclosure.tables[block.table].form.number;
                (
                    unique(texts),
                    with_repeats(&format!("{number}的行"), distinct),
                )
            }
            Counted::Figures(patterns) => {
                let figures = patterns
                    .iter()
                    .filter(|pattern| {
                        let found = ground.have_figure([*pattern], here);
                        ground.see(found.is_none().then_some(Hole::Unread));
                        found == Some(true)
                    })
                    .count();
                (figures, "有数的格".to_owned())
            }
        };
        let number = Decimal::from(number);
        let mut left = Side::default();
        let mut right = Side::default();
        let counted = At::Number(number, what.into());
        if ground.add(&mut left, at, false).is_none()
            || ground.add(&mut right, counted, false).is_none()
            || !left.has_number
        {
            return;
        }
        self.compare("count-mismatch", label, left, Comparison::Equal, right);
    }

    /// Something that must be there.
    pub fn required(&mut self, required: &Required, here: Here<'a>) {
        let disclosure = self.ground.disclosure;
        let (what, is_there) = match required {
            Required::Table(table) => {
                let table = &disclosure.tables[*table];
                let found = table.figures();
                self.ground.see(found.is_none().then_some(Hole::Unread));
                (
                    format!("{} {}", table.form.number, table.title),
                    found == Some(true),
                )
            }
            Required::Note(table) => {
                let table = &disclosure.tables[*table];
                if table.has_figures() {
                    return;
                }
                let unknown = table.figures().is_none().then_some(Hole::Unread);
                self.ground.see(unknown.or(table.reason_hole));
                let reason = table.no_data.as_deref().unwrap_or_default();
                (
                    format!("{} 空表的原因", table.form.number),
                    says_why(reason),
                )
            }
            Required::Section(id) => self.section(id),
            Required::Chart(id) => {
                let Some(plan) = self.standard.charts.iter().find(|plan| plan.id == *id) else {
                    // Its own fault is reported, or what it needs is not known.
                    self.ground.see(Some(Hole::Unread));
                    return;
                };
                let unmade = disclosure.holes.charts.contains(id);
                self.ground.see(unmade.then_some(Hole::Unread));
                let total = disclosure.find(&plan.total.selector);
                if !total.is_some_and(|found| found.cell().value.is_figure()) {
                    return;
                }
                (
                    format!("图《{}》", plan.title.fill(&disclosure.title_values())),
                    disclosure.charts.iter().any(|chart| *chart.id == **id),
                )
            }
            Required::Overview => {
                self.ground.see(disclosure.holes.overview);
                let mut overview = disclosure.overview.iter();
                (
                    "概况 overview.md".to_owned(),
                    overview.any(|source| has_words(&source.text)),
                )
            }
            Required::Input(input) => self.input(*input),
            Required::Reason { input, now, before } => {
                if self.unchanged(now, before, here) {
                    return;
                }
                self.input(*input)
            }
            Required::Sheets => {
                let form = disclosure.sheet_form.as_ref();
                let table = form.and_then(|form| disclosure.table_position(&form.table));
                let figures = table.map_or(Some(false), |at| disclosure.tables[at].figures());
                if figures == Some(false) {
                    return;
                }
                self.ground.see(figures.is_none().then_some(Hole::Unread));
                if disclosure.sheets.is_empty() {
                    self.ground.see(disclosure.holes.sheets);
                }
                ("项目绩效目标表".to_owned(), !disclosure.sheets.is_empty())
            }
        };
        let label = what.clone();
        let at = match required {
            Required::Input(input) | Required::Reason { input, .. } => At::Input(*input),
            _ => At::Text(what.into()),
        };
        let left = Side {
            terms: vec![Term { minus: false, at }],
            ..Side::default()
        };
        let verdict = verdict(is_there);
        let sides = [left, Side::default()];
        self.enter(
            "required-missing",
            &label,
            sides,
            Comparison::Present,
            verdict,
            None,
        );
    }

    fn section(&self, id: &str) -> (String, bool) {
        let disclosure = self.ground.disclosure;
        let holes = &disclosure.holes;
        let unmade = holes.sections.contains(id) || holes.unfinished.contains(id);
        self.ground.see(unmade.then_some(Hole::Unread));
        let mut forms = self.standard.sections.iter();
        let title = forms.find(|form| *form.id == *id).map_or_else(
            || id.to_owned(),
            |form| form.title.fill(&disclosure.title_values()),
        );
        let mut sections = disclosure.narrative.sections.iter();
        let found = sections.find(|section| *section.id == *id);
        (
            format!("情况说明「{}」", title.trim_start_matches(['0', '、'])),
            found.is_some_and(|section| has_words(&section.markdown)),
        )
    }

    fn input(&self, at: usize) -> (String, bool) {
        let input = &self.ground.disclosure.inputs[at];
        self.ground.see(input.cell.value.hole());
        let written = !input.cell.value.to_text().trim().is_empty();
        (input.form.title.clone(), written)
    }

    fn unchanged(&self, now: &Pattern, before: &Pattern, here: Here<'a>) -> bool {
        let value = |pattern| {
            let mut side = Side::default();
            for at in self.ground.operands(pattern, here) {
                self.ground.add(&mut side, at, false)?;
            }
            Some(side.sum.value)
        };
        value(now) == value(before)
    }

    /// Texts of the row or sheet at hand in a list.
    pub fn pair(&mut self, label: &str, of: &[Named], among: &Among, here: Here<'a>) {
        let ground = self.ground;
        let disclosure = ground.disclosure;
        let texts: Vec<&str> = match (here.row, here.sheet) {
            (Some((block, row)), _) => of
                .iter()
                .map(|named| ground.text(block, row, *named))
                .collect(),
            (None, Some(sheet)) => of
                .iter()
                .map(|named| ground.sheet_text(sheet, *named))
                .collect(),
            (None, None) => return,
        };
        if texts.iter().any(|text| text.is_empty()) {
            return;
        }
        let codes = &self.standard.codes;
        let (stands, list) = match (among, texts.as_slice()) {
            (Among::Units, texts) => {
                ground.see(disclosure.holes.units);
                let units = &disclosure.entity.units;
                let known = |text: &&str| units.iter().any(|unit| unit.name == **text);
                (texts.iter().all(known), "机构设置所列单位".to_owned())
            }
            (Among::SheetRows, texts) => {
                let names = self.sheet_rows(here.sheet);
                if names.is_empty() {
                    return;
                }
                (
                    texts.iter().all(|text| names.contains(text)),
                    names.join("、"),
                )
            }
            (Among::Codes(list), _)
                if self.standard.gaps.forms.contains(&*format!("codes.{list}")) =>
            {
                ground.see(Some(Hole::Unread));
                return;
            }
            (Among::Codes(list), [code]) => {
                let names = codes.names(list);
                (
                    names.is_some_and(|names| names.contains_key(*code)),
                    "标准所列的名单".to_owned(),
                )
            }
            (Among::Codes(list), texts) => {
                let pair = ((*texts[0]).into(), (*texts[1]).into());
                let pairs = codes.pairs(list);
                (
                    pairs.is_some_and(|pairs| pairs.contains(&pair)),
                    "标准所列的配对".to_owned(),
                )
            }
        };
        let side = |text: String| Side {
            terms: vec![Term {
                minus: false,
                at: At::Text(text.into()),
            }],
            ..Side::default()
        };
        let sides = [side(texts.join(" 与 ")), side(list)];
        self.here.spot = of.iter().rev().find_map(|named| match named {
            Named::Column(column) => Some(*column),
            _ => None,
        });
        let label = match here.row {
            Some((block, row)) => row_label(&ground.block(block).rows[row]),
            None => label.to_owned(),
        };
        self.enter(
            "pair-unknown",
            &label,
            sides,
            Comparison::Among,
            verdict(stands),
            None,
        );
    }

    /// Names of the rows that the sheet at hand explains, each once.
    fn sheet_rows(&self, sheet: Option<usize>) -> Vec<&'a str> {
        let disclosure = self.ground.disclosure;
        let table = disclosure
            .sheet_form
            .as_ref()
            .and_then(|form| disclosure.table_position(&form.table));
        let (Some(sheet), Some(table)) = (sheet, table) else {
            return Vec::new();
        };
        let mut names: Vec<&str> = Vec::new();
        self.ground.see(disclosure.sheets[sheet].hole);
        for id in &disclosure.sheets[sheet].rows {
            for block in &disclosure.tables[table].blocks {
                let found = block.row(id);
                let hole = found.map_or(block.hole, |row| row.hole);
                self.ground.see(hole);
                if let Some(row) = found
                    && !names.contains(&&*row.name)
                {
                    names.push(&row.name);
                }
            }
        }
        names
    }
}

const fn verdict(holds: bool) -> Verdict {
    if holds {
        Verdict::Exact
    } else {
        Verdict::Broken
    }
}

/// Texts by which repeats are known; the position where every one counts.
fn key<'t>(distinct: &[Named], at: usize, texts: impl Iterator<Item = &'t str>) -> String {
    if distinct.is_empty() {
        return at.to_string();
    }
    texts.collect::<Vec<_>>().join("\u{1f}")
}

fn unique(keys: impl Iterator<Item = String>) -> usize {
    keys.collect::<BTreeSet<_>>().len()
}

fn with_repeats(what: &str, distinct: &[Named]) -> String {
    if distinct.is_empty() {
        what.to_owned()
    } else {
        format!("{what}（同名的计一次）")
    }
}

/// Whether a text has anything to read in it.
fn has_words(markdown: &str) -> bool {
    markdown
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|line| line.chars().any(char::is_alphanumeric))
}

/// Whether the note of an empty table says why, and not only that.
fn says_why(reason: &str) -> bool {
    const ONLY_THAT: [&str; 4] = ["本表无数据", "无数据", "空表", "无"];
    let plain = reason.trim_matches(['。', '，', ' ', '：', '注']);
    !plain.is_empty() && !ONLY_THAT.contains(&plain)
}
