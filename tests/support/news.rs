//! A small news site, made up word by word.

use super::server::{Reply, Server};

const WORDS: [&str; 48] = [
    "harbour", "council", "winter", "ferry", "budget", "teacher", "bridge", "garden", "market", "river",
    "school", "station", "mayor", "storm", "village", "library", "doctor", "engine", "island", "letter",
    "museum", "orchard", "police", "quarry", "railway", "sailor", "theatre", "union", "valley", "weather",
    "yard", "baker", "captain", "dairy", "evening", "farmer", "granite", "hospital", "journal", "kitchen",
    "lantern", "meadow", "north", "office", "parish", "quiet", "repair", "summer",
];

/// Paragraphs of a story. Each story has its own words in its own order.
pub fn paragraphs(story: usize) -> Vec<String> {
    let mut state = story as u64 + 1;
    let mut word = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let mut sentence = || {
        let words: Vec<_> = (0..14).map(|_| word()).collect();
        format!(
            "The {}, as the {} said on Monday.",
            words[..10].join(" "),
            words[10..].join(" ")
        )
    };
    (0..6)
        .map(|_| (0..4).map(|_| sentence()).collect::<Vec<_>>().join(" "))
        .collect()
}

/// The page of a story.
pub fn page(story: usize) -> String {
    let body: Vec<_> = paragraphs(story)
        .iter()
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    let day = story % 28 + 1;
    format!(
        "<!doctype html><html lang=en><head><title>Story number {story} of the harbour</title>\
         <meta property='article:published_time' content='2024-05-{day:02}T10:00:00Z'></head>\
         <body><nav><a href=/>Home</a></nav><main><article><h1>Story number {story} of the harbour</h1>{}</article></main>\
         <footer>Made up for a test.</footer></body></html>",
        body.concat()
    )
}

/// An RSS feed of links.
pub fn feed<S: AsRef<str>>(links: impl IntoIterator<Item = S>) -> String {
    let items: Vec<_> = links
        .into_iter()
        .map(|link| format!("<item><title>t</title><link>{}</link></item>", link.as_ref()))
        .collect();
    format!(
        "<rss version='2.0'><channel><title>News</title>{}</channel></rss>",
        items.concat()
    )
}

/// Serves so many stories under `/story/N` and their feed under `/feed`.
pub fn serve(server: &Server, stories: usize) {
    for story in 0..stories {
        server.route(&format!("/story/{story}"), Reply::html(page(story)));
    }
    let links = (0..stories).map(|story| format!("/story/{story}"));
    server.route("/feed", Reply::ok("application/rss+xml", feed(links)));
}
