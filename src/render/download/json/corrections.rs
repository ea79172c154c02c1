//! The corrections of `data.json`.

use serde::Serialize;

use super::{data_text, rows};
use crate::model::correction::{Change, Subject};
use crate::model::disclosure::Disclosure;

/// A correction.
#[derive(Serialize)]
pub struct CorrectionData<'a> {
    id: &'a str,
    date: &'a str,
    reason: &'a str,
    approval: Option<&'a str>,
    #[serde(serialize_with = "rows")]
    changes: Vec<ChangeData>,
}

/// What was corrected: a selector for what has a cell, and always words.
#[derive(Serialize)]
struct ChangeData {
    at: Option<String>,
    #[serde(rename = "where")]
    place: String,
    was: Option<String>,
    now: Option<String>,
}

/// Every correction, newest first.
pub fn corrections(disclosure: &Disclosure) -> Vec<CorrectionData<'_>> {
    let all = disclosure.corrections.iter();
    all.map(|one| CorrectionData {
        id: &one.id,
        date: &one.date,
        reason: &one.reason,
        approval: one.approval.as_deref(),
        changes: one
            .changes
            .iter()
            .map(|change| data(disclosure, change))
            .collect(),
    })
    .collect()
}

fn data(disclosure: &Disclosure, change: &Change) -> ChangeData {
    let (at, place) = match &change.subject {
        Subject::Figure(at) => (disclosure.operand_name(at), disclosure.coordinates(at)),
        Subject::Words(words) => (None, words.to_string()),
    };
    ChangeData {
        at,
        place,
        was: data_text(&change.was),
        now: data_text(&change.now),
    }
}
