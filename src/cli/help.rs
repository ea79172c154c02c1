//! Help, completions, manual pages and what is said of wrong arguments, in the language of the messages.
//!
//! The arguments say what they are in Chinese; `english` has every such sentence in English. Arguments are read by the
//! command that clap derives; the one made here has the same arguments and is only asked for texts.

use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, Command, CommandFactory as _, Parser as _};

use super::english::ENGLISH;
use super::{Arguments, Status, language_of, report};
use crate::diagnostic::{Language, Severity};

/// Reads the arguments.
///
/// # Errors
/// The exit status, after printing what stands instead: help, the version, or what is wrong.
pub fn read(words: &[OsString]) -> Result<Arguments, u8> {
    let error = match Arguments::try_parse_from(words) {
        Ok(arguments) => return Ok(arguments),
        Err(error) => error,
    };
    let language = asked_for(words);
    // The same again in the language asked for.
    let again = command(language).try_get_matches_from(words);
    let error = again.err().unwrap_or(error);
    if language == Language::Zh && !is_help(error.kind()) {
        report::problem(&chinese(&error));
    } else if is_help(error.kind()) {
        report::written(error.print());
        if report::ended(Status::Clean, language) == Status::Failed {
            return Err(2);
        }
    } else {
        let _ = error.print();
    }
    Err(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The language that the arguments ask for, be they right or wrong; else that of the environment.
fn asked_for(words: &[OsString]) -> Language {
    let mut words = words.iter().filter_map(|word| word.to_str());
    let mut asked = None;
    while let Some(word) = words.next() {
        asked = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => asked,
        };
    }
    match asked {
        Some("zh") => Language::Zh,
        Some("en") => Language::En,
        _ => language_of(|name| std::env::var(name).ok()),
    }
}

/// The command with all texts in one language; its matches say nothing.
pub fn command(language: Language) -> Command {
    let mut command = Arguments::command();
    command.build();
    localized(command, language)
}

fn localized(mut command: Command, language: Language) -> Command {
    let usage = command.render_usage().to_string();
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let command = command
        .mut_args(|arg| argument(arg, language))
        .mut_subcommands(|sub| localized(sub, language));
    match language {
        Language::En => command.about(in_english(&about)),
        Language::Zh => {
            let about = match command.get_name() {
                "help" => "印出一个命令的说明".to_owned(),
                _ => about,
            };
            let usage = usage.trim_start_matches("Usage: ");
            let usage = usage
                .replace("[OPTIONS]", "[选项]")
                .replace("<COMMAND>", "<命令>")
                .replace("[COMMAND]", "[命令]");
            command
                .about(about)
                .override_usage(usage)
                .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
                .subcommand_help_heading("命令")
                .subcommand_value_name("命令")
        }
    }
}

/// An argument with its texts in one language. Clap has English words for defaults and values, so that in Chinese they
/// are part of the text.
fn argument(arg: Arg, language: Language) -> Arg {
    let help = match (arg.get_id().as_str(), language) {
        ("help", Language::Zh) => "印出说明".to_owned(),
        ("version", Language::Zh) => "印出版本".to_owned(),
        ("subcommand", Language::Zh) => "哪个命令".to_owned(),
        _ => arg.get_help().map(ToString::to_string).unwrap_or_default(),
    };
    let values: Vec<PossibleValue> = if arg.get_action().takes_values() {
        arg.get_possible_values()
    } else {
        Vec::new()
    };
    let values: Vec<PossibleValue> = values
        .into_iter()
        .map(
            |value| match (value.get_help().map(ToString::to_string), language) {
                (Some(help), Language::En) => value.help(in_english(&help)),
                _ => value,
            },
        )
        .collect();
    let arg = if values.is_empty() {
        arg
    } else {
        arg.value_parser(PossibleValuesParser::new(values.clone()))
    };
    if language == Language::En {
        return arg.help(in_english(&help));
    }
    let default = arg.get_default_values().iter();
    let default: Vec<String> = default
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let mut short = help;
    if !default.is_empty() && arg.get_action().takes_values() {
        short = format!("{short}；缺省 {}", default.join(" "));
    }
    let mut long = short.clone();
    if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        short = format!("{short}；可写 {}", names.join("、"));
        for value in &values {
            let name = value.get_name();
            let help = value.get_help().map(|help| format!("：{help}"));
            long = format!("{long}\n- {name}{}", help.unwrap_or_default());
        }
    }
    let heading = if arg.is_positional() {
        "参数"
    } else {
        "选项"
    };
    arg.help(short)
        .long_help(long)
        .hide_default_value(true)
        .hide_possible_values(true)
        .help_heading(heading)
}

