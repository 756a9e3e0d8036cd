//! MariaDB 10.4 and later: one user who has two passwords for a while, or two users in turn.
//!
//! A password is changed by what the server keeps of it (`mysql_native_password`), so it travels only where
//! it is tried. Users who log in by other means are refused: the two ways cannot be mixed.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    rotation::{Fault, Issuer, Standing},
    setup::{RotationSetup, Secrets, Server},
};
use keyturn_outbound::login::{Limit, Login, mysql::connect};
use mysql_async::{Conn, prelude::Queryable};
use secrecy::SecretString;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    database::{Need, Tested, entered},
    login::{self, Dialect, Turn},
    mysql_wire::{
        Product, Wanted, account, end_sessions, fault, is_enough, look, must_be, native_hash,
    },
};

/// What the login of an account has to be permitted.
pub const NEEDS: &[Need; 4] = &[
    Need {
        permission: "CREATE USER",
        grant: "GRANT CREATE USER ON *.* TO LOGIN;",
        for_sessions: false,
    },
    Need {
        permission: "SELECT ON mysql.global_priv",
        grant: "GRANT SELECT ON mysql.global_priv TO LOGIN;",
        for_sessions: false,
    },
    Need { permission: "PROCESS", grant: "GRANT PROCESS ON *.* TO LOGIN;", for_sessions: true },
    Need {
        permission: "CONNECTION ADMIN",
        grant: "GRANT CONNECTION ADMIN ON *.* TO LOGIN;",
        for_sessions: true,
    },
];

const WANTED: Wanted = Wanted {
    product: Product::MariaDb,
    first: (10, 4, 0),
    table: "mysql.global_priv",
    needs: NEEDS,
};

const PLUGIN: &str = "mysql_native_password";
/// What no password is kept as.
const NOBODY: &str = "invalid";
const LONGEST_NAME: usize = 128;

struct MariaDb {
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
    let mut dialect = MariaDb::new(server, secrets);
    dialect.end_sessions = setup.end_sessions;
    login::issuer(dialect, &server.user, setup, current)
}

/// Logs in, and looks what the login may do. Changes nothing.
///
/// # Errors
/// When the server cannot be reached, or lets the login not in.
pub async fn test(server: &Server, secrets: &Secrets) -> Result<Tested, Fault> {
    let limit = Limit::new();
    let mut conn = MariaDb::new(server, secrets).enter(limit).await?;
    limit.ask(look(&mut conn, &WANTED)).await
}

impl MariaDb {
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

/// An account, and what is kept of its passwords.
struct Kept {
    account: String,
    hashes: Vec<Zeroizing<String>>,
}

impl Kept {
    /// The one account of a user: of several it could not be told whose turn it is.
    async fn of(conn: &mut Conn, user: &str) -> Result<Self, Fault> {
        let asked = "SELECT Host, Priv FROM mysql.global_priv WHERE User = ? LIMIT 2";
        let mut rows: Vec<(String, String)> = conn.exec(asked, (user,)).await.map_err(fault)?;
        let (host, kept) = rows.pop().ok_or(Fault::Gone)?;
        if !rows.is_empty() {
            return Err(Fault::Refused);
        }
        Ok(Self { account: account(user, &host), hashes: hashes(&Zeroizing::new(kept))? })
    }

    fn has(&self, hash: &Zeroizing<String>) -> bool {
        self.hashes.contains(hash)
    }

    /// Has the account accept these passwords, and no other.
    async fn accept(&self, conn: &mut Conn, hashes: &[&str]) -> Result<(), Fault> {
        let ways: Vec<String> =
            hashes.iter().map(|hash| format!("{PLUGIN} USING '{hash}'")).collect();
        let alter = format!("ALTER USER {} IDENTIFIED VIA {}", self.account, ways.join(" OR "));
        conn.query_drop(alter).await.map_err(fault)
    }
}

/// What is kept of the passwords of an account; those that nobody has are left out.
fn hashes(kept: &str) -> Result<Vec<Zeroizing<String>>, Fault> {
    let kept: Value = serde_json::from_str(kept).map_err(|_| Fault::Unknown)?;
    // An empty one among several stands for the one outside.
    let ways = match kept.get("auth_or").and_then(Value::as_array) {
        Some(ways) => {
            ways.iter().map(|way| if way.get("plugin").is_some() { way } else { &kept }).collect()
        }
        None => vec![&kept],
    };
    let mut hashes = Vec::new();
    for way in ways {
        let text = |name| way.get(name).and_then(Value::as_str).unwrap_or_default();
        let hash = text("authentication_string");
        if text("plugin") != PLUGIN || hash.is_empty() {
            return Err(Fault::Refused);
        }
        if is_hash(hash) {
            hashes.push(Zeroizing::new(hash.to_owned()));
        }
    }
    Ok(hashes)
}

fn is_hash(text: &str) -> bool {
    let digits = text.strip_prefix('*').unwrap_or_default();
    digits.len() == 40 && digits.chars().all(|it| it.is_ascii_hexdigit())
}

impl Dialect for MariaDb {
    const IN_PLACE: Turn = Turn::Beside;
    const TAKES_TURNS: bool = true;
    const MOST: Option<u32> = Some(2);

