//! Classification codes of government revenue and expenditure (政府收支分类科目).

use std::fmt;

/// Depth of a code: 类, 款, 项.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 类, 3 digits
    Class,
    /// 款, 5 digits
    Section,
    /// 项, 7 digits
    Item,
}

impl Level {
    /// 1 for 类, 2 for 款, 3 for 项.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Class => 1,
            Self::Section => 2,
            Self::Item => 3,
        }
    }

    /// Number of digits that a whole code of this level has.
    const fn digits(self) -> usize {
        match self {
            Self::Class => 3,
            Self::Section => 5,
            Self::Item => 7,
        }
    }

    /// The level whose codes have this many digits.
    const fn of_digits(count: usize) -> Option<Self> {
        match count {
            3 => Some(Self::Class),
            5 => Some(Self::Section),
            7 => Some(Self::Item),
            _ => None,
        }
    }
}

/// Which list a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// 支出功能分类
    Functional,
    /// 部门预算支出经济分类 or 政府预算支出经济分类
    Economic,
}

/// The code of a row, always text.
///
/// Shape: one of a classification has 3, 5 or 7 digits, each level starting with the digits of the one
/// above; one that belongs to none (单位编码, 采购品目) is any text, as printed.
/// Source: 政府收支分类科目 of the year, or whoever gives the other codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    text: Box<str>,
    level: Option<Level>,
}

impl Code {
    /// Reads a code of a classification; `None` unless it is 3, 5 or 7 digits.
    #[must_use]
    pub fn classified(text: &str) -> Option<Self> {
        let level = Level::of_digits(text.len())?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| Self {
            text: text.into(),
            level: Some(level),
        })
    }

    /// A code that belongs to no classification; `None` for an empty one.
    #[must_use]
    pub fn free(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self {
            text: text.into(),
            level: None,
        })
    }

    /// 类, 款 or 项; `None` for a code of no classification.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        self.level
    }

    /// The code one level up; `None` for a 类 and for a code of no classification.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.level? {
            Level::Class => None,
            Level::Section => Self::classified(&self.text[..3]),
            Level::Item => Self::classified(&self.text[..5]),
        }
    }

    /// Whether a row of this code is part of one of that code: codes of a classification nest by prefix,
    /// others say nothing.
    #[must_use]
    pub fn may_be_below(&self, above: &Self) -> bool {
        self.level.is_none() || above.level.is_none() || self.text.starts_with(&*above.text)
    }

    /// The digits of one level alone, as forms print that split the code into columns: the first
    /// three, the next two, the last two. `None` below the code's own level.
    #[must_use]
    pub fn part(&self, level: Level) -> Option<&str> {
        let end = level.digits();
        let start = if level == Level::Class { 0 } else { end - 2 };
        self.text.get(start..end)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_nests_by_prefix() {
        let item = Code::classified("2080501").expect("an item");
        assert_eq!(item.level(), Some(Level::Item));
        let section = item.parent().expect("a section");
        assert_eq!(section.as_str(), "20805");
        assert!(item.may_be_below(&section));
        assert!(!item.may_be_below(&Code::classified("210").expect("a class")));
        assert_eq!(section.parent().map(|c| c.to_string()), Some("208".into()));
        assert_eq!(section.parent().and_then(|c| c.parent()), None);
    }

    #[test]
    fn a_code_splits_into_columns() {
        let section = Code::classified("20805").expect("a section");
        assert_eq!(section.part(Level::Class), Some("208"));
        assert_eq!(section.part(Level::Section), Some("05"));
        assert_eq!(section.part(Level::Item), None);
    }

    #[test]
    fn only_three_five_or_seven_digits_are_a_code_of_a_classification() {
        for text in ["", "20", "2080", "208050", "20805011", "20８", "2O8"] {
            assert_eq!(Code::classified(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_of_no_classification_is_any_text_and_nests_below_anything() {
        assert_eq!(Code::free(""), None);
        let unit = Code::free("067001").expect("a code");
        for text in ["A020101", "208", "采-01", "067001"] {
            let code = Code::free(text).expect("a code");
            assert_eq!(
                (code.as_str(), code.level(), code.parent()),
                (text, None, None)
            );
            assert!(code.may_be_below(&unit), "{text}");
        }
    }
}
