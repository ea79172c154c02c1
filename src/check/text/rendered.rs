//! Pages and files as they are published: marks, placeholders and personal data in what a reader sees.
//!
//! All pages of a site go through here before a release, so a page without a hit costs one pass that
//! takes its tags out and a few searches; places are worked out only when something was found.

use std::ops::Range;

use super::cover::covered;
use super::numbers::Medium;
use super::report::finding;
use super::visible::{Map, behind, visible};
use super::{Hit, Kind, Rules};
use crate::diagnostic::Diagnostic;
use crate::source::{Places, Source, SourceFile};

/// What is wrong in a file of the output. Files that are no UTF-8 text give nothing.
///
/// The path of a finding is `<output>/` and `path`; the line is that of the page.
#[must_use]
pub fn rendered(path: &str, bytes: &[u8], rules: &Rules) -> Vec<Diagnostic> {
    let medium = match ending(path) {
        "csv" | "json" => Medium::Fields,
        _ => Medium::Text,
    };
    scan(path, "<output>/", bytes, medium, rules)
}

/// What is wrong in a file that somebody has written for the site, `static/…`.
#[must_use]
pub fn written(path: &str, bytes: &[u8], rules: &Rules) -> Vec<Diagnostic> {
    scan(path, "", bytes, Medium::Text, rules)
}

fn scan(path: &str, prefix: &str, bytes: &[u8], medium: Medium, rules: &Rules) -> Vec<Diagnostic> {
    let Ok(page) = std::str::from_utf8(bytes) else {
        return Vec::new();
    };
    let tagged = matches!(ending(path), "html" | "htm" | "xhtml" | "svg" | "xml");
    if !tagged {
        // Style sheets and scripts are full of braces and numbers.
        let hits = match ending(path) {
            "css" | "js" | "mjs" | "map" => rules.marks(page),
            _ => rules.find(page, medium),
        };
        let found = hits.into_iter().map(|hit| (vec![hit.range.clone()], hit));
        return report(prefix, path, page, page, found.collect());
    }
    let hits = rules.find(&visible(page, None), medium);
    if hits.is_empty() {
        return Vec::new();
    }
    let mut map = Map::new();
    let text = visible(page, Some(&mut map));
    let found = hits.into_iter().map(|hit| (behind(&map, &hit.range), hit));
    report(prefix, path, &text, page, found.collect())
}

/// Hits in `text` as findings in `page`, each with the stretches of the page that it covers.
fn report(
    prefix: &str,
    path: &str,
    text: &str,
    page: &str,
    hits: Vec<(Vec<Range<usize>>, Hit)>,
) -> Vec<Diagnostic> {
    if hits.is_empty() {
        return Vec::new();
    }
    let source = Source::new(SourceFile {
        path: format!("{prefix}{path}"),
        text: page.to_owned(),
    });
    let personal: Vec<(Kind, Range<usize>)> = hits
        .iter()
        .filter(|(_, hit)| hit.kind.is_personal())
        .flat_map(|(ranges, hit)| ranges.iter().map(|range| (hit.kind, range.clone())))
        .collect();
    let shown = covered(&source, &personal);
    let places = Places::of(&source.text);
    hits.into_iter()
        .map(|(ranges, hit)| {
            let start = ranges.first().map_or(0, |range| range.start);
            let end = ranges.last().map_or(start, |range| range.end);
            finding(text, &hit, None, &shown, places.at(&(start..end)))
        })
        .collect()
}

/// The ending of a file's name, in lower case as names of the output are.
fn ending(path: &str) -> &str {
    path.rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::config::Config;

    fn found(path: &str, text: &str) -> Vec<(&'static str, u32, u32, String)> {
        rendered(path, text.as_bytes(), &Rules::new(&Config::default()))
            .into_iter()
            .map(|finding| {
                let place = finding.location.place;
                let shown = finding.detail.and_then(|detail| detail.found);
                (
                    finding.code,
                    place.line,
                    place.column,
                    shown.unwrap_or_default(),
                )
            })
            .collect()
    }

    #[test]
    fn what_a_reader_sees_is_searched_and_placed_in_the_page() {
        for (path, page, expected) in [
            (
                "a/t01.html",
                "<!doctype html>\n<p>仅供<wbr>内部 <b>审</b>核</p>\n",
                &[("internal-mark", 2, 4, "仅供内部 审核")][..],
            ),
            (
                "a.html",
                "<dl>\n<dt>联系电话</dt>\n<dd>2345678</dd>\n<dt>负责人</dt><dd>王某</dd></dl>",
                &[
                    ("personal-phone", 3, 5, "*****78"),
                    ("personal-name", 4, 17, "王×"),
                ],
            ),
            ("a.html", "<td>138</td><td>00001234</td>", &[]),
            ("a.html", "<p id=\"r-13800001234\">甲</p>", &[]),
            (
                "c.svg",
                "<text x=\"1\">初审</text>",
                &[("internal-mark", 1, 13, "初审")],
            ),
            ("d.csv", "名称,金额\n甲,13800001234\n", &[]),
            ("d.csv", "甲,{单位}\n", &[("placeholder", 1, 3, "{单位}")]),
            (
                "s.css",
                "a{b:c} /* 内部资料 */",
                &[("internal-mark", 1, 11, "内部资料")],
            ),
            ("s.js", "a={{}}; x@y.com 13800001234", &[]),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(code, line, column, text)| (*code, *line, *column, (*text).to_owned()))
                .collect();
            assert_eq!(found(path, page), expected, "{path}: {page}");
        }
        assert!(rendered("x.xlsx", b"PK\x03\xff\xfe", &Rules::new(&Config::default())).is_empty());
    }

    #[test]
    fn the_line_that_a_finding_shows_has_its_personal_data_masked() {
        let rules = Rules::new(&Config::default());
        let findings = rendered("a.html", "<p>电话<b>13800001234</b></p>".as_bytes(), &rules);
        let text = &findings[0].location.source.text;
        assert_eq!(text, "<p>电话<b>138****1234</b></p>");
        assert_eq!(findings[0].location.source.path, "<output>/a.html");
    }
}
