//! `rules.yaml` -> [`Rule`]s: patterns looked up, one kind a rule.

mod declare;
mod kinds;
mod reader;

use std::cell::Cell;

use super::files::StandardFiles;
use super::gaps::Reading;
use super::names::Names;
use super::read::{File, Read, fault, read_items, value_of};
use super::rule::Rule;
use super::{Standard, is_yaml};
use crate::diagnostic::Diagnostics;
use crate::model::selector::is_id;
use crate::model::sheet::SheetForm;
use crate::say;
use crate::source::Source;
use crate::yaml::Node;
use crate::yaml::fields::Reader;
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
    /// Rules that name what the standard does not tell, and so are left out.
    pub withheld: &'a Cell<usize>,
}

/// The rules of `rules.yaml`, then those of every file of `rules/`.
pub fn read_all(
    files: &StandardFiles,
    known: Known<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let own = files.files.get("rules.yaml").into_iter();
    let added = files
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("rules/") && is_yaml(path))
        .map(|(_, source)| source);
    let mut taken = Vec::new();
    let mut all = Vec::new();
    for source in own.chain(added) {
        let items = read_items(source, "rules", |file: RulesFile| file.rules, diagnostics);
        if let Some(Read { value, file }) = items {
            all.extend(rules(&value, &file, known, &mut taken, diagnostics));
        }
    }
    all
}

/// The rules that a disclosure adds to those of its standard: `rules` of `disclosure.yaml`.
pub fn of_disclosure(
    standard: &Standard,
    source: &Source,
    node: &Node,
    withheld: &Cell<usize>,
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
            Ok(decl) => decls.push(Some(decl)),
            Err(error) => {
                reader.diagnostics.push(fault(source, item, &error));
                decls.push(None);
            }
        }
    }
    let names = Names {
        tables: &standard.tables,
        table_index: &standard.table_index,
        inputs: &standard.inputs,
        codes: &standard.codes,
        gaps: &Reading::of(&standard.gaps),
    };
    let (sections, charts) = (standard.section_ids(), standard.chart_ids());
    let known = Known {
        names: &names,
        sheet: standard.sheet.as_deref(),
        sections: &sections,
        charts: &charts,
        withheld,
    };
    let mut taken = standard.rules.iter().map(|rule| rule.id.clone()).collect();
    rules(&decls, &file, known, &mut taken, diagnostics)
}

/// Understands the rules of a file. Reports `rule-invalid` and `standard-selector`; rules at fault
/// are left out.
pub fn rules(
    decls: &[Option<RuleDecl>],
    file: &File,
    known: Known<'_>,
    taken: &mut Vec<Box<str>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let mut rules = Vec::with_capacity(decls.len());
    let decls = decls.iter().enumerate();
    for (at, decl) in decls.filter_map(|(at, decl)| Some((at, decl.as_ref()?))) {
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
        let rule = reader.rule(decl);
        let hidden = known.names.gaps.take_met() && rule.is_none();
        known
            .withheld
            .set(known.withheld.get() + usize::from(hidden));
        rules.extend(rule);
    }
    rules
}
