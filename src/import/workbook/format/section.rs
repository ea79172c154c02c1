//! One section of a number format.

use super::super::decimal::Decimal;

/// A section: which numbers it is for, and how it shows them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    pub(super) condition: Option<Condition>,
    pub(super) shape: Shape,
}

/// What a section makes of a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// All digits there are: General, and fractions, which are not shown as such.
    General,
    /// A text, `@`.
    Text,
    /// A date or a time of day.
    Date,
    /// Digits at places.
    Digits(Places),
}

/// Which digits a section shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Places {
    /// Places in front of the point.
    whole: usize,
    /// Those of them from the first `0` on.
    least_whole: usize,
    /// Places behind the point.
    decimals: usize,
    /// Those of them up to the last `0`.
    least_decimals: usize,
    /// Power of ten by which it is shifted: percent signs and commas at the end.
    power: i32,
    /// Whether a percent sign is shown.
    percent: bool,
    /// Whether it is rounded to as many digits as there are places (`0.00E+00`).
    scientific: bool,
    /// Places behind a point that stands in front of the point as a text: `0!.0,` shows thousands as tens of thousands.
    written_point: Option<usize>,
}

/// Numbers for which a section is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    comparison: String,
    bound: Decimal,
}

/// A piece of a section.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece<'a> {
    /// A character that means something.
    Sign(char),
    /// Text that is shown as it is.
    Literal(&'a str),
    /// What stands in brackets.
    Bracket(&'a str),
}

/// Sections of a code; a semicolon that is quoted or escaped parts nothing.
pub(super) fn split(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut from = 0;
    for (at, piece) in pieces(code) {
        if piece == Piece::Sign(';') {
            sections.push(&code[from..at]);
            from = at + 1;
        }
    }
    sections.push(&code[from..]);
    sections
}

/// Pieces of a code with their places. `_x` and `*x`, which only take up room, are left out.
fn pieces(code: &str) -> Vec<(usize, Piece<'_>)> {
    let mut pieces = Vec::new();
    let mut characters = code.char_indices();
    while let Some((at, character)) = characters.next() {
        let rest = &code[at + character.len_utf8()..];
        match character {
            '"' => {
                let text = rest.split('"').next().unwrap_or(rest);
                pieces.push((at, Piece::Literal(text)));
                characters = after(code, code.len() - rest.len() + text.len() + 1);
            }
            '[' => {
                let text = rest.split(']').next().unwrap_or(rest);
                pieces.push((at, Piece::Bracket(text)));
                characters = after(code, code.len() - rest.len() + text.len() + 1);
            }
            '\\' | '!' => {
                if let Some((_, escaped)) = characters.next() {
                    pieces.push((at, Piece::Literal(&rest[..escaped.len_utf8()])));
                }
            }
            '_' | '*' => {
                characters.next();
            }
            _ => pieces.push((at, Piece::Sign(character))),
        }
    }
    pieces
}

/// Characters of a code from a place on, which keep their places.
fn after(code: &str, place: usize) -> std::str::CharIndices<'_> {
    let mut characters = code.char_indices();
    while characters.offset() < place.min(code.len()) {
        characters.next();
    }
    characters
}

impl Section {
    /// Of its code.
    pub(super) fn of(code: &str) -> Self {
        let pieces: Vec<Piece> = pieces(code).into_iter().map(|(_, piece)| piece).collect();
        let condition = pieces.iter().find_map(|piece| match piece {
            Piece::Bracket(text) => Condition::of(text),
            _ => None,
        });
        Self {
            condition,
            shape: shape(&pieces),
        }
    }

    /// What it shows of a number that is no date: a minus in front of what is negative, whatever the section itself
    /// has (brackets, a colour, nothing).
    pub(super) fn show(&self, number: &Decimal) -> String {
        match &self.shape {
            Shape::Digits(places) => places.show(number),
            Shape::General | Shape::Text | Shape::Date => number.to_string(),
        }
    }
}

