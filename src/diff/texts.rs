//! Sentences and other texts of two sides -> those that changed, word by word, with what caused it.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::cause::new_name;
use super::data::{Correction, Data, Section, Sentence};
use super::figures::Found;
use super::report::{Change, Figure, Piece, Presence, RowChange, TextChange};
use super::rows::by_key;
use super::words;
use crate::diagnostic::Say;
use crate::model::coordinates::BLANK;
use crate::say;
use crate::sentences;

/// Sentences that share less than this are not the same sentence, in thousandths.
const ALIKE: usize = 400;

/// What can change a sentence: figures by their selectors, names and texts by themselves.
pub struct Causes<'a> {
    figures: &'a [Figure],
    found: &'a Found,
    named: Vec<Named>,
}

/// A name or text that sentences may hold.
struct Named {
    at: String,
    words: String,
    old: Option<String>,
    new: Option<String>,
}

impl Named {
    fn of_text(text: &TextChange) -> Self {
        let side = |gone: Presence| {
            let pieces = text.pieces.iter().filter(|piece| piece.presence != gone);
            let text: String = pieces.map(|piece| &*piece.text).collect();
            (!text.is_empty()).then_some(text)
        };
        Self {
            at: text.at.clone(),
            words: text.place.zh.clone(),
            old: side(Presence::Added),
            new: side(Presence::Removed),
        }
    }

    /// `None` for what no sentence can tell.
    fn of_row(row: &RowChange) -> Option<Self> {
        // The name without its code, as sentences say it.
        let name = || Some(row.name.rsplit(' ').next().unwrap_or(&row.name).to_owned());
        let (old, new) = match row.change {
            Change::Renamed => (row.old.clone(), row.new.clone()),
            Change::Added => (None, name()),
            Change::Removed => (name(), None),
            _ => return None,
        };
        Some(Self {
            at: row.at.clone(),
            words: format!("{} › {}", row.table, row.name),
            old,
            new,
        })
    }

    /// Whether it can be why a sentence is no longer the same.
    fn explains(&self, before: &str, after: &str) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => before.contains(&**old) && after.contains(&**new),
            (None, Some(new)) => after.contains(&**new) && !before.contains(&**new),
            (Some(old), None) => before.contains(&**old) && !after.contains(&**old),
            (None, None) => false,
        }
    }
}

impl<'a> Causes<'a> {
    /// From the figures and rows that changed, and the inputs that are texts.
    pub fn new(found: &'a Found, rows: &[RowChange], texts: &[TextChange]) -> Self {
        let mut named: Vec<Named> = texts.iter().map(Named::of_text).collect();
        for row in rows.iter().filter_map(Named::of_row) {
            // A row that bears the name of the entity changes with it.
            let known = |one: &Named| (&one.old, &one.new) == (&row.old, &row.new);
            if !named.iter().any(known) {
                named.push(row);
            }
        }
        Self {
            figures: &found.figures,
            found,
            named,
        }
    }

    /// What changed a sentence, given on one side or both.
    fn of(&self, old: Option<&Sentence>, new: Option<&Sentence>) -> Vec<(String, String)> {
        let mut selectors: Vec<String> = Vec::new();
        let before = old.into_iter().flat_map(|old| &old.figures);
        selectors.extend(before.map(|at| new_name(at, Some(&self.found.renamed))));
        selectors.extend(new.into_iter().flat_map(|new| new.figures.clone()));
        let figures = self
            .figures
            .iter()
            .filter(|one| selectors.contains(&one.at));
        let mut causes: Vec<(String, String)> =
            figures.map(|one| (one.at.clone(), one.place())).collect();
        let (before, after) = (text(old), text(new));
        let named = self.named.iter();
        let named = named.filter(|one| one.explains(before, after));
        causes.extend(named.map(|one| (one.at.clone(), one.words.clone())));
        causes
    }
}

