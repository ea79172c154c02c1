//! Figures computed from operands, with the steps that a reader can follow.

use rust_decimal::Decimal;
use tera::{Error, TeraResult};

use super::scope::Operand;
use crate::model::amount::{Amount, grouped, percent};
use crate::model::narrative::{Figure, Step};
use crate::model::table::Value;
use crate::say;
use crate::template::error;

/// A number with its unit, if it is money.
#[derive(Clone, Copy)]
pub enum Quantity {
    /// Money.
    Money(Amount),
    /// A count or percent.
    Plain(Decimal),
}

impl Quantity {
    /// The number alone.
    pub const fn number(self) -> Decimal {
        match self {
            Self::Money(amount) => amount.value(),
            Self::Plain(value) => value,
        }
    }

    /// As printed, without unit.
    pub fn text(self) -> String {
        grouped(self.number())
    }

    /// The unit word, empty for a plain number.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Money(amount) => amount.unit().name(),
            Self::Plain(_) => "",
        }
    }

    /// Sum or difference in the unit of `self`.
    fn combine(self, other: Self, sign: Sign) -> Option<Self> {
        match (self, other, sign) {
            (Self::Money(left), Self::Money(right), Sign::Plus) => {
                left.plus(right).map(Self::Money)
            }
            (Self::Money(left), Self::Money(right), Sign::Minus) => {
                left.minus(right).map(Self::Money)
            }
            (Self::Plain(left), Self::Plain(right), Sign::Plus) => {
                left.checked_add(right).map(Self::Plain)
            }
            (Self::Plain(left), Self::Plain(right), Sign::Minus) => {
                left.checked_sub(right).map(Self::Plain)
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

fn too_long() -> Error {
    error(&say!(
        "结果超过 28 位，或金额与个数混在一起",
        "the result has more than 28 digits, or money and counts are mixed"
    ))
}

/// The number of an operand; a blank is zero in the unit of `like`.
pub fn quantity(operand: &Operand, like: Option<Quantity>) -> TeraResult<Quantity> {
    match &operand.value {
        Value::Amount(amount) => Ok(Quantity::Money(*amount)),
        Value::Percent(value) | Value::Count(value) => Ok(Quantity::Plain(*value)),
        Value::Blank => Ok(match like {
            Some(Quantity::Money(amount)) => {
                Quantity::Money(Amount::new(Decimal::ZERO, amount.unit()))
            }
            _ => Quantity::Plain(Decimal::ZERO),
        }),
        Value::NoData | Value::Text(_) | Value::YesNo(_) => {
            let at = &operand.at;
            Err(error(&say!(
                "`{at}` 不是数，不能参加计算",
                "`{at}` is no number to compute with"
            )))
        }
    }
}

/// Two operands as quantities of one kind.
pub fn pair(left: &Operand, right: &Operand) -> TeraResult<(Quantity, Quantity)> {
    let hint = [left, right]
        .into_iter()
        .find(|operand| operand.value != Value::Blank)
        .map(|operand| quantity(operand, None))
        .transpose()?;
    Ok((quantity(left, hint)?, quantity(right, hint)?))
}

fn step(operand: &Operand) -> Step {
    Step::Operand {
        text: operand.text(),
        at: operand.at.clone(),
    }
}

/// `part ÷ whole` in percent; a zero whole gives `0.00%`.
pub fn share(part: &Operand, whole: &Operand) -> TeraResult<Figure> {
    let (part_number, whole_number) = pair(part, whole)?;
    let share = match (part_number, whole_number) {
        (Quantity::Money(part), Quantity::Money(whole)) => part.percent_of(whole),
        (part, whole) => percent(part.number(), whole.number()),
    };
    Ok(Figure::Computed {
        text: format!("{}%", share.unwrap_or(Decimal::new(0, 2))),
        steps: vec![step(part), Step::Sign(" ÷ "), step(whole)],
    })
}

/// The sum of operands.
pub fn sum(operands: &[Operand]) -> TeraResult<Figure> {
    let (total, steps) = add(operands)?;
    Ok(Figure::Computed {
        text: total.text(),
        steps,
    })
}

fn add(operands: &[Operand]) -> TeraResult<(Quantity, Vec<Step>)> {
    let like = operands
        .iter()
        .find(|operand| operand.value != Value::Blank)
        .map(|operand| quantity(operand, None))
        .transpose()?;
    let mut total: Option<Quantity> = None;
    let mut steps = Vec::new();
    for operand in operands {
        let next = quantity(operand, like)?;
        if total.is_some() {
            steps.push(Step::Sign(" + "));
        }
        steps.push(step(operand));
        total = Some(match total {
            None => next,
            Some(total) => total.combine(next, Sign::Plus).ok_or_else(too_long)?,
        });
    }
    total
        .map(|total| (total, steps))
        .ok_or_else(|| error(&say!("sum 至少要一个数", "sum takes at least one figure")))
}

/// `sum(parts) ÷ whole` in percent.
pub fn share_of_sum(parts: &[Operand], whole: &Operand) -> TeraResult<Figure> {
    let (total, mut steps) = add(parts)?;
    let whole_number = quantity(whole, Some(total))?;
    let share = match (total, whole_number) {
        (Quantity::Money(part), Quantity::Money(whole)) => part.percent_of(whole),
        (part, whole) => percent(part.number(), whole.number()),
    };
    if parts.len() > 1 {
        steps.insert(0, Step::Sign("("));
        steps.push(Step::Sign(")"));
    }
    steps.push(Step::Sign(" ÷ "));
    steps.push(step(whole));
    Ok(Figure::Computed {
        text: format!("{}%", share.unwrap_or(Decimal::new(0, 2))),
        steps,
    })
}

/// `left − right`.
pub fn difference(left: &Operand, right: &Operand) -> TeraResult<Figure> {
    let (left_number, right_number) = pair(left, right)?;
    let result = left_number
        .combine(right_number, Sign::Minus)
        .ok_or_else(too_long)?;
    Ok(Figure::Computed {
        text: result.text(),
        steps: vec![step(left), Step::Sign(" − "), step(right)],
    })
}

/// How a figure moved against an earlier one.
pub struct Change {
    /// Less, equal or more.
    pub direction: std::cmp::Ordering,
    /// Size of the move.
    pub size: Figure,
    /// Unit word of the size.
    pub unit: &'static str,
    /// The move in percent of the earlier figure; `None` on a zero base.
    pub percent: Option<Figure>,
}

/// Compares a figure with an earlier one.
pub fn change(now: &Operand, before: &Operand) -> TeraResult<Change> {
    let (now_number, before_number) = pair(now, before)?;
    let difference = now_number
        .combine(before_number, Sign::Minus)
        .ok_or_else(too_long)?;
    let direction = difference.number().cmp(&Decimal::ZERO);
    let (larger, smaller) = if direction.is_lt() {
        (before, now)
    } else {
        (now, before)
    };
    let size = grouped(difference.number().abs());
    let steps = vec![step(larger), Step::Sign(" − "), step(smaller)];
    let rate = percent(difference.number().abs(), base(before_number, difference));
    Ok(Change {
        direction,
        unit: difference.unit(),
        percent: rate.map(|rate| Figure::Computed {
            text: format!("{rate}%"),
            steps: vec![
                Step::Result {
                    text: size.clone(),
                    steps: steps.clone(),
                },
                Step::Sign(" ÷ "),
                step(before),
            ],
        }),
        size: Figure::Computed { text: size, steps },
    })
}

impl Change {
    /// The whole clause, with `print` for each figure: `lead` and `减少66.26万元，下降1.73%`, or
    /// `same` alone.
    pub fn clause(
        self,
        lead: &str,
        same: &str,
        with_percent: bool,
        mut print: impl FnMut(Figure) -> String,
    ) -> String {
        let (more_or_less, rate_word) = match self.direction {
            std::cmp::Ordering::Equal => return same.to_owned(),
            std::cmp::Ordering::Greater => ("增加", "增长"),
            std::cmp::Ordering::Less => ("减少", "下降"),
        };
        let mut clause = format!("{lead}{more_or_less}{}{}", print(self.size), self.unit);
        if let Some(percent) = self.percent.filter(|_| with_percent) {
            clause.push('，');
            clause.push_str(rate_word);
            clause.push_str(&print(percent));
        }
        clause
    }
}

/// The earlier figure in the unit of the difference, without sign.
fn base(before: Quantity, difference: Quantity) -> Decimal {
    match (before, difference) {
        (Quantity::Money(before), Quantity::Money(difference)) => before
            .in_unit(difference.unit())
            .map_or(Decimal::ZERO, Amount::value)
            .abs(),
        (before, _) => before.number().abs(),
    }
}
