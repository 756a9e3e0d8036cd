//! The inventory of a vault: what is added, changed and found; nothing is overwritten in silence.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails here"
)]

use std::collections::BTreeMap;

use keyturn_model::{
    Column, CredentialId, GroupBy, Kind, Metadata, MetadataFault, Ordering, Policy, PolicyChoice,
    Query, Risk, Rule, SortBy, Stage, Status, Timestamp,
};
use keyturn_testkit::{Bench, Plainly, addition, metadata, name, quiet};
use keyturn_vault::{
    Addition, Draft, Folder, List, Many, NewValue, OlderValue, Taken, Vault, VaultError,
};
use secrecy::{ExposeSecret, SecretString};

const DAY_S: i64 = 24 * 3600;

fn ask(vault: &Vault, question: &str, ordering: Ordering) -> List {
    let list = vault.list(&Query::read(question), ordering, 0, 1000).expect("listed");
    assert_eq!(list.rows.len(), list.total as usize, "{question}");
    list
}

fn names(vault: &Vault, question: &str) -> Vec<String> {
    ask(vault, question, Ordering::default()).rows.into_iter().map(|row| row.name).collect()
}

fn by(by: SortBy, descending: bool) -> Ordering {
    Ordering { by, descending, group: None }
}

fn api_key(called: &str) -> Metadata {
    Metadata {
        kind: Kind::ApiKey,
        environment: "prod".into(),
        owner: "payments".into(),
        issuer: "Stripe".into(),
        tags: vec!["pci".into(), "tier-1".into()],
        policy: PolicyChoice::Usual,
        ..metadata(called)
    }
}

fn current(vault: &Vault, id: CredentialId) -> BTreeMap<String, String> {
    let values = vault.open_values(id).expect("opened");
    values.into_iter().map(|(name, value)| (name, value.expose_secret().to_owned())).collect()
}

fn new_value(value: &str) -> NewValue {
    NewValue {
        fields: BTreeMap::new(),
        expires: None,
        secrets: vec![("secret".into(), SecretString::from(value))],
        key_id: String::new(),
        facts: "{}".into(),
    }
}

#[test]
fn what_is_added_is_read_back_as_it_was() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut known = api_key("payment-gateway");
    known.fields.insert("header".into(), "X-API-Key".into());
    known.notes = "ask Ana".into();
    let mut one = addition(known.clone(), "fixture-value");
    one.key_id = "key_8f2c".into();
    one.facts = r#"{"a":1}"#.into();
    let id = vault.add(&one).expect("added");
    let (read, facts) = vault.credential(id).expect("read");
    assert_eq!(read.metadata, known);
    assert_eq!(facts, one.facts);
    assert_eq!(read.row.status, Status::Healthy);
    assert_eq!(read.row.due, Some(bench.surroundings.clock.now().plus_seconds(90 * DAY_S)));
    let version = &read.versions[0];
    assert_eq!((version.number, version.stage, version.by.as_str()), (1, Stage::Current, "Ana"));
    assert_eq!(version.fields, ["secret"]);
    assert_eq!(current(&vault, id)["secret"], "fixture-value");
    vault.check().expect("sound");
}

#[test]
fn asking_twice_with_the_same_request_adds_once() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut one = addition(metadata("a"), "fixture");
    one.request = Some("7".into());
    let first = vault.add(&one).expect("added");
    assert_eq!(vault.add(&one).expect("there"), first);
    assert_eq!(vault.count_credentials().expect("counted"), 1);
}

#[test]
fn many_are_added_together_or_not_at_all() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let many: Vec<Addition> =
        (0..20).map(|n| addition(metadata(&format!("key {n}")), "fixture")).collect();
    let stopped = vault.add_all(&many, "credential.imported", &|done| done < 10);
    assert!(matches!(stopped, Err(VaultError::Stopped)));
    assert_eq!(vault.count_credentials().expect("counted"), 0);
    let added = vault.add_all(&many, "credential.imported", &|_| true).expect("added");
    assert_eq!(added.len(), 20);
    let log = vault.log(None, 30).expect("read");
    assert_eq!(log.iter().filter(|entry| entry.action == "credential.imported").count(), 20);
    vault.check().expect("sound");
}

