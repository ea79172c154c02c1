//! What pages know of the corrections (更正) of a disclosure.

use serde::Serialize;

use crate::model::amount::grouped;
use crate::model::correction::{Change, Correction, Subject};
use crate::model::disclosure::Disclosure;
use crate::model::proof::At;
use crate::model::table::Value;
use crate::render::address::Edition;

/// The page of corrections.
pub const CORRECTIONS_PAGE: &str = "corrections.html";

/// How many corrections there are, for pages that lead to them.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionsView {
    count: usize,
    /// Day of the newest.
    latest: String,
}

impl CorrectionsView {
    /// `None` for a disclosure that was never corrected.
    #[must_use]
    pub fn new(disclosure: &Disclosure) -> Option<Self> {
        let latest = disclosure.corrections.first()?;
        Some(Self {
            count: disclosure.corrections.len(),
            latest: latest.date.clone(),
        })
    }
}

/// One correction as its page shows it.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView {
    anchor: String,
    date: String,
    reason: String,
    approval: Option<String>,
    /// The unit of all its figures; empty where they differ.
    unit: String,
    figures: Vec<FigureView>,
    texts: Vec<TextView>,
}

/// A figure that was corrected.
#[derive(Debug, Clone, Serialize)]
struct FigureView {
    /// Its table with its title, or what it stands in otherwise.
    table: String,
    href: Option<String>,
    row: String,
    column: String,
    was: String,
    now: String,
    /// With its sign; empty where one of them is no number.
    difference: String,
    #[serde(skip)]
    unit: String,
}

impl FigureView {
    /// Puts its unit behind each number.
    fn tell_units(&mut self) {
        for text in [&mut self.was, &mut self.now, &mut self.difference] {
            if !self.unit.is_empty() && text.ends_with(|last: char| last.is_ascii_digit()) {
                text.push('\u{a0}');
                text.push_str(&self.unit);
            }
        }
    }
}

/// A sentence, or whatever is no figure.
#[derive(Debug, Clone, Serialize)]
struct TextView {
    place: String,
    href: Option<String>,
    /// Empty for nothing.
    was: String,
    now: String,
}

impl TextView {
    fn new(place: &str, href: Option<String>, change: &Change) -> Self {
        Self {
            place: place.to_owned(),
            href,
            was: change.was.to_text(),
            now: change.now.to_text(),
        }
    }
}

/// Every correction, newest first, with links for an edition.
#[must_use]
pub fn corrections(disclosure: &Disclosure, edition: Edition) -> Vec<CorrectionView> {
    let all = disclosure.corrections.iter();
    all.map(|one| {
        View {
            disclosure,
            edition,
        }
        .correction(one)
    })
    .collect()
}

#[derive(Clone, Copy)]
struct View<'a> {
    disclosure: &'a Disclosure,
    edition: Edition,
}

impl View<'_> {
    fn correction(self, correction: &Correction) -> CorrectionView {
        let (mut figures, mut texts) = (Vec::new(), Vec::new());
        for change in &correction.changes {
            match &change.subject {
                Subject::Figure(at) if self.disclosure.is_text(at) => {
                    texts.push(TextView::new(
                        &self.disclosure.coordinates(at),
                        self.href(at),
                        change,
                    ));
                }
                Subject::Figure(at) => figures.push(self.figure(at, change)),
                Subject::Words(words) => texts.push(TextView::new(words, None, change)),
            }
        }
        let mut unit = figures
            .first()
            .map_or("", |one: &FigureView| &one.unit)
            .to_owned();
        if figures.iter().any(|one| one.unit != unit) {
            unit.clear();
        }
        if unit.is_empty() {
            figures.iter_mut().for_each(FigureView::tell_units);
        }
        CorrectionView {
            anchor: correction.anchor(),
            date: correction.date.clone(),
            reason: correction.reason.clone(),
            approval: correction.approval.clone(),
            unit,
            figures,
            texts,
        }
    }

    fn figure(self, at: &At, change: &Change) -> FigureView {
        let disclosure = self.disclosure;
        let [table, row, column] = place(disclosure, at);
        FigureView {
            table,
            href: self.href(at),
            row,
            column,
            was: disclosure.shown_at(at, &change.was),
            now: disclosure.shown_at(at, &change.now),
            difference: difference(disclosure, at, change).unwrap_or_default(),
            unit: disclosure.operand_unit(at).to_owned(),
        }
    }

    /// Where a figure stands today.
    fn href(self, at: &At) -> Option<String> {
        let disclosure = self.disclosure;
        match (at, self.edition) {
            (At::Fund { sheet, .. }, Edition::Pages) => Some(disclosure.sheets[*sheet].page()),
            (At::Cell(cell), edition) if !disclosure.around(*cell).column.is_addressed() => {
                let around = disclosure.around(*cell);
                let form = &around.table.form;
                let row = edition.row(form.position, &around.block.id, &around.row.id);
                Some(match edition {
                    Edition::Pages => format!("{}#{row}", form.page()),
                    Edition::Full => format!("#{row}"),
                })
            }
            _ => self
                .edition
                .href(disclosure, &disclosure.operand_selector(at)?),
        }
    }
}

/// Table, row and column in words.
fn place(disclosure: &Disclosure, at: &At) -> [String; 3] {
    match at {
        At::Cell(cell) => {
            let around = disclosure.around(*cell);
            let block = disclosure.block_words(cell.table, cell.block);
            let row = match &around.row.code {
                Some(code) => format!("{code} {}", around.row.name),
                None => around.row.name.to_string(),
            };
            let column = around.column.title.fill(&disclosure.title_values());
            [format!("{block} {}", around.table.title), row, column]
        }
        At::Fund { sheet, phase, line } => {
            let name = disclosure.sheets[*sheet].name.clone();
            let (mut period, mut source) = (String::new(), String::new());
            if let Some(form) = &disclosure.sheet_form {
                let form_phase = &form.phases[*phase];
                period.push_str(if *line == 0 {
                    &form_phase.total
                } else {
                    &form_phase.title
                });
                if let Some(found) = line.checked_sub(1).and_then(|at| form.sources.get(at)) {
                    source.push_str(&found.title);
                }
            }
            [format!("绩效目标表「{name}」"), period, source]
        }
        At::Input(input) => {
            let title = disclosure.inputs[*input].form.title.clone();
            ["表外数据".to_owned(), title, String::new()]
        }
        At::Number(..) | At::Share(..) | At::Text(_) => Default::default(),
    }
}

/// Now minus then, exactly and in the unit of the page; `None` where one of them is no number.
fn difference(disclosure: &Disclosure, at: &At, change: &Change) -> Option<String> {
    let value = match (&change.now, &change.was) {
        (Value::Amount(now), Value::Amount(was)) => {
            let unit = disclosure.operand_money(at).unwrap_or(now.unit());
            now.minus(*was)?.in_unit(unit)?.value()
        }
        (now, was) => now.number()?.checked_sub(was.number()?)?,
    };
    let plus = if value.is_sign_negative() || value.is_zero() {
        ""
    } else {
        "+"
    };
    Some(format!("{plus}{}", grouped(value)))
}
