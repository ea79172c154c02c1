//! Interval arithmetic: a figure rounded at scale s stands for ± half a unit of its last place.
//!
//! A relation is exact if it holds to the last digit, rounding if the intervals of its sides still
//! meet, improbable if they meet but independent rounding errors would hardly add up so far, and
//! broken otherwise. There is no tolerance to tune.

use rust_decimal::Decimal;

use crate::model::amount::{MoneyUnit, is_base, percent_at};
use crate::model::proof::Verdict;

/// How many standard deviations of independent rounding errors are still taken for rounding.
const DEVIATIONS: u32 = 4;

/// A sum of rounded figures, in 元 where they are money.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    /// The sum.
    pub value: Decimal,
    /// Half-widths of the intervals added up: the largest error that rounding can make.
    half: Decimal,
    /// Squares of the units of the last places added up.
    squares: Decimal,
    /// How many figures.
    pub figures: u32,
}

impl Sum {
    /// One figure with the digits that its form prescribes; a plain `0` in a table of two digits is
    /// as exact as `0.00`. Counts are exact.
    pub fn of(value: Decimal, unit: Option<MoneyUnit>, decimals: Option<u32>) -> Option<Self> {
        let Some(decimals) = decimals else {
            return Some(Self {
                value,
                figures: 1,
                ..Self::default()
            });
        };
        let base = |value: Decimal| match unit {
            Some(unit) => value.checked_mul(unit.in_yuan()),
            None => Some(value),
        };
        let last = base(Decimal::try_new(1, value.scale().max(decimals)).ok()?)?;
        Some(Self {
            value: base(value)?,
            half: last.checked_div(Decimal::TWO)?,
            squares: last.checked_mul(last)?,
            figures: 1,
        })
    }

    /// With another added, or taken away.
    pub fn and(self, other: Self, minus: bool) -> Option<Self> {
        let value = if minus {
            self.value.checked_sub(other.value)?
        } else {
            self.value.checked_add(other.value)?
        };
        Some(Self {
            value,
            half: self.half.checked_add(other.half)?,
            squares: self.squares.checked_add(other.squares)?,
            figures: self.figures + other.figures,
        })
    }

    /// The largest difference from another sum that rounding explains. One figure against one of the
    /// same precision is one fact in two places, which rounding makes equal.
    pub fn bound(self, other: Self) -> Decimal {
        if self.figures <= 1 && other.figures <= 1 && self.half == other.half {
            return Decimal::ZERO;
        }
        self.half.saturating_add(other.half)
    }

    /// Whether two sums are equal.
    pub fn equal(self, other: Self) -> Verdict {
        let Some(difference) = self.value.checked_sub(other.value) else {
            return Verdict::Broken;
        };
        judge(
            difference,
            self.bound(other),
            self.squares.saturating_add(other.squares),
        )
    }

    /// Whether this sum is at most another.
    pub fn at_most(self, other: Self) -> Verdict {
        if self.value <= other.value {
            return Verdict::Exact;
        }
        self.equal(other)
    }

    /// Whether a stated percent is `self ÷ whole`, with what that is. `None` where the whole is no base of percentages,
    /// or beyond 28 digits.
    pub fn share(self, whole: Self, stated: Decimal) -> Option<(Decimal, Verdict)> {
        let scale = stated.scale();
        let computed = percent_at(self.value, whole.value, scale)?;
        if computed == stated {
            return Some((computed, Verdict::Exact));
        }
        // The share of amounts before they were rounded lies between the least and the largest of these. A whole that
        // may have been nothing leaves it open on the side of the part's sign.
        let ends = |sum: Self| {
            let least = sum.value.checked_sub(sum.half)?;
            Some([least, sum.value.checked_add(sum.half)?])
        };
        let (parts, wholes) = (ends(self)?, ends(whole)?);
        let shares = |part: Decimal| wholes.map(|whole| percent_at(part, whole, scale + 4));
        let mut known = parts.into_iter().flat_map(shares).flatten();
        let first = known.next()?;
        let (low, high) = known.fold((first, first), |(low, high), end| {
            (low.min(end), high.max(end))
        });
        // Beyond the last digit that a decimal has there is nothing to round.
        let half = Decimal::try_new(5, scale + 1).unwrap_or_default();
        let open = !is_base(wholes[0]);
        let above = open && is_base(parts[1]) || stated <= high.saturating_add(half);
        let below = open && is_base(-parts[0]) || stated >= low.saturating_sub(half);
        let verdict = if above && below {
            Verdict::Rounding
        } else {
            Verdict::Broken
        };
        Some((computed, verdict))
    }
}

