//! Changed figures -> which moved because of which others.
//!
//! A rule of the standard relates figures: a total to what it adds up, a figure to the same one in another
//! table. Where the changes on both sides of a relation balance to the last digit and all but one of them are
//! accounted for, that one moved because of the others. What nothing accounts for is a cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::data::{Data, Relation, Row, Rule};
use super::figures::{Found, weight};
use super::report::Figure;
use super::rows::{block_key, parents};

/// Title of the sums by level, which speak only where no rule of the standard does.
const LEVELS: &str = "上级等于下级之和";

/// A relation over changed figures.
struct Balance<'a> {
    title: &'a str,
    /// Positions of the changed figures that it holds.
    figures: Vec<usize>,
    /// Rows that came or went and that it holds.
    appeared: Vec<&'a str>,
    /// Position of the one on the left, where rules have the sum.
    left: Option<usize>,
}

/// Orders changed figures: each cause, then what moved because of it.
pub fn fold(mut found: Found, old: &Data, new: &Data) -> Vec<Figure> {
    // Rules first: they say why; sums by level hold where a standard has no rules, or a site does not show them.
    let rules = |data: &Data| {
        let mut rules = data.checks.clone();
        rules.push(levels(data));
        rules
    };
    let order = tell(&mut found, &rules(old), &rules(new));
    let mut figures: Vec<Option<Figure>> = found.figures.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| figures[at].take())
        .collect()
}

/// Every row as the sum of the rows below it, and every total of those of the first level, as a rule.
fn levels(data: &Data) -> Rule {
    let mut rule = Rule {
        id: String::new(),
        title: LEVELS.to_owned(),
        relations: Vec::new(),
    };
    for table in &data.tables {
        for block in &table.blocks {
            let key = block_key(table, block);
            let above = parents(&block.rows);
            let columns = block.columns.iter();
            for column in columns.filter(|column| matches!(&*column.kind, "amount" | "count")) {
                let operand = |row: &Row| format!("{key}[{}].{}", row.id, column.id);
                let mut below: Vec<Vec<String>> = vec![Vec::new(); block.rows.len()];
                let mut first = Vec::new();
                for (row, above) in block.rows.iter().zip(&above) {
                    match above {
                        Some(above) => below[*above].push(operand(row)),
                        None if row.level > 0 => first.push(operand(row)),
                        None => {}
                    }
                }
                for (row, mut below) in block.rows.iter().zip(below) {
                    if row.level == 0 {
                        below.clone_from(&first);
                    }
                    if below.is_empty() {
                        continue;
                    }
                    rule.relations.push(Relation {
                        left: vec![operand(row)],
                        sign: "=".to_owned(),
                        right: below,
                        verdict: "exact".to_owned(),
                        open: None,
                    });
                }
            }
        }
    }
    rule
}

/// Tells each figure what moved it. Gives their order: causes as printed, below each what it moved as printed.
fn tell(found: &mut Found, old: &[Rule], new: &[Rule]) -> Vec<usize> {
    let names: Vec<String> = found.figures.iter().map(|one| one.at.clone()).collect();
    let mut told = Vec::with_capacity(names.len());
    let mut order: Vec<(usize, bool, usize)> = Vec::with_capacity(names.len());
    let mut roots: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
    let balances = balances(found, old, new);
    for (figure, by) in explain(found, &balances) {
        let mut because: Vec<String> = Vec::new();
        let mut of: Vec<usize> = Vec::new();
        if let Some(balance) = by.map(|by| &balances[by]) {
            for other in balance.figures.iter().filter(|other| **other != figure) {
                because.push(names[*other].clone());
                of.extend(&roots[*other]);
            }
            because.extend(balance.appeared.iter().map(|at| (*at).to_owned()));
            told.push((figure, because.clone(), balance.title.to_owned()));
        }
        // A cause, or moved by nothing but rows that came or went: these are told among the rows.
        if of.is_empty() {
            of.push(figure);
        }
        of.sort_unstable();
        of.dedup();
        order.push((of[0], of[0] != figure, figure));
        roots[figure] = of;
    }
    for (figure, because, rule) in told {
        let own = &mut found.figures[figure];
        (own.because, own.rule) = (because, Some(rule));
        let causes = roots[figure].iter().filter(|root| **root != figure);
        own.causes = causes.map(|root| names[*root].clone()).collect();
    }
    order.sort_unstable();
    order.into_iter().map(|(_, _, figure)| figure).collect()
}

