//! Saved crawls.

use std::fs;

use copydesk::fetch::Page;
use copydesk::warc::WarcWriter;
use serde_json::Value;
use url::Url;

use crate::{copydesk, dir_with, page};

#[test]
fn the_pages_of_a_saved_crawl_are_cleaned_in_order_around_what_is_damaged() {
    let mut writer = WarcWriter::new(Vec::new(), 0).unwrap();
    let mut starts = Vec::new();
    for number in 1..=4 {
        starts.push(writer.written().len());
        writer
            .page(&Page {
                url: Url::parse(&format!("https://news.example/2026/{number}")).unwrap(),
                content_type: Some("text/html".to_owned()),
                body: page(&format!("Bridge number {number} of the river Arrow is open")).into_bytes(),
                fetched: 1_772_625_600,
            })
            .unwrap();
    }
    let mut file = writer.finish().unwrap();
    for byte in &mut file[starts[1] + 300..starts[1] + 320] {
        *byte ^= 0x55;
    }
    let dir = dir_with(&[("crawl.warc.gz", &file)]);
    let run = copydesk(&dir, &["clean", "--warc", "crawl.warc.gz", "gone.warc.gz"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "https://news.example/2026/1",
            "crawl.warc.gz",
            "https://news.example/2026/3",
            "https://news.example/2026/4",
            "gone.warc.gz"
        ]
    );
    assert_eq!(lines[2]["title"], "Bridge number 3 of the river Arrow is open");
    assert!(lines[1]["error"].as_str().unwrap().contains("record 3"));

    let before = fs::read(dir.path().join("crawl.warc.gz")).unwrap();
    let same = copydesk(
        &dir,
        &["clean", "--warc", "crawl.warc.gz", "--out", "crawl.warc.gz"],
    );
    assert_eq!(same.code, Some(2), "{}", same.stderr);
    assert_eq!(fs::read(dir.path().join("crawl.warc.gz")).unwrap(), before);
}