/// A sentence of the arguments in English; a test demands every one.
fn in_english(text: &str) -> String {
    let found = ENGLISH.iter().find(|(zh, _)| *zh == text);
    found.map_or(text, |(_, en)| en).to_owned()
}

fn is_help(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// What is wrong with the arguments, in Chinese.
fn chinese(error: &Error) -> String {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(StyledStr::to_string).collect(),
        _ => Vec::new(),
    };
    let list = |kind| said(kind).join("、");
    let arg = list(ContextKind::InvalidArg);
    let value = list(ContextKind::InvalidValue);
    let valid = list(ContextKind::ValidValue);
    let valid = if valid.is_empty() {
        String::new()
    } else {
        format!("；可写 {valid}")
    };
    let like = |kind| {
        let like = list(kind);
        if like.is_empty() {
            String::new()
        } else {
            format!("；是不是 {like}？")
        }
    };
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面要写一个值{valid}"),
        ErrorKind::InvalidValue => format!("{arg} 不能写 `{value}`{valid}"),
        ErrorKind::ValueValidation => format!("{arg} 的值 `{value}` 不对"),
        ErrorKind::UnknownArgument => {
            let like = like(ContextKind::SuggestedArg);
            format!("没有 {arg} 这个参数{like}")
        }
        ErrorKind::InvalidSubcommand => {
            let name = list(ContextKind::InvalidSubcommand);
            let like = like(ContextKind::SuggestedSubcommand);
            format!("没有 {name} 这个命令{like}")
        }
        ErrorKind::NoEquals => format!("{arg} 和它的值之间要写等号"),
        ErrorKind::TooManyValues => format!("{arg} 的值 `{value}` 多了"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 的值的个数不对")
        }
        ErrorKind::ArgumentConflict => {
            let others = list(ContextKind::PriorArg);
            if others.is_empty() || others == arg {
                format!("{arg} 只能写一次")
            } else {
                format!("{arg} 不能和 {others} 一起用")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        _ => "参数不对".to_owned(),
    };
    let word = Severity::Error.word(Language::Zh);
    let usage = list(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage: ").trim();
    let usage = if usage.is_empty() {
        String::new()
    } else {
        let usage = usage
            .replace("[OPTIONS]", "[选项]")
            .replace("<COMMAND>", "<命令>");
        format!("\n用法：{usage}\n")
    };
    format!("{word}: {what}\n{usage}\n加 --help 看说明。\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.contains(|c: char| ('\u{3000}'..='\u{9fff}').contains(&c) || c > '\u{ff00}')
    }

    /// Runs of plain English words, which are a sentence or a heading: not options, names or values.
    fn english(text: &str) -> Vec<&str> {
        let lines = text.lines();
        let found = lines.filter(|line| {
            let words = line.split([' ', ':']).filter(|word| !word.is_empty());
            let words: Vec<&str> = words.collect();
            let plain =
                |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
            words.windows(3).any(|three| three.iter().all(plain))
        });
        let headings = [
            "Usage",
            "Options",
            "Arguments",
            "Commands",
            "Print ",
            "default:",
            "possible values",
            "aliases",
            ".SH NAME",
            ".SH SYNOPSIS",
            ".SH DESCRIPTION",
            ".SH OPTIONS",
            ".SH SUBCOMMANDS",
            ".SH VERSION",
            ".SH EXTRA",
        ];
        let named = text
            .lines()
            .filter(|line| headings.iter().any(|heading| line.contains(heading)));
        found.chain(named).collect()
    }

    /// Help and manual page of a command and of all below it, with the name of each.
    fn texts(command: &Command, language: Language, into: &mut Vec<(String, String)>) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let mut shown = command.clone();
        into.push((format!("{name} -h"), shown.render_help().to_string()));
        into.push((
            format!("{name} --help"),
            shown.render_long_help().to_string(),
        ));
        let page = super::super::manual::page(command.clone(), language).expect("memory");
        into.push((format!("{name}(1)"), page));
        for sub in command.get_subcommands() {
            texts(sub, language, into);
        }
    }

    fn all(language: Language) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut whole = command(language);
        texts(&whole, language, &mut found);
        for shell in [
            clap_complete::Shell::Bash,
            clap_complete::Shell::Zsh,
            clap_complete::Shell::Fish,
            clap_complete::Shell::PowerShell,
            clap_complete::Shell::Elvish,
        ] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut whole, "gongkai", &mut script);
            let script = String::from_utf8(script).expect("a script");
            found.push((format!("completions {shell}"), script));
        }
        found
    }

    #[test]
    fn english_texts_have_no_chinese_and_chinese_ones_no_english() {
        let english_texts = all(Language::En);
        assert!(english_texts.len() > 50, "{}", english_texts.len());
        for (name, text) in &english_texts {
            let wrong = text.lines().find(|line| is_chinese(line));
            assert_eq!(wrong, None, "{name}");
        }
        for (name, text) in all(Language::Zh) {
            assert!(
                is_chinese(&text) || name == "completions bash",
                "{name}\n{text}"
            );
            if !name.starts_with("completions") {
                assert_eq!(english(&text), [""; 0], "{name}\n{text}");
            }
            for words in ["Print help", "Print version", "Print this"] {
                assert!(!text.contains(words), "{name}: {words}");
            }
        }
        // The looks above find what they look for.
        let plain = Arguments::command().render_help().to_string();
        assert!(!english(&plain).is_empty() && is_chinese(&plain));
    }

    #[test]
    fn every_sentence_in_english_belongs_to_an_argument() {
        fn sentences(command: &Command, into: &mut BTreeSet<String>) {
            into.extend(command.get_about().map(ToString::to_string));
            for arg in command.get_arguments() {
                into.extend(arg.get_help().map(ToString::to_string));
                let values = arg.get_possible_values();
                into.extend(
                    values
                        .iter()
                        .filter_map(|value| Some(value.get_help()?.to_string())),
                );
            }
            for sub in command.get_subcommands() {
                sentences(sub, into);
            }
        }
        let mut there = BTreeSet::new();
        sentences(&Arguments::command(), &mut there);
        let known: BTreeSet<&str> = ENGLISH.iter().map(|(zh, _)| *zh).collect();
        assert_eq!(known.len(), ENGLISH.len(), "a sentence twice");
        let unused: Vec<_> = known.iter().filter(|zh| !there.contains(**zh)).collect();
        assert!(unused.is_empty(), "{unused:?}");
        let lacking = there.iter().filter(|zh| is_chinese(zh));
        let lacking: Vec<_> = lacking.filter(|zh| !known.contains(zh.as_str())).collect();
        assert!(lacking.is_empty(), "add to cli/english.rs: {lacking:?}");
    }

    #[test]
    fn what_is_wrong_with_arguments_is_said_in_the_language_asked_for() {
        for (words, said) in [
            (
                &["build", "--relase"][..],
                "没有 --relase 这个参数；是不是 --release？",
            ),
            (&["buld"], "没有 buld 这个命令；是不是 build？"),
            (
                &["check", "--format", "xml"],
                "不能写 `xml`；可写 human、concise",
            ),
            (&["check", "--format"], "后面要写一个值"),
            (&["new", "a", "b"], "的值 `b` 不对"),
            (&["new", "a"], "缺少 <YEAR>"),
            (&["build", "--release", "--draft"], "不能和"),
            (&["build", "-q", "-q"], "只能写一次"),
            (&["verify", "a", "b"], "没有 b 这个参数"),
        ] {
            let all = || std::iter::once("gongkai").chain(words.iter().copied());
            let error = command(Language::Zh).try_get_matches_from(all());
            let text = chinese(&error.expect_err("wrong arguments"));
            assert!(text.contains(said), "{words:?}: {text}");
            assert_eq!(english(&text), [""; 0], "{words:?}: {text}");
            let error = command(Language::En).try_get_matches_from(all());
            let text = error.expect_err("wrong arguments").to_string();
            assert!(!is_chinese(&text), "{words:?}: {text}");
        }
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(asked_for(&words("gongkai --lang en buld")), Language::En);
        assert_eq!(asked_for(&words("gongkai buld --lang=en")), Language::En);
        assert_eq!(asked_for(&words("gongkai --lang zh --help")), Language::Zh);
    }
}
