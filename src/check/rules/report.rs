//! A relation that is not exact -> a finding: the sentence, both sides, where to look.

use super::hint;
use super::terms::Ground;
use super::{Case, Suspects};
use crate::diagnostic::{Detail, Diagnostic, Label, Operand, Say, Severity, Side};
use crate::model::amount::{Amount, MoneyUnit, grouped};
use crate::model::coordinates::BLANK;
use crate::model::proof::{At, Comparison, Difference, Relation, Term, Verdict};
use crate::say;
use crate::source::{Location, Place, Source};
use crate::standard::rule::Rule;

/// What is known of a relation when it is reported.
pub struct Report<'a> {
    pub ground: &'a Ground<'a>,
    pub head: &'a Source,
    pub relation: &'a Relation,
    pub suspects: &'a Suspects,
    pub case: &'a Case<'a>,
}

/// Where the data has an operand; `None` for what stands in no file of it.
pub fn place(ground: &Ground<'_>, head: &Source, at: &At) -> Option<Location> {
    let disclosure = ground.disclosure;
    Some(match at {
        At::Cell(cell) => {
            let around = disclosure.around(*cell);
            Location::new(&around.table.source, around.cell.place)
        }
        At::Input(input) => Location::new(head, disclosure.inputs[*input].cell.place),
        At::Fund { sheet, phase, line } => {
            let sheet = &disclosure.sheets[*sheet];
            Location::new(&sheet.source, sheet.funds[*phase][*line].place)
        }
        At::Number(..) | At::Share(..) | At::Text(_) => return None,
    })
}

