//! Where the YAML parser gives up -> the slip that people make there, in their words.

use saphyr_parser::ScanError;

use super::MAX_DEPTH;
use super::slip::{self, Slip};
use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source};

/// What is wrong, and what to do.
type Words = (Say, Say);

/// The fault of a file that is not YAML. The parser often stops a line after the slip, so the line
/// before it is looked at as well.
pub fn fault(source: &Source, error: &ScanError) -> Diagnostic {
    let lines: Vec<&str> = source.text.lines().collect();
    let marker = error.marker();
    let mut line = marker.line().max(1);
    let mut column = marker.col() + 1;
    if line > lines.len() {
        line = lines.len().max(1);
        column = lines.last().map_or(1, |last| last.chars().count().max(1));
    }
    let info = error.info();
    if info.contains("recursion limit") {
        let (message, hint) = too_deep();
        return Diagnostic::error("yaml-depth", source, place(line, column), message).hint(hint);
    }
    let here = lines.get(line - 1).copied().unwrap_or_default();
    let before = line
        .checked_sub(2)
        .and_then(|at| lines.get(at))
        .copied()
        .unwrap_or_default();
    let at = |line: usize| move |(column, words): (usize, Words)| (words, place(line, column));
    let earlier = line.saturating_sub(1);
    let (words, place) = wide(here)
        .map(at(line))
        .or_else(|| slip::find(&lines, line).map(|found| told(&lines, found)))
        .or_else(|| wide(before).map(at(earlier)))
        .or_else(|| tight(here, info).map(at(line)))
        .or_else(|| tight(before, info).map(at(earlier)))
        .unwrap_or_else(|| (words(info), place(line, column)));
    Diagnostic::error("yaml-syntax", source, place, words.0).hint(words.1)
}

/// What a slip is called; one that a full-width sign makes is called by that.
fn told(lines: &[&str], (line, column, slip): (usize, usize, Slip)) -> (Words, Place) {
    let text = lines.get(line - 1).copied().unwrap_or_default();
    if slip == Slip::NoKey
        && let Some((column, words)) = wide(text).or_else(|| tight(text, "simple key"))
    {
        return (words, place(line, column));
    }
    let words = match text.chars().nth(column - 1) {
        Some(wide @ ('，' | '、' | '；')) => wide_comma(wide),
        Some('：') => wide_colon(),
        _ => slip_words(slip),
    };
    (words, place(line, column))
}

fn slip_words(slip: Slip) -> Words {
    match slip {
        Slip::Tab => tab(),
        Slip::Quote => unclosed_quote(),
        Slip::AfterQuote => after_quote(),
        Slip::Bracket(bracket) => {
            let close = if bracket == '{' { '}' } else { ']' };
            (
                say!(
                    "这里的 {bracket} 没有配对的 {close}",
                    "the {bracket} here has no {close}"
                ),
                say!(
                    "在这一项的末尾补上 {close}",
                    "add {close} at the end of the item"
                ),
            )
        }
        Slip::ExtraBracket(bracket) => (
            say!("多了一个 {bracket}", "there is one {bracket} too many"),
            say!(
                "删去它，或补上与它配对的括号",
                "remove it, or add the bracket that it closes"
            ),
        ),
        Slip::Comma => (
            say!("两项之间缺少逗号", "a comma is missing between two items"),
            say!("在这里补上半角逗号", "put a comma here"),
        ),
        Slip::ExtraComma => (
            say!("多了一个逗号", "there is one comma too many"),
            say!("删去它", "remove it"),
        ),
        Slip::First(first) => first_character(first),
        Slip::Colon => (
            say!(
                "文字里有冒号和空格，后面的被当作另一个值",
                "a colon and a blank in a text make another value of what follows"
            ),
            say!(
                "把整段文字放进引号里，或用全角冒号",
                "put the whole text into quotation marks"
            ),
        ),
        Slip::DoubleColon => (
            say!("冒号写了两个", "the colon is written twice"),
            say!(
                "只留一个冒号，后面空一格",
                "keep one colon and put a blank after it"
            ),
        ),
        Slip::Indent => misaligned(),
        Slip::Comment => (
            say!(
                "一段文字中间夹着注释",
                "a comment stands in the middle of a text"
            ),
            say!(
                "把注释移到这段文字的上面；# 是文字的一部分时整段加引号",
                "move the comment above the text; where # belongs to the text, quote all of it"
            ),
        ),
        Slip::Dash => tight_dash(),
        Slip::NoKey => words("simple key"),
    }
}

