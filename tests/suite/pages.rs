//! Sites built once for all tests of the process, and their pages as trees.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use scraper::{ElementRef, Html, Selector};

use crate::support::{Site, tree};

/// The output of one build, in memory.
pub struct Built {
    /// Every text file by path.
    pub files: BTreeMap<String, String>,
    /// Every other file by path.
    pub binary: BTreeMap<String, Vec<u8>>,
}

/// The reference site.
pub fn reference() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| Built::new(&Site::reference()))
}

/// `tests/cases/second`
pub fn second() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| Built::new(&Site::case("second")))
}

impl Built {
    /// Builds a site, which must have no fault.
    pub fn new(site: &Site) -> Self {
        let run = site.run(&["build"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        Self::read(site)
    }

    /// The output of a site that has been built.
    pub fn read(site: &Site) -> Self {
        let mut built = Self {
            files: BTreeMap::new(),
            binary: BTreeMap::new(),
        };
        for (name, bytes) in tree(&site.path("public")) {
            if name.rsplit('.').next() == Some("xlsx") {
                built.binary.insert(name, bytes);
            } else {
                let text = String::from_utf8(bytes).expect("a text file");
                built.files.insert(name, text);
            }
        }
        built
    }

    /// Whether there is a file at a path.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.binary.contains_key(path)
    }

    /// Every HTML page by path.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.of_kind("html")
    }

    /// Every file with this extension by path.
    pub fn of_kind(&self, extension: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.rsplit('.').next() == Some(extension))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// A page as a tree.
    pub fn page(&self, path: &str) -> Html {
        let text = self.files.get(path);
        Html::parse_document(text.unwrap_or_else(|| panic!("no {path}")))
    }
}

/// The elements of a page that a CSS selector finds.
pub fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&selector(css)).collect()
}

/// The elements below an element that a CSS selector finds.
pub fn below<'a>(element: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    element.select(&selector(css)).collect()
}

/// The element of an id.
pub fn by_id<'a>(page: &'a Html, id: &str) -> Option<ElementRef<'a>> {
    all(page, "[id]")
        .into_iter()
        .find(|element| element.value().id() == Some(id))
}

/// Text of an element, with runs of blanks as one.
pub fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text of a cell without the mark of one that did not pass: ※ 3,764.74 不符 is 3,764.74.
pub fn figure(cell: ElementRef<'_>) -> String {
    let found = text(cell);
    if below(cell, "a > .sign").is_empty() {
        return found;
    }
    let word = text(below(cell, ".visually-hidden")[0]);
    let found = found.trim_start_matches('※').trim_end_matches(&word);
    found.trim().to_owned()
}

/// Texts of the cells of a row.
pub fn cells(row: ElementRef<'_>) -> Vec<String> {
    below(row, "th, td").into_iter().map(figure).collect()
}

/// Rows of a table's body as texts.
pub fn rows(table: ElementRef<'_>) -> Vec<Vec<String>> {
    below(table, "tbody tr").into_iter().map(cells).collect()
}

/// The tables of a page that print a table of the disclosure, by the number in the caption.
pub fn numbered<'a>(page: &'a Html, number: &str) -> Vec<ElementRef<'a>> {
    all(page, "table.figures")
        .into_iter()
        .filter(|table| {
            let found = below(*table, "caption .number");
            found.first().is_some_and(|found| text(*found) == number)
        })
        .collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}
