//! A project file -> [`Sheet`].

use super::cell::{UNREAD, check_decimals};
use crate::load::draft::Document;
use crate::model::amount::Amount;
use crate::model::sheet::{Indicator, Item, Sheet, SheetForm};
use crate::model::table::{Block, Cell, Hole, Table, Value};
use crate::say;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Figure, Reader};

/// Reads a project file against the form of the standard.
pub fn sheet(
    form: &SheetForm,
    document: &Document,
    node: &Node,
    table: Option<&Table>,
    reader: &mut Reader<'_>,
) -> Option<Sheet> {
    let mut known = vec!["name", "rows", "funds", "texts", "goals", "indicators"];
    known.extend(form.facts.iter().map(|fact| &*fact.id));
    let fields = reader.fields(node, &known)?;
    let name = reader.required_text(&fields, "name");
    let facts: Vec<Option<String>> = form
        .facts
        .iter()
        .map(|fact| reader.optional_text(&fields, &fact.id))
        .collect();
    let (rows, hole) = rows(reader, &fields, table);
    let mut written = form.facts.iter().zip(&facts);
    let unread = written.any(|(form, read)| read.is_none() && fields.get(&form.id).is_some());
    let hole = hole
        .or_else(|| fields.hole())
        .or_else(|| (name.is_none() || unread).then_some(Hole::Unread));
    let texts = section(
        reader,
        &fields,
        "texts",
        form.texts.iter().map(|item| &*item.id),
    );
    let goals = section(
        reader,
        &fields,
        "goals",
        form.phases.iter().map(|phase| &*phase.id),
    );
    Some(Sheet {
        id: document.stem.as_str().into(),
        name: name.unwrap_or_default(),
        place: fields.get("name").map_or(fields.place, |node| node.place),
        facts,
        rows,
        hole,
        funds: funds(reader, &fields, form),
        texts,
        goals,
        indicators: indicators(reader, &fields, form),
        source: document.source.clone(),
    })
}

/// Texts by id, in the order of the form.
fn section<'f>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    ids: impl Iterator<Item = &'f str>,
) -> Vec<Option<String>> {
    let ids: Vec<&str> = ids.collect();
    let inner = fields.get(key).and_then(|node| reader.fields(node, &ids));
    ids.iter()
        .map(|id| {
            inner
                .as_ref()
                .and_then(|inner| reader.optional_text(inner, id))
        })
        .collect()
}

/// The rows that a sheet explains, and whether there are others that are not known.
fn rows(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    table: Option<&Table>,
) -> (Vec<Box<str>>, Option<Hole>) {
    let Some(node) = fields.get("rows") else {
        return (Vec::new(), None);
    };
    let Some(items) = reader.list(node) else {
        return (Vec::new(), Some(Hole::Unread));
    };
    let mut rows = Vec::with_capacity(items.len());
    let mut hole = None;
    for item in items {
        let Some(id) = reader.text(item) else {
            hole = Some(Hole::Unread);
            continue;
        };
        let found = table.is_none_or(|table| {
            table
                .blocks
                .iter()
                .any(|block: &Block| block.row(id).is_some() || block.hole.is_some())
        });
        if !found {
            let number = table.map_or("", |table| &table.form.number);
            reader.error(
                "sheet-row",
                item.place,
                say!("{number}里没有行 `{id}`", "{number} has no row `{id}`"),
                say!(
                    "写项目支出表里该项目一行的 id",
                    "name the row of the project in that table"
                ),
            );
            hole = Some(Hole::Unread);
            continue;
        }
        rows.push(id.into());
    }
    (rows, hole)
}

fn funds(reader: &mut Reader<'_>, fields: &Fields<'_>, form: &SheetForm) -> Vec<Vec<Cell>> {
    let phase_ids: Vec<&str> = form.phases.iter().map(|phase| &*phase.id).collect();
    let keys: Vec<&str> = std::iter::once("total")
        .chain(form.sources.iter().map(|source: &Item| &*source.id))
        .collect();
    let (all, hole) = inner(reader, Some(fields), "funds", &phase_ids);
    phase_ids
        .iter()
        .map(|phase| {
            let (phase, above) = inner(reader, all.as_ref(), phase, &keys);
            let hole = above.or(hole);
            keys.iter()
                .map(|key| fund(reader, phase.as_ref(), key, hole, form, fields))
                .collect()
        })
        .collect()
}

