//! Markdown -> the numbers with a unit that somebody typed into it, each with the words before it.
//!
//! Left out is what is bound or no prose (template expressions, comments, code, addresses), and what
//! is plainly no figure of the budget: a threshold (50万元以上), a range, a rate (每人500元).

use std::ops::Range;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::hidden::{GAP, WALL, prose};
use super::labels::is_ignored;
use crate::model::amount::{Amount, MoneyUnit, grouped, read_number};

/// A number with a unit in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, its unit included, in bytes.
    pub range: Range<usize>,
    /// The number without its sign, with its written scale.
    pub value: Decimal,
    /// What it counts.
    pub unit: Unit,
    /// The words before it, back to punctuation or another number; brackets, quotes and blanks left
    /// out.
    pub words: String,
    /// The text without what is no prose, shared by all mentions of it.
    prose: Rc<str>,
}

/// Unit of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 元, 万元, 亿元
    Money(MoneyUnit),
    /// %
    Percent,
}

impl Unit {
    /// A number with this unit.
    pub fn print(self, value: Decimal) -> String {
        let number = grouped(value);
        match self {
            Self::Money(unit) => format!("{number} {unit}"),
            Self::Percent => format!("{number}%"),
        }
    }
}

impl Mention {
    /// As messages print it: `449.82 万元`, `11.95%`.
    pub fn text(&self) -> String {
        self.unit.print(self.value)
    }

    /// Likewise the words back to the start of the sentence.
    pub fn sentence(&self) -> String {
        words_before(&self.prose[..self.range.start], Stop::Sentence)
    }

    /// The money, if it is money.
    pub const fn amount(&self) -> Option<Amount> {
        match self.unit {
            Unit::Money(unit) => Some(Amount::new(self.value, unit)),
            Unit::Percent => None,
        }
    }
}

/// Every number with a unit that is to be looked up.
pub fn scan(text: &str) -> Vec<Mention> {
    if !text.contains(['元', '%', '％']) {
        return Vec::new();
    }
    let text: Rc<str> = prose(text).into();
    let mut mentions = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(is_digit).map(|at| from + at) {
        let end = number_end(&text, start);
        if let Some(mention) = mention(&text, start..end) {
            mentions.push(mention);
        }
        from = end;
    }
    mentions
}

const fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '０'..='９')
}

/// Where a number that starts here ends: commas and a point belong to it between digits. A full-width
/// comma is punctuation unless the digits are full-width as well.
fn number_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut before = ' ';
    let mut rest = text[start..].chars().peekable();
    while let Some(character) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let wide = matches!((before, next), ('０'..='９', '０'..='９'));
        let belongs = match character {
            ',' | '.' | '．' => is_digit(next),
            '，' => wide,
            other => is_digit(other),
        };
        if !belongs {
            break;
        }
        end += character.len_utf8();
        before = character;
    }
    end
}

/// The number in `range` with its unit and words; `None` when it has no unit or is none of a budget.
fn mention(text: &Rc<str>, range: Range<usize>) -> Option<Mention> {
    let ahead = text[..range.start].chars().next_back();
    if ahead.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '.' | '．' | '_')) {
        return None;
    }
    let after = text[range.end..].trim_start_matches(is_ignored);
    let (unit, rest) = unit(after)?;
    let value = read_number(&text[range.clone()]).ok()?.value;
    let words = words_before(&text[..range.start], Stop::Clause);
    if is_range(&text[..range.start]) || is_threshold(&words, rest) || is_rate(&words, rest) {
        return None;
    }
    Some(Mention {
        prose: Rc::clone(text),
        range: range.start..text.len() - rest.len(),
        value,
        unit,
        words,
    })
}

fn unit(text: &str) -> Option<(Unit, &str)> {
    const UNITS: [(&str, Unit); 5] = [
        ("亿元", Unit::Money(MoneyUnit::YiYuan)),
        ("万元", Unit::Money(MoneyUnit::WanYuan)),
        ("元", Unit::Money(MoneyUnit::Yuan)),
        ("%", Unit::Percent),
        ("％", Unit::Percent),
    ];
    if text.starts_with("元旦") || text.starts_with("元月") {
        return None;
    }
    UNITS
        .iter()
        .find_map(|(word, unit)| Some((*unit, text.strip_prefix(word)?)))
}

/// How far words go back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Clause,
    Sentence,
}

/// Most characters that are gone through for the words before a number: more than a sentence has, so that
/// a text without a full stop is not read from its start for every number.
const FARTHEST: usize = 600;

