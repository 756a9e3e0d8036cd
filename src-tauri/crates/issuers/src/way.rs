//! The way to a database server: what may be asked for, how long it may take, and that it is kept secret.

use std::{
    error::Error,
    io,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use keyturn_model::{
    rotation::Fault,
    setup::{Server, Tls},
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

use crate::database::faults;

const LONGEST: Duration = Duration::from_secs(10);
pub(crate) const MOST_READ: usize = 1 << 20;

/// The time that one call has.
#[derive(Clone, Copy)]
pub(crate) struct Limit(Instant);

impl Limit {
    pub(crate) fn new() -> Self {
        Self(Instant::now() + LONGEST)
    }

    /// Waits for something before anything was asked for: when the time is over, nothing was done.
    pub(crate) async fn reach<T>(self, way: impl Future<Output = T>) -> Result<T, Fault> {
        timeout_at(self.0, way).await.map_err(|_| not_reached())
    }

    /// Waits for an answer: when the time is over, nobody knows.
    pub(crate) async fn ask<T>(
        self,
        answer: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        timeout_at(self.0, answer).await.unwrap_or(Err(Fault::Unknown))
    }
}

/// Nobody was there. Nothing was done, and asking again can help.
pub(crate) fn not_reached() -> Fault {
    Fault::Busy { wait_s: None }
}

/// The connection of an account, on which nothing was asked for yet.
pub(crate) fn entered<C>(came: Result<Option<C>, Fault>) -> Result<C, Fault> {
    match came {
        Ok(connection) => connection.ok_or(Fault::Denied),
        Err(Fault::Unknown) => Err(Fault::Refused),
        Err(fault) => Err(fault),
    }
}

/// A connection, in the clear or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection on which no more is read than a call can need.
pub(crate) struct Bounded {
    stream: TcpStream,
    left: usize,
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        let read = into.filled().len().saturating_sub(before);
        self.left = self.left.checked_sub(read).ok_or(io::ErrorKind::FileTooLarge)?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Bounded {
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

/// A server that is not set up as it has to be is not spoken to.
pub(crate) fn is_allowed(server: &Server) -> Result<(), Fault> {
    if faults(server).is_empty() { Ok(()) } else { Err(Fault::Refused) }
}

/// Connects, without a word said.
pub(crate) async fn dial(server: &Server, limit: Limit) -> Result<Bounded, Fault> {
    is_allowed(server)?;
    let reached = limit.reach(TcpStream::connect((server.host.as_str(), server.port))).await?;
    let stream = reached.map_err(|_| not_reached())?;
    Ok(Bounded { stream, left: MOST_READ })
}

/// Connects, for protocols that begin with TLS.
pub(crate) async fn dial_secret(server: &Server, limit: Limit) -> Result<Box<dyn Stream>, Fault> {
    let stream = dial(server, limit).await?;
    if server.tls == Tls::Off {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(server.host.clone()).map_err(|_| Fault::Refused)?;
    let shake = TlsConnector::from(Arc::new(client_config()?)).connect(name, stream);
    match limit.reach(shake).await? {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(before_any_word(&error)),
    }
}

/// What it means when no connection came about: a certificate that is not trusted will not be next time.
pub(crate) fn before_any_word(error: &(dyn Error + 'static)) -> Fault {
    let mut next = Some(error);
    while let Some(error) = next {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<rustls::Error>() || inside.is_some_and(|it| it.is::<rustls::Error>()) {
            return Fault::Refused;
        }
        next = error.source();
    }
    not_reached()
}

/// Trusts what the system trusts, and nothing else.
pub(crate) fn client_config() -> Result<ClientConfig, Fault> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted());
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| Fault::Refused)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The certificates that the system trusts, without those that cannot be read.
pub(crate) fn trusted() -> Vec<CertificateDer<'static>> {
    let all = rustls_native_certs::load_native_certs().certs;
    all.into_iter().filter(|it| RootCertStore::empty().add(it.clone()).is_ok()).collect()
}

/// Whether a host is this computer, whatever else is set up.
pub(crate) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|number: IpAddr| number.is_loopback())
}
