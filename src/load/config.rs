//! `site.toml` -> [`Config`]; every default stands in [`Config::default`].

use toml::de::{DeTable, DeValue};

use super::publisher::{self, Column, Publisher};
use crate::characters::{Kind as Judged, has_forbidden, odd};
use crate::diagnostic::{Diagnostic, Diagnostics, Say, characters};
use crate::model::address;
use crate::say;
use crate::source::{Place, Places, Source, Spanned};
use crate::yaml::fields::{Fields, Reader};
use crate::yaml::{Entry, Kind, Node};

/// Settings of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the site.
    pub title: String,
    /// Address under which it is published, ending with `/`; empty when unknown. Only the sitemap,
    /// canonical links and page tags need it.
    pub base_url: String,
    /// One sentence for search engines.
    pub description: String,
    /// Folder of the output, relative to the site root.
    pub output: String,
    /// Words across pages of a disclosure that is not approved.
    pub watermark: String,
    /// Who is responsible for the site.
    pub publisher: Publisher,
    /// 栏目 that its pages belong to.
    pub column: Column,
    /// What is made.
    pub pages: Pages,
    /// What is looked for.
    pub check: Check,
}

/// What is made beside the plain pages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the settings"
)]
pub struct Pages {
    /// Charts.
    pub charts: bool,
    /// `full.html`
    pub full: bool,
    /// `checks.html`, with the marks in tables and the lists below them.
    pub checks: bool,
    /// CSV, XLSX and JSON files, their descriptions, and the feed.
    pub downloads: bool,
    /// The search: its index, `search.html` and the lookup page of each disclosure.
    pub search: bool,
}

/// What the checks look for beside what they always do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// 内部标记: words that must not be published, beside the built-in ones.
    pub marks: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "预决算公开".to_owned(),
            base_url: String::new(),
            description: "部门预算、决算公开".to_owned(),
            output: "public".to_owned(),
            watermark: "草稿 未经批准".to_owned(),
            publisher: Publisher::default(),
            column: Column::default(),
            pages: Pages {
                charts: true,
                full: true,
                checks: true,
                downloads: true,
                search: true,
            },
            check: Check::default(),
        }
    }
}

/// Reads `site.toml`; `None` when its faults leave nothing to work with. Characters that it may not hold have been reported.
pub fn read(source: &Source, diagnostics: &mut Diagnostics) -> Option<Config> {
    if has_forbidden(&source.text) {
        return None;
    }
    let table = match DeTable::parse(&source.text) {
        Ok(table) => table,
        Err(error) => {
            let place = error
                .span()
                .map_or(Place::FILE, |span| Place::at(&source.text, &span));
            let (message, hint) = toml_words(error.message());
            diagnostics.push(Diagnostic::error("toml-syntax", source, place, message).hint(hint));
            return None;
        }
    };
    let node = Node {
        place: Place::FILE,
        kind: map(&Places::of(&source.text), table.get_ref()),
    };
    look(&node, source, diagnostics);
    let mut reader = Reader {
        source,
        diagnostics,
    };
    let fields = reader.fields(
        &node,
        &[
            "title",
            "base_url",
            "description",
            "output",
            "watermark",
            "publisher",
            "column",
            "pages",
            "check",
        ],
    )?;
    let mut config = Config::default();
    text(&mut reader, &fields, "title", &mut config.title);
    text(&mut reader, &fields, "base_url", &mut config.base_url);
    text(&mut reader, &fields, "description", &mut config.description);
    text(&mut reader, &fields, "output", &mut config.output);
    text(&mut reader, &fields, "watermark", &mut config.watermark);
    publisher::read(&mut reader, &fields, &mut config.publisher);
    publisher::read_column(&mut reader, &fields, &mut config.column);
    let switches = ["charts", "full", "checks", "downloads", "search"];
    if let Some(pages) = section(&mut reader, &fields, "pages", &switches) {
        switch(&mut reader, &pages, "charts", &mut config.pages.charts);
        switch(&mut reader, &pages, "full", &mut config.pages.full);
        switch(&mut reader, &pages, "checks", &mut config.pages.checks);
        let downloads = &mut config.pages.downloads;
        switch(&mut reader, &pages, "downloads", downloads);
        switch(&mut reader, &pages, "search", &mut config.pages.search);
    }
    if let Some(check) = section(&mut reader, &fields, "check", &["marks"]) {
        config.check.marks = reader.texts(&check, "marks");
    }
    if let Some(node) = fields
        .get("base_url")
        .filter(|_| !config.base_url.is_empty())
    {
        match address::base(&config.base_url) {
            Ok(url) => config.base_url = url,
            Err(Say { zh, en }) => {
                reader.error(
                    "base-url",
                    node.place,
                    say!("base_url {zh}", "`base_url` {en}"),
                    say!(
                        "写成 https://www.example.gov.cn/ysgk/",
                        "write it as https://www.example.gov.cn/ysgk/"
                    ),
                );
            }
        }
    }
    Some(config)
}

