//! Where an IP address leads, whatever form it is written in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Out into the world.
    World,
    /// Into this computer.
    Loopback,
    /// Into the local network.
    Near,
    /// To this link alone, to many at once, or to nobody: what is set aside.
    Nowhere,
    /// To what tells a machine in a cloud its own credentials.
    Metadata,
}

/// Amazon (also for containers), Google, Alibaba, Oracle, Azure.
const METADATA: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

pub(crate) fn reach(address: IpAddr) -> Reach {
    if METADATA.contains(&address) {
        return Reach::Metadata;
    }
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => match carried(address) {
            Some(inner) => reach(IpAddr::V4(inner)),
            None => reach_v6(address),
        },
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Reach::Loopback,
        (10, ..) | (100, 64..=127, _) | (172, 16..=31, _) | (192, 168, _) | (198, 18 | 19, _) => {
            Reach::Near
        }
        (0 | 224.., ..)
        | (169, 254, _)
        | (192, 0, 0 | 2)
        | (192, 88, 99)
        | (198, 51, 100)
        | (203, 0, 113) => Reach::Nowhere,
        _ => Reach::World,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Loopback;
    }
    match address.segments() {
        // Teredo, other protocols and examples lie inside of what else is the world.
        [0x2001, ..=0x01ff | 0xdb8, ..] | [0x3fff, ..=0x0fff, ..] => Reach::Nowhere,
        [0x2000..=0x3fff, ..] => Reach::World,
        [0xfc00..=0xfdff, ..] => Reach::Near,
        _ => Reach::Nowhere,
    }
}

/// The address of the older kind that one of the newer kind carries: mapped, compatible, NAT64, 6to4.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let four = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(four(high, low)),
        _ => None,
    }
}
