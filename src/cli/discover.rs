//! `copydesk discover`: the feeds and sitemaps of a site, as sources.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use copydesk::config::{NewSource, UnusedNames};
use copydesk::pipeline::crawl::fetch_config;
use copydesk::pipeline::sources::{ListKind, SiteList, sources_of};
use copydesk::render::json;
use copydesk::render::safe::safe_line;
use url::Url;

use super::Exit;
use super::inputs::start_fetcher;
use super::setup::StoreArgs;
use super::sources::{add, listed_places};
use super::terminal::{Out, note, warn};

const EXAMPLES: &str = "\
Examples:
  copydesk discover https://news.example          its feeds and sitemaps, as they stand in copydesk.toml
  copydesk discover https://news.example --add    the best of them into copydesk.toml
  copydesk discover https://news.example --format jsonl | jq -r .url

Looks at the link tags of the page and at robots.txt, and where these name nothing, at the usual places. Each list is read;
the first that is printed is the one to take, the others follow as comments.";

/// Finds the feeds and sitemaps of a site
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiscoverArgs {
    /// Pages of sites: their front pages, or sections of them
    #[arg(value_name = "URL", required = true)]
    urls: Vec<Url>,
    /// Write the best source of each into the configuration
    #[arg(long, conflicts_with = "format")]
    add: bool,
    /// How they are printed
    #[arg(long, value_enum, default_value = "toml")]
    format: ListFormat,
    /// A host that may be fetched from although its address is private (may be given more than once)
    #[arg(long, value_name = "HOST")]
    allow_private: Vec<String>,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// Entries for copydesk.toml
    Toml,
    /// One JSON object a list
    Jsonl,
}

/// Finds, and prints or adds.
///
/// # Errors
/// The configuration is wrong or cannot be written, or standard output cannot be written. A site that cannot be fetched is
/// said on standard error, and the others go on.
pub fn run(args: &DiscoverArgs) -> anyhow::Result<Exit> {
    let config = args.store.load_config()?;
    let mut names = UnusedNames::beside(config.as_ref());
    let mut known = listed_places(config.as_ref());
    let mut fetching = config.as_ref().map(fetch_config).unwrap_or_default();
    fetching.allow_private.extend_from_slice(&args.allow_private);
    let (runtime, fetcher) = start_fetcher(fetching)?;
    let mut out = Out::stdout();
    let mut new = Vec::new();
    let (mut done, mut failed) = (0, 0);
    for url in &args.urls {
        match runtime.block_on(found(url, &fetcher)) {
            Ok(lists) if args.add => {
                done += 1;
                match lists.iter().find(|list| known.contains(list.url.as_str())) {
                    Some(list) => note(&format!("{}: a source already", list.url)),
                    None => new.extend(lists.first().map(|list| {
                        known.insert(list.url.to_string());
                        source(list, &mut names)
                    })),
                }
            }
            Ok(lists) => {
                done += 1;
                let text = match args.format {
                    ListFormat::Toml => entries(&lists, &mut names),
                    ListFormat::Jsonl => json_lines(&lists)?,
                };
                out.write_all(text.as_bytes()).context("standard output")?;
            }
            Err(error) => {
                failed += 1;
                warn(&error);
            }
        }
    }
    out.finish().context("standard output")?;
    if args.add {
        add(&args.store, &new)?;
    }
    Ok(Exit::of_counts(done, failed))
}

async fn found(url: &Url, fetcher: &copydesk::fetch::Fetcher) -> anyhow::Result<Vec<SiteList>> {
    let lists = sources_of(url, fetcher).await?;
    if lists.is_empty() {
        bail!("{url}: no feed, no sitemap, and no links to articles; try the page of a section");
    }
    Ok(lists)
}

fn source(list: &SiteList, names: &mut UnusedNames) -> NewSource {
    let host = list.url.host_str().unwrap_or_default();
    NewSource {
        name: names.take(host.strip_prefix("www.").unwrap_or(host)),
        key: list.kind.key(),
        url: list.url.to_string(),
    }
}

fn entries(lists: &[SiteList], names: &mut UnusedNames) -> String {
    let mut text = String::new();
    for (at, list) in lists.iter().enumerate() {
        let entry = source(list, names).to_toml();
        text += "# ";
        text += &about(list);
        text.push('\n');
        for line in entry.lines() {
            text += if at == 0 { "" } else { "# " };
            text += line;
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

/// "Example News: 40 articles, the newest of 2026-03-04".
fn about(list: &SiteList) -> String {
    let what = match (list.kind, list.index) {
        (ListKind::Section, _) => "links to articles",
        (_, true) => "sitemaps",
        (_, false) => "articles",
    };
    let title = list.title.as_ref().map(|title| format!("{title}: "));
    let newest = list
        .newest
        .as_ref()
        .map(|date| format!(", the newest of {}", date.day()));
    let text = format!(
        "{}{} {what}{}",
        title.unwrap_or_default(),
        list.entries,
        newest.unwrap_or_default()
    );
    // A title is the site's: it must not end the comment.
    safe_line(&text)
}

fn json_lines(lists: &[SiteList]) -> anyhow::Result<String> {
    lists.iter().map(|list| Ok(json::line(list)? + "\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_line_ends_stays_in_its_comment() {
        let list = SiteList {
            kind: ListKind::Feed,
            url: Url::parse("https://www.news.example/rss").unwrap(),
            title: Some("News\n[[source]]\u{1b}[31m".to_owned()),
            entries: 3,
            index: false,
            newest: None,
        };
        let text = entries(&[list.clone(), list], &mut UnusedNames::default());
        let config = copydesk::config::Config::parse(&text, std::path::Path::new("x.toml")).unwrap();
        assert_eq!(config.sources.len(), 1);
        assert_eq!(config.sources[0].name, "news.example");
        assert!(text.contains("\n# name = \"news.example 2\"\n"), "{text}");
    }
}
