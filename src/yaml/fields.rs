//! Reading maps of data files: known keys, missing keys, texts, numbers, codes.

use rust_decimal::Decimal;

use super::{Entry, Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Say};
use crate::model::amount::{NumberFault, Tidied, read_number};
use crate::model::table::{Hole, NO_DATA};
use crate::say;
use crate::source::{Place, Source};

/// The file being read and where to report.
pub struct Reader<'a> {
    /// The file.
    pub source: &'a Source,
    /// Where to report.
    pub diagnostics: &'a mut Diagnostics,
}

/// The entries of one map.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    entries: &'a [Entry],
    /// Where the map starts.
    pub place: Place,
    /// Whether a key in it is not known, and so may stand for one that is not there.
    unsure: bool,
}

impl<'a> Fields<'a> {
    /// A map without entries, for rows that are not written.
    pub const fn empty(place: Place) -> Self {
        Self {
            entries: &[],
            place,
            unsure: false,
        }
    }

    /// Why it is not known what a key holds that is not there: another, unknown one may have been meant for it.
    pub fn hole(&self) -> Option<Hole> {
        self.unsure.then_some(Hole::Unread)
    }

    /// Whether an unknown key holds more than a text: rows, or another map.
    pub fn hides(&self, known: &[&str]) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| {
            !known.contains(&&*entry.key.value)
                && !matches!(entry.value.kind, Kind::Scalar { .. } | Kind::Unread(_))
        })
    }

    /// The value of a key; an empty value counts as not written.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries
            .iter()
            .find(|entry| &*entry.key.value == key)
            .map(|entry| &entry.value)
            .filter(|node| !node.is_null())
    }

    /// Where a key is written, also with an empty value.
    pub fn place_of(&self, key: &str) -> Option<Place> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| &*entry.key.value == key)?;
        Some(entry.key.place)
    }
}

/// A cell as read: a number, 无数据, nothing, or what is no number.
pub enum Figure {
    Blank,
    /// Reported.
    Unread,
    NoData,
    Number(Decimal),
}

