//! `tables.xlsx`: one sheet a table as printed, with real numbers. Nothing in it tells when it was made.

mod formats;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::day;
use crate::model::disclosure::Disclosure;

/// Characters that the name of a sheet may have.
const NAME: usize = 31;

/// How hard the archive is packed, of 9: the lowest takes 2.0 ms for the reference disclosure, the usual 6
/// takes 2.9 ms; its file has 35 kB, not 27 kB.
const COMPRESSION: u8 = 1;

/// The workbook; `None` where a table is larger than a sheet can be. `draft` is said in each title.
#[must_use]
pub fn write(disclosure: &Disclosure, draft: bool) -> Option<Vec<u8>> {
    workbook(disclosure, draft).ok()
}

fn workbook(disclosure: &Disclosure, draft: bool) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(COMPRESSION);
    workbook.set_properties(
        &DocProperties::new()
            .set_title(disclosure.title())
            .set_author(&disclosure.entity.name)
            .set_creation_datetime(&created(disclosure)?),
    );
    let mut names: Vec<String> = Vec::with_capacity(disclosure.tables.len());
    for table in &disclosure.tables {
        let mut name = sheet_name(&table.form.number);
        if name.is_empty() || names.contains(&name.to_lowercase()) {
            name = format!("t{:02}", table.form.position);
        }
        names.push(name.to_lowercase());
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet::write(sheet, disclosure, table, draft)?;
    }
    if disclosure.tables.is_empty() {
        workbook.add_worksheet();
    }
    workbook.save_to_buffer()
}

/// The day of publication, or the first day of the year: never the clock.
fn created(disclosure: &Disclosure) -> Result<ExcelDateTime, XlsxError> {
    let day = day(disclosure.published.as_deref(), disclosure.year);
    let mut parts = day.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let (year, month, of_month) = (next(), next(), next());
    let small = |number: u16| u8::try_from(number).unwrap_or(1);
    // A workbook knows no day before 1900.
    ExcelDateTime::from_ymd(year.max(1900), small(month), small(of_month))?.and_hms(0, 0, 0)
}

/// The number of a table as a sheet may be named.
fn sheet_name(number: &str) -> String {
    let plain: String = number
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')
        })
        .take(NAME)
        .collect();
    let plain = plain.trim();
    if plain.eq_ignore_ascii_case("history") {
        String::new()
    } else {
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::sheet_name;

    #[test]
    fn a_sheet_is_named_by_the_number_of_its_table() {
        for (number, name) in [
            ("表一", "表一"),
            ("公开01表", "公开01表"),
            ("表1/2: [甲]*?", "表12 甲"),
            ("'", ""),
            ("History", ""),
        ] {
            assert_eq!(sheet_name(number), name);
        }
        assert_eq!(sheet_name(&"表".repeat(40)).chars().count(), 31);
    }
}
