//! Texts as they are compared: what differs between two programs that print the same form is left out.

/// Marks in front of or behind a name that are no part of it.
const MARKS: [char; 9] = ['★', '☆', '※', '*', '＊', '●', '◆', '▲', '△'];

/// Longest text that is compared letter by letter.
const LONGEST: usize = 120;

/// A text without blanks, punctuation and brackets, full-width characters made half-width.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(half)
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn half(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

/// A folded name without what numbers it: `一、`, `（二）`, `3.`, `①`, 其中.
pub fn bare(text: &str) -> String {
    let mut rest = text.trim().trim_start_matches(MARKS).trim_start();
    loop {
        let next = without_number(rest).trim_start();
        if next == rest || fold(next).is_empty() {
            return fold(rest);
        }
        rest = next;
    }
}

/// The text behind one numbering, if it starts with one.
fn without_number(text: &str) -> &str {
    const HAN: &str = "一二三四五六七八九十百";
    if let Some(rest) = text.strip_prefix("其中") {
        return rest.trim_start_matches(['：', ':', ' ']);
    }
    if text.starts_with(|c: char| matches!(c, '①'..='⑳' | '㈠'..='㈩' | '⑴'..='⒇')) {
        return text.get(3..).unwrap_or(text);
    }
    let opened = text.strip_prefix(['（', '(']).unwrap_or(text);
    let number = |c: char| HAN.contains(c) || half(c).is_ascii_digit();
    let behind = opened.trim_start_matches(number);
    if behind.len() == opened.len() {
        return text;
    }
    let Some(rest) = behind.strip_prefix(['、', '.', '．', '）', ')']) else {
        return text;
    };
    // 9.30 is a day.
    if rest.starts_with(|c: char| half(c).is_ascii_digit()) {
        return text;
    }
    rest.trim_start_matches(['、', '.', '．'])
}

/// A folded text without years: `2025年预算数`, `2025年度预算数`, `预算数` are the same.
pub fn timeless(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    let mut left = String::with_capacity(folded.len());
    let mut at = 0;
    while at < letters.len() {
        let year = letters.get(at..at + 4);
        let is_year = year.is_some_and(|year| year.iter().all(char::is_ascii_digit))
            && letters.get(at + 4) == Some(&'年');
        if is_year {
            at += 5;
            at += usize::from(letters.get(at) == Some(&'度'));
        } else {
            left.push(letters[at]);
            at += 1;
        }
    }
    left
}

/// How alike two folded texts are, in percent of the letters of the longer one.
pub fn likeness(left: &str, right: &str) -> usize {
    if left == right {
        return 100;
    }
    let longest = left.chars().count().max(right.chars().count());
    if longest > LONGEST {
        return 0;
    }
    let apart = strsim::levenshtein(left, right);
    100 - (100 * apart).div_ceil(longest)
}

/// How many letters two folded texts share whatever their order, in percent of all letters: 收支预算总表 and
/// 预算收支总表 share them all.
pub fn shared_letters(left: &str, right: &str) -> usize {
    let letters = |text: &str| text.chars().count();
    let all = letters(left) + letters(right);
    if all == 0 || letters(left).max(letters(right)) > LONGEST {
        return 0;
    }
    let mut rest: Vec<char> = right.chars().collect();
    let mut shared = 0;
    for letter in left.chars() {
        if let Some(at) = rest.iter().position(|other| *other == letter) {
            rest.swap_remove(at);
            shared += 1;
        }
    }
    200 * shared / all
}

/// A name as the data writes it: one line, no blanks between Chinese characters, no marks.
pub fn name(text: &str) -> String {
    let letters: Vec<char> = text.trim().trim_matches(MARKS).trim().chars().collect();
    let mut joined = String::with_capacity(text.len());
    let ascii = |at: Option<usize>| {
        at.and_then(|at| letters.get(at))
            .is_some_and(char::is_ascii)
    };
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_whitespace() {
            joined.push(*letter);
            continue;
        }
        let words = !matches!(letter, '\n' | '\r')
            && ascii(at.checked_sub(1))
            && ascii(Some(at + 1))
            && !letters[at - 1].is_whitespace();
        if words {
            joined.push(' ');
        }
    }
    joined
}

/// Blanks in front of a text, a full-width one counted as two.
pub fn leading(text: &str) -> usize {
    text.chars()
        .take_while(|letter| letter.is_whitespace() && *letter != '\n')
        .map(|letter| if letter == '\u{3000}' { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{bare, fold, leading, likeness, name, shared_letters, timeless};

    #[test]
    fn what_two_programs_write_differently_is_the_same() {
        for (left, right) in [
            ("完成预算（％）", "完成预算(%)"),
            (" 合　　计 ", "合计"),
            ("“三公”经费", "三公经费"),
            ("１２ａＢ", "12ab"),
        ] {
            assert_eq!(fold(left), fold(right));
        }
    }

    #[test]
    fn numbering_is_no_part_of_a_name() {
        for (text, left) in [
            ("一、一般公共服务支出", "一般公共服务支出"),
            ("（二十一）其他", "其他"),
            ("其中：①公务用车购置费", "公务用车购置费"),
            ("1. 因公出国（境）费", "因公出国境费"),
            ("★2025年走访慰问", "2025年走访慰问"),
            ("十堰市财政局", "十堰市财政局"),
            ("9.30烈士公祭", "930烈士公祭"),
            ("一", "一"),
            ("其中：", "其中"),
        ] {
            assert_eq!(bare(text), left, "{text}");
        }
    }

    #[test]
    fn years_are_left_out() {
        assert_eq!(timeless("2025年度预算数"), "预算数");
        assert_eq!(timeless("2025年"), "");
        assert_eq!(timeless("20250年"), "2");
    }

    #[test]
    fn likeness_is_in_percent() {
        assert_eq!(likeness("基本支出", "基本支出"), 100);
        assert_eq!(likeness("基本支出", "基本支岀"), 75);
        assert_eq!(likeness("", "甲"), 0);
        assert_eq!(shared_letters("收支预算总表", "预算收支总表"), 100);
        assert_eq!(shared_letters("部门收支预算总表", "预算收支总表"), 85);
        assert_eq!(shared_letters("", ""), 0);
    }

    #[test]
    fn a_name_is_one_line_without_marks() {
        for (text, written) in [
            (
                "机关事业单位\n基本养老保险缴费支出",
                "机关事业单位基本养老保险缴费支出",
            ),
            ("合　　计", "合计"),
            ("  ※一般公共预算 ", "一般公共预算"),
            ("Office  365 订阅", "Office 365订阅"),
        ] {
            assert_eq!(name(text), written);
        }
        assert_eq!(leading("　 甲"), 3);
    }
}