#[test]
fn a_new_value_is_a_version_and_the_ones_before_step_back() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut oauth = addition(Metadata { kind: Kind::OauthClient, ..api_key("crm") }, "one fixture");
    oauth.secrets.push(("refreshToken".into(), SecretString::from("fixture of refreshing")));
    oauth.secrets.push(("accessToken".into(), SecretString::from("fixture of access")));
    let id = vault.add(&oauth).expect("added");
    for (version, value) in [(1, "two fixture"), (2, "three fixture")] {
        let mut new = new_value("");
        new.secrets = vec![
            ("clientSecret".into(), SecretString::from(value)),
            ("accessToken".into(), SecretString::default()),
        ];
        bench.clock.go(10);
        vault.replace_value(id, version, &new).expect("replaced");
    }
    // One that is not named stays, an empty one goes.
    let values = current(&vault, id);
    assert_eq!(values["clientSecret"], "three fixture");
    assert_eq!(values["refreshToken"], "fixture of refreshing");
    assert_eq!(values.len(), 2);
    let (read, _) = vault.credential(id).expect("read");
    let stages: Vec<_> = read.versions.iter().map(|v| (v.number, v.stage)).collect();
    assert_eq!(stages, [(3, Stage::Current), (2, Stage::Previous), (1, Stage::Retired)]);
    assert_eq!(read.counters.rotations, 2);
    assert_eq!(read.row.rotated, bench.surroundings.clock.now());
    let old = vault.take_value(id, Some(1), "clientSecret", Taken::Revealed).expect("opened");
    assert_eq!(old.expose_secret(), "one fixture");
    let none = vault.take_value(id, Some(3), "accessToken", Taken::Copied);
    assert!(matches!(none.err(), Some(VaultError::NoSuchValue)));
    vault.check().expect("sound");
}

#[test]
fn values_from_before_come_in_as_versions() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let older = |at: i64, value: &str| OlderValue {
        created: Some(Timestamp(at)),
        key_id: String::new(),
        secrets: vec![("secret".into(), SecretString::from(value))],
    };
    let mut one = addition(api_key("a"), "now fixture");
    one.older = vec![older(1000, "first fixture"), older(2000, "second fixture")];
    let id = vault.add(&one).expect("added");
    let (read, _) = vault.credential(id).expect("read");
    let stages: Vec<_> = read.versions.iter().map(|v| v.stage).collect();
    assert_eq!(stages, [Stage::Current, Stage::Previous, Stage::Retired]);
    let all = vault.open_older_values(id).expect("opened");
    let texts: Vec<_> = all.iter().map(|v| v.secrets[0].1.expose_secret()).collect();
    assert_eq!(texts, ["first fixture", "second fixture"]);
}

#[test]
fn taking_a_value_is_counted_and_entered_before_it_is_given() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.add(&addition(api_key("a"), "fixture")).expect("added");
    vault.take_value(id, None, "secret", Taken::Revealed).expect("opened");
    vault.take_value(id, None, "secret", Taken::Copied).expect("opened");
    let (read, _) = vault.credential(id).expect("read");
    assert_eq!((read.counters.reveals, read.counters.copies), (1, 1));
    assert_eq!(read.row.version, 1, "looking at it is no change");
    let activity = vault.activity(id, None, 10).expect("read");
    let actions: Vec<_> = activity.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["credential.copied", "credential.revealed", "credential.added"]);
    assert!(activity.iter().all(|entry| !entry.detail.contains("fixture")));
    let rest = vault.activity(id, Some(activity[0].seq), 1).expect("read");
    assert_eq!(rest[0].action, "credential.revealed");
}

#[test]
fn no_value_leaves_where_that_cannot_be_entered() {
    let bench = Bench::new();
    let (first, _) = bench.create().expect("made");
    let id = first.add(&addition(api_key("a"), "fixture")).expect("added");
    let second = bench.unlock().expect("opened for reading");
    for taken in [Taken::Revealed, Taken::Copied] {
        let refused = second.take_value(id, None, "secret", taken);
        assert!(matches!(refused.err(), Some(VaultError::Held(Some(_)))));
    }
    assert_eq!(second.activity(id, None, 9).expect("read").len(), 1);
    drop(first);
    drop(second);
    let alone = bench.unlock().expect("opened");
    alone.take_value(id, None, "secret", Taken::Revealed).expect("opened");
    assert_eq!(alone.activity(id, None, 1).expect("read")[0].action, "credential.revealed");
}

