//! Addresses that get a value, have a consumer restarted, or say whether it is well.

use std::sync::LazyLock;

use keyturn_model::{rotation::Fault, setup::Secrets};
use keyturn_outbound::{Answer, Client, Method, Request};
use secrecy::SecretSlice;

use crate::template::Secret;

/// Made once: to read whom the system trusts takes its time.
static CLIENT: LazyLock<Option<Client>> = LazyLock::new(|| Client::new().ok());

/// A request with the `Authorization` that its place has, if it has one.
fn request(method: Method, address: &str, secrets: &Secrets, place: &str) -> Request {
    let request = Request::new(method, address);
    match secrets.get(place) {
        Some(authorization) => request.secret_header("authorization", authorization.clone()),
        None => request,
    }
}

async fn send(request: &Request, private: bool) -> Result<Answer, Fault> {
    CLIENT.as_ref().ok_or(Fault::Refused)?.send(request, private).await
}

/// Has an address do something.
pub(crate) async fn post(
    address: &str,
    private: bool,
    secrets: &Secrets,
    place: &str,
    body: Option<(&str, Secret)>,
) -> Result<(), Fault> {
    let mut request = request(Method::POST, address, secrets, place);
    if let Some((content_type, body)) = body {
        request = request.with_body(content_type, SecretSlice::from(body.as_bytes().to_vec()));
    }
    send(&request, private).await?.done().map(drop)
}

/// Asks an address.
pub(crate) async fn get(
    address: &str,
    private: bool,
    secrets: &Secrets,
    place: &str,
) -> Result<Answer, Fault> {
    send(&request(Method::GET, address, secrets, place), private).await
}