/// Relations of both sides whose changes balance.
fn balances<'a>(found: &'a Found, old: &'a [Rule], new: &'a [Rule]) -> Vec<Balance<'a>> {
    let at: HashMap<&str, usize> = found
        .figures
        .iter()
        .enumerate()
        .map(|(position, figure)| (&*figure.at, position))
        .collect();
    let mut balances = Vec::new();
    for (title, relation) in merged(found, old, new) {
        let mut figures = Vec::new();
        let mut appeared: Vec<&str> = Vec::new();
        let mut sum = Some(Decimal::ZERO);
        for (operand, minus) in &relation {
            let change = if let Some(position) = at.get(&**operand) {
                if !figures.contains(position) {
                    figures.push(*position);
                }
                weight(&found.figures[*position])
            } else if let Some((_, one)) = found.appeared.get_key_value(&**operand) {
                if !appeared.contains(&&*one.at) {
                    appeared.push(&one.at);
                }
                Some(one.change)
            } else {
                Some(Decimal::ZERO)
            };
            let signed = change.map(|change| if *minus { -change } else { change });
            sum = sum
                .zip(signed)
                .and_then(|(sum, change)| sum.checked_add(change));
        }
        let enough = figures.len() + appeared.len() > 1 && !figures.is_empty();
        if enough && sum == Some(Decimal::ZERO) {
            let left = relation.first().and_then(|(operand, _)| at.get(&**operand));
            balances.push(Balance {
                title,
                figures,
                appeared,
                left: left.copied(),
            });
        }
    }
    balances
}

/// Relations of figures by `=`, those of the old and the new side as one: operands with whether they are taken
/// away, right sides negated, so that all add up to nothing.
fn merged<'a>(
    found: &Found,
    old: &'a [Rule],
    new: &'a [Rule],
) -> Vec<(&'a str, Vec<(String, bool)>)> {
    let mut all: Vec<(&str, Vec<(String, bool)>)> = Vec::new();
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (rules, renamed) in [(new, None), (old, Some(&found.renamed))] {
        for rule in rules {
            for relation in rule.relations.iter().filter(|one| one.sign == "=") {
                let operands = operands(relation, renamed);
                let key = (&*rule.id, relation_key(relation, renamed));
                let Some(at) = known.get(&key) else {
                    known.insert(key, all.len());
                    all.push((&rule.title, operands));
                    continue;
                };
                for operand in operands {
                    if !all[*at].1.contains(&operand) {
                        all[*at].1.push(operand);
                    }
                }
            }
        }
    }
    all
}

/// A selector of the old side as the new side has it.
pub fn new_name(at: &str, renamed: Option<&HashMap<String, String>>) -> String {
    renamed
        .and_then(|renamed| renamed.get(at))
        .map_or_else(|| at.to_owned(), Clone::clone)
}

/// By what a relation is known again on the other side: its left side.
pub fn relation_key(relation: &Relation, renamed: Option<&HashMap<String, String>>) -> String {
    let left = relation.left.iter().map(|at| new_name(at, renamed));
    left.collect::<Vec<_>>().join(" + ")
}

fn operands(relation: &Relation, renamed: Option<&HashMap<String, String>>) -> Vec<(String, bool)> {
    let side = |operands: &[String], taken: bool| -> Vec<(String, bool)> {
        operands
            .iter()
            .map(|operand| match operand.strip_prefix('-') {
                Some(rest) => (new_name(rest, renamed), !taken),
                None => (new_name(operand, renamed), taken),
            })
            .collect()
    };
    let mut all = side(&relation.left, false);
    all.extend(side(&relation.right, true));
    all
}

/// Every figure once, in the order in which it is accounted for, with the balance that does; `None` for causes.
fn explain(found: &Found, balances: &[Balance<'_>]) -> Vec<(usize, Option<usize>)> {
    let count = found.figures.len();
    let mut ranks = vec![(false, 0); count];
    for balance in balances {
        for figure in &balance.figures {
            ranks[*figure].1 += 1;
        }
        if let Some(left) = balance.left {
            ranks[left].0 = true;
        }
    }
    // A cause is rather no sum, the more detailed the better, and tied to many others.
    let mut candidates: Vec<usize> = (0..count).collect();
    candidates.sort_by_key(|at| {
        let (sum, ties) = ranks[*at];
        (sum, Reverse(found.levels[*at]), Reverse(ties), *at)
    });
    let mut done = vec![false; count];
    let mut explained = Vec::with_capacity(count);
    spread(balances, &mut done, &mut explained);
    for candidate in candidates {
        if !done[candidate] {
            done[candidate] = true;
            explained.push((candidate, None));
            spread(balances, &mut done, &mut explained);
        }
    }
    explained
}

/// Accounts for every figure that is the only open one of a balance, until there is none.
fn spread(
    balances: &[Balance<'_>],
    done: &mut [bool],
    explained: &mut Vec<(usize, Option<usize>)>,
) {
    loop {
        let before = explained.len();
        for (at, balance) in balances.iter().enumerate() {
            if balance.title == LEVELS && explained.len() > before {
                break;
            }
            let mut open = balance.figures.iter().filter(|figure| !done[**figure]);
            if let (Some(figure), None) = (open.next(), open.next()) {
                done[*figure] = true;
                explained.push((*figure, Some(at)));
            }
        }
        if explained.len() == before {
            return;
        }
    }
}
