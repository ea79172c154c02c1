//! What a site knows of a disclosure without loading it again.

use serde::{Deserialize, Serialize};

use super::disclosure::{Disclosure, EntityKind, Headline, Kind, Status};

/// What one disclosure leaves behind for home, directory and sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogEntry {
    /// Folder of the entity.
    pub entity_id: Box<str>,
    /// Full name of the entity.
    pub entity_name: String,
    /// Name for narrow places.
    pub entity_short_name: String,
    /// Code in the budget.
    pub entity_code: Option<String>,
    /// Department or unit.
    pub entity_kind: EntityKind,
    /// Year.
    pub year: u16,
    /// 预算 or 决算.
    pub kind: Kind,
    /// Draft, review, approved.
    pub status: Status,
    /// Day of publication.
    pub published: Option<String>,
    /// `2025年部门预算`
    pub title: String,
    /// Folder of its pages.
    pub folder: String,
    /// Totals.
    pub headline: Headline,
    /// What the proof came to.
    pub proof: ProofSummary,
    /// 更正, newest first.
    pub corrections: Vec<CorrectionEntry>,
    /// Its pages, relative to the folder.
    pub pages: Vec<Box<str>>,
    /// Bytes written.
    pub bytes: u64,
    /// Whether the search finds it.
    pub is_found: bool,
    /// Its standard.
    pub standard: Box<str>,
}

/// What the feed says of a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionEntry {
    /// Its anchor on the page of corrections.
    pub anchor: String,
    /// Day on which it was published.
    pub date: String,
    /// Why.
    pub reason: String,
}

/// What home and directory say of a proof.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofSummary {
    /// Class of the worst verdict.
    pub class: Box<str>,
    /// A few words; empty when there is nothing to prove.
    pub words: String,
}

impl CatalogEntry {
    /// Whether search engines may find its pages.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.status == Status::Approved
    }

    /// The entry of a disclosure whose pages have been made.
    #[must_use]
    pub fn new(
        disclosure: &Disclosure,
        proof: ProofSummary,
        pages: Vec<Box<str>>,
        bytes: u64,
    ) -> Self {
        let entity = &disclosure.entity;
        Self {
            entity_id: entity.id.clone(),
            entity_name: entity.name.clone(),
            entity_short_name: entity.short_name.clone(),
            entity_code: entity.code.clone(),
            entity_kind: entity.kind,
            year: disclosure.year,
            kind: disclosure.kind,
            status: disclosure.status,
            published: disclosure.published.clone(),
            title: disclosure.short_title(),
            folder: disclosure.folder(),
            headline: disclosure.headline.clone(),
            proof,
            corrections: disclosure
                .corrections
                .iter()
                .map(|one| CorrectionEntry {
                    anchor: one.anchor(),
                    date: one.date.clone(),
                    reason: one.reason.clone(),
                })
                .collect(),
            pages,
            bytes,
            is_found: false,
            standard: Box::default(),
        }
    }
}
