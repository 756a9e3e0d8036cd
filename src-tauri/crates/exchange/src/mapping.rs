//! What the columns of a table mean. A proposal is made from their names; a person may change it.

use serde::{Deserialize, Serialize};

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// What it is called.
    Name,
    /// The secret.
    Value,
    /// Whose login it is.
    User,
    /// Where it is used.
    Address,
    /// Remarks.
    Notes,
    /// Tags, with commas or semicolons between them.
    Tags,
    /// The group, with slashes between the levels.
    Group,
    /// Where it is used.
    Environment,
    /// Who answers for it.
    Owner,
    /// What it is.
    Kind,
    /// When it stops to work.
    Expires,
    /// When it was made.
    Created,
    /// When it was last written.
    Changed,
    /// The seed of one-time passwords.
    Totp,
    /// A further secret field of the column's name.
    SecretField,
    /// A further field of the column's name that may be seen.
    OpenField,
    /// Several further fields in one cell: as JSON, or `name: value` in lines.
    Fields,
    /// Nothing: it is named among what is lost.
    Ignore,
}

impl Target {
    /// Whether an example of it may be shown in part.
    pub(crate) const fn may_be_seen(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::User
                | Self::Address
                | Self::Tags
                | Self::Group
                | Self::Environment
                | Self::Owner
                | Self::Kind
                | Self::Expires
                | Self::Created
                | Self::Changed
                | Self::OpenField
        )
    }
}

/// A program that is known to write such tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Program {
    /// Ours.
    Keyturn,
    /// KeePassXC.
    KeePassXc,
    /// Bitwarden.
    Bitwarden,
    /// 1Password.
    OnePassword,
    /// LastPass.
    LastPass,
    /// Chrome, Edge and their relatives.
    Chrome,
    /// Firefox.
    Firefox,
}

impl Program {
    /// Which columns only it has, all in small letters.
    const MARKS: [(Self, &[&str]); 7] = [
        (Self::Keyturn, &["keyturn name", "value", "fields"]),
        (Self::KeePassXc, &["group", "title", "username", "password", "url", "notes"]),
        (Self::Bitwarden, &["login_uri", "login_username", "login_password"]),
        (Self::OnePassword, &["title", "username", "password", "otpauth"]),
        (Self::LastPass, &["url", "username", "password", "extra", "grouping"]),
        (Self::Firefox, &["url", "username", "password", "formactionorigin"]),
        (Self::Chrome, &["name", "url", "username", "password"]),
    ];

    fn of(headers: &[String]) -> Option<Self> {
        let has = |mark: &&str| headers.iter().any(|header| header == mark);
        Self::MARKS.iter().find(|(_, marks)| marks.iter().all(has)).map(|(p, _)| *p)
    }
}

/// What each column means, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// A target for each column; a column beyond them is ignored.
    pub columns: Vec<Target>,
}

impl Mapping {
    /// What the names of the columns suggest, and which program seems to have written them.
    #[must_use]
    pub fn proposed(headers: &[String]) -> (Self, Option<Program>) {
        let small: Vec<String> =
            headers.iter().map(|header| header.trim().to_lowercase()).collect();
        let program = Program::of(&small);
        let mut columns: Vec<Target> = small.iter().map(|header| target(header, program)).collect();
        // One name, one value, one user: what comes second is a field of its own.
        for once in [Target::Name, Target::Value, Target::User, Target::Address, Target::Notes] {
            let again = columns.iter_mut().filter(|target| **target == once).skip(1);
            again.for_each(|target| *target = Target::SecretField);
        }
        (Self { columns }, program)
    }
}

fn target(header: &str, program: Option<Program>) -> Target {
    match (program, header) {
        (Some(Program::Bitwarden), "favorite" | "type" | "reprompt") => return Target::Ignore,
        (Some(Program::OnePassword), "favorite" | "archived") => return Target::Ignore,
        (Some(Program::LastPass), "fav") => return Target::Ignore,
        (Some(Program::KeePassXc), "icon") => return Target::Ignore,
        (Some(Program::Firefox), "httprealm" | "formactionorigin" | "guid" | "timelastused") => {
            return Target::Ignore;
        }
        _ => {}
    }
    match header {
        "name" | "title" | "keyturn name" | "key" | "account" | "entry" => Target::Name,
        "value" | "password" | "login_password" | "secret" | "token" | "api key" | "api_key"
        | "apikey" => Target::Value,
        "user" | "username" | "user name" | "login" | "login_username" | "email" => Target::User,
        "url" | "uri" | "address" | "website" | "login_uri" | "site" | "host" => Target::Address,
        "notes" | "note" | "extra" | "comment" | "comments" => Target::Notes,
        "tags" | "tag" | "labels" => Target::Tags,
        "group" | "folder" | "grouping" | "path" | "collections" => Target::Group,
        "environment" | "env" | "stage" => Target::Environment,
        "owner" | "team" => Target::Owner,
        "kind" => Target::Kind,
        "expires" | "expiry" | "expires at" | "expiration" | "valid until" => Target::Expires,
        "created" | "timecreated" => Target::Created,
        "changed" | "modified" | "last modified" | "timepasswordchanged" => Target::Changed,
        "totp" | "otpauth" | "login_totp" | "otp" => Target::Totp,
        "fields" => Target::Fields,
        "description" => Target::OpenField,
        "" => Target::Ignore,
        _ => Target::SecretField,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(headers: &str) -> (Vec<Target>, Option<Program>) {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        let (mapping, program) = Mapping::proposed(&headers);
        (mapping.columns, program)
    }

    #[test]
    fn the_tables_of_known_programs_are_recognised() {
        use Target::{
            Address, Changed, Created, Group, Ignore, Name, Notes, Tags, Totp, User, Value,
        };
        assert_eq!(
            proposed("Group,Title,Username,Password,URL,Notes,TOTP,Icon,Last Modified,Created"),
            (
                vec![Group, Name, User, Value, Address, Notes, Totp, Ignore, Changed, Created],
                Some(Program::KeePassXc)
            )
        );
        assert_eq!(
            proposed("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes"),
            (
                vec![Name, Address, User, Value, Totp, Ignore, Ignore, Tags, Notes],
                Some(Program::OnePassword)
            )
        );
        assert_eq!(
            proposed("url,username,password,totp,extra,name,grouping,fav"),
            (vec![Address, User, Value, Totp, Notes, Name, Group, Ignore], Some(Program::LastPass))
        );
        assert_eq!(
            proposed("name,url,username,password,note"),
            (vec![Name, Address, User, Value, Notes], Some(Program::Chrome))
        );
        assert_eq!(
            proposed(
                "url,username,password,httpRealm,formActionOrigin,guid,timeCreated,timeLastUsed,timePasswordChanged"
            ),
            (
                vec![Address, User, Value, Ignore, Ignore, Ignore, Created, Ignore, Changed],
                Some(Program::Firefox)
            )
        );
        let (_, bitwarden) = proposed(
            "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp",
        );
        assert_eq!(bitwarden, Some(Program::Bitwarden));
    }

    #[test]
    fn an_unknown_column_is_taken_for_a_secret() {
        assert_eq!(proposed("name,PIN"), (vec![Target::Name, Target::SecretField], None));
    }
}
