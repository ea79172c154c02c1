//! What the rules say of the figures of an import: which they confirm, and which relations fail, with the cells of
//! the workbook that the figures were read from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ids;
use super::table::{ImportedRow, ImportedTable};
use crate::check;
use crate::diagnostic::Say;
use crate::model::amount::{MoneyUnit, grouped};
use crate::model::coordinates::BLANK;
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, CellAt, Proof, Relation, Term};
use crate::model::table::{Table, Value};
use crate::say;
use crate::standard::Standard;

/// What the rules say.
#[derive(Debug, Default)]
pub struct Confirmation {
    /// Cells that a relation confirms and none contradicts.
    pub confirmed: BTreeSet<CellAt>,
    /// Cells that a relation contradicts.
    pub contradicted: BTreeSet<CellAt>,
    /// The relations that do not hold and that a figure of the import enters.
    pub failing: Vec<Failing>,
}

/// A relation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failing {
    /// Identifier of its rule.
    pub rule: String,
    /// What must hold, in one line.
    pub title: String,
    /// Row and column that tell it from others of its rule; empty for the only one.
    pub label: String,
    /// What must hold between the sides: `=`, `≤`, `≥`.
    pub sign: &'static str,
    /// Left side.
    pub left: Side,
    /// Right side.
    pub right: Side,
    /// Left minus right.
    pub difference: String,
    /// Unit of sides and difference; empty for counts.
    pub unit: &'static str,
}

/// One side of a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its sum as printed.
    pub text: String,
    /// The figures that it adds up.
    pub figures: Vec<Figure>,
}

/// A figure of a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The file it was read from, as given; empty where it was not imported.
    pub file: String,
    /// Its cell there: `表十!B6`; empty where it was not read from a workbook.
    pub cell: String,
    /// Where it stands in the disclosure: 表三 第 2080905 行 项目支出.
    pub coordinates: String,
    /// Whether it is taken away.
    pub minus: bool,
    /// As printed.
    pub text: String,
}

/// Holds the rules against what the disclosure will be.
pub fn confirm(
    standard: &Standard,
    after: &Disclosure,
    imported: &[Option<ImportedTable>],
) -> Confirmation {
    let mut proof = if after.proof.rules.is_empty() {
        check::proof(standard, after)
    } else {
        after.proof.clone()
    };
    let waits = |(table, imported): (&Table, &Option<ImportedTable>)| {
        imported.is_none() && table.no_data.is_none() && !table.has_figures()
    };
    let waiting: Vec<bool> = after.tables.iter().zip(imported).map(waits).collect();
    for rule in &mut proof.rules {
        rule.relations
            .retain(|relation| is_judged(relation, after, &waiting));
    }
    let cells = Cells::new(after, imported);
    let failing = proof.failing();
    let failing = failing.filter(|(_, relation)| {
        let mut cells = relation.cells();
        relation.difference.is_some() && cells.any(|cell| imported[cell.table].is_some())
    });
    let failing: Vec<Failing> = failing
        .map(|(rule, relation)| {
            let difference = relation.difference;
            let unit = difference.and_then(|difference| difference.unit);
            let side = |terms: &[Term]| cells.side(after, terms, unit);
            Failing {
                rule: rule.id.to_string(),
                title: rule.title.clone(),
                label: relation.label.clone(),
                sign: relation.comparison.sign(),
                left: side(&relation.left),
                right: side(&relation.right),
                difference: difference.map_or_else(String::new, |one| grouped(one.value)),
                unit: unit.map_or("", MoneyUnit::name),
            }
        })
        .collect();
    Confirmation {
        confirmed: proof.confirmed(),
        contradicted: contradicted(&proof),
        failing,
    }
}

fn contradicted(proof: &Proof) -> BTreeSet<CellAt> {
    let failing = proof.failing();
    failing.flat_map(|(_, relation)| relation.cells()).collect()
}

/// Whether all that a relation speaks of is there: a table that still waits for its figures, or an input, says
/// nothing for or against the figures of another.
fn is_judged(relation: &Relation, after: &Disclosure, waiting: &[bool]) -> bool {
    let waits = |term: &Term| match &term.at {
        At::Cell(cell) => waiting[cell.table],
        At::Input(input) => after.inputs[*input].cell.value == Value::Blank,
        _ => false,
    };
    let nothing = |side: &[Term]| side.iter().all(|term| matches!(term.at, At::Number(..)));
    let one_sided = nothing(&relation.left) || nothing(&relation.right);
    let is_open = one_sided && waiting.contains(&true);
    !is_open && !relation.terms().any(waits)
}

