//! Every code that the program can report has a case that reports it.

use std::collections::{BTreeMap, BTreeSet};

use super::expected_folder;
use crate::support::{repository, tree};

/// Codes whose cases are still to be written.
const WITHOUT_CASE: &[&str] = &[
    "bound-exceeded",
    "count-mismatch",
    "fact-mismatch",
    "release-status",
    "required-missing",
    "rule-invalid",
    "share-mismatch",
    "sum-improbable",
    "sum-mismatch",
    "sum-rounding",
    "tree-mismatch",
    "waiver-expired",
    "waiver-incomplete",
    "waiver-unused",
];

#[test]
fn every_code_of_the_program_has_a_case() {
    let mut shown = shown();
    for code in WITHOUT_CASE {
        assert!(shown.insert((*code).to_owned()), "{code} has a case");
    }
    let missing: Vec<String> = codes()
        .into_iter()
        .filter(|(code, _)| !shown.contains(code))
        .map(|(code, file)| format!("{code} ({file})"))
        .collect();
    assert!(missing.is_empty(), "no case for {}", missing.join(", "));
}

#[test]
fn the_search_for_codes_finds_each_way_to_report() {
    let codes = codes();
    for code in [
        "encoding",        // Diagnostic::error, code on its own line
        "amount-decimals", // reader.warning
        "amount-tidied",   // Diagnostic::note
        "yaml-alias",      // self.fault
        "entity-missing",  // fault, code behind other arguments
        "sum-mismatch",    // self.compare
        "pair-unknown",    // self.enter
        "sum-rounding",    // one of a tuple of code and severity
        "chart-cell",      // absent, a function of the checks
        "markdown-html",   // one of a tuple of code, message and hint
    ] {
        assert!(codes.contains_key(code), "{code}");
    }
}

/// Codes in the sources, with a file that has them.
pub fn codes() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for (file, bytes) in tree(&repository().join("src")) {
        let text = String::from_utf8(bytes).expect("sources are UTF-8");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        // What stands around a code tells it from other texts.
        let pieces: Vec<&str> = text.split('"').collect();
        for literal in 1..pieces.len() {
            let (before, code) = (pieces[literal - 1].trim_end(), pieces[literal]);
            let after = pieces
                .get(literal + 1)
                .map_or("", |piece| piece.trim_start());
            let given = CALLS.iter().any(|call| before.ends_with(call));
            let joined = code.contains('-') && (before.ends_with("fault(") || reports_next(after));
            if is_code(code) && (given || joined) {
                codes.insert(code.to_owned(), file.clone());
            }
        }
    }
    codes
}

/// What takes a code first.
const CALLS: [&str; 9] = [
    "::error(",
    "::warning(",
    "::note(",
    "finding(",
    ".compare(",
    ".enter(",
    ".error(",
    ".warning(",
    "absent(",
];

fn reports_next(after: &str) -> bool {
    after.strip_prefix(',').is_some_and(|rest| {
        ["say!(", "Severity::", "self.rule.severity"]
            .iter()
            .any(|next| rest.trim_start().starts_with(next))
    })
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

/// Codes that the expected texts show.
fn shown() -> BTreeSet<String> {
    let mut shown = BTreeSet::new();
    for (_, bytes) in tree(&expected_folder()) {
        let text = String::from_utf8(bytes).expect("expected texts are UTF-8");
        for line in text.lines() {
            for word in ["错误[", "警告[", "提示[", "error[", "warning[", "note["] {
                let code = line
                    .strip_prefix(word)
                    .and_then(|rest| rest.split_once(']'));
                shown.extend(code.map(|(code, _)| code.to_owned()));
            }
        }
    }
    shown
}
