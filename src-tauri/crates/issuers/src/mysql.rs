//! MySQL 8.0.14 and later: one user who has two passwords for a while.
//!
//! The server keeps one password beside the current one; a third would push that out, so nothing is put
//! before it is known what is there. `RETAIN CURRENT PASSWORD` takes no hash: the new password travels in
//! the statement, and the server leaves it out of its logs.
//!
//! Contract-tested: the tests that always run hold the statements and hashes of version 9.7. One against a
//! server (`tests/real/mysql.rs`) passed with 9.7 and is run by hand, as Debian has no MySQL.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    rotation::{Fault, Issuer, Standing},
    setup::{RotationSetup, Secrets, Server},
};
use keyturn_outbound::login::{Limit, Login, mysql::connect};
use mysql_async::{Conn, prelude::Queryable};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{
    database::{Need, Tested, entered},
    login::{self, Dialect, Turn},
    mysql_kept::keeps,
    mysql_wire::{Product, Wanted, account, end_sessions, fault, is_enough, look, must_be},
};

/// What the login of an account has to be permitted.
pub const NEEDS: &[Need; 4] = &[
    Need {
        permission: "CREATE USER",
        grant: "GRANT CREATE USER ON *.* TO LOGIN;",
        for_sessions: false,
    },
    Need {
        permission: "SELECT ON mysql.user",
        grant: "GRANT SELECT ON mysql.user TO LOGIN;",
        for_sessions: false,
    },
    Need { permission: "PROCESS", grant: "GRANT PROCESS ON *.* TO LOGIN;", for_sessions: true },
    Need {
        permission: "CONNECTION_ADMIN",
        grant: "GRANT CONNECTION_ADMIN ON *.* TO LOGIN;",
        for_sessions: true,
    },
];

const WANTED: Wanted =
    Wanted { product: Product::MySql, first: (8, 0, 14), table: "mysql.user", needs: NEEDS };

const LONGEST_NAME: usize = 32;

struct MySql {
    server: Server,
    password: SecretString,
    end_sessions: bool,
}

/// The issuer of one credential.
#[must_use]
pub fn issuer(
    server: &Server,
    secrets: &Secrets,
    setup: &RotationSetup,
    current: &BTreeMap<String, String>,
) -> Arc<dyn Issuer> {
    let mut dialect = MySql::new(server, secrets);
    dialect.end_sessions = setup.end_sessions;
    login::issuer(dialect, &server.user, setup, current)
}

/// Logs in, and looks what the login may do. Changes nothing.
///
/// # Errors
/// When the server cannot be reached, or lets the login not in.
pub async fn test(server: &Server, secrets: &Secrets) -> Result<Tested, Fault> {
    let limit = Limit::new();
    let mut conn = MySql::new(server, secrets).enter(limit).await?;
    limit.ask(look(&mut conn, &WANTED)).await
}

impl MySql {
    fn new(server: &Server, secrets: &Secrets) -> Self {
        let password = secrets.get("password").cloned().unwrap_or_default();
        Self { server: server.clone(), password, end_sessions: false }
    }

    /// As the login of the account.
    async fn enter(&self, limit: Limit) -> Result<Conn, Fault> {
        let login = Login { user: &self.server.user, password: &self.password, database: "" };
        entered(connect(&self.server, login, limit).await)
    }
}

/// An account, and what is kept of its one or two passwords.
struct Kept {
    account: String,
    plugin: String,
    current: Zeroizing<Vec<u8>>,
    old: Option<Zeroizing<Vec<u8>>>,
}

type Row = (String, String, Vec<u8>, Option<Vec<u8>>);

