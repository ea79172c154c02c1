//! What the functions of templates take: one table for calls as they are written and as they are made.
//!
//! The engine hands a function whatever it is called with, and reads a call only when its branch is rendered. So calls
//! are also looked for in the text of a template that the engine has understood.

use std::ops::Range;

use tera::{Function, Kwargs, State, TeraResult, Value};

use super::error;
use crate::diagnostic::{Diagnostic, Diagnostics, Say, Severity};
use crate::say;
use crate::source::{Place, Source};
use crate::yaml::fields::nearest_hint;

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// A text or a list of texts.
    Texts,
    /// A whole number.
    Number,
    /// `true` or `false`.
    YesNo,
}

/// One argument of a function.
#[derive(Debug)]
pub struct Argument {
    name: &'static str,
    takes: Takes,
    required: bool,
}

/// An argument that a call must have.
pub const fn must(name: &'static str, takes: Takes) -> Argument {
    Argument {
        name,
        takes,
        required: true,
    }
}

/// An argument that a call may have.
pub const fn may(name: &'static str, takes: Takes) -> Argument {
    Argument {
        name,
        takes,
        required: false,
    }
}

/// A function with all that it takes.
#[derive(Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
}

/// A function with all that it takes.
pub const fn signature(name: &'static str, arguments: &'static [Argument]) -> Signature {
    Signature { name, arguments }
}

impl Takes {
    fn words(self, name: &str) -> Say {
        match self {
            Self::Text => say!(
                "参数 `{name}` 要写文字，放在引号里",
                "the argument `{name}` takes a text in quotes"
            ),
            Self::Texts => say!(
                "参数 `{name}` 要写文字，或方括号里的几个文字",
                "the argument `{name}` takes a text, or a list of texts"
            ),
            Self::Number => say!(
                "参数 `{name}` 要写整数，不加引号",
                "the argument `{name}` takes a whole number without quotes"
            ),
            Self::YesNo => say!(
                "参数 `{name}` 只能写 true 或 false",
                "the argument `{name}` takes `true` or `false`"
            ),
        }
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Text => value.as_str().is_some(),
            Self::Texts => {
                let texts = |list: &[Value]| list.iter().all(|item| item.as_str().is_some());
                value.as_str().is_some() || value.as_array().is_some_and(texts)
            }
            Self::Number => value.is_number(),
            Self::YesNo => value.as_bool().is_some(),
        }
    }
}

