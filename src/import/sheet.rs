//! A performance sheet of an export as a file below `projects/`.

use std::fmt::Write as _;

use super::exported::{FundData, SheetData, TextData};
use crate::lay::NewFile;
use crate::model::selector::is_id;
use crate::skeleton::{figure, scalar};

/// The file, with its path below the folder of the disclosure. `None` where a key in it could not stand
/// in a file: an export may come from anywhere.
pub fn file(sheet: &SheetData) -> Option<NewFile> {
    let texts = [&sheet.facts, &sheet.texts, &sheet.goals]
        .into_iter()
        .flatten();
    let funds = sheet
        .funds
        .iter()
        .flat_map(|fund| [&fund.phase, &fund.source]);
    let values = sheet.indicators.iter().flat_map(|one| one.values.keys());
    let mut keys = texts.map(|text| &text.id).chain(funds).chain(values);
    if !keys.all(|key| is_id(key)) {
        return None;
    }
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line(format!("name: {}", scalar(&sheet.name)));
    for fact in &sheet.facts {
        line(format!("{}: {}", fact.id, scalar(&fact.text)));
    }
    if !sheet.rows.is_empty() {
        let rows: Vec<String> = sheet.rows.iter().map(|row| scalar(row)).collect();
        line(format!("rows: [{}]", rows.join(", ")));
    }
    line("funds:".to_owned());
    for (phase, funds) in phases(&sheet.funds) {
        line(format!("  {phase}: {{{}}}", funds.join(", ")));
    }
    for (key, texts) in [("texts", &sheet.texts), ("goals", &sheet.goals)] {
        line(head(key, texts));
        for TextData { id, text } in texts {
            line(format!("  {id}: {}", scalar(text)));
        }
    }
    if sheet.indicators.is_empty() {
        line("indicators: []".to_owned());
    } else {
        line("indicators:".to_owned());
    }
    for indicator in &sheet.indicators {
        let mut cells = vec![
            format!("level1: {}", scalar(&indicator.level1)),
            format!("level2: {}", scalar(&indicator.level2)),
            format!("level3: {}", scalar(&indicator.level3)),
        ];
        let values = indicator.values.iter();
        let values = values.filter_map(|(phase, value)| Some((phase, value.as_ref()?)));
        cells.extend(values.map(|(phase, value)| format!("{phase}: {}", scalar(value))));
        line(format!("  - {{{}}}", cells.join(", ")));
    }
    Some(NewFile::text(format!("projects/{}.yaml", sheet.id), text))
}

fn head(key: &str, texts: &[TextData]) -> String {
    let nothing = if texts.is_empty() { " {}" } else { "" };
    format!("{key}:{nothing}")
}

/// The funds of each phase as they are written, in their order.
fn phases(funds: &[FundData]) -> Vec<(&str, Vec<String>)> {
    let mut phases: Vec<(&str, Vec<String>)> = Vec::new();
    for fund in funds {
        if phases.last().is_none_or(|(phase, _)| *phase != fund.phase) {
            phases.push((&fund.phase, Vec::new()));
        }
        let written = fund
            .value
            .as_ref()
            .map(|value| format!("{}: {}", fund.source, figure(value)));
        if let Some((_, own)) = phases.last_mut() {
            own.extend(written);
        }
    }
    phases
}