impl Kept {
    /// The one account of a user: of several it could not be told which is meant.
    async fn of(conn: &mut Conn, user: &str) -> Result<Self, Fault> {
        let asked = "SELECT Host, plugin, authentication_string, \
            JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) \
            FROM mysql.user WHERE User = ? LIMIT 2";
        let mut rows: Vec<Row> = conn.exec(asked, (user,)).await.map_err(fault)?;
        let (host, plugin, current, old) = rows.pop().ok_or(Fault::Gone)?;
        // Without a password there is none to keep beside.
        if !rows.is_empty() || current.is_empty() {
            return Err(Fault::Refused);
        }
        let account = account(user, &host);
        Ok(Self { account, plugin, current: current.into(), old: old.map(Into::into) })
    }

    /// Whether this is the current password, and whether it is the one beside it.
    fn is(&self, password: &SecretString) -> Result<(bool, bool), Fault> {
        let is = |kept: &Vec<u8>| keeps(&self.plugin, kept, password).ok_or(Fault::Refused);
        let old = self.old.as_deref().map(is).transpose()?;
        Ok((is(&self.current)?, old.unwrap_or(false)))
    }

    /// What is to be said so that a password is accepted beside the current one.
    fn to_put(&self, password: &SecretString) -> Result<Option<Zeroizing<String>>, Fault> {
        let new = password.expose_secret();
        match self.is(password)? {
            (true, _) | (_, true) => return Ok(None),
            _ if self.old.is_some() => return Err(Fault::Refused),
            _ => {}
        }
        // No server reads these in any way but one.
        if new.is_empty() || !new.chars().all(|it| it.is_ascii_alphanumeric()) {
            return Err(Fault::Refused);
        }
        let alter =
            format!("ALTER USER {} IDENTIFIED BY '{new}' RETAIN CURRENT PASSWORD", self.account);
        Ok(Some(Zeroizing::new(alter)))
    }

    /// What is to be said so that a password is refused and the other one stays. Where the current one has
    /// to go, the old one becomes the current one first: whatever ends in between, that one is accepted.
    fn to_delete(&self, password: &SecretString) -> Result<Vec<String>, Fault> {
        let discard = format!("ALTER USER {} DISCARD OLD PASSWORD", self.account);
        match (self.is(password)?, &self.old) {
            ((true, false), Some(old)) => {
                let hash: String = old.iter().map(|byte| format!("{byte:02X}")).collect();
                let plugin = &self.plugin;
                let back =
                    format!("ALTER USER {} IDENTIFIED WITH '{plugin}' AS 0x{hash}", self.account);
                Ok(vec![back, discard])
            }
            ((false, true), _) => Ok(vec![discard]),
            // That is what a deletion leaves that ended in between.
            ((false, false), Some(old)) if **old == *self.current => Ok(vec![discard]),
            ((false, false), _) => Ok(Vec::new()),
            // The last one is not ours to take away.
            ((true, _), _) => Err(Fault::Refused),
        }
    }
}

impl Dialect for MySql {
    const IN_PLACE: Turn = Turn::Beside;
    const TAKES_TURNS: bool = false;
    const MOST: Option<u32> = Some(2);

    fn is_name(user: &str) -> bool {
        user.chars().count() <= LONGEST_NAME
            && user.chars().all(|it| it != '\0' && it.len_utf8() < 4)
    }

