//! The proof of a disclosure (勾稽核对): every relation of every rule with both sides and a verdict.
//!
//! Operands are positions, so that a proof stays small; pages turn them into figures and links.

use std::collections::BTreeSet;

use super::amount::MoneyUnit;
use rust_decimal::Decimal;

/// What was proved of a disclosure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proof {
    /// Rules in the order of the standard, then those of the disclosure.
    pub rules: Vec<ProvenRule>,
}

/// One rule with all that it came to in a disclosure.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvenRule {
    /// Identifier, also its anchor on the page: `rule-<id>`.
    pub id: Box<str>,
    /// What must hold, in one line.
    pub title: String,
    /// Why it must hold.
    pub reason: Option<String>,
    /// Regulation or form that says so.
    pub origin: Option<String>,
    /// Its relations; none where the disclosure has nothing that the rule speaks of.
    pub relations: Vec<Relation>,
}

/// One relation: `left = right`, or `≤`, `≥`.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Row, column or sheet that tells it from others of its rule; empty for the only one.
    pub label: String,
    /// Left side: one or more operands, added up.
    pub left: Vec<Term>,
    /// What holds between the sides.
    pub comparison: Comparison,
    /// Right side.
    pub right: Vec<Term>,
    /// What came of it.
    pub verdict: Verdict,
    /// Left minus right; `None` where sides are not numbers.
    pub difference: Option<Difference>,
    /// Answered by a waiver.
    pub waived: bool,
}

/// Left minus right, with the largest difference that rounding explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Left minus right.
    pub value: Decimal,
    /// Largest size of the difference that rounding explains.
    pub bound: Decimal,
    /// Unit of both; `None` for counts.
    pub unit: Option<MoneyUnit>,
}

/// One operand of a side.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Whether it is taken away.
    pub minus: bool,
    /// What it is.
    pub at: At,
}

/// What an operand is, by positions in the disclosure.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// A cell.
    Cell(CellAt),
    /// An input.
    Input(usize),
    /// An amount of a sheet: total of the phase (0) or a source (from 1).
    Fund {
        /// Position of the sheet.
        sheet: usize,
        /// Position of the phase.
        phase: usize,
        /// 0 for the total, then the sources.
        line: usize,
    },
    /// A number that stands nowhere, with what it counts: 33, 项目（按单位和名称）.
    Number(Decimal, Box<str>),
    /// A percentage that stands nowhere, with what it was computed from: 5.1, 336.67 万元 ÷ 6,592.98 万元.
    Share(Decimal, Box<str>),
    /// A text: a name, a code, a section; empty where it is missing.
    Text(Box<str>),
}

/// A cell by positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellAt {
    /// Position of the table.
    pub table: usize,
    /// Position of the block.
    pub block: usize,
    /// Position of the row.
    pub row: usize,
    /// Position of the column.
    pub column: usize,
}

/// What must hold between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// =
    Equal,
    /// ≤
    AtMost,
    /// ≥
    AtLeast,
    /// The text of the left side stands in the list that the right side names.
    Among,
    /// What the left side names is there.
    Present,
}

/// What came of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds to the last digit.
    Exact,
    /// It differs by no more than rounding explains.
    Rounding,
    /// Rounding could explain it, but hardly does: beyond four standard deviations.
    Improbable,
    /// It does not hold.
    Broken,
}

impl Comparison {
    /// As printed between the sides.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Among => "∈",
            Self::Present => "有",
        }
    }
}

impl Verdict {
    /// As data files write it.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Rounding => "rounding",
            Self::Improbable => "improbable",
            Self::Broken => "broken",
        }
    }

    /// As printed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "相符",
            Self::Rounding => "四舍五入差",
            Self::Improbable => "存疑",
            Self::Broken => "不符",
        }
    }
}

impl Proof {
    /// How many relations came to a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.relations()
            .filter(|relation| relation.verdict == verdict)
            .count()
    }

    /// All relations of all rules.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.rules.iter().flat_map(|rule| &rule.relations)
    }

    /// The relations that do not hold, each with its rule.
    pub fn failing(&self) -> impl Iterator<Item = (&ProvenRule, &Relation)> {
        let rules = self.rules.iter();
        let all = rules.flat_map(|rule| rule.relations.iter().map(move |one| (rule, one)));
        all.filter(|(_, relation)| relation.fails())
    }

    /// Cells that are confirmed: an equation with another figure holds, and no relation that they enter fails.
    #[must_use]
    pub fn confirmed(&self) -> BTreeSet<CellAt> {
        let of = |wanted: fn(&Relation) -> bool| -> BTreeSet<CellAt> {
            let relations = self.relations().filter(|relation| wanted(relation));
            relations.flat_map(Relation::cells).collect()
        };
        of(Relation::confirms)
            .difference(&of(Relation::fails))
            .copied()
            .collect()
    }
}

impl Relation {
    /// Whether it speaks for its figures: an equation of two or more that holds. That one figure is not above
    /// another, or equals nothing, says little of it.
    #[must_use]
    pub fn confirms(&self) -> bool {
        let stands = |term: &&Term| !matches!(term.at, At::Number(..) | At::Text(_));
        self.comparison == Comparison::Equal
            && !self.fails()
            && self.terms().filter(stands).count() > 1
    }

    /// Whether it does not hold, rounding allowed for.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.verdict >= Verdict::Improbable
    }

    /// The cells among its operands.
    pub fn cells(&self) -> impl Iterator<Item = CellAt> {
        self.terms().filter_map(|term| match term.at {
            At::Cell(cell) => Some(cell),
            _ => None,
        })
    }

    /// Operands of both sides.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.left.iter().chain(&self.right)
    }
}
