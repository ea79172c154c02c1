//! The rules of a standard over the figures of a disclosure -> [`Proof`] and findings.

mod hint;
mod presence;
mod report;
mod terms;

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::interval::Sum;
use crate::diagnostic::Diagnostic;
use crate::model::amount::{Amount, MoneyUnit, at_scale, grouped, is_base};
use crate::model::disclosure::Disclosure;
use crate::model::proof::{
    At, CellAt, Comparison, Difference, Proof, ProvenRule, Relation, Term, Verdict,
};
use crate::model::table::Row;
use crate::say;
use crate::source::Source;
use crate::standard::Standard;
use crate::standard::rule::{BlockAt, Each, Rows, Rule, RuleKind};
use report::Report;
use terms::{Ground, Here, Side};

/// What came of the rules.
pub struct Proved {
    /// Every rule with its verdicts.
    pub proof: Proof,
    /// Relations that are not exact.
    pub findings: Vec<Diagnostic>,
    /// Rules of which any relation was not judged, because something that it needs is not known.
    pub withheld: BTreeSet<Box<str>>,
}

/// Holds every rule against a disclosure. Findings carry the positions of their rule and relation.
///
/// `head` is `disclosure.yaml`, where inputs stand and what has no place of its own is reported.
pub fn prove<'r>(
    standard: &Standard,
    rules: impl Iterator<Item = &'r Rule>,
    disclosure: &Disclosure,
    head: &Source,
) -> Proved {
    let ground = Ground::new(disclosure);
    let mut proof = Proof::default();
    let mut cases = Vec::new();
    let mut missing = Vec::new();
    let mut withheld = BTreeSet::new();
    for rule in rules {
        let mut court = Court {
            standard,
            ground: &ground,
            rule,
            position: proof.rules.len(),
            here: Here::default(),
            relations: Vec::new(),
            withheld: false,
            cases: &mut cases,
        };
        court.hold();
        if court.withheld {
            withheld.insert(rule.id.clone());
        }
        let mut relations = court.relations;
        missing.extend(
            ground
                .take_long()
                .map(|at| too_long(&ground, rule, &at, head)),
        );
        let absent = ground.take_missing();
        if !absent.is_empty() {
            // What it would say of other rows would only repeat it.
            relations.clear();
            cases.retain(|case: &Case<'_>| case.positions.0 != proof.rules.len());
            missing.extend(absent.iter().map(|row| absent_row(rule, row)));
        }
        proof.rules.push(ProvenRule {
            id: rule.id.clone(),
            title: rule.title.clone(),
            reason: rule.reason.clone(),
            origin: rule.origin.clone(),
            relations,
        });
    }
    let suspects = Suspects::new(&proof);
    let findings = cases
        .into_iter()
        .map(|case| {
            let (rule, relation) = case.positions;
            let report = Report {
                ground: &ground,
                head,
                relation: &proof.rules[rule].relations[relation],
                suspects: &suspects,
                case: &case,
            };
            report.finding()
        })
        .chain(missing)
        .collect();
    Proved {
        proof,
        findings,
        withheld,
    }
}

/// `standard-selector` for a row of a free list that a rule names and the data does not have.
fn absent_row(rule: &Rule, row: &str) -> Diagnostic {
    let (id, location) = (&rule.id, &rule.location);
    Diagnostic::error(
        "standard-selector",
        &location.source,
        location.place,
        say!(
            "规则 `{id}` 里的 `{row}` 在数据里没有",
            "the data has no `{row}`, which the rule `{id}` names"
        ),
    )
    .hint(say!(
        "核对行的 id，或改规则里的选择器",
        "check the id of the row, or the selector of the rule"
    ))
}

/// `amount-precision` for a figure that a rule cannot compute with.
fn too_long(ground: &Ground<'_>, rule: &Rule, at: &At, head: &Source) -> Diagnostic {
    let words = ground.disclosure.coordinates(at);
    let title = &rule.title;
    let location = report::place(ground, head, at).unwrap_or_else(|| rule.location.clone());
    Diagnostic::error(
        "amount-precision",
        &location.source,
        location.place,
        say!(
            "按《{title}》核对时，算到{words}的结果超过 28 位，不能精确表示",
            "checking {title}, the result has more than 28 digits at {words}"
        ),
    )
    .hint(say!(
        "核对这个数的位数和单位",
        "check the digits of this number and its unit"
    ))
}

/// A relation that is not exact, to be reported once all rules are held: a figure that many relations
/// reject is likelier at fault.
struct Case<'a> {
    code: &'static str,
    rule: &'a Rule,
    /// What the rule was held against.
    here: Here<'a>,
    sums: [Sum; 2],
    unit: Option<MoneyUnit>,
    /// Positions of the rule and the relation in the proof.
    positions: (usize, usize),
}

