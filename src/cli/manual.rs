//! `gongkai completions`, `gongkai man`, and the reference of all commands, from the arguments themselves.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::builder::StyledStr;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use super::{Status, help, report};
use crate::diagnostic::Language;
use crate::error::Error;

/// Headings of manual pages, which the library writes in English.
const HEADINGS: [(&str, &str); 8] = [
    ("NAME", "名称"),
    ("SYNOPSIS", "用法"),
    ("DESCRIPTION", "说明"),
    ("OPTIONS", "选项"),
    ("SUBCOMMANDS", "命令"),
    ("EXTRA", "附注"),
    ("VERSION", "版本"),
    ("AUTHORS", "作者"),
];

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// 哪种命令行
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl CompletionsArguments {
    pub fn run(self, language: Language) -> Status {
        let mut command = help::command(language);
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "gongkai", &mut script);
        report::text(&String::from_utf8_lossy(&script));
        Status::Clean
    }
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// 写到哪个文件夹，一个命令一页；不写就把 gongkai(1) 写到标准输出
    dir: Option<PathBuf>,
}

impl ManArguments {
    pub fn run(self, language: Language) -> Status {
        let command = help::command(language);
        let written = match &self.dir {
            Some(dir) => std::fs::create_dir_all(dir)
                .and_then(|()| pages(command, dir, language))
                .map_err(|error| Error::io(dir, error)),
            None => page(command, language)
                .map(|text| report::text(&text))
                .map_err(|error| Error::io(Path::new("gongkai.1"), error)),
        };
        match written {
            Ok(()) => Status::Clean,
            Err(error) => report::failure(&error, language),
        }
    }
}

/// Writes the page of a command, and those of the commands below it.
fn pages(command: Command, dir: &Path, language: Language) -> std::io::Result<()> {
    let below: Vec<Command> = command.get_subcommands().cloned().collect();
    for sub in below {
        if sub.get_name() != "help" && !sub.is_hide_set() {
            pages(sub, dir, language)?;
        }
    }
    let file = dir.join(clap_mangen::Man::new(command.clone()).get_filename());
    std::fs::write(file, page(command, language)?)
}

/// A manual page, its headings in the language of its text.
pub(super) fn page(command: Command, language: Language) -> std::io::Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if language == Language::Zh {
        for (en, zh) in HEADINGS {
            text = text.replace(&format!(".SH {en}\n"), &format!(".SH {zh}\n"));
        }
    }
    Ok(text)
}

/// The reference of all commands in Markdown: `docs/cli.md`.
#[must_use]
pub fn reference() -> String {
    let mut command = super::Arguments::command();
    command.build();
    let mut text = String::from(
        "# 命令\n\n由程序的参数生成，测试使它与程序一致（`GONGKAI_BLESS=1 cargo test docs` 重写）。\n",
    );
    describe(&command, "gongkai", &mut text);
    for sub in command.get_subcommands() {
        if !sub.is_hide_set() && sub.get_name() != "help" {
            describe(sub, &format!("gongkai {}", sub.get_name()), &mut text);
        }
    }
    text
}

fn describe(command: &Command, name: &str, text: &mut String) {
    let plain = |styled: Option<&StyledStr>| styled.map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let about = plain(command.get_about());
    let _ = write!(text, "\n## {name}\n\n{about}\n\n```\n{usage}\n```\n");
    let arguments: Vec<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()))
        .filter(|argument| name == "gongkai" || !argument.is_global_set())
        .map(|argument| {
            let help = plain(argument.get_help());
            let default = argument.get_default_values().iter();
            let default: Vec<_> = default.map(|value| value.to_string_lossy()).collect();
            let takes_values = argument.get_action().takes_values();
            let default = if takes_values && !default.is_empty() {
                format!("；缺省 `{}`", default.join(" "))
            } else {
                String::new()
            };
            let argument = argument.to_string().replace('|', "\\|");
            format!("| `{argument}` | {help}{default} |\n")
        })
        .collect();
    if !arguments.is_empty() {
        let _ = write!(text, "\n| 参数 | 说明 |\n|---|---|\n{}", arguments.concat());
    }
}
