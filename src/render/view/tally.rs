//! Counts of relations by verdict, in words.

use crate::model::proof::{Comparison, Relation, Verdict};

/// Every verdict, best first.
pub const VERDICTS: [Verdict; 4] = [
    Verdict::Exact,
    Verdict::Rounding,
    Verdict::Improbable,
    Verdict::Broken,
];

/// Class of a verdict in style sheets.
#[must_use]
pub const fn verdict_class(verdict: Verdict, waived: bool) -> &'static str {
    match verdict {
        Verdict::Exact => "exact",
        Verdict::Rounding => "rounding",
        _ if waived => "waived",
        Verdict::Improbable => "improbable",
        Verdict::Broken => "broken",
    }
}

/// How many relations came to each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [usize; VERDICTS.len()],
    waived: [usize; VERDICTS.len()],
    /// Whether any is no equation.
    other: bool,
}

impl Tally {
    /// Counts relations.
    #[must_use]
    pub fn new<'a>(relations: impl IntoIterator<Item = &'a Relation>) -> Self {
        let mut tally = Self::default();
        for relation in relations {
            tally.add(relation);
        }
        tally
    }

    fn add(&mut self, relation: &Relation) {
        let at = relation.verdict as usize;
        self.counts[at] += 1;
        self.waived[at] += usize::from(relation.waived);
        self.other |= relation.comparison != Comparison::Equal;
    }

    /// How many came to a verdict.
    #[must_use]
    pub const fn of(&self, verdict: Verdict) -> usize {
        self.counts[verdict as usize]
    }

    /// How many of these are answered by a waiver.
    #[must_use]
    pub const fn waived(&self, verdict: Verdict) -> usize {
        self.waived[verdict as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.counts.iter().sum()
    }

    /// 等式, or 关系 where some are none.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        if self.other { "关系" } else { "等式" }
    }

    /// Class of the worst verdict, open before waived.
    #[must_use]
    pub fn class(&self) -> &'static str {
        let of = |open: bool| {
            let mut worst = VERDICTS.into_iter().rev();
            worst.find(|verdict| {
                let at = *verdict as usize;
                self.counts[at] > if open { self.waived[at] } else { 0 }
            })
        };
        match (of(true), of(false)) {
            (Some(verdict), _) if verdict >= Verdict::Improbable => verdict_class(verdict, false),
            (_, Some(verdict)) => verdict_class(verdict, true),
            (_, None) => "none",
        }
    }

    /// `12 个等式相符`, or `3 个相符，1 个四舍五入差`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut some = VERDICTS.into_iter().filter(|one| self.of(*one) > 0);
        match (some.next(), some.next()) {
            (None, _) => "本公开没有涉及的数据".to_owned(),
            (Some(only), None) => format!(
                "{} 个{}{}{}",
                self.all(),
                self.noun(),
                only.word(),
                self.waived_words(only)
            ),
            (Some(_), Some(_)) => self.parts(),
        }
    }

    /// `3 个相符，1 个四舍五入差`
    #[must_use]
    pub fn parts(&self) -> String {
        let parts: Vec<String> = VERDICTS
            .into_iter()
            .filter(|one| self.of(*one) > 0)
            .map(|one| self.part(one))
            .collect();
        parts.join("，")
    }

    /// `3 个相符`
    #[must_use]
    pub fn part(&self, verdict: Verdict) -> String {
        let (count, word) = (self.of(verdict), verdict.word());
        format!("{count} 个{word}{}", self.waived_words(verdict))
    }

    fn waived_words(&self, verdict: Verdict) -> String {
        match (self.waived[verdict as usize], self.of(verdict)) {
            (0, _) => String::new(),
            (waived, all) if waived == all => "（已说明）".to_owned(),
            (waived, _) => format!("（其中 {waived} 个已说明）"),
        }
    }
}
