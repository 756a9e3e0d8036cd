//! Redis 6 and later, and what speaks like it: a user of the access list has several passwords.
//!
//! A password is changed by its SHA-256, which is what the server keeps of it, so it travels only where it
//! is tried. Access lists are not passed on to replicas: each server is an account of its own.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    rotation::{Fault, Issuer, Standing},
    setup::{RotationSetup, Secrets, Server},
};
use keyturn_outbound::login::{
    Limit, Login,
    redis::{Connection, connect, fault},
};
use redis::{Cmd, RedisError, Value, cmd};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::{
    database::{Need, Tested, version},
    login::{self, Dialect, Turn},
};

/// What the login of an account has to be permitted.
pub const NEEDS: &[Need] = &[ACL, KILL];

const ACL: Need = Need { permission: "acl", grant: "ACL SETUSER LOGIN +acl", for_sessions: false };
const KILL: Need =
    Need { permission: "client|kill", grant: "ACL SETUSER LOGIN +client|kill", for_sessions: true };

/// Who somebody is who gives a password alone.
const DEFAULT: &str = "default";

struct Redis {
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
    let mut dialect = Redis::new(server, secrets);
    dialect.end_sessions = setup.end_sessions;
    login::issuer(dialect, own(server), setup, current)
}

/// Logs in, and looks what the login may do. Changes nothing.
///
/// # Errors
/// When the server cannot be reached, or lets the login not in.
pub async fn test(server: &Server, secrets: &Secrets) -> Result<Tested, Fault> {
    let limit = Limit::new();
    let redis = Redis::new(server, secrets);
    let mut connection = redis.enter(limit).await?;
    limit.ask(redis.look(&mut connection)).await
}

/// Who the login of an account is.
pub(crate) fn own(server: &Server) -> &str {
    if server.user.is_empty() { DEFAULT } else { &server.user }
}

impl Redis {
    fn new(server: &Server, secrets: &Secrets) -> Self {
        let password = secrets.get("password").cloned().unwrap_or_default();
        Self { server: server.clone(), password, end_sessions: false }
    }

    /// As the login of the account.
    async fn enter(&self, limit: Limit) -> Result<Session, Fault> {
        let login = Login { user: own(&self.server), password: &self.password, database: "" };
        connect(&self.server, login, limit).await?.map(Session).ok_or(Fault::Denied)
    }

    async fn look(&self, connection: &mut Session) -> Result<Tested, Fault> {
        let said = connection.ask(&["HELLO"]).await?;
        let version = version(&text(entry(&said, "version")).unwrap_or_default());
        let major = version.split('.').next().and_then(|it| it.parse().ok());
        // Without a rule nothing is changed, and no connection has the number nought.
        let harmless: [(Need, &[&str]); 2] =
            [(ACL, &["ACL", "SETUSER", own(&self.server)]), (KILL, &["CLIENT", "KILL", "ID", "0"])];
        let mut lacks = Vec::new();
        for (need, words) in harmless {
            match connection.ask(words).await {
                Err(Fault::Denied) => lacks.push(need),
                Ok(_) | Err(Fault::Refused) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Tested { product: "Redis", version, fits: major.is_some_and(|it: u32| it >= 6), lacks })
    }

    /// What was changed is kept where the server keeps its access list, and is in force.
    async fn settle(&self, connection: &mut Session, ended: Option<&str>) -> Result<(), Fault> {
        let kept = cmd("ACL").arg("SAVE").query_async::<Value>(&mut connection.0.talk).await;
        // A server without a file of its own for the list says so in words alone.
        let no_file = |error: &RedisError| {
            error.code() == Some("ERR") && error.detail().is_some_and(|it| it.contains("ACL file"))
        };
        if kept.is_err_and(|error| !no_file(&error)) {
            return Err(Fault::Unknown);
        }
        if let Some(user) = ended.filter(|_| self.end_sessions) {
            let killed = connection.ask(&["CLIENT", "KILL", "USER", user]).await;
            killed.map_err(|_| Fault::Unknown)?;
        }
        Ok(())
    }
}

/// The connection of an account.
struct Session(Connection);

impl Session {
    async fn ask(&mut self, words: &[&str]) -> Result<Value, Fault> {
        let mut asked = Cmd::new();
        words.iter().for_each(|word| {
            asked.arg(*word);
        });
        asked.query_async(&mut self.0.talk).await.map_err(|error| fault(&error))
    }

