//! Money as a disclosure prints it: the only arithmetic on it.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

/// Unit of measure of money (计量单位).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
pub enum MoneyUnit {
    /// 元
    #[serde(rename = "元")]
    Yuan,
    /// 万元, 10 000 元
    #[serde(rename = "万元")]
    WanYuan,
    /// 亿元, 100 000 000 元
    #[serde(rename = "亿元")]
    YiYuan,
}

impl MoneyUnit {
    /// The unit as printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::WanYuan => "万元",
            Self::YiYuan => "亿元",
        }
    }

    /// How many 元 one of it is.
    #[must_use]
    pub fn in_yuan(self) -> Decimal {
        Decimal::from(10_u32.pow(self.power()))
    }

    const fn power(self) -> u32 {
        match self {
            Self::Yuan => 0,
            Self::WanYuan => 4,
            Self::YiYuan => 8,
        }
    }
}

impl fmt::Display for MoneyUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An amount of money as a disclosure prints it.
///
/// Shape: exact decimal of at most 28 digits with its written scale (`89.00` stays `89.00`).
/// Unit: 元, 万元 or 亿元, part of the value. Sign: reductions are negative. Blank and 无数据 are
/// not amounts.
/// Source: the form of the standard that the table follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    value: Decimal,
    unit: MoneyUnit,
}

/// How a computed figure is rounded everywhere: half away from zero, as 四舍五入 does.
pub const ROUNDING: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

impl Amount {
    /// An amount from an exact decimal.
    #[must_use]
    pub const fn new(value: Decimal, unit: MoneyUnit) -> Self {
        Self { value, unit }
    }

    /// The exact decimal, in [`Amount::unit`].
    #[must_use]
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> MoneyUnit {
        self.unit
    }

    /// Digits after the point, as written.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.value.scale()
    }

    /// Whether it is zero, however written.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.value.is_zero()
    }

    /// The same money in another unit, exactly; the scale grows or shrinks with the unit.
    #[must_use]
    pub fn in_unit(self, unit: MoneyUnit) -> Option<Self> {
        let (from, to) = (self.unit.power(), unit.power());
        let value = if from >= to {
            let factor = Decimal::from(10_u64.pow(from - to));
            let scale = self.value.scale().saturating_sub(from - to);
            let value = self.value.checked_mul(factor)?.normalize();
            let scale = scale.max(value.scale());
            at_scale(value, scale)
        } else {
            let mut value = self.value;
            value.set_scale(value.scale() + (to - from)).ok()?;
            value
        };
        Some(Self { value, unit })
    }

    /// Rounded to `scale` digits, and written with exactly that many.
    #[must_use]
    pub fn rounded(self, scale: u32) -> Self {
        Self {
            value: at_scale(self.value, scale),
            unit: self.unit,
        }
    }

    /// Sum in the unit of `self`; `None` beyond 28 digits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let other = other.in_unit(self.unit)?;
        Some(Self {
            value: self.value.checked_add(other.value)?,
            unit: self.unit,
        })
    }

    /// Difference in the unit of `self`; `None` beyond 28 digits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self {
            value: -other.value,
            unit: other.unit,
        })
    }

    /// Without its sign.
    #[must_use]
    pub fn magnitude(self) -> Self {
        Self {
            value: self.value.abs(),
            unit: self.unit,
        }
    }

    /// `self ÷ whole` in percent, rounded to two digits; `None` where the whole [is no base](is_base).
    #[must_use]
    pub fn percent_of(self, whole: Self) -> Option<Decimal> {
        let part = self.in_unit(whole.unit)?;
        percent(part.value, whole.value)
    }

    /// As printed, with thousands commas: `3,764.70`.
    #[must_use]
    pub fn to_text(self) -> String {
        grouped(self.value)
    }
}

/// Whether there are percentages of a figure: only of what is more than zero. A share of nothing is no number, and
/// against a negative figure a rise would print as a fall.
#[must_use]
pub fn is_base(figure: Decimal) -> bool {
    figure > Decimal::ZERO
}

/// `part ÷ whole` in percent with two digits (`11.95`); `None` where the whole [is no base](is_base).
#[must_use]
pub fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    percent_at(part, whole, 2)
}

/// `part ÷ whole` in percent with `scale` digits; `None` where the whole [is no base](is_base), or beyond 28 digits.
#[must_use]
pub fn percent_at(part: Decimal, whole: Decimal, scale: u32) -> Option<Decimal> {
    if !is_base(whole) {
        return None;
    }
    let share = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
    Some(at_scale(share, scale))
}

