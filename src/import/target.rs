//! Where an import goes: a disclosure that is there, or a new one as `new` makes it.

use super::Options;
use super::exported::Export;
use super::input::Input;
use super::who;
use crate::check;
use crate::check::text::Rules;
use crate::diagnostic::{Diagnostics, Say};
use crate::error::Error;
use crate::lay::NewFile;
use crate::load::discover::{DisclosureFolder, Site};
use crate::load::draft::Document;
use crate::load::folder;
use crate::model::amount::read_number;
use crate::model::disclosure::{Disclosure, Entity, Kind, Unit};
use crate::model::form::TableForm;
use crate::say;
use crate::skeleton::{self, figure, folder_of, scalar};
use crate::standard::Standard;
use crate::yaml;

/// A disclosure to import into.
pub struct Target {
    /// Its folder, relative to the root.
    pub folder: String,
    /// Where that is.
    pub at: DisclosureFolder,
    /// For each table of the standard the path of its file, there or to be.
    pub tables: Vec<String>,
    /// Its standard.
    pub standard: Standard,
    /// Who publishes.
    pub entity: Entity,
    /// Files of a new disclosure; empty for one that is there.
    pub files: Vec<NewFile>,
    /// What it says now, if it is there and can be understood.
    pub before: Option<Disclosure>,
    /// What is wrong with it now.
    pub faults: Diagnostics,
    /// What the user should know.
    pub notes: Vec<Say>,
}

impl Target {
    /// Whether the site does not have the entity yet.
    pub fn is_new_entity(&self) -> bool {
        let mut files = self.files.iter();
        files.any(|file| file.path.ends_with("/entity.yaml"))
    }
}

/// Opens the disclosure with its files as they are, or plans it with those that `new` would make.
///
/// `units` are those of an entity that is not there yet.
///
/// # Errors
/// When there is no such standard, or the disclosure can neither be understood nor planned.
pub fn open(
    site: &Site,
    options: &Options,
    inputs: &[Input],
    units: &[Unit],
) -> Result<Target, Error> {
    let at = |kind| folder_of(site, &options.entity, options.year, kind);
    let kinds = [Kind::Budget, Kind::Final];
    let there = |kind: &Kind| site.disclosures.contains(&at(*kind));
    let kind = match (options.kind, &options.standard) {
        (Some(kind), _) => Some(kind),
        (None, Some(id)) => Some(skeleton::load(site, id)?.kind),
        (None, None) => kinds.into_iter().find(there),
    };
    match kind.filter(there) {
        Some(kind) => existing(site, options, kind),
        None => planned(site, options, kind, inputs, units),
    }
}

fn existing(site: &Site, options: &Options, kind: Kind) -> Result<Target, Error> {
    let at = folder_of(site, &options.entity, options.year, kind);
    let mut faults = Diagnostics::default();
    let draft = folder::load(&site.disk, &at, &mut faults);
    let unclear = || {
        Error::refused(
            &at.path,
            say!(
                "读不懂；先运行 gongkai check，按提示改好",
                "cannot be understood; run gongkai check and mend it first"
            ),
        )
    };
    let (id, ..) = check::standard_of(&draft, &mut faults).ok_or_else(unclear)?;
    if let Some(asked) = options.standard.as_ref().filter(|asked| **asked != id) {
        return Err(Error::refused(
            &at.path,
            say!(
                "按 {id} 公开，与 --standard {asked} 不符；不写 --standard，或先改 disclosure.yaml",
                "follows {id}, not --standard {asked}; leave the option out, or change disclosure.yaml first"
            ),
        ));
    }
    let standard = skeleton::load(site, &id)?;
    let entity = check::entity(&draft, &mut faults).ok_or_else(unclear)?;
    let rules = Rules::new(&site.config);
    let before = check::check(&draft, &standard, &rules, &mut faults);
    let folder = format!("data/{}/{}-{}", options.entity, options.year, kind.slug());
    let forms = standard.tables.iter();
    let tables = forms.map(|form| path_of(&draft.tables, &folder, form));
    Ok(Target {
        tables: tables.collect(),
        folder,
        at,
        standard,
        entity,
        files: Vec::new(),
        before,
        faults,
        notes: Vec::new(),
    })
}