/// What the pieces of a section come to.
fn shape(pieces: &[Piece]) -> Shape {
    let signs: String = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Sign(sign) => Some(sign.to_ascii_lowercase()),
            Piece::Literal(_) | Piece::Bracket(_) => None,
        })
        .collect();
    if signs.contains("general") || signs.contains("通用格式") {
        return Shape::General;
    }
    let elapsed = pieces.iter().any(|piece| {
        matches!(piece, Piece::Bracket(text) if !text.is_empty()
            && text.chars().all(|sign| "hms".contains(sign.to_ascii_lowercase())))
    });
    let dated = signs.replace("e+", "").replace("e-", "");
    if elapsed || dated.contains(['y', 'm', 'd', 'h', 's', 'e', 'g', 'b']) || dated.contains("aaa")
    {
        return Shape::Date;
    }
    let digits = signs.contains(['0', '#', '?']);
    if digits && signs.contains('/') {
        return Shape::General;
    }
    if !digits && signs.contains('@') {
        return Shape::Text;
    }
    Shape::Digits(Places::of(pieces))
}

impl Places {
    fn of(pieces: &[Piece]) -> Self {
        let mut places = Self::default();
        let mut behind = false;
        let mut commas = 0;
        for piece in pieces {
            match piece {
                Piece::Sign('E' | 'e') => {
                    places.scientific = true;
                    break;
                }
                Piece::Sign('%') => {
                    places.percent = true;
                    places.power += 2;
                }
                Piece::Sign('.') => behind = true,
                Piece::Sign(',') => commas += 1,
                Piece::Sign(digit @ ('0' | '#' | '?')) => {
                    commas = 0;
                    places.place(*digit == '0', behind);
                }
                Piece::Literal(text) if text.contains('%') => places.percent = true,
                Piece::Literal(".") if !behind && places.whole > 0 => {
                    places.written_point = Some(0);
                }
                Piece::Sign(_) | Piece::Literal(_) | Piece::Bracket(_) => {}
            }
        }
        places.power -= 3 * commas;
        places
    }

    /// Takes one more place, which may have to be filled.
    fn place(&mut self, filled: bool, behind: bool) {
        if behind {
            self.decimals += 1;
            if filled {
                self.least_decimals = self.decimals;
            }
        } else {
            self.whole += 1;
            if filled || self.least_whole > 0 {
                self.least_whole += 1;
            }
            if let Some(places) = &mut self.written_point {
                *places += 1;
            }
        }
    }

    fn show(&self, number: &Decimal) -> String {
        let number = number.shifted(self.power);
        let decimals = i32::try_from(self.decimals).unwrap_or(0);
        if self.scientific {
            return number.significant(decimals.saturating_add(1)).to_string();
        }
        let number = number.rounded(decimals);
        let blank = self.least_whole + self.least_decimals == 0;
        if self.whole + self.decimals == 0 || blank && number.is_zero() {
            return String::new();
        }
        let mut text = self.digits(&number.absolute());
        if self.percent {
            text.push('%');
        }
        if number.is_negative() {
            text.insert(0, '-');
        }
        text
    }

    /// The digits of a number that is not negative.
    fn digits(&self, number: &Decimal) -> String {
        let text = number.fixed(self.decimals);
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let (kept, optional) = decimals.split_at(self.least_decimals);
        let decimals = format!("{kept}{}", optional.trim_end_matches('0'));
        let mut whole = format!("{whole:0>width$}", width = self.least_whole.max(1));
        if let Some(places) = self
            .written_point
            .filter(|&places| places > 0 && decimals.is_empty())
        {
            whole = format!("{whole:0>width$}", width = places + 1);
            whole.insert(whole.len() - places, '.');
            return whole;
        }
        if decimals.is_empty() {
            whole
        } else {
            format!("{whole}.{decimals}")
        }
    }
}

impl Condition {
    /// What brackets hold: `>=100`. Colours and languages are no conditions.
    fn of(text: &str) -> Option<Self> {
        let bound = text.trim_start_matches(['<', '>', '=']);
        let comparison = &text[..text.len() - bound.len()];
        if comparison.is_empty() {
            return None;
        }
        Some(Self {
            comparison: comparison.to_owned(),
            bound: Decimal::exact(bound.trim())?,
        })
    }

    pub(super) fn holds(&self, number: &Decimal) -> bool {
        let order = number.cmp(&self.bound);
        match self.comparison.as_str() {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "=" => order.is_eq(),
            _ => order.is_ne(),
        }
    }
}