/// `嵌套超过 32 层`
pub fn too_deep() -> Words {
    (
        say!(
            "嵌套超过 {MAX_DEPTH} 层",
            "nested more than {MAX_DEPTH} levels"
        ),
        say!("检查括号或缩进是否写错", "check brackets and indentation"),
    )
}

/// `name：甲`
pub fn wide_colon() -> Words {
    (
        say!("冒号是全角的（：）", "the colon is full-width (：)"),
        say!(
            "改成半角冒号，后面空一格",
            "use a half-width colon and a blank after it"
        ),
    )
}

/// `name:甲`
pub fn tight_colon() -> Words {
    (
        say!("冒号后面没有空格", "there is no blank after the colon"),
        say!("冒号后面空一格", "put a blank after the colon"),
    )
}

/// Full-width signs where YAML has its own, with their column.
fn wide(line: &str) -> Option<(usize, Words)> {
    let find = |wanted: &dyn Fn(char) -> bool| line.chars().position(wanted).map(|at| at + 1);
    let comma = line
        .char_indices()
        .filter(|(_, c)| matches!(c, '，' | '、' | '；'))
        .find(|(at, c)| starts_with_key(&line[at + c.len_utf8()..]));
    if let Some((at, wide)) = comma {
        return Some((line[..at].chars().count() + 1, wide_comma(wide)));
    }
    if let Some(column) = find(&|c| matches!(c, '｛' | '｝' | '［' | '］')) {
        return Some((
            column,
            (
                say!("括号是全角的", "the bracket is full-width"),
                say!("改成半角的 {{ }} 或 [ ]", "use half-width {{ }} or [ ]"),
            ),
        ));
    }
    let lacks_colon = line.contains('：') && !line.contains(": ");
    let colon = find(&|c| c == '：').filter(|_| lacks_colon);
    colon.map(|column| (column, wide_colon()))
}

/// Blanks that are missing after colons and dashes, and lines without a key, with their column.
fn tight(line: &str, info: &str) -> Option<(usize, Words)> {
    let item = line.trim_start();
    let column = line.len() - item.len() + 1;
    if let Some(rest) = item.strip_prefix('-')
        && rest.starts_with(['{', '[', '"'])
    {
        return Some((column, tight_dash()));
    }
    let key = item.split(':').next().unwrap_or_default();
    let tight = is_key(key) && item.len() > key.len() + 1 && !item.contains(": ");
    if tight && info.contains("simple key") {
        return Some((column + key.chars().count(), tight_colon()));
    }
    let alone = !item.contains(':') && item.starts_with(char::is_alphabetic);
    (alone && info.contains("simple key")).then(|| (column, words(info)))
}

