//! The sheet form of a standard -> the schema of `projects/*.yaml`, as `check::sheet` reads them.

use serde_json::{Value, json};

use super::shape::{self, Need};
use crate::model::sheet::{Item, SheetForm};

/// The schema of `projects/*.yaml`.
pub fn schema(standard: &str, form: &SheetForm) -> Value {
    let mut properties = vec![
        ("name".to_owned(), shape::text("项目名称", Need::Required)),
        ("rows".to_owned(), rows(form)),
        ("funds".to_owned(), funds(form)),
        ("texts".to_owned(), texts("文字", &form.texts)),
        ("goals".to_owned(), goals(form)),
        ("indicators".to_owned(), indicators(form)),
    ];
    properties.extend(described(&form.facts));
    let mut schema = shape::map("", properties, &["name".to_owned()], Need::Required);
    schema["$schema"] = json!(shape::DRAFT);
    schema["title"] = json!(format!("projects/*.yaml：{standard} 的绩效目标表"));
    schema
}

fn rows(form: &SheetForm) -> Value {
    let about = format!("对应 {} 表里的行，写它们的 id", form.table);
    let item = shape::text("行的 id", Need::Optional);
    shape::list(&about, &item, Need::Optional)
}

fn funds(form: &SheetForm) -> Value {
    let phases = form.phases.iter().map(|phase| {
        let figure =
            |title: &str| shape::figure(&format!("{title}；{}", form.unit), Need::Optional);
        let total = ("total".to_owned(), figure(&phase.total));
        let sources = form
            .sources
            .iter()
            .map(|source| (source.id.to_string(), figure(&source.title)));
        let keys = std::iter::once(total).chain(sources);
        let schema = shape::map(&phase.title, keys, &[], Need::Optional);
        (phase.id.to_string(), schema)
    });
    shape::map("资金", phases, &[], Need::Optional)
}

fn goals(form: &SheetForm) -> Value {
    let goals = form.phases.iter().map(|phase| {
        let schema = shape::text(&phase.goal, Need::Optional);
        (phase.id.to_string(), schema)
    });
    shape::map("总体目标", goals, &[], Need::Optional)
}

fn texts(about: &str, items: &[Item]) -> Value {
    shape::map(about, described(items), &[], Need::Optional)
}

fn described(items: &[Item]) -> impl Iterator<Item = (String, Value)> {
    items.iter().map(|item| {
        (
            item.id.to_string(),
            shape::text(&item.title, Need::Optional),
        )
    })
}

fn indicators(form: &SheetForm) -> Value {
    let groups = &form.indicators;
    let first: Vec<String> = groups.iter().map(|group| group.title.to_string()).collect();
    let level = |about: &str, known: &[String]| {
        if known.is_empty() {
            shape::text(about, Need::Required)
        } else {
            shape::one_of(about, known, Need::Required)
        }
    };
    let mut keys = vec![
        ("level1".to_owned(), level("一级指标", &first)),
        ("level2".to_owned(), shape::text("二级指标", Need::Required)),
        ("level3".to_owned(), shape::text("三级指标", Need::Optional)),
    ];
    keys.extend(form.phases.iter().map(|phase| {
        let about = format!("{}的指标值", phase.title);
        (phase.id.to_string(), shape::text(&about, Need::Optional))
    }));
    let required = ["level1", "level2"].map(str::to_owned);
    let mut line = shape::map("一条指标", keys, &required, Need::Required);
    if !groups.is_empty() {
        line["allOf"] = groups
            .iter()
            .map(|group| {
                let below: Vec<String> = group.items.iter().map(ToString::to_string).collect();
                let level2 = level("二级指标", &below);
                let then = json!({"properties": {"level2": level2}});
                shape::when("level1", &group.title, &then)
            })
            .collect();
    }
    shape::list("绩效指标", &line, Need::Optional)
}
