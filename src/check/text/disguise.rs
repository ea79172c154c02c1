//! Tests: numbers and addresses of persons in every disguise, and figures that are none.

use super::numbers::Medium;
use super::{Rules, rendered, written};
use crate::load::config::Config;

/// A small generator of numbers, the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| {
                char::from_digit(u32::try_from(self.below(10)).unwrap_or(0), 10).unwrap_or('0')
            })
            .collect()
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// What people put between the groups of a number.
const GAPS: [&str; 15] = [
    "", " ", "-", "\u{a0}", "\u{2007}", "\u{3000}", "\u{2010}", "\u{2013}", "—", "\u{2212}", "－",
    "\u{200b}", "\u{ad}", "&nbsp;", "&#8203;",
];

/// A digit in another style; `style` 0 leaves it.
fn styled(text: &str, style: usize) -> String {
    let base = match style {
        0 => return text.to_owned(),
        1 => 0xff10,
        2 => 0x1d7ce,
        _ => 0x1d7f6,
    };
    text.chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => char::from_u32(base + digit).unwrap_or(c),
            None => c,
        })
        .collect()
}

fn number(random: &mut Random) -> String {
    let gap = random.of(&GAPS);
    let style = random.below(4);
    let groups = match random.below(4) {
        0 => vec![
            format!("13{}", random.digits(1)),
            random.digits(4),
            random.digits(4),
        ],
        1 => vec![format!("15{}", random.digits(1)), random.digits(8)],
        2 => vec!["0353".to_owned(), format!("2{}", random.digits(6))],
        _ => vec!["zhang".to_owned(), "example.com".to_owned()],
    };
    if groups[0] == "zhang" {
        return groups.join(random.of(&["@", "＠", "\u{200b}@", "@\u{ad}", "&#64;", "\u{fe6b}"]));
    }
    let groups: Vec<String> = groups.iter().map(|group| styled(group, style)).collect();
    // A reference or a mark is written between digits that are plain or not.
    groups.join(gap)
}

#[test]
fn random_numbers_in_random_disguises_are_found_in_their_places() {
    let rules = Rules::new(&Config::default());
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..4_000 {
        let number = number(&mut random);
        let head = random.of(&[
            "",
            "请拨打",
            "电话：",
            "甲\u{200b}乙，",
            "（",
            "２０２５年，",
            "第１行\n",
            "邮寄 ",
        ]);
        let tail = random.of(&["", "。", "，谢谢", "）", "\n乙", " 丙", "\u{200b}丁"]);
        let text = format!("{head}{number}{tail}");
        let hits = rules.find(&text, Medium::Text);
        let found: Vec<_> = hits.iter().map(|hit| &text[hit.range.clone()]).collect();
        assert_eq!(found, [number.as_str()], "{text}");
        let findings = written("static/a.txt", text.as_bytes(), &rules);
        let place = findings[0].location.place;
        let line = 1 + u32::from(head.contains('\n'));
        assert_eq!((findings.len(), place.line), (1, line), "{text}");
        let shown = &findings[0].location.source.text;
        assert!(!shown.contains(&number), "{shown} shows {number}");
        assert_eq!(shown.len(), text.len(), "{shown}");
        let page = format!("<p>{text}</p>");
        assert_eq!(
            rendered("a.html", page.as_bytes(), &rules).len(),
            1,
            "{page}"
        );
    }
}

#[test]
fn random_amounts_codes_and_dates_are_no_numbers_of_persons() {
    let rules = Rules::new(&Config::default());
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..4_000 {
        let (many, few) = (1 + random.below(9), 1 + random.below(3));
        let style = random.below(4);
        let figure = match random.below(6) {
            0 => format!("{}.{}", random.digits(many), random.digits(2)),
            1 => format!(
                "{},{}.{}",
                1 + random.below(999),
                random.digits(3),
                random.digits(2)
            ),
            2 => format!("2{}", random.digits(6)),
            3 => format!("财预〔20{}〕{}号", random.digits(2), random.digits(few)),
            4 => format!(
                "20{}-{:02}-{:02}",
                random.digits(2),
                1 + random.below(12),
                1 + random.below(28)
            ),
            _ => format!("20{}—20{}", random.digits(2), random.digits(2)),
        };
        let figure = styled(&figure, style);
        let head = random.of(&["", "金额", "科目 ", "甲，", "－", "（"]);
        let tail = random.of(&["", "。", "元", " 乙", "）", "％"]);
        let text = format!("{head}{figure}{tail}");
        assert_eq!(rules.find(&text, Medium::Text), [], "{text}");
    }
}

/// Eight times the text takes about eight times as long, whatever parts its numbers.
#[test]
fn the_work_grows_with_the_length_of_the_text() {
    let rules = Rules::new(&Config::default());
    for gap in [" ", "-", "\u{a0}", "\u{200b}、", "—", "**"] {
        let once = |count: usize| {
            let text = format!("１３８３５３２９３８４{gap}").repeat(count);
            let took = (0..3).map(|_| {
                let start = std::time::Instant::now();
                std::hint::black_box(rules.find(&text, Medium::Text));
                start.elapsed()
            });
            took.min().unwrap_or_default()
        };
        let (short, long) = (once(12_500), once(100_000));
        assert!(long < short * 32, "{gap:?}: {short:?}, then {long:?}");
    }
}
