//! A cell of a .ods file.

use super::super::decimal::Decimal;
use super::super::xml::{Document, Element, Node};
use super::super::{Cell, Number, Reason, Value};

/// Most spaces that stand for one element.
const MAX_SPACES: usize = 1000;

/// Longest paragraph, in bytes; the programs allow less.
const MAX_PARAGRAPH: usize = 1 << 20;

/// Reads the cell that has just begun.
pub(super) fn read(
    element: &Element,
    document: &mut Document,
    indent: usize,
) -> Result<Cell, Reason> {
    let kind = element.attribute("value-type").unwrap_or_default();
    let stored = |name: &str| element.attribute(name).unwrap_or_default();
    let (value, formula) = (element.attribute("value"), element.attribute("formula"));
    let other = match kind.as_str() {
        "date" => stored("date-value")
            .trim_end_matches("T00:00:00")
            .replace('T', " "),
        "time" => time(&stored("time-value")),
        "boolean" => stored("boolean-value").to_uppercase(),
        _ => String::new(),
    };
    let shown = paragraphs(document)?;
    let number = value.as_deref().and_then(Decimal::stored);
    let value = match (kind.as_str(), number) {
        ("float" | "percentage" | "currency", Some(number)) => Value::Number(Number {
            shown: digits(shown.as_deref(), &number),
            stored: number.to_string(),
        }),
        ("date" | "time" | "boolean", _) => Value::Other(other),
        _ => match (shown, formula) {
            // an error is a text that is shown for a formula
            (Some(text), Some(_)) if is_error(&text) => Value::Other(text),
            (Some(text), _) if !text.is_empty() => Value::Text(text),
            (_, Some(formula)) if kind.is_empty() => {
                let formula = formula
                    .split_once(":=")
                    .map_or(formula.as_str(), |(_, rest)| rest);
                Value::Other(format!("={}", formula.trim_start_matches('=')))
            }
            _ => Value::Empty,
        },
    };
    Ok(Cell { value, indent })
}

/// Whether a text is an error that a formula gives: `#REF!`, `#N/A`, `Err:508`.
fn is_error(text: &str) -> bool {
    text.starts_with("Err:")
        || text.strip_prefix('#').is_some_and(|rest| {
            !rest.is_empty()
                && rest
                    .bytes()
                    .all(|sign| sign.is_ascii_uppercase() || b"/!?0".contains(&sign))
        })
}

/// `PT08H30M00S` as `08:30:00`.
fn time(text: &str) -> String {
    let parts: Vec<&str> = text
        .trim_start_matches("PT")
        .split(['H', 'M', 'S', '.', ','])
        .take(3)
        .collect();
    parts.join(":")
}

/// The lines in what is left of a cell; `None` if it has none. Notes and drawings are left out.
fn paragraphs(document: &mut Document) -> Result<Option<String>, Reason> {
    let outside = document.depth().saturating_sub(1);
    let mut all: Option<String> = None;
    while document.depth() > outside {
        match document.next()? {
            Node::Open(element) => match element.name() {
                "p" => {
                    let text = paragraph(document)?;
                    match &mut all {
                        Some(all) => {
                            all.push('\n');
                            all.push_str(&text);
                        }
                        None => all = Some(text),
                    }
                }
                _ => document.skip()?,
            },
            Node::Close | Node::Text(_) => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(all)
}

/// The text in what is left of a paragraph. Runs of spaces and line ends between its words are one space, as in XML
/// for reading; those that are meant are elements.
fn paragraph(document: &mut Document) -> Result<String, Reason> {
    let outside = document.depth().saturating_sub(1);
    let mut all = String::new();
    while document.depth() > outside {
        if all.len() > MAX_PARAGRAPH {
            return Err(Reason::TooLarge);
        }
        match document.next()? {
            Node::Text(text) => {
                for character in text.chars() {
                    match character {
                        ' ' | '\t' | '\r' | '\n' if all.is_empty() || all.ends_with(' ') => {}
                        ' ' | '\t' | '\r' | '\n' => all.push(' '),
                        _ => all.push(character),
                    }
                }
            }
            Node::Open(element) => match element.name() {
                "s" => {
                    let times = element.number("c").unwrap_or(1).min(MAX_SPACES);
                    all.extend(std::iter::repeat_n(' ', times));
                }
                "tab" => all.push('\t'),
                "line-break" => all.push('\n'),
                "annotation" | "ruby-text" | "note" => document.skip()?,
                _ => {}
            },
            Node::Close => {}
            Node::Done => return Err(Reason::Damaged),
        }
    }
    Ok(all)
}

/// The digits of a number in the text that is shown of it. Where text and number do not go together as the separators
/// of Chinese or English, they are read as those of languages with a decimal comma.
fn digits(shown: Option<&str>, number: &Decimal) -> String {
    let Some(shown) = shown else {
        return number.to_string();
    };
    let percent = shown.contains('%');
    let plain = |point: char| -> Option<String> {
        let digits: String = shown
            .chars()
            .filter(|&sign| sign.is_ascii_digit() || sign == point)
            .map(|sign| if sign == point { '.' } else { sign })
            .collect();
        let digits = digits.trim_matches('.').to_owned();
        Decimal::exact(&digits).map(|_| digits)
    };
    let agrees = |digits: &String| {
        let decimals = digits
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let number = number.absolute().shifted(if percent { 2 } else { 0 });
        number.fixed(decimals) == *digits
    };
    let candidates = [plain('.'), plain(',')];
    let found = candidates.iter().flatten().find(|digits| agrees(digits));
    let Some(digits) = found.or(candidates[0].as_ref()).or(candidates[1].as_ref()) else {
        return String::new();
    };
    let zero = digits.bytes().all(|digit| digit == b'0' || digit == b'.');
    let sign = if number.is_negative() && !zero {
        "-"
    } else {
        ""
    };
    format!("{sign}{digits}{}", if percent { "%" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_a_number_are_those_that_are_shown() {
        for (shown, number, expected) in [
            ("89.00", "89", "89.00"),
            ("1,234.50", "1234.5", "1234.50"),
            ("1.234,50", "1234.5", "1234.50"),
            ("1,235", "1234.5", "1235"),
            ("¥1,234.50", "1234.5", "1234.50"),
            ("(1,234.50)", "-1234.5", "-1234.50"),
            ("-0.00", "-0.001", "0.00"),
            ("12.5%", "0.125", "12.5%"),
            ("12,5%", "0.125", "12.5%"),
            ("89.00万元", "89", "89.00"),
            ("-", "0", ""),
            ("", "0", ""),
            ("1.2万", "12345", "1.2"),
        ] {
            let number = Decimal::stored(number).expect("a number");
            assert_eq!(digits(Some(shown), &number), expected, "{shown}");
        }
        let number = Decimal::stored("12.50").expect("a number");
        assert_eq!(digits(None, &number), "12.5");
    }

    #[test]
    fn a_time_is_in_hours_minutes_and_seconds() {
        assert_eq!(time("PT08H30M00S"), "08:30:00");
        assert_eq!(time("PT08H30M00.5S"), "08:30:00");
    }
}
