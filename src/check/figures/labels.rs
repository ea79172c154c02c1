//! What a fact is called, and whether the words before a number call it so.

use super::hidden::WALL;
use super::mention::Mention;
use crate::model::disclosure::Disclosure;
use crate::model::proof::At;

/// Least length of words that are compared at all: shorter ones say too little.
const SHORTEST: usize = 4;

/// Least length of a label that may be mistyped.
const SHORTEST_SIMILAR: usize = 6;

/// Words of quantity and filling between the name of a figure and its number.
const FILLERS: [&str; 22] = [
    "其中",
    "合计",
    "共计",
    "总计",
    "预算数",
    "决算数",
    "预算",
    "决算",
    "总额",
    "金额",
    "安排",
    "达到",
    "达",
    "约",
    "为",
    "是",
    "共",
    "计",
    "数",
    "有",
    "的",
    "了",
];

/// Words that speak of another year or of a move: names alone do not tell what such a number is.
const COMPARING: [&str; 12] = [
    "上年",
    "上一年",
    "去年",
    "年初",
    "比",
    "较",
    "增",
    "减",
    "升",
    "降",
    "差额",
    "占",
];

/// What is between the characters of a name without belonging to it.
pub const fn is_ignored(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t'
            | '\u{3000}'
            | '\u{a0}'
            | '\u{2}'
            | '*'
            | '_'
            | '['
            | ']'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '"'
            | '\''
            | '「'
            | '」'
            | '《'
            | '》'
    )
}

/// A name without its number in a list: 一、 ① （一） 其中：.
pub fn without_number(name: &str) -> &str {
    let name = name.trim();
    let name = name
        .strip_prefix("其中：")
        .or_else(|| name.strip_prefix("其中:"))
        .unwrap_or(name)
        .trim_start();
    let numeral = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    let rest = name.trim_start_matches(numeral);
    if rest.len() < name.len()
        && let Some(rest) = rest.strip_prefix(['、', '.', '．'])
    {
        return rest.trim_start();
    }
    if let Some((inside, rest)) = name
        .strip_prefix('（')
        .and_then(|rest| rest.split_once('）'))
        && inside.chars().all(numeral)
    {
        return rest.trim_start();
    }
    name.trim_start_matches(|c: char| ('①'..='⑳').contains(&c))
}

/// A name as it is compared: without number, brackets, quotes and blanks.
pub fn plain(name: &str) -> String {
    let mut brackets = 0_u32;
    let mut out = String::with_capacity(name.len());
    for character in without_number(name).chars() {
        match character {
            '（' | '(' => brackets += 1,
            '）' | ')' => brackets = brackets.saturating_sub(1),
            other if brackets == 0 && !is_ignored(other) => out.push(other),
            _ => {}
        }
    }
    out
}

/// The words before a number, and what remains of them as fillers are taken from their end.
pub struct Words<'a> {
    all: &'a str,
    sentence: String,
    tails: Vec<&'a str>,
}

impl<'a> Words<'a> {
    /// The words of a mention; `None` when they say too little to be compared.
    pub fn of(mention: &'a Mention) -> Option<Self> {
        let all = mention.words.as_str();
        if COMPARING.iter().any(|word| all.contains(word)) {
            return None;
        }
        let mut tails = vec![all];
        let mut tail = all;
        while let Some(rest) = FILLERS.iter().find_map(|filler| tail.strip_suffix(filler)) {
            tails.push(rest);
            tail = rest;
        }
        tails.retain(|tail| length(tail) >= SHORTEST);
        (!tails.is_empty()).then_some(Self {
            all,
            sentence: mention.sentence(),
            tails,
        })
    }

    /// Whether they name what a label names: they hold the label, or are part of it, or the sentence
    /// speaks of it.
    pub fn hold(&self, label: &str) -> bool {
        let held = length(label) >= 2 && self.all.contains(label);
        held || self.is_topic(label) || self.tails.iter().any(|tail| label.contains(tail))
    }

    /// Whether the sentence names a label without a number of its own, or goes on with 其中.
    fn is_topic(&self, label: &str) -> bool {
        length(label) >= SHORTEST
            && self.sentence.match_indices(label).any(|(at, _)| {
                let rest = &self.sentence[at + label.len()..];
                let clause = rest.split(WALL).next().unwrap_or_default();
                rest.contains("其中") || !clause.contains(|c: char| c.is_ascii_digit())
            })
    }

    /// Likewise for any of the own labels of a figure.
    pub fn hold_any(&self, labels: &Labels) -> bool {
        labels.own.iter().any(|label| self.hold(label))
    }

    /// Whether they end with a label.
    pub fn end_with(&self, label: &str) -> bool {
        length(label) >= SHORTEST && self.tails.iter().any(|tail| tail.ends_with(label))
    }

