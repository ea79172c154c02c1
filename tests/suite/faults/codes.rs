//! Every code that the program can report has a case that reports it.

use std::collections::{BTreeMap, BTreeSet};

use super::expected_folder;
use crate::findings;
use crate::support::{repository, tree};

#[test]
fn every_code_of_the_program_has_a_case() {
    let mut shown = shown();
    shown.extend(findings::shown());
    let missing: Vec<String> = codes()
        .into_iter()
        .filter(|(code, _)| !shown.contains(code))
        .map(|(code, found)| format!("{code} ({})", found.file))
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
        "stale-year",      // Verdict::finding
    ] {
        assert!(codes.contains_key(code), "{code}");
    }
    assert!(codes["stale-year"].finding && !codes["encoding"].finding);
}

/// Where a code stands in the sources.
pub struct Found {
    file: String,
    /// Whether it is a finding: data that can be read, but should not be published.
    finding: bool,
}

/// Codes of findings.
pub fn finding_codes() -> Vec<String> {
    let codes = codes().into_iter();
    codes
        .filter(|(_, found)| found.finding)
        .map(|(code, _)| code)
        .collect()
}

/// Codes in the sources. A finding is made by one of [`FINDINGS`], its code first, or of a code with
/// its severity beside it.
pub fn codes() -> BTreeMap<String, Found> {
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
            let given = FAULTS.iter().any(|call| before.ends_with(call));
            let finding = FINDINGS.iter().any(|call| before.ends_with(call))
                || code.contains('-') && judges_next(after);
            let joined = code.contains('-') && (before.ends_with("fault(") || reports_next(after));
            if is_code(code) && (given || joined || finding) {
                let file = file.clone();
                codes.insert(code.to_owned(), Found { file, finding });
            }
        }
    }
    codes
}

/// What takes the code of a fault first.
const FAULTS: [&str; 6] = [
    "::error(",
    "::warning(",
    "::note(",
    ".error(",
    ".warning(",
    "absent(",
];

/// What takes the code of a finding first.
const FINDINGS: [&str; 3] = ["finding(", ".compare(", ".enter("];

fn reports_next(after: &str) -> bool {
    next_starts(after, &["say!("])
}

/// Whether a severity stands beside the code.
fn judges_next(after: &str) -> bool {
    next_starts(after, &["Severity::", "self.rule().severity"])
}

fn next_starts(after: &str, words: &[&str]) -> bool {
    after
        .strip_prefix(',')
        .is_some_and(|rest| words.iter().any(|word| rest.trim_start().starts_with(word)))
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
