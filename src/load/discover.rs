//! The site root -> its settings, its disclosures, its standards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::config::{self, Config};
use super::disk::{self, Disk, Listed};
use crate::cache::stamp::Stamp;
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::embedded::{self, Folder};
use crate::error::Error;
use crate::file_name;
use crate::model::disclosure::Kind;
use crate::say;
use crate::source::{BUILTIN, Place, Source, SourceFile};
use crate::standard::files::Library;

/// A site as found on disk; nothing of its data has been read.
#[derive(Debug)]
pub struct Site {
    /// Its root.
    pub disk: Disk,
    /// Text of its settings.
    pub settings: String,
    /// Its settings.
    pub config: Config,
    /// Its disclosures, sorted by entity, year and kind.
    pub disclosures: Vec<DisclosureFolder>,
    /// What the folders of its entities looked like before they were listed, where nothing in them was reported.
    pub entities: BTreeMap<Box<str>, Stamp>,
    /// The standards it can name.
    pub standards: Library,
}

/// Where one disclosure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureFolder {
    /// Folder of the entity below `data/`.
    pub entity_id: Box<str>,
    /// `entity.yaml`
    pub entity_file: PathBuf,
    /// Folder of the disclosure.
    pub path: PathBuf,
    /// Year of its name.
    pub year: u16,
    /// Kind of its name.
    pub kind: Kind,
}

impl DisclosureFolder {
    /// Folder of its pages, `yq-veterans/2025-budget`.
    #[must_use]
    pub fn name(&self) -> Box<str> {
        format!("{}/{}-{}", self.entity_id, self.year, self.kind.slug()).into()
    }
}

/// Which folders of disclosures an entity has, told by its name and by what its folder looks like.
pub type KnownFolders<'a> = &'a (dyn Fn(&str, &Stamp) -> Option<Vec<Box<str>>> + Sync);

/// Looks a site over.
///
/// # Errors
/// When the root cannot be read or has no `site.toml`.
pub fn discover(root: &Path, diagnostics: &mut Diagnostics) -> Result<Site, Error> {
    let mut site = open(root, diagnostics)?;
    let entities = site.list(diagnostics);
    site.look(&entities, &|_, _| None, diagnostics);
    Ok(site)
}

/// Opens a site without a look at its data: it has no disclosures yet.
///
/// # Errors
/// When the root cannot be read or has no `site.toml`.
pub fn open(root: &Path, diagnostics: &mut Diagnostics) -> Result<Site, Error> {
    let disk = Disk::open(root)?;
    let settings = disk.path("site.toml");
    match disk::is_file(&settings) {
        Ok(true) => {}
        Ok(false) => return Err(Error::not_a_site(root)),
        Err(error) => return Err(Error::io(&settings, error)),
    }
    let settings = disk.text(&settings, diagnostics);
    let config = settings
        .as_ref()
        .and_then(|source| config::read(source, diagnostics));
    let standards = standards(&disk, diagnostics);
    Ok(Site {
        disk,
        settings: settings.map_or_else(String::new, |source| source.text.clone()),
        config: config.unwrap_or_default(),
        disclosures: Vec::new(),
        entities: BTreeMap::new(),
        standards,
    })
}

impl Site {
    /// The folders of its entities.
    pub fn list(&self, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        self.disk.list(&self.disk.path("data"), diagnostics)
    }

    /// Looks for the disclosures of its entities. The folders of those that are `known` are not listed again.
    pub fn look(
        &mut self,
        entities: &[Listed],
        known: KnownFolders<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        let disk = &self.disk;
        let folders = entities.par_iter().filter(|entity| entity.folder);
        let found = folders.map(|entity| {
            let mut faults = Diagnostics::default();
            let stamp = Stamp::of_folder(&entity.path);
            let known = stamp.as_ref().and_then(|stamp| known(&entity.name, stamp));
            let found = match known {
                Some(names) => again(entity, &names),
                None => of_entity(disk, entity, &mut faults),
            };
            let stamp = stamp.filter(|_| faults.is_empty());
            (entity, stamp, found, faults)
        });
        for (entity, stamp, found, faults) in found.collect::<Vec<_>>() {
            self.disclosures.extend(found);
            let name = entity.name.as_str();
            self.entities
                .extend(stamp.map(|stamp| (name.into(), stamp)));
            diagnostics.append(faults);
        }
    }
}

/// The disclosures of an entity by the names of their folders.
fn again(entity: &Listed, names: &[Box<str>]) -> Vec<DisclosureFolder> {
    let folders = names.iter().filter_map(|name| {
        let (year, kind) = year_and_kind(name)?;
        Some(folder(entity, entity.path.join(&**name), year, kind))
    });
    folders.collect()
}

fn folder(entity: &Listed, path: PathBuf, year: u16, kind: Kind) -> DisclosureFolder {
    DisclosureFolder {
        entity_id: entity.name.as_str().into(),
        entity_file: entity.path.join("entity.yaml"),
        path,
        year,
        kind,
    }
}

