//! What an import knows beside the workbooks: the standard, who publishes, which year.

use super::header::{Wanted, wanted};
use super::title::Titles;
use crate::model::disclosure::{Disclosure, Entity, title_values};
use crate::model::title::TitleValues;
use crate::standard::Standard;

/// What every step of an import reads.
pub struct Context<'a> {
    /// The forms.
    pub standard: &'a Standard,
    /// Who publishes.
    pub entity: &'a Entity,
    /// What fills the titles of the forms.
    pub titles: TitleValues<'a>,
    /// The same, as texts of a sheet are held against them.
    pub known: Titles,
    /// For each table the columns that it wants.
    pub wanted: Vec<Vec<Wanted>>,
    /// The disclosure as it is before the import: rows keep their ids.
    pub before: Option<&'a Disclosure>,
}

impl<'a> Context<'a> {
    pub fn new(
        standard: &'a Standard,
        entity: &'a Entity,
        year: u16,
        before: Option<&'a Disclosure>,
    ) -> Self {
        let titles = title_values(entity, year);
        let forms = standard.tables.iter();
        Self {
            standard,
            entity,
            wanted: forms.map(|form| wanted(form, &titles)).collect(),
            known: Titles::new(&standard.tables, standard.kind, entity, &titles),
            titles,
            before,
        }
    }
}
