//! A text that is no YAML -> the slip that people make, at its own line, where a parser names the line at which it gave up.
//!
//! The lines are gone through from the top with an eye only for what is certainly wrong: data that can be read has nothing of
//! it. Places count from 1, columns in characters.

/// What was meant, and how it was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    Tab,
    Quote,
    AfterQuote,
    Bracket(char),
    ExtraBracket(char),
    Comma,
    ExtraComma,
    First(char),
    Colon,
    DoubleColon,
    Indent,
    Comment,
    Dash,
    NoKey,
}

/// The first slip of a text at or above line `stop`: line, column and what it is.
pub fn find(lines: &[&str], stop: usize) -> Option<(usize, usize, Slip)> {
    let mut scan = Scan {
        line: 0,
        open: Vec::new(),
        entry: Entry::Start,
        quote: None,
        levels: Vec::new(),
        opened: true,
        value: Value::None,
        found: None,
    };
    for (at, line) in lines.iter().enumerate() {
        scan.line = at + 1;
        scan.take(line);
        if scan.found.is_some() {
            break;
        }
    }
    if scan.found.is_none() {
        scan.found = match (scan.quote, scan.open.last()) {
            (Some((_, line, column)), _) => Some((line, column, Slip::Quote)),
            (None, Some((bracket, line, column, _))) => {
                Some((*line, *column, Slip::Bracket(*bracket)))
            }
            (None, None) => None,
        };
    }
    scan.found.filter(|(line, ..)| *line <= stop)
}

/// How far an entry inside brackets has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// After a bracket or a comma.
    Start,
    /// After a key or an item.
    First,
    /// After the colon of a key.
    Colon,
    /// After the value.
    Whole,
}

/// What the last line of a block ended with, which deeper lines may carry on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    /// A value that is whole: quoted, or in brackets.
    None,
    /// A text without quotes; whether a comment has ended it, and where.
    Plain(Option<(usize, usize)>),
    /// `|` or `>` below a key or dash at this indentation.
    Block(usize),
}

struct Scan {
    line: usize,
    /// Brackets that are open: what, where, and the indentation of the line.
    open: Vec<(char, usize, usize, usize)>,
    entry: Entry,
    /// A quotation mark that is open, and where.
    quote: Option<(char, usize, usize)>,
    /// Columns at which keys and dashes stand.
    levels: Vec<usize>,
    /// Whether the last line ended with a key or dash, so that a deeper one may follow.
    opened: bool,
    value: Value,
    found: Option<(usize, usize, Slip)>,
}

/// The rest of a line, and how many characters stand before it.
#[derive(Clone, Copy)]
struct Rest<'a> {
    text: &'a str,
    before: usize,
}

impl Rest<'_> {
    fn skip(self, bytes: usize) -> Self {
        let (skipped, text) = self.text.split_at(bytes.min(self.text.len()));
        Self {
            text,
            before: self.before + skipped.chars().count(),
        }
    }

    fn trimmed(self) -> Self {
        self.skip(self.text.len() - self.text.trim_start_matches([' ', '\t']).len())
    }

    fn first(self) -> Option<char> {
        self.text.chars().next()
    }

    /// Whether nothing but a comment follows; `blank` says whether one stands before.
    fn is_over(self) -> bool {
        let text = self.trimmed();
        text.text.is_empty() || text.text.starts_with('#') && text.before > self.before
    }
}

impl Scan {
    fn report(&mut self, rest: Rest<'_>, slip: Slip) {
        if self.found.is_none() {
            self.found = Some((self.line, rest.before + 1, slip));
        }
    }

