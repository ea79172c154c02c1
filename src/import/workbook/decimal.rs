//! The numbers of cells as decimal digits: all that happens to them happens to the digits.

use std::cmp::Ordering;

/// A number in digits: 0.`digits` times ten to the power of `point`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// ASCII digits without zeros at either end; none for zero.
    digits: Vec<u8>,
    point: i32,
}

/// Powers of ten that a cell can hold lie well within.
const MAX_POINT: i32 = 400;

impl Decimal {
    /// A number as it stands in a file, with the digits that the program shows: of those of its float the first 15.
    pub(super) fn stored(text: &str) -> Option<Self> {
        Self::of_float(text.trim().parse().ok()?)
    }

    /// Likewise of a float.
    pub(super) fn of_float(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        let mut decimal = Self::exact(&format!("{float:e}"))?;
        if decimal.digits.len() > 15 {
            decimal = Self::exact(&format!("{float:.14e}"))?;
        }
        Some(decimal)
    }

    /// A number as it stands in a text: `-12.50`, `1.5E-7`.
    pub(super) fn exact(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(decimals.bytes()).collect();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
        let decimal = Self::new(negative, digits, point);
        (decimal.point.abs() <= MAX_POINT && decimal.digits.len() <= MAX_POINT as usize)
            .then_some(decimal)
    }

    /// Digits with zeros at either end taken away.
    fn new(negative: bool, mut digits: Vec<u8>, mut point: i32) -> Self {
        let first = digits.iter().position(|&digit| digit != b'0');
        let Some(first) = first else {
            return Self::default();
        };
        digits.drain(..first);
        point = point.saturating_sub(i32::try_from(first).unwrap_or(i32::MAX));
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Self {
            negative,
            digits,
            point,
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// It without its sign.
    pub(super) fn absolute(&self) -> Self {
        Self {
            negative: false,
            ..self.clone()
        }
    }

    /// Times ten to a power.
    pub(super) fn shifted(&self, power: i32) -> Self {
        if self.is_zero() {
            return self.clone();
        }
        Self {
            point: self.point + power,
            ..self.clone()
        }
    }

    /// Rounded to so many decimals, halves away from zero, as spreadsheets do.
    pub(super) fn rounded(&self, decimals: i32) -> Self {
        let Ok(keep) = usize::try_from(self.point + decimals) else {
            return Self::default();
        };
        if keep >= self.digits.len() {
            return self.clone();
        }
        let up = self.digits[keep] >= b'5';
        let mut digits = vec![b'0'];
        digits.extend_from_slice(&self.digits[..keep]);
        if up {
            for digit in digits.iter_mut().rev() {
                if *digit == b'9' {
                    *digit = b'0';
                } else {
                    *digit += 1;
                    break;
                }
            }
        }
        Self::new(self.negative, digits, self.point + 1)
    }

    /// Rounded to so many digits that count.
    pub(super) fn significant(&self, digits: i32) -> Self {
        self.rounded(digits - self.point)
    }

    /// With exactly so many decimals.
    pub(super) fn fixed(&self, decimals: usize) -> String {
        let places = i32::try_from(decimals).unwrap_or(MAX_POINT);
        let mut text = self.rounded(places).to_string();
        if decimals > 0 {
            let have = match text.split_once('.') {
                Some((_, decimals)) => decimals.len(),
                None => {
                    text.push('.');
                    0
                }
            };
            text.extend(std::iter::repeat_n('0', decimals.saturating_sub(have)));
        }
        text
    }

    /// The whole part and the seconds of the day in what is left, of the serial number of a date.
    pub(super) fn days_and_seconds(&self) -> Option<(i64, i64)> {
        let text = self.fixed(10);
        let (days, part) = text.split_once('.')?;
        let part: i64 = part.parse().ok()?;
        let seconds = (part * 86_400 + 5_000_000_000) / 10_000_000_000;
        let days: i64 = days.parse().ok()?;
        Some((days + seconds / 86_400, seconds % 86_400))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.is_zero(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = self
            .point
            .cmp(&other.point)
            .then_with(|| self.digits.cmp(&other.digits));
        sign(self)
            .cmp(&sign(other))
            .then(if self.negative { size.reverse() } else { size })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Decimal {
    /// Plain digits, with no more decimals than there are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write;
        if self.is_zero() {
            return f.write_char('0');
        }
        if self.negative {
            f.write_char('-')?;
        }
        let whole = usize::try_from(self.point).unwrap_or(0);
        if whole == 0 {
            f.write_char('0')?;
        }
        for place in 0..whole {
            f.write_char(
                self.digits
                    .get(place)
                    .map_or('0', |&digit| char::from(digit)),
            )?;
        }
        if whole < self.digits.len() {
            f.write_char('.')?;
            for _ in self.point..0 {
                f.write_char('0')?;
            }
            for &digit in &self.digits[whole..] {
                f.write_char(char::from(digit))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_become_the_digits_that_the_program_shows() {
        for (stored, shown) in [
            ("0.30000000000000004", "0.3"),
            ("89.000000000000014", "89"),
            ("1.0049999999999999", "1.005"),
            ("1234567.8900000001", "1234567.89"),
            ("1E+20", "100000000000000000000"),
            ("-1.5e-7", "-0.00000015"),
            ("-0", "0"),
            ("0.1234567890123456", "0.123456789012346"),
            ("123456789012345678", "123456789012346000"),
            (" 12 ", "12"),
        ] {
            let decimal = Decimal::stored(stored).expect(stored);
            assert_eq!(decimal.to_string(), shown);
        }
        for text in ["", "NaN", "inf", "1,2", "-", "."] {
            assert_eq!(Decimal::stored(text), None, "{text:?}");
        }
        for text in ["", "-", ".", "1e", "1e99999999999", "1e401", "１"] {
            assert_eq!(Decimal::exact(text), None, "{text:?}");
        }
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (text, decimals, rounded) in [
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("2.5", 0, "3"),
            ("0.5", 0, "1"),
            ("0.49", 0, "0"),
            ("0.05", 0, "0"),
            ("99.995", 2, "100.00"),
            ("-0.001", 2, "0.00"),
            ("12", 2, "12.00"),
            ("1234.5", 1, "1234.5"),
        ] {
            let decimal = Decimal::exact(text).expect(text);
            assert_eq!(decimal.fixed(decimals), rounded, "{text}");
        }
        let number = Decimal::exact("12345.678").expect("a number");
        assert_eq!(number.significant(3).to_string(), "12300");
        assert_eq!(number.shifted(-4).to_string(), "1.2345678");
        assert_eq!(number.rounded(-6).to_string(), "0");
    }
}
