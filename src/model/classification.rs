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

/// A classification code.
///
/// Shape: 3, 5 or 7 digits, each level starting with the digits of the one above; always text.
/// Source: 政府收支分类科目 of the year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(Box<str>);

impl Code {
    /// Reads a code; `None` unless it is 3, 5 or 7 digits.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (Level::of_digits(text.len()).is_some() && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Self(text.into()))
    }

    /// 类, 款 or 项.
    ///
    /// # Panics
    /// Never: the length was seen when the code was made.
    #[must_use]
    pub fn level(&self) -> Level {
        Level::of_digits(self.0.len()).expect("a code has 3, 5 or 7 digits")
    }

    /// The code one level up; `None` for a 类.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.level() {
            Level::Class => None,
            Level::Section => Some(Self(self.0[..3].into())),
            Level::Item => Some(Self(self.0[..5].into())),
        }
    }

    /// The digits of one level alone, as forms print that split the code into columns: the first
    /// three, the next two, the last two. `None` below the code's own level.
    #[must_use]
    pub fn part(&self, level: Level) -> Option<&str> {
        let end = level.digits();
        let start = if level == Level::Class { 0 } else { end - 2 };
        self.0.get(start..end)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_nests_by_prefix() {
        let item = Code::new("2080501").expect("an item");
        assert_eq!(item.level(), Level::Item);
        let section = item.parent().expect("a section");
        assert_eq!(section.as_str(), "20805");
        assert_eq!(section.parent().map(|c| c.to_string()), Some("208".into()));
        assert_eq!(section.parent().and_then(|c| c.parent()), None);
    }

    #[test]
    fn a_code_splits_into_columns() {
        let section = Code::new("20805").expect("a section");
        assert_eq!(section.part(Level::Class), Some("208"));
        assert_eq!(section.part(Level::Section), Some("05"));
        assert_eq!(section.part(Level::Item), None);
    }

    #[test]
    fn only_three_five_or_seven_digits_are_a_code() {
        for text in ["", "20", "2080", "208050", "20805011", "20８", "2O8"] {
            assert_eq!(Code::new(text), None, "{text}");
        }
    }
}
