//! Addresses that a page, a feed or a redirect may not make this machine reach.
//!
//! A literal address is checked before each hop; a name is checked where it is resolved, on the very addresses that
//! are then connected to, so that a name cannot change between check and use.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustc_hash::FxHashSet;
use url::{Host, Url};

/// Which hosts may be reached.
#[derive(Debug)]
pub(super) struct Guard {
    exempt: FxHashSet<String>,
}

impl Guard {
    /// Public addresses, and these host names or addresses wherever they are.
    pub(super) fn new(allow_private: &[String]) -> Self {
        let normal = |host: &String| {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            if let Ok(address) = bare.parse::<IpAddr>() {
                return address.to_string();
            }
            Host::parse(host).map_or_else(|_| host.to_ascii_lowercase(), |host| host.to_string())
        };
        Self {
            exempt: allow_private.iter().map(normal).collect(),
        }
    }

    /// The address of a host that is written as one, if it may not be reached.
    pub(super) fn refused(&self, url: &Url) -> Option<IpAddr> {
        let address = match url.host()? {
            Host::Domain(_) => return None,
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        (!is_public(address) && !self.exempt.contains(&address.to_string())).then_some(address)
    }
}

/// Resolves names as the system does and drops the addresses that may not be reached.
#[derive(Debug, Clone)]
pub(super) struct GuardedResolver(pub(super) Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let exempt = self.0.exempt.contains(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(ResolveError::Unknown)?;
            Ok(permitted(found.collect(), exempt)?)
        })
    }
}

fn permitted(found: Vec<SocketAddr>, exempt: bool) -> Result<Addrs, ResolveError> {
    let refused = found
        .iter()
        .find(|address| !is_public(address.ip()))
        .map(SocketAddr::ip);
    let good: Vec<_> = found
        .into_iter()
        .filter(|address| exempt || is_public(address.ip()))
        .collect();
    if good.is_empty() {
        let none = || ResolveError::Unknown(io::Error::other("no address"));
        return Err(refused.map_or_else(none, ResolveError::Blocked));
    }
    Ok(Box::new(good.into_iter()))
}

/// What [`GuardedResolver`] reports through the client.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    /// All its addresses are refused; this is one.
    #[error("{0} is not a public address")]
    Blocked(IpAddr),
    /// The name has no address.
    #[error(transparent)]
    Unknown(io::Error),
}

/// The address is one of the public internet: not loopback, private, shared, link-local, multicast, reserved or for
/// documentation, also where an IPv6 address embeds an IPv4 one (RFC 6890 and the IANA special-purpose registries).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Mapped IPv4, NAT64 and 6to4 reach the IPv4 address they embed.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // IETF protocol assignments with Teredo, benchmarking and ORCHID; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(guard: &Guard, url: &str) -> bool {
        guard.refused(&Url::parse(url).unwrap()).is_some()
    }

    #[test]
    fn special_addresses_are_refused_however_they_are_written() {
        let guard = Guard::new(&[]);
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.9",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[2001::1]",
            "[100::1]",
            "[3fff::1]",
        ] {
            assert!(refused(&guard, &format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        let guard = Guard::new(&[]);
        for host in [
            "93.184.215.14",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "example.org",
            "localhost",
            "[2606:2800:220:1::1]",
            "[::ffff:93.184.215.14]",
            "[64:ff9b::5db8:d70e]",
        ] {
            assert!(!refused(&guard, &format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn an_exempt_address_passes_and_no_other() {
        let guard = Guard::new(&[
            "127.0.0.1".to_owned(),
            "[::1]".to_owned(),
            "Intranet.Example".to_owned(),
        ]);
        assert!(!refused(&guard, "http://127.0.0.1:8080/"));
        assert!(!refused(&guard, "http://0x7f.1/"));
        assert!(!refused(&guard, "http://[::1]/"));
        assert!(refused(&guard, "http://127.0.0.2/"));
        assert!(guard.exempt.contains("intranet.example"));
    }

    #[test]
    fn a_name_with_public_and_private_addresses_is_reached_at_the_public_ones_only() {
        let address = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        let found = vec![address("10.0.0.1"), address("93.184.215.14")];
        assert_eq!(
            permitted(found.clone(), false).ok().unwrap().collect::<Vec<_>>(),
            found[1..]
        );
        assert_eq!(
            permitted(found.clone(), true).ok().unwrap().collect::<Vec<_>>(),
            found
        );
        assert!(matches!(
            permitted(found[..1].to_vec(), false),
            Err(ResolveError::Blocked(_))
        ));
        assert!(matches!(
            permitted(Vec::new(), false),
            Err(ResolveError::Unknown(_))
        ));
    }
}
