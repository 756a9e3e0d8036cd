//! Which addresses may be called at all, as far as the address itself can tell.

use std::net::IpAddr;

use keyturn_model::setup::SetupWhy;
use url::{Host, Url};

use crate::reach::{Reach, reach};

const LONGEST: usize = 2048;

/// The address, if it may be called: `https`, or plain `http` into this computer; no user, no password.
/// `private` says that it may lead into this computer or the local network. Where a name leads is looked
/// at again when it is called.
///
/// # Errors
/// What is wrong with it.
pub fn check(address: &str, private: bool) -> Result<Url, SetupWhy> {
    if address.is_empty() {
        return Err(SetupWhy::Missing);
    }
    if address.len() > LONGEST {
        return Err(SetupWhy::TooLong);
    }
    if address.chars().any(|each| each.is_control() || each.is_whitespace()) {
        return Err(SetupWhy::Characters);
    }
    let url = Url::parse(address).map_err(|_| SetupWhy::Address)?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(SetupWhy::Address);
    }
    let leads = match url.host().ok_or(SetupWhy::Address)? {
        Host::Ipv4(ip) => reach(IpAddr::V4(ip)),
        Host::Ipv6(ip) => reach(IpAddr::V6(ip)),
        Host::Domain(name) if is_localhost(name) => Reach::Loopback,
        Host::Domain(_) => Reach::World,
    };
    match (url.scheme(), leads) {
        (_, Reach::Metadata) => Err(SetupWhy::Forbidden),
        ("https" | "http", Reach::Loopback) | ("https", Reach::Near | Reach::Nowhere)
            if !private =>
        {
            Err(SetupWhy::Private)
        }
        ("https", _) | ("http", Reach::Loopback) => Ok(url),
        _ => Err(SetupWhy::Address),
    }
}

/// Whether a name means this computer, whatever the network says.
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}
