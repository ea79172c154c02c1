//! `data.json` as a comparison reads it; what it does not compare is left out. `docs/data-json.md`.

use serde::Deserialize;

/// A disclosure.
#[derive(Debug, Clone, Deserialize)]
pub struct Data {
    /// 阳泉市退役军人事务局2025年部门预算公开
    pub title: String,
    /// Who.
    pub entity: Entity,
    /// `draft`, `review`, `approved`
    pub status: String,
    /// Day of publication.
    pub published: Option<String>,
    /// Name of the original document.
    pub source: Option<String>,
    /// Which form it follows.
    pub standard: Standard,
    /// Tables in printed order.
    pub tables: Vec<Table>,
    /// Values that stand in no table.
    pub inputs: Vec<Input>,
    /// Performance sheets.
    pub sheets: Vec<Sheet>,
    /// 概况 as plain text.
    pub overview: Option<String>,
    /// 情况说明
    pub sections: Vec<Section>,
    /// 勾稽核对
    pub checks: Vec<Rule>,
    /// 更正; none in files of versions that had none.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

/// Who publishes.
#[derive(Debug, Clone, Deserialize)]
pub struct Entity {
    /// Code in the budget.
    pub code: Option<String>,
    /// `department` or `unit`.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// Name for narrow places.
    pub short_name: String,
    /// Region.
    pub region: Option<String>,
    /// Units that belong to it.
    pub units: Vec<Unit>,
}

/// A budget unit.
#[derive(Debug, Clone, Deserialize)]
pub struct Unit {
    /// Identifier.
    pub id: String,
    /// Full name.
    pub name: String,
    /// 单位性质
    pub nature: Option<String>,
}

/// The standard.
#[derive(Debug, Clone, Deserialize)]
pub struct Standard {
    /// Its title.
    pub title: String,
}

/// A table.
#[derive(Debug, Clone, Deserialize)]
pub struct Table {
    /// Identifier.
    pub id: String,
    /// 表三
    pub number: String,
    /// Title.
    pub title: String,
    /// Its page.
    pub page: String,
    /// Reason of an empty table.
    pub no_data: Option<String>,
    /// Notes below it.
    pub notes: Vec<String>,
    /// Blocks.
    pub blocks: Vec<Block>,
}

/// A block of a table.
#[derive(Debug, Clone, Deserialize)]
pub struct Block {
    /// Identifier; empty where the table has one block.
    pub id: String,
    /// Title; empty likewise.
    pub title: String,
    /// Printed columns.
    pub columns: Vec<Column>,
    /// Printed rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
pub struct Column {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// `amount`, `percent`, `count`, `text` …
    pub kind: String,
    /// Unit of its figures.
    pub unit: Option<String>,
}

/// A row.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Classification code.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Depth; 0 for a total.
    pub level: u8,
    /// Cells by column; `None` for a blank.
    pub cells: serde_json::Map<String, serde_json::Value>,
}

/// A value that stands in no table.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    /// Identifier.
    pub id: String,
    /// What it is.
    pub title: String,
    /// `amount`, `count`, `percent`, `text`
    pub kind: String,
    /// Unit.
    pub unit: Option<String>,
    /// Value.
    pub value: Option<String>,
}

/// A performance sheet.
#[derive(Debug, Clone, Deserialize)]
pub struct Sheet {
    /// Identifier.
    pub id: String,
    /// Name of the project.
    pub name: String,
    /// Its page.
    pub page: String,
    /// Unit of its funds.
    pub unit: String,
    /// Rows of tables that it belongs to.
    pub rows: Vec<String>,
    /// Facts.
    pub facts: Vec<Headed>,
    /// Funds by phase and source.
    pub funds: Vec<Fund>,
    /// Texts.
    pub texts: Vec<Headed>,
    /// Goals.
    pub goals: Vec<Headed>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
}

/// A headed text.
#[derive(Debug, Clone, Deserialize)]
pub struct Headed {
    /// Identifier.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Text.
    pub text: String,
}

/// Funds of a sheet.
#[derive(Debug, Clone, Deserialize)]
pub struct Fund {
    /// Phase.
    pub phase: String,
    /// `total`, or a source.
    pub source: String,
    /// As printed.
    pub title: String,
    /// Value.
    pub value: Option<String>,
}

/// An indicator of a sheet.
#[derive(Debug, Clone, Deserialize)]
pub struct Indicator {
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub level3: String,
    /// Value by phase.
    pub values: serde_json::Map<String, serde_json::Value>,
}

/// A section of the narrative.
#[derive(Debug, Clone, Deserialize)]
pub struct Section {
    /// Identifier.
    pub id: String,
    /// Heading with its number.
    pub title: String,
    /// Sentences.
    pub sentences: Vec<Sentence>,
}

/// A sentence.
#[derive(Debug, Clone, Deserialize)]
pub struct Sentence {
    /// Text.
    pub text: String,
    /// Selectors of its figures.
    pub figures: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, Deserialize)]
pub struct Rule {
    /// Identifier.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// Relations that it came to.
    pub relations: Vec<Relation>,
}

/// A relation.
#[derive(Debug, Clone, Deserialize)]
pub struct Relation {
    /// Operands of the left side.
    pub left: Vec<String>,
    /// `=`, `≤` …
    pub sign: String,
    /// Operands of the right side.
    pub right: Vec<String>,
    /// `exact`, `rounding`, `improbable`, `broken`
    pub verdict: String,
    /// What it comes to where it does not hold exactly.
    #[serde(default)]
    pub open: Option<Open>,
}

/// What a relation that does not hold exactly comes to.
#[derive(Debug, Clone, Deserialize)]
pub struct Open {
    /// Row, column or sheet of it.
    pub label: String,
    /// Left minus right.
    pub difference: Option<String>,
    /// Unit of the difference.
    pub unit: Option<String>,
    /// Answered by a waiver.
    pub waived: bool,
}

/// A correction.
#[derive(Debug, Clone, Deserialize)]
pub struct Correction {
    /// Identifier.
    pub id: String,
    /// Day of publication.
    pub date: String,
    /// Why.
    pub reason: String,
    /// The document that approved it.
    pub approval: Option<String>,
    /// What was corrected.
    pub changes: Vec<Corrected>,
}

/// What was corrected.
#[derive(Debug, Clone, Deserialize)]
pub struct Corrected {
    /// In words.
    #[serde(rename = "where")]
    pub place: String,
    /// What stood there.
    pub was: Option<String>,
    /// What stands there since then.
    pub now: Option<String>,
}
