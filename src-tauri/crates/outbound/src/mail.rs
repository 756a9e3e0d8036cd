//! The way to a mail server. What is said on it is for others.
//!
//! Nothing but `STARTTLS` is said in the clear, except within this computer; and what came in the clear is never
//! taken for what came after: an answer is read to its end, and not a byte further.

use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
};

use keyturn_model::{
    channel::{MailServer, MailTls},
    rotation::Fault,
    setup::{SetupFault, SetupWhy},
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use crate::{
    dial::{dial, host_fault, is_here, not_reached},
    login::{
        Limit,
        way::{Bounded, Stream, shake},
    },
};

/// The most bytes of one answer in the clear.
const LONGEST_ANSWER: usize = 4096;

/// What is wrong with the place of a mail server.
#[must_use]
pub fn faults(server: &MailServer) -> Vec<SetupFault> {
    let host = host_fault(&server.host).map(|why| SetupFault::new("host", why));
    let port = (server.port == 0).then(|| SetupFault::new("port", SetupWhy::Number));
    let readable = server.tls == MailTls::Off && !is_here(&server.host);
    let tls = readable.then(|| SetupFault::new("tls", SetupWhy::Readable));
    host.into_iter().chain(port).chain(tls).collect()
}

/// A connection to a mail server, which greets.
pub struct Connection {
    stream: Box<dyn Stream>,
    /// What is still to be read before anything else.
    first: &'static [u8],
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection(hidden)")
    }
}

/// Connects. After `STARTTLS` a server does not greet again, so its greeting is repeated for whoever reads.
///
/// # Errors
/// [`Fault::Forbidden`] when the host leads where nothing is sent, [`Fault::Refused`] when it cannot prove who it is or
/// cannot be spoken to in secret, [`Fault::Busy`] when nobody is there.
pub async fn connect(server: &MailServer, limit: Limit) -> Result<Connection, Fault> {
    match faults(server).first() {
        Some(fault) if fault.why == SetupWhy::Forbidden => return Err(Fault::Forbidden),
        Some(_) => return Err(Fault::Refused),
        None => {}
    }
    let mut stream = Bounded::from(limit.reach(dial(&server.host, server.port)).await??);
    let (stream, first): (Box<dyn Stream>, &[u8]) = match server.tls {
        MailTls::Off => (Box::new(stream), b""),
        MailTls::FromStart => (shake(&server.host, stream, limit).await?, b""),
        MailTls::StartTls => {
            limit.reach(start_tls(&mut stream)).await??;
            (shake(&server.host, stream, limit).await?, b"220 here\r\n")
        }
    };
    Ok(Connection { stream, first })
}

async fn start_tls(stream: &mut Bounded) -> Result<(), Fault> {
    answer(stream, "220").await?;
    say(stream, "EHLO localhost\r\n").await?;
    let can = answer(stream, "250").await?;
    let offered = can.lines().any(|line| {
        line.get(4..).is_some_and(|word| word.trim_end().eq_ignore_ascii_case("STARTTLS"))
    });
    if !offered {
        return Err(Fault::Refused);
    }
    say(stream, "STARTTLS\r\n").await?;
    answer(stream, "220").await.map(drop)
}

async fn say(stream: &mut Bounded, words: &str) -> Result<(), Fault> {
    stream.write_all(words.as_bytes()).await.map_err(|_| not_reached())
}

/// One answer of the server with this code.
async fn answer(stream: &mut Bounded, code: &str) -> Result<String, Fault> {
    let mut all = Vec::new();
    loop {
        let begins = all.len();
        while !all.ends_with(b"\n") || all.len() == begins {
            if all.len() == LONGEST_ANSWER {
                return Err(Fault::Refused);
            }
            all.push(stream.read_u8().await.map_err(|_| not_reached())?);
        }
        let line = all.get(begins..).unwrap_or_default();
        if line.get(3) != Some(&b'-') {
            // 4xx: later.
            return match line {
                line if line.starts_with(code.as_bytes()) => {
                    String::from_utf8(all).map_err(|_| Fault::Refused)
                }
                [b'4', ..] => Err(not_reached()),
                _ => Err(Fault::Refused),
            };
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, into);
        }
        let (now, later) = self.first.split_at(self.first.len().min(into.remaining()));
        into.put_slice(now);
        self.first = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
