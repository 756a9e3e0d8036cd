//! Whoever answers has to prove who it is.

use std::{sync::Arc, time::Duration};

use keyturn_model::rotation::Fault;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};
use tokio::{io::AsyncReadExt, net::TcpListener, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

use super::server::{Then, act, answer, client, heard};
use crate::{Answer, Method, Request};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn trusted(authority: &Authority) -> Vec<CertificateDer<'static>> {
    vec![authority.der().clone()]
}

fn server_config(authority: &Authority, name: &str, year: i32) -> ServerConfig {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

async fn serve(config: ServerConfig) -> (String, JoinHandle<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://keys.example.com:{}/", listener.local_addr().unwrap().port());
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await else {
            return false;
        };
        let asked = heard(&mut stream).await;
        let _ = act(&mut stream, &Then::Close(answer("200 OK", "", "in private"))).await;
        !asked.is_empty()
    });
    (address, task)
}

/// What came of it, and whether a request got through.
async fn ask(config: ServerConfig, trusts: &Authority) -> (Result<Answer, Fault>, bool) {
    let (address, task) = serve(config).await;
    let client = client(&["127.0.0.1"], trusted(trusts));
    let asked = client.send(&Request::new(Method::POST, address), true).await;
    (asked, task.await.unwrap())
}

#[tokio::test]
async fn a_certificate_of_somebody_trusted_for_this_name_is_taken() {
    let ours = authority();
    let (asked, heard) = ask(server_config(&ours, "keys.example.com", 2124), &ours).await;
    assert_eq!(asked.unwrap().status, 200);
    assert!(heard);
}

#[tokio::test]
async fn another_name_another_authority_and_an_old_certificate_are_refused_before_anything_is_sent()
{
    let (ours, theirs) = (authority(), authority());
    for config in [
        server_config(&ours, "other.example.com", 2124),
        server_config(&theirs, "keys.example.com", 2124),
        server_config(&ours, "keys.example.com", 2020),
    ] {
        let (asked, heard) = ask(config, &ours).await;
        assert!(matches!(asked, Err(Fault::Refused)), "{asked:?}");
        assert!(!heard);
    }
}

#[tokio::test]
async fn what_answers_without_tls_gets_nothing() {
    let ours = authority();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut first = [0; 1];
        stream.read_exact(&mut first).await.unwrap();
        let _ = act(&mut stream, &Then::Close(answer("200 OK", "", ""))).await;
        first
    });
    let request = Request::new(Method::POST, format!("https://keys.example.com:{port}/"));
    let asked = client(&["127.0.0.1"], trusted(&ours)).send(&request, true).await;
    assert!(matches!(asked, Err(Fault::Refused)), "{asked:?}");
    assert_eq!(task.await.unwrap(), [22], "a TLS handshake, and nothing in clear text");
}

#[tokio::test]
async fn a_connection_that_stays_half_open_ends_by_the_clock_with_nothing_sent() {
    let ours = authority();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let request = Request::new(Method::POST, format!("https://keys.example.com:{port}/"));
    let client = client(&["127.0.0.1"], trusted(&ours));
    let asked = tokio::time::timeout(Duration::from_secs(8), client.send(&request, true)).await;
    assert!(matches!(asked, Ok(Err(Fault::Busy { wait_s: None }))), "{asked:?}");
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_of_ours_gets_none() {
    let ours = authority();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ours.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let wants = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let mut params = CertificateParams::new(vec!["keys.example.com".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2124, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &ours).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(wants.unwrap())
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let (asked, heard) = ask(config, &ours).await;
    assert!(asked.is_err() && !heard, "{asked:?}");
}
