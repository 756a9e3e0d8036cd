//! Consumers, and how a value reaches one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Protocol, Server};

/// An application, a job or a person that uses credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Consumer {
    /// What people call it.
    pub name: String,
    /// Where it runs.
    pub environment: String,
    /// Whom to tell.
    pub owner: String,
    /// How it is deployed.
    pub deployment: Deployment,
    /// More about it.
    pub notes: String,
}

/// How a consumer is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Deployment {
    /// A service that is always there.
    Service,
    /// A job that runs now and then.
    Job,
    /// A pipeline that builds and deploys.
    Pipeline,
    /// An app on other people's devices.
    Mobile,
    /// Somebody else's system.
    Partner,
    /// A person.
    Person,
}

/// One consumer of one credential. Secrets of it: `delivery`, `reload`, `check` (what the `Authorization`
/// header of each request says, where it has one).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BindingSetup {
    /// How the value reaches it.
    pub sending: Sending,
    /// How it picks the value up.
    pub reloading: Reloading,
    /// How it is seen to be well.
    pub check: HealthCheck,
    /// How long and how often that is tried.
    #[serde(default)]
    pub looks: Looks,
    /// About how long delivery and reload take, in seconds.
    pub takes_s: u32,
    /// About how long it is away while it reloads, in seconds.
    pub away_s: u32,
}

/// How long a health check may take, and how often it is made again before it counts as failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Looks {
    /// Whoever has not answered after so many seconds is not well.
    pub timeout_s: u32,
    /// So often it is made again.
    pub retries: u32,
    /// So many seconds lie between two of them at most; the first ones come sooner.
    pub interval_s: u32,
}

impl Default for Looks {
    fn default() -> Self {
        Self { timeout_s: 10, retries: 10, interval_s: 60 }
    }
}

/// How a value reaches a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "by")]
pub enum Sending {
    /// It is written into a file.
    File {
        /// Which.
        path: String,
        /// How the file is written.
        format: FileFormat,
        /// What is written where in it.
        parts: Vec<Part>,
    },
    /// A program gets it on its standard input.
    Command {
        /// The program, by its path.
        program: String,
        /// What it is told. No shell reads it.
        arguments: Vec<String>,
        /// What it gets on its standard input, with places in braces.
        input: String,
    },
    /// An address gets it.
    Http {
        /// Which.
        address: String,
        /// What it gets, with places in braces; `{value|json}` fits into JSON.
        body: String,
        /// What the body is, for the header.
        content_type: String,
        /// The address may lead into this computer or the local network.
        private: bool,
    },
    /// A person puts it there.
    ByHand {
        /// Who.
        who: String,
        /// What has to be done, a line each.
        steps: Vec<String>,
    },
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileFormat {
    /// `NAME=value`, a line each.
    Env,
    /// JSON; the key leads down by dots.
    Json,
    /// YAML; the key leads down by dots.
    Yaml,
    /// TOML; the key leads down by dots.
    Toml,
    /// INI; the key is `section.name`, or `name` before the first section.
    Ini,
    /// The text is the whole file.
    Whole,
}

/// One place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Where in the file.
    pub key: String,
    /// What is written there: fields of the value in braces, `{user}:{password|url}@db`.
    pub text: String,
}

/// How a consumer picks a value up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "by")]
pub enum Reloading {
    /// It notices by itself.
    Live,
    /// A program has it restarted.
    Command {
        /// The program, by its path.
        program: String,
        /// What it is told. No shell reads it.
        arguments: Vec<String>,
    },
    /// An address has it restarted (`POST`).
    Http {
        /// Which.
        address: String,
        /// The address may lead into this computer or the local network.
        private: bool,
    },
    /// When it runs the next time.
    NextRun,
    /// When a person sees to it.
    Manual,
}

/// How a consumer is seen to be well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "by")]
pub enum HealthCheck {
    /// Not at all: what was delivered is read back.
    None,
    /// An address answers (`GET`).
    Http {
        /// Which.
        address: String,
        /// With this status.
        status: u16,
        /// Where in a JSON answer something has to stand: a JSON pointer; empty: nowhere.
        pointer: String,
        /// What has to stand there, with places in braces.
        expected: String,
        /// The address may lead into this computer or the local network.
        private: bool,
    },
    /// A port can be connected to.
    Tcp {
        /// The name or number of the computer.
        host: String,
        /// The port.
        port: u16,
    },
    /// A database lets in with the value. Whether the consumer came to use it is not told by that.
    Login {
        /// What it speaks.
        protocol: Protocol,
        /// Where it is. Without a user, or a database, it is that of the value.
        #[serde(flatten)]
        server: Server,
    },
    /// A program ends well.
    Command {
        /// The program, by its path.
        program: String,
        /// What it is told. No shell reads it.
        arguments: Vec<String>,
    },
}
