//! The writer of the proof (勾稽核对): one section a rule, one `<tr>` a relation.

use std::fmt::Write as _;

use super::escape::html;
use super::mark::RULE_IDS;
use super::operand::{Name, Operands, Place};
use super::view::tally::{Tally, verdict_class};
use crate::model::amount::{MoneyUnit, grouped};
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, ProvenRule, Relation, Term, Verdict};

/// A side of more operands than this shows their sum and folds them.
const FEW_OPERANDS: usize = 8;

/// Room for an operand with its share of the relation around it.
const OPERAND_BYTES: usize = 200;

/// Every rule as HTML, in the order of the proof.
#[must_use]
pub fn rules(disclosure: &Disclosure) -> String {
    let operands = Operands::new(disclosure);
    let operand_count: usize = disclosure
        .proof
        .relations()
        .map(|one| one.terms().count())
        .sum();
    let mut out = String::with_capacity(operand_count * OPERAND_BYTES);
    for rule in &disclosure.proof.rules {
        RuleWriter {
            disclosure,
            operands: &operands,
            rule,
            unit: unit_of(disclosure, rule),
            name: Name::Whole,
            out: &mut out,
        }
        .write();
    }
    out
}

/// The unit that stands over the relations of a rule: that of the first.
fn unit_of<'a>(disclosure: &'a Disclosure, rule: &ProvenRule) -> &'a str {
    let first = rule.relations.first().and_then(|one| one.left.first());
    first.map_or("", |term| disclosure.held_unit(&term.at))
}

/// Which columns a table of relations needs.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is a column")]
struct Columns {
    /// Row, column or sheet of the relation.
    labels: bool,
    /// What holds, and the right side.
    right: bool,
    /// Not where all hold exactly: the line above has said so, and there is no difference.
    verdicts: bool,
    differences: bool,
}

impl Columns {
    fn new<'r>(relations: impl Iterator<Item = &'r Relation>) -> Self {
        let mut columns = Self {
            labels: false,
            right: false,
            verdicts: false,
            differences: false,
        };
        for relation in relations {
            columns.labels |= !relation.label.is_empty() && !repeats(relation);
            columns.right |= !relation.right.is_empty();
            columns.verdicts |= relation.verdict != Verdict::Exact;
            columns.differences |= relation.difference.is_some();
        }
        columns.differences &= columns.verdicts;
        columns
    }
}

/// Whether the left side says the same as the label: 表一 有.
fn repeats(relation: &Relation) -> bool {
    matches!(
        relation.left.as_slice(),
        [Term { at: At::Text(text), .. }] if **text == *relation.label
    )
}

struct RuleWriter<'a> {
    disclosure: &'a Disclosure,
    operands: &'a Operands<'a>,
    rule: &'a ProvenRule,
    unit: &'a str,
    /// How much the names of links say in the table at hand.
    name: Name,
    out: &'a mut String,
}