fn text(sentence: Option<&Sentence>) -> &str {
    sentence.map_or("", |sentence| &*sentence.text)
}

/// Texts that others may be caused by: facts of the disclosure, inputs that are texts.
pub fn facts(old: &Data, new: &Data, changes: &mut Vec<TextChange>) {
    let units = |data: &Data| {
        let units = data.entity.units.iter().map(|unit| match &unit.nature {
            Some(nature) => format!("{} {}（{nature}）", unit.id, unit.name),
            None => format!("{} {}", unit.id, unit.name),
        });
        units.collect::<Vec<_>>().join("；")
    };
    let facts = |data: &Data| {
        [
            Some(data.entity.name.clone()),
            Some(data.entity.short_name.clone()),
            Some(data.entity.kind.clone()),
            data.entity.code.clone(),
            data.entity.region.clone(),
            Some(units(data)),
            Some(data.status.clone()),
            data.published.clone(),
            data.source.clone(),
            Some(data.standard.title.clone()),
        ]
    };
    let names = [
        ("entity.name", say!("单位名称", "name of the entity")),
        (
            "entity.short_name",
            say!("单位简称", "short name of the entity"),
        ),
        ("entity.kind", say!("部门或单位", "department or unit")),
        ("entity.code", say!("单位编码", "code of the entity")),
        ("entity.region", say!("地区", "region")),
        ("entity.units", say!("所属单位", "units")),
        ("status", say!("状态", "status")),
        ("published", say!("公开日期", "day of publication")),
        ("source", say!("原件名称", "name of the original")),
        ("standard.title", say!("标准", "standard")),
    ];
    for ((at, place), (old, new)) in names
        .into_iter()
        .zip(facts(old).into_iter().zip(facts(new)))
    {
        push(
            changes,
            at.to_owned(),
            place,
            old.as_deref(),
            new.as_deref(),
        );
    }
    for (before, after) in by_key(&old.inputs, &new.inputs, |input| input.id.clone()) {
        let (before, after) = (
            before.map(|at| &old.inputs[at]),
            after.map(|at| &new.inputs[at]),
        );
        let Some(input) = after.or(before).filter(|input| input.kind == "text") else {
            continue;
        };
        let (at, title) = (format!("input.{}", input.id), &input.title);
        let place = say!("表外数据 {title}", "input {title}");
        let value = |input: Option<&super::data::Input>| input.and_then(|one| one.value.clone());
        push(
            changes,
            at,
            place,
            value(before).as_deref(),
            value(after).as_deref(),
        );
    }
}

/// Adds a text where its sides differ.
pub fn push(
    changes: &mut Vec<TextChange>,
    at: String,
    place: Say,
    old: Option<&str>,
    new: Option<&str>,
) {
    if old == new {
        return;
    }
    let (presence, pieces) = sides(old, new);
    changes.push(TextChange {
        at,
        place,
        presence,
        pieces,
        because: Vec::new(),
    });
}

/// On which side a text is, and what it has become.
fn sides(old: Option<&str>, new: Option<&str>) -> (Presence, Vec<Piece>) {
    match (old, new) {
        (Some(old), Some(new)) => (Presence::Both, words::compare(old, new)),
        (None, Some(new)) => (Presence::Added, words::whole(new, Presence::Added)),
        (old, None) => {
            let old = old.unwrap_or_default();
            (Presence::Removed, words::whole(old, Presence::Removed))
        }
    }
}

/// Corrections that came, went or say something else.
pub fn corrections(old: &Data, new: &Data, changes: &mut Vec<TextChange>) {
    let pairs = by_key(&old.corrections, &new.corrections, |one| one.id.clone());
    for (before, after) in pairs {
        let old = before.map(|at| &old.corrections[at]);
        let new = after.map(|at| &new.corrections[at]);
        let Some(id) = new.or(old).map(|one| &one.id) else {
            continue;
        };
        let (at, place) = (
            format!("corrections[{id}]"),
            say!("更正 {id}", "correction {id}"),
        );
        let [old, new] = [old, new].map(|one| one.map(correction));
        push(changes, at, place, old.as_deref(), new.as_deref());
    }
}

