//! One disclosure folder as written: every file parsed, nothing understood yet.

use std::collections::BTreeMap;

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
    /// `narrative/*.md` by name.
    pub narrative: BTreeMap<String, Source>,
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
