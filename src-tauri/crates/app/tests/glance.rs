//! What the tray tells: numbers always, names only while the vault is unlocked.
#![allow(clippy::expect_used, reason = "a test ends where it cannot go on")]

mod common;

use common::Here;
use keyturn_app::{Counts, Glance, Happening, Named, views::LockCause};
use keyturn_model::Clock;
use serde_json::json;

const DAY_S: i64 = 24 * 60 * 60;

fn add(here: &Here, name: &str, seconds: i64) -> String {
    let mut metadata = common::metadata(name, "secret");
    metadata["expires"] = json!(here.clock.now().plus_seconds(seconds).0);
    metadata["policy"] = json!("none");
    let new =
        json!([{ "metadata": metadata, "secrets": { "value": "a fixture" }, "request": null }]);
    let done = here.ask("add_credentials", new).expect("added");
    done[0]["id"].as_str().expect("an id").to_owned()
}

fn glance(here: &Here) -> Glance {
    here.app.tick();
    here.app.settle();
    here.app.glance()
}

fn names(all: &[Named]) -> Vec<&str> {
    all.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn it_counts_what_is_due_also_behind_the_lock_and_names_it_only_before() {
    let here = Here::new();
    assert_eq!(glance(&here), Glance::default());
    here.create();
    let id = add(&here, "orders-db", -DAY_S);
    add(&here, "payment-gateway", 3 * DAY_S);
    add(&here, "mail", 300 * DAY_S);
    let seen = glance(&here);
    let due = Counts { over: 1, soon: 1 };
    assert_eq!(seen.due, due);
    let unlocked = seen.unlocked.expect("unlocked");
    assert!(names(&unlocked.attention).contains(&"orders-db"));
    assert!(!names(&unlocked.attention).contains(&"mail"));
    assert_eq!(names(&unlocked.taken), Vec::<&str>::new());

    let of = json!({ "id": id, "number": null, "field": null, "passphrase": null });
    here.ask("copy_value", of).expect("copied");
    assert_eq!(names(&glance(&here).unlocked.expect("unlocked").taken), ["orders-db"]);

    here.app.lock(LockCause::Asked);
    assert_eq!(glance(&here), Glance { due, ..Glance::default() });
}

#[test]
fn the_window_hears_when_the_numbers_change() {
    let here = Here::new();
    here.create();
    glance(&here);
    here.heard.lock().expect("not poisoned").clear();
    glance(&here);
    let changed = || {
        let heard = here.heard.lock().expect("not poisoned");
        heard.iter().any(|one| matches!(one, Happening::Notices))
    };
    assert!(!changed());
    add(&here, "orders-db", 3 * DAY_S);
    glance(&here);
    assert!(changed());
}
