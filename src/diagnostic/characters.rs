//! Characters that a text should not hold, as diagnostics at their places.

use super::{Detail, Diagnostic, Diagnostics, Severity};
use crate::characters::{self, Kind, notation};
use crate::say;
use crate::source::{Place, Source};

/// Most that is said of one file; the last one says how many more there are.
const MOST: usize = 20;

/// Looks through a file as it stands. Reports `forbidden-character` and `odd-character`.
pub fn look(source: &Source, diagnostics: &mut Diagnostics) {
    let mut found: [Vec<(usize, char)>; 2] = [Vec::new(), Vec::new()];
    let mut more = [0_usize; 2];
    for (at, character, kind) in characters::odd(&source.text) {
        let kind = kind as usize;
        if found[kind].len() < MOST {
            found[kind].push((at, character));
        } else {
            more[kind] += 1;
        }
    }
    for (kind, (found, more)) in [Kind::Forbidden, Kind::Odd]
        .into_iter()
        .zip(found.into_iter().zip(more))
    {
        let last = found.len().saturating_sub(1);
        for (number, (at, character)) in found.into_iter().enumerate() {
            let place = Place::at(&source.text, &(at..at));
            let more = if number == last { more } else { 0 };
            diagnostics.push(diagnostic(kind, character, more, source, place));
        }
    }
}

/// One character that stands at a place, or that something there comes to.
pub fn diagnostic(
    kind: Kind,
    character: char,
    more: usize,
    source: &Source,
    place: Place,
) -> Diagnostic {
    let code = notation(character);
    let (zh, en) = characters::name(character);
    let others = if more == 0 {
        say!("", "")
    } else {
        say!(
            "；这个文件里另有 {more} 处",
            ", and {more} more in this file"
        )
    };
    let (zh, en) = (
        format!("{code}（{zh}）{}", others.zh),
        format!("{code} ({en}){}", others.en),
    );
    match kind {
        Kind::Forbidden => Diagnostic::error(
            "forbidden-character",
            source,
            place,
            say!(
                "这里有不能公开的字符 {zh}",
                "a character that cannot be published stands here: {en}"
            ),
        )
        .hint(say!(
            "删去这个字符，或把这一段重新打一遍",
            "delete the character, or type this part anew"
        )),
        Kind::Odd => Diagnostic::finding(
            "odd-character",
            Severity::Warning,
            source,
            place,
            say!(
                "这里有看不见或认不准的字符 {zh}",
                "a character that readers do not see as it is stands here: {en}"
            ),
        )
        .hint(say!(
            "多半是复制粘贴带来的，删去它；私用区的字换成通用的字",
            "mostly it comes from copying: delete it; replace a private character by a common one"
        ))
        .detail(Detail {
            found: Some(code),
            ..Detail::default()
        }),
    }
}
