//! What a team is told of its credentials in a chat or by mail: the words, and how one message gets there.
//!
//! A message has names and dates in it, and has no place for a value, a key's id, a path or an address. Nothing that
//! a server says is passed on, and no secret is in an error.

mod chat;
mod mail;
mod words;

use keyturn_model::{
    Timestamp,
    channel::ChannelSetup,
    rotation::{Fault, Why},
    setup::{Secrets, SetupFault},
};

pub use words::{Due, Told, words};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same for the same message, whenever it is sent: letters and digits.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// Its first line.
    pub subject: String,
    /// The rest.
    pub text: String,
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// It may get there later.
    Later {
        /// What was said.
        why: Why,
        /// For so long it is not to be tried.
        wait_s: Option<u32>,
    },
    /// It was refused, and would be again.
    Never(Why),
}

impl Unsent {
    /// What was said.
    #[must_use]
    pub fn why(&self) -> Why {
        match self {
            Self::Later { why, .. } | Self::Never(why) => *why,
        }
    }
}

impl From<Fault> for Unsent {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Busy { wait_s } => Self::Later { why: Why::Busy, wait_s },
            // It may have got there. To be told twice is better than not at all.
            Fault::Unknown => Self::Later { why: Why::Unknown, wait_s: None },
            fault => Self::Never(fault.why()),
        }
    }
}

/// What is wrong with a channel that is to be kept.
#[must_use]
pub fn faults(setup: &ChannelSetup, secrets: &Secrets) -> Vec<SetupFault> {
    match setup {
        ChannelSetup::Chat { private } => chat::faults(*private, secrets),
        ChannelSetup::Mail(server) => mail::faults(server, secrets),
    }
}

/// Sends one message, once. It takes 40 seconds at most.
///
/// # Errors
/// Why it was not sent, or nobody can tell.
pub async fn send(
    setup: &ChannelSetup,
    secrets: &Secrets,
    message: &Message,
) -> Result<(), Unsent> {
    match setup {
        ChannelSetup::Chat { private } => chat::send(*private, secrets, message).await,
        ChannelSetup::Mail(server) => mail::send(server, secrets, message).await,
    }
}