#[test]
fn two_edits_of_one_credential_never_overwrite_each_other() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let id = vault.add(&addition(api_key("a"), "fixture")).expect("added");
    let mine = Metadata { owner: "data".into(), kind: Kind::Login, ..api_key("b") };
    vault.change(id, 1, &mine, "", "{}").expect("changed");
    assert!(matches!(vault.change(id, 1, &api_key("c"), "", "{}"), Err(VaultError::Changed)));
    assert!(matches!(vault.replace_value(id, 1, &new_value("x")), Err(VaultError::Changed)));
    let (read, _) = vault.credential(id).expect("read");
    assert_eq!((read.metadata.name.as_str(), read.metadata.owner.as_str()), ("b", "data"));
    assert_eq!(read.metadata.kind, Kind::ApiKey, "its kind stays");
    assert_eq!(current(&vault, id)["secret"], "fixture");
    let entry = &vault.activity(id, None, 1).expect("read")[0];
    assert_eq!(entry.detail, "name, owner");
    let gone = CredentialId::from_bytes([9; 16]);
    assert!(matches!(vault.change(gone, 1, &mine, "", "{}"), Err(VaultError::CredentialGone)));
}

#[test]
fn the_same_is_done_to_many_and_each_is_answered_for() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let a = vault.add(&addition(api_key("a"), "fixture")).expect("added");
    let b = vault.add(&addition(api_key("b"), "fixture")).expect("added");
    let gone = CredentialId::from_bytes([9; 16]);
    let version = |id| vault.credential(id).expect("read").0.row.version;
    let both = |many: Many| {
        let seen = [(a, version(a)), (gone, 1), (b, version(b))];
        let done = vault.change_many(&seen, &many).expect("changed");
        assert!(matches!(&done[0], (name, None) if name == "a"));
        assert!(matches!(&done[1], (_, Some(VaultError::CredentialGone))));
        assert!(matches!(&done[2], (name, None) if name == "b"));
    };
    both(Many::Archive);
    assert!(names(&vault, "").is_empty());
    assert_eq!(names(&vault, "is:archived"), ["a", "b"]);
    assert!(names(&vault, "pci").is_empty());
    assert_eq!(names(&vault, "pci is:archived"), ["a", "b"]);
    both(Many::Restore);
    both(Many::Pause);
    assert_eq!(names(&vault, "is:paused status:paused"), ["a", "b"]);
    both(Many::Resume);
    both(Many::Words {
        owner: None,
        environment: None,
        add: vec!["#eu".into(), "PCI".into()],
        remove: vec!["#TIER-1".into()],
    });
    assert_eq!(names(&vault, "#eu env:prod owner:payments"), ["a", "b"]);
    assert!(names(&vault, "#tier-1").is_empty());
    both(Many::Words {
        owner: Some("data team".into()),
        environment: Some("staging".into()),
        add: Vec::new(),
        remove: Vec::new(),
    });
    both(Many::Risk(Risk::High));
    both(Many::Policy(PolicyChoice::None));
    let (read, _) = vault.credential(a).expect("read");
    assert_eq!(read.metadata.tags, ["pci", "eu"]);
    assert_eq!((read.row.due, read.row.status), (None, Status::NoPolicy));
    assert_eq!(names(&vault, r#"owner:"data team" env:STAGING risk:high policy:none"#), ["a", "b"]);
    assert_eq!(read.row.version, 9, "each change is one version");
    vault.check().expect("sound");
}

/// Writes into a row what another version of the program might.
fn overwrite(vault: &Vault, table: &str, sentence: &str) {
    let written = vault.write(Draft::of("vault.tested"), &[table], |transaction| {
        Ok(transaction.execute(sentence, []).expect("written"))
    });
    assert_eq!(written.expect("kept"), 1, "{sentence}");
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_written_over_it() {
    for (part, sentence) in [
        ("kind", "UPDATE credential SET kind = 'passkey' WHERE name = 'odd'"),
        ("risk", "UPDATE credential SET risk = 'unknown' WHERE name = 'odd'"),
        ("fields", "UPDATE credential SET fields = '{\"keyId\"' WHERE name = 'odd'"),
        ("policy", "UPDATE credential SET policy = 'yearly' WHERE name = 'odd'"),
    ] {
        let bench = Bench::new();
        let (vault, _) = bench.create().expect("made");
        let odd = vault.add(&addition(api_key("odd"), "fixture")).expect("added");
        let sound = vault.add(&addition(api_key("sound"), "fixture")).expect("added");
        overwrite(&vault, "credential", sentence);

        let (read, _) = vault.credential(odd).expect("read");
        assert_eq!(read.unread, [part]);
        assert!(read.row.unread, "{part}");
        assert!(vault.credential(sound).expect("read").0.unread.is_empty());
        assert_eq!(vault.counts().expect("counted").unread, 1, "{part}");
        assert_eq!(names(&vault, "is:unreadable"), ["odd"]);

        let refused = |done| matches!(done, Err(VaultError::Unread(parts)) if parts == [part]);
        let metadata = Metadata { owner: "somebody".into(), ..api_key("odd") };
        assert!(refused(vault.change(odd, 1, &metadata, "", "{}")), "{part}");
        assert!(refused(vault.replace_value(odd, 1, &new_value("another"))), "{part}");
        let owner = Many::Words {
            owner: Some("somebody".into()),
            environment: None,
            add: Vec::new(),
            remove: Vec::new(),
        };
        let done = vault.change_many(&[(odd, 1), (sound, 1)], &owner).expect("changed");
        assert!(matches!(done[0], (_, Some(VaultError::Unread(_)))), "{part}");
        assert!(done[1].1.is_none());
        assert_eq!(vault.credential(odd).expect("read").0.unread, [part]);
        assert_eq!(current(&vault, odd)["secret"], "fixture");

        // What writes nothing over it can be done.
        let put_away = vault.change_many(&[(odd, 1)], &Many::Archive).expect("changed");
        assert!(put_away[0].1.is_none());
        assert_eq!(vault.counts().expect("counted").unread, 0);
        vault.change_many(&[(odd, 2)], &Many::Restore).expect("changed");
        assert_eq!(vault.counts().expect("counted").unread, 1);
        vault.delete(&[odd], "credential.deleted").expect("deleted");
        assert_eq!(vault.counts().expect("counted").unread, 0);
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_named_and_stays_as_it_is() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let usual = Policy::usual(Kind::ApiKey, Risk::Standard);
    let id = vault.save_policy(None, 0, &name("Payments"), &usual).expect("kept");
    let own = Metadata { policy: PolicyChoice::Own(id), ..api_key("a") };
    let a = vault.add(&addition(own.clone(), "fixture")).expect("added");
    overwrite(&vault, "policy", "UPDATE policy SET content = '{\"rule\"'");

    let all = vault.policies().expect("listed");
    assert!(all.own.is_empty());
    assert_eq!(all.unread, ["Payments"]);
    assert_eq!(vault.credential(a).expect("read").0.unread, ["policy"]);
    let changed = vault.change(a, 1, &own, "", "{}");
    assert!(matches!(changed, Err(VaultError::Unread(_))));
    assert_eq!(vault.credential(a).expect("read").0.metadata.policy, PolicyChoice::Own(id));
}

#[test]
fn what_was_changed_meanwhile_is_left_alone_when_many_are_changed() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let a = vault.add(&addition(api_key("a"), "fixture")).expect("added");
    let b = vault.add(&addition(api_key("b"), "fixture")).expect("added");
    let seen = [(a, 1), (b, 1)];
    let theirs = Metadata { owner: "theirs".into(), ..api_key("b") };
    vault.change(b, 1, &theirs, "", "{}").expect("changed");
    let words = Many::Words {
        owner: Some("mine".into()),
        environment: None,
        add: vec!["eu".into()],
        remove: Vec::new(),
    };
    let archive = vault.change_many(&[(b, 1)], &Many::Archive).expect("asked");
    assert!(matches!(&archive[0], (name, Some(VaultError::Changed)) if name == "b"));
    let done = vault.change_many(&seen, &words).expect("asked");
    assert!(matches!(&done[0], (name, None) if name == "a"));
    assert!(matches!(&done[1], (name, Some(VaultError::Changed)) if name == "b"));
    let (read, _) = vault.credential(b).expect("read");
    assert_eq!((read.metadata, read.row.version), (theirs, 2));
    assert_eq!(vault.activity(b, None, 9).expect("read").len(), 2, "nothing more is entered");
    assert_eq!(names(&vault, "owner:mine #eu"), ["a"]);
    assert_eq!(vault.activity(a, None, 1).expect("read")[0].detail, "+eu, owner mine");
}

#[test]
fn many_are_not_changed_into_what_the_form_would_not_take() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut full = api_key("full");
    full.tags = (0..Metadata::MOST_PARTS).map(|n| format!("tag-{n}")).collect();
    let full = vault.add(&addition(full, "fixture")).expect("added");
    let roomy = vault.add(&addition(api_key("roomy"), "fixture")).expect("added");
    let add = |tag: &str| {
        let words = Many::Words {
            owner: None,
            environment: None,
            add: vec![tag.into()],
            remove: Vec::new(),
        };
        vault.change_many(&[(full, 1), (roomy, 1)], &words).expect("asked")
    };
    for (_, problem) in add("two words") {
        assert!(matches!(problem, Some(VaultError::Refused(MetadataFault::Tags))));
    }
    let done = add("one-more");
    assert!(matches!(&done[0], (_, Some(VaultError::Refused(MetadataFault::Tags)))));
    assert!(matches!(&done[1], (_, None)));
    assert_eq!(names(&vault, "#one-more"), ["roomy"]);
}

#[test]
fn what_is_deleted_leaves_nothing_behind() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let a = vault.add(&addition(api_key("payment-gateway"), "fixture")).expect("added");
    let b = vault.add(&addition(api_key("orders"), "fixture")).expect("added");
    let done = vault.delete(&[a, a], "credential.deleted").expect("deleted");
    assert!(matches!(&done[0], (name, None) if name == "payment-gateway"));
    assert!(matches!(done[1], (_, Some(VaultError::CredentialGone))));
    assert!(matches!(vault.credential(a), Err(VaultError::CredentialGone)));
    assert!(vault.open_values(a).is_err());
    assert!(names(&vault, "gateway").is_empty());
    assert_eq!(names(&vault, "#pci"), ["orders"]);
    // Another takes the place of the row, and only its own words lead to it.
    vault.delete(&[b], "credential.deleted").expect("deleted");
    vault.add(&addition(metadata("other"), "fixture")).expect("added");
    assert!(names(&vault, "orders").is_empty() && names(&vault, "#pci").is_empty());
    assert_eq!(names(&vault, "oth"), ["other"]);
    vault.check().expect("sound");
}

