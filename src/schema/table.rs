//! The tables of a standard -> the schema of its table files: one definition a table, chosen by
//! `table`. What is legal is what `check::table` reads, and both go by the same forms.

use serde_json::{Map, Value, json};

use super::shape::{self, ID, Need};
use crate::model::form::{BlockForm, Column, ColumnKind, FixedRow, RowSource, TableForm};
use crate::standard::Standard;

/// Codes of a tree: 类, 款, 项.
const CODE: &str = r"^\s*([0-9]{3}|[0-9]{5}|[0-9]{7})\s*$";

/// The schema of `tables/*.yaml`.
pub fn schema(standard: &Standard) -> Value {
    let ids: Vec<String> = standard
        .tables
        .iter()
        .map(|form| form.id.to_string())
        .collect();
    let choices: Vec<Value> = standard
        .tables
        .iter()
        .map(|form| {
            let place = format!("#/definitions/{}", form.id);
            shape::when("table", &form.id, &json!({"$ref": place}))
        })
        .collect();
    let mut definitions = Map::new();
    for form in &standard.tables {
        definitions.insert(form.id.to_string(), table(form));
        for block in &form.blocks {
            definitions.insert(row_name(form, block), row(form, block));
        }
    }
    let id = &standard.id;
    json!({
        "$schema": shape::DRAFT,
        "title": format!("tables/*.yaml：{id} 的各表"),
        "type": "object",
        "required": ["table"],
        "properties": {"table": shape::one_of("哪张表", &ids, Need::Required)},
        "allOf": choices,
        "definitions": definitions,
    })
}

/// The name of the definition of a block's rows. A table id holds no point.
fn row_name(form: &TableForm, block: &BlockForm) -> String {
    format!("{}.{}.row", form.id, block.id)
}

fn table(form: &TableForm) -> Value {
    let single = form.blocks.len() == 1;
    let mut properties = vec![
        ("table".to_owned(), json!({"const": form.id})),
        ("no_data".to_owned(), no_data(form)),
    ];
    let mut required = vec!["table".to_owned()];
    let mut with_data = Map::new();
    for block in &form.blocks {
        let totals: Vec<String> = block
            .totals
            .iter()
            .map(|total| total.id.to_string())
            .collect();
        let keys = block_properties(form, block);
        if single {
            properties.extend(keys);
            required.push("rows".to_owned());
            with_data.extend(written(&totals));
        } else {
            let title = block.title.as_ref().and_then(|title| title.as_plain());
            let rows = ["rows".to_owned()];
            let schema = shape::map(title.unwrap_or_default(), keys, &rows, Need::Required);
            properties.push((block.id.to_string(), schema));
            required.push(block.id.to_string());
            with_data.extend([("properties".to_owned(), Value::Null)]);
        }
    }
    let title = format!("{} {}", form.number, form.title.sample());
    let mut schema = shape::map(&title, properties, &required, Need::Required);
    if !single {
        let blocks: Map<String, Value> = form
            .blocks
            .iter()
            .map(|block| {
                let totals: Vec<String> = block.totals.iter().map(|t| t.id.to_string()).collect();
                (block.id.to_string(), Value::Object(written(&totals)))
            })
            .collect();
        with_data = Map::from_iter([("properties".to_owned(), Value::Object(blocks))]);
    }
    schema["if"] = json!({
        "properties": {"no_data": {"type": ["string", "number", "boolean"]}},
        "required": ["no_data"],
    });
    schema["else"] = Value::Object(with_data);
    schema
}

/// These keys must be there and not be empty.
fn written(keys: &[String]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.clone(), json!({"type": "object"})))
        .collect();
    Map::from_iter([
        ("required".to_owned(), json!(keys)),
        ("properties".to_owned(), Value::Object(properties)),
    ])
}

/// The reason of an empty table, where the form allows one.
fn no_data(form: &TableForm) -> Value {
    if form.empty.is_some() {
        shape::text("整张表没有数的原因", Need::Optional)
    } else {
        json!({"description": "这张表要有数，不能写 no_data", "type": "null"})
    }
}

