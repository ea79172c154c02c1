//! The files of a standard: built in, replaced one by one by the site's own, laid over the files of
//! the standard that it extends. Code lists are not replaced: each adds to those below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::say;
use crate::source::{BUILTIN, Place, Source, SourceFile};
use crate::yaml;
use crate::yaml::fields::nearest_hint;

/// The file that says what a standard is.
pub const HEAD: &str = "standard.yaml";

/// Where the code lists are.
pub const CODES: &str = "codes/";

/// The files of one standard by path, the one in force last.
type Folder = BTreeMap<String, Vec<Source>>;

/// The files of one standard with those of the standards that it extends below them.
#[derive(Debug)]
pub struct StandardFiles {
    /// Its `standard.yaml`, then that of the standard it extends, and so on.
    pub heads: Vec<Source>,
    /// Every other file by path relative to the folder.
    pub files: BTreeMap<String, Source>,
    /// The code lists by path, those that others add to first.
    pub codes: Vec<(String, Source)>,
    /// Paths of files that could not be read, which has been reported.
    pub unread: BTreeSet<String>,
}

/// All files of all standards that a site can name.
#[derive(Debug, Default)]
pub struct Library {
    folders: BTreeMap<String, Folder>,
    /// Paths of files that could not be read, by standard.
    unreadable: BTreeMap<String, BTreeSet<String>>,
}

impl Library {
    /// Adds a file; a later one of the same standard and path replaces the earlier.
    /// `path` is relative to the standards folder: `shanxi-2025-budget/standard.yaml`.
    pub fn add(&mut self, path: &str, source: Source) {
        if let Some((id, path)) = path.split_once('/') {
            self.folders
                .entry(id.to_owned())
                .or_default()
                .entry(path.to_owned())
                .or_default()
                .push(source);
        }
    }

    /// Takes note of a file that could not be read, which has been reported.
    pub fn add_unreadable(&mut self, path: &str) {
        if let Some((id, path)) = path.split_once('/') {
            let folder = self.folders.entry(id.to_owned()).or_default();
            // It would have replaced this one.
            folder.remove(path);
            let unread = self.unreadable.entry(id.to_owned()).or_default();
            unread.insert(path.to_owned());
        }
    }

