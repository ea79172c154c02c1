//! Which requests are answered: those of a browser that asked for this machine by its own name. A page elsewhere
//! could give its own name our address (DNS rebinding) and read drafts that nobody has approved.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, HOST};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::diagnostic::Language;
use crate::say;

/// What requests must have.
#[derive(Debug)]
pub struct Guard {
    address: IpAddr,
    language: Language,
}

impl Guard {
    /// Of a server that listens on `address`.
    pub fn new(address: IpAddr, language: Language) -> Self {
        Self { address, language }
    }

    /// Whether a request names this machine, once, and nowhere another one.
    fn is_for_us(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let named = uri.authority().is_none_or(|to| self.is_us(to.as_str()));
        named && host.to_str().is_ok_and(|host| self.is_us(host))
    }

    /// Whether a name with or without a port is ours. An address is no name that somebody else could point here.
    fn is_us(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
            _ => host,
        };
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let inside = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let found: Option<IpAddr> = match inside {
            Some(name) => name.parse().ok().filter(IpAddr::is_ipv6),
            None => name.parse().ok().filter(IpAddr::is_ipv4),
        };
        found.is_some_and(|found| {
            found.is_loopback() || found == self.address || self.address.is_unspecified()
        })
    }
}

/// Lets a request pass, or refuses it.
pub async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !guard.is_for_us(request.headers(), request.uri()) {
        let said = say!(
            "只按 localhost、127.0.0.1、[::1] 或 -i 写的地址提供，不按别的名字；在地址栏里改成它们\n",
            "served as localhost, 127.0.0.1, [::1] or the address given with -i, and under no other name; change the address\n"
        );
        return refused(StatusCode::FORBIDDEN, said.text(guard.language));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let said = say!(
            "这里只能看（GET、HEAD），不能写\n",
            "for reading only (GET, HEAD)\n"
        );
        let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, said.text(guard.language));
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
        return response;
    }
    next.run(request).await
}

/// A refusal in plain words.
pub fn refused(status: StatusCode, words: &str) -> Response {
    (status, words.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let local = [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:1111",
            "127.0.0.2",
            "[::1]:1111",
        ];
        let other = [
            "",
            "evil.example",
            "evil.example:1111",
            "localhost.evil.example",
            "192.168.1.9",
            "::1",
            "127.0.0.1.nip.io",
            "127.0.0.1@evil.example",
            "[127.0.0.1]",
            "[fe80::1]",
            "localhost:a",
        ];
        let guard = |address: &str| {
            let address = address.parse().expect("an address");
            Guard::new(address, Language::Zh)
        };
        for host in local {
            assert!(guard("127.0.0.1").is_us(host), "{host}");
        }
        for host in other {
            assert!(!guard("127.0.0.1").is_us(host), "{host}");
        }
        assert!(guard("192.168.1.9").is_us("192.168.1.9:1111"));
        assert!(!guard("192.168.1.9").is_us("192.168.1.8"));
        // On all addresses any of them may be meant, but no name.
        assert!(guard("0.0.0.0").is_us("192.168.1.8"));
        assert!(!guard("0.0.0.0").is_us("evil.example"));
    }
}