    fn take(&mut self, line: &str) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        let rest = Rest {
            text,
            before: indent,
        };
        if let Some((mark, ..)) = self.quote {
            self.inside_quote(
                mark,
                Rest {
                    text: line,
                    before: 0,
                },
            );
            return;
        }
        if let Value::Block(level) = self.value {
            if text.trim().is_empty() || indent > level {
                return;
            }
            self.value = Value::None;
        }
        if text.trim().is_empty() {
            return;
        }
        if let Some((bracket, opened, column, level)) = self.open.last().copied() {
            if is_block_line(text) && indent <= level && !text.starts_with('#') {
                self.found = Some((opened, column, Slip::Bracket(bracket)));
            } else {
                self.flow(rest.trimmed());
            }
            return;
        }
        if text.starts_with('#') {
            if let Value::Plain(None) = self.value
                && self.levels.last().is_some_and(|level| indent > *level)
            {
                self.value = Value::Plain(Some((self.line, indent + 1)));
            }
            return;
        }
        if indent == 0
            && ["---", "...", "%"]
                .iter()
                .any(|mark| text.starts_with(mark))
        {
            return;
        }
        if text.starts_with('\t') {
            self.report(rest, Slip::Tab);
            return;
        }
        self.block(rest);
    }

    /// A line of a block: dashes, then a key and its value or a value.
    fn block(&mut self, rest: Rest<'_>) {
        let level = rest.before;
        while self.levels.last().is_some_and(|top| *top > level) {
            self.levels.pop();
            self.opened = false;
            self.value = Value::None;
        }
        let top = self.levels.last().copied();
        if top != Some(level) {
            if self.opened {
                self.levels.push(level);
            } else if let (Value::Plain(comment), true) = (self.value, top.is_some()) {
                if let Some((line, column)) = comment {
                    self.found = Some((line, column, Slip::Comment));
                } else if key(rest.text).is_some() {
                    self.report(rest, Slip::Indent);
                } else if let Some(at) = rest.text.find(" #") {
                    self.value = Value::Plain(Some((self.line, rest.skip(at + 1).before + 1)));
                }
                return;
            } else {
                self.report(rest, Slip::Indent);
                return;
            }
        }
        self.opened = false;
        self.value = Value::None;
        let mut rest = rest;
        while rest.text == "-" || rest.text.starts_with("- ") {
            rest = rest.skip(1).trimmed();
            if rest.text.is_empty() || rest.text.starts_with('#') {
                self.opened = true;
                return;
            }
            self.levels.push(rest.before);
        }
        if rest.text.starts_with(['"', '\'', '{', '[']) {
            self.value(rest);
            return;
        }
        if rest.text.starts_with('-') && rest.text[1..].starts_with(['{', '[', '"', '\'']) {
            self.report(rest, Slip::Dash);
            return;
        }
        let Some(end) = key(rest.text) else {
            if rest.before > level {
                self.value(rest);
                self.levels.pop();
            } else if let Some(wrong) = rest.text.strip_prefix('-')
                && wrong.starts_with(|c: char| !c.is_ascii_digit() && c != '-')
            {
                self.report(rest, Slip::Dash);
            } else if top == Some(level) {
                self.report(rest, Slip::NoKey);
            }
            return;
        };
        let behind = rest.skip(end);
        let colons = behind.text.len() - behind.text.trim_start_matches(':').len();
        if colons > 1 {
            self.report(behind.skip(1), Slip::DoubleColon);
            return;
        }
        let value = behind.skip(1).trimmed();
        if value.text.is_empty() || value.text.starts_with('#') {
            self.opened = true;
            self.value = Value::None;
            return;
        }
        self.value(value);
    }

    /// A value that starts on its line.
    fn value(&mut self, rest: Rest<'_>) {
        match rest.first() {
            Some(mark @ ('"' | '\'')) => {
                self.quote = Some((mark, self.line, rest.before + 1));
                self.inside_quote(mark, rest.skip(1));
            }
            Some('{' | '[') => self.flow(rest),
            Some(mark @ ('|' | '>')) => {
                let head = rest.skip(1);
                let signs = head
                    .text
                    .trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
                if head.skip(head.text.len() - signs.len()).is_over() {
                    let level = self.levels.last().copied().unwrap_or_default();
                    // The text of an item stands deeper than its dash, that of a key deeper than the key.
                    self.value = Value::Block(if level == rest.before {
                        level.saturating_sub(2)
                    } else {
                        level
                    });
                } else {
                    self.report(rest, Slip::First(mark));
                }
            }
            Some(mark @ ('@' | '`' | '%' | ',')) => self.report(rest, Slip::First(mark)),
            Some(mark @ ('}' | ']')) => self.report(rest, Slip::ExtraBracket(mark)),
            Some(mark @ ('*' | '&' | '!'))
                if rest.text[1..].contains([' ', '，', '。', '、']) || !rest.text.is_ascii() =>
            {
                self.report(rest, Slip::First(mark));
            }
            Some(':') if rest.text[1..].starts_with(' ') => self.report(rest, Slip::DoubleColon),
            Some('-') if rest.text == "-" || rest.text.starts_with("- ") => {}
            _ => {
                let comment = rest.text.find(" #");
                let text = &rest.text[..comment.unwrap_or(rest.text.len())];
                if let Some(at) = colon(text) {
                    self.report(rest.skip(at), Slip::Colon);
                }
                self.value =
                    Value::Plain(comment.map(|at| (self.line, rest.skip(at + 1).before + 1)));
            }
        }
    }

    /// The rest of a text in quotation marks, and what follows it.
    fn inside_quote(&mut self, mark: char, rest: Rest<'_>) {
        let Some((_, opened, column)) = self.quote else {
            return;
        };
        let Some(end) = closing(rest.text, mark) else {
            // A line that is a key or an item by itself is not part of a text.
            if self.line > opened
                && is_block_line(rest.text.trim_start())
                && !rest.text.trim_start().starts_with('#')
            {
                self.found = Some((opened, column, Slip::Quote));
            }
            return;
        };
        self.quote = None;
        let behind = rest.skip(end + 1);
        let next = behind.trimmed();
        if !self.open.is_empty() {
            self.entry = if self.entry == Entry::Colon {
                Entry::Whole
            } else {
                Entry::First
            };
            if !behind.is_over() && !next.text.starts_with([',', '}', ']', ':']) {
                let slip = match key(next.text.split([',', '}']).next().unwrap_or_default()) {
                    _ if self.line > opened => None,
                    Some(_) => Some((behind, Slip::Comma)),
                    None if next.text.starts_with(['"', '\'', '{', '[']) => {
                        Some((behind, Slip::Comma))
                    }
                    None => Some((next, Slip::AfterQuote)),
                };
                match slip {
                    Some((at, slip)) => self.report(at, slip),
                    None => self.found = Some((opened, column, Slip::Quote)),
                }
                return;
            }
            self.flow(next);
            return;
        }
        if behind.is_over() {
            return;
        }
        if next.text.starts_with(':') && self.line == opened {
            let value = next.skip(1).trimmed();
            self.opened = value.is_over();
            if !self.opened {
                self.value(value);
            }
        } else if self.line > opened {
            self.found = Some((opened, column, Slip::Quote));
        } else {
            self.report(next, Slip::AfterQuote);
        }
    }

    /// What stands inside brackets, to their end or that of the line.
    fn flow(&mut self, rest: Rest<'_>) {
        let mut rest = rest;
        loop {
            let blank = rest.text.starts_with([' ', '\t']);
            rest = rest.trimmed();
            let Some(first) = rest.first() else { return };
            let whole = matches!(self.entry, Entry::First | Entry::Whole);
            match first {
                '#' if blank => return,
                '{' | '[' => {
                    if whole && !self.open.is_empty() {
                        return self.report(rest, Slip::Comma);
                    }
                    let indent = self.levels.first().copied().unwrap_or_default();
                    let level = self.levels.last().copied().unwrap_or(indent);
                    self.open.push((first, self.line, rest.before + 1, level));
                    self.entry = Entry::Start;
                    rest = rest.skip(1);
                }
                '}' | ']' => {
                    let wanted = if first == '}' { '{' } else { '[' };
                    match self.open.pop() {
                        Some((bracket, ..)) if bracket == wanted => {}
                        _ => return self.report(rest, Slip::ExtraBracket(first)),
                    }
                    self.entry = Entry::Whole;
                    rest = rest.skip(1);
                    if self.open.is_empty() {
                        self.entry = Entry::Start;
                        self.behind(rest);
                        return;
                    }
                }
                ',' => {
                    if self.entry == Entry::Start {
                        return self.report(rest, Slip::ExtraComma);
                    }
                    self.entry = Entry::Start;
                    rest = rest.skip(1);
                }
                ':' if matches!(
                    rest.text[1..].chars().next(),
                    None | Some(' ' | ',' | '}' | ']')
                ) || self.entry == Entry::First =>
                {
                    if self.entry == Entry::Whole {
                        return self.report(rest, Slip::Colon);
                    }
                    if rest.text[1..].starts_with(": ") {
                        return self.report(rest.skip(1), Slip::DoubleColon);
                    }
                    self.entry = Entry::Colon;
                    rest = rest.skip(1);
                }
                '"' | '\'' => {
                    if whole {
                        return self.report(rest, Slip::Comma);
                    }
                    self.quote = Some((first, self.line, rest.before + 1));
                    return self.inside_quote(first, rest.skip(1));
                }
                '@' | '`' | '%' if !whole => return self.report(rest, Slip::First(first)),
                _ => {
                    if whole {
                        return self.report(rest, Slip::Comma);
                    }
                    let end = plain_end(rest.text);
                    let text = rest.text[..end].trim_end();
                    let colon = rest.text[end..].starts_with(':');
                    if colon && self.entry == Entry::Colon {
                        // {a: 1 b: 2}, or {a: 甲: 乙}
                        let word = text.rfind(' ').filter(|at| is_word(text[*at..].trim()));
                        let (at, slip) = word.map_or((end, Slip::Colon), |at| (at, Slip::Comma));
                        return self.report(rest.skip(at), slip);
                    }
                    self.entry = if self.entry == Entry::Colon {
                        Entry::Whole
                    } else {
                        Entry::First
                    };
                    rest = rest.skip(end);
                }
            }
        }
    }

    /// What follows the last bracket of a value.
    fn behind(&mut self, rest: Rest<'_>) {
        if rest.is_over() {
            return;
        }
        let next = rest.trimmed();
        match next.first() {
            Some(bracket @ ('}' | ']')) => self.report(next, Slip::ExtraBracket(bracket)),
            Some(',') => self.report(next, Slip::ExtraComma),
            Some(':') => {}
            _ => self.report(next, Slip::AfterQuote),
        }
    }
}

