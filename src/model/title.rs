//! Short texts of a standard with a few places to fill: `{{ year }}年预算收支总表`.

use std::fmt::Write as _;

/// What a title can say of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// The year.
    Year,
    /// The year before.
    PriorYear,
    /// Full name of the entity.
    EntityName,
    /// Short name of the entity.
    EntityShortName,
    /// 部门 or 单位.
    EntityKind,
    /// Number of a section: 一, 二 …
    Ordinal,
}

const BLANKS: [(&str, Blank); 6] = [
    ("year", Blank::Year),
    ("prior_year", Blank::PriorYear),
    ("entity.name", Blank::EntityName),
    ("entity.short_name", Blank::EntityShortName),
    ("entity.kind_word", Blank::EntityKind),
    ("ordinal", Blank::Ordinal),
];

/// The names that a title may use, for messages.
#[must_use]
pub fn known_blanks() -> String {
    BLANKS.map(|(name, _)| name).join("、")
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Blank(Blank),
}

/// A short text with places to fill, read once when the standard is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Title {
    parts: Vec<Part>,
}

/// What fills the places of a title.
#[derive(Debug, Clone, Copy)]
pub struct TitleValues<'a> {
    /// Year of the disclosure.
    pub year: u16,
    /// Full name of the entity.
    pub name: &'a str,
    /// Short name of the entity.
    pub short_name: &'a str,
    /// 部门 or 单位.
    pub kind_word: &'a str,
    /// Number of the section, from 1; 0 where there is none.
    pub ordinal: usize,
}

impl Title {
    /// Reads a title.
    ///
    /// # Errors
    /// The text between braces that is not one of [`known_blanks`], or `{{` that is not closed.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find("{{") {
            if open > 0 {
                parts.push(Part::Text(rest[..open].into()));
            }
            let inside = &rest[open + 2..];
            let close = inside.find("}}").ok_or_else(|| "{{".to_owned())?;
            let name = inside[..close].trim();
            let blank = BLANKS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, blank)| *blank)
                .ok_or_else(|| name.to_owned())?;
            parts.push(Part::Blank(blank));
            rest = &inside[close + 2..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Ok(Self { parts })
    }

    /// Whether it says anything of the entity.
    #[must_use]
    pub fn names_entity(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| {
            matches!(
                part,
                Part::Blank(Blank::EntityName | Blank::EntityShortName | Blank::EntityKind)
            )
        })
    }

    /// The text, where it has no places to fill.
    #[must_use]
    pub fn as_plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text for no disclosure in particular: `某年预算收支总表`.
    #[must_use]
    pub fn sample(&self) -> String {
        let word = |part: &Part| match part {
            Part::Text(text) => text.to_string(),
            Part::Blank(Blank::Year) => "某".to_owned(),
            Part::Blank(Blank::PriorYear) => "上".to_owned(),
            Part::Blank(Blank::EntityName | Blank::EntityShortName) => "本单位".to_owned(),
            Part::Blank(Blank::EntityKind) => "部门".to_owned(),
            Part::Blank(Blank::Ordinal) => String::new(),
        };
        self.parts.iter().map(word).collect()
    }

    /// The text for one disclosure.
    #[must_use]
    pub fn fill(&self, values: &TitleValues<'_>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Blank(Blank::Year) => push(&mut text, values.year),
                Part::Blank(Blank::PriorYear) => push(&mut text, values.year.saturating_sub(1)),
                Part::Blank(Blank::EntityName) => text.push_str(values.name),
                Part::Blank(Blank::EntityShortName) => text.push_str(values.short_name),
                Part::Blank(Blank::EntityKind) => text.push_str(values.kind_word),
                Part::Blank(Blank::Ordinal) => text.push_str(&ordinal(values.ordinal)),
            }
        }
        text
    }
}

fn push(text: &mut String, year: u16) {
    write!(text, "{year}").expect("writing to a string does not fail");
}

/// A number from 1 to 99 as headings write it: 一, 十, 十二, 二十.
#[must_use]
pub fn ordinal(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        0 | 100.. => number.to_string(),
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        _ => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_filled_for_one_disclosure() {
        let values = TitleValues {
            year: 2025,
            name: "阳泉市退役军人事务局",
            short_name: "市局",
            kind_word: "部门",
            ordinal: 12,
        };
        for (text, filled) in [
            ("{{ year }}年预算收支总表", "2025年预算收支总表"),
            ("{{ordinal}}、{{ entity.kind_word }}", "十二、部门"),
            (
                "{{ prior_year }} {{ entity.name }}",
                "2024 阳泉市退役军人事务局",
            ),
            ("合计", "合计"),
            ("", ""),
        ] {
            assert_eq!(Title::new(text).expect(text).fill(&values), filled);
        }
        assert_eq!(Title::new("{{ month }}"), Err("month".to_owned()));
        assert_eq!(Title::new("{{ year"), Err("{{".to_owned()));
    }

    #[test]
    fn ordinals_are_written_as_in_headings() {
        for (number, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (31, "三十一"),
        ] {
            assert_eq!(ordinal(number), text);
        }
    }
}
