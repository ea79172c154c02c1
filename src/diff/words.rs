//! Two texts -> one with what is gone and what is new. Figures and words in Latin letters stay whole.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::report::{Piece, Presence};

/// What stands between two changes and is shorter than this is shown as changed with them.
const ISLAND: usize = 2;

/// The text with its changes.
pub fn compare(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (tokens(old), tokens(new));
    let mut pieces = Pieces::default();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => pieces.same(before),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                pieces.changed(before, after);
            }
        }
    }
    pieces.close();
    pieces.done
}

/// A text that is only on one side.
pub fn whole(text: &str, presence: Presence) -> Vec<Piece> {
    vec![Piece {
        presence,
        text: text.to_owned(),
    }]
}

/// How much of two texts is the same, in thousandths.
pub fn likeness(old: &str, new: &str) -> usize {
    let (old, new) = (tokens(old), tokens(new));
    let same: usize = capture_diff_slices(Algorithm::Myers, &old, &new)
        .iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .map(|op| op.old_range().len())
        .sum();
    same * 2_000 / (old.len() + new.len()).max(1)
}

/// Figures with their sign, commas, point and percent; words of letters; else single characters.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() || first == '-' {
            figure(rest)
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|other: char| !other.is_ascii_alphabetic());
            end.unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Bytes of the figure that a text begins with: `-1,234.50%`. A comma or point ends it where no digit follows.
fn figure(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 1;
    while digit(end) || matches!(bytes.get(end), Some(b',' | b'.')) && digit(end + 1) {
        end += 1;
    }
    if bytes.get(end) == Some(&b'%') && end > 1 || bytes.get(end) == Some(&b'%') && digit(0) {
        end += 1;
    }
    end
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    gone: String,
    came: String,
}

impl Pieces {
    fn changed(&mut self, gone: &[&str], came: &[&str]) {
        // What was the same between two changes, if it is short.
        let island = self.done.last().filter(|last| {
            last.presence == Presence::Both
                && self.done.len() > 1
                && last.text.chars().count() < ISLAND
                && !last
                    .text
                    .contains(|one: char| one.is_ascii_digit() || is_stop(one))
        });
        if let Some(island) = island.cloned() {
            self.done.pop();
            for presence in [Presence::Added, Presence::Removed] {
                let last = self.done.pop_if(|last| last.presence == presence);
                let text = last.map(|last| last.text).unwrap_or_default();
                let into = if presence == Presence::Added {
                    &mut self.came
                } else {
                    &mut self.gone
                };
                *into = text + &island.text;
            }
        }
        self.gone.extend(gone.iter().copied());
        self.came.extend(came.iter().copied());
        self.close();
    }

    fn same(&mut self, text: &[&str]) {
        self.done.push(Piece {
            presence: Presence::Both,
            text: text.concat(),
        });
    }

    fn close(&mut self) {
        for (presence, text) in [
            (Presence::Removed, std::mem::take(&mut self.gone)),
            (Presence::Added, std::mem::take(&mut self.came)),
        ] {
            if !text.is_empty() {
                self.done.push(Piece { presence, text });
            }
        }
    }
}

const fn is_stop(character: char) -> bool {
    matches!(character, '，' | '。' | '；' | '、' | '：' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let pieces = compare(old, new);
        let mut before = String::new();
        let mut after = String::new();
        let mut text = String::new();
        for piece in &pieces {
            match piece.presence {
                Presence::Both => {
                    before.push_str(&piece.text);
                    after.push_str(&piece.text);
                    text.push_str(&piece.text);
                }
                Presence::Removed => {
                    before.push_str(&piece.text);
                    text.extend(["[-", &*piece.text, "-]"]);
                }
                Presence::Added => {
                    after.push_str(&piece.text);
                    text.extend(["[+", &*piece.text, "+]"]);
                }
            }
        }
        assert_eq!((&*before, &*after), (old, new));
        text
    }

    #[test]
    fn figures_stay_whole() {
        for (old, new, text) in [
            (
                "支出3,764.74万元，占11.95%。",
                "支出3,766.74万元，占11.94%。",
                "支出[-3,764.74-][+3,766.74+]万元，占[-11.95%-][+11.94%+]。",
            ),
            ("增加5.00万元", "减少5.00万元", "[-增加-][+减少+]5.00万元"),
            ("下降-1.5", "下降1.5", "下降[--1.5-][+1.5+]"),
            ("维修库房", "维修旧库房", "维修[+旧+]库房"),
            ("在2024年，", "在2025年，", "在[-2024-][+2025+]年，"),
            ("甲乙丙丁", "戊乙己丁", "[-甲乙丙-][+戊乙己+]丁"),
            ("甲", "", "[-甲-]"),
            ("", "", ""),
            ("同", "同", "同"),
            ("1,", "1,2", "[-1,-][+1,2+]"),
        ] {
            assert_eq!(marked(old, new), text);
        }
    }

    #[test]
    fn likeness_is_between_none_and_all() {
        assert_eq!(likeness("甲乙", "甲乙"), 1_000);
        assert_eq!(likeness("甲乙", "丙丁"), 0);
        assert_eq!(likeness("甲乙", "甲丁"), 500);
        assert_eq!(likeness("", ""), 0);
    }
}
