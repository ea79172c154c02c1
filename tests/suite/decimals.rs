//! Decimals at the limits of their digits, through everything that computes with them.

use crate::support::Site;

const HEAD: &str = "data/demo/2025-budget/disclosure.yaml";
const DATA: [&str; 3] = [
    HEAD,
    "data/demo/2025-budget/tables/spending.yaml",
    "data/demo/2025-budget/tables/balance.yaml",
];

/// Rules of each kind that computes.
const RULES: &str = r#"rules:
  - {id: equal, title: 甲, each: "spending[*]", equal: {left: total, right: [basic, project]}}
  - {id: bound, title: 乙, bound: {left: input.prior_total, at_most: "spending[total].total"}}
  - {id: same, title: 丙, same: [input.prior_total, "spending[total].total"]}
  - {id: tree, title: 丁, tree: spending}
  - {id: share, title: 戊, share: {part: "spending[total].basic", of: "spending[total].total", is: input.prior_total}}
"#;

/// Numbers that follow from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// A number of up to 28 digits, with up to 28 after the point, most often at one of the ends.
    fn number(&mut self) -> String {
        let scale =
            [0, 1, 2, 9, 27, 28, self.below(29)][usize::try_from(self.below(7)).expect("small")];
        let whole = [1, 1, 28 - scale.min(27), 1 + self.below(28)]
            [usize::try_from(self.below(4)).expect("small")];
        let whole = whole.min(29 - scale.min(28)).max(1);
        let digit = |random: &mut Self| {
            char::from(b"0199"[usize::try_from(random.below(4)).expect("small")])
        };
        let mut text = String::new();
        if self.below(3) == 0 {
            text.push('-');
        }
        let first = if scale == 28 {
            '0'
        } else {
            ['1', '7'][usize::try_from(self.below(2)).expect("small")]
        };
        text.push(first);
        text.extend((1..whole).map(|_| digit(self)));
        if scale > 0 {
            text.push('.');
            text.extend((1..scale).map(|_| digit(self)));
            text.push('1');
        }
        text
    }
}

/// The text with a share of its amounts exchanged.
fn exchanged(text: &str, random: &mut Random) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive([' ', ',', '}', '\n']) {
        let end = piece.len() - usize::from(piece.ends_with([' ', ',', '}', '\n']));
        let (number, rest) = piece.split_at(end);
        let is_amount = number.contains('.') && number.parse::<f64>().is_ok();
        if is_amount && random.below(2) == 0 {
            out.push_str(&random.number());
        } else {
            out.push_str(number);
        }
        out.push_str(rest);
    }
    out
}

#[test]
fn no_number_that_can_be_written_ends_the_program() {
    let earlier = Site::case("tiny");
    let mut computed = 0;
    for seed in 0..16 {
        let mut random = Random(seed);
        let site = Site::case("tiny");
        site.write("standards/tiny/rules.yaml", RULES);
        for file in DATA {
            let text = std::fs::read_to_string(site.path(file)).expect(file);
            site.write(file, exchanged(&text, &mut random));
        }
        let run = site.run(&["build", "--draft", "-q", "--no-cache"]);
        assert!(run.code <= 1, "seed {seed}: {}\n{}", run.code, run.stderr);
        computed += usize::from(
            run.stderr.contains("sum-mismatch") || run.stderr.contains("amount-precision"),
        );
        let (before, now) = (
            earlier.root().display().to_string(),
            site.root().display().to_string(),
        );
        let run = site.run(&["diff", &before, &now]);
        assert!(
            run.code <= 2 && !run.stderr.contains("panicked"),
            "seed {seed}: {}",
            run.stderr
        );
    }
    assert!(computed > 8, "{computed} came as far as the rules");
}
