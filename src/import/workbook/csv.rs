//! CSV files, in the encodings and with the separators that Chinese programs write. Everything stays text.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, GB18030};

use super::grid::{Budget, Grid};
use super::{Cell, Reason, Sheet, Value};

/// Separators, the likelier first where nothing else decides.
const SEPARATORS: [char; 3] = ['\t', ';', ','];
/// Most of them on a line: as many as fields would be taken in at once.
const MAX_SEPARATORS: usize = 1 << 16;
/// Lines by which the separator is told.
const LINES: usize = 200;

/// The one sheet of a CSV file.
pub(super) fn sheets(bytes: &[u8], path: &Path) -> Result<Vec<Sheet>, Reason> {
    let text = decoded(bytes)?;
    if text.contains(|character: char| {
        character.is_control() && !"\t\r\n\x0b\x0c\x1a".contains(character)
    }) {
        return Err(Reason::Unknown);
    }
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
    let mut budget = Budget::default();
    let mut grid = Grid::new(&name, false, &mut budget)?;
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

/// The text of a file: by its mark, else UTF-8 where it is that, else GB18030, which GBK and GB2312 are part of.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| {
        let utf8 = std::str::from_utf8(bytes).is_ok();
        (if utf8 { encoding_rs::UTF_8 } else { GB18030 }, 0)
    });
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
        .ok_or(Reason::Encoding)
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