/// A correction as one text.
fn correction(one: &Correction) -> String {
    let mut text = format!("{}：{}", one.date, one.reason);
    if let Some(approval) = &one.approval {
        text.extend(["（", approval, "）"]);
    }
    for change in &one.changes {
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| BLANK.to_owned());
        let (was, now) = (side(&change.was), side(&change.now));
        text.extend(["\n", &change.place, "：", &was, " → ", &now]);
    }
    text
}

/// Sentences of the overview and of the narrative.
pub fn sentences(old: &Data, new: &Data, causes: &Causes<'_>, changes: &mut Vec<TextChange>) {
    let overview = |data: &Data| -> Vec<Sentence> {
        let text = data.overview.as_deref().unwrap_or_default();
        sentences::of_lines(text)
            .map(|text| Sentence {
                text: text.to_owned(),
                figures: Vec::new(),
            })
            .collect()
    };
    let words = || say!("概况", "overview");
    align(
        "overview",
        &words,
        &overview(old),
        &overview(new),
        causes,
        changes,
    );
    for (before, after) in by_key(&old.sections, &new.sections, |section| section.id.clone()) {
        let (before, after) = (
            before.map(|at| &old.sections[at]),
            after.map(|at| &new.sections[at]),
        );
        let Some(section) = after.or(before) else {
            continue;
        };
        let at = format!("sections.{}", section.id);
        let title = bare(&section.title);
        let words = || say!("情况说明「{title}」", "narrative “{title}”");
        if let (Some(before), Some(after)) = (before, after)
            && bare(&before.title) != title
        {
            let (old, new) = (&*before.title, &*after.title);
            push(
                changes,
                format!("{at}.title"),
                words(),
                Some(old),
                Some(new),
            );
        }
        let sentences = |section: Option<&Section>| {
            section.map_or_else(Vec::new, |section| section.sentences.clone())
        };
        align(
            &at,
            &words,
            &sentences(before),
            &sentences(after),
            causes,
            changes,
        );
    }
}

/// A heading without its number, which only says how many sections there are before it.
fn bare(title: &str) -> &str {
    let numeral = |one: char| "一二三四五六七八九十百".contains(one);
    match title.split_once('、') {
        Some((number, rest)) if !number.is_empty() && number.chars().all(numeral) => rest,
        _ => title,
    }
}

/// Puts sentences of both sides beside each other.
fn align(
    at: &str,
    place: &dyn Fn() -> Say,
    old: &[Sentence],
    new: &[Sentence],
    causes: &Causes<'_>,
    changes: &mut Vec<TextChange>,
) {
    let texts = |sentences: &[Sentence]| -> Vec<String> {
        sentences
            .iter()
            .map(|sentence| sentence.text.clone())
            .collect()
    };
    let mut push = |old: Option<&Sentence>, new: Option<&Sentence>| {
        let side = |sentence: Option<&Sentence>| sentence.map(|one| one.text.clone());
        let (presence, pieces) = sides(side(old).as_deref(), side(new).as_deref());
        changes.push(TextChange {
            at: at.to_owned(),
            place: place(),
            presence,
            pieces,
            because: causes.of(old, new),
        });
    };
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let (before, mut after) = (&old[op.old_range()], &new[op.new_range()]);
        for old in before {
            let found = after
                .iter()
                .position(|new| words::likeness(&old.text, &new.text) >= ALIKE);
            let Some(found) = found else {
                push(Some(old), None);
                continue;
            };
            for new in &after[..found] {
                push(None, Some(new));
            }
            push(Some(old), Some(&after[found]));
            after = &after[found + 1..];
        }
        for new in after {
            push(None, Some(new));
        }
    }
}