/// How many relations that do not hold each cell enters.
struct Suspects(HashMap<CellAt, usize>);

impl Suspects {
    fn new(proof: &Proof) -> Self {
        let mut counts = HashMap::new();
        let broken = |relation: &&Relation| relation.verdict == Verdict::Broken;
        for term in proof.relations().filter(broken).flat_map(Relation::terms) {
            if let At::Cell(cell) = &term.at {
                *counts.entry(*cell).or_default() += 1;
            }
        }
        Self(counts)
    }

    /// How many reject an operand.
    fn of(&self, at: &At) -> usize {
        match at {
            At::Cell(cell) => self.0.get(cell).copied().unwrap_or(0),
            _ => 0,
        }
    }
}

/// One rule being held against a disclosure.
struct Court<'a, 'c> {
    standard: &'a Standard,
    ground: &'a Ground<'a>,
    rule: &'a Rule,
    position: usize,
    here: Here<'a>,
    relations: Vec<Relation>,
    /// Whether anything was not judged.
    withheld: bool,
    cases: &'c mut Vec<Case<'a>>,
}

impl<'a> Court<'a, '_> {
    /// Whether what was looked at since the last time needs something that is not known, and so must not be judged.
    fn is_withheld(&mut self) -> bool {
        let hole = self.ground.take_hole();
        self.withheld |= hole;
        hole
    }

    fn hold(&mut self) {
        let rule = self.rule;
        match &rule.each {
            None => self.columns(Here::default(), ""),
            Some(Each::Rows(block, rows)) => {
                let (found, _) = self.ground.rows(*block, rows, Here::default());
                // A row that seems to have none below it may have one that is not known.
                let uncertain = matches!(rows, Rows::Leaf | Rows::Below(_));
                if self.is_withheld() && uncertain {
                    return;
                }
                for at in found {
                    let row = &self.ground.block(*block).rows[at];
                    let here = Here {
                        row: Some((*block, at)),
                        ..Here::default()
                    };
                    self.columns(here, &row_label(row));
                }
            }
            Some(Each::Sheets) => {
                self.withheld |= self.ground.disclosure.holes.sheets.is_some();
                for at in 0..self.ground.disclosure.sheets.len() {
                    let here = Here {
                        sheet: Some(at),
                        ..Here::default()
                    };
                    self.columns(here, &self.ground.disclosure.sheets[at].name);
                }
            }
        }
    }

    /// Goes through the columns of `.*`.
    fn columns(&mut self, here: Here<'a>, label: &str) {
        let ground = self.ground;
        let Some(block) = self.rule.columns else {
            self.once(here, label);
            return;
        };
        let titles = ground.disclosure.title_values();
        let columns = &ground.form(block).columns;
        for at in ground.amount_columns(block) {
            let here = Here {
                column: Some(&columns[at].id),
                ..here
            };
            let title = columns[at].title.fill(&titles);
            let label = if label.is_empty() {
                title
            } else {
                format!("{label} · {title}")
            };
            self.once(here, &label);
        }
    }

    fn once(&mut self, here: Here<'a>, label: &str) {
        let rule = self.rule;
        self.here = here;
        let when = match rule.when.as_slice() {
            [] => Some(true),
            patterns => self.ground.have_figure(patterns, here),
        };
        let unless = self.ground.have_figure(&rule.unless, here);
        match (when, unless) {
            (Some(false), _) | (_, Some(true)) => {}
            (Some(true), Some(false)) => self.judge(here, label),
            _ => self.withheld = true,
        }
        self.is_withheld();
    }

    fn judge(&mut self, here: Here<'a>, label: &str) {
        match &self.rule.kind {
            RuleKind::Equal(left, right) => {
                if let (Some(left), Some(right)) =
                    (self.ground.side(left, here), self.ground.side(right, here))
                {
                    self.compare("sum-mismatch", label, left, Comparison::Equal, right);
                }
            }
            RuleKind::Bound(left, comparison, right) => {
                if let (Some(left), Some(right)) =
                    (self.ground.side(left, here), self.ground.side(right, here))
                {
                    self.compare("bound-exceeded", label, left, *comparison, right);
                }
            }
            RuleKind::Same(facts) => {
                for places in facts {
                    self.same(places, here, label, facts.len() > 1);
                }
            }
            RuleKind::Tree { block, total } => self.tree(*block, total.as_deref(), here, label),
            RuleKind::Share { part, of, is } => {
                let sides = (self.ground.side(part, here), self.ground.side(of, here));
                if let (Some(part), Some(of)) = sides {
                    self.share(label, &part, &of, self.ground.operands(is, here));
                }
            }
            RuleKind::Count(counted, is) => self.count(label, counted, is, here),
            RuleKind::Required(required) => {
                for required in required {
                    self.required(required, here);
                    self.is_withheld();
                }
            }
            RuleKind::Pair(of, among) => self.pair(label, of, among, here),
        }
    }

    /// Every other place of a fact against the first.
    fn same(
        &mut self,
        places: &[crate::standard::rule::Addend],
        here: Here<'a>,
        label: &str,
        several: bool,
    ) {
        let ground = self.ground;
        let mut sides: Vec<Side> = Vec::with_capacity(places.len());
        for place in places {
            let side = ground.side(std::slice::from_ref(place), here);
            match self.is_withheld() {
                // The others are held against the first.
                true if sides.is_empty() => return,
                true => {}
                false => sides.extend(side),
            }
        }
        let mut sides = sides.into_iter();
        let Some(first) = sides.next() else { return };
        for other in sides {
            let label = match first.terms.first() {
                Some(term) if several && label.is_empty() => {
                    ground.disclosure.coordinates(&term.at)
                }
                _ => label.to_owned(),
            };
            self.compare(
                "fact-mismatch",
                &label,
                first.clone(),
                Comparison::Equal,
                other,
            );
        }
    }

    /// Rows against the rows that are part of them, and the total against those of the first level,
    /// in the column at hand.
    fn tree(&mut self, at: BlockAt, total: Option<&str>, here: Here<'a>, label: &str) {
        let ground = self.ground;
        let Some(column) = here.column.and_then(|id| ground.form(at).column(id)) else {
            return;
        };
        let block = ground.block(at);
        if block.hole.is_some() {
            self.withheld = true;
            return;
        }
        let parents = ground.parents(at);
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); block.rows.len() + 1];
        for (row, parent) in parents.iter().enumerate() {
            if !block.rows[row].total {
                below[parent.unwrap_or(block.rows.len())].push(row);
            }
        }
        let cell = |row| {
            At::Cell(CellAt {
                table: at.table,
                block: at.block,
                row,
                column,
            })
        };
        let written = |row: &usize| {
            let value = &block.rows[*row].cells[column].value;
            value.number().is_some() || value.hole().is_some()
        };
        let top = total.and_then(|id| block.position(id));
        let levels = top.map(|row| (row, block.rows.len())).into_iter();
        let inner = (0..block.rows.len()).map(|row| (row, row));
        for (row, children) in levels.chain(inner) {
            if below[children].is_empty() {
                continue;
            }
            let mut left = Side::default();
            let mut right = Side::default();
            let added = ground.add(&mut left, cell(row), false).and_then(|()| {
                below[children]
                    .iter()
                    .filter(|row| written(row))
                    .try_for_each(|row| ground.add(&mut right, cell(*row), false))
            });
            if !self.is_withheld() && added.is_some() {
                let label = format!("{} · {label}", row_label(&block.rows[row]));
                self.compare("tree-mismatch", &label, left, Comparison::Equal, right);
            }
        }
    }

    /// Judges two sides. Nothing is judged where neither has a number.
    fn compare(
        &mut self,
        code: &'static str,
        label: &str,
        mut left: Side,
        comparison: Comparison,
        mut right: Side,
    ) {
        if self.is_withheld() || !left.has_number && !right.has_number {
            return;
        }
        self.ground.leave_out_blanks(&mut left);
        self.ground.leave_out_blanks(&mut right);
        if right.terms.is_empty() {
            let nothing = At::Number(Decimal::ZERO, "没有相应的数".into());
            right.terms.push(Term {
                minus: false,
                at: nothing,
            });
        }
        let verdict = match comparison {
            Comparison::AtMost => left.sum.at_most(right.sum),
            Comparison::AtLeast => right.sum.at_most(left.sum),
            _ => left.sum.equal(right.sum),
        };
        let unit = left.unit.or(right.unit);
        let difference = difference(left.sum, right.sum, unit);
        self.enter(code, label, [left, right], comparison, verdict, difference);
    }

    /// A stated percent against a part of a whole.
    fn share(&mut self, label: &str, part: &Side, of: &Side, is: Vec<At>) {
        let disclosure = self.ground.disclosure;
        let Some(at) = is.into_iter().next() else {
            return;
        };
        self.ground.see(disclosure.operand_value(&at).hole());
        let stated = match &at {
            At::Number(number, _) => Some(*number),
            At::Cell(cell) => disclosure.around(*cell).cell.value.number(),
            At::Input(input) => disclosure.inputs[*input].cell.value.number(),
            At::Fund { .. } | At::Share(..) | At::Text(_) => None,
        };
        let Some(stated) = stated else { return };
        let texts = [part, of].map(|side| amount_text(side.sum.value, side.unit));
        let how = format!("{} ÷ {}", texts[0], texts[1]);
        let (expected, verdict, difference) = if is_base(of.sum.value) {
            let Some((computed, verdict)) = part.sum.share(of.sum, stated) else {
                self.ground.see_long(at);
                return;
            };
            let difference = Difference {
                value: stated.saturating_sub(computed),
                bound: Decimal::ZERO,
                unit: None,
            };
            let expected = At::Share(computed, how.into());
            (expected, verdict, Some(difference))
        } else {
            let why = if of.sum.value.is_zero() { "零" } else { "负" };
            let expected = format!("{how}，基数为{why}，不计算百分比");
            (At::Text(expected.into()), Verdict::Broken, None)
        };
        let side = |at| Side {
            terms: vec![Term { minus: false, at }],
            has_number: true,
            ..Side::default()
        };
        let sides = [side(at), side(expected)];
        self.enter(
            "share-mismatch",
            label,
            sides,
            Comparison::Equal,
            verdict,
            difference,
        );
    }

    /// Keeps a relation, and reports it where it is not exact.
    fn enter(
        &mut self,
        code: &'static str,
        label: &str,
        [left, right]: [Side; 2],
        comparison: Comparison,
        verdict: Verdict,
        difference: Option<Difference>,
    ) {
        if self.is_withheld() {
            return;
        }
        let relation = Relation {
            label: label.to_owned(),
            left: left.terms,
            comparison,
            right: right.terms,
            verdict,
            difference,
            waived: false,
        };
        if verdict != Verdict::Exact {
            self.cases.push(Case {
                code,
                rule: self.rule,
                here: self.here,
                sums: [left.sum, right.sum],
                unit: left.unit.or(right.unit),
                positions: (self.position, self.relations.len()),
            });
        }
        self.relations.push(relation);
    }
}