/// A vault with credentials of all sorts.
fn crowd(bench: &Bench) -> Vault {
    let (vault, _) = bench.create().expect("made");
    let now = bench.surroundings.clock.now();
    let mut all = Vec::new();
    for (number, kind) in (0..330).zip(Kind::ALL.into_iter().cycle()) {
        let mut known = Metadata {
            kind,
            ..api_key(&format!("{}-{number:03}", ["pay", "Api", "db"][number % 3]))
        };
        known.environment = ["prod", "staging", ""][number % 3].into();
        known.owner = ["payments", "Data", "", "ops"][number % 4].into();
        known.risk = [Risk::Standard, Risk::High][number % 2];
        known.policy = [PolicyChoice::Usual, PolicyChoice::None][(number / 7) % 2];
        let days = i64::try_from(number).expect("small");
        known.expires = (number % 5 == 0).then(|| now.plus_seconds((days - 100) * DAY_S / 7));
        let mut one = addition(known, "fixture");
        one.rotated = Some(now.plus_seconds(-days * DAY_S));
        all.push(one);
    }
    let ids = vault.add_all(&all, "credential.added", &|_| true).expect("added");
    let every = |n: usize, many: Many| {
        let seen = ids.iter().step_by(n).map(|id| {
            let (credential, _) = vault.credential(*id).expect("read");
            (*id, credential.row.version)
        });
        vault.change_many(&seen.collect::<Vec<_>>(), &many).expect("changed");
    };
    every(17, Many::Pause);
    every(23, Many::Archive);
    vault
}

