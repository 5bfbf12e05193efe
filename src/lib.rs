//! copydesk: fetches news pages, cleans them down to the core article, and keeps each article once.
pub mod article;
pub mod config;
pub mod decode;
pub mod discover;
pub mod document;
pub mod fetch;
mod markup;
pub mod pipeline;
pub mod rules;
pub mod store;
