//! `rules.yaml` -> [`Rule`]s: patterns looked up, one kind a rule.

mod declare;
mod kinds;
mod reader;

use super::files::StandardFiles;
use super::names::Names;
use super::read::{File, Read, fault, read};
use super::rule::Rule;
use super::{ChartPlan, SectionForm, Standard, is_yaml};
use crate::diagnostic::Diagnostics;
use crate::model::selector::is_id;
use crate::model::sheet::SheetForm;
use crate::say;
use crate::source::Source;
use crate::yaml::fields::Reader;
use crate::yaml::{Kind, Node};
use declare::{RuleDecl, RulesFile};
use reader::RuleReader;

/// What rules may name beside tables and inputs.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Tables, inputs and code lists.
    pub names: &'a Names<'a>,
    /// Form of the sheets.
    pub sheet: Option<&'a SheetForm>,
    /// Identifiers of the sections.
    pub sections: &'a [Box<str>],
    /// Identifiers of the charts.
    pub charts: &'a [Box<str>],
}

/// The rules of `rules.yaml`, then those of every file of `rules/`.
pub fn read_all(
    files: &StandardFiles,
    names: &Names<'_>,
    sheet: Option<&SheetForm>,
    sections: &[SectionForm],
    charts: &[ChartPlan],
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let sections: Vec<Box<str>> = sections.iter().map(|form| form.id.clone()).collect();
    let charts: Vec<Box<str>> = charts.iter().map(|plan| plan.id.clone()).collect();
    let known = Known {
        names,
        sheet,
        sections: &sections,
        charts: &charts,
    };
    let own = files.files.get("rules.yaml").into_iter();
    let added = files
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("rules/") && is_yaml(path))
        .map(|(_, source)| source);
    let mut taken = Vec::new();
    let mut all = Vec::new();
    for source in own.chain(added) {
        if let Some(Read { value, file }) = read::<RulesFile>(source, diagnostics) {
            all.extend(rules(&value.rules, &file, known, &mut taken, diagnostics));
        }
    }
    all
}

/// The rules that a disclosure adds to those of its standard: `rules` of `disclosure.yaml`.
pub fn of_disclosure(
    standard: &Standard,
    source: &Source,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let Some(list) = node.get("rules").filter(|list| !list.is_null()) else {
        return Vec::new();
    };
    let mut reader = Reader {
        source,
        diagnostics,
    };
    let Some(items) = reader.list(list) else {
        return Vec::new();
    };
    let file = File {
        source: source.clone(),
        node: node.clone(),
    };
    let mut decls = Vec::with_capacity(items.len());
    for item in items {
        match serde_yaml::from_value::<RuleDecl>(value_of(item)) {
            Ok(decl) => decls.push(decl),
            Err(error) => {
                reader.diagnostics.push(fault(source, item, &error));
                return Vec::new();
            }
        }
    }
    let names = Names {
        tables: &standard.tables,
        table_index: &standard.table_index,
        inputs: &standard.inputs,
        codes: &standard.codes,
    };
    let sections: Vec<Box<str>> = standard
        .sections
        .iter()
        .map(|form| form.id.clone())
        .collect();
    let charts: Vec<Box<str>> = standard.charts.iter().map(|plan| plan.id.clone()).collect();
    let known = Known {
        names: &names,
        sheet: standard.sheet.as_deref(),
        sections: &sections,
        charts: &charts,
    };
    let mut taken = standard.rules.iter().map(|rule| rule.id.clone()).collect();
    rules(&decls, &file, known, &mut taken, diagnostics)
}

/// A value with its places left behind; plain whole numbers and truth values are such.
fn value_of(node: &Node) -> serde_yaml::Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => match (&**text, text.parse::<i64>()) {
            ("true", _) => true.into(),
            ("false", _) => false.into(),
            (_, Ok(number)) => number.into(),
            (text, Err(_)) => text.into(),
        },
        Kind::Scalar { text, .. } => (&**text).into(),
        Kind::List(items) => serde_yaml::Value::Sequence(items.iter().map(value_of).collect()),
        Kind::Map(entries) => serde_yaml::Value::Mapping(
            entries
                .iter()
                .map(|entry| ((&*entry.key.value).into(), value_of(&entry.value)))
                .collect(),
        ),
    }
}

/// Understands the rules of a file. Reports `rule-invalid` and `standard-selector`; rules at fault
/// are left out.
pub fn rules(
    decls: &[RuleDecl],
    file: &File,
    known: Known<'_>,
    taken: &mut Vec<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let mut rules = Vec::with_capacity(decls.len());
    for (at, decl) in decls.iter().enumerate() {
        let mut reader = RuleReader {
            file,
            known,
            path: format!("rules.{at}"),
            each: None,
            columns: None,
            diagnostics,
        };
        if !is_id(&decl.id) || taken.iter().any(|id| **id == *decl.id) {
            let id = &decl.id;
            reader.invalid(
                "id",
                say!(
                    "规则的 id `{id}` 不能用，或已经用过",
                    "the rule id `{id}` is taken or cannot be used"
                ),
                say!(
                    "用小写英文、数字和短横，每条规则不同",
                    "use lower-case letters, digits and dashes, each once"
                ),
            );
            continue;
        }
        taken.push(decl.id.as_str().into());
        rules.extend(reader.rule(decl));
    }
    rules
}
