//! Number formats: what a program shows of a number.
//!
//! A format code has up to four sections (positive, negative, zero, text), or sections with conditions.
//! Only what bears on the figure is kept: literal text, colours, widths and separators are dropped.

mod date;
mod section;

use super::decimal::Decimal;
use super::{Number, Value};
use section::{Section, Shape};

pub(super) use date::Epoch;

/// Longest code that is taken apart; the programs allow no more.
const MAX_CODE: usize = 1024;

/// A number format, understood.
#[derive(Debug, Clone)]
pub(super) struct Format {
    /// Sections for numbers, at least one.
    sections: Vec<Section>,
}

impl Default for Format {
    fn default() -> Self {
        Self::of("General")
    }
}

impl Format {
    /// Of a code as it stands in a file.
    pub(super) fn of(code: &str) -> Self {
        if code.is_empty() || code.len() > MAX_CODE {
            return Self::default();
        }
        let mut sections: Vec<Section> =
            section::split(code).into_iter().map(Section::of).collect();
        // what is shown of a text stands last, or alone
        let of_text = sections
            .last()
            .is_some_and(|last| last.shape == Shape::Text);
        if of_text && sections.len() > 1 {
            sections.pop();
        }
        sections.truncate(3);
        Self { sections }
    }

    /// One of those that files name by a number only.
    pub(super) fn built_in(id: u32) -> Self {
        Self::of(match id {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5 | 6 => "#,##0;-#,##0",
            7 | 8 => "#,##0.00;-#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            12 => "# ?/?",
            13 => "# ??/??",
            14 | 15 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy/m/d",
            16 => "d-mmm",
            17 => "mmm-yy",
            18..=21 | 32..=35 | 55 | 56 => "h:mm:ss",
            22 => "yyyy/m/d h:mm",
            37 | 38 => "#,##0_);(#,##0)",
            39 | 40 => "#,##0.00_);(#,##0.00)",
            41 | 42 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
            43 | 44 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
            45 => "mm:ss",
            46 => "[h]:mm:ss",
            47 => "mmss.0",
            48 => "##0.0E+0",
            49 => "@",
            _ => "General",
        })
    }

    /// What a cell with this format holds when it stores a number.
    pub(super) fn value(&self, number: &Decimal, epoch: Epoch) -> Value {
        let section = self.section(number);
        if section.shape == Shape::Date {
            return Value::Other(date::text(number, epoch).unwrap_or_else(|| number.to_string()));
        }
        Value::Number(Number {
            shown: section.show(number),
            stored: number.to_string(),
        })
    }

