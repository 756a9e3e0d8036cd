//! The address of a database or a queue, with the login in it.

use std::borrow::Cow;

use keyturn_model::Kind;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;
use zeroize::Zeroizing;

use super::{Recognised, environment};

/// Scheme, engine, the issuer's name, whether it speaks TLS by its scheme alone.
const SCHEMES: &[(&str, &str, &str, bool)] = &[
    ("postgres", "postgresql", "PostgreSQL", false),
    ("postgresql", "postgresql", "PostgreSQL", false),
    ("cockroachdb", "postgresql", "CockroachDB", false),
    ("mysql", "mysql", "MySQL", false),
    ("mysql2", "mysql", "MySQL", false),
    ("mysqlx", "mysql", "MySQL", false),
    ("mariadb", "mariadb", "MariaDB", false),
    ("mongodb", "mongodb", "MongoDB", false),
    ("mongodb+srv", "mongodb", "MongoDB", true),
    ("redis", "redis", "Redis", false),
    ("rediss", "redis", "Redis", true),
    ("valkey", "redis", "Valkey", false),
    ("valkeys", "redis", "Valkey", true),
    ("amqp", "other", "RabbitMQ", false),
    ("amqps", "other", "RabbitMQ", true),
    ("sqlserver", "other", "SQL Server", false),
    ("mssql", "other", "SQL Server", false),
    ("clickhouse", "other", "ClickHouse", false),
    ("nats", "other", "NATS", false),
];

const ENDS_THE_LOGIN: &AsciiSet = &CONTROLS.add(b'/').add(b'?').add(b'#').add(b'@');

pub(super) fn recognise(text: &str) -> Option<Recognised> {
    let text = text.strip_prefix("jdbc:").unwrap_or(text);
    let (scheme, rest) = text.split_once("://")?;
    if text.contains(char::is_whitespace) {
        return None;
    }
    let lower = scheme.to_ascii_lowercase();
    // `postgresql+psycopg2` names the driver too.
    let find = |scheme: &str| SCHEMES.iter().find(|known| known.0 == scheme);
    let bare = lower.split('+').next().unwrap_or_default();
    let (_, engine, issuer, encrypted) = find(&lower).or_else(|| find(bare))?;
    let url = parsed(rest)?;
    let decoded = |part: &str| -> Zeroizing<String> {
        Zeroizing::new(percent_decode_str(part).decode_utf8_lossy().into_owned())
    };
    let query = |names: &[&str]| -> Option<Cow<'_, str>> {
        let mut pairs = url.query_pairs();
        pairs.find(|(name, _)| names.iter().any(|n| name.eq_ignore_ascii_case(n))).map(|p| p.1)
    };
    let user = match url.username() {
        "" => Zeroizing::new(query(&["user", "username"]).unwrap_or_default().into_owned()),
        user => decoded(user),
    };
    let password = match url.password() {
        None => Zeroizing::new(query(&["password"]).unwrap_or_default().into_owned()),
        Some(password) => decoded(password),
    };
    let host = decoded(url.host_str().unwrap_or_default());
    let database = decoded(url.path().trim_matches('/'));
    let modes = ["sslmode", "ssl-mode", "ssl_mode", "tls", "ssl", "useSSL", "encrypt"];
    let tls = query(&modes).and_then(|mode| tls(&mode)).or(encrypted.then_some("on"));
    let at = if host.is_empty() { *issuer } else { &host };
    let name = if user.is_empty() { at.to_owned() } else { format!("{} on {at}", *user) };
    let found = Recognised::new(Kind::DatabaseLogin)
        .named(&name)
        .issued_by(issuer)
        .within(environment(&host).or_else(|| environment(&database)))
        .with("engine", engine)
        .with("host", host.trim_matches(['[', ']']))
        .with("port", &url.port().map(|port| port.to_string()).unwrap_or_default())
        .with("database", &database)
        .with("user", &user)
        .with("password", &password);
    Some(found.with("tls", tls.unwrap_or_default()))
}

/// What comes after the scheme, taken apart. Generated passwords often stand in it as they are, with
/// signs that end the login: those are written the way they should have been.
fn parsed(rest: &str) -> Option<Url> {
    // Under a scheme that nothing is known of, no port is taken for the usual one and dropped.
    let parse = |rest: &str| Url::parse(&Zeroizing::new(format!("x://{}", first_host(rest)))).ok();
    let whole = parse(rest);
    let cut =
        |url: &Url| url.path().contains('@') || url.fragment().is_some_and(|f| f.contains('@'));
    if whole.as_ref().is_some_and(|url| !cut(url)) {
        return whole;
    }
    let (login, place) = rest.rsplit_once('@')?;
    let login = Zeroizing::new(utf8_percent_encode(login, ENDS_THE_LOGIN).to_string());
    parse(&Zeroizing::new(format!("{}@{place}", *login)))
}

/// Of several hosts, as MongoDB and PostgreSQL take them, the first.
fn first_host(rest: &str) -> String {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let host = hosts.split(',').next().unwrap_or_default();
    if login.is_empty() { format!("{host}{after}") } else { format!("{login}@{host}{after}") }
}

fn tls(mode: &str) -> Option<&'static str> {
    match mode.to_ascii_lowercase().as_str() {
        "disable" | "disabled" | "false" | "0" | "off" => Some("off"),
        "allow" | "prefer" | "preferred" => None,
        "verify-ca" | "verify-full" | "verify_ca" | "verify_identity" => Some("verified"),
        "require" | "required" | "true" | "1" | "on" => Some("on"),
        _ => None,
    }
}
