//! What the page of one table knows beside its disclosure.

use serde::Serialize;

use crate::model::disclosure::Disclosure;
use crate::render::page::Link;
use crate::render::view::checks::{TableRule, rules_of};

/// The table of a page and its neighbours.
#[derive(Debug, Clone, Serialize)]
pub struct TablePage {
    /// Position in the disclosure's list of tables, from 0.
    position: usize,
    previous: Option<Link>,
    next: Option<Link>,
    /// Rules that have an operand in it.
    rules: Vec<TableRule>,
}

impl TablePage {
    /// The page of the table at `position`.
    #[must_use]
    pub fn new(disclosure: &Disclosure, position: usize) -> Self {
        let link = |at: usize| {
            let table = disclosure.tables.get(at)?;
            let form = &table.form;
            Some(Link::new(
                form.page(),
                format!("{} {}", form.number, table.title),
            ))
        };
        Self {
            position,
            previous: position.checked_sub(1).and_then(link),
            next: link(position + 1),
            rules: rules_of(&disclosure.proof, position),
        }
    }
}