impl Reader<'_> {
    /// Reports an error here.
    pub fn error(&mut self, code: &'static str, place: Place, message: Say, hint: Say) {
        self.diagnostics
            .push(Diagnostic::error(code, self.source, place, message).hint(hint));
    }

    /// Reports a warning here.
    pub fn warning(&mut self, code: &'static str, place: Place, message: Say, hint: Say) {
        self.diagnostics
            .push(Diagnostic::warning(code, self.source, place, message).hint(hint));
    }

    /// The entries of a map without looking at its keys. Reports `wrong-type`.
    pub fn map<'n>(&mut self, node: &'n Node) -> Option<Fields<'n>> {
        match &node.kind {
            Kind::Map(entries) => Some(Fields {
                entries,
                place: node.place,
                unsure: false,
            }),
            Kind::Unread(_) => None,
            Kind::Scalar { .. } if node.place == Place::FILE && node.is_null() => {
                self.error(
                    "wrong-type",
                    node.place,
                    say!("文件里什么也没有写", "the file has no content"),
                    say!("填上内容，或删去文件", "fill it in, or remove it"),
                );
                None
            }
            _ => {
                self.error(
                    "wrong-type",
                    node.place,
                    say!("这里应是「键: 值」", "`key: value` pairs are expected here"),
                    say!(
                        "写成几行「键: 值」，或一行 {{键: 值, …}}",
                        "write lines of `key: value`, or {{key: value, …}}"
                    ),
                );
                None
            }
        }
    }

    /// The entries of a map that may have only these keys. Reports `wrong-type` and `unknown-key`.
    pub fn fields<'n>(&mut self, node: &'n Node, known: &[&str]) -> Option<Fields<'n>> {
        let mut fields = self.map(node)?;
        for entry in fields.entries {
            let key = &entry.key.value;
            if known.contains(&&**key) {
                continue;
            }
            fields.unsure = true;
            // What is no key at all has been reported where it was read.
            if !key.is_empty() {
                self.error(
                    "unknown-key",
                    entry.key.place,
                    say!("不认识的键 `{key}`", "unknown key `{key}`"),
                    nearest_hint(key, known),
                );
            }
        }
        Some(fields)
    }

    /// The items of a list. Reports `wrong-type`.
    pub fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.kind {
            Kind::List(items) => Some(items),
            Kind::Unread(_) => None,
            _ => {
                self.error(
                    "wrong-type",
                    node.place,
                    say!("这里应是列表", "a list is expected here"),
                    say!(
                        "每项一行，以「- 」开头；没有内容写 []",
                        "one item a line, starting with `- `; write [] for none"
                    ),
                );
                None
            }
        }
    }

    /// A text. Reports `wrong-type`.
    pub fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        match &node.kind {
            Kind::Scalar { text, .. } => Some(text.trim()),
            Kind::Unread(_) => None,
            _ => {
                self.error(
                    "wrong-type",
                    node.place,
                    say!("这里应是文字", "a text is expected here"),
                    say!(
                        "写一行文字；里面有冒号或 # 时加引号",
                        "write one line of text; quote it if it holds a colon or #"
                    ),
                );
                None
            }
        }
    }

    /// The text of an optional key.
    pub fn optional_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        fields
            .get(key)
            .and_then(|node| self.text(node))
            .map(str::to_owned)
    }

    /// The texts of an optional list.
    pub fn texts(&mut self, fields: &Fields<'_>, key: &str) -> Vec<String> {
        let Some(items) = fields.get(key).and_then(|node| self.list(node)) else {
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| self.text(item).map(str::to_owned))
            .collect()
    }

    /// The text of a key that must be there. Reports `missing-key`.
    pub fn required_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        match fields.get(key) {
            Some(node) => {
                let text = self.text(node)?;
                if text.is_empty() {
                    self.blank(node.place, key);
                    return None;
                }
                Some(text.to_owned())
            }
            None => {
                self.missing(fields, key);
                None
            }
        }
    }

    /// Reports `missing-key` for a key that is not there, or has nothing behind it.
    pub fn missing(&mut self, fields: &Fields<'_>, key: &str) {
        match fields.place_of(key) {
            Some(place) => self.blank(place, key),
            None => self.error(
                "missing-key",
                fields.place,
                say!("缺少 `{key}`", "`{key}` is missing"),
                say!("补上 `{key}: …`", "add `{key}: …`"),
            ),
        }
    }

    /// Reports `missing-key` for a key with nothing behind it.
    pub fn blank(&mut self, place: Place, key: &str) {
        self.error(
            "missing-key",
            place,
            say!(
                "`{key}` 后面是空的，还没有填",
                "`{key}` is blank, it is not filled in yet"
            ),
            say!("填在冒号后面", "write it behind the colon"),
        );
    }

    /// A text that must be quoted because it is a code. Reports `code-unquoted`.
    pub fn code_text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let written = self.text(node)?;
        let text = written.trim_matches(['“', '”', '‘', '’', '＂']);
        if text != written {
            self.error(
                "code-unquoted",
                node.place,
                say!(
                    "编码 {written} 用了全角引号",
                    "the code {written} has full-width quotation marks"
                ),
                say!("写成 \"{text}\"", "write \"{text}\""),
            );
            return Some(text);
        }
        let unquoted = matches!(&node.kind, Kind::Scalar { plain: true, .. });
        if unquoted && text.bytes().all(|b| b.is_ascii_digit()) {
            self.error(
                "code-unquoted",
                node.place,
                say!("编码 {text} 没有加引号", "the code {text} is not quoted"),
                say!(
                    "写成 \"{text}\"：不加引号会被别的软件当成数，丢掉开头的 0",
                    "write \"{text}\": other programs take it for a number and drop a leading 0"
                ),
            );
        }
        Some(text)
    }

    /// A number, 无数据, or nothing. Reports `amount-syntax`, `amount-precision`, and notes what
    /// was put in order (`amount-tidied`).
    pub fn figure(&mut self, node: &Node) -> Figure {
        if node.is_null() {
            return Figure::Blank;
        }
        if let Kind::Unread(_) = node.kind {
            return Figure::Unread;
        }
        let Kind::Scalar { text, .. } = &node.kind else {
            self.error(
                "wrong-type",
                node.place,
                say!("这里应是一个数", "a number is expected here"),
                say!(
                    "写成 1234.56；没有数据写「{NO_DATA}」",
                    "write it as 1234.56; write {NO_DATA} for no data"
                ),
            );
            return Figure::Unread;
        };
        let text = text.trim();
        if text == NO_DATA {
            return Figure::NoData;
        }
        match read_number(text) {
            Ok(written) => {
                if let Some(tidied) = written.tidied {
                    self.tidied(node.place, text, tidied, written.value);
                }
                Figure::Number(written.value)
            }
            Err(fault) => {
                self.number_fault(node.place, text, fault);
                Figure::Unread
            }
        }
    }

    fn tidied(&mut self, place: Place, text: &str, tidied: Tidied, value: Decimal) {
        let what = match tidied {
            Tidied::Commas => say!("去掉了千分位逗号", "thousands commas taken out"),
            Tidied::FullWidth => say!(
                "把全角字符改成了半角",
                "full-width characters made half-width"
            ),
            Tidied::Blanks => say!("去掉了数里的空格", "blanks inside the number taken out"),
        };
        self.diagnostics.push(
            Diagnostic::note(
                "amount-tidied",
                self.source,
                place,
                Say {
                    zh: format!("`{text}` 按 {value} 读取：{}", what.zh),
                    en: format!("`{text}` is read as {value}: {}", what.en),
                },
            )
            .hint(say!("数据里直接写 {value}", "write {value} in the data")),
        );
    }

    fn number_fault(&mut self, place: Place, text: &str, fault: NumberFault) {
        let (code, message, hint) = match fault {
            NumberFault::Exponent => (
                "amount-syntax",
                say!(
                    "`{text}` 用了科学计数法",
                    "`{text}` is in scientific notation"
                ),
                say!(
                    "把数写全，如 1000.00",
                    "write the number in full, as in 1000.00"
                ),
            ),
            NumberFault::NotFinite => (
                "amount-syntax",
                say!("`{text}` 不是数", "`{text}` is no number"),
                say!(
                    "空白就不写这个键，没有数据写「{NO_DATA}」",
                    "leave the key out for a blank, write {NO_DATA} for no data"
                ),
            ),
            NumberFault::LooksLikeDigit(letter, digit) => {
                let mended = text.replace(letter, &digit.to_string());
                (
                    "amount-syntax",
                    say!(
                        "`{text}` 里的 `{letter}` 是字母，不是数字",
                        "the `{letter}` in `{text}` is a letter"
                    ),
                    say!("改为 {mended}", "write {mended}"),
                )
            }
            NumberFault::CommaGroups => (
                "amount-syntax",
                say!(
                    "`{text}` 的逗号不在千分位上",
                    "the commas of `{text}` do not part thousands"
                ),
                say!(
                    "核对这个数，写时不用逗号",
                    "check the number and write it without commas"
                ),
            ),
            NumberFault::LeadingZero => (
                "amount-syntax",
                say!(
                    "`{text}` 以 0 开头，像是编码",
                    "`{text}` starts with 0, like a code"
                ),
                say!(
                    "数去掉开头的 0；编码加引号写成 \"{text}\"",
                    "drop the leading 0 of a number; quote a code as \"{text}\""
                ),
            ),
            NumberFault::TooLong => (
                "amount-precision",
                say!(
                    "`{text}` 超过 28 位，无法精确表示",
                    "`{text}` has more than 28 digits"
                ),
                say!("核对这个数和它的单位", "check the number and its unit"),
            ),
            NumberFault::Other(Some(odd)) if is_unit(text, odd) => (
                "amount-syntax",
                say!("`{text}` 里有单位", "`{text}` holds a unit"),
                say!(
                    "只写数；单位由标准规定",
                    "write the number alone; the standard says the unit"
                ),
            ),
            NumberFault::Other(_) => (
                "amount-syntax",
                say!("`{text}` 不是数", "`{text}` is no number"),
                say!(
                    "写成 1234.56；空白就不写这个键，没有数据写「{NO_DATA}」",
                    "write it as 1234.56; leave the key out for a blank, write {NO_DATA} for no data"
                ),
            ),
        };
        self.error(code, place, message, hint);
    }
}

