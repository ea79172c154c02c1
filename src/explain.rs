//! What each code means: the sections of `docs/rules.md`, taken apart.
//!
//! The document is the one place of these texts. A section is a heading ``### `code` title`` and a
//! list of five parts; a part goes on in the lines below it that are indented by two blanks.

use std::sync::LazyLock;

use crate::language::Language;

const DOCUMENT: &str = include_str!("../docs/rules.md");

/// The section of one code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Stable name.
    pub code: String,
    /// The heading, a few words.
    pub title: String,
    /// What is reported, and how much it weighs.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// A wrong and a right example.
    pub example: String,
    /// Which regulation or form asks for it.
    pub source: String,
    /// All of it in English, shorter.
    pub english: String,
}

/// Every section of the document, in its order.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| entries(DOCUMENT));

/// The section of a code.
#[must_use]
pub fn entry(code: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

/// Every section, in the order of the document.
#[must_use]
pub fn all() -> &'static [Entry] {
    &ENTRIES
}

/// Every code, in the order of the document.
pub fn codes() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|entry| entry.code.as_str())
}

impl Entry {
    /// Code and title on one line; in English the first sentence.
    #[must_use]
    pub fn heading(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.title,
            Language::En => self
                .english
                .split_once(". ")
                .map_or(self.english.trim_end_matches('.'), |(first, _)| first),
        }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => PARTS.iter().map(|part| part.line(self)).collect(),
            Language::En => format!("{}\n", self.english),
        }
    }
}

/// A part that the Chinese text prints.
struct Part {
    name: &'static str,
    of: fn(&Entry) -> &String,
}

impl Part {
    /// `什么：…`; a text of several lines starts on its own.
    fn line(&self, entry: &Entry) -> String {
        let (name, text) = (self.name, (self.of)(entry));
        if text.contains('\n') {
            format!("{name}：\n{text}\n")
        } else {
            format!("{name}：{text}\n")
        }
    }
}

const PARTS: [Part; 4] = [
    Part {
        name: "什么",
        of: |entry| &entry.what,
    },
    Part {
        name: "为什么",
        of: |entry| &entry.why,
    },
    Part {
        name: "例",
        of: |entry| &entry.example,
    },
    Part {
        name: "来源",
        of: |entry| &entry.source,
    },
];

fn entries(document: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Whether the lines to come belong to the last entry, and which part they go on with.
    let mut inside = false;
    let mut part = "";
    for line in document.lines() {
        if line.starts_with('#') {
            let found = heading(line);
            inside = found.is_some();
            part = "";
            entries.extend(found);
            continue;
        }
        let Some(entry) = entries.last_mut().filter(|_| inside) else {
            continue;
        };
        let mut text = line.strip_prefix("  ");
        if let Some((name, rest)) = named(line) {
            part = name;
            text = Some(rest);
        }
        let into = match part {
            "什么" => &mut entry.what,
            "为什么" => &mut entry.why,
            "例" => &mut entry.example,
            "来源" => &mut entry.source,
            "English" => &mut entry.english,
            _ => continue,
        };
        if let Some(text) = text {
            if !into.is_empty() {
                into.push('\n');
            }
            into.push_str(text.trim_end());
        }
    }
    entries
}

/// ``### `code` title``
fn heading(line: &str) -> Option<Entry> {
    let (code, title) = line.strip_prefix("### `")?.split_once("` ")?;
    Some(Entry {
        code: code.to_owned(),
        title: title.to_owned(),
        ..Entry::default()
    })
}

/// `- **什么**：…` or `- **English**: …`
fn named(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("- **")?.split_once("**")?;
    let text = rest.strip_prefix('：').or_else(|| rest.strip_prefix(':'))?;
    Some((name, text.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
# 规则

## 金额

一段说明。

### `amount-syntax` 不是数

- **什么**：错误。这里应是一个数。
- **为什么**：读不出来。
- **例**：
  ```yaml
  total: 2.5O
  ```
- **来源**：gongkai 的数据格式。
- **English**: The text is no number. Write digits.

## 标准的规则

- **什么**：不属于任何一节。
";

    #[test]
    fn a_section_is_taken_apart() {
        let [entry] = &entries(SAMPLE)[..] else {
            panic!("one entry")
        };
        assert_eq!(entry.code, "amount-syntax");
        assert_eq!(entry.title, "不是数");
        assert_eq!(entry.what, "错误。这里应是一个数。");
        assert_eq!(entry.why, "读不出来。");
        assert_eq!(entry.example, "```yaml\ntotal: 2.5O\n```");
        assert_eq!(entry.source, "gongkai 的数据格式。");
        assert_eq!(entry.heading(Language::En), "The text is no number");
    }
}
