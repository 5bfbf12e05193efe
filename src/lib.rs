//! copydesk: fetches news pages, cleans them down to the core article, and keeps each article once.
//!
//! # The way of the data
//!
//! ```text
//! source ── discover ──▶ URL ── fetch ──▶ Page (bytes) ── decode ──▶ text
//!                                                                     │ document + rules
//!                                                                     ▼
//! Article ◀── fields ── Cleaned (verdicts) ◀── clean ── Document (facts, text blocks)
//!    │
//!    ├── render ──▶ text, Markdown, HTML, JSON
//!    └── dedupe ──▶ Fingerprint ── store ──▶ Outcome (new, revision, duplicate, unchanged, thinner)
//!                                    ├──▶ query, export
//!                                    └── search ──▶ full-text index
//! ```
//!
//! A page is parsed once and walked once, into one list of text blocks in reading order. Every cleaning step gives
//! blocks a verdict with a reason; the article is the kept blocks, and the explain view is the same list with its
//! reasons. The stages do not call each other: [`pipeline`] alone knows their order. Parsing and cleaning are
//! synchronous and pure; fetching is async.
//!
//! # Cleaning a page
//!
//! ```no_run
//! use std::path::Path;
//!
//! use copydesk::{fetch, pipeline, render, rules::Rules};
//!
//! let page = fetch::read_file(Path::new("page.html"))?;
//! let article = pipeline::clean_page(&page, Rules::builtin())?;
//! println!("{}", render::text::text(&article));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Reading the store
//!
//! ```no_run
//! use std::path::Path;
//!
//! use copydesk::store::{Query, Store};
//!
//! let store = Store::open_existing(Path::new("copydesk.sled"))?;
//! let query = Query { words: vec!["budget".to_owned()], ..Query::default() };
//! for stored in store.query(&query) {
//!     let stored = stored?;
//!     println!("{} {}", stored.id, stored.article.fields.title.unwrap_or_default());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
pub mod config;

pub mod article;

pub mod discover;
pub mod fetch;
pub mod warc;

pub mod decode;
pub mod diff;
pub mod document;
mod fold;
mod markup;
pub mod rules;
mod site;
mod spelling;

pub mod clean;
pub mod fields;
pub mod kind;

pub mod dedupe;
pub mod search;
pub mod store;

pub mod pipeline;

pub mod export;
pub mod fixture;
pub mod ftr;
pub mod learn;
pub mod render;