/// Where a text without quotation marks ends inside brackets.
fn plain_end(text: &str) -> usize {
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let next = text[at + character.len_utf8()..].chars().next();
        let ends = match character {
            ',' | '[' | ']' | '{' | '}' => true,
            ':' => matches!(next, None | Some(' ' | ',' | '[' | ']' | '{' | '}')),
            '#' => at > 0 && before == ' ',
            _ => false,
        };
        if ends {
            return at;
        }
        before = character;
    }
    text.len()
}

/// Where the mark stands that closes a text in quotation marks.
fn closing(text: &str, mark: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && mark == '"' {
            characters.next();
        } else if character == mark {
            if mark == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') {
                characters.next();
                continue;
            }
            return Some(at);
        }
    }
    None
}

/// Where the colon of a key stands: `key: …`, `key:`.
fn key(text: &str) -> Option<usize> {
    let text = &text[..text.find(" #").unwrap_or(text.len())];
    colon(text).filter(|at| *at > 0)
}

/// The first colon that a blank or nothing follows.
fn colon(text: &str) -> Option<usize> {
    let text = text.trim_end();
    text.match_indices(':').map(|(at, _)| at).find(|at| {
        text[at + 1..].is_empty()
            || text[at + 1..].starts_with([' ', ':']) && !text[at + 1..].starts_with("://")
    })
}

