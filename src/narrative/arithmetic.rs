//! Figures computed from operands, with the steps that a reader can follow.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use tera::{Error, TeraResult};

use super::scope::Operand;
use crate::model::amount::{Amount, MoneyUnit, grouped, is_base, percent};
use crate::model::narrative::{Figure, NoPercent, Step};
use crate::model::table::Value;
use crate::say;
use crate::template::error;

/// A number with what it counts.
#[derive(Clone, Copy)]
pub enum Quantity {
    /// Money.
    Money(Amount),
    /// A percent.
    Percent(Decimal),
    /// A count.
    Count(Decimal),
}

impl Quantity {
    /// The number alone.
    pub const fn number(self) -> Decimal {
        match self {
            Self::Money(amount) => amount.value(),
            Self::Percent(value) | Self::Count(value) => value,
        }
    }

    /// As printed, without unit.
    pub fn text(self) -> String {
        grouped(self.number())
    }

    /// The unit word, empty for a count.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Money(amount) => amount.unit().name(),
            Self::Percent(_) => "%",
            Self::Count(_) => "",
        }
    }

    /// Likewise, of the difference of two.
    const fn unit_of_difference(self) -> &'static str {
        match self {
            Self::Percent(_) => "个百分点",
            other => other.unit(),
        }
    }

    /// Nothing of the same kind.
    const fn zero(self) -> Self {
        match self {
            Self::Money(amount) => Self::Money(Amount::new(Decimal::ZERO, amount.unit())),
            Self::Percent(_) => Self::Percent(Decimal::ZERO),
            Self::Count(_) => Self::Count(Decimal::ZERO),
        }
    }

    /// Sum or difference in the unit of `self`.
    fn combine(self, other: Self, sign: Sign) -> TeraResult<Self> {
        let money = match sign {
            Sign::Plus => Amount::plus,
            Sign::Minus => Amount::minus,
        };
        let plain = match sign {
            Sign::Plus => Decimal::checked_add,
            Sign::Minus => Decimal::checked_sub,
        };
        let result = match (self, other) {
            (Self::Money(left), Self::Money(right)) => money(left, right).map(Self::Money),
            (Self::Percent(left), Self::Percent(right)) => plain(left, right).map(Self::Percent),
            (Self::Count(left), Self::Count(right)) => plain(left, right).map(Self::Count),
            _ => return Err(mixed()),
        };
        result.ok_or_else(too_long)
    }

    /// `self ÷ whole` in percent.
    fn rate(self, whole: Self) -> TeraResult<Rate> {
        let base = whole.number();
        let rate = match (self, whole) {
            (Self::Money(part), Self::Money(whole)) => part.percent_of(whole),
            (Self::Percent(part), Self::Percent(whole))
            | (Self::Count(part), Self::Count(whole)) => percent(part, whole),
            _ => return Err(mixed()),
        };
        match rate {
            Some(rate) => Ok(Rate::Of(rate)),
            None if is_base(base) => Err(too_long()),
            None if base.is_zero() => Ok(Rate::None(NoBase::Zero)),
            None => Ok(Rate::None(NoBase::Negative)),
        }
    }
}

#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

/// A percentage, or why there is none.
#[derive(Clone, Copy)]
enum Rate {
    Of(Decimal),
    None(NoBase),
}

/// Why there is no percentage of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBase {
    /// It is zero or blank.
    Zero,
    /// It is negative.
    Negative,
}

fn too_long() -> Error {
    error(&say!(
        "结果超过 28 位",
        "the result has more than 28 digits"
    ))
}

fn mixed() -> Error {
    error(&say!(
        "金额、个数和百分数不能放在一起算",
        "money, counts and percentages cannot be computed together"
    ))
}

/// The number of an operand; a blank is nothing of the kind of `like`.
pub fn quantity(operand: &Operand, like: Option<Quantity>) -> TeraResult<Quantity> {
    match &operand.value {
        Value::Amount(amount) => Ok(Quantity::Money(*amount)),
        Value::Percent(value) => Ok(Quantity::Percent(*value)),
        Value::Count(value) => Ok(Quantity::Count(*value)),
        Value::Blank => Ok(like.map_or(Quantity::Count(Decimal::ZERO), Quantity::zero)),
        Value::NoData | Value::Text(_) | Value::YesNo(_) | Value::Hole(_) => {
            let at = &operand.at;
            Err(error(&say!(
                "`{at}` 不是数，不能参加计算",
                "`{at}` is no number to compute with"
            )))
        }
    }
}