    /// Identifiers of all standards.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.folders.keys().map(String::as_str)
    }

    /// Whether a standard, and whatever it extends, is just as it comes with the program.
    #[must_use]
    pub fn is_built_in(&self, id: &str) -> bool {
        let built_in = |source: &Source| source.path.starts_with(BUILTIN);
        let files = self.files(id, &mut Diagnostics::default());
        files.is_some_and(|files| {
            let codes = files.codes.iter().map(|(_, source)| source);
            let mut sources = files.heads.iter().chain(files.files.values()).chain(codes);
            files.unread.is_empty() && sources.all(built_in)
        })
    }

    /// The files of a standard.
    ///
    /// Reports `standard-head` without a `standard.yaml`, `standard-unknown` for an unknown parent
    /// and `standard-cycle` for a circle.
    pub fn files(&self, id: &str, diagnostics: &mut Diagnostics) -> Option<StandardFiles> {
        let mut chain = vec![id.to_owned()];
        let mut merged = StandardFiles {
            heads: Vec::new(),
            files: BTreeMap::new(),
            codes: Vec::new(),
            unread: BTreeSet::new(),
        };
        loop {
            let current = chain.last()?;
            let folder = self.folders.get(current)?;
            let unread = self.unreadable.get(current).into_iter().flatten();
            for path in unread.filter(|path| !merged.files.contains_key(*path)) {
                merged.unread.insert(path.clone());
            }
            if merged.unread.contains(HEAD) {
                return None;
            }
            let Some(head) = folder.get(HEAD).and_then(|layers| layers.last()) else {
                let mut any = folder.iter();
                if let Some((path, any)) = any
                    .next()
                    .and_then(|(path, layers)| Some((path, layers.last()?)))
                {
                    let place = any.path.strip_suffix(path.as_str()).unwrap_or_default();
                    let head = Source::new(SourceFile {
                        path: format!("{place}{HEAD}"),
                        text: String::new(),
                    });
                    diagnostics.push(
                        Diagnostic::error(
                            "standard-head",
                            &head,
                            Place::FILE,
                            say!(
                                "标准 `{current}` 缺少 {HEAD}",
                                "the standard `{current}` has no {HEAD}"
                            ),
                        )
                        .hint(say!(
                            "补上这个文件，或删去文件夹",
                            "add the file or remove the folder"
                        )),
                    );
                }
                return None;
            };
            merged.heads.push(head.clone());
            let covered = |path: &String| path != HEAD && !merged.unread.contains(path);
            let found: Vec<_> = folder.iter().filter(|(path, _)| covered(path)).collect();
            for (path, layers) in found {
                if path.starts_with(CODES) {
                    let layers = layers.iter().rev();
                    merged
                        .codes
                        .extend(layers.map(|file| (path.clone(), file.clone())));
                } else if let Some(file) = layers.last() {
                    merged
                        .files
                        .entry(path.clone())
                        .or_insert_with(|| file.clone());
                }
            }
            // Faults of the head are reported when it is read as a whole.
            let node = yaml::parse(head, &mut Diagnostics::default());
            let Some((name, place)) = node.as_ref().and_then(parent_of) else {
                merged.codes.reverse();
                return Some(merged);
            };
            if !self.folders.contains_key(name) {
                diagnostics.push(unknown(name, self, head, place));
                return None;
            }
            if let Some(start) = chain.iter().position(|known| known == name) {
                // The same circle is said in the same words, wherever it is entered.
                let circle = &chain[start..];
                let least = circle.iter().enumerate().min_by_key(|(_, id)| *id);
                let (at, name) = least.unwrap_or((0, &chain[start]));
                let before = start + (at + circle.len() - 1) % circle.len();
                let head = &merged.heads[before];
                let node = yaml::parse(head, &mut Diagnostics::default());
                let place = node
                    .as_ref()
                    .and_then(parent_of)
                    .map_or(place, |(_, at)| at);
                diagnostics.push(
                    Diagnostic::error(
                        "standard-cycle",
                        head,
                        place,
                        say!(
                            "标准 `{name}` 又扩展了自己",
                            "the standard `{name}` extends itself"
                        ),
                    )
                    .hint(say!("改掉其中一处 extends", "change one of the `extends`")),
                );
                return None;
            }
            chain.push(name.to_owned());
        }
    }
}

impl StandardFiles {
    /// Every file with its path, those that are laid over each other too.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Source)> {
        let heads = self.heads.iter().map(|head| (HEAD, head));
        let files = self.files.iter().map(|(path, file)| (path.as_str(), file));
        let codes = self.codes.iter().map(|(path, file)| (path.as_str(), file));
        heads.chain(files).chain(codes)
    }

    /// The file of the site that most likely is the cause of a fault in a built-in one.
    pub fn own(&self) -> Option<&Source> {
        self.all()
            .map(|(_, file)| file)
            .find(|file| file.builtin().is_none())
    }
}

fn parent_of(head: &yaml::Node) -> Option<(&str, Place)> {
    let parent = head.get("extends")?;
    match &parent.kind {
        yaml::Kind::Scalar { text, .. } if !parent.is_null() => Some((text, parent.place)),
        _ => None,
    }
}

/// `standard-unknown`, with the standards that there are.
pub fn unknown(name: &str, library: &Library, source: &Source, place: Place) -> Diagnostic {
    let known: Vec<&str> = library.ids().collect();
    Diagnostic::error(
        "standard-unknown",
        source,
        place,
        say!("没有名为 `{name}` 的标准", "there is no standard `{name}`"),
    )
    .hint(nearest_hint(name, &known))
}