/// A number rounded to `scale` digits after the point, and written with that many; with fewer where 28 digits in all
/// leave no room.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place: rounded before, and never to more digits than a decimal has"
)]
pub fn at_scale(value: Decimal, scale: u32) -> Decimal {
    let mut value = value.round_dp_with_strategy(scale, ROUNDING);
    value.rescale(scale.min(Decimal::MAX_SCALE));
    value
}

/// A decimal as written, with thousands commas and no `-0`.
#[must_use]
pub fn grouped(value: Decimal) -> String {
    let plain = value.abs().to_string();
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain.as_str(), None),
    };
    let mut text = String::with_capacity(plain.len() + plain.len() / 3 + 1);
    if value.is_sign_negative() && !value.is_zero() {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A number as found in a data file, put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The exact decimal with its written scale.
    pub value: Decimal,
    /// What had to be put in order, if anything.
    pub tidied: Option<Tidied>,
}

/// What was put in order in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidied {
    /// Thousands commas were taken out.
    Commas,
    /// Full-width characters were made half-width.
    FullWidth,
    /// Blanks were taken out.
    Blanks,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// `1e3`
    Exponent,
    /// `.inf`, `.nan`
    NotFinite,
    /// `2.5O`, `1l.0`: a letter that looks like a digit; holds the letter and the digit.
    LooksLikeDigit(char, char),
    /// `3,76.00`: commas that do not stand before groups of three digits.
    CommaGroups,
    /// `012`: a leading zero, as in a code.
    LeadingZero,
    /// More than 28 digits.
    TooLong,
    /// Anything else, with the first character that does not belong.
    Other(Option<char>),
}

/// Reads a number as people write it in a budget table.
///
/// `3764.70` keeps its scale. Thousands commas, full-width digits and blanks are put in order.
///
/// # Errors
/// A [`NumberFault`] for anything that is not an optional minus, digits, and at most one point
/// with digits on both sides.
pub fn read_number(text: &str) -> Result<Written, NumberFault> {
    let mut tidied = None;
    let mut plain = String::with_capacity(text.len());
    for character in text.trim().chars() {
        let half = match character {
            '０'..='９' | '．' | '，' | '－' => {
                tidied = Some(Tidied::FullWidth);
                char::from_u32(character as u32 - 0xFEE0).unwrap_or(character)
            }
            '−' | '﹣' => {
                tidied = Some(Tidied::FullWidth);
                '-'
            }
            ' ' | '\u{3000}' | '\u{a0}' => {
                tidied = tidied.or(Some(Tidied::Blanks));
                continue;
            }
            other => other,
        };
        plain.push(half);
    }
    let unsigned = plain.strip_prefix('-').unwrap_or(&plain);
    if unsigned.contains(',') {
        let whole = unsigned.split('.').next().unwrap_or_default();
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let well_formed = (1..=3).contains(&first.len())
            && groups.all(|group| group.len() == 3)
            && !unsigned.split('.').skip(1).any(|rest| rest.contains(','));
        if !well_formed {
            return Err(NumberFault::CommaGroups);
        }
        plain = plain.replace(',', "");
        tidied = Some(Tidied::Commas);
    }
    check_digits(plain.strip_prefix('-').unwrap_or(&plain))?;
    let value = Decimal::from_str_exact(&plain).map_err(|_| NumberFault::TooLong)?;
    Ok(Written { value, tidied })
}

