//! 内部标记: words that belong on a paper in review, also with blanks between their characters.

use std::ops::Range;

use super::{after, before, is_blank, is_han, plain};

/// Marks that every site has; `site.toml` adds to them.
const BUILT_IN: [&str; 3] = ["仅供内部审核", "内部资料", "征求意见稿"];

/// Steps of a review. They are also ordinary words (材料的初审工作), so they count only where they
/// stand alone, as on a cover or in a form: `初审：`, `复审　终审`.
const STEPS: [&str; 3] = ["初审", "复审", "终审"];

/// Characters that budget texts are full of: a search for a mark starts from another one.
const COMMON: &str = "的一是在不了有和人这中大为上个内部门单位预算公开年度初复终支出收入项目经费财政资金本关事务管理工作行政基国家社会保障服务情况说明说表数据合计";

/// One mark to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    characters: Vec<char>,
    /// Position of the character that the search starts from.
    anchor: usize,
    /// Whether it counts only apart from other words.
    alone: bool,
}

impl Mark {
    /// `None` for a text of blanks.
    fn new(text: &str, alone: bool) -> Option<Self> {
        let characters: Vec<char> = text
            .chars()
            .filter(|c| !is_blank(*c))
            .map(plain::character)
            .collect();
        let anchor = characters
            .iter()
            .position(|c| is_han(*c) && !COMMON.contains(*c))
            .unwrap_or(0);
        (!characters.is_empty()).then_some(Self {
            characters,
            anchor,
            alone,
        })
    }

    /// The character that the search starts from.
    pub fn anchor(&self) -> char {
        self.characters[self.anchor]
    }

    /// The mark around the anchor at `at`.
    pub fn around(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let (head, tail) = self.characters.split_at(self.anchor);
        let start = match_backwards(text, at, head)?;
        let end = match_forwards(text, at, tail)?;
        let range = start..end;
        (!self.alone || stands_alone(text, &range))
            .then_some(range)
            // 内部资料性出版物 is a kind of publication, not a mark.
            .filter(|range| !text[range.end..].starts_with("性出版物"))
    }
}

/// The built-in marks and those of a site.
pub fn all(own: &[String]) -> Vec<Mark> {
    let built_in = BUILT_IN.iter().filter_map(|text| Mark::new(text, false));
    let steps = STEPS.iter().filter_map(|text| Mark::new(text, true));
    let own = own.iter().filter_map(|text| Mark::new(text, false));
    built_in.chain(steps).chain(own).collect()
}

/// Start of `head` before `at`, blanks let pass.
fn match_backwards(text: &str, at: usize, head: &[char]) -> Option<usize> {
    let mut start = at;
    let mut wanted = head.iter().rev();
    let Some(mut next) = wanted.next() else {
        return Some(start);
    };
    for (position, character) in text.get(..at)?.char_indices().rev() {
        if character == *next {
            start = position;
            match wanted.next() {
                Some(character) => next = character,
                None => return Some(start),
            }
        } else if !is_blank(character) {
            return None;
        }
    }
    None
}

/// End of `tail` from `at`, blanks let pass.
fn match_forwards(text: &str, at: usize, tail: &[char]) -> Option<usize> {
    let mut wanted = tail.iter();
    let mut next = wanted.next()?;
    for (position, character) in text.get(at..)?.char_indices() {
        if character == *next {
            match wanted.next() {
                Some(character) => next = character,
                None => return Some(at + position + character.len_utf8()),
            }
        } else if !is_blank(character) {
            return None;
        }
    }
    None
}

fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let joins = |near: char| is_han(near) || matches!(near, '、' | '，' | '。' | '；' | '“' | '”');
    let open = before(text, range.start).is_none_or(|near| !joins(near));
    let closed = after(text, range.end)
        .is_none_or(|near| !joins(near) || matches!(near, '人' | '员' | '意' | '签'));
    open && closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_with_blanks_between_and_steps_only_alone() {
        let marks = all(&["密 级".to_owned(), "  ".to_owned()]);
        for (text, found) in [
            ("封面 仅供内部审核 第1页", Some("仅供内部审核")),
            ("仅 供\u{3000}内\n部审 核", Some("仅 供\u{3000}内\n部审 核")),
            ("内部\u{200b}资料", Some("内部\u{200b}资料")),
            ("（征求意见稿）", Some("征求意见稿")),
            ("密级：", Some("密级")),
            ("初审：", Some("初审")),
            ("复 审", Some("复 审")),
            ("终审人：", Some("终审")),
            ("负责材料的初审、复审、终审工作", None),
            ("内部审计资料", None),
            ("内部资料性出版物准印证", None),
            ("年初审核", None),
            ("征求意见，形成稿件", None),
        ] {
            let range = text.char_indices().find_map(|(at, character)| {
                marks
                    .iter()
                    .filter(|mark| mark.anchor() == character)
                    .find_map(|mark| mark.around(text, at))
            });
            assert_eq!(range.map(|range| &text[range]), found, "{text}");
        }
    }

    #[test]
    fn a_search_starts_from_a_rare_character() {
        let anchors: String = all(&[]).iter().map(Mark::anchor).collect();
        assert_eq!(anchors, "仅料征审审审");
    }
}
