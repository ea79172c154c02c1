//! Numbers that belong to a person: ID numbers with their checksum, bank cards (Luhn), telephones.
//!
//! Amounts, codes, dates and document numbers are numbers too, and there are many more of them: what
//! counts is the whole number, its form, and what stands beside it.

use std::ops::Range;

use super::checksum::{is_card, is_identity};
use super::{Hit, Kind, after, before};

/// Least length of what is looked at; fewer digits tell nothing.
const SHORTEST: usize = 7;

/// Most groups of one number: a card of 19 digits in fours.
const MOST: usize = 5;

/// Whether amounts may stand in a text without commas and without a word beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Sentences and pages.
    Text,
    /// CSV and JSON that the program has made: a number that fills a field is an amount there.
    Fields,
}

/// Every personal number of a text.
pub fn find(text: &str, medium: Medium, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // A stretch of seven must have one at every seventh place: most of a text is skipped.
    while let Some(probe) = bytes.get(at + SHORTEST - 1) {
        if !is_part(*probe) {
            at += SHORTEST;
            continue;
        }
        let back = bytes[at..at + SHORTEST - 1]
            .iter()
            .rev()
            .take_while(|b| is_part(**b))
            .count();
        let start = at + SHORTEST - 1 - back;
        let length = bytes[start..].iter().take_while(|b| is_part(**b)).count();
        if length >= SHORTEST {
            in_stretch(text, start..start + length, medium, hits);
        }
        at = start + length;
    }
}

/// Digits, and what people put between groups of them.
const fn is_part(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'.')
}

/// A group of digits of a stretch.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

impl Group {
    const fn len(self) -> usize {
        self.end - self.start
    }
}

/// Numbers of a stretch of digits, blanks and dashes.
fn in_stretch(text: &str, stretch: Range<usize>, medium: Medium, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut groups: Vec<Group> = Vec::new();
    let mut at = stretch.start;
    while at < stretch.end {
        let count = bytes[at..stretch.end]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if count > 0 {
            groups.push(Group {
                start: at,
                end: at + count,
            });
        }
        at += count.max(1);
    }
    let mut first = 0;
    while first < groups.len() {
        let Some((kind, taken, range)) = starting(text, &groups[first..]) else {
            first += 1;
            continue;
        };
        let figure = medium == Medium::Fields && taken == 1 && kind != Kind::Identity;
        if is_free(text, &range) && !(figure && fills_field(text, &range)) {
            hits.push(Hit::new(kind, range));
        }
        first += taken;
    }
}

/// The personal number that begins with the first of these groups, and how many it takes.
fn starting(text: &str, groups: &[Group]) -> Option<(Kind, usize, Range<usize>)> {
    let joined = joined(groups);
    let length = |at: usize| joined.get(at).map_or(0, |group| group.len());
    let (start, end) = (groups[0].start, groups[0].end);
    let whole = &text[start..end];
    let through = |count: usize| start..groups[count - 1].end;
    // A point between two groups alone is that of a decimal.
    let dotted = |count: usize| text[through(count)].contains('.');
    let area_and_local = || is_area(whole) && is_local(&text[groups[1].start..]);
    match [length(0), length(1), length(2), length(3)] {
        [17, ..] if matches!(after(text, end), Some('x' | 'X')) => {
            let range = start..end + 1;
            is_identity(&text[range.clone()]).then_some((Kind::Identity, 1, range))
        }
        [18, ..] if is_identity(whole) => Some((Kind::Identity, 1, through(1))),
        [16..=19, ..] => is_card(whole).then_some((Kind::Card, 1, through(1))),
        [11, ..] if is_mobile(whole) => Some((Kind::Phone, 1, through(1))),
        [13, ..] if before(text, start) == Some('+') && whole.starts_with("86") => {
            is_mobile(&whole[2..]).then(|| (Kind::Phone, 1, through(1)))
        }
        [10..=12, ..] => is_fixed(whole).then_some((Kind::Phone, 1, through(1))),
        [4, 4, 4, 4] => {
            let last = if (1..=3).contains(&length(4)) { 5 } else { 4 };
            let range = through(last);
            let number: String = text[range.clone()]
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            is_card(&number).then_some((Kind::Card, last, range))
        }
        [3, 8, ..] if is_mobile_start(whole) && !dotted(2) => Some((Kind::Phone, 2, through(2))),
        [3, 4, 4, _] if is_mobile_start(whole) => Some((Kind::Phone, 3, through(3))),
        [3 | 4, 7 | 8, ..] if area_and_local() && !dotted(2) => Some((Kind::Phone, 2, through(2))),
        [3 | 4, 3 | 4, 4, ..] if area_and_local() => Some((Kind::Phone, 3, through(3))),
        [3 | 4, 4, ..] if is_local(whole) && !dotted(2) => {
            let from = area_before(text, start)?;
            Some((Kind::Phone, 2, from..groups[1].end))
        }
        [7 | 8, ..] if is_local(whole) => {
            let from = area_before(text, start)?;
            Some((Kind::Phone, 1, from..end))
        }
        _ => None,
    }
}

/// The leading groups that are parted by one character each, as many as a number has at most.
fn joined(groups: &[Group]) -> &[Group] {
    let groups = &groups[..groups.len().min(MOST)];
    let apart = groups
        .windows(2)
        .position(|pair| pair[1].start - pair[0].end != 1);
    let count = apart.map_or(groups.len(), |at| at + 1);
    &groups[..count]
}

