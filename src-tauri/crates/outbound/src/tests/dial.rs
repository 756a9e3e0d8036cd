//! Where a connection to a database or a port may go.

use std::{
    io,
    net::{IpAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use keyturn_model::{
    rotation::Fault,
    setup::{Protocol, Server, SetupWhy, Tls},
};
use secrecy::SecretString;

use crate::{
    dial::{addresses, dial, host_fault},
    login::{Login, is_there, lets_in},
    names::Lookup,
};

const WORLD: &[&str] = &["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"];
const NEAR: &[&str] = &[
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "fc00::1",
    "fd12:3456::1",
    "::ffff:10.0.0.1",
    "64:ff9b::192.168.0.1",
];
const LOOPBACK: &[&str] = &["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"];
const NEVER: &[&str] = &[
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "fe80::1",
    "ff02::1",
    "fd00:ec2::254",
    "2001:db8::1",
    "2001::1",
    "64:ff9b:1::1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "::169.254.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
];

/// Every name leads to these; and how often one was asked for.
fn leads(to: &[&str]) -> (Lookup, Arc<AtomicUsize>) {
    let to: Vec<IpAddr> = to.iter().map(|number| number.parse().unwrap()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        let to = to.clone();
        Box::pin(async move { Ok(to) })
    });
    (lookup, asked)
}

fn numbers(of: &[&str]) -> Vec<IpAddr> {
    of.iter().map(|number| number.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_number_may_be_near_or_here_as_somebody_typed_it_and_never_of_this_link_or_of_a_cloud() {
    let (nowhere, asked) = leads(&[]);
    for number in [WORLD, NEAR, LOOPBACK].concat() {
        assert_eq!(host_fault(number), None, "{number}");
        assert_eq!(addresses(number, &nowhere).await.unwrap(), numbers(&[number]), "{number}");
    }
    for number in NEVER {
        assert_eq!(host_fault(number), Some(SetupWhy::Forbidden), "{number}");
        let found = addresses(number, &nowhere).await;
        assert!(matches!(found, Err(Fault::Forbidden)), "{number}: {found:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0, "a number is no name");
}

#[tokio::test]
async fn a_name_may_lead_into_the_world_or_the_local_network_and_not_into_this_computer() {
    for number in [WORLD, NEAR].concat() {
        let (lookup, asked) = leads(&[number]);
        let found = addresses("db.example.com", &lookup).await.unwrap();
        assert_eq!(found, numbers(&[number]), "{number}");
        assert_eq!(asked.load(Ordering::SeqCst), 1, "whoever asks again may be told another");
    }
    for number in [NEVER, LOOPBACK].concat() {
        for name in ["db.example.com", "db", "localhost.example.com"] {
            let found = addresses(name, &leads(&[number]).0).await;
            assert!(matches!(found, Err(Fault::Forbidden)), "{name} {number}: {found:?}");
        }
    }
    let mixed = leads(&["169.254.169.254", "10.0.0.1", "127.0.0.1", "1.1.1.1"]).0;
    let found = addresses("db.example.com", &mixed).await.unwrap();
    assert_eq!(found, numbers(&["10.0.0.1", "1.1.1.1"]), "what is forbidden is left out");
}

#[tokio::test]
async fn localhost_is_this_computer_without_anybody_being_asked() {
    let (elsewhere, asked) = leads(&["10.0.0.1"]);
    for name in ["localhost", "LOCALHOST.", "db.localhost"] {
        let found = addresses(name, &elsewhere).await.unwrap();
        assert_eq!(found, numbers(&["127.0.0.1", "::1"]), "{name}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_is_not_known_is_nobody_there() {
    let unknown: Lookup = Arc::new(|_| Box::pin(async { Err(io::ErrorKind::NotFound.into()) }));
    let found = addresses("db.example.com", &unknown).await;
    assert!(matches!(found, Err(Fault::Busy { wait_s: None })), "{found:?}");
}

#[tokio::test]
async fn a_port_is_open_or_nobody_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost"] {
        dial(host, port).await.unwrap();
    }
    drop(listener);
    let dialled = dial("127.0.0.1", port).await;
    assert!(matches!(dialled, Err(Fault::Busy { wait_s: None })), "{dialled:?}");
}

#[tokio::test]
async fn every_login_and_every_check_of_a_port_keeps_to_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let password = SecretString::from("fixture");
    let server = |host: &str, tls| Server {
        host: host.into(),
        port,
        database: String::new(),
        user: "app".into(),
        tls,
    };
    // The system takes these for numbers of this computer, and for one of a cloud.
    for (host, tls, forbidden) in [
        ("2130706433", Tls::Verified, true),
        ("0x7f.1", Tls::Verified, true),
        ("0xa9fea9fe", Tls::Verified, true),
        ("169.254.169.254", Tls::Verified, true),
        ("169.254.169.254", Tls::Off, true),
        ("2130706433", Tls::Off, false),
        ("10.0.0.1", Tls::Off, false),
    ] {
        let server = server(host, tls);
        let kept = |fault: Option<Fault>, what: &str| {
            let fits = match fault {
                Some(Fault::Forbidden) => forbidden,
                Some(Fault::Refused) => !forbidden,
                _ => false,
            };
            assert!(fits, "{what} {host} {tls:?}");
        };
        for protocol in [Protocol::Postgres, Protocol::Mysql, Protocol::Redis] {
            let login = Login { user: "app", password: &password, database: "" };
            let came = lets_in(protocol, &server, login).await;
            kept(came.err(), &format!("{protocol:?}"));
        }
        kept(is_there(&server).await.err(), "is there");
        if forbidden {
            kept(dial(host, port).await.err(), "a port");
        }
    }
    assert!(listener.accept().is_err(), "nobody came");
}
