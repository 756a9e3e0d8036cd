//! An emergency over a PostgreSQL and a Redis of Debian: the servers themselves refuse the old passwords.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod common;
#[allow(dead_code, reason = "other tests start other servers")]
#[path = "../../issuers/tests/real/server.rs"]
mod server;

use std::{thread, time::Duration};

use ::redis::{Client, Cmd, RedisResult, Value as Answer};
use common::Here;
use keyturn_app::views::LockCause;
use keyturn_testkit::PASSPHRASE;
use serde_json::{Value, json};
use server::{ADMIN, Running, Way, joined, until};
use tokio_postgres::NoTls;

const OLD: &str = "fixture-old";
/// So often it is looked; 20 ms lie between.
const LOOKS: u32 = 3000;

async fn log_in(
    running: &Running,
    user: &str,
    password: &str,
) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(running.port).user(user).password(password).dbname("postgres");
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn ask_redis(running: &Running, login: &str, words: &[&str]) -> RedisResult<Answer> {
    let client = Client::open(format!("redis://{login}@127.0.0.1:{}", running.port))?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut asked = Cmd::new();
    words.iter().for_each(|word| {
        asked.arg(*word);
    });
    asked.query_async(&mut connection).await
}

/// A credential that the server issued, whose open sessions are ended with its password.
fn rotated(here: &Here, engine: &str, issuer: &str, running: &Running, admin: [&str; 2]) -> Value {
    let mut metadata = common::metadata(engine, "databaseLogin");
    metadata["fields"] = json!({
        "engine": engine, "host": "127.0.0.1", "port": running.port.to_string(), "user": "app",
        "database": "postgres", "tls": "off",
    });
    let added = json!([{ "metadata": metadata, "secrets": { "password": OLD }, "request": null }]);
    let added = here.ask("add_credentials", added).expect("added");
    let credential = added[0]["id"].clone();
    assert!(credential.is_string(), "{added}");
    let [user, password] = admin;
    let account = json!({
        "id": null, "version": 0, "name": issuer, "secrets": { "password": password },
        "setup": {
            "is": issuer, "host": "127.0.0.1", "port": running.port, "database": "", "user": user,
            "tls": "off",
        },
    });
    let saved = here.ask("save_account", account).expect("saved");
    assert_eq!(saved["faults"], json!([]));
    let setup = json!({
        "account": saved["saved"], "users": [], "validDays": null, "endSessions": true,
        "graceS": 3600, "atOnce": 4, "automatic": false,
    });
    let input = json!({ "credential": credential, "version": 0, "setup": setup });
    assert_eq!(here.ask("set_up_rotation", input).expect("set up")["faults"], json!([]));
    credential
}

#[test]
fn the_servers_themselves_refuse_the_old_passwords_and_end_what_was_open_although_the_vault_is_locked()
 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("made");
    let (postgres, redis, session) = runtime.block_on(async {
        let postgres = server::postgres(Way::Clear).await;
        until("it lets in", async || log_in(&postgres, "admin", ADMIN).await.is_ok()).await;
        let admin = log_in(&postgres, "admin", ADMIN).await.expect("logged in");
        let role = format!("CREATE ROLE app LOGIN PASSWORD '{OLD}'");
        admin.batch_execute(&role).await.expect("made");
        let session = log_in(&postgres, "app", OLD).await.expect("logged in");
        let redis = server::redis(Way::Clear).await;
        let default = format!(":{}", joined());
        let password = format!(">{OLD}");
        let user = ["ACL", "SETUSER", "app", "on", "~*", "+@read", "+ping", &password];
        until("it lets in", async || ask_redis(&redis, &default, &user).await.is_ok()).await;
        let lets_in = ask_redis(&redis, &format!("app:{OLD}"), &["PING"]).await;
        assert!(lets_in.is_ok(), "{lets_in:?}");
        (postgres, redis, session)
    });
    runtime.block_on(session.simple_query("SELECT 1")).expect("the session is open");

    let here = Here::new();
    here.create();
    let ids = [
        rotated(&here, "postgresql", "postgres", &postgres, ["admin", ADMIN]),
        rotated(&here, "redis", "redis", &redis, ["", &joined()]),
    ];
    let scope = json!({ "of": "credentials", "ids": ids });
    let incident = json!({ "cause": "leaked", "drill": false, "scope": scope });
    let incident = here.ask("open_incident", incident).expect("opened");
    assert_eq!(incident["order"], "revokeFirst");
    let row = &incident["row"];
    let input = json!({
        "id": row["id"], "version": incident["version"], "typed": row["reference"],
    });
    here.ask("start_incident", input).expect("started");
    // Nobody touched it for a while.
    here.app.lock(LockCause::Idle);
    assert!(here.session().vault.is_none());
    let old_ones_are_refused = || {
        runtime.block_on(async {
            let redis = ask_redis(&redis, &format!("app:{OLD}"), &["PING"]).await;
            log_in(&postgres, "app", OLD).await.is_err() && redis.is_err()
        })
    };
    let mut refused = false;
    for _ in 0..LOOKS {
        refused = old_ones_are_refused();
        if refused {
            break;
        }
        here.clock.go(1);
        here.app.tick();
        thread::sleep(Duration::from_millis(20));
    }
    assert!(refused && here.session().vault.is_none());
    here.unlock("Ana", PASSPHRASE).expect("unlocked");
    let mut ended = false;
    for _ in 0..LOOKS {
        let seen = here.ask("read_incident", json!({ "id": row["id"] })).expect("read");
        ended = seen["row"]["restored"].is_i64();
        if ended {
            let items = seen["items"].as_array().expect("items");
            assert!(items.iter().all(|item| item["outcome"] == "revokedVerified"), "{seen:#}");
            break;
        }
        here.ask("stay_unlocked", Value::Null).expect("open");
        here.clock.go(1);
        here.app.tick();
        thread::sleep(Duration::from_millis(20));
    }
    assert!(ended, "it did not end");
    runtime.block_on(async {
        let refused = log_in(&postgres, "app", OLD).await.expect_err("refused");
        assert_eq!(refused.code().map(|code| code.code()), Some("28P01"), "{refused}");
        until("the open session is ended", async || {
            session.simple_query("SELECT 1").await.is_err()
        })
        .await;
        let refused = ask_redis(&redis, &format!("app:{OLD}"), &["PING"]).await;
        assert!(refused.is_err(), "{refused:?}");
    });
    // What is in force now lets in.
    for (id, is) in ids.iter().zip(["postgres", "redis"]) {
        let input = json!({ "id": id, "number": null, "field": null, "passphrase": null });
        let shown = here.ask("reveal_value", input).expect("revealed");
        let new = shown["value"].as_str().expect("a value").to_owned();
        let lets_in = runtime.block_on(async {
            match is {
                "postgres" => log_in(&postgres, "app", &new).await.is_ok(),
                _ => ask_redis(&redis, &format!("app:{new}"), &["PING"]).await.is_ok(),
            }
        });
        assert!(lets_in, "{is}");
    }
}
