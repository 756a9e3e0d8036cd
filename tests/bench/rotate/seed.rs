//! What a sandbox begins with.

use keyturn_app::surroundings;
use keyturn_issuers::sandbox::{Seed, SeedKey};
use secrecy::SecretString;

use crate::names::{CONSUMERS, TOKEN, consumer, old};

/// A sandbox with so many keys, with consumers that use the first, and three more for each.
pub(crate) fn seed(number: usize) -> Seed {
    let around = surroundings();
    let key = |number| {
        let [id, secret] = old(number);
        SeedKey { id, name: "by hand".into(), secret: SecretString::from(secret) }
    };
    let [_, first] = old(0);
    let of_each = (0..number).flat_map(|number| {
        let [_, secret] = old(number);
        CONSUMERS.map(|name| (consumer(name, number), SecretString::from(secret.as_str())))
    });
    let of_first = CONSUMERS.map(|name| (name.to_owned(), SecretString::from(first.as_str())));
    Seed {
        token: SecretString::from(TOKEN),
        keys: (0..number).map(key).collect(),
        consumers: of_first.into_iter().chain(of_each).collect(),
        clock: around.clock,
        entropy: around.entropy,
    }
}
