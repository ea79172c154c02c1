//! What home, entity pages and the sitemap know: the catalog.

use serde::Serialize;

use crate::model::catalog::CatalogEntry;
use crate::model::disclosure::{EntityKind, Printed, Status};
use crate::render::address::NARRATIVE_PAGE;
use crate::render::lookup::LOOKUP_PAGE;
use crate::render::mark::CHECKS_PAGE;
use crate::render::page::Link;

/// One entity with its disclosures.
#[derive(Debug, Clone, Serialize)]
pub struct EntityGroup {
    /// Folder.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Code in the budget.
    pub code: Option<String>,
    /// Name for narrow places.
    pub short_name: String,
    /// 部门 or 单位.
    pub kind_word: &'static str,
    /// Newest first.
    pub disclosures: Vec<DisclosureLink>,
}

impl EntityGroup {
    /// Day of the newest publication.
    #[must_use]
    pub fn latest(&self) -> Option<&str> {
        let days = self
            .disclosures
            .iter()
            .map(|link| link.published.as_deref());
        days.max().flatten()
    }
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
    /// Of the total, against last year.
    change: Option<String>,
    three_public: Option<Figure>,
    proof: Option<ProofLink>,
    /// Its main pages, relative to its folder.
    pages: Vec<Link>,
}

#[derive(Debug, Clone, Serialize)]
struct ProofLink {
    href: String,
    class: Box<str>,
    words: String,
}

/// What home shows: a few counts, then a table for each kind of entity.
#[derive(Debug, Clone, Serialize)]
pub struct Glance<'a> {
    disclosures: usize,
    /// `2025`, or `2021–2025`.
    years: String,
    latest: Option<&'a str>,
    kinds: Vec<KindGroup<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct KindGroup<'a> {
    /// 部门 or 单位.
    word: &'static str,
    entities: Vec<&'a EntityGroup>,
}

impl<'a> Glance<'a> {
    /// Groups by kind, departments first; within a kind the order stays.
    #[must_use]
    pub fn new(entities: &'a [EntityGroup]) -> Self {
        let all = || entities.iter().flat_map(|entity| &entity.disclosures);
        let mut kinds: Vec<KindGroup<'a>> = [EntityKind::Department, EntityKind::Unit]
            .map(|kind| KindGroup {
                word: kind.word(),
                entities: entities
                    .iter()
                    .filter(|entity| entity.kind_word == kind.word())
                    .collect(),
            })
            .into();
        kinds.retain(|kind| !kind.entities.is_empty());
        let (first, last) = (
            all().map(|link| link.year).min(),
            all().map(|link| link.year).max(),
        );
        Self {
            disclosures: all().count(),
            years: match (first, last) {
                (Some(first), Some(last)) if first == last => first.to_string(),
                (Some(first), Some(last)) => format!("{first}–{last}"),
                _ => String::new(),
            },
            latest: entities.iter().filter_map(EntityGroup::latest).max(),
            kinds,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct Figure {
    text: String,
    unit: Box<str>,
}

impl Figure {
    fn new(printed: &Printed) -> Self {
        Self {
            text: printed.text.clone(),
            unit: printed.unit.clone(),
        }
    }
}

/// The pages of a disclosure that an entity page leads to, where they are there.
fn main_pages(entry: &CatalogEntry) -> Vec<Link> {
    [
        ("index.html", "总览"),
        (NARRATIVE_PAGE, "情况说明"),
        ("projects.html", "项目绩效目标"),
        (CHECKS_PAGE, "勾稽核对"),
        ("full.html", "全文"),
    ]
    .into_iter()
    .filter(|(page, _)| entry.pages.iter().any(|known| **known == **page))
    .map(|(page, title)| Link::new(format!("{}/{page}", entry.folder), title))
    .collect()
}

/// Groups a catalog by entity, in the order of their folders.
#[must_use]
pub fn entities(catalog: &[&CatalogEntry]) -> Vec<EntityGroup> {
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
            change: entry.headline.change.clone(),
            proof: (!entry.proof.words.is_empty()).then(|| ProofLink {
                href: format!("{}/{CHECKS_PAGE}", entry.folder),
                class: entry.proof.class.clone(),
                words: entry.proof.words.clone(),
            }),
            pages: main_pages(entry),
            three_public: entry.headline.three_public.as_ref().map(Figure::new),
        };
        match groups.last_mut() {
            Some(group) if *group.id == *entry.entity_id => group.disclosures.insert(0, link),
            _ => groups.push(EntityGroup {
                id: entry.entity_id.to_string(),
                name: entry.entity_name.clone(),
                code: entry.entity_code.clone(),
                short_name: entry.entity_short_name.clone(),
                kind_word: entry.entity_kind.word(),
                disclosures: vec![link],
            }),
        }
    }
    groups
}
