//! copydesk: fetches news pages, cleans them down to the core article, and keeps each article once.
pub mod article;
pub mod config;
pub mod decode;
pub mod document;
pub mod export;
pub mod fetch;
pub mod pipeline;
pub mod render;
pub mod rules;
pub mod store;