    /// The section that a number falls under.
    fn section(&self, number: &Decimal) -> &Section {
        let last = self.sections.len() - 1;
        let conditional = self
            .sections
            .iter()
            .any(|section| section.condition.is_some());
        let found = self.sections.iter().enumerate().position(|(at, section)| {
            at == last
                || match (&section.condition, at) {
                    (Some(condition), _) => condition.holds(number),
                    (None, 0) if conditional || last == 1 => !number.is_negative(),
                    (None, 0) => !number.is_negative() && !number.is_zero(),
                    (None, _) => number.is_negative(),
                }
        });
        &self.sections[found.unwrap_or(last)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a number; of a date its text.
    fn shown(code: &str, number: &str) -> String {
        let number = Decimal::stored(number).expect("a number");
        match Format::of(code).value(&number, Epoch::Y1900) {
            Value::Number(number) => number.shown,
            Value::Other(text) => text,
            value => panic!("{value:?}"),
        }
    }

    #[test]
    fn a_number_is_shown_as_its_format_says() {
        let accounting = "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ";
        let yuan = "_ \"￥\"* #,##0.00_ ;_ \"￥\"* -#,##0.00_ ;_ \"￥\"* \"-\"??_ ;_ @_ ";
        for (code, number, expected) in [
            ("General", "0.30000000000000004", "0.3"),
            ("general", "12", "12"),
            ("", "1.50", "1.5"),
            ("G/通用格式", "89.5", "89.5"),
            ("G/通用格式\"万元\"", "89.5", "89.5"),
            ("0", "89", "89"),
            ("0", "88.5", "89"),
            ("0", "-0.4", "0"),
            ("0.00", "89", "89.00"),
            ("0.00", "1.005", "1.01"),
            ("0.00", "-1.005", "-1.01"),
            ("0.00", "0", "0.00"),
            ("#,##0", "1234567", "1234567"),
            ("#,##0.00", "1234.5", "1234.50"),
            ("#,##0.00_);(#,##0.00)", "-1234.5", "-1234.50"),
            ("#,##0.00_);[Red](#,##0.00)", "1234.5", "1234.50"),
            ("#,##0.00;[红色]-#,##0.00", "-3", "-3.00"),
            ("0.00;[Red]0.00", "-3", "-3.00"),
            ("0%", "0.125", "13%"),
            ("0.00%", "0.12345", "12.35%"),
            ("0.0%;-0.0%", "-0.125", "-12.5%"),
            ("0.00\"%\"", "12.5", "12.50%"),
            ("0.00\"万元\"", "89", "89.00"),
            ("0.00万元", "89", "89.00"),
            ("\"人民币\"#,##0.00\"元\"", "1234", "1234.00"),
            ("¥#,##0.00", "-1234", "-1234.00"),
            ("[$¥-804]#,##0.00;[$¥-804]-#,##0.00", "-12.3", "-12.30"),
            ("[$￥-804]#,##0.00", "12.3", "12.30"),
            ("[DBNum2][$-804]General", "123", "123"),
            (accounting, "1234.5", "1234.50"),
            (accounting, "-1234.5", "-1234.50"),
            (accounting, "0", ""),
            (yuan, "0", ""),
            (yuan, "12", "12.00"),
            ("#,##0.00;-#,##0.00;", "0", ""),
            ("#,##0.00;-#,##0.00;\"\";@", "0", ""),
            ("#,##0.00;-#,##0.00;\"--\"", "-1", "-1.00"),
            (";;;", "5", ""),
            ("0.00,", "12345", "12.35"),
            ("#,##0,,\"百万\"", "12345678", "12"),
            ("0!.0,\"万\"", "12345", "1.2"),
            ("0\\.0,\"万元\"", "987654", "98.8"),
            ("#!.0000", "12345", "1.2345"),
            ("#!.0000", "5", "0.0005"),
            ("0\".\"0,", "-12345", "-1.2"),
            ("[>=10000]0.00,,\"百万\";0.00", "25000", "0.03"),
            ("[>=10000]0!.00,\"万\";0.00", "250000", "2.50"),
            ("[>=10000]0!.00,\"万\";0.00", "2500", "2500.00"),
            ("[=0]\"无\";0.00", "0", ""),
            ("[=0]\"无\";0.00", "7", "7.00"),
            ("#.##", "0", ""),
            ("#.##", "1.5", "1.5"),
            ("#.00", "0.5", "0.50"),
            ("0.##", "2", "2"),
            ("0.0?", "2.5", "2.5"),
            ("000000", "2080", "002080"),
            ("@", "12.50", "12.5"),
            ("0.00E+00", "12345", "12300"),
            ("# ?/?", "0.5", "0.5"),
            ("0.00_ ", "3", "3.00"),
            ("0.00_ ;[Red]\\-0.00\\ ", "-3", "-3.00"),
            ("[Color10]0.0;[颜色3]-0.0", "-3.04", "-3.0"),
            ("General\"元\";-General\"元\"", "-8", "-8"),
        ] {
            assert_eq!(shown(code, number), expected, "{code} of {number}");
        }
    }

    #[test]
    fn a_date_is_shown_with_its_year_in_front() {
        for (code, number, expected) in [
            ("yyyy-mm-dd", "46027", "2026-01-05"),
            ("yyyy\"年\"m\"月\"d\"日\"", "46027", "2026-01-05"),
            ("yyyy年m月d日", "46027", "2026-01-05"),
            ("[$-804]e\"年\"m\"月\"", "46027", "2026-01-05"),
            ("m/d/yy h:mm", "46027.5", "2026-01-05 12:00:00"),
            ("h:mm AM/PM", "0.75", "18:00:00"),
            ("上午/下午h\"时\"mm\"分\"", "0.25", "06:00:00"),
            ("[h]:mm", "1.5", "1900-01-01 12:00:00"),
            ("aaaa", "46027", "2026-01-05"),
            ("yyyy-mm-dd", "1", "1900-01-01"),
            ("yyyy-mm-dd", "59", "1900-02-28"),
            ("yyyy-mm-dd", "60", "1900-02-29"),
            ("yyyy-mm-dd", "61", "1900-03-01"),
            ("yyyy-mm-dd", "2958465", "9999-12-31"),
            ("yyyy-mm-dd", "2958466", "2958466"),
            ("yyyy-mm-dd", "-1", "-1"),
            ("yyyy-mm-dd", "1e300", &format!("1{}", "0".repeat(300))),
        ] {
            assert_eq!(shown(code, number), expected, "{code} of {number}");
        }
        let number = Decimal::stored("44565").expect("a number");
        assert_eq!(
            Format::built_in(14).value(&number, Epoch::Y1904),
            Value::Other("2026-01-05".to_owned())
        );
    }

    #[test]
    fn a_code_that_no_program_writes_does_no_harm() {
        let long = "0.".to_owned() + &"0".repeat(5000);
        for code in [
            "\"", "[", "\\", "_", "*", "]", "[>", "[>x]0", ";;;;;;;;", "0.0.0.0", ",,,,", "%%%%%",
            "E+", "!", ".", "0E+", "#!.", &long,
        ] {
            for number in ["0", "-1.5", "1e308", "-1e-307"] {
                shown(code, number);
            }
        }
    }
}
