//! Redis.

use ::redis::{Client, RedisResult, Value, aio::MultiplexedConnection};
use keyturn_issuers::redis;
use keyturn_model::{
    rotation::{Fault, Making},
    setup::{Secrets, Server},
};

use crate::{
    login::{Seeded, accepts, held, password, rotate, rotate_often, secrets, setup, undo},
    server::{self, Running, Way, joined, until},
};

pub(crate) const OLD: &str = "fixture-old";

async fn as_default(running: &Running) -> MultiplexedConnection {
    let client = Client::open(format!("redis://:{}@127.0.0.1:{}", joined(), running.port)).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn ask(connection: &mut MultiplexedConnection, words: &[&str]) -> RedisResult<Value> {
    let mut asked = ::redis::Cmd::new();
    words.iter().for_each(|word| {
        asked.arg(*word);
    });
    asked.query_async(connection).await
}

/// A server with these users, and a login that may rotate them and nothing else.
pub(crate) async fn with_users(
    users: &[&str],
) -> (Running, MultiplexedConnection, Server, Secrets) {
    let running = server::redis(Way::Clear).await;
    until("it lets in", async || {
        redis::test(&running.server(""), &secrets(&joined())).await.is_ok()
    })
    .await;
    let mut admin = as_default(&running).await;
    let rules = ["+acl", "+client|kill", "on", ">fixture-rotator"];
    ask(&mut admin, &[["ACL", "SETUSER", "rotator"].as_slice(), &rules].concat()).await.unwrap();
    for user in users {
        let rules = ["on", "~*", "+@read", &format!(">{OLD}")];
        ask(&mut admin, &[["ACL", "SETUSER", user].as_slice(), &rules].concat()).await.unwrap();
    }
    let server = running.server("rotator");
    (running, admin, server, secrets("fixture-rotator"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_two_passwords_for_a_while() {
    let odd = "ключ🔑'\";%";
    let long = format!("{}é", "x".repeat(255));
    let users = ["app", odd, &long];
    let (running, mut admin, server, secrets) = with_users(&users).await;
    for user in users {
        let old = held(user, OLD, "");
        let issuer = redis::issuer(&server, &secrets, &setup(&[]), &old.value.fields);
        assert_eq!(issuer.abilities().making, Making::Added);
        let new = rotate_often(redis::issuer, &server, &secrets, &setup(&[]), old).await;
        let kept = std::fs::read_to_string(running.folder.path().join("users")).unwrap();
        assert!(kept.contains(&format!("user {user} on")), "{kept}");
        // As the server reads its file, so it would be after a restart.
        ask(&mut admin, &["ACL", "LOAD"]).await.unwrap();
        assert!(accepts(&*issuer, &new).await);
        assert!(!accepts(&*issuer, &held(user, OLD, "")).await);
        assert!(!running.log().contains(password(&new)) && !kept.contains(password(&new)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_connections_are_ended_with_the_old_value_where_that_is_wanted() {
    let (running, _, server, secrets) = with_users(&["app"]).await;
    let old = held("app", OLD, "");
    for ends in [false, true] {
        let url = format!("redis://app:{OLD}@127.0.0.1:{}", running.port);
        let mut session =
            Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
        let mut setup = setup(&[]);
        setup.end_sessions = ends;
        let issuer = redis::issuer(&server, &secrets, &setup, &old.value.fields);
        let entropy = Seeded::new();
        undo(
            &*redis::issuer(&server, &secrets, &super::login::setup(&[]), &old.value.fields),
            &entropy,
            &old,
        )
        .await;
        assert!(ask(&mut session, &["GET", "key"]).await.is_ok());
        let new = rotate(&*issuer, &entropy, &old).await;
        assert_eq!(ask(&mut session, &["GET", "key"]).await.is_err(), ends);
        // The old one again, for the second round.
        issuer.put("", &old).await.unwrap();
        issuer.delete(&new).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_made_opened_or_locked_out() {
    let (_running, mut admin, server, right) = with_users(&["app"]).await;
    let issuer_of =
        |user: &str| redis::issuer(&server, &right, &setup(&[]), &held(user, OLD, "").value.fields);
    let nobody = held("nobody", OLD, "");
    assert_eq!(issuer_of("nobody").standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer_of("nobody").put("", &nobody).await, Err(Fault::Gone)));
    assert_eq!(ask(&mut admin, &["ACL", "GETUSER", "nobody"]).await.unwrap(), Value::Nil);

    let last = held("app", OLD, "");
    assert!(matches!(issuer_of("app").delete(&last).await, Err(Fault::Refused)));
    assert!(accepts(&*issuer_of("app"), &last).await);

    ask(&mut admin, &["ACL", "SETUSER", "open", "on", "nopass"]).await.unwrap();
    let open = held("open", "fixture-first", "");
    assert_eq!(issuer_of("open").standing().await.unwrap().allowed, Some(false));
    assert!(matches!(issuer_of("open").put("", &open).await, Err(Fault::Refused)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_login_is_not_permitted_is_told_and_not_done() {
    let (_running, mut admin, server, right) = with_users(&["app"]).await;
    let rules = ["ACL", "SETUSER", "weak", "on", ">fixture-weak", "+hello"];
    ask(&mut admin, &rules).await.unwrap();
    let weak = Server { user: "weak".into(), ..server.clone() };
    let tested = redis::test(&weak, &secrets("fixture-weak")).await.unwrap();
    assert!(tested.fits);
    assert_eq!(tested.lacks, redis::NEEDS);
    let old = held("app", OLD, "");
    let issuer = redis::issuer(&weak, &secrets("fixture-weak"), &setup(&[]), &old.value.fields);
    assert_eq!(issuer.standing().await.unwrap().allowed, Some(false));
    let new = issuer.propose(&Seeded::new());
    assert!(matches!(issuer.put("", &new).await, Err(Fault::Denied)));

    assert_eq!(redis::test(&server, &right).await.unwrap().lacks, []);
    let wrong = redis::test(&server, &secrets("fixture-wrong")).await;
    assert!(matches!(wrong, Err(Fault::Denied)));
}
