//! Parts of the documents that are generated: what the standard says of its tables, what templates know.

mod tables;
mod templates;

use crate::docs::document;
use crate::support::{differs_from, repository};

/// Compares what stands in a document between `<!-- generated: name -->` and `<!-- end -->`; with `GONGKAI_BLESS=1`
/// it is written anew.
fn holds(path: &str, name: &str, text: &str) {
    let whole = document(path);
    let open = format!("<!-- generated: {name} -->\n");
    let (before, rest) = whole
        .split_once(&open)
        .unwrap_or_else(|| panic!("{path} has {open}"));
    let (_, after) = rest.split_once("<!-- end -->\n").expect("an end");
    let current = format!("{before}{open}\n{}\n\n<!-- end -->\n{after}", text.trim());
    let differs = differs_from(&repository().join(path), &current);
    assert_eq!(
        differs, None,
        "GONGKAI_BLESS=1 cargo test manual rewrites {path}"
    );
}
