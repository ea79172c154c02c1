//! No message in Chinese has the English of a parser in it, whatever is wrong with the files.

use gongkai::diagnostic::Diagnostic;

use crate::faults::{built, check};
use crate::support::{Random, tree};

/// Pieces that are put into files: what the formats give a meaning, and what people mistype.
const PIECES: [&str; 48] = [
    ":",
    ": ",
    "：",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    "，",
    "#",
    " #",
    "- ",
    "-",
    "\t",
    "  ",
    "\n",
    "@",
    "`",
    "%",
    "*",
    "&",
    "!",
    "|",
    ">",
    "?",
    "~",
    "\\",
    "\\u12",
    "=",
    "[[",
    "]]",
    "{{",
    "}}",
    "{%",
    "%}",
    "{{ x(y=1) }}",
    "{% if %}",
    "{% for a in 1 %}{% endfor %}",
    "{{ 1 / 0 }}",
    "{{ \"a\" * 2 }}",
    "{{ year | nope }}",
    "1e5",
    "null",
    "true",
    "甲",
    "a b c d",
];

/// Parts of a sentence outside backquotes, quotation marks and Chinese quotes.
fn own_words(sentence: &str) -> String {
    let mut own = String::new();
    let mut close = None;
    for character in sentence.chars() {
        match close {
            Some(mark) => {
                if character == mark {
                    close = None;
                }
            }
            None => match character {
                '`' | '"' => close = Some(character),
                '「' => close = Some('」'),
                '《' => close = Some('》'),
                _ => own.push(character),
            },
        }
    }
    own
}

/// Most English words that stand one after the other; names of files, keys and codes are none.
fn english(sentence: &str) -> usize {
    let is_word = |word: &str| {
        let word = word.trim_matches([',', '.', ';', ':', '(', ')']);
        word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'\'')
    };
    let (own, mut most) = (own_words(sentence), 0);
    for phrase in own.split(|c: char| !c.is_ascii()) {
        let mut row = 0;
        for word in phrase.split_whitespace() {
            row = if is_word(word) { row + 1 } else { 0 };
            most = most.max(row);
        }
    }
    most
}

fn sentences(diagnostic: &Diagnostic) -> Vec<String> {
    let hint = diagnostic.hint.iter().map(|hint| hint.zh.clone());
    std::iter::once(diagnostic.say.zh.clone())
        .chain(hint)
        .collect()
}

#[test]
fn english_words_in_a_row_are_counted_outside_of_quotes() {
    for (sentence, words) in [
        ("不合 YAML 格式", 1),
        (
            "这里不合 YAML 格式（comment intercepting the multiline text）",
            5,
        ),
        ("可用的有：standard、status、published", 1),
        ("写 `a b c d`，或 \"e f g\"、「h i j」", 0),
        ("invalid type: string, expected u32", 4),
    ] {
        assert_eq!(english(sentence), words, "{sentence}");
    }
}

#[test]
fn no_chinese_message_repeats_the_english_of_a_parser() {
    let mut random = Random::new(0x5EED_4117);
    let site = built();
    let mut files = tree(site.root());
    files.retain(|(name, _)| !name.starts_with("public/") && !name.starts_with('.'));
    let mut codes = std::collections::BTreeSet::new();
    let mut english_found = Vec::new();
    for _ in 0..400 {
        let (name, bytes) = &files[random.below(files.len())];
        let mut text: Vec<char> = String::from_utf8_lossy(bytes).chars().collect();
        for _ in 0..=random.below(2) {
            let at = random.below(text.len());
            match random.below(4) {
                0 => {
                    text.remove(at);
                }
                1 => {
                    let end = (at + random.below(12)).min(text.len());
                    text.drain(at..end);
                }
                _ => {
                    let piece = PIECES[random.below(PIECES.len())];
                    text.splice(at..at, piece.chars());
                }
            }
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        site.write(name, &text);
        for diagnostic in check(site.root()) {
            codes.insert(diagnostic.code);
            for sentence in sentences(&diagnostic) {
                if english(&sentence) > 2 {
                    english_found.push(format!("{name} [{}]: {sentence}", diagnostic.code));
                }
            }
        }
        site.write(name, bytes);
    }
    english_found.sort();
    english_found.dedup();
    assert!(english_found.is_empty(), "{}", english_found.join("\n"));
    for code in [
        "yaml-syntax",
        "toml-syntax",
        "standard-syntax",
        "template",
        "wrong-type",
    ] {
        assert!(codes.contains(code), "no {code} among {codes:?}");
    }
}
