use super::*;

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn names() -> Vec<String> {
    vec![text::key("The Daily Example"), text::key("dailyexample")]
}

#[test]
fn the_site_is_cut_off_at_either_end_and_any_mark() {
    for title in [
        "The vote was close | The Daily Example",
        "The vote was close - Daily Example",
        "The vote was close – DailyExample.com",
        "The Daily Example: The vote was close",
        "The Daily Example | The vote was close",
        "The vote was close_DailyExample",
        "The vote was close | Daily Example | The Daily Example",
    ] {
        let cut = strip_site(title, &names());
        let expected = if title.contains("Example: ") {
            title
        } else {
            "The vote was close"
        };
        assert_eq!(cut, expected, "{title}");
    }
}

#[test]
fn a_headline_with_marks_of_its_own_stays_whole() {
    for title in [
        "Yes - and no",
        "The well-known vote",
        "Live: the count goes on | latest",
        "Rates: up | down",
    ] {
        assert_eq!(strip_site(title, &names()), title);
    }
}

#[test]
fn the_heading_that_other_titles_bear_out_is_the_headline() {
    let offers = Offers {
        headings: owned(&[
            "The Daily Example",
            "Most read today",
            "The vote was close, and nobody slept",
        ]),
        meta: owned(&["The vote was close, and nobody slept | The Daily Example"]),
        ..Offers::default()
    };
    assert_eq!(
        choose(&offers, &names()).as_deref(),
        Some("The vote was close, and nobody slept")
    );
}

#[test]
fn without_such_a_heading_structured_data_and_meta_decide() {
    let offers = Offers {
        headings: owned(&["Newsletter", "Weather"]),
        json_ld: owned(&["The vote was close"]),
        document: Some("Vote - Example".to_owned()),
        ..Offers::default()
    };
    assert_eq!(choose(&offers, &[]).as_deref(), Some("The vote was close"));
    let offers = Offers {
        document: Some("The vote was very close - Some Paper".to_owned()),
        ..Offers::default()
    };
    assert_eq!(choose(&offers, &[]).as_deref(), Some("The vote was very close"));
}

#[test]
fn a_headline_in_a_dropped_header_is_found_by_the_other_titles() {
    let offers = Offers {
        headings: owned(&["Most read"]),
        dropped_headings: owned(&["Weather", "The vote was close"]),
        meta: owned(&["The vote was close | The Daily Example"]),
        ..Offers::default()
    };
    assert_eq!(choose(&offers, &names()).as_deref(), Some("The vote was close"));
}

#[test]
fn a_kicker_in_the_heading_goes_where_others_do_without() {
    let offers = Offers {
        headings: owned(&["Council: The vote was close"]),
        json_ld: owned(&["The vote was close"]),
        ..Offers::default()
    };
    assert_eq!(choose(&offers, &[]).as_deref(), Some("The vote was close"));
}

#[test]
fn a_start_that_the_page_names_elsewhere_is_no_kicker() {
    let offers = Offers {
        headings: owned(&["Report: The vote was close"]),
        json_ld: owned(&["Report: The vote was close"]),
        meta: owned(&["The vote was close"]),
        ..Offers::default()
    };
    assert_eq!(
        choose(&offers, &[]).as_deref(),
        Some("Report: The vote was close")
    );
}

#[test]
fn the_only_h1_is_the_headline_though_search_engines_are_told_another() {
    let mut offers = Offers {
        headings: owned(&["How a quiet council decided the vote", "Most read today"]),
        sole: Some("How a quiet council decided the vote".to_owned()),
        meta: owned(&["The vote was close, and this is why"]),
        ..Offers::default()
    };
    assert_eq!(
        choose(&offers, &[]).as_deref(),
        Some("How a quiet council decided the vote")
    );
    offers.sole = Some("Weather".to_owned());
    assert_eq!(
        choose(&offers, &[]).as_deref(),
        Some("The vote was close, and this is why")
    );
}

#[test]
fn a_cut_title_gives_way_to_the_whole_one() {
    let offers = Offers {
        json_ld: owned(&["The vote was close and…"]),
        meta: owned(&["The vote was close and nobody slept"]),
        ..Offers::default()
    };
    assert_eq!(
        choose(&offers, &[]).as_deref(),
        Some("The vote was close and nobody slept")
    );
}

#[test]
fn a_page_without_a_title_has_none() {
    assert_eq!(choose(&Offers::default(), &[]), None);
    let offers = Offers {
        headings: owned(&["The Daily Example"]),
        ..Offers::default()
    };
    assert_eq!(choose(&offers, &names()), None);
}