    fn is_name(user: &str) -> bool {
        user.chars().count() <= LONGEST_NAME
            && user.chars().all(|it| it != '\0' && it.len_utf8() < 4)
    }

    async fn standing(&self, users: &[&str], turn: Turn) -> Result<Standing, Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let looking = async {
            let allowed = is_enough(&look(&mut conn, &WANTED).await?, self.end_sessions);
            let mut standing = Standing { allowed: Some(allowed), keys: None };
            for user in users.iter().filter(|_| allowed) {
                match Kept::of(&mut conn, user).await {
                    Ok(kept) if turn == Turn::Beside => {
                        standing.keys = u32::try_from(kept.hashes.len()).ok();
                    }
                    Ok(_) => {}
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

    async fn put(&self, login: Login<'_>, turn: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let change = async {
            must_be(&mut conn, &WANTED).await?;
            let kept = Kept::of(&mut conn, login.user).await?;
            let new = native_hash(login.password);
            match (turn, kept.hashes.as_slice()) {
                (Turn::Beside, _) if kept.has(&new) => Ok(()),
                (Turn::Beside, [old]) => kept.accept(&mut conn, &[&new, old]).await,
                // A third would push one out that may be in use.
                (Turn::Beside, _) => Err(Fault::Refused),
                (Turn::Replaced | Turn::Other, _) => kept.accept(&mut conn, &[&new]).await,
            }
        };
        limit.ask(change).await
    }

    async fn delete(&self, login: Login<'_>, turn: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut conn = self.enter(limit).await?;
        let change = async {
            must_be(&mut conn, &WANTED).await?;
            let kept = Kept::of(&mut conn, login.user).await?;
            let dead = native_hash(login.password);
            let left: Vec<&str> =
                kept.hashes.iter().filter(|it| **it != dead).map(|it| it.as_str()).collect();
            let there = kept.has(&dead);
            if there {
                match (turn, left.is_empty()) {
                    // The last one is not ours to take away.
                    (Turn::Beside, true) => return Err(Fault::Refused),
                    (_, true) => kept.accept(&mut conn, &[NOBODY]).await?,
                    (_, false) => kept.accept(&mut conn, &left).await?,
                }
            }
            if self.end_sessions {
                end_sessions(&mut conn, login.user).await?;
            }
            there.then_some(()).ok_or(Fault::Gone)
        };
        limit.ask(change).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const OTHER: &str = "*BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    fn read(kept: &str) -> Result<Vec<String>, Fault> {
        Ok(hashes(kept)?.iter().map(|it| it.to_string()).collect())
    }

    #[test]
    fn passwords_of_an_account_are_read_as_the_server_keeps_them() {
        let main = format!(r#""plugin":"mysql_native_password","authentication_string":"{ONE}""#);
        let second = main.replace(ONE, OTHER);
        assert_eq!(read(&format!("{{{main}}}")).unwrap(), [ONE]);
        let two = format!(r#"{{"access":0,{main},"auth_or":[{{}},{{{second}}}]}}"#);
        assert_eq!(read(&two).unwrap(), [ONE, OTHER]);
        let two = format!(r#"{{"access":0,{main},"auth_or":[{{{second}}},{{}}]}}"#);
        assert_eq!(read(&two).unwrap(), [OTHER, ONE]);
        assert_eq!(read(&format!("{{{}}}", main.replace(ONE, NOBODY))).unwrap(), [""; 0]);
    }

    #[test]
    fn an_account_with_another_way_in_is_refused() {
        let main = format!(r#""plugin":"mysql_native_password","authentication_string":"{ONE}""#);
        for kept in [
            "{}".to_owned(),
            r#"{"plugin":"mysql_native_password","authentication_string":""}"#.to_owned(),
            format!(r#"{{"plugin":"ed25519","authentication_string":"{ONE}"}}"#),
            format!(r#"{{{main},"auth_or":[{{}},{{"plugin":"unix_socket"}}]}}"#),
        ] {
            assert!(matches!(read(&kept), Err(Fault::Refused)), "{kept}");
        }
    }
}