/// The reason why a text is no TOML in our words, and what to do.
fn toml_words(reason: &str) -> (Say, Say) {
    let quote = say!(
        "文字加半角引号，如 title = \"…\"",
        "put texts into half-width quotation marks, as in title = \"…\""
    );
    if reason.starts_with("duplicate key") {
        (
            say!("这个键写了两次", "this key is written twice"),
            say!("留下正确的一个", "keep the right one"),
        )
    } else if reason.contains("string values must be quoted") {
        (say!("文字没有加引号", "the text is not quoted"), quote)
    } else if reason.contains("basic string") || reason.contains("literal string") {
        (
            say!("引号没有成对", "a quotation mark is not closed"),
            quote,
        )
    } else if reason.contains("unquoted key") {
        (
            say!(
                "键只能用英文、数字、短横和下划线",
                "a key may hold only ASCII letters, digits, - and _"
            ),
            say!("用英文的键，如 title", "write keys such as title"),
        )
    } else if reason.contains("expected `=`") {
        (
            say!("键的后面不是等号", "there is no `=` after the key"),
            say!("写成 title = \"…\"", "write title = \"…\""),
        )
    } else {
        (other(reason), quote)
    }
}

/// What else keeps a text from being TOML.
fn other(reason: &str) -> Say {
    let has = |words: &str| reason.contains(words);
    if has("escape") || has("unicode") {
        say!(
            "反斜杠后面的写法不对；反斜杠是文字时写两个",
            "what follows the backslash is no escape; double a backslash that is text"
        )
    } else if has("comma") {
        say!(
            "项目之间的逗号不对",
            "a comma between items is missing or too many"
        )
    } else if has("array") || has("inline table") {
        say!("方括号或花括号没有成对", "a bracket is not closed")
    } else if has("table") {
        say!(
            "节名的方括号没有成对",
            "the brackets around a section are not closed"
        )
    } else if has("value") && (has("missing") || has("no value")) {
        say!("等号后面没有写值", "there is no value after the `=`")
    } else if has("unexpected") || has("extra") {
        say!("这一行多写了东西", "there is too much on this line")
    } else {
        say!(
            "从这里开始读不下去，不合 TOML 格式",
            "from here on this is not valid TOML"
        )
    }
}

/// The keys of a section. Reports `wrong-type`.
pub(super) fn section<'n>(
    reader: &mut Reader<'_>,
    fields: &Fields<'n>,
    name: &str,
    keys: &[&str],
) -> Option<Fields<'n>> {
    let node = fields.get(name)?;
    if matches!(node.kind, Kind::Map(_)) {
        return reader.fields(node, keys);
    }
    reader.error(
        "wrong-type",
        node.place,
        say!(
            "{name} 是一节，不是一个值",
            "`{name}` is a section, not a value"
        ),
        say!(
            "另起一行写 [{name}]，下面一行一个键",
            "write [{name}] on its own line and the keys below it"
        ),
    );
    None
}

pub(super) fn text(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, into: &mut String) {
    if let Some(text) = reader.optional_text(fields, key) {
        *into = text;
    }
}

fn switch(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str, into: &mut bool) {
    let Some(node) = fields.get(key) else { return };
    match reader.text(node) {
        Some("true") => *into = true,
        Some("false") => *into = false,
        _ => reader.error(
            "wrong-type",
            node.place,
            say!("{key} 要写 true 或 false", "`{key}` is true or false"),
            say!("写 {key} = true", "write {key} = true"),
        ),
    }
}