fn planned(
    site: &Site,
    options: &Options,
    kind: Option<Kind>,
    inputs: &[Input],
    units: &[Unit],
) -> Result<Target, Error> {
    let known = site
        .disk
        .path(&format!("data/{}/entity.yaml", options.entity));
    let named = options.name.clone().or_else(|| {
        let new = !known.is_file();
        new.then(|| who::named(inputs)).flatten()
    });
    let export = inputs.iter().find_map(|input| match input {
        Input::Export(export) => Some(&**export),
        Input::Workbook(_) => None,
    });
    let standard = options.standard.clone();
    let mut plan = skeleton::plan(
        site,
        &skeleton::Options {
            root: options.root.clone(),
            entity: options.entity.clone(),
            year: options.year,
            kind,
            from: None,
            standard: standard.or_else(|| export.map(|export| export.standard().to_owned())),
            name: named.clone(),
            code: options.code.clone(),
            units: units.to_vec(),
        },
    )?;
    if let Some(export) = export {
        let head = plan.files.iter_mut();
        for file in head.filter(|file| file.path.ends_with("/disclosure.yaml")) {
            fill(file, export);
        }
    }
    let mut notes = plan.notes;
    if let Some(named) = named.filter(|_| options.name.is_none()) {
        notes.push(say!(
            "单位全称「{named}」取自工作簿；不对就改 entity.yaml 的 name",
            "the name {named} was taken from the workbook; if it is wrong, change `name` in entity.yaml"
        ));
    }
    let forms = plan.standard.tables.iter();
    let tables = forms.map(|form| path_of(&[], &plan.folder, form));
    Ok(Target {
        tables: tables.collect(),
        folder: plan.folder,
        at: folder_of(site, &options.entity, options.year, plan.standard.kind),
        standard: plan.standard,
        entity: plan.entity,
        files: plan.files,
        before: None,
        faults: Diagnostics::default(),
        notes,
    })
}

/// The file of a table as it is called now, or as `new` calls it.
fn path_of(documents: &[Document], folder: &str, form: &TableForm) -> String {
    let named = |document: &&Document| {
        let node = document.node.as_ref().and_then(|node| node.get("table"));
        node.is_some_and(
            |node| matches!(&node.kind, yaml::Kind::Scalar { text, .. } if **text == *form.id),
        )
    };
    documents.iter().find(named).map_or_else(
        || format!("{folder}/tables/{:02}-{}.yaml", form.position, form.id),
        |document| document.source.path.clone(),
    )
}

/// Writes what an export says beside its tables into the lines that wait for it.
fn fill(file: &mut NewFile, export: &Export) {
    let mut values: Vec<(String, &str)> = Vec::new();
    for (key, value) in [("published", &export.published), ("source", &export.source)] {
        values.extend(value.as_deref().map(|value| (format!("{key}:"), value)));
    }
    for input in &export.inputs {
        let value = input.value.as_deref();
        values.extend(value.map(|value| (format!("  {}:", input.id), value)));
    }
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let lines = text.lines().map(|line| {
        let waiting = |key: &str| line.strip_prefix(key).filter(|rest| rest.starts_with(' '));
        let found = values
            .iter()
            .find_map(|(key, value)| Some((key, value, waiting(key)?)));
        match found {
            Some((key, value, rest)) => {
                let comment = rest.trim_start();
                let value = match read_number(value) {
                    Ok(_) => figure(value),
                    Err(_) => scalar(value),
                };
                format!("{key} {value} {comment}").trim_end().to_owned() + "\n"
            }
            None => format!("{line}\n"),
        }
    });
    file.bytes = lines.collect::<String>().into_bytes();
}