impl RuleWriter<'_> {
    /// What deviates stands open; what holds exactly is folded, for it is most of the page.
    fn write(&mut self) {
        let rule = self.rule;
        let tally = Tally::new(&rule.relations);
        let (id, title) = (html(&rule.id), html(&rule.title));
        self.push(format_args!(
            "<section class=\"rule\" id=\"{RULE_IDS}{id}\">\n<h3>{title}</h3>\n"
        ));
        self.reason();
        let exact = tally.of(Verdict::Exact);
        let (class, words) = (tally.class(), tally.words());
        let verdict = format!("<span class=\"verdict {class}\">{words}</span>");
        if exact == 0 || exact < rule.relations.len() {
            self.push(format_args!("<p>{verdict}</p>\n"));
            self.table(|one| one.verdict != Verdict::Exact);
        }
        if exact > 0 {
            self.out.push_str("<details>\n<summary>");
            if exact < rule.relations.len() {
                let noun = tally.noun();
                self.push(format_args!("其余 {exact} 个{noun}相符"));
            } else {
                self.out.push_str(&verdict);
            }
            self.out.push_str("</summary>\n");
            self.table(|one| one.verdict == Verdict::Exact);
            self.out.push_str("</details>\n");
        }
        self.out.push_str("</section>\n");
    }

    fn reason(&mut self) {
        let rule = self.rule;
        if rule.reason.is_none() && rule.origin.is_none() {
            return;
        }
        self.out.push_str("<p class=\"meta\">");
        if let Some(reason) = &rule.reason {
            self.out.push_str(&html(reason));
        }
        if let Some(origin) = &rule.origin {
            self.push(format_args!("（来源：{}）", html(origin)));
        }
        self.out.push_str("</p>\n");
    }

    /// The relations that are wanted; nothing where there are none.
    fn table(&mut self, wanted: impl Fn(&Relation) -> bool) {
        let rule = self.rule;
        let relations = || rule.relations.iter().filter(|one| wanted(one));
        if relations().next().is_none() {
            return;
        }
        self.push(format_args!(
            "<table class=\"relations\">\n<caption><span class=\"visually-hidden\">{}</span>",
            html(&rule.title)
        ));
        if !self.unit.is_empty() {
            let unit = html(self.unit);
            self.push(format_args!(" <span class=\"unit\">单位：{unit}</span>"));
        }
        self.out.push_str("</caption>\n<thead>\n<tr>");
        let columns = Columns::new(relations());
        // Where all holds and each row has its head, the figures need no more: it is most of the page.
        self.name = if columns.labels && !columns.verdicts {
            Name::Figure
        } else {
            Name::Whole
        };
        self.head(columns);
        self.out.push_str("</tr>\n</thead>\n<tbody>\n");
        for relation in relations() {
            self.relation(relation, columns);
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn head(&mut self, columns: Columns) {
        if columns.labels {
            self.out.push_str("<th scope=\"col\">项目</th>");
        }
        self.out.push_str(if columns.right {
            "<th scope=\"col\" class=\"a\">左边</th><th scope=\"col\" class=\"s\">关系</th><th scope=\"col\">右边</th>"
        } else {
            "<th scope=\"col\">应当有的</th>"
        });
        if columns.verdicts {
            self.out.push_str("<th scope=\"col\">结果</th>");
        }
        if columns.differences {
            self.out.push_str(
                "<th scope=\"col\" class=\"n\">差额</th><th scope=\"col\" class=\"n\">容许</th>",
            );
        }
    }

    fn relation(&mut self, relation: &Relation, columns: Columns) {
        let first = relation.left.first();
        let unit = first.and_then(|term| self.disclosure.held_money(&term.at));
        self.out.push_str("<tr>");
        if columns.labels {
            let label = html(&relation.label);
            self.push(format_args!("<th scope=\"row\">{label}</th>"));
        }
        if columns.right {
            self.out.push_str("<td class=\"a\">");
            self.side(&relation.left, unit);
            let sign = relation.comparison.sign();
            self.push(format_args!(
                "</td><td class=\"s\">{sign}</td><td class=\"b\">"
            ));
            self.side(&relation.right, unit);
            self.out.push_str("</td>");
        } else {
            let (open, close) = if columns.labels {
                ("<td>", "</td>")
            } else {
                ("<th scope=\"row\">", "</th>")
            };
            self.out.push_str(open);
            self.side(&relation.left, unit);
            self.out.push_str(close);
        }
        if columns.verdicts {
            let class = verdict_class(relation.verdict, relation.waived);
            let word = relation.verdict.word();
            let waived = if relation.waived {
                "（已说明）"
            } else {
                ""
            };
            self.push(format_args!(
                "<td><span class=\"verdict {class}\">{word}{waived}</span></td>"
            ));
        }
        if columns.differences {
            self.difference(relation);
        }
        self.out.push_str("</tr>\n");
    }

    fn difference(&mut self, relation: &Relation) {
        let Some(difference) = relation.difference else {
            self.out
                .push_str("<td class=\"n d\">不适用</td><td class=\"n e\">不适用</td>");
            return;
        };
        let unit = Unit(difference.unit.map_or("", MoneyUnit::name), self.unit);
        let value = grouped(difference.value);
        let bound = grouped(difference.bound.normalize());
        self.push(format_args!(
            "<td class=\"n d\">{value}{unit}</td><td class=\"n e\">{bound}{unit}</td>"
        ));
    }

    /// `3,711.85 + 1.08 − 2.00 = 3,712.93`; of many operands the sum first, and they folded. One operand
    /// in another unit is a sum as well: `5.00 万元 = 50,000 元`.
    fn side(&mut self, terms: &[Term], unit: Option<MoneyUnit>) {
        let foreign = terms
            .iter()
            .filter_map(|term| self.disclosure.held_money(&term.at))
            .any(|own| Some(own) != unit);
        if terms.len() <= 1 && !(foreign && unit.is_some()) {
            self.sum(terms);
            return;
        }
        let total = self.disclosure.operand_sum(terms, unit).map(grouped);
        let over = if foreign { "" } else { self.unit };
        let unit = Unit(unit.map_or("", MoneyUnit::name), over);
        if terms.len() > FEW_OPERANDS {
            let (total, count) = (total.unwrap_or_default(), terms.len());
            self.push(format_args!(
                "<details><summary>{total}{unit}（{count} 个数之和）</summary>"
            ));
            self.sum(terms);
            self.out.push_str("</details>");
        } else {
            self.sum(terms);
            if let Some(total) = total {
                self.push(format_args!(" =\u{a0}{total}{unit}"));
            }
        }
    }

    /// Operands with their signs. A break comes before a sign, never after it.
    fn sum(&mut self, terms: &[Term]) {
        for (at, term) in terms.iter().enumerate() {
            self.out.push_str(match (at, term.minus) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => " +\u{a0}",
                (_, true) => " −\u{a0}",
            });
            let place = if at == 0 { Place::First } else { Place::Later };
            self.operands
                .write(self.out, &term.at, self.unit, place, self.name);
        }
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.out
            .write_fmt(text)
            .expect("writing to a string does not fail");
    }
}

/// A unit after a figure, where it is not the one that stands over the table.
#[derive(Clone, Copy)]
struct Unit<'a>(&'a str, &'a str);

impl std::fmt::Display for Unit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() || self.0 == self.1 {
            Ok(())
        } else {
            write!(f, "\u{a0}{}", self.0)
        }
    }
}