#[test]
fn a_filter_finds_exactly_those_whose_row_says_so() {
    let bench = Bench::new();
    let vault = crowd(&bench);
    let now = bench.surroundings.clock.now();
    let present = ask(&vault, "", Ordering::default()).rows;
    let put_away = ask(&vault, "is:archived", Ordering::default()).rows;
    assert_eq!(present.len() + put_away.len(), 330);
    type Says = fn(&keyturn_model::Row, Timestamp) -> bool;
    let questions: [(&str, Says); 17] = [
        ("env:prod", |row, _| row.environment == "prod"),
        ("env:prod,staging", |row, _| !row.environment.is_empty()),
        ("-env:prod", |row, _| row.environment != "prod"),
        ("kind:apiKey,login", |row, _| matches!(row.kind, Kind::ApiKey | Kind::Login)),
        ("risk:high", |row, _| row.risk == Risk::High),
        ("owner:data", |row, _| row.owner == "Data"),
        ("@ops #pci", |row, _| row.owner == "ops"),
        ("issuer:STRIPE", |_, _| true),
        ("policy:none", |row, _| row.policy == PolicyChoice::None),
        ("policy:usual -risk:high", |row, _| {
            row.policy == PolicyChoice::Usual && row.risk == Risk::Standard
        }),
        ("due:<7d", |row, now| row.due.is_some_and(|due| due <= now.plus_seconds(7 * DAY_S))),
        ("rotated:>90d", |row, now| row.rotated < now.plus_seconds(-90 * DAY_S)),
        ("is:paused", |row, _| row.paused),
        ("status:overdue", |row, _| row.status == Status::Overdue),
        ("status:attention", |row, _| {
            matches!(
                row.status,
                Status::Compromised | Status::Expired | Status::Overdue | Status::DueNow
            )
        }),
        ("status:healthy,soon,now,nopolicy,paused", |row, _| {
            !matches!(row.status, Status::Expired | Status::Overdue)
        }),
        ("owner:me", |_, _| false),
    ];
    for (question, says) in questions {
        let wanted: Vec<_> = present.iter().filter(|row| says(row, now)).cloned().collect();
        assert_eq!(ask(&vault, question, Ordering::default()).rows, wanted, "{question}");
        // As time goes on too, for what depends on it.
        assert!(
            !wanted.is_empty() || question == "owner:me",
            "{question} finds nothing to compare"
        );
    }
    let counts = vault.counts().expect("counted");
    let attention = names(&vault, "status:attention").len();
    assert_eq!(counts.all as usize, present.len());
    assert_eq!(counts.attention as usize, attention);
    assert_eq!(counts.due_soon as usize, names(&vault, "due:<7d").len());
}

