//! Where a figure is shown, as links between pages or inside the one printable page.

use crate::model::disclosure::{Disclosure, row_anchor};
use crate::model::selector::Selector;
use crate::model::table::Value;

/// Page that shows inputs.
pub const NARRATIVE_PAGE: &str = "narrative.html";

/// Put before ids of charts, so that a section of the narrative may have the same name.
pub const CHART_IDS: &str = "chart-";

/// Which document links are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// One page a table.
    Pages,
    /// `full.html`, everything on one page.
    Full,
}

impl Edition {
    /// Put before anchors of a table, so that they differ on the one page: `t03-`.
    #[must_use]
    pub fn table_prefix(self, position: usize) -> String {
        match self {
            Self::Pages => String::new(),
            Self::Full => format!("t{position:02}-"),
        }
    }

    /// Address of a figure; `None` when the disclosure has no such table, or when the input is blank
    /// and so not listed.
    #[must_use]
    pub fn href(self, disclosure: &Disclosure, at: &Selector) -> Option<String> {
        let anchor = at.anchor();
        match (at, self) {
            (Selector::Input(_), _) if disclosure.find(at)?.cell().value == Value::Blank => None,
            (Selector::Input(_), Self::Pages) => Some(format!("{NARRATIVE_PAGE}#{anchor}")),
            (Selector::Input(_), Self::Full) => Some(format!("#{anchor}")),
            (Selector::Cell { table, .. }, edition) => {
                let form = &disclosure.tables[disclosure.table_position(table)?].form;
                Some(match edition {
                    Self::Pages => format!("{}#{anchor}", form.page()),
                    Self::Full => format!("#{}{anchor}", self.table_prefix(form.position)),
                })
            }
        }
    }

    /// Anchor of a row.
    #[must_use]
    pub fn row(self, position: usize, block: &str, row: &str) -> String {
        format!("{}{}", self.table_prefix(position), row_anchor(block, row))
    }
}
