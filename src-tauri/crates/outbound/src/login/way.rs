//! The way to a database server: how long it may take, how much is read, and that it is kept secret.

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
    setup::{Server, SetupWhy, Tls},
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

use super::server::faults;
use crate::{
    dial::{self, not_reached},
    names::of_the_system,
};

const LONGEST: Duration = Duration::from_secs(10);
pub(super) const MOST_READ: usize = 1 << 20;

/// The time that one call has.
#[derive(Debug, Clone, Copy)]
pub struct Limit(Instant);

impl Default for Limit {
    fn default() -> Self {
        Self::new()
    }
}

impl Limit {
    /// Ten seconds from now.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now() + LONGEST)
    }

    /// Waits for something before anything was asked for: when the time is over, nothing was done.
    ///
    /// # Errors
    /// When the time is over.
    pub async fn reach<T>(self, way: impl Future<Output = T>) -> Result<T, Fault> {
        timeout_at(self.0, way).await.map_err(|_| not_reached())
    }

    /// Waits for an answer: when the time is over, nobody knows.
    ///
    /// # Errors
    /// Those of the answer, or that nobody knows.
    pub async fn ask<T>(self, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        timeout_at(self.0, answer).await.unwrap_or(Err(Fault::Unknown))
    }
}

/// A connection, in the clear or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync> Stream for S {}

/// A connection on which no more is read than a call can need.
pub(crate) struct Bounded {
    stream: TcpStream,
    left: usize,
}

impl From<TcpStream> for Bounded {
    fn from(stream: TcpStream) -> Self {
        Self { stream, left: MOST_READ }
    }
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
fn is_allowed(server: &Server) -> Result<(), Fault> {
    let faults = faults(server);
    if faults.iter().any(|fault| fault.why == SetupWhy::Forbidden) {
        return Err(Fault::Forbidden);
    }
    if faults.is_empty() { Ok(()) } else { Err(Fault::Refused) }
}

/// Connects, without a word said.
pub(super) async fn dial(server: &Server, limit: Limit) -> Result<Bounded, Fault> {
    is_allowed(server)?;
    Ok(limit.reach(dial::dial(&server.host, server.port)).await??.into())
}

/// Where a server is connected to, for a client that connects by itself.
pub(super) async fn addresses(server: &Server, limit: Limit) -> Result<Vec<IpAddr>, Fault> {
    is_allowed(server)?;
    limit.reach(dial::addresses(&server.host, &of_the_system())).await?
}

/// Connects, for protocols that begin with TLS.
pub(super) async fn dial_secret(server: &Server, limit: Limit) -> Result<Box<dyn Stream>, Fault> {
    let stream = dial(server, limit).await?;
    if server.tls == Tls::Off {
        return Ok(Box::new(stream));
    }
    shake(&server.host, stream, limit).await
}

/// The same connection, kept secret and with who it has to be.
pub(crate) async fn shake(
    host: &str,
    stream: Bounded,
    limit: Limit,
) -> Result<Box<dyn Stream>, Fault> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Fault::Refused)?;
    let shake = TlsConnector::from(Arc::new(client_config()?)).connect(name, stream);
    match limit.reach(shake).await? {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(before_any_word(&error)),
    }
}

/// What it means when no connection came about: a certificate that is not trusted will not be next time.
pub(super) fn before_any_word(error: &(dyn Error + 'static)) -> Fault {
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
pub(super) fn client_config() -> Result<ClientConfig, Fault> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted());
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| Fault::Refused)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The certificates that the system trusts, without those that cannot be read.
pub(super) fn trusted() -> Vec<CertificateDer<'static>> {
    let all = rustls_native_certs::load_native_certs().certs;
    all.into_iter().filter(|it| RootCertStore::empty().add(it.clone()).is_ok()).collect()
}
