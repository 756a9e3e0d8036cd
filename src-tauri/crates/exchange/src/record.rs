//! An entry as it came in, before anybody has said what becomes of it.
//!
//! Whatever a format holds and is not kept here is named in `lost`: nothing disappears in silence.

use keyturn_model::{Kind, Timestamp};
use secrecy::{ExposeSecret, SecretString};

/// The field that holds a password.
pub const PASSWORD: &str = "password";
/// The field that holds the one secret of an entry that is no login.
pub const VALUE: &str = "value";
/// The field that holds the seed of one-time passwords.
pub const TOTP: &str = "totp";

/// What is in a field.
#[derive(Clone)]
pub enum Text {
    /// To be sealed; it is wiped when it is dropped.
    Secret(SecretString),
    /// May be seen.
    Open(String),
}

impl Text {
    /// A secret one.
    #[must_use]
    pub fn secret(text: impl Into<Box<str>>) -> Self {
        Self::Secret(SecretString::from(text.into()))
    }

    /// One that may be seen.
    #[must_use]
    pub fn open(text: impl Into<String>) -> Self {
        Self::Open(text.into())
    }

    /// The text itself, for who stores or compares it.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            // The caller asked for it by name.
            Self::Secret(text) => text.expose_secret(),
            Self::Open(text) => text,
        }
    }

    /// Whether it is to be sealed.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

/// Not even an open text is shown: a file may call open what is a secret.
impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_secret() { "Secret(..)" } else { "Open(..)" })
    }
}

/// One named text of an entry.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name, as the file has it.
    pub name: String,
    /// What is in it.
    pub text: Text,
}

/// What an entry says: now, or at an earlier time.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// What it is called.
    pub name: String,
    /// Where it is used.
    pub address: Option<String>,
    /// Whose login it is.
    pub user: Option<String>,
    /// Remarks: people keep secrets in them.
    pub notes: Option<SecretString>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When it stops to work.
    pub expires: Option<Timestamp>,
    /// Everything else, the password first where there is one.
    pub fields: Vec<Field>,
}

impl Content {
    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Text> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.text)
    }

    /// The secret that it is about: the password or the value, else the first secret field.
    #[must_use]
    pub fn value(&self) -> Option<&Field> {
        let main = |field: &&Field| field.name == PASSWORD || field.name == VALUE;
        self.fields
            .iter()
            .find(main)
            .or_else(|| self.fields.iter().find(|field| field.text.is_secret()))
    }

    /// Adds a secret field, unless there is nothing in it.
    pub(crate) fn secret(&mut self, name: &str, text: impl Into<Box<str>>) {
        let text = text.into();
        if !text.is_empty() {
            self.fields.push(Field { name: name.to_owned(), text: Text::secret(text) });
        }
    }

    /// Adds a field that may be seen, unless there is nothing in it.
    pub(crate) fn open(&mut self, name: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.fields.push(Field { name: name.to_owned(), text: Text::Open(text) });
        }
    }
}

/// What an entry said before it was changed.
#[derive(Debug, Clone)]
pub struct Older {
    /// When it was written.
    pub at: Option<Timestamp>,
    /// What it said.
    pub content: Content,
}

/// A file that hangs on an entry. Its content does not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its bytes, where the file tells.
    pub size: Option<u64>,
}

/// Why something does not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A file that hangs on an entry.
    Attachment,
    /// A picture.
    Icon,
    /// How to type it into windows.
    AutoType,
    /// A key that only its own program can use.
    Passkey,
    /// How it looked in the list.
    Look,
    /// What a plug-in or the program itself kept with it.
    ProgramsOwn,
    /// It is longer than an entry may hold.
    TooLong,
    /// It was thrown away: it lies in the recycle bin, or is marked as deleted.
    Deleted,
    /// It cannot be read as text.
    NotText,
    /// There is no place for it.
    NoPlace,
    /// The file says that there is more than it holds.
    Elsewhere,
    /// It arrives, but written otherwise.
    OtherForm,
}

/// Something that the file holds and that does not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What it is called in the file.
    pub field: String,
    /// Why.
    pub why: Why,
}

impl Loss {
    pub(crate) fn new(field: impl Into<String>, why: Why) -> Self {
        Self { field: field.into(), why }
    }
}

/// One entry as it came in.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// What it seems to be.
    pub kind: Option<Kind>,
    /// The groups it lies in, the outermost first.
    pub group: Vec<String>,
    /// Where it is used, when the file or a group says so.
    pub environment: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it says.
    pub content: Content,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last written.
    pub changed: Option<Timestamp>,
    /// What it said before, the oldest first.
    pub history: Vec<Older>,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
    /// What of it does not arrive.
    pub lost: Vec<Loss>,
}

/// Everything that a file holds.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The entries, in the order of the file.
    pub records: Vec<Record>,
    /// What wrote the file, as it says itself: `KeePassXC`, a version of a format.
    pub origin: String,
    /// What belongs to no entry and does not arrive.
    pub lost: Vec<Loss>,
}

/// A file to be written, and what of the records is not in it.
#[derive(Clone)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What is not in it, with the name of its entry in front.
    pub lost: Vec<Loss>,
}
