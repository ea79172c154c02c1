//! Findings that only follow from others: left out, because with the others mended they are gone.
//!
//! A relation is a linear form of cells. One that is a combination of relations that hold and of relations
//! that are reported holds as soon as these do: it says nothing of its own. One that is no such combination
//! may be at fault by itself and is never left out, whatever cells it shares with others.

use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::Diagnostics;
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, CellAt, Comparison, Relation, Verdict};
use crate::standard::Standard;

/// Leaves out, of what no waiver answers: a chart whose parts do not make up the whole, where the relations
/// reported say so already; and a chart that is missing, where it is reported why it cannot be drawn.
pub fn leave_out(standard: &Standard, disclosure: &Disclosure, diagnostics: &mut Diagnostics) {
    let mut unfit: HashSet<String> = HashSet::new();
    let mut implied: HashSet<Vec<(bool, CellAt)>> = HashSet::new();
    let mut known = None;
    for finding in diagnostics.as_slice() {
        let Some(detail) = finding.detail.as_deref() else {
            continue;
        };
        let Some(chart) = &detail.chart else { continue };
        let plan = standard.charts.iter().find(|plan| plan.id == chart.id);
        unfit.extend(plan.map(|plan| plan.title.fill(&disclosure.title_values())));
        if chart.equation.is_empty() || finding.waived.is_some() {
            continue;
        }
        let known = known.get_or_insert_with(|| Known::new(disclosure, diagnostics));
        if known.imply(&chart.equation) {
            implied.insert(chart.equation.clone());
        }
    }
    let missing: HashSet<String> = unfit.iter().map(|title| format!("图《{title}》")).collect();
    diagnostics.retain(|finding| {
        let Some(detail) = finding
            .detail
            .as_deref()
            .filter(|_| finding.waived.is_none())
        else {
            return true;
        };
        if let Some(chart) = &detail.chart {
            return !implied.contains(&chart.equation);
        }
        let relation = detail
            .relation
            .map(|(rule, at)| &disclosure.proof.rules[rule].relations[at]);
        !relation.is_some_and(|relation| {
            relation.comparison == Comparison::Present && missing.contains(&relation.label)
        })
    });
}

/// What the relations of a disclosure say: those that hold, and with them those that are reported.
struct Known {
    holding: Space,
    reported: Space,
}

impl Known {
    fn new(disclosure: &Disclosure, diagnostics: &Diagnostics) -> Self {
        let mut holding = Space::default();
        let held =
            |relation: &&Relation| matches!(relation.verdict, Verdict::Exact | Verdict::Rounding);
        for form in disclosure.proof.relations().filter(held).filter_map(form) {
            holding.add(form);
        }
        let mut reported = holding.clone();
        let open = diagnostics
            .as_slice()
            .iter()
            .filter(|finding| finding.waived.is_none());
        let broken = open.filter_map(|finding| finding.detail.as_deref()?.relation);
        for (rule, at) in broken {
            let relation = &disclosure.proof.rules[rule].relations[at];
            if !held(&relation)
                && let Some(form) = form(relation)
            {
                reported.add(form);
            }
        }
        Self { holding, reported }
    }

    /// Whether an equation holds once every reported relation does, and does not hold by those that hold
    /// already (then it is rounding that adds up, which nothing else says).
    fn imply(&self, equation: &[(bool, CellAt)]) -> bool {
        let form = || sum(equation.iter().copied());
        self.reported.has(form()) && !self.holding.has(form())
    }
}

/// A linear form: cells with their factors, modulo [`PRIME`].
type Form = BTreeMap<CellAt, u128>;

/// Factors are ±1 and what elimination makes of them; beyond this prime none of them gets lost.
const PRIME: u128 = (1 << 61) - 1;

fn sum(terms: impl Iterator<Item = (bool, CellAt)>) -> Form {
    let mut form = Form::new();
    for (minus, cell) in terms {
        let factor = form.entry(cell).or_default();
        *factor = (*factor + if minus { PRIME - 1 } else { 1 }) % PRIME;
    }
    form.retain(|_, factor| *factor != 0);
    form
}

/// A relation between cells; `None` for any other.
fn form(relation: &Relation) -> Option<Form> {
    if relation.comparison != Comparison::Equal {
        return None;
    }
    let sides = [(&relation.left, false), (&relation.right, true)];
    let terms = sides.into_iter().flat_map(|(terms, right)| {
        terms.iter().map(move |term| match &term.at {
            At::Cell(cell) => Some((term.minus != right, *cell)),
            _ => None,
        })
    });
    let terms: Option<Vec<(bool, CellAt)>> = terms.collect();
    Some(sum(terms?.into_iter()))
}

/// All combinations of some forms: a form for each first cell, with the factor 1 there.
#[derive(Debug, Clone, Default)]
struct Space(BTreeMap<CellAt, Form>);

impl Space {
    fn add(&mut self, form: Form) {
        let form = self.reduced(form);
        let Some((&first, &factor)) = form.first_key_value() else {
            return;
        };
        let inverse = power(factor, PRIME - 2);
        let scaled = form
            .into_iter()
            .map(|(cell, factor)| (cell, factor * inverse % PRIME));
        self.0.insert(first, scaled.collect());
    }

    fn has(&self, form: Form) -> bool {
        self.reduced(form).is_empty()
    }

    /// What is left of a form when everything that is known is taken away.
    fn reduced(&self, mut form: Form) -> Form {
        let mut done: Option<CellAt> = None;
        loop {
            let mut cells = form
                .iter()
                .filter(|(cell, _)| done.is_none_or(|done| **cell > done));
            let Some((&cell, &factor)) = cells.next() else {
                return form;
            };
            done = Some(cell);
            let Some(known) = self.0.get(&cell) else {
                continue;
            };
            for (cell, other) in known {
                let left = form.entry(*cell).or_default();
                *left = (*left + (PRIME - factor) * other) % PRIME;
            }
            form.retain(|_, factor| *factor != 0);
        }
    }
}

fn power(mut base: u128, mut exponent: u128) -> u128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: usize) -> CellAt {
        CellAt {
            table: 0,
            block: 0,
            row,
            column: 0,
        }
    }

    fn equation(left: usize, right: &[usize]) -> Form {
        let right = right.iter().map(|row| (true, cell(*row)));
        sum(std::iter::once((false, cell(left))).chain(right))
    }

    #[test]
    fn what_follows_is_a_combination_and_nothing_else() {
        let mut space = Space::default();
        space.add(equation(0, &[1, 2]));
        space.add(equation(1, &[3, 4]));
        space.add(equation(5, &[0]));
        for (left, right, follows) in [
            (0, &[2, 3, 4][..], true),
            (5, &[1, 2], true),
            (5, &[2, 3, 4], true),
            (5, &[2, 3], false),
            (0, &[1], false),
            (2, &[0], false),
            (6, &[0], false),
        ] {
            assert_eq!(
                space.has(equation(left, right)),
                follows,
                "{left} = {right:?}"
            );
        }
    }

    #[test]
    fn a_cell_that_cancels_out_makes_no_difference() {
        let mut space = Space::default();
        space.add(equation(9, &[1]));
        space.add(equation(8, &[1]));
        assert!(space.has(equation(9, &[8])));
        assert!(!space.has(equation(9, &[])));
    }
}
