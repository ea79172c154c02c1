//! `entity.yaml` and `disclosure.yaml` -> [`Entity`], status, inputs.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::cell::{UNREAD, check_decimals};
use crate::diagnostic::Say;
use crate::model::amount::Amount;
use crate::model::disclosure::{Entity, EntityKind, Input, InputForm, InputKind, Status, Unit};
use crate::model::table::{Cell, Hole, Value};
use crate::say;
use crate::source::Place;
use crate::standard::Standard;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Figure, Reader};

/// Reads `entity.yaml`; `None` where its name or kind cannot be told. Also whether there are units that are not known.
pub fn entity(id: &str, node: &Node, reader: &mut Reader<'_>) -> (Option<Entity>, Option<Hole>) {
    let known = ["code", "name", "short_name", "kind", "region", "units"];
    let Some(fields) = reader.fields(node, &known) else {
        return (None, Some(Hole::Unread));
    };
    let name = reader.required_text(&fields, "name");
    let kind = entity_kind(&fields, reader);
    let code = fields
        .get("code")
        .and_then(|node| reader.code_text(node))
        .map(str::to_owned);
    let short_name = reader.optional_text(&fields, "short_name");
    let region = reader.optional_text(&fields, "region");
    let (units, hole) = units(&fields, reader);
    let entity = name.zip(kind).map(|(name, kind)| Entity {
        id: id.into(),
        code,
        short_name: short_name.unwrap_or_else(|| name.clone()),
        name,
        kind,
        region,
        units,
    });
    (entity, hole)
}

/// What stands for an entity that could not be read.
pub fn unnamed(id: &str) -> Entity {
    Entity {
        id: id.into(),
        code: None,
        name: id.to_owned(),
        short_name: id.to_owned(),
        kind: EntityKind::Department,
        region: None,
        units: Vec::new(),
    }
}

