//! What the tests of a binding act with: values, bindings, and a server on this computer.
#![allow(dead_code, reason = "each test uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::sync::Arc;

use keyturn_deliveries::consumer;
use keyturn_model::{
    rotation::{Consumer, Value},
    setup::{BindingSetup, FileFormat, HealthCheck, Looks, Part, Reloading, Secrets, Sending},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

pub(crate) fn value(password: &str) -> Value {
    Value {
        fields: [("user".to_owned(), "app".to_owned())].into(),
        secrets: vec![("password".to_owned(), password.to_owned().into())],
        expires: None,
    }
}

pub(crate) fn secrets() -> Secrets {
    ["delivery", "reload", "check"]
        .map(|place| (place.to_owned(), format!("Bearer fixture-{place}").into()))
        .into()
}

pub(crate) fn setup(sending: Sending) -> BindingSetup {
    let (reloading, check, looks) = (Reloading::Live, HealthCheck::None, Looks::default());
    BindingSetup { sending, reloading, check, looks, takes_s: 3, away_s: 2 }
}

pub(crate) fn file(path: &std::path::Path, format: FileFormat, parts: &[(&str, &str)]) -> Sending {
    let part = |(key, text): &(&str, &str)| Part { key: (*key).into(), text: (*text).into() };
    let path = path.to_str().unwrap().to_owned();
    Sending::File { path, format, parts: parts.iter().map(part).collect() }
}

pub(crate) fn by(setup: &BindingSetup) -> Arc<dyn Consumer> {
    consumer(setup, &secrets())
}

/// A server that gives each of these answers once, one connection after the other, and shows what it was
/// asked. An empty answer is none: it hangs up.
pub(crate) async fn server(answers: Vec<String>) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (asked, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !is_whole(&request) {
                let mut some = [0; 4096];
                let read = stream.read(&mut some).await.unwrap();
                assert!(read > 0, "a whole request");
                request.extend_from_slice(&some[..read]);
            }
            let _ = asked.send(String::from_utf8(request).unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (address, seen)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
    });
    body.len() >= length.unwrap_or(0)
}

pub(crate) fn answer(status: u16, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n{body}"
    )
}
