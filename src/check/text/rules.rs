//! What is looked for everywhere, compiled once for a site.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Match, packed};

use super::marks::{self, Mark};
use super::numbers::{self, Medium};
use super::plain::{self, Plain};
use super::{Hit, Kind, personal, placeholders};
use crate::load::config::Config;

/// The rules of a site: its marks, and the contacts that it or a disclosure declares to be public.
#[derive(Debug, Clone)]
pub struct Rules {
    words: Arc<Words>,
    /// Public contacts, folded.
    contacts: Vec<String>,
}

/// Words and the searches for them.
#[derive(Debug)]
struct Words {
    marks: Vec<Mark>,
    /// Marks by the character that the search starts from.
    anchors: Anchors<Vec<usize>>,
    labels: Anchors<Label>,
}

/// What a text of the second search leads to.
#[derive(Debug, Clone, Copy)]
enum Label {
    /// A value of a person may follow.
    Personal,
    /// A placeholder starts here.
    Placeholder,
}

/// A search for many short texts at once, and what each of them means.
#[derive(Debug)]
struct Anchors<T> {
    search: Search,
    meanings: Vec<T>,
}

/// Two ways to search that find the same. Chinese characters share their first bytes, by which an
/// automaton skips, so that a vector search for three bytes at once is forty times as fast.
#[derive(Debug)]
enum Search {
    Vector(Box<packed::Searcher>),
    /// Where the machine has no such vectors; `None` when there is nothing to search for.
    Automaton(Option<AhoCorasick>),
}

impl Search {
    fn new(texts: &[String]) -> Self {
        packed::Searcher::new(texts).map_or_else(
            || Self::Automaton(AhoCorasick::new(texts).ok()),
            |search| Self::Vector(Box::new(search)),
        )
    }

    fn find(&self, text: &str, each: &mut dyn FnMut(Match)) {
        match self {
            Self::Vector(search) => search.find_iter(text).for_each(each),
            Self::Automaton(search) => search
                .iter()
                .flat_map(|search| search.find_iter(text))
                .for_each(each),
        }
    }
}

impl<T> Anchors<T> {
    fn new(anchors: Vec<(String, T)>) -> Self {
        let (texts, meanings): (Vec<String>, Vec<T>) = anchors.into_iter().unzip();
        Self {
            search: Search::new(&texts),
            meanings,
        }
    }

    fn find(&self, text: &str, mut each: impl FnMut(Range<usize>, &T)) {
        self.search.find(text, &mut |found| {
            if let Some(meaning) = self.meanings.get(found.pattern().as_usize()) {
                each(found.range(), meaning);
            }
        });
    }
}

impl Rules {
    /// The rules of a site.
    pub fn new(config: &Config) -> Self {
        let marks = marks::all(&config.check.marks);
        let mut anchors: Vec<(String, Vec<usize>)> = Vec::new();
        for (at, mark) in marks.iter().enumerate() {
            let anchor = mark.anchor().to_string();
            match anchors.iter_mut().find(|(known, _)| *known == anchor) {
                Some((_, marks)) => marks.push(at),
                None => anchors.push((anchor, vec![at])),
            }
        }
        let labels = personal::labels()
            .map(|label| (label, Label::Personal))
            .chain(placeholders::ANCHORS.map(|anchor| (anchor, Label::Placeholder)))
            .map(|(text, label)| (text.to_owned(), label))
            .collect();
        let rules = Self {
            words: Arc::new(Words {
                marks,
                anchors: Anchors::new(anchors),
                labels: Anchors::new(labels),
            }),
            contacts: Vec::new(),
        };
        rules.allowing([config.publisher.contact.as_str()])
    }

