//! A server that reads one request a connection and then does what it was told.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use rustls::pki_types::CertificateDer;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};

use crate::{Client, names::Lookup};

/// What is sent, and what happens then.
pub(super) enum Then {
    /// The connection is closed in good order.
    Close(Vec<u8>),
    /// The connection is reset.
    Reset(Vec<u8>),
    /// Nothing more comes, but the connection stays.
    Stall(Vec<u8>),
    /// These bytes come again and again.
    Forever(Vec<u8>, Vec<u8>, Duration),
}

pub(super) struct Server {
    pub(super) port: u16,
    pub(super) requests: UnboundedReceiver<String>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(super) async fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, requests) = unbounded_channel();
        let task = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tell.send(heard(&mut stream).await).unwrap();
                if matches!(then, Then::Reset(_)) {
                    stream.set_zero_linger().unwrap();
                }
                let _ = act(&mut stream, &then).await;
            }
        });
        Self { port, requests, task }
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/keys", self.port)
    }

    /// What was asked so far.
    pub(super) fn asked(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

/// The head of a request, and as much body as its length says.
pub(super) async fn heard(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let (mut text, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut some).await.unwrap_or(0);
        text.extend_from_slice(&some[..count]);
        let read = String::from_utf8_lossy(&text).into_owned();
        let length = read.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        let whole = read.find("\r\n\r\n").is_some_and(|head| read.len() >= head + 4 + length);
        if count == 0 || whole {
            return read;
        }
    }
}

pub(super) async fn act(stream: &mut (impl AsyncWrite + Unpin), then: &Then) -> io::Result<()> {
    match then {
        Then::Close(bytes) => {
            stream.write_all(bytes).await?;
            stream.shutdown().await
        }
        Then::Reset(bytes) => stream.write_all(bytes).await,
        Then::Stall(bytes) => {
            stream.write_all(bytes).await?;
            stream.flush().await?;
            std::future::pending().await
        }
        Then::Forever(head, bytes, pause) => {
            stream.write_all(head).await?;
            loop {
                stream.write_all(bytes).await?;
                tokio::time::sleep(*pause).await;
            }
        }
    }
}

/// An answer with a body.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// A client for which every name leads to these addresses.
pub(super) fn client(leads: &[&str], trusted: Vec<CertificateDer<'static>>) -> Client {
    let leads: Vec<IpAddr> = leads.iter().map(|ip| ip.parse().unwrap()).collect();
    let lookup: Lookup = Arc::new(move |_| {
        let leads = leads.clone();
        Box::pin(async move { Ok(leads) })
    });
    Client::of(lookup, trusted).unwrap()
}
