//! Articles as a Parquet file, zstd-compressed, written row group by row group.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{
    Float32Builder, ListBuilder, StringBuilder, TimestampMillisecondBuilder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{ExportError, Exported};
use crate::article::PageDate;
use crate::store::StoredArticle;

/// The most rows of a row group; what reads in parallel takes one at a time.
pub const ROW_GROUP_ROWS: usize = 50_000;

/// Bytes of a row group, as they wait in memory, after which the next begins.
pub const ROW_GROUP_BYTES: usize = 32 << 20;

/// Bytes of text of one batch on its way into a row group.
const BATCH_BYTES: usize = 4 << 20;

/// Articles of one batch.
const BATCH_ROWS: usize = 1024;

/// Milliseconds of a second.
const MILLIS: i64 = 1000;

/// The columns.
///
/// | column | type | |
/// |---|---|---|
/// | `id`, `url`, `site`, `kind`, `text` | string | `text`: one block a line |
/// | `seq` | uint64 or null | only with `--since-seq` |
/// | `revision`, `words` | uint32 | |
/// | `confidence` | float32 | of `kind`, 0 to 1 |
/// | `canonical_url`, `site_name`, `title`, `language`, `section`, `description`, `image` | string or null | |
/// | `authors`, `tags`, `sighting_urls` | list of string | empty where there are none |
/// | `published`, `modified` | timestamp in milliseconds, UTC, or null | a bare day is its midnight in UTC |
/// | `published_given`, `modified_given` | string or null | as the page gives it, with its offset |
/// | `fetched`, `first_fetched` | timestamp in milliseconds, UTC | |
pub fn schema() -> Schema {
    let text = || DataType::Utf8;
    let list = || DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let time = || DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let needed = |name: &str, kind: DataType| Field::new(name, kind, false);
    let optional = |name: &str, kind: DataType| Field::new(name, kind, true);
    Schema::new(vec![
        needed("id", text()),
        optional("seq", DataType::UInt64),
        needed("revision", DataType::UInt32),
        needed("url", text()),
        optional("canonical_url", text()),
        needed("site", text()),
        optional("site_name", text()),
        needed("kind", text()),
        needed("confidence", DataType::Float32),
        optional("title", text()),
        needed("authors", list()),
        optional("published", time()),
        optional("published_given", text()),
        optional("modified", time()),
        optional("modified_given", text()),
        optional("language", text()),
        optional("section", text()),
        needed("tags", list()),
        optional("description", text()),
        optional("image", text()),
        needed("fetched", time()),
        needed("first_fetched", time()),
        needed("sighting_urls", list()),
        needed("words", DataType::UInt32),
        needed("text", text()),
    ])
}