#[test]
fn the_status_that_is_filtered_by_is_the_one_that_is_shown_at_any_time() {
    let bench = Bench::new();
    let vault = crowd(&bench);
    let words = [
        ("expired", Status::Expired),
        ("overdue", Status::Overdue),
        ("now", Status::DueNow),
        ("paused", Status::Paused),
        ("soon", Status::DueSoon),
        ("nopolicy", Status::NoPolicy),
        ("healthy", Status::Healthy),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..12 {
        bench.clock.go(DAY_S * 5 / 2);
        let mut total = 0;
        for (word, status) in words {
            let rows = ask(&vault, &format!("status:{word}"), Ordering::default()).rows;
            assert!(rows.iter().all(|row| row.status == status), "{word}");
            total += rows.len();
            seen.extend(rows.first().map(|row| row.status));
        }
        assert_eq!(total, names(&vault, "").len());
    }
    assert_eq!(seen.len(), words.len(), "{seen:?}");
}

#[test]
fn every_order_and_group_is_kept_from_slice_to_slice() {
    let bench = Bench::new();
    let vault = crowd(&bench);
    let sorts = [
        SortBy::Name,
        SortBy::Kind,
        SortBy::Environment,
        SortBy::Risk,
        SortBy::Status,
        SortBy::Due,
        SortBy::Rotated,
        SortBy::Owner,
        SortBy::Changed,
    ];
    let groups = [
        None,
        Some(GroupBy::Kind),
        Some(GroupBy::Environment),
        Some(GroupBy::Owner),
        Some(GroupBy::Risk),
        Some(GroupBy::Status),
    ];
    for question in ["", "pay", "p env:prod"] {
        let query = Query::read(question);
        for (by, group) in sorts.into_iter().flat_map(|by| groups.map(|group| (by, group))) {
            for descending in [false, true] {
                let ordering = Ordering { by, descending, group };
                let whole = ask(&vault, question, ordering);
                let mut slices = Vec::new();
                for from in (0..whole.total).step_by(37) {
                    slices.extend(vault.list(&query, ordering, from, 37).expect("listed").rows);
                }
                assert_eq!(slices, whole.rows, "{question} {ordering:?}");
                let counted: u32 = whole.groups.iter().map(|(_, count)| count).sum();
                assert_eq!(counted, if group.is_some() { whole.total } else { 0 });
            }
        }
    }
    let due: Vec<_> = ask(&vault, "", by(SortBy::Due, true)).rows.iter().map(|r| r.due).collect();
    let (with, without) = due.split_at(due.iter().position(Option::is_none).expect("some"));
    assert!(with.windows(2).all(|two| two[0] >= two[1]));
    assert!(without.iter().all(Option::is_none), "what has no date comes last");
    let grouped = ask(&vault, "", Ordering { group: Some(GroupBy::Owner), ..Ordering::default() });
    let owners: Vec<_> = grouped.groups.iter().map(|(owner, _)| owner.as_str()).collect();
    assert_eq!(owners, ["Data", "ops", "payments", ""]);
}

#[test]
fn words_are_found_by_their_beginnings_wherever_they_stand() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let mut one = addition(api_key("payment-gateway"), "fixture");
    one.metadata.description = "Kartenzahlung für Zürich".into();
    one.metadata.notes = "runbook 17".into();
    one.key_id = "key_8f2c".into();
    vault.add(&one).expect("added");
    vault.add(&addition(metadata("gateway of nobody"), "fixture")).expect("added");
    for question in [
        "pay",
        "PAYMENT-G",
        "gate pay",
        "pci",
        "tier-1",
        "payments",
        "stri",
        "8f2c",
        "runb",
        "zurich",
        "prod",
    ] {
        assert!(names(&vault, question).contains(&"payment-gateway".to_owned()), "{question}");
    }
    assert!(names(&vault, "fixture").is_empty(), "a value is never found");
    assert_eq!(names(&vault, "gateway"), ["gateway of nobody", "payment-gateway"]);
    for question in ["zzz", "pay zzz", "\"", "AND", "NOT pay*", "col:pay", "^", "(", "{name} : x"] {
        names(&vault, question);
    }
}

