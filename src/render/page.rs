//! A page before it is written, and what every page template knows.

use serde::Serialize;

use super::download::feed::FEED;
use super::tags::{Article, find_errors};
use crate::load::config::Config;
use crate::model::address;

/// One finished file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Path in the output, with `/`.
    pub path: String,
    /// Content: UTF-8 text, but for workbooks.
    pub bytes: Vec<u8>,
}

/// Whether readers open what is at a path: not what pages load, nor what feed readers do.
#[must_use]
pub fn is_page(path: &str) -> bool {
    path.rsplit('.').next() != Some("js") && path != FEED
}

/// What page templates know of the site.
#[derive(Debug, Clone, Serialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the settings"
)]
pub struct SiteView {
    /// Name.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// Address with a closing `/`, or empty.
    pub base_url: String,
    /// The same as people read it: in Chinese where its host or path is.
    pub address: String,
    /// Words across pages that are not approved.
    pub watermark: String,
    /// 网站域名, or empty.
    pub domain: String,
    /// 主办单位 and the other marks of the footer.
    pub publisher: PublisherView,
    /// 栏目 of the page tags.
    pub column: ColumnView,
    /// Whether `full.html` is made.
    pub full: bool,
    /// Whether `checks.html` is made.
    pub checks: bool,
    /// Whether downloads and the feed are made.
    pub downloads: bool,
    /// Whether the search is made.
    pub search: bool,
}

/// The marks of the footer; empty ones are left out by the template.
#[derive(Debug, Clone, Serialize)]
pub struct PublisherView {
    name: String,
    operator: String,
    contact: String,
    site_code: String,
    /// 政府网站找错, up to where the path of the page goes; empty without a 网站标识码.
    find_errors: String,
    icp: String,
    police: String,
}

/// What the page tags say of the column.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnView {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    keywords: String,
    description: String,
}

impl PublisherView {
    /// 主办单位, or empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl SiteView {
    /// From the settings of a site.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let (publisher, column) = (&config.publisher, &config.column);
        let own =
            |text: &str, otherwise: &str| if text.is_empty() { otherwise } else { text }.to_owned();
        Self {
            title: config.title.clone(),
            description: config.description.clone(),
            base_url: config.base_url.clone(),
            address: address::shown(&config.base_url),
            watermark: config.watermark.clone(),
            domain: own(&publisher.domain, &address::host(&config.base_url)),
            publisher: PublisherView {
                name: publisher.name.clone(),
                operator: publisher.operator.clone(),
                contact: publisher.contact.clone(),
                site_code: publisher.site_code.clone(),
                find_errors: find_errors(config),
                icp: publisher.icp.clone(),
                police: publisher.police.clone(),
            },
            column: ColumnView {
                name: column.name.clone(),
                kind: column.kind.clone(),
                keywords: column.keywords.clone(),
                description: own(&column.description, &config.description),
            },
            full: config.pages.full,
            checks: config.pages.checks,
            downloads: config.pages.downloads,
            search: config.pages.search,
        }
    }
}

/// What a page template knows of its own page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageView {
    /// Name of the template, for style sheets and audits.
    pub template: &'static str,
    /// Part of the document that it belongs to, as the standard names its content.
    pub part: &'static str,
    /// Heading and first part of the title.
    pub title: String,
    /// Rest of the title, between heading and site name.
    pub within: String,
    /// One sentence.
    pub description: String,
    /// Path in the output.
    pub path: String,
    /// From the page to the root of the output: `../../`.
    pub root: String,
    /// Whether it must not be taken for published.
    pub draft: bool,
    /// From home to the page above this one.
    pub crumbs: Vec<Link>,
    /// Of pages of a disclosure.
    pub article: Option<Article>,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Address relative to the page.
    pub href: String,
    /// Words.
    pub title: String,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(href: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            title: title.into(),
        }
    }
}

/// From a page to the root of the output.
#[must_use]
pub fn root_of(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