impl Report<'_> {
    /// The finding.
    pub fn finding(&self) -> Diagnostic {
        let (code, severity) = match self.relation.verdict {
            Verdict::Rounding | Verdict::Exact => ("sum-rounding", Severity::Note),
            Verdict::Improbable => (
                "sum-improbable",
                self.rule().severity.max(Severity::Warning),
            ),
            Verdict::Broken => (self.case.code, self.rule().severity),
        };
        let broken = self.relation.verdict != Verdict::Rounding;
        let primary = self.primary();
        let location = self.location(primary);
        let mut finding = Diagnostic::finding(
            code,
            severity,
            &location.source,
            location.place,
            self.sentence(),
        );
        let disclosure = self.ground.disclosure;
        let at = primary.and_then(|at| disclosure.operand_selector(at));
        finding.detail = Some(Box::new(Detail {
            rule: Some(self.rule().id.clone()),
            relation: Some(self.case.positions),
            at: at.map(|at| at.to_string()),
            coordinates: primary
                .map(|at| disclosure.coordinates(at))
                .filter(|words| !words.is_empty()),
            sides: (broken && self.relation.difference.is_some())
                .then(|| [self.side(0), self.side(1)]),
            expected: broken.then(|| self.side_text(1)),
            found: broken.then(|| self.side_text(0)),
            matched: None,
            chart: None,
        }));
        if broken {
            finding.labels.extend(self.other_place(&location));
            finding.hint = Some(self.hint());
        }
        finding
    }

    fn rule(&self) -> &Rule {
        self.case.rule
    }

    fn terms(&self, side: usize) -> &[Term] {
        if side == 0 {
            &self.relation.left
        } else {
            &self.relation.right
        }
    }

    /// The operand that the finding points at: the first that stands somewhere.
    fn primary(&self) -> Option<&At> {
        let stands =
            |term: &&Term| !matches!(term.at, At::Number(..) | At::Share(..) | At::Text(_));
        self.relation.terms().find(stands).map(|term| &term.at)
    }

    fn location(&self, at: Option<&At>) -> Location {
        let found = at.and_then(|at| self.place(at));
        found.unwrap_or_else(|| self.place_here())
    }

    fn place(&self, at: &At) -> Option<Location> {
        place(self.ground, self.head, at)
    }

    /// The row or sheet at hand, or the disclosure as a whole.
    fn place_here(&self) -> Location {
        let disclosure = self.ground.disclosure;
        if let Some((block, row)) = self.case.here.row {
            let source = &disclosure.tables[block.table].source;
            let row = &self.ground.block(block).rows[row];
            let spot = self.case.here.spot.map(|column| row.cells[column].place);
            return Location::new(source, spot.unwrap_or(row.place));
        }
        if let Some(sheet) = self.case.here.sheet {
            let sheet = &disclosure.sheets[sheet];
            return Location::new(&sheet.source, sheet.place);
        }
        Location::new(self.head, Place::FILE)
    }

    /// Where the other side stands, when it is one figure in another place.
    fn other_place(&self, primary: &Location) -> Option<Label> {
        let [term] = self.terms(1) else { return None };
        let location = self.place(&term.at)?;
        let words = self.ground.disclosure.coordinates(&term.at);
        (location != *primary).then(|| Label {
            location,
            say: say!("{words}", "{words}"),
        })
    }

    fn side(&self, side: usize) -> Side {
        let disclosure = self.ground.disclosure;
        Side {
            text: self.side_text(side),
            operands: self
                .terms(side)
                .iter()
                .map(|term| Operand {
                    minus: term.minus,
                    text: with_unit(
                        &disclosure.held_text(&term.at),
                        disclosure.held_unit(&term.at),
                    ),
                    coordinates: disclosure.coordinates(&term.at),
                    at: disclosure
                        .operand_selector(&term.at)
                        .map(|at| at.to_string())
                        .unwrap_or_default(),
                    location: self.place(&term.at),
                })
                .collect(),
        }
    }

    /// A side as printed: its one figure as written, or the sum.
    fn side_text(&self, side: usize) -> String {
        let disclosure = self.ground.disclosure;
        if let [term] = self.terms(side) {
            return with_unit(
                &disclosure.held_text(&term.at),
                disclosure.held_unit(&term.at),
            );
        }
        let sum = self.case.sums[side].value;
        let in_unit = self
            .case
            .unit
            .and_then(|unit| Amount::new(sum, MoneyUnit::Yuan).in_unit(unit));
        in_unit.map_or_else(
            || grouped(sum.normalize()),
            |amount| with_unit(&grouped(super::tidy(amount)), amount.unit().name()),
        )
    }

    /// What a side is called: its one figure by its place, or the sum.
    fn side_words(&self, side: usize) -> Say {
        let disclosure = self.ground.disclosure;
        if let [term] = self.terms(side) {
            let mut words = disclosure.coordinates(&term.at);
            match term.at {
                At::Share(..) => words.push_str(" ="),
                At::Text(_) => return say!("而", "the computation"),
                _ => {}
            }
            return say!("{words}", "{words}");
        }
        let count = self.terms(side).len();
        match &self.rule().kind {
            crate::standard::rule::RuleKind::Tree { .. } => {
                say!(
                    "下级 {count} 行之和",
                    "the sum of the {count} rows below it"
                )
            }
            _ => say!("{count} 项之和", "the sum of {count} figures"),
        }
    }

    fn sentence(&self) -> Say {
        let title = &self.rule().title;
        let label = &self.relation.label;
        let [left, right] = [self.side_text(0), self.side_text(1)];
        match self.relation.comparison {
            Comparison::Present => say!("{title}：缺少{label}", "{title}: {label} is missing"),
            Comparison::Among => say!(
                "{title}：「{left}」不在{right}之中",
                "{title}: {left} is not among {right}"
            ),
            comparison => {
                let (first, second) = (self.side_words(0), self.side_words(1));
                let apart = self.apart();
                let must = match comparison {
                    Comparison::AtMost => say!("应不大于", "should be at most"),
                    Comparison::AtLeast => say!("应不小于", "should be at least"),
                    _ => say!("", "against"),
                };
                Say {
                    zh: format!(
                        "{title}：{} {left}，{}{} {right}{}",
                        first.zh, must.zh, second.zh, apart.zh
                    ),
                    en: format!(
                        "{title}: {} {left} {} {} {right}{}",
                        first.en, must.en, second.en, apart.en
                    ),
                }
            }
        }
    }

    /// `，相差 0.01 万元`, and for rounding the largest difference that it explains.
    fn apart(&self) -> Say {
        let Some(Difference { value, bound, unit }) = self.relation.difference else {
            return say!("", "");
        };
        let unit = unit.map_or("", MoneyUnit::name);
        let apart = with_unit(&grouped(value.abs()), unit);
        let bound = with_unit(&grouped(bound), unit);
        match self.relation.verdict {
            Verdict::Rounding => say!(
                "，相差 {apart}，在四舍五入的范围内（至多 {bound}）",
                ", {apart} apart, which rounding explains (at most {bound})"
            ),
            Verdict::Improbable => say!(
                "，相差 {apart}；四舍五入至多能差 {bound}，但不大可能差这么多",
                ", {apart} apart; rounding could make {bound}, but hardly does"
            ),
            _ => say!("，相差 {apart}", ", {apart} apart"),
        }
    }

    fn hint(&self) -> Say {
        hint::of(self).unwrap_or_else(|| match self.relation.comparison {
            Comparison::Present => say!(
                "补上；确实没有的，在 waivers.yaml 里说明",
                "add it, or explain in waivers.yaml"
            ),
            Comparison::Among => say!(
                "核对名称或编码；确实如此的，在 waivers.yaml 里说明",
                "check the name or code, or explain in waivers.yaml"
            ),
            _ => say!(
                "对照原件核对这几个数；原件如此的，在 waivers.yaml 里说明",
                "check these figures against the original, or explain in waivers.yaml"
            ),
        })
    }
}

fn with_unit(text: &str, unit: &str) -> String {
    match unit {
        "" => text.to_owned(),
        _ if text == BLANK => text.to_owned(),
        "%" => format!("{text}%"),
        unit => format!("{text} {unit}"),
    }
}