/// Reports the characters that escapes come to: `"\u202E"`.
fn look(node: &Node, source: &Source, diagnostics: &mut Diagnostics) {
    match &node.kind {
        Kind::Scalar { text, .. } => look_at(text, node.place, source, diagnostics),
        Kind::Unread(first) => look(first, source, diagnostics),
        Kind::List(items) => items
            .iter()
            .for_each(|item| look(item, source, diagnostics)),
        Kind::Map(entries) => {
            for Entry { key, value } in entries {
                look_at(&key.value, key.place, source, diagnostics);
                look(value, source, diagnostics);
            }
        }
    }
}

fn look_at(text: &str, place: Place, source: &Source, diagnostics: &mut Diagnostics) {
    if odd(text).next().is_none() {
        return;
    }
    // What stands there as it is was reported with the file.
    let starts = place.bytes_in(&source.text).start;
    let raw = source.text.get(starts..).unwrap_or_default();
    let written: Vec<char> = raw.chars().take(text.chars().count() + 3).collect();
    for wanted in [Judged::Forbidden, Judged::Odd] {
        let mut escaped = odd(text).filter(|(_, c, kind)| *kind == wanted && !written.contains(c));
        if let Some((_, character, kind)) = escaped.next() {
            diagnostics.push(characters::diagnostic(kind, character, 0, source, place));
        }
    }
}

fn map(text: &Places<'_>, table: &DeTable<'_>) -> Kind {
    let entries = table
        .iter()
        .map(|(key, value)| Entry {
            key: Spanned::new(key.get_ref().as_ref().into(), text.at(&key.span())),
            value: Node {
                place: text.at(&value.span()),
                kind: kind(text, value.get_ref()),
            },
        })
        .collect();
    Kind::Map(entries)
}

fn kind(text: &Places<'_>, value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::Table(table) => map(text, table),
        DeValue::Array(items) => Kind::List(
            items
                .iter()
                .map(|item| Node {
                    place: text.at(&item.span()),
                    kind: kind(text, item.get_ref()),
                })
                .collect(),
        ),
        DeValue::String(string) => scalar(string, false),
        DeValue::Integer(number) => scalar(number.as_str(), true),
        DeValue::Float(number) => scalar(number.as_str(), true),
        DeValue::Boolean(switch) => scalar(if *switch { "true" } else { "false" }, true),
        DeValue::Datetime(date) => scalar(&date.to_string(), true),
    }
}

fn scalar(text: &str, plain: bool) -> Kind {
    Kind::Scalar {
        text: text.into(),
        plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn read_text(text: &str) -> (Option<Config>, Vec<Diagnostic>) {
        let source = Source::new(SourceFile {
            path: "site.toml".to_owned(),
            text: text.to_owned(),
        });
        let mut diagnostics = Diagnostics::default();
        let config = read(&source, &mut diagnostics);
        (config, diagnostics.into_sorted())
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        assert_eq!(read_text(""), (Some(Config::default()), Vec::new()));
    }

    #[test]
    fn a_slip_in_a_key_names_the_nearest_one() {
        let (_, faults) = read_text("titel = \"甲\"\n[pages]\nchart = false\n");
        let found: Vec<_> = faults
            .iter()
            .map(|fault| {
                (
                    fault.code,
                    fault.location.place.line,
                    fault.hint.clone().map(|h| h.en),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("unknown-key", 1, Some("did you mean `title`?".to_owned())),
                ("unknown-key", 3, Some("did you mean `charts`?".to_owned())),
            ]
        );
    }

    #[test]
    fn marks_are_a_list_of_texts() {
        let (config, faults) = read_text("[check]\nmarks = [\"密级\", \"内部\"]\n");
        assert_eq!(config.map(|config| config.check.marks.len()), Some(2));
        assert_eq!(faults, []);
        let (_, faults) = read_text("[check]\nmarks = \"密级\"\n");
        assert_eq!(faults.first().map(|fault| fault.code), Some("wrong-type"));
    }
}
