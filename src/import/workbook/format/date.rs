//! Serial numbers of dates.

use super::super::decimal::Decimal;

/// The day from which a workbook counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) enum Epoch {
    /// Day 1 is 1900-01-01, and 1900 has a 29 February (day 60), as in Excel.
    #[default]
    Y1900,
    /// Day 0 is 1904-01-01.
    Y1904,
}

/// Last day that is shown as a date: 9999-12-31 from 1900 on.
const LAST_DAY: i64 = 2_958_465;
/// Days from the first to the second of the epochs.
const BETWEEN: i64 = 1462;

/// A date as `2026-01-05`, with the time where there is one: `2026-01-05 08:30:00`; a time alone as `08:30:00`.
pub(super) fn text(number: &Decimal, epoch: Epoch) -> Option<String> {
    if number.is_negative() {
        return None;
    }
    let (days, seconds) = number.days_and_seconds()?;
    let days = match epoch {
        Epoch::Y1900 => days,
        Epoch::Y1904 => days.checked_add(BETWEEN)?,
    };
    if days > LAST_DAY {
        return None;
    }
    let time = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    Some(match (days, seconds) {
        (0, _) => time,
        (_, 0) => date(days),
        _ => format!("{} {time}", date(days)),
    })
}

/// The date of a day counted from 1900, from 1 on.
fn date(day: i64) -> String {
    if day == 60 {
        return "1900-02-29".to_owned();
    }
    // days since 0000-03-01 of the Gregorian calendar, in which years end with February
    let day = day + if day < 60 { 693_900 } else { 693_899 };
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year + i64::from(month >= 10);
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{year:04}-{month:02}-{day:02}")
}
