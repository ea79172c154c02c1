//! A disclosure -> every figure that a sentence may rightly quote: cells, funds of sheets, inputs,
//! and what its own sentences and rules compute.

use std::cell::OnceCell;
use std::collections::HashMap;

use rust_decimal::Decimal;

use super::labels::{self, Labels};
use super::mention::{Mention, Unit};
use crate::model::amount::{Amount, MoneyUnit, ROUNDING};
use crate::model::disclosure::Disclosure;
use crate::model::narrative::Figure;
use crate::model::proof::At;
use crate::model::table::{Block, Cell, Row};

/// Money of a disclosure.
#[derive(Debug, Clone)]
pub struct Fact {
    /// As printed, without its sign.
    pub amount: Amount,
    /// Where it stands; `None` for what is computed.
    pub at: Option<At>,
    /// The same in 元.
    pub yuan: Decimal,
    /// Totals first, then in the order of the tables.
    pub rank: (bool, usize),
}

/// A percent of a disclosure.
#[derive(Debug, Clone)]
pub struct Share {
    /// Without its sign.
    pub value: Decimal,
    /// Where it stands; `None` for what is computed.
    pub at: Option<At>,
    /// How it is computed, `449.83 ÷ 3,764.74`; empty for what stands somewhere.
    pub steps: String,
    /// The function of narratives that computes it.
    pub bind: Option<String>,
}

/// All of them.
pub struct Facts<'a> {
    /// What they are of.
    pub disclosure: &'a Disclosure,
    /// By size.
    pub money: Vec<Fact>,
    /// In the order of tables, inputs and sentences.
    pub shares: Vec<Share>,
    /// Facts by their own labels.
    by_label: OnceCell<HashMap<String, Vec<usize>>>,
}

impl<'a> Facts<'a> {
    /// Gathers them; `sentences` are the figures of the standard's sentences where the disclosure has
    /// sections of its own.
    pub fn new(disclosure: &'a Disclosure, sentences: &[Figure]) -> Self {
        let mut facts = Self {
            disclosure,
            money: Vec::new(),
            shares: Vec::new(),
            by_label: OnceCell::new(),
        };
        facts.gather(sentences);
        facts.money.sort_by_key(|fact| (fact.yuan, fact.rank));
        facts
    }

    /// The facts that an amount quotes, exactly or rounded to the digits it is written with. Totals
    /// first, then in the order of the tables.
    pub fn fitting(&self, written: Amount) -> Vec<&Fact> {
        let Some((least, most)) = rounding_range(written) else {
            return Vec::new();
        };
        let from = self.money.partition_point(|fact| fact.yuan < least);
        let to = self.money.partition_point(|fact| fact.yuan <= most);
        let mut facts: Vec<&Fact> = self.money[from..to]
            .iter()
            .filter(|fact| {
                let exact = fact.amount.in_unit(written.unit());
                exact.is_some_and(|exact| fits(written.value(), exact.value()))
            })
            .collect();
        facts.sort_by_key(|fact| fact.rank);
        facts
    }

    /// Whether a correction says of an amount that it was published, or by how much it was changed.
    pub fn was_published(&self, written: Amount) -> bool {
        let Some(written) = yuan(written) else {
            return false;
        };
        let changes = self.disclosure.corrections.iter();
        changes
            .flat_map(|correction| &correction.changes)
            .any(|change| {
                let [was, now] =
                    [&change.was, &change.now].map(|value| value.amount().and_then(yuan));
                let apart = was.unwrap_or_default().checked_sub(now.unwrap_or_default());
                [was, now, apart]
                    .into_iter()
                    .flatten()
                    .any(|amount| amount.abs() == written)
            })
    }

    /// Whether a percent is printed anywhere, or is the share of a cell in another of its row or in a
    /// total of its column.
    pub fn has_share(&self, written: Decimal) -> bool {
        let mut shares = self.shares.iter();
        let tables = &self.disclosure.tables;
        shares.any(|share| fits(written, share.value))
            || tables
                .iter()
                .flat_map(|table| &table.blocks)
                .any(|block| is_share_in(block, written))
    }

    /// The fact that stands somewhere and is nearest to an amount, if it is within a tenth of it; else the nearest of
    /// those that `called` takes for named. Among equal ones first those that are named, then totals, then in the order
    /// of the tables.
    pub fn nearest(&self, written: Amount, called: impl Fn(&Labels) -> bool) -> Option<&Fact> {
        let written = yuan(written)?;
        let distance = |fact: &Fact| fact.yuan.saturating_sub(written).abs();
        let placed: Vec<&Fact> = self.money.iter().filter(|fact| fact.at.is_some()).collect();
        let named = |fact: &Fact| called(&self.labels(fact));
        let least = placed.iter().map(|fact| distance(fact)).min()?;
        let closest = placed.iter().copied();
        let closest = closest.filter(|fact| distance(fact) == least);
        let near = closest.min_by_key(|fact| (!named(fact), fact.rank))?;
        if is_near(near.yuan, written) {
            return Some(near);
        }
        let called = placed.into_iter().filter(|fact| named(fact));
        called.min_by_key(|fact| (distance(fact), fact.rank))
    }

