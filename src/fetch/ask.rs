//! One request, and the way from the first to the answer: redirects, retries, and the host that asks to wait.

use std::time::{Duration, SystemTime};

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use tokio::time::Instant;
use url::Url;

use super::body::{self, Sniff};
use super::client::sort_error;
use super::error::TOTAL;
use super::fresh::{self, Listed, Validators};
use super::pace::Turn;
use super::robots;
use super::wait::{self, MAX_RETRIES};
use super::{FetchError, Fetcher, MAX_REDIRECTS, Page, Wanted, now};

/// An answer to one request.
pub(super) enum Answer {
    Listed(Listed),
    Moved(Url),
}

impl Fetcher {
    /// Follows redirects to the answer. The condition is put to each URL on the way: only the last heeds it.
    pub(super) async fn follow(
        &self,
        url: &Url,
        wanted: Wanted,
        known: &Validators,
    ) -> Result<Listed, FetchError> {
        let mut current = url.clone();
        let mut left = self.config.total_timeout;
        for _ in 0..=MAX_REDIRECTS {
            current.set_fragment(None);
            self.check(&current)?;
            match self.ask_in_turn(&current, wanted, known, &mut left).await? {
                Answer::Listed(listed) => return Ok(listed),
                Answer::Moved(next) => current = next,
            }
        }
        Err(FetchError::TooManyRedirects {
            url: url.to_string(),
            limit: MAX_REDIRECTS,
        })
    }

    /// Asks in the host's turn and pace, and again where that may help, within the time that is `left`.
    async fn ask_in_turn(
        &self,
        url: &Url,
        wanted: Wanted,
        known: &Validators,
        left: &mut Duration,
    ) -> Result<Answer, FetchError> {
        let host = self.hosts.of(url);
        let mut turn = host.turn().await;
        self.wait_as_told(url, &turn).await?;
        let pace = self.obey_robots(url, &mut turn).await?;
        let mut delay = pace;
        let mut tries = 0;
        loop {
            turn.begin(delay).await;
            let start = Instant::now();
            let answer = tokio::time::timeout(*left, self.ask(url, wanted, known, &mut turn)).await;
            *left = left.saturating_sub(start.elapsed());
            let out_of_time = |_| FetchError::Timeout {
                url: url.to_string(),
                limit: TOTAL,
            };
            let error = match answer.map_err(out_of_time)? {
                Ok(answer) => {
                    turn.refusals = 0;
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let bearable = error.wait_until().is_some() && turn.held() <= self.config.max_wait;
            if tries == MAX_RETRIES || left.is_zero() || !(error.may_pass() || bearable) {
                return Err(error);
            }
            tries += 1;
            tracing::debug!(%url, tries, "asking again: {error}");
            self.wait_as_told(url, &turn).await?;
            delay = wait::before_retry(pace, tries);
        }
    }

    /// Waits while the host asks for it, unless that is too long.
    async fn wait_as_told(&self, url: &Url, turn: &Turn) -> Result<(), FetchError> {
        let held = turn.held();
        if held > self.config.max_wait {
            return Err(FetchError::HostWaits {
                url: url.to_string(),
                until: now().saturating_add(held.as_secs().cast_signed()),
            });
        }
        if !held.is_zero() {
            tokio::time::sleep(held).await;
        }
        Ok(())
    }

    /// Sends one request, on a condition where there is one.
    pub(super) async fn send(&self, url: &Url, known: &Validators) -> Result<Response, FetchError> {
        let client = self.clients.of(url).await?;
        client
            .get(url.clone())
            .headers(known.headers())
            .send()
            .await
            .map_err(|error| sort_error(url, &error))
    }

    async fn ask(
        &self,
        url: &Url,
        wanted: Wanted,
        known: &Validators,
        turn: &mut Turn,
    ) -> Result<Answer, FetchError> {
        let response = self.send(url, known).await?;
        let max_age = fresh::max_age(response.headers());
        if response.status().as_u16() == 304 && !known.is_empty() {
            return Ok(Answer::Listed(Listed::NotModified { max_age }));
        }
        if let Some(next) = redirect(&response, url)? {
            return Ok(Answer::Moved(next));
        }
        if !response.status().is_success() {
            return Err(refusal(&response, url, turn));
        }
        let header = response.headers().get(CONTENT_TYPE);
        let content_type = header.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let sniff = match content_type.as_deref().filter(|name| !name.trim().is_empty()) {
            Some(name) if body::is_wanted(name, wanted) => Sniff::Header,
            Some(name) => {
                return Err(FetchError::NotText {
                    url: url.to_string(),
                    found: name.to_owned(),
                });
            }
            None if wanted == Wanted::Listing => Sniff::Header,
            None => Sniff::Bytes,
        };
        let validators = Validators::of(response.headers());
        let robots_tag = robots::tags(response.headers(), &self.product);
        let body = body::read(response, url, self.config.max_body, sniff).await?;
        let page = Page {
            url: url.clone(),
            content_type,
            body,
            fetched: now(),
        };
        Ok(Answer::Listed(Listed::Page {
            page: Box::new(page),
            validators,
            max_age,
            robots_tag,
        }))
    }
}

/// A status that is no answer. Where it asks for a wait, the whole host waits.
fn refusal(response: &Response, url: &Url, turn: &mut Turn) -> FetchError {
    let status = response.status().as_u16();
    let url = url.to_string();
    let Some(wait) = wait::asked_for(status, response.headers(), turn.refusals, SystemTime::now()) else {
        return FetchError::Status { url, status };
    };
    turn.refusals = turn.refusals.saturating_add(1);
    turn.hold(wait);
    FetchError::ToldToWait {
        url,
        status,
        until: now().saturating_add(wait.as_secs().cast_signed()),
    }
}

/// Where an answer redirects to, if it does.
pub(super) fn redirect(response: &Response, url: &Url) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let bad = |reason: &str| FetchError::Redirect {
        url: url.to_string(),
        reason: reason.to_owned(),
    };
    let location = response
        .headers()
        .get(LOCATION)
        .ok_or_else(|| bad("no Location"))?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| bad("Location is not UTF-8"))?;
    join(url, location).map(Some)
}

pub(super) fn join(url: &Url, reference: &str) -> Result<Url, FetchError> {
    url.join(reference).map_err(|error| FetchError::Redirect {
        url: url.to_string(),
        reason: error.to_string(),
    })
}
