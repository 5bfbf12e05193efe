//! The fields of an article as YAML front matter.

use serde::Serialize;

use crate::render::json;
use crate::store::StoredArticle;

/// The block between two `---` lines. Every value is written as JSON, which YAML reads as it is, so that no text can
/// end the block or become another key.
pub fn front_matter(stored: &StoredArticle) -> Result<String, serde_json::Error> {
    let article = &stored.article;
    let fields = &article.fields;
    let mut out = String::from("---\n");
    let mut put = |key: &str, value: Option<&dyn ErasedJson>| -> Result<(), serde_json::Error> {
        if let Some(value) = value {
            out.extend([key, ": ", &value.json()?, "\n"]);
        }
        Ok(())
    };
    put("title", erased(fields.title.as_ref()))?;
    put("authors", erased(not_empty(&fields.authors)))?;
    put("published", erased(fields.published.as_ref()))?;
    put("modified", erased(fields.modified.as_ref()))?;
    put("language", erased(fields.language.as_ref()))?;
    put("section", erased(fields.section.as_ref()))?;
    put("tags", erased(not_empty(&fields.tags)))?;
    put("image", erased(fields.image.as_ref()))?;
    put("site", Some(&article.site))?;
    put("url", Some(&article.url))?;
    put("canonical_url", erased(fields.canonical_url.as_ref()))?;
    put("id", Some(&stored.id))?;
    put("revision", Some(&stored.revision))?;
    let fetched = jiff::Timestamp::from_second(stored.fetched).ok();
    put("fetched", erased(fetched.as_ref()))?;
    out.push_str("---\n");
    Ok(out)
}

fn not_empty(list: &Vec<String>) -> Option<&Vec<String>> {
    (!list.is_empty()).then_some(list)
}

/// A value that can be written as JSON, whatever its type.
trait ErasedJson {
    fn json(&self) -> Result<String, serde_json::Error>;
}

impl<T: Serialize> ErasedJson for T {
    fn json(&self) -> Result<String, serde_json::Error> {
        json::line(self)
    }
}

fn erased<T: Serialize>(value: Option<&T>) -> Option<&dyn ErasedJson> {
    value.map(|value| value as &dyn ErasedJson)
}
