//! Where the server listens.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;

use crate::diagnostic::Say;
use crate::error::Error;
use crate::say;

/// So many ports after the one in use are tried for a proposal.
const TRIED: u16 = 20;

/// Listens on an address. Never on another port than the one asked for: bookmarks and open pages would be lost.
///
/// # Errors
/// When it cannot, with what to do.
pub fn listen(address: IpAddr, port: u16) -> Result<TcpListener, Error> {
    let place = SocketAddr::new(address, port);
    TcpListener::bind(place).map_err(|error| {
        let name = place.to_string();
        let path = Path::new(&name);
        match error.kind() {
            ErrorKind::AddrInUse => Error::refused(path, in_use(place)),
            ErrorKind::AddrNotAvailable => Error::refused(
                path,
                say!(
                    "这台机器没有这个地址；去掉 -i 就用 127.0.0.1",
                    "this machine has no such address; leave -i out for 127.0.0.1"
                ),
            ),
            ErrorKind::PermissionDenied => Error::refused(
                path,
                say!(
                    "没有用这个端口的权限；用 -p 换一个 1024 以上的",
                    "no permission for this port; name one above 1024 with -p"
                ),
            ),
            _ => Error::io(path, error),
        }
    })
}

/// A busy port, with one that is free.
fn in_use(place: SocketAddr) -> Say {
    let mut others = (1..=TRIED).filter_map(|step| place.port().checked_add(step));
    let free = others.find(|port| TcpListener::bind((place.ip(), *port)).is_ok());
    match free {
        Some(port) => say!(
            "端口已被占用，也许另一个 gongkai serve 还开着；用 -p {port}，或关掉那一个",
            "the port is in use, maybe by another gongkai serve; take -p {port}, or end that one"
        ),
        None => say!(
            "端口已被占用，也许另一个 gongkai serve 还开着；用 -p 换一个，或关掉那一个",
            "the port is in use, maybe by another gongkai serve; name another one with -p, or end that one"
        ),
    }
}
