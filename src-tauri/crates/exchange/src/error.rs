//! Why a file is refused, so that a person knows what to do. Nothing has been changed by then.

use std::fmt;

/// Where in a file something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What stands before the entries.
    Header,
    /// The entries as a whole: cut off, or changed.
    Body,
    /// This line, counted from 1.
    Line(u64),
    /// This byte, counted from 0.
    Byte(u64),
    /// This entry, counted from 1.
    Entry(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("its header"),
            Self::Body => f.write_str("its content"),
            Self::Line(n) => write!(f, "line {n}"),
            Self::Byte(n) => write!(f, "byte {n}"),
            Self::Entry(n) => write!(f, "entry {n}"),
        }
    }
}

/// What is larger than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The file.
    File,
    /// What it unpacks to.
    Unpacked,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "the file",
            Self::Unpacked => "what the file unpacks to",
        })
    }
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is something else.
    #[error("the file is not of this format")]
    NotThisFormat,
    /// The password opens nothing; or a key file is needed as well, which cannot be told apart.
    #[error("the password does not open the file, or it needs a key file as well")]
    WrongPassword,
    /// It is encrypted and no password was given.
    #[error("the file needs a password")]
    PasswordNeeded,
    /// Larger than it may be.
    #[error("{what} is larger than {most} bytes")]
    TooLarge {
        /// What is.
        what: Size,
        /// The most bytes.
        most: u64,
    },
    /// Deriving its key would take the machine down.
    #[error("deriving the key of the file asks for more memory or time than is allowed")]
    TooCostly,
    /// Groups in groups without end.
    #[error("the file is nested deeper than {most} levels")]
    TooDeep {
        /// The most levels.
        most: usize,
    },
    /// More entries, or parts of an entry, than there may be.
    #[error("the file has more than {most} entries or parts of one entry")]
    TooMany {
        /// The most of them.
        most: usize,
    },
    /// Cut off or changed.
    #[error("the file is damaged: {at}")]
    Damaged {
        /// Where.
        at: Place,
    },
    /// Written by a later program.
    #[error("the file has version {version}, which is newer than what can be read")]
    Newer {
        /// As the file says.
        version: String,
    },
    /// There is nothing in it.
    #[error("the file has no entries")]
    Empty,
    /// The caller said stop.
    #[error("stopped before the end")]
    Cancelled,
    /// Of this format, but in a way that is not understood.
    #[error("the file cannot be read: {0}")]
    Unsupported(&'static str),
}

impl ReadError {
    pub(crate) const fn header() -> Self {
        Self::Damaged { at: Place::Header }
    }

    pub(crate) const fn body() -> Self {
        Self::Damaged { at: Place::Body }
    }
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The library that writes KDBX, or the generator of randomness it uses, refuses.
    #[error("the database cannot be written")]
    Kdbx,
    /// A record that cannot be said in the format.
    #[error("the records cannot be written")]
    Records,
}
