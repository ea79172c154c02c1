//! `gongkai serve`

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Args;

use super::{Status, report, watching};
use crate::diagnostic::{Diagnostic, Keep, Language, Say, Severity};
use crate::pipeline::live::Rebuilt;
use crate::say;
use crate::serve::{Options, PORT, Server, Told};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// 端口；0 是任意一个空着的
    #[arg(short, long, default_value_t = PORT, value_name = "PORT")]
    port: u16,
    /// 在哪个地址提供；不写就只有这台机器看得到
    #[arg(short, long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    interface: IpAddr,
    /// 在浏览器里打开
    #[arg(short = 'O', long)]
    open: bool,
}

impl Arguments {
    pub fn run(self, root: PathBuf, language: Language) -> Status {
        let report = report::Report::for_people(&root, language);
        let options = Options {
            root,
            address: self.interface,
            port: self.port,
            language,
            keep: report.keep(Keep::Open),
        };
        let opened = Server::open(options).and_then(|server| Ok((server.address()?, server)));
        let (address, server) = match opened {
            Ok(opened) => opened,
            Err(error) => return report.failure(&error),
        };
        if !address.ip().is_loopback() {
            warn(
                &say!(
                    "在 {address} 提供：同一网络里的人都看得到还没有批准的内容；只给自己看就去掉 -i",
                    "listening on {address}: everybody in the network can see what is not approved; leave -i out to see it alone"
                ),
                language,
            );
        }
        let url = url(address);
        let mut terminal = Terminal {
            report,
            said: Vec::new(),
        };
        let mut tell = |told: &Told| {
            terminal.tell(told, &url);
            if self.open && told.changes.is_none() && open(&url).is_err() {
                let said = say!(
                    "打不开浏览器；自己在浏览器里打开 {url}",
                    "no browser could be opened; open {url} yourself"
                );
                warn(&said, language);
            }
        };
        match server.run(&report::Bar::new(false), &mut tell) {
            Ok(()) => Status::Clean,
            Err(error) => report::failure(&error, language),
        }
    }
}

/// Tells of builds on the terminal.
struct Terminal {
    report: report::Report,
    /// What was said of the last build; nothing of it is said again.
    said: Vec<Diagnostic>,
}

impl Terminal {
    fn tell(&mut self, told: &Told, url: &str) {
        let rebuilt = match &told.result {
            Ok(rebuilt) => rebuilt,
            Err(error) => {
                self.report.failure(error);
                return;
            }
        };
        if rebuilt.outcome.diagnostics != self.said {
            self.report.problems(&rebuilt.outcome);
            self.said.clone_from(&rebuilt.outcome.diagnostics);
        }
        let time = watching::time(told.elapsed);
        match &told.changes {
            None => self.report.result(&first(rebuilt, url, &time)),
            Some(changes) => {
                let files = watching::files(changes);
                self.report.result(&next(rebuilt, &files, &time));
            }
        }
    }
}

/// The line after the first build.
fn first(rebuilt: &Rebuilt, url: &str, time: &Say) -> Say {
    let Say { zh, en } = time;
    let (disclosures, pages) = (rebuilt.outcome.disclosures, rebuilt.outcome.pages);
    if rebuilt.made {
        say!(
            "{disclosures} 份公开，{pages} 页，{zh} → {url}（Ctrl-C 结束）",
            "{disclosures} disclosures, {pages} pages, {en} → {url} (Ctrl-C ends)"
        )
    } else {
        say!(
            "有错，还没有网页；改好并保存，{url} 就有了（Ctrl-C 结束）",
            "faults, and no pages yet; mend and save, and they are at {url} (Ctrl-C ends)"
        )
    }
}

/// The line after a change.
fn next(rebuilt: &Rebuilt, files: &Say, time: &Say) -> Say {
    let changed = rebuilt.outcome.differences.len();
    let counts = rebuilt.outcome.counts();
    let (zh, en) = match (rebuilt.made, changed) {
        (false, _) => (
            format!("{}，网页还是上一次的；改好并保存", counts.say().zh),
            format!(
                "{}, the last good pages stay; mend and save",
                counts.say().en
            ),
        ),
        (true, 0) => ("网页没有变".to_owned(), "no page changed".to_owned()),
        (true, _) => (
            format!("{changed} 个文件更新"),
            format!("{changed} files updated"),
        ),
    };
    Say {
        zh: format!("{}：{zh}，{}", files.zh, time.zh),
        en: format!("{}: {en}, {}", files.en, time.en),
    }
}

fn warn(say: &Say, language: Language) {
    let word = Severity::Warning.word(language);
    report::problem(&format!("{word}: {}\n", say.text(language)));
}

/// Where a browser of this machine finds the server.
fn url(address: SocketAddr) -> String {
    let mut seen = address;
    if address.ip().is_unspecified() {
        seen.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{seen}/")
}

/// Opens the browser of the desktop, and does not wait for it.
fn open(url: &str) -> io::Result<()> {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(url);
    command.stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_browser_is_sent_to_this_machine() {
        for (address, found) in [
            ("127.0.0.1:1111", "http://127.0.0.1:1111/"),
            ("0.0.0.0:80", "http://127.0.0.1:80/"),
            ("[::]:80", "http://[::1]:80/"),
            ("192.168.1.9:80", "http://192.168.1.9:80/"),
        ] {
            assert_eq!(url(address.parse().expect("an address")), found);
        }
    }
}
