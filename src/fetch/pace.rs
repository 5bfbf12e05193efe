//! One request at a time per host, and not too often.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::time::Instant;
use url::Url;

use super::robots::Known;

/// How many hosts are remembered. At the limit, those that no request uses are forgotten.
const MAX_HOSTS: usize = 10_000;

/// What shares one pace: the host name, whatever the scheme and port. Empty for a URL without a host.
pub(crate) fn host_key(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// All hosts that were asked.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    by_name: Mutex<FxHashMap<String, Arc<Host>>>,
}

impl Hosts {
    /// The host of a URL.
    pub(super) fn of(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let name = host_key(url);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        if hosts.len() >= MAX_HOSTS {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        Arc::clone(hosts.entry(name.to_owned()).or_default())
    }
}

/// One host.
#[derive(Debug, Default)]
pub(super) struct Host {
    turn: tokio::sync::Mutex<Turn>,
}

impl Host {
    /// Waits until no other request to this host is under way. Who comes first is served first.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, Turn> {
        self.turn.lock().await
    }
}

/// The right to ask a host, and what is known of it.
#[derive(Debug, Default)]
pub(super) struct Turn {
    last_start: Option<Instant>,
    /// Nothing is asked before: the host said so.
    held_until: Option<Instant>,
    /// How often in a row it has refused to answer for the moment.
    pub(super) refusals: u32,
    /// Its robots.txt, one per scheme and port.
    pub(super) robots: Vec<(String, Known)>,
}

impl Turn {
    /// Waits until `pace` has passed since the last request began, and begins one.
    pub(super) async fn begin(&mut self, pace: Duration) {
        if let Some(due) = self.due(pace) {
            tokio::time::sleep_until(due).await;
        }
        self.last_start = Some(Instant::now());
    }

    /// Asks nothing of the host for so long from now on.
    pub(super) fn hold(&mut self, wait: Duration) {
        self.held_until = self.held_until.max(Instant::now().checked_add(wait));
    }

    /// How long the host still asks not to be asked.
    pub(super) fn held(&self) -> Duration {
        self.held_until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    fn due(&self, pace: Duration) -> Option<Instant> {
        self.last_start.and_then(|last| last.checked_add(pace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_first_request_is_due_at_once_and_the_next_after_the_pace() {
        let mut turn = Turn::default();
        assert_eq!(turn.due(Duration::from_secs(1)), None);
        let start = Instant::now();
        turn.last_start = Some(start);
        assert_eq!(
            turn.due(Duration::from_secs(1)),
            Some(start + Duration::from_secs(1))
        );
    }

    #[test]
    fn ports_and_schemes_of_a_host_share_its_turn() {
        let hosts = Hosts::default();
        assert!(Arc::ptr_eq(
            &hosts.of(&url("http://a.example/x")),
            &hosts.of(&url("https://A.example:8443/y"))
        ));
        assert!(!Arc::ptr_eq(
            &hosts.of(&url("http://a.example/")),
            &hosts.of(&url("http://b.example/"))
        ));
    }

    #[test]
    fn idle_hosts_are_forgotten_at_the_limit_and_busy_ones_kept() {
        let hosts = Hosts::default();
        let busy = hosts.of(&url("http://busy.example/"));
        for n in 0..MAX_HOSTS {
            hosts.of(&url(&format!("http://h{n}.example/")));
        }
        assert!(hosts.by_name.lock().unwrap().len() <= MAX_HOSTS);
        assert!(Arc::ptr_eq(&busy, &hosts.of(&url("http://busy.example/"))));
    }
}
