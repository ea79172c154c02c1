//! A standard as data: its tables, inputs, narrative, charts, sheets and glossary.
//!
//! Everything here is read from `standards/<id>/`; `docs/standards.md` is its language.

mod build;
pub mod builtin;
mod charts;
pub mod codes;
mod declare;
pub mod files;
pub mod gaps;
mod form;
mod names;
mod pattern;
mod read;
pub mod rule;
pub(crate) mod rules;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use declare::PartContent;

use crate::model::chart::ChartForm;
use crate::model::disclosure::{InputForm, Kind};
use crate::model::form::SharedForm;
pub use crate::model::glossary::Term;
use crate::model::narrative::NoPercent;
use crate::model::selector::Selector;
use crate::model::sheet::SheetForm;
use crate::model::title::Title;
use crate::source::{Location, Source};

pub(crate) use build::is_yaml;
pub use build::{load, load_partly};

/// One published form, ready to be used by any number of disclosures.
#[derive(Debug)]
pub struct Standard {
    /// Folder name.
    pub id: String,
    /// Name as printed.
    pub title: String,
    /// 预算 or 决算.
    pub kind: Kind,
    /// Regulation or form that it follows.
    pub origin: Option<String>,
    /// Tables in order.
    pub tables: Vec<SharedForm>,
    /// Position of each table by id.
    pub table_index: HashMap<Box<str>, usize>,
    /// Parts in order.
    pub parts: Vec<Part>,
    /// 关键指标 of the overview page.
    pub key_figures: Vec<KeyFigure>,
    /// A change of more percent than this wants a reason.
    pub outlier_percent: u32,
    /// What sentences say where there is no percentage.
    pub no_percent: Arc<NoPercent>,
    /// Total and 三公 total for home and directory.
    pub headline: Option<Headline>,
    /// Inputs in order.
    pub inputs: Vec<Arc<InputForm>>,
    /// Sections of the narrative in order.
    pub sections: Vec<SectionForm>,
    /// Charts in order.
    pub charts: Vec<ChartPlan>,
    /// Form of the sheets, if the standard has sheets.
    pub sheet: Option<Arc<SheetForm>>,
    /// 名词解释 in order.
    pub glossary: Arc<[Term]>,
    /// `glossary.md`
    pub glossary_source: Option<Source>,
    /// Code lists.
    pub codes: codes::Codes,
    /// Rules in order.
    pub rules: Vec<rule::Rule>,
    /// What its own faults keep it from telling.
    pub gaps: gaps::Gaps,
    /// Narrative templates by section id, compiled once.
    pub templates: tera::Tera,
}

/// One part (部分) of the document.
#[derive(Debug, Clone)]
pub struct Part {
    /// Identifier, also its anchor.
    pub id: String,
    /// Heading.
    pub title: Title,
    /// What it holds.
    pub content: PartContent,
}

/// One of the key figures.
#[derive(Debug, Clone)]
pub struct KeyFigure {
    /// Label.
    pub title: Title,
    /// The figure.
    pub value: Named,
    /// The same a year before.
    pub prior: Option<Named>,
    /// The input that says why it changed.
    pub reason: Option<Box<str>>,
}

/// Figures of home and directory.
#[derive(Debug, Clone)]
pub struct Headline {
    /// The total.
    pub total: Named,
    /// 三公经费
    pub three_public: Option<Named>,
}

/// A selector and where the standard writes it.
#[derive(Debug, Clone)]
pub struct Named {
    /// What is named.
    pub selector: Selector,
    /// Where it is named.
    pub location: Location,
}

/// One section of the narrative.
#[derive(Debug, Clone)]
pub struct SectionForm {
    /// Identifier, also the name of its file.
    pub id: Box<str>,
    /// Heading.
    pub title: Title,
    /// Table that must have figures for the section to be there.
    pub when: Option<Box<str>>,
    /// Its template.
    pub source: Source,
}

/// How a chart is made of cells.
#[derive(Debug, Clone)]
pub struct ChartPlan {
    /// Identifier.
    pub id: Box<str>,
    /// Title.
    pub title: Title,
    /// Ring or bars.
    pub form: ChartForm,
    /// The whole.
    pub total: Named,
    /// The parts.
    pub slices: SlicePlan,
}

/// Where the parts of a chart come from.
#[derive(Debug, Clone)]
pub enum SlicePlan {
    /// Rows of one level.
    Rows {
        /// Position of the table.
        table: usize,
        /// Position of the block.
        block: usize,
        /// Position of the column.
        column: usize,
        /// Level of the rows.
        level: u8,
    },
    /// Named cells.
    Cells(Vec<(Title, Named)>),
}

impl Standard {
    /// Identifiers of all sections, with those that cannot be made.
    #[must_use]
    pub fn section_ids(&self) -> Vec<Box<str>> {
        let own = self.sections.iter().map(|form| form.id.clone());
        let all: BTreeSet<Box<str>> = own.chain(self.gaps.sections.iter().cloned()).collect();
        all.into_iter().collect()
    }

    /// Identifiers of all charts, with those that cannot be made.
    #[must_use]
    pub fn chart_ids(&self) -> Vec<Box<str>> {
        let own = self.charts.iter().map(|plan| plan.id.clone());
        let all: BTreeSet<Box<str>> = own.chain(self.gaps.charts.iter().cloned()).collect();
        all.into_iter().collect()
    }

    /// Position of a table.
    #[must_use]
    pub fn table_position(&self, id: &str) -> Option<usize> {
        self.table_index.get(id).copied()
    }
}

/// A glossary file: one `##` heading a term, its explanation below.
fn terms(source: &Source) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for line in source.text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            terms.push(Term {
                name: name.trim().to_owned(),
                markdown: String::new(),
            });
        } else if let Some(term) = terms.last_mut() {
            term.markdown.push_str(line);
            term.markdown.push('\n');
        }
    }
    for term in &mut terms {
        term.markdown = term.markdown.trim().to_owned();
    }
    terms
}
