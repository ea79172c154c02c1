//! One disclosure folder -> [`Draft`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::discover::DisclosureFolder;
use super::disk::{Disk, Listed};
use super::draft::{Document, Draft};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::file_name;
use crate::say;
use crate::source::{Place, Source};
use crate::yaml;

/// Reads every file of a disclosure, reporting each that cannot be read.
pub fn load(disk: &Disk, folder: &DisclosureFolder, diagnostics: &mut Diagnostics) -> Draft {
    let mut draft = Draft {
        entity_id: folder.entity_id.clone(),
        year: folder.year,
        kind: folder.kind,
        entity: if disk.lacks(&folder.entity_file) {
            // That has been reported where the folders were listed.
            missing(disk, &folder.entity_file)
        } else {
            document(disk, &folder.entity_file, diagnostics)
        },
        head: missing(disk, &folder.path.join("disclosure.yaml")),
        unread: BTreeSet::new(),
        tables: Vec::new(),
        projects: Vec::new(),
        overview: None,
        waivers: None,
        corrections: None,
        narrative: BTreeMap::new(),
    };
    let mut has_head = false;
    let items = list(disk, &folder.path, ".", &mut draft.unread, diagnostics);
    for item in items {
        match (item.name.as_str(), item.folder) {
            ("disclosure.yaml", false) => {
                has_head = true;
                draft.head = document(disk, &item.path, diagnostics);
            }
            ("overview.md", false) => {
                draft.overview = disk.text(&item.path, diagnostics);
                if draft.overview.is_none() {
                    draft.unread.insert(item.name);
                }
            }
            ("waivers.yaml", false) => {
                draft.waivers = said(document(disk, &item.path, diagnostics));
            }
            ("corrections.yaml", false) => {
                draft.corrections = said(document(disk, &item.path, diagnostics));
            }
            ("tables", true) => {
                let items = list(disk, &item.path, "tables", &mut draft.unread, diagnostics);
                draft.tables = documents(disk, items, diagnostics);
            }
            ("projects", true) => {
                let items = list(disk, &item.path, "projects", &mut draft.unread, diagnostics);
                draft.projects = projects(disk, items, diagnostics);
            }
            ("narrative", true) => {
                let items = list(
                    disk,
                    &item.path,
                    "narrative",
                    &mut draft.unread,
                    diagnostics,
                );
                draft.narrative = sections(disk, items, &mut draft.unread, diagnostics);
            }
            _ => unknown(disk, &item, diagnostics),
        }
    }
    if !has_head && !draft.is_unread("disclosure.yaml") {
        diagnostics.push(
            Diagnostic::error(
                "disclosure-missing",
                &disk.empty_source(&folder.path),
                Place::FILE,
                say!(
                    "这里缺少 disclosure.yaml",
                    "there is no disclosure.yaml here"
                ),
            )
            .hint(say!(
                "补上 disclosure.yaml，写明 standard 和 status",
                "add disclosure.yaml with `standard` and `status`"
            )),
        );
    }
    draft
}

fn missing(disk: &Disk, path: &Path) -> Document {
    Document {
        stem: stem_of(path),
        source: disk.empty_source(path),
        node: None,
    }
}

fn stem_of(path: &Path) -> String {
    let stem = path.file_stem();
    stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn document(disk: &Disk, path: &Path, diagnostics: &mut Diagnostics) -> Document {
    let source = disk.text(path, diagnostics);
    let node = source
        .as_ref()
        .and_then(|source| yaml::parse(source, diagnostics));
    Document {
        stem: stem_of(path),
        source: source.unwrap_or_else(|| disk.empty_source(path)),
        node,
    }
}

/// A document that need not be there; one without content is as good as none.
fn said(document: Document) -> Option<Document> {
    let empty = document.node.as_ref().is_some_and(yaml::Node::is_null);
    (!empty).then_some(document)
}

/// What a folder holds; it is `unread` when not all of it could be listed.
fn list(
    disk: &Disk,
    folder: &Path,
    name: &str,
    unread: &mut BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Vec<Listed> {
    let mut faults = Diagnostics::default();
    let items = disk.list_inside(folder, &mut faults);
    if !faults.is_empty() {
        unread.insert(name.to_owned());
    }
    diagnostics.append(faults);
    items
}

fn documents(disk: &Disk, items: Vec<Listed>, diagnostics: &mut Diagnostics) -> Vec<Document> {
    let mut documents = Vec::new();
    for item in items {
        if item.folder || !crate::standard::is_yaml(&item.name) {
            unknown(disk, &item, diagnostics);
            continue;
        }
        documents.push(document(disk, &item.path, diagnostics));
    }
    documents
}

fn projects(disk: &Disk, items: Vec<Listed>, diagnostics: &mut Diagnostics) -> Vec<Document> {
    let documents = documents(disk, items, diagnostics);
    for document in &documents {
        let stem = &document.stem;
        let reported = file_name::fault(stem).is_some();
        if let Some(Say { zh, en }) = file_name::id_fault(stem).filter(|_| !reported) {
            let instead = file_name::id_like(stem, "8023-checkup");
            diagnostics.push(
                Diagnostic::error(
                    "file-name",
                    &document.source,
                    Place::FILE,
                    say!(
                        "文件名 `{stem}` 不能用作网址：{zh}",
                        "the file name `{stem}` cannot be part of an address: {en}"
                    ),
                )
                .hint(say!(
                    "用小写英文、数字和短横，如 {instead}.yaml",
                    "use lower-case letters, digits and dashes, as in {instead}.yaml"
                )),
            );
        }
    }
    documents
}

fn sections(
    disk: &Disk,
    items: Vec<Listed>,
    unread: &mut BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Source> {
    let mut sections = BTreeMap::new();
    for item in items {
        match item.name.strip_suffix(".md") {
            Some(name) if !item.folder => match disk.text(&item.path, diagnostics) {
                Some(source) => {
                    sections.insert(name.to_owned(), source);
                }
                None => {
                    unread.insert(format!("narrative/{}", item.name));
                }
            },
            _ => unknown(disk, &item, diagnostics),
        }
    }
    sections
}

fn unknown(disk: &Disk, item: &Listed, diagnostics: &mut Diagnostics) {
    let message = if item.folder {
        say!("这个文件夹不会被用到", "this folder is not used")
    } else {
        say!("这个文件不会被用到", "this file is not used")
    };
    diagnostics.push(
        Diagnostic::warning(
            "file-unknown",
            &disk.empty_source(&item.path),
            Place::FILE,
            message,
        )
        .hint(say!(
            "表放在 tables/*.yaml，绩效目标表放在 projects/*.yaml，手写的节放在 narrative/*.md，豁免写在 waivers.yaml，更正写在 corrections.yaml",
            "tables go to tables/*.yaml, sheets to projects/*.yaml, hand-written sections to narrative/*.md, waivers to waivers.yaml, corrections to corrections.yaml"
        )),
    );
}
