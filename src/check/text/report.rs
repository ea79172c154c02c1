//! Hits as findings: code, weight and words of every text check.

use super::cover::mask;
use super::stale::Frame;
use super::{Hit, Kind};
use crate::diagnostic::{Detail, Diagnostic, Say, Severity};
use crate::say;
use crate::source::{Place, Source};

/// Code, weight and words of a finding.
struct Verdict {
    code: &'static str,
    severity: Severity,
    say: Say,
    hint: Say,
}

impl Verdict {
    const fn finding(code: &'static str, severity: Severity, say: Say, hint: Say) -> Self {
        Self {
            code,
            severity,
            say,
            hint,
        }
    }
}

/// A hit in `text` as a finding at a place of a file.
pub fn finding(
    text: &str,
    hit: &Hit,
    frame: Option<Frame>,
    source: &Source,
    place: Place,
) -> Diagnostic {
    let matched = &text[hit.range.clone()];
    let found = mask(hit.kind, matched);
    let shown: String = found
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let Verdict {
        code,
        severity,
        say,
        hint,
    } = if hit.kind.is_personal() {
        personal(hit.kind, &shown)
    } else {
        written(hit.kind, &shown, frame)
    };
    Diagnostic::finding(code, severity, source, place, say)
        .hint(hint)
        .detail(Detail {
            found: Some(found),
            matched: Some(matched.into()),
            ..Detail::default()
        })
}

fn personal(kind: Kind, found: &str) -> Verdict {
    let contact = say!(
        "删去；是对外公布的联系方式的，写进 disclosure.yaml 的 contacts",
        "remove it; a contact meant for the public goes to `contacts` of disclosure.yaml"
    );
    match kind {
        Kind::Identity => Verdict::finding(
            "personal-id",
            Severity::Error,
            say!(
                "这里有身份证号 {found}",
                "an ID number stands here: {found}"
            ),
            say!(
                "删去；必须列出时写成打码的 {found}",
                "remove it; where it must be listed, write it masked as {found}"
            ),
        ),
        Kind::Card => Verdict::finding(
            "personal-card",
            Severity::Error,
            say!(
                "这里有银行卡号 {found}",
                "the number of a bank card stands here: {found}"
            ),
            say!("删去卡号", "remove the number"),
        ),
        Kind::Email => Verdict::finding(
            "personal-email",
            Severity::Error,
            say!(
                "这里有电子邮箱 {found}",
                "an e-mail address stands here: {found}"
            ),
            contact,
        ),
        Kind::Name => Verdict::finding(
            "personal-name",
            Severity::Error,
            say!(
                "这里有经办人员的姓名 {found}",
                "a person in charge is named here: {found}"
            ),
            say!(
                "删去姓名；是对外公布的联系人的，写进 disclosure.yaml 的 contacts",
                "remove the name; a contact meant for the public goes to `contacts` of disclosure.yaml"
            ),
        ),
        _ => Verdict::finding(
            "personal-phone",
            Severity::Error,
            say!(
                "这里有电话号码 {found}",
                "a telephone number stands here: {found}"
            ),
            contact,
        ),
    }
}

fn written(kind: Kind, found: &str, frame: Option<Frame>) -> Verdict {
    match kind {
        Kind::Placeholder => Verdict::finding(
            "placeholder",
            Severity::Error,
            say!(
                "「{found}」没有换成实际内容",
                "`{found}` has not been filled in"
            ),
            say!("填上实际内容，或删去这一处", "fill it in, or remove it"),
        ),
        Kind::Year => {
            let year = frame.map_or(0, |frame| frame.year);
            Verdict::finding(
                "stale-year",
                Severity::Warning,
                say!(
                    "「{found}」不合{year}年的公开",
                    "`{found}` does not fit a disclosure of {year}"
                ),
                say!(
                    "核对年份：是往年留下的就改正或删去",
                    "check the year: mend or remove what is left from another year"
                ),
            )
        }
        Kind::Level => {
            let level = frame.and_then(|frame| frame.level).unwrap_or('市');
            Verdict::finding(
                "level-word",
                Severity::Warning,
                say!(
                    "「{found}」不合本级（{level}）",
                    "`{found}` does not fit the level of this body ({level})"
                ),
                say!(
                    "核对是不是从别级的文本抄来的，改成本级的说法",
                    "check whether it was copied from a text of another level, and use the word of this one"
                ),
            )
        }
        Kind::Body => {
            let own = frame.map_or("", Frame::own_word);
            Verdict::finding(
                "kind-word",
                Severity::Warning,
                say!(
                    "这是{own}的公开，却写「{found}」",
                    "this is the disclosure of a {own}, but it says `{found}`"
                ),
                say!("改成「本{own}」", "write 本{own}"),
            )
        }
        Kind::Doubled => Verdict::finding(
            "punctuation-doubled",
            Severity::Warning,
            say!("标点重复：「{found}」", "doubled punctuation: `{found}`"),
            say!("只留一个", "keep one"),
        ),
        Kind::HalfWidth => {
            let wide = found.chars().next().map_or(' ', full_width);
            Verdict::finding(
                "punctuation-half-width",
                Severity::Warning,
                say!(
                    "中文里用了半角标点「{found}」",
                    "half-width punctuation `{found}` in Chinese text"
                ),
                say!("改成全角「{wide}」", "write the full-width `{wide}`"),
            )
        }
        Kind::Tag => Verdict::finding(
            "html-tag",
            Severity::Warning,
            say!(
                "文字里有 HTML 标签 `{found}`",
                "the text holds an HTML tag `{found}`"
            ),
            say!("删去标签，只留文字", "remove the tag and keep the text"),
        ),
        _ => Verdict::finding(
            "internal-mark",
            Severity::Error,
            say!(
                "「{found}」是内部标记，不能公开",
                "`{found}` is an internal mark"
            ),
            say!(
                "删去这几个字；封面、页眉和附件里也查一遍",
                "remove it; look at covers, headers and attachments too"
            ),
        ),
    }
}

/// The full-width form of a half-width mark.
fn full_width(mark: char) -> char {
    char::from_u32(u32::from(mark) + 0xFEE0)
        .filter(|_| mark.is_ascii_graphic())
        .unwrap_or(mark)
}
