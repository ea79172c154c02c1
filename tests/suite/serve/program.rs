//! The commands `serve` and `check --watch` as they are run.

use std::io::{BufRead as _, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::TABLE;
use super::client::DEADLINE;
use crate::support::Site;

/// A running program, ended when it is dropped.
pub struct Program {
    child: Child,
    results: Receiver<String>,
    problems: Receiver<String>,
}

/// The program with so many open files at most.
pub fn limited(files: Option<usize>) -> Command {
    let program = env!("CARGO_BIN_EXE_gongkai");
    let Some(files) = files else {
        return Command::new(program);
    };
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
    command.arg(program);
    command
}

impl Program {
    pub fn start(site: &Site, arguments: &[&str]) -> Self {
        Self::start_with(limited(None), site, arguments)
    }

    pub fn start_with(mut command: Command, site: &Site, arguments: &[&str]) -> Self {
        let mut child = command
            .arg("--root")
            .arg(site.root())
            .args(arguments)
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let results = lines(child.stdout.take().expect("an output"));
        let problems = lines(child.stderr.take().expect("an output"));
        Self {
            child,
            results,
            problems,
        }
    }

    /// Waits for a line with these words on the standard output.
    pub fn line(&self, words: &str) -> String {
        find(&self.results, words)
    }

    /// Likewise where problems are told.
    pub fn problem(&self, words: &str) -> String {
        find(&self.problems, words)
    }

    /// Waits for the line with the address.
    pub fn address(&self) -> SocketAddr {
        let line = self.line("http://");
        let (_, after) = line.split_once("http://").expect("an address");
        let (address, _) = after.split_once('/').expect("an address");
        address.parse().expect("an address")
    }
}

/// The lines of an output as they come.
fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    let read = BufReader::new(output).lines().map_while(Result::ok);
    // Nobody listens any more at the end of a test.
    thread::spawn(move || {
        for line in read {
            let _ = sender.send(line);
        }
    });
    lines
}

fn find(lines: &Receiver<String>, words: &str) -> String {
    loop {
        let line = lines.recv_timeout(DEADLINE);
        let line = line.unwrap_or_else(|error| panic!("no line with {words}: {error}"));
        if line.contains(words) {
            return line;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_terminal_tells_each_build_in_a_line_and_faults_as_check_does() {
    let site = Site::case("tiny");
    let program = Program::start(&site, &["serve", "-p", "0"]);
    let first = program.line("http://");
    assert!(first.starts_with("1 份公开，"), "{first}");
    assert!(first.ends_with("（Ctrl-C 结束）"), "{first}");
    let table = site.read(TABLE);
    site.write(
        TABLE,
        table.replace(
            "basic: 20.00, project: 10.00",
            "basic: 20.00, project: 1o.00",
        ),
    );
    program.problem("错误[amount-syntax]");
    let told = program.line("网页还是上一次的");
    assert!(told.starts_with(&format!("{TABLE}：")), "{told}");
    site.write(TABLE, table.replace("total: 30.00", "total: 30.000"));
    let told = program.line("个文件更新");
    assert!(told.starts_with(&format!("{TABLE}：")), "{told}");
    assert!(told.ends_with(" 毫秒"), "{told}");
    assert!(!site.path("public").exists(), "nothing is written");
    assert!(!site.path(".public.gongkai").exists(), "nothing is written");
}

#[test]
fn check_watch_checks_again_after_each_change() {
    let site = Site::case("tiny");
    let program = Program::start(&site, &["check", "--watch"]);
    program.line("1 份公开：0 个错误");
    let table = site.read(TABLE);
    site.write(
        TABLE,
        table.replace(
            "basic: 20.00, project: 10.00",
            "basic: 20.00, project: 1o.00",
        ),
    );
    program.problem("错误[amount-syntax]");
    let told = program.line("又核对了一遍");
    assert!(told.starts_with(&format!("{TABLE}：")), "{told}");
    site.write(TABLE, table);
    program.line("1 份公开：0 个错误");
    let settings = site.read("site.toml");
    site.remove("site.toml");
    program.problem("不是一个站点");
    site.write("site.toml", settings);
    program.line("1 份公开：0 个错误");
}

#[test]
fn what_cannot_be_served_is_told_with_what_to_do() {
    let site = Site::case("tiny");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = site.run(&["serve", "-p", &port]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let words = format!("错误: 127.0.0.1:{port}：端口已被占用");
    assert!(run.stderr.starts_with(&words), "{}", run.stderr);
    assert!(run.stderr.contains("用 -p "), "{}", run.stderr);
    // An address for documents, which no machine has.
    let run = site.run(&["serve", "-i", "192.0.2.1", "-p", "0"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("去掉 -i 就用 127.0.0.1"),
        "{}",
        run.stderr
    );
    let run = Site::empty().run(&["serve", "-p", "0"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("gongkai init"), "{}", run.stderr);
    let run = Site::empty().run(&["check", "--watch"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("gongkai init"), "{}", run.stderr);
}

#[test]
fn others_are_let_in_only_when_asked_and_with_a_warning() {
    let site = Site::case("tiny");
    let program = Program::start(&site, &["serve", "-p", "0", "-i", "0.0.0.0"]);
    let warning = program.problem("警告: 在 0.0.0.0:");
    assert!(warning.contains("去掉 -i"), "{warning}");
    assert!(program.address().ip().is_loopback());
}

#[cfg(unix)]
#[test]
fn control_c_ends_it_at_once() {
    let site = Site::case("tiny");
    let mut program = Program::start(&site, &["serve", "-p", "0"]);
    let _page = super::client::Events::open(program.address());
    let interrupt = Command::new("kill")
        .args(["-INT", &program.child.id().to_string()])
        .status();
    assert!(interrupt.expect("a signal").success());
    let started = Instant::now();
    while program.child.try_wait().expect("a status").is_none() {
        assert!(started.elapsed() < DEADLINE, "it goes on");
        thread::sleep(Duration::from_millis(2));
    }
}
