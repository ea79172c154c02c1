//! Performance sheets of two sides -> what they say otherwise: facts, texts, goals, indicators.

use super::data::{Headed, Indicator, Sheet};
use super::report::{Presence, TextChange};
use super::rows::{Pair, by_key, moved};
use super::texts::push;
use super::words;
use crate::diagnostic::Say;
use crate::say;

/// Which sheet is which: by id, then by name.
pub fn pairs(old: &[Sheet], new: &[Sheet]) -> Vec<Pair> {
    let mut pairs = by_key(old, new, |sheet| sheet.id.clone());
    let gone: Vec<usize> = pairs
        .iter()
        .filter_map(|(old, new)| old.filter(|_| new.is_none()))
        .collect();
    for before in gone {
        let name = &old[before].name;
        let same = pairs.iter_mut().find(|(before, after)| {
            before.is_none() && after.is_some_and(|after| new[after].name == *name)
        });
        if let Some(pair) = same {
            pair.0 = Some(before);
            pairs.retain(|pair| *pair != (Some(before), None));
        }
    }
    pairs
}

/// Everything but the funds, which are figures.
pub fn changed(old: &[Sheet], new: &[Sheet], pairs: &[Pair], changes: &mut Vec<TextChange>) {
    let moved = moved(pairs);
    for pair in pairs {
        match *pair {
            (Some(before), Some(after)) => {
                sheet(&old[before], &new[after], changes);
                if moved.contains(&after) {
                    let sheet = &new[after];
                    changes.push(TextChange {
                        at: format!("sheets[{}]", sheet.id),
                        place: place(sheet, &say!("换了位置", "moved")),
                        presence: Presence::Both,
                        pieces: Vec::new(),
                        because: Vec::new(),
                    });
                }
            }
            (None, Some(after)) => changes.push(whole(&new[after], Presence::Added)),
            (Some(before), None) => changes.push(whole(&old[before], Presence::Removed)),
            (None, None) => {}
        }
    }
}

fn place(sheet: &Sheet, part: &Say) -> Say {
    let name = &sheet.name;
    let Say { zh, en } = part;
    say!("绩效目标表「{name}」{zh}", "sheet “{name}” {en}")
}

fn whole(sheet: &Sheet, presence: Presence) -> TextChange {
    TextChange {
        at: format!("sheets[{}]", sheet.id),
        place: say!("绩效目标表", "sheet"),
        presence,
        pieces: words::whole(&sheet.name, presence),
        because: Vec::new(),
    }
}

fn sheet(old: &Sheet, new: &Sheet, changes: &mut Vec<TextChange>) {
    let id = &new.id;
    for (key, part, before, after) in [
        ("name", say!("项目名称", "name"), &old.name, &new.name),
        ("page", say!("网页", "page"), &old.page, &new.page),
        ("unit", say!("单位", "unit"), &old.unit, &new.unit),
        (
            "rows",
            say!("对应的行", "rows"),
            &old.rows.join("、"),
            &new.rows.join("、"),
        ),
    ] {
        let at = format!("sheets[{id}].{key}");
        push(changes, at, place(new, &part), Some(before), Some(after));
    }
    for (key, before, after) in [
        ("facts", &old.facts, &new.facts),
        ("texts", &old.texts, &new.texts),
        ("goals", &old.goals, &new.goals),
    ] {
        for (was, is) in by_key(before, after, |text| text.id.clone()) {
            let (was, is) = (was.map(|at| &before[at]), is.map(|at| &after[at]));
            let Some(text) = is.or(was) else { continue };
            let (at, title) = (format!("sheets[{id}].{key}.{}", text.id), &text.title);
            let value = |text: Option<&Headed>| text.map(|text| text.text.clone());
            push(
                changes,
                at,
                place(new, &say!("{title}", "{title}")),
                value(was).as_deref(),
                value(is).as_deref(),
            );
        }
    }
    indicators(old, new, changes);
}

/// Indicators are known again by their three levels, then by the first two.
fn indicators(old: &Sheet, new: &Sheet, changes: &mut Vec<TextChange>) {
    let (before, after) = (&old.indicators, &new.indicators);
    let mut pairs = by_key(before, after, |one| {
        [one.level1.clone(), one.level2.clone(), one.level3.clone()]
    });
    let gone: Vec<usize> = pairs
        .iter()
        .filter_map(|(old, new)| old.filter(|_| new.is_none()))
        .collect();
    for lost in gone {
        let open = pairs.iter().position(|(old, new)| {
            old.is_none()
                && new.is_some_and(|new| {
                    after[new].level1 == before[lost].level1
                        && after[new].level2 == before[lost].level2
                })
        });
        if let Some(open) = open {
            pairs[open].0 = Some(lost);
            pairs.retain(|pair| *pair != (Some(lost), None));
        }
    }
    let moved = moved(&pairs);
    let at = format!("sheets[{}].indicators", new.id);
    for (was, is) in pairs {
        let (one, other) = (was.map(|at| &before[at]), is.map(|at| &after[at]));
        let Some(named) = other.or(one) else { continue };
        let name = format!("{} {} {}", named.level1, named.level2, named.level3);
        let part = say!("指标「{name}」", "indicator “{name}”");
        let side = |one: Option<&Indicator>| one.map(indicator_text);
        let (old, now) = (side(one), side(other));
        push(
            changes,
            at.clone(),
            place(new, &part),
            old.as_deref(),
            now.as_deref(),
        );
        if is.is_some_and(|is| moved.contains(&is)) {
            let part = say!("指标「{name}」换了位置", "indicator “{name}” moved");
            changes.push(TextChange {
                at: at.clone(),
                place: place(new, &part),
                presence: Presence::Both,
                pieces: Vec::new(),
                because: Vec::new(),
            });
        }
    }
}

/// `花篮制作：8个/次；8个/次`
fn indicator_text(indicator: &Indicator) -> String {
    let values = indicator.values.values();
    let values: Vec<&str> = values
        .map(|value| value.as_str().unwrap_or("空白"))
        .collect();
    format!("{}：{}", indicator.level3, values.join("；"))
}
