//! Clues against each other, on small pages.

use super::*;
use crate::fetch::Page;
use crate::pipeline::{Options, explain_page};

const STORY: &str = "<p>The ferry did not sail on Monday, and two schools stayed closed until the water had gone down.</p>\
    <p>Nobody was hurt, said the council, but forty houses beside the harbour lost their power for the night.</p>\
    <p>More rain is forecast for the weekend, and people were asked to keep away from the river until then.</p>\
    <p>The bridge at Oxley, which was to close in May, will now be looked at first, the engineer told reporters.</p>\
    <p>The ferry company hopes to sail again on Thursday, weather permitting, with the smaller of its two ships.</p>\
    <p>It was the third flood in five years, and the highest since the gauge at the old mill was set up in 1931.</p>\
    <p>Insurers would not say what it will cost, and the mayor would not say who is going to pay for it in the end.</p>";

fn kind_of(url: &str, html: &str) -> (PageKind, Vec<&'static str>) {
    let page = Page {
        url: url.parse().unwrap(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: html.as_bytes().to_vec(),
        fetched: 0,
    };
    let cleaned = explain_page(&page, Rules::builtin(), Options::default()).unwrap();
    let names = cleaned.assessment.evidence.iter().map(|seen| seen.clue.name);
    (cleaned.assessment.kind, names.collect())
}

#[test]
fn a_convincing_story_outweighs_every_marker() {
    let addresses = [
        "https://a.example/",
        "https://a.example/404",
        "https://a.example/login",
        "https://consent.a.example/tag/x/",
        "https://a.example/video/1",
    ];
    let titles = [
        "Page not found",
        "Just a moment...",
        "Sign in",
        "We value your privacy",
        "Ferry stays in",
    ];
    for url in addresses {
        for title in titles {
            let html = format!(
                "<title>{title}</title><main class=g-recaptcha><h1>Ferry stays in</h1>{STORY}</main>\
                 <div id=onetrust><p>We value your privacy</p><p>Forgot your password?</p></div>"
            );
            let (kind, clues) = kind_of(url, &html);
            assert_eq!(kind, PageKind::Article, "{url} {title}: {clues:?}");
        }
    }
}

#[test]
fn the_same_markers_without_a_story_tell_the_kind() {
    let cases = [
        ("Page not found", PageKind::NotFound),
        ("Just a moment...", PageKind::Captcha),
        ("Sign in", PageKind::Login),
    ];
    for (title, kind) in cases {
        let html = format!("<title>{title} | A</title><main><h1>{title}</h1><p>Please try again.</p></main>");
        let (found, clues) = kind_of("https://a.example/2026/05/ferry-stays-in-port-again", &html);
        assert_eq!(found, kind, "{clues:?}");
    }
}

#[test]
fn every_confidence_is_a_share() {
    for clues in [
        vec![],
        vec![&clue::ROOT, &clue::CARDS],
        vec![&clue::LD_LIVE, &clue::LONG_STORY],
    ] {
        for has_text in [false, true] {
            let mut seen = Clues::default();
            for clue in &clues {
                seen.add(clue, "");
            }
            let chance = conclude(seen, has_text).confidence.chance();
            assert!((0.0..=1.0).contains(&chance), "{chance}");
        }
    }
}
