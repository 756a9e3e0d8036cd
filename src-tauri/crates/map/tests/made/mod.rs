//! Records made up for the tests: a small shop, and any that chance makes.
#![allow(dead_code, reason = "each test file uses its part of it")]
#![allow(clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use keyturn_map::{Account, Binding, Consumer, Credential, Records};
use keyturn_model::{CredentialId, Id, Kind, Status, Timestamp, rotation::Reload};

/// Numbers that look like chance and are the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % most.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
    }
}

/// The id with this number.
pub(crate) fn id<T>(number: u8) -> Id<T> {
    numbered(usize::from(number))
}

pub(crate) fn numbered<T>(number: usize) -> Id<T> {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&(number as u64).to_be_bytes());
    Id::from_bytes(bytes)
}

pub(crate) fn account(number: u8, name: &str) -> Account {
    Account { id: id(number), name: name.into(), seen: None, logs_in_with: Vec::new() }
}

pub(crate) fn credential(number: u8, name: &str) -> Credential {
    Credential {
        id: id(number),
        name: name.into(),
        kind: Kind::ApiKey,
        environment: "prod".into(),
        owner: "payments".into(),
        issuer: String::new(),
        account: None,
        status: Status::Healthy,
        changed: Timestamp(0),
    }
}

pub(crate) fn consumer(number: u8, name: &str) -> Consumer {
    Consumer {
        id: id(number),
        name: name.into(),
        environment: "prod".into(),
        owner: "payments".into(),
    }
}

pub(crate) fn binding(credential: u8, consumer: u8, reload: Reload, away_s: u32) -> Binding {
    Binding {
        credential: id::<_>(credential),
        consumer: id::<_>(consumer),
        reload,
        away_s,
        seen: None,
        since: Timestamp(0),
    }
}

/// An issuer, two credentials, three consumers.
pub(crate) fn shop() -> Records {
    let issued = |one| Credential { account: Some(id(1)), ..one };
    Records {
        accounts: vec![account(1, "payment.example")],
        credentials: vec![
            issued(credential(1, "payment-gateway")),
            issued(credential(2, "mail-relay")),
        ],
        consumers: vec![
            consumer(1, "web-app"),
            consumer(2, "mobile-backend"),
            Consumer { owner: "data".into(), ..consumer(3, "batch") },
        ],
        unread: Vec::new(),
        bindings: vec![
            binding(1, 1, Reload::Restart, 38),
            binding(1, 2, Reload::Restart, 52),
            binding(1, 3, Reload::NextRun, 0),
            binding(2, 3, Reload::Live, 0),
        ],
    }
}

/// Up to `most` of everything, linked by chance; names come twice.
pub(crate) fn any_records(chance: &mut Chance, most: usize) -> Records {
    let (accounts, credentials, consumers) =
        (1 + chance.below(most / 3), 1 + chance.below(most), 1 + chance.below(most));
    let owners = ["", "payments", "data", "mobile"];
    let kinds = [Kind::ApiKey, Kind::DatabaseLogin, Kind::Certificate];
    let reloads = [Reload::Live, Reload::Restart, Reload::NextRun, Reload::Manual];
    let name = |chance: &mut Chance| format!("name-{}", chance.below(most));
    let mut records = Records::default();
    for number in 0..accounts {
        let login: CredentialId = numbered(chance.below(credentials));
        let logs_in_with = if chance.below(4) == 0 { vec![login] } else { Vec::new() };
        let name = name(chance);
        records.accounts.push(Account { id: numbered(number), name, seen: None, logs_in_with });
    }
    for number in 0..credentials {
        records.credentials.push(Credential {
            id: numbered(number),
            name: name(chance),
            kind: kinds[chance.below(3)],
            environment: ["prod", "dev"][chance.below(2)].into(),
            owner: owners[chance.below(4)].into(),
            issuer: ["", "mail.example"][chance.below(2)].into(),
            account: (chance.below(4) > 0).then(|| numbered(chance.below(accounts))),
            status: Status::ALL[chance.below(8)],
            changed: Timestamp(chance.below(1000) as i64),
        });
    }
    for number in 0..consumers {
        records.consumers.push(Consumer {
            id: numbered(number),
            name: name(chance),
            environment: ["prod", "dev"][chance.below(2)].into(),
            owner: owners[chance.below(4)].into(),
        });
    }
    for _ in 0..chance.below(3 * most) {
        records.bindings.push(Binding {
            credential: numbered(chance.below(credentials)),
            consumer: numbered(chance.below(consumers)),
            reload: reloads[chance.below(4)],
            away_s: chance.below(100) as u32,
            seen: (chance.below(2) == 0).then(|| Timestamp(chance.below(1000) as i64)),
            since: Timestamp(chance.below(1000) as i64),
        });
    }
    records
}
