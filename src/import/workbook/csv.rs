//! CSV files, in the encodings and with the separators that Chinese programs write. Everything stays text.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::grid::{Book, Grid};
use super::{Cell, Reason, Sheet, Value};
use crate::say;

/// Separators, the likelier first where nothing else decides.
const SEPARATORS: [char; 3] = ['\t', ';', ','];
/// Most of them on a line: as many as fields would be taken in at once.
const MAX_SEPARATORS: usize = 1 << 16;
/// Odd bytes or characters with which a file is still a text.
const MAX_ODD: usize = 100;
/// Lines by which the separator is told.
const LINES: usize = 200;

/// The one sheet of a CSV file.
pub(super) fn sheets(bytes: &[u8], path: &Path, book: &mut Book) -> Result<Vec<Sheet>, Reason> {
    let text = printable(decoded(bytes, book)?, book)?;
    let (separator, text) = announced(&text).unwrap_or_else(|| (separator(&text), &text));
    let most = text
        .split('\n')
        .map(|line| line.matches(separator).count())
        .max();
    if most > Some(MAX_SEPARATORS) {
        return Err(Reason::TooLarge);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut grid = Grid::new(&name, false, book)?;
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        let from = reader.position().byte();
        if !reader
            .read_record(&mut record)
            .map_err(|_| Reason::Damaged)?
        {
            break;
        }
        row += empty_lines(text, usize::try_from(from).unwrap_or(usize::MAX));
        for (column, field) in record.iter().enumerate() {
            let value = value(field);
            grid.put(row, column, Cell { value, indent: 0 })?;
        }
        row += 1;
    }
    Ok(vec![grid.finish()])
}

/// Empty lines from a place on, which the reader passes over; they are rows all the same.
fn empty_lines(text: &str, from: usize) -> usize {
    let (before, after) = text.split_at_checked(from).unwrap_or((text, ""));
    let after = match after.strip_prefix('\n') {
        Some(rest) if before.ends_with('\r') => rest,
        _ => after,
    };
    let ends = after.bytes().take_while(|byte| b"\r\n".contains(byte));
    let mut previous = b'\n';
    ends.filter(|&end| {
        let counts = end == b'\r' || previous != b'\r';
        previous = end;
        counts
    })
    .count()
}

/// What a field holds; `="00123"` is how programs keep the zeros of a text.
fn value(field: &str) -> Value {
    let text = field
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(field);
    if text.is_empty() || text == "\x1a" {
        Value::Empty
    } else {
        Value::Text(text.to_owned())
    }
}

/// The text of a file: by its mark or its zeros where it is UTF-16, else UTF-8 where it is that, else GB18030, which
/// GBK and GB2312 are part of. A few bytes that stand for no character are left out and told.
pub(super) fn decoded<'b>(bytes: &'b [u8], book: &mut Book) -> Result<Cow<'b, str>, Reason> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (encoding(bytes), 0));
    let bytes = &bytes[mark..];
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    if !few(text.matches(char::REPLACEMENT_CHARACTER).count(), &text) {
        return Err(Reason::Encoding);
    }
    let left = without(
        &text,
        |character| character == char::REPLACEMENT_CHARACTER,
        |line, column| {
            let name = encoding.name();
            book.odd(
            || format!("{line}:{column}"),
            || {
                say!(
                    "第 {line} 行第 {column} 个字符处有 {name} 读不出的字节，略去了",
                    "line {line}, character {column}: bytes that are none of {name} were left out"
                )
            },
        );
        },
    );
    Ok(Cow::Owned(left))
}

/// The encoding of a text without a mark.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    let start = &bytes[..bytes.len().min(2048)];
    let zeros = |from: usize| {
        start
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    // the upper halves of digits, separators and line ends; 一 has a zero in its lower one
    let (first, second) = (zeros(0), zeros(1));
    let (most, least) = (first.max(second), first.min(second));
    if bytes.len().is_multiple_of(2) && most >= 4 && most * 16 >= start.len() && least * 4 <= most {
        return if first > second { UTF_16BE } else { UTF_16LE };
    }
    let (mut odd, mut wide) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        odd += usize::from(!chunk.invalid().is_empty());
        wide += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
    }
    // a text in GB18030 has hardly a character that happens to be one of UTF-8
    if odd == 0 || wide > odd * 4 {
        UTF_8
    } else {
        GB18030
    }
}

/// The text without control characters, which no table has: a few are left out and told.
fn printable<'t>(text: Cow<'t, str>, book: &mut Book) -> Result<Cow<'t, str>, Reason> {
    let odd = |character: char| character.is_control() && !"\t\r\n\x0b\x0c\x1a".contains(character);
    let count = text.matches(odd).count();
    if count == 0 {
        return Ok(text);
    }
    if !few(count, &text) {
        return Err(Reason::Unknown);
    }
    let mut found = text.matches(odd);
    let left = without(&text, odd, |line, column| {
        let code = found.next().and_then(|found| found.chars().next());
        let code = u32::from(code.unwrap_or_default());
        book.odd(
            || format!("{line}:{column}"),
            || {
                say!(
                    "第 {line} 行第 {column} 个字符是控制字符（0x{code:02X}），略去了",
                    "line {line}, character {column}: a control character (0x{code:02X}) was left out"
                )
            },
        );
    });
    Ok(Cow::Owned(left))
}

/// Whether so many odd places leave a text that somebody wrote.
fn few(odd: usize, text: &str) -> bool {
    odd <= MAX_ODD && 10 + 100 * odd.saturating_sub(1) <= text.chars().count()
}

/// The text without some characters; the place of each is told.
fn without(text: &str, odd: impl Fn(char) -> bool, mut tell: impl FnMut(usize, usize)) -> String {
    let mut left = String::with_capacity(text.len());
    let (mut line, mut column) = (1, 0);
    for character in text.chars() {
        column += 1;
        if character == '\n' {
            (line, column) = (line + 1, 0);
        }
        if odd(character) {
            tell(line, column);
        } else {
            left.push(character);
        }
    }
    left
}

/// The separator that a first line `sep=;` names, and what follows it.
fn announced(text: &str) -> Option<(char, &str)> {
    let rest = text.strip_prefix("sep=")?;
    let separator = rest
        .chars()
        .next()
        .filter(|separator| SEPARATORS.contains(separator))?;
    let rest = rest[1..].trim_start_matches('\r').strip_prefix('\n')?;
    Some((separator, rest))
}

/// The separator that stands the same number of times in most lines.
fn separator(text: &str) -> char {
    let lines = counts(text);
    let mut best = (0, ',');
    for (place, separator) in SEPARATORS.into_iter().enumerate() {
        let mut counts: Vec<usize> = lines
            .iter()
            .map(|line| line[place])
            .filter(|&count| count > 0)
            .collect();
        counts.sort_unstable();
        let same = counts
            .chunk_by(|a, b| a == b)
            .map(<[usize]>::len)
            .max()
            .unwrap_or(0);
        if same > best.0 {
            best = (same, separator);
        }
    }
    best.1
}

/// How often each separator stands in each of the first lines, outside of quotes.
fn counts(text: &str) -> Vec<[usize; SEPARATORS.len()]> {
    let mut lines = vec![[0; SEPARATORS.len()]];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                if lines.len() == LINES {
                    break;
                }
                lines.push([0; SEPARATORS.len()]);
            }
            _ if quoted => {}
            _ => {
                let place = SEPARATORS
                    .iter()
                    .position(|&separator| separator == character);
                if let (Some(place), Some(line)) = (place, lines.last_mut()) {
                    line[place] += 1;
                }
            }
        }
    }
    lines
}
