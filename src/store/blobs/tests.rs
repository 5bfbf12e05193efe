//! The blob files by themselves.

use std::fs;

use super::*;

const ID: ArticleId = ArticleId(7);

fn series(dir: &Path) -> BlobReader {
    BlobReader::new(dir, "text")
}

#[test]
fn a_record_is_read_back_and_zstd_reads_the_whole_file() {
    let dir = tempfile::tempdir().unwrap();
    let texts = series(dir.path());
    let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
    let one = writer.append(&texts, ID, 1, b"one\n").unwrap();
    let two = writer.append(&texts, ID, 2, b"two\n").unwrap();
    writer.sync().unwrap();
    assert_eq!(texts.read(two, ID, 2).unwrap(), b"two\n");
    assert_eq!(texts.read(one, ID, 1).unwrap(), b"one\n");
    assert!(texts.read(one, ID, 2).is_err());
    let file = File::open(texts.path(1)).unwrap();
    assert_eq!(zstd::stream::decode_all(file).unwrap(), b"one\ntwo\n");
}

fn ids(series: &BlobReader, from: Position) -> (Vec<u32>, Position) {
    let mut revisions = Vec::new();
    let end = series
        .scan(from, |found| {
            assert_eq!(
                found.content().unwrap(),
                format!("text {}", found.revision).into_bytes()
            );
            revisions.push(found.revision);
            Ok(())
        })
        .unwrap();
    (revisions, end)
}

/// A series with three records, and where each begins and the last ends.
fn three(dir: &Path) -> (BlobReader, [u64; 4]) {
    let texts = series(dir);
    let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
    let starts = [1, 2, 3].map(|revision| {
        let text = format!("text {revision}");
        writer
            .append(&texts, ID, revision, text.as_bytes())
            .unwrap()
            .offset
    });
    let end = writer.position().end;
    (texts, [starts[0], starts[1], starts[2], end])
}

#[test]
fn a_torn_record_is_cut_wherever_it_is_torn() {
    let dir = tempfile::tempdir().unwrap();
    let (texts, [_, _, third, end]) = three(dir.path());
    for torn in (third..end).rev() {
        File::options()
            .write(true)
            .open(texts.path(1))
            .unwrap()
            .set_len(torn)
            .unwrap();
        let (whole, position) = ids(&texts, Position::default());
        assert_eq!((whole.as_slice(), position.end), (&[1, 2][..], third));
        BlobWriter::open(&texts, position).unwrap();
        assert_eq!(fs::metadata(texts.path(1)).unwrap().len(), third);
    }
}

#[test]
fn records_behind_a_damaged_one_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let (texts, [_, second, third, end]) = three(dir.path());
    let whole = fs::read(texts.path(1)).unwrap();
    for byte in second..third {
        let mut damaged = whole.clone();
        damaged[byte as usize] ^= 0x10;
        fs::write(texts.path(1), &damaged).unwrap();
        assert_eq!(
            ids(&texts, Position::default()),
            (vec![1, 3], Position { file: 1, end })
        );
    }
}

#[test]
fn a_scan_goes_on_in_the_next_file_and_past_a_file_that_lost_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let (texts, [_, second, _, end]) = three(dir.path());
    fs::copy(texts.path(1), texts.path(2)).unwrap();
    let from = |file, end| ids(&texts, Position { file, end });
    assert_eq!(from(1, second), (vec![2, 3, 1, 2, 3], Position { file: 2, end }));
    assert_eq!(from(1, end + 1), (vec![1, 2, 3], Position { file: 2, end }));
    assert_eq!(from(2, end), (vec![], Position { file: 2, end }));
    assert_eq!(from(2, end + 1), (vec![], Position { file: 3, end: 0 }));
    assert_eq!(from(5, 1), (vec![], Position { file: 6, end: 0 }));
    assert_eq!(fs::metadata(texts.path(1)).unwrap().len(), end);
}

#[test]
fn every_flipped_bit_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let texts = series(dir.path());
    let mut writer = BlobWriter::open(&texts, Position::default()).unwrap();
    let at = writer
        .append(&texts, ID, 1, b"a text that must not change")
        .unwrap();
    let whole = fs::read(texts.path(1)).unwrap();
    for byte in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[byte] ^= 1 << (byte % 8);
        fs::write(texts.path(1), &flipped).unwrap();
        let error = texts.read(at, ID, 1).unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::Damaged {
                    id: ID,
                    revision: 1,
                    ..
                }
            ),
            "byte {byte}: {error}"
        );
    }
}
