//! Mail, by a server that takes it.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use keyturn_model::{
    channel::MailServer,
    rotation::{Fault, Why},
    setup::{Secrets, SetupFault, SetupWhy},
};
use keyturn_outbound::{login::Limit, mail};
use lettre::{
    Address, Message as Letter,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream},
        extension::ClientId,
    },
};
use secrecy::ExposeSecret;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};

use crate::{Message, Unsent};

/// The secret.
const PASSWORD: &str = "password";
const LONGEST_USER: usize = 256;
const MOST_RECEIVERS: usize = 50;
/// For so long a server may think about it; many make strangers wait on purpose.
const TALK: Duration = Duration::from_secs(30);

pub(crate) fn faults(server: &MailServer, secrets: &Secrets) -> Vec<SetupFault> {
    let mut faults = mail::faults(server);
    let mut fault = |field: &str, why| faults.push(SetupFault::new(field, why));
    if server.user.len() > LONGEST_USER {
        fault("user", SetupWhy::TooLong);
    } else if server.user.chars().any(char::is_control) {
        fault("user", SetupWhy::Characters);
    }
    // Whether there is one.
    let has_password = secrets.get(PASSWORD).is_some_and(|it| !it.expose_secret().is_empty());
    if !server.user.is_empty() && !has_password {
        fault(PASSWORD, SetupWhy::Missing);
    }
    if let Some(why) = address_fault(&server.from) {
        fault("from", why);
    }
    if server.to.is_empty() {
        fault("to", SetupWhy::Missing);
    } else if server.to.len() > MOST_RECEIVERS {
        fault("to", SetupWhy::TooLong);
    } else if let Some(why) = server.to.iter().find_map(|to| address_fault(to)) {
        fault("to", why);
    }
    faults
}

fn address_fault(address: &str) -> Option<SetupWhy> {
    match address.parse::<Address>() {
        _ if address.is_empty() => Some(SetupWhy::Missing),
        Ok(_) => None,
        Err(_) => Some(SetupWhy::Characters),
    }
}

pub(crate) async fn send(
    server: &MailServer,
    secrets: &Secrets,
    message: &Message,
) -> Result<(), Unsent> {
    let letter = letter(server, message).ok_or(Unsent::Never(Why::NotSetUp))?;
    let connection = mail::connect(server, Limit::new()).await?;
    let talk = async {
        let me = ClientId::Domain("localhost".into());
        let stream = Box::new(Wire(connection));
        let mut talk = AsyncSmtpConnection::connect_with_transport(stream, &me).await?;
        if let Some(password) = secrets.get(PASSWORD).filter(|_| !server.user.is_empty()) {
            // To log in, on a connection that nobody else can read.
            let login = Credentials::new(server.user.clone(), password.expose_secret().to_owned());
            talk.auth(&[Mechanism::Plain, Mechanism::Login], &login).await?;
        }
        talk.send(letter.envelope(), &letter.formatted()).await?;
        // It was taken; how they part makes no difference.
        let _ = talk.quit().await;
        Ok(())
    };
    match timeout(TALK, talk).await {
        Ok(talked) => talked.map_err(|error: Error| fault(&error).into()),
        Err(_) => Err(Fault::Unknown.into()),
    }
}

fn letter(server: &MailServer, message: &Message) -> Option<Letter> {
    let from: Mailbox = server.from.parse().ok()?;
    let id = format!("<{}@{}>", message.id, from.email.domain());
    let at = Duration::from_millis(u64::try_from(message.at.0).unwrap_or_default());
    let mut letter = Letter::builder()
        .from(from)
        .subject(message.subject.as_str())
        // One that comes twice can be told by it.
        .message_id(Some(id))
        .date(SystemTime::UNIX_EPOCH.checked_add(at)?)
        .header(ContentType::TEXT_PLAIN);
    for to in &server.to {
        letter = letter.to(to.parse().ok()?);
    }
    letter.body(message.text.clone()).ok()
}

/// What it means that a server did not take it; its words are dropped.
fn fault(error: &Error) -> Fault {
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => Fault::Denied,
        Some(500..) => Fault::Refused,
        Some(400..) => Fault::Busy { wait_s: None },
        // What was wanted of it is nothing that it offers.
        None if error.is_client() => Fault::Refused,
        _ => Fault::Unknown,
    }
}

/// The connection as the library wants it.
#[derive(Debug)]
struct Wire(mail::Connection);

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