#[test]
fn the_best_hits_come_first() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    for (called, notes) in [
        ("a mail", "about pay"),
        ("api-pay", ""),
        ("pay-webhook", ""),
        ("Payroll", ""),
        ("zone", "pay"),
    ] {
        let known = Metadata { notes: notes.into(), ..metadata(called) };
        vault.add(&addition(known, "fixture")).expect("added");
    }
    assert_eq!(names(&vault, "pay"), ["pay-webhook", "Payroll", "api-pay", "a mail", "zone"]);
    let sorted: Vec<_> =
        ask(&vault, "pay", by(SortBy::Name, true)).rows.into_iter().map(|r| r.name).collect();
    assert_eq!(sorted, ["zone", "Payroll", "pay-webhook", "api-pay", "a mail"]);
}

#[test]
fn a_typing_error_finds_what_was_meant_and_says_so() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    for called in ["payment-gateway", "orders-db", "kubernetes-prod", "Éclair stripe"] {
        vault.add(&addition(metadata(called), "fixture")).expect("added");
    }
    for (typed, meant, found) in [
        ("paymnet", "payment", "payment-gateway"),
        ("pyament", "payment", "payment-gateway"),
        ("apyment", "payment", "payment-gateway"),
        ("ordrs", "orders", "orders-db"),
        // The first letter is wrong, missing, or too much.
        ("atripe", "stripe", "Éclair stripe"),
        ("ztri", "stripe", "Éclair stripe"),
        ("tripe", "stripe", "Éclair stripe"),
        ("sstripe", "stripe", "Éclair stripe"),
        ("qclair", "eclair", "Éclair stripe"),
        ("jubernets", "kubernetes", "kubernetes-prod"),
        ("ubernets", "kubernetes", "kubernetes-prod"),
        ("kuberetnes", "kubernetes", "kubernetes-prod"),
        ("kubernets", "kubernetes", "kubernetes-prod"),
    ] {
        let list = ask(&vault, typed, Ordering::default());
        assert_eq!(list.rows.len(), 1, "{typed}");
        assert_eq!(list.rows[0].name, found, "{typed}");
        assert_eq!(list.instead, [meant], "{typed}");
    }
    assert!(ask(&vault, "payment", Ordering::default()).instead.is_empty());
    for nothing in ["pxq", "ztr", "atrope", "zebra", "payment zebra"] {
        assert!(ask(&vault, nothing, Ordering::default()).rows.is_empty(), "{nothing}");
    }
}

#[test]
fn what_was_found_lately_is_forgotten_when_something_changes() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let a = vault.add(&addition(api_key("a"), "fixture")).expect("added");
    assert_eq!(names(&vault, "env:prod"), ["a"]);
    vault.add(&addition(api_key("b"), "fixture")).expect("added");
    assert_eq!(names(&vault, "env:prod"), ["a", "b"]);
    vault
        .change(a, 1, &Metadata { environment: "dev".into(), ..api_key("a") }, "", "{}")
        .expect("changed");
    assert_eq!(names(&vault, "env:prod"), ["b"]);
    vault.delete(&[a], "credential.deleted").expect("deleted");
    assert!(names(&vault, "env:dev").is_empty());
}

