//! What the exit code tells.

use std::io;
use std::process::ExitCode;

use copydesk::config::ConfigError;
use copydesk::rules::RulesError;
use copydesk::store::StoreError;

/// The exit codes, for cron and scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done. A reader that goes away (`| head`) has had what it wanted.
    AllWell = 0,
    /// Some inputs, pages or sources failed; the others are done.
    SomeFailed = 1,
    /// The arguments are wrong; nothing was done. The number is clap's.
    Usage = 2,
    /// Every input or source failed, or the one thing asked for could not be done.
    NothingWorked = 3,
    /// Another process holds the store; to try again later is enough.
    StoreHeld = 4,
    /// `copydesk.toml` or a selector file is wrong.
    BadConfiguration = 5,
}

/// Arguments that clap lets through and that are wrong all the same.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

impl Exit {
    /// For so many inputs done and so many failed.
    pub fn of_counts(done: u64, failed: u64) -> Self {
        match (done, failed) {
            (_, 0) => Self::AllWell,
            (0, _) => Self::NothingWorked,
            _ => Self::SomeFailed,
        }
    }

    /// For what ended the program early.
    pub fn of_error(error: &anyhow::Error) -> Self {
        error
            .chain()
            .find_map(|cause| {
                let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
                if cause.downcast_ref::<io::Error>().is_some_and(broken) {
                    Some(Self::AllWell)
                } else if matches!(cause.downcast_ref(), Some(StoreError::Locked(_))) {
                    Some(Self::StoreHeld)
                } else if cause.is::<RulesError>() || cause.is::<ConfigError>() {
                    Some(Self::BadConfiguration)
                } else {
                    cause.is::<UsageError>().then_some(Self::Usage)
                }
            })
            .unwrap_or(Self::NothingWorked)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};

    #[test]
    fn counts_tell_all_some_and_none() {
        assert_eq!(Exit::of_counts(0, 0), Exit::AllWell);
        assert_eq!(Exit::of_counts(3, 0), Exit::AllWell);
        assert_eq!(Exit::of_counts(3, 1), Exit::SomeFailed);
        assert_eq!(Exit::of_counts(0, 1), Exit::NothingWorked);
    }

    #[test]
    fn errors_are_recognised_below_their_context() {
        let broken: anyhow::Result<()> =
            Err(io::Error::from(io::ErrorKind::BrokenPipe)).context("standard output");
        assert_eq!(Exit::of_error(&broken.unwrap_err()), Exit::AllWell);
        assert_eq!(
            Exit::of_error(&StoreError::Locked("s".into()).into()),
            Exit::StoreHeld
        );
        assert_eq!(
            Exit::of_error(&RulesError(vec!["x".to_owned()]).into()),
            Exit::BadConfiguration
        );
        assert_eq!(Exit::of_error(&UsageError("x".to_owned()).into()), Exit::Usage);
        assert_eq!(Exit::of_error(&anyhow!("anything else")), Exit::NothingWorked);
    }
}