fn block_properties(form: &TableForm, block: &BlockForm) -> Vec<(String, Value)> {
    let place = format!("#/definitions/{}", row_name(form, block));
    let rows = shape::list("各行", &json!({"$ref": place}), Need::Required);
    let mut properties = vec![("rows".to_owned(), rows)];
    for total in &block.totals {
        let schema = shape::map(&total.name.sample(), cells(block), &[], Need::Optional);
        properties.push((total.id.to_string(), schema));
    }
    properties
}

fn row(form: &TableForm, block: &BlockForm) -> Value {
    let mut properties = cells(block);
    let mut add = |key: &str, schema: Value| properties.push((key.to_owned(), schema));
    let required: &[&str] = match &block.rows {
        RowSource::Fixed { rows, .. } => {
            let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
            add("id", fixed_ids(rows, &ids));
            add(
                "name",
                shape::text("表式规定的行名，可以不写", Need::Optional),
            );
            if block.has_code() {
                add(
                    "code",
                    shape::code("表式规定的编码，可以不写", None, Need::Optional),
                );
            }
            &["id"]
        }
        RowSource::Tree(_) => {
            add("id", free_id());
            add("name", shape::text("科目名称", Need::Required));
            add(
                "code",
                shape::code(
                    "科目编码，加引号：类 3 位，款 5 位，项 7 位",
                    Some(CODE),
                    Need::Required,
                ),
            );
            &["code", "name"]
        }
        RowSource::List => {
            add("id", free_id());
            add("name", shape::text("名称", Need::Required));
            if block.has_code() {
                add("code", shape::code("编码，加引号", None, Need::Optional));
            }
            let place = format!("#/definitions/{}", row_name(form, block));
            add(
                "rows",
                shape::list("下级的行", &json!({"$ref": place}), Need::Optional),
            );
            &["name"]
        }
    };
    let required: Vec<String> = required.iter().map(ToString::to_string).collect();
    let mut schema = shape::map("一行", properties, &required, Need::Required);
    if let RowSource::Fixed { rows, .. } = &block.rows {
        schema["allOf"] = rows.iter().map(|row| fixed(row, block)).collect();
    }
    schema
}

/// The ids of the form, each with its name for the editor.
fn fixed_ids(rows: &[FixedRow], ids: &[String]) -> Value {
    let names: Vec<String> = rows.iter().map(|row| row.name.sample()).collect();
    let mut schema = shape::one_of("哪一行", ids, Need::Required);
    schema["enumDescriptions"] = json!(names);
    schema
}

/// Name and code that a row of the form has where they are written.
fn fixed(row: &FixedRow, block: &BlockForm) -> Value {
    let mut properties = Map::new();
    if let Some(name) = row.name.as_plain() {
        properties.insert("name".to_owned(), json!({"enum": [name, null]}));
    }
    if block.has_code() {
        let code = row.code.as_ref().map_or("", |code| code.as_str());
        properties.insert("code".to_owned(), json!({"enum": [code, null]}));
    }
    shape::when("id", &row.id, &json!({"properties": properties}))
}

fn free_id() -> Value {
    json!({
        "description": "行的标识，用英文、数字、短横和下划线",
        "type": ["string", "integer", "boolean", "null"],
        "pattern": ID,
    })
}

/// The cells that the data writes.
fn cells(block: &BlockForm) -> Vec<(String, Value)> {
    block
        .columns
        .iter()
        .filter(|column| column.kind.is_written())
        .map(|column| (column.id.to_string(), cell(column)))
        .collect()
}

fn cell(column: &Column) -> Value {
    let mut title = column.title.sample();
    if column.computed.is_some() {
        title.push_str("；自动算出，可以不写");
    }
    match column.kind {
        ColumnKind::Amount { unit, .. } => {
            shape::figure(&format!("{title}；{unit}"), Need::Optional)
        }
        ColumnKind::Percent => shape::figure(&format!("{title}；百分数，不写 %"), Need::Optional),
        ColumnKind::Count => shape::figure(&title, Need::Optional),
        ColumnKind::YesNo => {
            shape::one_of(&title, &["是", "否"].map(str::to_owned), Need::Optional)
        }
        ColumnKind::Code(_) | ColumnKind::Name | ColumnKind::Line(_) | ColumnKind::Text => {
            shape::text(&title, Need::Optional)
        }
    }
}
