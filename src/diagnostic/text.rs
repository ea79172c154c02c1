//! Texts of a diagnostic made fit for a terminal or one line.

use std::borrow::Cow;
use std::path::Path;

use super::{Diagnostic, Language};
use crate::characters::{is_hidden, numbered};

/// A text with the characters by which a terminal is moved or a line is turned around told by their numbers:
/// `甲<U+202E>乙`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            out.push_str(&numbered(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Likewise for the text of a file, in which each is replaced by one that is seen, so that columns stay.
pub fn clean_file(text: &str) -> Cow<'_, str> {
    if text.contains(is_hidden) {
        Cow::Owned(text.replace(is_hidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Likewise on one line.
pub fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\r', '\t'], " ")
}

/// The sentence of a diagnostic, and for a waived one why it is let pass:
/// `相差 0.05 万元（原件如此；财务科）`.
pub fn sentence(diagnostic: &Diagnostic, language: Language) -> String {
    let text = diagnostic.say.text(language);
    let Some(waived) = &diagnostic.waived else {
        return text.to_owned();
    };
    let (reason, by) = (&waived.reason, &waived.by);
    match language {
        Language::Zh => format!("{text}（{reason}；{by}）"),
        Language::En => format!("{text} ({reason}; {by})"),
    }
}

/// A sentence, and on the next line the hint of its diagnostic.
pub fn with_hint(sentence: &str, diagnostic: &Diagnostic, language: Language) -> String {
    match &diagnostic.hint {
        Some(hint) => {
            let (before, hint) = (before_hint(language), hint.text(language));
            format!("{sentence}\n{before}{hint}")
        }
        None => sentence.to_owned(),
    }
}

/// The words before a hint.
pub const fn before_hint(language: Language) -> &'static str {
    match language {
        Language::Zh => "怎么办：",
        Language::En => "what to do: ",
    }
}

/// For whom a format is written.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// In which language.
    pub language: Language,
    /// Root of the site as the program was called with it.
    pub root: &'a Path,
}

/// A path of a site as seen from where the program was called: below `root` when that is a relative
/// path. The machine's own folders never stand in front of it.
pub fn from_call(root: &Path, path: &str) -> String {
    let root = root.to_string_lossy().replace('\\', "/");
    let root = root.trim_start_matches("./").trim_end_matches('/');
    let inside = !root.is_empty() && root != "." && !Path::new(root).is_absolute();
    if inside && !path.starts_with('<') {
        format!("{root}/{path}")
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_where_the_program_was_called() {
        for (root, path) in [
            (".", "data/a.yaml"),
            ("", "data/a.yaml"),
            ("./", "data/a.yaml"),
            ("sites/one/", "sites/one/data/a.yaml"),
            ("./sites", "sites/data/a.yaml"),
            ("../site", "../site/data/a.yaml"),
            ("/srv/site", "data/a.yaml"),
        ] {
            assert_eq!(from_call(Path::new(root), "data/a.yaml"), path, "{root}");
        }
        let builtin = "<builtin>/standards/a.yaml";
        assert_eq!(from_call(Path::new("sites"), builtin), builtin);
    }

    #[test]
    fn what_would_break_a_line_or_turn_it_around_is_told_by_its_number() {
        assert_eq!(
            one_line("甲\n乙\u{202e}丙\u{1b}[1m"),
            "甲 乙<U+202E>丙<U+001B>[1m"
        );
    }
}