/// The operands of one computation as quantities of one kind, and how they are printed in it.
struct Terms<'a> {
    operands: Vec<(&'a Operand, Quantity)>,
    /// Money of several units: each figure says its own.
    named: bool,
}

impl<'a> Terms<'a> {
    fn new(operands: impl Iterator<Item = &'a Operand> + Clone) -> TeraResult<Self> {
        let like = operands
            .clone()
            .find(|operand| operand.value != Value::Blank)
            .map(|operand| quantity(operand, None))
            .transpose()?;
        let operands = operands
            .map(|operand| Ok((operand, quantity(operand, like)?)))
            .collect::<TeraResult<Vec<_>>>()?;
        let mut units = operands.iter().map(|(_, quantity)| quantity.unit());
        let first = units.next();
        Ok(Self {
            named: units.any(|unit| Some(unit) != first),
            operands,
        })
    }

    fn quantity(&self, at: usize) -> Quantity {
        self.operands[at].1
    }

    /// The unit of a result, where it has to be said.
    const fn unit(&self, result: Quantity) -> &'static str {
        if self.named { result.unit() } else { "" }
    }

    /// Adds an operand to a computation: in brackets where a sign stands before a negative one, with its unit where
    /// there are several.
    fn push(&self, at: usize, steps: &mut Vec<Step>) {
        let (operand, quantity) = self.operands[at];
        let number = quantity.number();
        let bracketed = !steps.is_empty() && number.is_sign_negative() && !number.is_zero();
        if bracketed {
            steps.push(Step::Sign("("));
        }
        steps.push(Step::Operand {
            text: operand.text(),
            at: operand.at.clone(),
        });
        self.push_unit(quantity, steps);
        if bracketed {
            steps.push(Step::Sign(")"));
        }
    }

    fn push_unit(&self, quantity: Quantity, steps: &mut Vec<Step>) {
        if let (true, Quantity::Money(amount)) = (self.named, quantity) {
            steps.push(Step::Sign(match amount.unit() {
                MoneyUnit::Yuan => " 元",
                MoneyUnit::WanYuan => " 万元",
                MoneyUnit::YiYuan => " 亿元",
            }));
        }
    }

    /// The sum of the first `count` operands.
    fn sum(&self, count: usize) -> TeraResult<(Quantity, Vec<Step>)> {
        let mut steps = Vec::new();
        let mut total: Option<Quantity> = None;
        for at in 0..count {
            if total.is_some() {
                steps.push(Step::Sign(" + "));
            }
            self.push(at, &mut steps);
            let next = self.quantity(at);
            total = Some(match total {
                None => next,
                Some(total) => total.combine(next, Sign::Plus)?,
            });
        }
        total
            .map(|total| (total, steps))
            .ok_or_else(|| error(&say!("sum 至少要一个数", "sum takes at least one figure")))
    }

    /// One operand minus another.
    fn difference(&self, left: usize, right: usize) -> TeraResult<(Quantity, Vec<Step>)> {
        let mut steps = Vec::new();
        self.push(left, &mut steps);
        steps.push(Step::Sign(" − "));
        self.push(right, &mut steps);
        let result = self
            .quantity(left)
            .combine(self.quantity(right), Sign::Minus)?;
        Ok((result, steps))
    }
}

fn percentage(rate: Decimal, steps: Vec<Step>) -> Figure {
    Figure::Computed {
        text: format!("{}%", grouped(rate)),
        unit: "",
        steps,
    }
}

/// `sum(parts) ÷ whole` in percent.
pub fn share(parts: &[Operand], whole: &Operand) -> TeraResult<Result<Figure, NoBase>> {
    let terms = Terms::new(parts.iter().chain([whole]))?;
    let (total, mut steps) = terms.sum(parts.len())?;
    let rate = match total.rate(terms.quantity(parts.len()))? {
        Rate::Of(rate) => rate,
        Rate::None(why) => return Ok(Err(why)),
    };
    if parts.len() > 1 {
        steps.insert(0, Step::Sign("("));
        steps.push(Step::Sign(")"));
    }
    steps.push(Step::Sign(" ÷ "));
    terms.push(parts.len(), &mut steps);
    Ok(Ok(percentage(rate, steps)))
}

/// The sum of operands.
pub fn sum(operands: &[Operand]) -> TeraResult<Figure> {
    let terms = Terms::new(operands.iter())?;
    let (total, steps) = terms.sum(operands.len())?;
    Ok(Figure::Computed {
        text: total.text(),
        unit: terms.unit(total),
        steps,
    })
}

