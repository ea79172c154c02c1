//! Pages can be compared line by line: what a reviewer may see change has a line of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::corrections::corrected;
use crate::pages::{Built, all, reference, second, text};

/// Every page of both sites with each of its lines.
fn lines() -> impl Iterator<Item = (String, &'static str)> {
    let sites = [reference(), second(), corrected()].into_iter();
    let pages = sites.flat_map(Built::pages);
    pages.flat_map(|(path, page)| {
        let lines = page.lines().enumerate();
        lines.map(move |(at, line)| (format!("{path}:{}", at + 1), line))
    })
}

/// Names of the tags that open in a line, with their attributes in order.
fn tags(line: &str) -> Vec<(&str, Vec<&str>)> {
    let parts = line.split('<').skip(1);
    let tags = parts.filter(|part| part.starts_with(|c: char| c.is_ascii_lowercase()));
    tags.map(|part| {
        let tag = part.split('>').next().unwrap_or_default();
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        // What stands between quotes is no name.
        let outside = tag[name.len()..].split('"').step_by(2);
        let names = outside.flat_map(|text| text.split([' ', '/']));
        let names = names.map(|name| name.trim_end_matches('='));
        (name, names.filter(|name| !name.is_empty()).collect())
    })
    .collect()
}

#[test]
fn a_row_an_item_and_an_element_of_a_chart_have_a_line_each() {
    const DRAWN: [&str; 7] = ["path", "rect", "circle", "text", "g", "title", "desc"];
    let (mut rows, mut drawn) = (0, 0);
    let mut chart = false;
    for (place, line) in lines() {
        let tags = tags(line);
        let count = |names: &[&str]| tags.iter().filter(|(name, _)| names.contains(name)).count();
        for name in ["tr", "li", "p", "figure", "section", "table", "h2", "h3"] {
            assert!(count(&[name]) <= 1, "{place}: {line}");
        }
        // A bar belongs to its row.
        let is_row = count(&["tr"]) == 1;
        chart |= count(&["figure"]) == 1;
        if chart && !is_row {
            assert!(count(&DRAWN) <= 1, "{place}: {line}");
            drawn += count(&DRAWN);
        }
        chart &= !line.starts_with("</figure>");
        assert!(line.ends_with("</tr>") || !is_row, "{place}: {line}");
        rows += usize::from(is_row);
    }
    assert!(rows > 1500 && drawn > 100, "{rows} rows, {drawn} elements");
}

#[test]
fn attributes_of_an_element_always_come_in_the_same_order() {
    let mut orders: BTreeMap<(&str, &str, &str), String> = BTreeMap::new();
    let mut turned = BTreeSet::new();
    for (place, line) in lines() {
        for (name, attributes) in tags(line) {
            for (at, first) in attributes.iter().enumerate() {
                for second in &attributes[at + 1..] {
                    if let Some(other) = orders.get(&(name, second, first)) {
                        turned.insert(format!("{name}: {first} and {second}: {place}, {other}"));
                    }
                    let order = orders.entry((name, first, second));
                    order.or_insert_with(|| place.clone());
                }
            }
        }
    }
    assert_eq!(turned, BTreeSet::new());
    assert!(orders.len() > 40, "{}", orders.len());
}

#[test]
fn a_sentence_has_a_line_of_its_own_and_leaves_no_gap() {
    let mut broken = 0;
    for (built, path) in [
        (reference(), "yq-veterans/2025-budget/narrative.html"),
        (reference(), "yq-veterans/2025-budget/glossary.html"),
        (reference(), "yq-veterans/2025-budget/index.html"),
        (reference(), "yq-veterans/2025-budget/p-01-martyrs-day.html"),
        (second(), "qinghe-library/2024-final/narrative.html"),
    ] {
        let page = &built.files[path];
        let prose = page
            .lines()
            .filter(|line| line.starts_with("<p>") || line.starts_with('>'));
        for line in prose {
            let ends = line.trim_end_matches("</p>").trim_end_matches("<wbr");
            let inside = ends.trim_end_matches(['。', '；']);
            assert!(!inside.contains(['。', '；', '！', '？']), "{path}: {line}");
        }
        broken += page.matches("<wbr\n>").count();
        for paragraph in all(&built.page(path), ".prose p, dd p, article > p") {
            let words: String = paragraph.text().collect();
            let gap = words.contains("。\n") || words.contains("；\n");
            assert!(!gap, "{path}: {}", text(paragraph));
        }
    }
    assert!(broken > 30, "{broken}");
}

#[test]
fn no_page_tells_when_it_was_built_and_only_a_citation_which_version() {
    let hexadecimal = |word: &str| word.len() >= 12 && word.chars().all(|c| c.is_ascii_hexdigit());
    let mut citations: BTreeMap<String, usize> = BTreeMap::new();
    for (place, line) in lines() {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric());
        let digests = words
            .filter(|word| hexadecimal(word) && word.contains(|c: char| c.is_ascii_alphabetic()));
        if digests.count() > 0 {
            assert!(line.starts_with("<p class=\"cite\">"), "{place}: {line}");
            *citations.entry(place).or_default() += 1;
        }
    }
    assert!(citations.len() > 15, "{citations:?}");
    let today = Command::new("date").arg("+%F").output().expect("a date");
    let today = String::from_utf8(today.stdout).expect("a date");
    assert_eq!(today.trim().len(), 10);
    for (path, text) in reference().files.iter().chain(&second().files) {
        assert!(!text.contains(today.trim()), "{path}");
    }
}
