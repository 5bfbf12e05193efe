//! The site of a URL: one rule for all who ask whether two pages belong together.

use url::{Host, Url};

/// The site of a URL: its registrable domain, as "example.co.uk"; the host itself where it has none (an address,
/// `localhost`); empty where there is no host.
pub fn site_of(url: &Url) -> String {
    let host = plain_host(url);
    registrable(url, host).unwrap_or(host).to_owned()
}

/// The host without a trailing dot; `Url` has it in lower case already.
pub(crate) fn plain_host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host)
}

/// The registrable domain of a URL whose [plain host](plain_host) this is; an address has none.
pub(crate) fn registrable<'a>(url: &Url, host: &'a str) -> Option<&'a str> {
    matches!(url.host(), Some(Host::Domain(_)))
        .then(|| psl::domain_str(host))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_the_registrable_domain_or_else_the_host() {
        let site = |url| site_of(&Url::parse(url).unwrap());
        assert_eq!(site("https://news.example.co.uk/a"), "example.co.uk");
        assert_eq!(site("http://127.0.0.1:80/a"), "127.0.0.1");
        assert_eq!(site("http://localhost/a"), "localhost");
        assert_eq!(site("file:///a"), "");
    }
}
