//! One disclosure folder as written: every file parsed, nothing understood yet.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Files and folders that could not be read or listed, by their path in the folder; the folder itself is `.`. Each has
    /// been reported. YAML files say so themselves.
    pub unread: BTreeSet<String>,
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
    /// Whether a file or folder may be there and could not be read.
    #[must_use]
    pub fn is_unread(&self, path: &str) -> bool {
        let folder = path.split_once('/').map_or(".", |(folder, _)| folder);
        [path, folder, "."]
            .iter()
            .any(|path| self.unread.contains(*path))
    }

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

impl Document {
    /// The text of a key of the file as a whole, as its line looks: what can still be told of a file that cannot be read.
    /// `None` where no line has the key, or several have.
    #[must_use]
    pub fn as_written(&self, key: &str) -> Option<&str> {
        let of_key = |line: &&str| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        };
        let mut lines = self.source.text.lines().filter(of_key);
        let line = lines.next().filter(|_| lines.next().is_none())?;
        let text = line[key.len() + 1..].split(" #").next()?.trim();
        let text = text.trim_matches(['"', '\'']);
        (!text.is_empty()).then_some(text)
    }
}
