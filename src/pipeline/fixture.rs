//! A page to the fixture of it: what the rules make of its texts is asked here.

use url::Url;

use crate::decode;
use crate::document;
use crate::fetch::Page;
use crate::fields;
use crate::fixture::{self, Fixture};
use crate::rules::{PhraseSet, PhraseText, Rules};
use crate::site;

use super::{CleanError, Steps, read};

/// Places on the page at which phrases are tried: some are believed at the start or the end alone.
const PLACES: [f32; 3] = [0.5, 0.0, 1.0];
/// The longest line that is looked at for a date or a byline, in bytes.
const MAX_LINE: usize = 80;
/// What stands before the names of authors, in some languages.
const BY: &[&str] = &[
    "By ", "BY ", "by ", "Von ", "von ", "Par ", "Por ", "Di ", "Door ", "Av ", "Da ",
];

/// Writes a page anew with its structure and without its words, see [`fixture::fixture`].
///
/// # Errors
/// [`CleanError::NotText`] for binary data, [`CleanError::Empty`] where there is no text on the page.
pub fn fixture(page: &Page, rules: &Rules) -> Result<Fixture, CleanError> {
    let fields = read(page, rules, Steps::All)?.fields;
    let decoded = decode::decode(&page.body, page.content_type.as_deref());
    let language = fields.language.as_deref();
    let phrases = rules.phrases_for(language);
    let host = page.url.host_str();
    let meaning = |text: &str| {
        phrase(phrases, text)
            .or_else(|| date(text, language, host))
            .or_else(|| byline(text))
    };
    let site = page.url.host_str().map(|_| site::site_of(&page.url));
    let own_rules = rules.site(&page.url);
    let looks_at = |name: &str, value: &str| {
        rules.common().looks_at(name, value) || own_rules.is_some_and(|own| own.index.looks_at(name, value))
    };
    let tree = document::tree(&decoded.text);
    let known = fixture::Page {
        site: site.as_deref(),
        meaning: &meaning,
        looks_at: &looks_at,
    };
    fixture::fixture(&tree, &page.url, &known).ok_or_else(|| CleanError::Empty {
        url: page.url.to_string(),
    })
}

/// The page that a fixture is, as if it were fetched from where it is said to be from.
///
/// # Errors
/// Its address is none, which cannot be.
pub fn page_of(fixture: &Fixture) -> Result<Page, url::ParseError> {
    Ok(Page {
        url: Url::parse(&fixture.url)?,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: fixture.html.clone().into_bytes(),
        fetched: 0,
    })
}

fn phrase(phrases: Option<&PhraseSet>, text: &str) -> Option<String> {
    let mut read = PhraseText::default();
    read.read(text);
    let found = PLACES.iter().find_map(|place| phrases?.find(&read, *place))?;
    Some(format!("phrase {} {}", found.origin.file, found.origin.name))
}

fn date(text: &str, language: Option<&str>, host: Option<&str>) -> Option<String> {
    if text.len() > MAX_LINE || !text.contains(char::is_numeric) {
        return None;
    }
    fields::date_in(text, language, host).map(|date| date.to_string())
}

fn byline(text: &str) -> Option<String> {
    let by = BY.iter().find(|by| text.starts_with(*by))?;
    (text.len() <= MAX_LINE && !text.ends_with('.')).then(|| format!("byline {by}"))
}
