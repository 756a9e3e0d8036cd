//! Services with an interface over HTTP, as data: what is asked of them, and where in their answers things
//! stand. Presets are files of the same form as a template of the user's own.
//!
//! A place in braces stands for a blank or a secret of the setup, or for one of: `mark` (the name that we give a
//! new key), `key` (what the service calls a key), `value`, and when a value made now ends: `expiresDate`,
//! `expiresTime`, `validSeconds`, `validDays`. In a body, a member that is one place and nothing else is a list or a
//! number where the place is one, and is left out where there is nothing to fill in.

mod filling;
mod issuer;
mod parsing;
mod presets;
mod setting_up;

use std::collections::BTreeMap;

use keyturn_model::rotation::Making;
use serde::Deserialize;

pub use parsing::parse;
pub use presets::{PRESETS, Preset, preset};
pub use setting_up::issuer;
pub(crate) use setting_up::text;

/// So many calls at once a service gets of which nobody knows more.
pub const AT_ONCE: u32 = 4;

fn at_once() -> u32 {
    AT_ONCE
}

/// What a service can be asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What people call the service.
    pub name: String,
    /// Where it is documented.
    pub facts: String,
    /// What a person fills in that is no secret.
    #[serde(default)]
    pub blanks: BTreeMap<String, Shape>,
    /// Which of the blanks may stay empty.
    #[serde(default)]
    pub optional: Vec<String>,
    /// What a person fills in that is secret.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// `minted` beside the old value, or `regenerated` in its place.
    pub making: Making,
    /// How long a change may take until it is in force everywhere.
    #[serde(default)]
    pub propagation_s: u32,
    /// The most keys that may live at once.
    pub most_live: Option<u32>,
    /// So many calls at once it gets without minding.
    #[serde(default = "at_once")]
    pub at_once: u32,
    /// The headers of each request that does not have its own.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// User and password of each request that has no headers of its own.
    pub login: Option<[String; 2]>,
    /// Makes a key.
    pub create: Create,
    /// Lists the keys.
    pub list: Option<List>,
    /// Is answered by whether a value is accepted.
    pub verify: Option<Verify>,
    /// Switches a key off.
    pub deactivate: Option<Plain>,
    /// Deletes a key.
    pub revoke: Option<Plain>,
}

impl Template {
    /// All that can be asked.
    pub(crate) fn asks(&self) -> impl Iterator<Item = Ask<'_>> {
        let list = self.list.as_ref().map(List::ask);
        let verify = self.verify.as_ref().map(Verify::ask);
        let plain = [&self.deactivate, &self.revoke].map(|it| it.as_ref().map(Plain::ask));
        let asks = [Some(self.create.ask()), list, verify].into_iter().chain(plain);
        asks.flatten()
    }
}

/// What can be filled into a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shape {
    /// One line.
    Text,
    /// Words, with blanks or commas between them.
    Words,
    /// JSON.
    Json,
    /// Where an address begins.
    Address,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// `METHOD https://..`.
    pub request: &'a str,
    /// Its headers, instead of those of all.
    pub headers: Option<&'a BTreeMap<String, String>>,
    /// Its user and password, instead of those of all.
    pub login: Option<&'a [String; 2]>,
    /// Its body.
    pub body: Option<&'a toml::Table>,
    /// The body is a form, not JSON.
    pub form: bool,
}

macro_rules! step {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// `METHOD https://..`.
            pub request: String,
            /// Its headers, instead of those of all.
            pub headers: Option<BTreeMap<String, String>>,
            /// Its user and password, instead of those of all.
            pub login: Option<[String; 2]>,
            /// Its body.
            pub body: Option<toml::Table>,
            /// The body is a form, not JSON.
            #[serde(default)]
            pub form: bool,
            $($(#[$doc])* pub $field: $type,)*
        }

        impl $name {
            /// The request of it.
            #[must_use]
            pub fn ask(&self) -> Ask<'_> {
                Ask {
                    request: &self.request,
                    headers: self.headers.as_ref(),
                    login: self.login.as_ref(),
                    body: self.body.as_ref(),
                    form: self.form,
                }
            }
        }
    };
}

step! {
    /// Makes a key, and where in the answer it stands.
    Create {
        /// Where the value stands: a JSON pointer.
        value: String,
        /// Where the service's name for the key stands; without it the mark is taken for it.
        key: Option<String>,
    }
}

step! {
    /// Lists keys, and where in the answer they stand.
    List {
        /// Where the list stands.
        keys: String,
        /// Where in a key the service's name for it stands.
        key: String,
        /// Where in a key our mark stands.
        mark: Option<String>,
        /// When a key is switched on.
        active: Option<When>,
        /// When a key is none any more, although it is listed.
        gone: Option<When>,
        /// Where in a key the moment stands when it was last used.
        last_used: Option<String>,
        /// The list comes in pages, and `{page}` stands in the request.
        pages: Option<Pages>,
        /// A list with so many keys may not be all of them.
        most: Option<usize>,
    }
}

step! {
    /// Is answered by whether a value is accepted.
    Verify {
        /// Statuses that say yes; others are taken for failures.
        accepted: Vec<u16>,
        /// Statuses that say no.
        refused: Vec<u16>,
    }
}

step! {
    /// A request whose status says enough.
    Plain {}
}

/// A condition on a key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Where.
    pub at: String,
    /// What has to stand there: a text, a number, true or false.
    pub is: serde_json::Value,
}

/// How a list comes in pages.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The number of the first.
    pub first: u32,
    /// How many keys a full one has.
    pub size: usize,
}
