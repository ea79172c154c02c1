//! Damaged files: whatever is done to them, a check ends, and with places that are in the file.

use super::{built, check, printed};
use crate::support::{Random, tree};
use gongkai::diagnostic::{Diagnostic, Language, human};
use gongkai::source::{Location, Place};

/// Damages done to each file.
const ROUNDS: usize = 40;

/// Pieces that mean something to YAML, TOML, Markdown or templates.
const PIECES: [&str; 24] = [
    "{", "}", "[", "]", ":", ": ", "- ", ",", "\"", "'", "&a ", "*a", "!t ", "\t", "\n", "---\n",
    "|\n", "#", "：", "{{", "{% if %}", "**", "<b>", "\u{feff}",
];

fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = random.below(bytes.len());
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << random.below(8),
        2 => bytes.insert(at, u8::try_from(random.below(256)).expect("a byte")),
        3 => {
            bytes.remove(at);
        }
        4 => {
            let piece = PIECES[random.below(PIECES.len())];
            bytes.splice(at..at, piece.bytes());
        }
        _ => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let gone = random.below(lines.len());
            bytes = lines
                .iter()
                .enumerate()
                .filter(|(line, _)| *line != gone)
                .flat_map(|(_, line)| line.iter().copied())
                .collect();
        }
    }
    bytes
}

/// Why a place is not in its file, if it is not.
fn misplaced(location: &Location) -> Option<String> {
    let Location { source, place } = location;
    if *place == Place::FILE {
        return None;
    }
    let lines: Vec<&str> = source.text.split('\n').collect();
    let line = (place.line as usize)
        .checked_sub(1)
        .and_then(|at| lines.get(at));
    let inside =
        line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&(place.column as usize)));
    (!inside || place.width == 0).then(|| format!("{}: {place:?}", source.path))
}

fn faults_of(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .flat_map(|diagnostic| {
            std::iter::once(&diagnostic.location)
                .chain(diagnostic.labels.iter().map(|label| &label.location))
                .filter_map(|location| {
                    misplaced(location).map(|place| format!("{}: {place}", diagnostic.code))
                })
        })
        .collect()
}

#[test]
fn a_damaged_file_gives_faults_with_places_and_never_a_panic() {
    let site = built();
    site.remove("public")
        .write("data/demo/2025-budget/narrative/spending.md", site.read("standards/tiny/narrative/spending.md"))
        .write("templates/glossary.html", "{% extends \"default/glossary.html\" %}\n{% block main %}{{ super() }}{% endblock %}\n");
    assert_eq!(check(site.root()), []);
    let mut random = Random::new(0x2545_F491_4F6C_DD1D);
    let mut faulty = 0;
    for (name, whole) in tree(site.root()) {
        for _ in 0..ROUNDS {
            let bytes = damaged(&whole, &mut random);
            site.write(&name, &bytes);
            let found = check(site.root());
            faulty += usize::from(!found.is_empty());
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(faults_of(&found), Vec::<String>::new(), "{name}:\n{text}");
            for language in [Language::Zh, Language::En] {
                let options = human::Options {
                    language,
                    verbose: true,
                };
                printed(&found, options);
            }
        }
        site.write(&name, &whole);
    }
    assert!(faulty > 200, "{faulty} runs found something");
}
