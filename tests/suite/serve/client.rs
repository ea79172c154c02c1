//! A server in this process, and what a browser would ask it, over plain sockets.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use gongkai::diagnostic::{Keep, Language};
use gongkai::serve::{Handle, Options, Server};
use serde_json::Value;

use crate::support::Site;

/// Nothing takes so long; a machine that tests is busy.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// A server of a site, until it is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub handle: Handle,
    /// The codes that each build has reported, and whether the pages were made.
    pub builds: Receiver<(Vec<&'static str>, bool)>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Running {
    /// Returns when the first build is done.
    pub fn start(site: &Site) -> Self {
        Self::start_at(site.root())
    }

    /// Likewise of a site in a folder.
    pub fn start_at(root: &std::path::Path) -> Self {
        let options = Options {
            root: root.to_owned(),
            address: "127.0.0.1".parse().expect("an address"),
            port: 0,
            language: Language::Zh,
            keep: Keep::Open,
        };
        let server = Server::open(options).expect("a server");
        let address = server.address().expect("an address");
        let handle = server.handle();
        let (sender, builds) = channel();
        let thread = thread::spawn(move || {
            let tell = &mut |told: &gongkai::serve::Told| {
                let told = match &told.result {
                    Ok(rebuilt) => {
                        let found = rebuilt.outcome.diagnostics.iter();
                        (found.map(|found| found.code).collect(), rebuilt.made)
                    }
                    Err(_) => (vec!["failure"], false),
                };
                // Nobody listens any more at the end of a test.
                let _ = sender.send(told);
            };
            server.run(&(), tell).expect("it runs until it is stopped");
        });
        let running = Self {
            address,
            handle,
            builds,
            thread: Some(thread),
        };
        running.built();
        running
    }

    /// Waits for the next build.
    pub fn built(&self) -> (Vec<&'static str>, bool) {
        self.builds.recv_timeout(DEADLINE).expect("a build")
    }

    pub fn get(&self, path: &str) -> Answer {
        ask(
            self.address,
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        )
    }

    /// Asks until the answer is as wanted.
    pub fn wait_for(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let started = Instant::now();
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(started.elapsed() < DEADLINE, "{path}: {}", answer.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn events(&self) -> Events {
        Events::open(self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
        let ended = self.thread.take().map(JoinHandle::join);
        // A panic in a panic would hide the first.
        if !thread::panicking() {
            ended.expect("a thread").expect("the server ends");
        }
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The version of a page.
    pub fn version(&self) -> String {
        let text = self.text();
        let (_, after) = text.split_once("data-version=\"").expect("a version");
        after.split('"').next().expect("a version").to_owned()
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
    stream
}

/// Sends some bytes and reads the answer to its end. A server may close before it has read all.
pub fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    let mut stream = connect(address);
    let _ = stream.write_all(request.as_ref());
    answer(&mut stream)
}

/// Reads an answer to the end of the connection.
pub fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(end) = end else {
        return Answer {
            status: 0,
            head: String::new(),
            body: bytes,
        };
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Answer {
        status: status.expect("a status"),
        body: bytes.split_off(end + 4),
        head,
    }
}

/// The events that a page waits for.
pub struct Events {
    reader: BufReader<TcpStream>,
    /// Type and policy of the answer.
    pub head: String,
}

impl Events {
    pub fn open(address: SocketAddr) -> Self {
        let mut stream = connect(address);
        stream
            .write_all(b"GET /.gongkai/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            .expect("a request");
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).expect("a head"), 0, "{head}");
        }
        Self { reader, head }
    }

    /// Waits for the next one.
    pub fn wait(&mut self) -> Value {
        loop {
            let mut line = String::new();
            let count = self.reader.read_line(&mut line).expect("an event");
            assert_ne!(count, 0, "the events have ended");
            if let Some(data) = line.trim_end().strip_prefix("data: ") {
                return serde_json::from_str(data).expect("JSON");
            }
        }
    }

    /// Waits for the next one that has faults, or has none.
    pub fn wait_for(&mut self, faults: bool) -> Value {
        loop {
            let event = self.wait();
            let found = event["faults"].as_array().expect("a list");
            if found.is_empty() != faults {
                return event;
            }
        }
    }
}
