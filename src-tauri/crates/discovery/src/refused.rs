//! Why something is not read, so that a person knows what to do. It never tells what stands there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a file, a folder or a history is not read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "why")]
pub enum Refused {
    /// It is something else.
    #[error("it is not of this format")]
    NotThisFormat,
    /// It is no text.
    #[error("it is not UTF-8")]
    NotText,
    /// It is a picture, a program, an archive.
    #[error("it is binary")]
    Binary,
    /// It leads somewhere else, perhaps back to where it lies.
    #[error("it is a link")]
    Link,
    /// It is larger than it may be.
    #[error("it is larger than {most} bytes")]
    TooLarge {
        /// The most bytes.
        #[ts(type = "number")]
        most: u64,
    },
    /// Lists in lists without end.
    #[error("it is nested deeper than {most} levels")]
    TooDeep {
        /// The most levels.
        #[ts(type = "number")]
        most: usize,
    },
    /// More items than there may be.
    #[error("it has more than {most} items")]
    TooMany {
        /// The most of them.
        #[ts(type = "number")]
        most: usize,
    },
    /// It cannot be understood from there on.
    #[error("it is damaged at line {line}")]
    Damaged {
        /// Where; 0 when that cannot be told.
        #[ts(type = "number")]
        line: u64,
    },
    /// The system does not let it be read.
    #[error("it cannot be read")]
    Unreadable,
    /// It lies on another file system than the chosen folder.
    #[error("it lies on another file system")]
    Elsewhere,
    /// There is no git on this computer.
    #[error("there is no git on this computer")]
    NoGit,
    /// Git does not want to read it, or did not get to its end.
    #[error("git does not read it")]
    Git,
}
