//! Markdown of a disclosure: no raw HTML, no unsafe links, no asterisks left over, nothing that is not printed.

use crate::diagnostic::{Diagnostic, Diagnostics, characters};
use crate::markdown::{self, Fault};
use crate::model::narrative::{CHART_OPEN, FIGURE_OPEN};
use crate::say;
use crate::source::{Place, Places, Source};

/// Reports what a hand-written text may not hold: `markdown-html`, `markdown-link`,
/// `markdown-image`, `markdown-emphasis`, `markdown-lost`, `forbidden-character` and `odd-character`.
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
            Fault::Times => (
                "markdown-lost",
                say!(
                    "数字之间的星号被当作加粗，印出来就没有了",
                    "the asterisks between digits are taken for emphasis and are not printed"
                ),
                say!(
                    "乘号写 ×，或在每个星号前加反斜线",
                    "write × for times, or a backslash before each asterisk"
                ),
            ),
            Fault::Definition => (
                "markdown-lost",
                say!(
                    "`[…]:` 开头的一行是链接的地址，不会印出来",
                    "a line that starts with `[…]:` names a target of links and is not printed"
                ),
                say!(
                    "注释写成（注：…）；链接写 [文字](地址)",
                    "write a note as (note: …), a link as [text](address)"
                ),
            ),
            Fault::Cells => (
                "markdown-lost",
                say!(
                    "这一行的格子比表头多，多出的印不出来",
                    "this row has more cells than the head of its table; the rest is not printed"
                ),
                say!(
                    "给表头补上格子，或删去多出的",
                    "add cells to the head, or remove those that are too many"
                ),
            ),
        };
        diagnostics.push(Diagnostic::error(code, source, place, message).hint(hint));
    }
    entities(&source.text, source, diagnostics);
}

/// Reports what a text that a template of `source` made may not hold: HTML that an expression came to (`markdown-html`),
/// or that Markdown leaves out (`markdown-lost`), and characters of entities.
pub fn made(text: &str, source: &Source, diagnostics: &mut Diagnostics) {
    entities(text, source, diagnostics);
    for (range, fault) in markdown::faults(text) {
        let code = match fault {
            Fault::RawHtml => "markdown-html",
            Fault::Times | Fault::Definition | Fault::Cells => "markdown-lost",
            Fault::Link | Fault::Image | Fault::Emphasis => continue,
        };
        let lost = text.get(range).unwrap_or_default().trim();
        let mut known = diagnostics.as_slice().iter();
        if known.any(|known| known.code == code && known.location.source == *source) {
            continue;
        }
        let marks = [FIGURE_OPEN, CHART_OPEN];
        let start = lost.split(marks).next().unwrap_or_default();
        let place = match source.text.find(start) {
            Some(at) => Place::at(&source.text, &(at..at + start.len())),
            None => Place::FILE,
        };
        let start: String = start.chars().take(20).collect();
        let message = say!(
            "这一节的模板写出的「{start}」印不出来",
            "{start}, which the template of this section makes, is not printed"
        );
        let hint = say!(
            "去掉标签和 `safe`；表的每一行和表头一样多格；乘号写 ×",
            "remove the tag and `safe`; give each row of a table the cells of its head; write × for times"
        );
        diagnostics.push(Diagnostic::error(code, source, place, message).hint(hint));
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
