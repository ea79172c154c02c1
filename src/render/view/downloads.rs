//! What a page offers to take away: links with format and size, and how to cite it.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::render::download::dataset::XLSX_TYPE;
use crate::render::download::{DATASET, Downloads, File, PACKAGE, citation, size_words};
use crate::render::page::SiteView;

/// The downloads of a page.
#[derive(Debug, Clone, Serialize)]
pub struct DownloadsView {
    files: Vec<FileLink>,
    citation: String,
    /// Description for search engines.
    dataset: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct FileLink {
    href: String,
    media_type: &'static str,
    /// `CSV，1.2 kB`; without the size where the file is not about this page alone, for a figure of
    /// another table would change it.
    words: String,
    /// What is in it, where that is not this page's table: 收入, 全部表.
    what: String,
}

impl DownloadsView {
    /// For the page of a table, or for the overview.
    #[must_use]
    pub fn new(
        disclosure: &Disclosure,
        downloads: &Downloads,
        table: Option<usize>,
        site: &SiteView,
    ) -> Self {
        let mut files = Vec::new();
        if let Some(at) = table {
            for block in &downloads.tables[at] {
                files.push(link(&block.file, "CSV", "text/csv", &block.title));
            }
        }
        let shared = if table.is_some() { named } else { link };
        if let Some(workbook) = &downloads.workbook {
            let what = format!("本{}全部表", disclosure.entity.kind.word());
            files.push(shared(workbook, "XLSX", XLSX_TYPE, &what));
        }
        let data = &downloads.data;
        files.push(shared(data, "JSON", "application/json", "全部数据"));
        if table.is_none() {
            let package = downloads
                .descriptions
                .iter()
                .find(|file| file.name == PACKAGE);
            files.extend(package.map(|file| {
                link(
                    file,
                    "JSON",
                    "application/json",
                    "各表 CSV 的说明（Frictionless）",
                )
            }));
        }
        let digest =
            table.map_or_else(|| downloads.digest.clone(), |at| downloads.table_digest(at));
        Self {
            files,
            citation: citation(disclosure, table, &digest, &site.address),
            dataset: DATASET,
        }
    }
}

/// A link that tells the format and no size.
fn named(file: &File, format: &str, media_type: &'static str, what: &str) -> FileLink {
    FileLink {
        words: format.to_owned(),
        ..link(file, format, media_type, what)
    }
}

fn link(file: &File, format: &str, media_type: &'static str, what: &str) -> FileLink {
    FileLink {
        href: file.name.clone(),
        media_type,
        words: format!("{format}，{}", size_words(file.bytes.len())),
        what: what.to_owned(),
    }
}
