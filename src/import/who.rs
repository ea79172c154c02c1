//! 单位名称：…: who publishes, as workbooks say above their tables.

use super::fold;
use super::input::Input;
use super::odd;
use super::unit;
use super::workbook::Value;
use crate::diagnostic::Say;
use crate::model::disclosure::Entity;
use crate::say;

/// Words before a name.
const WORDS: [&str; 8] = [
    "部门名称",
    "单位名称",
    "编制单位",
    "填报单位",
    "预算单位",
    "公开部门",
    "公开单位",
    "编制部门",
];

/// The first name that a visible sheet says.
pub fn named(inputs: &[Input]) -> Option<String> {
    let workbooks = inputs.iter().filter_map(|input| match input {
        Input::Workbook(workbook) => Some(workbook),
        Input::Export(_) => None,
    });
    let sheets = workbooks.flat_map(|workbook| &workbook.sheets);
    let mut sheets = sheets.filter(|sheet| !sheet.hidden);
    sheets.find_map(|sheet| {
        let rows = sheet.rows.iter().filter(|row| !sheet.hides_row(row.at));
        let mut cells = rows.flat_map(|row| &row.cells);
        cells.find_map(|(_, cell)| match &cell.value {
            Value::Text(text) => of_text(text),
            _ => None,
        })
    })
}

/// What to say where the first name is not that of the entity.
pub fn other(inputs: &[Input], entity: &Entity) -> Option<Say> {
    let said = named(inputs)?;
    let known = [&entity.name, &entity.short_name];
    let own = &entity.name;
    let same = known
        .into_iter()
        .any(|name| fold::fold(name) == fold::fold(&said));
    (!same).then(|| {
        say!(
            "工作簿里的单位是「{said}」，这份公开的是「{own}」；核对是不是拿错了文件",
            "the workbook is of {said}, the disclosure of {own}; check whether it is the right file"
        )
    })
}

/// `部门名称：某局　单位：万元` says 某局.
fn of_text(text: &str) -> Option<String> {
    let text = odd::shown(text.to_owned());
    let text = text.trim().trim_matches(['（', '(', '）', ')']);
    let rest = WORDS.iter().find_map(|word| text.strip_prefix(word))?;
    let rest = rest.trim_start().strip_prefix(['：', ':'])?.trim();
    let name = rest.split(['\u{3000}', ' ', '\n', '\t']).next()?;
    let name = fold::name(name);
    let is_name = !name.is_empty() && unit::of_line(&format!("单位{name}")).is_none();
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn a_line_above_a_table_says_who_publishes() {
        for (text, name) in [
            ("部门名称：某某局　单位：万元", Some("某某局")),
            ("单位名称: 某图书馆", Some("某图书馆")),
            ("编制单位：万元", None),
            ("编制单位：", None),
            ("单位：万元", None),
        ] {
            assert_eq!(of_text(text).as_deref(), name, "{text}");
        }
    }
}
