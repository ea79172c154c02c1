//! `entity.yaml`, `disclosure.yaml` and `overview.md` of a new disclosure.

use std::fmt::Write as _;

use super::scalar::scalar;
use super::table::figure;
use crate::model::disclosure::{Disclosure, Entity, InputForm, InputKind, Unit};
use crate::model::form::ColumnKind;
use crate::model::selector::Found;
use crate::model::table::{Cell, Value};
use crate::model::title::TitleValues;
use crate::standard::{PartContent, Standard};

/// Columns before the comment behind a value.
const COMMENT: usize = 34;

/// `entity.yaml` of an entity that the site does not have yet: its name, its code if known, and its units.
pub fn entity(name: &str, code: Option<&str>, units: &[Unit]) -> String {
    let code = code.map_or_else(String::new, scalar);
    let name = scalar(name);
    let mut text = format!(
        "# 公开的主体：部门，或部门下的单位
code: {code}                      # 预算代码，加引号，如 \"067\"；没有就不写
name: {name}
short_name:                # 简称，用在窄的地方；不写就用全称
kind: department           # department 部门 | unit 单位
region:                    # 所在的地区，如 某某市；用来核对「省直」「我县」一类的词
units:                     # 所属单位，含本级；表里的单位名称与这里一致
"
    );
    for Unit { id, name, nature } in units {
        let (id, name) = (scalar(id), scalar(name));
        let nature = nature
            .as_ref()
            .map(|nature| format!(", nature: {}", scalar(nature)));
        let nature = nature.unwrap_or_default();
        let _ = writeln!(text, "  - {{id: {id}, name: {name}{nature}}}");
    }
    text
}

/// `disclosure.yaml`: a draft with every input of the standard, last year's figures filled in.
pub fn disclosure(
    standard: &Standard,
    titles: &TitleValues<'_>,
    last: Option<&Disclosure>,
) -> String {
    let year = titles.year;
    let mut text = format!(
        "# {}{year}年{}
standard: {}
status: draft                     # draft 起草 | review 送审 | approved 批准
published:                        # 公开的日期，如 {year}-02-10
source:                           # 原件名称
contacts: []                      # 对外公布的联系方式，检查时放行
",
        titles.name,
        standard.kind.word(),
        standard.id
    );
    if standard.inputs.is_empty() {
        return text;
    }
    text.push_str("inputs:                           # 不在任何表里的数和文字\n");
    for input in &standard.inputs {
        let carried = last.and_then(|last| carried(input, last));
        let key = format!("  {}: {}", input.id, carried.as_deref().unwrap_or_default());
        let about = about(input, last.filter(|_| carried.is_some()));
        let _ = writeln!(text, "{key:COMMENT$}# {about}");
    }
    text
}

/// What an input is, how it is written, and where a carried figure comes from.
fn about(input: &InputForm, last: Option<&Disclosure>) -> String {
    let mut parts = vec![input.title.clone()];
    match &input.kind {
        InputKind::Amount(unit, _) => parts.push(unit.to_string()),
        InputKind::Count(counter) => parts.extend(counter.clone()),
        InputKind::Percent => parts.push("百分数，不写 %".to_owned()),
        InputKind::Text => parts.push("文字".to_owned()),
    }
    if input.required {
        parts.push("必填".to_owned());
    }
    if let (Some(last), Some(selector)) = (last, &input.prior_of) {
        let (year, kind) = (last.year, last.kind.slug());
        let blank = cell_of(input, last).is_some_and(|cell| cell.value == Value::Blank);
        let blank = if blank {
            "（那里空着，按 0）"
        } else {
            ""
        };
        parts.push(format!("取自 {year}-{kind} 的 {selector}{blank}"));
    }
    parts.join("，")
}

/// The cell of last year's disclosure that an input repeats.
fn cell_of<'a>(input: &InputForm, last: &'a Disclosure) -> Option<&'a Cell> {
    Some(match last.find(input.prior_of.as_ref()?)? {
        Found::Input(input) => &input.cell,
        Found::Cell { cell, .. } => cell,
    })
}

/// The figure that an input repeats. What was blank there was nothing, and the comment says so.
fn carried(input: &InputForm, last: &Disclosure) -> Option<String> {
    let cell = cell_of(input, last)?;
    let kind = match input.kind {
        InputKind::Amount(unit, decimals) => ColumnKind::Amount {
            unit,
            show: unit,
            decimals,
            show_decimals: decimals,
        },
        InputKind::Count(_) => ColumnKind::Count,
        InputKind::Percent => ColumnKind::Percent,
        InputKind::Text => ColumnKind::Text,
    };
    match &cell.value {
        Value::Blank if kind.is_figure() => Some("0".to_owned()),
        value => figure(value, kind),
    }
}

/// `overview.md`, with words to be filled in; `None` where the standard has no 概况.
pub fn overview(standard: &Standard, entity: &Entity) -> Option<String> {
    let has = |content| standard.parts.iter().any(|part| part.content == content);
    if !has(PartContent::Overview) {
        return None;
    }
    let word = entity.kind.word();
    let mut text = format!(
        "## 一、本{word}职责\n\n待填写：主要职责，一条一行。\n\n- 待填写；\n- 待填写。\n\n## 二、机构设置情况\n\n待填写：内设机构、编制、在职人数。\n"
    );
    if entity.units.len() > 1 {
        text.push_str("\n所属单位：\n\n");
        for unit in &entity.units {
            let nature = unit.nature.as_ref().map(|nature| format!("，{nature}"));
            let _ = writeln!(text, "- {}{}", unit.name, nature.unwrap_or_default());
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn a_code_is_quoted_whatever_is_in_it() {
        assert!(entity("甲", Some("067"), &[]).contains("\ncode: \"067\" "));
        assert!(entity("甲", Some("0\"6"), &[]).contains("\ncode: \"0\\\"6\" "));
        assert!(entity("甲", None, &[]).contains("\ncode:  "));
    }
}
