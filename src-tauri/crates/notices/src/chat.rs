//! Incoming webhooks of chats: Slack, and what takes the same, as Mattermost and Discord (under `/slack`) do.

use std::sync::LazyLock;

use keyturn_model::{
    rotation::{Fault, Why},
    setup::{Secrets, SetupFault, SetupWhy},
};
use keyturn_outbound::{Client, Method, Request, check, fault_of};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::json;

use crate::{Message, Unsent};

/// The secret: whoever knows the address can write into the chat.
const ADDRESS: &str = "address";

/// Made once: to read whom the system trusts takes its time.
static CLIENT: LazyLock<Option<Client>> = LazyLock::new(|| Client::new().ok());

pub(crate) fn faults(private: bool, secrets: &Secrets) -> Vec<SetupFault> {
    // To look whether it can be called.
    let address = secrets.get(ADDRESS).map_or("", |address| address.expose_secret());
    let why: Option<SetupWhy> = check(address, private).err();
    why.into_iter().map(|why| SetupFault::new(ADDRESS, why)).collect()
}

pub(crate) async fn send(
    private: bool,
    secrets: &Secrets,
    message: &Message,
) -> Result<(), Unsent> {
    let address = secrets.get(ADDRESS).ok_or(Unsent::Never(Why::NotSetUp))?;
    let client = CLIENT.as_ref().ok_or(Fault::Refused)?;
    let text = format!("*{}*\n{}", plain(&message.subject), plain(&message.text));
    let body = json!({ "text": text.trim_end() }).to_string().into_bytes();
    // To call it.
    let request = Request::new(Method::POST, address.expose_secret())
        .with_body("application/json", SecretSlice::from(body));
    let answer = client.send(&request, private).await?;
    if answer.is_done() {
        return Ok(());
    }
    match fault_of(answer.status, answer.retry_after_s).into() {
        // A server that is away may say for how long, too.
        Unsent::Later { why, .. } => Err(Unsent::Later { why, wait_s: answer.retry_after_s }),
        never => Err(never),
    }
}

/// The same as text and nothing else: no name calls a whole team together, or is a link.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for each in text.chars() {
        match each {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '@' => plain.push_str("@\u{2060}"),
            each => plain.push(each),
        }
    }
    plain
}
