//! Which articles, as several subcommands ask it.

use clap::Args;
use copydesk::search::Selection;
use copydesk::store::Query;

use super::when;

/// Site and time.
#[derive(Debug, Clone, Default, Args)]
pub struct SelectionArgs {
    /// Only of this site, as news.example
    #[arg(long, value_name = "DOMAIN")]
    site: Option<String>,
    /// Not before this day (2026-03-04), time (2026-03-04T10:15:00Z) or age (12h, 7d, 2w)
    #[arg(long, value_name = "WHEN", value_parser = when::since)]
    since: Option<i64>,
    /// Before this time or age, or up to the end of this day
    #[arg(long, value_name = "WHEN", value_parser = when::until)]
    until: Option<i64>,
}

impl SelectionArgs {
    /// The same for a search.
    pub fn selection(&self) -> Selection {
        Selection {
            site: self.site.clone(),
            since: self.since,
            until: self.until,
            ..Selection::default()
        }
    }

    /// The query for it.
    pub fn query(&self) -> Query {
        Query {
            site: self.site.clone(),
            since: self.since,
            until: self.until,
            ..Query::default()
        }
    }
}
