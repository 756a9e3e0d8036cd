//! Where a request may go.

use keyturn_model::{rotation::Fault, setup::SetupWhy};
use tokio::{net::TcpListener, time::timeout};

use super::server::{Server, Then, answer, client};
use crate::{Client, Method, Request, check};

const NEAR: &[&str] = &[
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.2.1",
    "[::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2001::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:0:192.168.0.1]",
    "[::10.0.0.1]",
    "[64:ff9b::192.168.0.1]",
    "[64:ff9b:1::1]",
    "[2002:0a00:0001::1]",
];

const LOOPBACK: &[&str] = &[
    "127.0.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
    "LOCALHOST.",
    "api.localhost",
];

const METADATA: &[&str] = &[
    "169.254.169.254",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "169.254.170.2",
];

#[test]
fn what_leads_inward_needs_to_be_allowed_and_metadata_never_is() {
    for host in NEAR.iter().chain(LOOPBACK) {
        let address = format!("https://{host}/");
        assert_eq!(check(&address, false).err(), Some(SetupWhy::Private), "{host}");
        assert!(check(&address, true).is_ok(), "{host}");
    }
    for host in METADATA {
        for address in [format!("https://{host}/"), format!("http://{host}/")] {
            assert_eq!(check(&address, false).err(), Some(SetupWhy::Forbidden), "{host}");
            assert_eq!(check(&address, true).err(), Some(SetupWhy::Forbidden), "{host}");
        }
    }
    for host in ["example.com", "1.1.1.1", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]"] {
        assert!(check(&format!("https://{host}:8443/a?b=c"), false).is_ok(), "{host}");
    }
}

#[test]
fn plain_http_goes_to_this_computer_only_and_only_when_allowed() {
    for host in LOOPBACK {
        let address = format!("http://{host}:8080/");
        assert_eq!(check(&address, false).err(), Some(SetupWhy::Private), "{host}");
        assert!(check(&address, true).is_ok(), "{host}");
    }
    for host in NEAR.iter().chain(&["example.com", "1.1.1.1", "localhost.example.com"]) {
        let address = format!("http://{host}/");
        assert_eq!(check(&address, true).err(), Some(SetupWhy::Address), "{host}");
    }
}

#[test]
fn an_address_has_a_scheme_that_is_spoken_and_neither_user_nor_password() {
    let wrong = |address: &str| check(address, true).err();
    assert_eq!(wrong(""), Some(SetupWhy::Missing));
    for address in [
        "example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "data:text/plain,a",
        "https://user@example.com",
        "https://user:fixture@example.com",
        "https://example.com/#part",
        "https://",
        "https://exa%00mple.com",
    ] {
        assert_eq!(wrong(address), Some(SetupWhy::Address), "{address}");
    }
    for address in ["https://example.com/a b", "https://example.com/\n", " https://example.com"] {
        assert_eq!(wrong(address), Some(SetupWhy::Characters), "{address}");
    }
    let long = format!("https://example.com/{}", "a".repeat(3000));
    assert_eq!(wrong(&long), Some(SetupWhy::TooLong));
}

#[tokio::test]
async fn a_name_that_leads_inward_is_not_connected_to() {
    for inward in ["127.0.0.1", "::ffff:127.0.0.1", "::1"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let request = Request::new(Method::GET, format!("https://keys.example.com:{port}/"));
        let asked = client(&[inward], Vec::new()).send(&request, false).await;
        assert!(matches!(asked, Err(Fault::Forbidden)), "{inward}: {asked:?}");
        let connected = timeout(std::time::Duration::from_millis(50), listener.accept()).await;
        assert!(connected.is_err(), "{inward}");
    }
    for metadata in ["169.254.169.254", "fd00:ec2::254"] {
        let request = Request::new(Method::GET, "https://keys.example.com/");
        let asked = client(&[metadata], Vec::new()).send(&request, true).await;
        assert!(matches!(asked, Err(Fault::Forbidden)), "{metadata}: {asked:?}");
    }
}

#[tokio::test]
async fn localhost_is_this_computer_whatever_the_network_says() {
    let mut server = Server::start(Then::Close(answer("200 OK", "", "here"))).await;
    let elsewhere = client(&["192.0.2.1"], Vec::new());
    let request = Request::new(Method::GET, format!("http://localhost:{}/", server.port));
    assert_eq!(elsewhere.send(&request, true).await.unwrap().status, 200);
    assert_eq!(server.asked().len(), 1);
    assert!(matches!(elsewhere.send(&request, false).await, Err(Fault::Forbidden)));
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_nobody_can_tell_what_was_done() {
    let mut there = Server::start(Then::Close(answer("200 OK", "", "there"))).await;
    let location = format!("location: {}\r\n", there.address());
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let here = Server::start(Then::Close(answer(status, &location, ""))).await;
        let request = Request::new(Method::POST, here.address());
        let asked = Client::new().unwrap().send(&request, true).await.unwrap();
        assert_eq!(asked.status.to_string(), status[..3]);
        assert!(matches!(asked.done(), Err(Fault::Unknown)));
    }
    assert_eq!(there.asked().len(), 0);
}

#[tokio::test]
async fn a_header_that_says_how_bytes_travel_is_refused() {
    let mut server = Server::start(Then::Close(answer("200 OK", "", ""))).await;
    let client = Client::new().unwrap();
    for (name, value) in [
        ("Host", "other"),
        ("Content-Length", "5"),
        ("Transfer-Encoding", "chunked"),
        ("X-Line", "a\r\nX-Other: b"),
        ("X Name", "a"),
    ] {
        let request = Request::new(Method::GET, server.address()).header(name, value);
        assert!(matches!(client.send(&request, true).await, Err(Fault::Refused)), "{name}");
    }
    assert_eq!(server.asked().len(), 0);
}
