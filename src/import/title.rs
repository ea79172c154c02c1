//! How well a text is the title of a table: what the forms' titles are is worked out once.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{fold, likeness, shared_letters, timeless};
use crate::model::disclosure::{Entity, Kind};
use crate::model::form::SharedForm;
use crate::model::title::TitleValues;

/// Likeness from which a text is taken for a title.
pub const TITLE: usize = 75;

/// Likeness of a title that holds all of the form's.
pub const HOLDS: usize = 90;

/// Letters that a title has at least, unless it is the very title of the form.
const SHORTEST: usize = 4;

/// Letters from which a part of a title is taken for it.
const PART: usize = 6;

/// Of the titles of a standard the share, one in so many, that a letter stands in at most when a title with it is
/// another than one without.
const FOREIGN: usize = 3;

/// Likewise for a letter that a title cannot do without, as long as most of such letters are missing.
const RARE: usize = 4;

/// The titles of the forms of a standard, as they are compared.
#[derive(Debug)]
pub struct Titles {
    forms: Vec<Title>,
    /// In how many of them each letter stands.
    counts: BTreeMap<char, usize>,
    /// 预算 or 决算: what the standard is not for.
    other_kind: &'static str,
    /// Names of the entity, folded.
    names: Vec<String>,
}

/// The title of a form.
#[derive(Debug)]
struct Title {
    /// Its number, folded.
    number: String,
    /// What is left of it.
    own: String,
    /// The letters of that, sorted.
    letters: Vec<char>,
}

/// A text that may be a title.
struct Said {
    folded: String,
    /// What is left of it where no number stands in front.
    plain: String,
}

impl Titles {
    /// Of these forms, disclosed by an entity.
    pub fn new(
        forms: &[SharedForm],
        kind: Kind,
        entity: &Entity,
        titles: &TitleValues<'_>,
    ) -> Self {
        let names = [&entity.name, &entity.short_name].map(|name| fold(name));
        let mut all = Self {
            forms: Vec::with_capacity(forms.len()),
            counts: BTreeMap::new(),
            other_kind: match kind {
                Kind::Budget => Kind::Final.word(),
                Kind::Final => Kind::Budget.word(),
            },
            names: names.into_iter().filter(|name| !name.is_empty()).collect(),
        };
        for form in forms {
            let number = fold(&form.number);
            let own = all.plain(&fold(&form.title.fill(titles)), &number);
            let letters = sorted(&own);
            for letter in letters.iter().copied().collect::<BTreeSet<char>>() {
                *all.counts.entry(letter).or_default() += 1;
            }
            all.forms.push(Title {
                number,
                own,
                letters,
            });
        }
        all
    }

    /// How well a text is the title of each form, in percent.
    pub fn likeness(&self, text: &str) -> Vec<usize> {
        self.of(&self.said(text))
    }

    /// Likewise, of a text that is as like one of them as a title must be. Most texts of a sheet are not, and are told
    /// by their letters.
    pub fn named(&self, text: &str) -> Option<Vec<usize>> {
        let said = self.said(text);
        let letters = sorted(&said.plain);
        let may_be = |title: &Title| {
            said.folded.starts_with(&title.number)
                || said.plain.contains(&title.own)
                || title.own.contains(&said.plain)
                || may_share(&letters, &title.letters)
        };
        let found = self.forms.iter().any(may_be).then(|| self.of(&said))?;
        found.iter().any(|like| *like >= TITLE).then_some(found)
    }

    fn said(&self, text: &str) -> Said {
        let folded = fold(text);
        let plain = self.plain(&folded, "");
        Said { folded, plain }
    }

    fn of(&self, said: &Said) -> Vec<usize> {
        let forms = self.forms.iter();
        forms.map(|title| self.title(said, title)).collect()
    }

    fn title(&self, said: &Said, title: &Title) -> usize {
        let (number, own, folded) = (&title.number, title.own.as_str(), &said.folded);
        if folded == number {
            // A number alone is the name of a sheet, no title.
            return TITLE - 1;
        }
        let numbered = folded.starts_with(number.as_str());
        let behind = numbered.then(|| self.plain(folded, number));
        let said = behind.as_deref().unwrap_or(&said.plain);
        if own == said && !own.is_empty() {
            return 100;
        }
        let letters = said.chars().count();
        if own.is_empty() || letters < SHORTEST {
            return 0;
        }
        // Words in another order are another title, if only by a hair.
        let reordered = shared_letters(said, own).min(HOLDS - 1);
        let like = likeness(said, own).max(reordered);
        let holds = title.letters.len() >= SHORTEST && said.contains(own);
        match like {
            _ if self.is_another(said, title) => like.min(TITLE - 1),
            _ if holds || numbered && like * 2 >= 100 => like.max(HOLDS),
            // A title that leaves out what the form has in brackets.
            _ if own.contains(said) && letters >= PART => like.max(TITLE),
            _ => like,
        }
    }

    /// Whether a title that is not quite that of a form names another table: it has a word that only few other titles
    /// have, lacks most of those that tell the form's apart, or is of the other kind. 财政拨款预算收支总表 holds all of
    /// 预算收支总表 and is another.
    fn is_another(&self, said: &str, title: &Title) -> bool {
        let own = &title.own;
        let count = |letter: &char| self.counts.get(letter).copied().unwrap_or(0);
        let all = self.forms.len();
        let foreign = |letter: char| {
            !own.contains(letter) && count(&letter) > 0 && count(&letter) * FOREIGN <= all
        };
        let rare: BTreeSet<char> = own
            .chars()
            .filter(|letter| count(letter) * RARE <= all)
            .collect();
        let missing = rare.iter().filter(|letter| !said.contains(**letter));
        said.chars().any(foreign)
            || missing.count() * 2 > rare.len()
            || said.contains(self.other_kind) && !own.contains(self.other_kind)
    }

    /// A folded title without year, number of the table, name of the entity and 草稿.
    fn plain(&self, folded: &str, number: &str) -> String {
        let mut text = timeless(folded.strip_prefix(number).unwrap_or(folded));
        for name in &self.names {
            text = text.replace(name, "");
        }
        text.strip_suffix("草稿").unwrap_or(&text).to_owned()
    }
}

fn sorted(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

/// Whether two texts of these letters, sorted, can be as like each other as titles must be.
fn may_share(left: &[char], right: &[char]) -> bool {
    let most = left.len().min(right.len());
    let enough = |shared: usize| 200 * shared >= TITLE * (left.len() + right.len());
    if !enough(most) {
        return false;
    }
    let (mut shared, mut one, mut other) = (0, 0, 0);
    while let (Some(a), Some(b)) = (left.get(one), right.get(other)) {
        shared += usize::from(a == b);
        one += usize::from(a <= b);
        other += usize::from(b <= a);
    }
    enough(shared)
}

#[cfg(test)]
mod tests {
    use super::{likeness, may_share, shared_letters, sorted};

    #[test]
    fn no_text_that_is_like_a_title_is_passed_over() {
        let texts = [
            "预算收支总表",
            "收支预算总表",
            "部门收支预算总表",
            "预算收入总表",
            "预算收支总裱",
            "财政拨款收支总表",
            "合计",
            "",
        ];
        let mut told_apart = 0;
        for left in texts {
            for right in texts {
                let like = likeness(left, right).max(shared_letters(left, right));
                let may = may_share(&sorted(left), &sorted(right));
                assert!(may || like < super::TITLE, "{left} {right} {like}");
                told_apart += usize::from(!may);
            }
        }
        assert!(told_apart > 20, "{told_apart}");
    }
}
