//! Articles as comma-separated values (RFC 4180), one record an article.

use std::io::{self, Write};

use csv::WriterBuilder;

use super::{ExportError, Exported};
use crate::article::PageDate;
use crate::store::StoredArticle;

/// The columns, in their order.
///
/// Times of fetching are RFC 3339 in UTC, `published` and `modified` as the page gives them (a bare day where it names no
/// time). Authors and tags are joined by `"; "`, so a name with a semicolon cannot be told apart: JSON lines and Parquet
/// keep lists. `text` has one block a line. What an article does not have is an empty field.
///
/// No value is changed: one that begins with `=`, `+`, `-` or `@` is a text, and a spreadsheet that is not told so may take
/// it for a formula. Load columns as text where pages of strangers are opened in one.
pub const CSV_COLUMNS: [&str; 21] = [
    "id",
    "seq",
    "revision",
    "url",
    "canonical_url",
    "site",
    "site_name",
    "kind",
    "title",
    "authors",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "description",
    "image",
    "fetched",
    "first_fetched",
    "words",
    "text",
];

/// Between the items of a list.
const LIST_SEPARATOR: &str = "; ";

/// Writes a line of [`CSV_COLUMNS`] and one record an article.
///
/// # Errors
/// The output cannot be written.
pub fn csv(
    articles: impl Iterator<Item = StoredArticle>,
    out: &mut impl Write,
) -> Result<Exported, ExportError> {
    let mut writer = WriterBuilder::new().from_writer(out);
    writer.write_record(CSV_COLUMNS).map_err(io_error)?;
    let mut count = 0;
    for stored in articles {
        writer.write_record(record(&stored)).map_err(io_error)?;
        count += 1;
    }
    writer.flush()?;
    Ok(Exported { articles: count })
}

fn record(stored: &StoredArticle) -> [String; CSV_COLUMNS.len()] {
    let article = &stored.article;
    let fields = &article.fields;
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let date = |value: &Option<PageDate>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    [
        stored.id.to_string(),
        stored.seq.map(|seq| seq.to_string()).unwrap_or_default(),
        stored.revision.to_string(),
        article.url.clone(),
        given(&fields.canonical_url),
        article.site.clone(),
        given(&fields.site_name),
        article.kind.name().to_owned(),
        given(&fields.title),
        fields.authors.join(LIST_SEPARATOR),
        date(&fields.published),
        date(&fields.modified),
        given(&fields.language),
        given(&fields.section),
        fields.tags.join(LIST_SEPARATOR),
        given(&fields.description),
        given(&fields.image),
        time(stored.fetched),
        time(stored.first_fetched),
        article.words().to_string(),
        article.text(),
    ]
}

/// RFC 3339 in UTC; empty for a time that no calendar has.
fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|time| time.to_string())
        .unwrap_or_default()
}

/// A closed pipe must be known as such.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::stored;
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let mut row = stored("https://news.example/a,\"b\"");
        row.article.fields.title = Some("=SUM(A1), \"quoted\"\nsecond line".to_owned());
        row.article.fields.authors = vec!["Ann Ode".to_owned(), "Bo Ek".to_owned()];
        let mut out = Vec::new();
        let exported = csv([row].into_iter(), &mut out).unwrap();
        assert_eq!(exported.articles, 1);
        let mut reader = csv::Reader::from_reader(out.as_slice());
        assert_eq!(reader.headers().unwrap(), CSV_COLUMNS.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        let value = |column: &str| {
            let at = CSV_COLUMNS.iter().position(|name| *name == column).unwrap();
            record.get(at).unwrap().to_owned()
        };
        assert_eq!(value("url"), "https://news.example/a,\"b\"");
        assert_eq!(value("title"), "=SUM(A1), \"quoted\"\nsecond line");
        assert_eq!(value("authors"), "Ann Ode; Bo Ek");
        assert_eq!(value("fetched"), "2026-03-04T12:00:00Z");
        assert_eq!(value("text"), "The house agreed.");
        assert_eq!(value("seq"), "");
    }

    #[test]
    fn a_closed_pipe_is_known_as_one() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let failed = csv(std::iter::repeat_n(stored("u"), 1000), &mut Closed);
        assert!(
            matches!(&failed, Err(ExportError::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe),
            "{failed:?}"
        );
    }
}