/// Whether a line is an item or a key of a block, whatever stands around it.
fn is_block_line(text: &str) -> bool {
    text.starts_with("- ") || key(text).is_some_and(|end| is_word(&text[..end]))
}

/// A key as data files have them.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::{Source, SourceFile};
    use crate::yaml;

    #[test]
    fn nothing_is_found_in_what_can_be_read() {
        let mut files = 0;
        for folder in ["data", "standards", "starter", "tests/cases"] {
            let root = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
            for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
                let entry = entry.expect("a readable folder");
                if entry.path().extension().is_some_and(|end| end == "yaml") {
                    let text = std::fs::read_to_string(entry.path()).expect("a readable file");
                    let lines: Vec<&str> = text.lines().collect();
                    assert_eq!(find(&lines, usize::MAX), None, "{}", entry.path().display());
                    files += 1;
                }
            }
        }
        assert!(files > 100, "{files} files");
        for text in [
            "a: |\n  甲: 乙\n\n    {x\nb: >-\n  - \"\n",
            "- |\n  甲: 乙\n- 丙\n",
            "a: \"甲\n  乙: 丙\"\nb: 'it''s'\n",
            "a: 甲\n  乙\n\n  丙\nb: 1\n",
            "a: [1,\n  2, {b: 3}\n  ]\nb: {c: 'x', \"d\": \"y\"}\n",
            "a:\n- 1\n- - 2\n  - 3\n- b: 4\n  c:\n    - 5\nd: https://a.cn/b:8\n",
            "a: 12:30\nb: 甲：乙\nc: -1.50\n\"d\": 1\n",
        ] {
            let source = Source::new(SourceFile {
                path: "a.yaml".to_owned(),
                text: text.to_owned(),
            });
            let mut faults = Diagnostics::default();
            yaml::parse(&source, &mut faults);
            assert!(faults.is_empty(), "{text}: {faults:?}");
            assert_eq!(
                find(&text.lines().collect::<Vec<_>>(), usize::MAX),
                None,
                "{text}"
            );
        }
    }

    /// A text, the place of its slip, and what is said of it.
    const SLIPS: &[(&str, u32, u32, &str, &str)] = &[
        (
            "a: 1\nb:2\nc: 3\n",
            2,
            2,
            "冒号后面没有空格",
            "there is no blank after the colon",
        ),
        (
            "a: 1\nb：2\nc: 3\n",
            2,
            2,
            "冒号是全角的（：）",
            "the colon is full-width (：)",
        ),
        (
            "a:\n  - {b: 1\n  - {b: 2}\nc: 3\n",
            2,
            5,
            "这里的 { 没有配对的 }",
            "the { here has no }",
        ),
        (
            "a: [1, 2\nb: 3\nc: 4\n",
            1,
            4,
            "这里的 [ 没有配对的 ]",
            "the [ here has no ]",
        ),
        (
            "a: {b: 1}}\nc: 3\n",
            1,
            10,
            "多了一个 }",
            "there is one } too many",
        ),
        (
            "a: {b: [1}\nc: 3\n",
            1,
            10,
            "多了一个 }",
            "there is one } too many",
        ),
        (
            "a: \"甲\nb: 乙\nc: 丙\n",
            1,
            4,
            "引号没有成对",
            "a quotation mark is not closed",
        ),
        (
            "a: \"甲\nb: \"乙\"\nc: 丙\n",
            1,
            4,
            "引号没有成对",
            "a quotation mark is not closed",
        ),
        (
            "a: {b: \"甲, c: 1}\nd: {e: \"乙\"}\n",
            1,
            8,
            "引号没有成对",
            "a quotation mark is not closed",
        ),
        (
            "a:\n\tb: 1\n",
            2,
            1,
            "缩进里有制表符（Tab）",
            "a tab in the indentation",
        ),
        (
            "a:\n    b: 1\n   c: 2\n",
            3,
            4,
            "这一行没有与上面对齐",
            "this line is not aligned with those above",
        ),
        (
            "a:\n  - b: 1\n     c: 2\n",
            3,
            6,
            "这一行没有与上面对齐",
            "this line is not aligned with those above",
        ),
        (
            "a:\n  - 甲\n  -乙\n  - 丙\n",
            3,
            3,
            "短横后面没有空格",
            "there is no blank after the dash",
        ),
        (
            "a:\n  - {b: 1}\n  -{b: 2}\n",
            3,
            3,
            "短横后面没有空格",
            "there is no blank after the dash",
        ),
        (
            "a: {b: 1 c: 2}\n",
            1,
            9,
            "两项之间缺少逗号",
            "a comma is missing between two items",
        ),
        (
            "a: [\"甲\" \"乙\"]\n",
            1,
            8,
            "两项之间缺少逗号",
            "a comma is missing between two items",
        ),
        (
            "a: [{b: 1} {b: 2}]\n",
            1,
            12,
            "两项之间缺少逗号",
            "a comma is missing between two items",
        ),
        (
            "a: 1\nb: 甲\n乙\nc: 2\n",
            3,
            1,
            "这一行没有「键: 值」",
            "this line has no `key: value`",
        ),
        (
            "a: 甲: 乙\nb: 1\n",
            1,
            5,
            "文字里有冒号和空格，后面的被当作另一个值",
            "a colon and a blank in a text make another value of what follows",
        ),
        (
            "a: {b: 甲: 乙}\n",
            1,
            9,
            "文字里有冒号和空格，后面的被当作另一个值",
            "a colon and a blank in a text make another value of what follows",
        ),
        (
            "a: @甲\n",
            1,
            4,
            "没有引号的文字不能以 @ 开头",
            "a text without quotation marks cannot start with @",
        ),
        (
            "a: 1\nb: `甲`\n",
            2,
            4,
            "没有引号的文字不能以 ` 开头",
            "a text without quotation marks cannot start with `",
        ),
        (
            "a: %甲\n",
            1,
            4,
            "没有引号的文字不能以 % 开头",
            "a text without quotation marks cannot start with %",
        ),
        (
            "a: >5%的部分\n",
            1,
            4,
            "没有引号的文字不能以 > 开头",
            "a text without quotation marks cannot start with >",
        ),
        (
            "a: *甲\n",
            1,
            4,
            "没有引号的文字不能以 * 开头",
            "a text without quotation marks cannot start with *",
        ),
        (
            "a: : 甲\nb: 1\n",
            1,
            4,
            "冒号写了两个",
            "the colon is written twice",
        ),
        (
            "a: \"甲\" 乙\nb: 1\n",
            1,
            8,
            "引号后面还有文字",
            "there is text after the closing quotation mark",
        ),
        (
            "a: {b: \"甲\" 乙, c: 1}\n",
            1,
            12,
            "引号后面还有文字",
            "there is text after the closing quotation mark",
        ),
        (
            "a: 甲\n  # 注\n  乙\nb: 1\n",
            2,
            3,
            "一段文字中间夹着注释",
            "a comment stands in the middle of a text",
        ),
        (
            "a: 甲 # 注\n  乙\nb: 1\n",
            1,
            6,
            "一段文字中间夹着注释",
            "a comment stands in the middle of a text",
        ),
        (
            "a: \"\\甲\"\n",
            1,
            4,
            "反斜杠后面的写法不对",
            "what follows the backslash is no escape",
        ),
    ];

    #[test]
    fn a_slip_is_told_at_its_own_line_in_both_languages() {
        for &(text, line, column, zh, en) in SLIPS {
            let source = Source::new(SourceFile {
                path: "a.yaml".to_owned(),
                text: text.to_owned(),
            });
            let mut faults = Diagnostics::default();
            yaml::parse(&source, &mut faults);
            let faults = faults.into_sorted();
            let told: Vec<_> = faults
                .iter()
                .map(|fault| {
                    (
                        fault.location.place.line,
                        fault.location.place.column,
                        &*fault.say.zh,
                        &*fault.say.en,
                    )
                })
                .collect();
            assert_eq!(told, [(line, column, zh, en)], "{text}");
        }
    }
}
