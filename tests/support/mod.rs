//! What the integration tests share.

pub mod news;
pub mod server;
