//! PostgreSQL.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_issuers::postgres;
use keyturn_model::{
    Timestamp,
    rotation::{Fault, Issuer, Making},
    setup::{RotationSetup, Secrets, Server},
};
use tokio_postgres::{Client, NoTls};

use crate::{
    login::{Seeded, accepts, held, password, rotate, rotate_often, secrets, setup, undo, user},
    server::{self, ADMIN, Running, Way, until},
};

const NOW: Timestamp = Timestamp(1_793_534_400_000);

pub(crate) fn issuer_of(
    server: &Server,
    secrets: &Secrets,
    setup: &RotationSetup,
    current: &BTreeMap<String, String>,
) -> Arc<dyn Issuer> {
    postgres::issuer(server, secrets, setup, current, NOW)
}

pub(crate) const OLD: &str = "fixture 'old' pässword";

pub(crate) async fn as_user(running: &Running, user: &str, password: &str) -> Client {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(running.port).user(user).password(password).dbname("postgres");
    let (client, connection) = config.connect(NoTls).await.expect("logged in");
    tokio::spawn(connection);
    client
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A server with these roles, and a login that may rotate them and is no superuser.
pub(crate) async fn with_roles(roles: &[&str]) -> (Running, Client, Server, Secrets) {
    let running = server::postgres(Way::Clear).await;
    until("it lets in", async || {
        postgres::test(&running.server("admin"), &secrets(ADMIN)).await.is_ok()
    })
    .await;
    let admin = as_user(&running, "admin", ADMIN).await;
    let rotator = "CREATE ROLE rotator LOGIN CREATEROLE PASSWORD 'fixture rotator'; \
        GRANT pg_signal_backend TO rotator";
    admin.batch_execute(rotator).await.unwrap();
    let version = admin.query_one("SHOW server_version_num", &[]).await.unwrap();
    let version: u32 = version.get::<_, &str>(0).parse().unwrap();
    for role in roles {
        let role = quoted(role);
        let old = OLD.replace('\'', "''");
        admin.batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD '{old}'")).await.unwrap();
        if version >= 160_000 {
            let grant = format!("GRANT {role} TO rotator WITH ADMIN OPTION");
            admin.batch_execute(&grant).await.unwrap();
        }
    }
    admin.batch_execute("SELECT 'now it begins'").await.unwrap();
    let server = running.server("rotator");
    (running, admin, server, secrets("fixture rotator"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_gets_a_new_password_and_the_old_one_is_refused() {
    let (running, _, server, secrets) = with_roles(&["app"]).await;
    let old = held("app", OLD, "postgres");
    let issuer = issuer_of(&server, &secrets, &setup(&[]), &old.value.fields);
    assert_eq!(issuer.abilities().making, Making::Replaced);
    let new = rotate_often(issuer_of, &server, &secrets, &setup(&[]), old).await;
    // Asked without the issuer.
    as_user(&running, "app", password(&new)).await;
    let log = running.log();
    let (_, log) = log.split_once("now it begins").unwrap();
    assert!(log.contains("ALTER ROLE \"app\" PASSWORD 'SCRAM-SHA-256$"), "{log}");
    for clear in [password(&new), OLD, "pässword", "fixture rotator"] {
        assert!(!log.contains(clear), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_roles_take_turns() {
    let (_running, _, server, secrets) = with_roles(&["app_a", "app_b"]).await;
    let setup = setup(&["app_a", "app_b"]);
    let new =
        rotate_often(issuer_of, &server, &secrets, &setup, held("app_a", OLD, "postgres")).await;
    assert_eq!(user(&new), "app_b");
    assert_eq!(new.value.expires, None, "no days are given");
    // The one in use is never put anew, whoever asks.
    let issuer = issuer_of(&server, &secrets, &setup, &new.value.fields);
    let other = held("app_b", "fixture other", "postgres");
    assert!(matches!(issuer.put("", &other).await, Err(Fault::Refused)));
    assert!(accepts(&*issuer, &new).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_names_whatever_they_are_made_of() {
    let longest = format!("{}é", "x".repeat(61));
    let odd = ["a\"; DROP ROLE victim; --", "ключ 🔑 'x' \\", &longest, "victim"];
    let (_running, admin, server, secrets) = with_roles(&odd).await;
    for pair in [[odd[0], odd[1]], [odd[1], odd[2]], [odd[2], odd[0]]] {
        let old = "fixture before each pair";
        let name = quoted(pair[0]);
        admin.batch_execute(&format!("ALTER ROLE {name} PASSWORD '{old}'")).await.unwrap();
        let setup = setup(&pair);
        rotate_often(issuer_of, &server, &secrets, &setup, held(pair[0], old, "postgres")).await;
    }
    let issuer = issuer_of(&server, &secrets, &setup(&[]), &held("victim", OLD, "").value.fields);
    assert!(accepts(&*issuer, &held("victim", OLD, "")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_server_would_cut_off_is_refused() {
    let cut = "x".repeat(63);
    let (_running, _, server, secrets) = with_roles(&[&cut]).await;
    let long = held(&format!("{cut}y"), OLD, "postgres");
    let issuer = issuer_of(&server, &secrets, &setup(&[]), &long.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer.put("", &long).await, Err(Fault::Refused)));
    assert!(matches!(issuer.accepts(&long).await, Err(Fault::Refused)));
    assert!(matches!(issuer.delete(&long).await, Err(Fault::Refused)));
    let short = held(&cut, OLD, "postgres");
    let issuer = issuer_of(&server, &secrets, &setup(&[]), &short.value.fields);
    assert!(accepts(&*issuer, &short).await, "its password is what it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_ends_by_itself_where_days_are_given_and_old_sessions_are_ended() {
    let (running, admin, server, secrets) = with_roles(&["app_a", "app_b"]).await;
    let mut setup = setup(&["app_a", "app_b"]);
    setup.valid_days = Some(30);
    setup.end_sessions = true;
    let old = held("app_a", OLD, "postgres");
    let session = as_user(&running, "app_a", OLD).await;
    let issuer = issuer_of(&server, &secrets, &setup, &old.value.fields);
    let entropy = Seeded::new();
    undo(&*issuer, &entropy, &old).await;
    assert!(session.simple_query("SELECT 1").await.is_ok(), "it lives while the old value does");
    let new = rotate(&*issuer, &entropy, &old).await;
    until("the session is ended", async || session.simple_query("SELECT 1").await.is_err()).await;
    let days = "SELECT rolname, round(extract(epoch FROM rolvaliduntil - now()) / 86400)::int \
        FROM pg_roles WHERE rolvaliduntil IS NOT NULL";
    let days = admin.query(days, &[]).await.unwrap();
    let days: Vec<(&str, i32)> = days.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(days, [(user(&new), 30)]);
    assert_eq!(new.value.expires, Some(NOW.plus_seconds(30 * 86_400)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_login_is_not_permitted_is_told_and_not_done() {
    let (_running, admin, server, right) = with_roles(&["app"]).await;
    admin.batch_execute("CREATE ROLE weak LOGIN PASSWORD 'fixture weak'").await.unwrap();
    let old = held("app", OLD, "postgres");

    let weak = Server { user: "weak".into(), ..server.clone() };
    let tested = postgres::test(&weak, &secrets("fixture weak")).await.unwrap();
    assert!(tested.fits);
    assert_eq!(tested.lacks, postgres::NEEDS);
    let issuer = issuer_of(&weak, &secrets("fixture weak"), &setup(&[]), &old.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    let new = issuer.propose(&Seeded::new());
    assert!(matches!(issuer.put("", &new).await, Err(Fault::Denied)));

    let wrong = postgres::test(&server, &secrets("fixture wrong")).await;
    assert!(matches!(wrong, Err(Fault::Denied)));
    let tested = postgres::test(&server, &right).await.unwrap();
    assert_eq!((tested.lacks.as_slice(), tested.product), ([].as_slice(), "PostgreSQL"));

    let nobody = held("nobody", OLD, "postgres");
    let issuer = issuer_of(&server, &right, &setup(&[]), &nobody.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer.put("", &nobody).await, Err(Fault::Gone)));
    // The login of the account would lock itself out.
    let own = held("rotator", "fixture rotator", "postgres");
    let issuer = issuer_of(&server, &right, &setup(&[]), &own.value.fields);
    assert!(matches!(issuer.put("", &own).await, Err(Fault::Refused)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_refusal_of_the_login_counts_as_one() {
    let (running, _, server, secrets) = with_roles(&["app"]).await;
    let lost = held("app", OLD, "no such database");
    let issuer = issuer_of(&server, &secrets, &setup(&[]), &lost.value.fields);
    assert!(matches!(issuer.accepts(&lost).await, Err(Fault::Unknown)));
    assert!(!accepts(&*issuer, &held("app", "fixture wrong", "no such database")).await);
    let astray = Server { database: "no such database".into(), ..server.clone() };
    let astray = issuer_of(&astray, &secrets, &setup(&[]), &lost.value.fields);
    assert!(matches!(astray.put("", &lost).await, Err(Fault::Refused)), "certainly not done");
    drop(running);
    assert!(matches!(issuer.accepts(&lost).await, Err(Fault::Busy { .. })));
    assert!(matches!(issuer.put("", &lost).await, Err(Fault::Busy { .. })));
}
