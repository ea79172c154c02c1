//! `feed.xml`: an Atom feed of the approved disclosures, newest first. Dates are those of publication.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::sync::Arc;

use super::day;
use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::Status;
use crate::render::escape::html;
use crate::render::page::{Page, SiteView};

/// Path of the feed.
pub const FEED: &str = "feed.xml";

/// Entries of a feed; older ones are found on the site.
const MOST: usize = 100;

/// When nothing is published, a feed has to have a date all the same.
const NEVER: &str = "1970-01-01";

/// The feed; `None` where the site's address is not known. A draft of the site lists nothing.
#[must_use]
pub fn write(site: &SiteView, catalog: &[Arc<CatalogEntry>], draft: bool) -> Option<Page> {
    if site.base_url.is_empty() {
        return None;
    }
    let mut entries: Vec<(String, &CatalogEntry)> = catalog
        .iter()
        .map(|entry| &**entry)
        .filter(|entry| entry.status == Status::Approved && !draft)
        .map(|entry| (day(entry.published.as_deref(), entry.year), entry))
        .collect();
    // The catalog is in the order of folders, and stays so within a day.
    entries.sort_by_key(|(day, _)| Reverse(day.clone()));
    entries.truncate(MOST);
    let updated = entries.first().map_or(NEVER, |(day, _)| day);
    let base = html(&site.base_url);
    let title = html(&site.title);
    let publisher = site.publisher.name();
    let author = html(if publisher.is_empty() {
        &site.title
    } else {
        publisher
    });
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">
<title>{title}</title>
<id>{base}</id>
<link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{FEED}\"/>
<link rel=\"alternate\" type=\"text/html\" href=\"{base}index.html\"/>
<updated>{updated}T00:00:00Z</updated>
<author><name>{author}</name></author>
"
    );
    for (day, entry) in &entries {
        write_entry(&mut out, &base, day, entry);
    }
    out.push_str("</feed>\n");
    Some(Page {
        path: FEED.to_owned(),
        bytes: out.into_bytes(),
    })
}

fn write_entry(out: &mut String, base: &str, day: &str, entry: &CatalogEntry) {
    let address = format!("{base}{}/index.html", html(&entry.folder));
    let (name, title) = (html(&entry.entity_name), html(&entry.title));
    let total = entry.headline.total.as_ref();
    let total = total.map_or_else(String::new, |total| {
        format!("，总额 {} {}", html(&total.text), total.unit)
    });
    write!(
        out,
        "<entry>
<title>{name}{title}公开</title>
<id>{address}</id>
<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>
<published>{day}T00:00:00Z</published>
<updated>{day}T00:00:00Z</updated>
<author><name>{name}</name></author>
<summary>{name}{title}{total}</summary>
</entry>
"
    )
    .expect("writing to a string does not fail");
}
