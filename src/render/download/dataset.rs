//! `dataset.jsonld`: the disclosure as a schema.org Dataset, in a file because pages hold no script.

use serde::Serialize;

use super::lines::pretty;
use super::{Downloads, File, citation, digest};
use crate::model::disclosure::{Disclosure, Status};
use crate::render::page::SiteView;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dataset<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    identifier: String,
    version: &'a str,
    creative_work_status: &'static str,
    in_language: &'static str,
    is_accessible_for_free: bool,
    temporal_coverage: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    spatial_coverage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    credit_text: String,
    creator: Organization<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<Organization<'a>>,
    keywords: Vec<&'a str>,
    distribution: Vec<Distribution>,
}

#[derive(Serialize)]
struct Organization<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Distribution {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    encoding_format: &'static str,
    content_url: String,
    content_size: String,
}

fn organization(name: &str) -> Organization<'_> {
    Organization {
        kind: "GovernmentOrganization",
        name,
    }
}

/// The file. Addresses are whole where the site has one, else relative to the file.
#[must_use]
pub fn write(disclosure: &Disclosure, downloads: &Downloads, site: &SiteView) -> String {
    let folder = disclosure.folder();
    let known = !site.base_url.is_empty();
    let base = if known {
        format!("{}{folder}/", site.base_url)
    } else {
        String::new()
    };
    let title = disclosure.title();
    let publisher = site.publisher.name();
    pretty(&Dataset {
        context: "https://schema.org/",
        kind: "Dataset",
        description: description(disclosure),
        url: known.then(|| base.clone()),
        identifier: folder,
        version: digest::short(&downloads.digest),
        creative_work_status: if disclosure.status == Status::Approved {
            "Published"
        } else {
            "Draft"
        },
        in_language: "zh-CN",
        is_accessible_for_free: true,
        temporal_coverage: disclosure.year.to_string(),
        spatial_coverage: disclosure.entity.region.as_deref(),
        date_published: disclosure.published.as_deref(),
        date_modified: disclosure.corrections.first().map(|one| &*one.date),
        credit_text: citation(disclosure, None, &downloads.digest, &site.address),
        creator: organization(&disclosure.entity.name),
        publisher: (!publisher.is_empty()).then(|| organization(publisher)),
        keywords: vec!["部门预决算公开", disclosure.kind.word()],
        distribution: distributions(disclosure, downloads, &base, &title),
        name: title,
    })
}

/// At least fifty characters, as search engines want: what is in it, and in which forms.
fn description(disclosure: &Disclosure) -> String {
    let tables: Vec<&str> = disclosure
        .tables
        .iter()
        .map(|table| table.title.as_str())
        .collect();
    format!(
        "{}的数据，共 {} 张表：{}。各表为 CSV，全部表为 XLSX，全部数据（含情况说明和绩效目标表）为 JSON。",
        disclosure.title(),
        tables.len(),
        tables.join("、")
    )
}

fn distributions(
    disclosure: &Disclosure,
    downloads: &Downloads,
    base: &str,
    title: &str,
) -> Vec<Distribution> {
    let entry = |file: &File, name: String, encoding_format| Distribution {
        kind: "DataDownload",
        name,
        encoding_format,
        content_url: format!("{base}{}", file.name),
        content_size: format!("{} B", file.bytes.len()),
    };
    let mut all = Vec::new();
    if let Some(workbook) = &downloads.workbook {
        let name = format!("{title}：全部表");
        all.push(entry(workbook, name, XLSX_TYPE));
    }
    let name = format!("{title}：全部数据");
    all.push(entry(&downloads.data, name, "application/json"));
    for (table, files) in disclosure.tables.iter().zip(&downloads.tables) {
        for block in files {
            let dash = if block.title.is_empty() { "" } else { "：" };
            let (number, title) = (&table.form.number, &table.title);
            let name = format!("{number} {title}{dash}{}", block.title);
            all.push(entry(&block.file, name, "text/csv"));
        }
    }
    all
}

/// Media type of a workbook.
pub const XLSX_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
