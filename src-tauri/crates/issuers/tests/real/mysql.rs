//! MySQL, where there is one: `KEYTURN_MYSQL` tells the port of a throwaway server whose `root` has no password.

use keyturn_issuers::{mariadb, mysql};
use keyturn_model::{
    rotation::Fault,
    setup::{Server, Tls},
};
use mysql_async::prelude::Queryable;

use crate::{
    login::{Seeded, accepts, held, rotate, rotate_often, secrets, setup, undo},
    mariadb::as_user,
};

const OLD: &str = "fixture 'old' password";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "Debian has no MySQL server"]
async fn a_user_of_mysql_has_two_passwords_for_a_while() {
    let port = std::env::var("KEYTURN_MYSQL").expect("KEYTURN_MYSQL").parse().unwrap();
    let odd = "ключ '`x` \\ \"; --";
    let mut root = as_user(port, "root", "").await.unwrap();
    for statement in [
        "DROP USER IF EXISTS rotator, app, weak",
        "DROP USER IF EXISTS `ключ '``x`` \\ \"; --`",
        "CREATE USER rotator IDENTIFIED BY 'fixture rotator'",
        "GRANT CREATE USER, PROCESS, CONNECTION_ADMIN ON *.* TO rotator",
        "GRANT SELECT ON mysql.user TO rotator",
        "CREATE USER app IDENTIFIED BY 'fixture \\'old\\' password'",
        "CREATE USER `ключ '``x`` \\ \"; --` IDENTIFIED BY 'fixture \\'old\\' password'",
        "CREATE USER weak IDENTIFIED BY 'fixture weak'",
    ] {
        root.query_drop(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let server = Server {
        host: "127.0.0.1".into(),
        port,
        database: String::new(),
        user: "rotator".into(),
        tls: Tls::Off,
    };
    let right = secrets("fixture rotator");
    assert_eq!(mysql::test(&server, &right).await.unwrap().lacks, []);
    let weak = Server { user: "weak".into(), ..server.clone() };
    assert_eq!(mysql::test(&weak, &secrets("fixture weak")).await.unwrap().lacks, mysql::NEEDS);
    assert!(!mariadb::test(&server, &right).await.unwrap().fits);

    for user in ["app", odd] {
        let old = held(user, OLD, "");
        rotate_often(mysql::issuer, &server, &right, &setup(&[]), old).await;
    }

    root.query_drop("DROP USER app").await.unwrap();
    root.query_drop("CREATE USER app IDENTIFIED BY 'fixture \\'old\\' password'").await.unwrap();
    let old = held("app", OLD, "");
    let issuer = mysql::issuer(&server, &right, &setup(&[]), &old.value.fields);
    let entropy = Seeded::new();
    let (second, third) = (issuer.propose(&entropy), issuer.propose(&entropy));
    issuer.put("", &second).await.unwrap();
    assert_eq!(issuer.standing().await.unwrap().keys, issuer.abilities().most_live);
    assert!(matches!(issuer.put("", &third).await, Err(Fault::Refused)));
    assert!(accepts(&*issuer, &old).await && accepts(&*issuer, &second).await);
    issuer.delete(&second).await.unwrap();
    assert!(matches!(issuer.delete(&old).await, Err(Fault::Refused)), "the last one");

    let mut session = as_user(port, "app", OLD).await.unwrap();
    undo(&*issuer, &entropy, &old).await;
    assert!(session.query_drop("SELECT 1").await.is_ok());
    let mut setup = setup(&[]);
    setup.end_sessions = true;
    let issuer = mysql::issuer(&server, &right, &setup, &old.value.fields);
    rotate(&*issuer, &entropy, &old).await;
    assert!(session.query_drop("SELECT 1").await.is_err());
}
