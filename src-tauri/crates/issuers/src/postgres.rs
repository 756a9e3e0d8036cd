//! PostgreSQL 10 and later: one role whose password is replaced, or two roles in turn.
//!
//! A password is never sent: the server gets what it would keep of it (a SCRAM-SHA-256 verifier), so none
//! can lie in its log. `VALID UNTIL` is set where a number of days is given and left alone otherwise.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    Timestamp,
    rotation::{Fault, Issuer, Standing},
    setup::{RotationSetup, Secrets, Server},
};
use keyturn_outbound::login::{Limit, Login, postgres::connect};
use postgres_protocol::{escape::escape_identifier, password::scram_sha_256};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::{Client, Error, error::SqlState, types::Type};
use zeroize::Zeroizing;

use crate::{
    database::{Need, Tested, entered, version},
    login::{self, Dialect, Turn},
};

/// What the login of an account has to be permitted, where it is no superuser.
pub const NEEDS: &[Need] = &[ROLES, SIGNALS];

const ROLES: Need = Need {
    permission: "CREATEROLE",
    grant: "ALTER ROLE LOGIN CREATEROLE; \
            GRANT role TO LOGIN WITH ADMIN OPTION; -- from version 16, for each role that is rotated",
    for_sessions: false,
};
const SIGNALS: Need = Need {
    permission: "pg_signal_backend",
    grant: "GRANT pg_signal_backend TO LOGIN;",
    for_sessions: true,
};

/// Longer names are cut off by the server without a word.
const LONGEST_NAME: usize = 63;
/// The first version that knows verifiers. One before it would take them for passwords.
const FIRST: i32 = 100_000;

const ABOUT_LOGIN: &str = "SELECT r.rolsuper, r.rolsuper OR r.rolcreaterole, \
    r.rolsuper OR pg_has_role('pg_signal_backend', 'USAGE'), \
    current_setting('server_version_num')::int, current_setting('server_version') \
    FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
const ABOUT_ROLES: &str = "SELECT r.rolcanlogin, r.rolsuper, \
    current_setting('server_version_num')::int < 160000 \
        OR pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION'), \
    pg_has_role(r.oid, 'USAGE') \
    FROM pg_catalog.pg_roles r WHERE r.rolname = ANY($1)";
const IN_DAYS: &str = "SELECT current_setting('server_version_num')::int, \
    (date_trunc('second', now() AT TIME ZONE 'UTC') + make_interval(days => $1))::text";
const END_SESSIONS: &str = "SELECT count(pg_terminate_backend(pid)) \
    FROM pg_catalog.pg_stat_activity WHERE usename = $1 AND pid <> pg_backend_pid()";

struct Postgres {
    server: Server,
    password: SecretString,
    valid_days: Option<u32>,
    now: Timestamp,
    end_sessions: bool,
}

/// The issuer of one credential, made anew each time one is asked: `now` is when.
#[must_use]
pub fn issuer(
    server: &Server,
    secrets: &Secrets,
    setup: &RotationSetup,
    current: &BTreeMap<String, String>,
    now: Timestamp,
) -> Arc<dyn Issuer> {
    let mut dialect = Postgres::new(server, secrets);
    dialect.valid_days = setup.valid_days;
    dialect.now = now;
    dialect.end_sessions = setup.end_sessions;
    login::issuer(dialect, &server.user, setup, current)
}

/// Logs in, and looks what the login may do. Changes nothing.
///
/// # Errors
/// When the server cannot be reached, or lets the login not in.
pub async fn test(server: &Server, secrets: &Secrets) -> Result<Tested, Fault> {
    let limit = Limit::new();
    let client = Postgres::new(server, secrets).enter(limit).await?;
    limit.ask(about_login(&client)).await.map(|about| about.tested)
}

struct AboutLogin {
    superuser: bool,
    tested: Tested,
}

async fn about_login(client: &Client) -> Result<AboutLogin, Fault> {
    let row = client.query_typed_one(ABOUT_LOGIN, &[]).await.map_err(fault)?;
    let may = |column| row.try_get::<_, bool>(column).map_err(fault);
    let lacks = [(ROLES, may(1)?), (SIGNALS, may(2)?)];
    let number: i32 = row.try_get(3).map_err(fault)?;
    let tested = Tested {
        product: "PostgreSQL",
        version: version(row.try_get(4).map_err(fault)?),
        fits: number >= FIRST,
        lacks: lacks.into_iter().filter_map(|(need, may)| (!may).then_some(need)).collect(),
    };
    Ok(AboutLogin { superuser: may(0)?, tested })
}

impl Postgres {
    fn new(server: &Server, secrets: &Secrets) -> Self {
        let password = secrets.get("password").cloned().unwrap_or_default();
        Self {
            server: server.clone(),
            password,
            valid_days: None,
            now: Timestamp::default(),
            end_sessions: false,
        }
    }

