//! The file as it is written, and its way to a checked [`Config`].

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;
use url::Url;

use super::{
    CONCURRENCY, Config, LONGEST_INTERVAL, MAX_CONCURRENCY, MAX_DURATION, MAX_INTERVAL, MIN_INTERVAL, Origin,
    Place, STORE, Source, keys,
};
use crate::clean::Favor;
use crate::fetch::USER_AGENT;

/// What is wrong at a byte of the file.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    store: Option<PathBuf>,
    user_agent: Option<Spanned<String>>,
    contact: Option<Spanned<String>>,
    pace: Option<Spanned<String>>,
    timeout: Option<Spanned<String>>,
    concurrency: Option<Spanned<usize>>,
    min_interval: Option<Spanned<String>>,
    max_interval: Option<Spanned<String>>,
    #[serde(default)]
    allow_private: Vec<String>,
    robots: Option<bool>,
    robots_tags: Option<bool>,
    favor: Option<Favor>,
    selectors: Option<PathBuf>,
    #[serde(default)]
    source: Vec<Spanned<RawSource>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    name: String,
    feed: Option<Spanned<String>>,
    sitemap: Option<Spanned<String>>,
    section: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    urls: Option<Vec<Spanned<String>>>,
    dir: Option<Spanned<String>>,
    limit: Option<usize>,
    base_url: Option<Spanned<String>>,
}

/// Reads a configuration whose relative paths start at `dir`.
pub(super) fn parse(text: &str, dir: &Path) -> Result<Config, Wrong> {
    let of_toml = |error: toml::de::Error| Wrong {
        at: error.span().map_or(0, |span| span.start),
        message: error.message().to_owned(),
    };
    keys::check(DeTable::parse(text).map_err(of_toml)?.get_ref())?;
    let raw: RawConfig = toml::from_str(text).map_err(of_toml)?;

    let mut names = HashSet::new();
    let mut sources = Vec::with_capacity(raw.source.len());
    for source in raw.source {
        let at = source.span().start;
        let source = source.into_inner().check(dir, at)?;
        if !names.insert(source.name.clone()) {
            return Err(Wrong {
                at,
                message: format!("two sources have the name `{}`", source.name),
            });
        }
        sources.push(source);
    }
    let fetch = crate::fetch::FetchConfig::default();
    let (min_interval, max_interval) = intervals(raw.min_interval.as_ref(), raw.max_interval.as_ref())?;
    Ok(Config {
        store: dir.join(raw.store.unwrap_or_else(|| PathBuf::from(STORE))),
        user_agent: user_agent(raw.user_agent, raw.contact)?,
        pace: raw.pace.map_or(Ok(fetch.pace), |text| duration("pace", &text))?,
        timeout: raw
            .timeout
            .map_or(Ok(fetch.total_timeout), |text| duration("timeout", &text))?,
        concurrency: raw
            .concurrency
            .map_or(Ok(CONCURRENCY), |number| concurrency(&number))?,
        min_interval,
        max_interval,
        allow_private: raw.allow_private,
        robots: raw.robots.unwrap_or(true),
        robots_tags: raw.robots_tags.unwrap_or(true),
        favor: raw.favor.unwrap_or_default(),
        selectors: raw.selectors.map(|path| dir.join(path)),
        sources,
    })
}

impl RawSource {
    fn check(self, dir: &Path, at: usize) -> Result<Source, Wrong> {
        let name = self.name.trim().to_owned();
        let wrong = |message: &str| Wrong {
            at,
            message: format!("source `{name}`: {message}"),
        };
        if name.is_empty() {
            return Err(Wrong {
                at,
                message: "`name` is empty".to_owned(),
            });
        }
        if self.limit == Some(0) {
            return Err(wrong("`limit` is 0"));
        }
        let mut places = self.places(dir)?;
        let origin = match (places.pop(), places.len()) {
            (Some(origin), 0) => origin,
            (None, _) => return Err(wrong("it needs one of feed, sitemap, section, url, urls, dir")),
            _ => {
                return Err(wrong(
                    "it has more than one of feed, sitemap, section, url, urls, dir",
                ));
            }
        };
        if matches!(&origin, Origin::Pages(pages) if pages.is_empty()) {
            return Err(wrong("`urls` is empty"));
        }
        if let Some(text) = &self.base_url
            && !origin.is_local()
        {
            let message = format!("source `{name}`: `base_url` is for local files only");
            return Err(Wrong {
                at: text.span().start,
                message,
            });
        }
        let base_url = self.base_url.map(|text| base_url(&text)).transpose()?;
        Ok(Source {
            name,
            origin,
            limit: self.limit,
            base_url,
        })
    }

