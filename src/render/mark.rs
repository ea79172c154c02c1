//! Cells whose figure did not pass, or was corrected: marked in their table, with a link to the rule or the correction.

use std::collections::BTreeMap;

use super::address::Edition;
use super::escape::html;
use super::view::corrections::CORRECTIONS_PAGE;
use super::view::tally::verdict_class;
use crate::model::correction::{Correction, Subject};
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, CellAt, Relation, Verdict};

/// The page of the proof.
pub const CHECKS_PAGE: &str = "checks.html";

/// Put before the identifier of a rule in its anchor.
pub const RULE_IDS: &str = "rule-";

/// Why a cell is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The rule, by id.
    rule: Box<str>,
    verdict: Verdict,
    waived: bool,
}

/// The marked cells of a disclosure; most have none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    cells: BTreeMap<CellAt, Mark>,
    /// Anchor of the newest correction of a cell, where it has no other mark.
    corrected: BTreeMap<CellAt, String>,
}

impl Marks {
    /// In each relation that did not pass, the first cell of the left side in each table is marked.
    /// A cell in several such relations shows the worst, open before waived.
    #[must_use]
    pub fn new(disclosure: &Disclosure) -> Self {
        let mut marks = Self::default();
        for rule in &disclosure.proof.rules {
            for relation in &rule.relations {
                if relation.verdict >= Verdict::Improbable {
                    marks.add(disclosure, &rule.id, relation);
                }
            }
        }
        for correction in &disclosure.corrections {
            marks.correct(disclosure, correction);
        }
        marks
    }

    fn correct(&mut self, disclosure: &Disclosure, correction: &Correction) {
        for change in &correction.changes {
            let Subject::Figure(At::Cell(at)) = change.subject else {
                continue;
            };
            if disclosure.around(at).column.is_addressed() && !self.cells.contains_key(&at) {
                self.corrected
                    .entry(at)
                    .or_insert_with(|| correction.anchor());
            }
        }
    }

    fn add(&mut self, disclosure: &Disclosure, rule: &str, relation: &Relation) {
        let mut seen: Vec<usize> = Vec::new();
        for term in &relation.left {
            let At::Cell(at) = term.at else { continue };
            if seen.contains(&at.table) || !disclosure.around(at).column.is_addressed() {
                continue;
            }
            seen.push(at.table);
            let mark = Mark {
                rule: rule.into(),
                verdict: relation.verdict,
                waived: relation.waived,
            };
            let known = self.cells.entry(at).or_insert_with(|| mark.clone());
            if mark.weight() > known.weight() {
                *known = mark;
            }
        }
    }

    /// The mark of a cell.
    #[must_use]
    pub fn at(&self, cell: CellAt) -> Option<&Mark> {
        self.cells.get(&cell)
    }

    /// The figure of a corrected cell as a link to its correction, with a sign for the eye and a word for the ear.
    #[must_use]
    pub fn corrected(&self, cell: CellAt, text: &str, edition: Edition) -> Option<String> {
        let anchor = html(self.corrected.get(&cell)?);
        let page = match edition {
            Edition::Pages => CORRECTIONS_PAGE,
            Edition::Full => "",
        };
        Some(format!(
            "<a href=\"{page}#{anchor}\"><span class=\"corrected-sign\" aria-hidden=\"true\">更</span> {text}<span class=\"visually-hidden\"> 已更正</span></a>"
        ))
    }

    /// Whether a table has a cell that is marked as corrected.
    #[must_use]
    pub fn corrected_in(&self, table: usize) -> bool {
        self.corrected.keys().any(|cell| cell.table == table)
    }

    /// Whether a table has a marked cell.
    #[must_use]
    pub fn touch(&self, table: usize) -> bool {
        self.cells.keys().any(|cell| cell.table == table)
    }
}

impl Mark {
    const fn weight(&self) -> (bool, Verdict) {
        (!self.waived, self.verdict)
    }

    /// Class of the cell.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        verdict_class(self.verdict, self.waived)
    }

    /// The figure of the cell as a link to the rule, with a sign for the eye and a word for the ear.
    #[must_use]
    pub fn figure(&self, text: &str) -> String {
        let word = if self.waived {
            "已说明"
        } else {
            self.verdict.word()
        };
        let rule = html(&self.rule);
        format!(
            "<a href=\"{CHECKS_PAGE}#{RULE_IDS}{rule}\"><span class=\"sign\" aria-hidden=\"true\">※</span> {text}<span class=\"visually-hidden\"> {word}</span></a>"
        )
    }
}
