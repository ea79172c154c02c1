//! 网页标签 and the marks of the footer that differ from page to page (国办发〔2017〕47号, annex).

use std::fmt::Write as _;

use serde::Serialize;

use crate::load::config::Config;
use crate::model::disclosure::Disclosure;
use crate::render::view::site::EntityGroup;

/// The address for reports of errors with the 网站标识码, and the address of the site to which each page
/// adds its own path.
pub(super) fn find_errors(config: &Config) -> String {
    let publisher = &config.publisher;
    if publisher.find_errors.is_empty() || publisher.site_code.is_empty() {
        return String::new();
    }
    let mut address = format!("{}?site_code=", publisher.find_errors);
    encode(&publisher.site_code, &mut address);
    if !config.base_url.is_empty() {
        address.push_str("&url=");
        encode(&config.base_url, &mut address);
    }
    address
}

/// `text` as part of a query.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            into.push(char::from(byte));
        } else {
            write!(into, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
}

/// What the page tags of an article say: of a page of a disclosure or an entity. Empty ones are left out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Article {
    /// `ArticleTitle`
    pub title: String,
    /// `PubDate`, `YYYY-MM-DD HH:MM`
    pub published: String,
    /// `ContentSource` and `Author`
    pub source: String,
    /// `Keywords`
    pub keywords: String,
}

impl Article {
    /// The tags of a page with this heading, of the disclosure named by `within`.
    #[must_use]
    pub fn new(disclosure: &Disclosure, title: &str, within: &str) -> Self {
        let entity = &disclosure.entity;
        let day = disclosure.published.as_ref();
        Self {
            title: format!("{within} {title}").trim_start().to_owned(),
            published: day.map_or_else(String::new, |day| minute(day)),
            source: entity.name.clone(),
            keywords: format!(
                "{},{}年,{}{}",
                entity.short_name,
                disclosure.year,
                entity.kind.word(),
                disclosure.kind.word()
            ),
        }
    }

    /// The same of a page that was published on another day.
    #[must_use]
    pub fn on(self, day: &str) -> Self {
        Self {
            published: minute(day),
            ..self
        }
    }

    /// The tags of the page of an entity, as new as its newest disclosure.
    #[must_use]
    pub fn of_entity(entity: &EntityGroup) -> Self {
        let words: Vec<&str> = std::iter::once(&*entity.short_name)
            .chain(entity.disclosures.iter().map(|link| &*link.title))
            .collect();
        Self {
            title: entity.name.clone(),
            published: entity.latest().map_or_else(String::new, minute),
            source: entity.name.clone(),
            keywords: words.join(","),
        }
    }
}

/// A day in the form of `PubDate`.
fn minute(day: &str) -> String {
    format!("{day} 00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_need_a_site_code_and_name_the_site_encoded() {
        let mut config = Config {
            base_url: "https://a.gov.cn/gk/".to_owned(),
            ..Config::default()
        };
        assert_eq!(find_errors(&config), "");
        config.publisher.site_code = "1403000000".to_owned();
        assert_eq!(
            find_errors(&config),
            "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=1403000000&url=https%3A//a.gov.cn/gk/"
        );
    }
}