    /// The SHA-256 of each password of a user.
    async fn passwords(&mut self, user: &str) -> Result<Vec<String>, Fault> {
        let said = self.ask(&["ACL", "GETUSER", user]).await?;
        if said == Value::Nil {
            return Err(Fault::Gone);
        }
        let list = |name| match entry(&said, name) {
            Some(Value::Array(all) | Value::Set(all)) => {
                Ok(all.iter().filter_map(|it| text(Some(it))).collect::<Vec<_>>())
            }
            _ => Err(Fault::Unknown),
        };
        // Who gets in without a password would be locked out by the first one.
        if list("flags")?.iter().any(|flag| flag == "nopass") {
            return Err(Fault::Refused);
        }
        list("passwords")
    }
}

impl Dialect for Redis {
    const IN_PLACE: Turn = Turn::Beside;
    const TAKES_TURNS: bool = false;
    const MOST: Option<u32> = None;

    fn is_name(user: &str) -> bool {
        !user.contains(|it: char| it.is_whitespace() || it == '\0')
    }

    async fn standing(&self, users: &[&str], _: Turn) -> Result<Standing, Fault> {
        let limit = Limit::new();
        let mut connection = self.enter(limit).await?;
        let look = async {
            let lacks = self.look(&mut connection).await?.lacks;
            let allowed = lacks.iter().all(|need| need.for_sessions && !self.end_sessions);
            let mut standing = Standing { allowed: Some(allowed), keys: None };
            for user in users {
                match connection.passwords(user).await {
                    Ok(passwords) => standing.keys = u32::try_from(passwords.len()).ok(),
                    Err(Fault::Gone | Fault::Refused | Fault::Denied) => {
                        standing.allowed = Some(false)
                    }
                    Err(fault) => return Err(fault),
                }
            }
            Ok(standing)
        };
        limit.ask(look).await
    }

    async fn accepts(&self, login: Login<'_>) -> Result<bool, Fault> {
        Ok(connect(&self.server, login, Limit::new()).await?.is_some())
    }

    async fn put(&self, login: Login<'_>, _: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut connection = self.enter(limit).await?;
        let change = async {
            let hash = hashed(login.password);
            if !connection.passwords(login.user).await?.contains(&hash) {
                connection.ask(&["ACL", "SETUSER", login.user, &format!("#{hash}")]).await?;
            }
            self.settle(&mut connection, None).await
        };
        limit.ask(change).await
    }

    async fn delete(&self, login: Login<'_>, _: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let mut connection = self.enter(limit).await?;
        let change = async {
            let hash = hashed(login.password);
            let passwords = connection.passwords(login.user).await?;
            let there = passwords.contains(&hash);
            // The last one is not ours to take away.
            if there && passwords.len() < 2 {
                return Err(Fault::Refused);
            }
            if there {
                connection.ask(&["ACL", "SETUSER", login.user, &format!("!{hash}")]).await?;
            }
            self.settle(&mut connection, Some(login.user)).await?;
            there.then_some(()).ok_or(Fault::Gone)
        };
        limit.ask(change).await
    }
}

fn hashed(password: &SecretString) -> String {
    let hash = Sha256::digest(password.expose_secret().as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a server says of something, in a map or in a list of names and values.
fn entry<'a>(said: &'a Value, name: &str) -> Option<&'a Value> {
    let is = |key: &Value| text(Some(key)).is_some_and(|key| key == name);
    match said {
        Value::Map(pairs) => pairs.iter().find(|(key, _)| is(key)).map(|(_, value)| value),
        Value::Array(all) => {
            let pair = all.chunks_exact(2).find(|pair| pair.first().is_some_and(is))?;
            pair.get(1)
        }
        _ => None,
    }
}

fn text(said: Option<&Value>) -> Option<String> {
    match said? {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}
