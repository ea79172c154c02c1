//! The proof of `data.json`: rules with the count of each verdict, and their relations.

use serde::Serialize;

use super::rows;
use crate::model::amount::MoneyUnit;
use crate::model::disclosure::Disclosure;
use crate::model::proof::{At, ProvenRule, Relation, Term, Verdict};

/// A rule.
#[derive(Serialize)]
pub struct RuleData<'a> {
    id: &'a str,
    title: &'a str,
    exact: usize,
    rounding: usize,
    improbable: usize,
    broken: usize,
    #[serde(serialize_with = "rows")]
    relations: Vec<RelationData<'a>>,
}

/// A relation; what is said only of those that do not hold exactly is left out of the others.
#[derive(Serialize)]
struct RelationData<'a> {
    left: Vec<String>,
    sign: &'static str,
    right: Vec<String>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<OpenData<'a>>,
}

/// What a relation that does not hold exactly comes to.
#[derive(Serialize)]
struct OpenData<'a> {
    label: &'a str,
    difference: Option<String>,
    unit: Option<&'static str>,
    waived: bool,
}

/// Every rule with its relations.
pub fn checks(disclosure: &Disclosure) -> Vec<RuleData<'_>> {
    let rules = disclosure.proof.rules.iter();
    rules.map(|found| rule(disclosure, found)).collect()
}

fn rule<'a>(disclosure: &Disclosure, rule: &'a ProvenRule) -> RuleData<'a> {
    let relations = &rule.relations;
    let count = |verdict| {
        relations
            .iter()
            .filter(|one| one.verdict == verdict)
            .count()
    };
    RuleData {
        id: &rule.id,
        title: &rule.title,
        exact: count(Verdict::Exact),
        rounding: count(Verdict::Rounding),
        improbable: count(Verdict::Improbable),
        broken: count(Verdict::Broken),
        relations: relations
            .iter()
            .map(|found| relation(disclosure, found))
            .collect(),
    }
}

fn relation<'a>(disclosure: &Disclosure, relation: &'a Relation) -> RelationData<'a> {
    let side = |terms: &[Term]| terms.iter().map(|term| operand(disclosure, term)).collect();
    let open = relation.verdict != Verdict::Exact;
    RelationData {
        left: side(&relation.left),
        sign: relation.comparison.sign(),
        right: side(&relation.right),
        verdict: relation.verdict.slug(),
        open: open.then(|| OpenData {
            label: &relation.label,
            difference: relation.difference.map(|found| found.value.to_string()),
            unit: relation
                .difference
                .and_then(|found| found.unit)
                .map(MoneyUnit::name),
            waived: relation.waived,
        }),
    }
}

/// An operand as a selector; one of a sheet as `sheets[<sheet>].<phase>.<source>`, a number or text as
/// printed. What is taken away has a minus before it.
fn operand(disclosure: &Disclosure, term: &Term) -> String {
    let sign = if term.minus { "-" } else { "" };
    let words = match (&term.at, disclosure.operand_name(&term.at)) {
        (_, Some(name)) => name,
        (At::Number(number, what), _) => format!("{number} {what}"),
        (At::Share(percent, how), _) => format!("{how} = {percent}%"),
        (At::Text(text), _) => text.to_string(),
        (At::Cell(_) | At::Input(_) | At::Fund { .. }, None) => String::new(),
    };
    format!("{sign}{words}")
}