    /// The same rules with more public contacts.
    #[must_use]
    pub fn allowing<'a>(&self, contacts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut rules = self.clone();
        let contacts = contacts.into_iter().map(folded);
        rules
            .contacts
            .extend(contacts.filter(|contact| !contact.is_empty()));
        rules
    }

    /// Marks of a text.
    pub(super) fn marks(&self, source: &str) -> Vec<Hit> {
        let plain = Plain::of(source);
        let mut hits = self.marks_of(&plain.text);
        written(&plain, &mut hits);
        hits
    }

    fn marks_of(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.words.anchors.find(text, |range, marks| {
            let found = marks
                .iter()
                .filter_map(|at| self.words.marks[*at].around(text, range.start));
            // One mark may be part of another.
            let longest = found.max_by_key(std::iter::ExactSizeIterator::len);
            hits.extend(longest.map(|range| Hit::new(Kind::Mark, range)));
        });
        hits
    }

    /// Marks, placeholders and personal data of a text: all that must stand nowhere.
    pub(super) fn find(&self, source: &str, medium: Medium) -> Vec<Hit> {
        let plain = Plain::of(source);
        let text: &str = &plain.text;
        let mut hits = self.marks_of(text);
        self.words.labels.find(text, |range, label| {
            hits.extend(match label {
                Label::Personal => personal::after_label(text, range),
                Label::Placeholder => placeholders::starting(text, range.start)
                    .map(|range| Hit::new(Kind::Placeholder, range)),
            });
        });
        for at in memchr::memchr3_iter(b'@', b'{', b'X', text.as_bytes()) {
            hits.extend(match text.as_bytes()[at] {
                b'@' => personal::email(text, at).map(|range| Hit::new(Kind::Email, range)),
                b'{' => {
                    placeholders::braced(text, at).map(|range| Hit::new(Kind::Placeholder, range))
                }
                _ => {
                    placeholders::run(text, at, 'X').map(|range| Hit::new(Kind::Placeholder, range))
                }
            });
        }
        numbers::find(text, medium, &mut hits);
        hits.retain(|hit| !(hit.kind.is_personal() && self.is_public(&text[hit.range.clone()])));
        tidy(&mut hits);
        written(&plain, &mut hits);
        hits
    }

    fn is_public(&self, found: &str) -> bool {
        let found = folded(found);
        self.contacts.iter().any(|contact| contact.contains(&found))
    }
}

/// Leads hits in a plain text back to its source.
fn written(plain: &Plain<'_>, hits: &mut [Hit]) {
    for hit in hits {
        hit.range = plain.source(&hit.range);
    }
}

/// Puts hits in order and drops those that lie in another of the same kind.
pub fn tidy(hits: &mut Vec<Hit>) {
    hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end), hit.kind));
    let mut kept: Vec<Hit> = Vec::new();
    hits.retain(|hit| {
        let inside = kept
            .iter()
            .rev()
            .take(4)
            .any(|other| other.kind == hit.kind && other.range.end >= hit.range.end);
        if !inside {
            kept.push(hit.clone());
        }
        !inside
    });
}

/// A contact without blanks, dashes and brackets, in lower case.
fn folded(contact: &str) -> String {
    contact
        .chars()
        .filter(|c| !super::is_blank(*c) && !"-－—–‐―()（）".contains(*c))
        .map(plain::character)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_contact_is_let_pass_however_it_is_written() {
        let mut config = Config::default();
        config.publisher.contact = "电话 0353-2345678".to_owned();
        let rules = Rules::new(&config).allowing(["gk@example.gov.cn", "138 0000 1234"]);
        for (text, count) in [
            ("电话：0353 2345678", 0),
            ("电话：2345678", 0),
            ("（0353）2345678", 0),
            ("GK@example.gov.cn", 0),
            ("13800001234", 0),
            ("13800001235", 1),
            ("x@example.gov.cn", 1),
        ] {
            let hits = rules.find(text, Medium::Text);
            assert_eq!(hits.len(), count, "{text}: {hits:?}");
        }
    }

    #[test]
    fn disguised_words_and_numbers_are_found_where_they_are_written() {
        let rules = Rules::new(&Config::default());
        for written in [
            "１３８３５３２９３８４",
            "138\u{a0}3532\u{a0}9384",
            "138\u{200b}3532\u{ad}9384",
            "138 35329384",
            "138－3532－9384",
            "138.3532.9384",
            "138**3532**9384",
            "138&nbsp;3532&#8203;9384",
            "0353-229-3847",
            "（0353）229-3847",
            "①③⑧③⑤③②⑨③⑧④",
            "zhang＠example.com",
            "内\u{ad}部\u{200b}资料",
            "ＴＯＤＯ",
        ] {
            for (head, tail) in [("甲乙，", "。"), ("", ""), ("\u{200b}见：", "\u{200b}丙")]
            {
                let text = format!("{head}{written}{tail}");
                let hits = rules.find(&text, Medium::Text);
                let found: Vec<&str> = hits.iter().map(|hit| &text[hit.range.clone()]).collect();
                assert_eq!(found, [written], "{text}");
            }
        }
        for text in [
            "1,234.56",
            "138.35329384",
            "２０８０９０２",
            "财预〔2025〕1号",
            "2025—2027",
            "138****9384",
        ] {
            assert_eq!(rules.find(text, Medium::Text), [], "{text}");
        }
    }

    #[test]
    fn marks_of_a_site_are_added_to_the_built_in_ones() {
        let mut config = Config::default();
        config.check.marks = vec!["内部资料汇编".to_owned(), "密级".to_owned()];
        let hits = Rules::new(&config).find("内部资料汇编，密 级", Medium::Text);
        let found: Vec<_> = hits.into_iter().map(|hit| (hit.kind, hit.range)).collect();
        assert_eq!(found, [(Kind::Mark, 0..18), (Kind::Mark, 21..28)]);
    }
}
