//! Page templates and static files: those of the program, with the site's own over them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, Tera};

use super::{blocks, functions};
use crate::cache::mark::Marks;
use crate::diagnostic::{Diagnostics, Severity};
use crate::embedded::{self, Folder};
use crate::file_name;
use crate::load::disk::{self, Disk};
use crate::source::{Source, SourceFile};
use crate::template::signature::check_calls;

/// Prefix under which a site's template finds the one of the program: `default/page.html`.
pub(super) const DEFAULT: &str = "default/";

/// Room for a page of common size.
const PAGE_BYTES: usize = 16 * 1024;

/// Templates and static files of one site.
pub struct Theme {
    tera: Tera,
    sources: BTreeMap<String, Source>,
    statics: Vec<StaticFile>,
}

/// The style sheet of the screen: every sheet of this folder but that of print, so that a page asks for few files.
const SCREEN: &str = "style/screen.css";

/// Comes first in it: the tokens stand there.
const FIRST_SHEET: &str = "style/base.css";

/// Its own file, which only print asks for.
const PRINT_SHEET: &str = "style/print.css";

/// One static file.
pub struct StaticFile {
    /// Path in the output.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Whether it is the site's, not the program's.
    pub own: bool,
}

impl Theme {
    /// Loads templates and static files. Reports `template` for what does not compile; `None` then.
    pub fn load(disk: &Disk, diagnostics: &mut Diagnostics) -> Option<Self> {
        let before = diagnostics.count(Severity::Error);
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        for (path, bytes) in embedded::files(Folder::Templates) {
            let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
            sources.insert(
                format!("{DEFAULT}{path}"),
                Source::new(SourceFile {
                    path: format!("<builtin>/templates/{path}"),
                    text,
                }),
            );
        }
        for (name, path) in disk.files_below(&disk.path("templates"), diagnostics) {
            if let Some(source) = disk.text(&path, diagnostics) {
                sources.insert(name, unix_lines(&source));
            }
        }
        let (built_in, own): (Vec<&str>, Vec<&str>) = sources
            .keys()
            .map(String::as_str)
            .partition(|name| name.starts_with(DEFAULT));
        let built_in = built_in.iter().map(|name| &name[DEFAULT.len()..]);
        beside("templates", built_in, own.iter().copied(), diagnostics);
        let tera = compile(&sources, diagnostics)?;
        for (_, own) in sources
            .iter()
            .filter(|(name, _)| !name.starts_with(DEFAULT))
        {
            check_calls(own, &functions::SIGNATURES, diagnostics);
        }
        let statics = statics(disk, diagnostics);
        (diagnostics.count(Severity::Error) == before).then_some(Self {
            tera,
            sources,
            statics,
        })
    }

    /// Whether every template is one of the program.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        let mut sources = self.sources.iter();
        sources.all(|(name, source)| {
            let built_in = self.sources.get(&format!("{DEFAULT}{name}"));
            name.starts_with(DEFAULT) || built_in.is_some_and(|known| known.text == source.text)
        })
    }

    /// Adds the names and texts of all templates to a mark.
    pub fn add_to(&self, marks: &mut Marks) {
        for (name, source) in &self.sources {
            marks.add(name).add(&source.text);
        }
    }

    /// Static files in order of their paths.
    #[must_use]
    pub fn statics(&self) -> &[StaticFile] {
        &self.statics
    }

    /// What of them is written, as paths and bytes: style sheets for the screen are joined into one.
    #[must_use]
    pub fn assets(&self) -> Vec<(&str, Cow<'_, [u8]>)> {
        let (mut sheets, mut assets) = (Vec::new(), Vec::new());
        for file in &self.statics {
            let path = file.path.as_str();
            if is_screen_sheet(path) {
                sheets.push((path != FIRST_SHEET, file));
            } else {
                assets.push((path, Cow::Borrowed(file.bytes.as_slice())));
            }
        }
        sheets.sort_by_key(|(later, file)| (*later, file.path.as_str()));
        let mut joined = Vec::new();
        for (_, file) in sheets {
            joined.extend_from_slice(&file.bytes);
            joined.push(b'\n');
        }
        assets.push((SCREEN, Cow::Owned(joined)));
        assets
    }

    /// Renders a page. Reports `template`.
    pub fn render(
        &self,
        template: &str,
        context: &Context,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(PAGE_BYTES);
        match self.tera.render_to(template, context, &mut bytes) {
            Ok(()) => Some(bytes),
            Err(error) => {
                let fallback = self.source(template).unwrap_or_else(|| {
                    Source::new(SourceFile {
                        path: format!("templates/{template}"),
                        text: String::new(),
                    })
                });
                let find = |name: &str| self.source(name);
                let fault = crate::template::fault(&error, &find, &fallback);
                diagnostics.push(blocks::hint(fault, &self.sources));
                None
            }
        }
    }

    fn source(&self, name: &str) -> Option<Source> {
        self.sources
            .get(name)
            .or_else(|| self.sources.get(&format!("{DEFAULT}{name}")))
            .cloned()
    }
}

