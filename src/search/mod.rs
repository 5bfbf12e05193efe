//! Full-text search over the articles of the store, from an index that lies beside it.
//!
//! The index is a derived thing: it can be thrown away and made again at any time. It knows up to which number of the
//! store's sequence it has read (in the payload of its commit), so that it can catch up; one that is missing, broken or of
//! another version is begun anew.
//!
//! | field | what is in it |
//! |---|---|
//! | `id`, `time`, `day` | the article's id; its place in the time order, seconds; its day as 20260304 |
//! | `title`, `text` | folded words with their positions (`words.rs`) |
//! | `stems` | `en:vote`: the words of both without their endings, by the article's language (`stems.rs`) |
//! | `author`, `tag` | folded words; section and tags are one field |
//! | `site` | the registrable domain and the host |
//! | `of_site` | the registrable domain alone, for counting |
//! | `lang`, `kind` | the language's first subtag; the kind of page |
//!
//! A word is found where its folded form stands, or, in an article of a known language, a word with the same stem.

mod asked;
mod find;
mod index;
mod matching;
mod stems;
#[cfg(test)]
mod tests;
mod words;

pub use self::asked::{Asked, SyntaxError};
pub use self::find::{Counts, Facet, Found, Hit, Order, Selection};
pub use self::index::{Index, Numbered, SearchError, WRITER_HEAP_BYTES};
pub use self::matching::{Matcher, Snippet};

use crate::article::{Article, ArticleId};

/// An article as the search takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: ArticleId,
    /// Its place in the time order, seconds since the epoch.
    pub time: i64,
    /// Its day as a number, 20260304.
    pub day: u64,
    /// The registrable domain of its own URL.
    pub site: String,
    /// The host of its own URL, without `www.`.
    pub host: String,
    /// The article.
    pub article: Article,
}
