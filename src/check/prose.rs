//! Markdown of a disclosure: no raw HTML, no unsafe links, no asterisks left over.

use crate::diagnostic::{Diagnostic, Diagnostics, characters};
use crate::markdown::{self, Fault};
use crate::say;
use crate::source::{Place, Places, Source};

/// Reports what a hand-written text may not hold: `markdown-html`, `markdown-link`,
/// `markdown-image`, `markdown-emphasis`, `forbidden-character` and `odd-character`.
pub fn check(source: &Source, diagnostics: &mut Diagnostics) {
    let faults = markdown::faults(&source.text);
    let places = (!faults.is_empty()).then(|| Places::of(&source.text));
    for (range, fault) in faults {
        let place = places
            .as_ref()
            .map_or(Place::FILE, |places| places.at(&range));
        let (code, message, hint) = match fault {
            Fault::RawHtml => (
                "markdown-html",
                say!("正文里不能有 HTML 标签", "a text may not hold HTML tags"),
                say!(
                    "删去标签；分段空一行，加粗用 **文字**",
                    "remove the tag; leave a blank line for a paragraph, write **text** for bold"
                ),
            ),
            Fault::Link => (
                "markdown-link",
                say!(
                    "链接的地址不能用",
                    "the address of this link cannot be used"
                ),
                say!(
                    "用 http、https、mailto、tel 的地址，或站内的相对路径",
                    "use http, https, mailto, tel or a relative path"
                ),
            ),
            Fault::Image => (
                "markdown-image",
                say!(
                    "图片不能取自别的网站",
                    "an image cannot come from another site"
                ),
                say!(
                    "把图片放进 static/，用相对路径",
                    "put the image into static/ and use a relative path"
                ),
            ),
            Fault::Emphasis => (
                "markdown-emphasis",
                say!(
                    "星号没有成对，会原样印出来",
                    "the asterisks do not pair and would be printed"
                ),
                say!(
                    "加粗写 **文字**，两边都是两个星号，里侧不留空格",
                    "write **text** with two asterisks on both sides and no blanks inside"
                ),
            ),
        };
        diagnostics.push(Diagnostic::error(code, source, place, message).hint(hint));
    }
    entities(&source.text, source, diagnostics);
}

/// Reports what a text that a template of `source` made may not hold: HTML that an expression came to (`markdown-html`),
/// which would be left out, and characters of entities.
pub fn made(text: &str, source: &Source, diagnostics: &mut Diagnostics) {
    entities(text, source, diagnostics);
    if !text.contains('<') {
        return;
    }
    for (range, fault) in markdown::faults(text) {
        let tag = text.get(range).unwrap_or_default().trim();
        let reported = diagnostics
            .as_slice()
            .iter()
            .any(|known| known.code == "markdown-html" && known.location.source == *source);
        if fault != Fault::RawHtml || reported {
            continue;
        }
        let place = match source.text.find(tag) {
            Some(at) => Place::at(&source.text, &(at..at + tag.len())),
            None => Place::FILE,
        };
        let start: String = tag.chars().take(20).collect();
        let message = say!(
            "这一节的模板生成了 HTML 标签「{start}」，印不出来",
            "the template of this section makes the HTML tag {start}, which is not printed"
        );
        let hint = say!(
            "去掉标签和 `safe`；加粗写 **文字**",
            "remove the tag and `safe`; write **text** for bold"
        );
        diagnostics.push(Diagnostic::error("markdown-html", source, place, message).hint(hint));
    }
}

/// Reports characters that entities of a text come to, whatever made the text of `source`: a mark of a figure can only be
/// made by the functions that bind one.
fn entities(text: &str, source: &Source, diagnostics: &mut Diagnostics) {
    let found = markdown::entities(text);
    if found.is_empty() {
        return;
    }
    let written = markdown::entities(&source.text);
    for (_, character, kind) in found {
        let at = written.iter().find(|(_, written, _)| *written == character);
        let place = at.map_or(Place::FILE, |(range, ..)| Place::at(&source.text, range));
        diagnostics.push(characters::diagnostic(kind, character, 0, source, place));
    }
}
