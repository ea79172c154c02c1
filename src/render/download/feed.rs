//! `feed.xml`: an Atom feed of the approved disclosures and of their corrections, newest first. Dates are those of
//! publication.

use super::day;
use crate::model::catalog::{CatalogEntry, CorrectionEntry};
use crate::model::disclosure::Status;
use crate::render::escape::html;
use crate::render::page::{Page, SiteView};
use crate::render::view::corrections::CORRECTIONS_PAGE;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// Path of the feed.
pub const FEED: &str = "feed.xml";

/// Entries of a feed; older ones are found on the site.
const MOST: usize = 100;

/// When nothing is published, a feed has to have a date all the same.
const NEVER: &str = "1970-01-01";

/// The feed; `None` where the site's address is not known. A draft of the site lists nothing.
#[must_use]
pub fn write(site: &SiteView, catalog: &[&CatalogEntry], draft: bool) -> Option<Page> {
    if site.base_url.is_empty() {
        return None;
    }
    let listed = catalog
        .iter()
        .copied()
        .filter(|entry| entry.status == Status::Approved && !draft);
    let mut entries: Vec<(String, &CatalogEntry, Option<&CorrectionEntry>)> = listed
        .flat_map(|entry| {
            let published = day(entry.published.as_deref(), entry.year);
            let corrections = entry.corrections.iter();
            let corrections = corrections.map(move |one| (one.date.clone(), entry, Some(one)));
            corrections.chain([(published, entry, None)])
        })
        .collect();
    // The catalog is in the order of folders, each with its newest correction first, and stays so within a day.
    entries.sort_by_key(|(day, ..)| Reverse(day.clone()));
    entries.truncate(MOST);
    let updated = entries.first().map_or(NEVER, |(day, ..)| day);
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
    for (day, entry, correction) in &entries {
        match correction {
            Some(correction) => write_correction(&mut out, &base, entry, correction),
            None => write_entry(&mut out, &base, day, entry),
        }
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
    write_item(
        out,
        day,
        &name,
        [
            &address,
            &format!("{name}{title}公开"),
            &format!("{name}{title}{total}"),
        ],
    );
}

/// A correction, at the address of its place on the page of corrections, which it keeps.
fn write_correction(out: &mut String, base: &str, entry: &CatalogEntry, one: &CorrectionEntry) {
    let (folder, anchor) = (html(&entry.folder), html(&one.anchor));
    let address = format!("{base}{folder}/{CORRECTIONS_PAGE}#{anchor}");
    let (name, title) = (html(&entry.entity_name), html(&entry.title));
    write_item(
        out,
        &one.date,
        &name,
        [
            &address,
            &format!("更正：{name}{title}公开"),
            &html(&one.reason),
        ],
    );
}

/// One entry: its day, who published it, its address, title and summary.
fn write_item(out: &mut String, day: &str, name: &str, [address, title, summary]: [&str; 3]) {
    write!(
        out,
        "<entry>
<title>{title}</title>
<id>{address}</id>
<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>
<published>{day}T00:00:00Z</published>
<updated>{day}T00:00:00Z</updated>
<author><name>{name}</name></author>
<summary>{summary}</summary>
</entry>
"
    )
    .expect("writing to a string does not fail");
}
