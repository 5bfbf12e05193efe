use super::super::dates;
use super::*;
use jiff::Timestamp;

const READER: dates::Reader = dates::Reader {
    now: Timestamp::MAX,
    order: dates::Order::DayMonth,
};

const TITLE: &str = "The vote was close";

const PAGE: &str = "Home\nNews\nThe vote was close\nA summary of it all.\nBy Ann Lee and Bo Ek\n24 November 2026\nThe vote was \
    held on Monday, and by all accounts it was close.\nPosted by readers on 1 January 2020";

fn bylines(page: &str) -> Vec<String> {
    let document = Document::from_text(page);
    Near::new(&document, Some(TITLE)).bylines()
}

fn date(page: &str) -> Option<String> {
    let document = Document::from_text(page);
    let dates = Near::new(&document, Some(TITLE)).dates(&READER);
    dates.first().cloned().map(String::from)
}

#[test]
fn byline_and_date_are_found_below_the_headline() {
    assert_eq!(bylines(PAGE), ["Ann Lee", "Bo Ek"]);
    assert_eq!(date(PAGE).as_deref(), Some("2026-11-24"));
}

#[test]
fn a_label_names_the_line_after_it() {
    let page = "The vote was close\nWritten by\nAnn Lee\nMore";
    assert_eq!(bylines(page), ["Ann Lee"]);
    let page = "Most read\n20 November 2026\nPublished\n24 November 2026";
    assert_eq!(date(page).as_deref(), Some("2026-11-24"));
}

#[test]
fn markup_that_glues_by_to_the_name_does_not_hide_it() {
    assert_eq!(bylines("The vote was close\nByAnn Lee"), ["Ann Lee"]);
}

#[test]
fn a_byline_at_the_end_of_the_story_is_found_where_it_says_so() {
    let page = format!(
        "The vote was close\n{}Written by Ann Lee",
        "Text of the story.\n".repeat(40)
    );
    let document = Document::from_text(&page);
    assert_eq!(Near::new(&document, Some(TITLE)).far_bylines(), ["Ann Lee"]);
    assert!(bylines(&page).is_empty());
}

#[test]
fn a_name_beside_a_date_is_the_author() {
    for page in [
        "The vote was close\nAnn Lee\n24 November 2026\nText",
        "The vote was close\nNovember 24, 2026 By Ann Lee\nText",
    ] {
        assert_eq!(
            Near::new(&Document::from_text(page), Some(TITLE)).dated_names(&READER),
            ["Ann Lee"],
            "{page}"
        );
    }
}

#[test]
fn names_that_no_byline_shows_are_contradicted_by_one_that_names_others() {
    let contradicts = |page: &str, name: &str| {
        let document = Document::from_text(page);
        Near::new(&document, Some(TITLE)).contradicts(&[name.to_owned()])
    };
    assert!(contradicts(PAGE, "Cy Fox"));
    assert!(!contradicts(PAGE, "Bo Ek"));
    assert!(!contradicts("The vote was close\nText", "Cy Fox"));
}

#[test]
fn the_date_under_the_headline_is_told_unless_the_page_shows_the_known_one() {
    let shown = |page: &str| {
        let document = Document::from_text(page);
        let near = Near::new(&document, Some(TITLE));
        near.shown_date(&READER, "2026-11-24").map(String::from)
    };
    assert_eq!(
        shown("The vote was close\n20 May 2020\nText").as_deref(),
        Some("2020-05-20")
    );
    assert_eq!(shown("The vote was close\n20 May 2020\n24 November 2026"), None);
    let page = "The vote was close\nPublished 20 May 2020\nUpdated 24 November 2026";
    assert_eq!(shown(page).as_deref(), Some("2020-05-20"));
    assert_eq!(shown("The vote was close\nUpdated 20 May 2020"), None);
    let page = format!(
        "The vote was close\n{}\n20 May 2020",
        "Running text of the story. ".repeat(20)
    );
    assert_eq!(shown(&page), None);
}

#[test]
fn a_date_far_from_the_headline_counts_where_it_is_the_only_one() {
    let page = |end: &str| format!("The vote was close\n{}{end}", "Text of the story.\n".repeat(40));
    assert_eq!(date(&page("24 November 2026")).as_deref(), Some("2026-11-24"));
    assert_eq!(date(&page("24 November 2026\n23 November 2026")), None);
}

#[test]
fn running_text_is_no_byline() {
    let page = "The vote was close\nBy all accounts the vote was close.";
    assert!(bylines(page).is_empty());
}
