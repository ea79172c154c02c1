//! A request -> a file of the snapshot. Nothing is read from the disk, so no path leads out of the site.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use tokio::sync::watch::Receiver;
use tower_http::set_header::SetResponseHeaderLayer;

use super::events::{Listeners, events};
use super::guard::{self, Guard, refused};
use super::{Now, kinds};

/// The policy of a strict web server, under which all pages work.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// What every answer has. Nothing is kept, and pages elsewhere cannot load scripts that hold data of drafts.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The page while there is no good one.
const NOTHING_YET: &str = include_str!("nothing-yet.html");

/// What answers are made from.
#[derive(Debug, Clone)]
pub struct Shared {
    pub now: Receiver<Arc<Now>>,
    pub listeners: Listeners,
}

/// Answers every request. Files of ours are below a name that no site can have, for hidden files are left out.
pub fn router(guard: Guard, shared: Shared) -> Router {
    let script = || text("text/javascript; charset=utf-8", include_str!("live.js"));
    let style = || text("text/css; charset=utf-8", include_str!("live.css"));
    let mut router = Router::new()
        .route("/.gongkai/events", get(events))
        .route("/.gongkai/live.js", get(async move || script()))
        .route("/.gongkai/live.css", get(async move || style()))
        .fallback(page)
        .with_state(shared)
        .layer(from_fn_with_state(Arc::new(guard), guard::check));
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    router
}

/// Answers with a file of the site, its 404 page, or the way to the page of a folder.
async fn page(State(shared): State<Shared>, uri: Uri) -> Response {
    let now = Arc::clone(&shared.now.borrow());
    let Some(path) = decode(uri.path()) else {
        return refused(StatusCode::BAD_REQUEST, "400\n");
    };
    let Some(snapshot) = &now.snapshot else {
        let body = with_script(NOTHING_YET.as_bytes(), &now.version);
        return typed(StatusCode::SERVICE_UNAVAILABLE, kinds::HTML, body);
    };
    let path = inside(&path, &now.base);
    let name = if path.is_empty() || path.ends_with('/') {
        Cow::Owned(format!("{path}index.html"))
    } else {
        Cow::Borrowed(path)
    };
    if let Some(bytes) = snapshot.file(&name) {
        return file(StatusCode::OK, &name, bytes, &now);
    }
    if snapshot.file(&format!("{path}/index.html")).is_some() {
        return to_folder(&uri);
    }
    match snapshot.file("404.html") {
        Some(bytes) => file(StatusCode::NOT_FOUND, "404.html", bytes, &now),
        None => refused(StatusCode::NOT_FOUND, "404\n"),
    }
}

/// A path of the site: below `/`, and also below the path of its address, where 404.html leads.
fn inside<'a>(path: &'a str, base: &str) -> &'a str {
    let inside = path.strip_prefix(base).or_else(|| path.strip_prefix('/'));
    inside.unwrap_or_default()
}

/// The path of a request without its percent signs; `None` when it is no text, or has what no path has.
fn decode(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let refused = path.contains(['\0', '\\']) || path.split('/').any(|part| part == "..");
    (!refused && path.starts_with('/')).then(|| path.into_owned())
}

/// The same address with a slash: links of the page start from its folder.
fn to_folder(uri: &Uri) -> Response {
    let query = uri
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    let to = format!("{}/{query}", uri.path());
    match HeaderValue::from_str(&to) {
        Ok(to) => (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
        Err(_) => refused(StatusCode::BAD_REQUEST, "400\n"),
    }
}

/// A file of the site; a page asks for our script too.
fn file(status: StatusCode, path: &str, bytes: &Arc<[u8]>, now: &Now) -> Response {
    let kind = kinds::of(path);
    let body = if kind == kinds::HTML {
        with_script(bytes, &now.version)
    } else {
        Bytes::from_owner(Arc::clone(bytes)).into()
    };
    typed(status, kind, body)
}

fn text(kind: &'static str, text: &'static str) -> Response {
    typed(StatusCode::OK, kind, text.into())
}

fn typed(status: StatusCode, kind: &'static str, body: Body) -> Response {
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

/// A page with a line more at its end.
fn with_script(page: &[u8], version: &str) -> Body {
    let at = memmem::rfind(page, b"</body>").unwrap_or(page.len());
    let script =
        format!("<script src=\"/.gongkai/live.js\" data-version=\"{version}\" defer></script>\n");
    Body::from([&page[..at], script.as_bytes(), &page[at..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_what_could_lead_out_is_refused() {
        for (path, found) in [
            ("/", Some("/")),
            ("/a/%E8%A1%A8.html", Some("/a/表.html")),
            ("/a%2fb", Some("/a/b")),
            ("/..", None),
            ("/a/%2e%2E/b", None),
            ("/a/..%2fb", None),
            ("/a/..%5cb", None),
            ("/a%00", None),
            ("/%ff", None),
            ("/%4", Some("/%4")),
            ("/%zz", Some("/%zz")),
            ("a", None),
            ("*", None),
            ("/..a/b..", Some("/..a/b..")),
        ] {
            assert_eq!(decode(path).as_deref(), found, "{path}");
        }
    }

    #[test]
    fn a_site_is_found_below_the_root_and_below_its_own_path() {
        assert_eq!(inside("/a/b", "/"), "a/b");
        assert_eq!(inside("/ysgk/a/b", "/ysgk/"), "a/b");
        assert_eq!(inside("/a/b", "/ysgk/"), "a/b");
        assert_eq!(inside("//a", "/"), "/a");
    }
}
