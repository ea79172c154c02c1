//! Every cell of the reference site's tables against the data files, read without the check stage:
//! from the text of the YAML to the text of the page.

use std::fs;

use gongkai::diagnostic::Diagnostics;
use gongkai::source::{Source, SourceFile};
use gongkai::yaml::{self, Kind, Node};
use scraper::Html;

use crate::pages::{below, cells, numbered, reference, text};
use crate::support::{repository, tree};

const DISCLOSURE: &str = "yq-veterans/2025-budget";

/// Figures in the thirteen tables of the seed.
const FIGURES: usize = 421;

/// A table as the standard and the data files have it.
struct Table {
    form: Node,
    data: Node,
}

fn read(text: String, path: &str) -> Node {
    let source = Source::new(SourceFile {
        path: path.to_owned(),
        text,
    });
    let mut diagnostics = Diagnostics::default();
    let node = yaml::parse(&source, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{path}");
    node.expect(path)
}

/// Every YAML file of a folder, in order of its name.
fn nodes(folder: &str) -> Vec<Node> {
    tree(&repository().join(folder))
        .into_iter()
        .map(|(name, bytes)| read(String::from_utf8(bytes).expect("UTF-8"), &name))
        .collect()
}

fn tables() -> Vec<Table> {
    let mut data = nodes(&format!("data/{DISCLOSURE}/tables"));
    nodes("standards/shanxi-2025-budget/tables")
        .into_iter()
        .map(|form| {
            let at = data
                .iter()
                .position(|data| scalar(data, "table") == scalar(&form, "id"));
            Table {
                data: data.swap_remove(at.expect("a data file")),
                form,
            }
        })
        .collect()
}

fn scalar<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match &node.get(key)?.kind {
        Kind::Scalar { text, .. } => Some(text),
        _ => None,
    }
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    match node.get(key).map(|node| &node.kind) {
        Some(Kind::List(items)) => items,
        _ => &[],
    }
}

/// A title of the standard for this disclosure.
fn filled(title: &str) -> String {
    title
        .replace("{{ year }}", "2025")
        .replace("{{ entity.name }}", "阳泉市退役军人事务局")
}

/// The rows that a block must print.
#[derive(Default)]
struct Expected {
    rows: Vec<Vec<String>>,
    figures: usize,
}

impl Expected {
    fn block(form: &Node, data: &Node) -> Self {
        let mut expected = Self::default();
        expected.totals(form, data, "first");
        for fixed in items(form, "fixed") {
            let id = scalar(fixed, "id");
            let row = items(data, "rows")
                .iter()
                .find(|row| scalar(row, "id") == id);
            let name = scalar(fixed, "name").unwrap_or_default();
            expected.row(form, name, row, false);
        }
        if scalar(form, "rows") != Some("fixed") {
            expected.free(form, items(data, "rows"));
        }
        expected.totals(form, data, "last");
        expected
    }

    fn totals(&mut self, form: &Node, data: &Node, at: &str) {
        for total in items(form, "totals") {
            let row = data.get(scalar(total, "id").unwrap_or_default());
            if scalar(total, "at") == Some(at) && row.is_some() {
                let name = scalar(total, "name").unwrap_or_default();
                self.row(form, name, row, true);
            }
        }
    }

    fn free(&mut self, form: &Node, rows: &[Node]) {
        for row in rows {
            let name = scalar(row, "name").unwrap_or_default();
            self.row(form, name, Some(row), false);
            self.free(form, items(row, "rows"));
        }
    }

    fn row(&mut self, form: &Node, name: &str, data: Option<&Node>, total: bool) {
        let mut row = Vec::new();
        for column in items(form, "columns") {
            if scalar(column, "printed") == Some("false") {
                continue;
            }
            let id = scalar(column, "id").unwrap_or_default();
            let written = |key| data.and_then(|data| scalar(data, key)).unwrap_or_default();
            match scalar(column, "kind") {
                Some("code") if total => {}
                Some("code") => row.push(written("code").to_owned()),
                Some("name") => row.push(filled(name)),
                Some("amount") => {
                    self.figures += usize::from(!written(id).is_empty());
                    row.push(written(id).to_owned());
                }
                Some("text") => row.push(written(id).to_owned()),
                kind => panic!("a column of kind {kind:?}"),
            }
        }
        self.rows.push(row);
    }
}

/// A figure without its commas; any other text as it is.
fn plain(cell: String) -> String {
    let figure = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || b",.-".contains(&b));
    if figure { cell.replace(',', "") } else { cell }
}

/// Compares one table with a page that prints it; gives the number of figures compared.
fn compare(table: &Table, page: &Html) -> usize {
    let number = scalar(&table.form, "number").expect("a number");
    let title = filled(scalar(&table.form, "title").expect("a title"));
    let blocks = items(&table.form, "blocks");
    let found = numbered(page, number);
    assert_eq!(found.len(), blocks.len(), "{number}: blocks");
    let mut figures = 0;
    for (form, found) in blocks.iter().zip(found) {
        let data = match scalar(form, "id").filter(|_| blocks.len() > 1) {
            Some(id) => table.data.get(id).expect(id),
            None => &table.data,
        };
        let caption = text(below(found, "caption")[0]);
        assert!(
            caption.contains(&title) && caption.contains("单位：万元"),
            "{caption}"
        );
        let expected = Expected::block(form, data);
        let rows: Vec<Vec<String>> = below(found, "tbody tr")
            .into_iter()
            .map(|row| cells(row).into_iter().map(plain).collect())
            .collect();
        for (expected, found) in expected.rows.iter().zip(&rows) {
            assert_eq!(found, expected, "{number}");
        }
        assert_eq!(rows.len(), expected.rows.len(), "{number}: rows");
        figures += expected.figures;
    }
    figures
}

#[test]
fn the_page_of_each_table_prints_every_cell_of_its_data_file() {
    let mut figures = 0;
    for (at, table) in tables().iter().enumerate() {
        let page = reference().page(&format!("{DISCLOSURE}/t{:02}.html", at + 1));
        figures += compare(table, &page);
    }
    assert_eq!(figures, FIGURES, "figures compared");
}

#[test]
fn the_whole_document_prints_every_cell_again() {
    let page = reference().page(&format!("{DISCLOSURE}/full.html"));
    let figures: usize = tables().iter().map(|table| compare(table, &page)).sum();
    assert_eq!(figures, FIGURES, "figures compared");
}

#[test]
fn an_empty_table_says_why() {
    for (at, table) in tables().iter().enumerate() {
        let path = format!("{DISCLOSURE}/t{:02}.html", at + 1);
        let page = &reference().files[&path];
        if let Some(reason) = scalar(&table.data, "no_data") {
            let note = scalar(&table.form, "empty").expect("a note");
            assert!(page.contains(reason) && page.contains(note), "{path}");
        }
    }
}

#[test]
fn no_data_file_is_left_out() {
    let folder = repository().join(format!("data/{DISCLOSURE}/tables"));
    let files = fs::read_dir(folder).expect("a folder").count();
    assert_eq!((tables().len(), files), (13, 13));
}
