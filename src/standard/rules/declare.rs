//! `rules.yaml` as written: one struct a kind of rule, unknown keys refused.

use serde::Deserialize;

/// `rules.yaml`, and every file of `rules/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesFile {
    #[serde(default)]
    pub rules: Vec<RuleDecl>,
}

/// One of `rules`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDecl {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub severity: SeverityDecl,
    #[serde(default)]
    pub each: Option<String>,
    #[serde(default)]
    pub when: OneOrMany,
    #[serde(default)]
    pub unless: OneOrMany,
    #[serde(default)]
    pub equal: Option<EqualDecl>,
    #[serde(default)]
    pub tree: Option<TreeDecl>,
    #[serde(default)]
    pub same: Option<SameDecl>,
    #[serde(default)]
    pub share: Option<ShareDecl>,
    #[serde(default)]
    pub bound: Option<BoundDecl>,
    #[serde(default)]
    pub count: Option<CountDecl>,
    #[serde(default)]
    pub required: Option<RequiredDecl>,
    #[serde(default)]
    pub pair: Option<PairDecl>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeverityDecl {
    #[default]
    Error,
    Warning,
    Note,
}

/// One word or a list of them; a number counts as a word.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    #[default]
    None,
    One(Word),
    Many(Vec<Word>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Word {
    Text(String),
    Number(i64),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EqualDecl {
    pub left: OneOrMany,
    pub right: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum TreeDecl {
    Block(String),
    Total(TotalDecl),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalDecl {
    pub table: String,
    pub total: String,
}

/// One fact as a list of places, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum SameDecl {
    One(Vec<String>),
    Many(Vec<Vec<String>>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareDecl {
    pub part: OneOrMany,
    pub of: OneOrMany,
    pub is: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundDecl {
    pub left: OneOrMany,
    #[serde(default)]
    pub at_most: OneOrMany,
    #[serde(default)]
    pub at_least: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountDecl {
    #[serde(default)]
    pub rows: Option<String>,
    #[serde(default)]
    pub figures: OneOrMany,
    #[serde(default)]
    pub sheets: bool,
    #[serde(default)]
    pub units: bool,
    #[serde(default)]
    pub distinct: OneOrMany,
    pub is: Word,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredDecl {
    #[serde(default)]
    pub table: OneOrMany,
    #[serde(default)]
    pub note: OneOrMany,
    #[serde(default)]
    pub section: OneOrMany,
    #[serde(default)]
    pub chart: OneOrMany,
    #[serde(default)]
    pub overview: bool,
    #[serde(default)]
    pub sheets: bool,
    #[serde(default)]
    pub input: OneOrMany,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub now: Option<String>,
    #[serde(default)]
    pub before: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairDecl {
    pub of: OneOrMany,
    #[serde(rename = "in")]
    pub list: String,
}

impl Word {
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl OneOrMany {
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(word) => vec![word.text()],
            Self::Many(words) => words.iter().map(Word::text).collect(),
        }
    }
}
