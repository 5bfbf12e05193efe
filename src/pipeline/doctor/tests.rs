//! What the counts of a made-up site say.

use std::collections::BTreeMap;

use super::*;
use crate::rules::SourceFile;

const FILE: &str = r#"schema = 1
sites = ["news.example"]

[[layout]]
name = "2026"
body = ["css:article .text"]
drop = ["css:.promo"]
title = ["css:h1.head"]
"#;

fn rules(file: &str) -> Rules {
    Rules::of_files(vec![SourceFile::new(
        "own/sites/news.example.toml",
        file.to_owned(),
    )])
    .unwrap()
}

fn site() -> RuleSite {
    RuleSite {
        site: "news.example".to_owned(),
        file: "sites/news.example.toml".to_owned(),
    }
}

/// A day of ten pages that the layout fits: how many of them `drop` matches on, and how long their bodies are.
fn day(rules: &Rules, drops: u32, chars: f64) -> RuleDay {
    let file = &rules.files()[0];
    let origins = file.layouts[0].rules.iter().map(|rule| rules.origin(*rule));
    let matched = origins.map(|origin| {
        let pages = if origin.name == "drop" { drops } else { 10 };
        (origin.key(), pages)
    });
    let layout = LayoutDay {
        pages: 10,
        urls: vec!["https://news.example/a".to_owned()],
        rules: matched.collect(),
        log_chars: chars.ln_1p() * 10.0,
        title: 10,
        authors: 2,
        published: 10,
        asked: 10,
        agreement: 9.0,
    };
    RuleDay {
        version: rules.version_of(file),
        layouts: BTreeMap::from([("2026".to_owned(), layout)]),
        ..RuleDay::default()
    }
}

fn unfit(rules: &Rules) -> RuleDay {
    RuleDay {
        version: rules.version_of(&rules.files()[0]),
        unfit: 10,
        unfit_urls: vec!["https://news.example/new".to_owned()],
        ..RuleDay::default()
    }
}

fn kinds(troubles: &[Trouble]) -> Vec<TroubleKind> {
    troubles.iter().map(|trouble| trouble.kind).collect()
}

#[test]
fn a_site_that_goes_on_as_it_was_is_well() {
    let rules = rules(FILE);
    let days: Vec<_> = (20_000..20_030)
        .map(|n| (n, day(&rules, n % 11, 3_000.0)))
        .collect();
    assert_eq!(examine(&site(), &days, &rules), []);
    assert_eq!(examine(&site(), &[], &rules), []);
}

#[test]
fn a_layout_that_no_longer_fits_is_named_with_day_place_and_pages() {
    let rules = rules(FILE);
    let mut days = vec![
        (20_000, day(&rules, 5, 3_000.0)),
        (20_001, day(&rules, 5, 3_000.0)),
    ];
    days.extend([(20_003, unfit(&rules)), (20_004, unfit(&rules))]);
    let troubles = examine(&site(), &days, &rules);
    let [trouble] = troubles.as_slice() else {
        panic!("{troubles:?}")
    };
    assert_eq!(trouble.since, "2024-10-07");
    assert_eq!(
        (trouble.file.as_str(), trouble.line),
        ("own/sites/news.example.toml", 5)
    );
    assert_eq!(trouble.pages, ["https://news.example/new"; 2]);
    assert_eq!(
        trouble.what(),
        "layout `2026` (css:article .text) no longer fits, nor does another"
    );
    assert_eq!(trouble.numbers(), "0% of 20 pages, before 100% of 20");
}

#[test]
fn a_file_that_was_mended_is_judged_by_the_pages_since() {
    let old = rules(FILE);
    let days = [(1, day(&old, 5, 3_000.0)), (2, unfit(&old)), (3, unfit(&old))];
    let mended = rules(&FILE.replace("article .text", "main"));
    assert_eq!(examine(&site(), &days, &mended), []);
    let mut still = days.to_vec();
    still.push((4, unfit(&mended)));
    let troubles = examine(&site(), &still, &mended);
    assert_eq!(kinds(&troubles), [TroubleKind::Layout]);
    assert_eq!((&*troubles[0].since, troubles[0].pages_after), ("1970-01-03", 10));
}

#[test]
fn a_rule_that_matched_on_most_pages_and_now_on_none_is_named_and_a_rare_one_is_not() {
    let rules = rules(FILE);
    let with = |drops| {
        let days = [(1, drops), (2, drops), (3, 0), (4, 0)];
        let days = days.map(|(n, drops)| (n, day(&rules, drops, 3_000.0)));
        examine(&site(), &days, &rules)
    };
    assert_eq!(with(3), []);
    let troubles = with(9);
    assert_eq!(kinds(&troubles), [TroubleKind::Rule]);
    assert_eq!((&*troubles[0].since, troubles[0].line), ("1970-01-04", 7));
    assert_eq!(
        troubles[0].what(),
        "`drop` css:.promo of layout `2026` no longer matches"
    );
}

#[test]
fn short_bodies_lost_fields_and_disagreement_are_told_apart() {
    let rules = rules(FILE);
    let good = day(&rules, 5, 3_000.0);
    let after = |change: &dyn Fn(&mut LayoutDay)| {
        let mut bad = good.clone();
        bad.layouts.values_mut().for_each(change);
        examine(&site(), &[(1, good.clone()), (2, good.clone()), (3, bad)], &rules)
    };
    assert_eq!(after(&|day| day.log_chars = 1_500_f64.ln_1p() * 10.0), []);
    let short = after(&|day| day.log_chars = 400_f64.ln_1p() * 10.0);
    assert_eq!(kinds(&short), [TroubleKind::Length]);
    assert_eq!(
        short[0].numbers(),
        "400 characters on 10 pages, before 3000 characters on 20"
    );
    assert_eq!(kinds(&after(&|day| day.title = 1)), [TroubleKind::Title]);
    assert_eq!(kinds(&after(&|day| day.published = 0)), [TroubleKind::Published]);
    assert_eq!(kinds(&after(&|day| day.authors = 0)), []);
    assert_eq!(
        kinds(&after(&|day| day.agreement = 3.0)),
        [TroubleKind::Agreement]
    );
    assert_eq!(kinds(&after(&|day| day.asked = 5)), []);
}

#[test]
fn a_site_whose_file_is_gone_has_no_troubles() {
    let mut gone = site();
    gone.file = "sites/other.example.toml".to_owned();
    let rules = rules(FILE);
    let days = [(1, day(&rules, 5, 3_000.0)), (2, unfit(&rules))];
    assert_eq!(examine(&gone, &days, &rules), []);
}
