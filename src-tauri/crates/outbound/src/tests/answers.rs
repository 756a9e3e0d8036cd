//! What is sent, and what becomes of answers that are long, slow or broken.

use std::time::Duration;

use keyturn_model::rotation::Fault;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use tokio::net::TcpListener;

use super::server::{Server, Then, answer};
use crate::{Answer, Client, Method, Request};

async fn ask(then: Then) -> Result<Answer, Fault> {
    let mut server = Server::start(then).await;
    let request = Request::new(Method::POST, server.address());
    let asked = Client::new().unwrap().send(&request, true).await;
    assert_eq!(server.asked().len(), 1, "it is asked once");
    asked
}

fn is_unknown(asked: &Result<Answer, Fault>) -> bool {
    matches!(asked, Err(Fault::Unknown))
}

#[tokio::test]
async fn method_headers_and_body_arrive_and_the_answer_comes_back() {
    let mut server =
        Server::start(Then::Close(answer("201 Created", "retry-after: 7\r\n", "a body"))).await;
    let request = Request::new(Method::PUT, server.address())
        .header("x-open", "seen")
        .secret_header("authorization", SecretString::from("Bearer fixture-token"))
        .with_body("application/json", SecretSlice::from(b"{\"a\":1}".to_vec()));
    let asked = Client::new().unwrap().send(&request, true).await.unwrap();
    assert_eq!((asked.status, asked.retry_after_s), (201, Some(7)));
    assert_eq!(asked.body.expose_secret(), b"a body");
    let heard = server.asked().remove(0);
    assert!(heard.starts_with("PUT /keys HTTP/1.1\r\n"), "{heard}");
    for part in [
        "x-open: seen\r\n",
        "authorization: Bearer fixture-token\r\n",
        "content-type: application/json\r\n",
        "user-agent: Keyturn/",
        "\r\n\r\n{\"a\":1}",
    ] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
    assert!(!heard.contains("accept-encoding"), "nothing may come packed: {heard}");
    assert!(!format!("{request:?}").contains("fixture-token"));
    assert!(!format!("{asked:?}").contains("a body"));
}

#[test]
fn a_secret_header_is_marked_so_that_nobody_writes_it_down() {
    let request = Request::new(Method::GET, "https://example.com")
        .header("x-open", "seen")
        .secret_header("x-secret", SecretString::from("fixture-token"));
    let headers = crate::client::headers(&request).unwrap();
    assert!(!headers["x-open"].is_sensitive() && headers["x-secret"].is_sensitive());
    assert!(!format!("{headers:?}").contains("fixture-token"));
}

#[tokio::test]
async fn an_answer_of_a_mebibyte_is_read_and_a_longer_one_is_not() {
    let full = "a".repeat(1024 * 1024);
    let asked = ask(Then::Close(answer("200 OK", "", &full))).await.unwrap();
    assert_eq!(asked.body.expose_secret().len(), full.len());
    let longer = format!("{full}a");
    assert!(is_unknown(&ask(Then::Close(answer("200 OK", "", &longer))).await));
}

#[tokio::test]
async fn a_gibibyte_is_cut_off_early() {
    let chunk = vec![b'a'; 64 * 1024];
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n".to_vec();
    let forever = Then::Forever(head, chunk, Duration::ZERO);
    let asked = tokio::time::timeout(Duration::from_secs(8), ask(forever)).await;
    assert!(is_unknown(&asked.expect("long before the time limit")));
}

#[tokio::test]
async fn what_is_packed_stays_packed() {
    let packed = answer("200 OK", "content-encoding: gzip\r\n", "not unpacked");
    let asked = ask(Then::Close(packed)).await.unwrap();
    assert_eq!(asked.body.expose_secret(), b"not unpacked");
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let many = "x-more: a\r\n".repeat(100);
    assert!(is_unknown(&ask(Then::Close(answer("200 OK", &many, ""))).await));
    let head = b"HTTP/1.1 200 OK\r\nx-long: ".to_vec();
    let forever = Then::Forever(head, vec![b'a'; 64 * 1024], Duration::ZERO);
    let asked = tokio::time::timeout(Duration::from_secs(8), ask(forever)).await;
    assert!(is_unknown(&asked.expect("long before the time limit")));
}

#[tokio::test]
async fn garbage_and_half_answers_leave_open_what_was_done() {
    for garbage in ["", "garbage\r\n\r\n", "HTTP/1.1 banana\r\n\r\n", "SSH-2.0-OpenSSH\r\n"] {
        assert!(is_unknown(&ask(Then::Close(garbage.into())).await), "{garbage}");
    }
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    assert!(is_unknown(&ask(Then::Close(half.clone())).await));
    assert!(is_unknown(&ask(Then::Reset(half)).await));
    assert!(is_unknown(&ask(Then::Reset(Vec::new())).await));
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec();
    assert!(is_unknown(&ask(Then::Close(chunked)).await));
}

#[tokio::test]
async fn what_was_refused_was_refused_although_the_rest_is_missing() {
    let half = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let asked = ask(Then::Reset(half)).await.unwrap();
    assert!(matches!(asked.done(), Err(Fault::Denied)));
    let half = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    assert!(is_unknown(&ask(Then::Close(half)).await));
}

#[tokio::test]
async fn silence_and_a_slow_drip_end_by_the_clock() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let drip = Then::Forever(head.clone(), vec![b'a'], Duration::from_millis(100));
    let all =
        async { tokio::join!(ask(Then::Stall(Vec::new())), ask(Then::Stall(head)), ask(drip)) };
    let (silent, half, dripping) =
        tokio::time::timeout(Duration::from_secs(15), all).await.expect("the limit holds");
    assert!(is_unknown(&silent) && is_unknown(&half) && is_unknown(&dripping));
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let request = Request::new(Method::POST, address);
    let asked = Client::new().unwrap().send(&request, true).await;
    assert!(matches!(asked, Err(Fault::Busy { wait_s: None })), "{asked:?}");
}
