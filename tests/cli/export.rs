//! `copydesk export` and `import`.

use std::fs;
use std::process::Stdio;

use crate::{assert_fails, command, copydesk, crawled};

#[test]
fn an_export_that_is_imported_is_the_same_when_it_is_exported_again() {
    let dir = crawled(&[]);
    let first = copydesk(&dir, &["export", "--out", "a.jsonl"]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let run = copydesk(&dir, &["import", "--store", "other.sled", "a.jsonl"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), "imported: 2 new\n"));
    copydesk(&dir, &["export", "--store", "other.sled", "--out", "b.jsonl"]);
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("a.jsonl"), read("b.jsonl"));
    let again = copydesk(&dir, &["import", "--store", "other.sled", "a.jsonl"]);
    assert_eq!(again.stderr, "imported: 0 new, 2 that the store had\n");
}

#[test]
fn a_bad_line_is_named_by_its_number_and_the_others_are_imported() {
    let dir = crawled(&[]);
    let lines = copydesk(&dir, &["export"]).stdout;
    let (one, two) = lines.split_once('\n').unwrap();
    let half = &one[..one.len() / 2];
    let no_url = two.replace("https://news.example", "nowhere");
    fs::write(
        dir.path().join("mixed.jsonl"),
        format!("{half}\n\n{one}\n[[[\n{no_url}{two}"),
    )
    .unwrap();
    let run = copydesk(&dir, &["import", "--store", "other.sled", "mixed.jsonl"]);
    assert_eq!(run.code, Some(1));
    let said: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(said.len(), 4, "{}", run.stderr);
    for (said, number) in said.iter().zip(["line 1: ", "line 4: ", "line 5: "]) {
        assert!(said.contains(number), "{said}");
    }
    assert_eq!(said[3], "imported: 2 new, 3 lines bad");

    fs::write(dir.path().join("none.jsonl"), [0xff, b'\n', b'{', b'}']).unwrap();
    let none = copydesk(&dir, &["import", "--store", "other.sled", "none.jsonl"]);
    assert_eq!(none.code, Some(3));
    assert_fails(
        &copydesk(&dir, &["import", "--store", "gone.sled", "gone.jsonl"]),
        3,
        &["gone.jsonl"],
    );
    assert!(!dir.path().join("gone.sled").exists());
}

#[test]
fn every_form_is_written_whole_to_a_file_or_to_a_pipe() {
    let dir = crawled(&[]);
    for (form, begin) in [
        ("csv", &b"id,seq,revision,url,"[..]),
        ("parquet", b"PAR1"),
        ("atom", b"<?xml "),
    ] {
        let run = copydesk(&dir, &["export", "--format", form, "--out", form]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let file = fs::read(dir.path().join(form)).unwrap();
        assert!(file.starts_with(begin), "{form}");
        let piped = command(dir.path(), &["export", "--format", form])
            .output()
            .unwrap();
        assert_eq!(piped.stdout, file, "{form}");
    }
}

#[test]
fn a_reader_that_goes_away_has_had_what_it_wanted() {
    let dir = crawled(&[]);
    for form in ["jsonl", "csv", "parquet", "atom"] {
        let mut child = command(dir.path(), &["export", "--format", form])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{form}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
