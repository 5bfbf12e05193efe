use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use url::Url;

use super::*;

fn page(number: u32) -> Page {
    Page {
        url: Url::parse(&format!("https://news.example/{number}")).unwrap(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        // Long and of its own words, so that damage in one member is damage in one page.
        body: (0..400)
            .flat_map(|word| format!("<p>{} ", word * number).into_bytes())
            .collect(),
        fetched: 1_772_625_600 + i64::from(number),
    }
}

/// The records of a file of so many pages.
fn written(pages: u32) -> Vec<u8> {
    let mut writer = WarcWriter::new(Vec::new(), 0).unwrap();
    for number in 1..=pages {
        writer.page(&page(number)).unwrap();
    }
    writer.finish().unwrap()
}

fn pages(bytes: Vec<u8>) -> WarcPages<Cursor<Vec<u8>>> {
    WarcPages::new(Cursor::new(bytes), "a.warc.gz".to_owned()).unwrap()
}

fn read(bytes: Vec<u8>) -> Vec<Result<Page, WarcError>> {
    pages(bytes).collect()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut plain).unwrap();
    plain
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A response record as a crawler writes it.
fn record(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
    block.extend_from_slice(body);
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://news.example/x>\r\n\
         WARC-Date: 2026-03-04T12:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend(block);
    record.extend(b"\r\n\r\n");
    record
}

#[test]
fn what_is_written_is_read_back_in_every_form_of_compression() {
    let file = written(3);
    let plain = gunzip(&file);
    for form in [file, gzip(&plain), plain] {
        let mut reader = pages(form);
        let back: Vec<Page> = reader.by_ref().map(Result::unwrap).collect();
        assert_eq!(back, [page(1), page(2), page(3)]);
        assert_eq!(reader.passed().other_records, 1, "the warcinfo");
    }
}

#[test]
fn a_damaged_member_costs_its_own_record() {
    let mut file = written(5);
    let second = memchr::memmem::find_iter(&file, b"\x1f\x8b\x08").nth(2).unwrap();
    for byte in &mut file[second + 200..second + 260] {
        *byte ^= 0x55;
    }
    let results = read(file);
    let good: Vec<_> = results
        .iter()
        .flatten()
        .map(|page| page.url.path().to_owned())
        .collect();
    assert_eq!(good, ["/1", "/3", "/4", "/5"]);
    let bad: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!(bad[0].record, 3);
}

#[test]
fn a_record_with_a_wrong_length_costs_at_most_its_neighbour() {
    let text = String::from_utf8(gunzip(&written(5))).unwrap();
    let at = text.match_indices("Content-Length: ").nth(3).unwrap().0;
    let wrong = format!(
        "{}Content-Length: 9{}",
        &text[..at],
        &text[at + "Content-Length: ".len()..]
    );
    let good = read(wrong.into_bytes()).into_iter().flatten().count();
    assert!((1..=4).contains(&good), "{good}");
}

#[test]
fn a_cut_file_gives_what_is_whole() {
    let file = written(3);
    let plain = gunzip(&file);
    for whole in [file, plain] {
        for end in (0..whole.len()).step_by(97) {
            let good = read(whole[..end].to_vec()).into_iter().flatten().count();
            assert!(good <= 3);
        }
        let results = read(whole[..whole.len() - 300].to_vec());
        assert_eq!(results.iter().flatten().count(), 2);
        assert!(results.last().unwrap().is_err());
    }
}

#[test]
fn bodies_come_out_of_their_codings_and_stay_where_the_crawler_undid_them() {
    let body = b"<p>The bridge is open.</p>".as_slice();
    let chunked = b"5\r\n<p>Th\r\n15\r\ne bridge is open.</p>\r\n0\r\n\r\n";
    let zstd = zstd::encode_all(body, 0).unwrap();
    let cases: [(&str, Vec<u8>); 8] = [
        ("Content-Type: text/html\r\n", body.to_vec()),
        ("Content-Encoding: gzip\r\n", gzip(body)),
        ("Content-Encoding: gzip\r\n", body.to_vec()),
        ("Content-Encoding: zstd\r\n", zstd),
        ("Content-Encoding: br\r\n", body.to_vec()),
        ("Content-Encoding: deflate\r\n", body.to_vec()),
        ("Transfer-Encoding: chunked\r\n", chunked.to_vec()),
        ("Transfer-Encoding: chunked\r\n", body.to_vec()),
    ];
    for (headers, sent) in cases {
        let page = read(record(headers, &sent)).remove(0).unwrap();
        assert_eq!(page.body, body, "{headers}");
        assert_eq!((page.url.path(), page.fetched), ("/x", 1_772_625_600));
    }
}

#[test]
fn images_and_failures_are_counted_and_bombs_refused() {
    let mut file = record("Content-Type: image/png\r\n", b"\x89PNG");
    let missing = String::from_utf8(record("", b"gone"))
        .unwrap()
        .replace("200 OK", "404 No");
    file.extend(missing.into_bytes());
    file.extend(record("Content-Encoding: gzip\r\n", &gzip(&vec![b' '; 50 << 20])));
    file.extend(record("", b"good"));
    let mut reader = pages(file);
    assert!(
        reader
            .next()
            .unwrap()
            .unwrap_err()
            .to_string()
            .contains("record 3: https://news.example/x: larger than")
    );
    assert_eq!(reader.next().unwrap().unwrap().body, b"good");
    assert!(reader.next().is_none());
    assert_eq!(reader.passed().other_responses, 2);
}

#[test]
fn what_is_no_warc_file_is_said_and_ends() {
    for bytes in [
        b"<html>\n".repeat(1000),
        vec![0; 100_000],
        gzip(&[0; 10]),
        b"WARC/1.0\r\n".repeat(10_000),
    ] {
        let results = read(bytes);
        assert!(
            results.iter().flatten().count() == 0 && !results.is_empty() && results.len() < 200,
            "{}",
            results.len()
        );
    }
    assert!(read(Vec::new()).is_empty());
}
