//! 名词解释: the terms that a standard explains.

/// One term of the glossary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Term {
    /// The term.
    pub name: String,
    /// Its explanation in Markdown.
    pub markdown: String,
}