/// Independent rounding errors of n figures have a standard deviation of √(n/12) units of the last
/// place, so the difference is compared in squares.
fn judge(difference: Decimal, bound: Decimal, squares: Decimal) -> Verdict {
    if difference.is_zero() {
        return Verdict::Exact;
    }
    if difference.abs() > bound {
        return Verdict::Broken;
    }
    let deviations = Decimal::from(DEVIATIONS * DEVIATIONS);
    let improbable = difference
        .checked_mul(difference)
        .and_then(|square| square.checked_mul(Decimal::from(12)))
        .zip(squares.checked_mul(deviations))
        .is_none_or(|(left, right)| left > right);
    if improbable {
        Verdict::Improbable
    } else {
        Verdict::Rounding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::read_number;

    fn figure(text: &str, unit: MoneyUnit, decimals: u32) -> Sum {
        let value = read_number(text).expect(text).value;
        Sum::of(value, Some(unit), Some(decimals)).expect(text)
    }

    fn sum(texts: &[&str]) -> Sum {
        texts
            .iter()
            .map(|text| figure(text, MoneyUnit::WanYuan, 2))
            .reduce(|left, right| left.and(right, false).expect("a sum"))
            .unwrap_or_default()
    }

    #[test]
    fn a_sum_may_differ_from_its_total_by_half_a_unit_a_figure() {
        let long: Vec<&str> = vec!["1.00"; 17];
        for (total, parts, verdict) in [
            ("18.82", &["8.59", "10.23"][..], Verdict::Exact),
            ("18.81", &["8.59", "10.23"], Verdict::Rounding),
            ("18.80", &["8.59", "10.23"], Verdict::Broken),
            ("3764.74", &["449.83", "3314.92"], Verdict::Rounding),
            ("17.02", &long, Verdict::Rounding),
            ("17.05", &long, Verdict::Improbable),
            ("17.10", &long, Verdict::Broken),
            ("5.00", &["5.01"], Verdict::Broken),
            ("0", &[], Verdict::Exact),
        ] {
            assert_eq!(
                sum(&[total]).equal(sum(parts)),
                verdict,
                "{total} {parts:?}"
            );
        }
    }

    #[test]
    fn units_meet_exactly() {
        for (sheet, table, verdict) in [
            ("7824", "0.78", Verdict::Rounding),
            ("7850", "0.78", Verdict::Rounding),
            ("7851", "0.78", Verdict::Broken),
            ("195600", "19.56", Verdict::Exact),
            ("0", "5.00", Verdict::Broken),
        ] {
            let sheet = figure(sheet, MoneyUnit::Yuan, 0);
            let table = figure(table, MoneyUnit::WanYuan, 2);
            assert_eq!(sheet.equal(table), verdict);
        }
    }

    #[test]
    fn a_plain_zero_is_as_exact_as_its_form_and_counts_are_exact() {
        assert_eq!(sum(&["0"]).equal(sum(&["0.01"])), Verdict::Broken);
        assert_eq!(sum(&["0", "1.00"]).equal(sum(&["1.03"])), Verdict::Broken);
        let count = |number: i64| Sum::of(Decimal::from(number), None, None).expect("a count");
        assert_eq!(count(33).equal(count(32)), Verdict::Broken);
        assert_eq!(count(3).at_most(count(3)), Verdict::Exact);
        assert_eq!(count(4).at_most(count(3)), Verdict::Broken);
    }

    #[test]
    fn a_share_is_that_of_some_amounts_that_round_so() {
        for (part, whole, stated, verdict) in [
            ("449.83", "3764.74", "11.95", Verdict::Exact),
            ("1.00", "3.00", "33.4", Verdict::Rounding),
            ("449.83", "3764.74", "11.96", Verdict::Broken),
            ("-449.83", "3764.74", "-11.95", Verdict::Exact),
            ("-1.00", "3.00", "-33.4", Verdict::Rounding),
            ("-1.00", "3.00", "33.3", Verdict::Broken),
        ] {
            let stated = read_number(stated).expect("a percent").value;
            let found = sum(&[part]).share(sum(&[whole]), stated);
            assert_eq!(found.map(|(_, verdict)| verdict), Some(verdict), "{part}");
        }
        for whole in ["0.00", "-3.00"] {
            assert!(sum(&["1.00"]).share(sum(&[whole]), Decimal::ONE).is_none());
        }
        // Two amounts that may have been nothing: any share that is not negative.
        let little = sum(&["1.01", "-1.00"]);
        for (stated, verdict) in [(5000, Verdict::Rounding), (-5000, Verdict::Broken)] {
            let found = sum(&["1.00"]).share(little, Decimal::from(stated));
            assert_eq!(found.map(|(_, verdict)| verdict), Some(verdict), "{stated}");
        }
    }
}
