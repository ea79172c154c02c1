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
use crate::error::Error;
use crate::markdown;
use crate::model::catalog::{CatalogEntry, SearchEntry};
use crate::model::glossary::Term;
use crate::render::page::Page;

/// The file that the script loads first.
pub const INDEX: &str = "search-index.js";

/// So many disclosures are loaded without asking which can match.
const FEW: usize = 16;

/// Bits in one file of signatures, about: 16 KB, written in hexadecimal and compressed some 10 KB.
const FILE_BITS: usize = 1 << 17;

/// A disclosure that is to be found.
type Found<'a> = (&'a CatalogEntry, &'a SearchEntry);

/// The file that names the disclosures that are to be found.
#[must_use]
pub fn index_page(catalog: &[Arc<CatalogEntry>]) -> Page {
    let found = found_in(catalog);
    Page {
        path: INDEX.to_owned(),
        bytes: index(&found, &standards(&found), lines_in_a_file(found.len())),
    }
}

/// Hands the files of signatures to `write`, by name in the folder `search`, with the bytes of all signatures that each
/// shows and a way to make it; none for a few disclosures.
///
/// # Errors
/// Those of `write`.
pub fn write_signatures(
    catalog: &[Arc<CatalogEntry>],
    mut write: impl FnMut(&str, Range<usize>, &dyn Fn() -> Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let found = found_in(catalog);
    let lines = lines_in_a_file(found.len());
    for file in 0..BITS.checked_div(lines).unwrap_or_default() {
        let first = file * lines;
        let shown = first / 8..(first + lines).div_ceil(8);
        let make = || signatures(&found, file, lines);
        write(&format!("{file}.js"), shown, &make)?;
    }
    Ok(())
}

fn found_in(catalog: &[Arc<CatalogEntry>]) -> Vec<Found<'_>> {
    let found = catalog.iter();
    found
        .filter_map(|entry| Some((&**entry, entry.search.as_ref()?)))
        .collect()
}

/// Each standard once, in the order of the disclosures.
fn standards<'a>(found: &[Found<'a>]) -> Vec<(&'a str, &'a [Term])> {
    let mut standards: Vec<(&str, &[Term])> = Vec::new();
    for (_, search) in found {
        if !standards.iter().any(|(id, _)| *id == &*search.standard) {
            standards.push((&search.standard, &search.glossary));
        }
    }
    standards
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
fn index(found: &[Found<'_>], standards: &[(&str, &[Term])], lines: usize) -> Vec<u8> {
    let mut out = Script::new("gongkai.index(");
    out.number(lines).array(|list| {
        for (_, glossary) in standards {
            list.line().array(|list| terms(glossary, list));
        }
    });
    out.array(|list| {
        for entity in found.chunk_by(|(one, _), (next, _)| one.entity_id == next.entity_id) {
            let Some((first, _)) = entity.first() else {
                continue;
            };
            list.line().array(|parts| {
                let parts = parts.text(&first.entity_id).text(&first.entity_name);
                parts.text(&first.entity_short_name).array(|list| {
                    for (entry, search) in entity {
                        let known = standards
                            .iter()
                            .position(|(id, _)| *id == &*search.standard);
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
fn signatures(found: &[Found<'_>], file: usize, lines: usize) -> Vec<u8> {
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
fn transposed(found: &[Found<'_>], first: usize, places: usize) -> Vec<u8> {
    let width = found.len().div_ceil(8);
    let mut rows = vec![0; width * places];
    for (column, eight) in found.chunks(8).enumerate() {
        for byte in first / 8..(first + places).div_ceil(8) {
            let mut square = [0; 8];
            for (line, (_, search)) in square.iter_mut().zip(eight) {
                *line = search.signature[byte];
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