/// The disclosures of one entity.
fn of_entity(disk: &Disk, entity: &Listed, diagnostics: &mut Diagnostics) -> Vec<DisclosureFolder> {
    let mut found = Vec::new();
    let name = &entity.name;
    if file_name::fault(name).is_some() {
        // Reported when the folder was listed.
        return found;
    }
    if let Some(Say { zh, en }) = file_name::id_fault(name) {
        let instead = file_name::id_like(name, "yq-veterans");
        fault(
            disk,
            entity,
            diagnostics,
            "folder-name",
            say!(
                "文件夹名 `{name}` 不能用作网址：{zh}",
                "the folder name `{name}` cannot be part of an address: {en}"
            ),
            say!(
                "用小写英文、数字和短横，如 {instead}",
                "use lower-case letters, digits and dashes, as in {instead}"
            ),
        );
    }
    let entity_file = entity.path.join("entity.yaml");
    if disk.lacks(&entity_file) {
        fault(
            disk,
            entity,
            diagnostics,
            "entity-missing",
            say!("这个单位缺少 entity.yaml", "this entity has no entity.yaml"),
            say!(
                "补上 entity.yaml，写明 name 和 kind",
                "add entity.yaml with `name` and `kind`"
            ),
        );
    }
    for item in disk.list_inside(&entity.path, diagnostics) {
        if !item.folder {
            continue;
        }
        match year_and_kind(&item.name) {
            Some((year, kind)) => found.push(folder(entity, item.path, year, kind)),
            None => {
                let name = &item.name;
                fault(
                    disk,
                    &item,
                    diagnostics,
                    "folder-name",
                    say!(
                        "文件夹名 `{name}` 看不出年度和种类",
                        "the folder name `{name}` does not tell year and kind"
                    ),
                    say!(
                        "预算写 2025-budget，决算写 2024-final",
                        "write 2025-budget or 2024-final"
                    ),
                );
            }
        }
    }
    found
}

fn fault(
    disk: &Disk,
    item: &Listed,
    diagnostics: &mut Diagnostics,
    code: &'static str,
    message: Say,
    hint: Say,
) {
    diagnostics.push(
        Diagnostic::error(code, &disk.empty_source(&item.path), Place::FILE, message).hint(hint),
    );
}

/// `2025-budget` -> 2025, 预算.
fn year_and_kind(name: &str) -> Option<(u16, Kind)> {
    let (year, kind) = name.split_once('-')?;
    let kind = match kind {
        "budget" => Kind::Budget,
        "final" => Kind::Final,
        _ => return None,
    };
    (year.len() == 4)
        .then(|| year.parse().ok())
        .flatten()
        .map(|year| (year, kind))
}

/// The built-in standards, with those of the site where there is one.
#[must_use]
pub fn library(root: &Path, diagnostics: &mut Diagnostics) -> Library {
    match Disk::open(root) {
        Ok(disk) if disk.path("site.toml").is_file() => standards(&disk, diagnostics),
        _ => built_in(),
    }
}

/// Built-in standards, with the site's own files over them.
fn standards(disk: &Disk, diagnostics: &mut Diagnostics) -> Library {
    let mut library = built_in();
    let folder = disk.path("standards");
    let known: Vec<String> = library.ids().map(str::to_owned).collect();
    for item in disk.list(&folder, &mut Diagnostics::default()) {
        let name = &item.name;
        let reported = !item.folder || file_name::fault(name).is_some();
        let Some(Say { zh, en }) = file_name::id_fault(name).filter(|_| !reported) else {
            continue;
        };
        let instead = file_name::id_like(name, "city-2026-budget");
        let instead = if known.contains(&instead) {
            format!("{instead}-2")
        } else {
            instead
        };
        fault(
            disk,
            &item,
            diagnostics,
            "folder-name",
            say!(
                "标准的文件夹名 `{name}` 不能用：{zh}",
                "a standard cannot be named `{name}`: {en}"
            ),
            say!(
                "用小写英文、数字和短横，如 {instead}；disclosure.yaml 的 standard 也跟着改",
                "use lower-case letters, digits and dashes, as in {instead}, and change `standard` of each disclosure.yaml with it"
            ),
        );
    }
    for (name, path) in disk.files_below(&folder, diagnostics) {
        match disk.text(&path, diagnostics) {
            Some(source) => library.add(&name, source),
            None => library.add_unreadable(&name),
        }
    }
    library
}

/// The built-in standards.
#[must_use]
pub fn built_in() -> Library {
    let mut library = Library::default();
    for (path, bytes) in embedded::files(Folder::Standards) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        library.add(
            &path,
            Source::new(SourceFile {
                path: format!("{BUILTIN}standards/{path}"),
                text,
            }),
        );
    }
    library
}