    /// As the login of the account.
    async fn enter(&self, limit: Limit) -> Result<Client, Fault> {
        let login = Login { user: &self.server.user, password: &self.password, database: "" };
        entered(connect(&self.server, login, limit).await)
    }

    async fn end_sessions(&self, client: &Client, user: &str) -> Result<(), Fault> {
        if self.end_sessions {
            let ended = client.query_typed(END_SESSIONS, &[(&user, Type::NAME)]).await;
            ended.map_err(|_| Fault::Unknown)?;
        }
        Ok(())
    }
}

impl Dialect for Postgres {
    const IN_PLACE: Turn = Turn::Replaced;
    const TAKES_TURNS: bool = true;
    const MOST: Option<u32> = None;

    fn is_name(user: &str) -> bool {
        user.len() <= LONGEST_NAME && !user.contains('\0')
    }

    /// The server counts by its own clock, from when it is told.
    fn ends(&self) -> Option<Timestamp> {
        let days = i64::from(self.valid_days?);
        Some(self.now.plus_seconds(days.saturating_mul(86_400)))
    }

    async fn standing(&self, users: &[&str], _: Turn) -> Result<Standing, Fault> {
        let limit = Limit::new();
        let client = self.enter(limit).await?;
        let look = async {
            let login = about_login(&client).await?;
            let roles = client.query_typed(ABOUT_ROLES, &[(&users, Type::TEXT_ARRAY)]).await;
            let roles = roles.map_err(fault)?;
            let lacks = |need| login.tested.lacks.contains(&need);
            let mut allowed = login.tested.fits && roles.len() == users.len() && !lacks(ROLES);
            for role in &roles {
                let is = |column| role.try_get::<_, bool>(column).map_err(fault);
                let changes = login.superuser || (!is(1)? && is(2)?);
                let ends = !self.end_sessions || !lacks(SIGNALS) || is(3)?;
                allowed &= is(0)? && changes && ends;
            }
            Ok(Standing { allowed: Some(allowed), keys: None })
        };
        limit.ask(look).await
    }

    async fn accepts(&self, login: Login<'_>) -> Result<bool, Fault> {
        Ok(connect(&self.server, login, Limit::new()).await?.is_some())
    }

    async fn put(&self, login: Login<'_>, turn: Turn) -> Result<(), Fault> {
        let limit = Limit::new();
        let client = self.enter(limit).await?;
        let change = async {
            let days = self.valid_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
            let row = client.query_typed_one(IN_DAYS, &[(&days, Type::INT4)]).await;
            let row = row.map_err(fault)?;
            if row.try_get::<_, i32>(0).map_err(fault)? < FIRST {
                return Err(Fault::Refused);
            }
            let until: Option<String> = row.try_get(1).map_err(fault)?;
            let until =
                until.map(|until| format!(" VALID UNTIL '{until} UTC'")).unwrap_or_default();
            let verifier = scram_sha_256(login.password.expose_secret().as_bytes());
            let verifier = Zeroizing::new(verifier);
            let role = escape_identifier(login.user);
            let alter = format!("ALTER ROLE {role} PASSWORD '{}'{until}", &*verifier);
            client.batch_execute(&Zeroizing::new(alter)).await.map_err(fault)?;
            if turn == Turn::Replaced {
                self.end_sessions(&client, login.user).await?;
            }
            Ok(())
        };
        limit.ask(change).await
    }

    /// The role stays as it is, and has no password until its next turn.
    async fn delete(&self, login: Login<'_>, _: Turn) -> Result<(), Fault> {
        let live = self.accepts(login).await?;
        let limit = Limit::new();
        let client = self.enter(limit).await?;
        let change = async {
            if live {
                let role = escape_identifier(login.user);
                let alter = format!("ALTER ROLE {role} PASSWORD NULL");
                client.batch_execute(&alter).await.map_err(fault)?;
            }
            self.end_sessions(&client, login.user).await?;
            live.then_some(()).ok_or(Fault::Gone)
        };
        limit.ask(change).await
    }
}

/// What it means when a statement fails; the server's words are dropped.
fn fault(error: Error) -> Fault {
    let Some(code) = error.code() else { return Fault::Unknown };
    // The first two characters are the class.
    match (code.code().get(..2).unwrap_or_default(), code) {
        (_, code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Fault::Denied,
        (_, code) if *code == SqlState::UNDEFINED_OBJECT => Fault::Gone,
        ("22" | "25" | "2B" | "42", _) => Fault::Refused,
        ("53" | "55", _) => Fault::Busy { wait_s: None },
        _ => Fault::Unknown,
    }
}
