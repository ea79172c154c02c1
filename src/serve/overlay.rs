//! What the script in pages is told: which version the pages have, and the faults that keep new ones from being made.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Language, Say};
use crate::error::Error;
use crate::pipeline::live::Rebuilt;
use crate::say;
use crate::source::Place;

/// So many faults are shown in a page.
const SHOWN: usize = 20;

/// So many characters of a line are quoted before, at and after the fault.
const QUOTED: usize = 400;

#[derive(Serialize)]
struct Message {
    /// Pages of another version should be loaded again.
    version: String,
    /// Above the faults.
    title: String,
    /// Empty when there is nothing to mend.
    faults: Vec<Fault>,
    /// Below them.
    next: String,
    /// On the button that hides them.
    close: &'static str,
}

#[derive(Serialize)]
struct Fault {
    /// `data/a/2025-budget/tables/t.yaml:12:5`
    place: String,
    code: &'static str,
    text: String,
    /// The line at fault: before, what is meant, after; or empty.
    line: [String; 3],
    /// What to do, or empty.
    hint: String,
}

/// The message, as JSON on one line.
pub fn event(version: &str, result: &Result<Rebuilt, Error>, language: Language) -> String {
    let (faults, more) = match result {
        Ok(rebuilt) if rebuilt.made => (Vec::new(), 0),
        Ok(rebuilt) => {
            let all = rebuilt.outcome.diagnostics.iter();
            let all: Vec<&Diagnostic> = all.filter(|found| found.is_fault()).collect();
            let more = all.len().saturating_sub(SHOWN);
            let shown = all.into_iter().take(SHOWN);
            (shown.map(|found| fault(found, language)).collect(), more)
        }
        Err(error) => (vec![failure(&error.say(), language)], 0),
    };
    let (title, next) = words(faults.len() + more, more);
    let message = Message {
        version: version.to_owned(),
        title: title.text(language).to_owned(),
        faults,
        next: next.text(language).to_owned(),
        close: match language {
            Language::Zh => "收起",
            Language::En => "Hide",
        },
    };
    serde_json::to_string(&message).unwrap_or_default()
}

fn words(count: usize, more: usize) -> (Say, Say) {
    let title = say!(
        "有 {count} 处错，网页还是上一次的",
        "faults: {count}; the pages are the last good ones"
    );
    let next = if more == 0 {
        say!(
            "改好并保存，网页自动刷新。",
            "Mend and save: the page reloads by itself."
        )
    } else {
        say!(
            "另有 {more} 处，见终端。改好并保存，网页自动刷新。",
            "{more} more in the terminal. Mend and save: the page reloads by itself."
        )
    };
    (title, next)
}

fn fault(found: &Diagnostic, language: Language) -> Fault {
    let location = &found.location;
    let hint = found.hint.as_ref();
    Fault {
        place: location.to_string(),
        code: found.code,
        text: found.say.text(language).to_owned(),
        line: line(&location.source.text, location.place),
        hint: hint.map_or_else(String::new, |hint| hint.text(language).to_owned()),
    }
}

fn failure(say: &Say, language: Language) -> Fault {
    Fault {
        place: String::new(),
        code: "",
        text: say.text(language).to_owned(),
        line: Default::default(),
        hint: String::new(),
    }
}

/// The line of a place in three parts: before it, the place, and after it.
fn line(text: &str, place: Place) -> [String; 3] {
    let number = (place.line as usize).checked_sub(1);
    let Some(line) = number.and_then(|number| text.lines().nth(number)) else {
        return Default::default();
    };
    let on_line = Place { line: 1, ..place };
    let meant = on_line.bytes_in(line);
    let short = |text: &str| text.chars().take(QUOTED).collect();
    [
        short(line[..meant.start].trim_start()),
        short(&line[meant.clone()]),
        short(line[meant.end..].trim_end()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Place, line};

    #[test]
    fn a_line_is_told_with_the_part_that_is_meant() {
        let place = |line, column, width| Place {
            line,
            column,
            width,
        };
        let text = "name: 合计\n  total: 1o.00  # 见附件\r\n";
        let parts = ["total: ", "1o.00", "  # 见附件"];
        assert_eq!(line(text, place(2, 10, 5)), parts);
        assert_eq!(line(text, place(1, 7, 99)), ["name: ", "合计", ""]);
        assert_eq!(line(text, Place::FILE), ["", "", ""]);
        assert_eq!(line(text, place(9, 1, 1)), ["", "", ""]);
    }
}
