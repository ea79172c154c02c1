//! The text checks over what belongs to no disclosure: static files, and finished pages.

use crate::characters::{Kind, escapes, judge, references};
use crate::check::text::{self, Rules};
use crate::diagnostic::{Diagnostic, Diagnostics, characters};
use crate::render::page::Page;
use crate::render::theme::Theme;
use crate::say;
use crate::source::{Place, Source, SourceFile};

/// Reports what should not be published in the site's own static files.
pub fn statics(theme: &Theme, rules: &Rules, diagnostics: &mut Diagnostics) {
    for file in theme.statics().iter().filter(|file| file.own) {
        let path = format!("static/{}", file.path);
        for finding in text::written(&path, &file.bytes, rules) {
            diagnostics.push(finding);
        }
        if is_document(&path)
            && let Ok(text) = std::str::from_utf8(&file.bytes)
        {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
            let source = Source::new(SourceFile { path, text });
            characters::look(&source, diagnostics);
            numbered(&source, diagnostics);
        }
    }
}

/// Reports the first character of each kind that a file has by its number.
fn numbered(source: &Source, diagnostics: &mut Diagnostics) {
    let text = &source.text;
    let found: Vec<(usize, char)> = match ending(&source.path).as_str() {
        "html" | "htm" | "xhtml" | "svg" | "xml" | "md" => references(text).collect(),
        "json" => escapes(text).collect(),
        _ => return,
    };
    for wanted in [Kind::Forbidden, Kind::Odd] {
        // What belongs to the character before it is let pass where it stands as such.
        let mut found = found
            .iter()
            .filter(|(_, c)| judge(None, *c) == Some(wanted));
        if let Some((at, character)) = found.next() {
            let place = Place::at(text, &(*at..*at));
            let more = found.count();
            diagnostics.push(characters::diagnostic(
                wanted, *character, more, source, place,
            ));
        }
    }
}

fn ending(path: &str) -> String {
    let ending = path.rsplit('.').next().unwrap_or_default();
    ending.to_ascii_lowercase()
}

/// Whether a file is read by people: a script may name any character for good reason.
fn is_document(path: &str) -> bool {
    [
        "html", "htm", "xhtml", "svg", "xml", "txt", "md", "csv", "json",
    ]
    .contains(&ending(path).as_str())
}

/// The text that a text check objects to, with the code.
pub fn matched(finding: &Diagnostic) -> Option<(&'static str, &str)> {
    let detail = finding.detail.as_ref()?;
    Some((finding.code, detail.matched.as_deref()?))
}

/// What should not be published in finished pages, each text once: the first page that has it, and how
/// many others do.
pub fn once(pages: &[Page], rules: &Rules) -> Vec<Diagnostic> {
    let mut all: Vec<(Diagnostic, usize)> = Vec::new();
    for page in pages {
        let mut here = text::rendered(&page.path, &page.bytes, rules);
        here.dedup_by(|second, first| matched(second) == matched(first));
        for finding in here {
            let mut known = all.iter_mut();
            match known.find(|(known, _)| matched(known) == matched(&finding)) {
                Some((_, others)) => *others += 1,
                None => all.push((finding, 0)),
            }
        }
    }
    let told = all.into_iter().map(|(mut finding, others)| {
        if others > 0 {
            let (zh, en) = (&finding.say.zh, &finding.say.en);
            finding.say = say!(
                "{zh}（另有 {others} 页）",
                "{en} (and on {others} other pages)"
            );
        }
        finding
    });
    told.collect()
}
