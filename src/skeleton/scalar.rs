//! Texts as YAML scalars that stand between braces.

/// A text as a scalar: plain where nothing in it means anything to YAML, else in quotation marks.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text between quotation marks.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a text starts as a word does and holds no sign of YAML. A text of digits is a code, and
/// a code is quoted.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || !c.is_ascii();
    let inner = |c: char| word(c) || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')' | '/' | '%');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off"];
    text.starts_with(word)
        && text.chars().all(inner)
        && !text.ends_with(' ')
        && !text.starts_with(char::is_whitespace)
        && text.chars().any(char::is_alphabetic)
        && !(text.starts_with(|c: char| c.is_ascii_digit()) && text.is_ascii())
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
        && !text.chars().any(crate::characters::is_hidden)
}

#[cfg(test)]
mod tests {
    use super::scalar;
    use crate::diagnostic::Diagnostics;
    use crate::source::{Source, SourceFile};
    use crate::yaml::{self, Kind};

    #[test]
    fn every_text_is_read_back_as_it_is() {
        for (text, written) in [
            ("一、一般公共预算", "一、一般公共预算"),
            ("①公务用车购置费", "①公务用车购置费"),
            ("“三公”经费", "“三公”经费"),
            ("1. 因公出国（境）费", "1. 因公出国（境）费"),
            ("20805", "\"20805\""),
            ("1e3", "\"1e3\""),
            ("否 定", "否 定"),
            ("No", "\"No\""),
            ("a, b", "\"a, b\""),
            ("甲: 乙", "\"甲: 乙\""),
            ("甲 #乙", "\"甲 #乙\""),
            ("{甲}", "\"{甲}\""),
            ("- 甲", "\"- 甲\""),
            ("他说\"好\"\\", "\"他说\\\"好\\\"\\\\\""),
            ("", "\"\""),
            ("甲\n乙", "\"甲\\n乙\""),
        ] {
            assert_eq!(scalar(text), written);
            let source = Source::new(SourceFile {
                path: "x.yaml".to_owned(),
                text: format!("- {{name: {written}, next: 1}}\n"),
            });
            let mut faults = Diagnostics::default();
            let node = yaml::parse(&source, &mut faults).expect(text);
            assert!(faults.is_empty(), "{text}: {faults:?}");
            let Kind::List(items) = &node.kind else {
                panic!("a list")
            };
            let Some(Kind::Scalar { text: read, .. }) = items[0].get("name").map(|n| &n.kind)
            else {
                panic!("a scalar")
            };
            assert_eq!(&**read, text);
        }
    }
}