fn compile(sources: &BTreeMap<String, Source>, diagnostics: &mut Diagnostics) -> Option<Tera> {
    let mut tera = Tera::new();
    tera.autoescape_on([".html", ".xml"]);
    functions::register(&mut tera);
    let ready = tera.set_fallback_prefixes([DEFAULT]);
    debug_assert!(ready.is_ok(), "prefixes are set before templates");
    let templates = sources
        .iter()
        .map(|(name, source)| (name.as_str(), source.text.as_str()));
    match tera.add_raw_templates(templates) {
        Ok(()) => Some(tera),
        Err(error) => {
            let find = |name: &str| sources.get(name).cloned();
            let fallback = sources.values().next().cloned()?;
            let fault = crate::template::fault(&error, &find, &fallback);
            diagnostics.push(blocks::hint(fault, sources));
            None
        }
    }
}

fn unix_lines(source: &Source) -> Source {
    if !source.text.contains('\r') {
        return source.clone();
    }
    Source::new(SourceFile {
        path: source.path.clone(),
        text: source.text.replace("\r\n", "\n"),
    })
}

/// Whether a file goes into the style sheet of the screen.
fn is_screen_sheet(path: &str) -> bool {
    let name = path.strip_prefix("style/");
    name.is_some_and(|name| !name.contains('/') && name.rsplit('.').next() == Some("css"))
        && path != PRINT_SHEET
}

/// Reports `file-same` for files of the site below `folder` that some systems take for one of the program, and so put
/// in its place. Those that meet each other were reported when they were listed.
fn beside<'a>(
    folder: &str,
    built_in: impl Iterator<Item = &'a str>,
    own: impl Iterator<Item = &'a str>,
    diagnostics: &mut Diagnostics,
) {
    let built_in: BTreeSet<&str> = built_in.collect();
    for (second, first) in file_name::same(built_in.iter().copied().chain(own)) {
        let of_ours = |name: &&&str| name.starts_with(first);
        if built_in.iter().any(|name| of_ours(&name)) {
            let source = Source::new(SourceFile {
                path: format!("{folder}/{second}"),
                text: String::new(),
            });
            diagnostics.push(disk::same(&source, first));
        }
    }
}

fn statics(disk: &Disk, diagnostics: &mut Diagnostics) -> Vec<StaticFile> {
    let mut files: BTreeMap<String, (Vec<u8>, bool)> = embedded::files(Folder::Static)
        .into_iter()
        .map(|(path, bytes)| (path, (bytes.to_vec(), false)))
        .collect();
    for (name, path) in disk.files_below(&disk.path("static"), diagnostics) {
        if let Some(bytes) = disk.bytes(&path, diagnostics) {
            files.insert(name, (bytes, true));
        }
    }
    let of = |wanted| {
        let files = files.iter();
        files.filter_map(move |(path, (_, own))| (*own == wanted).then_some(path.as_str()))
    };
    beside("static", of(false), of(true), diagnostics);
    files
        .into_iter()
        .map(|(path, (bytes, own))| StaticFile { path, bytes, own })
        .collect()
}
