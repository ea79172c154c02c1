//! The writer of the proof (勾稽核对): one section a rule, one `<tr>` a relation.

use std::fmt::Write as _;

use super::escape::html;
use super::mark::RULE_IDS;
use super::operand::Operands;
use super::view::tally::{Tally, verdict_class};
use crate::model::amount::{MoneyUnit, grouped};
use crate::model::disclosure::Disclosure;
use crate::model::proof::{ProvenRule, Relation, Term, Verdict};

/// A side of more operands than this shows their sum and folds them.
const FEW_OPERANDS: usize = 8;

/// A rule of more relations than this folds those that hold exactly.
const FEW_RELATIONS: usize = 6;

/// Every rule as HTML, in the order of the proof.
#[must_use]
pub fn rules(disclosure: &Disclosure) -> String {
    let operands = Operands::new(disclosure);
    let mut out = String::with_capacity(64 * 1024);
    for rule in &disclosure.proof.rules {
        RuleWriter {
            disclosure,
            operands: &operands,
            rule,
            unit: unit_of(disclosure, rule),
            labels: rule.relations.iter().any(|one| !one.label.is_empty()),
            differences: rule.relations.iter().any(|one| one.difference.is_some()),
            out: &mut out,
        }
        .write();
    }
    out
}

/// The unit that stands over the relations of a rule: that of the first.
fn unit_of<'a>(disclosure: &'a Disclosure, rule: &ProvenRule) -> &'a str {
    let first = rule.relations.first().and_then(|one| one.left.first());
    first.map_or("", |term| disclosure.operand_unit(&term.at))
}

struct RuleWriter<'a> {
    disclosure: &'a Disclosure,
    operands: &'a Operands<'a>,
    rule: &'a ProvenRule,
    unit: &'a str,
    /// Whether any relation has a label.
    labels: bool,
    /// Whether any relation is between numbers.
    differences: bool,
    out: &'a mut String,
}

impl RuleWriter<'_> {
    fn write(&mut self) {
        let rule = self.rule;
        let tally = Tally::new(&rule.relations);
        let (id, title) = (html(&rule.id), html(&rule.title));
        self.push(format_args!(
            "<section class=\"rule\" id=\"{RULE_IDS}{id}\">\n<h3>{title}</h3>\n"
        ));
        let (class, words) = (tally.class(), tally.words());
        self.push(format_args!(
            "<p><span class=\"verdict {class}\">{words}</span></p>\n"
        ));
        self.reason();
        if rule.relations.len() <= FEW_RELATIONS {
            self.table(|_| true);
        } else {
            let exact = tally.of(Verdict::Exact);
            if exact < rule.relations.len() {
                self.table(|one| one.verdict != Verdict::Exact);
            }
            if exact > 0 {
                let (rest, all) = if exact < rule.relations.len() {
                    ("其余 ", "")
                } else {
                    ("", "全部")
                };
                let noun = tally.noun();
                self.push(format_args!(
                    "<details>\n<summary>{rest}{exact} 个{noun}{all}相符</summary>\n"
                ));
                self.table(|one| one.verdict == Verdict::Exact);
                self.out.push_str("</details>\n");
            }
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

    fn table(&mut self, wanted: impl Fn(&Relation) -> bool) {
        let rule = self.rule;
        if rule.relations.is_empty() {
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
        if self.labels {
            self.out.push_str("<th scope=\"col\">项目</th>");
        }
        self.out.push_str(
            "<th scope=\"col\" class=\"a\">左边</th><th scope=\"col\" class=\"s\">关系</th><th scope=\"col\">右边</th><th scope=\"col\">结果</th>",
        );
        if self.differences {
            self.out.push_str(
                "<th scope=\"col\" class=\"n\">差额</th><th scope=\"col\" class=\"n\">容许</th>",
            );
        }
        self.out.push_str("</tr>\n</thead>\n<tbody>\n");
        for relation in rule.relations.iter().filter(|one| wanted(one)) {
            self.relation(relation);
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn relation(&mut self, relation: &Relation) {
        self.out.push_str("<tr>");
        if self.labels {
            let label = html(&relation.label);
            self.push(format_args!("<th scope=\"row\">{label}</th>"));
        }
        let unit = relation
            .left
            .first()
            .and_then(|term| self.disclosure.operand_money(&term.at));
        self.out.push_str("<td class=\"a\">");
        self.side(&relation.left, unit);
        let sign = relation.comparison.sign();
        self.push(format_args!(
            "</td><td class=\"s\">{sign}</td><td class=\"b\">"
        ));
        self.side(&relation.right, unit);
        let class = verdict_class(relation.verdict, relation.waived);
        let word = relation.verdict.word();
        let waived = if relation.waived {
            "（已说明）"
        } else {
            ""
        };
        self.push(format_args!(
            "</td><td><span class=\"verdict {class}\">{word}{waived}</span></td>"
        ));
        if self.differences {
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
        let own = difference.unit.map_or("", MoneyUnit::name);
        let unit = if own == self.unit { "" } else { own };
        let space = if unit.is_empty() { "" } else { "\u{a0}" };
        let value = grouped(difference.value);
        let bound = grouped(difference.bound.normalize());
        self.push(format_args!(
            "<td class=\"n d\">{value}{space}{unit}</td><td class=\"n e\">{bound}{space}{unit}</td>"
        ));
    }

    /// `3,711.85 + 1.08 − 2.00 = 3,712.93`; of many operands the sum first, and they folded.
    fn side(&mut self, terms: &[Term], unit: Option<MoneyUnit>) {
        if terms.len() <= 1 {
            self.sum(terms);
            return;
        }
        let total = self.disclosure.operand_sum(terms, unit).map(grouped);
        let own = unit.map_or("", MoneyUnit::name);
        let own = if own == self.unit { "" } else { own };
        let space = if own.is_empty() { "" } else { "\u{a0}" };
        if terms.len() <= FEW_OPERANDS {
            self.sum(terms);
            if let Some(total) = total {
                self.push(format_args!(" =\u{a0}{total}{space}{own}"));
            }
            return;
        }
        let total = total.unwrap_or_default();
        let count = terms.len();
        self.push(format_args!(
            "<details><summary>{total}{space}{own}（{count} 个数之和）</summary>"
        ));
        self.sum(terms);
        self.out.push_str("</details>");
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
            self.operands.write(self.out, &term.at, self.unit);
        }
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.out
            .write_fmt(text)
            .expect("writing to a string does not fail");
    }
}
