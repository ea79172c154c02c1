//! The address of a site: as it is written in links, as people read it, and what is none.

use std::cell::Cell;

use percent_encoding::percent_decode_str;
use url::{ParseError, SyntaxViolation, Url};

use crate::diagnostic::Say;
use crate::say;

/// An address below which pages stand, as it is written in links: scheme and host in lower case, a host of other
/// letters in punycode, other characters of the path encoded, no empty step, a closing `/`.
///
/// # Errors
/// Why pages cannot stand below it, as the end of a sentence that starts with what was written.
pub fn base(text: &str) -> Result<String, Say> {
    let mut url = page(text)?;
    let steps = url.path().split('/').filter(|step| !step.is_empty());
    let path = steps.fold("/".to_owned(), |path, step| path + step + "/");
    url.set_path(&path);
    Ok(url.into())
}

/// The address of one page that takes parameters of ours.
///
/// # Errors
/// As those of [`base`].
pub fn page(text: &str) -> Result<Url, Say> {
    let no_address = || {
        say!(
            "不是 http:// 或 https:// 开头的网址",
            "is no address that starts with http:// or https://"
        )
    };
    let odd = Cell::new(false);
    let look = |violation| {
        // What is there in other cases is refused below with a reason of its own.
        odd.set(odd.get() || violation != SyntaxViolation::EmbeddedCredentials);
    };
    let parsed = Url::options()
        .syntax_violation_callback(Some(&look))
        .parse(text);
    let url = parsed.map_err(|error| match error {
        ParseError::RelativeUrlWithoutBase => no_address(),
        ParseError::InvalidPort => say!(
            "里的端口不是 1 到 65535 的数",
            "has a port that is no number from 1 to 65535"
        ),
        _ => say!("里的域名不对", "has a name of a host that there cannot be"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(no_address());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(say!(
            "里有用户名或密码，会印在每一页上",
            "holds a user name or password, which every page would print"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(say!(
            "里有 ? 或 #，后面接不上网页的名字",
            "holds ? or #, which the name of a page cannot follow"
        ));
    }
    if odd.get() || text.matches("://").count() > 1 {
        return Err(say!(
            "里有网址不能有的字符",
            "holds characters that an address cannot have"
        ));
    }
    Ok(url)
}

/// Host of an address, without its port; empty when there is none.
#[must_use]
pub fn host(base: &str) -> String {
    let url = Url::parse(base).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

/// The path of an address, which ends in `/`, as it is written in links: from here a page that is served in place of
/// any other, however deep, finds the others. `/` where the address is not known.
#[must_use]
pub fn root_anywhere(base: &str) -> &str {
    let (_, after) = base.split_once("://").unwrap_or_default();
    after.find('/').map_or("/", |at| &after[at..])
}

/// The same path as a server reads it.
#[must_use]
pub fn served(base: &str) -> String {
    let path = root_anywhere(base);
    let plain = percent_decode_str(path).decode_utf8();
    plain.map_or_else(|_| path.to_owned(), Into::into)
}

/// An address as people read it: a host and a path in their own letters.
#[must_use]
pub fn shown(base: &str) -> String {
    let Ok(url) = Url::parse(base) else {
        return base.to_owned();
    };
    let (host, legible) = idna::domain_to_unicode(url.host_str().unwrap_or_default());
    let path = percent_decode_str(url.path()).decode_utf8().ok();
    let plain = |c: char| c.is_alphanumeric() || "/-._~".contains(c);
    let path = path.filter(|path| path.chars().all(plain));
    if legible.is_err() {
        return base.to_owned();
    }
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    let path = path.as_deref().unwrap_or(url.path());
    format!("{}://{host}{port}{path}", url.scheme())
}

#[cfg(test)]
mod tests {
    use super::{base, host, root_anywhere, shown};

    #[test]
    fn an_address_is_written_in_one_way_and_read_in_its_own_letters() {
        for (text, written, read) in [
            (
                "https://a.gov.cn/x",
                "https://a.gov.cn/x/",
                "https://a.gov.cn/x/",
            ),
            ("https://a.gov.cn", "https://a.gov.cn/", "https://a.gov.cn/"),
            (
                "HTTPS://A.Gov.CN/Gk/",
                "https://a.gov.cn/Gk/",
                "https://a.gov.cn/Gk/",
            ),
            (
                "http://a.gov.cn:80/",
                "http://a.gov.cn/",
                "http://a.gov.cn/",
            ),
            (
                "https://a.gov.cn:8443//gk//b/",
                "https://a.gov.cn:8443/gk/b/",
                "https://a.gov.cn:8443/gk/b/",
            ),
            (
                "https://a.gov.cn/gk/../yj",
                "https://a.gov.cn/yj/",
                "https://a.gov.cn/yj/",
            ),
            (
                "https://财政.中国/预算",
                "https://xn--5bvu10g.xn--fiqs8s/%E9%A2%84%E7%AE%97/",
                "https://财政.中国/预算/",
            ),
            (
                "https://xn--5bvu10g.xn--fiqs8s/",
                "https://xn--5bvu10g.xn--fiqs8s/",
                "https://财政.中国/",
            ),
            (
                "https://a.gov.cn/a%20b/",
                "https://a.gov.cn/a%20b/",
                "https://a.gov.cn/a%20b/",
            ),
            (
                "http://[::1]:8000/",
                "http://[::1]:8000/",
                "http://[::1]:8000/",
            ),
        ] {
            assert_eq!(base(text).as_deref(), Ok(written), "{text}");
            assert_eq!(base(written).as_deref(), Ok(written), "{text}, again");
            assert_eq!(shown(written), read, "{text}");
        }
    }

    #[test]
    fn what_pages_cannot_stand_below_is_refused_with_its_reason() {
        for (text, reason) in [
            ("a.gov.cn", "开头"),
            ("ftp://a.gov.cn/", "开头"),
            ("javascript:alert(1)", "开头"),
            ("", "开头"),
            ("https://", "域名"),
            ("https://a b/", "域名"),
            ("https://a.gov.cn／ysgk", "域名"),
            ("https://a.gov.cn:99999/", "端口"),
            ("https://a.gov.cn/?a=1", "? 或 #"),
            ("https://a.gov.cn/#", "? 或 #"),
            ("https://me:secret@a.gov.cn/", "密码"),
            ("https://me@a.gov.cn/", "密码"),
            ("https://a/\"x", "字符"),
            ("https:\\\\a.gov.cn\\", "字符"),
            ("https:a.gov.cn", "字符"),
            ("https://a.gov.cn/%zz", "字符"),
            ("https://a.gov.cn/a b", "字符"),
            ("https://http://a.gov.cn/", "字符"),
        ] {
            let found = base(text).expect_err(text);
            assert!(found.zh.contains(reason), "{text}: {}", found.zh);
        }
    }

    #[test]
    fn the_host_has_no_port() {
        assert_eq!(host("https://a.gov.cn:8443/gk/"), "a.gov.cn");
        assert_eq!(host("http://[::1]:8000/"), "[::1]");
        assert_eq!(host(""), "");
    }

    #[test]
    fn a_page_served_at_any_depth_starts_from_the_path_of_the_site() {
        assert_eq!(root_anywhere("https://example.gov.cn/"), "/");
        assert_eq!(root_anywhere("https://example.gov.cn/ysgk/"), "/ysgk/");
        assert_eq!(root_anywhere(""), "/");
    }
}
