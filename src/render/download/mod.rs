//! What a reader takes away of one disclosure: its tables as CSV and XLSX, everything as JSON, and
//! descriptions for machines. All in memory, each format in a file of its own.

pub mod columns;
pub mod csv;
pub mod datapackage;
pub mod dataset;
pub mod digest;
pub mod feed;
pub mod grid;
pub mod json;
mod lines;
pub mod xlsx;

use crate::model::disclosure::{Disclosure, Status};
use crate::model::form::TableForm;
use crate::render::both;
use crate::render::page::{Page, SiteView};
use crate::standard::Standard;
use columns::{DataColumn, columns};

/// Name of the workbook.
pub const WORKBOOK: &str = "tables.xlsx";

/// Name of the data.
pub const DATA: &str = "data.json";

/// Name of the Frictionless description.
pub const PACKAGE: &str = "datapackage.json";

/// Name of the schema.org description.
pub const DATASET: &str = "dataset.jsonld";

/// A file in the folder of the disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name in the folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The CSV file of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFile {
    /// The file.
    pub file: File,
    /// Words for the block, empty where the table has only one.
    pub title: String,
    /// Its columns.
    pub columns: Vec<DataColumn>,
}

/// Every file of one disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloads {
    /// Per table, its CSV files.
    pub tables: Vec<Vec<BlockFile>>,
    /// `tables.xlsx`; `None` where a table is larger than a sheet can be.
    pub workbook: Option<File>,
    /// `data.json`
    pub data: File,
    /// SHA-256 of `data.json` without the line that holds it.
    pub digest: String,
    /// `datapackage.json` and `dataset.jsonld`.
    pub descriptions: Vec<File>,
}

impl Downloads {
    /// Makes every file, `side_by_side` where there is nothing else to do. `draft` marks the workbook.
    pub fn new(
        disclosure: &Disclosure,
        standard: &Standard,
        site: &SiteView,
        draft: bool,
        side_by_side: bool,
    ) -> Self {
        let titles = disclosure.title_values();
        let tables: Vec<Vec<BlockFile>> = disclosure
            .tables
            .iter()
            .map(|table| {
                let blocks = table.form.blocks.iter().zip(&table.blocks);
                blocks
                    .map(|(form, block)| {
                        let columns = columns(form, &titles);
                        let title = form.title.as_ref().map(|title| title.fill(&titles));
                        BlockFile {
                            file: File {
                                name: csv_name(&table.form, &form.id),
                                bytes: csv::write(form, block, &columns).into_bytes(),
                            },
                            title: title.unwrap_or_default(),
                            columns,
                        }
                    })
                    .collect()
            })
            .collect();
        let data = || json::write(disclosure, standard, &tables);
        let workbook = || xlsx::write(disclosure, draft);
        let ((data, digest), workbook) = both(side_by_side, data, workbook);
        let mut downloads = Self {
            tables,
            workbook: workbook.map(|bytes| File {
                name: WORKBOOK.to_owned(),
                bytes,
            }),
            data: File {
                name: DATA.to_owned(),
                bytes: data.into_bytes(),
            },
            digest,
            descriptions: Vec::new(),
        };
        downloads.descriptions = vec![
            File {
                name: PACKAGE.to_owned(),
                bytes: datapackage::write(disclosure, &downloads, site).into_bytes(),
            },
            File {
                name: DATASET.to_owned(),
                bytes: dataset::write(disclosure, &downloads, site).into_bytes(),
            },
        ];
        downloads
    }

    /// Digest of a table: that of its CSV files one after the other.
    #[must_use]
    pub fn table_digest(&self, at: usize) -> String {
        table_digest(&self.tables[at])
    }

    /// Every file as a page in the folder of the disclosure.
    #[must_use]
    pub fn into_pages(self, folder: &str) -> Vec<Page> {
        let tables = self.tables.into_iter().flatten().map(|block| block.file);
        tables
            .chain(self.workbook)
            .chain([self.data])
            .chain(self.descriptions)
            .map(|file| Page {
                path: format!("{folder}/{}", file.name),
                bytes: file.bytes,
            })
            .collect()
    }
}

fn table_digest(blocks: &[BlockFile]) -> String {
    digest::hex(blocks.iter().map(|block| block.file.bytes.as_slice()))
}

/// `t03.csv`, or `t01-revenue.csv` where a table has several blocks.
#[must_use]
pub fn csv_name(form: &TableForm, block: &str) -> String {
    if form.blocks.len() > 1 {
        format!("t{:02}-{block}.csv", form.position)
    } else {
        format!("t{:02}.csv", form.position)
    }
}

/// How to cite a table, or the whole disclosure: who, what, when, which version, where.
#[must_use]
pub fn citation(
    disclosure: &Disclosure,
    table: Option<usize>,
    digest: &str,
    address: &str,
) -> String {
    let mut parts = Vec::new();
    let draft = if disclosure.status == Status::Approved {
        ""
    } else {
        "（草稿）"
    };
    let name = &disclosure.entity.name;
    let page = match table.map(|at| &disclosure.tables[at]) {
        Some(table) => {
            parts.push(format!("{name}：《{} {}》", table.form.number, table.title));
            parts.push(format!("{}公开{draft}", disclosure.short_title()));
            table.form.page()
        }
        None => {
            parts.push(format!(
                "{name}：《{}公开》{draft}",
                disclosure.short_title()
            ));
            "index.html".to_owned()
        }
    };
    parts.extend(disclosure.published.clone());
    parts.push(format!("版本 {}", digest::short(digest)));
    if !address.is_empty() {
        parts.push(format!("{address}{}/{page}", disclosure.folder()));
    }
    parts.join("，")
}

/// The day of publication, or the first day of the year, as `YYYY-MM-DD`.
#[must_use]
pub fn day(published: Option<&str>, year: u16) -> String {
    published.map_or_else(|| format!("{year:04}-01-01"), str::to_owned)
}

/// A size as links say it: `640 B`, `1.2 kB`, `38 kB`.
#[must_use]
pub fn size_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..9_950 => {
            let tenths = (bytes + 50) / 100;
            format!("{}.{} kB", tenths / 10, tenths % 10)
        }
        9_950..999_500 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size_words;

    #[test]
    fn sizes_are_said_in_two_or_three_digits() {
        for (bytes, words) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_249, "1.2 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (38_499, "38 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (12_345_678, "12.3 MB"),
        ] {
            assert_eq!(size_words(bytes), words);
        }
    }
}
