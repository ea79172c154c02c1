//! The command line: arguments, resolve, call, report. The only folder that prints or exits.

mod build;
mod changes;
mod check;
mod clean;
mod diff;
mod english;
mod explain;
mod help;
mod import;
mod init;
mod list;
mod manual;
mod new;
mod report;
mod serve;
mod sign;
mod threads;
mod verify;
mod schema;
mod watching;

use std::path::PathBuf;
use std::process::ExitCode;

pub use manual::reference;

use clap::{Parser, Subcommand, ValueEnum};

use crate::diagnostic::Language;

/// 公开：把部门预决算数据生成为可核对的静态公开网站。
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, propagate_version = true)]
struct Arguments {
    /// 站点的文件夹（有 site.toml 的那个）
    #[arg(short, long, global = true, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// 信息的语言；不写时按 LANG
    #[arg(long, global = true, value_enum, value_name = "zh|en")]
    lang: Option<LanguageArgument>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LanguageArgument {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 生成网站；数据有错时什么也不写，上一次的网站原样保留
    Build(build::Arguments),
    /// 只核对数据，不生成网站
    Check(check::Arguments),
    /// 边改边看：在浏览器里看网站，保存后自动刷新；什么也不写到磁盘
    Serve(serve::Arguments),
    /// 删去上一次生成留下的中间结果；已生成的网站不动
    Clean(clean::Arguments),
    /// 比较两个站点、两次生成或两个版本：哪些数、行、文字、网页变了
    Diff(diff::Arguments),
    /// 说明信息里的一个代码：什么、为什么、例、来源
    Explain(explain::Arguments),
    /// 核对一个网站的文件夹：每个文件都和 manifest.json 里写的一样
    Verify(verify::Arguments),
    /// 给 manifest.json 签名（minisign），或新建一对密钥
    Sign(sign::Arguments),
    /// 新建站点：设置、文件夹、编辑器和持续集成的配置；已有的文件一概不动
    Init(init::Arguments),
    /// 新建一份公开：标准的各表和固定行，写明什么填在哪里；可带来上年的数
    New(new::Arguments),
    /// 导入：从 Excel、WPS 的工作簿或已生成的网站取来各表，核对后写成数据文件
    Import(import::Arguments),
    /// 列出各份公开：标准、状态、填了几张表
    List(list::Arguments),
    /// 写出各种数据文件的 JSON Schema，编辑器用它补全和检查
    Schema(schema::Arguments),
    /// 命令补全的脚本，写到标准输出
    Completions(manual::CompletionsArguments),
    /// 手册页
    Man(manual::ManArguments),
}

/// How a run ended: 0 clean, 1 faults in the data or differences, 2 could not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Clean,
    Faults,
    Changed,
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Clean => Self::SUCCESS,
            Status::Faults | Status::Changed => Self::from(1),
            Status::Failed => Self::from(2),
        }
    }
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let arguments = match help::read(&words) {
        Ok(arguments) => arguments,
        Err(status) => return ExitCode::from(status),
    };
    let language = match arguments.lang {
        Some(LanguageArgument::Zh) => Language::Zh,
        Some(LanguageArgument::En) => Language::En,
        None => language_of(|name| std::env::var(name).ok()),
    };
    threads::start();
    let status = match arguments.command {
        Command::Build(command) => command.run(arguments.root, language),
        Command::Check(command) => command.run(arguments.root, language),
        Command::Serve(command) => command.run(arguments.root, language),
        Command::Clean(command) => command.run(&arguments.root, language),
        Command::Diff(command) => command.run(&arguments.root, language),
        Command::Explain(command) => command.run(&arguments.root, language),
        Command::Verify(command) => command.run(&arguments.root, language),
        Command::Sign(command) => command.run(&arguments.root, language),
        Command::Init(command) => command.run(arguments.root, language),
        Command::New(command) => command.run(arguments.root, language),
        Command::Import(command) => command.run(arguments.root, language),
        Command::List(command) => command.run(&arguments.root, language),
        Command::Completions(command) => command.run(language),
        Command::Man(command) => command.run(language),
        Command::Schema(command) => command.run(&arguments.root, language),
    };
    report::ended(status, language).into()
}

/// English where the environment asks for a language other than Chinese.
fn language_of(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty());
    match locale.as_deref() {
        None | Some("C" | "POSIX" | "C.UTF-8") => Language::Zh,
        Some(locale) if locale.starts_with("zh") => Language::Zh,
        Some(_) => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_english_only_where_the_environment_asks_for_another_language() {
        for (name, value, language) in [
            ("LANG", "zh_CN.UTF-8", Language::Zh),
            ("LANG", "en_US.UTF-8", Language::En),
            ("LC_ALL", "C", Language::Zh),
            ("LANG", "", Language::Zh),
            ("LC_MESSAGES", "de_DE", Language::En),
        ] {
            let found = language_of(|asked| (asked == name).then(|| value.to_owned()));
            assert_eq!(found, language, "{name}={value}");
        }
    }

    #[test]
    fn the_arguments_fit_together() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }
}
