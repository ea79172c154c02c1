//! Values as JavaScript: only strings, numbers and arrays, written one after the other.

use std::fmt::Write as _;

/// Growing code.
#[derive(Default)]
pub struct Script {
    out: String,
}

impl Script {
    /// Begins with `text`, which is code.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            out: text.to_owned(),
        }
    }

    /// The script.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    /// Code as it is.
    pub fn code(&mut self, code: &str) -> &mut Self {
        self.out.push_str(code);
        self
    }

    /// A string.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        push_string(&mut self.out, text);
        self
    }

    /// A number.
    pub fn number(&mut self, number: usize) -> &mut Self {
        self.separate();
        write!(self.out, "{number}").expect("writing to a string does not fail");
        self
    }

    /// Values written apart.
    pub fn values(&mut self, values: &Self) -> &mut Self {
        self.separate();
        self.out.push_str(&values.out);
        self
    }

    /// An array of what `inner` writes.
    pub fn array(&mut self, inner: impl FnOnce(&mut Self)) -> &mut Self {
        self.separate();
        self.out.push('[');
        inner(self);
        self.out.push(']');
        self
    }

    /// Starts a line, so that a changed row changes a line.
    pub fn line(&mut self) -> &mut Self {
        self.separate();
        self.out.push('\n');
        self
    }

    /// A comma where a value stands before.
    fn separate(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(['[', '(', ',', '\n']) {
            self.out.push(',');
        }
    }
}

/// A string literal that stays one in any file: no quote, line end or tag comes through.
fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let special = |c: char| matches!(c, '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '\x7f' || special(c)) {
        out.push_str(&rest[..at]);
        let character = rest[at..].chars().next().unwrap_or_default();
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            other => {
                write!(out, "\\u{:04x}", other as u32).expect("writing to a string does not fail");
            }
        }
        rest = &rest[at + character.len_utf8()..];
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_inside_its_quotes() {
        let mut script = Script::new("f(");
        script
            .text("</script><!--")
            .text("a\"b\\c'\n\r\0")
            .text("\u{2028}\u{2029}");
        script.array(|list| {
            list.number(1).array(|_| ()).text("");
        });
        script.code(");");
        assert_eq!(
            String::from_utf8(script.into_bytes()).expect("text"),
            r#"f("\u003c/script\u003e\u003c!--","a\"b\\c'\u000a\u000d\u0000","\u2028\u2029",[1,[],""]);"#
        );
    }
}
