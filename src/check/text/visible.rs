//! What a reader sees of a page: its text without tags, inline tags leaving no gap.

use memchr::{memchr, memchr2, memmem};

use super::SEPARATOR;

/// Where stretches of the visible text stand in the page: (start in the text, start in the page).
pub type Map = Vec<(usize, usize)>;

/// Entities that pages use, with what they stand for.
const ENTITIES: [(&str, &str); 9] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&#x2F;", "/"),
    ("&#64;", "@"),
    ("&nbsp;", "\u{a0}"),
];

/// The visible text of HTML or SVG. Comments are part of it, for they are published too, and so are
/// tags with Chinese attributes (a description, an image's text). `map` is filled when given.
pub fn visible(page: &str, mut map: Option<&mut Map>) -> String {
    let bytes = page.as_bytes();
    let mut text = String::with_capacity(page.len());
    let mut at = 0;
    let mut copy = |text: &mut String, from: usize, stretch: &str| {
        if !stretch.is_empty() {
            if let Some(map) = &mut map {
                map.push((text.len(), from));
            }
            text.push_str(stretch);
        }
    };
    while let Some(found) = memchr2(b'<', b'&', &bytes[at..]) {
        let special = at + found;
        copy(&mut text, at, &page[at..special]);
        if bytes[special] == b'&' {
            let known = ENTITIES
                .iter()
                .find(|(entity, _)| bytes[special..].starts_with(entity.as_bytes()));
            let (entity, plain) = known.copied().unwrap_or(("&", "&"));
            copy(&mut text, special, plain);
            at = special + entity.len();
            continue;
        }
        let Some(end) = tag_end(bytes, special) else {
            copy(&mut text, special, "<");
            at = special + 1;
            continue;
        };
        let tag = &bytes[special..end];
        let told = tag[1] == b'!' && tag.starts_with(b"<!--") || !tag.is_ascii();
        if told || !is_inline(tag) {
            part(&mut text);
        }
        if told {
            copy(&mut text, special + 1, &page[special + 1..end - 1]);
            part(&mut text);
        }
        at = end;
    }
    copy(&mut text, at, &page[at..]);
    text
}

fn part(text: &mut String) {
    if text.as_bytes().last().copied() != u8::try_from(SEPARATOR).ok() {
        text.push(SEPARATOR);
    }
}

/// End of the tag or comment at `at`; `None` for a lone `<`.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    match rest.get(1)? {
        b'!' if rest.starts_with(b"<!--") => memmem::find(rest, b"-->").map(|end| at + end + 3),
        b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z' => {
            memchr(b'>', rest).map(|end| at + end + 1)
        }
        _ => None,
    }
}

/// Tags across which text goes on.
const INLINE: [u64; 23] = packed([
    "a", "abbr", "b", "bdi", "cite", "code", "data", "del", "em", "font", "i", "ins", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "time", "tspan", "wbr",
]);

/// Names of up to eight letters as numbers, which compare at once.
const fn packed<const N: usize>(names: [&str; N]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut at = 0;
    while at < N {
        let name = names[at].as_bytes();
        let mut letter = 0;
        while letter < name.len() {
            numbers[at] = numbers[at] << 8 | name[letter] as u64;
            letter += 1;
        }
        at += 1;
    }
    numbers
}

/// Whether text goes on across a tag.
fn is_inline(tag: &[u8]) -> bool {
    let start = if tag[1] == b'/' { 2 } else { 1 };
    let name = tag[start..]
        .iter()
        .take_while(|b| b.is_ascii_lowercase())
        .take(8)
        .fold(0, |name, letter| name << 8 | u64::from(*letter));
    INLINE.contains(&name)
}

/// Stretches of the page behind a stretch of its visible text.
pub fn behind(map: &Map, range: &std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let first = map.partition_point(|(text, _)| *text <= range.start);
    let mut found = Vec::new();
    for at in first.saturating_sub(1)..map.len() {
        let (text, page) = map[at];
        if text >= range.end {
            break;
        }
        let end = map
            .get(at + 1)
            .map_or(range.end, |(next, _)| (*next).min(range.end));
        let start = range.start.max(text);
        if start < end {
            found.push(page + start - text..page + end - text);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_tags_leave_no_gap_and_blocks_part_the_text() {
        for (page, text) in [
            ("<p>内<wbr>部<b>资</b>料</p>", "\u{1f}内部资料\u{1f}"),
            ("<td>初</td><td>审</td>", "\u{1f}初\u{1f}审\u{1f}"),
            ("a &lt; b &amp; c", "a < b & c"),
            ("1<2 & 3", "1<2 & 3"),
            ("甲<!-- 乙 -->丙", "甲\u{1f}!-- 乙 --\u{1f}丙"),
            ("<img alt=\"甲\">", "\u{1f}img alt=\"甲\"\u{1f}"),
            (
                "<text x=\"1\">甲<tspan>乙</tspan></text>",
                "\u{1f}甲乙\u{1f}",
            ),
            ("甲<", "甲<"),
        ] {
            assert_eq!(visible(page, None), text, "{page}");
        }
    }

    #[test]
    fn a_stretch_of_text_is_found_again_in_the_page() {
        let page = "<p>x</p>\n<p>内<wbr>部<b>资</b>料&amp;甲</p>";
        let mut map = Map::new();
        let text = visible(page, Some(&mut map));
        let at = text.find("内部资料").expect("the mark");
        let parts: Vec<&str> = behind(&map, &(at..at + "内部资料".len()))
            .into_iter()
            .map(|range| &page[range])
            .collect();
        assert_eq!(parts, ["内", "部", "资", "料"]);
        let at = text.find('甲').expect("the last");
        assert_eq!(behind(&map, &(at..at + 3)).len(), 1);
    }
}