    async fn standing(&self, users: &[&str], _: Turn) -> Result<Standing, Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let looking = async {
            let allowed = is_enough(&look(&mut conn, &WANTED).await?, self.end_sessions);
            let mut standing = Standing { allowed: Some(allowed), keys: None };
            for user in users.iter().filter(|_| allowed) {
                let kept = Kept::of(&mut conn, user).await;
                let keys = kept.and_then(|kept| {
                    // That it can be compared at all.
                    kept.is(&SecretString::default())?;
                    Ok(1 + u32::from(kept.old.is_some()))
                });
                match keys {
                    Ok(keys) => standing.keys = Some(keys),
                    Err(Fault::Gone | Fault::Refused) => standing.allowed = Some(false),
                    Err(fault) => return Err(fault),
                }
            }
            Ok(standing)
        };
        limit.ask(looking).await
    }

    async fn accepts(&self, login: Login<'_>) -> Result<bool, Fault> {
        // Whether it is let in, not to which database.
        let login = Login { database: "", ..login };
        Ok(connect(&self.server, login, Limit::new()).await?.is_some())
    }

    async fn put(&self, login: Login<'_>, _: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let change = async {
            must_be(&mut conn, &WANTED).await?;
            let kept = Kept::of(&mut conn, login.user).await?;
            match kept.to_put(login.password)? {
                Some(alter) => conn.query_drop(alter.as_str()).await.map_err(fault),
                None => Ok(()),
            }
        };
        limit.ask(change).await
    }

    async fn delete(&self, login: Login<'_>, _: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let change = async {
            must_be(&mut conn, &WANTED).await?;
            let kept = Kept::of(&mut conn, login.user).await?;
            let (current, old) = kept.is(login.password)?;
            for alter in kept.to_delete(login.password)? {
                conn.query_drop(alter).await.map_err(fault)?;
            }
            if self.end_sessions {
                end_sessions(&mut conn, login.user).await?;
            }
            (current || old).then_some(()).ok_or(Fault::Gone)
        };
        limit.ask(change).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mysql_wire::native_hash;

    fn kept(current: &str, old: Option<&str>) -> Kept {
        let hash = |password: &str| native_hash(&password.into()).as_bytes().to_vec().into();
        Kept {
            account: account("a`b", "%"),
            plugin: "mysql_native_password".to_owned(),
            current: hash(current),
            old: old.map(hash),
        }
    }

    fn put(kept: &Kept, password: &str) -> Option<String> {
        kept.to_put(&password.into()).unwrap().map(|it| it.to_string())
    }

    #[test]
    fn a_password_is_put_beside_the_current_one_and_only_where_there_is_room() {
        let one = kept("old", None);
        let said = "ALTER USER `a``b`@`%` IDENTIFIED BY 'New1' RETAIN CURRENT PASSWORD";
        assert_eq!(put(&one, "New1").as_deref(), Some(said));
        assert_eq!(put(&one, "old"), None, "it is accepted already");
        let two = kept("New1", Some("old"));
        assert_eq!(put(&two, "New1"), None, "put twice");
        assert_eq!(put(&two, "old"), None);
        assert!(matches!(two.to_put(&"New2".into()), Err(Fault::Refused)), "it would push one out");
        assert!(matches!(one.to_put(&"it's".into()), Err(Fault::Refused)));
    }

    #[test]
    fn whichever_of_two_passwords_goes_the_other_one_stays() {
        let two = kept("new", Some("old"));
        let discard = "ALTER USER `a``b`@`%` DISCARD OLD PASSWORD";
        assert_eq!(two.to_delete(&"old".into()).unwrap(), [discard]);
        let hash: String =
            native_hash(&"old".into()).bytes().map(|it| format!("{it:02X}")).collect();
        let back =
            format!("ALTER USER `a``b`@`%` IDENTIFIED WITH 'mysql_native_password' AS 0x{hash}");
        assert_eq!(two.to_delete(&"new".into()).unwrap(), [back.as_str(), discard]);
        assert_eq!(two.to_delete(&"other".into()).unwrap(), [""; 0]);
        // Ended between those two.
        assert_eq!(kept("old", Some("old")).to_delete(&"new".into()).unwrap(), [discard]);
        let last = [kept("old", None), kept("old", Some("old"))];
        assert!(last.iter().all(|it| matches!(it.to_delete(&"old".into()), Err(Fault::Refused))));
    }

    #[test]
    fn what_cannot_be_told_apart_is_left_alone() {
        let strange = Kept { plugin: "sha256_password".to_owned(), ..kept("new", Some("old")) };
        assert!(matches!(strange.to_put(&"New1".into()), Err(Fault::Refused)));
        assert!(matches!(strange.to_delete(&"old".into()), Err(Fault::Refused)));
    }
}
