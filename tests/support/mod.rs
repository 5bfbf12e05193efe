//! What the integration tests share.

pub mod desk;
pub mod news;
pub mod server;