fn check_digits(text: &str) -> Result<(), NumberFault> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.trim_start_matches('.'), "inf" | "nan" | "infinity") {
        return Err(NumberFault::NotFinite);
    }
    if let Some((mantissa, exponent)) = lower.split_once('e')
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && exponent.ends_with(|c: char| c.is_ascii_digit())
    {
        return Err(NumberFault::Exponent);
    }
    if let Some(odd) = text.chars().find(|c| !c.is_ascii_digit() && *c != '.') {
        let digit = match odd {
            'O' | 'o' | '〇' => Some('0'),
            'l' | 'I' | '|' => Some('1'),
            'Z' => Some('2'),
            'S' => Some('5'),
            'B' => Some('8'),
            _ => None,
        };
        return Err(match digit {
            Some(digit) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                NumberFault::LooksLikeDigit(odd, digit)
            }
            _ => NumberFault::Other(Some(odd)),
        });
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if whole.is_empty() || fraction.is_some_and(|f| f.is_empty() || f.contains('.')) {
        return Err(NumberFault::Other(text.contains('.').then_some('.')));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(NumberFault::LeadingZero);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wan(text: &str) -> Amount {
        Amount::new(
            read_number(text).expect("a number").value,
            MoneyUnit::WanYuan,
        )
    }

    #[test]
    fn a_number_keeps_its_written_scale() {
        for (text, printed) in [
            ("3764.70", "3,764.70"),
            ("0.00", "0.00"),
            ("0", "0"),
            ("-1234567.8", "-1,234,567.8"),
            ("-0.00", "0.00"),
            ("999", "999"),
            ("1000", "1,000"),
            ("9007199254740993.01", "9,007,199,254,740,993.01"),
        ] {
            let written = read_number(text).expect(text);
            assert_eq!(grouped(written.value), printed);
            assert_eq!(written.tidied, None, "{text}");
        }
    }

    #[test]
    fn commas_full_width_digits_and_blanks_are_put_in_order() {
        for (text, printed, tidied) in [
            ("3,764.74", "3,764.74", Tidied::Commas),
            ("１２.３", "12.3", Tidied::FullWidth),
            ("－５", "-5", Tidied::FullWidth),
            ("3 764.74", "3,764.74", Tidied::Blanks),
            ("89.00\u{3000}1", "89.001", Tidied::Blanks),
        ] {
            let written = read_number(text).expect(text);
            assert_eq!(grouped(written.value), printed);
            assert_eq!(written.tidied, Some(tidied), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (text, fault) in [
            ("1e3", NumberFault::Exponent),
            ("1E+3", NumberFault::Exponent),
            (".inf", NumberFault::NotFinite),
            (".nan", NumberFault::NotFinite),
            ("2.5O", NumberFault::LooksLikeDigit('O', '0')),
            ("1l.0", NumberFault::LooksLikeDigit('l', '1')),
            ("3,76.00", NumberFault::CommaGroups),
            ("1,234.5,6", NumberFault::CommaGroups),
            ("067", NumberFault::LeadingZero),
            ("1_000", NumberFault::Other(Some('_'))),
            (".5", NumberFault::Other(Some('.'))),
            ("5.", NumberFault::Other(Some('.'))),
            ("1.2.3", NumberFault::Other(Some('.'))),
            ("+1.5", NumberFault::Other(Some('+'))),
            ("0x1F", NumberFault::Other(Some('x'))),
            ("", NumberFault::Other(None)),
            ("-", NumberFault::Other(None)),
            ("12345678901234567890123456789.01", NumberFault::TooLong),
        ] {
            assert_eq!(read_number(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn units_convert_exactly() {
        let sheet = Amount::new(Decimal::from(195_600), MoneyUnit::Yuan);
        assert_eq!(
            sheet.in_unit(MoneyUnit::WanYuan).map(Amount::to_text),
            Some("19.5600".to_owned())
        );
        assert_eq!(
            wan("0.78").in_unit(MoneyUnit::Yuan).map(Amount::to_text),
            Some("7,800".to_owned())
        );
        assert_eq!(
            wan("0.780001")
                .in_unit(MoneyUnit::Yuan)
                .map(Amount::to_text),
            Some("7,800.01".to_owned())
        );
    }

    #[test]
    fn shares_round_half_away_from_zero() {
        for (part, whole, share) in [
            ("449.83", "3764.74", "11.95"),
            ("1.08", "3764.74", "0.03"),
            ("66.26", "3831.00", "1.73"),
            ("1", "8000", "0.01"),
            ("3764.74", "3764.74", "100.00"),
            ("-1", "8000", "-0.01"),
        ] {
            assert_eq!(
                wan(part).percent_of(wan(whole)).map(|p| p.to_string()),
                Some(share.to_owned())
            );
        }
        for whole in ["0.00", "-0.01", "-8000"] {
            assert_eq!(wan("1").percent_of(wan(whole)), None, "{whole}");
        }
    }

    #[test]
    fn rounding_writes_every_digit() {
        assert_eq!(wan("1.005").rounded(2).to_text(), "1.01");
        assert_eq!(wan("1.999").rounded(2).to_text(), "2.00");
        assert_eq!(wan("3").rounded(2).to_text(), "3.00");
        assert_eq!(wan("-0.004").rounded(2).to_text(), "0.00");
    }
}
