//! What the title says, and the lines of a page that has no convincing story.

use memchr::memmem;

use crate::article::PageKind;
use crate::clean::Reason;
use crate::document::FieldName;
use crate::rules::KindEntry;

use super::story::{LONG_STORY, Story, WALL_BLOCKS};
use super::{Clue, Clues, Input, clue};

/// Headlines on the page that are looked at.
const MAX_HEADLINES: usize = 2;
/// Lines that are looked at; error, consent and block pages have few.
const MAX_LINES: usize = 200;
/// Lines of one kind that count.
const MAX_LINES_OF_KIND: usize = 3;
/// Lines count where less than this many words of a story stand on the page: most pages carry the dialog of a consent
/// manager, and many a login form.
const NO_STORY: u32 = 30;
/// Where the title says the same, the long sentences of a consent page are no story yet.
const NO_STORY_BY_TITLE: u32 = 120;

/// Words of class and id names of challenges, and of consent managers.
const CHALLENGES: &str = "cf-challenge cf-error challenge-form challenge-running px-captcha datadome ddm-captcha g-recaptcha h-captcha \
    cf-turnstile captcha-container captcha-box amzn-captcha sec-if-cpt incapsula";
const CONSENT_MANAGERS: &str = "sp_message qc-cmp onetrust didomi usercentrics cookiebot cmpbox truste consent-page cookiewall cookie-wall";

pub(super) fn of_page(input: Input<'_>, story: &mut Story, clues: &mut Clues) {
    titles(input, clues);
    wall(input, story, clues);
    if story.connected >= LONG_STORY {
        return;
    }
    let lines = lines(input);
    let is_other = |at: usize| lines.binary_search_by_key(&at, |(line, _)| *line).is_ok();
    story.connect(input.verdicts, &is_other);
    for kind in PageKind::ALL {
        let is_said = title_clue(kind).is_some_and(|clue| clues.0.iter().any(|seen| seen.clue == clue));
        let most = if is_said { NO_STORY_BY_TITLE } else { NO_STORY };
        if story.connected >= most {
            continue;
        }
        let of_kind = lines.iter().filter(|(_, entry)| entry.kind == kind);
        for (_, entry) in of_kind.take(MAX_LINES_OF_KIND) {
            if let Some(clue) = line_clue(kind) {
                clues.add(clue, entry.origin.to_string());
            }
        }
    }
    if story.connected >= NO_STORY {
        return;
    }
    let names = input.document.all_names();
    let has = |words: &str| {
        let mut words = words.split(' ');
        words.any(|word| memmem::find(names.as_bytes(), word.as_bytes()).is_some())
    };
    clues.add_if(has(CHALLENGES), &clue::CHALLENGE_MARKUP);
    clues.add_if(has(CONSENT_MANAGERS), &clue::CONSENT_MARKUP);
}

/// What the titles of the page speak for, each kind once.
fn titles(input: Input<'_>, clues: &mut Clues) {
    let facts = &input.document.facts;
    let headlines = facts
        .found
        .iter()
        .filter(|found| found.field == FieldName::Title && !found.in_dropped)
        .take(MAX_HEADLINES);
    let titles = facts
        .title
        .as_deref()
        .into_iter()
        .chain(input.fields.title.as_deref())
        .chain(headlines.map(|found| found.text.as_str()));
    let words = input.rules.kind_words();
    let language = input.fields.language.as_deref();
    let mut seen = Vec::new();
    for entry in titles.flat_map(|title| words.of_title(title, language)) {
        if let Some(clue) = title_clue(entry.kind).filter(|_| !seen.contains(&entry.kind)) {
            seen.push(entry.kind);
            clues.add(clue, entry.origin.to_string());
        }
    }
}

/// A line after the text that asks for a subscription to go on.
fn wall(input: Input<'_>, story: &Story, clues: &mut Clues) {
    let Some((_, last)) = story.range.filter(|_| !story.is_whole_length()) else {
        return;
    };
    let words = input.rules.kind_words();
    let language = input.fields.language.as_deref();
    let end = input.document.blocks.len().min(last + 1 + WALL_BLOCKS);
    let found = (last + 1..end)
        .filter(|at| !is_common(input, *at))
        .flat_map(|at| words.of_line(input.document.text_at(at), language))
        .find(|entry| entry.kind == PageKind::Paywall);
    if let Some(entry) = found {
        clues.add(&clue::WALL, entry.origin.to_string());
    }
}

/// The lines that speak for a page without a story, outside what common rules drop.
fn lines(input: Input<'_>) -> Vec<(usize, &KindEntry)> {
    let words = input.rules.kind_words();
    let language = input.fields.language.as_deref();
    let lines = (0..input.document.blocks.len().min(MAX_LINES)).filter(|at| !is_common(input, *at));
    lines
        .flat_map(|at| {
            words
                .of_line(input.document.text_at(at), language)
                .into_iter()
                .map(move |entry| (at, entry))
        })
        .filter(|(_, entry)| line_clue(entry.kind).is_some())
        .collect()
}

fn is_common(input: Input<'_>, at: usize) -> bool {
    let verdict = input.verdicts.verdicts.get(at);
    verdict.is_some_and(|verdict| matches!(verdict.reason, Reason::CommonRule(_)))
}

fn title_clue(kind: PageKind) -> Option<&'static Clue> {
    Some(match kind {
        PageKind::Index => &clue::TITLE_INDEX,
        PageKind::Live => &clue::TITLE_LIVE,
        PageKind::Video => &clue::TITLE_VIDEO,
        PageKind::NotFound => &clue::TITLE_NOT_FOUND,
        PageKind::Consent => &clue::TITLE_CONSENT,
        PageKind::Captcha => &clue::TITLE_CAPTCHA,
        PageKind::Login => &clue::TITLE_LOGIN,
        PageKind::Article | PageKind::Paywall => return None,
    })
}

fn line_clue(kind: PageKind) -> Option<&'static Clue> {
    Some(match kind {
        PageKind::NotFound => &clue::LINE_NOT_FOUND,
        PageKind::Consent => &clue::LINE_CONSENT,
        PageKind::Captcha => &clue::LINE_CAPTCHA,
        PageKind::Login => &clue::LINE_LOGIN,
        _ => return None,
    })
}
