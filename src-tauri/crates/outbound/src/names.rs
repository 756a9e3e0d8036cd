//! Names become addresses here and nowhere else, so what is looked at is what is connected to.

use std::{
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

impl std::error::Error for Forbidden {}

pub(crate) struct Names {
    pub(crate) private: bool,
    pub(crate) lookup: Lookup,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (private, lookup) = (self.private, Arc::clone(&self.lookup));
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = match is_localhost(&name) {
                true => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
                false => lookup(name).await?,
            };
            let was_found = !found.is_empty();
            let allowed: Vec<_> = found
                .into_iter()
                .filter(|ip| match reach(*ip) {
                    Reach::World => true,
                    Reach::Loopback | Reach::Near => private,
                    Reach::Metadata => false,
                })
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if was_found && allowed.is_empty() {
                return Err(Forbidden.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
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
