//! What home, entity pages and the sitemap know: the catalog.

use serde::Serialize;

use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::{Printed, Status};
use crate::render::lookup::LOOKUP_PAGE;

/// One entity with its disclosures.
#[derive(Debug, Clone, Serialize)]
pub struct EntityGroup {
    /// Folder.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Code in the budget.
    pub code: Option<String>,
    /// 部门 or 单位.
    pub kind_word: &'static str,
    /// Newest first.
    pub disclosures: Vec<DisclosureLink>,
}

/// A disclosure in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureLink {
    /// Address from the root of the output.
    pub href: String,
    /// Its lookup page, likewise.
    lookup: String,
    /// `2025年部门预算`
    pub title: String,
    year: u16,
    published: Option<String>,
    draft: bool,
    total: Option<Figure>,
    three_public: Option<Figure>,
}

#[derive(Debug, Clone, Serialize)]
struct Figure {
    text: String,
    unit: &'static str,
}

impl Figure {
    fn new(printed: &Printed) -> Self {
        Self {
            text: printed.text.clone(),
            unit: printed.unit,
        }
    }
}

/// Groups a catalog by entity, in the order of their folders.
#[must_use]
pub fn entities(catalog: &[CatalogEntry]) -> Vec<EntityGroup> {
    let mut groups: Vec<EntityGroup> = Vec::new();
    for entry in catalog {
        let link = DisclosureLink {
            href: format!("{}/index.html", entry.folder),
            lookup: format!("{}/{LOOKUP_PAGE}", entry.folder),
            title: entry.title.clone(),
            year: entry.year,
            published: entry.published.clone(),
            draft: entry.status != Status::Approved,
            total: entry.headline.total.as_ref().map(Figure::new),
            three_public: entry.headline.three_public.as_ref().map(Figure::new),
        };
        match groups.last_mut() {
            Some(group) if *group.id == *entry.entity_id => group.disclosures.insert(0, link),
            _ => groups.push(EntityGroup {
                id: entry.entity_id.to_string(),
                name: entry.entity_name.clone(),
                code: entry.entity_code.clone(),
                kind_word: entry.entity_kind.word(),
                disclosures: vec![link],
            }),
        }
    }
    groups
}
