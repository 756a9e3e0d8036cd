//! Connections to databases and ports. These are usually near, so whoever names one may name a place in the local
//! network, and this computer by a word or number that means it. What belongs to this link, to many or to nobody, and
//! what tells a machine in a cloud its own credentials, is never connected to, by whatever name.

use std::net::{IpAddr, SocketAddr};

use keyturn_model::{rotation::Fault, setup::SetupWhy};
use tokio::net::TcpStream;

use crate::{
    address::is_localhost,
    names::{Forbidden, Lookup, found, of_the_system},
    reach::{Reach, reach},
};

const LONGEST_HOST: usize = 253;

/// What is wrong with a host as it is typed. Where a name leads is looked at when it is connected to.
#[must_use]
pub fn host_fault(host: &str) -> Option<SetupWhy> {
    let fits = |each: char| each.is_ascii_alphanumeric() || ".-_:".contains(each);
    if host.is_empty() {
        Some(SetupWhy::Missing)
    } else if host.len() > LONGEST_HOST {
        Some(SetupWhy::TooLong)
    } else if !host.chars().all(fits) {
        Some(SetupWhy::Characters)
    } else {
        let number = host.parse::<IpAddr>().ok()?;
        (!is_allowed(reach(number), true)).then_some(SetupWhy::Forbidden)
    }
}

/// Whether a password can go there in the clear.
pub(crate) fn is_here(host: &str) -> bool {
    is_localhost(host) || host.parse().is_ok_and(|number: IpAddr| number.is_loopback())
}

/// A connection to a port, without a word said.
///
/// # Errors
/// [`Fault::Forbidden`] when the host leads where nothing is sent, [`Fault::Busy`] when nobody is there.
pub async fn dial(host: &str, port: u16) -> Result<TcpStream, Fault> {
    let found = addresses(host, &of_the_system()).await?;
    let found: Vec<_> = found.into_iter().map(|number| SocketAddr::new(number, port)).collect();
    TcpStream::connect(found.as_slice()).await.map_err(|_| not_reached())
}

/// Where a host may be connected to. It is asked for once; whoever asks again may be told another place.
///
/// # Errors
/// As for [`dial`].
pub(crate) async fn addresses(host: &str, lookup: &Lookup) -> Result<Vec<IpAddr>, Fault> {
    if let Ok(number) = host.parse() {
        let allowed = is_allowed(reach(number), true);
        return allowed.then(|| vec![number]).ok_or(Fault::Forbidden);
    }
    let here = is_localhost(host);
    let found = found(host, lookup, |reach| is_allowed(reach, here)).await;
    found.map_err(|error| if error.is::<Forbidden>() { Fault::Forbidden } else { not_reached() })
}

/// `here`: what was typed means this computer.
fn is_allowed(reach: Reach, here: bool) -> bool {
    match reach {
        Reach::World | Reach::Near => true,
        Reach::Loopback => here,
        Reach::Nowhere | Reach::Metadata => false,
    }
}

/// Nobody was there. Nothing was done, and asking again can help.
#[must_use]
pub fn not_reached() -> Fault {
    Fault::Busy { wait_s: None }
}
