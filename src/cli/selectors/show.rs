//! `copydesk selectors show`: the rules for a site or a page, in the order in which they are applied.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use copydesk::render::json;
use copydesk::rules::{Layout, Origin, RuleId, Rules, SiteRules};
use serde::Serialize;
use url::Url;

use crate::cli::Exit;
use crate::cli::exit::UsageError;
use crate::cli::setup::load_rules;
use crate::cli::table::{cell, cut};
use crate::cli::terminal::{Out, note};

/// Columns of the name of a rule.
const NAME_WIDTH: usize = 20;
/// The least columns of what a rule says, where a place is long.
const LEAST_TEXT: usize = 20;

/// Shows the rules for a site or a page, in order, with the place where each is written
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A host, as news.example, or the URL of a page, for the layouts that may fit it
    #[arg(value_name = "SITE|URL")]
    site: String,
    /// Selector files that come on top of those in the program
    #[arg(long, value_name = "DIR")]
    selectors: Option<PathBuf>,
}

/// A rule as it is printed.
#[derive(Debug, Serialize)]
struct Row<'a> {
    /// "site", "cms" or "common": the steps in their order.
    step: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<&'a str>,
    name: &'a str,
    rule: &'a str,
    file: &'a str,
    line: u32,
}

/// Prints a table on a terminal, JSON lines otherwise.
///
/// # Errors
/// The argument is no host or URL, a selector file is wrong, or standard output cannot be written.
pub fn run(args: &ShowArgs) -> anyhow::Result<Exit> {
    let (url, is_page) = address(&args.site)?;
    let rules = load_rules(args.selectors.as_deref())?;
    let mut rows = Vec::new();
    if let Some(site) = rules.site(&url) {
        let layouts = site.layouts.iter();
        layouts
            .filter(|layout| !is_page || layout.serves(&url))
            .for_each(|layout| rows.extend(of_layout(rules, "site", layout)));
        note(&about(site));
    } else {
        let systems = rules.files().iter().filter(|file| file.hosts.is_empty());
        let layouts = systems.flat_map(|system| &system.layouts);
        layouts.for_each(|layout| rows.extend(of_layout(rules, "cms", layout)));
        note("no selector file for this site");
    }
    rows.extend(rules.common_rules().map(|rule| row(rules, "common", None, rule)));
    let mut out = Out::stdout();
    let width = out.width;
    for row in &rows {
        let line = match width {
            Some(width) => table_line(row, width),
            None => json::line(row)?,
        };
        writeln!(out, "{line}").context("standard output")?;
    }
    out.finish().context("standard output")?;
    note("then the phrases of the page's language, what the site repeats, and the body model");
    Ok(Exit::AllWell)
}

/// The URL, and whether it is of a page.
fn address(text: &str) -> Result<(Url, bool), UsageError> {
    let wrong = || UsageError(format!("{text}: neither a host, as news.example, nor a URL"));
    if text.contains("://") {
        let url = Url::parse(text).ok().filter(Url::has_host);
        return url.map(|url| (url, true)).ok_or_else(wrong);
    }
    let url = Url::parse(&format!("https://{text}/")).ok();
    let url = url.filter(|url| url.path() == "/" && url.query().is_none());
    url.map(|url| (url, false)).ok_or_else(wrong)
}

fn about(site: &SiteRules) -> String {
    let names = site.headers.iter().map(|(name, _)| name.as_str());
    let headers: Vec<&str> = names.collect();
    let mut about = format!("{} for {}", site.file, site.hosts.join(", "));
    if !headers.is_empty() {
        about = format!("{about}; requests with {}", headers.join(", "));
    }
    about
}

fn of_layout<'r>(
    rules: &'r Rules,
    step: &'static str,
    layout: &'r Layout,
) -> impl Iterator<Item = Row<'r>> + 'r {
    let of = move |&rule: &RuleId| row(rules, step, Some(layout), rule);
    layout.rules.iter().map(of)
}

fn row<'r>(rules: &'r Rules, step: &'static str, layout: Option<&'r Layout>, rule: RuleId) -> Row<'r> {
    let Origin {
        file,
        line,
        name,
        text,
    } = rules.origin(rule);
    Row {
        step,
        layout: layout.map(|layout| layout.name.as_str()),
        name,
        rule: text,
        file,
        line: *line,
    }
}

fn table_line(row: &Row<'_>, width: usize) -> String {
    let step = row.layout.unwrap_or(row.step);
    let place = format!("{}:{}", row.file, row.line);
    // Three gaps of two columns.
    let others = 2 * NAME_WIDTH + place.chars().count() + 6;
    let text_width = width.saturating_sub(others).max(LEAST_TEXT);
    let [step, name] = [(step, NAME_WIDTH), (row.name, NAME_WIDTH)].map(|(text, width)| cell(text, width));
    format!(
        "{step}  {name}  {}  {}",
        cell(row.rule, text_width),
        cut(&place, width)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_url_are_told_apart() {
        let host = |text| {
            address(text)
                .map(|(url, is_page)| (url.to_string(), is_page))
                .ok()
        };
        assert_eq!(
            host("news.example"),
            Some(("https://news.example/".to_owned(), false))
        );
        let page = "http://news.example/sport/1";
        assert_eq!(host(page), Some((page.to_owned(), true)));
        for wrong in ["", "news.example/sport", "file:///etc", "a b"] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }
}