impl Signature {
    fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|known| known.name == name)
    }

    fn unknown(&self, name: &str) -> Say {
        let function = self.name;
        say!(
            "函数 `{function}` 没有参数 `{name}`",
            "the function `{function}` has no argument `{name}`"
        )
    }

    fn known(&self) -> Vec<&str> {
        self.arguments.iter().map(|known| known.name).collect()
    }

    /// Looks at a call as it is made.
    ///
    /// # Errors
    /// For an argument that it does not have, or of another kind.
    pub fn check(&self, kwargs: &Kwargs) -> TeraResult<()> {
        for (key, value) in kwargs.iter() {
            let name = key.as_str().unwrap_or_default();
            match self.argument(name) {
                None => return Err(error(&self.unknown(name))),
                Some(known) if !known.takes.holds(value) => {
                    return Err(error(&known.takes.words(name)));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// A function that looks at its arguments first.
pub struct Checked<F>(pub &'static Signature, pub F);

impl<F, R> Function<TeraResult<R>> for Checked<F>
where
    F: Fn(Kwargs, &State<'_>) -> TeraResult<R> + Sync + Send + 'static,
    TeraResult<R>: tera::FunctionResult,
{
    fn call(&self, kwargs: Kwargs, state: &State<'_>) -> TeraResult<R> {
        self.0.check(&kwargs)?;
        (self.1)(kwargs, state)
    }
}

/// Reports `template` for every call in a template whose arguments are not those of its function, rendered or not;
/// whether there is none.
pub fn check_calls(source: &Source, known: &[Signature], diagnostics: &mut Diagnostics) -> bool {
    let before = diagnostics.count(Severity::Error);
    for tag in tags(&source.text) {
        for (at, token) in tag.iter().enumerate() {
            let Kind::Name(name) = token.kind else {
                continue;
            };
            let called = tag
                .get(at + 1)
                .is_some_and(|next| next.kind == Kind::Sign('('));
            let mut before = tag[..at].iter().rev().map(|token| token.kind).peekable();
            // `is not` is one word of two.
            let negated = before.next_if_eq(&Kind::Name("not")).is_some();
            let before = before
                .next()
                .filter(|kind| !negated || *kind == Kind::Name("is"));
            // A filter, a test or a component of that name is another thing.
            let is_function = !matches!(
                before,
                Some(Kind::Sign('.' | '|') | Kind::Name("is" | "component"))
            );
            let mut signatures = known.iter();
            let signature = signatures.find(|one| one.name == name && called && is_function);
            if let Some(signature) = signature {
                check_call(source, signature, &token.range, &tag[at + 2..], diagnostics);
            }
        }
    }
    diagnostics.count(Severity::Error) == before
}

/// One call: `rest` is what comes after its opening bracket.
fn check_call(
    source: &Source,
    signature: &Signature,
    name: &Range<usize>,
    rest: &[Token<'_>],
    diagnostics: &mut Diagnostics,
) {
    let mut report = |range: &Range<usize>, say: &Say, hint: Say| {
        let (zh, en) = (&say.zh, &say.en);
        let place = Place::at(&source.text, range);
        let say = say!("模板出错：{zh}", "template: {en}");
        diagnostics.push(Diagnostic::error("template", source, place, say).hint(hint));
    };
    let (mut given, mut strange) = (Vec::new(), false);
    for argument in arguments(rest) {
        let [token, equals, value @ ..] = argument else {
            continue;
        };
        let (Kind::Name(name), Kind::Sign('=')) = (token.kind, equals.kind) else {
            continue;
        };
        given.push(name);
        match signature.argument(name) {
            None => {
                strange = true;
                let known = signature.known();
                let hint = if known.is_empty() {
                    say!("括号里什么都不写", "leave the brackets empty")
                } else {
                    nearest_hint(name, &known)
                };
                report(&token.range, &signature.unknown(name), hint);
            }
            Some(known) if !may_be(known.takes, value) => {
                let hint = say!(
                    "写法见 docs/standards.md 和 docs/templates.md 的函数表",
                    "docs/standards.md and docs/templates.md list the functions"
                );
                report(&token.range, &known.takes.words(name), hint);
            }
            Some(_) => {}
        }
    }
    let mut required = signature.arguments.iter().filter(|known| known.required);
    let missing = required.find(|known| !given.contains(&known.name));
    // A name that is not known was most likely meant for the one that is missing.
    if let Some(missing) = missing.filter(|_| !strange) {
        let (function, missing) = (signature.name, missing.name);
        let say = say!(
            "函数 `{function}` 缺少参数 `{missing}`",
            "the function `{function}` lacks the argument `{missing}`"
        );
        let hint = say!("写成 {missing}=…", "write {missing}=…");
        report(name, &say, hint);
    }
}

/// The arguments of a call, up to its closing bracket.
fn arguments<'t, 'a>(rest: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in rest.iter().enumerate() {
        match token.kind {
            Kind::Sign(')' | ']' | '}') if depth == 0 => {
                found.push(&rest[start..at]);
                break;
            }
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => depth -= 1,
            Kind::Sign(',') if depth == 0 => {
                found.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Whether a value as written may be of a kind; only a literal tells.
fn may_be(takes: Takes, value: &[Token<'_>]) -> bool {
    match value {
        [only] => match only.kind {
            Kind::Text => matches!(takes, Takes::Text | Takes::Texts),
            Kind::Number { whole } => takes == Takes::Number && whole,
            Kind::Name("true" | "false" | "True" | "False") => takes == Takes::YesNo,
            _ => true,
        },
        [first, inner @ ..] if is_one_bracket(value) => match first.kind {
            Kind::Sign('[') => {
                let mut items = arguments(inner).into_iter();
                takes == Takes::Texts && items.all(|item| may_be(Takes::Text, item))
            }
            Kind::Sign('{') => false,
            _ => true,
        },
        _ => true,
    }
}

/// Whether the bracket that opens first closes last: `[a]`, and not `[a][0]`.
fn is_one_bracket(value: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in value.iter().enumerate() {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at > 0 && at + 1 == value.len();
        }
    }
    false
}

/// A piece of a tag.
struct Token<'a> {
    kind: Kind<'a>,
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Name(&'a str),
    Text,
    Number {
        whole: bool,
    },
    Sign(char),
    /// `==`, `!=`, `<=`, `>=`
    Compared,
}

/// The tags of a template in pieces; comments and raw text have none.
fn tags(text: &str) -> Vec<Vec<Token<'_>>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        at += found;
        let close = match text.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at = text[at..].find("#}").map_or(text.len(), |end| at + end + 2);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let (tag, end) = tokens(text, at + 2, close);
        at = end;
        if close == "%}" && is_only(&tag, "raw") {
            at = end_of_raw(text, at);
            continue;
        }
        tags.push(tag);
    }
    tags
}

/// Whether a tag has but this name, with or without the sign that cuts white space.
fn is_only(tag: &[Token<'_>], name: &str) -> bool {
    let kinds = tag.iter().map(|token| token.kind);
    let mut names = kinds.filter(|kind| *kind != Kind::Sign('-'));
    names.next() == Some(Kind::Name(name)) && names.next().is_none()
}

/// Where the tag ends that closes raw text.
fn end_of_raw(text: &str, mut at: usize) -> usize {
    while let Some(found) = text[at..].find("{%") {
        at += found + 2;
        let (tag, end) = tokens(text, at, "%}");
        if is_only(&tag, "endraw") {
            return end;
        }
    }
    text.len()
}

/// The pieces from a place to the end of a tag, and where that is.
fn tokens<'a>(text: &'a str, mut at: usize, close: &str) -> (Vec<Token<'a>>, usize) {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    while let Some(first) = text[at..].chars().next() {
        // `}}` may also end two maps of a tag.
        if depth == 0 && text[at..].starts_with(close) {
            return (tokens, at + close.len());
        }
        let rest = &text[at..];
        let while_is = |is: &dyn Fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (kind, length) = match first {
            '"' | '\'' | '`' => (Some(Kind::Text), quoted(rest, first)),
            '0'..='9' => {
                let length = while_is(&|c| c.is_ascii_digit() || c == '.');
                let whole = !rest[..length].contains('.');
                (Some(Kind::Number { whole }), length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = while_is(&|c| c.is_alphanumeric() || c == '_');
                (Some(Kind::Name(&rest[..length])), length)
            }
            c if c.is_whitespace() => (None, c.len_utf8()),
            '=' | '!' | '<' | '>' if rest[1..].starts_with('=') => (Some(Kind::Compared), 2),
            c => {
                match c {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (Some(Kind::Sign(c)), c.len_utf8())
            }
        };
        let range = at..at + length;
        at = range.end;
        tokens.extend(kind.map(|kind| Token { kind, range }));
    }
    (tokens, at)
}

/// The length of a text in quotes, these included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + quote.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    const KNOWN: [Signature; 2] = [
        Signature {
            name: "share",
            arguments: &[
                must("part", Takes::Texts),
                must("of", Takes::Text),
                may("none", Takes::Text),
            ],
        },
        Signature {
            name: "names",
            arguments: &[must("table", Takes::Text), may("level", Takes::Number)],
        },
    ];

    fn found(text: &str) -> Vec<String> {
        let source = source("a.md", text);
        let mut found = Diagnostics::default();
        check_calls(&source, &KNOWN, &mut found);
        let found = found.as_slice().iter();
        found
            .map(|one| {
                let place = one.location.place;
                format!("{}:{} {}", place.line, place.column, one.say.en)
            })
            .collect()
    }

    #[test]
    fn calls_are_held_against_what_functions_take() {
        for (text, said) in [
            (r#"{{ share(part="a", of="b") }}"#, &[][..]),
            (
                r#"{{ share(part=["a", "b"], of=r.at.total, none='') }}"#,
                &[],
            ),
            (
                r#"{{ share(part=x == y, of="b" ~ "c=1") | upper(part=1) }}"#,
                &[],
            ),
            (
                r"{{ x.share(parts=1) }}{# share(parts=1) #}{% raw %}{{ share() }}{% endraw %}",
                &[],
            ),
            (
                r#"{{ share(part="a", of="b", decimals=1) }}"#,
                &["1:28 template: the function `share` has no argument `decimals`"],
            ),
            (
                "{% if false %}\n{{ names(table=\"a\", levle=1) }}{% endif %}",
                &["2:21 template: the function `names` has no argument `levle`"],
            ),
            (
                r#"{{ names(table="}}", level="1") }}"#,
                &["1:22 template: the argument `level` takes a whole number without quotes"],
            ),
            (
                r#"{{ share(part=["a", 1], of={"a": {"b": 1}}) }}{{ names(table=["a"][0], level=1.5) }}"#,
                &[
                    "1:10 template: the argument `part` takes a text, or a list of texts",
                    "1:25 template: the argument `of` takes a text in quotes",
                    "1:72 template: the argument `level` takes a whole number without quotes",
                ],
            ),
            (
                "{%- raw -%}{{ share() }}endraw{% if %}{%- endraw -%}{#- {{ names() }} -#}{%- if not names() -%}",
                &["1:85 template: the function `names` lacks the argument `table`"],
            ),
            (
                r"{% if x is names(a=1) or x is not names(a=1) %}{% endif %}{% component share(a) %}{% endcomponent %}",
                &[],
            ),
            (
                r#"{% for r in [share(part=1, of=["b"])] %}{% endfor %}"#,
                &[
                    "1:20 template: the argument `part` takes a text, or a list of texts",
                    "1:28 template: the argument `of` takes a text in quotes",
                ],
            ),
            (
                r#"{{ share(part=names(tabel="a")) }}"#,
                &[
                    "1:4 template: the function `share` lacks the argument `of`",
                    "1:21 template: the function `names` has no argument `tabel`",
                ],
            ),
        ] {
            assert_eq!(found(text), said, "{text}");
        }
    }

    fn source(path: &str, text: &str) -> Source {
        Source::new(SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    /// What a row of the documents says of a function.
    fn row(signature: &Signature) -> String {
        let list = |required: bool| {
            let arguments = signature.arguments.iter();
            let arguments = arguments.filter(|one| one.required == required);
            let arguments: Vec<String> = arguments
                .map(|one| {
                    let kind = match one.takes {
                        Takes::Text => "文字",
                        Takes::Texts => "文字或列表",
                        Takes::Number => "整数",
                        Takes::YesNo => "true、false",
                    };
                    format!("`{}`（{kind}）", one.name)
                })
                .collect();
            arguments.join("、")
        };
        format!(
            "| `{}` | {} | {} |",
            signature.name,
            list(true),
            list(false)
        )
    }

    #[test]
    fn documents_list_what_functions_take_and_their_examples_are_right() {
        for (document, text, known) in [
            (
                "docs/standards.md",
                include_str!("../../docs/standards.md"),
                crate::narrative::functions::SIGNATURES.as_slice(),
            ),
            (
                "docs/templates.md",
                include_str!("../../docs/templates.md"),
                crate::render::functions::SIGNATURES.as_slice(),
            ),
        ] {
            let (_, table) = text
                .split_once("| 函数 | 必写 | 可写 |\n|---|---|---|\n")
                .expect(document);
            let listed: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
            let expected: Vec<String> = known.iter().map(row).collect();
            assert_eq!(listed, expected, "{document}:\n{}", expected.join("\n"));
            let mut found = Diagnostics::default();
            check_calls(&source(document, text), known, &mut found);
            assert_eq!(found.as_slice().len(), 0, "{document}: {found:?}");
        }
    }

    /// Every template of the program with what it may call.
    fn templates() -> Vec<(String, String, &'static [Signature])> {
        use crate::embedded::{Folder, files};
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let pages = files(Folder::Templates).into_iter();
        let pages = pages.map(|(path, bytes)| {
            let known = crate::render::functions::SIGNATURES.as_slice();
            (path, text(bytes), known)
        });
        let sections = files(Folder::Standards).into_iter();
        let sections = sections
            .filter(|(path, _)| path.contains("/narrative/"))
            .map(|(path, bytes)| {
                let known = crate::narrative::functions::SIGNATURES.as_slice();
                (path, text(bytes), known)
            });
        pages.chain(sections).collect()
    }

    #[test]
    fn templates_of_the_program_have_no_fault_until_an_argument_is_renamed() {
        let mut renamed_calls = 0;
        for (path, text, known) in templates() {
            let judge = |text: &str| {
                let mut found = Diagnostics::default();
                check_calls(&source(&path, text), known, &mut found);
                found.as_slice().len()
            };
            assert_eq!(judge(&text), 0, "{path}");
            for signature in known {
                for argument in signature.arguments {
                    let call = format!("{}({}=", signature.name, argument.name);
                    let renamed = format!("{}({}x=", signature.name, argument.name);
                    let calls = text.match_indices(&call).filter(|(at, _)| {
                        let within = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                        !text[..*at].ends_with(within)
                    });
                    let calls = calls.count();
                    let found = judge(&text.replace(&call, &renamed));
                    assert_eq!(found, calls, "{path}: {call}");
                    renamed_calls += calls;
                }
            }
        }
        assert!(renamed_calls > 50, "{renamed_calls}");
    }

    #[test]
    fn no_text_is_too_odd_to_be_read() {
        let pieces = [
            "{{", "}}", "{%", "%}", "{#", "#}", "-", "raw", "endraw", "\"", "'", "\\", "(", ")",
            "[", "]", "{", "}", "=", "==", ",", "share", "names", "part", "1.", "true", "支", " ",
            "\n", "|", "is",
        ];
        let mut seed = 7_usize;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) % pieces.len()]);
            }
            found(&text);
        }
    }
}