/// Where the figures of an import were read.
struct Cells<'a>(BTreeMap<CellAt, (&'a str, &'a str)>);

impl<'a> Cells<'a> {
    fn new(after: &Disclosure, imported: &'a [Option<ImportedTable>]) -> Self {
        let mut cells = Self(BTreeMap::new());
        for (at, table) in imported.iter().enumerate() {
            if let (Some(table), Some(known)) = (table, after.tables.get(at)) {
                cells.add(at, table, known);
            }
        }
        cells
    }

    fn add(&mut self, at: usize, table: &'a ImportedTable, known: &Table) {
        let blocks = table.form.blocks.iter().zip(&table.blocks);
        for (block_at, ((form, block), known)) in blocks.zip(&known.blocks).enumerate() {
            let totals = form.totals.iter().zip(&block.totals);
            let totals =
                totals.filter_map(|(form, row)| Some((form.id.to_string(), row.as_ref()?)));
            let ids = ids::of(form, block, table.no_data.is_some());
            let rows: Vec<(String, &ImportedRow)> =
                totals.chain(ids.into_iter().zip(&block.rows)).collect();
            for (id, row) in rows {
                let Some(position) = known.position(&id) else {
                    continue;
                };
                for (column, place) in row.places.iter().enumerate() {
                    let cell = CellAt {
                        table: at,
                        block: block_at,
                        row: position,
                        column,
                    };
                    self.0.insert(cell, (&table.file, place));
                }
            }
        }
    }

    fn side(&self, after: &Disclosure, terms: &[Term], unit: Option<MoneyUnit>) -> Side {
        let figures = terms.iter().map(|term| {
            let cell = match &term.at {
                At::Cell(cell) => self.0.get(cell).copied(),
                _ => None,
            };
            let (file, cell) = cell.unwrap_or_default();
            Figure {
                file: file.to_owned(),
                cell: cell.to_owned(),
                coordinates: after.coordinates(&term.at),
                minus: term.minus,
                text: after.operand_text(&term.at),
            }
        });
        let figures: Vec<Figure> = figures.collect();
        let sum = after.operand_sum(terms, unit);
        let text = match figures.as_slice() {
            [only] if !only.minus => only.text.clone(),
            _ => sum.map_or_else(String::new, grouped),
        };
        Side { text, figures }
    }
}

impl Failing {
    /// For people: `收入合计（总计）：1.00 万元（表十!B6）≠ 402.00 万元（表十!C6、D6），相差 -401.00 万元`.
    pub fn say(&self) -> Say {
        let Self { title, label, .. } = self;
        let label_zh = bracketed("（", label, "）");
        let label_en = bracketed(" (", label, ")");
        let sign = match self.sign {
            "≤" => ">",
            "≥" => "<",
            _ => "≠",
        };
        let [left, right] = [&self.left, &self.right].map(|side| self.side(side));
        let difference = self.difference.trim_start_matches('-');
        let apart = format!("{difference} {}", self.unit);
        let apart = apart.trim_end();
        say!(
            "  {title}{label_zh}：{left}{sign} {right}，相差 {apart}",
            "  {title}{label_en}: {left} {sign} {right}, {apart} apart"
        )
    }

    /// A sum with the cells that it adds up, the name of a sheet said once.
    fn side(&self, side: &Side) -> String {
        let mut sheet = "";
        let mut places: Vec<&str> = Vec::new();
        for figure in &side.figures {
            let place = match &*figure.cell {
                "" => &figure.coordinates,
                cell => cell,
            };
            match figure.cell.rsplit_once('!') {
                Some((own, cell)) if own == sheet => places.push(cell),
                Some((own, _)) => {
                    sheet = own;
                    places.push(place);
                }
                None => places.push(place),
            }
        }
        let unit = if side.text == BLANK { "" } else { self.unit };
        let sum = format!("{} {unit}", side.text);
        format!("{}（{}）", sum.trim_end(), places.join("、"))
    }
}

fn bracketed(open: &str, text: &str, close: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{open}{text}{close}"),
    }
}