    /// The longest end of them that is a label by itself.
    pub fn known(&self, is_label: impl Fn(&str) -> bool) -> Option<&'a str> {
        self.tails.iter().find_map(|tail| {
            tail.char_indices()
                .map(|(at, _)| &tail[at..])
                .take_while(|end| length(end) >= SHORTEST)
                .find(|end| is_label(end))
        })
    }

    /// The end of them that is nearly a label: of the same length, one character in four wrong at
    /// most. With the number of wrong ones.
    pub fn nearly(&self, label: &str) -> Option<(usize, &'a str)> {
        let size = length(label);
        if size < SHORTEST_SIMILAR {
            return None;
        }
        self.tails
            .iter()
            .filter_map(|tail| {
                let skipped = length(tail).checked_sub(size)?;
                let (at, _) = tail.char_indices().nth(skipped)?;
                let end = &tail[at..];
                let wrong = strsim::damerau_levenshtein(end, label);
                (wrong > 0 && wrong <= size / 4).then_some((wrong, end))
            })
            .min()
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The labels of a figure.
#[derive(Debug, Default)]
pub struct Labels {
    /// Names that tell it from others of its column: its row, the title of an input.
    pub own: Vec<String>,
    /// Title of the column, which many rows share.
    pub shared: Vec<String>,
}

/// The labels of what stands at a position, as they are compared.
pub fn labels(disclosure: &Disclosure, at: &At) -> Labels {
    let mut labels = Labels::default();
    let titles = disclosure.title_values();
    match at {
        At::Cell(cell) => {
            let around = disclosure.around(*cell);
            let column = plain(&around.column.title.fill(&titles));
            labels.own.push(plain(&around.row.name));
            if around.row.total {
                labels.own.push(column);
                let year = |c: char| c.is_ascii_digit() || c == '年';
                let title = plain(&around.table.title);
                labels.own.push(title.trim_start_matches(year).to_owned());
            } else {
                labels.shared.push(column);
            }
        }
        At::Input(input) => labels
            .own
            .push(plain(&disclosure.inputs[*input].form.title)),
        At::Fund { sheet, .. } => labels.own.push(plain(&disclosure.sheets[*sheet].name)),
        At::Number(..) | At::Share(..) | At::Text(_) => {}
    }
    labels
}

/// The one name by which a figure is known: its row; for a total its column.
pub fn name(disclosure: &Disclosure, at: &At) -> String {
    match at {
        At::Cell(cell) => {
            let around = disclosure.around(*cell);
            let column = around.column.title.fill(&disclosure.title_values());
            let general = column.ends_with("合计") || length(&plain(&column)) < SHORTEST;
            if around.row.total && !general {
                column
            } else {
                without_number(&around.row.name).to_owned()
            }
        }
        At::Input(input) => disclosure.inputs[*input].form.title.clone(),
        At::Fund { sheet, .. } => disclosure.sheets[*sheet].name.clone(),
        At::Number(..) | At::Share(..) | At::Text(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::figures::mention::scan;

    #[test]
    fn names_are_compared_without_number_brackets_and_quotes() {
        for (name, found) in [
            ("一、一般公共服务支出", "一般公共服务支出"),
            ("二十一、粮油物资储备支出", "粮油物资储备支出"),
            ("①公务用车购置费", "公务用车购置费"),
            ("（一）基本支出", "基本支出"),
            ("其中：基本支出", "基本支出"),
            ("因公出国（境）费", "因公出国费"),
            ("“三公”经费", "三公经费"),
            ("一般公共预算", "一般公共预算"),
        ] {
            assert_eq!(plain(name), found, "{name}");
        }
    }

    fn nearly(text: &str, label: &str) -> Option<(usize, String)> {
        let mentions = scan(text);
        let words = Words::of(mentions.first()?)?;
        words
            .nearly(label)
            .map(|(wrong, end)| (wrong, end.to_owned()))
    }

    #[test]
    fn only_a_name_of_the_same_length_is_nearly_another() {
        for (text, label, found) in [
            (
                "其中一般公共预算支出1.08万元",
                "一般公共服务支出",
                Some((2, "一般公共预算支出")),
            ),
            ("政府采购总额49.68万元", "政府采购预算总额", None),
            ("行政单位医疗8.59万元", "事业单位医疗", None),
            ("一般公共服务支出1.08万元", "一般公共服务支出", None),
            ("比上年一般公共预算支出1.08万元", "一般公共服务支出", None),
            ("支出1.08万元", "一般公共服务支出", None),
        ] {
            let found = found.map(|(wrong, end)| (wrong, end.to_owned()));
            assert_eq!(nearly(text, label), found, "{text}");
        }
    }
}
