//! Two roles in turn while many clients come and go.

use std::{
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use keyturn_model::rotation::Held;
use tokio_postgres::NoTls;

use crate::{
    login::{Seeded, held, password, setup, user},
    postgres::{issuer_of, with_roles},
    server::until,
};

/// What a consumer has at hand: the user, the password, and after how many rotations.
type Current = Arc<RwLock<(String, String, u32)>>;

fn current(held: &Held, rotation: u32) -> (String, String, u32) {
    (user(held).to_owned(), password(held).to_owned(), rotation)
}

/// A few here; `npm run bench -- clients` says how many, and reads what is printed.
#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::print_stdout, reason = "the bench reads it")]
async fn clients_that_log_in_all_the_time_are_never_refused() {
    let told = |name, usual| std::env::var(name).map_or(usual, |it| it.parse().unwrap());
    let (clients, rotations) = (told("KEYTURN_CLIENTS", 20), told("KEYTURN_ROTATIONS", 5));
    let (logins, failures) = live(clients, rotations).await;
    println!("{failures} of {logins} logins failed");
    assert_eq!(failures, 0, "of {logins} logins");
    assert!(logins >= rotations * clients, "{logins} logins");
}

/// How many logins there were, and how many of them were refused.
async fn live(clients: u32, rotations: u32) -> (u32, u32) {
    let (running, _, server, secrets) = with_roles(&["app_a", "app_b"]).await;
    let setup = setup(&["app_a", "app_b"]);
    let mut now = held("app_a", crate::postgres::OLD, "postgres");
    let at_hand: Current = Arc::new(RwLock::new(current(&now, 0)));
    let over = Arc::new(AtomicBool::new(false));
    let (logins, failures) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let seen: Arc<Vec<AtomicU32>> = Arc::new((0..clients).map(|_| AtomicU32::new(0)).collect());
    let port = running.port;
    let tasks: Vec<_> = (0..seen.len())
        .map(|client| {
            let (at_hand, over, seen) = (at_hand.clone(), over.clone(), seen.clone());
            let (logins, failures) = (logins.clone(), failures.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    let (user, password, rotation) = at_hand.read().unwrap().clone();
                    let mut config = tokio_postgres::Config::new();
                    config.host("127.0.0.1").port(port).user(user).password(password);
                    config.dbname("postgres").connect_timeout(Duration::from_secs(30));
                    logins.fetch_add(1, Ordering::SeqCst);
                    match config.connect(NoTls).await {
                        Ok((session, connection)) => {
                            drop(session);
                            let _ = connection.await;
                        }
                        Err(_) => {
                            failures.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                    seen[client].store(rotation, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let entropy = Seeded::new();
    for rotation in 1..=rotations {
        let issuer = issuer_of(&server, &secrets, &setup, &now.value.fields);
        let new = issuer.propose(&entropy);
        issuer.put("", &new).await.expect("put");
        assert!(issuer.accepts(&new).await.expect("the server answers"));
        *at_hand.write().unwrap() = current(&new, rotation);
        // The grace period: until everybody has come to use the new one.
        until("all have logged in with the new value", async || {
            seen.iter().all(|it| it.load(Ordering::SeqCst) == rotation)
        })
        .await;
        issuer.delete(&now).await.expect("deleted");
        assert!(!issuer.accepts(&now).await.expect("the server answers"));
        now = new;
    }
    over.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.expect("the client ends");
    }
    (logins.load(Ordering::SeqCst), failures.load(Ordering::SeqCst))
}