    /// Whether there is any percent that a text could quote.
    pub fn has_shares(&self) -> bool {
        !self.shares.is_empty()
    }

    /// The percent nearest to one, if it is within a tenth of it.
    pub fn nearest_share(&self, written: Decimal) -> Option<&Share> {
        let mut shares: Vec<&Share> = self.shares.iter().collect();
        // Stable: the first of equal ones stays the first.
        shares.sort_by_key(|share| share.value.saturating_sub(written).abs());
        let near = shares.first().copied()?;
        is_near(near.value, written).then_some(near)
    }

    /// The fact of that label that is nearest to an amount, if it is within a fiftieth.
    pub fn near_of_label(&self, label: &str, written: Amount) -> Option<&Fact> {
        let written = yuan(written)?;
        let facts = self.by_label().get(label)?;
        let distance = |fact: &&Fact| fact.yuan.saturating_sub(written).abs();
        let facts = facts.iter().map(|at| &self.money[*at]);
        let near = facts.min_by_key(|fact| (distance(fact), fact.rank))?;
        let fiftyfold = distance(&near).checked_mul(Decimal::from(50))?;
        (fiftyfold <= near.yuan).then_some(near)
    }

    /// Whether a text is the own label of any fact.
    pub fn is_label(&self, text: &str) -> bool {
        self.by_label().contains_key(text)
    }

    fn by_label(&self) -> &HashMap<String, Vec<usize>> {
        self.by_label.get_or_init(|| {
            let mut by_label: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, fact) in self.money.iter().enumerate() {
                for label in self.labels(fact).own {
                    by_label.entry(label).or_default().push(at);
                }
            }
            by_label
        })
    }

    /// The labels of a fact; none for what is computed.
    pub fn labels(&self, fact: &Fact) -> Labels {
        fact.at
            .as_ref()
            .map_or_else(Labels::default, |at| labels::labels(self.disclosure, at))
    }

    /// Whether any percent is called as these words do.
    pub fn names_share(&self, mention: &Mention) -> bool {
        let mut placed = self.shares.iter().filter_map(|share| share.at.as_ref());
        placed.any(|at| {
            let Labels { own, shared } = labels::labels(self.disclosure, at);
            let mut labels = own.iter().chain(&shared);
            labels.any(|label| !label.is_empty() && mention.words.contains(label.as_str()))
        })
    }
}

/// Whether any cell of a block is that many percent of another of its row or of a total of its column.
fn is_share_in(block: &Block, written: Decimal) -> bool {
    let totals: Vec<&Row> = block.rows.iter().filter(|row| row.total).collect();
    let is_share = |part: Amount, whole: &Cell| {
        let share = whole
            .value
            .amount()
            .and_then(|whole| part.percent_of(whole));
        share.is_some_and(|share| fits(written, share))
    };
    block.rows.iter().any(|row| {
        row.cells.iter().enumerate().any(|(column, cell)| {
            let Some(part) = cell.value.amount().filter(|part| !part.is_zero()) else {
                return false;
            };
            let above = totals.iter().map(|total| &total.cells[column]);
            above.chain(&row.cells).any(|whole| is_share(part, whole))
        })
    })
}

/// An amount in 元.
pub fn yuan(amount: Amount) -> Option<Decimal> {
    amount.in_unit(MoneyUnit::Yuan).map(Amount::value)
}

/// Least and largest 元 that are written as this amount.
fn rounding_range(written: Amount) -> Option<(Decimal, Decimal)> {
    let half = Decimal::try_new(5, written.scale() + 1).ok()?;
    let half = Amount::new(half, written.unit());
    Some((yuan(written.minus(half)?)?, yuan(written.plus(half)?)?))
}

/// Whether two numbers are within a tenth of the smaller of them.
fn is_near(one: Decimal, other: Decimal) -> bool {
    let tenfold = one.saturating_sub(other).abs().checked_mul(Decimal::TEN);
    tenfold.is_some_and(|tenfold| tenfold <= one.abs().min(other.abs()))
}

/// Whether a number is another, or the other rounded to as many digits.
fn fits(written: Decimal, exact: Decimal) -> bool {
    let exact = exact.abs();
    let shorter = exact.normalize().scale() > written.scale();
    written == exact
        || shorter && exact.round_dp_with_strategy(written.scale(), ROUNDING) == written
}

impl Share {
    /// As printed.
    pub fn text(&self) -> String {
        Unit::Percent.print(self.value)
    }
}

impl Fact {
    /// As printed, with its unit.
    pub fn text(&self) -> String {
        Unit::Money(self.amount.unit()).print(self.amount.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::read_number;

    #[test]
    fn a_number_with_fewer_digits_quotes_what_rounds_to_it() {
        for (written, exact, found) in [
            ("449.83", "449.83", true),
            ("449.830", "449.83", true),
            ("449.8", "449.83", true),
            ("450", "449.83", true),
            ("449.82", "449.83", false),
            ("449.831", "449.83", false),
            ("0.45", "0.449831", true),
            ("5", "-5.40", true),
        ] {
            let number = |text| read_number(text).expect(text).value;
            assert_eq!(fits(number(written), number(exact)), found, "{written}");
        }
    }
}
