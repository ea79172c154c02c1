//! What may have happened to a sum that does not hold: a row left out or taken twice, two digits
//! swapped, a unit slipped.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use super::report::Report;
use crate::diagnostic::Say;
use crate::model::amount::{Amount, MoneyUnit, grouped};
use crate::model::proof::{At, CellAt, Comparison, Difference, Term, Verdict};
use crate::say;

/// The likeliest slip that would make the relation hold, if one does.
pub fn of(report: &Report<'_>) -> Option<Say> {
    let relation = report.relation;
    if relation.verdict != Verdict::Broken || relation.comparison != Comparison::Equal {
        return None;
    }
    let Difference { value, unit, .. } = relation.difference?;
    let unit = unit?;
    if let Some(hint) = not_written(report) {
        return Some(hint);
    }
    swapped(report, value, unit)
        .or_else(|| slipped(report, value, unit))
        .or_else(|| taken_twice(report, value, unit))
        .or_else(|| left_out(report, value, unit))
}

/// A side that is blank.
fn not_written(report: &Report<'_>) -> Option<Say> {
    let sides = [&report.relation.left, &report.relation.right];
    let blank = sides.into_iter().find(|terms| {
        let mut terms = terms.iter();
        terms.all(|term| amount(report, &term.at).is_none())
    })?;
    let at = &blank.first()?.at;
    if matches!(at, At::Number(..) | At::Share(..) | At::Text(_)) {
        return None;
    }
    let words = report.ground.disclosure.coordinates(at);
    Some(say!(
        "{words} 是空白：是不是漏填了？",
        "{words} is blank: was it left out?"
    ))
}

/// An operand in a unit, with the sign by which it enters left minus right.
fn entering(report: &Report<'_>, term: &Term, right: bool, unit: MoneyUnit) -> Option<Decimal> {
    let value = amount(report, &term.at)?.in_unit(unit)?.value();
    Some(if term.minus == right { value } else { -value })
}

fn amount(report: &Report<'_>, at: &At) -> Option<Amount> {
    report.ground.disclosure.operand_amount(at)
}

/// Operands with whether they stand on the right, those first that most relations reject.
fn terms<'a>(report: &'a Report<'_>) -> impl Iterator<Item = (&'a Term, bool)> {
    let left = report.relation.left.iter().map(|term| (term, false));
    let right = report.relation.right.iter().map(|term| (term, true));
    let mut terms: Vec<(&Term, bool)> = left.chain(right).collect();
    terms.sort_by_key(|(term, _)| Reverse(report.suspects.of(&term.at)));
    terms.into_iter()
}

/// A figure of which two neighbouring digits were swapped.
fn swapped(report: &Report<'_>, gap: Decimal, unit: MoneyUnit) -> Option<Say> {
    terms(report).find_map(|(term, right)| {
        let found = amount(report, &term.at)?;
        let entering = entering(report, term, right, unit)?;
        let sign = if (entering < Decimal::ZERO) == (found.value() < Decimal::ZERO) {
            Decimal::ONE
        } else {
            -Decimal::ONE
        };
        neighbours_swapped(found.value())
            .into_iter()
            .find_map(|other| {
                let moved = Amount::new(other.checked_sub(found.value())?, found.unit());
                let moved = moved.in_unit(unit)?.value();
                if gap.checked_add(sign.checked_mul(moved)?)? != Decimal::ZERO {
                    return None;
                }
                let words = report.ground.disclosure.coordinates(&term.at);
                let (now, then) = (grouped(found.value()), grouped(other));
                Some(say!(
                    "{words} {now} 若是 {then} 就相符：是不是两位数字写反了？",
                    "{words} {now} would fit as {then}: are two digits swapped?"
                ))
            })
    })
}

/// Every number that comes of swapping two neighbouring digits.
fn neighbours_swapped(value: Decimal) -> Vec<Decimal> {
    let text = value.to_string();
    let digits: Vec<usize> = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    digits
        .windows(2)
        .filter_map(|pair| {
            let mut bytes = text.clone().into_bytes();
            bytes.swap(pair[0], pair[1]);
            let swapped = Decimal::from_str_exact(std::str::from_utf8(&bytes).ok()?).ok()?;
            (swapped != value).then_some(swapped)
        })
        .collect()
}

/// A figure written in 元 where 万元 are meant, or the other way round.
fn slipped(report: &Report<'_>, gap: Decimal, unit: MoneyUnit) -> Option<Say> {
    let bound = report.relation.difference?.bound;
    let factor = Decimal::from(10_000);
    terms(report).find_map(|(term, right)| {
        let entering = entering(report, term, right, unit)?;
        if entering.is_zero() {
            return None;
        }
        // A figure beside nothing is no slip of the unit.
        let rest = gap.checked_sub(entering)?;
        if rest.abs() <= bound {
            return None;
        }
        let fits = |other: Decimal| {
            let sum = rest.checked_add(other);
            sum.is_some_and(|sum| sum.abs() <= bound)
        };
        let larger = entering.checked_mul(factor).is_some_and(fits);
        let smaller = entering.checked_div(factor).is_some_and(fits);
        if !larger && !smaller {
            return None;
        }
        let words = report.ground.disclosure.coordinates(&term.at);
        Some(if larger {
            say!(
                "{words} 乘以 10,000 就相符：是不是把万元当成了元？",
                "{words} would fit times 10,000: was 万元 taken for 元?"
            )
        } else {
            say!(
                "{words} 除以 10,000 就相符：是不是把元当成了万元？",
                "{words} would fit divided by 10,000: was 元 taken for 万元?"
            )
        })
    })
}

/// An operand that is as large as the difference: counted twice, or not to be counted.
fn taken_twice(report: &Report<'_>, gap: Decimal, unit: MoneyUnit) -> Option<Say> {
    let several = report.relation.left.len() + report.relation.right.len() > 2;
    terms(report).filter(|_| several).find_map(|(term, right)| {
        let entering = entering(report, term, right, unit)?;
        if entering != gap {
            return None;
        }
        let words = report.ground.disclosure.coordinates(&term.at);
        Some(say!(
            "{words} 恰好等于差额：是不是重复计算，或者不该计入？",
            "{words} is just the difference: is it counted twice, or not to be counted?"
        ))
    })
}

/// A cell of the same column that is as large as the difference and no operand: left out.
fn left_out(report: &Report<'_>, gap: Decimal, unit: MoneyUnit) -> Option<Say> {
    let disclosure = report.ground.disclosure;
    let many = [&report.relation.left, &report.relation.right]
        .into_iter()
        .find(|terms| terms.len() > 1)?;
    let At::Cell(sample) = many.first()?.at else {
        return None;
    };
    let taken = |at: CellAt| report.relation.terms().any(|term| term.at == At::Cell(at));
    let rows = &disclosure.tables[sample.table].blocks[sample.block].rows;
    (0..rows.len()).find_map(|row| {
        let at = CellAt { row, ..sample };
        let value = amount(report, &At::Cell(at))?.in_unit(unit)?.value();
        if rows[row].total || taken(at) || value != gap.abs() || value.is_zero() {
            return None;
        }
        let words = disclosure.coordinates(&At::Cell(at));
        Some(say!(
            "{words} 恰好等于差额：是不是漏计了，或者放错了上级？",
            "{words} is just the difference: was it left out, or put below the wrong row?"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::read_number;

    #[test]
    fn neighbouring_digits_are_swapped_across_the_point_too() {
        let value = read_number("18.81").expect("a number").value;
        let texts: Vec<String> = neighbours_swapped(value)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(texts, ["81.81", "18.18"]);
    }
}