/// Whether what starts with `odd` is a unit after a number: `30万元`, `95.50%`.
fn is_unit(text: &str, odd: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && (odd == '%' || !odd.is_ascii())
        && text
            .split_once(odd)
            .is_some_and(|(_, rest)| !rest.contains(|c: char| c.is_ascii_digit()))
}

/// Those of some names that look or read like one, the nearest of them.
pub fn nearest<'n>(name: &str, known: &[&'n str]) -> Vec<&'n str> {
    let mut near: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        let distance = strsim::damerau_levenshtein(name, candidate);
        let length = candidate.chars().count();
        // Two characters make most of a Chinese name.
        let limit = if candidate.is_ascii() {
            2.max(length / 3)
        } else {
            1
        };
        let limit = limit.min(length.saturating_sub(1));
        let part = candidate.contains(name) || name.contains(*candidate);
        // One letter is in many names.
        let long = |text: &str| text.len() > 2;
        let part = part && long(name) && long(candidate);
        if distance <= limit || part {
            near.push((distance, candidate));
        }
    }
    let least = near.iter().map(|(distance, _)| *distance).min();
    near.retain(|(distance, _)| Some(*distance) == least);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The hint for a name that is not known: the nearest of those that are, or all of them.
pub fn nearest_hint(name: &str, known: &[&str]) -> Say {
    let near = nearest(name, known);
    if near.is_empty() {
        let (zh, en) = (known.join("、"), known.join(", "));
        return Say {
            zh: format!("可用的有：{zh}"),
            en: format!("at hand: {en}"),
        };
    }
    let names: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let (zh, en) = (names.join(" 或 "), names.join(" or "));
    Say {
        zh: format!("是不是 {zh}？"),
        en: format!("did you mean {en}?"),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest_hint;

    #[test]
    fn the_nearest_name_is_offered_and_all_of_them_when_none_is_near() {
        for (name, known, hint) in [
            (
                "curent",
                &["id", "name", "current"][..],
                "是不是 `current`？",
            ),
            (
                "level4",
                &["level1", "level2", "goal"],
                "是不是 `level1` 或 `level2`？",
            ),
            ("名称", &["id", "name"], "可用的有：id、name"),
            ("产出", &["产出指标", "效益指标"], "是不是 `产出指标`？"),
            (
                "时效指标",
                &["数量指标", "质量指标"],
                "可用的有：数量指标、质量指标",
            ),
            ("万", &["元", "万元"], "是不是 `万元`？"),
        ] {
            assert_eq!(nearest_hint(name, known).zh, hint, "{name}");
        }
    }
}
