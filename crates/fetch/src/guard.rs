use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether an address is one of the public Internet: not loopback, private, link-local, multicast, documentation or
/// otherwise set aside, and not such an address in the clothes of IPv6 (mapped, NAT64, 6to4).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => public_v4(v4),
        IpAddr::V6(v6) => public_v6(v6),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn public_v6(ip: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => embedded(high, low),
        // NAT64: what an IPv6-only network makes of an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, ORCHID, benchmarks and the like; then documentation, twice.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Only this block is given out.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Why an address may not be asked at all; names are judged again when they are resolved.
pub(crate) fn refuse(url: &Url, allow_private: bool) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some(format!("scheme “{}” is not asked: only http and https are", url.scheme()));
    }
    let private = match url.host() {
        None => return Some("the address names no host".to_owned()),
        Some(Host::Ipv4(ip)) => !public_v4(ip),
        Some(Host::Ipv6(ip)) => !public_v6(ip),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    };
    (private && !allow_private).then(|| format!("{}: {PRIVATE}", url.host_str().unwrap_or_default()))
}

const PRIVATE: &str = "a private, loopback or otherwise reserved address, which is not asked; allow_private = true on the source permits it (intranet, tests)";

/// A name all of whose addresses are private.
#[derive(Debug)]
pub(crate) struct Forbidden {
    name: String,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} resolves to {PRIVATE}", self.name)
    }
}

impl std::error::Error for Forbidden {}

/// Resolves names and leaves out private addresses. The connection is made to what is answered here, so there is no
/// second look-up that could say something else.
#[derive(Debug)]
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let all: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = all.iter().copied().filter(|a| is_public(a.ip())).collect();
            if public.is_empty() && !all.is_empty() {
                return Err(Forbidden { name }.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_addresses_are_known_in_every_disguise() {
        for host in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.9.9",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:0a00:1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::192.168.0.1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[3fff::1]",
            "[5f00::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
        ] {
            let url = Url::parse(&format!("http://{host}/")).expect(host);
            assert!(refuse(&url, false).is_some(), "{host}");
            assert!(refuse(&url, true).is_none(), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[2001:4860:4860::8888]",
            "[64:ff9b::8.8.8.8]",
            "[::ffff:8.8.8.8]",
            "[2002:808:808::1]",
            "www.etsi.org",
            "localhost.example.org",
        ] {
            assert_eq!(refuse(&Url::parse(&format!("https://{host}/")).expect(host), false), None, "{host}");
        }
    }

    #[test]
    fn only_http_is_asked() {
        for url in ["ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/plain,x", "javascript:1"] {
            assert!(refuse(&Url::parse(url).expect(url), true).is_some(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused() {
        let name: Name = "localhost".parse().expect("a name");
        let Err(e) = PublicOnly.resolve(name).await else { panic!("localhost must not resolve") };
        assert!(e.downcast_ref::<Forbidden>().is_some(), "{e}");
    }
}
