use super::*;

fn reader(order: Order) -> Reader {
    let now = "2026-12-01T12:00:00Z".parse().unwrap();
    Reader { now, order }
}

fn read(text: &str) -> Option<String> {
    reader(Order::DayMonth).read(text).map(String::from)
}

#[test]
fn machine_dates_keep_their_offset() {
    for (text, expected) in [
        ("2026-11-24T17:01:00Z", "2026-11-24T17:01:00Z"),
        ("2026-11-24T17:01:00.123456Z", "2026-11-24T17:01:00Z"),
        ("2026-11-24T17:01+01:00", "2026-11-24T17:01:00+01:00"),
        ("2026-11-24T17:01:00-0500", "2026-11-24T17:01:00-05:00"),
        ("2026-11-24 17:01:00 +0530", "2026-11-24T17:01:00+05:30"),
        ("2026-11-24 17:01:00 UTC", "2026-11-24T17:01:00Z"),
        ("2026-11-24T17:01:00", "2026-11-24"),
        ("2026-11-24", "2026-11-24"),
        ("20261124", "2026-11-24"),
        ("20261124T170100Z", "2026-11-24"),
        ("1795539660", "2026-11-24T17:01:00Z"),
        ("1795539660000", "2026-11-24T17:01:00Z"),
        ("Tue, 24 Nov 2026 17:01:00 +0100", "2026-11-24T17:01:00+01:00"),
        ("Tue, 24 Nov 2026 17:01:00 GMT", "2026-11-24T17:01:00Z"),
        (
            "Tue Nov 24 2026 17:01:00 GMT+0100 (CET)",
            "2026-11-24T17:01:00+01:00",
        ),
        ("2026/11/24", "2026-11-24"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn dates_in_words_are_read_in_many_languages() {
    for text in [
        "24. November 2026",
        "24 November 2026, 17:01",
        "November 24, 2026",
        "Nov. 24th, 2026",
        "Published on 24th of November, 2026 by A. Lee",
        "24 novembre 2026",
        "24 de noviembre de 2026",
        "24 de novembro de 2026",
        "24 noiembrie 2026",
        "24 listopada 2026",
        "24. listopadu 2026",
        "24 november 2026",
        "24. marraskuuta 2026",
        "24 Kasım 2026",
        "24 ноября 2026 г.",
        "24 листопада 2026",
        "24-Nov-2026",
        "24 नवंबर 2026",
        "२४ नवम्बर २०२६",
        "24 نوفمبر 2026",
        "٢٤ نوفمبر ٢٠٢٦",
        "24 November 2026, 17:01 WIB",
        "２０２６年１１月２４日",
        "2026年11月24日",
        "2026년 11월 24일",
        "2026. 11. 24.",
        "Di., 24.11.2026, 17:01 Uhr",
        "24.11.26",
    ] {
        assert_eq!(read(text).as_deref(), Some("2026-11-24"), "{text}");
    }
}

#[test]
fn a_time_in_words_counts_where_its_zone_is_named() {
    for (text, expected) in [
        ("Nov 24, 2026 5:01 pm EST", "2026-11-24T17:01:00-05:00"),
        ("Nov 24, 2026, at 12:01 a.m. PDT", "2026-11-24T00:01:00-07:00"),
        ("24.11.2026 um 17.01 Uhr MEZ", "2026-11-24T17:01:00+01:00"),
        ("24 November 2026 17:01 BST", "2026-11-24T17:01:00+01:00"),
        ("24 November 2026 25:01 BST", "2026-11-24"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_numeric_date_follows_the_custom_of_the_page() {
    let read = |order, text| reader(order).read(text).map(String::from);
    for (order, text, expected) in [
        (Order::DayMonth, "4/7/2026", "2026-07-04"),
        (Order::MonthDay, "4/7/2026", "2026-04-07"),
        (Order::MonthDay, "24/7/2026", "2026-07-24"),
        (Order::DayMonth, "7/24/2026", "2026-07-24"),
        (Order::MonthDay, "4.7.2026", "2026-07-04"),
    ] {
        assert_eq!(read(order, text).as_deref(), Some(expected), "{order:?} {text}");
    }
    assert_eq!(Order::of(Some("en-US"), None), Order::MonthDay);
    assert_eq!(Order::of(Some("en-GB"), None), Order::DayMonth);
    assert_eq!(Order::of(Some("en"), Some("news.example.co.uk")), Order::DayMonth);
    assert_eq!(Order::of(Some("de"), None), Order::DayMonth);
}

#[test]
fn what_cannot_be_a_publication_date_is_none() {
    for text in [
        "",
        "yesterday",
        "2026-12-24",
        "1989-11-09",
        "0001-01-01T00:00:00Z",
        "1970-01-01",
        "2026-02-30",
        "32.11.2026",
        "192.168.10.12",
        "24 hours",
        "99999999999999999999999999",
        "May 2026",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn the_date_after_published_is_taken_before_that_after_updated() {
    let read = |text| reader(Order::DayMonth).read_published(text).map(String::from);
    assert_eq!(
        read("Updated 24 Nov 2026. Published 20 Nov 2026").as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(
        read("20 Nov 2026 | Updated: 24 Nov 2026").as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(read("Updated: 24 Nov 2026").as_deref(), Some("2026-11-24"));
}

#[test]
fn the_path_of_a_url_names_a_day() {
    let read = |path| reader(Order::DayMonth).in_path(path).map(String::from);
    assert_eq!(read("/world/2026/11/24/vote").as_deref(), Some("2026-11-24"));
    assert_eq!(read("/world/vote-2026-11-24.html").as_deref(), Some("2026-11-24"));
    assert_eq!(read("/20261124/vote").as_deref(), Some("2026-11-24"));
    assert_eq!(read("/2026/11/vote-24"), None);
    assert_eq!(read("/id/2026112499"), None);
}
