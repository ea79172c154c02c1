//! What page templates and narrative templates share: faults of the template engine as diagnostics.

pub mod signature;

use tera::{Error, ErrorKind};

use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source};
use crate::yaml::fields::nearest_hint;

/// Between the languages of a message of ours on its way through the engine, which knows but one.
const BETWEEN: char = '\u{1f}';

/// A fault that a function of ours found, to be shown where it was called.
pub fn error(say: &Say) -> Error {
    Error::message(format!("{}{BETWEEN}{}", say.zh, say.en))
}

/// A fault of the template engine in the words and with the places of ours.
///
/// `find` gives the file of a template by its name; `fallback` is named when the fault has no place.
pub fn fault(
    error: &Error,
    find: &dyn Fn(&str) -> Option<Source>,
    fallback: &Source,
) -> Diagnostic {
    let (source, place, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let source = find(report.filename()).unwrap_or_else(|| fallback.clone());
            let span = report.span();
            let width = if span.start_line == span.end_line {
                span.end_col.saturating_sub(span.start_col).max(1)
            } else {
                1
            };
            let place = Place {
                line: small(span.start_line),
                column: small(span.start_col + 1),
                width: small(width),
            };
            (source, place, report.message().to_owned())
        }
        ErrorKind::MissingParent { current, parent } => {
            let source = find(current).unwrap_or_else(|| fallback.clone());
            let at = source.text.find(parent.as_str());
            let place = at.map_or(Place::FILE, |at| {
                Place::at(&source.text, &(at..at + parent.len()))
            });
            (source, place, format!("Unknown template `{parent}`"))
        }
        other => listed(&other.to_string(), find, fallback),
    };
    let (say, hint) = words(&message, document(&source));
    let (zh, en) = (say.zh, say.en);
    Diagnostic::error(
        "template",
        &source,
        place,
        say!("模板出错：{zh}", "template: {en}"),
    )
    .hint(hint)
}

/// The document that describes a template: of a page, or of a standard's narrative.
fn document(source: &Source) -> &'static str {
    let path = source
        .path
        .strip_prefix("<builtin>/")
        .unwrap_or(&source.path);
    if path.starts_with("templates/") {
        "docs/templates.md"
    } else {
        "docs/standards.md"
    }
}

/// Unknown functions and includes come as one text, of which the second line names the place:
/// `--> narrative/totals.md:3:12`.
fn listed(
    text: &str,
    find: &dyn Fn(&str) -> Option<Source>,
    fallback: &Source,
) -> (Source, Place, String) {
    let mut lines = text.lines().map(str::trim_start);
    let first = lines.next().unwrap_or_default();
    let message = first.trim_start_matches("error: ").to_owned();
    let named = lines
        .find_map(|line| line.strip_prefix("--> "))
        .and_then(|place| {
            let (rest, column) = place.trim_end().rsplit_once(':')?;
            let (name, line) = rest.rsplit_once(':')?;
            Some((name, line.parse().ok()?, column.parse().ok()?))
        });
    let Some((name, line, column)) = named else {
        return (fallback.clone(), Place::FILE, message);
    };
    let name_length = quoted(&message).map_or(1, |name| name.chars().count());
    let place = Place {
        line,
        column,
        width: small(name_length.max(1)),
    };
    (
        find(name).unwrap_or_else(|| fallback.clone()),
        place,
        message,
    )
}

/// The engine's message in both languages, and what to do.
fn words(message: &str, document: &str) -> (Say, Say) {
    if let Some((zh, en)) = message.split_once(BETWEEN) {
        let say = Say {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        let hint = say!(
            "核对这里写的表、行、列；写法见 {document}",
            "check the table, row and column named here; {document} describes them"
        );
        return (say, hint);
    }
    let name = quoted(message).unwrap_or_default();
    let zh = if message.starts_with("Unknown function") {
        format!("没有函数 `{name}`")
    } else if message.starts_with("Unknown filter") {
        format!("没有过滤器 `{name}`")
    } else if message.starts_with("Unknown template") {
        format!("没有模板 `{name}`")
    } else if message.starts_with("Missing keyword argument") {
        format!("缺少参数 `{name}`")
    } else if message.starts_with("Block `") {
        format!("它继承的模板没有块 `{name}`，写在里面的不会印出来")
    } else if message.contains("` is not defined") {
        format!("没有 `{name}` 这个名字")
    } else if message == "Unexpected end of input" {
        "没有写完就到了末尾".to_owned()
    } else if message == "Unexpected character" {
        "这个字符不该在这里".to_owned()
    } else {
        other(message, name)
    };
    let known: Vec<&str> = message
        .split_once(". Available ")
        .and_then(|(_, rest)| rest.split_once(": "))
        .map(|(_, names)| names.split(", ").collect())
        .unwrap_or_default();
    let hint = if !known.is_empty() {
        nearest_hint(name, &known)
    } else if message.starts_with("Block `") {
        say!(
            "换成有的块，各模板的块见 {document}",
            "use a block that there is; {document} lists those of each template"
        )
    } else if message.starts_with("Unexpected") {
        say!(
            "检查 {{{{ }}}} 和 {{% %}} 是否成对，if、for、block 是否都有 endif、endfor、endblock",
            "check that {{{{ }}}} and {{% %}} are closed and each if, for, block has its end"
        )
    } else {
        say!(
            "模板的写法见 {document}；函数的参数都写成 名=值",
            "{document} describes templates; arguments of functions are name=value"
        )
    };
    let en = message
        .split_once(". Available ")
        .map_or(message, |(en, _)| en)
        .to_owned();
    (Say { zh, en }, hint)
}

/// What else the engine says, in Chinese; by its name alone where that says more than the engine's words would.
fn other(message: &str, name: &str) -> String {
    let has = |words: &str| message.contains(words);
    if has("Closing") || has("endif") {
        "开始和结束的标签不成对".to_owned()
    } else if has("Circular") {
        "模板兜圈子，又用到了自己".to_owned()
    } else if has("Iteration not possible") || has("iteration is not possible") {
        "for 后面的不是列表，不能逐个列出".to_owned()
    } else if has("divide by 0") {
        "除以了零".to_owned()
    } else if has("arithmetic") || has("Math operations") || has("negated") || has("i128") {
        "这里只能用数来计算".to_owned()
    } else if has("ompar") {
        "这两样不能比较大小".to_owned()
    } else if has("defined more than once") {
        format!("参数 `{name}` 写了两次")
    } else if has("Invalid type for the value") {
        format!("值的种类不对，应是 `{name}`")
    } else if has("not found") || has("undefined") || has("not registered") || has("not defined") {
        format!("没有 `{name}` 这一样东西")
    } else if has("recursion") {
        "嵌套得太深".to_owned()
    } else if message.starts_with("Found ")
        || message.starts_with("Expected")
        || message.starts_with("Invalid")
    {
        "从这里开始读不下去，不合模板的写法".to_owned()
    } else {
        "这一处不能照着做，不合模板的写法".to_owned()
    }
}

/// What stands between the first pair of backticks.
fn quoted(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once('`')?;
    rest.split_once('`').map(|(name, _)| name)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
