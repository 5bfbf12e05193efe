//! What most subcommands need first: configuration, rules, store.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use copydesk::config::Config;
use copydesk::rules::Rules;
use copydesk::store::Store;

/// The configuration that is read when none is named and it is there.
const CONFIG_FILE: &str = "copydesk.toml";
/// The environment variable that names the store.
const STORE_VARIABLE: &str = "COPYDESK_STORE";
/// The store when nothing names one, in the current directory.
const DEFAULT_STORE: &str = "copydesk.sled";

/// Which store.
#[derive(Debug, Clone, Default, Args)]
pub struct StoreArgs {
    /// The store [default: $COPYDESK_STORE, else the one of copydesk.toml, else ./copydesk.sled]
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The configuration [default: ./copydesk.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl StoreArgs {
    /// The configuration: the one named, else the one in the current directory, if it is there.
    ///
    /// # Errors
    /// It cannot be read or is wrong.
    pub fn load_config(&self) -> anyhow::Result<Option<Config>> {
        let path = match &self.config {
            Some(path) => path,
            None if Path::new(CONFIG_FILE).exists() => Path::new(CONFIG_FILE),
            None => return Ok(None),
        };
        Ok(Some(Config::load(path)?))
    }

    /// Where the configuration is, or would be.
    pub fn config_path(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| PathBuf::from(CONFIG_FILE))
    }

    /// Where the store is: what `--store` says, or else the environment, the configuration, the default.
    pub fn store_path(&self, config: Option<&Config>) -> PathBuf {
        let from_environment = || {
            env::var_os(STORE_VARIABLE)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let from_config = || config.map(|config| config.store.clone());
        (self.store.clone())
            .or_else(from_environment)
            .or_else(from_config)
            .unwrap_or_else(|| PathBuf::from(DEFAULT_STORE))
    }

    /// Where the store is; the configuration is read only where it can say so.
    ///
    /// # Errors
    /// The configuration is wrong.
    pub fn place(&self) -> anyhow::Result<PathBuf> {
        let config = match self.store {
            Some(_) => None,
            None => self.load_config()?,
        };
        Ok(self.store_path(config.as_ref()))
    }

    /// Opens a store that is there, for reading.
    ///
    /// # Errors
    /// The configuration is wrong, or there is no store or it cannot be opened.
    pub fn open_existing(&self) -> anyhow::Result<Store> {
        let path = self.place()?;
        Store::open_existing(&path).context("cannot open the store (`copydesk crawl` fills it)")
    }
}

/// The rules compiled into the program, overlaid by a directory. They live as long as the program.
///
/// # Errors
/// A selector file is wrong.
pub fn load_rules(overlay: Option<&Path>) -> anyhow::Result<&'static Rules> {
    match overlay {
        Some(dir) => Ok(Box::leak(Box::new(Rules::with_overlay(dir)?))),
        None => Ok(Rules::builtin()),
    }
}
