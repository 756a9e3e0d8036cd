//! Whom the servers are trusted as, and that nothing is said to one that is not trusted.

use std::{env, fs, process::Command};

use keyturn_issuers::{Tested, mariadb, postgres, redis};
use keyturn_model::{
    rotation::Fault,
    setup::{Server, Tls},
};

use crate::{
    login::secrets,
    mariadb::as_user,
    server::{self, ADMIN, Running, Way, joined, until},
};

/// Tells the process that trusts the certificate where the servers are.
const PORTS: &str = "KEYTURN_TLS_PORTS";

fn server(host: &str, port: u16, user: &str) -> Server {
    Server {
        host: host.into(),
        port,
        database: String::new(),
        user: user.into(),
        tls: Tls::Verified,
    }
}

async fn tests(host: &str, ports: [u16; 3]) -> [Result<Tested, Fault>; 3] {
    [
        postgres::test(&server(host, ports[0], "admin"), &secrets(ADMIN)).await,
        mariadb::test(&server(host, ports[1], "all"), &secrets(ADMIN)).await,
        redis::test(&server(host, ports[2], ""), &secrets(&joined())).await,
    ]
}

async fn started(way: Way) -> [Running; 3] {
    let all = [server::postgres(way).await, server::mariadb(way).await, server::redis(way).await];
    let port = all[1].port;
    until("it lets in", async || as_user(port, "root", "").await.is_ok()).await;
    let mut root = as_user(port, "root", "").await.unwrap();
    let create = format!("CREATE USER `all` IDENTIFIED BY '{ADMIN}'");
    mysql_async::prelude::Queryable::query_drop(&mut root, create).await.unwrap();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_trusted_when_the_system_trusts_it_by_this_name() {
    if let Ok(ports) = env::var(PORTS) {
        let ports: Vec<u16> = ports.split(',').map(|port| port.parse().unwrap()).collect();
        let ports = ports.try_into().unwrap();
        for tested in tests("localhost", ports).await {
            assert!(tested.unwrap().fits);
        }
        for tested in tests("127.0.0.1", ports).await {
            assert!(matches!(tested, Err(Fault::Refused)), "by another name: {tested:?}");
        }
        return;
    }
    let all = started(Way::Tls).await;
    let ports = all.each_ref().map(|it| it.port);
    for tested in tests("localhost", ports).await {
        assert!(matches!(tested, Err(Fault::Refused)), "a certificate of nobody: {tested:?}");
    }
    let name = "tls::a_server_is_trusted_when_the_system_trusts_it_by_this_name";
    let trusted = all.each_ref().map(|it| fs::read(it.folder.path().join("certificate")).unwrap());
    let file = all[0].folder.path().join("trusted");
    fs::write(&file, trusted.concat()).unwrap();
    let ran = Command::new(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env("SSL_CERT_FILE", file)
        .env_remove("SSL_CERT_DIR")
        .env(PORTS, ports.map(|it| it.to_string()).join(","))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let cried = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{cried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_never_spoken_to_without_it() {
    let all = started(Way::Clear).await;
    for tested in tests("localhost", all.each_ref().map(|it| it.port)).await {
        assert!(matches!(tested, Err(Fault::Refused | Fault::Busy { .. })), "{tested:?}");
    }
    assert!(!all[0].log().contains("authenticated: identity=\"admin\""));
}
