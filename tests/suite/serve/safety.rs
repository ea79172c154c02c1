//! What a server does with requests that no browser of the webmaster sends.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{DEADLINE, Events, Running, answer, ask, connect};
use super::program::{Program, limited};
use crate::support::{Random, Site};

/// So many connections come at once.
const FLOOD: usize = 1000;

const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

fn status(address: SocketAddr, request: &str) -> u16 {
    ask(address, request).status
}

#[test]
fn only_this_machine_by_its_own_name_is_answered() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let port = running.address.port();
    let with = |lines: &str| {
        let request = format!("GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
        status(running.address, &request)
    };
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        assert_eq!(with(&format!("Host: {host}\r\n")), 200, "{host}");
        assert_eq!(with(&format!("Host: {host}:{port}\r\n")), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.168.1.9", ""] {
        assert_eq!(with(&format!("Host: {host}\r\n")), 403, "{host}");
    }
    assert_eq!(with("Host: localhost\r\nHost: evil.example\r\n"), 403);
    assert_eq!(with(""), 403);
    let absolute =
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(status(running.address, absolute), 403);
    let events = "GET /.gongkai/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(status(running.address, events), 403);
}

#[test]
fn nothing_but_reading_is_possible() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    for path in ["/", "/nowhere", "/.gongkai/events", "/.gongkai/live.js"] {
        for method in [
            "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND",
        ] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let answer = ask(running.address, request);
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method} {path}");
        }
    }
    let head = "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let (head, got) = (ask(running.address, head), running.get("/"));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), got.header("content-length"));
}

#[test]
fn every_answer_has_the_headers_that_keep_it_here() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    for path in [
        "/",
        "/nowhere",
        "/%zz",
        "/demo",
        "/.gongkai/live.js",
        "/.gongkai/live.css",
    ] {
        let answer = running.get(path);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
    }
    assert!(running.events().head.contains("cache-control: no-store"));
}

#[test]
fn no_path_leads_out_of_the_site() {
    let site = Site::case("tiny");
    site.write("static/inside.txt", "inside");
    site.write("secret.txt", "secret");
    let running = Running::start(&site);
    assert_eq!(running.get("/inside.txt").text(), "inside");
    let root = site.root().display().to_string();
    let absolute = format!("/{root}/secret.txt");
    let paths = [
        "/../secret.txt",
        "/demo/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/....//secret.txt",
        "/secret.txt",
        "/secret.txt%00.html",
        "/inside.txt%00",
        "/./inside.txt",
        "//inside.txt",
        "//evil.example/",
        "//evil.example/%2e%2e",
        "/site.toml",
        "/.git/config",
        "/.gongkai",
        "/.gongkai/",
        "/.gongkai/../secret.txt",
        "/data/demo/entity.yaml",
        "/file:///etc/passwd",
        "/C:/Windows/win.ini",
        "/%ff%fe",
        "/%",
        &absolute,
    ];
    for path in paths {
        let answer = running.get(path);
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("secret"), "{path}");
        assert_eq!(answer.header("location"), None, "{path}");
    }
}

#[test]
fn malformed_requests_are_refused_and_the_next_one_is_answered() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "a".repeat(100_000)
    );
    let wide = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "a".repeat(100_000)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "X: a\r\n".repeat(200)
    );
    let requests: [&[u8]; 9] = [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        long.as_bytes(),
        wide.as_bytes(),
        many.as_bytes(),
    ];
    for request in requests {
        let mut stream = connect(running.address);
        let _ = stream.write_all(request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = answer(&mut stream);
        let start = String::from_utf8_lossy(&request[..request.len().min(40)]);
        assert!(
            answer.status == 0 || answer.status >= 400,
            "{start}: {}",
            answer.status
        );
        assert_eq!(running.get("/").status, 200, "after {start}");
    }
}

#[test]
fn slow_clients_keep_nobody_waiting_and_are_let_go() {
    let site = Site::case("tiny");
    let large = vec![b'x'; 15 * 1024 * 1024];
    site.write("static/large.bin", large);
    let running = Running::start(&site);
    let mut slow = connect(running.address);
    slow.write_all(b"GET / HTTP/1.1\r\nHo").expect("a part");
    let mut reader = connect(running.address);
    reader
        .write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("a request");
    let silent = connect(running.address);
    assert_eq!(running.get("/").status, 200);
    // The server ends what does not ask; what was sent until then is no page.
    for mut stream in [slow, silent] {
        let answer = answer(&mut stream);
        assert!([0, 408].contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(running.get("/").status, 200);
}

#[test]
fn a_closed_page_is_forgotten() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let count_is = |count: usize| {
        let started = Instant::now();
        while running.handle.open_pages() != count {
            assert!(
                started.elapsed() < DEADLINE,
                "{} pages",
                running.handle.open_pages()
            );
            thread::sleep(Duration::from_millis(2));
        }
    };
    let pages: Vec<Events> = (0..20).map(|_| running.events()).collect();
    count_is(20);
    drop(pages);
    count_is(0);
}

#[test]
fn a_flood_of_connections_is_survived() {
    let site = Site::case("tiny");
    // Fewer files than connections: the system refuses some of them.
    for files in [None, Some(200)] {
        let program = Program::start_with(limited(files), &site, &["serve", "-p", "0"]);
        let address = program.address();
        let mut page = Events::open(address);
        let first = page.wait();
        let mut flood: Vec<TcpStream> = Vec::new();
        let mut count = 0;
        while count < FLOOD {
            match TcpStream::connect(address) {
                Ok(stream) => {
                    count += 1;
                    flood.push(stream);
                }
                // So many files this program may not have open; half of them will do.
                Err(error) => {
                    assert!(flood.len() > 100, "{count} connections: {error}");
                    flood.drain(..flood.len() / 2);
                }
            }
        }
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert_eq!(status(address, request), 200, "{files:?}");
        // A page that waits is not what gives way.
        site.write("static/note.txt", format!("{files:?}"));
        assert_ne!(page.wait()["version"], first["version"]);
        drop(flood);
        assert_eq!(status(address, request), 200, "{files:?}");
        site.remove("static");
    }
}

#[test]
fn a_flood_of_requests_is_answered() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let address = running.address;
    let request = "GET /index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let threads: Vec<_> = (0..10)
        .map(|_| {
            thread::spawn(move || (0..100).filter(|_| status(address, request) == 200).count())
        })
        .collect();
    let answered = threads
        .into_iter()
        .map(|thread| thread.join().expect("a count"));
    assert_eq!(answered.sum::<usize>(), 1000);
}

#[test]
fn random_bytes_do_no_harm() {
    let site = Site::case("tiny");
    let running = Running::start(&site);
    let mut random = Random::new(0x6e_6f69_7365);
    let noise: Vec<u8> = (0..2000)
        .map(|_| u8::try_from(random.below(256)).expect("a byte"))
        .collect();
    for bytes in noise.chunks(100) {
        let mut stream = connect(running.address);
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = answer(&mut stream);
        assert!(answer.status == 0 || answer.status >= 400, "{bytes:?}");
    }
    assert_eq!(running.get("/").status, 200);
}
