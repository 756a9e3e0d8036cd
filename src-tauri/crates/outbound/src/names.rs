//! Names become addresses here and nowhere else, so what is looked at is what is connected to.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use keyturn_model::rotation::Answer;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{
    address::is_localhost,
    reach::{Reach, reach},
};

/// Asks the system for the addresses of a name.
pub(crate) type Lookup =
    Arc<dyn Fn(String) -> Answer<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// A name leads where nobody said that it may.
#[derive(Debug)]
pub(crate) struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads where it must not")
    }
}

impl Error for Forbidden {}

/// The addresses of a name that are allowed.
///
/// # Errors
/// [`Forbidden`] when it has others alone, and what the system says when it cannot tell.
pub(crate) async fn found(
    name: &str,
    lookup: &Lookup,
    allowed: impl Fn(Reach) -> bool,
) -> Result<Vec<IpAddr>, Box<dyn Error + Send + Sync>> {
    let mut found = match is_localhost(name) {
        true => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        false => lookup(name.to_owned()).await?,
    };
    let was_found = !found.is_empty();
    found.retain(|ip| allowed(reach(*ip)));
    if was_found && found.is_empty() { Err(Forbidden.into()) } else { Ok(found) }
}

pub(crate) struct Names {
    pub(crate) private: bool,
    pub(crate) lookup: Lookup,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (private, lookup) = (self.private, Arc::clone(&self.lookup));
        Box::pin(async move {
            let allowed = |reach| match reach {
                Reach::World => true,
                Reach::Loopback | Reach::Near | Reach::Nowhere => private,
                Reach::Metadata => false,
            };
            let found = found(name.as_str(), &lookup, allowed).await?;
            Ok(Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

pub(crate) fn of_the_system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}
