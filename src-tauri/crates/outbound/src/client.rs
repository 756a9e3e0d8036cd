//! One request and its answer, with limits on both.

use std::{error::Error, io, sync::Arc, time::Duration};

use bytes::Bytes;
use keyturn_model::rotation::Fault;
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::CertificateDer,
    version::{TLS12, TLS13},
};
use rustls_platform_verifier::Verifier;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use zeroize::Zeroizing;

use crate::{
    address::check,
    faults::{fault_of, retry_after},
    names::{Forbidden, Lookup, Names, of_the_system},
};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const WHOLE_LIMIT: Duration = Duration::from_secs(10);
const ANSWER_LIMIT: usize = 1024 * 1024;
const USUAL_ANSWER: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
const LONGEST_HEADER: usize = 16 * 1024;
/// These say how the bytes travel, which is not for a template to say.
const NOT_OURS: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is asked.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address; never with a secret in it.
    pub address: String,
    /// Headers that may be seen.
    pub headers: Vec<(String, String)>,
    /// Headers that are secret.
    pub secret_headers: Vec<(String, SecretString)>,
    /// The body; empty: none.
    pub body: SecretSlice<u8>,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, address: impl Into<String>) -> Self {
        Self {
            method,
            address: address.into(),
            headers: Vec::new(),
            secret_headers: Vec::new(),
            body: SecretSlice::from(Vec::new()),
        }
    }

    /// The same with a header that may be seen.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a header that is secret.
    #[must_use]
    pub fn secret_header(mut self, name: &str, value: SecretString) -> Self {
        self.secret_headers.push((name.to_owned(), value));
        self
    }

    /// The same with a body of this content type.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: SecretSlice<u8>) -> Self {
        Self { body, ..self.header(CONTENT_TYPE.as_str(), content_type) }
    }
}

/// What was answered, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// For how many seconds it asks to be left alone.
    pub retry_after_s: Option<u32>,
    /// The body. It may hold a secret.
    pub body: SecretSlice<u8>,
}

impl Answer {
    /// Whether it says that it was done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Itself if it says that what was asked for was done.
    ///
    /// # Errors
    /// What the status means; see [`fault_of`].
    pub fn done(self) -> Result<Self, Fault> {
        if self.is_done() { Ok(self) } else { Err(fault_of(self.status, self.retry_after_s)) }
    }
}

/// No client could be made of what the system has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable;

/// The client. Its clones share what it is made of; no connection is kept between two requests.
#[derive(Debug, Clone)]
pub struct Client {
    world: reqwest::Client,
    private: reqwest::Client,
}

impl Client {
    /// A client that trusts whom the system trusts.
    ///
    /// # Errors
    /// When none can be made.
    pub fn new() -> Result<Self, Unusable> {
        Self::of(of_the_system(), [])
    }

    pub(crate) fn of(
        lookup: Lookup,
        also_trusted: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, Unusable> {
        let tls = tls(also_trusted)?;
        let client = |private| {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::new(Names { private, lookup: Arc::clone(&lookup) }))
                .https_only(!private)
                .http1_only()
                .http1_max_headers(MOST_HEADERS)
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .no_proxy()
                // A kept connection that was closed meanwhile would leave open what was done.
                .pool_max_idle_per_host(0)
                .connect_timeout(CONNECT_LIMIT)
                .timeout(WHOLE_LIMIT)
                .user_agent(concat!("Keyturn/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|_| Unusable)
        };
        Ok(Self { world: client(false)?, private: client(true)? })
    }

    /// Asks once. `private` says that the address may lead into this computer or the local network.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the address may not be called, [`Fault::Refused`] when whoever is there cannot
    /// prove who it is, and [`Fault::Busy`] when nobody could be reached: then nothing was sent.
    /// [`Fault::Unknown`] when something was, and no whole answer came.
    pub async fn send(&self, request: &Request, private: bool) -> Result<Answer, Fault> {
        let address = check(&request.address, private).map_err(|_| Fault::Forbidden)?;
        let client = if private { &self.private } else { &self.world };
        let mut asking = client.request(request.method.clone(), address).headers(headers(request)?);
        if !request.body.expose_secret().is_empty() {
            let body = Zeroizing::new(request.body.expose_secret().to_vec());
            asking = asking.body(Bytes::from_owner(body));
        }
        let answer = asking.send().await.map_err(|error| fault(&error))?;
        let status = answer.status().as_u16();
        let retry_after_s = retry_after(answer.headers());
        let body = match read(answer).await {
            Some(body) => body,
            // What was refused was refused, whatever the rest of the sentence would have been.
            None if (300..500).contains(&status) => SecretSlice::from(Vec::new()),
            None => return Err(Fault::Unknown),
        };
        Ok(Answer { status, retry_after_s, body })
    }
}

fn tls(also: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<ClientConfig, Unusable> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|_| Unusable)?;
    Ok(match Verifier::new_with_extra_roots(also, provider) {
        Ok(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth(),
        // The system trusts nobody, so nobody is trusted.
        Err(_) => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    })
}

pub(crate) fn headers(request: &Request) -> Result<HeaderMap, Fault> {
    let seen = request.headers.iter().map(|(name, value)| (name, value.as_str(), false));
    let secret = request.secret_headers.iter();
    let secret = secret.map(|(name, value)| (name, value.expose_secret(), true));
    let mut headers = HeaderMap::new();
    for (name, value, sensitive) in seen.chain(secret) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Fault::Refused)?;
        if NOT_OURS.contains(&name.as_str()) || value.len() > LONGEST_HEADER {
            return Err(Fault::Refused);
        }
        let bytes = Bytes::from_owner(Zeroizing::new(value.as_bytes().to_vec()));
        let mut value = HeaderValue::from_maybe_shared(bytes).map_err(|_| Fault::Refused)?;
        value.set_sensitive(sensitive);
        headers.append(name, value);
    }
    if headers.len() > MOST_HEADERS { Err(Fault::Refused) } else { Ok(headers) }
}

/// The body, unless it does not end well or is too long.
async fn read(mut answer: reqwest::Response) -> Option<SecretSlice<u8>> {
    let mut body = Zeroizing::new(Vec::with_capacity(USUAL_ANSWER));
    while let Some(chunk) = answer.chunk().await.ok()? {
        let length = body.len().saturating_add(chunk.len());
        if length > ANSWER_LIMIT {
            return None;
        }
        if length > body.capacity() {
            // A buffer that grows by itself would leave copies behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(ANSWER_LIMIT));
            larger.extend_from_slice(&body);
            body = larger;
        }
        body.extend_from_slice(&chunk);
    }
    Some(SecretSlice::from(body.to_vec()))
}

/// What it means that there was no answer.
fn fault(error: &reqwest::Error) -> Fault {
    if error.is_builder() {
        return Fault::Refused;
    }
    if !error.is_connect() {
        return Fault::Unknown;
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(each) = cause {
        if each.is::<Forbidden>() {
            return Fault::Forbidden;
        }
        if each.is::<rustls::Error>() {
            return Fault::Refused;
        }
        // An error of the system does not name what it wraps as its source.
        cause = match each.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => each.source(),
        };
    }
    Fault::Busy { wait_s: None }
}
