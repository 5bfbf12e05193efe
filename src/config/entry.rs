//! A `[[source]]` as it is written into a configuration.

use std::collections::HashSet;

use super::Config;

/// A source to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Its name in reports.
    pub name: String,
    /// What it is: `feed`, `sitemap`, `section`.
    pub key: &'static str,
    /// Where it is.
    pub url: String,
}

impl NewSource {
    /// The lines of it.
    pub fn to_toml(&self) -> String {
        let string = |text: &str| toml::Value::from(text).to_string();
        let Self { name, key, url } = self;
        format!("[[source]]\nname = {}\n{key} = {}\n", string(name), string(url))
    }
}

/// Names that no source has yet.
#[derive(Debug, Default)]
pub struct UnusedNames(HashSet<String>);

impl UnusedNames {
    /// Those beside the names of a configuration.
    pub fn beside(config: Option<&Config>) -> Self {
        let sources = config.iter().flat_map(|config| &config.sources);
        Self(sources.map(|source| source.name.clone()).collect())
    }

    /// The name that was wished for, with a number behind it where it is in use.
    pub fn take(&mut self, wish: &str) -> String {
        let wish = wish.split_whitespace().collect::<Vec<_>>().join(" ");
        let numbered = (2..).map(|number| format!("{wish} {number}").trim().to_owned());
        let mut names = std::iter::once(wish.clone()).chain(numbered);
        names
            .find(|name| !name.is_empty() && self.0.insert(name.clone()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_is_written_is_read_again_whatever_the_name() {
        let mut names = UnusedNames::default();
        let mut text = String::new();
        for wish in ["a", "a", "", "\"q\" \\ [[source]]\nstore = 'x'", "日本"] {
            let source = NewSource {
                name: names.take(wish),
                key: "feed",
                url: "https://news.example/rss?a='\"".to_owned(),
            };
            text += &source.to_toml();
        }
        let config = Config::parse(&text, Path::new("copydesk.toml")).unwrap();
        let read: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(read, ["a", "a 2", "2", "\"q\" \\ [[source]] store = 'x'", "日本"]);
    }
}
