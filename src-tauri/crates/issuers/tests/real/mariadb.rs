//! MariaDB.

use keyturn_issuers::{mariadb, mysql};
use keyturn_model::{
    rotation::{Fault, Making},
    setup::{Secrets, Server},
};
use mysql_async::{Conn, OptsBuilder, prelude::Queryable};

use crate::{
    login::{Seeded, accepts, held, password, rotate, rotate_often, secrets, setup, undo, user},
    server::{self, Running, Way, until},
};

pub(crate) const OLD: &str = "fixture 'old' pässword";

pub(crate) async fn as_user(port: u16, user: &str, password: &str) -> mysql_async::Result<Conn> {
    let options = OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(port);
    let options = options.user(Some(user)).pass(Some(password)).prefer_socket(false);
    Conn::new(options).await
}

fn quoted(name: &str) -> String {
    format!("`{}`@`%`", name.replace('`', "``"))
}

/// A server with these users, and a login that may rotate them and nothing else.
pub(crate) async fn with_users(users: &[&str]) -> (Running, Conn, Server, Secrets) {
    let running = server::mariadb(Way::Clear).await;
    until("it lets in", async || as_user(running.port, "root", "").await.is_ok()).await;
    let mut root = as_user(running.port, "root", "").await.unwrap();
    for statement in [
        "CREATE USER rotator IDENTIFIED BY 'fixture rotator'",
        "GRANT CREATE USER, PROCESS, CONNECTION ADMIN ON *.* TO rotator",
        "GRANT SELECT ON mysql.global_priv TO rotator",
    ] {
        root.query_drop(statement).await.unwrap();
    }
    for user in users {
        let old = OLD.replace('\'', "''");
        let create = format!("CREATE USER {} IDENTIFIED BY '{old}'", quoted(user));
        root.query_drop(create).await.unwrap();
    }
    let server = running.server("rotator");
    (running, root, server, secrets("fixture rotator"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_two_passwords_for_a_while() {
    let (running, _, server, secrets) = with_users(&["app"]).await;
    let old = held("app", OLD, "");
    let issuer = mariadb::issuer(&server, &secrets, &setup(&[]), &old.value.fields);
    assert_eq!(issuer.abilities().making, Making::Added);
    let new = rotate_often(mariadb::issuer, &server, &secrets, &setup(&[]), old).await;
    as_user(running.port, "app", password(&new)).await.expect("asked without the issuer");
    assert!(as_user(running.port, "app", OLD).await.is_err());
    let said = std::fs::read_to_string(running.folder.path().join("statements")).unwrap();
    assert!(said.contains("ALTER USER `app`@`%`"), "{said}");
    assert!(!said.contains(password(&new)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_password_is_refused_before_it_pushes_one_out() {
    let (_running, _, server, secrets) = with_users(&["app"]).await;
    let old = held("app", OLD, "");
    let issuer = mariadb::issuer(&server, &secrets, &setup(&[]), &old.value.fields);
    let entropy = Seeded::new();
    let (second, third) = (issuer.propose(&entropy), issuer.propose(&entropy));
    issuer.put("", &second).await.unwrap();
    assert_eq!(issuer.standing().await.unwrap().keys, issuer.abilities().most_live);
    assert!(matches!(issuer.put("", &third).await, Err(Fault::Refused)));
    assert!(accepts(&*issuer, &old).await && accepts(&*issuer, &second).await);
    issuer.delete(&second).await.unwrap();
    assert!(matches!(issuer.delete(&old).await, Err(Fault::Refused)), "the last one");
    assert!(accepts(&*issuer, &old).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_users_take_turns_whatever_their_names_are() {
    let longest = format!("{}é", "x".repeat(127));
    let odd = ["a`; DROP USER victim; --", "ключ 'x' \\ \"", &longest, "victim"];
    let (_running, _, server, secrets) = with_users(&odd).await;
    for (first, second) in [(odd[0], odd[1]), (odd[2], odd[0])] {
        let pair = setup(&[first, second]);
        let old = held(first, OLD, "");
        let new = rotate_often(mariadb::issuer, &server, &secrets, &pair, old).await;
        assert_eq!(user(&new), second);
    }
    let victim = held("victim", OLD, "");
    let issuer = mariadb::issuer(&server, &secrets, &setup(&[]), &victim.value.fields);
    assert!(accepts(&*issuer, &victim).await);
    for no_name in ["x".repeat(129), "🔑".to_owned()] {
        let held = held(&no_name, OLD, "");
        let issuer = mariadb::issuer(&server, &secrets, &setup(&[]), &held.value.fields);
        assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
        assert!(matches!(issuer.put("", &held).await, Err(Fault::Refused)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_connections_are_ended_with_the_old_value_where_that_is_wanted() {
    let (running, _, server, secrets) = with_users(&["app"]).await;
    let old = held("app", OLD, "");
    let mut session = as_user(running.port, "app", OLD).await.unwrap();
    let mut setup = setup(&[]);
    let entropy = Seeded::new();
    let issuer = mariadb::issuer(&server, &secrets, &setup, &old.value.fields);
    undo(&*issuer, &entropy, &old).await;
    assert!(session.query_drop("SELECT 1").await.is_ok());
    setup.end_sessions = true;
    let issuer = mariadb::issuer(&server, &secrets, &setup, &old.value.fields);
    rotate(&*issuer, &entropy, &old).await;
    assert!(session.query_drop("SELECT 1").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_told_and_not_done() {
    let (_running, mut root, server, right) = with_users(&["app"]).await;
    let old = held("app", OLD, "");
    root.query_drop("CREATE USER weak IDENTIFIED BY 'fixture weak'").await.unwrap();
    let weak = Server { user: "weak".into(), ..server.clone() };
    let tested = mariadb::test(&weak, &secrets("fixture weak")).await.unwrap();
    assert!(tested.fits);
    assert_eq!(tested.lacks, mariadb::NEEDS);
    let issuer = mariadb::issuer(&weak, &secrets("fixture weak"), &setup(&[]), &old.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer.put("", &issuer.propose(&Seeded::new())).await, Err(Fault::Denied)));
    assert_eq!(mariadb::test(&server, &right).await.unwrap().lacks, []);

    // What is set up as MySQL is not.
    let tested = mysql::test(&server, &right).await.unwrap();
    assert_eq!((tested.product, tested.fits), ("MariaDB", false));
    let issuer = mysql::issuer(&server, &right, &setup(&[]), &old.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer.put("", &issuer.propose(&Seeded::new())).await, Err(Fault::Refused)));

    let issuer = mariadb::issuer(&server, &right, &setup(&[]), &old.value.fields);
    // Two accounts of one name, and an account with another way in.
    for statement in [
        "CREATE USER app@localhost IDENTIFIED BY 'fixture other'",
        "DROP USER app@localhost, app",
        "CREATE USER app IDENTIFIED VIA unix_socket",
    ] {
        root.query_drop(statement).await.unwrap();
        assert_eq!(issuer.standing().await.unwrap().allowed, Some(false), "{statement}");
        let put = issuer.put("", &issuer.propose(&Seeded::new())).await;
        assert!(matches!(put, Err(Fault::Refused | Fault::Gone)), "{statement}");
    }
}