    /// All places that it names; right is one.
    fn places(&self, dir: &Path) -> Result<Vec<Origin>, Wrong> {
        let place = |text: &Spanned<String>| place(text, dir);
        let mut places = Vec::new();
        if let Some(text) = &self.feed {
            places.push(Origin::Feed(place(text)?));
        }
        if let Some(text) = &self.sitemap {
            places.push(Origin::Sitemap(place(text)?));
        }
        if let Some(text) = &self.section {
            places.push(Origin::Section(place(text)?));
        }
        if let Some(text) = &self.url {
            places.push(Origin::Pages(vec![place(text)?]));
        }
        if let Some(texts) = &self.urls {
            places.push(Origin::Pages(texts.iter().map(place).collect::<Result<_, _>>()?));
        }
        if let Some(text) = &self.dir {
            let Place::File(path) = place(text)? else {
                return Err(Wrong {
                    at: text.span().start,
                    message: "`dir` is not a directory but a URL".to_owned(),
                });
            };
            places.push(Origin::Dir(path));
        }
        Ok(places)
    }
}

/// A URL, or a path from `dir` on.
fn place(text: &Spanned<String>, dir: &Path) -> Result<Place, Wrong> {
    let wrong = |message: &str| Wrong {
        at: text.span().start,
        message: format!("`{}`: {message}", text.get_ref()),
    };
    if text.get_ref().trim().is_empty() {
        return Err(wrong("neither a URL nor a path"));
    }
    match Url::parse(text.get_ref()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Place::Web(url)),
        Ok(url) if url.scheme() == "file" => url
            .to_file_path()
            .map(Place::File)
            .map_err(|()| wrong("not the URL of a local file")),
        Ok(url) if url.as_str().contains("://") => Err(wrong("not http:, https: or file:")),
        Err(error) if text.get_ref().contains("://") => Err(wrong(&format!("not a URL ({error})"))),
        _ => Ok(Place::File(dir.join(text.get_ref()))),
    }
}

fn base_url(text: &Spanned<String>) -> Result<Url, Wrong> {
    let wrong = |message: &str| Wrong {
        at: text.span().start,
        message: format!("`base_url`: {message}"),
    };
    let mut url = Url::parse(text.get_ref()).map_err(|error| wrong(&format!("not a URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("not an http: or https: URL"));
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn duration(key: &str, text: &Spanned<String>) -> Result<Duration, Wrong> {
    time(key, text, MAX_DURATION, "1h")
}

fn time(key: &str, text: &Spanned<String>, longest: Duration, in_words: &str) -> Result<Duration, Wrong> {
    let parsed = text.get_ref().parse::<jiff::SignedDuration>().ok();
    parsed
        .and_then(|time| Duration::try_from(time).ok())
        .filter(|time| *time <= longest)
        .ok_or_else(|| Wrong {
            at: text.span().start,
            message: format!(
                "`{key}`: not a time from 0s to {in_words}, as \"1s\" or \"500ms\": {:?}",
                text.get_ref()
            ),
        })
}

/// The floor and the ceiling of the time between two looks at a source.
fn intervals(
    min: Option<&Spanned<String>>,
    max: Option<&Spanned<String>>,
) -> Result<(Duration, Duration), Wrong> {
    let read = |key: &str, text: Option<&Spanned<String>>, default| {
        text.map_or(Ok(default), |text| time(key, text, LONGEST_INTERVAL, "30 days"))
    };
    let floor = read("min_interval", min, MIN_INTERVAL)?;
    let ceiling = read("max_interval", max, MAX_INTERVAL.max(floor))?;
    if floor <= ceiling {
        return Ok((floor, ceiling));
    }
    let at = max.or(min).map_or(0, |text| text.span().start);
    Err(Wrong {
        at,
        message: "`max_interval` is shorter than `min_interval`".to_owned(),
    })
}

fn concurrency(number: &Spanned<usize>) -> Result<usize, Wrong> {
    let value = *number.get_ref();
    (1..=MAX_CONCURRENCY)
        .contains(&value)
        .then_some(value)
        .ok_or_else(|| Wrong {
            at: number.span().start,
            message: format!("`concurrency`: not a number from 1 to {MAX_CONCURRENCY}: {value}"),
        })
}

fn user_agent(agent: Option<Spanned<String>>, contact: Option<Spanned<String>>) -> Result<String, Wrong> {
    for (key, text) in [("user_agent", &agent), ("contact", &contact)] {
        if let Some(text) = text
            && !text.get_ref().bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            let message = format!("`{key}`: only printable ASCII can stand in a header");
            return Err(Wrong {
                at: text.span().start,
                message,
            });
        }
    }
    let agent = agent.map_or_else(|| USER_AGENT.to_owned(), Spanned::into_inner);
    Ok(match contact {
        Some(contact) => format!("{agent} (+{})", contact.get_ref()),
        None => agent,
    })
}