fn words_before(text: &str, stop: Stop) -> String {
    let mut words = Vec::new();
    let mut brackets = 0_u32;
    for character in text.chars().rev().take(FARTHEST) {
        match character {
            '\n' | '。' => break,
            '）' | ')' => brackets += 1,
            '（' | '(' if brackets > 0 => brackets -= 1,
            _ if brackets > 0 => {}
            '，' | '；' | '：' | '、' | ',' | ';' | ':' | '（' | '(' | '|' | WALL => {
                if stop == Stop::Clause {
                    break;
                }
                words.push(WALL);
            }
            digit if is_digit(digit) && stop == Stop::Clause => break,
            GAP => {}
            other if is_ignored(other) => {}
            other => words.push(other),
        }
    }
    let words: String = words.into_iter().rev().collect();
    words.trim_end_matches(['-', '－', '−']).to_owned()
}

/// `10—20万元`
fn is_range(before: &str) -> bool {
    let mut before = before.chars().rev().filter(|c| !is_ignored(*c));
    let dash = matches!(
        before.next(),
        Some('-' | '–' | '—' | '~' | '～' | '－' | '至' | '到')
    );
    dash && before
        .next()
        .is_some_and(|c| is_digit(c) || matches!(c, '元' | '%' | '％'))
}

/// `不超过50万元`, `50万元以上`
fn is_threshold(words: &str, after: &str) -> bool {
    const BEFORE: [&str; 13] = [
        "不低于",
        "不少于",
        "不超过",
        "不高于",
        "不足",
        "高于",
        "低于",
        "超过",
        "少于",
        "≥",
        "≤",
        ">",
        "<",
    ];
    const AFTER: [&str; 7] = [
        "以上",
        "以下",
        "以内",
        "及以上",
        "及以下",
        "左右",
        "（含）以",
    ];
    let after = after.trim_start_matches(is_ignored);
    BEFORE.iter().any(|word| words.ends_with(word))
        || AFTER.iter().any(|word| after.starts_with(word))
}

/// `每人每月500元`, `500元/人`
fn is_rate(words: &str, after: &str) -> bool {
    after.starts_with(['/', '／'])
        || ["每", "人均", "标准"]
            .iter()
            .any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each mention as `words|text`.
    fn found(text: &str) -> Vec<String> {
        scan(text)
            .iter()
            .map(|mention| format!("{}|{}", mention.words, mention.text()))
            .collect()
    }

    #[test]
    fn numbers_with_a_unit_are_found_with_the_words_before_them() {
        for (text, mentions) in [
            ("收支总计3,764.74万元。", &["收支总计|3,764.74 万元"][..]),
            ("其中：**基本支出** 449.83 万元", &["基本支出|449.83 万元"]),
            ("收入 **0.38**亿元", &["收入|0.38 亿元"]),
            ("收入１，０００．５０元", &["收入|1,000.50 元"]),
            (
                "2025年支出1.5万元，占11.95％",
                &["年支出|1.5 万元", "占|11.95%"],
            ),
            ("因公出国（境）费5万元", &["因公出国费|5 万元"]),
            ("支出（1.08万元）", &["|1.08 万元"]),
            (
                "见[公务接待费](t10.html#r-5元)0.80万元",
                &["见公务接待费|0.80 万元"],
            ),
            ("收入-320.50元", &["收入|320.50 元"]),
            ("分别为100，200万元", &["|200 万元"]),
            ("| 教育支出 | 5万元 |", &["|5 万元"]),
        ] {
            assert_eq!(found(text), mentions, "{text}");
        }
    }

    #[test]
    fn words_go_back_so_far_and_no_farther() {
        for text in ["1,234.56万元，", "（甲乙）", "甲乙丙，"] {
            let text = text.repeat(2000) + "收入5元";
            let mentions = scan(&text);
            let mention = mentions.last().expect("a mention");
            assert_eq!(mention.words, "收入");
            let sentence = mention.sentence();
            assert!(sentence.ends_with("收入") && sentence.chars().count() <= FARTHEST);
        }
        let text = "收".repeat(2000) + "5元";
        assert_eq!(scan(&text)[0].words.chars().count(), FARTHEST);
    }

    #[test]
    fn what_is_bound_or_no_prose_is_left_out() {
        for text in [
            "支出{{ cell(at=\"a[b].c\") }}万元",
            "{# 原为 5万元 #}{% set x = '5万元' %}<!-- 5万元 -->",
            "`5万元`\n\n```\n5万元\n```\n",
            "[表](x.html?5%20y) https://example.org/5%E5",
            "共5个项目，2025年1月1日",
            "2025元旦前",
            "1,2万元、1.2.3万元、A5元",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_is_no_figure_of_the_budget_is_left_out() {
        for text in [
            "原值50万元以上的设备",
            "满意度不低于95%",
            "每人每月500元",
            "补助标准为500元",
            "500元/人",
            "10—20万元",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
