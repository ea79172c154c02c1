//! One disclosure folder as written: every file parsed, nothing understood yet.

use std::collections::BTreeMap;

use crate::digest::{Digest, Parts};
use crate::model::disclosure::Kind;
use crate::source::Source;
use crate::yaml::Node;

/// The files of one disclosure as written.
#[derive(Debug)]
pub struct Draft {
    /// Folder of the entity.
    pub entity_id: Box<str>,
    /// Year of the folder's name.
    pub year: u16,
    /// Kind of the folder's name.
    pub kind: Kind,
    /// `entity.yaml`
    pub entity: Document,
    /// `disclosure.yaml`
    pub head: Document,
    /// Whether every file could be listed; what is missing otherwise has been reported.
    pub listed: bool,
    /// `tables/*.yaml`
    pub tables: Vec<Document>,
    /// `projects/*.yaml`
    pub projects: Vec<Document>,
    /// `overview.md`
    pub overview: Option<Source>,
    /// `waivers.yaml`
    pub waivers: Option<Document>,
    /// `corrections.yaml`
    pub corrections: Option<Document>,
    /// `narrative/*.md` by name.
    pub narrative: BTreeMap<String, Source>,
}

impl Draft {
    /// Of the names and texts of all its files.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let documents = [&self.entity, &self.head].into_iter();
        let documents = documents
            .chain(&self.tables)
            .chain(&self.projects)
            .chain(&self.waivers)
            .chain(&self.corrections);
        let sources = documents.map(|document| &document.source);
        let mut parts = Parts::default();
        for source in sources.chain(&self.overview).chain(self.narrative.values()) {
            parts.add(&source.path).add_text(&source.text);
        }
        parts.finish()
    }
}

/// One YAML file as written.
#[derive(Debug)]
pub struct Document {
    /// File name without its ending.
    pub stem: String,
    /// The file.
    pub source: Source,
    /// Its values; `None` when it could not be read, which has been reported.
    pub node: Option<Node>,
}