/// `total: …`
fn starts_with_key(text: &str) -> bool {
    text.trim_start()
        .split_once(':')
        .is_some_and(|(key, rest)| is_key(key) && rest.starts_with(' '))
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// `{a: 1，b: 2}`
fn wide_comma(wide: char) -> Words {
    (
        say!("逗号是全角的（{wide}）", "the comma is full-width ({wide})"),
        say!(
            "改成半角逗号，后面空一格",
            "use a half-width comma and a blank after it"
        ),
    )
}

fn tight_dash() -> Words {
    (
        say!("短横后面没有空格", "there is no blank after the dash"),
        say!("短横后面空一格", "put a blank after the dash"),
    )
}

fn tab() -> Words {
    (
        say!("缩进里有制表符（Tab）", "a tab in the indentation"),
        say!("改用空格缩进", "indent with blanks"),
    )
}

fn misaligned() -> Words {
    (
        say!(
            "这一行没有与上面对齐",
            "this line is not aligned with those above"
        ),
        say!(
            "同一层的键、短横左边对齐",
            "align keys and dashes of one level on the left"
        ),
    )
}

fn after_quote() -> Words {
    (
        say!(
            "引号后面还有文字",
            "there is text after the closing quotation mark"
        ),
        say!(
            "整段文字放在一对引号里，或在引号后面加逗号",
            "put all of the text into one pair of quotation marks, or add the comma"
        ),
    )
}

/// `name: @甲`
fn first_character(first: char) -> Words {
    (
        say!(
            "没有引号的文字不能以 {first} 开头",
            "a text without quotation marks cannot start with {first}"
        ),
        say!("整段文字加引号", "quote the text"),
    )
}

fn unclosed_quote() -> Words {
    (
        say!("引号没有成对", "a quotation mark is not closed"),
        say!("补上引号", "close the quotation mark"),
    )
}

/// The parser's own reason in our words.
fn words(info: &str) -> Words {
    let has = |part: &str| info.contains(part);
    if has("tab") && !has("table") {
        tab()
    } else if has("quoted scalar, found unexpected") || has("unexpected end of") {
        unclosed_quote()
    } else if has("trailing content") {
        after_quote()
    } else if has("unexpected character") {
        (
            say!(
                "没有引号的文字不能以这个字符开头",
                "a text without quotation marks cannot start with this character"
            ),
            say!("整段文字加引号", "quote the text"),
        )
    } else if has("anchor") || has("alias") {
        (
            say!(
                "数据文件里不能用别名（*）和锚点（&）",
                "data files may not use aliases (*) or anchors (&)"
            ),
            say!(
                "文字以 * 或 & 开头时加引号",
                "quote a text that starts with * or &"
            ),
        )
    } else if has("escape") || has("hexadecimal") {
        (
            say!(
                "反斜杠后面的写法不对",
                "what follows the backslash is no escape"
            ),
            say!(
                "反斜杠是文字时写两个，或把双引号换成单引号",
                "double the backslash, or use single quotation marks"
            ),
        )
    } else if has("cannot start with '-'") || has("block sequence entries") {
        (
            say!("这里不能只写短横", "a dash cannot stand here"),
            say!(
                "空白就不写这个键，没有数据写「无数据」；列表的短横另起一行",
                "leave the key out for a blank, write 无数据 for no data; start a list on its own line"
            ),
        )
    } else if has("flow") || has("bracket") || has("',' or") {
        (
            say!("括号或逗号没有写对", "a bracket or comma is out of place"),
            say!(
                "检查 {{ }}、[ ] 是否成对，项目之间用半角逗号",
                "check that {{ }} and [ ] are closed and items are separated by commas"
            ),
        )
    } else if has("mapping values") {
        (
            say!("这里不该有冒号", "a colon is out of place"),
            say!(
                "文字里有冒号时整段加引号；这是键时与上面的键对齐",
                "quote a text that holds a colon; align a key with the keys above"
            ),
        )
    } else if has("expected key") || has("expected '-'") || has("indent") || has("inside a block") {
        misaligned()
    } else if has("simple key") {
        (
            say!("这一行没有「键: 值」", "this line has no `key: value`"),
            say!(
                "补上键和半角冒号；文字太长要折行时，下一行多缩进两格",
                "add the key and its colon; indent a line that goes on with the text above"
            ),
        )
    } else {
        (
            say!(
                "从这里开始读不下去，不合 YAML 格式",
                "from here on this is not valid YAML"
            ),
            say!(
                "检查缩进是否对齐，冒号和短横后面是否空一格",
                "check the indentation, and the blank after colons and dashes"
            ),
        )
    }
}

fn place(line: usize, column: usize) -> Place {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place {
        line: small(line),
        column: small(column),
        width: 1,
    }
}
