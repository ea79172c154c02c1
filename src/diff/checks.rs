//! Rules of two sides -> those that came or went, and relations whose verdict turned.

use std::collections::HashMap;

use super::cause::relation_key;
use super::data::{Data, Open, Relation, Rule};
use super::report::{CheckChange, Verdict};
use super::rows::{by_key, place};

/// What turned. A relation that only one side has follows from its rows: it is told only where it does not hold.
pub fn turned(old: &Data, new: &Data, renamed: &HashMap<String, String>) -> Vec<CheckChange> {
    let mut changes = Vec::new();
    let (data, old, new) = (new, &old.checks, &new.checks);
    for (before, after) in by_key(old, new, |rule| rule.id.clone()) {
        let (before, after) = (before.map(|at| &old[at]), after.map(|at| &new[at]));
        let Some(rule) = after.or(before) else {
            continue;
        };
        let own = |one: &Rule| Verdict {
            word: one.title.clone(),
            difference: None,
            waived: false,
        };
        let (was, is) = (before.map(own), after.map(own));
        if was != is {
            changes.push(change(rule, [String::new(), String::new()], was, is));
        }
        let (Some(before), Some(after)) = (before, after) else {
            continue;
        };
        let (was, is) = (&before.relations, &after.relations);
        let keyed = |relations: &[Relation], renamed: Option<&HashMap<String, String>>| {
            let keys = relations.iter();
            keys.map(|one| relation_key(one, renamed))
                .collect::<Vec<_>>()
        };
        let (keys_was, keys_is) = (keyed(was, Some(renamed)), keyed(is, None));
        for (at_was, at_is) in by_key(&keys_was, &keys_is, Clone::clone) {
            let key = at_is
                .map(|at| &keys_is[at])
                .or(at_was.map(|at| &keys_was[at]));
            let (was, is) = (
                at_was.map(|at| verdict(&was[at])),
                at_is.map(|at| verdict(&is[at])),
            );
            let told = match (&was, &is) {
                (Some(was), Some(is)) => was.word != is.word || was.waived != is.waived,
                (None, Some(is)) => matches!(&*is.word, "broken" | "improbable"),
                _ => false,
            };
            if told {
                let key = key.cloned().unwrap_or_default();
                let place: Vec<String> = key.split(" + ").map(|at| place(data, at)).collect();
                changes.push(change(rule, [key, place.join(" + ")], was, is));
            }
        }
    }
    changes
}

fn change(
    rule: &Rule,
    [relation, place]: [String; 2],
    old: Option<Verdict>,
    new: Option<Verdict>,
) -> CheckChange {
    CheckChange {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        relation,
        place,
        old,
        new,
    }
}

fn verdict(relation: &Relation) -> Verdict {
    let difference = |open: &Open| {
        let unit = open.unit.as_deref().unwrap_or_default();
        open.difference
            .as_ref()
            .map(|value| format!("{value}{unit}"))
    };
    Verdict {
        word: relation.verdict.clone(),
        difference: relation.open.as_ref().and_then(difference),
        waived: relation.open.as_ref().is_some_and(|open| open.waived),
    }
}