/// How a row is told from others in a list of relations.
fn row_label(row: &Row) -> String {
    match &row.code {
        Some(code) => format!("{code} {}", row.name),
        None => row.name.to_string(),
    }
}

/// An amount in its unit, as printed.
fn amount_text(yuan: Decimal, unit: Option<MoneyUnit>) -> String {
    let in_unit = unit.and_then(|unit| Amount::new(yuan, MoneyUnit::Yuan).in_unit(unit));
    in_unit.map_or_else(
        || grouped(yuan.normalize()),
        |amount| format!("{} {}", grouped(tidy(amount)), amount.unit()),
    )
}

/// Left minus right in a unit, with what rounding explains.
fn difference(left: Sum, right: Sum, unit: Option<MoneyUnit>) -> Option<Difference> {
    let value = left.value.checked_sub(right.value)?;
    let bound = left.bound(right);
    let Some(unit) = unit else {
        return Some(Difference {
            value: value.normalize(),
            bound: bound.normalize(),
            unit: None,
        });
    };
    let in_unit = |value| {
        let amount = Amount::new(value, MoneyUnit::Yuan).in_unit(unit)?;
        Some(tidy(amount))
    };
    Some(Difference {
        value: in_unit(value)?,
        bound: in_unit(bound)?,
        unit: Some(unit),
    })
}

/// Without digits that say nothing, but with two where there are any or the unit is not 元.
fn tidy(amount: Amount) -> Decimal {
    let value = amount.value().normalize();
    let whole = value.scale() == 0 && amount.unit() == MoneyUnit::Yuan;
    if value.scale() < 2 && !whole {
        at_scale(value, 2)
    } else {
        value
    }
}
