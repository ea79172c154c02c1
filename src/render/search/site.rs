//! The files of the search that belong to the site as a whole.
//!
//! `search-index.js` names the disclosures. With a few of them the script loads every shard. With more,
//! it asks first which can match: the signatures of all disclosures, a bit each, stand side by side in
//! one line per place, and the lines are cut into files `search/<n>.js`. A query of three words loads
//! some three of these files, whatever the number of disclosures.

use std::ops::Range;
use std::sync::Arc;

use super::literal::Script;
use super::one_line;
use super::signature::BITS;
use crate::markdown;
use crate::model::catalog::CatalogEntry;
use crate::model::glossary::Term;
use crate::render::page::Page;

/// The file that the script loads first.
pub const INDEX: &str = "search-index.js";

/// So many disclosures are loaded without asking which can match.
const FEW: usize = 16;

/// Bits in one file of signatures, about: 16 KB, written in hexadecimal and compressed some 10 KB.
const FILE_BITS: usize = 1 << 17;

/// The file that names the disclosures that are to be found; `glossary` gives that of a standard.
#[must_use]
pub fn index_page(catalog: &[&CatalogEntry], glossary: &dyn Fn(&str) -> Arc<[Term]>) -> Page {
    let found = catalog.iter().filter(|entry| entry.is_found);
    let found: Vec<&CatalogEntry> = found.copied().collect();
    Page {
        path: INDEX.to_owned(),
        bytes: index(&found, glossary),
    }
}

/// A file of signatures.
pub struct SignatureFile {
    /// In the folder `search`.
    pub name: String,
    /// Which bytes of all signatures it shows.
    pub shown: Range<usize>,
    number: usize,
    lines: usize,
}

impl SignatureFile {
    /// Its bytes, of the signatures of all disclosures that are to be found.
    #[must_use]
    pub fn make(&self, found: &[&[u8]]) -> Vec<u8> {
        signatures(found, self.number, self.lines)
    }
}

/// The files of signatures; none for a few disclosures.
#[must_use]
pub fn signature_files(found: &[&[u8]]) -> Vec<SignatureFile> {
    let lines = lines_in_a_file(found.len());
    let numbers = 0..BITS.checked_div(lines).unwrap_or_default();
    let file = |number: usize| {
        let first = number * lines;
        SignatureFile {
            name: format!("{number}.js"),
            shown: first / 8..(first + lines).div_ceil(8),
            number,
            lines,
        }
    };
    numbers.map(file).collect()
}

/// Lines of signatures in one file: a power of two, or 0 when there are none.
const fn lines_in_a_file(disclosures: usize) -> usize {
    if disclosures <= FEW {
        return 0;
    }
    let lines = match FILE_BITS / disclosures {
        0 => 1,
        lines => 1 << lines.ilog2(),
    };
    if lines < BITS { lines } else { BITS }
}

/// `gongkai.index(lines, [[[term, text], …], …], [[entity, name, short name, [[year, kind, title, glossary], …]], …])`: a
/// glossary for each standard, the anchors of its terms are `term-1` and so on.
fn index(found: &[&CatalogEntry], glossary: &dyn Fn(&str) -> Arc<[Term]>) -> Vec<u8> {
    // Each once, in the order of the disclosures.
    let mut standards: Vec<&str> = Vec::new();
    for entry in found {
        if !standards.contains(&&*entry.standard) {
            standards.push(&entry.standard);
        }
    }
    let mut out = Script::new("gongkai.index(");
    out.number(lines_in_a_file(found.len())).array(|list| {
        for standard in &standards {
            list.line().array(|list| terms(&glossary(standard), list));
        }
    });
    out.array(|list| {
        for entity in found.chunk_by(|one, next| one.entity_id == next.entity_id) {
            let Some(first) = entity.first() else {
                continue;
            };
            list.line().array(|parts| {
                let parts = parts.text(&first.entity_id).text(&first.entity_name);
                parts.text(&first.entity_short_name).array(|list| {
                    for entry in entity {
                        let known = standards.iter().position(|id| **id == *entry.standard);
                        list.array(|parts| {
                            let parts = parts.number(entry.year.into()).text(entry.kind.slug());
                            parts.text(&entry.title).number(known.unwrap_or_default());
                        });
                    }
                });
            });
        }
    });
    out.code(");\n");
    out.into_bytes()
}

fn terms(glossary: &[Term], out: &mut Script) {
    for term in glossary {
        let text = one_line(&markdown::to_text(&term.markdown, &mut |_| String::new()));
        out.line().array(|parts| {
            parts.text(&term.name).text(&text);
        });
    }
}

/// `gongkai.signatures(file, ["<hexadecimal>", …])`: a line for each place, in it bit `n % 8` of byte `n / 8` for
/// disclosure `n`.
fn signatures(found: &[&[u8]], file: usize, lines: usize) -> Vec<u8> {
    let mut out = Script::new("gongkai.signatures(");
    let rows = transposed(found, file * lines, lines);
    let mut text = String::with_capacity(found.len() / 4 + 2);
    out.number(file).array(|list| {
        for row in rows.chunks(found.len().div_ceil(8)) {
            text.clear();
            for bits in row {
                for half in [bits >> 4, bits & 15] {
                    text.extend(char::from_digit(half.into(), 16));
                }
            }
            list.line().text(&text);
        }
    });
    out.code(");\n");
    out.into_bytes()
}

/// A row for each of `places` places from `first`, in it a bit for each disclosure. Eight disclosures and eight
/// places are turned at a time, where there are so many places in a file.
fn transposed(found: &[&[u8]], first: usize, places: usize) -> Vec<u8> {
    let width = found.len().div_ceil(8);
    let mut rows = vec![0; width * places];
    for (column, eight) in found.chunks(8).enumerate() {
        for byte in first / 8..(first + places).div_ceil(8) {
            let mut square = [0; 8];
            for (line, signature) in square.iter_mut().zip(eight) {
                *line = signature[byte];
            }
            let turned = turned(u64::from_le_bytes(square)).to_le_bytes();
            for (bit, bits) in turned.into_iter().enumerate() {
                if let Some(place) = (byte * 8 + bit)
                    .checked_sub(first)
                    .filter(|at| *at < places)
                {
                    rows[place * width + column] = bits;
                }
            }
        }
    }
    rows
}

/// Bit `b` of byte `a` for bit `a` of byte `b`.
const fn turned(square: u64) -> u64 {
    let mut square = square;
    let mut swapped = (square ^ square >> 7) & 0x00aa_00aa_00aa_00aa;
    square ^= swapped ^ swapped << 7;
    swapped = (square ^ square >> 14) & 0x0000_cccc_0000_cccc;
    square ^= swapped ^ swapped << 14;
    swapped = (square ^ square >> 28) & 0x0000_0000_f0f0_f0f0;
    square ^ swapped ^ swapped << 28
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_of_bits_is_turned() {
        for (a, b) in (0..8).flat_map(|a| (0..8).map(move |b| (a, b))) {
            assert_eq!(turned(1 << (8 * a + b)), 1 << (8 * b + a));
        }
    }

    #[test]
    fn a_file_of_signatures_keeps_its_size_whatever_the_number_of_disclosures() {
        for (disclosures, lines) in [(1, 0), (16, 0), (17, 4096), (100, 1024), (1000, 128)] {
            assert_eq!(lines_in_a_file(disclosures), lines, "{disclosures}");
        }
        assert_eq!(lines_in_a_file(10_000), 8);
        assert_eq!(lines_in_a_file(1_000_000), 1);
    }
}
