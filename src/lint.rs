//! Finished pages before they are published: every address on them leads to something.
//!
//! A disclosure is looked at by itself. Where its pages lead outside its folder is told in [`Lead`]s, which are held
//! against the whole tree at the end, also when the pages are taken over from an earlier run.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use memchr::memmem::find_iter;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::characters::{Kind, is_forbidden, odd, references};
use crate::diagnostic::characters::diagnostic;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::address::served;
use crate::render::page::Page;
use crate::say;
use crate::source::{Place, Source, SourceFile};

/// A file of the site that a page leads to, and is not among those that were looked at with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lead {
    /// Path of the page.
    pub page: Box<str>,
    /// Path of the file.
    pub to: Box<str>,
}

/// An address that leads nowhere.
#[derive(PartialEq, Eq)]
struct Dead {
    page: String,
    address: String,
    why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// There is no such file.
    File,
    /// The page has no such place.
    Place,
    /// It leaves the site, or is no file.
    Outside,
}

/// The file part of an address, as seen from one page.
#[derive(Clone, Copy)]
enum Target<'a> {
    /// One of the pages that are looked at.
    Here(&'a Page),
    /// Another file, or another site.
    Elsewhere,
    /// Nothing.
    Nowhere(Why),
}

/// Looks at the pages of a disclosure, or at one page of the site as a whole. Reports `page-link`, and
/// `forbidden-character` for what templates have put there; files that are not
/// among `pages`, but for those `missing` for certain, are left to [`outside`].
pub fn look(
    pages: &[Page],
    base_url: &str,
    missing: impl Fn(&str) -> bool,
    found: &mut Diagnostics,
) -> Vec<Lead> {
    let here = pages.iter().map(|page| (page.path.as_str(), page));
    let here: HashMap<&str, &Page> = here.collect();
    let mut ids: HashMap<&str, HashSet<Cow<'_, str>>> = HashMap::new();
    let (mut leads, mut dead) = (BTreeMap::new(), Vec::new());
    for page in pages.iter().filter(|page| is_html(&page.path)) {
        let mut files: HashMap<&str, Target<'_>> = HashMap::new();
        for written in values(&page.bytes, " href=").chain(values(&page.bytes, " src=")) {
            let (file, place) = split(written);
            let target = *files.entry(file).or_insert_with(|| {
                let path = match path_of(&page.path, &decoded(file), base_url) {
                    Path::Of(path) => path,
                    Path::OtherSite => return Target::Elsewhere,
                    Path::None => return Target::Nowhere(Why::Outside),
                };
                if let Some(page) = here.get(path.as_str()) {
                    return Target::Here(page);
                }
                if missing(&path) {
                    return Target::Nowhere(Why::File);
                }
                leads.entry(path).or_insert_with(|| page.path.clone());
                Target::Elsewhere
            });
            let why = match (target, place) {
                (Target::Nowhere(why), _) => why,
                (_, Some("")) => Why::Place,
                (Target::Here(page), Some(place)) if is_html(&page.path) => {
                    let known = ids.entry(&page.path);
                    let known = known.or_insert_with(|| ids_of(&page.bytes));
                    if known.contains(&decoded(place)) {
                        continue;
                    }
                    Why::Place
                }
                _ => continue,
            };
            let dead_end = Dead {
                page: page.path.clone(),
                address: decoded(written).into_owned(),
                why,
            };
            // Mostly links of one sentence or one template.
            if dead.last() != Some(&dead_end) {
                dead.push(dead_end);
            }
        }
    }
    report(&dead, found);
    for page in pages {
        characters(page, found);
    }
    let leads = leads.into_iter().map(|(to, page)| Lead {
        page: page.into(),
        to: to.into(),
    });
    leads.collect()
}

/// Reports the first character of a file that must not be published, be it written as it is or by its number.
fn characters(page: &Page, found: &mut Diagnostics) {
    let ending = page.path.rsplit('.').next().unwrap_or_default();
    if !matches!(
        ending,
        "html" | "xml" | "svg" | "json" | "csv" | "js" | "txt"
    ) {
        return;
    }
    let Ok(text) = std::str::from_utf8(&page.bytes) else {
        return;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut here = odd(text).filter(|(.., kind)| *kind == Kind::Forbidden);
    let mut first = here.next().map(|(at, character, _)| (at, character));
    if first.is_none() && matches!(ending, "html" | "xml" | "svg") {
        first = references(text).find(|(_, character)| is_forbidden(*character));
    }
    if let Some((at, character)) = first {
        let place = Place::at(text, &(at..at));
        let source = Source::new(SourceFile {
            path: page.path.clone(),
            text: text.to_owned(),
        });
        let fault = diagnostic(Kind::Forbidden, character, 0, &source, place);
        found.push(fault.hint(say!(
            "它来自 templates/ 里的模板，在那里删去",
            "a template in templates/ puts it here; remove it there"
        )));
    }
}

/// Reports `page-link` for files that are not there when the site is whole.
pub fn outside<'a>(
    leads: impl Iterator<Item = &'a Lead>,
    has: impl Fn(&str) -> bool,
    found: &mut Diagnostics,
) {
    let missing = leads.filter(|lead| !has(&lead.to)).map(|lead| Dead {
        page: lead.page.to_string(),
        address: lead.to.to_string(),
        why: Why::File,
    });
    report(&missing.collect::<Vec<_>>(), found);
}

fn is_html(path: &str) -> bool {
    path.rsplit('.').next() == Some("html")
}

