//! JSON Schemas of the data files, for editors.
//!
//! The readers of data files work on YAML nodes with places, so there are no structs to derive a
//! schema from. Files of one shape everywhere have theirs written out beside this module
//! (`site.json`, `entity.json`, `disclosure.json`, `waivers.json`, `corrections.json`); tables, inputs and sheets follow
//! from the forms of a standard, which the readers follow too. A test holds both against the readers:
//! each file that they take is valid, each fault of shape that they report is not.

mod shape;
mod sheet;
mod table;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostics;
use crate::model::disclosure::InputKind;
use crate::standard::files::Library;
use crate::standard::{self, Standard};
use shape::Need;

/// The folder of a site that editors look into.
pub const FOLDER: &str = "schema";

const SITE: &str = include_str!("site.json");
const ENTITY: &str = include_str!("entity.json");
const DISCLOSURE: &str = include_str!("disclosure.json");
const WAIVERS: &str = include_str!("waivers.json");
const CORRECTIONS: &str = include_str!("corrections.json");

/// Every schema as path and text, sorted by path: those that all standards share, and for each
/// standard without faults, `<id>/table.json` and `<id>/sheet.json`.
#[must_use]
pub fn all(library: &Library) -> Vec<(String, String)> {
    let standards: Vec<Standard> = library
        .ids()
        .filter_map(|id| standard::load(library, id, &mut Diagnostics::default()))
        .collect();
    let mut files = vec![
        ("site.json".to_owned(), SITE.to_owned()),
        ("entity.json".to_owned(), ENTITY.to_owned()),
        ("disclosure.json".to_owned(), text(&disclosure(&standards))),
        ("waivers.json".to_owned(), WAIVERS.to_owned()),
        ("corrections.json".to_owned(), CORRECTIONS.to_owned()),
    ];
    for standard in &standards {
        let id = &standard.id;
        files.push((format!("{id}/table.json"), text(&table::schema(standard))));
        if let Some(form) = &standard.sheet {
            files.push((format!("{id}/sheet.json"), text(&sheet::schema(id, form))));
        }
    }
    files.sort();
    files
}

/// `disclosure.json` with the standards and, chosen by the standard, their inputs.
fn disclosure(standards: &[Standard]) -> Value {
    let mut schema: Value = serde_json::from_str(DISCLOSURE).expect("a test reads this file");
    let ids: Vec<String> = standards
        .iter()
        .map(|standard| standard.id.clone())
        .collect();
    schema["properties"]["standard"] = shape::one_of("按哪个标准", &ids, Need::Required);
    schema["allOf"] = standards
        .iter()
        .map(|standard| {
            let place = format!("#/definitions/inputs-{}", standard.id);
            let required = standard.inputs.iter().any(|input| input.required);
            let mut then = json!({"properties": {"inputs": {"$ref": place}}});
            if required {
                then["required"] = json!(["inputs"]);
            }
            shape::when("standard", &standard.id, &then)
        })
        .collect();
    for standard in standards {
        schema["definitions"][format!("inputs-{}", standard.id)] = inputs(standard);
    }
    schema
}

fn inputs(standard: &Standard) -> Value {
    let need = |required| {
        if required {
            Need::Required
        } else {
            Need::Optional
        }
    };
    let keys = standard.inputs.iter().map(|input| {
        let need = need(input.required);
        let title = &input.title;
        let schema = match &input.kind {
            InputKind::Amount(unit, _) => shape::figure(&format!("{title}；{unit}"), need),
            InputKind::Count(Some(counter)) => shape::figure(&format!("{title}；{counter}"), need),
            InputKind::Count(None) => shape::figure(title, need),
            InputKind::Percent => shape::figure(&format!("{title}；百分数，不写 %"), need),
            InputKind::Text => shape::text(title, need),
        };
        (input.id.to_string(), schema)
    });
    let required: Vec<String> = standard
        .inputs
        .iter()
        .filter(|input| input.required)
        .map(|input| input.id.to_string())
        .collect();
    let about = "不在任何表里的数和文字";
    shape::map(about, keys, &required, need(!required.is_empty()))
}

fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}
