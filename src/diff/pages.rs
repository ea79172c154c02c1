//! Files of two trees -> addresses that came or went, and files that differ though their data does not.

use std::collections::BTreeSet;

use super::report::Pages;
use super::side::Side;
use crate::error::Error;

/// Compares the files. `changed` holds the folders of disclosures that have other differences.
///
/// A file differs in presentation alone where nothing that it shows has changed: a page with the same text and the
/// same addresses, and whatever belongs to no changed disclosure.
///
/// # Errors
/// When a file cannot be read.
pub fn compare(old: &Side, new: &Side, changed: &BTreeSet<String>) -> Result<Pages, Error> {
    let mut pages = Pages {
        gone: missing(old, new),
        added: missing(new, old),
        ..Pages::default()
    };
    for (name, size) in new.files() {
        let Some(before) = old.files().get(name) else {
            continue;
        };
        let (was, is) = (old.bytes(name)?, new.bytes(name)?);
        if before == size && was == is {
            continue;
        }
        let page = has_ending(name, "html");
        let worded = page && visible(&was) != visible(&is);
        let told = if is_static(name) {
            false
        } else if page {
            follows(name, changed) && (worded || addresses(&was) != addresses(&is))
        } else {
            follows(name, changed)
        };
        if told {
            continue;
        }
        pages.presentation += 1;
        if worded {
            pages.worded.push(name.clone());
        }
    }
    Ok(pages)
}

fn missing(from: &Side, other: &Side) -> Vec<String> {
    let names = from.files().keys();
    names
        .filter(|name| !other.files().contains_key(*name))
        .cloned()
        .collect()
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own == ending)
}

/// What is made from data, by its ending.
const MADE: [&str; 8] = ["csv", "html", "js", "json", "jsonld", "txt", "xlsx", "xml"];

/// Style sheets, scripts, pictures, an attached original: whatever no data enters.
fn is_static(name: &str) -> bool {
    let mut folders = ["style/", "script/"].iter();
    folders.any(|folder| name.starts_with(folder))
        || !MADE.iter().any(|ending| has_ending(name, ending))
}

/// Whether a file shows data that has changed: one of a changed disclosure, its entity, or the site as a whole.
fn follows(name: &str, changed: &BTreeSet<String>) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        [entity, disclosure, _, ..] => changed.contains(&format!("{entity}/{disclosure}")),
        [entity, page] if has_ending(page, "html") => changed
            .iter()
            .any(|folder| folder.split('/').next() == Some(entity)),
        _ => !changed.is_empty(),
    }
}

/// The text of a page that a reader sees or hears, without its marks.
fn visible(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let mut text = String::with_capacity(page.len() / 4);
    let mut rest = &*page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let hidden = ["script", "style"].into_iter().find(|name| {
            after
                .get(..name.len())
                .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
        });
        let end = match hidden {
            Some(name) => after.find(&format!("</{name}")).unwrap_or(after.len()),
            None => 0,
        };
        rest = after[end..].split_once('>').map_or("", |(_, rest)| rest);
        text.push(' ');
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a page links to and can be linked at: two rows of one name that change places leave its text as it was.
fn addresses(page: &[u8]) -> Vec<String> {
    let page = String::from_utf8_lossy(page);
    let parts = page.split(" href=\"").flat_map(|part| part.split(" id=\""));
    parts
        .skip(1)
        .filter_map(|part| Some(part.split_once('"')?.0.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_is_without_marks_and_scripts() {
        let page = b"<title>a</title>\n<p class=\"x\">1 <b>2</b>\n<script>var c;</script>3</p>";
        assert_eq!(visible(page), "a 1 2 3");
        assert_eq!(visible(b"<p>4"), "4");
        assert_eq!(visible(b"5<"), "5");
    }

    #[test]
    fn the_addresses_of_a_page_are_its_links_and_anchors() {
        let page = b"<tr id=\"r-1\"><td><a class=\"x\" href=\"t01.html#r-2\">1</a>";
        assert_eq!(addresses(page), ["r-1", "t01.html#r-2"]);
    }

    #[test]
    fn no_data_enters_what_is_not_made_from_it() {
        for (name, is) in [
            ("style/screen.css", true),
            ("script/search.js", true),
            ("one/2025-budget/original.pdf", true),
            ("one/2025-budget/notes", true),
            ("one/2025-budget/t01.csv", false),
            ("one/2025-budget/dataset.jsonld", false),
            ("search/0.js", false),
            ("robots.txt", false),
        ] {
            assert_eq!(is_static(name), is, "{name}");
        }
    }

    #[test]
    fn a_file_follows_its_disclosure_its_entity_or_the_site() {
        let changed = BTreeSet::from(["one/2025-budget".to_owned()]);
        for (name, follows_it) in [
            ("one/2025-budget/t01.html", true),
            ("one/2024-final/t01.html", false),
            ("one/index.html", true),
            ("two/index.html", false),
            ("index.html", true),
            ("sitemap.xml", true),
            ("search/0.js", true),
        ] {
            assert_eq!(follows(name, &changed), follows_it, "{name}");
        }
        assert!(!follows("index.html", &BTreeSet::new()));
    }
}
