//! The files of the search that belong to the site as a whole.
//!
//! `search-index.js` names the disclosures. With a few of them the script loads every shard. With more,
//! it asks first which can match: the signatures of all disclosures, a bit each, stand side by side in
//! one line per place, and the lines are cut into files `search/<n>.js`. A query of three words loads
//! some three of these files, whatever the number of disclosures.

use std::fmt::Write as _;
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

/// Writes the files for those entries of the catalog that are to be found.
///
/// # Errors
/// Those of `write`.
pub fn write(
    catalog: &[Arc<CatalogEntry>],
    write: &mut dyn FnMut(Page) -> Result<(), Error>,
) -> Result<(), Error> {
    let found: Vec<Found<'_>> = catalog
        .iter()
        .filter_map(|entry| Some((&**entry, entry.search.as_ref()?)))
        .collect();
    let lines = lines_in_a_file(found.len());
    write(Page {
        path: INDEX.to_owned(),
        bytes: index(&found, &standards(&found), lines),
    })?;
    for file in 0..BITS.checked_div(lines).unwrap_or_default() {
        write(Page {
            path: format!("search/{file}.js"),
            bytes: signatures(&found, file, lines),
        })?;
    }
    Ok(())
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
    let mut bytes = vec![0_u8; found.len().div_ceil(8)];
    let mut text = String::with_capacity(bytes.len() * 2);
    out.number(file).array(|list| {
        for place in file * lines..(file + 1) * lines {
            bytes.fill(0);
            for (number, (_, search)) in found.iter().enumerate() {
                let bit = search.signature[place / 8] >> (place % 8) & 1;
                bytes[number / 8] |= bit << (number % 8);
            }
            text.clear();
            for byte in &bytes {
                write!(text, "{byte:02x}").expect("writing to a string does not fail");
            }
            list.line().text(&text);
        }
    });
    out.code(");\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_signatures_keeps_its_size_whatever_the_number_of_disclosures() {
        for (disclosures, lines) in [(1, 0), (16, 0), (17, 4096), (100, 1024), (1000, 128)] {
            assert_eq!(lines_in_a_file(disclosures), lines, "{disclosures}");
        }
        assert_eq!(lines_in_a_file(10_000), 8);
        assert_eq!(lines_in_a_file(1_000_000), 1);
    }
}
