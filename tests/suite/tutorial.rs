//! docs/tutorial.md, followed from an empty folder: every block of commands in its order, in one shell; what is quoted
//! below a block is what it prints. `GONGKAI_BLESS=1 cargo test tutorial` writes the quotes anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::docs::document;
use crate::parsed;
use crate::support::{Site, differs_from, repository};

const MANUAL: &str = "docs/tutorial.md";

/// A line that stands for any number of lines.
const ANY: &str = "…";

/// One block of commands, with what is quoted below it.
struct Step {
    commands: String,
    /// Where the quote stands in the document, from its first line to its end.
    quote: Option<std::ops::Range<usize>>,
}

/// What stands between a fence and the next, from a place on; where it begins and ends.
fn block(text: &str, from: usize, language: &str) -> Option<std::ops::Range<usize>> {
    let fence = format!("\n```{language}\n");
    let start = from + text[from..].find(&fence)? + fence.len();
    let end = start + text[start - 1..].find("\n```\n")?;
    Some(start..end)
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(commands) = block(text, at, "sh") {
        let next = block(text, commands.end, "sh").map_or(text.len(), |next| next.start);
        let quote = block(text, commands.end, "text").filter(|quote| quote.start < next);
        at = commands.end;
        steps.push(Step {
            commands: text[commands].to_owned(),
            quote,
        });
    }
    steps
}

/// Follows all steps in one shell; the exit status and the output of each.
fn follow(steps: &[Step]) -> Vec<(i32, String)> {
    let site = Site::empty();
    let mut script = String::from("out=$PWD\nmkdir work && cd work\n");
    for (number, step) in steps.iter().enumerate() {
        let commands = &step.commands;
        writeln!(
            script,
            "{{\n{commands}}} >\"$out/{number}\" 2>&1\necho $? >\"$out/{number}.code\""
        )
        .expect("memory");
    }
    let program = Path::new(env!("CARGO_BIN_EXE_gongkai"));
    let path = std::env::var("PATH").expect("a path");
    let status = Command::new("bash")
        .args(["-c", &script])
        .current_dir(site.root())
        .env_clear()
        .env("LANG", "zh_CN.UTF-8")
        .env(
            "PATH",
            format!("{}:{path}", program.parent().expect("a folder").display()),
        )
        .status()
        .expect("a shell");
    assert!(status.success());
    parsed::below(site.root());
    (0..steps.len())
        .map(|number| {
            let code = site.read(&format!("{number}.code"));
            let printed = site.read(&number.to_string());
            (code.trim().parse().expect("a number"), printed)
        })
        .collect()
}

/// A line without what changes with every template or from run to run: how much was built, how long it took.
fn steady(line: &str) -> String {
    if let Some(digest) = line.strip_prefix("digest ") {
        return format!("digest of {} digits", digest.len());
    }
    let counts = ["新增 ", "秒 → ", "ZIP，", "与 manifest.json 一致"];
    if !counts.iter().any(|words| line.contains(words)) {
        return line.to_owned();
    }
    let mut steady = String::new();
    for c in line.chars() {
        let figure = c.is_ascii_digit() || c == '.';
        match (figure, steady.ends_with('0')) {
            (true, true) => {}
            (true, false) => steady.push('0'),
            (false, _) => steady.push(c),
        }
    }
    steady
}

/// Whether an output is as quoted.
fn matches(quote: &[&str], printed: &[&str]) -> bool {
    match quote.split_first() {
        None => printed.is_empty(),
        Some((&ANY, rest)) => (0..=printed.len()).any(|at| matches(rest, &printed[at..])),
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, more)| steady(line) == steady(first) && matches(rest, more)),
    }
}

#[test]
fn the_tutorial_can_be_followed_as_it_stands() {
    let text = document(MANUAL);
    let steps = steps(&text);
    assert!(steps.len() >= 10, "{} steps", steps.len());
    let mut current = String::new();
    let mut end = 0;
    for (step, (code, printed)) in steps.iter().zip(follow(&steps)) {
        // A block that is quoted with errors is one that fails.
        let expected = i32::from(printed.contains("错误[") || printed.contains(": error["));
        assert_eq!(code, expected, "{}\n{printed}", step.commands);
        let Some(quote) = &step.quote else {
            assert_eq!(
                expected, 0,
                "errors are quoted: {}\n{printed}",
                step.commands
            );
            continue;
        };
        let lines: Vec<&str> = text[quote.clone()].lines().collect();
        current.push_str(&text[end..quote.start]);
        let as_quoted = matches(&lines, &printed.lines().collect::<Vec<_>>());
        current.push_str(if as_quoted {
            &text[quote.clone()]
        } else {
            &printed
        });
        end = quote.end;
    }
    current.push_str(&text[end..]);
    let differs = differs_from(&repository().join(MANUAL), &current);
    assert_eq!(
        differs, None,
        "GONGKAI_BLESS=1 cargo test tutorial rewrites {MANUAL}"
    );
}

#[test]
fn every_block_of_the_tutorial_is_followed_or_compared() {
    let text = document(MANUAL);
    let fences = text
        .lines()
        .filter(|line| line.starts_with("```") && line.len() > 3);
    let found = steps(&text);
    let quotes = found.iter().filter(|step| step.quote.is_some()).count();
    assert_eq!(fences.count(), found.len() + quotes);
    assert!(fs::metadata(repository().join(MANUAL)).is_ok());
}

#[test]
fn lines_left_out_of_a_quote_are_any_lines() {
    assert!(matches(&["a", ANY, "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["a", ANY], &["a"]));
    assert!(!matches(&["a", ANY, "d"], &["a", "b", "c"]));
    assert!(!matches(&["a"], &["a", "b"]));
    let took = "1 份公开，2 页，3.5 kB，1.25 秒 → public";
    assert!(matches(
        &["1 份公开，20 页，31 kB，0.10 秒 → public"],
        &[took]
    ));
    assert!(!matches(
        &["1 份公开，20 页，31 kB，0.10 秒 → other"],
        &[took]
    ));
    assert!(!matches(&["1 个错误"], &["2 个错误"]));
}
