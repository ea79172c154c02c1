//! `datapackage.json`: the CSV files as a Frictionless Tabular Data Package, with their schemas.

use serde::Serialize;

use super::columns::{DataColumn, Origin};
use super::lines::{one_line_each, pretty};
use super::{BlockFile, Downloads, day, digest};
use crate::model::amount::MoneyUnit;
use crate::model::disclosure::Disclosure;
use crate::model::form::{BlockForm, ColumnKind};
use crate::model::table::NO_DATA;
use crate::render::page::SiteView;

#[derive(Serialize)]
struct Package {
    profile: &'static str,
    name: String,
    title: String,
    version: String,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<String>,
    keywords: Vec<String>,
    contributors: Vec<Contributor>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<Source>,
    resources: Vec<Resource>,
}

#[derive(Serialize)]
struct Contributor {
    title: String,
    role: &'static str,
}

#[derive(Serialize)]
struct Source {
    title: String,
}

#[derive(Serialize)]
struct Resource {
    profile: &'static str,
    name: String,
    path: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    bytes: usize,
    hash: String,
    dialect: Dialect,
    schema: Schema,
}

#[derive(Serialize)]
struct Dialect {
    delimiter: &'static str,
    #[serde(rename = "lineTerminator")]
    line_terminator: &'static str,
}

#[derive(Serialize)]
struct Schema {
    #[serde(serialize_with = "one_line_each")]
    fields: Vec<Field>,
    #[serde(rename = "missingValues")]
    missing_values: [&'static str; 2],
}

#[derive(Default, Serialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(rename = "decimalChar", skip_serializing_if = "Option::is_none")]
    decimal_char: Option<&'static str>,
    #[serde(rename = "bareNumber", skip_serializing_if = "Option::is_none")]
    bare_number: Option<bool>,
    #[serde(rename = "trueValues", skip_serializing_if = "Option::is_none")]
    true_values: Option<[&'static str; 1]>,
    #[serde(rename = "falseValues", skip_serializing_if = "Option::is_none")]
    false_values: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
}

/// The file.
#[must_use]
pub fn write(disclosure: &Disclosure, downloads: &Downloads, site: &SiteView) -> String {
    let folder = disclosure.folder();
    let address = (!site.base_url.is_empty()).then(|| format!("{}{folder}/", site.base_url));
    let tables = disclosure.tables.iter().zip(&downloads.tables);
    let resources = tables.flat_map(|(table, files)| {
        let blocks = table.form.blocks.iter().zip(files);
        blocks.map(|(form, block)| {
            let title = format!("{} {}", table.form.number, table.title);
            resource(form, block, &title, table.no_data.as_deref())
        })
    });
    let origin = disclosure.origin.iter();
    let kind = disclosure.kind.word();
    pretty(&Package {
        profile: "tabular-data-package",
        name: name(&folder),
        title: disclosure.title(),
        version: digest::short(&downloads.digest).to_owned(),
        created: format!(
            "{}T00:00:00Z",
            day(disclosure.published.as_deref(), disclosure.year)
        ),
        homepage: address,
        keywords: ["部门预决算公开", kind, &disclosure.year.to_string()]
            .map(str::to_owned)
            .to_vec(),
        contributors: vec![Contributor {
            title: disclosure.entity.name.clone(),
            role: "publisher",
        }],
        sources: origin
            .map(|title| Source {
                title: title.clone(),
            })
            .collect(),
        resources: resources.collect(),
    })
}

fn resource(form: &BlockForm, block: &BlockFile, title: &str, no_data: Option<&str>) -> Resource {
    let file = &block.file;
    let dash = if block.title.is_empty() { "" } else { "：" };
    Resource {
        profile: "tabular-data-resource",
        name: name(file.name.trim_end_matches(".csv")),
        path: file.name.clone(),
        title: format!("{title}{dash}{}", block.title),
        description: no_data.map(str::to_owned),
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        bytes: file.bytes.len(),
        hash: format!("sha256:{}", digest::hex([file.bytes.as_slice()])),
        dialect: Dialect {
            delimiter: ",",
            line_terminator: "\r\n",
        },
        schema: Schema {
            fields: block
                .columns
                .iter()
                .map(|column| field(form, column))
                .collect(),
            missing_values: ["", NO_DATA],
        },
    }
}

fn field(form: &BlockForm, column: &DataColumn) -> Field {
    let name = column.name.clone();
    let number = |unit| Field {
        name: name.clone(),
        kind: "number",
        unit,
        decimal_char: Some("."),
        bare_number: Some(true),
        ..Field::default()
    };
    let plain = |kind, description| Field {
        name: name.clone(),
        kind,
        description,
        ..Field::default()
    };
    match column.from {
        Origin::Code if form.is_classified() => plain("string", Some("政府收支分类科目编码")),
        Origin::Code => plain("string", Some("编码")),
        Origin::Level => plain("integer", Some("0 为合计，1 起为层级")),
        Origin::Column(at) => match form.columns[at].kind {
            ColumnKind::Amount { .. } => number(form.columns[at].held_unit().map(MoneyUnit::name)),
            ColumnKind::Percent => number(Some("%")),
            ColumnKind::Count => number(None),
            ColumnKind::Line(_) => plain("integer", Some("行次")),
            ColumnKind::YesNo => Field {
                true_values: Some(["是"]),
                false_values: Some(["否"]),
                ..plain("boolean", None)
            },
            ColumnKind::Code(_) | ColumnKind::Name | ColumnKind::Text => plain("string", None),
        },
    }
}

/// A name as packages may have it: small letters, digits, `-`, `_` and `.`.
fn name(text: &str) -> String {
    text.to_ascii_lowercase().replace('/', "-")
}