/// `left − right`.
pub fn difference(left: &Operand, right: &Operand) -> TeraResult<Figure> {
    let terms = Terms::new([left, right].into_iter())?;
    let (result, steps) = terms.difference(0, 1)?;
    Ok(Figure::Computed {
        text: result.text(),
        unit: terms.unit(result),
        steps,
    })
}

/// How a figure moved against an earlier one.
pub struct Change {
    /// Less, equal or more.
    pub direction: Ordering,
    /// Size of the move.
    size: Figure,
    /// Unit word of the size.
    unit: &'static str,
    /// The move in percent of the earlier figure; none asked for where that is a percentage itself.
    rate: Option<Result<Figure, NoBase>>,
}

/// Compares a figure with an earlier one.
pub fn change(now: &Operand, before: &Operand) -> TeraResult<Change> {
    let terms = Terms::new([now, before].into_iter())?;
    let (moved, _) = terms.difference(0, 1)?;
    let direction = moved.number().cmp(&Decimal::ZERO);
    let (larger, smaller) = if direction.is_lt() { (1, 0) } else { (0, 1) };
    let (_, steps) = terms.difference(larger, smaller)?;
    let size = match moved {
        Quantity::Money(amount) => Quantity::Money(amount.magnitude()),
        Quantity::Percent(value) => Quantity::Percent(value.abs()),
        Quantity::Count(value) => Quantity::Count(value.abs()),
    };
    let rate = match (size, size.rate(terms.quantity(1))?) {
        (Quantity::Percent(_), _) => None,
        (_, Rate::None(why)) => Some(Err(why)),
        (_, Rate::Of(rate)) => {
            let mut how = vec![Step::Result {
                text: size.text(),
                steps: steps.clone(),
            }];
            terms.push_unit(size, &mut how);
            how.push(Step::Sign(" ÷ "));
            terms.push(1, &mut how);
            Some(Ok(percentage(rate, how)))
        }
    };
    Ok(Change {
        direction,
        unit: size.unit_of_difference(),
        rate,
        size: Figure::Computed {
            text: size.text(),
            unit: terms.unit(size),
            steps,
        },
    })
}

/// How a change is put into words.
pub struct Clause<'a> {
    /// Before the size, as in 比上年.
    pub lead: &'a str,
    /// Instead of all when nothing changed.
    pub same: &'a str,
    /// What stands for the percentage where there is none; nothing stands for one that is not asked for.
    pub no_percent: Option<&'a NoPercent>,
}

impl Change {
    /// The whole clause, with `print` for each figure: `lead` and `减少66.26万元，下降1.73%`, or
    /// `same` alone.
    pub fn clause(self, words: &Clause<'_>, mut print: impl FnMut(Figure) -> String) -> String {
        let (more_or_less, rate_word) = match self.direction {
            Ordering::Equal => return words.same.to_owned(),
            Ordering::Greater => ("增加", "增长"),
            Ordering::Less => ("减少", "下降"),
        };
        let Clause { lead, .. } = words;
        let mut clause = format!("{lead}{more_or_less}{}{}", print(self.size), self.unit);
        if let Some((rate, no_percent)) = self.rate.zip(words.no_percent) {
            clause.push('，');
            match rate {
                Ok(percent) => {
                    clause.push_str(rate_word);
                    clause.push_str(&print(percent));
                }
                Err(why) => clause.push_str(&print(Figure::Text(no_percent.of_change(why)))),
            }
        }
        clause
    }

    /// A few words: `下降1.73%`, or `增加5.00万元` where there is no percentage.
    pub fn short(&self) -> String {
        let (more_or_less, rate_word) = match self.direction {
            Ordering::Equal => return "持平".to_owned(),
            Ordering::Greater => ("增加", "增长"),
            Ordering::Less => ("减少", "下降"),
        };
        match &self.rate {
            Some(Ok(percent)) => format!("{rate_word}{}", percent.text()),
            _ => format!("{more_or_less}{}{}", self.size.text(), self.unit),
        }
    }
}

impl NoPercent {
    fn of_change(&self, why: NoBase) -> String {
        let words = match why {
            NoBase::Zero => &self.prior_zero,
            NoBase::Negative => &self.prior_negative,
        };
        words.to_string()
    }

    /// Instead of a share.
    pub(super) fn of_share(&self, why: NoBase) -> &str {
        match why {
            NoBase::Zero => &self.whole_zero,
            NoBase::Negative => &self.whole_negative,
        }
    }
}