#[test]
fn a_policy_moves_the_dates_of_all_that_follow_it() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let now = bench.surroundings.clock.now();
    let usual = Policy::usual(Kind::ApiKey, Risk::Standard);
    let every = |days| Policy { rule: Rule::Every { days, ahead: None }, ..usual.clone() };
    let id = vault.save_policy(None, 0, &name("Payments"), &every(10)).expect("kept");
    let own = Metadata { policy: PolicyChoice::Own(id), ..api_key("a") };
    let a = vault.add(&addition(own, "fixture")).expect("added");
    let due = || vault.credential(a).expect("read").0.row.due;
    assert_eq!(due(), Some(now.plus_seconds(10 * DAY_S)));
    let taken = vault.save_policy(None, 0, &name("payments"), &every(1));
    assert!(matches!(taken, Err(VaultError::NameTaken)));
    vault.save_policy(Some(id), 1, &name("Payments, strict"), &every(5)).expect("kept");
    assert_eq!(due(), Some(now.plus_seconds(5 * DAY_S)));
    let late = vault.save_policy(Some(id), 1, &name("x"), &every(7));
    assert!(matches!(late, Err(VaultError::Changed)));
    let all = vault.policies().expect("listed").own;
    assert_eq!(
        (all[0].name.as_str(), all[0].version, all[0].followers),
        ("Payments, strict", 2, 1)
    );
    assert_eq!(names(&vault, "policy:own"), ["a"]);
    vault.delete_policy(id, 2).expect("deleted");
    let (read, _) = vault.credential(a).expect("read");
    assert_eq!(read.metadata.policy, PolicyChoice::Usual);
    assert_eq!(due(), Some(now.plus_seconds(90 * DAY_S)));
    assert!(vault.policies().expect("listed").own.is_empty());
    vault.check().expect("sound");
}

#[test]
fn a_kept_view_is_read_back_renamed_and_deleted() {
    let bench = Bench::new();
    let (vault, _) = bench.create().expect("made");
    let ordering = Ordering { by: SortBy::Due, descending: true, group: Some(GroupBy::Owner) };
    let hidden = Some(vec![Column::Owner, Column::Tags]);
    let id = vault
        .save_view(None, &name("Soon"), "env:prod due:<7d", ordering, hidden.clone())
        .expect("kept");
    let taken = vault.save_view(None, &name("SOON"), "x", ordering, None);
    assert!(matches!(taken, Err(VaultError::NameTaken)));
    assert_eq!(vault.views().expect("read").saved[0].hidden, hidden);
    vault.save_view(Some(id), &name("Sooner"), "due:<1d", ordering, None).expect("kept");
    let views = vault.views().expect("read").saved;
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].name.as_str(), views[0].query.as_str()), ("Sooner", "due:<1d"));
    assert_eq!((views[0].ordering, &views[0].hidden), (ordering, &None));
    let before = "UPDATE saved_view SET content = json_remove(content, '$.hidden')";
    overwrite(&vault, "saved_view", before);
    assert_eq!(vault.views().expect("read").saved, views);
    overwrite(&vault, "saved_view", "UPDATE saved_view SET content = '{\"query\"'");
    let odd = vault.views().expect("read");
    assert_eq!((odd.saved.len(), odd.unread), (0, vec!["Sooner".to_owned()]));
    vault.delete_view(id).expect("deleted");
    assert!(vault.views().expect("read").saved.is_empty());
    vault.check().expect("sound");
}

#[test]
fn words_find_as_before_after_a_backup_a_change_of_keys_and_unlocking() {
    let bench = Bench::new();
    let (vault, recovery) = bench.create().expect("made");
    vault.add(&addition(api_key("payment-gateway"), "fixture")).expect("added");
    let place = bench.place("acme.keyturn-backup");
    vault.back_up(&place, &quiet).expect("backed up");
    let (dana, _, _) =
        vault.invite(&name("Dana"), keyturn_model::Role::Reader, 1).expect("invited");
    let (_, revision) = vault.members().expect("listed");
    vault.remove_member(dana, revision, &quiet).expect("removed");
    let finds = |vault: &Vault| {
        assert_eq!(names(vault, "paym #pci"), ["payment-gateway"]);
        assert_eq!(ask(vault, "paymnet", Ordering::default()).instead, ["payment"]);
        vault.add(&addition(api_key("payment-later"), "fixture")).expect("added");
        assert_eq!(names(vault, "later"), ["payment-later"]);
        vault.check().expect("sound");
    };
    finds(&vault);
    drop(vault);
    assert_eq!(names(&bench.unlock().expect("unlocked"), "gateway later"), Vec::<String>::new());
    let folder = Folder::at(bench.place("Restored"));
    let backup = keyturn_vault::ClosedBackup::look(&place).expect("a backup");
    let secret = keyturn_vault::Secret::RecoveryKey(&recovery);
    let ana = bench.ana().expect("there");
    finds(&backup.restore(&folder, ana, &secret, &bench.surroundings, &quiet).expect("restored"));
}

#[test]
fn what_is_in_use_is_told_the_most_used_first() {
    let bench = Bench::new();
    let vault = crowd(&bench);
    let [environments, owners, issuers, tags] = vault.words_in_use().expect("read");
    assert_eq!(environments, ["prod", "staging"]);
    assert_eq!(owners.len(), 3);
    assert_eq!(issuers, ["Stripe"]);
    assert_eq!(tags, ["pci", "tier-1"]);
}
