//! Texts that YAML takes apart: ` #` makes a comment of what follows.
//!
//! A comment has a blank after its `#`. Where there is none, a text was meant: 新增 #3 标段.

use crate::diagnostic::{Diagnostic, Say};
use crate::say;
use crate::source::{Place, Source};

/// Longest part of a text that a message repeats, in characters.
const LONGEST: usize = 40;

/// Where a comment starts in the rest of a line after a value, and whether it looks like the end of a text. `first` says
/// whether nothing but blanks stands before the rest.
pub fn comment(rest: &str, first: bool) -> Option<(usize, bool)> {
    let text = rest.trim_start_matches([' ', '\t']);
    let blanks = rest.len() - text.len();
    (text.starts_with('#') && (first || blanks > 0)).then(|| (blanks, is_text(text)))
}

/// Whether what starts with `#` looks like text: a blank follows those of a comment, or nothing.
pub fn is_text(comment: &str) -> bool {
    let text = comment.trim_start_matches(['#', '-', '=', '*', '!']);
    comment.starts_with('#') && !text.is_empty() && !text.starts_with(char::is_whitespace)
}

/// `text-cut` for `lost`, which starts with `#`, behind `kept`, which may be empty. Inside `brackets` nobody knows how far the
/// text was to go.
pub fn fault(source: &Source, kept: &str, lost: &str, brackets: bool, place: Place) -> Diagnostic {
    let lost = lost.trim_end();
    let (before, after) = (short(kept), short(lost));
    let message = if kept.is_empty() {
        say!(
            "「{after}」前面有 #，被当作注释，这里成了空白",
            "`{after}` starts with # and is taken for a comment, so nothing stands here"
        )
    } else {
        say!(
            "「{before}」后面的「{after}」被当作注释，不会公开",
            "`{after}` behind `{before}` is taken for a comment and not published"
        )
    };
    let whole = if kept.is_empty() {
        lost.to_owned()
    } else {
        format!("{kept} {lost}")
    };
    Diagnostic::error("text-cut", source, place, message).hint(hint(&whole, brackets))
}

fn hint(whole: &str, brackets: bool) -> Say {
    if brackets || whole.contains('"') || whole.chars().count() > LONGEST {
        return say!(
            "是文字就把整段放进引号里；是注释就在 # 后面空一格",
            "put the whole text into quotation marks; for a comment put a blank after #"
        );
    }
    say!(
        "是文字就整段加引号，写成 \"{whole}\"；是注释就在 # 后面空一格",
        "for a text write \"{whole}\"; for a comment put a blank after #"
    )
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::source::{Source, SourceFile};
    use crate::yaml;

    /// What is reported of a text: line, column and English sentence of each `text-cut`, codes of the rest.
    fn reported(text: &str) -> Vec<String> {
        let source = Source::new(SourceFile {
            path: "a.yaml".to_owned(),
            text: text.to_owned(),
        });
        let mut faults = Diagnostics::default();
        yaml::parse(&source, &mut faults);
        let told = faults.into_sorted().into_iter().map(|fault| {
            let place = fault.location.place;
            let kept = fault
                .say
                .zh
                .split('「')
                .nth(2)
                .and(fault.say.zh.split(['「', '」']).nth(1));
            let lost = place.bytes_in(text);
            format!(
                "{}:{} {} {}|{}",
                place.line,
                place.column,
                fault.code,
                kept.unwrap_or_default(),
                &text[lost]
            )
        });
        told.collect()
    }

    #[test]
    fn what_a_number_sign_takes_from_a_text_is_reported_with_both_halves() {
        for (text, expected) in [
            ("a: 新增 #3标段\nb: 1\n", "1:7 text-cut 新增|#3标段"),
            ("a:\n  - 新增  #3标段\n", "2:9 text-cut 新增|#3标段"),
            ("a: [新增 #3, 乙\n  丙]\n", "1:8 text-cut 新增|#3, 乙"),
            ("a: [新增, #3, 乙\n  丙]\n", "1:9 text-cut 新增|#3, 乙"),
            ("a: [新增, #3]\nb: 1\n", "1:9 text-cut 新增|#3]"),
            ("a: {b: 新增 #3}\nb: 1\n", "1:11 text-cut 新增|#3}"),
            ("a: #3标段\nb: 1\n", "1:4 text-cut |#3标段"),
            ("a: #3标段\n  工程\nb: 1\n", "1:4 text-cut |#3标段"),
            ("a:\n  - #3标段\n  - 乙\n", "2:5 text-cut |#3标段"),
            (
                "a: 新增\n  青禾河 #3标段\nb: 1\n",
                "2:7 text-cut 新增 青禾河|#3标段",
            ),
            (
                "a: 新增\n  青禾河\n  #3标段\nb: 1\n",
                "3:3 text-cut 新增 青禾河|#3标段",
            ),
            ("a: | #3标段\n  乙\nb: 1\n", "1:6 text-cut |#3标段"),
            ("a: 1.00 #待核\nb: \"x\\n\"\n", "1:9 text-cut 1.00|#待核"),
            ("a: 新增 ##3标段\n", "1:7 text-cut 新增|##3标段"),
            ("a: 新增\t#3标段\n", "1:7 text-cut 新增|#3标段"),
        ] {
            assert_eq!(reported(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_comment_stays_a_comment_and_a_text_a_text() {
        for text in [
            "a: 新增 # 3标段\n",
            "a: 新增 #\nb: 1 ###\nc: 2 #----- 甲\n",
            "a: 新增#3标段\n",
            "a: \"新增 #3标段\"\nb: '新增 #3'\n",
            "a: \"新增\" #注\n",
            "a: {b: 1} #注\nb: [1, 2] #注\n",
            "a: |\n  新增 #3标段\n  #4\nb: >-\n  甲\n  #5\n",
            "#注\na: 1\n  #注\nb:  # 注\n  - 1\n#注\n",
            "rows: #注\n  - 1\n  #- 2\n",
            "a: 新增\n  青禾河\n#b: 2\nc: 1\n",
            "a: ''\nb: \"\"\nc:\nd: ~\n",
        ] {
            assert_eq!(reported(text), [""; 0], "{text}");
        }
    }
}