/// The values of an attribute, as they are written.
fn values<'a>(page: &'a [u8], attribute: &'a str) -> impl Iterator<Item = &'a str> {
    find_iter(page, attribute).filter_map(move |at| {
        let rest = page[at + attribute.len()..].strip_prefix(b"\x22")?;
        let end = memchr::memchr(b'\x22', rest)?;
        std::str::from_utf8(&rest[..end]).ok()
    })
}

fn ids_of(page: &[u8]) -> HashSet<Cow<'_, str>> {
    values(page, " id=").map(plain).collect()
}

/// File and place of an address; what a query asks for is left out.
fn split(address: &str) -> (&str, Option<&str>) {
    let (file, place) = match address.split_once('#') {
        // `&#39;` is a character
        Some((file, place)) if !file.ends_with('&') => (file, Some(place)),
        _ => (address, None),
    };
    (file.split('?').next().unwrap_or_default(), place)
}

enum Path {
    Of(String),
    OtherSite,
    None,
}

/// The file that an address on a page names.
fn path_of(page: &str, address: &str, base_url: &str) -> Path {
    let scheme = address.split(['/', '.']).next().unwrap_or_default();
    if scheme.contains(':') || address.starts_with("//") {
        return Path::OtherSite;
    }
    if address.is_empty() {
        return Path::Of(page.to_owned());
    }
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    let mut relative = address;
    if address.starts_with('/') {
        steps.clear();
        match address.strip_prefix(&*served(base_url)) {
            Some(rest) => relative = rest,
            None => return Path::OtherSite,
        }
    }
    for step in relative.split('/') {
        match step {
            "." => {}
            ".." => {
                if steps.pop().is_none() {
                    return Path::None;
                }
            }
            step => steps.push(step),
        }
    }
    let path = steps.join("/");
    if path.is_empty() || path.ends_with('/') {
        // A folder opens only where a server looks for its index.html.
        return Path::None;
    }
    Path::Of(path)
}

/// An address without what HTML and addresses encode.
fn decoded(address: &str) -> Cow<'_, str> {
    let plain = plain(address);
    if !plain.contains('%') {
        return plain;
    }
    let text = percent_decode_str(&plain).decode_utf8().ok();
    let text = text.map(Cow::into_owned);
    text.map_or(plain, Cow::Owned)
}

/// A value of an attribute without what HTML encodes.
fn plain(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let named = [
        ("&quot;", "\x22"),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let mut value = value.to_owned();
    for (name, character) in named {
        value = value.replace(name, character);
    }
    Cow::Owned(value)
}

/// Each address once, on the first page that has it.
fn report(dead: &[Dead], found: &mut Diagnostics) {
    let mut known: BTreeMap<(&str, Why), Vec<&str>> = BTreeMap::new();
    for Dead { page, address, why } in dead {
        let pages = known.entry((address, *why)).or_default();
        if !pages.contains(&page.as_str()) {
            pages.push(page);
        }
    }
    for ((address, why), pages) in known {
        let source = Source::new(SourceFile {
            path: pages[0].to_owned(),
            text: String::new(),
        });
        let (zh, en) = match why {
            Why::File => ("没有这个文件", "there is no such file"),
            Why::Place => ("那一页没有这个位置", "that page has no such place"),
            Why::Outside => ("不是站内的一个文件", "that is no file of the site"),
        };
        let (also_zh, also_en) = match pages.len() - 1 {
            0 => (String::new(), String::new()),
            others => (
                format!("（另有 {others} 页）"),
                format!(" (and on {others} other pages)"),
            ),
        };
        let message = say!(
            "网页上的链接 `{address}` 没有去处：{zh}{also_zh}",
            "the link `{address}` of this page leads nowhere: {en}{also_en}"
        );
        found.push(
            Diagnostic::error("page-link", &source, Place::FILE, message).hint(say!(
                "链接写在正文（overview.md、narrative/）或 templates/ 里，改成有的网页，如 t03.html#r-total；去掉 # 后面的就到页首",
                "it stands in a text (overview.md, narrative/) or in templates/; name a page that is there, as in t03.html#r-total"
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, text: &str) -> Page {
        Page {
            path: path.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// The addresses that lead nowhere, of a page beside one that has the place `r-1&2`.
    fn dead(address: &str) -> usize {
        let pages = [
            page("a/2025/t1.html", &format!("<a href=\"{address}\">x</a>")),
            page("a/2025/t2.html", "<p id=\"r-1&amp;2\">"),
        ];
        let mut found = Diagnostics::default();
        let missing = |path: &str| path == "a/2025/none.html";
        let leads = look(&pages, "https://a.gov.cn/gk/", missing, &mut found);
        let there = ["index.html", "a/index.html", "style/screen.css"];
        outside(leads.iter(), |path| there.contains(&path), &mut found);
        found.as_slice().len()
    }

    #[test]
    fn addresses_lead_somewhere() {
        for address in [
            "t2.html",
            "t2.html#r-1&amp;2",
            "t2.html#r-1%262",
            "t2.html?q=1#r-1&amp;2",
            "../2025/./t2.html",
            "../index.html",
            "../../index.html#top",
            "../../style/screen.css",
            "/gk/index.html",
            "/elsewhere/",
            "//b.gov.cn/",
            "https://b.gov.cn/x?y#z",
            "mailto:a@b.gov.cn",
        ] {
            assert_eq!(dead(address), 0, "{address}");
        }
    }

    #[test]
    fn addresses_that_lead_nowhere_are_told_once() {
        for address in [
            "t3.html",
            "none.html",
            "t2.html#r-2",
            "#r-1",
            "#",
            "t2.html#",
            "../",
            "./",
            "../../../index.html",
            "../../../../index.html",
            "/gk/",
            "/gk/none.html",
            "%E8%A1%A8.html",
        ] {
            assert_eq!(dead(address), 1, "{address}");
        }
    }
}