/// Start of an area code that a bracket or a wide dash parts from the number at `start`:
/// `（0353）1234567`, `0353－1234567`.
fn area_before(text: &str, start: usize) -> Option<usize> {
    let near = before(text, start)?;
    let mut end = start - near.len_utf8();
    let bracket = matches!(near, ')' | '）');
    if !bracket && !matches!(near, '－' | '—' | '–' | '‐' | '―') {
        return None;
    }
    end -= text[..end].len() - text[..end].trim_end_matches(' ').len();
    let count = text[..end]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count();
    let mut from = end - count;
    if !is_area(&text[from..end]) {
        return None;
    }
    if bracket {
        let open = before(text, from).filter(|c| matches!(c, '(' | '（'))?;
        from -= open.len_utf8();
    }
    Some(from)
}

/// Whether a number stands by itself: not part of a longer one, of a decimal, a code or an address,
/// and not an amount.
pub fn is_free(text: &str, range: &Range<usize>) -> bool {
    let near = before(text, range.start);
    let joins =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '=' | '%' | '#');
    if near.is_some_and(joins) {
        return false;
    }
    if near == Some('-') {
        // +86-138…, but not 晋-2025-138…
        let head = text[..range.start - 1].trim_end_matches(|c: char| c.is_ascii_digit());
        let group = &text[head.len()..range.start - 1];
        if !matches!(group, "86" | "0086") && !is_mobile(group) {
            return false;
        }
    }
    let rest = &text[range.end..];
    let mut following = rest.chars();
    match following.next() {
        Some('.') => !following.next().is_some_and(|c| c.is_ascii_digit()),
        Some('-') => {
            // An extension of up to four digits may follow, or another telephone.
            let group = following.as_str();
            let extension = group.bytes().take_while(u8::is_ascii_digit).count();
            extension <= 4 || is_mobile(&group[..extension])
        }
        Some('_' | '%' | '元' | '万' | '亿' | '％') => false,
        Some(next) => !next.is_ascii_alphanumeric(),
        None => true,
    }
}

/// Whether a number is all that a field of CSV or JSON holds.
fn fills_field(text: &str, range: &Range<usize>) -> bool {
    let open = text[..range.start].trim_end_matches([' ', '"']);
    let close = text[range.end..].trim_start_matches([' ', '"']);
    let edge = |c: char| matches!(c, ',' | ':' | '[' | ']' | '}' | '\n' | '\r');
    open.chars().next_back().is_none_or(edge) && close.chars().next().is_none_or(edge)
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && is_mobile_start(digits)
}

fn is_mobile_start(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// 010, 02x, 03xx to 09xx.
fn is_area(digits: &str) -> bool {
    matches!(
        digits.as_bytes(),
        [b'0', b'1', b'0'] | [b'0', b'2', _] | [b'0', b'3'..=b'9', _, _]
    )
}

/// No number of a place begins with 0, 1 or 9.
fn is_local(digits: &str) -> bool {
    digits.starts_with(|c: char| ('2'..='8').contains(&c))
}

fn is_fixed(digits: &str) -> bool {
    [3, 4].into_iter().any(|cut| {
        let (area, local) = digits.split_at(cut);
        is_area(area) && is_local(local) && (7..=8).contains(&local.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, medium: Medium) -> Vec<(Kind, &str)> {
        let mut hits = Vec::new();
        find(text, medium, &mut hits);
        hits.into_iter()
            .map(|hit| (hit.kind, &text[hit.range]))
            .collect()
    }

    #[test]
    fn numbers_of_persons_are_found_in_their_forms() {
        for (text, kind, number) in [
            ("手机13800001234。", Kind::Phone, "13800001234"),
            ("138-0000-1234", Kind::Phone, "138-0000-1234"),
            ("x 138 0000 1234 y", Kind::Phone, "138 0000 1234"),
            ("+8613800001234", Kind::Phone, "8613800001234"),
            ("+86-138-0000-1234", Kind::Phone, "138-0000-1234"),
            ("0353-2345678", Kind::Phone, "0353-2345678"),
            ("03532345678转801", Kind::Phone, "03532345678"),
            ("0353-2345678-801", Kind::Phone, "0353-2345678"),
            ("010 82345678", Kind::Phone, "010 82345678"),
            ("（0353）2345678", Kind::Phone, "（0353）2345678"),
            ("0353－2345678", Kind::Phone, "0353－2345678"),
            (
                "号110101199001011237，",
                Kind::Identity,
                "110101199001011237",
            ),
            ("11010119900101004X", Kind::Identity, "11010119900101004X"),
            ("卡号6222000011112223", Kind::Card, "6222000011112223"),
            ("6222 0000 1111 2223", Kind::Card, "6222 0000 1111 2223"),
        ] {
            assert_eq!(found(text, Medium::Text), [(kind, number)], "{text}");
        }
    }

    #[test]
    fn amounts_codes_dates_and_document_numbers_are_none() {
        for text in [
            "110101199001011230",
            "110101199013011234",
            "6222000011112221",
            "13800001234元",
            "13800001234.50",
            "138000012345",
            "12800001234",
            "2080501 2080502",
            "2025-04-02 10:30",
            "20250124161915",
            "A13800001234",
            "https://a.cn/13800001234.html",
            "2025-13800001234",
            "138****1234",
            "35*************123",
            "0000-0000000",
            "14030002000012",
            "2345678",
            "1,380,000,123,400",
        ] {
            assert_eq!(found(text, Medium::Text), [], "{text}");
        }
    }

    #[test]
    fn a_number_that_fills_a_field_of_made_data_is_an_amount() {
        for (text, count) in [
            ("甲,13800001234,1\n", 0),
            ("{\"v\": 13800001234}", 0),
            ("[\"13800001234\",", 0),
            ("甲,电话13800001234,1\n", 1),
            ("甲,110101199001011237\n", 1),
        ] {
            assert_eq!(found(text, Medium::Fields).len(), count, "{text}");
        }
    }
}
