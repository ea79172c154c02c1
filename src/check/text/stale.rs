//! 残留文字: a year, a level or a kind of body left from last year's text or from another body's.

use std::ops::Range;

use super::{Hit, Kind, after, before};
use crate::model::disclosure::{Entity, EntityKind};

/// What the words of a text are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Year of the disclosure.
    pub year: u16,
    /// Department or unit; `None` when the entity could not be read.
    pub kind: Option<EntityKind>,
    /// Level of the region, as its last character; `None` when the region does not tell.
    pub level: Option<char>,
}

/// Words of a level: 省, 市, 县, 区.
const LEVELS: [char; 4] = ['省', '市', '县', '区'];

impl Frame {
    /// What fits an entity, as far as it is known, and a year.
    pub fn new(entity: Option<&Entity>, year: u16) -> Self {
        Self {
            year,
            kind: entity.map(|entity| entity.kind),
            level: entity
                .and_then(|entity| entity.region.as_deref())
                .and_then(level),
        }
    }

    /// The kind of body that a text of this disclosure speaks of.
    pub(super) fn own_word(self) -> &'static str {
        self.kind.map_or("", EntityKind::word)
    }
}

/// 阳泉市 -> 市, 某某自治区 -> 区, 某某旗 -> 县.
fn level(region: &str) -> Option<char> {
    let last = region.trim().chars().next_back()?;
    match last {
        '旗' => Some('县'),
        _ => LEVELS.contains(&last).then_some(last),
    }
}

/// Years, levels and kinds of body that do not fit.
pub fn find(text: &str, frame: Frame, hits: &mut Vec<Hit>) {
    for (at, _) in text.match_indices('年') {
        if let Some(range) = year(text, at, frame.year).filter(|range| !is_cited(text, range.start))
        {
            hits.push(Hit::new(Kind::Year, range));
        }
    }
    words(text, frame, hits);
}

/// Levels and kinds of body that do not fit.
pub fn words(text: &str, frame: Frame, hits: &mut Vec<Hit>) {
    for (at, character) in text.char_indices() {
        let hit = match character {
            '直' => affiliated(text, at, frame).map(|range| Hit::new(Kind::Level, range)),
            '本' | '我' => own(text, at, frame),
            _ => None,
        };
        hits.extend(hit.filter(|hit| !is_cited(text, hit.range.start)));
    }
}

/// Whether a place stands in the title or number of a document: 《…》, 〔2016〕.
pub fn is_cited(text: &str, at: usize) -> bool {
    let head = &text[..at];
    let open = |open: char, close: char| {
        head.rfind(open)
            .is_some_and(|from| !head[from..].contains(close) && !head[from..].contains('\n'))
    };
    open('《', '》') || open('〔', '〕')
}

/// The stretch around the 年 at `at` that speaks of a period which is not that of the disclosure.
fn year(text: &str, at: usize, own: u16) -> Option<Range<usize>> {
    let (start, stated) = year_before(text, at)?;
    let end = at + '年'.len_utf8();
    if let Some((from, first)) = range_start(text, start) {
        return (!(first..=stated).contains(&own)).then_some(from..end);
    }
    let period = period(&text[end..])?;
    (stated.abs_diff(own) > 1).then_some(start..end + period)
}

/// The four digits that end at `at`.
fn year_before(text: &str, at: usize) -> Option<(usize, u16)> {
    let start = at.checked_sub(4)?;
    let digits = text.get(start..at)?;
    let whole = digits.bytes().all(|b| b.is_ascii_digit())
        && !before(text, start).is_some_and(|c| c.is_ascii_digit() || c == '.');
    let year = digits.parse().ok().filter(|_| whole)?;
    (1949..=2099).contains(&year).then_some((start, year))
}

/// The first year of 2022-2024年, when `second` is where the second one starts.
fn range_start(text: &str, second: usize) -> Option<(usize, u16)> {
    let dash = before(text, second)?;
    if !matches!(dash, '-' | '—' | '–' | '－' | '~' | '～' | '至' | '到') {
        return None;
    }
    let head = text[..second].trim_end_matches(dash);
    let head = head.strip_suffix('年').unwrap_or(head);
    year_before(text, head.len())
}

/// Length of the words after 年 that make it a period of planning.
fn period(rest: &str) -> Option<usize> {
    const WORDS: [&str; 4] = ["度", "年底前", "底前", "内"];
    // 2022年部门预算, 2022年一般公共预算
    const BUDGETS: [&str; 10] = [
        "部门",
        "单位",
        "财政",
        "收支",
        "收入",
        "支出",
        "一般公共",
        "政府性基金",
        "项目",
        "本级",
    ];
    if let Some(word) = WORDS.iter().find(|word| rest.starts_with(**word)) {
        return Some(word.len()).filter(|_| !rest.starts_with("内蒙古"));
    }
    let mut at = 0;
    while let Some(word) = BUDGETS.iter().find(|word| rest[at..].starts_with(**word)) {
        at += word.len();
    }
    rest[at..].starts_with("预算").then_some(at + "预算".len())
}