/// Writes one file. Memory holds one row group: it ends with [`ROW_GROUP_ROWS`] or about [`ROW_GROUP_BYTES`].
///
/// # Errors
/// The output cannot be written.
pub fn parquet(
    articles: impl Iterator<Item = StoredArticle>,
    out: &mut (impl Write + Send),
) -> Result<Exported, ExportError> {
    let schema = Arc::new(schema());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_created_by(concat!("copydesk ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(failed)?;
    let mut columns = Columns::default();
    let mut count = 0;
    for stored in articles {
        columns.push(&stored);
        count += 1;
        if columns.rows >= BATCH_ROWS || columns.bytes >= BATCH_BYTES {
            write_batch(&mut writer, &schema, &mut columns)?;
        }
    }
    write_batch(&mut writer, &schema, &mut columns)?;
    writer.close().map_err(failed)?;
    Ok(Exported { articles: count })
}

fn write_batch<W: Write + Send>(
    writer: &mut ArrowWriter<W>,
    schema: &Arc<Schema>,
    columns: &mut Columns,
) -> Result<(), ExportError> {
    if columns.rows == 0 {
        return Ok(());
    }
    let arrays = columns.take();
    let batch = RecordBatch::try_new(Arc::clone(schema), arrays).map_err(|error| form(&error))?;
    writer.write(&batch).map_err(failed)?;
    if writer.memory_size().max(writer.in_progress_size()) >= ROW_GROUP_BYTES {
        writer.flush().map_err(failed)?;
    }
    Ok(())
}

/// The values of a batch, column by column.
#[derive(Default)]
struct Columns {
    rows: usize,
    bytes: usize,
    id: StringBuilder,
    seq: UInt64Builder,
    revision: UInt32Builder,
    url: StringBuilder,
    canonical_url: StringBuilder,
    site: StringBuilder,
    site_name: StringBuilder,
    kind: StringBuilder,
    confidence: Float32Builder,
    title: StringBuilder,
    authors: ListBuilder<StringBuilder>,
    published: TimestampMillisecondBuilder,
    published_given: StringBuilder,
    modified: TimestampMillisecondBuilder,
    modified_given: StringBuilder,
    language: StringBuilder,
    section: StringBuilder,
    tags: ListBuilder<StringBuilder>,
    description: StringBuilder,
    image: StringBuilder,
    fetched: TimestampMillisecondBuilder,
    first_fetched: TimestampMillisecondBuilder,
    sighting_urls: ListBuilder<StringBuilder>,
    words: UInt32Builder,
    text: StringBuilder,
}

impl Columns {
    fn push(&mut self, stored: &StoredArticle) {
        let article = &stored.article;
        let fields = &article.fields;
        let text = article.text();
        let sightings = stored.sightings.iter().map(|sighting| &sighting.url);
        self.rows += 1;
        self.bytes += text.len() + sightings.clone().map(String::len).sum::<usize>();
        self.id.append_value(stored.id.to_string());
        self.seq.append_option(stored.seq);
        self.revision.append_value(stored.revision);
        self.url.append_value(&article.url);
        self.canonical_url.append_option(fields.canonical_url.as_ref());
        self.site.append_value(&article.site);
        self.site_name.append_option(fields.site_name.as_ref());
        self.kind.append_value(article.kind.name());
        self.confidence.append_value(article.confidence.chance() as f32);
        self.title.append_option(fields.title.as_ref());
        append_list(&mut self.authors, fields.authors.iter());
        self.published
            .append_option(fields.published.as_ref().map(millis));
        self.published_given
            .append_option(fields.published.as_ref().map(PageDate::as_str));
        self.modified.append_option(fields.modified.as_ref().map(millis));
        self.modified_given
            .append_option(fields.modified.as_ref().map(PageDate::as_str));
        self.language.append_option(fields.language.as_ref());
        self.section.append_option(fields.section.as_ref());
        append_list(&mut self.tags, fields.tags.iter());
        self.description.append_option(fields.description.as_ref());
        self.image.append_option(fields.image.as_ref());
        self.fetched.append_value(stored.fetched.saturating_mul(MILLIS));
        self.first_fetched
            .append_value(stored.first_fetched.saturating_mul(MILLIS));
        append_list(&mut self.sighting_urls, sightings);
        self.words
            .append_value(u32::try_from(article.words()).unwrap_or(u32::MAX));
        self.text.append_value(text);
    }

    /// The values so far, in the order of [`schema`], and none are left.
    fn take(&mut self) -> Vec<ArrayRef> {
        let mut done = std::mem::take(self);
        let time = |builder: TimestampMillisecondBuilder| -> ArrayRef {
            Arc::new(builder.with_timezone("UTC").finish())
        };
        vec![
            Arc::new(done.id.finish()),
            Arc::new(done.seq.finish()),
            Arc::new(done.revision.finish()),
            Arc::new(done.url.finish()),
            Arc::new(done.canonical_url.finish()),
            Arc::new(done.site.finish()),
            Arc::new(done.site_name.finish()),
            Arc::new(done.kind.finish()),
            Arc::new(done.confidence.finish()),
            Arc::new(done.title.finish()),
            Arc::new(done.authors.finish()),
            time(done.published),
            Arc::new(done.published_given.finish()),
            time(done.modified),
            Arc::new(done.modified_given.finish()),
            Arc::new(done.language.finish()),
            Arc::new(done.section.finish()),
            Arc::new(done.tags.finish()),
            Arc::new(done.description.finish()),
            Arc::new(done.image.finish()),
            time(done.fetched),
            time(done.first_fetched),
            Arc::new(done.sighting_urls.finish()),
            Arc::new(done.words.finish()),
            Arc::new(done.text.finish()),
        ]
    }
}

fn append_list<'a>(list: &mut ListBuilder<StringBuilder>, values: impl Iterator<Item = &'a String>) {
    for value in values {
        list.values().append_value(value);
    }
    list.append(true);
}

fn millis(date: &PageDate) -> i64 {
    date.epoch_seconds().saturating_mul(MILLIS)
}

/// A closed pipe must be known as such.
fn failed(error: ParquetError) -> ExportError {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => ExportError::Output(*error),
            Err(other) => form(&other),
        },
        other => form(&other),
    }
}

fn form(error: &impl ToString) -> ExportError {
    ExportError::Form {
        form: "Parquet",
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::TimestampMillisecondType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::super::tests::stored;
    use super::*;

    /// The whole of a file as one batch, and its number of row groups.
    fn read(file: &std::path::Path) -> (Vec<RecordBatch>, usize) {
        let builder = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(file).unwrap()).unwrap();
        let groups = builder.metadata().num_row_groups();
        let batches = builder.build().unwrap().map(Result::unwrap).collect();
        (batches, groups)
    }

    #[test]
    fn articles_come_back_with_lists_and_times() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.parquet");
        let mut second = stored("https://news.example/c");
        second.article.fields.authors.clear();
        second.article.fields.published = None;
        let rows = [stored("https://news.example/b"), second];
        super::super::whole_file(&path, |out| parquet(rows.into_iter(), out)).unwrap();
        let (batches, _) = read(&path);
        let batch = &batches[0];
        assert_eq!(batch.schema().fields(), schema().fields());
        let published = batch.column_by_name("published").unwrap();
        let times = published.as_primitive::<TimestampMillisecondType>();
        assert_eq!(times.value(0), 1_772_582_400_000);
        assert!(published.is_null(1));
        let authors = batch.column_by_name("authors").unwrap().as_list::<i32>();
        assert_eq!(authors.value(0).as_string::<i32>().value(0), "Ann\u{1b} Ode");
        assert!(authors.is_valid(1) && authors.value(1).is_empty());
        let texts = batch.column_by_name("text").unwrap().as_string::<i32>();
        assert_eq!(texts.value(1), "The house agreed.");
    }

    #[test]
    fn a_row_group_ends_by_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.parquet");
        let rows = (0_u64..24).map(|number| {
            let mut row = stored("https://news.example/b");
            // Words that neither repeat nor compress.
            let mut state = number + 1;
            let mut text = String::new();
            while text.len() < BATCH_BYTES {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                text.extend([state.to_string().as_str(), " "]);
            }
            row.article.blocks[0].text = text;
            row
        });
        super::super::whole_file(&path, |out| parquet(rows, out)).unwrap();
        let (batches, groups) = read(&path);
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 24);
        assert!(groups >= 2, "{groups}");
    }
}
