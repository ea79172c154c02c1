//! Names that files and folders can have on every system, and so in every ZIP: Windows keeps some for itself, macOS
//! and Windows take two for one that differ only in case.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

use crate::characters::{self, Kind, judge, notation, odd};
use crate::diagnostic::Say;
use crate::say;

/// What a name may hold nowhere: separators, and what Windows gives a meaning.
const REFUSED: &str = "<>:\"/\\|?*";

/// Bytes that a name can have on common disks.
const MAX_NAME: usize = 255;

/// Bytes of a name that becomes part of addresses.
const MAX_ID: usize = 80;

/// Characters of a path below the site, so that Windows, which takes 260, can unpack it into a folder of its own.
const MAX_PATH: usize = 180;

/// Names of devices of Windows, which it knows with any ending: `nul.txt` is `nul`.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Why a file or folder cannot have this name everywhere, as a part of a sentence; `None` when it can.
#[must_use]
pub fn fault(name: &str) -> Option<Say> {
    if name.is_empty() {
        return Some(say!("是空的", "it is empty"));
    }
    if name.contains(char::REPLACEMENT_CHARACTER) {
        return Some(say!("不是 UTF-8 编码的", "it is not UTF-8"));
    }
    let mut unseen = name
        .chars()
        .filter(char::is_ascii_control)
        .map(|c| (0, c, Kind::Forbidden))
        .chain(odd(name));
    if let Some((_, character, _)) = unseen.next() {
        let (code, (zh, en)) = (notation(character), characters::name(character));
        return Some(say!("里有字符 {code}（{zh}）", "it holds {code} ({en})"));
    }
    if let Some(odd) = name.chars().find(|c| REFUSED.contains(*c)) {
        return Some(say!(
            "里有 `{odd}`，Windows 的文件名不能有",
            "it holds `{odd}`, which no name on Windows can"
        ));
    }
    if name.starts_with(char::is_whitespace) || name.ends_with(char::is_whitespace) {
        return Some(say!("开头或末尾是空格", "it starts or ends with a blank"));
    }
    if name.ends_with('.') {
        return Some(say!(
            "末尾是点，Windows 会去掉",
            "it ends with a dot, which Windows drops"
        ));
    }
    if is_device(name) {
        return Some(say!(
            "是 Windows 留给设备的",
            "Windows keeps it for a device"
        ));
    }
    let bytes = name.len();
    (bytes > MAX_NAME).then(|| {
        say!(
            "有 {bytes} 个字节，最多 {MAX_NAME} 个",
            "it has {bytes} bytes, {MAX_NAME} is the most"
        )
    })
}

/// A name as text, with each byte that is no UTF-8 as `\xNN`, so that no two are told as one.
#[must_use]
pub fn escaped(name: &OsStr) -> String {
    let mut text = String::new();
    for part in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(part.valid());
        for byte in part.invalid() {
            write!(text, "\\x{byte:02X}").expect("writing to a string does not fail");
        }
    }
    text
}

/// Why a path below the site is too long, as a part of a sentence.
#[must_use]
pub fn path_fault(path: &str) -> Option<Say> {
    let length = path.encode_utf16().count();
    (length > MAX_PATH).then(|| {
        say!(
            "连同文件夹有 {length} 个字符，最多 {MAX_PATH} 个",
            "with its folders it has {length} characters, {MAX_PATH} is the most"
        )
    })
}

/// Why a name cannot be part of addresses and name a folder everywhere; `None` for lower-case ASCII letters, digits,
/// `-` and `_`.
#[must_use]
pub fn id_fault(name: &str) -> Option<Say> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    if let Some(fault) = fault(name) {
        return Some(fault);
    }
    if !name.bytes().all(plain) {
        let upper = name.to_ascii_lowercase();
        return Some(if upper.bytes().all(plain) {
            say!(
                "有大写字母，Windows 和 macOS 上与小写的是同一个",
                "it holds upper-case letters, which Windows and macOS take for lower-case ones"
            )
        } else {
            say!(
                "里有小写英文、数字和短横以外的字符",
                "it holds more than lower-case letters, digits and dashes"
            )
        });
    }
    let bytes = name.len();
    (bytes > MAX_ID).then(|| {
        say!(
            "有 {bytes} 个字符，最多 {MAX_ID} 个",
            "it has {bytes} characters, {MAX_ID} is the most"
        )
    })
}

/// What a name could be instead, so that it is part of addresses; `otherwise` where nothing of it can stay.
#[must_use]
pub fn id_like(name: &str, otherwise: &str) -> String {
    let dashed: String = name
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let steps: Vec<&str> = dashed.split('-').filter(|step| !step.is_empty()).collect();
    let mut id = steps.join("-");
    if id.is_empty() {
        return otherwise.to_owned();
    }
    if is_device(&id) {
        id.push_str("-1");
    }
    id.truncate(MAX_ID);
    id
}