fn entity_kind(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<EntityKind> {
    let text = reader.required_text(fields, "kind")?;
    match text.as_str() {
        "department" => Some(EntityKind::Department),
        "unit" => Some(EntityKind::Unit),
        _ => {
            let place = fields.get("kind").map_or(fields.place, |node| node.place);
            reader.error(
                "wrong-type",
                place,
                say!("kind 不能写 `{text}`", "`kind` cannot be `{text}`"),
                say!(
                    "写 department（部门）或 unit（单位）",
                    "write department or unit"
                ),
            );
            None
        }
    }
}

fn units(fields: &Fields<'_>, reader: &mut Reader<'_>) -> (Vec<Unit>, Option<Hole>) {
    let Some(node) = fields.get("units") else {
        return (Vec::new(), fields.hole());
    };
    let Some(items) = reader.list(node) else {
        return (Vec::new(), Some(Hole::Unread));
    };
    let mut units = Vec::with_capacity(items.len());
    for item in items {
        let Some(unit) = reader.fields(item, &["id", "name", "nature"]) else {
            continue;
        };
        let id = reader.required_text(&unit, "id");
        let name = reader.required_text(&unit, "name");
        let nature = reader.optional_text(&unit, "nature");
        if let (Some(id), Some(name)) = (id, name) {
            units.push(Unit {
                id: id.into(),
                name,
                nature,
            });
        }
    }
    let hole = (units.len() < items.len()).then_some(Hole::Unread);
    (units, hole)
}

/// The facts of `disclosure.yaml` beside its inputs.
pub struct Head {
    pub status: Status,
    pub status_place: Place,
    pub published: Option<String>,
    pub origin: Option<String>,
}

/// Keys of `disclosure.yaml`.
const KEYS: [&str; 7] = [
    "standard",
    "status",
    "published",
    "source",
    "contacts",
    "inputs",
    "rules",
];

/// Reads `disclosure.yaml` but for its inputs.
pub fn head(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Head> {
    let published = reader.optional_text(fields, "published");
    let mut unread = false;
    if let (Some(text), Some(node)) = (&published, fields.get("published"))
        && !is_date(text)
    {
        unread = true;
        no_date(reader, node.place, text);
    }
    let origin = reader.optional_text(fields, "source");
    let text = reader.required_text(fields, "status")?;
    let status = Status::from_text(&text);
    let place = fields.get("status").map_or(fields.place, |node| node.place);
    if status.is_none() {
        reader.error(
            "wrong-type",
            place,
            say!("status 不能写 `{text}`", "`status` cannot be `{text}`"),
            say!(
                "写 draft（起草）、review（送审）或 approved（批准）",
                "write draft, review or approved"
            ),
        );
    }
    Some(Head {
        status: status?,
        status_place: place,
        published: published.filter(|_| !unread),
        origin,
    })
}

/// What stands for a `disclosure.yaml` that does not tell how far the disclosure is.
pub const fn undated() -> Head {
    Head {
        status: Status::Draft,
        status_place: Place::FILE,
        published: None,
        origin: None,
    }
}

/// The inputs of a `disclosure.yaml` that cannot be read.
pub fn unread(forms: &[Arc<InputForm>]) -> Vec<Input> {
    let cell = Cell {
        value: UNREAD,
        place: Place::FILE,
    };
    let forms = forms.iter().map(|form| Input {
        form: form.clone(),
        cell: cell.clone(),
    });
    forms.collect()
}

/// The map of `disclosure.yaml`.
pub fn head_fields<'n>(node: &'n Node, reader: &mut Reader<'_>) -> Option<Fields<'n>> {
    reader.fields(node, &KEYS)
}

/// The contacts that are meant for the public.
pub fn contacts(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Vec<String> {
    reader.texts(fields, "contacts")
}

/// Whether a text is a day `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, length: usize| {
        parts
            .get(at)
            .filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day), 3) =
        (number(0, 4), number(1, 2), number(2, 2), parts.len())
    else {
        return false;
    };
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Reports `wrong-type` for a text that should be a day, with the day that it seems to mean.
pub fn no_date(reader: &mut Reader<'_>, place: Place, text: &str) {
    let written = day_of(text);
    let (message, hint) = match written.as_deref() {
        Some(day) if is_date(day) => (
            say!(
                "日期 `{text}` 的写法不对",
                "`{text}` is not written as a date is here"
            ),
            say!("写成 {day}", "write it as {day}"),
        ),
        Some(_) => (
            say!("没有 `{text}` 这一天", "there is no day `{text}`"),
            say!("核对月和日", "check month and day"),
        ),
        None => (
            say!("`{text}` 不是日期", "`{text}` is no date"),
            say!(
                "写成四位的年、两位的月、两位的日，如 2026-03-01",
                "write a year of four digits, a month and a day of two, as in 2026-03-01"
            ),
        ),
    };
    reader.error("wrong-type", place, message, hint);
}

/// The day that a text means, in the order of year, month and day, as `YYYY-MM-DD`; it need not be in the calendar.
fn day_of(text: &str) -> Option<String> {
    let plain: String = text.nfkc().collect();
    let mut numbers: Vec<&str> = plain
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    if let [only] = numbers[..]
        && only.len() == 8
    {
        numbers = vec![&only[..4], &only[4..6], &only[6..]];
    }
    // A time may follow.
    let [year, month, day, ..] = numbers[..] else {
        return None;
    };
    let fits = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Reads the inputs that the standard declares.
pub fn inputs(standard: &Standard, head: &Fields<'_>, reader: &mut Reader<'_>) -> Vec<Input> {
    let forms = &standard.inputs;
    let known: Vec<&str> = forms.iter().map(|form| &*form.id).collect();
    let node = head.get("inputs");
    let written = node.and_then(|node| {
        // Keys may be those of inputs that the standard does not tell.
        if standard.gaps.forms.contains("input.") {
            return reader.map(node);
        }
        reader.fields(node, &known)
    });
    let unreadable = node.is_some() && written.is_none();
    let hole = written.and_then(|fields| fields.hole());
    let hole = hole.or_else(|| unreadable.then_some(Hole::Unread));
    // Another key of the file may have been meant for `inputs`.
    let hole = hole.or_else(|| head.hole().filter(|_| node.is_none()));
    let fields = written.unwrap_or(Fields::empty(head.place));
    forms
        .iter()
        .map(|form| {
            let node = fields.get(&form.id);
            let empty = fields.place_of(&form.id).filter(|_| node.is_none());
            let place = empty.unwrap_or(fields.place);
            if node.is_none() && form.required && !unreadable {
                let (message, hint) = missing(form, empty.is_some());
                reader.error("input-missing", place, message, hint);
            }
            let missing = form.required.then_some(Hole::NotGiven);
            let value = match (node, hole.or(missing)) {
                (Some(node), _) => input_value(&form.kind, node, reader),
                (None, Some(hole)) => Value::Hole(hole),
                (None, None) => Value::Blank,
            };
            Input {
                form: form.clone(),
                cell: Cell {
                    value,
                    place: node.map_or(place, |node| node.place),
                },
            }
        })
        .collect()
}

/// What is said of a required input that is not given, or whose key stands there `empty`.
fn missing(form: &InputForm, empty: bool) -> (Say, Say) {
    let (id, title) = (&form.id, &form.title);
    if !empty {
        return (
            say!("缺少 `{id}`（{title}）", "`{id}` ({title}) is missing"),
            say!("在 inputs 下补上 `{id}: …`", "add `{id}: …` below `inputs`"),
        );
    }
    let message = say!(
        "`{id}`（{title}）还没有填",
        "`{id}` ({title}) is not filled in"
    );
    let hint = match form.kind {
        InputKind::Text => say!("填在冒号后面", "write it behind the colon"),
        _ => say!(
            "填在冒号后面，没有就写 0",
            "write it behind the colon, 0 where there is none"
        ),
    };
    (message, hint)
}

fn input_value(kind: &InputKind, node: &Node, reader: &mut Reader<'_>) -> Value {
    if *kind == InputKind::Text {
        return reader
            .text(node)
            .map_or(UNREAD, |text| Value::Text(text.into()));
    }
    match (reader.figure(node), kind) {
        (Figure::Blank, _) => Value::Blank,
        (Figure::Unread, _) => UNREAD,
        (Figure::NoData, _) => Value::NoData,
        (Figure::Number(value), InputKind::Amount(unit, decimals)) => {
            check_decimals(reader, node.place, value, *decimals);
            Value::Amount(Amount::new(value, *unit))
        }
        (Figure::Number(value), InputKind::Percent) => Value::Percent(value),
        (Figure::Number(value), _) => Value::Count(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{day_of, is_date};

    #[test]
    fn the_day_that_a_text_means_is_found_in_all_its_forms() {
        for text in [
            "2026-2-18",
            "2026/2/18",
            "2026/02/18",
            "2026.2.18",
            "2026年2月18日",
            "2026 年 2 月 18 日",
            "20260218",
            "２０２６－０２－１８",
            "2026—02—18",
            "2026-02-18 09:30",
            "2026-02-18T00:00:00",
        ] {
            assert!(!is_date(text), "{text}");
            assert_eq!(day_of(text).as_deref(), Some("2026-02-18"), "{text}");
        }
        assert_eq!(day_of("2026-2-30").as_deref(), Some("2026-02-30"));
        for text in [
            "",
            "二月十八日",
            "2026",
            "2026-02",
            "18/2/2026",
            "202602181",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