/// 省直部门 and the like around the 直 at `at`, of another level.
fn affiliated(text: &str, at: usize, frame: Frame) -> Option<Range<usize>> {
    let level = before(text, at).filter(|c| LEVELS.contains(c))?;
    let body = at + '直'.len_utf8();
    let word = ["部门", "单位", "机关"]
        .into_iter()
        .find(|word| text[body..].starts_with(word))?;
    frame
        .level
        .is_some_and(|own| own != level)
        .then(|| at - level.len_utf8()..body + word.len())
}

/// 本市, 我县, 本部门 and the like at `at` that the body would not say of itself.
fn own(text: &str, at: usize, frame: Frame) -> Option<Hit> {
    // 基本单位, 成本单位, 日本…
    if before(text, at).is_some_and(|c| "基成根资样版文日书原剧标".contains(c)) {
        return None;
    }
    let rest = &text[at + '本'.len_utf8()..];
    let other = match frame.kind {
        Some(EntityKind::Department) => Some("单位"),
        Some(EntityKind::Unit) => Some("部门"),
        None => None,
    };
    if let Some(other) = other.filter(|other| rest.starts_with(*other)) {
        return Some(Hit::new(Kind::Body, at..at + '本'.len_utf8() + other.len()));
    }
    let level = rest.chars().next().filter(|c| LEVELS.contains(c))?;
    let end = at + '本'.len_utf8() + level.len_utf8();
    let part_of_word = after(text, end).is_some_and(|c| match level {
        '市' => c == '场',
        '区' => matches!(c, '域' | '间' | '别' | '块'),
        '省' => c == '略',
        _ => false,
    });
    let foreign = frame.level.is_some_and(|own| own != level);
    (foreign && !part_of_word).then(|| Hit::new(Kind::Level, at..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_held_against_the_year_of_the_disclosure() {
        for (text, found) in [
            ("2022年底前完成", Some("2022年底前")),
            ("2022年年底前完成", Some("2022年年底前")),
            ("2023年度预算", Some("2023年度")),
            ("2021年内", Some("2021年内")),
            ("2022年部门预算编制", Some("2022年部门预算")),
            ("2022-2024年每年", Some("2022-2024年")),
            ("2020年至2022年", Some("2020年至2022年")),
            ("2024年度", None),
            ("2025年底前", None),
            ("2026年内", None),
            ("2021-2025年", None),
            ("2014年8月召开会议", None),
            ("2019年1月30日挂牌", None),
            ("《2016年度条例》", None),
            ("〔2016〕4号", None),
            ("2019年内蒙古", None),
            ("12022年度", None),
        ] {
            let range = text
                .match_indices('年')
                .find_map(|(at, _)| year(text, at, 2025))
                .filter(|range| !is_cited(text, range.start));
            assert_eq!(range.map(|range| &text[range]), found, "{text}");
        }
    }

    #[test]
    fn words_of_level_and_kind_are_held_against_the_entity() {
        let city = Some('市');
        for (kind, level, text, found) in [
            (
                EntityKind::Department,
                city,
                "指省直部门用",
                Some((Kind::Level, "省直部门")),
            ),
            (EntityKind::Department, city, "市直机关", None),
            (
                EntityKind::Department,
                city,
                "我县实际",
                Some((Kind::Level, "我县")),
            ),
            (EntityKind::Department, city, "本市品牌", None),
            (EntityKind::Department, city, "本区域、基本县情", None),
            (EntityKind::Department, None, "省直部门、我县", None),
            (
                EntityKind::Department,
                city,
                "本单位职责",
                Some((Kind::Body, "本单位")),
            ),
            (EntityKind::Department, city, "本部门，基本单位", None),
            (
                EntityKind::Unit,
                city,
                "我部门",
                Some((Kind::Body, "我部门")),
            ),
            (EntityKind::Unit, city, "《本部门规定》", None),
        ] {
            let frame = Frame {
                year: 2025,
                kind: Some(kind),
                level,
            };
            let mut hits = Vec::new();
            find(text, frame, &mut hits);
            let first = hits.first().map(|hit| (hit.kind, &text[hit.range.clone()]));
            assert_eq!(first, found, "{text}");
        }
    }

    #[test]
    fn a_region_tells_its_level_by_its_last_character() {
        for (region, found) in [
            ("山西省", Some('省')),
            ("阳泉市", Some('市')),
            ("城区", Some('区')),
            ("某旗", Some('县')),
            ("全国", None),
        ] {
            assert_eq!(level(region), found, "{region}");
        }
    }
}
