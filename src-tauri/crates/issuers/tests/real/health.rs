//! A consumer that is seen to be well by a login: what it says of the value before, and after.

use keyturn_issuers::{mariadb, redis};
use keyturn_model::{
    rotation::{Fault, Health, Held},
    setup::{BindingSetup, HealthCheck, Looks, Protocol, Reloading, Secrets, Sending, Server},
};

use crate::{
    login::{Make, Seeded, held, password, setup},
    postgres::issuer_of,
    server::Running,
};

/// A consumer with nothing but this check; the user is the value's own.
fn binding(protocol: Protocol, server: &Server) -> BindingSetup {
    BindingSetup {
        sending: Sending::Command {
            program: "/bin/true".into(),
            arguments: Vec::new(),
            input: "{value}".into(),
        },
        reloading: Reloading::Live,
        check: HealthCheck::Login {
            protocol,
            server: Server { user: String::new(), ..server.clone() },
        },
        looks: Looks::default(),
        takes_s: 1,
        away_s: 0,
    }
}

async fn look(binding: &BindingSetup, held: &Held) -> Result<Health, Fault> {
    keyturn_deliveries::consumer(binding, &Secrets::new()).check(&held.value).await
}

async fn ready(binding: &BindingSetup) -> Result<(), Fault> {
    keyturn_deliveries::consumer(binding, &Secrets::new()).ready().await
}

/// All that a server has written down.
fn written(running: &Running) -> String {
    let statements = std::fs::read_to_string(running.folder.path().join("statements"));
    running.log() + &statements.unwrap_or_default()
}

/// From before a rotation until the server is gone.
async fn through_a_rotation(
    make: Make,
    (running, server, secrets): (Running, Server, Secrets),
    users: &[&str],
    old: Held,
    protocol: Protocol,
) {
    let binding = binding(protocol, &server);
    // The set-up of a test says passwords in the clear.
    let times = |held: &Held| written(&running).matches(password(held)).count();
    let before = times(&old);
    ready(&binding).await.unwrap();
    assert_eq!(look(&binding, &old).await.unwrap(), Health::Well, "before");

    let issuer = make(&server, &secrets, &setup(users), &old.value.fields);
    let new = issuer.propose(&Seeded::new());
    assert_eq!(look(&binding, &new).await.unwrap(), Health::Ill, "proposed only");
    issuer.put("keyturn-mark", &new).await.unwrap();
    assert_eq!(look(&binding, &new).await.unwrap(), Health::Well, "the new one");
    issuer.delete(&old).await.unwrap();
    assert_eq!(look(&binding, &old).await.unwrap(), Health::Ill, "the old one");
    assert_eq!(look(&binding, &new).await.unwrap(), Health::Well, "the new one stays");

    let mut by_hand = binding.clone();
    by_hand.reloading = Reloading::Manual;
    assert_eq!(look(&by_hand, &new).await.unwrap(), Health::NotYet, "nobody told it");

    assert_eq!((times(&old), times(&new)), (before, 0), "{}", written(&running));
    drop(running);
    assert!(matches!(look(&binding, &new).await, Err(Fault::Unknown)), "nobody is there");
    assert!(matches!(ready(&binding).await, Err(Fault::Unknown)));
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_lets_in_with_the_new_value_of_the_one_whose_turn_it_is() {
    let users = ["app_a", "app_b"];
    let (running, _, server, secrets) = crate::postgres::with_roles(&users).await;
    let old = held("app_a", crate::postgres::OLD, "postgres");
    let all = (running, server, secrets);
    through_a_rotation(issuer_of, all, &users, old, Protocol::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_lets_in_with_the_new_value() {
    let (running, _, server, secrets) = crate::mariadb::with_users(&["app"]).await;
    let all = (running, server, secrets);
    let old = held("app", crate::mariadb::OLD, "");
    through_a_rotation(mariadb::issuer, all, &[], old, Protocol::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_lets_in_with_the_new_value() {
    let (running, _, server, secrets) = crate::redis::with_users(&["app"]).await;
    let all = (running, server, secrets);
    let old = held("app", crate::redis::OLD, "");
    through_a_rotation(redis::issuer, all, &[], old, Protocol::Redis).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_or_a_database_that_is_named_counts_more_than_the_value() {
    let (running, _, server, _secrets) = crate::mariadb::with_users(&["app", "other"]).await;
    let value = held("app", crate::mariadb::OLD, "");
    let named = |user: &str, database: &str| {
        let server = Server { user: user.into(), database: database.into(), ..server.clone() };
        let check = HealthCheck::Login { protocol: Protocol::Mysql, server };
        BindingSetup { check, ..binding(Protocol::Mysql, &running.server("")) }
    };
    for (user, database, health) in [
        ("", "", Health::Well),
        ("other", "", Health::Well),
        ("nobody", "", Health::Ill),
        ("", "information_schema", Health::Well),
        ("", "mysql", Health::Ill),
        ("", "no such database", Health::Ill),
    ] {
        let looked = look(&named(user, database), &value).await.unwrap();
        assert_eq!(looked, health, "{user} {database}");
    }
    let nobody = Held { key: String::new(), value: Default::default() };
    let looked = look(&binding(Protocol::Mysql, &server), &nobody).await;
    assert!(matches!(looked, Err(Fault::Refused)), "no user at all");
}
