//! 单位：万元: the unit of measure as sheets and headers write it.

use super::fold::fold;
use crate::model::amount::MoneyUnit;

/// Units as written, longer ones first.
const UNITS: [(&str, MoneyUnit); 4] = [
    ("万元", MoneyUnit::WanYuan),
    ("亿元", MoneyUnit::YiYuan),
    ("人民币元", MoneyUnit::Yuan),
    ("元", MoneyUnit::Yuan),
];

/// The unit that a line says: `单位：万元`, `部门名称：某局　金额单位：元`. 单位：某局 says none.
pub fn of_line(text: &str) -> Option<MoneyUnit> {
    let folded = fold(text);
    let mut said = folded.split("单位").skip(1);
    said.find_map(|rest| starts(rest.trim_start_matches("人民币")))
}

fn starts(text: &str) -> Option<MoneyUnit> {
    let found = UNITS.iter().find(|(name, _)| text.starts_with(name));
    found.map(|(_, unit)| *unit)
}

/// A header without the unit that it has in brackets, and that unit: `运行经费（万元）`.
pub fn of_header(text: &str) -> (String, Option<MoneyUnit>) {
    let mut left = String::with_capacity(text.len());
    let mut found = None;
    let mut rest = text;
    while let Some(open) = rest.find(['（', '(']) {
        let behind = &rest[open..];
        let Some(close) = behind.find(['）', ')']) else {
            break;
        };
        let inside = fold(&behind[..close]);
        let said = inside.strip_prefix("单位").unwrap_or(&inside);
        let unit = UNITS.iter().find(|(name, _)| *name == said);
        let end = open + close + behind[close..].chars().next().map_or(0, char::len_utf8);
        match unit {
            Some((_, unit)) => {
                found = Some(*unit);
                left.push_str(&rest[..open]);
            }
            None => left.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    left.push_str(rest);
    (left, found)
}

#[cfg(test)]
mod tests {
    use super::{of_header, of_line};
    use crate::model::amount::MoneyUnit;

    #[test]
    fn a_line_says_its_unit() {
        for (line, unit) in [
            ("单位：万元", Some(MoneyUnit::WanYuan)),
            ("（金额单位: 元）", Some(MoneyUnit::Yuan)),
            ("编制单位：某局　单位：亿元", Some(MoneyUnit::YiYuan)),
            ("单位：人民币万元", Some(MoneyUnit::WanYuan)),
            ("单位名称：某局", None),
            ("合计", None),
        ] {
            assert_eq!(of_line(line), unit, "{line}");
        }
    }

    #[test]
    fn a_header_may_have_its_unit_in_brackets() {
        for (text, left, unit) in [
            ("运行经费（万元）", "运行经费", Some(MoneyUnit::WanYuan)),
            ("金额(单位：元)", "金额", Some(MoneyUnit::Yuan)),
            ("完成预算（%）", "完成预算（%）", None),
            ("因公出国（境）费", "因公出国（境）费", None),
            ("（", "（", None),
        ] {
            assert_eq!(of_header(text), (left.to_owned(), unit));
        }
    }
}