/// The map of a key, and why it is not known what is not in it.
fn inner<'n>(
    reader: &mut Reader<'_>,
    outer: Option<&Fields<'n>>,
    key: &str,
    known: &[&str],
) -> (Option<Fields<'n>>, Option<Hole>) {
    match outer.and_then(|outer| outer.get(key)) {
        None => (None, outer.and_then(Fields::hole)),
        Some(node) => match reader.fields(node, known) {
            None => (None, Some(Hole::Unread)),
            Some(fields) => (Some(fields), fields.hole()),
        },
    }
}

fn fund(
    reader: &mut Reader<'_>,
    phase: Option<&Fields<'_>>,
    key: &str,
    hole: Option<Hole>,
    form: &SheetForm,
    fields: &Fields<'_>,
) -> Cell {
    let node = phase.and_then(|phase| phase.get(key));
    let missing = hole.map_or(Value::Blank, Value::Hole);
    let value = node.map_or(missing, |node| match reader.figure(node) {
        Figure::Number(value) => {
            check_decimals(reader, node.place, value, form.decimals);
            Value::Amount(Amount::new(value, form.unit))
        }
        Figure::NoData => Value::NoData,
        Figure::Blank => Value::Blank,
        Figure::Unread => UNREAD,
    });
    Cell {
        value,
        place: node.map_or(fields.place, |node| node.place),
    }
}

fn indicators(reader: &mut Reader<'_>, fields: &Fields<'_>, form: &SheetForm) -> Vec<Indicator> {
    let Some(items) = fields.get("indicators").and_then(|node| reader.list(node)) else {
        return Vec::new();
    };
    let mut known = vec!["level1", "level2", "level3"];
    known.extend(form.phases.iter().map(|phase| &*phase.id));
    let mut indicators = Vec::with_capacity(items.len());
    for item in items {
        let Some(line) = reader.fields(item, &known) else {
            continue;
        };
        let level1 = reader.required_text(&line, "level1").unwrap_or_default();
        let level2 = reader.required_text(&line, "level2").unwrap_or_default();
        let level3 = reader.optional_text(&line, "level3").unwrap_or_default();
        check_levels(reader, &line, form, &level1, &level2);
        let values = form
            .phases
            .iter()
            .map(|phase| reader.optional_text(&line, &phase.id))
            .collect();
        indicators.push(Indicator {
            level1,
            level2,
            level3,
            values,
            place: item.place,
        });
    }
    indicators
}

fn check_levels(
    reader: &mut Reader<'_>,
    line: &Fields<'_>,
    form: &SheetForm,
    level1: &str,
    level2: &str,
) {
    if form.indicators.is_empty() || level1.is_empty() || level2.is_empty() {
        return;
    }
    let Some(group) = form.indicators.iter().find(|group| *group.title == *level1) else {
        let known: Vec<&str> = form.indicators.iter().map(|group| &*group.title).collect();
        let place = line.get("level1").map_or(line.place, |node| node.place);
        reader.error(
            "indicator-level",
            place,
            say!(
                "没有「{level1}」这个一级指标",
                "there is no indicator of level one {level1}"
            ),
            crate::yaml::fields::nearest_hint(level1, &known),
        );
        return;
    };
    if !group.items.iter().any(|item| **item == *level2) {
        let known: Vec<&str> = group.items.iter().map(|item| &**item).collect();
        let place = line.get("level2").map_or(line.place, |node| node.place);
        reader.error(
            "indicator-level",
            place,
            say!(
                "「{level1}」下没有「{level2}」这个二级指标",
                "{level1} has no indicator of level two {level2}"
            ),
            crate::yaml::fields::nearest_hint(level2, &known),
        );
    }
}