/// What a name could be instead, its ending kept.
#[must_use]
pub fn name_like(name: &str) -> String {
    let odd = |c: char| c.is_control() || judge(Some('甲'), c).is_some() || REFUSED.contains(c);
    let kept: String = name.chars().map(|c| if odd(c) { '-' } else { c }).collect();
    let kept = kept
        .trim()
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = kept.split_at(kept.find('.').unwrap_or(kept.len()));
    let mut stem = stem.to_owned();
    if stem.is_empty() || is_device(&stem) {
        stem.push_str("-1");
    }
    let room = MAX_NAME.saturating_sub(ending.len());
    while stem.len() > room && stem.pop().is_some() {}
    stem + ending
}

/// A name as systems see it that do not tell case and do not tell é from e and an accent.
#[must_use]
pub fn seen(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfd().flat_map(char::to_lowercase).nfc().collect()
}

/// Paths of which a part is seen as a part of another one though it is written otherwise, each with the first that it
/// meets, in the order of the paths.
#[must_use]
pub fn same<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, &'a str)> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let mut same = Vec::new();
    for path in paths {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let parts = ends.chain([path.len()]).map(|end| &path[..end]);
        let met = parts.filter_map(|part| {
            let first = *known.entry(seen(part)).or_insert(part);
            (first != part).then_some((part, first))
        });
        // Of the folder and what is in it the folder is told, once.
        if let Some(found) = met.collect::<Vec<_>>().first().copied()
            && !same.contains(&found)
        {
            same.push(found);
        }
    }
    same
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_lowercase();
    let numbered = ["com", "lpt"].iter().find_map(|port| {
        let mut number = stem.strip_prefix(port)?.chars();
        Some(matches!(number.next(), Some('1'..='9' | '¹' | '²' | '³')) && number.next().is_none())
    });
    DEVICES.contains(&stem.as_str()) || numbered.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_some_system_cannot_hold_is_told_and_answered_with_one_that_all_can() {
        for (name, reason, instead) in [
            ("con", "设备", "con-1"),
            ("CON", "设备", "CON-1"),
            ("nul.txt", "设备", "nul-1.txt"),
            ("NUL.tar.gz", "设备", "NUL-1.tar.gz"),
            ("nul .txt", "设备", "nul -1.txt"),
            ("com1.yaml", "设备", "com1-1.yaml"),
            ("lpt³", "设备", "lpt³-1"),
            ("a:b.txt", "`:`", "a-b.txt"),
            ("预算?.pdf", "`?`", "预算-.pdf"),
            ("a\u{7}", "控制", "a-"),
            ("a\u{fffd}", "UTF-8", "a-"),
            ("a.", "点", "a"),
            ("a ", "空格", "a"),
            (" a", "空格", "a"),
            ("...", "点", "-1"),
            ("", "空", "-1"),
        ] {
            let found = fault(name).expect(name);
            assert!(found.zh.contains(reason), "{name}: {}", found.zh);
            let mended = name_like(name);
            assert_eq!(mended, instead, "{name}");
            assert_eq!(fault(&mended), None, "{mended}");
        }
        let long = "预".repeat(90) + ".pdf";
        assert!(fault(&long).is_some_and(|say| say.zh.contains("274")));
        assert_eq!(fault(&name_like(&long)), None);
        for name in [
            "confer",
            "com",
            "com10",
            "nul-1.txt",
            "预算公开 2025.pdf",
            ".htaccess",
            "a.b",
        ] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn an_id_is_lower_case_and_another_is_proposed() {
        for (name, reason, instead) in [
            ("Library", "大写", "library"),
            ("YQ_Veterans", "大写", "yq_veterans"),
            ("档案馆", "以外", "x"),
            ("ａｂ 局", "以外", "ab"),
            ("a.b", "以外", "a-b"),
            ("a/b", "`/`", "a-b"),
            ("..", "点", "x"),
            ("aux", "设备", "aux-1"),
            ("", "空", "x"),
        ] {
            let found = id_fault(name).expect(name);
            assert!(found.zh.contains(reason), "{name}: {}", found.zh);
            assert_eq!(id_like(name, "x"), instead, "{name}");
            assert_eq!(id_fault(&id_like(name, "x")), None, "{name}");
        }
        assert!(id_fault(&"a".repeat(81)).is_some());
        assert_eq!(id_fault("yq-veterans_2"), None);
    }

    #[test]
    fn names_meet_that_differ_in_case_or_in_how_an_accent_is_written() {
        let met = same([
            "Logo.png",
            "logo.png",
            "caf\u{e9}/a.png",
            "cafe\u{301}/b.png",
            "cafe\u{301}/c.png",
            "style/a.css",
            "style/b.css",
        ]);
        assert_eq!(
            met,
            [("logo.png", "Logo.png"), ("cafe\u{301}", "caf\u{e9}")]
        );
    }
}
